/** The gradient by nudging: slow, blind to how the network works, and so a judge of any backward pass. */

import { createForwardPass } from "./backpropagation";
import { costGradient, divisorOf, type Reduction, totalLoss } from "./batch";
import { checkFinite, checkLength, checkSamples, type Samples } from "./checks";
import { weightName } from "./names";
import type { Network } from "./network";

export interface GradientCheckOptions {
  /** The gradient to judge, laid out as the network's `weights`. Default: the library's own. */
  gradient?: ArrayLike<number>;
  /** Whether the cost is the mean of the samples' losses (the default) or their sum. */
  reduction?: Reduction;
  /** h: how far each weight is nudged either way. Default 1e-5. */
  nudge?: number;
  /** The largest error that still counts as agreement. Default 1e-6. */
  tolerance?: number;
}

export interface GradientCheck {
  /** Whether every weight's slope agrees. */
  readonly agrees: boolean;
  /** The largest of the errors below. */
  readonly largestError: number;
  /** One row for each weight, in the order of `weights`. */
  readonly rows: readonly GradientCheckRow[];
}

export interface GradientCheckRow {
  readonly weight: string;
  /** ∂C/∂w as the backward pass has it. */
  readonly backward: number;
  /** ∂C/∂w by central differences. */
  readonly nudged: number;
  /** |backward − nudged| as a share of the larger of the two, or of the rounding error if both are below that. */
  readonly error: number;
  readonly agrees: boolean;
  /** Whether the slopes to the left and to the right differ: an activation's kink lies within the nudge, and no slope is right. */
  readonly kink: boolean;
}

/**
 * ∂C/∂w for every weight by central differences, (C(w + h) − C(w − h)) / 2h: two forward passes of
 * the batch for each weight. Laid out as the network's `weights`, which end as they began.
 *
 * @throws RangeError if a sample does not fit, or a nudged cost is not finite
 */
export function nudgedGradient(
  network: Network,
  samples: Samples,
  { reduction = "mean", nudge = 1e-5 }: GradientCheckOptions = {},
): Float64Array {
  const costs = nudgedCosts(network, samples, reduction, nudge);
  return Float64Array.from(costs.above, (above, w) => (above - costs.below[w]) / (2 * nudge));
}

/** With a smaller nudge a difference quotient is mostly rounding, and any gradient would agree. */
const leastNudge = 1e-9;

/**
 * Compares a gradient, weight by weight, with central differences of the cost.
 *
 * @throws RangeError as `nudgedGradient`, and if the gradient has the wrong length or is not finite
 */
export function checkGradient(
  network: Network,
  samples: Samples,
  options: GradientCheckOptions = {},
): GradientCheck {
  const { reduction = "mean", nudge = 1e-5, tolerance = 1e-6 } = options;
  if (!(nudge >= leastNudge)) {
    throw new RangeError(
      `A check takes a nudge of at least ${leastNudge}, but it is ${nudge}: below, rounding hides what a nudge does.`,
    );
  }
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new RangeError(
      `The tolerance has to be a small positive number, such as 1e-6, but it is ${tolerance}.`,
    );
  }
  const gradient = options.gradient ?? costGradient(network, samples, reduction);
  checkLength(gradient, network.weights.length, "The gradient", "one slope for each weight");
  checkFinite(gradient, "a slope of the gradient");
  const { at, above, below } = nudgedCosts(network, samples, reduction, nudge);
  // A cost is known to about ε·C, so a difference quotient to about ε·C/h: below some such steps, all is noise.
  const noise = (100 * Number.EPSILON * Math.max(1, Math.abs(at))) / nudge;

  const rows = Array.from(above, (_, w) => {
    const backward = gradient[w];
    const nudged = (above[w] - below[w]) / (2 * nudge);
    const scale = Math.max(Math.abs(backward), Math.abs(nudged), noise / tolerance);
    const error = Math.abs(backward - nudged) / scale;
    const bend = Math.abs(above[w] - 2 * at + below[w]) / nudge;
    const kink = bend > 1e-2 * Math.max(Math.abs(nudged), noise / tolerance);
    return {
      weight: weightName(network, w),
      backward,
      nudged,
      error,
      agrees: error <= tolerance,
      kink,
    };
  });
  const largestError = rows.reduce((largest, row) => Math.max(largest, row.error), 0);
  return { agrees: largestError <= tolerance, largestError, rows };
}

/** The cost as it is, and with each weight nudged up and down by h. */
function nudgedCosts(network: Network, samples: Samples, reduction: Reduction, nudge: number) {
  checkSamples(network, samples);
  if (!(nudge > 0 && nudge < Infinity)) {
    throw new RangeError(
      `The nudge has to be a small positive number, such as 1e-5, but it is ${nudge}.`,
    );
  }
  const { weights } = network;
  const pass = createForwardPass(network);
  const divisor = divisorOf(reduction, samples.inputs.length);
  const cost = () => totalLoss(network, samples, pass) / divisor;
  const at = cost();
  const above = new Float64Array(weights.length);
  const below = new Float64Array(weights.length);
  for (let w = 0; w < weights.length; w++) {
    const kept = weights[w];
    try {
      weights[w] = kept + nudge;
      above[w] = cost();
      weights[w] = kept - nudge;
      below[w] = cost();
    } finally {
      weights[w] = kept;
    }
  }
  checkFinite(above, "a nudged cost");
  checkFinite(below, "a nudged cost");
  return { at, above, below };
}
