/** The checks at the library's doors: what is wrong, with the value, and what to do. */
import { checkFinite, checkLength, said } from "../arithmetic";
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
    `A network is needed, as createNetwork({ sizes: [2, 3, 1] }) makes it, but got ${said(network)}.`,
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

/** @throws RangeError unless there is a sample and every one has its targets, TypeError unless these are lists */
export function checkLists(samples: Samples): void {
  if (!samples?.inputs || !samples.targets) {
    throw new TypeError(
      `Samples have to be { inputs: [[0, 1], …], targets: [[1], …] }, one row for each, but got ${said(samples)}.`,
    );
  }
  const { inputs, targets } = samples;
  if (inputs.length === 0) throw new RangeError("There are no samples: inputs is an empty list.");
  checkLength(targets, inputs.length, "The list of targets", "one for each sample");
}

/** @throws as `checkLists`, and RangeError unless every sample fits the network, is finite and suits its loss */
export function checkSamples(network: Network, samples: Samples): void {
  checkLists(samples);
  const { inputs, targets } = samples;
  for (let i = 0; i < inputs.length; i++) {
    checkSample(network, inputs[i], targets[i], `Sample ${i}`);
  }
}
