/** A pad to draw a digit on, and what a network makes of it: pixels, hidden units, probabilities. */
import { type ActivationName, activations, createNetwork, forward, type Network } from "../../nn";
import { escapeHtml, formatNumber, type Picture, palette } from "../../show";
import { createExplorable, defineKind, type Explorable, type View } from "../explorable";
import { checkRange } from "../settings";
import { exampleDigits, fitted, frame, penWidth, pixelsOf, type Stroke } from "../strokes";

/** What the reader changes; the network comes from the cell. */
export interface DrawingSettings {
  /** What is drawn: points of each stroke in turn, x, y, x, y, …, from 0 at the top left to 32. */
  strokes: readonly Stroke[];
  /** Whether the drawing is made as large as the data's images before it is read. */
  fit: boolean;
}

export interface DigitsSettings extends DrawingSettings {
  sizes: readonly number[];
  /** The activation of each hidden layer. */
  hidden: readonly string[];
  weights: readonly number[];
}

/**
 * A pad to draw a digit on, read by a network of 64 inputs (8 × 8 pixels) and ten softmax outputs.
 *
 * @throws RangeError for another network, or settings that make no sense
 */
export function digits(
  network: Network,
  options: Partial<DrawingSettings> = {},
): Explorable<DigitsSettings> {
  return createExplorable(kind, { ...options, ...settingsOf(network) });
}

/** The drawings that one can start from, of 0 to 9: as `strokes`, drawn smaller than the data's images. */
digits.examples = exampleDigits;

const pixels = 64;
const mostWeights = 100_000;
const mostPoints = 5000;

/**
 * What a page needs of a trained network, its weights to four digits: they are part of the cell's output.
 *
 * @throws RangeError for a network that does not lead from 64 pixels to the probabilities of ten digits, or that has an
 *   activation which is not the library's
 */
function settingsOf({ sizes, activations: used, weights }: Network) {
  const output = used[used.length - 1].name;
  if (sizes[0] !== pixels || sizes[sizes.length - 1] !== 10 || output !== "softmax") {
    throw new RangeError(
      `The network has to have ${pixels} inputs, one for each pixel, and ten softmax outputs; this one is ${sizes.join("-")} with ${output} outputs.`,
    );
  }
  // A page knows them by their names.
  const own = used.find((one) => activations[one.name as ActivationName] !== one);
  if (own) {
    throw new RangeError(
      `A page knows the library's activations only, and "${own.name}" here is not one of them.`,
    );
  }
  return {
    sizes,
    hidden: used.slice(1, -1).map(({ name }) => name),
    weights: Array.from(weights, (weight) => Number(weight.toPrecision(4))),
  };
}

/** Where the drawing lies in the picture: what a pointer needs. */
export const paper = { left: 14, top: 44, size: 224 };

export interface DigitsView extends View {
  /** What is read, in words: the two most probable digits. */
  reading: string;
  /** The picture for a narrow page: the paper lies where it does in the other. */
  compact(): Picture;
}

export const kind = defineKind<DigitsSettings, DigitsView>({
  name: "digits",
  heading: "Explore: write a digit",
  defaults: { sizes: [], hidden: [], weights: [], strokes: exampleDigits[3], fit: true },
  given: "network",
  fromCell: ["sizes", "hidden", "weights"],
  check(settings) {
    const { strokes, fit, weights } = settings;
    if (typeof fit !== "boolean") {
      throw new RangeError(
        `Whether to fit is true or false, but ${JSON.stringify(fit)} was given.`,
      );
    }
    if (weights.length > mostWeights) {
      throw new RangeError(
        `A page can hold a network of at most ${mostWeights} weights; this one has ${weights.length}.`,
      );
    }
    for (const stroke of strokes) {
      if (!Array.isArray(stroke) || stroke.length < 2 || stroke.length % 2 !== 0) {
        throw new RangeError(
          `A stroke lists x and y of each of its points, [x, y, x, y, …]; got ${JSON.stringify(stroke)}.`,
        );
      }
      for (const value of stroke) checkRange("A stroke's coordinate", value, 0, frame);
    }
    const points = strokes.reduce((sum, stroke) => sum + stroke.length / 2, 0);
    if (points > mostPoints) {
      throw new RangeError(`A drawing has at most ${mostPoints} points, but ${points} were given.`);
    }
    networkOf(settings);
  },
  view(settings) {
    const { strokes, fit } = settings;
    const image = pixelsOf(fit && strokes.length > 0 ? fitted(strokes) : strokes);
    const { a, z } = forward(networkOf(settings), image);
    const [p, last] = [a[a.length - 1], z[z.length - 1]];
    const order = Array.from(p.keys()).sort((one, other) => p[other] - p[one]);
    const [first, second] = order.map((k) => `${k} (${percent(p[k])})`);
    const hasInk = strokes.length > 0;
    const reading = hasInk ? `Read as ${first}, then ${second}.` : "Nothing is drawn yet.";
    const units = a.length > 2 ? Array.from(a[1]) : [];
    const drawn = (isNarrow: boolean): Picture => {
      const size = isNarrow ? narrow : wide;
      // On a phone the other two stand below the paper.
      const below = (along: number, part: string) =>
        isNarrow ? `<g transform="translate(${along} ${wide.height - 14})">${part}</g>` : part;
      return {
        svg:
          `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" fill="#222" font-size="13">` +
          `<rect width="${size.width}" height="${size.height}" fill="#fff"/>` +
          drawing(strokes) +
          below(paper.left - middle, imageOf(image) + activationsOf(units)) +
          below(192 - right, bars(p, order[0], hasInk)) +
          "</svg>",
        ...size,
      };
    };
    return {
      title: "Draw a digit",
      reading,
      picture: drawn(false),
      compact: () => drawn(true),
      alt:
        `A drawing of ${strokes.length} ${strokes.length === 1 ? "stroke" : "strokes"}, ${fit ? "made as large as the data’s" : "as drawn"}: 8 × 8 pixels, ${percent(share(image))} of them ink. ` +
        `${reading}${units.length > 0 ? ` Of ${units.length} hidden units ${units.filter((value) => value > 0).length} are above 0.` : ""}`,
      tables: [
        {
          caption: "Outputs: p = softmax(z)",
          rows: Array.from(p, (share, k) => ({ digit: k, z: last[k], p: share })),
          digits: 4,
        },
      ],
    };
  },
});

