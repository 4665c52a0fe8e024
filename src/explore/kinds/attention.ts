/** Attention of one query in the plane: whom it looks at, what comes out, and the slopes of all that goes in. */
import { formatNumber } from "../../show";
import {
  backward,
  constant,
  matmul,
  multiply,
  softmax,
  type Tensor,
  tensor,
  transpose,
} from "../../tensors";
import { type Chart, drawCharts } from "../chart";
import { createExplorable, defineKind, type Explorable, type View } from "../explorable";
import { gridPoints, heatColours, imageAddress } from "../heat";
import { checkRange } from "../settings";

export type Pair = readonly [number, number];

export interface AttentionSettings {
  /** Two numbers, as every key has. */
  query: Pair;
  /** Two or three of them. */
  keys: readonly Pair[];
  /** A number for each key: what is to be had there. */
  values: readonly number[];
  /** Whether scores are divided by √d, here √2. */
  scaled: boolean;
  /** ∂L/∂o, the slope of what comes out. */
  slope: number;
}

/**
 * Attention of one query to two or three keys in the plane.
 *
 * @throws RangeError for settings that make no sense
 */
export function attention(options: Partial<AttentionSettings> = {}): Explorable<AttentionSettings> {
  return createExplorable(kind, options);
}

export interface AttentionView extends View {
  chart: Chart;
  /** What comes of it, in words. */
  said: string;
}

/** How far the plane reaches to each side. */
export const reach = 3;
const most = 99;
/** Points on each side of the ground that shows the output. */
const side = 64;
/** In pixels, of a line to a key that has the whole attention. */
const widest = 14;

/** p = softmax(q · kᵢ / √d) and o = Σ pᵢ vᵢ, for a row of each query (Vaswani and others, 2017, equation 1). */
function attend(q: Tensor, k: Tensor, v: Tensor, scaled: boolean) {
  const scores = multiply(matmul(q, transpose(k)), scaled ? 1 / Math.sqrt(2) : 1);
  const p = softmax(scores);
  return { scores, p, o: matmul(p, v) };
}

export const kind = defineKind<AttentionSettings, AttentionView>({
  name: "attention",
  heading: "Explore: whom a query looks at",
  defaults: {
    query: [1, 0.5],
    keys: [
      [2, 0.5],
      [-1, 2],
      [-0.5, -2],
    ],
    values: [2, -1, 0.5],
    scaled: true,
    slope: 1,
  },
  check({ query, keys, values, scaled, slope }) {
    checkPair("query", query, reach);
    if (!Array.isArray(keys) || keys.length < 2 || keys.length > 3) {
      throw new RangeError(`There are two or three keys, but ${listed(keys)} was given.`);
    }
    keys.forEach((key, n) => {
      checkPair(`Key ${n + 1}`, key, most);
    });
    if (!Array.isArray(values) || values.length !== keys.length) {
      throw new RangeError(
        `Each of the ${keys.length} keys has a value, but ${listed(values)} was given.`,
      );
    }
    values.forEach((value, n) => {
      checkRange(`Value ${n + 1}`, value, -most, most);
    });
    if (typeof scaled !== "boolean") {
      throw new RangeError(`scaled is true or false, but ${scaled} was given.`);
    }
    checkRange("slope", slope, -most, most);
  },
  view({ query, keys, values, scaled, slope }) {
    const [q, k, v] = [tensor([query]), tensor(keys), tensor(values.map((value) => [value]))];
    const { scores, p, o } = attend(q, k, v, scaled);
    backward(o, [[slope]]);
    const rows = keys.map((key, i) => ({
      name: `k${i + 1}`,
      key,
      value: values[i],
      score: scores.data[i],
      share: p.data[i],
      ofValue: slopeOf(v)[i],
      ofScore: slopeOf(scores)[i],
      ofKey: pairOf(slopeOf(k), i),
    }));
    const ofQuery = pairOf(slopeOf(q), 0);
    const [out] = o.data;
    const said = (value: number) => formatNumber(value, 3);

    const chart: Chart = {
      width: 560,
      height: 500,
      title: "The output o for every query: blue is low, orange high",
      x: { title: "first number of query and keys", from: -reach, to: reach },
      y: { title: "second number", from: -reach, to: reach },
      image: ground(k, v, scaled, values),
      curves: rows.map(({ key, share }) => ({
        x: [query[0], key[0]],
        y: [query[1], key[1]],
        color: "#222",
        width: Math.max(0.5, widest * share),
      })),
      arrows: [
        { from: query, to: moved(query, ofQuery) },
        ...rows.map(({ key, ofKey }) => ({ from: key, to: moved(key, ofKey) })),
      ],
      marks: [
        ...rows
          .filter(({ key }) => key.every((at) => Math.abs(at) <= reach))
          .map(({ name, key: [x, y], value, share }) => ({
            ...{ x, y, color: "white", symbol: "square" as const },
            label: `${name}, v = ${said(value)}: ${percent(share)}`,
          })),
        { x: query[0], y: query[1], color: "#FFD54A", symbol: "circle", label: "q" },
      ],
    };
    const shares = rows.map(({ name, share }) => `${percent(share)} at ${name}`).join(", ");
    const words = `The query ${pair(query)} looks ${shares}; out comes ${formatNumber(out, 4)}.`;
    return {
      title: `Attention of one query to ${keys.length} keys`,
      chart,
      said: words,
      picture: drawCharts([chart]),
      alt: `${words} Lines are wider the more a key is looked at; red arrows are slopes: that of the query is ${pair(ofQuery)}.`,
      tables: [
        {
          caption: `Forward, and back with ∂L/∂o = ${said(slope)}`,
          digits: 4,
          rows: rows.map(({ name, key, value, score, share, ofValue, ofScore, ofKey }) => ({
            key: name,
            numbers: pair(key),
            "value v": value,
            "score s": score,
            "share p": share,
            "∂L/∂v": ofValue,
            "∂L/∂s": ofScore,
            "∂L/∂k": pair(ofKey),
          })),
        },
        {
          caption: "The query",
          digits: 4,
          rows: [{ q: pair(query), "output o": out, "∂L/∂q": pair(ofQuery) }],
        },
      ],
    };
  },
});

const slopeOf = (one: Tensor) => one.slope as Float64Array;
const pairOf = (list: Float64Array, n: number): Pair => [list[2 * n], list[2 * n + 1]];
const moved = ([x, y]: Pair, [right, up]: Pair): Pair => [x + right, y + up];
const pair = (numbers: Pair) => `(${numbers.map((one) => formatNumber(one, 4)).join(", ")})`;
const percent = (share: number) => `${Math.round(100 * share)} %`;

/** What would come out for each query of the plane, as a picture behind it. */
function ground(k: Tensor, v: Tensor, scaled: boolean, values: readonly number[]): string {
  const plane = { from: -reach, to: reach };
  const queries = constant(gridPoints(side, plane, plane));
  const { o } = attend(queries, constant(k.data, k.shape), constant(v.data, v.shape), scaled);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const colours = heatColours(o.data, side, (low + high) / 2, Math.max(high - low, 1e-9) / 1.5);
  return imageAddress(colours, side);
}

function listed(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length}` : String(value);
}

/** @throws RangeError unless it is two numbers that reach no farther */
function checkPair(what: string, numbers: Pair, farthest: number): void {
  if (!Array.isArray(numbers) || numbers.length !== 2) {
    throw new RangeError(`${what} is two numbers, but ${listed(numbers)} was given.`);
  }
  for (const value of numbers) checkRange(`Each number of ${what}`, value, -farthest, farthest);
}
