/**
 * What a student's cell finds beside the language itself: the list that `check` counts on at work, made of functions
 * of this context. What comes from outside comes as text and numbers.
 */
import { provided } from "../../coursework/offered";
import type { Outside } from "./child";
import type { Bundle } from "./inside";

type Made<Name extends keyof typeof provided> = Record<(typeof provided)[Name][number], unknown>;
type Callback = (...args: unknown[]) => void;

export function provideGlobals(outside: Outside): void {
  const [send, after, clear, now] = [outside.send, outside.after, outside.clear, outside.now];
  const [encode, decode] = [outside.encode, outside.decode].map(shield);

  const consoleMethod = (method: string) =>
    shield((...values: unknown[]) => {
      // What makes text of a label may be the student's, and options could hand it Node's functions.
      if (/^(?:time|count)/.test(method) && values.length > 0) values[0] = `${values[0]}`;
      outside.console(method, method === "dir" ? values.slice(0, 1) : values);
    });
  const timer = (again: boolean) =>
    shield((call: Callback, time: unknown = 0, ...args: unknown[]) => {
      const number = after(Number(time), again, () => call(...args));
      const handle: object = {
        ref: () => handle,
        unref: () => handle,
        hasRef: () => true,
        [Symbol.toPrimitive]: () => number,
      };
      return handle;
    });
  const setTimeout = timer(false);
  const clearTimer = shield((timer: unknown) => clear(Number(timer)));
  const soon = (call: Callback, ...args: unknown[]) =>
    void Promise.resolve().then(() => call(...args));

  const nanoseconds = () => Math.round(now() * 1e6);
  const hrtime = ([seconds, rest]: readonly number[] = [0, 0]) => {
    const passed = nanoseconds() - seconds * 1e9 - rest;
    return [Math.floor(passed / 1e9), passed % 1e9];
  };
  const stream = (print: "stdout" | "stderr") => ({
    isTTY: false,
    write: shield((text: unknown) => {
      send({ print, text: typeof text === "string" ? text : decode(latin1(text as Uint8Array)) });
      return true;
    }),
  });

  class TextEncoder {
    readonly encoding = "utf-8";
    encode(text: unknown = ""): Uint8Array {
      return bytesOf(encode(`${text}`));
    }
  }
  class TextDecoder {
    readonly encoding = "utf-8";
    constructor(encoding: unknown = "utf-8") {
      if (!/^utf-?8$/i.test(`${encoding}`))
        throw new RangeError(`Only utf-8 is decoded here, not ${encoding}.`);
    }
    decode(bytes: ArrayBuffer | ArrayBufferView = new Uint8Array()): string {
      return decode(latin1(bytes)).replace(/^\uFEFF/, "");
    }
  }

  const globals: Record<keyof typeof provided, unknown> = {
    console: Object.fromEntries(provided.console.map((name) => [name, consoleMethod(name)])),
    process: {
      argv: [],
      env: {},
      hrtime: Object.assign(hrtime, { bigint: () => BigInt(nanoseconds()) }),
      nextTick: soon,
      platform: outside.platform,
      stderr: stream("stderr"),
      stdout: stream("stdout"),
      version: outside.version,
    } satisfies Made<"process">,
    performance: { now: shield(now), timeOrigin: Date.now() - now() } satisfies Made<"performance">,
    crypto: {
      getRandomValues: shield((array: Uint8Array) => {
        viewOf(array).set(bytesOf(outside.random(array.byteLength)));
        return array;
      }),
      randomUUID: shield(outside.randomUUID),
    } satisfies Made<"crypto">,
    setTimeout,
    setInterval: timer(true),
    setImmediate: (call: Callback, ...args: unknown[]) => setTimeout(call, 0, ...args),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: clearTimer,
    queueMicrotask: (call: Callback) => soon(call),
    structuredClone: (value: unknown) => clone(value, new Map()),
    atob: shield((text: unknown) => outside.atob(`${text}`)),
    btoa: shield((text: unknown) => outside.btoa(`${text}`)),
    TextEncoder,
    TextDecoder,
  };
  const display = (data: Bundle, { id, update }: { id?: string; update?: boolean } = {}) =>
    send({ display: { data, id, update } });
  const refuse = () => {
    throw new Error("Graded work cannot ask the reader: write the value into the cell instead.");
  };
  Object.assign(globalThis, globals, {
    alert: refuse,
    confirm: refuse,
    prompt: refuse,
    __loop__: () => {},
    [Symbol.for("Jupyter.host")]: { display: shield(display), signal: { aborted: false } },
  });
}

/** Bytes as text, a character for each; and back. */
function latin1(bytes: ArrayBuffer | ArrayBufferView): string {
  return Array.from(viewOf(bytes), (byte) => String.fromCharCode(byte)).join("");
}
function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (character) => character.charCodeAt(0));
}
function viewOf(bytes: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(bytes)) return new Uint8Array(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A copy of data, as `structuredClone` makes it. */
function clone(value: unknown, made: Map<unknown, unknown>): unknown {
  const works = value instanceof Promise || value instanceof WeakMap;
  if (works || typeof value === "function" || typeof value === "symbol")
    throw new TypeError("A symbol, or what works like a function, cannot be cloned, only data.");
  if (Object(value) !== value || made.has(value)) return made.get(value) ?? value;
  const object = value as Record<string, unknown>;
  const cloned = (part: unknown) => clone(part, made);
  const copy = begun(object, cloned);
  made.set(object, copy);
  if (object instanceof Map) for (const [key, one] of object) copy.set(cloned(key), cloned(one));
  else if (object instanceof Set) for (const one of object) copy.add(cloned(one));
  else if (!ArrayBuffer.isView(object))
    for (const key of Object.keys(object)) copy[key] = cloned(object[key]);
  return copy;
}
// biome-ignore lint/suspicious/noExplicitAny: an object of any kind, to be filled
function begun(object: object, cloned: (part: unknown) => any): any {
  if (object instanceof Date) return new Date(object);
  if (object instanceof Map) return new Map();
  if (object instanceof Set) return new Set();
  if (object instanceof RegExp) return new RegExp(object);
  if (object instanceof Error) return Error(object.message);
  if (object instanceof ArrayBuffer) return object.slice(0);
  if (!ArrayBuffer.isView(object)) return Array.isArray(object) ? new Array(object.length) : {};
  const { buffer, byteOffset, length, constructor: Kind } = object as Float64Array;
  return new (Kind as Float64ArrayConstructor)(cloned(buffer), byteOffset, length);
}

/** Keeps errors of Node's own, too little stack for one, from the student's code. */
function shield<Args extends unknown[], Value>(call: (...args: Args) => Value) {
  return (...args: Args): Value => {
    try {
      return call(...args);
    } catch {
      throw new Error("This failed outside your code.");
    }
  };
}
