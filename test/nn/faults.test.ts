/** Numbers that stop being finite, and arguments of a wrong kind: told where they enter or arise, with the unit and the cure. */
import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  backward,
  checkGradient,
  copyNetwork,
  cost,
  costGradient,
  createNetwork,
  forward,
  losses,
  type NetworkOptions,
  predict,
  sampleLoss,
  update,
} from "../../src/nn";
import { DivergenceError, Training, train } from "../../src/training";

describe("certain and wrong: the unit and the cure, in training and outside", () => {
  const saturated: [string, NetworkOptions, number[]][] = [
    ["sigmoid, cross-entropy", { sizes: [1, 2], output: "sigmoid", loss: "crossEntropy" }, [1, 0]],
    ["step", { sizes: [1, 2], output: "step", loss: "binaryCrossEntropy" }, [1, 0]],
    ["softmax", { sizes: [1, 2], output: "softmax", loss: "binaryCrossEntropy" }, [1, 0]],
  ];
  test.each(saturated)("%s", (_, options, y) => {
    const samples = { inputs: [[0]], targets: [y] };
    const make = () => createNetwork({ ...options, weights: [-800, 0, 800, 0] });
    const network = make();
    const pass = forward(network, [0]);
    const says = /^Output unit 0 is certain and wrong.*paired with \("sigmoid" or "softmax"\)/;
    for (const ask of [
      () => backward(network, pass, y),
      () => sampleLoss(network, pass, y),
      () => cost(network, samples),
      () => costGradient(network, samples),
      () => train(make(), samples, { learningRate: 0.1, epochs: 2 }),
      () => checkGradient(network, samples),
    ]) {
      expect(ask).toThrow(says);
    }
  });

  test("a probability so small that the slope overflows counts as 0", () => {
    const slopeAt = (a: number) =>
      losses.crossEntropy.gradient(Float64Array.of(a, 0), [1, 0], new Float64Array(2));
    expect(() => slopeAt(1e-300)).not.toThrow();
    expect(() => slopeAt(1e-320)).toThrow(/^Output unit 0 is certain and wrong/);
  });

  test("paired, the same sums have a loss and a gradient", () => {
    const options = { sizes: [1, 2], output: "softmax", loss: "crossEntropy" } as const;
    const network = createNetwork({ ...options, weights: [-800, 0, 800, 0] });
    expect([...backward(network, forward(network, [0]), [1, 0]).delta[1]]).toEqual([-1, 1]);
    expect(cost(network, { inputs: [[0]], targets: [[1, 0]] })).toBe(1600);
  });
});

test("what overflows is told with its layer, unit and sample", () => {
  const large = createNetwork({ sizes: [1, 2, 1], hidden: "identity", weights: 1e200 });
  expect(() => predict(large, [1])).toThrow(/of layer 2 is Infinity \(unit D0\)/);
  const samples = { inputs: [[0], [1]], targets: [[0], [0]] };
  expect(() => cost(large, samples)).toThrow(
    /^The cost is \S+ \(sample 0: a pre-activation of layer 2 is Infinity \(unit D0\)\)/,
  );
  const steep = createNetwork({ sizes: [1, 1, 1], hidden: "identity", weights: [0, 1, 0, 1e180] });
  const pass = forward(steep, [1]);
  expect(() => sampleLoss(steep, pass, [0])).toThrow(
    /^The loss is Infinity \(from outputs of 1e\+180\)/,
  );
  expect(() => backward(steep, pass, [0])).toThrow(
    /weight W10 into unit Z1 of layer 1, whose δ is Infinity/,
  );
  expect(() => costGradient(steep, { inputs: [[0], [1]], targets: [[0], [0]] })).toThrow(
    /sample 1: /,
  );
  steep.weights[1] = Number.NaN;
  expect(() => forward(steep, [1])).toThrow(/^A weight is NaN \(W11\)/);
});

