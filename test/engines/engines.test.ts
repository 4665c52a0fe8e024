/** Code made for a network's shape does what the readable functions do: on random networks, the same ones each time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom, inlineTables } from "../../src/arithmetic";
import { blockedEngine } from "../../src/engines/blocked";
import { type Engine, type Precision, readableEngine } from "../../src/engines/engine";
import { readableSingleEngine, singleSamples } from "../../src/engines/single";
import { activationCode, straightLineEngine } from "../../src/engines/straight-line";
import {
  type Activation,
  activations,
  type Elementwise,
  type Network,
  type Samples,
} from "../../src/nn";
import {
  cosine,
  type OptimiserName,
  optimisers,
  stairs,
  Training,
  warmUp,
} from "../../src/training";
import { build, hiddenNames, outputs, type Shape } from "../nn/random-networks";

const shapesUpTo = (widest: number): fc.Arbitrary<Shape> =>
  fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: widest }), { minLength: 2, maxLength: 5 }),
    seed: fc.nat(),
    batch: fc.integer({ min: 1, max: 70 }),
  });
const shapes = shapesUpTo(7);
const some = fc.constantFrom(...hiddenNames);
const someOutput = fc.constantFrom(...outputs);

function arraysOf({ inputs, targets }: Samples) {
  return {
    inputs: inputs.map((x) => Float64Array.from(x)),
    targets: targets.map((y) => Float64Array.from(y)),
  };
}

/** What an engine gives for all samples in an order of its own, then for the last third of them, then their loss. */
function sumsOf(engine: Engine, samples: number): { losses: number[]; gradients: number[][] } {
  const order = Uint32Array.from({ length: samples }, (_, i) => samples - 1 - i);
  engine.load?.();
  const losses: number[] = [];
  const gradients = [0, Math.floor((2 * samples) / 3)].map((start) => {
    losses.push(engine.batch(order, start, samples));
    return Array.from(engine.gradient);
  });
  return { losses: [...losses, engine.totalLoss()], gradients };
}

/** Each fast engine, and the readable one for the same network. */
const made: Record<string, (network: Network, samples: Samples, batch: number) => Engine[]> = {
  "a straight line": (network, samples) => [
    straightLineEngine(network, arraysOf(samples)),
    readableEngine(network, arraysOf(samples)),
  ],
  blocks: (network, samples, batch) => [
    blockedEngine(network, arraysOf(samples), batch, "double"),
    readableEngine(network, arraysOf(samples)),
  ],
  "blocks, single precision": (network, samples, batch) => [
    blockedEngine(network, singleSamples(samples), batch, "single"),
    readableSingleEngine(network, singleSamples(samples)),
  ],
};

test.each(Object.entries(made))("%s: the readable functions' sums to the last bit", (_, make) => {
  let batches = 0;
  fc.assert(
    fc.property(shapes, some, someOutput, (shape, hidden, [output, loss]) => {
      const { network, samples } = build(shape, hidden, output, loss);
      const [found, expected] = make(network, samples, shape.batch).map((engine) =>
        sumsOf(engine, shape.batch),
      );
      expect(found).toEqual(expected);
      if (shape.batch > 32) batches++;
    }),
    { seed: 1986, numRuns: 300 },
  );
  expect(batches).toBeGreaterThan(50);
});

/** The readable run beside the compiled one, weights and costs bit for bit: any shape, loss, batch, optimiser, schedule. */
test("training ends at the same bits, whichever engine runs it", () => {
  const engines = new Map<string, number>();
  const settings = fc.record({
    batchSize: fc.constantFrom(1, 3, 8, undefined),
    optimiser: fc.constantFrom(...(Object.keys(optimisers) as OptimiserName[])),
    schedule: fc.constantFrom(undefined, cosine, stairs(0.3, 4), warmUp(0.2, cosine)),
    reduction: fc.constantFrom("mean" as const, "sum" as const),
    precision: fc.constantFrom<(Precision | undefined)[]>(undefined, "double", "single"),
    size: fc.constantFrom(0.1, 1, 4),
  });
  fc.assert(
    fc.property(
      shapesUpTo(12),
      some,
      someOutput,
      settings,
      (shape, hidden, [output, loss], chosen) => {
        const { size, ...options } = chosen;
        const run = (compiled: boolean) => {
          const { network, samples } = build(shape, hidden, output, loss);
          // Also far out, where units saturate.
          for (let w = 0; w < network.weights.length; w++) network.weights[w] *= size;
          let end = "";
          try {
            const rate = { learningRate: 0.01, epochs: 12, seed: shape.seed % 1000 };
            const training = new Training(network, samples, { ...options, ...rate, compiled });
            const kind = `${training.engine}${options.precision === "single" ? ", single" : ""}`;
            engines.set(kind, (engines.get(kind) ?? 0) + 1);
            training.advance(12);
            end = training.history.costs.join(" ");
          } catch (error) {
            // Diverged, or certain and wrong: then both, with the same words.
            end = (error as Error).message;
          }
          return { end, weights: bitsOf(network.weights) };
        };
        expect(run(true)).toEqual(run(false));
      },
    ),
    { seed: 1986, numRuns: 300 },
  );
  for (const engine of ["straight-line", "blocked", "blocked, single"])
    expect(engines.get(engine), engine).toBeGreaterThan(20);
});

function bitsOf(numbers: Float64Array): string[] {
  return Array.from(new BigUint64Array(numbers.slice().buffer), (bits) => bits.toString(16));
}

describe("what the straight line spells out is the library's, to the last bit", () => {
  const compiled = (activation: Activation) => {
    const { value, slope } = activationCode(activation, 1, "z1", "a1");
    return new Function(
      ...Object.keys(inlineTables),
      `return (z1) => { ${value.join("\n")} return { a: a1, slope: ${slope} }; };`,
    )(...Object.values(inlineTables)) as (z: number) => { a: number; slope: number };
  };
  const random = createRandom(7);
  const zs = [
    ...[0, 5e-324, 1e-300, 1e-9, 1e-8, 0.3465, 19.9, 20, 20.1, 36, 40, 707, 708, 709, 709.9],
    ...[745, 746, 1e5, 1e308, Infinity],
    ...Array.from({ length: 20_000 }, () => (2 * random() - 1) * 10 ** (6 * random() - 4)),
  ].flatMap((z) => [z, -z]);

  const spelledOut = Object.values(activations)
    .filter((one): one is Elementwise => "f" in one)
    .filter((one) => !/\bf\[1\]/.test(activationCode(one, 1, "z1", "a1").value.join()));

  test.each(spelledOut)("$name", (one) => {
    const f = compiled(one);
    const differs = [...zs, Number.NaN].filter((z) => {
      const found = f(z);
      const a = one.f(z);
      return !Object.is(found.a, a) || !Object.is(found.slope, one.derivative(z, a));
    });
    expect(differs).toEqual([]);
  });

  test("the usual activations are spelled out", () => {
    expect(spelledOut).toEqual(
      expect.arrayContaining([activations.tanh, activations.sigmoid, activations.relu]),
    );
  });
});
