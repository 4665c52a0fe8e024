/**
 * Losses: how wrong one sample's prediction is, as one number that is smallest when it is right.
 * `a` is the output layer's activations, `y` the targets; both hold one number for each output unit.
 */
import { exp, log, log1p, type Numbers } from "../arithmetic";
import { type Activation, sigmoid, softmax } from "./activations";

export interface Loss {
  readonly name: string;
  /** L(a, y) in LaTeX. */
  readonly formula: string;
  /** L(a, y). @throws RangeError if a prediction lies outside the loss's domain */
  value(a: ArrayLike<number>, y: ArrayLike<number>): number;
  /** Writes ∂L/∂a into `out`. @throws RangeError if a prediction lies outside the loss's domain */
  gradient(a: ArrayLike<number>, y: ArrayLike<number>, out: Numbers): void;
  /** What is wrong with the targets y, in a sentence; undefined if nothing is. */
  targetFault(y: ArrayLike<number>): string | undefined;
  /**
   * The output activation this loss is made for. With it δ = ∂L/∂z is simply a − y, and
   * `valueFromZ` gives L from the pre-activations without ever taking the logarithm of 0.
   */
  readonly pairedWith?: Activation;
  valueFromZ?(z: ArrayLike<number>, y: ArrayLike<number>): number;
}

/** ½ Σₖ (aₖ − yₖ)². The ½ makes the gradient simply a − y. */
export const halfSquaredError: Loss = {
  name: "halfSquaredError",
  formula: String.raw`\tfrac12\sum_k (a_k - y_k)^2`,
  value(a, y) {
    let sum = 0;
    for (let k = 0; k < a.length; k++) sum += (a[k] - y[k]) * (a[k] - y[k]);
    return sum / 2;
  },
  gradient(a, y, out) {
    for (let k = 0; k < a.length; k++) out[k] = a[k] - y[k];
  },
  targetFault: () => undefined,
};

/** −Σₖ (yₖ ln aₖ + (1 − yₖ) ln(1 − aₖ)): the loss of logistic regression, for yes-or-no outputs. */
export const binaryCrossEntropy: Loss = {
  name: "binaryCrossEntropy",
  formula: String.raw`-\sum_k \bigl(y_k \ln a_k + (1 - y_k)\ln(1 - a_k)\bigr)`,
  value(a, y) {
    let sum = 0;
    for (let k = 0; k < a.length; k++) {
      checkProbability("Binary cross-entropy", a[k], k, "sigmoid");
      if (y[k] > 0) sum -= y[k] * logOf(a[k], k);
      if (y[k] < 1) sum -= (1 - y[k]) * logOf(1 - a[k], k);
    }
    return sum;
  },
  gradient(a, y, out) {
    for (let k = 0; k < a.length; k++) {
      checkProbability("Binary cross-entropy", a[k], k, "sigmoid");
      out[k] = 0;
      if (y[k] > 0) out[k] -= shareOf(y[k], a[k], k);
      if (y[k] < 1) out[k] += shareOf(1 - y[k], 1 - a[k], k);
    }
  },
  targetFault(y) {
    for (let k = 0; k < y.length; k++) {
      if (!(y[k] >= 0 && y[k] <= 1)) {
        return `Binary cross-entropy needs every target between 0 and 1, but target ${k} is ${y[k]}.`;
      }
    }
    return undefined;
  },
  pairedWith: sigmoid,
  // −y ln σ(z) − (1 − y) ln(1 − σ(z)) = max(z, 0) − y z + ln(1 + e^{−|z|})
  valueFromZ(z, y) {
    let sum = 0;
    for (let k = 0; k < z.length; k++) {
      sum += Math.max(z[k], 0) - y[k] * z[k] + log1p(exp(-Math.abs(z[k])));
    }
    return sum;
  },
};

/** −Σₖ yₖ ln aₖ: for one choice among several, the targets a probability for each. */
export const crossEntropy: Loss = {
  name: "crossEntropy",
  formula: String.raw`-\sum_k y_k \ln a_k`,
  value(a, y) {
    let sum = 0;
    for (let k = 0; k < a.length; k++) {
      checkProbability("Cross-entropy", a[k], k, "softmax");
      if (y[k] > 0) sum -= y[k] * logOf(a[k], k);
    }
    return sum;
  },
  gradient(a, y, out) {
    for (let k = 0; k < a.length; k++) {
      checkProbability("Cross-entropy", a[k], k, "softmax");
      out[k] = y[k] > 0 ? -shareOf(y[k], a[k], k) : 0;
    }
  },
  targetFault(y) {
    let sum = 0;
    for (let k = 0; k < y.length; k++) {
      if (!(y[k] >= 0)) {
        return `Cross-entropy needs targets that are probabilities, but target ${k} is ${y[k]}.`;
      }
      sum += y[k];
    }
    if (Math.abs(sum - 1) < 1e-6) return undefined; // as near as 32-bit numbers come
    return `Cross-entropy needs targets that add up to 1, but these add up to ${sum}.`;
  },
  pairedWith: softmax,
  // −Σ yₖ ln aₖ = ln Σ e^{zₖ} − Σ yₖ zₖ, the largest z taken out so that nothing overflows
  valueFromZ(z, y) {
    let largest = -Infinity;
    for (let k = 0; k < z.length; k++) largest = Math.max(largest, z[k]);
    let exponentials = 0;
    let weighted = 0;
    for (let k = 0; k < z.length; k++) {
      exponentials += exp(z[k] - largest);
      if (y[k] > 0) weighted += y[k] * (z[k] - largest); // 0 · ∞ would not be a number
    }
    return log(exponentials) - weighted;
  },
};

/** Every loss of the library by its name. */
export const losses = { halfSquaredError, binaryCrossEntropy, crossEntropy };

export type LossName = keyof typeof losses;

function checkProbability(loss: string, a: number, k: number, cure: string): void {
  if (a >= 0 && a <= 1) return;
  throw new RangeError(
    `${loss} takes the logarithm of the prediction${cure === "sigmoid" ? " a and of 1 − a" : ""}, ` +
      `so every prediction has to lie between 0 and 1; output unit ${k} gave ${a}` +
      `${cure === "sigmoid" && a > 1 ? `, and ln(1 − ${a}) does not exist` : ""}. ` +
      `Give the output layer an activation that keeps to that range: output: "${cure}".`,
  );
}

function logOf(p: number, k: number): number {
  if (p > 0) return log(p);
  throw certainAndWrong(p, k);
}

/** y / p, for the slope of −y ln p. */
function shareOf(y: number, p: number, k: number): number {
  const share = y / p;
  if (share < Infinity) return share;
  throw certainAndWrong(p, k);
}

function certainAndWrong(p: number, k: number): RangeError {
  return new RangeError(
    `Output unit ${k} is certain and wrong: it gives the right answer a probability of ${p}, so its cross-entropy, ` +
      `or the slope of that, would be infinite. Use the output activation the loss is paired with ("sigmoid" or ` +
      `"softmax"), whose loss is computed from z and stays finite.`,
  );
}
