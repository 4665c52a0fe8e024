/** What the figures ask of their arguments, with errors that say what was given and what to do. */
import type { Network } from "../nn";

/** A value in an error, in short: `"tanh"`, `[1, 2, …]`, `{ sizes, weights }`, `NaN`. */
export function said(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "function") return value.name ? `the function ${value.name}` : "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (isList(value)) {
    const first = Array.from({ length: Math.min(3, value.length) }, (_, i) =>
      isList(value[i]) ? "[…]" : said(value[i]),
    );
    return `[${[...first, ...(value.length > 3 ? ["…"] : [])].join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return String(value);
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (kind !== "Object") return `a ${kind}`;
  const keys = Object.keys(value);
  return `{ ${[...keys.slice(0, 4), ...(keys.length > 4 ? ["…"] : [])].join(", ")} }`;
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/** @throws TypeError unless it is a network with its weights */
export function checkNetwork(network: Network, what: string): void {
  if (isList(network?.sizes) && isList(network.weights)) return;
  throw new TypeError(
    `${what} takes a network, as createNetwork makes it, but got ${said(network)}.`,
  );
}

/** @throws RangeError unless it is a whole number from `least` on */
export function checkCount(value: number, what: string, least = 1): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(
    `${what} has to be a whole number from ${least} on, but it is ${said(value)}.`,
  );
}

/** @throws RangeError unless it is a finite number */
export function checkFinite(value: number, what: string): void {
  if (typeof value === "number" && Number.isFinite(value)) return;
  throw new RangeError(`${what} has to be a finite number, but it is ${said(value)}.`);
}