const wide = { width: 650, height: 282 };
const narrow = { width: 380, height: 550 };
const middle = 262;
const right = 456;

function networkOf({ sizes, hidden, weights }: DigitsSettings): Network {
  return createNetwork({
    sizes,
    hidden: hidden as "relu"[],
    output: "softmax",
    loss: "crossEntropy",
    weights,
  });
}

function drawing(strokes: readonly Stroke[]): string {
  const { left, top, size } = paper;
  const scale = size / frame;
  const paths = strokes.map((stroke) => {
    const points = stroke.map((value) => Math.round(value * 100) / 100);
    // A line of no length shows its round ends.
    const [x, y, ...rest] = points.length > 2 ? points : [...points, ...points];
    return `M${x} ${y}L${rest.join(" ")}`;
  });
  return (
    `<text x="${left}" y="30" font-size="13">your drawing</text>` +
    `<rect x="${left}" y="${top}" width="${size}" height="${size}" fill="#FFFEF8" stroke="#767676"/>` +
    `<path transform="translate(${left} ${top}) scale(${scale})" d="${paths.join("")}" fill="none" stroke="#111" stroke-width="${penWidth}" stroke-linecap="round" stroke-linejoin="round"/>`
  );
}

function imageOf(image: readonly number[]): string {
  const side = 14;
  const squares = image.map((ink, n) => {
    const grey = Math.round(255 * (1 - ink));
    return `<rect x="${middle + side * (n % 8)}" y="${paper.top + side * Math.floor(n / 8)}" width="${side}" height="${side}" fill="rgb(${grey},${grey},${grey})" stroke="#bbb" stroke-width="0.5"/>`;
  });
  return `<text x="${middle}" y="30" font-size="13">what the network gets</text>${squares.join("")}`;
}

/** Activations as squares, the larger the farther from 0: full above 0, hollow below. */
function activationsOf(values: readonly number[]): string {
  if (values.length === 0) return "";
  const perRow = 16;
  const room = 88;
  const rows = Math.ceil(values.length / perRow);
  const side = Math.min(10, room / rows);
  const most = Math.max(...values.map(Math.abs), 1e-12);
  const top = 182;
  const squares = values.map((value, n) => {
    const long = (side - 1) * Math.sqrt(Math.abs(value) / most);
    if (long < 0.3) return "";
    const x = middle + side * (n % perRow) + (side - long) / 2;
    const y = top + side * Math.floor(n / perRow) + (side - long) / 2;
    const look = value > 0 ? `fill="${palette[0]}"` : `fill="#fff" stroke="${palette[1]}"`;
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${long.toFixed(1)}" height="${long.toFixed(1)}" ${look}/>`;
  });
  const name = values.length === 1 ? "1 hidden unit" : `${values.length} hidden units`;
  return (
    `<text x="${middle}" y="${top - 6}">${name}</text>` +
    `<rect x="${middle - 2}" y="${top - 1}" width="${perRow * side + 4}" height="${rows * side + 3}" fill="none" stroke="#ccc"/>${squares.join("")}`
  );
}

function bars(p: Float64Array, most: number, drawn: boolean): string {
  // “> 99.9 % ←” is to fit in beside the longest, in a wide bold face, too.
  const full = 84;
  const each = 22;
  const rows = Array.from(p, (share, k) => {
    const y = paper.top + each * k;
    const isMost = drawn && k === most;
    return (
      `<text x="${right}" y="${y + 15}" font-size="14"${isMost ? ' font-weight="bold"' : ""}>${k}</text>` +
      `<rect x="${right + 16}" y="${y + 3}" width="${full}" height="15" fill="#F1F1F1"/>` +
      `<rect x="${right + 16}" y="${y + 3}" width="${(full * share).toFixed(1)}" height="15" fill="${isMost ? palette[0] : "#8A8A8A"}"/>` +
      `<text x="${right + 20 + full}" y="${y + 15}"${isMost ? ' font-weight="bold"' : ""}>${escapeHtml(percent(share))}${isMost ? " ←" : ""}</text>`
    );
  });
  return `<text x="${right}" y="30" font-size="13">probability of each digit</text>${rows.join("")}`;
}

const share = (image: readonly number[]) => image.reduce((sum, ink) => sum + ink, 0) / image.length;

function percent(value: number): string {
  if (value > 0 && value < 0.0005) return "< 0.1 %";
  if (value < 1 && value > 0.9995) return "> 99.9 %";
  return `${formatNumber(Number((100 * value).toFixed(1)), 4)} %`;
}
