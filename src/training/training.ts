/** Training: many steps of gradient descent, and the cost as they go. */

import {
  allFinite,
  checkFinite,
  checkLearningRate,
  checkSingle,
  checkWhole,
  createRandom,
  find,
  type Random,
  said,
  shuffle,
} from "../arithmetic";
import type { Engine, EngineKind, Precision, Trainable } from "../engines";
import { createEngine } from "../engines";
import type { Network } from "../nn";
import { divisorOf, type Reduction } from "../nn/batch";
import { checkLists, checkSamples, type Samples } from "../nn/checks";
import { History } from "./history";
import {
  gradientDescent,
  type Optimiser,
  type OptimiserName,
  optimisers,
  type Step,
} from "./optimisers";
import { constant, type Schedule } from "./schedules";

export interface TrainingOptions {
  /** α: how far one step goes against the gradient. */
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
  /** Seed of the shuffling, and of whatever else is random in a step, a whole number. Default 1. */
  seed?: number;
  /** Whether a batch's cost is the mean of its losses (the default) or their sum. */
  reduction?: Reduction;
  /** Training ends as soon as the cost over all samples is at most this. */
  targetCost?: number;
  /**
   * Training ends once this is aborted: an AbortSignal, or anything with `aborted`. It is asked before each epoch, or
   * before each hundred where code made for the network's shape runs them in one go.
   */
  signal?: { readonly aborted: boolean };
  /**
   * Whether the sums over samples are worked out by code made for the network's shape, with the same results to the
   * last bit: wherever that can be done (true), nowhere (false), or where it pays (the default).
   */
  compiled?: boolean;
  /**
   * The numbers that a network is trained in: "double", of 64 bits (the default), or "single", of 32, which takes about
   * half the time where the network is large. Its weights, the samples and all that is worked out from them are then
   * rounded to 24 binary digits; sums of losses, and what an optimiser remembers, are not.
   */
  precision?: Precision;
}

function bringsEngine(trained: Network | Trainable): trained is Trainable {
  return typeof (trained as Partial<Trainable>)?.createEngine === "function";
}

/** @throws RangeError unless the precision is the one that a model of tensors has */
function checkDouble(precision: Precision | undefined): void {
  if (precision === undefined || precision === "double") return;
  throw new RangeError(
    `A model of tensors is trained in double precision, but got precision: ${said(precision)}. Leave it out; "single" is for networks, as createNetwork makes them.`,
  );
}

/** The most epochs that are run without asking the signal. */
const mostUnasked = 100;

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
 * A training run that can be advanced a few epochs at a time, inspected, and continued.
 * The network's weights are changed in place; nothing is allocated for a step.
 */
export class Training<Trained extends Network | Trainable = Network> {
  /** The cost over all samples before training (epoch 0) and after the epochs that the history keeps. */
  readonly history = new History();
  /** The options as they were given: what is changed there later changes nothing here. */
  readonly options: Readonly<TrainingOptions>;
  /** Epochs done. */
  epoch = 0;
  /** Why training ended; undefined while there is more to do. */
  ending: Ending | undefined;

  readonly #engine: Engine;
  /** The engine's way to run several epochs in one go, if this is gradient descent on all samples at one rate. */
  readonly #descend: Engine["descend"];
  readonly #order: Uint32Array;
  readonly #random: Random;
  readonly #step: Step;
  /** The weights at the last epoch in the history: where a run that diverges is taken back to. */
  readonly #kept: Float64Array;
  /** The weights before several epochs in one go. */
  readonly #before: Float64Array;
  /** Where in the order the next batch starts (0: with a new epoch), and the size of the last one. */
  #next = 0;
  #lastSize = 0;
  /** The learning rate of this epoch. */
  #rate = 0;
  /** The losses of this epoch so far. */
  #total = 0;

