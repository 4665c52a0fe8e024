import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import { costGradient, createNetwork, type NetworkOptions } from "../../src/nn";
import {
  adam,
  adamW,
  clipped,
  gradientDescent,
  momentum,
  nesterov,
  type Optimiser,
  type OptimiserName,
  optimisers,
  rmsProp,
  Training,
  train,
} from "../../src/training";

const options: NetworkOptions = { sizes: [2, 3, 1], hidden: "tanh", weights: "uniform", seed: 7 };

test("momentum carries a part of each step into the next", () => {
  const network = createNetwork(options);
  const expected = createNetwork(options);
  const velocity = new Float64Array(expected.weights.length);
  for (let epoch = 0; epoch < 5; epoch++) {
    const gradient = costGradient(expected, xor);
    for (let w = 0; w < velocity.length; w++) {
      velocity[w] = 0.8 * velocity[w] - 0.1 * gradient[w];
      expected.weights[w] += velocity[w];
    }
  }
  train(network, xor, { learningRate: 0.1, epochs: 5, optimiser: momentum(0.8) });
  network.weights.forEach((w, i) => {
    expect(w).toBeCloseTo(expected.weights[i], 14);
  });
});

test("without a part to carry it is gradient descent", () => {
  const [plain, none] = [gradientDescent, momentum(0)].map((optimiser) => {
    const network = createNetwork(options);
    train(network, xor, { learningRate: 0.1, epochs: 20, batchSize: 3, optimiser });
    return Array.from(network.weights);
  });
  none.forEach((w, i) => {
    expect(w).toBeCloseTo(plain[i], 14);
  });
});

test("a clipped gradient keeps its direction and gets shorter; one that is short enough stays", () => {
  const step = (gradient: number[], samples: number, most = 1) => {
    const weights = new Float64Array(2);
    const run = clipped(most, "gradientDescent").start(2);
    run(weights, Float64Array.from(gradient), samples, 0.1);
    return Array.from(weights, (w) => Number(w.toFixed(12)));
  };
  expect(step([3, 4], 1)).toEqual([-0.06, -0.08]); // length 5 becomes 1
  expect(step([3, 4], 10)).toEqual([-0.03, -0.04]); // the mean's length is 0.5
  expect(step([30, 40], 10, 2)).toEqual([-0.12, -0.16]);
  expect(step([0, 0], 1)).toEqual([0, 0]);
  for (const wrong of [0, -1, Infinity, Number.NaN]) {
    expect(() => clipped(wrong, "adam")).toThrow(
      `clipped to a length that is a positive number, such as 1, but it is ${wrong}.`,
    );
  }
  expect(() => clipped(1, "sgd" as "adam")).toThrow(/no optimiser called "sgd"/);
});

test("names stand for optimisers, and wrong ones are refused", () => {
  const network = createNetwork(options);
  const how = { learningRate: 0.1, epochs: 1 };
  for (const name of Object.keys(optimisers)) {
    expect(
      () => new Training(network, xor, { ...how, optimiser: name as "momentum" }),
    ).not.toThrow();
  }
  expect(() => new Training(network, xor, { ...how, optimiser: "sgd" as "momentum" })).toThrow(
    /no optimiser called "sgd".*gradientDescent, momentum/,
  );
});

/** A weight from 1 over two steps at a rate of 0.1, its slopes 2 and then 1: each the mean of two samples. */
function twoSteps(optimiser: Optimiser): number[] {
  const weights = Float64Array.of(1);
  const step = optimiser.start(1);
  return [2, 1].map((slope) => {
    step(weights, Float64Array.of(2 * slope), 2, 0.1);
    return weights[0];
  });
}

describe("two steps of one weight, by hand", () => {
  // Adam with β₁ = ½ and β₂ = ¾: m = 1, m̂ = 2, s = 1, ŝ = 4; then m = 1, m̂ = 4/3, s = 1, ŝ = 16/7.
  const first = 2 / (2 + 1);
  const second = 4 / 3 / (4 / Math.sqrt(7) + 1);
  const decayed = 1 - 0.1 * (first + 0.5);
  const byHand: [string, Optimiser, number[]][] = [
    ["gradient descent: 0.1 · 2, 0.1 · 1", gradientDescent, [0.8, 0.7]],
    ["momentum ½: −0.2, then ½ · −0.2 − 0.1", momentum(0.5), [0.8, 0.6]],
    ["nesterov ½: ½ · −0.2 − 0.2, twice, the second ½ · −0.2 − 0.1", nesterov(0.5), [0.7, 0.5]],
    ["rmsProp ¾, ε 1: s = 1 both times, 0.1 · 2 / 2, 0.1 · 1 / 2", rmsProp(0.75, 1), [0.9, 0.85]],
    [
      "adam",
      adam({ beta1: 0.5, beta2: 0.75, epsilon: 1 }),
      [1 - 0.1 * first, 1 - 0.1 * (first + second)],
    ],
    [
      "adamW, which takes half of α times the weight off as well",
      adamW({ beta1: 0.5, beta2: 0.75, epsilon: 1, weightDecay: 0.5 }),
      [decayed, decayed - 0.1 * (second + 0.5 * decayed)],
    ],
  ];

  test("every optimiser of the library is among them: a new one comes with its own steps", () => {
    const names = byHand.map(([, { name }]) => name);
    expect(names).toEqual(Object.keys(optimisers));
  });

  test.each(byHand)("%s", (_, optimiser, expected) => {
    twoSteps(optimiser).forEach((weight, n) => {
      expect(weight).toBeCloseTo(expected[n], 14);
    });
  });

  test("the defaults are those that the field uses", () => {
    expect(twoSteps(momentum())).toEqual(twoSteps(momentum(0.9)));
    expect(twoSteps(nesterov())).toEqual(twoSteps(nesterov(0.9)));
    expect(twoSteps(rmsProp())).toEqual(twoSteps(rmsProp(0.9, 1e-8)));
    const usual = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    expect(twoSteps(adam())).toEqual(twoSteps(adam({ ...usual, weightDecay: 0 })));
    expect(twoSteps(adamW())).toEqual(twoSteps(adam({ ...usual, weightDecay: 0.01 })));
    expect(twoSteps(adamW())).not.toEqual(twoSteps(adam()));
  });

  test("a run remembers nothing of another", () => {
    for (const optimiser of Object.values(optimisers)) {
      expect(twoSteps(optimiser)).toEqual(twoSteps(optimiser));
    }
  });
});

