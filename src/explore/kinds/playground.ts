/** The playground: a data set, a network, and training that is watched. Nothing here knows a page. */
import { norm } from "../../arithmetic";
import { circle, line, moons, spiral, split, xorCorners } from "../../data";
import { unitPlace } from "../../names";
import {
  copyNetwork,
  cost,
  costGradient,
  forward,
  type Initialisation,
  type Network,
  predict,
  type Samples,
  unitName,
  weightName,
} from "../../nn";
import { type CellValue, formatNumber, type Picture, palette } from "../../show";
import { DivergenceError, History, optimisers, Training } from "../../training";
import { axisAround, type Chart, drawCharts, type Mark } from "../chart";
import { createExplorable, defineKind, type Explorable } from "../explorable";
import { gridValues, heatColours, imageAddress } from "../heat";
import {
  checkChoice,
  checkCount,
  checkOneOutput,
  checkRange,
  initialisations,
  literal,
  type OneOutputSettings,
  oneOutputNetwork,
} from "../settings";

/** The data sets by the names that settings use; a new one added here appears among the choices. */
export const playgroundData = { xor: xorCorners, circle, moons, spiral, line };
export type PlaygroundData = keyof typeof playgroundData;

export interface PlaygroundSettings extends OneOutputSettings {
  data: string;
  /** How many samples, before the split. Four of "xor" without noise are the truth table. */
  samples: number;
  noise: number;
  /** The share of the samples that is kept apart for testing. */
  testShare: number;
  /** Units in each hidden layer. */
  layers: readonly number[];
  weights: Initialisation;
  /** Samples for one step; 0 for all. */
  batchSize: number;
  optimiser: string;
  /** Seed of the weights, of the order of samples, of the data and of the split. */
  seed: number;
  /** Epochs to train before it is shown first. */
  epochs: number;
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
    const { layers, samples, batchSize, epochs } = settings;
    checkChoice("data", settings.data, Object.keys(playgroundData));
    checkOneOutput(settings);
    checkChoice("weights", settings.weights, Object.keys(initialisations));
    checkChoice("optimiser", settings.optimiser, Object.keys(optimisers));
    checkRange("noise", settings.noise, 0, 1);
    checkRange("testShare", settings.testShare, 0, 0.9);
    const counts: Record<string, [number, number, number]> = {
      samples: [samples, 2, 5000],
      batchSize: [batchSize, 0, 5000],
      seed: [settings.seed, 0, 0xffffffff],
      epochs: [epochs, 0, 1e7],
      "the number of hidden layers": [layers.length, 0, 6],
    };
    layers.forEach((units, n) => {
      counts[`units of hidden layer ${n + 1}`] = [units, 1, 256];
    });
    for (const [what, [value, from, to]] of Object.entries(counts)) {
      checkCount(what, value, from, to);
    }
    const sizes = [2, ...layers, 1];
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
    const title = `Playground: ${settings.data}, a ${run.network.sizes.join("-")} network`;
    const truth = truthRows(run);
    return {
      title,
      picture: stillPicture(run),
      alt: `${title} after ${run.epoch} epochs. ${summary(run)} Left the output over the inputs, black where it is 0.5, round marks for target 0 and square ones for 1; right the cost.`,
      tables: [
        { caption: "Where it stands", rows: [statusRow(run)] },
        ...(truth.length > 0 ? [{ caption: "Truth table", rows: truth }] : []),
      ],
    };
  },
});

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
    const { layers, seed, batchSize, samples, noise, testShare } = settings;
    const data = playgroundData[settings.data as PlaygroundData]({ samples, noise, seed });
    ({ train: this.train, test: this.test } = split(data, testShare, seed));
    this.network = oneOutputNetwork(layers, settings);
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
    if (epochs > 0) this.#guarded(() => this.training.advance(epochs));
  }

  /** Trains for so many epochs, or until performance.now() passes `until`: what comes first, and one at least. */
  advanceWithin(epochs: number, until: number): void {
    this.#guarded(() => {
      // A clock that is read after every tiny epoch would take longer than the epoch.
      let chunk = 1;
      for (let left = epochs; left > 0 && !this.training.ending; ) {
        const size = Math.min(chunk, left);
        const before = performance.now();
        this.training.advance(size);
        left -= size;
        const now = performance.now();
        if (now >= until) return;
        if (now - before < 0.5) chunk *= 2;
        else if (now + (now - before) > until) chunk = Math.max(1, chunk >> 1);
      }
    });
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

  /** The test cost now and then: the later, the rarer, so that a long run stays small. */
  #noteTest(): void {
    if (this.test.inputs.length === 0) return;
    const { epochs } = this.testHistory;
    const last = epochs[epochs.length - 1] ?? -1;
    if (this.epoch <= last || (last > 0 && this.epoch < last * 1.01)) return;
    const now = tryCost(this.network, this.test);
    if (Number.isFinite(now)) this.testHistory.add(this.epoch, now);
  }
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
  const { data, samples, noise, testShare, layers, seed, batchSize } = settings;
  const name = data === "xor" ? "xorCorners" : data;
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
    `import { ${name}, split } from "./src/data";\nimport { createNetwork } from "./src/nn";\nimport { train } from "./src/training";\n\n` +
    `const data = split(${name}({ samples: ${samples}, noise: ${noise}, seed: ${seed} }), ${testShare}, ${seed});\n` +
    `const network = createNetwork({\n${list({
      sizes: [2, ...layers, 1],
      hidden: settings.hidden,
      output: settings.output,
      loss: settings.loss,
      weights: settings.weights,
      seed,
    })}});\ntrain(network, data.train, {\n${list(training)}});\n${weights}`
  );
}

/** The share of the samples on the right side of one half; NaN if there are none. */
export function accuracy(network: Network, { inputs, targets }: Samples): number {
  const right = inputs.filter((x, n) => predict(network, x)[0] > 0.5 === targets[n][0] > 0.5);
  return right.length / inputs.length;
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
    this.values.set("D0", new Float64Array(side * side));
    for (let l = 1; l < sizes.length - 1; l++) {
      for (let j = 0; j < sizes[l] && this.values.size <= mostUnits; j++) {
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

/** How far the picture reaches: a little beyond all samples. */
export function extent({ train, test }: PlaygroundRun): {
  x: { from: number; to: number };
  y: { from: number; to: number };
} {
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

/** Samples as marks, so many at most: round for target 0, square for 1, white inside if they are hollow. */
export function sampleMarks({ inputs, targets }: Samples, most: number, hollow = false): Mark[] {
  return inputs.slice(0, most).map(({ 0: x, 1: y }, n) => {
    const isOne = targets[n][0] > 0.5;
    return {
      x,
      y,
      color: hollow ? "#fff" : isOne ? "#E08214" : "#2C7FB8",
      symbol: isOne ? "square" : "circle",
    };
  });
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
  const { x, y } = extent(run);
  const side = 40;
  const values = gridValues(side, x, y, (x1, x2) => predict(run.network, [x1, x2])[0]);
  const reach = Math.max(...values.map((value) => Math.abs(value - 0.5)), 1e-9);
  const image = imageAddress(heatColours(values, side, 0.5, reach), side);
  const marks = sampleMarks(run.train, 200);
  return drawCharts([outputChart(run, { width: 330, height: 300 }, image, marks), costChart(run)]);
}
