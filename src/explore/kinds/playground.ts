/** The playground: a data set, a network, and training that is watched. Nothing here knows a page. */
import { norm } from "../../arithmetic";
import {
  arms,
  circle,
  classTargets,
  clouds,
  type DataSet,
  line,
  moons,
  type ShapeOptions,
  spiral,
  split,
  xorCorners,
} from "../../data";
import { unitPlace } from "../../names";
import {
  activations,
  copyNetwork,
  cost,
  costGradient,
  createNetwork,
  forward,
  type Initialisation,
  losses,
  type Network,
  predict,
  type Samples,
  unitName,
  weightName,
  weightPlace,
} from "../../nn";
import { type CellValue, formatNumber, type Picture, palette } from "../../show";
import { DivergenceError, History, optimisers, Training } from "../../training";
import { axisAround, type Chart, drawCharts, type Mark } from "../chart";
import { createExplorable, defineKind, type Explorable } from "../explorable";
import { classColours, heatColours, imageAddress } from "../heat";
import { checkPoints, classesOf, type Point } from "../points";
import {
  checkChoice,
  checkCount,
  checkOneOutput,
  checkRange,
  elementwiseNames,
  initialisations,
  literal,
  type OneOutputSettings,
} from "../settings";

/** The data sets by the names that settings use; a new one added here appears among the choices. */
export const playgroundData: Record<
  string,
  { draw: (options: ShapeOptions) => DataSet; classes: number; said: string }
> = {
  xor: { draw: xorCorners, classes: 2, said: "XOR" },
  circle: { draw: circle, classes: 2, said: "circle" },
  moons: { draw: moons, classes: 2, said: "moons" },
  spiral: { draw: spiral, classes: 2, said: "spiral" },
  line: { draw: line, classes: 2, said: "line" },
  clouds: { draw: clouds, classes: 3, said: "three clouds" },
  arms: { draw: arms, classes: 3, said: "three arms" },
};
/** The name of data that is in the settings themselves. */
export const ownData = "own";

export interface PlaygroundSettings extends Omit<OneOutputSettings, "hidden" | "weights"> {
  /** The name of a data set, or "own": then it is the points that count. */
  data: string;
  /** For data "own": X1, X2 and the class, 0, 1 or 2, of each point. */
  points: readonly Point[];
  /** How many samples, before the split. Four of "xor" without noise are the truth table. */
  samples: number;
  noise: number;
  /** The share of the samples that is kept apart for testing. */
  testShare: number;
  /** Units in each hidden layer. */
  layers: readonly number[];
  /** The activation of all hidden layers, or of each. */
  hidden: string | readonly string[];
  weights: Initialisation;
  /** Samples for one step; 0 for all. */
  batchSize: number;
  optimiser: string;
  /** Seed of the weights, of the order of samples, of the data and of the split. */
  seed: number;
  /** Epochs to train before it is shown first. */
  epochs: number;
}

/** How many classes the data has: two take one output, three an output each. */
export function classCount({ data, points }: PlaygroundSettings): number {
  return data === ownData ? classesOf(points) : playgroundData[data].classes;
}

/** How many samples there are, before the split. */
function sampleCount({ data, points, samples }: PlaygroundSettings): number {
  return data === ownData ? points.length : samples;
}

function sizesOf(settings: PlaygroundSettings): number[] {
  const classes = classCount(settings);
  return [2, ...settings.layers, classes === 2 ? 1 : classes];
}

/** The activation of each hidden layer. */
export function hiddenOf({ layers, hidden }: PlaygroundSettings): string[] {
  return layers.map((_, n) => (typeof hidden === "string" ? hidden : hidden[n]));
}

/**
 * A network that trains while you watch.
 *
 * @throws RangeError for settings that make no sense, or too large for a page
 */
export function playground(
  options: Partial<PlaygroundSettings> = {},
): Explorable<PlaygroundSettings> {
  return createExplorable(kind, options);
}

/** More products of weight and sample in an epoch than this would hold the page up for a tenth of a second. */
const mostProducts = 3_000_000;
/** The first picture is there at once. */
const mostProductsBefore = 300_000_000;

