/** The checks at the doors of the library: what is wrong, with the value, and a way out. */
import type { Network } from "./network";

/** Samples to learn from: row i of `inputs` belongs to row i of `targets`. */
export interface Samples {
  readonly inputs: readonly ArrayLike<number>[];
  readonly targets: readonly ArrayLike<number>[];
}

/** @throws TypeError unless it is a network */
export function checkNetwork(network: Network): void {
  if (network?.weights && network.sizes && network.activations && network.loss) return;
  throw new TypeError(
    `A network is what createNetwork({ sizes: [2, 3, 1] }) gives; ${written(network)} is none.`,
  );
}

/** @throws RangeError unless x, and y if given, fit the network, are finite and suit its loss */
export function checkSample(
  network: Network,
  x: ArrayLike<number>,
  y?: ArrayLike<number>,
  name = "The sample",
): void {
  checkNetwork(network);
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
  if (!samples?.inputs || !samples.targets) {
    throw new TypeError(
      `Samples are { inputs: [[0, 1], …], targets: [[1], …] }, one row for each; got ${written(samples)}.`,
    );
  }
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

/** @throws RangeError unless the list holds exactly `length` entries, TypeError if it is no list */
export function checkLength(
  list: { readonly length: number },
  length: number,
  what: string,
  each: string,
): void {
  if (typeof list === "object" && list?.length === length) return;
  if (typeof list !== "object" || typeof list?.length !== "number") {
    throw new TypeError(
      `${what} should be a list of length ${length}, ${each}, but got ${written(list)}.`,
    );
  }
  throw new RangeError(
    `${what} should have length ${length}, ${each}, but the length is ${list.length}.`,
  );
}

/** @throws RangeError if a number in the list is NaN or infinite, or is none, naming the first */
export function checkFinite(
  list: ArrayLike<number>,
  what: string,
  where?: (i: number) => string,
): void {
  throwFault(faultIn(list, what, where));
}

/**
 * Which number in the list is the first that is not finite, in words; undefined if all are.
 *
 * @param where what to say of the place of number i
 */
export function faultIn(
  list: ArrayLike<number>,
  what: string,
  where = (i: number) => `number ${i}, counted from 0`,
): string | undefined {
  for (let i = 0; i < list.length; i++) {
    if (Number.isFinite(list[i])) continue;
    return `${what[0].toUpperCase()}${what.slice(1)} is ${written(list[i])} (${where(i)})`;
  }
  return undefined;
}

/** @throws RangeError if there is a fault, with what to do about it */
export function throwFault(fault: string | undefined): void {
  if (!fault) return;
  throw new RangeError(
    `${fault}. Every number has to be finite: look for a division by 0, a logarithm of 0, or weights that have ` +
      "grown too large, by too large a learning rate, say.",
  );
}

/** What was given in place of something else, short enough for a message. */
function written(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const names = Array.isArray(value) ? "" : Object.keys(value).slice(0, 5).join(", ");
  return Array.isArray(value) ? `a list of length ${value.length}` : `an object with {${names}}`;
}
