/**
 * Activation functions: each with its formula, its derivative, its range and its kinks.
 *
 * Every f takes any finite pre-activation, however large, without overflow to NaN; a NaN that
 * comes in goes out again, so that it is noticed and not hidden.
 */
import { exp, expm1, log1p, type Numbers, normalCdf, tanh as tanhOf } from "../arithmetic";

/** An activation applied to one unit at a time: a = f(z). */
export interface Elementwise {
  readonly name: string;
  /** f(z) in LaTeX. */
  readonly formula: string;
  /** f′(z) in LaTeX. */
  readonly derivativeFormula: string;
  /** Infimum and supremum of f over all real z. */
  readonly range: readonly [number, number];
  /** The z at which f has no derivative; `derivative` gives the slope from the left there. */
  readonly kinks: readonly number[];
  /** The activation a = f(z) of one unit. */
  f(z: number): number;
  /** The slope f′(z). Pass a = f(z) if it is known already: some slopes are cheaper from it. */
  derivative(z: number, a?: number): number;
}

/** Softmax acts on a whole layer at once, so it has no f of one unit. Output layers only. */
export type Softmax = Omit<Elementwise, "f" | "derivative"> & { readonly name: "softmax" };

export type Activation = Elementwise | Softmax;

export const identity: Elementwise = {
  name: "identity",
  formula: "z",
  derivativeFormula: "1",
  range: [-Infinity, Infinity],
  kinks: [],
  f: (z) => z,
  derivative: () => 1,
};

/** Heaviside's step, 1 from z = 0 on. Its slope is 0 wherever it has one: nothing learns through it. */
export const step: Elementwise = {
  name: "step",
  formula: String.raw`\begin{cases}1 & z \ge 0\\ 0 & z < 0\end{cases}`,
  derivativeFormula: "0",
  range: [0, 1],
  kinks: [0],
  f: (z) => (Number.isNaN(z) ? z : z >= 0 ? 1 : 0),
  derivative: () => 0,
};

/** The logistic function. e^{−z} may overflow to Infinity, and 1 / Infinity is the right answer, 0. */
export const sigmoid: Elementwise = {
  name: "sigmoid",
  formula: String.raw`\frac{1}{1 + e^{-z}}`,
  derivativeFormula: String.raw`f(z)\,(1 - f(z))`,
  range: [0, 1],
  kinks: [],
  f: (z) => 1 / (1 + exp(-z)),
  derivative: (z, a = sigmoid.f(z)) => a * (1 - a),
};

export const tanh: Elementwise = {
  name: "tanh",
  formula: String.raw`\tanh z`,
  derivativeFormula: "1 - f(z)^2",
  range: [-1, 1],
  kinks: [],
  f: tanhOf,
  derivative: (z, a = tanhOf(z)) => 1 - a * a,
};

export const relu: Elementwise = {
  name: "relu",
  formula: String.raw`\max(0, z)`,
  derivativeFormula: String.raw`\begin{cases}1 & z > 0\\ 0 & z \le 0\end{cases}`,
  range: [0, Infinity],
  kinks: [0],
  f: (z) => Math.max(0, z),
  derivative: (z) => (z > 0 ? 1 : 0),
};

export const leakyRelu: Elementwise = {
  name: "leakyRelu",
  formula: String.raw`\begin{cases}z & z > 0\\ 0.01\,z & z \le 0\end{cases}`,
  derivativeFormula: String.raw`\begin{cases}1 & z > 0\\ 0.01 & z \le 0\end{cases}`,
  range: [-Infinity, Infinity],
  kinks: [0],
  f: (z) => (z <= 0 ? 0.01 * z : z),
  derivative: (z) => (z > 0 ? 1 : 0.01),
};

/** Exponential linear unit with α = 1, so that the slope has no jump at 0 (Clevert et al., 2016). */
export const elu: Elementwise = {
  name: "elu",
  formula: String.raw`\begin{cases}z & z > 0\\ e^{z} - 1 & z \le 0\end{cases}`,
  derivativeFormula: String.raw`\begin{cases}1 & z > 0\\ e^{z} & z \le 0\end{cases}`,
  range: [-1, Infinity],
  kinks: [],
  f: (z) => (z <= 0 ? expm1(z) : z),
  derivative: (z) => (z > 0 ? 1 : exp(z)),
};

