/**
 * The submission's process, its second half: it lives in the context where the student's code runs, keeps the
 * variables of their cells, runs cells and calls functions as it is asked to, and answers with data. What
 * the student's code does to this half, it does to itself: whatever is answered is believed by nobody.
 */
import { borrowedMessage } from "../../coursework/borrowed";
import type { Outside } from "./child";
import { namesOf, type Packed, pack, unpack } from "./transfer";

export type Bundle = Record<string, string>;

/** A cell to run: its script, the script's name, and the variable that holds the value of its last expression. */
export interface Run {
  run: string;
  name: string;
  /** Whether it awaits something outside its functions. */
  awaits: boolean;
  shown?: string;
}

/** What the submission is asked to do. */
export type Request = Run | { get: readonly string[] } | { call: string; args: Packed };

/** An error, and the places that it came by; lines and columns from 0. */
export interface Trouble {
  name: string;
  message: string;
  calls: { script: string; name: string; line: number; column: number }[];
}

/** What a name stands for in the student's cells. */
export type Found = "missing" | "function" | "library" | { value: Packed } | { error: Trouble };

export interface Reply {
  error?: Trouble;
  /** The variables that a cell has set. */
  changed?: string[];
  /** What a cell shows. */
  shown?: Bundle;
  found?: Found[];
  /** Of a call: its arguments as it left them, and its value. */
  value?: Packed;
}

export interface Inside {
  receive(line: string): void;
  /** Shows what was thrown where nobody catches it. */
  report(thrown: unknown): void;
}

type Wait = <T>(promise: T) => Promise<Awaited<T>>;
type Module = Record<string, unknown>;

/** Handed to scripts as arguments: a global variable of a context takes its time to be looked up. */
const globals = { Array, Float64Array, Math, Number, Object };

/**
 * Starts it.
 *
 * @param library the script of the modules that cells may import
 * @param forbidden the names, with commas, that "./src/nn" is not to offer
 */
