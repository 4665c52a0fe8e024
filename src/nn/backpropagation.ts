/**
 * Backpropagation, in the order of the explanation:
 *
 *   forward    zʲ = Wʲ₀ + Σᵢ Wʲᵢ aᵢ        the weighted sum of each unit
 *              aʲ = f(zʲ)                  and its activation, layer after layer
 *   backward   δ  = ∂L/∂z                  at the output layer, from the loss
 *              δⱼ = f′(zⱼ) Σₖ Wₖⱼ δₖ       then layer before layer
 *              ∂L/∂Wⱼᵢ = δⱼ aᵢ             with a = 1 for the bias
 *   update     W ← W − α ∂L/∂W             all weights at once
 *
 * (Rumelhart, Hinton & Williams, Nature 323, 1986.)
 */
import {
  checkFinite,
  checkLearningRate,
  checkLength,
  faultIn,
  type Numbers,
  throwFault,
} from "../arithmetic";
import { activate, activateBackward } from "./activations";
import { checkNetwork, checkSample } from "./checks";
import { unitName, weightName, weightPlace } from "./names";
import { layerViews, type Network, unitArrays } from "./network";

/** What a forward pass computes, and a backward pass needs. Layer 0 of `a` is the inputs; of `z`, empty. */
export interface ForwardPass {
  /** Pre-activations: z[l][j] is the weighted sum of unit j in layer l. */
  readonly z: readonly Float64Array[];
  /** Activations: a[l][j] = f(z[l][j]). */
  readonly a: readonly Float64Array[];
}

/** What a backward pass computes for one sample. */
export interface BackwardPass {
  /** delta[l][j] = ∂L/∂z of unit j in layer l. Layer 0 is empty: inputs have no z. */
  readonly delta: readonly Float64Array[];
  /** ∂L/∂w for every weight, laid out as the network's `weights`. */
  readonly gradient: Float64Array;
  /** The same gradient layer by layer, laid out as the network's `W`. */
  readonly dW: readonly Float64Array[];
}

/** Room for one forward pass. */
export function createForwardPass(network: Network): ForwardPass {
  return { z: unitArrays(network, 0), a: unitArrays(network) };
}

/** Room for one backward pass, its gradient all 0. */
export function createBackwardPass(network: Network): BackwardPass {
  const gradient = new Float64Array(network.weights.length);
  return { delta: unitArrays(network, 0), gradient, dW: layerViews(network, gradient) };
}

/**
 * The forward pass of one sample: every z and every a.
 *
 * @param x the inputs, sizes[0] numbers
 * @throws RangeError if there are too few or too many, or one is not finite, or a unit's value overflows
 */
export function forward(network: Network, x: ArrayLike<number>): ForwardPass {
  checkSample(network, x);
  const pass = createForwardPass(network);
  pass.a[0].set(x);
  propagate(network, pass);
  throwFault(forwardFault(network, pass));
  return pass;
}

/**
 * The backward pass of one sample: every δ and every ∂L/∂w.
 *
 * @param pass the forward pass of the same sample, with the same weights
 * @param y the targets, one for each output unit
 * @throws RangeError if the targets do not fit the network or the loss, or the loss does not exist for this prediction
 */
export function backward(network: Network, pass: ForwardPass, y: ArrayLike<number>): BackwardPass {
  checkPass(network, pass, y);
  const back = createBackwardPass(network);
  backpropagate(network, pass, y, back);
  throwFault(backwardFault(network, back));
  return back;
}

/** Where a forward pass stops being finite, in words: at a weight, or at a unit. */
export function forwardFault(network: Network, { z, a }: ForwardPass): string | undefined {
  for (let l = 1; l < z.length; l++) {
    const unit = (j: number) => `unit ${unitName(network, l, j)}`;
    const fault =
      faultIn(z[l], `a pre-activation of layer ${l}`, unit) ??
      faultIn(a[l], `an activation of layer ${l}`, unit);
    const weight = (w: number) => weightName(network, w);
    if (fault) return faultIn(network.weights, "a weight", weight) ?? fault;
  }
  return undefined;
}

/** Where a gradient stops being finite, in words: at a weight, with the unit it leads to. */
export function backwardFault(
  network: Network,
  { gradient, delta }: BackwardPass,
): string | undefined {
  return faultIn(gradient, "a slope of the gradient", (w) => {
    const { layer, unit } = weightPlace(network, w);
    const name = unitName(network, layer, unit);
    return `weight ${weightName(network, w)} into unit ${name} of layer ${layer}, whose δ is ${delta[layer][unit]}`;
  });
}