/** log(1 + e^z), written so that e^z cannot overflow. */
export const softplus: Elementwise = {
  name: "softplus",
  formula: String.raw`\ln(1 + e^{z})`,
  derivativeFormula: String.raw`\frac{1}{1 + e^{-z}}`,
  range: [0, Infinity],
  kinks: [],
  f: (z) => Math.max(z, 0) + log1p(exp(-Math.abs(z))),
  derivative: (z) => sigmoid.f(z),
};

/** Gaussian error linear unit, the exact one: z Φ(z) (Hendrycks & Gimpel, 2016). */
export const gelu: Elementwise = {
  name: "gelu",
  formula: String.raw`z\,\Phi(z)`,
  derivativeFormula: String.raw`\Phi(z) + z\,\varphi(z)`,
  range: [-0.16997120747990369, Infinity],
  kinks: [],
  f: (z) => z * normalCdf(z),
  derivative: (z) => normalCdf(z) + (z * exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI),
};

/** Sigmoid linear unit, also called swish: z σ(z). */
export const silu: Elementwise = {
  name: "silu",
  formula: String.raw`z\,\sigma(z)`,
  derivativeFormula: String.raw`\sigma(z)\,\bigl(1 + z\,(1 - \sigma(z))\bigr)`,
  range: [-0.27846454276107374, Infinity],
  kinks: [],
  f: (z) => z * sigmoid.f(z),
  derivative: (z) => sigmoid.f(z) * (1 + z * sigmoid.f(-z)),
};

export const softmax: Softmax = {
  name: "softmax",
  formula: String.raw`\frac{e^{z_j}}{\sum_k e^{z_k}}`,
  derivativeFormula: String.raw`\frac{\partial a_j}{\partial z_k} = a_j\,([j = k] - a_k)`,
  range: [0, 1],
  kinks: [],
};

/** Every activation of the library by its name. A new one added here appears wherever one can be chosen. */
export const activations = {
  identity,
  step,
  sigmoid,
  tanh,
  relu,
  leakyRelu,
  elu,
  softplus,
  gelu,
  silu,
  softmax,
};

export type ActivationName = keyof typeof activations;

/** a = f(z) for a whole layer: `z` and `a` hold one number for each unit. */
export function activate(activation: Activation, z: ArrayLike<number>, a: Numbers): void {
  // The two that are used most have loops of their own: a call that always meets the same function
  // is compiled into its loop.
  if (activation === tanh) {
    for (let j = 0; j < z.length; j++) a[j] = tanh.f(z[j]);
    return;
  }
  if (activation === sigmoid) {
    for (let j = 0; j < z.length; j++) a[j] = sigmoid.f(z[j]);
    return;
  }
  if ("f" in activation) {
    for (let j = 0; j < z.length; j++) a[j] = activation.f(z[j]);
    return;
  }
  // Softmax. Subtracting the largest z changes nothing in the ratio and keeps e^z from overflowing.
  let largest = -Infinity;
  for (let j = 0; j < z.length; j++) largest = Math.max(largest, z[j]);
  let sum = 0;
  for (let j = 0; j < z.length; j++) sum += a[j] = exp(z[j] - largest);
  for (let j = 0; j < z.length; j++) a[j] /= sum;
}

/**
 * The chain rule through an activation, in place: `delta` comes in as ∂L/∂a and leaves as ∂L/∂z.
 *
 * One unit at a time this is δⱼ = f′(zⱼ) ∂L/∂aⱼ. Softmax couples its units, so there the whole
 * Jacobian takes part: δⱼ = Σₖ ∂L/∂aₖ ∂aₖ/∂zⱼ = aⱼ (∂L/∂aⱼ − Σₖ aₖ ∂L/∂aₖ).
 */
export function activateBackward(
  activation: Activation,
  z: ArrayLike<number>,
  a: ArrayLike<number>,
  delta: Numbers,
): void {
  if (activation === tanh) {
    for (let j = 0; j < z.length; j++) delta[j] *= tanh.derivative(z[j], a[j]);
    return;
  }
  if (activation === sigmoid) {
    for (let j = 0; j < z.length; j++) delta[j] *= sigmoid.derivative(z[j], a[j]);
    return;
  }
  if ("f" in activation) {
    for (let j = 0; j < z.length; j++) delta[j] *= activation.derivative(z[j], a[j]);
    return;
  }
  let weighted = 0;
  for (let j = 0; j < z.length; j++) weighted += a[j] * delta[j];
  for (let j = 0; j < z.length; j++) delta[j] = a[j] * (delta[j] - weighted);
}
