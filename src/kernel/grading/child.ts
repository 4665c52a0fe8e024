/**
 * The submission's process, its first half: it hands lines from the pipe to inside.ts, which lives with the
 * student's code in a context of its own, and writes lines to the pipe. Strictly confined code (confine.ts)
 * is kept apart from this half as well: whoever holds one function of Node's can reach all that Node can do.
 * So inside.ts calls these functions with the student's values, and never hands them, an object that they
 * return or an error that they throw to the student's code; nor do they call a method of a student's value.
 */
import { Buffer } from "node:buffer";
import { writeSync } from "node:fs";
import process from "node:process";
import { clearTimeout, setInterval, setTimeout } from "node:timers";
import { formatWithOptions, inspect } from "node:util";
import vm from "node:vm";
import type { Inside } from "./inside";

/** What inside.ts may call. */
export interface Outside {
  send(message: object): void;
  /** Gathers text; it is sent within 50 ms, or before the next message. */
  print(stream: "stdout" | "stderr", text: string): void;
  /** The text of values, as the console writes it. */
  format(values: unknown[]): string;
  /** The text of one value, as a cell shows it. */
  inspect(value: unknown): string;
  compile(code: string, name: string): unknown;
  /** Calls a function that an interrupt stops. */
  guard<T>(call: () => T): T;
  /** Calls after a while, once or again and again; the number is for `clear`. */
  after(milliseconds: number, again: boolean, call: () => void): number;
  clear(timer: number): void;
  now(): number;
}

/** The first line of the pipe. */
export interface Beginning {
  /** The script of inside.ts. */
  inside: string;
  /** The script of the modules that cells may import. */
  library: string;
  /** What "./src/nn" is not to offer. */
  forbidden: readonly string[];
}

const interval = 50;
const now = performance.now.bind(performance);

// Without a prototype of this side, which the student's `globalThis` would inherit from.
const sandbox = Object.create(null, { __call__: { writable: true } });
const context = vm.createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });

let printed: { print: string; text: string } | undefined;
let flushing: NodeJS.Timeout | undefined;
let lastFlush = Number.NEGATIVE_INFINITY;
function flush(): void {
  const message = printed;
  printed = undefined;
  clearTimeout(flushing);
  flushing = undefined;
  if (!message) return;
  lastFlush = now();
  write(message);
}
function write(message: object): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

const callback = new vm.Script("__call__()");
const timers = new Map<number, NodeJS.Timeout>();
let lastTimer = 0;
const outside: Outside = {
  send(message) {
    flush();
    write(message);
  },
  print(stream, text) {
    if (printed?.print !== stream) flush();
    printed = { print: stream, text: (printed?.text ?? "") + text };
    // While a loop is busy no timer fires.
    if (now() - lastFlush > interval || printed.text.length > 65_536) flush();
    else flushing ??= setTimeout(flush, interval);
  },
  // customInspect would hand Node's functions to methods of the student's.
  format: (values) => formatWithOptions({ customInspect: false }, ...values),
  inspect: (value) => inspect(value, { customInspect: false, maxArrayLength: 200 }),
  compile: (code, filename) => vm.runInContext(code, context, { filename }),
  guard(call) {
    sandbox.__call__ = call;
    try {
      return callback.runInContext(context, { breakOnSigint: true });
    } finally {
      sandbox.__call__ = undefined;
    }
  },
  after(milliseconds, again, call) {
    const number = ++lastTimer;
    const ring = () => {
      if (!again) timers.delete(number);
      call();
    };
    timers.set(number, (again ? setInterval : setTimeout)(ring, milliseconds));
    return number;
  },
  clear(number) {
    clearTimeout(timers.get(number));
    timers.delete(number);
  },
  now,
};

let inside: Inside | undefined;
function receive(line: string): void {
  lastFlush = Number.NEGATIVE_INFINITY; // a cell's first words are sent at once
  if (inside) inside.receive(line);
  else {
    const { inside: code, library, forbidden }: Beginning = JSON.parse(line);
    inside = vm.runInContext(code, context)(outside, library, forbidden.join()) as Inside;
  }
}

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) receive(line);
});
process.stdin.on("end", () => process.exit());
// An interrupt stops what runs in `guard`; nothing else is to end by it.
process.on("SIGINT", () => {});
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (thrown: unknown) => {
    if (!inside) throw thrown;
    inside.report(thrown);
  });
}

// Should the student's code reach this side after all, it finds the language there and no more.
const language = new Set(vm.runInNewContext("Object.getOwnPropertyNames(globalThis)"));
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!language.has(name)) Reflect.deleteProperty(globalThis, name);
}
