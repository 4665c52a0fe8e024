/** Curves: the cost as training goes on, and activation functions with their slopes. */
import type { Elementwise, History } from "../nn";
import { dashes, type Figure, palette, plot, short } from "./figure";
import { formatNumber } from "./numbers";
import type { Trace } from "./plotly";

/** A run to plot: its history of costs, or a training that has one. */
export type Run = History | { readonly history: History };

export interface LossCurveOptions {
  title?: string;
  /** Logarithmic cost axis. Costs of 0 cannot stand on it and are left out. */
  log?: boolean;
  /** Logarithmic epoch axis. Epoch 0 cannot stand on it and is left out. */
  logEpochs?: boolean;
  /** Where the cost axis ends at the most: the curve of a run that diverges leaves the picture there. */
  top?: number;
  /** Default "epoch". */
  xTitle?: string;
  /** Default "cost". */
  yTitle?: string;
  height?: number;
}

/** On a logarithmic axis smaller costs are drawn as this: they are rounding error, and differ by processor. */
const leastCost = 1e-12;
/** Most points that a curve shows, and all curves of a figure together, however long their histories. */
const mostPoints = 240;
const mostPointsInAll = 960;

/** The cost of one run, or of several by their names, against the epochs. */
export function lossCurve(runs: Run | Record<string, Run>, options: LossCurveOptions = {}): Figure {
  const {
    title = "Loss curve",
    log = false,
    logEpochs = false,
    xTitle = "epoch",
    yTitle = "cost",
    height,
    top,
  } = options;
  const named: [string, Run][] = isRun(runs) ? [["cost", runs]] : Object.entries(runs);
  const summaries: string[] = [];
  const data = named.map(([name, run]): Trace => {
    const { epochs, costs } = "history" in run ? run.history : run;
    const last = costs.length - 1;
    if (last < 0)
      throw new RangeError(`The run "${name}" has no costs to plot: its history is empty.`);
    summaries.push(
      `${named.length > 1 ? `${name}: ` : ""}${yTitle} ${formatNumber(costs[0], 4)} at the start, ` +
        `${formatNumber(costs[last], 4)} after ${formatNumber(epochs[last])} ${epochs[last] === 1 ? xTitle : plural(xTitle)}`,
    );
    const most = Math.max(6, Math.min(mostPoints, Math.floor(mostPointsInAll / named.length)));
    const kept = thin(epochs, costs, most, log, logEpochs);
    const mode = kept.length <= 30 ? "lines+markers" : "lines";
    return {
      name,
      mode,
      x: kept.map((i) => epochs[i]),
      y: kept.map((i) => (log ? Math.max(costs[i], leastCost) : costs[i])),
    };
  });
  const shown = data.flatMap(({ y }) => y as number[]);
  const leaves = top !== undefined && Math.max(...shown) > top;
  return plot({
    data,
    layout: {
      title: { text: title },
      xaxis: { title: { text: xTitle }, ...(logEpochs ? { type: "log", dtick: 1 } : {}) },
      yaxis: {
        title: { text: `${yTitle}${log ? " (logarithmic)" : ""}` },
        ...(log ? { type: "log" } : { rangemode: "tozero" }),
        ...(leaves ? { range: log ? logRange(Math.min(...shown), top) : [0, top] } : {}),
      },
    },
    alt: `${title}. ${summaries.join("; ")}.`,
    height,
  });
}

/** From a little below the lowest cost to the top, in powers of ten: what Plotly wants of a logarithmic axis. */
function logRange(lowest: number, top: number): [number, number] {
  const [from, to] = [Math.log10(lowest), Math.log10(top)];
  return [from - 0.05 * Math.abs(to - from), to];
}

/** Which points to keep: in each of the columns the picture is divided into, the lowest and the highest. */
function thin(
  x: readonly number[],
  y: readonly number[],
  most: number,
  log: boolean,
  logX: boolean,
): number[] {
  const shown = x.map((_, i) => i).filter((i) => (!log || y[i] > 0) && (!logX || x[i] > 0));
  if (shown.length <= most) return shown;
  const place = (i: number) => (logX ? Math.log(x[i]) : x[i]);
  const from = place(shown[0]);
  const span = place(shown[shown.length - 1]) - from;
  const columns = Math.floor(most / 2) - 1;
  const kept = new Set([shown[0], shown[shown.length - 1]]);
  let column = -1;
  let low = 0;
  let high = 0;
  for (const i of shown) {
    const at = Math.min(columns - 1, Math.floor(((place(i) - from) / span) * columns));
    if (at !== column) {
      if (column >= 0) kept.add(low).add(high);
      column = at;
      low = high = i;
    }
    if (y[i] < y[low]) low = i;
    if (y[i] > y[high]) high = i;
  }
  return [...kept.add(low).add(high)].sort((a, b) => a - b);
}

