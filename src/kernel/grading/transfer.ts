/**
 * Values as data, on their way from the tests' process to the submission's and back: numbers of every kind, words, and
 * lists of these; typed arrays arrive as lists. Nothing else goes over, and nothing that is changed there comes back.
 */

/** A value as JSON can hold it; what JSON has no word for goes by name. */
export type Packed = number | string | boolean | null | Packed[] | { named: string };

/** How many values and characters go over together. */
const largest = 100_000;

const named = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

/**
 * Makes data of a value.
 *
 * @throws Error if it is too large, or holds what is no data
 */
export function pack(whole: unknown): Packed {
  let room = largest;
  const take = (amount: number) => {
    room -= amount;
    if (room < 0) throw new Error("The value is too large to be handed over.");
  };
  const packed = (value: unknown): Packed => {
    take(1);
    if (typeof value === "number") {
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { named: value === 0 ? "-0" : String(value) };
    }
    if (typeof value === "string") take(value.length);
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = value as unknown[];
      take(list.length);
      return Array.from(list, packed);
    }
    if (value === undefined) return { named: "undefined" };
    throw new TypeError(`Only numbers, words and lists are handed over, and no ${typeof value}.`);
  };
  return packed(whole);
}

/**
 * Makes a value of data, which may come from anyone: nothing of it is ever called.
 *
 * @throws Error if it is not what `pack` makes
 */
export function unpack(packed: Packed): unknown {
  if (typeof packed !== "object" || packed === null) return packed;
  if (Array.isArray(packed)) return packed.map((one) => unpack(one));
  if (!named.has(packed.named)) throw new Error("It is not what a value is packed as.");
  return named.get(packed.named);
}
