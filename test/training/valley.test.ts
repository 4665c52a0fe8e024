import { expect, test } from "vitest";
import { equalCosts } from "../../src/show";
import { descendValley, gradientDescent, momentum } from "../../src/training";

const valley = { steep: 20, learningRate: 0.09, steps: 7, start: [-9, 1.5] as const };

test("plain descent multiplies each weight by 1 − α times its curvature", () => {
  const path = descendValley(gradientDescent, valley);
  expect(path).toHaveLength(8);
  for (const [n, [w1, w2]] of path.entries()) {
    expect(w1).toBeCloseTo(-9 * 0.91 ** n, 12);
    expect(w2).toBeCloseTo(1.5 * (-0.8) ** n, 12);
  }
});

test("an optimiser that remembers starts with nothing remembered, each time", () => {
  const descend = () => descendValley(momentum(0.9), valley);
  expect(descend()).toEqual(descend());
  expect(descend()[1]).toEqual(descendValley(gradientDescent, valley)[1]);
});

test("settings that are not numbers are refused", () => {
  expect(() => descendValley(gradientDescent, { ...valley, steep: Number.NaN })).toThrow(/NaN/);
  expect(() => descendValley(gradientDescent, { ...valley, steps: 1.5 })).toThrow(
    /^The number of steps .* 1\.5\.$/,
  );
});

test("on a line of equal cost every point has that cost, to the digits drawn", () => {
  for (const [n, cost] of [1, 8, 50].entries()) {
    const { x, y } = equalCosts(20, [1, 8, 50])[n];
    for (const [i, w1] of x.entries())
      expect(Math.abs((w1 ** 2 + 20 * y[i] ** 2) / 2 / cost - 1)).toBeLessThan(0.02);
  }
});
