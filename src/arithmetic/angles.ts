/**
 * Sine and cosine: a whole number of quarter turns is taken off the angle, and what is left, at most π/4, goes into
 * Taylor's series (Cody & Waite, Software Manual for the Elementary Functions, 1980).
 */
import { highWord, powers, WHOLE } from "./doubles";
import { productOf } from "./pairs";

/** π/2 in three parts; a whole number below 2^20 times the first or the second is exact. */
const HALF_PI = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;

export function sin(x: number): number {
  if (x === 0) return x; // −0 too
  return quarterTurns(x, 0);
}

export function cos(x: number): number {
  return quarterTurns(x, 1);
}

/** The sine of x and so many quarter turns more. */
function quarterTurns(x: number, more: number): number {
  const size = Math.abs(x);
  if (size < 0.7853981633974483) return more === 0 ? sineOf(x, 0) : cosineOf(x, 0);
  if (!(size <= 1647099)) return exactly(x, more);
  const n = x * 0.6366197723675814 + WHOLE - WHOLE;
  const a = x - n * HALF_PI;
  const b = n * HALF_PI_2;
  const c = a - b;
  // Next to a multiple of π/2 three parts of it are too few.
  if (c < 1e-9 && c > -1e-9) return exactly(x, more);
  const d = n * HALF_PI_3;
  const r = c - d;
  return turned(r, c - r - d + (a - c - b), n + more);
}

/** sin(r + low + n π/2) for |r| ≤ π/4. */
function turned(r: number, low: number, n: number): number {
  switch (n & 3) {
    case 0:
      return sineOf(r, low);
    case 1:
      return cosineOf(r, low);
    case 2:
      return -sineOf(r, low);
    default:
      return -cosineOf(r, low);
  }
}

/** r − r³/3! + r⁵/5! − …; `low` is what r lost by rounding, `lost` what its square loses. */
function sineOf(r: number, low: number): number {
  const [y, lost] = productOf(r, r);
  const high =
    1 / 362880 +
    y * (-1 / 39916800 + y * (1 / 6227020800 + y * (-1 / 1307674368000 + y / 355687428096000)));
  const series = -1 / 6 + y * (1 / 120 + y * (-1 / 5040 + y * high));
  return r + (r * y * series + (low - (low * y) / 2 - (r * lost) / 6));
}

/** 1 − r²/2! + r⁴/4! − …, with what the first difference rounds away. */
function cosineOf(r: number, low: number): number {
  const [y, lost] = productOf(r, r);
  const high =
    1 / 479001600 + y * (-1 / 87178291200 + y * (1 / 20922789888000 - y / 6402373705728000));
  const series = 1 / 24 + y * (-1 / 720 + y * (1 / 40320 + y * (-1 / 3628800 + y * high)));
  const half = y / 2;
  const first = 1 - half;
  return first + (1 - first - half + (y * y * series - r * low - lost / 2));
}

/** As `quarterTurns`, for angles that are so large, or so near to a multiple of π/2, that it takes long whole numbers. */
function exactly(x: number, more: number): number {
  if (!(Math.abs(x) < Infinity)) return NaN;
  const exponent = ((highWord(x) >> 20) & 2047) - 1075;
  const digits = BigInt(x * powers[1024 - exponent]); // x = digits · 2^exponent
  const angle = digits << BigInt(FRACTION + exponent);
  halfPi ??= machin();
  let n = angle / halfPi;
  let left = angle - n * halfPi;
  if (2n * left > halfPi || -2n * left > halfPi) {
    const one = left > 0n ? 1n : -1n;
    n += one;
    left -= one * halfPi;
  }
  // 256 digits of what is left are enough: no number is nearer to a multiple of π/2 than 2^−62 or so.
  left >>= BigInt(FRACTION - 256);
  const high = Number(left);
  const low = Number(left - BigInt(high));
  return turned(high * powers[1024 - 256], low * powers[1024 - 256], Number(n & 3n) + more);
}

/** Binary digits after the point: with these a multiple of π/2 near the largest number is right to 2^−128. */
const FRACTION = 1152;
/** π/2 · 2^FRACTION, once it is needed. */
let halfPi: bigint | undefined;

/** π/2 = 8 arctan 1/5 − 2 arctan 1/239 (Machin, 1706). */
function machin(): bigint {
  const spare = 32n;
  const one = 1n << (BigInt(FRACTION) + spare);
  return (8n * arctanOfInverse(5n, one) - 2n * arctanOfInverse(239n, one)) >> spare;
}

/** arctan 1/n = 1/n − 1/3n³ + 1/5n⁵ − …, times `one`. */
function arctanOfInverse(n: bigint, one: bigint): bigint {
  let sum = 0n;
  let power = one / n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -power / k;
    power /= n * n;
  }
  return sum;
}
