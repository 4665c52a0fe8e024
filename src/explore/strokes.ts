/** A drawing as strokes of a pen, and the image of 8 × 8 pixels made of it. */

/** Points of a stroke in turn, x, y, x, y, …, from 0 at the top left to 32 at the bottom right. */
export type Stroke = readonly number[];

/** The drawing's width and height. */
export const frame = 32;

/** So wide that an image has, on average, as much ink as those of the data. */
export const penWidth = 5.5;

const across = 8;
const block = frame / across;

/** All of the data's images are eight pixels high, and nearly all (98 %) at most six wide, but for faint edges. */
const widest = 6 * block;

/**
 * The pixels of a drawing, row by row, from 0 (paper) to 1 (ink): the share of ink among the 4 × 4 dots of each.
 * So the data's own images were made of bitmaps with 32 × 32 dots (Alpaydin & Kaynak, 1998).
 */
export function pixelsOf(strokes: readonly Stroke[]): number[] {
  const pixels = new Array<number>(across * across).fill(0);
  for (let row = 0; row < frame; row++) {
    for (let column = 0; column < frame; column++) {
      if (!strokes.some((stroke) => covers(stroke, column + 0.5, row + 0.5))) continue;
      pixels[Math.floor(row / block) * across + Math.floor(column / block)] += 1 / (block * block);
    }
  }
  return pixels;
}

/** The drawing in the middle of the frame and as large as the data's: as high as the frame, and narrowed if too wide. */
export function fitted(strokes: readonly Stroke[]): Stroke[] {
  const along = (part: number) => {
    const all = strokes.flatMap((stroke) => stroke.filter((_, n) => n % 2 === part));
    return { from: Math.min(...all), to: Math.max(...all) };
  };
  const sides = [along(0), along(1)];
  const [width, height] = sides.map(({ from, to }) => to - from);
  const longest = Math.max(width, height);
  // A dot, or what is not wider than the pen, is moved only.
  const scale = longest > penWidth ? (frame - penWidth) / longest : 1;
  const narrowed = Math.min(1, (widest - penWidth) / (scale * width));
  const scales = [scale * narrowed, scale];
  return strokes.map((stroke) =>
    stroke.map((value, n) => {
      const { from, to } = sides[n % 2];
      return frame / 2 + scales[n % 2] * (value - (from + to) / 2);
    }),
  );
}

/** Whether the pen's round tip, led along the stroke, covers a point. */
function covers(stroke: Stroke, x: number, y: number): boolean {
  const reach = penWidth / 2;
  for (let n = 0; n < stroke.length; n += 2) {
    // A stroke of one point is a segment of no length.
    const before = Math.max(0, n - 2);
    const [x1, y1, x2, y2] = [stroke[before], stroke[before + 1], stroke[n], stroke[n + 1]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const long = dx * dx + dy * dy;
    const share = long === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / long));
    const [offX, offY] = [x1 + share * dx - x, y1 + share * dy - y];
    if (offX * offX + offY * offY <= reach * reach) return true;
  }
  return false;
}

/** The digits 0 to 9, smaller than the frame, to start from. */
export const exampleDigits: readonly (readonly Stroke[])[] = [
  [[16, 6, 12, 8, 11, 12, 11, 19, 12, 23, 15, 25, 19, 24, 21, 20, 21, 12, 20, 8, 16, 6]],
  [[13, 10, 17, 6, 17, 26]],
  [[11, 10, 13, 7, 17, 6, 20, 8, 20, 12, 17, 17, 11, 25, 16, 24, 22, 25]],
  [[11, 7, 16, 6, 20, 8, 20, 12, 15, 15, 20, 17, 21, 21, 19, 24, 15, 25, 11, 24]],
  [
    [15, 6, 10, 18, 22, 18],
    [19, 12, 17, 26],
  ],
  [[20, 6, 13, 6, 12, 14, 16, 13, 20, 15, 21, 20, 18, 24, 14, 25, 11, 24]],
  [[17, 6, 13, 11, 11, 17, 11, 22, 14, 25, 18, 25, 20, 22, 19, 18, 15, 17, 11, 20]],
  [
    [10, 7, 21, 7, 17, 15, 14, 26],
    [12, 16, 20, 16],
  ],
  [
    [
      16, 15, 12, 12, 12, 8, 16, 6, 20, 8, 20, 12, 16, 15, 12, 18, 11, 22, 13, 25, 17, 25, 20, 22,
      20, 18, 16, 15,
    ],
  ],
  [[20, 10, 17, 6, 13, 7, 12, 11, 14, 15, 18, 14, 20, 10, 19, 18, 17, 26]],
];
