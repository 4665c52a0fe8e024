/** What the figures ask of their arguments, with errors that say what was given and what to do. */
import { isList, said } from "../arithmetic";
import type { Network } from "../nn";

/** @throws TypeError unless it is a network with its weights */
export function checkNetwork(network: Network, what: string): void {
  if (isList(network?.sizes) && isList(network.weights)) return;
  throw new TypeError(
    `${what} takes a network, as createNetwork makes it, but got ${said(network)}.`,
  );
}

/** @throws RangeError unless it is a finite number */
export function checkFinite(value: number, what: string): void {
  if (typeof value === "number" && Number.isFinite(value)) return;
  throw new RangeError(`${what} has to be a finite number, but it is ${said(value)}.`);
}
