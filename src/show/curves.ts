/** Curves: the cost as training goes on, and activation functions with their slopes. */

import { isList, said } from "../arithmetic";
import type { Elementwise } from "../nn";
import type { History } from "../training";
import { type Figure, plot } from "./figure";
import { gapsNote, leftOutNote, linearNote } from "./left-out";
import { formatNumber } from "./numbers";
import type { Trace } from "./plotly";
import { dashes, palette, short } from "./style";

/** A run to plot: its history of costs, or a training that has one. */
export type Run = History | { readonly history: History };

export interface LossCurveOptions {
  title?: string;
  /** Logarithmic cost axis. Costs of 0 have no place on it: the figure says how many are left out. */
  log?: boolean;
  /** Logarithmic epoch axis. Epoch 0 has no place on it and is left out, as the figure says. */
  logEpochs?: boolean;
  /** Where the cost axis ends at most: the curve of a run that diverges leaves the picture there. */
  top?: number;
  /** Default "epoch". */
  xTitle?: string;
  /** Default "cost". */
  yTitle?: string;
  height?: number;
}

/** On a logarithmic axis smaller costs are drawn as this: rounding errors decide them, and few want to see them. */
const leastCost = 1e-12;
/** Most points that a curve shows, and all curves of a figure together, however long their histories. */
const mostPoints = 240;
const mostPointsInAll = 960;

/**
 * The cost of one run, or of several by their names, against the epochs. On a logarithmic axis costs below 1e−12 are
 * drawn as 1e−12, and the figure says so; where no cost is above 0, the axis is linear.
 *
 * @throws TypeError for anything that is not a run
 * @throws RangeError for an empty history, for no runs at all, and for a top that no axis can end at
 */
export function lossCurve(runs: Run | Record<string, Run>, options: LossCurveOptions = {}): Figure {
  const { title = "Loss curve", xTitle = "epoch", yTitle = "cost", height, top } = options;
  const named = namedRuns(runs);
  const histories = named.map(([, history]) => history);
  const epochs = histories.flatMap((one) => Array.from(one.epochs));
  const costs = histories.flatMap((one) => Array.from(one.costs));
  const log = Boolean(options.log) && costs.some((cost) => cost > 0);
  const logEpochs = Boolean(options.logEpochs) && epochs.some((epoch) => epoch > 0);
  if (top !== undefined && !(Number.isFinite(top) && (top > 0 || !options.log)))
    throw new RangeError(
      `The cost axis ends at a finite number${options.log ? " above 0" : ""}, but top is ${top}.`,
    );
  const notes = [
    ...(options.log && !log ? [linearNote(`No ${yTitle} is above 0`)] : []),
    ...(options.logEpochs && !logEpochs ? [linearNote(`No ${xTitle} is above 0`)] : []),
    ...notesOn(log ? costs : [], yTitle),
  ];
  const wild = costs.filter((cost) => !Number.isFinite(cost)).length;
  if (wild > 0) notes.push(gapsNote(wild, yTitle, plural(yTitle)));
  const early = logEpochs ? epochs.filter((epoch) => epoch <= 0).length : 0;
  if (early > 0)
    notes.push(
      `${capital(xTitle)} 0 ${early > 1 ? `(of ${early} runs) ` : ""}is left out: it has no place on a logarithmic axis.`,
    );
  const summaries: string[] = [];
  const data = named.map(([name, { epochs, costs }]): Trace => {
    const last = costs.length - 1;
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
  const leaves = top !== undefined && shown.some((cost) => cost > top);
  if (leaves) {
    for (const { name } of data.filter(({ y }) => y.every((cost: number) => cost > top)))
      notes.push(`"${name}" is not in sight: it stays above ${formatNumber(top)}.`);
  }
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
    ...(notes.length > 0 ? { note: notes.join(" ") } : {}),
    height,
  });
}

/** What a logarithmic axis does not show of the costs, and what it shows as the smallest. */
function notesOn(costs: readonly number[], name: string): string[] {
  const zeros = costs.filter((cost) => cost <= 0).length;
  const isCut = costs.some((cost) => cost > 0 && cost < leastCost);
  const least = formatNumber(leastCost);
  return [
    ...(zeros > 0 ? [leftOutNote(zeros, costs.length, name, plural(name))] : []),
    ...(isCut
      ? [
          `${capital(plural(name))} below ${least} are drawn as ${least}: there the curve goes on below.`,
        ]
      : []),
  ];
}

