/** Grids of numbers as pictures: small images side by side, and tables whose cells are shaded. */
import { checkWhole, isList, said } from "../arithmetic";
import { type Displayable, display, escapeHtml, pictureHtml } from "./display";
import { formatNumber } from "./numbers";
import { fitted, textWidth } from "./text-width";

export interface ImagesOptions {
  title?: string;
  /** Pixels in a row of an image. Default: the root of their number. */
  width?: number;
  /** Images side by side. Default 10. */
  columns?: number;
  /** What stands below each image. */
  captions?: readonly string[];
  /** What the pictures show, for those who do not see them. Default: the title and the captions. */
  alt?: string;
}

/** Shades of a pixel, from white on. */
const shades = 16;

/** Below 0, 0 and above 0: orange, white and blue, which the colour-blind can tell apart too. */
const negative = [184, 92, 0];
const positive = [0, 80, 150];

/** Each pixel is a piece of the picture's text: more would be megabytes in the notebook. */
const mostPixels = 250_000;

/**
 * Images from 0 (white) to their largest number (black); where one has a number below 0, all of its pixels are
 * orange below 0 and blue above, hatched below, the farther from 0 the stronger. They may differ in size: each is
 * as wide as its column, or, if it is more than three times as high as wide, as high as that.
 *
 * @throws TypeError for anything that is not a list of images
 * @throws RangeError for images that are not rectangles, hold anything but finite numbers, or are too large
 */
export function imageGrid(
  images: readonly ArrayLike<number>[],
  options: ImagesOptions = {},
): Displayable {
  const { title = "Images", columns = 10, captions = [] } = options;
  checkWhole(columns, "columns, the number of images side by side,");
  const all = readImages(images, options.width);
  const {
    alt = `${title}${captions.length > 0 ? `: ${captions.join("; ")}` : `, ${images.length} of them`}.`,
  } = options;
  const across = Math.min(columns, all.length);
  const place = Math.max(20, Math.min(120, Math.floor(620 / across)));
  const side = place - 10;
  const sizes = all.map(({ values, width }) => sizeIn(side, width, values.length / width));
  const tallest = Math.ceil(Math.max(...sizes.map(({ height }) => height)) - 1e-6);
  const line = captions.length > 0 ? 15 : 0;
  const step = tallest + 10 + line;
  const height = 34 + Math.ceil(all.length / across) * step + 4;
  const width = 20 + across * place;
  const pictures = all.map((image, n) => {
    const [x, y] = [10 + (n % across) * place, 34 + Math.floor(n / across) * step];
    const words = captions[n] ? fitted(String(captions[n]), 11, Math.max(place, 40)) : "";
    const caption = words
      ? `<text x="${x + side / 2}" y="${y + tallest + 13}" text-anchor="middle" font-size="11">${escapeHtml(words)}</text>`
      : "";
    return `<g transform="translate(${x} ${y})">${pixelsOf(image, sizes[n])}</g>${caption}`;
  });
  const size = Math.max(width, 30 + title.length * 8);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${height}" viewBox="0 0 ${size} ${height}" font-family="sans-serif" fill="#222">` +
    `<defs><pattern id="h" width="0.5" height="0.5" patternUnits="userSpaceOnUse"><path d="M0 0.5L0.5 0" stroke="#fff" stroke-width="0.1"/></pattern></defs>` +
    `<rect width="${size}" height="${height}" fill="#fff"/><text x="10" y="22" font-size="15">${escapeHtml(title)}</text>${pictures.join("")}</svg>`;
  return still(svg, alt, size, height);
}

interface Image {
  values: number[];
  /** Pixels in a row. */
  width: number;
}

function readImages(images: readonly ArrayLike<number>[], given: number | undefined): Image[] {
  if (!isList(images))
    throw new TypeError(`imageGrid takes a list of images, but got ${said(images)}.`);
  if (images.length === 0)
    throw new RangeError("There are no images to show: the list of images is empty.");
  let pixels = 0;
  return Array.from(images, (image, n) => {
    if (!isList(image))
      throw new TypeError(
        `Image ${n} is ${said(image)}: an image is a list of its pixels, row after row (one image alone: [image]).`,
      );
    const values = Array.from(image);
    if (values.length === 0) throw new RangeError(`Image ${n} has no pixels.`);
    if (isList(values[0]))
      throw new TypeError(
        `Image ${n} is a list of rows: give its pixels in one list, image.flat(), and the width.`,
      );
    const width = given ?? Math.sqrt(values.length);
    if (!Number.isInteger(width) || width < 1 || values.length % width !== 0)
      throw new RangeError(`${values.length} pixels do not fill rows of ${width}: give the width.`);
    const wrong = values.findIndex((one) => !Number.isFinite(one));
    if (wrong >= 0)
      throw new RangeError(
        `A pixel is ${said(values[wrong])} (image ${n}, pixel ${wrong}); all have to be finite numbers.`,
      );
    pixels += values.length;
    if (pixels > mostPixels)
      throw new RangeError(
        `These images have more than ${mostPixels.toLocaleString("en")} pixels in all: show fewer, or one with plot({ data: [{ type: "heatmap", z }] }).`,
      );
    return { values, width };
  });
}

