/** What holds for every network: tried on random ones, the same ones each time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cost,
  costGradient,
  createNetwork,
  forward,
  type LossName,
  type Network,
  predict,
  type Samples,
} from "../../src/nn";
import { build, hiddenNames, outputs, shapes } from "./random-networks";

/** The outputs as matrix times vector, written out with lists and nothing of the library but f. */
function naiveOutputs({ sizes, weights, activations: all }: Network, x: readonly number[]) {
  const rest = Array.from(weights);
  let a = [...x];
  for (let l = 1; l < sizes.length; l++) {
    const rows = Array.from({ length: sizes[l] }, () => rest.splice(0, 1 + sizes[l - 1]));
    const z = rows.map((row) => [1, ...a].reduce((sum, value, i) => sum + row[i] * value, 0));
    const activation = all[l];
    if ("f" in activation) {
      a = z.map((value) => activation.f(value));
    } else {
      const shares = z.map((value) => Math.exp(value));
      a = shares.map((share) => share / shares.reduce((sum, other) => sum + other));
    }
  }
  return a;
}

const naiveLosses: Record<LossName, (a: number, y: number) => number> = {
  halfSquaredError: (a, y) => (a - y) ** 2 / 2,
  binaryCrossEntropy: (a, y) => -y * Math.log(a) - (1 - y) * Math.log(1 - a),
  crossEntropy: (a, y) => -y * Math.log(a),
};

function naiveCost(network: Network, { inputs, targets }: Samples): number {
  const losses = inputs.map((x, n) =>
    naiveOutputs(network, x as number[])
      .map((a, k) => naiveLosses[network.loss.name as LossName](a, targets[n][k]))
      .reduce((sum, loss) => sum + loss),
  );
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}

/** Whether some unit is so near a kink that a nudge could cross it. */
function nearKink(network: Network, { inputs }: Samples): boolean {
  return inputs.some((x) =>
    forward(network, x).z.some((layer, l) =>
      layer.some((z) => network.activations[l].kinks.some((kink) => Math.abs(z - kink) < 1e-3)),
    ),
  );
}

function expectClose(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    tolerance * Math.max(1, Math.abs(expected)),
  );
}

const options = { seed: 1986, numRuns: 12 };
const some = fc.constantFrom(...hiddenNames);
const someOutput = fc.constantFrom(...outputs);

describe.each(outputs)("output %s, %s", (output, loss) => {
  test.each(hiddenNames)("hidden %s: backward is what nudging each weight finds", (hidden) => {
    let compared = 0;
    fc.assert(
      fc.property(shapes, (shape) => {
        const { network, samples } = build(shape, hidden, output, loss);
        fc.pre(!nearKink(network, samples));
        const gradient = costGradient(network, samples);
        const h = 1e-5;
        gradient.forEach((slope, w) => {
          const kept = network.weights[w];
          network.weights[w] = kept + h;
          const above = naiveCost(network, samples);
          network.weights[w] = kept - h;
          const below = naiveCost(network, samples);
          network.weights[w] = kept;
          expectClose(slope, (above - below) / (2 * h), 1e-7);
          compared++;
        });
      }),
      options,
    );
    expect(compared).toBeGreaterThan(50);
  });
});

test("forward is the naive product of matrices", () => {
  fc.assert(
    fc.property(shapes, some, someOutput, (shape, hidden, [output, loss]) => {
      const { network, samples } = build(shape, hidden, output, loss);
      for (const x of samples.inputs) {
        const expected = naiveOutputs(network, x);
        predict(network, x).forEach((a, k) => {
          expectClose(a, expected[k], 1e-14);
        });
      }
      expectClose(cost(network, samples), naiveCost(network, samples), 1e-13);
    }),
    { seed: 1986, numRuns: 300 },
  );
});

test("a batch's gradient is the mean, or the sum, of its samples' gradients", () => {
  fc.assert(
    fc.property(shapes, some, someOutput, (shape, hidden, [output, loss]) => {
      const { network, samples } = build(shape, hidden, output, loss);
      const single = samples.inputs.map((x, n) =>
        costGradient(network, { inputs: [x], targets: [samples.targets[n]] }),
      );
      const mean = costGradient(network, samples, "mean");
      const sum = costGradient(network, samples, "sum");
      network.weights.forEach((_, w) => {
        const expected = single.reduce((total, gradient) => total + gradient[w], 0);
        expectClose(sum[w], expected, 1e-13);
        expectClose(mean[w], expected / single.length, 1e-13);
      });
    }),
    { seed: 1986, numRuns: 200 },
  );
});

test("hidden units in another order: the same outputs, the gradients in that order", () => {
  fc.assert(
    fc.property(
      fc.record({
        sizes: fc.tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 2, max: 5 }),
          fc.integer({ min: 1, max: 3 }),
        ),
        seed: fc.nat(),
        batch: fc.integer({ min: 1, max: 4 }),
      }),
      some,
      someOutput,
      (shape, hidden, [output, loss]) => {
        const { network, samples } = build(shape, hidden, output, loss);
        const [inputs, units, outs] = network.sizes;
        // Unit j moves to place j + 1, the last to the first.
        const place = (j: number) => (j + 1) % units;
        const move = (from: Float64Array) => {
          const to = from.slice();
          const columns = 1 + inputs;
          for (let j = 0; j < units; j++) {
            for (let i = 0; i < columns; i++) to[place(j) * columns + i] = from[j * columns + i];
            for (let k = 0; k < outs; k++) {
              const row = units * columns + k * (1 + units) + 1;
              to[row + place(j)] = from[row + j];
            }
          }
          return to;
        };
        const moved = createNetwork({
          sizes: network.sizes,
          hidden,
          output,
          loss,
          weights: move(network.weights),
        });
        const expected = move(costGradient(network, samples));
        costGradient(moved, samples).forEach((slope, w) => {
          expectClose(slope, expected[w], 1e-13);
        });
        predict(moved, samples.inputs[0]).forEach((a, k) => {
          expectClose(a, predict(network, samples.inputs[0])[k], 1e-13);
        });
      },
    ),
    { seed: 1986, numRuns: 150 },
  );
});
