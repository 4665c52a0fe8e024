/**
 * Values as data, to go from the tests' process to the submission's and back: numbers of every kind, text,
 * arrays, typed arrays and plain objects, each once, however often it is referred to, and circles too. The
 * library's activations and losses go by name. Nothing else that can be called goes over.
 *
 * `objects` is what makes an argument that was changed in place come back changed: whoever packs a value gets
 * every object of it listed there, whoever unpacks it as well, in the same order. An answer that was packed
 * with the list of its question begins with these objects as they are now, and unpacking it with the same
 * list writes them into the asker's own.
 */

/** A value as JSON can hold it. */
export interface Packed {
  /** The objects, by the numbers that `r` refers to them by. */
  nodes: Node[];
  root: Slot;
}

type Slot = number | string | boolean | null | { r: number } | { s: string };
type Node =
  | { array: Slot[] }
  | { object: [key: string, value: Slot][] }
  | { bytes: number[] }
  | { view: string; buffer: Slot; offset: number; length: number }
  | { named: string };

/** The names of the objects that go by name. */
export type Names = Map<object, string>;

/** How many numbers and characters one value may hold; an object takes the room of many. */
const largest = 4_000_000;
const perObject = 64;

const special = new Map<string, unknown>([
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["-0", -0],
]);

const viewKinds = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
];

/** The activations and losses of `src/nn`, by name. */
export function namesOf(nn: Record<string, unknown>): Names {
  const names: Names = new Map();
  for (const room of ["activations", "losses"]) {
    for (const [name, value] of Object.entries(nn[room] ?? {})) names.set(value, `${room}.${name}`);
  }
  return names;
}

/**
 * Makes data of a value.
 *
 * @param functions what becomes of a function: an error, or undefined
 * @throws Error if the value is too large, or holds what cannot go over
 */
export function pack(
  value: unknown,
  objects: object[],
  names: Names,
  functions: "refuse" | "drop",
): Packed {
  const numbers = new Map(objects.map((object, i) => [object, i]));
  let room = largest;
  const take = (amount: number) => {
    room -= amount;
    if (room < 0) throw new Error("The value is too large to be handed over.");
  };

  function slot(value: unknown): Slot {
    if (typeof value === "number") {
      if (Object.is(value, -0)) return { s: "-0" };
      return Number.isFinite(value) ? value : { s: String(value) };
    }
    if (typeof value === "string") {
      take(value.length);
      return value;
    }
    if (typeof value === "boolean" || value === null) return value;
    if (typeof value === "object") return { r: number(value) };
    if (value !== undefined && functions === "refuse")
      throw new TypeError(`A ${typeof value} cannot be handed to the submission, only data.`);
    return { s: "undefined" };
  }
  function number(object: object): number {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    take(perObject);
    numbers.set(object, objects.length);
    return objects.push(object) - 1;
  }
  function node(object: object): Node {
    const named = names.get(object);
    if (named !== undefined) return { named };
    if (Array.isArray(object)) {
      take(object.length);
      return { array: Array.from(object, slot) };
    }
    if (object instanceof ArrayBuffer) {
      take(object.byteLength);
      return { bytes: Array.from(new Uint8Array(object)) };
    }
    const kind = viewKinds.find((kind) => object instanceof kind);
    if (kind) {
      const { buffer, byteOffset, length } = object as Float64Array;
      return { view: kind.name, buffer: slot(buffer), offset: byteOffset, length };
    }
    const keys = Object.keys(object);
    take(keys.length);
    return { object: keys.map((key) => [key, slot((object as Record<string, unknown>)[key])]) };
  }

  const root = slot(value);
  const nodes: Node[] = [];
  // The list grows while it is gone through.
  for (let i = 0; i < objects.length; i++) nodes.push(node(objects[i]));
  return { nodes, root };
}

/**
 * Makes a value of data, which may come from anyone: nothing of it is ever called.
 *
 * @throws Error if it is not what `pack` makes
 */
export function unpack({ nodes, root }: Packed, objects: object[], names: Names): unknown {
  const byName = new Map([...names].map(([object, name]) => [name, object]));
  const known = objects.length;
  const shell = (node: Node): object | undefined => {
    if ("array" in node) return [];
    if ("object" in node) return {};
    if ("bytes" in node) return Uint8Array.from(node.bytes).buffer;
    if ("named" in node) return byName.get(node.named);
    return undefined;
  };
  for (let i = known; i < nodes.length; i++) objects.push(shell(nodes[i]) as object);
  // Views after what they are views of.
  for (let i = known; i < nodes.length; i++) {
    const node = nodes[i];
    if (!("view" in node)) continue;
    const kind = viewKinds.find(({ name }) => name === node.view);
    const buffer = value(node.buffer);
    if (!kind || !(buffer instanceof ArrayBuffer)) throw new Error("It is a view of nothing.");
    objects[i] = new kind(buffer, node.offset, node.length);
  }
  nodes.forEach((node, i) => {
    fill(objects[i], node);
  });
  return value(root);

  function value(slot: Slot): unknown {
    if (typeof slot !== "object" || slot === null) return slot;
    if ("s" in slot && special.has(slot.s)) return special.get(slot.s);
    if ("r" in slot && Number.isInteger(slot.r) && slot.r in objects) return objects[slot.r];
    throw new Error("It refers to nothing.");
  }
  function fill(object: object, node: Node): void {
    if (names.has(object) || ArrayBuffer.isView(object)) return;
    if ("array" in node && Array.isArray(object)) {
      if (object.length !== node.array.length) object.length = node.array.length;
      node.array.forEach((slot, i) => {
        set(object, i, value(slot));
      });
    } else if ("bytes" in node && object instanceof ArrayBuffer) {
      new Uint8Array(object).set(node.bytes);
    } else if ("object" in node && !Array.isArray(object)) {
      const keys = new Set(node.object.map(([key]) => key));
      for (const key of Object.keys(object))
        if (!keys.has(key)) Reflect.deleteProperty(object, key);
      for (const [key, slot] of node.object) set(object, key, value(slot));
    } else throw new Error("An object has become another kind of object.");
  }
}

/** Sets a property that differs, as an own one whatever its name. */
function set(object: object, key: string | number, value: unknown): void {
  const own = Object.getOwnPropertyDescriptor(object, key);
  if (own && Object.is(own.value, value)) return;
  if (own) (object as Record<string | number, unknown>)[key] = value;
  else
    Object.defineProperty(object, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
}
