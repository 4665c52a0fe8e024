/** Quantiles: the median of an odd list, the ends, and what has none. */
import { expect, test } from "vitest";
import { quantile } from "../../src/arithmetic";

test("is one of the list's numbers, by rank, and leaves the list as it was", () => {
  const list = [5, 10, -2, 9, 1]; // in order: -2, 1, 5, 9, 10; as texts "10" would come before "5"
  expect([0, 0.25, 0.5, 0.75, 1].map((q) => quantile(list, q))).toEqual([-2, 1, 5, 9, 10]);
  expect(quantile(list, 0.2)).toBe(1); // 0.2 · 4 = 0.8, rank 1 is nearest
  expect(list).toEqual([5, 10, -2, 9, 1]);
  expect(quantile(Float64Array.of(3, Number.POSITIVE_INFINITY), 1)).toBe(Number.POSITIVE_INFINITY);
});

test("refuses what has no quantiles, and says why", () => {
  expect(() => quantile([], 0.5)).toThrow(/empty list/);
  expect(() => quantile([1, Number.NaN], 0.5)).toThrow(/NaN in it/);
  expect(() => quantile([1, 2], 50)).toThrow(/from 0 to 1, but got 50/);
  expect(() => quantile([1, 2], Number.NaN)).toThrow(/from 0 to 1/);
});
