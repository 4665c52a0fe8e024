/** What numbers and lists have to be wherever they come in, and how an error says what was given instead. */

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
  if (keys.length === 0) return "{}";
  return `{ ${[...keys.slice(0, 4), ...(keys.length > 4 ? ["…"] : [])].join(", ")} }`;
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/** @throws TypeError unless what a function was given is what it takes */
export function checkGiven(isSo: boolean, takes: string, given: unknown): void {
  if (!isSo) throw new TypeError(`${takes}, but got ${said(given)}.`);
}

/** @throws RangeError unless `value` is a whole number from `least` to `most` */
export function checkWhole(value: number, what: string, least = 1, most = Infinity): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`${what} has to be a whole number ${range}, but it is ${value}.`);
}

/** @throws RangeError unless the list holds exactly `length` entries, TypeError if it is not a list */
export function checkLength(
  list: { readonly length: number },
  length: number,
  what: string,
  each: string,
): void {
  if (typeof list === "object" && list?.length === length) return;
  if (typeof list !== "object" || typeof list?.length !== "number") {
    throw new TypeError(
      `${what} should be a list of length ${length}, ${each}, but got ${said(list)}.`,
    );
  }
  throw new RangeError(
    `${what} should have length ${length}, ${each}, but the length is ${list.length}.`,
  );
}

/** @throws RangeError if an entry of the list is NaN, infinite or not a number, naming the first */
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
    return `${what[0].toUpperCase()}${what.slice(1)} is ${said(list[i])} (${where(i)})`;
  }
  return undefined;
}

/** @throws RangeError if there is a fault, saying what to do about it */
export function throwFault(fault: string | undefined): void {
  if (!fault) return;
  throw new RangeError(
    `${fault}. Every number has to be finite: look for a division by 0, a logarithm of 0, or weights that have ` +
      "grown too large, by too large a learning rate, say.",
  );
}

/** Whether all are. Four sums, as each addition waits for the one before; a sum may also overflow: then all are asked. */
export function allFinite(x: Float64Array): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (const end = x.length - 3; i < end; i += 4) {
    a += x[i];
    b += x[i + 1];
    c += x[i + 2];
    d += x[i + 3];
  }
  while (i < x.length) a += x[i++];
  return Number.isFinite(a + b + c + d) || x.every(Number.isFinite);
}

/** What a name stands for; anything that is not a name stands for itself. @throws RangeError for an unknown name */
export function find<T>(choice: string | T, named: Record<string, T>, what: string): T {
  if (typeof choice === "object" && choice !== null) return choice;
  if (typeof choice === "string" && Object.hasOwn(named, choice)) return named[choice];
  throw new RangeError(
    `There is no ${what} called "${choice}". Choose one of: ${Object.keys(named).join(", ")}.`,
  );
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
