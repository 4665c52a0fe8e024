/** The text's network, 2-3-1 with every weight 1, identity and a learning rate of 0.1, worked by hand. */
import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import { deltaStep, forwardStep, weightIndex, weightNames, weightStep } from "../../src/names";
import {
  backward,
  cost,
  costGradient,
  createNetwork,
  forward,
  identity,
  type Network,
  predict,
  sampleLoss,
  update,
} from "../../src/nn";

const textNetwork = (): Network =>
  createNetwork({ sizes: [2, 3, 1], hidden: "identity", output: "identity", weights: 1 });

function byName(network: Network, numbers: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(weightNames(network).map((name, w) => [name, numbers[w]]));
}

const hiddenBiases = ["W10", "W20", "W30"];
const inputWeights = ["W11", "W12", "W21", "W22", "W31", "W32"];
const outputWeights = ["V00", "V01", "V02", "V03"];

describe("the first sample, (0, 0) with target 0", () => {
  const network = textNetwork();
  const pass = forward(network, [0, 0]);
  const back = backward(network, pass, [0]);

  test("forward: every hidden unit 1·1 + 1·0 + 1·0 = 1, the output 1 + 3·1·1 = 4", () => {
    expect(pass.a.map((layer) => Array.from(layer))).toEqual([[0, 0], [1, 1, 1], [4]]);
    expect(pass.z.map((layer) => Array.from(layer))).toEqual([[], [1, 1, 1], [4]]);
    expect(sampleLoss(network, pass, [0])).toBe(8); // ½ · 4²
  });

  test("deltas: 4 − 0 = 4 at the output, 1 · 4 · 1 = 4 at each hidden unit", () => {
    expect(back.delta.map((layer) => Array.from(layer))).toEqual([[], [4, 4, 4], [4]]);
  });

  test("gradient: δ · a, so 4 behind a 1 and 0 behind an input that is 0", () => {
    expect(byName(network, back.gradient)).toEqual({
      W10: 4,
      W11: 0,
      W12: 0,
      W20: 4,
      W21: 0,
      W22: 0,
      W30: 4,
      W31: 0,
      W32: 0,
      V00: 4,
      V01: 4,
      V02: 4,
      V03: 4,
    });
    expect(Array.from(back.dW[2])).toEqual([4, 4, 4, 4]);
  });

  test("update: 1 − 0.1 · 4 = 0.6, and the output goes down to 0.6 + 3 · 0.6 · 0.6 = 1.68", () => {
    const stepped = textNetwork();
    update(stepped, back.gradient, 0.1);
    const weights = byName(stepped, stepped.weights);
    for (const name of [...hiddenBiases, ...outputWeights]) {
      expect(weights[name]).toBeCloseTo(0.6, 15);
    }
    for (const name of inputWeights) expect(weights[name]).toBe(1);
    expect(predict(stepped, [0, 0])[0]).toBeCloseTo(1.68, 14);
    // (1, 1): hidden 0.6 + 1 + 1 = 2.6, output 0.6 + 3 · 0.6 · 2.6
    expect(predict(stepped, [1, 1])[0]).toBeCloseTo(5.28, 14);
  });

  test("the text's own formula, δ = y − h, climbs: 1.4, and the output goes up to 7.28", () => {
    const stepped = textNetwork();
    const negated = back.gradient.map((slope) => -slope);
    update(stepped, negated, 0.1);
    expect(stepped.weights[weightIndex(stepped, "W10")]).toBeCloseTo(1.4, 15);
    expect(stepped.weights[weightIndex(stepped, "W11")]).toBe(1);
    expect(predict(stepped, [0, 0])[0]).toBeCloseTo(7.28, 14); // 1.4 + 3 · 1.4 · 1.4
    expect(predict(stepped, [1, 1])[0]).toBeCloseTo(15.68, 13); // 1.4 + 3 · 1.4 · (1.4 + 1 + 1)
  });

  test("as the text prints it, 1.4 for all 13 weights: the same on (0, 0), 19.04 on (1, 1)", () => {
    const printed = createNetwork({
      sizes: [2, 3, 1],
      hidden: "identity",
      output: "identity",
      weights: 1.4,
    });
    expect(predict(printed, [0, 0])[0]).toBeCloseTo(7.28, 14);
    expect(predict(printed, [1, 1])[0]).toBeCloseTo(19.04, 13); // 1.4 + 3 · 1.4 · 4.2
  });
});

