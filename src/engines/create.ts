/** Which engine a training run gets: the readable functions, or code made for the network's shape. */

import type { Samples } from "../nn/checks";
import type { Network } from "../nn/network";
import { blockedEngine } from "./blocked";
import { type Engine, readableEngine, type SampleArrays } from "./engine";
import { straightLineEngine } from "./straight-line";

/** Up to this many weights straight-line code is the fastest; far beyond, it is too long to be optimised at all. */
const longestLine = 150;
/** Fewer samples than this leave a block's registers empty. */
const smallestBlock = 4;

/**
 * @param batchSize the most samples that `batch` will be asked for at once
 * @param compiled true: code for the shape wherever it can be made; false: nowhere; undefined: where it pays
 */
export function createEngine(
  network: Network,
  samples: Samples,
  batchSize: number,
  compiled?: boolean,
): Engine {
  const arrays: SampleArrays = {
    inputs: samples.inputs.map((x) => Float64Array.from(x)),
    targets: samples.targets.map((y) => Float64Array.from(y)),
  };
  const readable = () => readableEngine(network, arrays);
  if (compiled === false) return readable();
  try {
    if (network.weights.length <= longestLine) return straightLineEngine(network, arrays);
    if (compiled || batchSize >= smallestBlock) return blockedEngine(network, arrays, batchSize);
  } catch (error) {
    // A page may forbid code made from text, an old browser may not have the instructions, memory may be short.
    const { name } = error as Error;
    if (!["EvalError", "CompileError", "RangeError"].includes(name)) throw error;
  }
  return readable();
}
