import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  checkGradient,
  cost,
  costGradient,
  createNetwork,
  type Elementwise,
  identity,
  nudgedGradient,
  softmax,
} from "../../src/nn";

const [inputs, hidden] = [2, 3];

/** What of a backward pass for 2-3-1 (tanh, identity) may be wrong. */
interface Pass {
  /** The slope of tanh at a hidden unit with this z and a. */
  slope(z: number, a: number): number;
  /** The weight that takes D0's δ back to hidden unit j; `step` is what a step would take off V. */
  weightBack(V: ArrayLike<number>, j: number, step: readonly number[]): number;
  /** Last touch to the hidden layer's slopes, column 0 the bias. */
  hiddenSlope(slope: number, column: number): number;
}

const right: Pass = {
  slope: (_, a) => 1 - a * a,
  weightBack: (V, j) => V[1 + j],
  hiddenSlope: (slope) => slope,
};

/** The six that the notebook lets the reader find, with the weights whose slope each gets wrong. */
const broken: [fault: string, pass: Pass, weights: RegExp][] = [
  ["f′ taken at the activation", { ...right, slope: (_, a) => 1 - Math.tanh(a) ** 2 }, /W/],
  [
    "no gradient for the hidden bias",
    { ...right, hiddenSlope: (slope, column) => (column === 0 ? 0 : slope) },
    /W\d0/,
  ],
  [
    "weights updated before the deltas are taken from them",
    { ...right, weightBack: (V, j, step) => V[1 + j] - step[1 + j] },
    /W/,
  ],
  ["an index shifted by one", { ...right, weightBack: (V, j) => V[j] }, /W/],
  ["the weight left out", { ...right, weightBack: () => 1 }, /W/],
  ["a sign", { ...right, weightBack: (V, j) => -V[1 + j] }, /W/],
];

/** The mean gradient over XOR by a backward pass of its own, with the given parts. */
function gradientBy(pass: Pass, weights: Float64Array): Float64Array {
  const V = weights.slice(hidden * (1 + inputs));
  const gradient = new Float64Array(weights.length);
  xor.inputs.forEach((x, n) => {
    const withBias = [1, ...x];
    const z = Array.from({ length: hidden }, (_, j) =>
      withBias.reduce((sum, value, i) => sum + weights[j * (1 + inputs) + i] * value, 0),
    );
    const a = [1, ...z.map(Math.tanh)];
    const delta = a.reduce((sum, value, j) => sum + V[j] * value, 0) - xor.targets[n][0];
    const step = a.map((value) => 0.1 * delta * value);
    for (let j = 0; j < hidden; j++) {
      const deltaHidden = pass.weightBack(V, j, step) * delta * pass.slope(z[j], a[1 + j]);
      withBias.forEach((value, i) => {
        gradient[j * (1 + inputs) + i] += pass.hiddenSlope(deltaHidden * value, i) / 4;
      });
    }
    a.forEach((value, j) => {
      gradient[hidden * (1 + inputs) + j] += (delta * value) / 4;
    });
  });
  return gradient;
}

const network = createNetwork({ sizes: [inputs, hidden, 1], weights: "uniform", seed: 3 });