describe("the whole truth table", () => {
  const network = textNetwork();

  test("outputs 4, 7, 7 and 10: 1 + 3 (1 + X1 + X2)", () => {
    expect(xor.inputs.map((x) => predict(network, x)[0])).toEqual([4, 7, 7, 10]);
  });

  test("cost: ½ (4² + 6² + 6² + 10²) = 94 as a sum, 23.5 as a mean", () => {
    expect(cost(network, xor, "sum")).toBe(94);
    expect(cost(network, xor)).toBe(23.5);
  });

  test("gradient: errors 4, 6, 6, 10 and hidden activations 1, 2, 2, 3", () => {
    const sum = byName(network, costGradient(network, xor, "sum"));
    for (const name of [...hiddenBiases, "V00"]) expect(sum[name]).toBe(26); // 4 + 6 + 6 + 10
    for (const name of inputWeights) expect(sum[name]).toBe(16); // 6 + 10: where that input is 1
    for (const name of ["V01", "V02", "V03"]) expect(sum[name]).toBe(58); // 4·1 + 6·2 + 6·2 + 10·3
    const mean = byName(network, costGradient(network, xor));
    expect([mean.W10, mean.W12, mean.V02]).toEqual([6.5, 4, 14.5]);
  });
});

describe("2-3-2, where a hidden unit feeds two outputs", () => {
  // V of D0: 0, 1, 2, 3; of D1: 0, −1, ½, 2. Every hidden unit is 1 for (0, 0).
  const weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2, 3, 0, -1, 0.5, 2];
  const network = createNetwork({
    sizes: [2, 3, 2],
    hidden: "identity",
    output: "identity",
    weights,
  });
  const pass = forward(network, [0, 0]);
  const back = backward(network, pass, [2, 1]);

  test("δ of the outputs are 6 − 2 and 1.5 − 1; a hidden unit's is the sum over both", () => {
    expect(Array.from(pass.a[2])).toEqual([6, 1.5]);
    expect(Array.from(back.delta[2])).toEqual([4, 0.5]);
    // 1·4 − 1·½, 2·4 + ½·½, 3·4 + 2·½
    expect(Array.from(back.delta[1])).toEqual([3.5, 8.25, 13]);
  });

  test("steps show the products that those numbers are made of", () => {
    expect(deltaStep(network, pass, back, "Z2")).toEqual({
      unit: "Z2",
      terms: [
        { weightName: "V02", weight: 2, unit: "D0", value: 4, product: 8 },
        { weightName: "V12", weight: 0.5, unit: "D1", value: 0.5, product: 0.25 },
      ],
      slope: 1,
      delta: 8.25,
    });
    expect(deltaStep(network, pass, back, "D1")).toEqual({
      unit: "D1",
      terms: [],
      slope: 1,
      delta: 0.5,
    });
    expect(forwardStep(network, pass, "D1")).toEqual({
      unit: "D1",
      terms: [
        { weightName: "V10", weight: 0, unit: "Z0", value: 1, product: 0 },
        { weightName: "V11", weight: -1, unit: "Z1", value: 1, product: -1 },
        { weightName: "V12", weight: 0.5, unit: "Z2", value: 1, product: 0.5 },
        { weightName: "V13", weight: 2, unit: "Z3", value: 1, product: 2 },
      ],
      z: 1.5,
      a: 1.5,
    });
    expect(weightStep(network, pass, back, "V13")).toEqual({
      weightName: "V13",
      weight: 2,
      from: "Z3",
      a: 1,
      to: "D1",
      delta: 0.5,
      gradient: 0.5,
    });
    expect(weightStep(network, pass, back, "W20")).toEqual({
      weightName: "W20",
      weight: 1,
      from: "X0",
      a: 1,
      to: "Z2",
      delta: 8.25,
      gradient: 8.25,
    });
  });
});

test("tanh and sigmoid by hand: 1-1-1 with e^z that come out as fractions", () => {
  const ln2 = Math.log(2);
  // Z1: z = ln 2, a = 3/5. D0: z = (5/3) · 3/5 · ln 2 = ln 2, a = 2/3.
  const network = createNetwork({
    sizes: [1, 1, 1],
    output: "sigmoid",
    weights: [0, ln2, 0, (5 / 3) * ln2],
  });
  const pass = forward(network, [1]);
  expect(pass.a[1][0]).toBeCloseTo(3 / 5, 15);
  expect(pass.a[2][0]).toBeCloseTo(2 / 3, 15);
  const { delta, gradient } = backward(network, pass, [1]);
  const output = (-1 / 3) * (2 / 9); // (a − y) f′
  const hidden = (5 / 3) * ln2 * output * (16 / 25);
  expect(delta[2][0]).toBeCloseTo(output, 15);
  expect(delta[1][0]).toBeCloseTo(hidden, 15);
  [hidden, hidden, output, (3 / 5) * output].forEach((slope, w) => {
    expect(gradient[w]).toBeCloseTo(slope, 15);
  });
  expect(deltaStep(network, pass, backward(network, pass, [1]), "Z1").slope).toBeCloseTo(0.64, 15);
});