/** How wide and high an image is drawn: its pixels are squares, unless it would be a line too thin to see. */
function sizeIn(side: number, columns: number, rows: number): { width: number; height: number } {
  const scale = Math.min(side / columns, (3 * side) / rows);
  const least = Math.min(12, side);
  return { width: Math.max(least, scale * columns), height: Math.max(least, scale * rows) };
}

function pixelsOf(
  { values, width: columns }: Image,
  size: { width: number; height: number },
): string {
  const most = values.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-12);
  const signed = values.some((one) => one < 0);
  // One path for each shade, its pixels as squares of side 1: a small file. The hatching lies over the shades.
  const paths = new Map<string, string>();
  let hatched = "";
  values.forEach((value, i) => {
    const share = Math.round((shades * Math.abs(value)) / most) / shades;
    if (share === 0) return;
    const fill = shade(!signed ? [0, 0, 0] : value < 0 ? negative : positive, share);
    const square = `M${i % columns} ${Math.floor(i / columns)}h1v1h-1z`;
    paths.set(fill, (paths.get(fill) ?? "") + square);
    if (value < 0 && share > 0.25) hatched += square;
  });
  if (hatched) paths.set("url(#h)", hatched);
  const across = (size.width / columns).toFixed(3);
  const down = (size.height / (values.length / columns)).toFixed(3);
  const scale = across === down ? across : `${across} ${down}`;
  const drawn = Array.from(paths, ([fill, d]) => `<path fill="${fill}" d="${d}"/>`).join("");
  return `<g transform="scale(${scale})" shape-rendering="crispEdges">${drawn}</g><rect width="${Number(size.width.toFixed(1))}" height="${size.height.toFixed(1)}" fill="none" stroke="#999"/>`;
}