describe("checkGradient", () => {
  test("the library's own gradient agrees, and so does one written apart", () => {
    for (const gradient of [undefined, gradientBy(right, network.weights)]) {
      const check = checkGradient(network, xor, { gradient });
      expect(check.agrees).toBe(true);
      expect(check.largestError).toBeLessThan(1e-8);
      expect(check.rows.map(({ weight }) => weight).join(" ")).toBe(
        "W10 W11 W12 W20 W21 W22 W30 W31 W32 V00 V01 V02 V03",
      );
      expect(check.rows.every(({ agrees, kink }) => agrees && !kink)).toBe(true);
    }
  });

  test.each(broken)("finds %s, and where", (_, pass, faulty) => {
    const check = checkGradient(network, xor, { gradient: gradientBy(pass, network.weights) });
    expect(check.agrees).toBe(false);
    expect(check.largestError).toBeGreaterThan(1e-3);
    for (const { weight, agrees, error } of check.rows) {
      expect({ weight, agrees }).toEqual({ weight, agrees: !faulty.test(weight) });
      expect(error <= 1e-6).toBe(agrees);
    }
  });

  test.each(broken.slice(0, -1))("a falling cost does not: %s learns all the same", (_, pass) => {
    // From one of ten starts; a few starts fail for the right gradient too.
    const costs = Array.from({ length: 10 }, (_, seed) => {
      const learner = createNetwork({ sizes: [inputs, hidden, 1], weights: "xavier", seed });
      for (let epoch = 0; epoch < 3000; epoch++) {
        const gradient = gradientBy(pass, learner.weights);
        for (let w = 0; w < gradient.length; w++) learner.weights[w] -= 0.3 * gradient[w];
      }
      return cost(learner, xor);
    });
    expect(costs.filter((cost) => cost < 0.01).length).toBeGreaterThan(4);
  });

  test("takes any loss, batch and depth", () => {
    const deep = createNetwork({
      sizes: [3, 4, 3, 2],
      hidden: ["gelu", "softplus"],
      output: "softmax",
      loss: "crossEntropy",
      seed: 8,
    });
    const samples = {
      inputs: [
        [1, -2, 0.5],
        [0, 0.3, -1],
        [2, 1, 1],
      ],
      targets: [
        [1, 0],
        [0.5, 0.5],
        [0, 1],
      ],
    };
    for (const reduction of ["mean", "sum"] as const) {
      expect(checkGradient(deep, samples, { reduction }).agrees).toBe(true);
    }
    const mean = costGradient(deep, samples);
    expect(checkGradient(deep, samples, { gradient: mean, reduction: "sum" }).agrees).toBe(false);
    const reduction = "average" as never;
    const says = /"mean".*"sum".*"average" was given/;
    expect(() => cost(deep, samples, reduction)).toThrow(says);
    expect(() => costGradient(deep, samples, reduction)).toThrow(says);
    expect(() => checkGradient(deep, samples, { gradient: mean, reduction })).toThrow(says);
  });

  test("settings under which any gradient would agree are refused", () => {
    const network = createNetwork({ sizes: [2, 3, 1], seed: 1 });
    expect(() => checkGradient(network, xor, { nudge: 1e-15 })).toThrow(/at least 1e-9.*1e-15/);
    expect(() => checkGradient(network, xor, { nudge: Number.NaN })).toThrow(/NaN/);
    expect(() => checkGradient(network, xor, { tolerance: 10 })).toThrow(/tolerance.*10/);
    const negated = costGradient(network, xor).map((slope) => -slope);
    expect(checkGradient(network, xor, { gradient: negated, nudge: 1e-9 }).agrees).toBe(false);
  });

  test("a tolerance is a share, a nudge a length: 0, 1, infinity and none are neither", () => {
    for (const tolerance of [0, 1, -1e-6, Number.NaN])
      expect(() => checkGradient(network, xor, { tolerance })).toThrow(
        `The tolerance has to be a small positive number, such as 1e-6, but it is ${tolerance}.`,
      );
    for (const nudge of [9e-10, 0, -1e-5, Infinity, Number.NaN])
      expect(() => checkGradient(network, xor, { nudge })).toThrow(
        `A gradient check needs a nudge of at least 1e-9, but it is ${nudge}: below that, rounding hides the nudge's effect.`,
      );
    for (const how of [{ nudge: 1e-9 }, { tolerance: 1e-8 }, { tolerance: 0.5 }])
      expect(checkGradient(network, xor, how).agrees).toBe(true);
  });

  test("the tolerance is the share by which a slope may be off", () => {
    const gradient = costGradient(network, xor);
    gradient[4] *= 1 + 1e-4;
    const { rows, agrees, largestError } = checkGradient(network, xor, { gradient });
    expect(agrees).toBe(false);
    expect(rows.filter((row) => !row.agrees).map(({ weight }) => weight)).toEqual(["W21"]);
    expect(largestError).toBe(rows[4].error);
    expect(largestError).toBeCloseTo(1e-4, 7);
    expect(checkGradient(network, xor, { gradient, tolerance: 2e-4 }).agrees).toBe(true);
    expect(checkGradient(network, xor, { gradient, tolerance: 5e-5 }).agrees).toBe(false);
  });

  test("one slope that differs makes the verdict, also behind others that cannot be told", () => {
    const bent = { sizes: [1, 1, 1], hidden: "relu", weights: [0, 1, 0, 1] } as const;
    const [one, sample] = [createNetwork(bent), { inputs: [[0]], targets: [[-2]] }];
    const check = (gradient: number[]) => checkGradient(one, sample, { gradient });
    expect(check([0, 0, 2, 0]).verdict).toBe("cannot tell");
    expect(check([0, 0, 2, 0]).agrees).toBe(false);
    expect(check([0, 0, 3, 0])).toMatchObject({ verdict: "differs", agrees: false });
    expect(
      check([0, 0, 3, 0])
        .rows.slice(0, 3)
        .map(({ verdict }) => verdict),
    ).toEqual(["cannot tell", "agrees", "differs"]);
  });

  test("slopes of samples that cancel agree with 0, as they add up to rounding", () => {
    // ∂L/∂w at the targets ±0.3 is ∓0.3 · 0.1: the mean is 0 but for the last digits.
    const even = createNetwork({ sizes: [1, 1], weights: [0, 0] });
    const samples = { inputs: [[0.1], [0.1]], targets: [[0.3], [-0.3]] };
    const { agrees, rows } = checkGradient(even, samples, { gradient: [1e-17, -1e-17] });
    expect(agrees).toBe(true);
    expect(rows.every(({ kink }) => !kink)).toBe(true);
    expect(checkGradient(even, samples, { gradient: [1e-9, 0] }).verdict).toBe("differs");
  });

  test("a sample that is there twice changes nothing of the mean: no slope, no uncertainty", () => {
    const [x, y] = [[0.5, -2], [1]];
    const once = checkGradient(network, { inputs: [x], targets: [y] });
    const twice = checkGradient(network, { inputs: [x, x], targets: [y, y] });
    expect(twice).toEqual(once);
    const sum = checkGradient(network, { inputs: [x, x], targets: [y, y] }, { reduction: "sum" });
    for (const [w, { nudged, uncertainty }] of once.rows.entries()) {
      expect(sum.rows[w].nudged).toBe(2 * nudged);
      expect(sum.rows[w].uncertainty).toBe(2 * uncertainty);
    }
  });

  test("follows a nudge through layers that widen and narrow", () => {
    for (const sizes of [
      [1, 2, 4],
      [4, 2, 1],
      [1, 4, 1, 3],
    ]) {
      const one = createNetwork({ sizes, seed: 6, weights: "uniform" });
      const samples = {
        inputs: [sizes[0], 1].map((n) => Array.from({ length: sizes[0] }, (_, i) => n / (i + 2))),
        targets: [1, 2].map((n) => Array(sizes[sizes.length - 1]).fill(n)),
      };
      expect(checkGradient(one, samples), sizes.join()).toMatchObject({ agrees: true });
    }
  });

  test("softmax in a hidden layer, which createNetwork refuses, cannot be nudged unit by unit", () => {
    const one = createNetwork({ sizes: [1, 2, 1] });
    const built = { ...one, activations: [identity, softmax, identity] };
    const gradient = new Float64Array(one.weights.length);
    expect(() => checkGradient(built, { inputs: [[1]], targets: [[0]] }, { gradient })).toThrow(
      "Softmax belongs in the output layer.",
    );
  });

  test("a slope that is 0 is not made wrong by rounding", () => {
    const dead = createNetwork({ sizes: [2, 3, 1], hidden: "relu", weights: -1 });
    const check = checkGradient(dead, { inputs: [[1, 2]], targets: [[0]] });
    expect(check.rows.slice(0, 9).map(({ backward }) => backward)).toEqual(new Array(9).fill(0));
    expect(check.agrees).toBe(true);
  });

  test("says where a kink lies within the nudge, and only there", () => {
    // Z1 stands at 0, the kink; Z2 at 1, away from it.
    const bent = createNetwork({
      sizes: [1, 2, 1],
      hidden: "relu",
      weights: [0, 1, 1, 1, 0.5, 2, 1],
    });
    const { agrees, rows } = checkGradient(bent, { inputs: [[0]], targets: [[0]] });
    expect(agrees).toBe(false);
    expect(rows.filter(({ kink }) => kink).map(({ weight }) => weight)).toEqual(["W10"]);
    // The backward pass takes the slope from the left, 0; the nudge half of the one from the right.
    const { backward, nudged } = rows[0];
    expect(backward).toBe(0);
    expect(nudged).toBeCloseTo((1.5 * 2) / 2, 4);
  });

  test("leaves the weights as they were, also when a nudged cost does not exist", () => {
    const kept = network.weights.slice();
    checkGradient(network, xor);
    expect(network.weights).toEqual(kept);
    const edge = createNetwork({
      sizes: [1, 1],
      output: "identity",
      loss: "binaryCrossEntropy",
      weights: [0, 0.5],
    });
    expect(() => checkGradient(edge, { inputs: [[0]], targets: [[0]] })).toThrow(
      /output unit 0 gave -0\.00001\./,
    );
    expect(Array.from(edge.weights)).toEqual([0, 0.5]);
  });

  test("nudgedGradient is exact for a cost that is a parabola: (C(w+h) − C(w−h)) / 2h", () => {
    const line = createNetwork({ sizes: [1, 1], weights: [1, 2] });
    // a = 1 + 2 · 3 = 7, target 2: slopes 5 and 15
    const [bias, weight] = nudgedGradient(line, { inputs: [[3]], targets: [[2]] });
    expect(bias).toBeCloseTo(5, 8);
    expect(weight).toBeCloseTo(15, 8);
  });

  test("nudges each weight up and down by the nudge, and of a large one by half its digits", () => {
    const seen: number[] = [];
    const watched: Elementwise = {
      ...identity,
      f(z) {
        seen.push(z);
        return z;
      },
    };
    const asked = (bias: number, nudge?: number) => {
      const one = createNetwork({ sizes: [1, 1], output: watched, weights: [bias, 0] });
      nudgedGradient(one, { inputs: [[0]], targets: [[0]] }, { nudge });
      return seen.splice(0).slice(0, 2);
    };
    expect(asked(0)).toEqual([1e-5, -1e-5]);
    expect(asked(0, 2 ** -8)).toEqual([2 ** -8, -(2 ** -8)]);
    expect(asked(3, 2 ** -8)).toEqual([3 + 2 ** -8, 3 - 2 ** -8]);
    for (const sign of [1, -1]) {
      const bias = sign * 2 ** 30;
      expect(asked(bias)).toEqual([bias + 16, bias - 16]);
    }
  });

  test("nudgedGradient takes the mean over the samples, or their sum", () => {
    const mean = nudgedGradient(network, xor);
    const sum = nudgedGradient(network, xor, { reduction: "sum" });
    for (const [w, slope] of costGradient(network, xor).entries()) {
      expect(mean[w]).toBeCloseTo(slope, 8);
      expect(sum[w]).toBeCloseTo(4 * slope, 8);
    }
  });

  test("errors", () => {
    expect(() => checkGradient(network, xor, { gradient: [1, 2, 3] })).toThrow(
      "The gradient should have length 13, one slope for each weight, but the length is 3.",
    );
    const gradient = new Float64Array(13).fill(Number.NaN, 5, 6);
    expect(() => checkGradient(network, xor, { gradient })).toThrow(
      /^A slope of the gradient is NaN \(number 5/,
    );
    for (const nudge of [0, -1e-5, Number.NaN, Infinity]) {
      expect(() => nudgedGradient(network, xor, { nudge })).toThrow(
        `The nudge has to be a small positive number, such as 1e-5, but it is ${nudge}.`,
      );
    }
    expect(() => nudgedGradient(network, { inputs: [[1]], targets: [[0]] })).toThrow(
      /^Sample 0's inputs should have length 2/,
    );
    const large = createNetwork({ sizes: [1, 1], weights: [1e160, 1] });
    expect(() => nudgedGradient(large, { inputs: [[0]], targets: [[0]] })).toThrow(
      /^A nudged cost is Infinity/,
    );
  });
});
