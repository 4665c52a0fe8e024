/** Training: many steps of gradient descent, and the cost as they go. */
import {
  type BackwardPass,
  createBackwardPass,
  createForwardPass,
  type ForwardPass,
} from "./backpropagation";
import { addSample, cost, type Reduction, totalLoss } from "./batch";
import { checkLearningRate, checkSamples, checkWhole, type Samples } from "./checks";
import { History } from "./history";
import { find, type Network } from "./network";
import { type Optimiser, type OptimiserName, optimisers, type Step } from "./optimisers";
import { createRandom, type Random, shuffle } from "./random";
import { constant, type Schedule } from "./schedules";

export interface TrainingOptions {
  /** α: how far one step goes along the gradient. */
  learningRate: number;
  /** What the learning rate is multiplied by as training goes on, epoch by epoch. Default: 1 throughout. */
  schedule?: Schedule;
  /** How a step follows from the gradient. Default "gradientDescent". */
  optimiser?: OptimiserName | Optimiser;
  /** Passes over all samples before training ends by itself. */
  epochs: number;
  /** Samples for one step: all of them (the default) is batch gradient descent, 1 is one sample at a time. */
  batchSize?: number;
  /** Whether each epoch takes the samples in a new order. Default: only if a batch is not all samples. */
  shuffle?: boolean;
  /** Seed of the shuffling, a whole number. Default 1. */
  seed?: number;
  /** Whether a batch's cost is the mean of its losses (the default) or their sum. */
  reduction?: Reduction;
  /** Training ends as soon as the cost over all samples is at most this. */
  targetCost?: number;
  /** Training ends at the next epoch once this is aborted: an AbortSignal, or anything with `aborted`. */
  signal?: { readonly aborted: boolean };
}

/** Why training ended. */
export type Ending =
  | "all epochs done"
  | "target cost reached"
  | "stopped by the signal"
  | "diverged";

/** Thrown when the cost or a weight stops being a finite number. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  constructor(
    /** The epoch in which it happened, counted from 1. */
    readonly epoch: number,
    /** The last cost that the history keeps, and the epoch after which it was measured. */
    readonly lastCost: number,
    readonly lastEpoch: number,
    { learningRate, reduction }: TrainingOptions,
  ) {
    const mean = reduction === "sum" ? ', reduction: "mean" instead of "sum"' : "";
    super(
      `Training diverged in epoch ${epoch}: the cost or a weight is no longer a finite number. The last ` +
        `finite cost was ${lastCost.toPrecision(4)}, after epoch ${lastEpoch}, and the network is back ` +
        `at the weights it had then. Try a learning rate smaller than ${learningRate}${mean}, or smaller ` +
        "starting weights.",
    );
  }
}

/**
 * A training run that can be advanced a few epochs at a time, looked at, and gone on with.
 * The network's weights are changed in place; nothing is allocated for a step.
 */
export class Training {
  /** The cost over all samples before training (epoch 0) and after the epochs that the history keeps. */
  readonly history = new History();
  /** Epochs done. */
  epoch = 0;
  /** Why training ended; undefined while there is more to do. */
  ending: Ending | undefined;

  /** The samples, copied once into arrays of one kind: a step is then the same machine code for all. */
  readonly #inputs: readonly Float64Array[];
  readonly #targets: readonly Float64Array[];
  readonly #order: Uint32Array;
  readonly #random: Random;
  readonly #pass: ForwardPass;
  readonly #back: BackwardPass;
  readonly #step: Step;
  /** The weights at the last epoch in the history: where a run that diverges is taken back to. */
  readonly #kept: Float64Array;
  /** Where in the order the next batch starts (0: with a new epoch), and the size of the last one. */
  #next = 0;
  #lastSize = 0;
  /** The learning rate of this epoch. */
  #rate = 0;
  /** The losses of this epoch so far. */
  #total = 0;

  /** @throws RangeError for samples that do not fit the network and for options that make no sense */
  constructor(
    readonly network: Network,
    readonly samples: Samples,
    readonly options: TrainingOptions,
  ) {
    checkSamples(network, samples);
    checkLearningRate(options.learningRate);
    checkWhole(options.epochs, "The number of epochs", 0);
    const size = samples.inputs.length;
    checkWhole(options.batchSize ?? size, "The batch size", 1, size);
    if (options.targetCost !== undefined && !Number.isFinite(options.targetCost)) {
      throw new RangeError(
        `The target cost has to be a finite number, but it is ${options.targetCost}.`,
      );
    }
    this.#inputs = samples.inputs.map((x) => Float64Array.from(x));
    this.#targets = samples.targets.map((y) => Float64Array.from(y));
    this.#order = Uint32Array.from({ length: size }, (_, i) => i);
    this.#random = createRandom(options.seed ?? 1);
    this.#pass = createForwardPass(network);
    this.#back = createBackwardPass(network);
    const { optimiser = "gradientDescent" } = options;
    this.#step = find(optimiser, optimisers, "optimiser").start(network.weights.length);
    this.#kept = network.weights.slice();
    this.history.add(0, cost(network, samples, options.reduction));
    this.#endIfDone(this.history.costs[0]);
  }

