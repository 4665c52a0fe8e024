/** Optimisers: how a step follows from a gradient. Each is its formula in a loop. */
import { find, type Numbers } from "../arithmetic";
import { descend } from "../nn/backpropagation";

/** How weights step against gradients. */
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
 * @param weights what to change; training may work on a copy, so the network's own may be a step behind
 * @param sum the slopes of the batch's samples, added up
 * @param samples what to divide the sum by: the batch's size for the mean gradient, 1 for the sum
 */
export type Step = (weights: Numbers, sum: Numbers, samples: number, learningRate: number) => void;

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
  checkShare(mu, "The share mu of each step that momentum keeps");
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

/**
 * Nesterov's momentum: the step that momentum will take next is taken in part already,
 * v ← μ v − α g, w ← w + μ v − α g (Nesterov, 1983). Sutskever et al., 2013, take the gradient at w + μ v; here that
 * point itself is what is kept as w, as in Bengio, Boulanger-Lewandowski & Pascanu, ICASSP 2013.
 *
 * @param mu from 0 to below 1. Default 0.9
 * @throws RangeError for any other
 */
export function nesterov(mu = 0.9): Optimiser {
  checkShare(mu, "The share mu of each step that momentum keeps");
  return {
    name: "nesterov",
    formula: String.raw`v \leftarrow \mu v - \alpha g, \quad w \leftarrow w + \mu v - \alpha g`,
    start(count) {
      const v = new Float64Array(count);
      return (weights, sum, samples, learningRate) => {
        const rate = learningRate / samples;
        for (let w = 0; w < weights.length; w++) {
          v[w] = mu * v[w] - rate * sum[w];
          weights[w] += mu * v[w] - rate * sum[w];
        }
      };
    },
  };
}

/**
 * RMSProp: each weight's step is divided by the root of a running mean of its squared slopes,
 * s ← ρ s + (1 − ρ) g², w ← w − α g / (√s + ε) (Hinton, Coursera lecture 6e, 2012).
 *
 * @param rho how much of the mean is kept in a step, from 0 to below 1. Default 0.9
 * @param epsilon keeps the division finite. Default 1e-8
 * @throws RangeError for a rho or an epsilon outside its range
 */
export function rmsProp(rho = 0.9, epsilon = 1e-8): Optimiser {
  checkShare(rho, "The share rho of its mean that RMSProp keeps");
  checkEpsilon(epsilon);
  return {
    name: "rmsProp",
    formula: String.raw`s \leftarrow \rho s + (1 - \rho) g^2, \quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \varepsilon}`,
    start(count) {
      const s = new Float64Array(count);
      return (weights, sum, samples, learningRate) => {
        for (let w = 0; w < weights.length; w++) {
          const g = sum[w] / samples;
          s[w] = rho * s[w] + (1 - rho) * g * g;
          weights[w] -= (learningRate * g) / (Math.sqrt(s[w]) + epsilon);
        }
      };
    },
  };
}

export interface AdamOptions {
  /** How much of the running mean of slopes is kept in a step. Default 0.9. */
  beta1?: number;
  /** How much of the running mean of squared slopes is kept in a step. Default 0.999. */
  beta2?: number;
  /** Keeps the division finite. Default 1e-8. */
  epsilon?: number;
  /** λ: each step also takes the share α λ off every weight, biases too. Default 0; 0.01 in `adamW`. */
  weightDecay?: number;
}

