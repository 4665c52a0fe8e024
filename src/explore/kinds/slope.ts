/** The cost as one weight moves, or two, and the step that gradient descent makes there. */

import { weightIndex, weightNames } from "../../names";
import { cost, costGradient, type Samples } from "../../nn";
import { formatNumber, palette } from "../../show";
import { type Axis, axisAround, type Chart, drawCharts, type Mark } from "../chart";
import { createExplorable, defineKind, type Explorable, type View } from "../explorable";
import { depthColours, gridValues, imageAddress } from "../heat";
import {
  checkChoice,
  checkSmallNetwork,
  dataSet,
  type SmallNetworkSettings,
  smallNetwork,
  textNetwork,
} from "../settings";

export interface SlopeSettings extends SmallNetworkSettings {
  /** The weight that moves, by its name. */
  weight: string;
  /** A second weight, for a surface; "" for none. */
  second: string;
}

/**
 * The cost as one weight moves, or two, and the step of gradient descent on it.
 *
 * @throws RangeError for settings that make no sense
 */
export function slope(options: Partial<SlopeSettings> = {}): Explorable<SlopeSettings> {
  return createExplorable(kind, options);
}

interface Range {
  from: number;
  to: number;
}

export interface SlopeView extends View {
  chart: Chart;
  /** The names and values of the weights that move. */
  moving: { name: string; value: number; slope: number; next: number }[];
  /** All weights after the step of the moving ones. */
  next: number[];
}

const points = 161;
/** Points on each side of the surface. */
const side = 48;

function samplesOf({ data, sample }: SlopeSettings): Samples {
  const set = dataSet(data);
  if (sample === "all") return set;
  return { inputs: [set.inputs[sample]], targets: [set.targets[sample]] };
}

export const kind = defineKind<SlopeSettings, SlopeView>({
  name: "slope",
  heading: "Explore: one weight, one slope",
  defaults: { ...textNetwork, weight: "V01", second: "", learningRate: 0.1 },
  check(settings) {
    const { weight, second } = settings;
    checkSmallNetwork(settings);
    const names = weightNames(smallNetwork(settings));
    checkChoice("weight", weight, names);
    if (second !== "") checkChoice("second", second, names);
    if (second === weight) {
      throw new RangeError(`A surface takes two weights, but both are ${weight}.`);
    }
  },
  view(settings, held) {
    const { weight, second, learningRate, sample } = settings;
    const network = smallNetwork(settings);
    const samples = samplesOf(settings);
    const gradient = costGradient(network, samples);
    const start = Array.from(network.weights);
    const indices = [weight, ...(second === "" ? [] : [second])].map((name) =>
      weightIndex(network, name),
    );
    const moving = indices.map((index, n) => ({
      name: n === 0 ? weight : second,
      value: start[index],
      slope: gradient[index],
      next: start[index] - learningRate * gradient[index],
    }));
    const costAt = (...values: number[]) => {
      values.forEach((value, n) => {
        network.weights[indices[n]] = value;
      });
      try {
        return cost(network, samples);
      } finally {
        network.weights.set(start);
      }
    };
    /** NaN where there is no cost, as where a logarithm does not exist. */
    const tryCost = (...values: number[]) => {
      try {
        return costAt(...values);
      } catch {
        return Number.NaN;
      }
    };
    const now = costAt(...moving.map(({ value }) => value));
    const after = tryCost(...moving.map(({ next }) => next));
    const what = sample === "all" ? "cost C" : "loss L";
    const title = `The ${what} as ${moving.map(({ name }) => name).join(" and ")} ${second ? "move" : "moves"}`;
    const along = (n: number) => (at: number) =>
      tryCost(...moving.map(({ value }, other) => (other === n ? at : value)));
    const axes = moving.map(({ name, value, next }, n) => ({
      title: `weight ${name}`,
      ...(held ? [held.chart.x, held.chart.y][n] : windowOf(value, next, along(n))),
    }));
    const verdict =
      after < now
        ? "downhill"
        : after > now
          ? "uphill: too far"
          : Number.isNaN(after)
            ? "to where there is no cost: too far"
            : "nowhere, the slope is 0";
    const direction = `the step goes ${verdict}`;

    const chart: Chart = second
      ? surfaceChart(axes, tryCost, moving, what)
      : curveChart(axes[0], tryCost, moving[0], now, after, what);
    return {
      title,
      chart,
      moving,
      next: start.map((value, index) => {
        const n = indices.indexOf(index);
        return n >= 0 ? moving[n].next : value;
      }),
      picture: drawCharts([chart]),
      alt:
        `${title}, all other weights fixed. At ${moving.map(({ name, value }) => `${name} = ${formatNumber(value, 4)}`).join(", ")} it is ${formatNumber(now, 4)}; ` +
        `${direction}${Number.isFinite(after) ? `, to ${formatNumber(after, 4)}` : ""}.`,
      tables: [
        {
          caption: `The step with α = ${formatNumber(learningRate)}: ${direction}`,
          rows: [
            ...moving.map(({ name, value, slope: m, next }) => ({
              quantity: name,
              now: value,
              slope: m,
              "the step, −α · slope": -learningRate * m,
              after: next,
            })),
            {
              quantity: what,
              now,
              slope: null,
              "the step, −α · slope": null,
              after: Number.isFinite(after) ? after : null,
            },
          ],
        },
      ],
    };
  },
});

