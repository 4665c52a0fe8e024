/**
 * ln x: x = 2^k m, and m c = 1 + r for a table's entry c near 1/m, so that ln x = k ln 2 − ln c + ln(1 + r). c has
 * so few digits that r is known without loss, and is so small that a short series gives ln(1 + r)
 * (after Tang, "Table-driven implementation of the logarithm function", ACM TOMS 16, 1990, without its division).
 */
import { highWord, powers } from "./doubles";
import { over, type Pair, plus, sumOf, times } from "./pairs";

/** ln 2 in two parts; the first is a multiple of 2^−42, so that k times it, and sums with `logs`, are exact. */
const LN2 = 0.6931471805598903;
const LN2_REST = 5.497923018708371e-14;
/** Added and taken off again, rounds to a multiple of 2^−20; and of 2^−42. */
const COARSE = 6442450944; // 1.5 · 2^32
const FINE = 1536; // 1.5 · 2^10

/** m lies from 0.6875 to below 1.375: the high word of its lower end. So k = 0 on both sides of 1. */
const LOWEST = 0x3fe60000;
/** For each of 128 intervals of m: c, in 9 binary digits, and −ln c in two parts, the first a multiple of 2^−42. */
const inverses = Float64Array.from({ length: 128 }, (_, i) => {
  // 80 intervals as wide as 2^−8 below 1, 48 of 2^−7 above: all m with the same first 7 digits.
  const [from, width] = i < 80 ? [(176 + i) / 256, 1 / 256] : [1 + (i - 80) / 128, 1 / 128];
  const touches1 = i === 79 || i === 80; // there c is 1, so that ln x keeps its digits near 0
  return touches1 ? 1 : Math.round(512 / (from + width / 2)) / 512;
});
const logs = new Float64Array(128);
const logTails = new Float64Array(128);
{
  const odd = [11, 9, 7, 5, 3, 1].map((n) => over([1, 0], [n, 0]));
  /** From one entry to the next, c to c′: ln c/c′ = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (c − c′) / (c + c′). */
  const goOn = (before: Pair, i: number, next: number): Pair => {
    const s = over([inverses[i] - inverses[next], 0], [inverses[i] + inverses[next], 0]);
    const square = times(s, s);
    const series = odd.reduce((sum, one) => plus(times(sum, square), one));
    const [high, low] = plus(before, times([2 * s[0], 2 * s[1]], series));
    logs[next] = high + FINE - FINE;
    logTails[next] = high - logs[next] + low;
    return [high, low];
  };
  let up: Pair = [0, 0];
  for (let i = 80; i < 127; i++) up = goOn(up, i, i + 1);
  let down: Pair = [0, 0];
  for (let i = 79; i > 0; i--) down = goOn(down, i, i - 1);
}

/** ln x. */
export function log(x: number): number {
  if (x >= 2.2250738585072014e-308 && x < Infinity) return logOf(x, 0, 0);
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  return logOf(x * 18014398509481984, 0, -54); // a subnormal number, times 2^54
}

/** ln(1 + x): the logarithm of the rounded sum, and of what the rounding lost (Kahan's idea). */
export function log1p(x: number): number {
  if (!(x > -1 && x < 9007199254740992)) return x === -1 ? -Infinity : log(x);
  const u = 1 + x;
  if (u === 1) return x; // also −0
  return logOf(u, x < 1 ? x - (u - 1) : 1 - (u - x), 0);
}

/** ln(2^shift (x + low)) for a normal x > 0 and a low below its last digit. */
function logOf(x: number, low: number, shift: number): number {
  const above = highWord(x) - LOWEST;
  const i = (above >> 13) & 127;
  const k = (above >> 20) + shift;
  const scale = powers[1024 - (above >> 20)];
  const m = x * scale;
  const c = inverses[i];
  // r = m c − 1 without loss: m in two parts, each of which times c is exact.
  const coarse = m + COARSE - COARSE;
  const r1 = coarse * c - 1;
  const r2 = (m - coarse) * c;
  const r = r1 + r2;
  const base = k * LN2 + logs[i];
  const sum = base + r;
  const lost = (base === 0 ? 0 : r - (sum - base)) + (r2 - (r - r1));
  const square = r * r;
  const series =
    -0.5 +
    r * (1 / 3) +
    square * (-0.25 + r * 0.2 + square * (-1 / 6 + r * (1 / 7) + square * (-0.125 + r * (1 / 9))));
  const rest = low * scale * c;
  return sum + (lost + logTails[i] + k * LN2_REST + (square * series + (rest - rest * r)));
}

/** ln x of a finite x > 0 in twice the digits, of which about 66 bits are right: for powers. */
export function logPair(x: number): Pair {
  const isNormal = x >= 2.2250738585072014e-308;
  const normal = isNormal ? x : x * 18014398509481984;
  const above = highWord(normal) - LOWEST;
  const i = (above >> 13) & 127;
  const k = (above >> 20) - (isNormal ? 0 : 54);
  const m = normal * powers[1024 - (above >> 20)];
  const c = inverses[i];
  const coarse = m + COARSE - COARSE;
  const r = sumOf(coarse * c - 1, (m - coarse) * c);
  // r − r²/2 in pairs, from r³/3 on in plain numbers: those are 2^−14 of r at most.
  const [square, squareLow] = times(r, r);
  const [x1] = r;
  const cubes =
    square *
    x1 *
    (1 / 3 -
      x1 * 0.25 +
      square * (0.2 - x1 * (1 / 6) + square * (1 / 7 - x1 * 0.125 + square * (1 / 9 - x1 * 0.1))));
  const small = plus(r, sumOf(-square / 2, cubes - squareLow / 2));
  return plus(sumOf(k * LN2 + logs[i], logTails[i] + k * LN2_REST), small);
}