/** From a little below the lowest cost to the top, in powers of ten: what Plotly needs for a logarithmic axis. */
function logRange(lowest: number, top: number): [number, number] {
  const [from, to] = [Math.log10(Math.min(lowest, top / 10)), Math.log10(top)];
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
  const shown = Array.from(x, (_, i) => i).filter(
    (i) => Number.isFinite(y[i]) && (!log || y[i] > 0) && (!logX || x[i] > 0),
  );
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

/**
 * Activation functions, and their derivatives beside them.
 *
 * @throws TypeError for anything that is not a function of single numbers, such as softmax
 * @throws RangeError for an empty or reversed range, and for a mark beyond it or on several functions
 */
export function activationPlot(
  functions: Elementwise | readonly Elementwise[],
  { from = -5, to = 5, derivative = true, at, title }: ActivationPlotOptions = {},
): Figure {
  if (!(from < to) || !Number.isFinite(to - from)) {
    throw new RangeError(
      `The range of z goes from a smaller to a larger number, but from ${from} to ${to} was given.`,
    );
  }
  const list = elementwise(functions);
  if (at !== undefined && list.length > 1)
    throw new RangeError(
      `at marks a point of one function, but ${list.length} functions were given.`,
    );
  if (at !== undefined && !(at >= from && at <= to))
    throw new RangeError(`The mark stands between ${from} and ${to}, but at is ${at}.`);
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
    const a = f(z);
    x.push(short(z));
    y.push(Number.isFinite(a) ? short(a) : a); // counted by the figure
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

function elementwise(functions: Elementwise | readonly Elementwise[]): readonly Elementwise[] {
  const list: readonly Elementwise[] = Array.isArray(functions) ? functions : [functions];
  if (list.length === 0)
    throw new RangeError("There is no function to plot: the list of functions is empty.");
  const wrong = list.findIndex(
    (one) => typeof one?.f !== "function" || typeof one.derivative !== "function",
  );
  if (wrong >= 0)
    throw new TypeError(
      `activationPlot takes functions of single numbers, such as activations.tanh, but got ${said(list[wrong])}.`,
    );
  return list;
}

/** The histories to plot by their names: "cost" for a single one. */
function namedRuns(runs: Run | Record<string, Run>): [string, History][] {
  if (typeof runs !== "object" || runs === null) throw new TypeError(noRun("the argument", runs));
  const single = historyOf(runs);
  const named: [string, unknown][] = single ? [["cost", single]] : Object.entries(runs);
  if (named.length === 0)
    throw new RangeError(
      "There is no run to plot: lossCurve takes a training, its history, or several by their names.",
    );
  return named.map(([name, run]) => {
    const history = historyOf(run);
    if (!history) throw new TypeError(noRun(`"${name}"`, run));
    const { epochs, costs } = history;
    if (costs.length === 0)
      throw new RangeError(`The run "${name}" has no costs to plot: its history is empty.`);
    if (epochs.length !== costs.length)
      throw new RangeError(
        `The history of "${name}" has ${epochs.length} epochs and ${costs.length} costs: each cost needs its epoch.`,
      );
    const wrong = costs.findIndex((cost) => typeof cost !== "number");
    if (wrong >= 0)
      throw new TypeError(
        `Cost ${wrong} of "${name}" is ${said(costs[wrong])}: it has to be a number.`,
      );
    if (!Array.from(costs).some(Number.isFinite))
      throw new RangeError(
        `The run "${name}" has no finite cost to plot: all are ${said(costs[0])}.`,
      );
    return [name, history];
  });
}

function historyOf(run: unknown): History | undefined {
  const { history = run } = (run ?? {}) as { history?: unknown };
  const { epochs, costs } = (history ?? {}) as Partial<History>;
  return isList(epochs) && isList(costs) ? (history as History) : undefined;
}

function noRun(name: string, value: unknown): string {
  return `lossCurve takes a training, its history, or several by their names; ${name} is ${said(value)}.`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function plural(noun: string): string {
  return noun.endsWith("s") ? noun : `${noun}s`;
}
