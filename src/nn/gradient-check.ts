/** The gradient by nudging: slow, ignorant of deltas and derivatives, and so a judge of any backward pass. */

import {
  checkFinite,
  checkLength,
  judgeSlope,
  type NudgedSlope,
  nudgedSlope,
  passedOn,
  type SlopeJudgement,
  type SlopeVerdict,
} from "../arithmetic";
import { activate } from "./activations";
import { createForwardPass, type ForwardPass, forward } from "./backpropagation";
import { costGradient, divisorOf, outputLoss, type Reduction, totalLoss } from "./batch";
import { checkSamples, type Samples } from "./checks";
import { weightName, weightPlace } from "./names";
import { type Network, unitArrays } from "./network";

export interface GradientCheckOptions {
  /** The gradient to judge, laid out as the network's `weights`. Default: the library's own. */
  gradient?: ArrayLike<number>;
  /** Whether the cost is the mean of the samples' losses (the default) or their sum. */
  reduction?: Reduction;
  /** h: the nudge either way; where `checkGradient` needs several, the smallest. Default 1e-5. */
  nudge?: number;
  /** The largest error that still counts as agreement. Default 1e-6. */
  tolerance?: number;
}

export interface GradientCheck {
  /** Whether every weight's slope agrees. */
  readonly agrees: boolean;
  /** "differs" if one weight's slope does; else "cannot tell" if that is so for one. */
  readonly verdict: SlopeVerdict;
  /** The largest of the errors below. */
  readonly largestError: number;
  /** One row for each weight, in the order of `weights`. */
  readonly rows: readonly GradientCheckRow[];
}

export interface GradientCheckRow extends Omit<SlopeJudgement, "isSharp"> {
  readonly weight: string;
  /** ∂C/∂w as the backward pass has it. */
  readonly backward: number;
  /** ∂C/∂w by nudging; at a kink, halfway between the slopes that are possible there. */
  readonly nudged: number;
  readonly agrees: boolean;
  /** Whether an activation's kink lies within the nudge, so that many slopes are right. */
  readonly kink: boolean;
  /** Why nothing can be told, and what would help; undefined if something can. */
  readonly why: string | undefined;
}

/** Of a large weight, a nudge is at least this share: half its digits are left for what the nudge does. */
const leastShare = 2 ** -26;

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
  checkSamples(network, samples);
  if (!(nudge > 0 && nudge < Infinity)) {
    throw new RangeError(
      `The nudge has to be a small positive number, such as 1e-5, but it is ${nudge}.`,
    );
  }
  const { weights } = network;
  const pass = createForwardPass(network);
  const divisor = divisorOf(reduction, samples.inputs.length);
  const costAt = (w: number, nudged: number) => {
    const kept = weights[w];
    try {
      weights[w] = nudged;
      const cost = totalLoss(network, samples, pass) / divisor;
      checkFinite([cost], "a nudged cost");
      return cost;
    } finally {
      weights[w] = kept;
    }
  };
  return weights.map((weight, w) => {
    const h = Math.max(nudge, Math.abs(weight) * leastShare);
    const [above, below] = [weight + h, weight - h]; // rounded: not quite 2h apart
    return (costAt(w, above) - costAt(w, below)) / (above - below);
  });
}

/** With a smaller nudge a difference quotient is mostly rounding, and any gradient would agree. */
const leastNudge = 1e-9;

/**
 * Compares a gradient, weight by weight, with slopes found by nudging alone: no derivative and no δ takes part.
 *
 * A nudge of a weight is followed forward through the network, layer by layer, to the loss. Where it meets a function
 * (an activation, or the loss as it depends on an output's z) that function is nudged again, from both sides and by
 * amounts that suit it. So neither the size of a weight nor a kink somewhere else in the network spoils the result,
 * and each slope comes with the error that rounding, bends and kinks may have left in it. Sums of products carry a
 * nudge on exactly. (Derivatives carried forward along a computation: Wengert, Communications of the ACM 7, 1964;
 * with intervals in their place: Moore, Interval Analysis, 1966.)
 *
 * @throws RangeError if a sample does not fit, the loss does not exist a nudge away, the gradient has the wrong length
 *   or is not finite, or with an option nothing could be told
 */
