/**
 * Values as data, on their way from the tests' process to the submission's and back: numbers of every kind, words, and
 * lists of these; typed arrays arrive as lists. Nothing else goes over, and nothing that is changed there comes back.
 */

/** A value as JSON can hold it; what JSON has no word for goes by name. */
export type Packed = number | string | boolean | null | Packed[] | { named: string };

/** How many values and characters go over together. */
const largest = 100_000;

const nameOf = (value: unknown) => (Object.is(value, -0) ? "-0" : String(value));
const named = new Map(
  [undefined, Number.NaN, Infinity, -Infinity, -0].map((value) => [nameOf(value), value]),
);

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
    if (value === undefined || typeof value === "number")
      return named.has(nameOf(value)) ? { named: nameOf(value) } : (value as number);
    if (typeof value === "string") take(value.length);
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (Array.isArray(value) || ArrayBuffer.isView(value)) {
      const list = value as unknown[];
      take(list.length);
      return Array.from(list, packed);
    }
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
  if (!named.has(packed.named)) throw new Error("What was answered cannot be read.");
  return named.get(packed.named);
}

/** An error as it was told, which may be by anyone. */
export function errorOf({ name, message }: { name: string; message: string }): Error {
  const text = String(message).slice(0, 10_000);
  return Object.assign(new Error(text), { name: String(name).slice(0, 100) });
}
