import { expect, test } from "vitest";
import { growthExponent } from "../../src/arithmetic";

test("the exponent of a power is found to the last digits", () => {
  const x = [1, 2, 5, 40];
  for (const p of [-1, 0, 0.5, 1, 2])
    expect(
      growthExponent(
        x,
        x.map((one) => 3 * one ** p),
      ),
    ).toBeCloseTo(p, 12);
});

test("it is the slope of the least squares, whatever is off the line", () => {
  // ln x = 0, 1, 2 and ln y = 0, 0, 3: slope 3/2
  const e = Math.E;
  expect(growthExponent([1, e, e ** 2], [1, 1, e ** 3])).toBeCloseTo(1.5, 12);
});

test("what has no exponent is refused", () => {
  expect(() => growthExponent([1, 2], [1])).toThrow(/2 x, but 1 y/);
  expect(() => growthExponent([2, 2], [1, 3])).toThrow(/two different x .* \[2, 2\]/);
  expect(() => growthExponent([1, 2], [0, 3])).toThrow(/0 is not above 0/);
  expect(() => growthExponent([1, 2], [Number.NaN, 3])).toThrow(/NaN/);
});
