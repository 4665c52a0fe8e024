/**
 * The plain way in single precision: the loops of `backpropagation.ts`, with each product and each sum rounded to 32
 * bits, as an instruction for such numbers does by itself. What is stored in an array of them is rounded already; the
 * products are not stored, and `Math.fround` rounds them. Activations, losses and their slopes are the library's own
 * functions, worked out in doubles and stored in 32 bits.
 */
import { checkSingle } from "../arithmetic";
import { activate, activateBackward } from "../nn/activations";
import { outputDeltas } from "../nn/backpropagation";
import { outputLoss } from "../nn/batch";
import type { Samples } from "../nn/checks";
import { weightName } from "../nn/names";
import { layerViews, type Network } from "../nn/network";
import type { Engine, SampleArrays } from "./engine";

/** @throws RangeError for an input or a target beyond the largest number of 32 bits */
export function singleSamples({ inputs, targets }: Samples): SampleArrays<Float32Array> {
  const rounded = (rows: Samples["inputs"], what: string) =>
    rows.map((row, n) => {
      checkSingle(row, `${what} of sample ${n}`);
      return Float32Array.from(row);
    });
  return { inputs: rounded(inputs, "an input"), targets: rounded(targets, "a target") };
}

/** The network's weights, rounded. @throws RangeError for one beyond the largest number of 32 bits */
export function loadSingle(network: Network, weights: Float32Array): void {
  let largest = 0;
  for (let w = 0; w < weights.length; w++) {
    weights[w] = network.weights[w];
    largest = Math.max(largest, Math.abs(weights[w]));
  }
  if (!(largest < Infinity))
    checkSingle(network.weights, "a weight", (w) => weightName(network, w));
}

export function readableSingleEngine(
  network: Network,
  { inputs, targets }: SampleArrays<Float32Array>,
): Engine {
  const { sizes, activations } = network;
  const L = sizes.length - 1;
  const weights = new Float32Array(network.weights.length);
  const gradient = new Float32Array(weights.length);
  const [W, dW] = [layerViews(network, weights), layerViews(network, gradient)];
  const units = () => sizes.map((size) => new Float32Array(size));
  const [z, a, delta] = [units(), units(), units()];

  const forward = (n: number): number => {
    a[0].set(inputs[n]);
    for (let l = 1; l <= L; l++) {
      weightedSums(W[l], a[l - 1], z[l]);
      activate(activations[l], z[l], a[l]);
    }
    return outputLoss(network, z[L], a[L], targets[n]);
  };
  const backward = (n: number): void => {
    outputDeltas(network, z[L], a[L], targets[n], delta[L]);
    for (let l = L - 1; l >= 1; l--) {
      weightedDeltas(W[l + 1], delta[l + 1], delta[l]);
      activateBackward(activations[l], z[l], a[l], delta[l]);
    }
    for (let l = 1; l <= L; l++) addGradient(delta[l], a[l - 1], dW[l]);
  };

  return {
    kind: "readable",
    weights,
    gradient,
    load: () => loadSingle(network, weights),
    store: () => network.weights.set(weights),
    batch(order, start, end) {
      gradient.fill(0);
      let total = 0;
      for (let n = start; n < end; n++) {
        total += forward(order[n]);
        backward(order[n]);
      }
      return total;
    },
    step(rate) {
      const rounded = Math.fround(rate);
      for (let w = 0; w < weights.length; w++) weights[w] -= Math.fround(rounded * gradient[w]);
    },
    totalLoss() {
      let total = 0;
      for (let n = 0; n < inputs.length; n++) total += forward(n);
      return total;
    },
  };
}

function weightedSums(W: Float32Array, a: Float32Array, z: Float32Array): void {
  for (let j = 0, w = 0; j < z.length; j++) {
    let sum = W[w++];
    for (let i = 0; i < a.length; i++) sum = Math.fround(sum + Math.fround(W[w++] * a[i]));
    z[j] = sum;
  }
}

function weightedDeltas(W: Float32Array, next: Float32Array, delta: Float32Array): void {
  const columns = 1 + delta.length;
  for (let j = 0; j < delta.length; j++) {
    let sum = 0;
    for (let k = 0; k < next.length; k++) {
      sum = Math.fround(sum + Math.fround(W[k * columns + 1 + j] * next[k]));
    }
    delta[j] = sum;
  }
}

function addGradient(delta: Float32Array, a: Float32Array, dW: Float32Array): void {
  for (let j = 0, w = 0; j < delta.length; j++) {
    dW[w++] += delta[j];
    for (let i = 0; i < a.length; i++) dW[w++] += Math.fround(delta[j] * a[i]);
  }
}