test("cross-entropy with its own output: δ = a − y", () => {
  const network = createNetwork({
    sizes: [2, 2],
    output: "softmax",
    loss: "crossEntropy",
    weights: [0, 0, 0, Math.log(3), 0, 0],
  });
  const pass = forward(network, [0, 0]);
  expect(pass.a[1][1]).toBeCloseTo(3 / 4, 15);
  const back = backward(network, pass, [1, 0]);
  expect(back.delta[1][0]).toBeCloseTo(-3 / 4, 15);
  expect(back.delta[1][1]).toBeCloseTo(3 / 4, 15);
  expect(sampleLoss(network, pass, [1, 0])).toBeCloseTo(Math.log(4), 15);
  expect(deltaStep(network, pass, back, "D0").slope).toBeUndefined();
});

test.each([
  ["sigmoid", "binaryCrossEntropy", [-1000], [1], 1000],
  ["softmax", "crossEntropy", [1000, -1000], [0, 1], 2000],
] as const)(
  "%s with %s: certain and wrong, the loss is how far z is off",
  (output, loss, z, y, wrong) => {
    const weights = z.flatMap((bias) => [bias, 0]);
    const network = createNetwork({ sizes: [1, z.length], output, loss, weights });
    const pass = forward(network, [0]);
    expect(sampleLoss(network, pass, y)).toBe(wrong);
    // δ = a − y takes no slope of the loss, which is infinite here.
    expect(backward(network, pass, y).delta[1]).toEqual(pass.a[1].map((a, k) => a - y[k]));
    expect(cost(network, { inputs: [[0], [0]], targets: [y, y] })).toBe(wrong);
  },
);

test("with an output that it is not made for, a loss is taken from the activations", () => {
  const network = createNetwork({
    sizes: [1, 2],
    output: "sigmoid",
    loss: "crossEntropy",
    weights: [1000, 0, -1000, 0],
  });
  const pass = forward(network, [0]);
  expect(Array.from(pass.a[1])).toEqual([1, 0]);
  expect(sampleLoss(network, pass, [1, 0])).toBe(0);
  expect(() => sampleLoss(network, pass, [0, 1])).toThrow(/Output unit 1 is certain and wrong/);
});

test("a forward pass is a new one each time; the network is only read", () => {
  const network = textNetwork();
  const first = forward(network, [0, 0]);
  forward(network, [1, 1]);
  expect(first.a[2][0]).toBe(4);
  backward(network, first, [0]);
  expect(new Set(network.weights)).toEqual(new Set([1]));
});

