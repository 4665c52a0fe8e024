/** Grids of numbers as pictures: small images side by side, and tables whose cells are shaded. */
import { type Displayable, display, escapeHtml, pictureHtml } from "./display";
import { formatNumber } from "./numbers";

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

/** Below 0, 0 and above 0: orange, white and blue, which the colour-blind tell apart, too. */
const negative = [184, 92, 0];
const positive = [0, 80, 150];

/**
 * Images from 0 (white) to their largest number (black); where one has a number below 0, all of its pixels are
 * orange below 0 and blue above, hatched below, the farther from 0 the stronger.
 *
 * @throws RangeError for images that are no rectangles, or hold what is no finite number
 */
export function imageGrid(
  images: readonly ArrayLike<number>[],
  options: ImagesOptions = {},
): Displayable {
  const { title = "Images", columns = 10, captions = [] } = options;
  const {
    alt = `${title}${captions.length > 0 ? `: ${captions.join("; ")}` : `, ${images.length} of them`}.`,
  } = options;
  const across = Math.min(columns, Math.max(1, images.length));
  const place = Math.min(120, Math.floor(620 / across));
  const side = place - 10;
  const line = captions.length > 0 ? 15 : 0;
  const height = 34 + Math.ceil(images.length / across) * (place + line) + 4;
  const width = 20 + across * place;
  const pictures = images.map((image, n) => {
    const [x, y] = [10 + (n % across) * place, 34 + Math.floor(n / across) * (place + line)];
    const caption = captions[n]
      ? `<text x="${x + side / 2}" y="${y + side + 13}" text-anchor="middle" font-size="11">${escapeHtml(captions[n])}</text>`
      : "";
    return `<g transform="translate(${x} ${y})">${pixelsOf(image, options.width, side)}</g>${caption}`;
  });
  const size = Math.max(width, 30 + title.length * 8);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${height}" viewBox="0 0 ${size} ${height}" font-family="sans-serif" fill="#222">` +
    `<defs><pattern id="h" width="0.5" height="0.5" patternUnits="userSpaceOnUse"><path d="M0 0.5L0.5 0" stroke="#fff" stroke-width="0.1"/></pattern></defs>` +
    `<rect width="${size}" height="${height}" fill="#fff"/><text x="10" y="22" font-size="15">${escapeHtml(title)}</text>${pictures.join("")}</svg>`;
  return still(svg, alt, size, height);
}

function pixelsOf(image: ArrayLike<number>, given: number | undefined, side: number): string {
  const values = Array.from(image);
  const columns = given ?? Math.sqrt(values.length);
  if (!Number.isInteger(columns) || columns < 1 || values.length % columns !== 0)
    throw new RangeError(`${values.length} pixels do not fill rows of ${columns}: give the width.`);
  if (!values.every(Number.isFinite))
    throw new RangeError(
      `A pixel is ${values.find((one) => !Number.isFinite(one))}; all have to be finite numbers.`,
    );
  const most = Math.max(1e-12, ...values.map(Math.abs));
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
  const scale = (side / columns).toFixed(3);
  if (hatched) paths.set("url(#h)", hatched);
  const drawn = Array.from(paths, ([fill, d]) => `<path fill="${fill}" d="${d}"/>`).join("");
  const height = ((values.length / columns) * (side / columns)).toFixed(1);
  return `<g transform="scale(${scale})" shape-rendering="crispEdges">${drawn}</g><rect width="${side}" height="${height}" fill="none" stroke="#999"/>`;
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

/**
 * A square matrix of counts, shaded by the share of its row: a confusion matrix. The diagonal is framed.
 *
 * @throws RangeError if it is not square
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  { title = "Confusion matrix", rowTitle, columnTitle, names }: MatrixOptions,
): Displayable {
  const n = counts.length;
  if (n === 0 || !counts.every((row) => row.length === n))
    throw new RangeError(
      `A confusion matrix has as many columns as rows; this one has ${n} rows of ${counts.map((row) => row.length).join(", ")}.`,
    );
  const heads = names ?? counts.map((_, i) => String(i));
  const side = Math.min(44, Math.floor(520 / n));
  const [left, top] = [70, 74];
  const [width, height] = [left + n * side + 20, top + n * side + 14];
  const cells = counts.flatMap((row, i) => {
    const total = Math.max(
      1,
      row.reduce((sum, one) => sum + one, 0),
    );
    return row.map((count, j) => {
      const share = count / total;
      const [x, y] = [left + j * side, top + i * side];
      const frame = i === j ? 'stroke="#222" stroke-width="1.6"' : 'stroke="#ddd"';
      const text = count
        ? `<text x="${x + side / 2}" y="${y + side / 2 + 4}" text-anchor="middle" fill="${share > 0.5 ? "#fff" : "#222"}">${formatNumber(count)}</text>`
        : "";
      return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${shade(positive, Math.sqrt(share))}" ${frame}/>${text}`;
    });
  });
  const labels = heads.flatMap((name, i) => [
    `<text x="${left - 8}" y="${top + (i + 0.5) * side + 4}" text-anchor="end">${escapeHtml(name)}</text>`,
    `<text x="${left + (i + 0.5) * side}" y="${top - 8}" text-anchor="middle">${escapeHtml(name)}</text>`,
  ]);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="10" y="22" font-size="15">${escapeHtml(title)}</text>` +
    `<text x="${left + (n * side) / 2}" y="46" text-anchor="middle">${escapeHtml(columnTitle)}</text>` +
    `<text transform="translate(22 ${top + (n * side) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(rowTitle)}</text>${cells.join("")}${labels.join("")}</svg>`;
  const right = counts.reduce((sum, row, i) => sum + row[i], 0);
  const all = counts.flat().reduce((sum, one) => sum + one, 0);
  const missed = counts.flatMap((row, i) =>
    row.flatMap((count, j) =>
      i !== j && count > 0 ? [`${heads[i]} as ${heads[j]}: ${count}`] : [],
    ),
  );
  return still(
    svg,
    `${title}: ${right} of ${all} on the diagonal. ${missed.join(", ") || "None off it"}.`,
    width,
    height,
  );
}

function still(svg: string, alt: string, width: number, height: number): Displayable {
  return {
    [display]: () => ({
      "text/html": `<div data-figure="still">${pictureHtml(svg, alt, width, height)}</div>`,
      "text/plain": alt,
    }),
  };
}
