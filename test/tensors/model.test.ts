/** Models of tensors in training: the same runs as a network's, seeds, memory. */
import { describe, expect, test } from "vitest";
import { createNetwork } from "../../src/nn";
import * as t from "../../src/tensors";
import { optimisers, train } from "../../src/training";

const samples = {
  inputs: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  targets: [[0], [1], [1], [0]],
};

/** 2-3-1 with tanh and half the squared error: each layer's matrix as nn has it, units × (1 + inputs). */
function twin(weights: Float64Array) {
  return t.createModel({
    parameters: {
      W1: { shape: [3, 3], value: weights.subarray(0, 9) },
      W2: { shape: [1, 4], value: weights.subarray(9) },
    },
    losses({ W1, W2 }, x, y) {
      const ones = t.constant(new Float64Array(x.shape[0]).fill(1), [x.shape[0], 1]);
      const layer = (a: t.Tensor, W: t.Tensor) =>
        t.matmul(t.concatenate([ones, a], 1), t.transpose(W));
      const error = t.subtract(layer(t.tanh(layer(x, W1)), W2), y);
      return t.multiply(0.5, t.sum(t.multiply(error, error), 1));
    },
  });
}

describe("training a model is training the network that it is", () => {
  test.each(Object.keys(optimisers) as (keyof typeof optimisers)[])("%s", (optimiser) => {
    const network = createNetwork({ sizes: [2, 3, 1], seed: 3 });
    const model = twin(network.weights);
    const options = { learningRate: 0.05, epochs: 60, batchSize: 2, optimiser, seed: 9 };
    const wanted = train(network, samples, options);
    const training = train(model, samples, options);
    expect(training.ending).toBe("all epochs done");
    expect(training.engine).toBe("tensors");
    expect(training.history.epochs).toEqual(wanted.history.epochs);
    wanted.history.costs.forEach((cost, n) => {
      expect(training.history.costs[n]).toBeCloseTo(cost, 11);
    });
    expect(training.history.costs.at(-1)).toBeLessThan(training.history.costs[0]);
  });
});

/** Dropout on the inputs: random in steps, not when the cost is measured. */
function dropping(seed = 1) {
  return t.createModel({
    parameters: { W: { shape: [2, 1], deviation: 0.5 }, unused: { shape: [2] } },
    losses({ W }, x, y, { training, random }) {
      const seen = training ? t.dropout(x, 0.5, random) : x;
      const error = t.subtract(t.matmul(seen, W), y);
      return t.sum(t.multiply(error, error), 1);
    },
    seed,
  });
}

test("seeds decide the start and what is random in a step", () => {
  const costs = (seed: number, start = 1) =>
    train(dropping(start), samples, { learningRate: 0.1, epochs: 5, seed }).history.costs;
  expect(costs(1)).toEqual(costs(1));
  expect(costs(1)[0]).toBe(costs(2)[0]);
  expect(costs(1)).not.toEqual(costs(2));
  expect(costs(1)[0]).not.toBe(costs(1, 2)[0]);
});

test("a model is trained in double precision, said or not", () => {
  const costs = (precision?: "double") =>
    train(dropping(), samples, { learningRate: 0.1, epochs: 5, precision }).history.costs;
  expect(costs("double")).toEqual(costs());
});

test("samples come as constants, samples × numbers, whichever batch they are in; chance is there to measure, too", () => {
  const seen: t.Tensor[] = [];
  const lengths: number[] = [];
  const model = t.createModel({
    parameters: { W: { shape: [2, 1] } },
    losses({ W }, x, y, { random }) {
      seen.push(x, y);
      lengths.push(x.data.length / 2, y.data.length);
      const error = t.add(t.subtract(t.matmul(x, W), y), random());
      return t.sum(t.multiply(error, error), 1);
    },
  });
  train(model, samples, { learningRate: 0.1, epochs: 2, batchSize: 3 });
  for (const one of seen) expect(one).toMatchObject({ constant: true, operation: "" });
  const shapes = seen.map(({ shape }) => shape[0]);
  expect(lengths).toEqual(shapes);
  expect(new Set(shapes)).toEqual(new Set([3, 1]));
});

test("numbers are drawn about 0, with the deviation that is said", () => {
  const parameters = { W: { shape: [40, 100], deviation: 0.5 } };
  const { weights } = t.createModel({ parameters, losses: (_p, x) => t.sum(x, 1) });
  const mean = weights.reduce((total, w) => total + w, 0) / 4000;
  const variance = weights.reduce((total, w) => total + w * w, 0) / 4000;
  // Four deviations: of a mean of 4,000, 0.5 / √4000; of their variance, a share of √(2 / 4000).
  expect(Math.abs(mean)).toBeLessThan(0.032);
  expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(0.09);
});

test("a parameter that takes no part has the slope 0", () => {
  const model = dropping();
  model.gradient.fill(7);
  train(model, samples, { learningRate: 0.1, epochs: 1 });
  expect(model.parameters.unused.slopes()).toEqual([0, 0]);
  expect(model.parameters.unused.toArray()).toEqual([0, 0]);
  expect(model.weights.subarray(0, 2)).toEqual(model.parameters.W.data);
});

