import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  costGradient,
  createNetwork,
  gradientDescent,
  momentum,
  type NetworkOptions,
  optimisers,
  Training,
  train,
} from "../../src/nn";

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
  expect(() => momentum(1)).toThrow(/but it is 1/);
  expect(() => momentum(Number.NaN)).toThrow(/NaN/);
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
