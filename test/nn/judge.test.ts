/** The gradient check as a judge: over many networks, no right gradient called wrong, and no wrong one right. */
import { describe, expect, test } from "vitest";
import { createRandom, nudgedSlope } from "../../src/arithmetic";
import { xor } from "../../src/data";
import {
  activations,
  checkGradient,
  costGradient,
  createNetwork,
  type Elementwise,
  type Loss,
  losses,
  type Network,
  type NetworkOptions,
  type Samples,
} from "../../src/nn";

function own(
  name: string,
  f: (z: number) => number,
  derivative: (z: number) => number,
): Elementwise {
  const described = { name, formula: "", derivativeFormula: "", kinks: [] };
  return { ...described, range: [-Infinity, Infinity], f, derivative };
}
const elu = (alpha: number) =>
  own(
    `elu ${alpha}`,
    (z) => (z > 0 ? z : alpha * Math.expm1(z)),
    (z) => (z > 0 ? 1 : alpha * Math.exp(z)),
  );

/** A jump in f, f′ or f″ somewhere, or none; `kinks` says nothing of it, and no use may be made of it. */
const ofTheReaders = [
  own("|z|", Math.abs, (z) => (z > 0 ? 1 : -1)),
  own(
    "z|z|",
    (z) => z * Math.abs(z),
    (z) => 2 * Math.abs(z),
  ),
  own(
    "hard tanh",
    (z) => Math.max(-1, Math.min(1, z)),
    (z) => (z > -1 && z <= 1 ? 1 : 0),
  ),
  own(
    "hard sigmoid",
    (z) => Math.max(0, Math.min(1, z / 6 + 0.5)),
    (z) => (z > -3 && z <= 3 ? 1 / 6 : 0),
  ),
  own(
    "softshrink",
    (z) => Math.sign(z) * Math.max(0, Math.abs(z) - 0.5),
    (z) => (Math.abs(z) > 0.5 ? 1 : 0),
  ),
  elu(1.6732632423543772), // SELU's
  elu(0.3),
  own("sine", Math.sin, Math.cos),
];
const insideOnes = [...Object.values(activations).filter((one) => "f" in one), ...ofTheReaders];
const ends: Pick<NetworkOptions, "output" | "loss">[] = [
  { output: "identity" },
  { output: "tanh" },
  { output: "sigmoid" },
  { output: "relu" },
  { output: "softmax" },
  { output: "sigmoid", loss: "binaryCrossEntropy" },
  { output: "softmax", loss: "crossEntropy" },
  { output: "sigmoid", loss: "crossEntropy" },
];

interface Case {
  what: string;
  network: Network;
  samples: Samples;
  right: Float64Array;
}

/** Random shapes, activations, losses and samples; half the samples corners of a square, half the networks without biases. */
function* randomCases(count: number, scales: readonly number[], seed: number): Generator<Case> {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  for (let n = 0; n < count; n++) {
    const hidden = pick(insideOnes) as Elementwise;
    const [end, scale] = [pick(ends), pick(scales)];
    const sizes = pick([
      [2, 3, 2],
      [2, 4, 3, 2],
      [1, 2, 2, 2],
    ]);
    const options = { sizes, hidden, ...end, seed: 1 + Math.floor(random() * 1e6) };
    const network = createNetwork({ ...options, weights: pick(["uniform", "xavier", "he"]) });
    for (let w = 0; w < network.weights.length; w++) network.weights[w] *= scale;
    const corners = random() < 0.5;
    const inputs = [0, 1, 2, 3].map((n) =>
      Array.from({ length: sizes[0] }, (_, i) => (corners ? (n >> i) & 1 : 2 * random() - 1)),
    );
    const targets = inputs.map((_, n) => [n % 2, 1 - (n % 2)]);
    const samples = { inputs, targets };
    const what = `${hidden.name}, ${end.output}, ${end.loss ?? "halfSquaredError"}, ${sizes}, × ${scale}`;
    try {
      yield { what, network, samples, right: costGradient(network, samples) };
    } catch (error) {
      expect((error as Error).message).toMatch(/certain and wrong|has to be finite/); // no gradient to judge
    }
  }
}

/** The network with its hidden layers' f′ replaced by something else. */
function withSlopes(network: Network, slope: (f: Elementwise) => Elementwise["derivative"]) {
  const last = network.activations.length - 1;
  const broken = network.activations.map((one, l) =>
    l > 0 && l < last && "f" in one ? { ...one, derivative: slope(one) } : one,
  );
  return { ...network, activations: broken };
}

