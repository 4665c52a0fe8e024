/** Optimisers: how a step follows from a gradient. Each is its formula in a loop. */
import { descend } from "./backpropagation";

/** How weights step along gradients. */
export interface Optimiser {
  readonly name: string;
  /** The step in LaTeX, with g for the gradient. */
  readonly formula: string;
  /** Begins a run on so many weights; the step keeps what it has to remember, in arrays made here. */
  start(weights: number): Step;
}

/**
 * One step, in place.
 *
 * @param sum the slopes of the batch's samples, added up
 * @param samples what to divide the sum by: the batch's size for the mean gradient, 1 for the sum
 */
export type Step = (
  weights: Float64Array,
  sum: Float64Array,
  samples: number,
  learningRate: number,
) => void;

/** w ← w − α g. */
export const gradientDescent: Optimiser = {
  name: "gradientDescent",
  formula: String.raw`w \leftarrow w - \alpha g`,
  // Dividing the rate does the same as dividing each slope, with less work.
  start: () => (weights, sum, samples, learningRate) =>
    descend(weights, sum, learningRate / samples),
};

/**
 * Momentum: v ← μ v − α g, w ← w + v. A part μ of each step is carried into the next
 * (Polyak, 1964; with this sign in Rumelhart, Hinton & Williams, 1986).
 *
 * @param mu from 0 (none) to below 1. Default 0.9
 * @throws RangeError for any other
 */
export function momentum(mu = 0.9): Optimiser {
  if (!(mu >= 0 && mu < 1)) {
    throw new RangeError(`Momentum keeps a part of each step, from 0 to below 1, but it is ${mu}.`);
  }
  return {
    name: "momentum",
    formula: String.raw`v \leftarrow \mu v - \alpha g, \quad w \leftarrow w + v`,
    start(count) {
      const v = new Float64Array(count);
      return (weights, sum, samples, learningRate) => {
        const rate = learningRate / samples;
        for (let w = 0; w < weights.length; w++) {
          v[w] = mu * v[w] - rate * sum[w];
          weights[w] += v[w];
        }
      };
    },
  };
}

/** Every optimiser of the library by its name, with its usual settings. */
export const optimisers = { gradientDescent, momentum: momentum() };

export type OptimiserName = keyof typeof optimisers;
