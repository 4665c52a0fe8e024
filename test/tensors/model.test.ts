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
    ["no losses", () => t.createModel({} as never), /createModel takes/],
    ["no parameters", () => t.createModel({ parameters: {}, losses }), /parameter at least/],
    [
      "a shape",
      () => t.createModel({ parameters: { W: { shape: [0] } }, losses }),
      /parameter W .*\[0\]/,
    ],
    [
      "too few numbers",
      () => t.createModel({ parameters: { W: { shape: [3], value: [1] } }, losses }),
      /parameter W should have length 3/,
    ],
    [
      "a deviation",
      () => t.createModel({ parameters: { W: { shape: [3], deviation: 0 } }, losses }),
      /deviation of the parameter W .*it is 0/,
    ],
    [
      "rows of two lengths",
      () => train(model, { inputs: [[1], [1, 2]], targets: [[1], [1]] }, options),
      /inputs of sample 1 should have length 1/,
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