export function checkGradient(
  network: Network,
  samples: Samples,
  options: GradientCheckOptions = {},
): GradientCheck {
  const { reduction = "mean", nudge = 1e-5, tolerance = 1e-6 } = options;
  if (!(nudge >= leastNudge && nudge < Infinity)) {
    throw new RangeError(
      `A gradient check needs a nudge of at least ${leastNudge}, but it is ${nudge}: below that, rounding hides the nudge's effect.`,
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
  const rows = carriedSlopes(network, samples, reduction, nudge).map((carried, w) => {
    const [weight, backward, nudged] = [weightName(network, w), gradient[w], carried.slope];
    const { verdict, isSharp, ...rest } = judgeSlope(backward, carried, tolerance, carried.parts);
    const isOpen = verdict === "cannot tell";
    const why = isOpen ? reason(weight, carried, rest.uncertainty) : undefined;
    const kink = carried.kink && !isSharp;
    return { weight, backward, nudged, ...rest, verdict, agrees: verdict === "agrees", kink, why };
  });
  const verdict =
    rows.find((row) => row.verdict === "differs")?.verdict ??
    rows.find((row) => row.verdict === "cannot tell")?.verdict ??
    "agrees";
  const largestError = rows.reduce((largest, row) => Math.max(largest, row.error), 0);
  return { agrees: verdict === "agrees", verdict, largestError, rows };
}

function reason(weight: string, { slope, kink }: NudgedSlope, uncertainty: number): string {
  if (!kink) {
    return (
      `Rounding makes the slope of ${weight} uncertain by ${uncertainty.toPrecision(1)}, and the slope is only about ` +
      `${slope.toPrecision(1)}. No other nudge can tell more: check the gradient where units are not saturated, ` +
      "at smaller weights, or with targets further from the outputs."
    );
  }
  const [low, high] = [slope - uncertainty, slope + uncertainty].map((x) => x.toPrecision(4));
  return (
    `A unit is at a kink, or closer to one than the nudge: any slope of ${weight} from ${low} to ${high} may be ` +
    "right. Check the gradient at other weights; if the kink is merely close, a smaller nudge will do."
  );
}

/** The slope of a cost, and the sum of its samples' slopes without their signs. */
interface CarriedSlope extends NudgedSlope {
  readonly parts: number;
}

/** ∂C/∂w for every weight, by a nudge that is followed forward. */
function carriedSlopes(
  network: Network,
  samples: Samples,
  reduction: Reduction,
  nudge: number,
): CarriedSlope[] {
  checkSamples(network, samples);
  const { weights } = network;
  const sums = Array.from(weights, () => ({ slope: 0, error: 0, kink: false, parts: 0 }));
  const divisor = divisorOf(reduction, samples.inputs.length);
  const carry = createCarrier(network);
  samples.inputs.forEach((x, n) => {
    const pass = forward(network, x);
    const unitSlopes = nudgedUnits(network, pass, samples.targets[n], nudge);
    for (let w = 0; w < weights.length; w++) {
      const { slope, error, kink } = carry(w, pass, unitSlopes);
      sums[w].slope += slope / divisor;
      sums[w].error += error / divisor;
      sums[w].kink ||= kink;
      sums[w].parts += Math.abs(slope) / divisor;
    }
  });
  return sums;
}

/** f′(z) of each hidden unit and, in the last layer, ∂L/∂z of each output, by nudging z. */
function nudgedUnits(
  { activations, loss }: Network,
  pass: ForwardPass,
  y: ArrayLike<number>,
  nudge: number,
): NudgedSlope[][] {
  const L = activations.length - 1;
  const isPaired = loss.pairedWith === activations[L];
  const [z, a] = [pass.z[L].slice(), pass.a[L].slice()];
  /** The loss with the z of output k changed. */
  const lossAt = (k: number, at: number) => {
    z.set(pass.z[L]);
    z[k] = at;
    activate(activations[L], z, a);
    return outputLoss({ activations, loss }, z, a, y);
  };
  /** How far rounding may throw it: what one digit less in each activation makes, since 1 − a, say, may have few. */
  const noiseAt = (k: number, at: number) => {
    if (isPaired && loss.valueFromZ) return Number.EPSILON;
    const value = lossAt(k, at);
    return a.reduce((sum, one, j) => {
      a[j] = one * (1 - 2 * Number.EPSILON);
      const off = Math.abs(loss.value(a, y) - value);
      a[j] = one;
      return sum + off;
    }, Number.EPSILON);
  };
  return activations.map((activation, l) =>
    Array.from(pass.z[l], (z, k) => {
      if (l < L && "f" in activation) return nudgedSlope((z) => activation.f(z), z, nudge);
      if (l < L) throw new RangeError("Softmax belongs in the output layer.");
      const at = (z: number) => noiseAt(k, z);
      const { slope, error, kink } = nudgedSlope((z) => lossAt(k, z), z, nudge, at);
      // With the activation it is paired with, δ is a − y: no better known than a is.
      return { slope, error: error + (isPaired ? 16 * Number.EPSILON * pass.a[L][k] : 0), kink };
    }),
  );
}

/** Follows a nudge of one weight forward, in memory made once: how the loss of the sample changes, for 1 of the weight. */
function createCarrier(network: Network) {
  const { sizes, W } = network;
  const L = sizes.length - 1;
  const changes = unitArrays(network, 0); // of z
  const errors = unitArrays(network, 0);

  return (w: number, { a }: ForwardPass, slopes: readonly NudgedSlope[][]): NudgedSlope => {
    const { layer, unit, column } = weightPlace(network, w);
    changes[layer].fill(0);
    errors[layer].fill(0);
    changes[layer][unit] = column === 0 ? 1 : a[layer - 1][column - 1];
    let kink = false;
    const through = (l: number, j: number) => {
      if (changes[l][j] !== 0 || errors[l][j] !== 0) kink ||= slopes[l][j].kink;
      return passedOn(slopes[l][j], changes[l][j], errors[l][j]);
    };

    for (let l = layer; l < L; l++) {
      changes[l + 1].fill(0);
      errors[l + 1].fill(0);
      const columns = 1 + sizes[l];
      for (let j = 0; j < sizes[l]; j++) {
        const { change, error } = through(l, j);
        if (change === 0 && error === 0) continue;
        for (let k = 0; k < sizes[l + 1]; k++) {
          const weight = W[l + 1][k * columns + 1 + j];
          changes[l + 1][k] += weight * change;
          errors[l + 1][k] +=
            Math.abs(weight) * (error + columns * Number.EPSILON * Math.abs(change));
        }
      }
    }
    let [slope, error] = [0, 0];
    for (let k = 0; k < sizes[L]; k++) {
      const ofLoss = through(L, k);
      slope += ofLoss.change;
      error += ofLoss.error + sizes[L] * Number.EPSILON * Math.abs(ofLoss.change);
    }
    return { slope, error, kink };
  };
}
