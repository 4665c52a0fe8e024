/** Which engine a training run gets: the readable functions, or code made for the network's shape. */

import { find } from "../arithmetic";
import type { Samples } from "../nn/checks";
import type { Network } from "../nn/network";
import { blockedEngine } from "./blocked";
import { type Engine, type Precision, precisions, readableEngine } from "./engine";
import { readableSingleEngine, singleSamples } from "./single";
import { straightLineEngine } from "./straight-line";

/** Up to this many weights straight-line code is the fastest; far beyond, it is too long to be optimised at all. */
const longestLine = 150;
/** Fewer samples than this leave a block's registers empty. */
const smallestBlock = 4;

/** How sums are worked out, as training's options say. */
export interface EngineOptions {
  /** true: code for the shape wherever it can be made; false: nowhere; undefined: where it pays. */
  compiled?: boolean;
  /** Default "double". In single precision there is no straight line: it is for large networks. */
  precision?: Precision;
}

/**
 * @param batchSize the most samples that `batch` will be asked for at once
 * @throws RangeError for an unknown precision, and for samples that it cannot hold
 */
export function createEngine(
  network: Network,
  samples: Samples,
  batchSize: number,
  { compiled, precision = "double" }: EngineOptions = {},
): Engine {
  const blocksPay = compiled ?? batchSize >= smallestBlock;
  if (find(precision, precisions, "precision") === precisions.single) {
    const arrays = singleSamples(samples);
    const blocks = () => blockedEngine(network, arrays, batchSize, "single");
    const readable = () => readableSingleEngine(network, arrays);
    return blocksPay ? orElse(blocks, readable) : readable();
  }
  const arrays = {
    inputs: samples.inputs.map((x) => Float64Array.from(x)),
    targets: samples.targets.map((y) => Float64Array.from(y)),
  };
  const readable = () => readableEngine(network, arrays);
  if (network.weights.length <= longestLine && compiled !== false)
    return orElse(() => straightLineEngine(network, arrays), readable);
  const blocks = () => blockedEngine(network, arrays, batchSize, "double");
  return blocksPay ? orElse(blocks, readable) : readable();
}

/** A page may forbid code made from text, an old browser may not have the instructions, memory may be short. */
function orElse(compiled: () => Engine, readable: () => Engine): Engine {
  try {
    return compiled();
  } catch (error) {
    const { name } = error as Error;
    if (!["EvalError", "CompileError", "RangeError"].includes(name)) throw error;
    return readable();
  }
}
