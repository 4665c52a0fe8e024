/** What training needs at every step, and the plain way to compute it: one sample after the other. */
import type { Numbers } from "../arithmetic";
import { createBackwardPass, createForwardPass } from "../nn/backpropagation";
import { addSample, totalLoss } from "../nn/batch";
import type { Samples } from "../nn/checks";
import type { Network } from "../nn/network";

/**
 * How the sums over samples are worked out: by the functions that the course explains, or by code made for the
 * network's shape: in a straight line, or matrix products in blocks. (A model of tensors has its own.) All add the same numbers in the same order, so
 * which of them runs (a page may forbid code made from text) changes the time, and not one bit of the results.
 */
export type EngineKind = "readable" | "straight-line" | "blocked" | "tensors";

/** The format of the numbers that they count in, and its arrays: of 64 bits, or of 32. */
export const precisions = { double: Float64Array, single: Float32Array };
export type Precision = keyof typeof precisions;

/** What training can train beside a network: it brings its own engine. */
export interface Trainable {
  /** What an update changes. */
  readonly weights: Float64Array;
  /**
   * @param batchSize the most samples that `batch` will be asked for at once
   * @param seed of what is random in a step
   * @throws RangeError for samples that do not fit
   */
  createEngine(samples: Samples, batchSize: number, seed: number): Engine;
}

/** Works out sums over the samples that it was made for. */
export interface Engine {
  readonly kind: EngineKind;
  /** The weights that it works with: the network's own, or a copy for which `load` and `store` are there. */
  readonly weights: Numbers;
  /** The sum that `batch` leaves, laid out as `weights`. */
  readonly gradient: Numbers;
  /**
   * Copies the network's weights into the engine, and back. Missing if it works with the network's own.
   *
   * @throws RangeError for a weight that the engine's numbers cannot hold
   */
  load?(): void;
  store?(): void;
  /** Sums the gradients of the samples order[start] … order[end − 1], and returns the sum of their losses. */
  batch(order: Uint32Array, start: number, end: number): number;
  /** The sum of the losses of all samples. */
  totalLoss(): number;
  /** w ← w − rate × `gradient`, as `descend` in backpropagation.ts; missing if the engine knows no faster way. */
  step?(rate: number): void;
  /**
   * This many epochs of gradient descent, each one step w ← w − rate Σ ∂L/∂w over all samples; returns the sum of
   * the losses before the last step. Missing if the engine has no loop of its own for that.
   */
  descend?(epochs: number, rate: number): number;
}

/** The samples as an engine takes them: copied once into arrays of one kind, so that a step is the same machine code for all. */
export interface SampleArrays<Array extends Numbers = Float64Array> {
  readonly inputs: readonly Array[];
  readonly targets: readonly Array[];
}

export function readableEngine(network: Network, samples: SampleArrays): Engine {
  const { inputs, targets } = samples;
  const pass = createForwardPass(network);
  const back = createBackwardPass(network);
  return {
    kind: "readable",
    weights: network.weights,
    gradient: back.gradient,
    batch(order, start, end) {
      back.gradient.fill(0);
      let total = 0;
      for (let n = start; n < end; n++) {
        total += addSample(network, inputs[order[n]], targets[order[n]], pass, back);
      }
      return total;
    },
    totalLoss: () => totalLoss(network, samples, pass),
  };
}