  /** @throws RangeError for samples that do not fit the network and for options that make no sense */
  constructor(
    /** A network, or a model of tensors. */
    readonly network: Trained,
    readonly samples: Samples,
    given: TrainingOptions,
  ) {
    const options = Object.freeze({ ...given });
    this.options = options;
    const trained: Network | Trainable = network;
    if (bringsEngine(trained)) {
      checkLists(samples);
      checkDouble(options.precision);
    } else checkSamples(trained, samples);
    checkLearningRate(options.learningRate);
    checkWhole(options.epochs, "The number of epochs", 0);
    const size = samples.inputs.length;
    const batchSize = options.batchSize ?? size;
    checkWhole(batchSize, "The batch size", 1, size);
    if (options.targetCost !== undefined && !Number.isFinite(options.targetCost)) {
      throw new RangeError(
        `The target cost has to be a finite number, but it is ${options.targetCost}.`,
      );
    }
    this.#checkSingleRate(options.learningRate);
    const seed = options.seed ?? 1;
    this.#engine = bringsEngine(trained)
      ? trained.createEngine(samples, batchSize, seed)
      : createEngine(trained, samples, batchSize, options);
    this.#order = Uint32Array.from({ length: size }, (_, i) => i);
    this.#random = createRandom(seed);
    const optimiser = find(options.optimiser ?? gradientDescent, optimisers, "optimiser");
    const { step, descend } = this.#engine;
    const descends = optimiser === gradientDescent;
    this.#step =
      descends && step
        ? (_weights, _sum, samples, rate) => step(rate / samples)
        : optimiser.start(network.weights.length);
    const isPlain =
      descends &&
      batchSize === size &&
      !options.shuffle &&
      !options.schedule &&
      options.targetCost === undefined;
    this.#descend = isPlain ? descend : undefined;
    this.#kept = network.weights.slice();
    this.#before = network.weights.slice();
    this.#engine.load?.();
    const first = this.#measureCost();
    checkFinite([first], "the cost");
    this.history.add(0, first);
    this.#endIfDone(first);
  }