/** What may be wrong with a gradient. */
const mutants: Record<string, (one: Case) => ArrayLike<number>> = {
  "a sign": ({ right }) => right.map((slope) => -slope),
  "a factor of 2": ({ right }) => right.map((slope) => 2 * slope),
  "a factor of ½": ({ right }) => right.map((slope) => slope / 2),
  "1 % too much": ({ right }) => right.map((slope) => 1.01 * slope),
  "0.1 % too little": ({ right }) => right.map((slope) => 0.999 * slope),
  "an index shifted": ({ right }) => right.map((_, w) => right[(w + 1) % right.length]),
  "one slope 0": ({ right }) =>
    right.map((slope, w) => (w === Math.floor(right.length / 2) ? 0 : slope)),
  "no biases": ({ right, network: { sizes } }) => {
    const gradient = right.slice();
    let first = 0;
    for (let l = 1; l < sizes.length; first += sizes[l] * (1 + sizes[l - 1]), l++) {
      for (let j = 0; j < sizes[l]; j++) gradient[first + j * (1 + sizes[l - 1])] = 0;
    }
    return gradient;
  },
  "f for f′": ({ network, samples }) =>
    costGradient(
      withSlopes(network, (one) => (z) => one.f(z)),
      samples,
    ),
  "f′ at the activation": ({ network, samples }) =>
    costGradient(
      withSlopes(network, (one) => (z) => one.derivative(one.f(z))),
      samples,
    ),
  "dead units that learn": ({ network, samples }) =>
    costGradient(
      withSlopes(network, () => () => 1),
      samples,
    ),
};

/** What is below this share of the slopes a slope is a sum of is rounding, in any gradient. */
const rounding = 1e-12;

function gradientOf(mutant: (one: Case) => ArrayLike<number>, one: Case) {
  try {
    return mutant(one);
  } catch {
    return undefined; // too large
  }
}

describe.each([
  ["weights of the usual size", [1], 150],
  ["weights of 10⁻⁸ to 10⁸", [1e-8, 1e-3, 30, 1e3, 3e5, 1e8], 150],
])("%s", (_, scales, count) => {
  test("a right gradient is never called wrong, and most agree", () => {
    let [all, agreed] = [0, 0];
    for (const { what, network, samples, right } of randomCases(count, scales, 1)) {
      const { rows, verdict, agrees } = checkGradient(network, samples, { gradient: right });
      expect({ what, wrong: rows.filter((row) => row.verdict === "differs") }).toEqual({
        what,
        wrong: [],
      });
      expect(agrees).toBe(verdict === "agrees");
      for (const row of rows) expect(row.why !== undefined).toBe(row.verdict === "cannot tell");
      all++;
      if (agrees || rows.every((row) => row.agrees || row.kink)) agreed++;
    }
    expect(agreed / all).toBeGreaterThan(scales.length === 1 ? 0.99 : 0.65);
  });

  test("a wrong one never agrees, and most are found", () => {
    let [all, found] = [0, 0];
    for (const one of randomCases(count / 3, scales, 2)) {
      const largest = Math.max(...one.right.map(Math.abs));
      for (const [name, mutant] of Object.entries(mutants)) {
        const gradient = gradientOf(mutant, one);
        if (!gradient) continue;
        const isWrong = one.right.some((slope, w) => {
          const size = Math.max(Math.abs(slope), Math.abs(gradient[w]));
          return Math.abs(slope - gradient[w]) > Math.max(5e-4 * size, rounding * largest);
        });
        if (!isWrong || !(largest > rounding)) continue;
        const { verdict } = checkGradient(one.network, one.samples, { gradient });
        expect({ what: one.what, name, verdict }).not.toMatchObject({ verdict: "agrees" });
        all++;
        if (verdict === "differs") found++;
      }
    }
    expect(all).toBeGreaterThan(250);
    expect(found / all).toBeGreaterThan(0.95);
  });
});

test("ELU at XOR's corners, where z is 0 and f″ jumps: every start agrees", () => {
  for (let seed = 1; seed <= 20; seed++) {
    for (const hidden of ["elu", "tanh", "gelu", ofTheReaders[1]] as const) {
      const network = createNetwork({ sizes: [2, 3, 1], hidden, seed });
      expect(checkGradient(network, xor).verdict).toBe("agrees");
    }
  }
});

