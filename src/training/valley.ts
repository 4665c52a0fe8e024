/** The smallest cost on which optimisers differ: a valley of two weights, C = ½ (w₁² + s w₂²). */

import { checkFinite, checkWhole } from "../arithmetic";
import type { Optimiser } from "./optimisers";

export interface Valley {
  /** s: how many times as steep the valley is across (w₂) as along (w₁). */
  steep: number;
  learningRate: number;
  steps: number;
  /** Where the path begins, [w₁, w₂]. */
  start: readonly [number, number];
}

/**
 * The path of an optimiser down the valley: the start, and the weights [w₁, w₂] after each step.
 *
 * @throws RangeError for a number of steps that is not whole, or settings that are not finite
 */
export function descendValley(
  optimiser: Optimiser,
  { steep, learningRate, steps, start }: Valley,
): number[][] {
  checkFinite([steep, learningRate, ...start], "A setting of the valley");
  checkWhole(steps, "The number of steps", 0);
  const w = Float64Array.from(start);
  const step = optimiser.start(2);
  const path = [[...w]];
  for (let n = 0; n < steps; n++) {
    step(w, Float64Array.of(w[0], steep * w[1]), 1, learningRate);
    path.push([...w]);
  }
  return path;
}
