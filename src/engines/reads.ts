/** Counting work: how often the weights of a network are read. But for the biases, each read is a multiplication. */
import type { Network } from "../nn/network";

/**
 * A network with the same weights that counts how often an entry of its `W` is read, by whatever code.
 *
 * @returns the network, whose `W` are views that count (`weights` is not counted), and the count so far
 */
export function countReads(network: Network): { network: Network; reads: () => number } {
  let count = 0;
  const counted = (array: Float64Array) =>
    new Proxy(array, {
      get(target, key) {
        if (typeof key === "string" && /^\d/.test(key)) count++;
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  return { network: { ...network, W: network.W.map(counted) }, reads: () => count };
}