test("at a kink only what lies between the slopes from both sides may be right, and no slope agrees", () => {
  const network = createNetwork({ sizes: [1, 1, 1], hidden: "relu", weights: [0, 1, 0, 1] });
  const [sample, at] = [{ inputs: [[0]], targets: [[-2]] }, (slope: number) => [slope, 0, 2, 0]];
  const judged = (slope: number) => checkGradient(network, sample, { gradient: at(slope) }).rows[0];
  for (const slope of [0, 0.7, 2]) {
    const row = judged(slope);
    expect(row).toMatchObject({ verdict: "cannot tell", kink: true });
    const ends = [row.nudged - row.uncertainty, row.nudged + row.uncertainty];
    expect(ends).toEqual([expect.closeTo(0, 4), expect.closeTo(2, 4)]);
    expect(row.why).toBe(
      "A unit is at a kink, or closer to one than the nudge: any slope of W10 from " +
        `${ends[0].toPrecision(4)} to ${ends[1].toPrecision(4)} may be right. Check the gradient at other weights; ` +
        "if the kink is merely close, a smaller nudge will do.",
    );
  }
  for (const slope of [-0.1, 2.1, -2]) expect(judged(slope).verdict).toBe("differs");
  // A slope of 0 in the middle of the two is no exception.
  const bent = {
    ...network,
    activations: [activations.identity, ofTheReaders[0], activations.identity],
  };
  const { verdict } = checkGradient(bent, sample, { gradient: at(0) });
  expect(verdict).toBe("cannot tell");
});

test("what rounding hides is said, and how much", () => {
  const network = createNetwork({ sizes: [1, 1], output: "sigmoid", weights: [-45, 0] });
  const { rows, agrees } = checkGradient(network, { inputs: [[1]], targets: [[1]] });
  expect(agrees).toBe(false);
  expect(rows[0]).toMatchObject({ verdict: "cannot tell", kink: false });
  expect(rows[0].uncertainty).toBeLessThan(1e-14);
  expect(rows[0].why).toBe(
    `Rounding makes the slope of V00 uncertain by ${rows[0].uncertainty.toPrecision(1)}, and the slope is only about ` +
      `${rows[0].nudged.toPrecision(1)}. No other nudge can tell more: check the gradient where units are not saturated, ` +
      "at smaller weights, or with targets further from the outputs.",
  );
});

test("the cost is what is judged: a loss whose slope is not its own is found", () => {
  const doubled: Loss = {
    ...losses.halfSquaredError,
    gradient: (a, y, out) => {
      for (let k = 0; k < a.length; k++) out[k] = 2 * (a[k] - y[k]);
    },
  };
  const network = createNetwork({ sizes: [2, 3, 1], loss: doubled, seed: 2 });
  expect(checkGradient(network, xor).verdict).toBe("differs");
});

describe("a slope from values alone", () => {
  const cases: [string, (z: number) => number, number, number][] = [
    ["e^z", Math.exp, 0.3, Math.exp(0.3)],
    ["sin z at 1000", Math.sin, 1000, Math.cos(1000)],
    ["a parabola from 0 on", (z) => Math.max(0, z) ** 2, 0, 0],
    ["z² at 10⁸", (z) => z * z, 1e8, 2e8],
    ["√z near 0", Math.sqrt, 1e-12, 5e5],
    ["a kink at 10⁻⁹ of 0.3", (z) => Math.abs(z - 0.3), 0.3 + 1e-3, 1],
    ["lines at 10¹²", (z) => Math.max(0.01 * z, z), 1e12, 1],
    ["a tiny z before a kink", (z) => Math.max(0.01 * z, z), 1e-20, 1],
  ];
  test.each(cases)("%s", (_, f, z, expected) => {
    const { slope, error, kink } = nudgedSlope(f, z, 1e-5);
    expect(kink).toBe(false);
    expect(Math.abs(slope - expected)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThanOrEqual(1e-7 * Math.max(Math.abs(expected), 1));
  });

  test("numbers too small to divide end in a verdict, not in an endless loop", () => {
    for (const z of [5e-324, 1e-310, -1e-300, 1e308]) {
      const { slope, error } = nudgedSlope(Math.tanh, z, 1e-5);
      expect(Math.abs(slope - (Math.abs(z) < 1 ? 1 : 0))).toBeLessThanOrEqual(error);
    }
  });
});
