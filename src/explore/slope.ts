/** The cost as one weight moves, or two, and the step that gradient descent makes there. */

import { weightIndex, weightNames } from "../names";
import {
  cost,
  costGradient,
  createNetwork,
  type Initialisation,
  type Network,
  type Samples,
} from "../nn";
import { formatNumber, palette } from "../show";
import { axisAround, type Chart, drawCharts } from "./chart";
import type { Kind, View } from "./explorable";
import { depthColours, gridValues, imageAddress } from "./heat";
import {
  checkChoice,
  checkNames,
  checkSmallNetwork,
  dataSet,
  type SmallNetworkSettings,
  settingsCode,
} from "./settings";

export interface SlopeSettings extends SmallNetworkSettings {
  weights: number | readonly number[] | Initialisation;
  seed: number;
  /** The weight that moves, by its name. */
  weight: string;
  /** A second weight, for a surface; "" for none. */
  second: string;
}

export const slopeDefaults: SlopeSettings = {
  data: "xor",
  sample: 0,
  units: 3,
  hidden: "identity",
  output: "identity",
  loss: "halfSquaredError",
  weights: 1,
  seed: 1,
  weight: "V01",
  second: "",
  learningRate: 0.1,
};

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

/** The network of the settings. */
export function slopeNetwork(settings: SlopeSettings): Network {
  const { units, hidden, output, loss, weights, seed } = settings;
  return createNetwork({
    sizes: [2, units, 1],
    hidden: hidden as "tanh",
    output: output as "tanh",
    loss: loss as "halfSquaredError",
    weights,
    seed,
  });
}

function samplesOf({ data, sample }: SlopeSettings): Samples {
  const set = dataSet(data);
  if (sample === "all") return set;
  return { inputs: [set.inputs[sample]], targets: [set.targets[sample]] };
}

export const slope: Kind<SlopeSettings, SlopeView> = {
  name: "slope",
  defaults: slopeDefaults,
  check(settings) {
    checkNames(settings, slopeDefaults);
    const { weight, second } = settings;
    checkSmallNetwork(settings);
    const names = weightNames(slopeNetwork(settings));
    checkChoice("weight", weight, names);
    if (second !== "") checkChoice("second", second, names);
    if (second === weight) {
      throw new RangeError(`A surface takes two weights, but both are ${weight}.`);
    }
  },
  code: (settings) => `explore.slope(${settingsCode(settings, slopeDefaults)});`,
  view(settings) {
    const { weight, second, learningRate, sample } = settings;
    const network = slopeNetwork(settings);
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
};

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
    arrows: [{ from: [value, now], to: [next, after] }],
    marks: [
      { x: next, y: after, color: "#fff", symbol: "square", label: "after the step" },
      { x: value, y: now, color: "#FFD54A", symbol: "circle", label: "now" },
    ].filter(({ x: at }) => at >= x.from && at <= x.to) as Chart["marks"],
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
    arrows: [{ from: [one.value, other.value], to: [one.next, other.next] }],
    marks: [
      { x: one.next, y: other.next, color: "#fff", symbol: "square", label: "after the step" },
      { x: one.value, y: other.value, color: "#FFD54A", symbol: "circle", label: "now" },
    ].filter(
      (mark) => mark.x >= x.from && mark.x <= x.to && mark.y >= y.from && mark.y <= y.to,
    ) as Chart["marks"],
  };
}