export function start(outside: Outside, library: string, forbidden: string): Inside {
  const calls = new WeakMap<object, Trouble["calls"]>();
  // The engine may call it from outside, with objects from there. So it must stay this function, and these
  // objects must not go through a method that can be replaced.
  const prepareStackTrace: typeof Error.prepareStackTrace = (error, sites) => {
    const places: Trouble["calls"] = [];
    let stack = String(error);
    for (let i = 0; i < sites.length; i++) {
      const script = sites[i].getScriptNameOrSourceURL() ?? "";
      if (!/^(?:hidden-)?cell-/.test(script)) continue;
      const name = sites[i].getFunctionName() ?? "";
      const line = (sites[i].getLineNumber() ?? 1) - 1;
      places.push({ script, name, line, column: (sites[i].getColumnNumber() ?? 1) - 1 });
      stack += `\n    at ${script.replaceAll("-", " ")}`;
    }
    calls.set(error, places);
    return stack;
  };
  Object.defineProperty(Error, "prepareStackTrace", { value: prepareStackTrace });
  Object.defineProperty(globalThis, "Error", {
    value: Error,
    writable: false,
    configurable: false,
  });
  provideGlobals(outside);

  const compile = (code: string, name: string) =>
    (
      outside.compile(`((${Object.keys(globals)}) => ${code})`, name) as (
        ...values: unknown[]
      ) => never
    )(...Object.values(globals));
  const modules = (compile(library, "library") as () => Record<string, Module>)();
  const names = namesOf(modules["./src/nn"] ?? {});
  for (const name of forbidden.split(",").filter(Boolean)) {
    modules["./src/nn"] = { ...modules["./src/nn"], [name]: refusing(name) };
  }
  const ofLibrary = new Set(Object.values(modules).flatMap((module) => Object.values(module)));
  const require = (name: string) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error(`"${name}" cannot be imported here.`);
  };

  const variables: Record<string, unknown> = {};
  // As tslab does it: what is imported becomes a variable as any other.
  const exports = new Proxy(variables, {
    defineProperty(_target, name, { get, value }) {
      if (name !== "__esModule") variables[name as string] = get ? get() : value;
      return true;
    },
  });

  async function run(request: Run, wait: Wait): Promise<Reply> {
    const { run, name, awaits, shown } = request;
    const before = { ...variables };
    const reply: Reply = {};
    try {
      const cell: (...scope: unknown[]) => unknown = compile(
        `${awaits ? "async " : ""}function (exports, require) { ${run}\n}`,
        name,
      );
      const ended = outside.guard(() => cell(exports, require));
      if (awaits) await wait(ended);
      const value = shown && variables[shown];
      if (value !== undefined) reply.shown = await show(value, wait);
    } catch (thrown) {
      reply.error = describe(thrown);
    }
    if (shown) delete variables[shown];
    const isSet = (key: string) => !Object.is(before[key], variables[key]);
    return { ...reply, changed: Object.keys(variables).filter(isSet) };
  }

  async function show(value: unknown, wait: Wait): Promise<Bundle> {
    const method = (value as Record<symbol, unknown> | null)?.[Symbol.for("Jupyter.display")];
    if (typeof method === "function") return wait(outside.guard(() => method.call(value)));
    const isPromise = value instanceof Promise;
    return {
      "text/plain": isPromise
        ? "Promise (write await before it to get its value)"
        : outside.inspect(value),
    };
  }

  function find(name: string): Found {
    if (!Object.hasOwn(variables, name)) return "missing";
    const value = variables[name];
    if (Object(value) === value && ofLibrary.has(value)) return "library";
    if (typeof value === "function") return "function";
    try {
      return { value: outside.guard(() => pack(value, [], names, "drop")) };
    } catch (thrown) {
      return { error: describe(thrown) };
    }
  }

  async function call(name: string, args: Packed, wait: Wait): Promise<Reply> {
    const objects: object[] = [];
    const given = unpack(args, objects, names) as unknown[];
    const result = await wait(
      outside.guard(() => (variables[name] as (...args: unknown[]) => unknown)(...given)),
    );
    return { value: outside.guard(() => pack([result], objects, names, "drop")) };
  }

  function describe(thrown: unknown): Trouble {
    try {
      if (Object(thrown) === thrown) {
        const { name, message, stack } = thrown as Error;
        if (typeof stack === "string")
          return {
            name: `${name}`,
            message: `${message}`,
            calls: calls.get(thrown as Error) ?? [],
          };
      }
      return { name: "Thrown", message: outside.inspect(thrown), calls: [] };
    } catch {
      return { name: "Thrown", message: "something that cannot be shown", calls: [] };
    }
  }

  const cancels = new Map<number, () => void>();
  async function answer(id: number, request: Request): Promise<void> {
    const cancelled = new Promise<never>((_, reject) => {
      cancels.set(id, () => reject(new Error("It was given up on.")));
    });
    cancelled.catch(() => {});
    const wait: Wait = (promise) => Promise.race([promise, cancelled]);
    let reply: Reply;
    try {
      if ("run" in request) reply = await run(request, wait);
      else if ("get" in request) reply = { found: request.get.map(find) };
      else reply = await call(request.call, request.args, wait);
    } catch (thrown) {
      reply = { error: describe(thrown) };
    }
    cancels.delete(id);
    outside.send({ id, reply });
  }

  return {
    receive(line) {
      const { id, request } = JSON.parse(line);
      if (request) void answer(id, request);
      else cancels.get(id)?.();
    },
    report: (thrown) => outside.print("stderr", `${outside.format([thrown])}\n`),
  };
}

/** In place of what the assignment asks to write: to use it in any way is an error. */
function refusing(name: string): unknown {
  const refuse = () => {
    throw new Error(borrowedMessage(name));
  };
  return new Proxy(refuse, { apply: refuse, get: refuse, construct: refuse });
}

/** What a cell finds beside the language itself. */
function provideGlobals({ send, print, format, after, clear, now }: Outside): void {
  const writer = (stream: "stdout" | "stderr") =>
    shield((...values: unknown[]) => print(stream, `${format(values)}\n`));
  const log = writer("stdout");
  const error = writer("stderr");
  const timer = (again: boolean) =>
    shield((call: (...args: unknown[]) => void, time = 0, ...args: unknown[]) =>
      after(Number(time), again, () => call(...args)),
    );
  const setTimeout = timer(false);
  const clearTimer = shield((number: unknown) => clear(Number(number)));
  const host = {
    display: shield((data: Bundle, { id, update }: { id?: string; update?: boolean } = {}) =>
      send({ display: { data, id, update } }),
    ),
    signal: { aborted: false },
  };
  Object.assign(globalThis, {
    console: { log, info: log, debug: log, table: log, dir: log, error, warn: error, trace: error },
    setTimeout,
    setInterval: timer(true),
    setImmediate: (call: (...args: unknown[]) => void, ...args: unknown[]) =>
      setTimeout(call, 0, ...args),
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
    clearImmediate: clearTimer,
    queueMicrotask: (call: () => void) => void Promise.resolve().then(call),
    prompt: refuseToAsk,
    confirm: refuseToAsk,
    alert: refuseToAsk,
    performance: { now: shield(now) },
    __loop__: () => {},
    [Symbol.for("Jupyter.host")]: host,
  });
}

function refuseToAsk(): never {
  throw new Error(
    "The reader cannot be asked in graded work: write the value into the cell instead.",
  );
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
