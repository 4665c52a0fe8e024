/** The checks at the doors of the library: what is wrong, with the value, and a way out. */
import type { Network } from "./network";

/** Samples to learn from: row i of `inputs` belongs to row i of `targets`. */
export interface Samples {
  readonly inputs: readonly ArrayLike<number>[];
  readonly targets: readonly ArrayLike<number>[];
}

/** @throws RangeError unless x, and y if given, fit the network, are finite and suit its loss */
export function checkSample(
  network: Network,
  x: ArrayLike<number>,
  y?: ArrayLike<number>,
  name = "The sample",
): void {
  const { sizes, loss } = network;
  checkLength(x, sizes[0], `${name}'s inputs`, "one for each input unit");
  checkFinite(x, `an input of ${name.toLowerCase()}`);
  if (y === undefined) return;
  checkLength(y, sizes[sizes.length - 1], `${name}'s targets`, "one for each output unit");
  checkFinite(y, `a target of ${name.toLowerCase()}`);
  const fault = loss.targetFault(y);
  if (fault) throw new RangeError(`${fault} (${name})`);
}

/** @throws RangeError unless there is a sample and every one fits the network, is finite and suits its loss */
export function checkSamples(network: Network, samples: Samples): void {
  const { inputs, targets } = samples;
  if (inputs.length === 0) throw new RangeError("There are no samples: inputs is an empty list.");
  checkLength(targets, inputs.length, "The list of targets", "one for each sample");
  for (let i = 0; i < inputs.length; i++) {
    checkSample(network, inputs[i], targets[i], `Sample ${i}`);
  }
}

/** @throws RangeError unless α is a positive, finite number */
export function checkLearningRate(learningRate: number): void {
  if (learningRate > 0 && learningRate < Infinity) return;
  const why =
    learningRate < 0
      ? " A negative rate would climb: to see that, negate the gradient instead."
      : learningRate === 0
        ? " With 0 no weight would ever move."
        : "";
  throw new RangeError(
    `The learning rate has to be a positive number, such as 0.1, but it is ${learningRate}.${why}`,
  );
}

/** @throws RangeError unless `value` is a whole number from `least` to `most` */
export function checkWhole(value: number, what: string, least: number, most = Infinity): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`${what} has to be a whole number ${range}, but it is ${value}.`);
}

/** @throws RangeError unless the list holds exactly `length` entries */
export function checkLength(
  list: { readonly length: number },
  length: number,
  what: string,
  each: string,
): void {
  if (list.length === length) return;
  throw new RangeError(
    `${what} should have length ${length}, ${each}, but the length is ${list.length}.`,
  );
}

/** @throws RangeError if a number in the list is NaN or infinite, naming the first */
export function checkFinite(list: ArrayLike<number>, what: string): void {
  for (let i = 0; i < list.length; i++) {
    if (Number.isFinite(list[i])) continue;
    throw new RangeError(
      `${what[0].toUpperCase()}${what.slice(1)} is ${list[i]} (number ${i}, counted from 0). ` +
        "Every number has to be finite: look for a division by 0, a logarithm of 0, or weights that have grown too large.",
    );
  }
}