/** What can be seen of a weight at least, and at most beside the weight and its step. */
const least: Range = { from: -4, to: 4 };
const farthest = 200;

/**
 * How far a weight's axis reaches: it holds the weight, its step and the bottom, where there is one. It is the same
 * wherever on it the weight is, so that the curve stands still while the point moves.
 */
function windowOf(value: number, next: number, costAt: (at: number) => number): Range {
  const step = Math.max(value - farthest, Math.min(value + farthest, next));
  const [low, high] = [Math.min(value, step), Math.max(value, step)];
  const own = {
    from: low < least.from ? low - 1 : least.from,
    to: high > least.to ? high + 1 : least.to,
  };
  let { from, to } = own;
  for (let tries = 0; tries < 4; tries++) {
    const costs = Array.from({ length: 41 }, (_, n) => costAt(from + (n / 40) * (to - from)));
    const known = costs.filter(Number.isFinite);
    const inside = Math.min(...costs.slice(1, -1).filter(Number.isFinite));
    const lowest = Math.min(...known);
    const span = Math.max(...known) - lowest;
    // A bottom lies inside, or there is level ground.
    if (!(lowest < inside - 1e-9 * span)) return { from, to };
    const reach = to - from;
    if (costs[0] === lowest) from -= reach;
    else to += reach;
  }
  return own; // it falls for ever, towards a bound
}

function curveChart(
  x: Axis,
  costAt: (value: number) => number,
  { value, slope: m, next }: SlopeView["moving"][number],
  now: number,
  after: number,
  what: string,
): Chart {
  const xs = Array.from(
    { length: points },
    (_, n) => x.from + (n / (points - 1)) * (x.to - x.from),
  );
  const costs = xs.map(costAt);
  const ys = costs.map((at) => (Number.isFinite(at) ? at : null));
  const half = (x.to - x.from) / 7;
  const ends = [value - half, value + half];
  return {
    width: 640,
    height: 340,
    title: `The ${what}, its slope, and the step`,
    x,
    y: axisAround(what, [...costs, 0, now]),
    curves: [
      { name: what, x: xs, y: ys, color: palette[0] },
      {
        name: "slope here",
        x: ends,
        y: ends.map((at) => now + m * (at - value)),
        color: "#B3261E",
        dash: "8 4",
      },
    ],
    ...stepFrom([value, now], [next, after], ([at]) => isWithin(x, at)),
  };
}

function surfaceChart(
  [x, y]: Axis[],
  costAt: (one: number, other: number) => number,
  [one, other]: SlopeView["moving"],
  what: string,
): Chart {
  const values = gridValues(side, x, y, costAt);
  return {
    width: 520,
    height: 460,
    title: `The ${what}: dark is high; along a line it is the same`,
    x,
    y,
    image: imageAddress(depthColours(values, side), side),
    ...stepFrom(
      [one.value, other.value],
      [one.next, other.next],
      (at) => isWithin(x, at[0]) && isWithin(y, at[1]),
    ),
  };
}

type Point = readonly [x: number, y: number];

/** The step as an arrow, and its two ends as marks, where they can be seen. */
function stepFrom(
  now: Point,
  after: Point,
  isSeen: (at: Point) => boolean,
): Pick<Chart, "arrows" | "marks"> {
  const mark = ([x, y]: Point, look: Pick<Mark, "color" | "symbol" | "label">) => ({
    x,
    y,
    ...look,
  });
  return {
    arrows: Number.isFinite(after[1]) ? [{ from: now, to: after }] : [],
    marks: [
      mark(after, { color: "white", symbol: "square", label: "after the step" }),
      mark(now, { color: "#FFD54A", symbol: "circle", label: "now" }),
    ].filter(({ x, y }) => Number.isFinite(y) && isSeen([x, y])),
  };
}

function isWithin({ from, to }: Range, at: number): boolean {
  return at >= from && at <= to;
}
