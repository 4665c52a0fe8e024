/**
 * Numbers of twice the digits: the unevaluated sum of a number and a second one below its last place
 * (Dekker, Numerische Mathematik 18, 1971). They fill the tables, and carry what one number could not.
 */

/** high + low, where high is the sum rounded to one number. */
export type Pair = readonly [high: number, low: number];

/** a + b without loss (Knuth, The Art of Computer Programming 2, 4.2.2, theorem B). */
export function sumOf(a: number, b: number): Pair {
  const sum = a + b;
  const b1 = sum - a;
  return [sum, a - (sum - b1) + (b - b1)];
}

/** a × b without loss: each factor is cut into halves of 26 digits, whose products are exact (Dekker; Veltkamp). */
export function productOf(a: number, b: number): Pair {
  const product = a * b;
  const a1 = upperHalf(a);
  const b1 = upperHalf(b);
  const a2 = a - a1;
  const b2 = b - b1;
  return [product, a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2)];
}

function upperHalf(a: number): number {
  const scaled = 134217729 * a; // 2^27 + 1
  return scaled - (scaled - a);
}

export function plus(a: Pair, b: Pair): Pair {
  const [sum, lost] = sumOf(a[0], b[0]);
  return sumOf(sum, lost + (a[1] + b[1]));
}

export function times(a: Pair, b: Pair): Pair {
  const [product, lost] = productOf(a[0], b[0]);
  return sumOf(product, lost + (a[0] * b[1] + a[1] * b[0]));
}

export function over(a: Pair, b: Pair): Pair {
  const quotient = a[0] / b[0];
  const [product, lost] = times([quotient, 0], b);
  return sumOf(quotient, (a[0] - product - lost + a[1]) / b[0]);
}

/** √a, by one step of Newton's from the rounded root. */
export function root([high, low]: Pair): Pair {
  const y = Math.sqrt(high);
  const [square, lost] = productOf(y, y);
  return sumOf(y, (high - square - lost + low) / (2 * y));
}
