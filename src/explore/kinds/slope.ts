/** The cost as one weight moves, or two, and the step that gradient descent makes there. */

import { weightIndex, weightNames } from "../../names";
import { cost, costGradient, type Samples } from "../../nn";
import { formatNumber, palette } from "../../show";
import { axisAround, type Chart, drawCharts, type Mark } from "../chart";
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
  view(settings) {
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
      const result = cost(network, samples);
      network.weights.set(start);
      return result;
    };
    const now = costAt(...moving.map(({ value }) => value));
    const after = costAt(...moving.map(({ next }) => next));
    const what = sample === "all" ? "cost C" : "loss L";
    const title = `The ${what} as ${moving.map(({ name }) => name).join(" and ")} ${second ? "move" : "moves"}`;
    // The range holds the point, its step and, for most settings, the valley.
    const reach = (value: number, next: number) => Math.max(2.5, 1.4 * Math.abs(next - value));
    const axes = moving.map(({ name, value, next }) => ({
      title: `weight ${name}`,
      from: value - Math.min(reach(value, next), 200),
      to: value + Math.min(reach(value, next), 200),
    }));
    const verdict =
      after < now ? "downhill" : after > now ? "uphill: too far" : "nowhere, the slope is 0";
    const direction = `the step goes ${verdict}`;

    const chart: Chart = second
      ? surfaceChart(axes, costAt, moving, what)
      : curveChart(axes[0], costAt, moving[0], now, after, what);
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
        `${direction}, to ${formatNumber(after, 4)}.`,
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
              after,
            },
          ],
        },
      ],
    };
  },
});

function curveChart(
  x: { title: string; from: number; to: number },
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
  const ys = xs.map(costAt);
  const half = (x.to - x.from) / 7;
  const ends = [value - half, value + half];
  return {
    width: 640,
    height: 340,
    title: `The ${what}, its slope, and the step`,
    x,
    y: axisAround(what, [...ys, 0, now]),
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
  [x, y]: { title: string; from: number; to: number }[],
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
    arrows: [{ from: now, to: after }],
    marks: [
      mark(after, { color: "#fff", symbol: "square", label: "after the step" }),
      mark(now, { color: "#FFD54A", symbol: "circle", label: "now" }),
    ].filter(({ x, y }) => isSeen([x, y])),
  };
}

function isWithin({ from, to }: { from: number; to: number }, at: number): boolean {
  return at >= from && at <= to;
}