export interface ActivationPlotOptions {
  /** The pre-activations shown. Default −5 to 5. */
  from?: number;
  to?: number;
  /** Whether to show f′ too. Default true. */
  derivative?: boolean;
  /** A pre-activation to mark, with the tangent there; for one function only. */
  at?: number;
  title?: string;
}

/** Activation functions, and their derivatives beside them. */
export function activationPlot(
  functions: Elementwise | readonly Elementwise[],
  { from = -5, to = 5, derivative = true, at, title }: ActivationPlotOptions = {},
): Figure {
  if (!(from < to) || !Number.isFinite(to - from)) {
    throw new RangeError(
      `The range of z goes from a smaller to a larger number, but from ${from} to ${to} was given.`,
    );
  }
  const list: readonly Elementwise[] = "f" in functions ? [functions] : functions;
  const data: Trace[] = [];
  list.forEach((one, i) => {
    const { name, kinks } = one;
    const line = { color: palette[i % palette.length], dash: dashes[i % dashes.length] };
    data.push({ name, line, ...sampled((z) => one.f(z), kinks, from, to) });
    if (!derivative) return;
    const own =
      list.length === 1
        ? { name: `${name}′`, line: { color: palette[1], dash: "dash" } }
        : { name, line, showlegend: false };
    data.push({
      ...own,
      xaxis: "x2",
      yaxis: "y2",
      ...sampled((z) => one.derivative(z), kinks, from, to),
    });
  });
  const [first] = list;
  if (at !== undefined) {
    const [a, m] = [first.f(at), first.derivative(at)];
    const reach = (to - from) / 8;
    const ends = [at - reach, at + reach];
    data.push({
      name: "tangent",
      x: ends,
      y: ends.map((z) => a + m * (z - at)),
      line: { color: palette[2], dash: "dot", width: 3 },
    });
    data.push({
      name: `z = ${formatNumber(at, 4)}`,
      x: [at],
      y: [a],
      mode: "markers",
      marker: { color: palette[2], size: 10, symbol: "diamond" },
    });
  }
  const all = list.map(({ name }) => name).join(", ");
  const names = list.length > 5 ? `${list.length} activation functions` : all;
  const marked =
    at === undefined
      ? ""
      : ` At z = ${formatNumber(at, 4)}, a = ${formatNumber(first.f(at), 4)} and the slope is ${formatNumber(first.derivative(at), 4)}.`;
  return plot({
    data,
    layout: {
      title: { text: title ?? (derivative ? `${names}: f and its derivative f′` : names) },
      xaxis: {
        title: { text: "pre-activation z" },
        range: [from, to],
        domain: derivative ? [0, 0.44] : [0, 1],
      },
      yaxis: { title: { text: "activation a = f(z)" } },
      ...(derivative
        ? {
            xaxis2: {
              title: { text: "pre-activation z" },
              range: [from, to],
              domain: [0.57, 1],
              anchor: "y2",
            },
            yaxis2: { title: { text: "slope f′(z)" }, anchor: "x2", rangemode: "tozero" },
          }
        : {}),
    },
    alt: `${all} for pre-activations from ${formatNumber(from)} to ${formatNumber(to)}${derivative ? ", with the derivative beside" : ""}.${marked}`,
  });
}

/** Points of a function, with a gap where it jumps. */
function sampled(f: (z: number) => number, kinks: readonly number[], from: number, to: number) {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  const steps = 100;
  const add = (z: number) => {
    x.push(short(z));
    y.push(short(f(z)));
  };
  for (let n = 0; n <= steps; n++) {
    const z = from + ((to - from) * n) / steps;
    const next = from + ((to - from) * (n + 1)) / steps;
    if (!kinks.includes(z)) add(z);
    for (const kink of kinks) {
      if (!(kink >= z && kink < next)) continue;
      add(kink - 1e-9);
      if (Math.abs(f(kink + 1e-9) - f(kink - 1e-9)) > 1e-6) {
        x.push(null);
        y.push(null);
      }
      add(kink + 1e-9);
    }
  }
  return { x, y };
}

function isRun(runs: Run | Record<string, Run>): runs is Run {
  return "history" in runs
    ? "epochs" in (runs.history as object)
    : Array.isArray((runs as History).epochs);
}

function plural(noun: string): string {
  return noun.endsWith("s") ? noun : `${noun}s`;
}
