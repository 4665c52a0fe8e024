/**
 * The submission's process, its first half: it hands lines from the pipe to inside.ts, which lives with the
 * student's code in a context of its own, and writes lines to the pipe. Strictly confined code (confine.ts)
 * is kept apart from this half as well: whoever holds one function of Node's can reach all that Node can do.
 * So inside.ts calls these functions with the student's values, and never hands them, an object that they
 * return or an error that they throw to the student's code; nor do they call a method of a student's value.
 */
import { atob, Buffer, btoa } from "node:buffer";
import { Console } from "node:console";
import { randomBytes, randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import process from "node:process";
import { Writable } from "node:stream";
import { clearTimeout, setInterval, setTimeout } from "node:timers";
import { inspect } from "node:util";
import vm from "node:vm";
import type { Inside } from "./inside";

/** What inside.ts may call. */
export interface Outside {
  send(message: object): void;
  /** Gathers text; it is sent within 50 ms, or before the next message. */
  print(stream: "stdout" | "stderr", text: string): void;
  /** Calls a method of the console's. */
  console(method: string, values: unknown[]): void;
  /** The text of one value, as a cell shows it. */
  inspect(value: unknown): string;
  compile(code: string, name: string): unknown;
  /** Calls a function that an interrupt stops. */
  guard<T>(call: () => T): T;
  /** Calls after a while, once or again and again; the number is for `clear`. */
  after(milliseconds: number, again: boolean, call: () => void): number;
  clear(timer: number): void;
  now(): number;
  platform: string;
  version: string;
  /** So many bytes that nobody can foresee, as text: a character for each. */
  random(bytes: number): string;
  randomUUID(): string;
  /** Text to UTF-8, as text with a character for each byte, and back. */
  encode(text: string): string;
  decode(bytes: string): string;
  atob(text: string): string;
  btoa(text: string): string;
}

/** The first line of the pipe. */
export interface Beginning {
  /** The script of inside.ts. */
  inside: string;
  /** The script of the modules that cells may import. */
  library: string;
  /** What of the library answers may use. */
  allowed: readonly string[];
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

const sink = (stream: "stdout" | "stderr") =>
  new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      outside.print(stream, text);
      done();
    },
  });
// customInspect would hand Node's functions to methods of the student's.
const console = new Console({
  stdout: sink("stdout"),
  stderr: sink("stderr"),
  inspectOptions: { customInspect: false },
});

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
  console: (method, values) =>
    (console as never as Record<string, (...values: unknown[]) => void>)[method](...values),
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
  platform: process.platform,
  version: process.version,
  random: (bytes) => randomBytes(bytes).toString("latin1"),
  randomUUID: () => randomUUID(),
  encode: (text) => Buffer.from(text).toString("latin1"),
  decode: (bytes) => Buffer.from(bytes, "latin1").toString(),
  atob,
  btoa,
};

let inside: Inside | undefined;
function receive(line: string): void {
  lastFlush = Number.NEGATIVE_INFINITY; // a cell's first words are sent at once
  const message = JSON.parse(line);
  if (inside) {
    // Here, where the student's code cannot reach: the library is there for cells, and not for answers.
    if (message.request) inside.isOpen[0] = "run" in message.request ? 1 : 0;
    inside.receive(line);
  } else {
    const { inside: code, library, allowed }: Beginning = message;
    inside = vm.runInContext(code, context)(outside, library, allowed.join()) as Inside;
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
