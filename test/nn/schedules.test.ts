import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  constant,
  copyNetwork,
  cosine,
  costGradient,
  createNetwork,
  type Schedule,
  stairs,
  Training,
  update,
  warmUp,
} from "../../src/nn";

test.each<[string, Schedule, [share: number, factor: number][]]>([
  [
    "constant",
    constant,
    [
      [0, 1],
      [0.99, 1],
    ],
  ],
  [
    "cosine",
    cosine,
    [
      [0, 1],
      [0.5, 0.5],
      [0.75, (1 - Math.SQRT1_2) / 2],
    ],
  ],
  [
    "stairs",
    stairs(),
    [
      [0, 1],
      [0.3, 1],
      [0.34, 0.1],
      [0.67, 0.01],
    ],
  ],
  [
    "stairs of two parts",
    stairs(0.5, 2),
    [
      [0.49, 1],
      [0.5, 0.5],
    ],
  ],
  [
    "warm-up",
    warmUp(0.2),
    [
      [0, 0.1],
      [0.1, 0.55],
      [0.2, 1],
      [0.9, 1],
    ],
  ],
  [
    "warm-up, then cosine",
    warmUp(0.5, cosine),
    [
      [0.25, 0.55],
      [0.5, 1],
      [0.75, 0.5],
    ],
  ],
])("%s", (_name, schedule, points) => {
  for (const [share, factor] of points) expect(schedule(share)).toBeCloseTo(factor, 12);
});

test("settings that make no sense are refused", () => {
  expect(() => stairs(0)).toThrow(/positive factor, but it is 0/);
  expect(() => stairs(0.1, 1.5)).toThrow(/whole number of parts.*1\.5/);
  expect(() => warmUp(1)).toThrow(/between 0 and 1, but it is 1/);
});

describe("training with a schedule", () => {
  const start = createNetwork({ sizes: [2, 3, 1], seed: 2 });
  test("each epoch steps with its own rate", () => {
    const [network, byHand] = [copyNetwork(start), copyNetwork(start)];
    const training = new Training(network, xor, { learningRate: 0.4, epochs: 4, schedule: cosine });
    training.advance(4);
    for (let epoch = 0; epoch < 4; epoch++)
      update(byHand, costGradient(byHand, xor), 0.4 * cosine(epoch / 4));
    network.weights.forEach((w, i) => {
      expect(w).toBeCloseTo(byHand.weights[i], 12);
    });
  });

  test("a rate of 0 or below is refused, and the network is as it was", () => {
    const network = copyNetwork(start);
    const training = new Training(network, xor, {
      learningRate: 0.4,
      epochs: 4,
      schedule: () => 0,
    });
    expect(() => training.advance()).toThrow(
      /schedule gives a factor above 0, but with 0 .* it gave 0/,
    );
    expect(network.weights).toEqual(start.weights);
  });
});
