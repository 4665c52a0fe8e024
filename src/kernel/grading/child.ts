/**
 * The submission's process, its first half: it hands lines from the pipe to inside.ts, which lives with the student's
 * code in a context of its own, and writes lines to the pipe. Strictly confined code (confine.ts) is kept apart from
 * this half as well: whoever holds one function of Node's can reach all that Node can do. So inside.ts calls these
 * functions with the student's values, and never hands them, an object that they return or an error that they throw to
 * the student's code; nor do they call a method of a student's value.
 */
import { atob, Buffer, btoa } from "node:buffer";
import { Console } from "node:console";
import { randomBytes, randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import process from "node:process";
import { Writable } from "node:stream";
import { clearTimeout, setInterval, setTimeout } from "node:timers";
import { inspect, types } from "node:util";
import vm from "node:vm";
import type { Inside } from "./inside";
import type { Programs } from "./programs";

/** What inside.ts may call. */
export type Outside = typeof outside;

// Without a prototype of this side, which the student's `globalThis` would inherit from.
const sandbox = Object.create(null, { __call__: { writable: true } });
const context = vm.createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });
const callback = new vm.Script("__call__()");

function send(message: object): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}
const sink = (print: "stdout" | "stderr") =>
  new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      send({ print, text });
      done();
    },
  });
// customInspect would hand Node's functions to methods of the student's.
const console = new Console({
  stdout: sink("stdout"),
  stderr: sink("stderr"),
  inspectOptions: { customInspect: false },
}) as never as Record<string, (...values: unknown[]) => void>;

const outside = {
  send,
  /** Calls a method of the console's. */
  console: (method: string, values: unknown[]) => console[method](...values),
  /** The text of one value, as a cell shows it. */
  inspect: (value: unknown) => inspect(value, { customInspect: false, maxArrayLength: 200 }),
  compile: (code: string, filename: string): unknown =>
    vm.runInContext(code, context, { filename }),
  /** Calls a function that an interrupt stops. */
  guard<T>(call: () => T): T {
    sandbox.__call__ = call;
    try {
      return callback.runInContext(context, { breakOnSigint: true });
    } catch (thrown) {
      // Of an error that is none of Node's nothing is called to look at it.
      const code =
        types.isNativeError(thrown) && Object.getOwnPropertyDescriptor(thrown, "code")?.value;
      if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") send({ stopped: true });
      throw thrown;
    } finally {
      sandbox.__call__ = undefined;
    }
  },
  /** Calls after a while, once or again and again; the number is for `clear`. */
  after: (milliseconds: number, again: boolean, call: () => void): number =>
    (again ? setInterval : setTimeout)(() => call(), milliseconds)[Symbol.toPrimitive](),
  clear: (timer: number) => clearTimeout(timer),
  now: performance.now.bind(performance),
  platform: process.platform,
  version: process.version,
  randomUUID: () => randomUUID(),
  // Bytes go as text, with a character for each.
  random: (bytes: number) => randomBytes(bytes).toString("latin1"),
  encode: (text: string) => Buffer.from(text).toString("latin1"),
  decode: (bytes: string) => Buffer.from(bytes, "latin1").toString(),
  atob: (text: string) => atob(text),
  btoa: (text: string) => btoa(text),
};

let inside: Inside | undefined;
function receive(line: string): void {
  const message = JSON.parse(line);
  if (inside) {
    // Here, where the student's code cannot reach: the library is there for cells, and not for answers.
    if (message.request) inside.isOpen[0] = "run" in message.request ? 1 : 0;
    inside.receive(line);
  } else {
    const { inside: code, library, allowed }: Programs = message;
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
// An interrupt stops what runs in `guard`; nothing else is to end by it. Wherever it arrives, it is told.
process.on("SIGINT", () => send({ stopped: true }));
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