describe("errors", () => {
  const network = textNetwork();
  const pass = forward(network, [0, 0]);

  test("wrong number of inputs, targets or slopes", () => {
    expect(() => forward(network, [1])).toThrow(
      "The sample's inputs should have length 2, one for each input unit, but the length is 1.",
    );
    expect(() => backward(network, pass, [1, 0])).toThrow(
      "The sample's targets should have length 1, one for each output unit, but the length is 2.",
    );
    expect(() => update(network, [1, 2], 0.1)).toThrow(
      "The gradient should have length 13, one slope for each weight, but the length is 2.",
    );
  });

  test("NaN and infinity are stopped where they enter", () => {
    expect(() => forward(network, [0, Number.NaN])).toThrow(
      /^An input of the sample is NaN \(number 1, counted from 0\)\. Every number has to be finite/,
    );
    expect(() => backward(network, pass, [-Infinity])).toThrow(
      /^A target of the sample is -Infinity \(number 0/,
    );
    const slopes = new Float64Array(13);
    slopes[4] = Number.NaN;
    expect(() => update(network, slopes, 0.1)).toThrow(
      /^A slope of the gradient is NaN \(number 4/,
    );
  });

  test("numbers that overflow on the way are not passed on as results", () => {
    const large = createNetwork({
      sizes: [1, 1, 1],
      hidden: "identity",
      output: "identity",
      weights: 1e200,
    });
    expect(() => forward(large, [1])).toThrow(/^A pre-activation of layer 2 is Infinity/);
    const steep = createNetwork({
      sizes: [1, 1, 1],
      hidden: "identity",
      output: "identity",
      weights: [0, 1e-200, 1e200, 1e200],
    });
    const { a } = forward(steep, [1]);
    expect(a[2][0]).toBe(1e200);
    expect(() => backward(steep, forward(steep, [1]), [0])).toThrow(
      /^A slope of the gradient is Infinity/,
    );
    expect(() => cost(steep, { inputs: [[1]], targets: [[0]] })).toThrow(/^The cost is Infinity/);
    expect(() => costGradient(steep, { inputs: [[1]], targets: [[0]] })).toThrow(
      /^A slope of the gradient is Infinity/,
    );
    const once = createNetwork({ sizes: [1, 1], weights: [1e308, 1] });
    expect(() => update(once, [-1e308, 0], 1)).toThrow(
      /^A weight after a step with learning rate 1 is Infinity/,
    );
    expect(Array.from(once.weights)).toEqual([1e308, 1]); // not a part of the step is taken
    const f = (z: number) => z * z;
    const own = { ...identity, name: "square", f, derivative: (z: number) => 2 * z };
    const squared = createNetwork({ sizes: [1, 1], output: own, weights: [1e200, 0] });
    expect(() => forward(squared, [1])).toThrow(/^An activation of layer 1 is Infinity/);
  });

  test("where numbers overflow: the sample, the unit or the weight, and the δ", () => {
    // 1 → Z1 = w · x → D0 = 1e200 · Z1, half squared errors
    const steep = createNetwork({
      sizes: [1, 1, 1],
      hidden: "identity",
      weights: [0, 1, 0, 1e200],
    });
    const [inputs, targets] = [
      [[0], [1e200]],
      [[0], [0]],
    ];
    expect(() => forward(steep, [1e200])).toThrow(
      /^A pre-activation of layer 2 is Infinity \(unit D0\)\. Every number has to be finite/,
    );
    expect(() => cost(steep, { inputs, targets })).toThrow(
      /^The cost is Infinity \(sample 1: a pre-activation of layer 2 is Infinity \(unit D0\)\)/,
    );
    const one = { inputs: [[0], [1]], targets };
    expect(() => cost(steep, one)).toThrow(
      /^The cost is Infinity \(sample 1: the loss is Infinity \(from outputs of 1e\+200\)\)/,
    );
    expect(() => sampleLoss(steep, forward(steep, [1]), [0])).toThrow(
      /^The loss is Infinity \(from outputs of 1e\+200\)/,
    );
    expect(() => backward(steep, forward(steep, [1]), [0])).toThrow(
      /^A slope of the gradient is Infinity \(weight W10 into unit Z1 of layer 1, whose δ is Infinity\)/,
    );
    const two = createNetwork({ sizes: [1, 2], weights: [0, 1e200, 0, 1] });
    const ofTwo = /^The \w+ is Infinity \(.*from outputs of 1e\+200, 1\)/;
    expect(() => sampleLoss(two, forward(two, [1]), [0, 0])).toThrow(ofTwo);
    expect(() => cost(two, { inputs: [[1]], targets: [[0, 0]] })).toThrow(ofTwo);
    const small = createNetwork({ sizes: [1, 1], weights: [0, 1] });
    expect(() => costGradient(small, { inputs: [[0], [1e200]], targets })).toThrow(
      /^A slope of the gradient is Infinity \(sample 1: the loss is Infinity/,
    );
    // Each sample's loss and slopes are finite, 1e308 or so, and their sum is not.
    const three = { inputs: [[1.2e154], [1.2e154], [1.2e154]], targets: [[0], [0], [0]] };
    const finite = { inputs: three.inputs.slice(1), targets };
    expect(cost(small, finite) / 0.72e308).toBeCloseTo(1, 12);
    expect(() => cost(small, three)).toThrow(
      /^The cost is Infinity \(in the sum over the samples\)/,
    );
    expect(() => costGradient(small, three)).toThrow(
      /^A slope of the gradient is Infinity \(in the sum over the samples\)/,
    );
    const broken = textNetwork();
    broken.W[1][5] = Number.NaN;
    expect(() => forward(broken, [1, 1])).toThrow(/^A weight is NaN \(W22\)\. Every number/);
  });

  test("what is no network, no pass, no samples or no list is told apart from what does not fit", () => {
    const wrong: [unknown, string][] = [
      [undefined, "undefined"],
      [null, "null"],
      ["xor", '"xor"'],
      [3, "3"],
      [() => 0, "a function"],
      [[1, 2], "[1, 2]"],
      [xor, "{ name, source, inputNames, targetNames, … }"],
      ...(["weights", "sizes", "activations", "loss"] as const).map((part): [unknown, string] => [
        { ...network, [part]: undefined },
        "{ sizes, activations, loss, weights, … }",
      ]),
    ];
    for (const [one, said] of wrong) {
      const message = `A network is needed, as createNetwork({ sizes: [2, 3, 1] }) makes it, but got ${said}.`;
      const given = one as Network;
      for (const call of [
        () => forward(given, [0, 0]),
        () => backward(given, pass, [0]),
        () => update(given, [], 0.1),
        () => cost(given, xor),
        () => sampleLoss(given, pass, [0]),
      ]) {
        expect(call).toThrow(TypeError);
        expect(call).toThrow(message);
      }
    }

    for (const one of [undefined, null, { z: pass.z }, { a: pass.a }, [0, 0]]) {
      const call = () => backward(network, one as unknown as typeof pass, [0]);
      expect(call).toThrow(TypeError);
      expect(call).toThrow(
        "A forward pass is needed, as forward(network, x) returns it: run that first.",
      );
    }
    const other = (...sizes: number[]) => forward(createNetwork({ sizes }), [0, 0]);
    expect(() => backward(network, other(2, 2, 1), [0])).toThrow(
      "Layer 1 of the forward pass should have length 3, one for each unit, but the length is 2.",
    );
    expect(() => sampleLoss(network, other(2, 3), [0])).toThrow(
      "Layer 2 of the forward pass should have length 1, one for each unit, but the length is 0.",
    );
    expect(() => backward(network, pass, undefined as never)).toThrow(/targets .* length is 0\.$/);

    for (const one of [undefined, null, { inputs: xor.inputs }, { targets: xor.targets }]) {
      const call = () => cost(network, one as never);
      expect(call).toThrow(TypeError);
      expect(call).toThrow(
        /^Samples have to be \{ inputs: .* one row for each, but got (un|null|\{ )/,
      );
    }
    for (const [one, said] of [
      [3, "3"],
      ["01", '"01"'],
      [{ x: 1 }, "{ x }"],
      [null, "null"],
    ]) {
      expect(() => forward(network, one as never)).toThrow(
        `The sample's inputs should be a list of length 2, one for each input unit, but got ${said}.`,
      );
    }
    expect(() => forward(network, ["1", 0] as never)).toThrow(/^An input of the sample is "1"/);
  });

  test.each([
    [-0.1, /but it is -0\.1\. A negative rate would climb: to see that, negate the gradient/],
    [0, /but it is 0\. With 0 no weight would ever move/],
    [Number.NaN, /but it is NaN\.$/],
    [Infinity, /but it is Infinity\.$/],
  ])("a learning rate of %d", (rate, message) => {
    expect(() => update(network, new Float64Array(13), rate)).toThrow(RangeError);
    expect(() => update(network, new Float64Array(13), rate)).toThrow(message);
  });

  test("the text's h = 4 has no logistic cost, whether one asks for it or for its slope", () => {
    const logistic = createNetwork({
      sizes: [2, 3, 1],
      hidden: "identity",
      output: "identity",
      loss: "binaryCrossEntropy",
      weights: 1,
    });
    const mend = /output unit 0 gave 4, and ln\(1 − 4\) does not exist.*output: "sigmoid"/;
    expect(() => sampleLoss(logistic, pass, [0])).toThrow(mend);
    expect(() => backward(logistic, forward(logistic, [0, 0]), [0])).toThrow(mend);
    expect(() => cost(logistic, xor)).toThrow(mend);
    expect(() => backward(logistic, pass, [2])).toThrow(
      "Binary cross-entropy needs every target between 0 and 1, but target 0 is 2. (The sample)",
    );
  });

  test("of samples: which one, and what is wrong with it", () => {
    const inputs = [
      [0, 0],
      [0, 1],
    ];
    expect(() => cost(network, { inputs: [], targets: [] })).toThrow(
      "There are no samples: inputs is an empty list.",
    );
    expect(() => cost(network, { inputs, targets: [[1]] })).toThrow(
      "The list of targets should have length 2, one for each sample, but the length is 1.",
    );
    expect(() => cost(network, { inputs, targets: [[1], [0, 1]] })).toThrow(
      "Sample 1's targets should have length 1, one for each output unit, but the length is 2.",
    );
    expect(() => costGradient(network, { inputs: [[0, 0], [0]], targets: [[1], [0]] })).toThrow(
      "Sample 1's inputs should have length 2, one for each input unit, but the length is 1.",
    );
    expect(() => cost(network, { inputs, targets: [[1], [Number.NaN]] })).toThrow(
      /^A target of sample 1 is NaN/,
    );
  });
});