  /** What works out the gradients: the functions that the course explains, or code made for the network's shape. */
  get engine(): EngineKind {
    return this.#engine.kind;
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
    const end = this.epoch + epochs;
    while (this.epoch < end && !this.ending) {
      this.#runOrTakeBack(() => {
        if (this.options.signal?.aborted) this.#end("stopped by the signal");
        else this.#runEpochs(end - this.epoch);
      });
    }
    return !this.ending;
  }

  /**
   * One step only: a batch, and one update of the weights. What diverges in it is noticed at once, where `advance`
   * looks at the weights once an epoch.
   *
   * @returns which samples made up the batch, by their numbers; none if training has ended
   * @throws as `advance`
   */
  step(): number[] {
    if (this.ending) return [];
    this.#runOrTakeBack(() => {
      this.#runBatch();
      this.#engine.store?.();
      if (!this.#isFinite()) this.#diverge(this.epoch + 1); // the end of an epoch has asked already
    });
    const end = this.#next === 0 ? this.#order.length : this.#next;
    return Array.from(this.#order.subarray(end - this.#lastSize, end));
  }

  #runOrTakeBack(run: () => void): void {
    try {
      this.#engine.load?.();
      run();
      this.#engine.store?.();
    } catch (error) {
      this.network.weights.set(this.#kept);
      this.epoch = this.history.epochs[this.history.epochs.length - 1];
      this.ending = "diverged";
      throw error;
    }
  }

  /** To the end of the epoch; or of several, `most` of them, if the engine can and nothing is due in between. */
  #runEpochs(most: number): void {
    const { epochs, learningRate, signal } = this.options;
    const untilDue = this.history.nextDue(this.epoch) - this.epoch;
    const untilAsked = signal ? mostUnasked : epochs;
    const count = Math.min(most, untilDue, untilAsked, epochs - this.epoch);
    if (!this.#descend || count < 2) {
      do this.#runBatch();
      while (this.#next > 0);
      return;
    }
    const size = this.#order.length;
    this.#before.set(this.network.weights);
    this.#total = this.#descend(count, learningRate / this.#divisor(size));
    this.#lastSize = size;
    if (this.#isFinite()) {
      this.epoch += count - 1;
      this.#endEpoch();
    } else {
      // One by one, to find the epoch in which it happened.
      this.network.weights.set(this.#before);
      for (let n = 0; n < count; n++) this.#runBatch();
    }
  }

  #runBatch(): void {
    const { options } = this;
    const size = this.#order.length;
    const batchSize = options.batchSize ?? size;
    const start = this.#next;
    if (start === 0) {
      this.#total = 0;
      const share = this.epoch / options.epochs;
      const factor = (options.schedule ?? constant)(share);
      if (!(factor > 0 && factor < Infinity)) {
        throw new RangeError(
          `A schedule has to give a factor above 0, but with ${share} of the training done it gave ${factor}.`,
        );
      }
      this.#rate = options.learningRate * factor;
      checkLearningRate(this.#rate);
      this.#checkSingleRate(this.#rate);
      if (options.shuffle ?? batchSize < size) shuffle(this.#order, this.#random);
    }

    const end = Math.min(start + batchSize, size);
    const engine = this.#engine;
    this.#total += engine.batch(this.#order, start, end);
    this.#step(engine.weights, engine.gradient, this.#divisor(end - start), this.#rate);
    this.#lastSize = end - start;
    this.#next = end === size ? 0 : end;
    if (end === size) this.#endEpoch();
  }

  #endEpoch(): void {
    const { options } = this;
    this.epoch++;
    this.#engine.store?.();
    if (!this.#isFinite()) this.#diverge();

    const due = this.history.isDue(this.epoch);
    const last = this.epoch === options.epochs;
    if (!due && !last && options.targetCost === undefined) return;
    const now = this.#currentCost();
    if (due) this.#keep(now);
    this.#endIfDone(now);
  }

  /** @throws RangeError in single precision, if the rate is 0 or infinite there */
  #checkSingleRate(rate: number): void {
    const { precision, batchSize } = this.options;
    if (precision !== "single") return;
    const divisor = this.#divisor(batchSize ?? this.samples.inputs.length);
    if (Math.fround(rate / divisor) > 0 && Math.fround(rate) < Infinity) return;
    checkSingle([rate], "the learning rate", () => "what a step multiplies the gradient by");
    const divided = divisor > 1 ? `, divided by ${divisor} samples,` : "";
    throw new RangeError(
      `The learning rate ${rate}${divided} is 0 in single precision, whose smallest number is 1.4e-45: no weight would ` +
        "ever move. Choose a larger one.",
    );
  }

  /** Whether the losses of the epoch and all weights are. */
  #isFinite(): boolean {
    return Number.isFinite(this.#total) && allFinite(this.network.weights);
  }

  #endIfDone(now: number): void {
    const { targetCost = -Infinity, epochs } = this.options;
    if (now <= targetCost) this.#end("target cost reached");
    else if (this.epoch >= epochs) this.#end("all epochs done");
  }

  #currentCost(): number {
    const now = this.#measureCost();
    if (!Number.isFinite(now)) this.#diverge();
    return now;
  }

  #measureCost(): number {
    return this.#engine.totalLoss() / this.#divisor(this.#order.length);
  }

  /** What a sum over so many samples is divided by. */
  #divisor(samples: number): number {
    return divisorOf(this.options.reduction ?? "mean", samples);
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

  #diverge(epoch = this.epoch): never {
    const { epochs, costs } = this.history;
    const last = epochs.length - 1;
    throw new DivergenceError(epoch, costs[last], epochs[last], this.options);
  }
}

/**
 * Trains to the end and returns the run, with its history of costs. The network's weights are changed in place.
 *
 * @throws as `Training`
 */
export function train<Trained extends Network | Trainable>(
  network: Trained,
  samples: Samples,
  options: TrainingOptions,
): Training<Trained> {
  const training = new Training(network, samples, options);
  while (!training.ending) training.advance(1000);
  return training;
}
