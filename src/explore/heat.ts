/** Surfaces as pictures: a grid of numbers turned into colours. */

/** A function's values on a square grid; row 0 is at the top, where the second coordinate is largest. */
export function gridValues(
  size: number,
  x: { from: number; to: number },
  y: { from: number; to: number },
  value: (x: number, y: number) => number,
  out = new Float64Array(size * size),
): Float64Array {
  for (let row = 0, n = 0; row < size; row++) {
    const at = y.to - ((row + 0.5) / size) * (y.to - y.from);
    for (let column = 0; column < size; column++, n++) {
      out[n] = value(x.from + ((column + 0.5) / size) * (x.to - x.from), at);
    }
  }
  return out;
}

/** The points at which `gridValues` asks for values, in its order. */
export function gridPoints(
  size: number,
  x: { from: number; to: number },
  y: { from: number; to: number },
): [x: number, y: number][] {
  const points: [number, number][] = [];
  gridValues(size, x, y, (...point) => points.push(point));
  return points;
}

/**
 * Whether a line runs through a place of a square grid: the four places of which it is the upper left one are not all on
 * the same side. Without the fourth a line that rises to the right would hang together by corners alone, and look dotted.
 */
function isOnLine(n: number, size: number, sideOf: (n: number) => unknown): boolean {
  const right = n % size < size - 1 ? 1 : 0;
  const below = n + size < size * size ? size : 0;
  const side = sideOf(n);
  return (
    sideOf(n + right) !== side || sideOf(n + below) !== side || sideOf(n + right + below) !== side
  );
}

/**
 * Red, green, blue and opacity of every value: blue below the middle, orange above, stronger the further away,
 * and black where the middle is crossed.
 */
export function heatColours(
  values: Float64Array,
  size: number,
  middle: number,
  reach: number,
  out = new Uint8ClampedArray(4 * values.length),
): Uint8ClampedArray {
  for (let n = 0; n < values.length; n++) {
    const share = Math.max(-1, Math.min(1, (values[n] - middle) / reach));
    const [r, g, b] = share < 0 ? [44, 127, 184] : [224, 130, 20];
    const strength = Math.abs(share);
    const crosses = isOnLine(n, size, (at) => values[at] > middle);
    out[4 * n] = crosses ? 0 : 255 + (r - 255) * strength;
    out[4 * n + 1] = crosses ? 0 : 255 + (g - 255) * strength;
    out[4 * n + 2] = crosses ? 0 : 255 + (b - 255) * strength;
    out[4 * n + 3] = 255;
  }
  return out;
}

/** Blue, orange and pink: told apart by the colour-blind. */
const classHues = [
  [44, 127, 184],
  [224, 130, 20],
  [209, 107, 165],
];

/** The colour of the largest of several values, stronger the further it is ahead of the next, and black between two. */
export function classColours(all: readonly Float64Array[], size: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(4 * size * size);
  const most = new Uint8Array(size * size);
  const lead = new Float64Array(size * size);
  let longest = 1e-9;
  for (let n = 0; n < most.length; n++) {
    let [first, second] = [-Infinity, -Infinity];
    for (let k = 0; k < all.length; k++) {
      const value = all[k][n];
      if (value > first) {
        second = first;
        first = value;
        most[n] = k;
      } else if (value > second) second = value;
    }
    lead[n] = first - second;
    if (lead[n] > longest) longest = lead[n];
  }
  for (let n = 0; n < most.length; n++) {
    const isBorder = isOnLine(n, size, (at) => most[at]);
    const strength = 0.15 + 0.85 * (lead[n] / longest);
    for (let c = 0; c < 3; c++)
      out[4 * n + c] = isBorder ? 0 : 255 + (classHues[most[n]][c] - 255) * strength;
    out[4 * n + 3] = 255;
  }
  return out;
}

/** Light for low and dark for high, by the square root: a bowl then has evenly spaced lines. Grey where there is no value. */
export function depthColours(values: Float64Array, size: number): Uint8ClampedArray {
  const roots = values.map(Math.sqrt);
  const known = roots.filter(Number.isFinite);
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const out = new Uint8ClampedArray(4 * values.length);
  const band = (n: number) => Math.floor(((roots[n] - low) / span) * 10);
  for (let n = 0; n < values.length; n++) {
    if (!Number.isFinite(roots[n])) {
      out.set([150, 150, 150, 255], 4 * n);
      continue;
    }
    const share = (roots[n] - low) / span;
    // A line where one band meets the next: heights are read from lines, not from colour alone.
    const tone = isOnLine(n, size, band) ? 0.72 : 1;
    out[4 * n] = (250 - 190 * share) * tone;
    out[4 * n + 1] = (252 - 150 * share) * tone;
    out[4 * n + 2] = (255 - 70 * share) * tone;
    out[4 * n + 3] = 255;
  }
  return out;
}

/** A picture of square pixels as the address of an image, in the one format that needs no compressing: BMP. */
export function imageAddress(colours: Uint8ClampedArray, size: number): string {
  const stride = Math.ceil((3 * size) / 4) * 4;
  const bytes = new Uint8Array(54 + stride * size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, size, true);
  view.setInt32(22, size, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = 4 * ((size - 1 - row) * size + column);
      const to = 54 + row * stride + 3 * column;
      bytes[to] = colours[from + 2];
      bytes[to + 1] = colours[from + 1];
      bytes[to + 2] = colours[from];
    }
  }
  return `data:image/bmp;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}
