/**
 * tanh x by the addition theorem, with c = k/64 next to x, T = tanh c from a table, and u = tanh(x − c) by its series:
 *
 *   tanh(c + d) = (T + u) / (1 + T u) = T + u − u (T² + T u) / (1 + T u)
 *
 * What stands behind T is small, and what stands behind u smaller still, so that their roundings hardly count. It is
 * faster than the usual way by e^{2x}.
 */
import { WHOLE } from "./doubles";
import { over, type Pair, plus, times } from "./pairs";

/** From here on tanh x is 1; and where that is in the tables. */
export const FAR = 20;
export const FAR_ENTRY = 64 * FAR;
/** tanh(k/64) at k + FAR_ENTRY, rounded, and what is missing from it. */
export const tanhs = new Float64Array(2 * FAR_ENTRY + 1);
export const tanhTails = new Float64Array(2 * FAR_ENTRY + 1);
{
  // tanh c = (E − 1) / (E + 1) with E = e^{2c} = (e^{1/32})^k
  let factor: Pair = [1, 0];
  for (let n = 16; n >= 1; n--) factor = plus([1, 0], times(factor, over([1, 0], [32 * n, 0])));
  let E: Pair = [1, 0];
  for (let k = 1; k <= FAR_ENTRY; k++) {
    E = times(E, factor);
    const [high, low] = over(plus(E, [-1, 0]), plus(E, [1, 0]));
    tanhs[FAR_ENTRY + k] = high;
    tanhs[FAR_ENTRY - k] = -high;
    tanhTails[FAR_ENTRY + k] = low;
    tanhTails[FAR_ENTRY - k] = -low;
  }
}

export function tanh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0 && size <= FAR)) return x > FAR ? 1 : x < -FAR ? -1 : x; // 0, −0 and NaN
  const k = x * 64 + WHOLE - WHOLE;
  const T = tanhs[k + FAR_ENTRY];
  const d = x - k * (1 / 64);
  const y = d * d;
  const u = d + d * y * (-1 / 3 + y * (2 / 15 + y * (-17 / 315)));
  const w = T * u;
  return T + (tanhTails[k + FAR_ENTRY] + (u - (u * (T * T + w)) / (1 + w)));
}