export const kind = defineKind<PlaygroundSettings>({
  name: "playground",
  heading: "Playground: train a network",
  defaults: {
    data: "xor",
    points: [],
    samples: 4,
    noise: 0,
    testShare: 0,
    layers: [3],
    hidden: "tanh",
    output: "sigmoid",
    loss: "binaryCrossEntropy",
    weights: "uniform",
    learningRate: 0.3,
    batchSize: 0,
    optimiser: "gradientDescent",
    seed: 1,
    epochs: 0,
  },
  check(settings) {
    const { batchSize, epochs } = settings;
    checkChoice("data", settings.data, [...Object.keys(playgroundData), ownData]);
    if (settings.data === ownData) checkPoints(settings.points);
    checkLayers(settings);
    checkOutputs(settings);
    checkChoice("weights", settings.weights, Object.keys(initialisations));
    checkChoice("optimiser", settings.optimiser, Object.keys(optimisers));
    checkRange("noise", settings.noise, 0, 1);
    checkRange("testShare", settings.testShare, 0, 0.9);
    checkCount("samples", settings.samples, 2, 5000);
    checkCount("batchSize", batchSize, 0, 5000);
    checkCount("seed", settings.seed, 0, 0xffffffff);
    checkCount("epochs", epochs, 0, 1e7);
    const sizes = sizesOf(settings);
    const samples = sampleCount(settings);
    const weights = sizes.slice(1).reduce((sum, units, l) => sum + units * (1 + sizes[l]), 0);
    if (weights * samples > mostProducts) {
      throw new RangeError(
        `A ${sizes.join("-")} network has ${formatNumber(weights)} weights: with ${samples} samples one epoch would hold the page up. ` +
          `Take fewer units, layers or samples: weights times samples up to ${formatNumber(mostProducts)} stay smooth.`,
      );
    }
    if (weights * samples * epochs > mostProductsBefore) {
      throw new RangeError(
        `${epochs} epochs before the first picture would take too long: take fewer, and press Play for the rest.`,
      );
    }
  },
  view(settings) {
    const run = new PlaygroundRun(settings);
    run.advance(settings.epochs);
    const { data } = settings;
    const title = `Playground: ${data === ownData ? "own points" : data}, a ${run.network.sizes.join("-")} network`;
    const truth = truthRows(run);
    return {
      title,
      picture: stillPicture(run),
      alt: `${title} after ${run.epoch} epochs. ${summary(run)} Left ${surfaceWords(run)}; right the cost.`,
      tables: [
        { caption: "Where it stands", rows: [statusRow(run)] },
        ...(truth.length > 0 ? [{ caption: "Truth table", rows: truth }] : []),
      ],
    };
  },
});

function checkLayers({ layers, hidden }: PlaygroundSettings): void {
  checkCount("The number of hidden layers", layers.length, 0, 6);
  layers.forEach((units, n) => {
    checkCount(`units of hidden layer ${n + 1}`, units, 1, 256);
  });
  const names = typeof hidden === "string" ? [hidden] : hidden;
  for (const name of names) checkChoice("hidden", name, elementwiseNames);
  if (typeof hidden !== "string" && hidden.length !== layers.length) {
    throw new RangeError(
      `hidden is one activation for all hidden layers or one for each: there are ${layers.length} layers, but ${hidden.length} activations.`,
    );
  }
}

function checkOutputs(settings: PlaygroundSettings): void {
  const { output, loss, learningRate } = settings;
  if (classCount(settings) === 2) {
    checkOneOutput({ ...settings, hidden: "identity" });
    return;
  }
  checkChoice("output", output, Object.keys(activations));
  checkChoice("loss", loss, Object.keys(losses));
  checkRange("learningRate", learningRate, 1e-6, 100);
}

/** One run of the playground: what a cell with the same settings would train, advanced a little at a time. */
export class PlaygroundRun {
  readonly network: Network;
  readonly training: Training;
  readonly train: Samples;
  readonly test: Samples;
  readonly testHistory = new History();
  /** What ended the run, in a sentence: set when it diverged. */
  fault: string | undefined;

  constructor(readonly settings: PlaygroundSettings) {
    const { seed, batchSize, testShare } = settings;
    ({ train: this.train, test: this.test } = split(samplesOf(settings), testShare, seed));
    this.network = createNetwork({
      sizes: sizesOf(settings),
      hidden: hiddenOf(settings) as "tanh"[],
      output: settings.output as "tanh",
      loss: settings.loss as "halfSquaredError",
      weights: settings.weights,
      seed,
    });
    this.training = new Training(this.network, this.train, {
      learningRate: settings.learningRate,
      optimiser: settings.optimiser as "gradientDescent",
      epochs: 1e9,
      batchSize: batchSize === 0 ? undefined : Math.min(batchSize, this.train.inputs.length),
      seed,
    });
    this.#noteTest();
  }

