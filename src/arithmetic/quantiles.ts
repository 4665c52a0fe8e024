import { said } from "./checks";

/**
 * The number of a list below which a share of the others lies: of q = ½ the median. It is one of the list's own, the nearest in
 * rank to q · (length − 1).
 *
 * @throws RangeError for an empty list, for NaN in it, and for a share outside 0 … 1
 */
export function quantile(numbers: ArrayLike<number>, q: number): number {
  if (!(numbers.length > 0)) throw new RangeError("An empty list has no quantiles.");
  if (!(q >= 0 && q <= 1))
    throw new RangeError(`A quantile is asked for by a share from 0 to 1, but got ${said(q)}.`);
  const sorted = Float64Array.from(numbers).sort();
  if (Number.isNaN(sorted[sorted.length - 1]))
    throw new RangeError("A list with NaN in it has no quantiles: NaN is neither large nor small.");
  return sorted[Math.round(q * (sorted.length - 1))];
}