test("a long training keeps its arrays: none are made after the first steps", () => {
  const seen = new Set<Float64Array>();
  const model = t.createModel({
    parameters: { W: { shape: [2, 8], deviation: 1 }, V: { shape: [8, 1], deviation: 1 } },
    losses({ W, V }, x, y) {
      const h = t.tanh(t.matmul(x, W));
      const error = t.subtract(t.matmul(h, V), y);
      for (const one of [x, y, h, error]) seen.add(one.data);
      return t.sum(t.multiply(error, error), 1);
    },
  });
  const engine = model.createEngine(samples, 4, 1);
  const order = Uint32Array.of(0, 1, 2, 3);
  const run = (steps: number) => {
    for (let n = 0; n < steps; n++) engine.batch(order, 0, 4);
    return seen.size;
  };
  // Arrays of one length take turns.
  const first = run(20);
  expect(first).toBeLessThan(20);
  expect(run(200)).toBe(first);
});

describe("what is refused", () => {
  const losses = (_p: unknown, x: t.Tensor) => t.sum(x, 1);
  const model = t.createModel({ parameters: { W: { shape: [1] } }, losses });
  const options = { learningRate: 0.1, epochs: 1 };
  test.each<[string, () => unknown, RegExp]>([
    ["no options", () => t.createModel(undefined as never), /createModel takes.*got undefined/],
    [
      "no losses",
      () => t.createModel({ parameters: { W: { shape: [1] } } } as never),
      /createModel takes.*got \{ parameters \}/,
    ],
    [
      "losses alone",
      () => t.createModel({ losses } as never),
      /createModel takes.*got \{ losses \}/,
    ],
    ["no parameters", () => t.createModel({ parameters: {}, losses }), /parameter at least/],
    [
      "a shape",
      () => t.createModel({ parameters: { W: { shape: [0] } }, losses }),
      /parameter W .*\[0\]/,
    ],
    [
      "too few numbers",
      () => t.createModel({ parameters: { W: { shape: [3], value: [1] } }, losses }),
      /^The value of the parameter W should have length 3, as its shape says, .* is 1/,
    ],
    [
      "a number that is none",
      () => t.createModel({ parameters: { W: { shape: [2], value: [1, Number.NaN] } }, losses }),
      /^The value of the parameter W is NaN \(number 1/,
    ],
    ...[0, -1, Infinity, Number.NaN].map((deviation): [string, () => unknown, RegExp] => [
      `a deviation of ${deviation}`,
      () => t.createModel({ parameters: { W: { shape: [3], deviation } }, losses }),
      new RegExp(`deviation of the parameter W .*it is ${deviation}\\.$`),
    ]),
    [
      "rows of two lengths",
      () => train(model, { inputs: [[1], [1, 2]], targets: [[1], [1]] }, options),
      /^The inputs of sample 1 should have length 1, as sample 0 has/,
    ],
    [
      "targets of two lengths",
      () => train(model, { inputs: [[1], [1]], targets: [[1], [1, 2]] }, options),
      /^The targets of sample 1 should have length 1, as sample 0 has/,
    ],
    [
      "a target that is not finite",
      () => train(model, { inputs: [[1], [1]], targets: [[1], [Infinity]] }, options),
      /^A target of sample 1 is Infinity/,
    ],
    [
      "a sample that is not finite",
      () => train(model, { inputs: [[Number.NaN]], targets: [[1]] }, options),
      /input of sample 0 is NaN/,
    ],
    [
      "targets missing",
      () => train(model, { inputs: [[1]], targets: [] }, options),
      /list of targets should have length 1/,
    ],
    [
      "one loss for all",
      () => {
        const mean = t.createModel({
          ...{ parameters: { W: { shape: [1] } }, losses: (_p, x) => t.mean(x) },
        });
        return train(mean, samples, options);
      },
      /losses of 4 samples .*\[4\].*their shape is \[\]/,
    ],
    [
      "single precision",
      () => train(model, { inputs: [[1]], targets: [[1]] }, { ...options, precision: "single" }),
      /tensors is trained in double precision, but got precision: "single"/,
    ],
    ["nothing", () => train(undefined as never, samples, options), /A network is needed/],
  ])("%s", (_name, run, message) => {
    expect(run).toThrow(message);
  });

  test.each<[string, (x: t.Tensor) => t.Tensor, RegExp]>([
    ["a row for each sample", (x) => x, /^The losses of 4 .*\[4\].*their shape is \[4, 2\]\./],
    ["those of some samples", (x) => t.sum(t.slice(x, 0, 1), 1), /of 4 .*\[4\].*is \[3\]\./],
    [
      "a row in the last batch",
      (x) => (x.shape[0] === 1 ? x : t.sum(x, 1)),
      /of 1 samples .*\[1\].*is \[1, 2\]\. Sum over the other axes\.$/,
    ],
  ])("losses of another shape: %s", (where, wrong, message) => {
    const parameters = { W: { shape: [1] } };
    const batchSize = where.includes("batch") ? 3 : undefined;
    const one = t.createModel({ parameters, losses: (_p, x) => wrong(x) });
    expect(() => train(one, samples, { ...options, batchSize })).toThrow(message);
  });

  test("a run that diverges goes back to its last finite weights", () => {
    const diverging = t.createModel({
      parameters: { w: { shape: [1], value: 2 } },
      losses: ({ w }, x) => t.sum(t.multiply(t.power(w, 4), t.multiply(x, x)), 1),
    });
    const run = () =>
      train(diverging, { inputs: [[1]], targets: [[0]] }, { learningRate: 1, epochs: 50 });
    expect(run).toThrow(/The (result of|slope that) (power|multiply).*Infinity/);
    expect(Number.isFinite(diverging.weights[0])).toBe(true);
  });
});