function shade(colour: readonly number[], share: number): string {
  const parts = colour.map((part) => Math.round(255 + (part - 255) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

export interface MatrixOptions {
  title?: string;
  /** What the rows and the columns are. */
  rowTitle: string;
  columnTitle: string;
  /** Default: 0, 1, 2 … */
  names?: readonly string[];
}

/** Of more entries off the diagonal, the alt text names the largest. */
const mostNamed = 60;
/** With more columns no number could be read. */
const mostClasses = 40;

/**
 * A square matrix of counts, shaded by the share of its row: a confusion matrix. The diagonal is framed.
 *
 * @throws TypeError for anything that is not a matrix, and without titles of rows and columns
 * @throws RangeError if it is not square, holds anything but counts, or has more than 40 rows
 */
export function confusionMatrix(
  counts: readonly ArrayLike<number>[],
  options: MatrixOptions,
): Displayable {
  const { title = "Confusion matrix", rowTitle, columnTitle, names } = options ?? {};
  if (rowTitle === undefined || columnTitle === undefined)
    throw new TypeError(
      `confusionMatrix has to know what its rows and columns are, { rowTitle: "…", columnTitle: "…" }, but got ${said(options)}.`,
    );
  const matrix = readMatrix(counts);
  const n = matrix.length;
  if (names && names.length !== n)
    throw new RangeError(`A matrix of ${n} rows needs ${n} names, but got ${said(names)}.`);
  const heads = (names ?? matrix.map((_, i) => i)).map(String);
  const side = Math.min(44, Math.floor(520 / n));
  const widest = Math.max(...heads.map((name) => textWidth(name, 12)));
  // Names wider than a column stand upright above it.
  const upright = widest > side;
  const left = Math.ceil(Math.max(70, 42 + widest));
  const top = Math.ceil(upright ? Math.max(74, 62 + widest) : 74);
  const width = Math.ceil(
    Math.max(
      left + n * side + 20,
      left + (n * side) / 2 + textWidth(columnTitle, 12) / 2 + 10,
      20 + textWidth(title, 15),
    ),
  );
  const height = Math.ceil(
    Math.max(top + n * side + 14, top + (n * side) / 2 + textWidth(rowTitle, 12) / 2 + 10),
  );
  const cells = matrix.flatMap((row, i) => {
    const total = Math.max(
      1,
      row.reduce((sum, one) => sum + one, 0),
    );
    return row.map((count, j) => {
      const share = count / total;
      const [x, y] = [left + j * side, top + i * side];
      const frame = i === j ? 'stroke="#222" stroke-width="1.6"' : 'stroke="#ddd"';
      const words = Number.isInteger(count) ? formatCount(count) : formatNumber(count, 2);
      const size = Math.min(12, (12 * (side - 2)) / textWidth(words, 12));
      const smaller = size < 12 ? ` font-size="${size.toFixed(1)}"` : "";
      const text = count
        ? `<text x="${x + side / 2}" y="${y + side / 2 + 4}" text-anchor="middle" fill="${share > 0.5 ? "#fff" : "#222"}"${smaller}>${words}</text>`
        : "";
      return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${shade(positive, Math.sqrt(share))}" ${frame}/>${text}`;
    });
  });
  const labels = heads.flatMap((name, i) => {
    const middle = left + (i + 0.5) * side;
    const place = upright
      ? `transform="translate(${middle + 4} ${top - 8}) rotate(-90)"`
      : `x="${middle}" y="${top - 8}" text-anchor="middle"`;
    return [
      `<text x="${left - 8}" y="${top + (i + 0.5) * side + 4}" text-anchor="end">${escapeHtml(name)}</text>`,
      `<text ${place}>${escapeHtml(name)}</text>`,
    ];
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="10" y="22" font-size="15">${escapeHtml(title)}</text>` +
    `<text x="${left + (n * side) / 2}" y="46" text-anchor="middle">${escapeHtml(columnTitle)}</text>` +
    `<text transform="translate(22 ${top + (n * side) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(rowTitle)}</text>${cells.join("")}${labels.join("")}</svg>`;
  const right = matrix.reduce((sum, row, i) => sum + row[i], 0);
  const all = matrix.flat().reduce((sum, one) => sum + one, 0);
  const off = matrix.flatMap((row, i) =>
    row.flatMap((count, j) => (i !== j && count > 0 ? [{ i, j, count }] : [])),
  );
  const isLong = off.length > mostNamed;
  if (isLong) off.sort((a, b) => b.count - a.count);
  const missed = off
    .slice(0, mostNamed)
    .map(({ i, j, count }) => `${heads[i]} as ${heads[j]}: ${formatCount(count)}`);
  if (isLong) missed.push(`and ${off.length - mostNamed} others, none of them larger`);
  return still(
    svg,
    `${title}: ${formatCount(right)} of ${formatCount(all)} on the diagonal. ${missed.join(", ") || "None off it"}.`,
    width,
    height,
  );
}

function readMatrix(counts: readonly ArrayLike<number>[]): number[][] {
  if (!isList(counts) || !Array.from(counts).every(isList))
    throw new TypeError(
      `A confusion matrix is a list of rows of counts, but it is ${said(counts)}.`,
    );
  const n = counts.length;
  const matrix = counts.map((row) => Array.from(row));
  if (n === 0 || !matrix.every((row) => row.length === n))
    throw new RangeError(
      `A confusion matrix has as many columns as rows; this one has ${n} rows of ${matrix.map((row) => row.length).join(", ")}.`,
    );
  if (n > mostClasses)
    throw new RangeError(
      `A matrix of ${n} rows is too large to read: show at most ${mostClasses}, or only the colours, with plot({ data: [{ type: "heatmap", z }] }).`,
    );
  matrix.forEach((row, i) => {
    const j = row.findIndex((count) => !(Number.isFinite(count) && count >= 0));
    if (j >= 0)
      throw new RangeError(
        `Row ${i}, column ${j} of the matrix is ${said(row[j])}: a count is 0 or more.`,
      );
  });
  return matrix;
}

/** Counts are whole, and stay so; shares are rounded. */
function formatCount(count: number): string {
  return Number.isInteger(count) ? String(count) : formatNumber(count);
}

function still(svg: string, alt: string, width: number, height: number): Displayable {
  return {
    [display]: () => ({
      "text/html": `<div data-figure="still">${pictureHtml(svg, alt, width, height)}</div>`,
      "text/plain": alt,
    }),
  };
}