describe.each([
  ["straight-line", { sizes: [2, 3, 1] }, true],
  ["blocked", { sizes: [2, 20, 20, 1] }, true],
  ["readable", { sizes: [2, 3, 1] }, false],
] as const)("a single step, %s", (kind, { sizes }, compiled) => {
  test("notices divergence at once, and takes the network back", () => {
    const network = createNetwork({ sizes, hidden: "identity", seed: 1 });
    const start = network.weights.slice();
    const how = { learningRate: 1e160, epochs: 10, batchSize: 1, compiled };
    const training = new Training(network, xor, how);
    expect(training.engine).toBe(kind);
    const outcomes: string[] = [];
    while (!training.ending && outcomes.length < 4) {
      try {
        training.step();
        // Whatever a step returns from, the weights are finite numbers.
        expect(network.weights.every(Number.isFinite)).toBe(true);
        outcomes.push("finite");
      } catch (error) {
        expect(error).toBeInstanceOf(DivergenceError);
        expect((error as DivergenceError).epoch).toBe(1);
        outcomes.push("diverged");
      }
    }
    expect(outcomes[outcomes.length - 1]).toBe("diverged");
    expect(training).toMatchObject({ ending: "diverged", epoch: 0 });
    expect(network.weights).toEqual(start);
    expect(training.step()).toEqual([]);
  });
});

describe("arguments of a wrong kind", () => {
  const network = createNetwork({ sizes: [2, 3, 1] });
  const pass = forward(network, [0, 1]);
  // biome-ignore lint/suspicious/noExplicitAny: what the types forbid is tried here
  const not = (value: unknown): any => value;
  test.each<[string, () => unknown, RegExp]>([
    [
      "no inputs",
      () => predict(network, not(undefined)),
      /inputs should be a list of length 2.*got undefined/,
    ],
    ["a number", () => forward(network, not(5)), /should be a list of length 2.*got 5/],
    ["a text", () => forward(network, not("01")), /should be a list of length 2.*got "01"/],
    ["texts", () => forward(network, not(["0", 1])), /input of the sample is "0"/],
    ["no network", () => forward(not(undefined), [0, 1]), /createNetwork.*but got undefined/],
    [
      "another object",
      () => predict(not({ sizes: [2, 1] }), [0, 1]),
      /createNetwork.*but got \{ sizes \}/,
    ],
    ["no network to copy", () => copyNetwork(not(null)), /but got null/],
    [
      "no pass",
      () => backward(network, not(undefined), [1]),
      /forward\(network, x\).*run that first/,
    ],
    ["no targets", () => backward(network, pass, not(undefined)), /targets should have length 1/],
    [
      "another network's pass",
      () => backward(createNetwork({ sizes: [2, 4, 1] }), pass, [1]),
      /Layer 1 of the forward pass should have length 4.*is 3/,
    ],
    ["no pass for a loss", () => sampleLoss(network, not({}), [1]), /run that first/],
    [
      "no samples",
      () => cost(network, not(undefined)),
      /Samples have to be \{ inputs.*got undefined/,
    ],
    [
      "a list for samples",
      () => costGradient(network, not([[0, 1]])),
      /Samples have to be.*got \[\[…\]\]/,
    ],
    [
      "no samples to check",
      () => checkGradient(network, not(null)),
      /Samples have to be.*got null/,
    ],
    [
      "a row missing",
      () => cost(network, not({ inputs: [undefined], targets: [[1]] })),
      /Sample 0's inputs should be a list/,
    ],
    [
      "no gradient",
      () => update(network, not(undefined), 0.1),
      /gradient should be a list of length 13.*undefined/,
    ],
    ["no options to train", () => train(network, xor, not(undefined)), /learning rate.*undefined/],
    ["no options", () => createNetwork(not(undefined)), /sizes: \[2, 3, 1\]/],
    ["no sizes", () => createNetwork(not({})), /sizes lists the units/],
    [
      "a number for an activation",
      () => createNetwork({ sizes: [1, 1], output: not(3) }),
      /no activation called "3"/,
    ],
    ["no reduction", () => cost(network, xor, not("median")), /"median" was given/],
  ])("%s", (_, ask, says) => {
    expect(ask).toThrow(says);
  });
});