  /**
   * Trains for up to `epochs` more epochs, and returns whether there is more to do. An epoch that `step` has
   * begun is one of them.
   *
   * @throws DivergenceError when the cost or a weight is no longer finite, RangeError when the loss does not
   *   exist for a prediction; the network is then taken back to the last epoch in the history
   */
  advance(epochs = 1): boolean {
    checkWhole(epochs, "The number of epochs to advance", 1);
    for (let n = 0; n < epochs && !this.ending; n++) {
      if (this.options.signal?.aborted) this.#end("stopped by the signal");
      else this.#runOrTakeBack(true);
    }
    return !this.ending;
  }

  /**
   * One step only: a batch, and one update of the weights.
   *
   * @returns which samples made up the batch, by their numbers; none if training has ended
   * @throws as `advance`
   */
  step(): number[] {
    if (this.ending) return [];
    this.#runOrTakeBack(false);
    const end = this.#next === 0 ? this.#order.length : this.#next;
    return Array.from(this.#order.subarray(end - this.#lastSize, end));
  }

  /** Runs to the end of the epoch, or one batch. */
  #runOrTakeBack(wholeEpoch: boolean): void {
    try {
      do this.#runBatch();
      while (wholeEpoch && this.#next > 0);
    } catch (error) {
      this.network.weights.set(this.#kept);
      this.epoch = this.history.epochs[this.history.epochs.length - 1];
      this.ending = "diverged";
      throw error;
    }
  }

  #runBatch(): void {
    const { network, options } = this;
    const size = this.#order.length;
    const batchSize = options.batchSize ?? size;
    const { gradient } = this.#back;
    const start = this.#next;
    if (start === 0) {
      this.#total = 0;
      this.#rate =
        options.learningRate * (options.schedule ?? constant)(this.epoch / options.epochs);
      checkLearningRate(this.#rate);
      if (options.shuffle ?? batchSize < size) shuffle(this.#order, this.#random);
    }

    const end = Math.min(start + batchSize, size);
    gradient.fill(0);
    let total = 0;
    for (let n = start; n < end; n++) {
      const i = this.#order[n];
      total += addSample(network, this.#inputs[i], this.#targets[i], this.#pass, this.#back);
    }
    const samples = options.reduction === "sum" ? 1 : end - start;
    this.#step(network.weights, gradient, samples, this.#rate);
    this.#total += total;
    this.#lastSize = end - start;
    this.#next = end === size ? 0 : end;
    if (end === size) this.#endEpoch();
  }

  #endEpoch(): void {
    const { network, options } = this;
    this.epoch++;
    // One infinite or undefined number anywhere makes the sum so too.
    let total = this.#total;
    for (let w = 0; w < network.weights.length; w++) total += network.weights[w];
    if (!Number.isFinite(total)) this.#diverge();

    const due = this.history.isDue(this.epoch);
    const last = this.epoch === options.epochs;
    if (!due && !last && options.targetCost === undefined) return;
    const now = this.#currentCost();
    if (due) this.#keep(now);
    this.#endIfDone(now);
  }

  #endIfDone(now: number): void {
    const { targetCost = -Infinity, epochs } = this.options;
    if (now <= targetCost) this.#end("target cost reached");
    else if (this.epoch >= epochs) this.#end("all epochs done");
  }

  #currentCost(): number {
    const total = totalLoss(
      this.network,
      { inputs: this.#inputs, targets: this.#targets },
      this.#pass,
    );
    if (!Number.isFinite(total)) this.#diverge();
    return this.options.reduction === "sum" ? total : total / this.#inputs.length;
  }

  #keep(now: number): void {
    this.history.add(this.epoch, now);
    this.#kept.set(this.network.weights);
  }

  #end(ending: Ending): void {
    this.ending = ending;
    if (this.history.epochs[this.history.epochs.length - 1] < this.epoch) {
      this.#keep(this.#currentCost());
    }
  }

  #diverge(): never {
    const { epochs, costs } = this.history;
    const last = epochs.length - 1;
    throw new DivergenceError(this.epoch, costs[last], epochs[last], this.options);
  }
}

/**
 * Trains to the end and returns the run, with its history of costs. The network's weights are changed in place.
 *
 * @throws as `Training`
 */
export function train(network: Network, samples: Samples, options: TrainingOptions): Training {
  const training = new Training(network, samples, options);
  while (!training.ending) training.advance(1000);
  return training;
}
