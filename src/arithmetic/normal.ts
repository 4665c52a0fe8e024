import { exp } from "./exponentials";

/** Φ(z), the probability that a standard normal variable is below z. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const density = exp(-x * x) / Math.sqrt(Math.PI);
  // Abramowitz & Stegun: the series 7.1.6 near 0, the continued fraction 7.1.14 in the tail.
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) sum += term *= (2 * x * x) / (2 * n + 1);
    const half = density * sum;
    return z < 0 ? 0.5 - half : 0.5 + half;
  }
  let fraction = x;
  for (let n = 80; n > 0; n--) fraction = x + n / 2 / fraction;
  const tail = density / fraction / 2;
  return z < 0 ? tail : z > 0 ? 1 - tail : z;
}
