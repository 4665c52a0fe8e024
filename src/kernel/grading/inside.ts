/**
 * The submission's process, its second half: it lives in the context where the student's code runs, keeps the
 * variables of their cells, runs cells and calls functions as it is asked to, and answers with data. What the
 * student's code does to this half, it does to itself: whatever is answered is believed by nobody.
 */
import { borrowedMessage } from "../../coursework/offered";
import { createVariables } from "../variables";
import type { Outside } from "./child";
import { provideGlobals } from "./globals";
import { type Packed, pack, unpack } from "./transfer";

export type Bundle = Record<string, string>;

/** A cell to run: its script, the script's name, and the variable that holds the value of its last expression. */
export interface Run {
  run: string;
  name: string;
  /** Whether it awaits something outside its functions. */
  awaits: boolean;
  shown?: string;
}

/** A function of the student's to call, with a list of arguments. */
type Call = { call: string; args: Packed };

export type Request = Run | Call;

/** An error, and the places that it came by; lines and columns from 0. */
export interface Trouble {
  name: string;
  message: string;
  calls: { script: string; name: string; line: number; column: number }[];
}

export interface Reply {
  error?: Trouble;
  /** The variables that a cell has set. */
  changed?: string[];
  /** What a cell shows. */
  shown?: Bundle;
  /** What a function has returned. */
  value?: Packed;
}

export type Inside = ReturnType<typeof start>;

type Wait = <T>(promise: T) => Promise<Awaited<T>>;

/** Handed to scripts as arguments: a global variable of a context takes its time to be looked up. */
const globals = { Array, Float64Array, Math, Number, Object };

/**
 * Starts it.
 *
 * @param library the script of the modules that cells may import
 * @param allowed what of the library answers may use: names, with commas
 */
export function start(outside: Outside, library: string, allowed: string) {
  const calls = new WeakMap<object, Trouble["calls"]>();
  // The engine may call it from outside, with objects from there. So it must stay this function, and these
  // objects must not go through a method that can be replaced.
  const prepareStackTrace: typeof Error.prepareStackTrace = (error, sites) => {
    const places: Trouble["calls"] = [];
    for (let i = 0; i < sites.length; i++) {
      const script = sites[i].getScriptNameOrSourceURL() ?? "";
      if (!/^(?:hidden-)?cell-/.test(script)) continue;
      const name = sites[i].getFunctionName() ?? "";
      const line = (sites[i].getLineNumber() ?? 1) - 1;
      places.push({ script, name, line, column: (sites[i].getColumnNumber() ?? 1) - 1 });
    }
    calls.set(error, places);
    return String(error);
  };
  const fixed = { writable: false, configurable: false };
  Object.defineProperty(Error, "prepareStackTrace", { value: prepareStackTrace, ...fixed });
  Object.defineProperty(globalThis, "Error", { value: Error, ...fixed });
  provideGlobals(outside);

  const compile = (code: string, name: string) => {
    const made = outside.compile(`((${Object.keys(globals)}) => ${code})`, name);
    return (made as (...values: unknown[]) => never)(...Object.values(globals));
  };
  const isOpen = new Uint8Array([1]);
  // Nothing here goes through a method that can be replaced.
  const offered: Record<string, true> = Object.create(null);
  for (const name of allowed.split(",")) offered[name] = true;
  /** What every function of the library calls first: see programs.ts. */
  const ask = (name: string) => {
    if (isOpen[0] === 0 && !(name in offered))
      throw new Error(borrowedMessage(name, allowed === "" ? [] : allowed.split(",")));
  };
  const modules = (compile(library, "library") as (ask: unknown) => Record<string, unknown>)(ask);
  const require = (name: string) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error(`"${name}" cannot be imported here.`);
  };

  const { box, values: variables } = createVariables();
  // What compiled cells call: see ../boxed.ts.
  const importInCell = async (name: unknown) => require(String(name));
  Object.defineProperties(globalThis, {
    __variable__: { value: box },
    __import__: { value: Object.assign(importInCell, { meta: {} }) },
  });

  async function run({ run, name, awaits, shown }: Run, wait: Wait): Promise<Reply> {
    const before = { ...variables };
    const reply: Reply = {};
    try {
      const code = `${awaits ? "async " : ""}function (exports, require) { ${run}\n}`;
      const cell: (...scope: unknown[]) => unknown = compile(code, name);
      const ended = outside.guard(() => cell({}, require));
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
    if (!(value instanceof Promise)) return { "text/plain": outside.inspect(value) };
    return { "text/plain": "Promise (write await before it to get its value)" };
  }

  async function call({ call: name, args }: Call, wait: Wait): Promise<Reply> {
    if (!Object.hasOwn(variables, name)) throw new Error(`The submission declares no ${name}.`);
    const answer = variables[name];
    if (typeof answer !== "function") throw new TypeError(`${name} is not a function.`);
    const given = unpack(args) as unknown[];
    const result = await wait(outside.guard(() => answer(...given)));
    return { value: outside.guard(() => pack(result)) };
  }

  function describe(thrown: unknown): Trouble {
    try {
      const { name, message, stack } = Object(thrown) as Error;
      if (typeof stack === "string")
        return { name: `${name}`, message: `${message}`, calls: calls.get(thrown as Error) ?? [] };
      return { name: "Thrown", message: outside.inspect(thrown), calls: [] };
    } catch {
      return { name: "Thrown", message: "something that cannot be shown", calls: [] };
    }
  }

  let cancel = () => {};
  async function answer(id: number, request: Request): Promise<void> {
    const cancelled = new Promise<never>((_, reject) => {
      cancel = () => reject(new Error("It was given up on."));
    });
    cancelled.catch(() => {});
    const wait: Wait = (promise) => Promise.race([promise, cancelled]);
    let reply: Reply;
    try {
      reply = await ("run" in request ? run(request, wait) : call(request, wait));
    } catch (thrown) {
      reply = { error: describe(thrown) };
    }
    outside.send({ id, reply });
  }

  return {
    /** 1 while cells run, and 0 while answers are asked for: then the library keeps silent. */
    isOpen,
    receive(line: string): void {
      const { id, request } = JSON.parse(line);
      if (request) void answer(id, request);
      else cancel();
    },
    /** Shows what was thrown where nobody catches it. */
    report: (thrown: unknown): void => outside.console("error", [thrown]),
  };
}