/** @throws RangeError unless the pass and the targets are of this network's shape, TypeError if there is no pass */
export function checkPass(network: Network, pass: ForwardPass, y: ArrayLike<number>): void {
  checkNetwork(network);
  if (!pass?.z || !pass.a) {
    throw new TypeError(
      "A forward pass is needed, as forward(network, x) returns it: run that first.",
    );
  }
  network.sizes.forEach((size, l) => {
    checkLength(pass.a[l] ?? [], size, `Layer ${l} of the forward pass`, "one for each unit");
  });
  checkSample(network, pass.a[0], y ?? []);
}

/** z and a of every layer from a[0], in place, without checks: the inner loop of training. */
export function propagate({ W, activations }: Network, { z, a }: ForwardPass): void {
  for (let l = 1; l < W.length; l++) {
    weightedSums(W[l], a[l - 1], z[l]);
    activate(activations[l], z[l], a[l]);
  }
}

/** zⱼ = Wⱼ₀ + Σᵢ Wⱼᵢ aᵢ for one layer. */
function weightedSums(W: Float64Array, a: Float64Array, z: Float64Array): void {
  for (let j = 0, w = 0; j < z.length; j++) {
    let sum = W[w++];
    for (let i = 0; i < a.length; i++) sum += W[w++] * a[i];
    z[j] = sum;
  }
}

/** δ of every layer from a forward pass, and ∂L/∂w *added* to the gradient: a batch is a sum over samples. */
export function backpropagate(
  network: Network,
  { z, a }: ForwardPass,
  y: ArrayLike<number>,
  { delta, dW }: BackwardPass,
): void {
  const { W, activations } = network;
  const L = W.length - 1;
  outputDeltas(network, z[L], a[L], y, delta[L]);
  for (let l = L - 1; l >= 1; l--) {
    weightedDeltas(W[l + 1], delta[l + 1], delta[l]);
    activateBackward(activations[l], z[l], a[l], delta[l]);
  }

  for (let l = 1; l <= L; l++) addGradient(delta[l], a[l - 1], dW[l]);
}

/** δ = ∂L/∂z of the output layer, from the loss. */
export function outputDeltas(
  { activations, loss }: Pick<Network, "activations" | "loss">,
  z: ArrayLike<number>,
  a: ArrayLike<number>,
  y: ArrayLike<number>,
  delta: Numbers,
): void {
  const activation = activations[activations.length - 1];
  if (loss.pairedWith === activation) {
    for (let k = 0; k < delta.length; k++) delta[k] = a[k] - y[k];
  } else {
    loss.gradient(a, y, delta);
    activateBackward(activation, z, a, delta);
  }
}

/** Σₖ Wₖⱼ δₖ for every unit j of one layer, from the next layer's W and δ. */
function weightedDeltas(W: Float64Array, next: Float64Array, delta: Float64Array): void {
  const columns = 1 + delta.length;
  for (let j = 0; j < delta.length; j++) {
    let sum = 0; // column 0, the bias, takes no part: it has no unit behind it
    for (let k = 0; k < next.length; k++) sum += W[k * columns + 1 + j] * next[k];
    delta[j] = sum;
  }
}

/** Adds ∂L/∂Wⱼᵢ = δⱼ aᵢ for the weights into one layer. */
function addGradient(delta: Float64Array, a: Float64Array, dW: Float64Array): void {
  for (let j = 0, w = 0; j < delta.length; j++) {
    dW[w++] += delta[j];
    for (let i = 0; i < a.length; i++) dW[w++] += delta[j] * a[i];
  }
}

/**
 * One step of gradient descent, W ← W − α ∂L/∂W, in place and for all weights at once.
 *
 * @param gradient laid out as the network's `weights`
 * @param learningRate α, positive
 * @throws RangeError if the gradient does not fit or is not finite, or the learning rate is not a positive number
 */
export function update(network: Network, gradient: ArrayLike<number>, learningRate: number): void {
  checkNetwork(network);
  checkLearningRate(learningRate);
  checkLength(gradient, network.weights.length, "The gradient", "one slope for each weight");
  checkFinite(gradient, "a slope of the gradient");
  const { weights } = network;
  const stepped = (w: number) => weights[w] - learningRate * gradient[w];
  // Asked while all are as they were, and without room for the new ones, which takes longer to make than the step.
  let w = 0;
  while (w < weights.length && Number.isFinite(stepped(w))) w++;
  if (w < weights.length) {
    const all = Array.from(weights, (_, w) => stepped(w));
    checkFinite(all, `a weight after a step with learning rate ${learningRate}`);
  }
  descend(weights, gradient, learningRate);
}

/** The step itself, without checks. */
export function descend(weights: Numbers, gradient: ArrayLike<number>, learningRate: number): void {
  for (let w = 0; w < weights.length; w++) weights[w] -= learningRate * gradient[w];
}
