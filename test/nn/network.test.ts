import { describe, expect, test } from "vitest";
import {
  copyNetwork,
  createNetwork,
  type Initialisation,
  type NetworkOptions,
  predict,
  softmax,
} from "../../src/nn";
import { train } from "../../src/training";

describe("createNetwork", () => {
  test("W are views of weights, units × (1 + inputs), the bias in column 0", () => {
    const weights = Array.from({ length: 13 }, (_, w) => w);
    const { W, activations, loss } = createNetwork({ sizes: [2, 3, 1], weights });
    expect(W.map((layer) => Array.from(layer))).toEqual([
      [],
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [9, 10, 11, 12],
    ]);
    expect(activations.map(({ name }) => name)).toEqual(["identity", "tanh", "identity"]);
    expect(loss.name).toBe("halfSquaredError");
  });

  test("a change in W is a change in weights", () => {
    const network = createNetwork({ sizes: [1, 1], weights: 0 });
    network.W[1][1] = 7;
    expect(Array.from(network.weights)).toEqual([0, 7]);
  });

  test("what is not said is tanh, identity, half the squared error, and Xavier's start by seed 1", () => {
    const said = {
      hidden: "tanh",
      output: "identity",
      loss: "halfSquaredError",
      weights: "xavier",
      seed: 1,
    } as const;
    expect(createNetwork({ sizes: [2, 3, 2] })).toEqual(
      createNetwork({ sizes: [2, 3, 2], ...said }),
    );
  });

  test("a network without options, or with sizes that are none, is refused with an example", () => {
    expect(() => createNetwork(undefined as never)).toThrow(/options.*\{ sizes: \[2, 3, 1\] \}/);
    expect(() => createNetwork({} as never)).toThrow("such as [2, 3, 1], but got [].");
    expect(createNetwork({ sizes: [1, 1] }).weights).toHaveLength(2);
  });

  test("one list of names, or one name for all, in any depth", () => {
    const names = (hidden: NetworkOptions["hidden"]) =>
      createNetwork({ sizes: [1, 2, 2, 1], hidden, output: "sigmoid" }).activations.map(
        ({ name }) => name,
      );
    expect(names("relu")).toEqual(["identity", "relu", "relu", "sigmoid"]);
    expect(createNetwork({ sizes: [1, 1], hidden: [] }).activations).toHaveLength(2);
    for (const hidden of [[], ["relu"], ["relu", "relu", "relu"]] as const)
      expect(() => names(hidden)).toThrow(
        `sizes has 2 hidden layers, but hidden lists ${hidden.length} activations.`,
      );
  });

  test("hidden layers may differ", () => {
    const { activations } = createNetwork({ sizes: [1, 2, 2, 1], hidden: ["relu", "silu"] });
    expect(activations.map(({ name }) => name)).toEqual(["identity", "relu", "silu", "identity"]);
  });

  test("an activation of the reader's own", () => {
    const square = {
      name: "square",
      formula: "z^2",
      derivativeFormula: "2z",
      range: [0, Infinity] as const,
      kinks: [],
      f: (z: number) => z * z,
      derivative: (z: number) => 2 * z,
    };
    const network = createNetwork({ sizes: [1, 1], output: square, weights: [1, 2] });
    expect(predict(network, [1])[0]).toBe(9);
  });
});

describe("starting weights", () => {
  // 40 inputs, 60 units: enough weights to know a spread by.
  const drawn = (weights: Initialisation, seed = 5) => {
    const all = Array.from(createNetwork({ sizes: [40, 60], weights, seed }).weights);
    return {
      biases: all.filter((_, w) => w % 41 === 0),
      others: all.filter((_, w) => w % 41 !== 0),
    };
  };
  const variance = (numbers: number[]) =>
    numbers.reduce((sum, number) => sum + number ** 2, 0) / numbers.length;

  test.each([
    ["uniform", 1 / Math.sqrt(40), 1 / 40 / 3],
    ["xavier", Math.sqrt(6 / 100), 6 / 100 / 3],
    ["he", Infinity, 2 / 40],
  ] as const)("%s: within its limit and with its variance", (how, limit, expected) => {
    const { biases, others } = drawn(how);
    expect(others).toHaveLength(2400);
    const largest = Math.max(...others.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(limit);
    if (limit < Infinity) expect(largest).toBeGreaterThan(0.99 * limit);
    // A variance from 2,400 numbers is known to √(2 / 2400) = 3 % at worst; five times that is allowed.
    expect(Math.abs(variance(others) / expected - 1)).toBeLessThan(0.15);
    if (how === "uniform") expect(Math.abs(variance(biases) / expected - 1)).toBeLessThan(0.5);
    else expect(biases.every((bias) => bias === 0)).toBe(true);
  });

  test("a seed repeats them, another gives others", () => {
    expect(drawn("he", 1)).toEqual(drawn("he", 1));
    expect(drawn("he", 1).others[0]).not.toBe(drawn("he", 2).others[0]);
  });
});

test("a copy has the same shape and numbers, and its own weights", () => {
  const network = createNetwork({
    sizes: [2, 3, 2],
    hidden: "elu",
    output: "softmax",
    loss: "crossEntropy",
    seed: 4,
  });
  const copy = copyNetwork(network);
  expect(copy).toEqual(network);
  expect(copy.activations[2]).toBe(softmax);
  const before = network.weights.slice();
  train(copy, { inputs: [[1, 2]], targets: [[0, 1]] }, { learningRate: 0.1, epochs: 3 });
  expect(network.weights).toEqual(before);
  expect(copy.weights).not.toEqual(before);
});

describe("errors", () => {
  test.each<[NetworkOptions, string]>([
    [{ sizes: [2] }, "inputs first, such as [2, 3, 1], but got [2]."],
    [{ sizes: [2, 0, 1] }, "got [2, 0, 1]."],
    [{ sizes: [2, 1.5] }, "got [2, 1.5]."],
    [
      { sizes: [2, 3, 1], hidden: ["tanh", "tanh"] },
      "sizes has 1 hidden layers, but hidden lists 2 activations.",
    ],
    [{ sizes: [2, 3, 1], hidden: "softmax" }, 'it belongs in the output layer: output: "softmax".'],
    [{ sizes: [2, 3, 1], weights: [1, 2] }, "A 2-3-1 network has 13 weights, but 2 were given."],
    [
      { sizes: [1, 1], weights: [1, Number.NaN] },
      "Weight 1 is NaN; every weight has to be finite.",
    ],
    [{ sizes: [1, 1], weights: Infinity }, "Weight 0 is Infinity; every weight has to be finite."],
    [{ sizes: [1, 1], seed: -1 }, "but this one is -1."],
  ])("%j", (options, message) => {
    expect(() => createNetwork(options)).toThrow(RangeError);
    expect(() => createNetwork(options)).toThrow(message);
  });

  // A notebook is not checked strictly: a misspelt name may well arrive.
  test.each([
    [{ output: "sigmod" }, /^There is no activation called "sigmod"\. Choose one of: .*sigmoid/],
    [{ loss: "mse" }, /^There is no loss called "mse"\. Choose one of: halfSquaredError/],
    [{ output: "toString" }, /^There is no activation called "toString"/],
    [{ weights: "glorot" }, /^Weights start "uniform", "xavier" or "he", but got "glorot"/],
  ])("%j", (options, message) => {
    expect(() => createNetwork({ sizes: [2, 3, 1], ...options } as NetworkOptions)).toThrow(
      message,
    );
  });
});
