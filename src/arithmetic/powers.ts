/** Powers and lengths: where one number's digits would not last, in twice as many. */
import { highWord, powers } from "./doubles";
import { expBeyond, share, stepsTo } from "./exponentials";
import { logPair } from "./logarithms";
import { type Pair, plus, productOf, root, times } from "./pairs";

/**
 * x^y = e^{y ln |x|}, with the sign of x where y is odd. As `x ** y` for what is no ordinary case: 1 for any x⁰, NaN
 * for (±1)^±∞ and for a negative x with a broken y. A result that fits into one number is exact.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  if (Math.abs(y) === Infinity && size === 1) return NaN;
  const isNegative = x < 0 || Object.is(x, -0);
  const sign = isNegative && Math.abs(y % 2) === 1 ? -1 : 1;
  if (size === 0 || size === Infinity || Math.abs(y) === Infinity) {
    return size > 1 === y > 0 ? sign * Infinity : sign * 0;
  }
  if (x < 0 && Math.floor(y) !== y) return NaN;
  // |ln x| is 0 or at least 2^−53: so large an exponent makes 0 or ∞ already.
  const exponent = Math.max(-1e20, Math.min(1e20, y));
  return sign * expOfPair(times(logPair(size), [exponent, 0]));
}

/** e^{high + low}. */
function expOfPair([high, low]: Pair): number {
  const x = Math.max(-1e4, Math.min(1e4, high));
  const k = stepsTo(x);
  const p = share(x, k);
  return expBeyond(x, p + (low + low * p), k);
}

/** The length of a vector, √Σ vᵢ². In units of its largest entry's power of 2, so that no square overflows. */
export function norm(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  if (!(largest > 0 && largest < Infinity)) return largest; // 0, ∞ or NaN
  const k = (highWord(largest) >> 20) - 1023;
  let sum: Pair = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const v = values[i] * powers[1024 - k];
    sum = plus(sum, productOf(v, v));
  }
  return root(sum)[0] * powers[1024 + k];
}
