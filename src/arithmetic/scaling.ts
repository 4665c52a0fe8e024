/** How something grows: as which power. */

import { log } from "./logarithms";

/**
 * The exponent p with which y grows as xᵖ: the slope of the straight line, by least squares, through the points
 * (ln x, ln y).
 *
 * @throws RangeError for lists of different lengths, fewer than two points, x that are all equal, or numbers that have
 *   no logarithm
 */
export function growthExponent(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length)
    throw new RangeError(`There are ${x.length} x, but ${y.length} y: each point has one of both.`);
  if (new Set(x).size < 2)
    throw new RangeError(`A line takes two different x at least, but they are [${x.join(", ")}].`);
  const bad = [...x, ...y].find((one) => !(one > 0 && one < Infinity));
  if (bad !== undefined)
    throw new RangeError(`Growth is measured on logarithms: ${bad} is not above 0, or not finite.`);
  const [u, v] = [x, y].map((list) => list.map(log));
  const [uMean, vMean] = [mean(u), mean(v)];
  const products = u.map((one, i) => (one - uMean) * (v[i] - vMean));
  const squares = u.map((one) => (one - uMean) * (one - uMean));
  return mean(products) / mean(squares);
}

const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