/**
 * Adam: momentum and RMSProp in one, both means corrected for their start at 0. m ← β₁ m + (1 − β₁) g,
 * s ← β₂ s + (1 − β₂) g², w ← w − α m̂ / (√ŝ + ε) with m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ)
 * (Kingma & Ba, 2015). With a weight decay it is AdamW: w ← w − α (m̂ / (√ŝ + ε) + λ w)
 * (Loshchilov & Hutter, 2019).
 *
 * @throws RangeError for options outside their ranges
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  checkShare(beta1, "The share beta1 of its first mean that Adam keeps");
  checkShare(beta2, "The share beta2 of its second mean that Adam keeps");
  checkEpsilon(epsilon);
  checkDecay(weightDecay);
  const decay = weightDecay > 0 ? String.raw` + \lambda w` : "";
  return {
    name: weightDecay > 0 ? "adamW" : "adam",
    formula: String.raw`m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad s \leftarrow \beta_2 s + (1 - \beta_2) g^2, \quad w \leftarrow w - \alpha \Bigl( \frac{\hat m}{\sqrt{\hat s} + \varepsilon}${decay} \Bigr)`,
    start(count) {
      const m = new Float64Array(count);
      const s = new Float64Array(count);
      let left1 = 1; // β₁ᵗ and β₂ᵗ: what is left of the start
      let left2 = 1;
      return (weights, sum, samples, learningRate) => {
        left1 *= beta1;
        left2 *= beta2;
        for (let w = 0; w < weights.length; w++) {
          const g = sum[w] / samples;
          m[w] = beta1 * m[w] + (1 - beta1) * g;
          s[w] = beta2 * s[w] + (1 - beta2) * g * g;
          const step = m[w] / (1 - left1) / (Math.sqrt(s[w] / (1 - left2)) + epsilon);
          weights[w] -= learningRate * (step + weightDecay * weights[w]);
        }
      };
    },
  };
}

/** Adam with a weight decay of 0.01, unless the options say otherwise. */
export function adamW(options: AdamOptions = {}): Optimiser {
  return adam({ weightDecay: 0.01, ...options });
}

/**
 * Another optimiser's step, from a gradient that is no longer than `most`: a longer one keeps its direction and is
 * scaled to that length, g ← g · min(1, c / ‖g‖) (Pascanu, Mikolov & Bengio, 2013).
 *
 * @param most the length c of the mean gradient, or of the sum where that is taken. Above 0
 * @throws RangeError for any other, and an unknown optimiser
 */
export function clipped(most: number, optimiser: OptimiserName | Optimiser): Optimiser {
  if (!(most > 0 && most < Infinity)) {
    throw new RangeError(
      `A gradient is clipped to a length that is a positive number, such as 1, but it is ${most}.`,
    );
  }
  const inner = find(optimiser, optimisers, "optimiser");
  return {
    name: `${inner.name}, clipped`,
    formula: String.raw`g \leftarrow g \min\Bigl(1, \frac{c}{\lVert g \rVert}\Bigr), \quad ${inner.formula}`,
    start(count) {
      const step = inner.start(count);
      return (weights, sum, samples, learningRate) => {
        let squares = 0;
        for (let w = 0; w < sum.length; w++) squares += sum[w] * sum[w];
        // What the sum is divided by is all that has to change.
        const divisor = Math.max(samples, Math.sqrt(squares) / most);
        step(weights, sum, divisor, learningRate);
      };
    },
  };
}

function checkShare(share: number, what: string): void {
  if (!(share >= 0 && share < 1)) {
    throw new RangeError(`${what} has to be at least 0 and below 1, but it is ${share}.`);
  }
}

function checkEpsilon(epsilon: number): void {
  if (!(epsilon > 0 && Number.isFinite(epsilon))) {
    throw new RangeError(
      `Epsilon has to be a small positive number, such as 1e-8, but it is ${epsilon}.`,
    );
  }
}

function checkDecay(decay: number): void {
  if (!(decay >= 0 && Number.isFinite(decay))) {
    throw new RangeError(
      `The weight decay has to be 0 or a small positive number, but it is ${decay}.`,
    );
  }
}

/** Every optimiser of the library by its name, with its usual settings. */
export const optimisers = {
  gradientDescent,
  momentum: momentum(),
  nesterov: nesterov(),
  rmsProp: rmsProp(),
  adam: adam(),
  adamW: adamW(),
};

export type OptimiserName = keyof typeof optimisers;
