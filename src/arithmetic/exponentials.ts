/**
 * e^x = 2^{k/128} e^r with a whole k and |r| ≤ ln 2 / 256. The first factor is looked up, in two parts as one number
 * has not digits enough; the second is 1 + p, p a short polynomial
 * (Tang, "Table-driven implementation of the exponential function", ACM TOMS 15, 1989).
 */
import { powers, WHOLE } from "./doubles";
import { type Pair, root, times } from "./pairs";

/** 128 / ln 2. */
export const STEPS = 184.6649652337873;
/** ln 2 / 128 in two parts: k times the first is exact for every k that occurs. */
export const STEP = 0.6931471803691238 / 128;
export const STEP_REST = 1.9082149292705877e-10 / 128;

/** 2^{i/128} rounded, and by what share of itself it is too small. */
export const fractions = new Float64Array(128);
export const fractionTails = new Float64Array(128);
{
  // The roots 2^{1/2}, 2^{1/4} … 2^{1/128}, and for other i the products of these.
  const all: Pair[] = [[1, 0]];
  let factor: Pair = [2, 0];
  for (let bit = 64; bit >= 1; bit /= 2) {
    factor = root(factor);
    for (let i = bit; i < 128; i += 2 * bit) all[i] = times(all[i - bit], factor);
  }
  all.forEach(([high, low], i) => {
    fractions[i] = high;
    fractionTails[i] = low / high;
  });
}

/** k: the whole number of 128ths of a doubling next to x. */
export function stepsTo(x: number): number {
  return x * STEPS + WHOLE - WHOLE;
}

/** 2^{k/128}, rounded. */
function entry(k: number): number {
  return fractions[k & 127] * powers[(k >> 7) + 1024];
}

/** p such that e^x = 2^{k/128} (1 + p), 2^{k/128} as `entry` gives it. */
export function share(x: number, k: number): number {
  const r = x - k * STEP - k * STEP_REST;
  return (
    fractionTails[k & 127] + r + r * r * (0.5 + r * (1 / 6) + r * r * (1 / 24 + r * (1 / 120)))
  );
}

/** e^x. */
export function exp(x: number): number {
  const k = stepsTo(x);
  if (x <= 709 && x >= -708) {
    const s = entry(k);
    return s + s * share(x, k);
  }
  return expBeyond(x, share(x, k), k);
}

/** 2^{k/128} (1 + p) for a large k: the power of 2 in two factors, so that only the last product overflows or is rounded to a subnormal number. */
export function expBeyond(x: number, p: number, k: number): number {
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const s = fractions[k & 127];
  const doublings = k >> 7;
  const half = doublings >> 1;
  return (s + s * p) * powers[half + 1024] * powers[doublings - half + 1024]; // of NaN NaN
}

/** e^x − 1, also near 0, where e^x has no digits left for it. */
export function expm1(x: number): number {
  if (x < 0.0625 && x > -0.0625) {
    if (x === 0) return x; // the sum would make 0 of −0
    // Σ xⁿ/n!, from n = 11 on below the last digit; even and odd n apart
    const y = x * x;
    const even = 1 / 2 + y * (1 / 24 + y * (1 / 720 + y * (1 / 40320 + y * (1 / 3628800))));
    const odd = 1 / 6 + y * (1 / 120 + y * (1 / 5040 + y * (1 / 362880)));
    return x + y * (even + x * odd);
  }
  if (x < -40) return -1;
  if (!(x <= 709)) return exp(x); // where 1 is below its last digit
  // Else 1 is taken from the table's entry, and what that rounds away is added again
  // (after Tang, "… of the expm1 function", ACM TOMS 18, 1992).
  const k = stepsTo(x);
  const s = entry(k);
  const less = s - 1;
  const lost = s > 1 ? s - less - 1 : s - (less + 1);
  return less + (lost + s * share(x, k));
}
