/** Right values for networks given as plain lists: worked out by the library. */
import {
  type BackwardPass,
  backward,
  createNetwork,
  type ForwardPass,
  forward,
  type LossName,
  type Network,
} from "../nn";
import { backward as backwardOf, type Nested, type Tensor } from "../tensors";
import type { NetworkByHand } from "./by-hand";
import type { Result } from "./task";

/** The network with these weights: tanh in the hidden layers. */
export function networkOf(
  layers: readonly (readonly (readonly number[])[])[],
  output: "identity" | "sigmoid" = "identity",
  loss: LossName = "halfSquaredError",
): Network {
  const sizes = [layers[0][0].length - 1, ...layers.map((layer) => layer.length)];
  return createNetwork({ sizes, hidden: "tanh", output, loss, weights: layers.flat(2) });
}

export function passes(
  layers: readonly (readonly (readonly number[])[])[],
  x: readonly number[],
  y: readonly number[],
  output: "identity" | "sigmoid" = "identity",
  loss: LossName = "halfSquaredError",
): { network: Network; pass: ForwardPass; back: BackwardPass } {
  const network = networkOf(layers, output, loss);
  const pass = forward(network, x);
  return { network, pass, back: backward(network, pass, y) };
}

/** The network with these weights, all units identities: its numbers stay whole. */
export function networkByHand({ W, v }: NetworkByHand): Network {
  return createNetwork({
    sizes: [W[0].length - 1, W.length, 1],
    hidden: "identity",
    weights: [...W.flat(), ...v],
  });
}

/** Layer by layer as lists, without the inputs. */
export function listsOf(arrays: readonly Float64Array[]): number[][] {
  return arrays.slice(1).map((values) => Array.from(values));
}

/** An array laid out as a network's weights, as lists: layer, unit, weight. */
export function layersOf(network: Network, flat: ArrayLike<number>): number[][][] {
  let next = 0;
  return network.sizes
    .slice(1)
    .map((units, l) =>
      Array.from({ length: units }, () =>
        Array.from({ length: 1 + network.sizes[l] }, () => flat[next++]),
      ),
    );
}

export function transposed(matrix: readonly (readonly number[])[]): number[][] {
  return matrix[0].map((_, column) => matrix.map((row) => row[column]));
}

/** What the library's backward pass hands back to each of these tensors, as lists, for the slopes of a result of theirs. */
export function handedBack(result: Tensor, slopes: Nested, ...to: readonly Tensor[]): Result[] {
  backwardOf(result, slopes);
  return to.map((one) => one.slopes());
}