test("each has its own name, and a formula with all of its settings' letters; a new one is listed here", () => {
  const made = {
    gradientDescent,
    momentum: momentum(),
    nesterov: nesterov(),
    rmsProp: rmsProp(),
    adam: adam(),
    adamW: adamW(),
  };
  expect(Object.keys(optimisers)).toEqual(Object.keys(made));
  for (const [name, { name: own, formula }] of Object.entries(made)) {
    expect(own).toBe(name);
    expect(optimisers[name as OptimiserName]).toMatchObject({ name, formula });
  }
  const all = ["leftarrow", "mu", "rho", "beta_1", "beta_2", "varepsilon", "lambda"];
  const letters = Object.values(made).map(({ formula }) =>
    all.filter((letter) => formula.includes(`\\${letter}`)),
  );
  expect(letters).toEqual([
    ["leftarrow"],
    ["leftarrow", "mu"],
    ["leftarrow", "mu"],
    ["leftarrow", "rho", "varepsilon"],
    ["leftarrow", "beta_1", "beta_2", "varepsilon"],
    ["leftarrow", "beta_1", "beta_2", "varepsilon", "lambda"],
  ]);
  expect(made.adamW.formula.replace(String.raw` + \lambda w`, "")).toBe(made.adam.formula);
  expect(adamW({ weightDecay: 0 })).toMatchObject({ name: "adam", formula: made.adam.formula });
});

test("a clipped optimiser says that it is, and how, before its own step", () => {
  for (const inner of Object.values(optimisers)) {
    const { name, formula } = clipped(1, inner);
    expect(name).toBe(`${inner.name}, clipped`);
    expect(formula).toMatch(/^g \\leftarrow g .*\\min.*\\lVert g \\rVert/);
    expect(formula.endsWith(`, \\quad ${inner.formula}`)).toBe(true);
  }
});

describe("settings outside their ranges are refused, with the value and the range", () => {
  const range = "has to be at least 0 and below 1, but it is";
  const ofStep = `The share mu of each step that momentum keeps ${range}`;
  const small = "Epsilon has to be a small positive number, such as 1e-8, but it is";
  const decay = "The weight decay has to be 0 or a small positive number, but it is";
  const shares = [-0.1, 1, Number.NaN];
  const positive = [0, -1e-8, Infinity, Number.NaN];
  test.each<[string, (wrong: number) => Optimiser, string, number[]]>([
    ["momentum", momentum, ofStep, shares],
    ["nesterov", nesterov, ofStep, shares],
    ["rmsProp's ρ", rmsProp, `The share rho of its mean that RMSProp keeps ${range}`, shares],
    ["rmsProp's ε", (epsilon) => rmsProp(0.9, epsilon), small, positive],
    [
      "β₁",
      (beta1) => adam({ beta1 }),
      `The share beta1 of its first mean that Adam keeps ${range}`,
      shares,
    ],
    [
      "β₂",
      (beta2) => adam({ beta2 }),
      `The share beta2 of its second mean that Adam keeps ${range}`,
      shares,
    ],
    ["Adam's ε", (epsilon) => adam({ epsilon }), small, positive],
    ["λ", (weightDecay) => adamW({ weightDecay }), decay, [-0.01, Infinity, Number.NaN]],
  ])("%s", (_, make, message, wrong) => {
    for (const value of wrong) {
      expect(() => make(value)).toThrow(RangeError);
      expect(() => make(value)).toThrow(message);
      expect(() => make(value)).toThrow(new RegExp(`but it is ${value}\\.$`));
    }
    if (wrong === shares) expect(() => make(0)).not.toThrow();
  });
});

describe("step", () => {
  test.each([1, 3, 4])("in batches of %i, steps make up epochs to the last bit", (batchSize) => {
    const runs = [0, 1].map(() => {
      const network = createNetwork(options);
      return new Training(network, xor, { learningRate: 0.1, epochs: 6, batchSize, seed: 5 });
    });
    const seen: number[][] = [];
    while (!runs[0].ending) seen.push(runs[0].step());
    while (!runs[1].ending) runs[1].advance();
    expect(Array.from(runs[0].network.weights)).toEqual(Array.from(runs[1].network.weights));
    expect(runs[0].history).toEqual(runs[1].history);
    const steps = Math.ceil(4 / batchSize);
    expect(seen).toHaveLength(6 * steps);
    for (let epoch = 0; epoch < 6; epoch++) {
      const samples = seen.slice(epoch * steps, (epoch + 1) * steps).flat();
      expect(samples.sort()).toEqual([0, 1, 2, 3]);
    }
    expect(runs[0].step()).toEqual([]);
  });

  test("an epoch that a step has begun is finished by the next advance", () => {
    const network = createNetwork(options);
    const training = new Training(network, xor, { learningRate: 0.1, epochs: 6, batchSize: 1 });
    training.step();
    expect(training.epoch).toBe(0);
    training.advance();
    expect(training.epoch).toBe(1);
  });
});