  get epoch(): number {
    return this.training.epoch;
  }

  /** Trains for so many epochs. A run that diverges ends, with the reason in `fault`. */
  advance(epochs: number): void {
    for (let left = epochs; left > 0 && !this.fault; ) {
      const size = Math.min(left, this.#untilTest());
      this.#guarded(() => this.training.advance(size));
      left -= size;
    }
  }

  /** Trains for so many epochs, or until performance.now() passes `until`: what comes first, and one at least. */
  advanceWithin(epochs: number, until: number): void {
    // A clock that is read after every tiny epoch would take longer than the epoch.
    let chunk = 1;
    for (let left = epochs; left > 0 && !this.fault && !this.training.ending; ) {
      const size = Math.min(chunk, left, this.#untilTest());
      const before = performance.now();
      this.#guarded(() => this.training.advance(size));
      left -= size;
      const now = performance.now();
      if (now >= until) return;
      if (now - before < 0.5) chunk *= 2;
      else if (now + (now - before) > until) chunk = Math.max(1, chunk >> 1);
    }
  }

  /** One update of the weights. @returns the numbers of the samples in its batch */
  step(): number[] {
    let samples: number[] = [];
    this.#guarded(() => {
      samples = this.training.step();
    });
    return samples;
  }

  #guarded(run: () => void): void {
    if (this.fault) return;
    try {
      run();
    } catch (error) {
      if (!(error instanceof DivergenceError || error instanceof RangeError)) throw error;
      this.fault = error.message;
    }
    this.#noteTest();
  }

  /** Epochs from here to the next one whose test cost is noted: the later, the rarer, so that a long run stays small. */
  #untilTest(): number {
    if (this.test.inputs.length === 0) return Infinity;
    return Math.max(1, Math.ceil(this.#lastTest * 1.01) - this.epoch);
  }

  get #lastTest(): number {
    const { epochs } = this.testHistory;
    return epochs[epochs.length - 1] ?? -1;
  }

  #noteTest(): void {
    const last = this.#lastTest;
    if (this.test.inputs.length === 0 || this.epoch <= last) return;
    if (last > 0 && this.epoch < last * 1.01) return;
    const now = tryCost(this.network, this.test);
    if (Number.isFinite(now)) this.testHistory.add(this.epoch, now);
  }
}

/** The data of the settings. */
function samplesOf(settings: PlaygroundSettings): Samples {
  const { data, points, samples, noise, seed } = settings;
  if (data !== ownData) return playgroundData[data].draw({ samples, noise, seed });
  const classes = classesOf(points);
  return {
    inputs: points.map(([x1, x2]) => [x1, x2]),
    targets: points.map(([, , one]) => classTargets(one, classes)),
  };
}

/** Networks with more weights than this are told without them. */
const mostWeightsTold = 200;

/**
 * The settings of a run and how far it came as code for a cell that trains the same, with the library alone,
 * and the weights it ends with.
 */
export function trainingCode({ settings, epoch, network }: PlaygroundRun): string {
  const weights =
    network.weights.length > mostWeightsTold
      ? ""
      : `// It ends with the weights [${Array.from(network.weights).join(", ")}].\n`;
  const { data, samples, noise, testShare, seed, batchSize } = settings;
  const isOwn = data === ownData;
  const name = data === "xor" ? "xorCorners" : data;
  const given = isOwn
    ? "samples"
    : `${name}({ samples: ${samples}, noise: ${noise}, seed: ${seed} })`;
  const list = (entries: Record<string, unknown>) =>
    Object.entries(entries)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `  ${key}: ${literal(value)},\n`)
      .join("");
  const training = {
    learningRate: settings.learningRate,
    optimiser: settings.optimiser,
    epochs: epoch,
    batchSize: batchSize === 0 ? undefined : batchSize,
    seed,
  };
  return (
    `import { ${isOwn ? "" : `${name}, `}split } from "./src/data";\nimport { createNetwork } from "./src/nn";\nimport { train } from "./src/training";\n\n` +
    (isOwn ? `const samples = {\n${list({ ...samplesOf(settings) })}};\n` : "") +
    `const data = split(${given}, ${testShare}, ${seed});\n` +
    `const network = createNetwork({\n${list({ ...networkOptions(settings), weights: settings.weights, seed })}});\n` +
    `train(network, data.train, {\n${list(training)}});\n${weights}`
  );
}

