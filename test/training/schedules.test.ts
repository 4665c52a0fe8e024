import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import { copyNetwork, costGradient, createNetwork, update } from "../../src/nn";
import { constant, cosine, type Schedule, stairs, Training, warmUp } from "../../src/training";

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
      [0.875, (1 - Math.SQRT1_2) / 2],
    ],
  ],
  [
    "warm-up over a fifth, then cosine over the rest",
    warmUp(0.2, cosine),
    [
      [0.2, 1],
      [0.6, 0.5],
      [0.8, (1 - Math.SQRT1_2) / 2],
    ],
  ],
  ["warm-up, then three tenths", warmUp(0.5, () => 0.3), [[0.5, 0.3]]],
])("%s", (_name, schedule, points) => {
  for (const [share, factor] of points) expect(schedule(share)).toBeCloseTo(factor, 12);
});

test("settings that make no sense are refused, with their values", () => {
  for (const wrong of [0, -0.1, Infinity, Number.NaN]) {
    expect(() => stairs(wrong)).toThrow(`by a positive factor, but it is ${wrong}.`);
  }
  for (const wrong of [0, -1, 1.5, Infinity, Number.NaN]) {
    expect(() => stairs(0.1, wrong)).toThrow(`number of parts, 1 or more, but got ${wrong}.`);
  }
  for (const wrong of [0, 1, -0.1, Number.NaN]) {
    expect(() => warmUp(wrong)).toThrow(`has to be above 0 and below 1, but it is ${wrong}.`);
  }
  expect(stairs(0.5, 1)(0.99)).toBe(1);
  expect(warmUp()(0.05)).toBeCloseTo(0.55, 12);
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

  test.each([0, -1, Infinity, Number.NaN])(
    "a factor of %d is refused, and the network is as it was",
    (wrong) => {
      const network = copyNetwork(start);
      const training = new Training(network, xor, {
        learningRate: 0.4,
        epochs: 4,
        schedule: (share) => (share < 0.5 ? 1 : wrong),
      });
      training.advance(2);
      const kept = network.weights.slice();
      expect(() => training.advance()).toThrow(
        `A schedule has to give a factor above 0, but with 0.5 of the training done it gave ${wrong}.`,
      );
      expect(network.weights).toEqual(kept);
      expect(training).toMatchObject({ epoch: 2, ending: "diverged" });
    },
  );
});
