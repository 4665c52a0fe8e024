/** A convolution's backward pass, use by use: at each place of its window, every weight of the kernel gets a part of its slope. */

import { formatNumber, type Picture, palette, textWidth } from "../../show";
import { backward, conv2d, tensor } from "../../tensors";
import { createExplorable, defineKind, type Explorable, type View } from "../explorable";
import { checkChoice, checkCount, checkRange } from "../settings";

/** How many squares the image, the kernel and the output have in a row. */
const [imageSide, kernelSide] = [6, 3];
export const outputSide = imageSide - kernelSide + 1;
/** How often each weight is used. */
export const places = outputSide * outputSide;
const most = 99;

/** The kernel's weights by their names, row by row. */
export const kernelNames = Array.from(
  { length: kernelSide * kernelSide },
  (_, w) => `K${Math.floor(w / kernelSide) + 1}${(w % kernelSide) + 1}`,
);

export const exampleImages = {
  corner: [
    0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 0, 0, 2, 1, 1, 1, 0, 0, 2, 1, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0,
    0, 0, 0, 0,
  ],
  upright: [
    0, 0, 1, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0,
    1, 2, 0, 0,
  ],
  slanted: [
    0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 1, 0, 0, 0, 2, 1, 0, 0, 0, 2, 1, 0, 0, 0, 2, 1, 0, 0, 0, 2, 1,
    0, 0, 0, 0,
  ],
  dot: [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0,
  ],
};
export const exampleKernels = {
  "left less right": [1, 0, -1, 1, 0, -1, 1, 0, -1],
  "upper less lower": [1, 1, 1, 0, 0, 0, -1, -1, -1],
  sum: [1, 1, 1, 1, 1, 1, 1, 1, 1],
  middle: [0, 0, 0, 0, 1, 0, 0, 0, 0],
};
export const exampleSlopes = {
  mixed: [1, 0, 0, -1, 0, 2, 0, 0, 1, 0, -2, 0, 0, 0, 1, 0],
  "a single 1": [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  "all 1": Array.from({ length: places }, () => 1),
};

export interface ConvolutionSettings {
  /** 6 × 6 pixels, row by row. */
  image: readonly number[];
  /** 3 × 3 weights. */
  kernel: readonly number[];
  /** ∂L/∂y of the 4 × 4 outputs. */
  slopes: readonly number[];
  /** Where the window is: an output, counted from 0, row by row. */
  place: number;
  /** The places it was at before, in this order: their parts are in the sums, as the present one's is. */
  uses: readonly number[];
  /** The weight whose uses are followed, "K11" to "K33". */
  weight: string;
}

/**
 * A kernel of 3 × 3 moved over an image of 6 × 6: what each use adds to the slopes of the weights and of the pixels.
 *
 * @throws RangeError for settings that make no sense
 */
export function convolution(
  options: Partial<ConvolutionSettings> = {},
): Explorable<ConvolutionSettings> {
  return createExplorable(kind, options);
}

/** What a pointer has found: a place for the window, or a weight. */
export type Found = { place: number } | { weight: string };

export interface ConvolutionView extends View {
  /** The picture for a narrow page. */
  compact(): Picture;
  /** What lies at a place of the picture, or of the compact one. */
  find(x: number, y: number, isCompact: boolean): Found | undefined;
  /** All uses that are in the sums, in the order in which they were added. */
  added: readonly number[];
  /** What the last use does for the weight that is followed, in words. */
  said: string;
}

export const kind = defineKind<ConvolutionSettings, ConvolutionView>({
  name: "convolution",
  heading: "Explore: every use of a weight",
  defaults: {
    image: exampleImages.corner,
    kernel: exampleKernels["left less right"],
    slopes: exampleSlopes.mixed,
    place: 0,
    uses: [],
    weight: "K22",
  },
  check({ image, kernel, slopes, place, uses, weight }) {
    checkSquare("image", image, imageSide);
    checkSquare("kernel", kernel, kernelSide);
    checkSquare("slopes", slopes, outputSide);
    checkCount("place", place, 0, places - 1);
    checkList("uses", uses, "the places that the window was at");
    for (const use of uses) checkCount("Each of uses", use, 0, places - 1);
    if (new Set(uses).size < uses.length) {
      throw new RangeError(`Each place is used once, but uses is [${uses.join(", ")}].`);
    }
    checkChoice("weight", weight, kernelNames);
  },
  view(settings) {
    const { image, kernel, slopes, place, uses, weight } = settings;
    const added = uses.includes(place) ? [...uses] : [...uses, place];
    const x = tensor(image, [1, 1, imageSide, imageSide]);
    const k = tensor(kernel, [1, 1, kernelSide, kernelSide]);
    const y = conv2d(x, k);
    /** The backward pass with the slopes of these uses only. */
    const slopesOf = (some: readonly number[]) => {
      const g = slopes.map((slope, n) => (some.includes(n) ? slope : 0));
      backward(y, tensor(g, y.shape));
      return {
        k: Array.from(k.slope as Float64Array),
        x: Array.from(x.slope as Float64Array),
      };
    };
    const w = kernelNames.indexOf(weight);
    const [total, here] = [slopesOf(added), slopesOf([place])];
    const window = windowAt(place);
    const met = window[w];
    const said = formatNumber;
    const g = slopes[place];
    const count = `${added.length} of ${places}`;
    const grids: Record<GridName, Omit<Grid, keyof Spot>> = {
      image: { title: "image x", values: image, side: imageSide, framed: window, lit: met },
      kernel: { title: "kernel K", values: kernel, side: kernelSide, lit: w },
      output: { title: "y = x ∗ K", values: Array.from(y.data), side: outputSide, framed: [place] },
      slopes: {
        title: "∂L/∂y",
        values: slopes,
        side: outputSide,
        framed: [place],
        underlined: added,
      },
      here: {
        title: `this use: ${said(g, 3)} · window`,
        values: here.k,
        side: kernelSide,
        lit: w,
      },
      sum: { title: `∂L/∂K, ${count} uses`, values: total.k, side: kernelSide, lit: w },
      pixels: {
        title: `∂L/∂x, ${count} uses`,
        values: total.x,
        side: imageSide,
        framed: window,
        lit: met,
      },
    };
    const rows = added.map((use, n) => ({
      place: placeWords(use),
      "∂L/∂y": slopes[use],
      [`x under ${weight}`]: image[windowAt(use)[w]],
      "this use adds": slopesOf([use]).k[w],
      "so far": slopesOf(added.slice(0, n + 1)).k[w],
    }));
    const isAll = added.length === places;
    const words =
      `Window at ${placeWords(place)}, where ∂L/∂y is ${said(g)}. ${weight} meets the pixel ${said(image[met])}: ` +
      `this use adds ${product(g, image[met], here.k[w])} to its slope, which is ${said(total.k[w])} ${isAll ? "with all uses added" : `after ${count} uses`}.`;
    return {
      title: `One weight, ${places} uses: ${count} are added`,
      added,
      said: words,
      picture: draw(grids, wide),
      compact: () => draw(grids, compact),
      find: (px, py, isCompact) => find(px, py, isCompact ? compact : wide),
      alt: `A 3 × 3 kernel over a 6 × 6 image. ${words}`,
      tables: [{ caption: `What each use of ${weight} adds to its slope, ∂L/∂${weight}`, rows }],
    };
  },
});

/** The pixels under the kernel's weights when the window is at a place. */
function windowAt(place: number): number[] {
  const [row, column] = [Math.floor(place / outputSide), place % outputSide];
  return kernelNames.map(
    (_, w) => imageSide * (row + Math.floor(w / kernelSide)) + column + (w % kernelSide),
  );
}

function placeWords(place: number): string {
  return `row ${Math.floor(place / outputSide) + 1}, column ${(place % outputSide) + 1}`;
}

/** 2 · (−1) = −2 */
function product(a: number, b: number, value: number): string {
  const factor = b < 0 ? `(${formatNumber(b)})` : formatNumber(b);
  return `${formatNumber(a)} · ${factor} = ${formatNumber(value)}`;
}

function checkList(what: string, list: unknown, meaning: string): void {
  if (Array.isArray(list)) return;
  throw new RangeError(`${what} is a list, ${meaning}, but ${list} was given.`);
}

function checkSquare(what: string, list: readonly number[], side: number): void {
  checkList(what, list, `${side} × ${side} numbers, row by row`);
  if (list.length !== side * side) {
    throw new RangeError(
      `${what} is ${side} × ${side} numbers, row by row: ${side * side}, but it has ${list.length}.`,
    );
  }
  for (const value of list) checkRange(`Each number of ${what}`, value, -most, most);
}

// The picture: squares of numbers.

type GridName = "image" | "kernel" | "output" | "slopes" | "here" | "sum" | "pixels";
interface Spot {
  left: number;
  top: number;
}
interface Grid extends Spot {
  title: string;
  values: readonly number[];
  /** Squares in a row. */
  side: number;
  /** Squares within a thick frame. */
  framed?: readonly number[];
  /** The square of the weight that is followed. */
  lit?: number;
  /** Squares that are underlined: those that have been added. */
  underlined?: readonly number[];
}
interface Plan {
  width: number;
  height: number;
  /** The side of a square, in pixels. */
  square: number;
  size: number;
  spots: Record<GridName, Spot>;
}

const sides: Record<GridName, number> = {
  image: imageSide,
  kernel: kernelSide,
  output: outputSide,
  slopes: outputSide,
  here: kernelSide,
  sum: kernelSide,
  pixels: imageSide,
};

const wide: Plan = {
  width: 640,
  height: 462,
  square: 32,
  size: 13,
  spots: {
    image: { left: 14, top: 32 },
    pixels: { left: 14, top: 258 },
    slopes: { left: 246, top: 32 },
    output: { left: 246, top: 258 },
    here: { left: 462, top: 32 },
    sum: { left: 462, top: 160 },
    kernel: { left: 462, top: 288 },
  },
};
const compact: Plan = {
  width: 330,
  height: 508,
  square: 26,
  size: 12,
  spots: {
    image: { left: 8, top: 26 },
    pixels: { left: 8, top: 210 },
    slopes: { left: 184, top: 26 },
    here: { left: 184, top: 158 },
    sum: { left: 184, top: 264 },
    kernel: { left: 8, top: 394 },
    output: { left: 184, top: 394 },
  },
};

function draw(grids: Record<GridName, Omit<Grid, keyof Spot>>, plan: Plan): Picture {
  const { width, height } = plan;
  const parts = Object.entries(grids).map(([name, grid]) =>
    drawGrid({ ...grid, ...plan.spots[name as GridName] }, plan),
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${parts.join("")}</svg>`;
  return { svg, width, height };
}

function drawGrid(grid: Grid, { square, size }: Plan): string {
  const { left, top, title, values, side, framed = [], lit, underlined = [] } = grid;
  const largest = Math.max(...values.map(Math.abs), 1e-9);
  const at = (n: number) => [left + square * (n % side), top + square * Math.floor(n / side)];
  const cells = values.map((value, n) => {
    const [x, y] = at(n);
    // The sign is written too: the tint only helps to find large ones.
    const tint = (0.4 * Math.abs(value)) / largest;
    const look = `fill="${value < 0 ? palette[1] : palette[0]}" fill-opacity="${tint.toFixed(2)}"`;
    const words = short(value);
    const squeezed =
      textWidth(words, size) > square - 3
        ? ` textLength="${square - 3}" lengthAdjust="spacingAndGlyphs"`
        : "";
    return (
      `<rect x="${x}" y="${y}" width="${square}" height="${square}" ${look} stroke="#bbb"/>` +
      `<text x="${x + square / 2}" y="${y + square / 2 + 4.5}" font-size="${size}" text-anchor="middle"${squeezed}>${words}</text>`
    );
  });
  const frame = (list: readonly number[]) => {
    if (list.length === 0) return "";
    const [x, y] = at(list[0]);
    const [right, bottom] = at(list[list.length - 1]).map((edge) => edge + square);
    return `<rect x="${x}" y="${y}" width="${right - x}" height="${bottom - y}" fill="none" stroke="#222" stroke-width="3"/>`;
  };
  const lines = underlined.map((n) => {
    const [x, y] = at(n);
    return `<path d="M${x + 6} ${y + square - 5}h${square - 12}" stroke="#222" stroke-width="2"/>`;
  });
  const followed =
    lit === undefined
      ? ""
      : `<rect x="${at(lit)[0] + 2.5}" y="${at(lit)[1] + 2.5}" width="${square - 5}" height="${square - 5}" rx="4" fill="none" stroke="#B3261E" stroke-width="2"/>`;
  return (
    `<text x="${left}" y="${top - 8}" font-size="${size}">${title}</text>${cells.join("")}` +
    `${frame(framed)}${lines.join("")}${followed}`
  );
}

/** In three digits, and without the 0 before the point where that is all there is. */
function short(value: number): string {
  return formatNumber(value, 3).replace(/^(−?)0\./, "$1.");
}

function find(x: number, y: number, { spots, square }: Plan): Found | undefined {
  for (const [name, { left, top }] of Object.entries(spots)) {
    const side = sides[name as GridName];
    const [column, row] = [(x - left) / square, (y - top) / square].map(Math.floor);
    if (column < 0 || column >= side || row < 0 || row >= side) continue;
    if (side === kernelSide) return { weight: kernelNames[kernelSide * row + column] };
    // On the image the pointer has the middle of the window.
    const shift = side === imageSide ? Math.floor(kernelSide / 2) : 0;
    const inside = (at: number) => Math.max(0, Math.min(outputSide - 1, at - shift));
    return { place: outputSide * inside(row) + inside(column) };
  }
  return undefined;
}
