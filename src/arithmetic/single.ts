/**
 * Numbers of 32 bits: 24 binary digits, up to 3.4 · 10³⁸ (IEEE 754, binary32). A sum, product, quotient or root of such
 * numbers that is worked out in doubles and then rounded, by `Math.fround` or by being stored, is the one that a
 * processor's instruction for 32 bits gives: 53 digits are enough for the second rounding to do no harm
 * (Figueroa, ACM SIGNUM Newsletter 30 (3), 1995).
 */

/** Numbers in a row, of either format. */
export type Numbers = Float64Array | Float32Array;

/** 2¹²⁸ − 2¹⁰⁴. */
const largest = 3.4028234663852886e38;

/**
 * @param where what to say of the place of number i
 * @throws RangeError if a number of the list is finite and would not be so in 32 bits, naming the first
 */
export function checkSingle(
  list: ArrayLike<number>,
  what: string,
  where = (i: number) => `number ${i}, counted from 0`,
): void {
  for (let i = 0; i < list.length; i++) {
    if (Number.isFinite(Math.fround(list[i])) || !Number.isFinite(list[i])) continue;
    throw new RangeError(
      `${what[0].toUpperCase()}${what.slice(1)} is ${list[i]} (${where(i)}), but single precision has no number beyond ` +
        `${largest.toPrecision(2)}. Scale what is so large, or count in double precision.`,
    );
  }
}