/** What describes the network, but for its weights. */
function networkOptions(settings: PlaygroundSettings) {
  const { hidden, output, loss } = settings;
  return { sizes: sizesOf(settings), hidden, output, loss };
}

/**
 * The run as JSON: `network` is what createNetwork takes, with the weights as they are now, and `settings` what
 * explore.playground takes to train it again.
 */
export function runJson({ settings, epoch, network }: PlaygroundRun): string {
  const saved = {
    settings: { ...settings, epochs: epoch },
    network: { ...networkOptions(settings), weights: Array.from(network.weights) },
  };
  return JSON.stringify(saved, undefined, 1);
}

/** The class that outputs or targets stand for: of one output by its side of one half, of several the largest. */
export function classOf(outputs: ArrayLike<number>): number {
  if (outputs.length === 1) return outputs[0] > 0.5 ? 1 : 0;
  let most = 0;
  for (let k = 1; k < outputs.length; k++) if (outputs[k] > outputs[most]) most = k;
  return most;
}

/** The share of the samples whose class is found; NaN if there are none. */
export function accuracy(network: Network, { inputs, targets }: Samples): number {
  const right = inputs.filter((x, n) => classOf(predict(network, x)) === classOf(targets[n]));
  return right.length / inputs.length;
}

/** What is known of a weight: its name, the units that it joins, its value, and the slope of the cost of all samples. */
export function tellWeight({ network, train }: PlaygroundRun, index: number): string {
  const { layer, unit, column } = weightPlace(network, index);
  const from = column === 0 ? "the bias" : unitName(network, layer - 1, column - 1);
  let slope: number | undefined;
  try {
    slope = costGradient(network, train)[index];
  } catch {
    // an output certain and wrong, whose cross-entropy is infinite
  }
  return (
    `${weightName(network, index)}, from ${from} to ${unitName(network, layer, unit)}: ${formatNumber(network.weights[index], 4)}. ` +
    `Slope of the cost: ${slope === undefined ? "none" : formatNumber(slope, 3)}.`
  );
}

function tryCost(network: Network, samples: Samples): number {
  try {
    return cost(network, samples);
  } catch {
    return Number.NaN; // an output certain and wrong, whose cross-entropy is infinite
  }
}

/** The numbers beside the pictures. */
export function statusRow(run: PlaygroundRun): Record<string, CellValue> {
  const { costs } = run.training.history;
  const percent = (share: number) => `${formatNumber(100 * share, 3)} %`;
  const hasTest = run.test.inputs.length > 0;
  const testCosts = run.testHistory.costs;
  return {
    epoch: run.epoch,
    "cost, training": costs[costs.length - 1],
    "right, training": percent(accuracy(run.network, run.train)),
    ...(hasTest
      ? {
          "cost, test": testCosts[testCosts.length - 1],
          "right, test": percent(accuracy(run.network, run.test)),
        }
      : {}),
  };
}

/** One update of the weights, told in numbers: which samples, their loss, how far the weights moved. */
export function tellStep(run: PlaygroundRun): Record<string, CellValue> {
  const before = copyNetwork(run.network);
  const numbers = run.step();
  const batch = {
    inputs: numbers.map((n) => run.train.inputs[n]),
    targets: numbers.map((n) => run.train.targets[n]),
  };
  if (run.fault || numbers.length === 0) return { step: run.fault ?? "none" };
  const gradient = costGradient(before, batch);
  const moves = Array.from(run.network.weights, (weight, w) => weight - before.weights[w]);
  const largest = moves.reduce(
    (most, move, w) => (Math.abs(move) > Math.abs(moves[most]) ? w : most),
    0,
  );
  return {
    samples:
      numbers.length > 6 ? `${numbers.length} of them` : numbers.map((n) => n + 1).join(", "),
    "their cost": cost(before, batch),
    "and after the step": tryCost(run.network, batch),
    "length of the gradient": norm(gradient),
    "length of the step": norm(moves),
    "largest move": `${weightName(run.network, largest)}: ${formatNumber(before.weights[largest], 4)} → ${formatNumber(run.network.weights[largest], 4)}`,
  };
}

