/** Many samples at once: predictions, the cost, and its gradient. */
import { checkFinite, faultIn } from "../arithmetic";
import {
  type BackwardPass,
  backpropagate,
  backwardFault,
  checkPass,
  createBackwardPass,
  createForwardPass,
  type ForwardPass,
  forward,
  forwardFault,
  propagate,
} from "./backpropagation";
import { checkSamples, type Samples } from "./checks";
import type { Network } from "./network";

/** How the losses of a batch make one cost: their mean, or their sum. */
export type Reduction = "mean" | "sum";

/**
 * What the sum over a batch is divided by to give its cost, or the cost's gradient.
 *
 * @throws RangeError unless the reduction is "mean" or "sum"
 */
export function divisorOf(reduction: Reduction, samples: number): number {
  if (reduction === "mean") return samples;
  if (reduction === "sum") return 1;
  throw new RangeError(
    `A batch's cost is the "mean" of its losses or their "sum", but the reduction "${reduction}" was given.`,
  );
}

/** The output layer's activations for one sample. @throws as `forward` */
export function predict(network: Network, x: ArrayLike<number>): Float64Array {
  const { a } = forward(network, x);
  return a[a.length - 1];
}

/**
 * The loss of one sample after its forward pass.
 *
 * @throws RangeError if the pass or the targets do not fit, or the loss does not exist for this prediction
 */
export function sampleLoss(network: Network, pass: ForwardPass, y: ArrayLike<number>): number {
  checkPass(network, pass, y);
  const [L, value] = [network.sizes.length - 1, passLoss(network, pass, y)];
  checkFinite([value], "the loss", () => `from outputs of ${pass.a[L].join(", ")}`);
  return value;
}

function passLoss(network: Network, { z, a }: ForwardPass, y: ArrayLike<number>): number {
  return outputLoss(network, z[z.length - 1], a[a.length - 1], y);
}

/** The loss from the output layer's z and a, without checks. */
export function outputLoss(
  { loss, activations }: Pick<Network, "activations" | "loss">,
  z: ArrayLike<number>,
  a: ArrayLike<number>,
  y: ArrayLike<number>,
): number {
  const activation = activations[activations.length - 1];
  if (loss.pairedWith === activation && loss.valueFromZ) return loss.valueFromZ(z, y);
  return loss.value(a, y);
}

/**
 * The cost of a batch: the mean of its samples' losses, or their sum.
 *
 * @throws RangeError if a sample does not fit, or the cost is not a finite number
 */
export function cost(network: Network, samples: Samples, reduction: Reduction = "mean"): number {
  checkSamples(network, samples);
  const total = totalLoss(network, samples, createForwardPass(network));
  checkFinite([total], "the cost", () => faultOf(network, samples));
  return total / divisorOf(reduction, samples.inputs.length);
}

/**
 * The gradient of the cost of a batch, laid out as the network's `weights`.
 *
 * @throws RangeError if a sample does not fit, or a slope is not a finite number
 */
export function costGradient(
  network: Network,
  samples: Samples,
  reduction: Reduction = "mean",
): Float64Array {
  checkSamples(network, samples);
  const { inputs, targets } = samples;
  const pass = createForwardPass(network);
  const back = createBackwardPass(network);
  for (let i = 0; i < inputs.length; i++) addSample(network, inputs[i], targets[i], pass, back);
  const divisor = divisorOf(reduction, inputs.length);
  for (let w = 0; w < back.gradient.length; w++) back.gradient[w] /= divisor;
  checkFinite(back.gradient, "a slope of the gradient", () => faultOf(network, samples));
  return back.gradient;
}

/** In which sample numbers stop being finite, and where in the network. */
function faultOf(network: Network, { inputs, targets }: Samples): string {
  const pass = createForwardPass(network);
  for (let i = 0; i < inputs.length; i++) {
    const back = createBackwardPass(network);
    const loss = addSample(network, inputs[i], targets[i], pass, back);
    const fault =
      forwardFault(network, pass) ??
      faultIn(
        [loss],
        "the loss",
        () => `from outputs of ${pass.a[pass.a.length - 1].join(", ")}`,
      ) ??
      backwardFault(network, back);
    if (fault) return `sample ${i}: ${fault[0].toLowerCase()}${fault.slice(1)}`;
  }
  return "in the sum over the samples";
}

/** Sum of the losses, without checks or new memory. */
export function totalLoss(
  network: Network,
  { inputs, targets }: Samples,
  pass: ForwardPass,
): number {
  let total = 0;
  for (let i = 0; i < inputs.length; i++) {
    setInputs(pass, inputs[i]);
    propagate(network, pass);
    total += passLoss(network, pass, targets[i]);
  }
  return total;
}

/** Adds one sample's gradient to `back` and returns its loss, without checks or new memory. */
export function addSample(
  network: Network,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  pass: ForwardPass,
  back: BackwardPass,
): number {
  setInputs(pass, x);
  propagate(network, pass);
  backpropagate(network, pass, y, back);
  return passLoss(network, pass, y);
}

/** As pass.a[0].set(x), which costs more than a whole layer when x is short. */
function setInputs({ a }: ForwardPass, x: ArrayLike<number>): void {
  const inputs = a[0];
  for (let i = 0; i < inputs.length; i++) inputs[i] = x[i];
}