/** Surfaces of the output and of all hidden units over the inputs, worked out a few rows at a time. */
export class Surfaces {
  /** By unit name; values row by row from the top. Complete when `sweep` returns true. */
  readonly values = new Map<string, Float64Array>();
  readonly #x: { from: number; to: number };
  readonly #y: { from: number; to: number };
  #row = 0;

  constructor(
    readonly run: PlaygroundRun,
    readonly side: number,
    /** Hidden units shown, at most. */
    mostUnits: number,
  ) {
    const { sizes } = run.network;
    ({ x: this.#x, y: this.#y } = extent(run));
    const outputs = outputNames(run);
    for (const name of outputs) this.values.set(name, new Float64Array(side * side));
    for (let l = 1; l < sizes.length - 1; l++) {
      for (let j = 0; j < sizes[l] && this.values.size < mostUnits + outputs.length; j++) {
        this.values.set(unitName(run.network, l, j), new Float64Array(side * side));
      }
    }
  }

  /** Works until the surfaces are complete or the time is up; the next call goes on. @returns whether complete */
  sweep(until: number): boolean {
    const { run, side } = this;
    const places = [...this.values].map(([name, values]) => ({
      ...unitPlace(run.network, name),
      values,
    }));
    do {
      const x2 = this.#y.to - ((this.#row + 0.5) / side) * (this.#y.to - this.#y.from);
      for (let column = 0; column < side; column++) {
        const x1 = this.#x.from + ((column + 0.5) / side) * (this.#x.to - this.#x.from);
        const { a } = forward(run.network, [x1, x2]);
        for (const { layer, unit, values } of places) {
          values[this.#row * side + column] = a[layer][unit];
        }
      }
      this.#row = (this.#row + 1) % side;
    } while (this.#row > 0 && performance.now() < until);
    return this.#row === 0;
  }
}

/** The names of the network's outputs: D0, or one for each class. */
export function outputNames({ network }: PlaygroundRun): string[] {
  const last = network.sizes.length - 1;
  return Array.from({ length: network.sizes[last] }, (_, k) => unitName(network, last, k));
}

/** The surface of the outputs as colours: of one by its value, of several by the largest. */
export function outputColours(run: PlaygroundRun, { values, side }: Surfaces): Uint8ClampedArray {
  const outputs = outputNames(run).map((name) => values.get(name) as Float64Array);
  return outputs.length === 1
    ? unitColours(run, "D0", outputs[0], side)
    : classColours(outputs, side);
}

/** The surface of a unit as colours, as strong as its values are far from the middle. */
export function unitColours(
  run: PlaygroundRun,
  name: string,
  values: Float64Array,
  side: number,
): Uint8ClampedArray {
  const middle = middleOf(run, name);
  let reach = 1e-9;
  for (const value of values) reach = Math.max(reach, Math.abs(value - middle));
  return heatColours(values, side, middle, reach);
}

/** What the surface shows, in words. */
export function surfaceWords({ network }: PlaygroundRun): string {
  return network.sizes[network.sizes.length - 1] === 1
    ? "the output over the inputs, blue below 0.5, orange above and black where it is 0.5; round marks for target 0 and square ones for 1"
    : "which output is largest over the inputs, blue for class 0, orange for 1, pink for 2, and black between; round marks for class 0, square ones for 1, diamonds for 2";
}

/** The truth table of XOR with the network's outputs; empty for other data. */
export function truthRows({ settings, network }: PlaygroundRun): Record<string, CellValue>[] {
  if (settings.data !== "xor") return [];
  const { inputs, targets } = xorCorners({ samples: 4, noise: 0 });
  return inputs.map((x, n) => {
    const output = predict(network, x)[0];
    const target = targets[n][0];
    return {
      X1: x[0],
      X2: x[1],
      target,
      output,
      "": output > 0.5 === target > 0.5 ? "✓ right" : "✗ wrong",
    };
  });
}

function summary(run: PlaygroundRun): string {
  const { costs } = run.training.history;
  return `The cost of training is ${formatNumber(costs[costs.length - 1], 4)}, ${formatNumber(100 * accuracy(run.network, run.train), 3)} % of the samples are right.`;
}

/** How far a picture of own points reaches, and the points in it: the same wherever in it they are. */
export function ownReach(points: readonly Point[]): { points: number; picture: number } {
  const farthest = points.reduce((most, [x1, x2]) => Math.max(most, Math.abs(x1), Math.abs(x2)), 1);
  return { points: farthest, picture: 1.1 * farthest };
}

/** How far the picture reaches: a little beyond all samples. */
export function extent({ train, test, settings }: PlaygroundRun): {
  x: { from: number; to: number };
  y: { from: number; to: number };
} {
  if (settings.data === ownData) {
    const { picture } = ownReach(settings.points);
    return { x: { from: -picture, to: picture }, y: { from: -picture, to: picture } };
  }
  const [x, y] = [0, 1].map((i) => {
    const values = [...train.inputs, ...test.inputs].map((point) => point[i]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const air = 0.2 * (high - low || 1);
    return { from: low - air, to: high + air };
  });
  return { x, y };
}

/** The cost of training, and of the test samples if there are any. */
export function costChart(run: PlaygroundRun): Chart {
  const { epochs, costs } = run.training.history;
  const [xs, ys] = thinned(epochs, costs);
  const [testX, testY] = thinned(run.testHistory.epochs, run.testHistory.costs);
  const hasTest = testX.length > 0;
  const last = Math.max(1, run.epoch);
  return {
    width: 320,
    height: 300,
    title: "The cost as training goes on",
    x: { title: "epoch", from: 0, to: last },
    y: { ...axisAround("cost", [0, ...ys, ...testY]), from: 0 },
    curves: [
      { name: "training", x: xs, y: ys, color: palette[0] },
      ...(hasTest ? [{ name: "test", x: testX, y: testY, color: palette[1], dash: "7 4" }] : []),
    ],
  };
}

const mostPoints = 200;

function thinned(xs: readonly number[], ys: readonly number[]): [number[], number[]] {
  const stride = Math.ceil(xs.length / mostPoints) || 1;
  const kept = xs.map((_, i) => i).filter((i) => i % stride === 0 || i === xs.length - 1);
  return [kept.map((i) => xs[i]), kept.map((i) => ys[i])];
}

/** The output over the inputs with the samples on it: what stands around the surface, in the page and in the still. */
export function outputChart(
  run: PlaygroundRun,
  size: Pick<Chart, "width" | "height">,
  image: string,
  marks: readonly Mark[],
): Chart {
  const { x, y } = extent(run);
  return {
    ...size,
    title: "The output over the inputs",
    x: { title: "input X1", ...x },
    y: { title: "input X2", ...y },
    image,
    marks,
  };
}

const markLooks: Pick<Mark, "color" | "symbol">[] = [
  { color: "#2C7FB8", symbol: "circle" },
  { color: "#E08214", symbol: "square" },
  { color: "#D16BA5", symbol: "diamond" },
];

/** A point of a class as a mark. */
export function classMark(x: number, y: number, one: number, hollow = false): Mark {
  const { color, symbol } = markLooks[one];
  return { x, y, color: hollow ? "white" : color, symbol };
}

/** Samples as marks, so many at most: a symbol and a colour for each class, white inside if they are hollow. */
export function sampleMarks({ inputs, targets }: Samples, most: number, hollow = false): Mark[] {
  return inputs
    .slice(0, most)
    .map(({ 0: x, 1: y }, n) => classMark(x, y, classOf(targets[n]), hollow));
}

/** The middle of what a unit can give, where colours change: 0.5 for the output, whose targets are 0 and 1. */
export function middleOf({ network }: PlaygroundRun, unit: string): number {
  const { layer } = unitPlace(network, unit);
  if (layer === network.sizes.length - 1) return 0.5;
  const [low, high] = network.activations[layer].range;
  const middle = (low + high) / 2;
  return Number.isFinite(middle) ? middle : 0;
}

function stillPicture(run: PlaygroundRun): Picture {
  const surfaces = new Surfaces(run, 40, 0);
  while (!surfaces.sweep(Infinity));
  const image = imageAddress(outputColours(run, surfaces), surfaces.side);
  const marks = sampleMarks(run.train, 200);
  return drawCharts([outputChart(run, { width: 330, height: 300 }, image, marks), costChart(run)]);
}
