/** Errors as the reader should see them: their own line, marked, and none of the kernel's. */
import { platform } from "./platform";
import type { Origin, Place } from "./typescript";

/** What an `error` message of Jupyter holds. */
export interface ErrorReport {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A type or syntax error; line and column from 0. */
export interface Diagnostic {
  start: { line: number; character: number };
  end: { line: number; character: number };
  messageText: string;
  /** TypeScript's number for the message; those of syntax errors are below 2000. */
  code: number;
  fileName?: string;
  /** Lines of other cells that have to do with it. */
  related?: { label: string; source: string; line: number; character: number }[];
}

/** A cell or a source file that was compiled and run. */
export interface Script {
  /** What the reader knows it by: "cell 3", "src/nn/network.ts". */
  label: string;
  isCell: boolean;
  /** The TypeScript as it was when it was compiled. */
  source: string;
  /** Finds the place in the TypeScript of one in the JavaScript; undefined for tslab's own lines. */
  locate: Origin;
}

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;

export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  label: string,
  source: string,
): ErrorReport {
  // Where the syntax is wrong, what the type checker adds is guesswork.
  const syntax = diagnostics.filter(({ code }) => code < 2000);
  const shown = syntax.length > 0 ? syntax : diagnostics;
  const traceback: string[] = [];
  const summary: string[] = [];
  for (const { start, end, messageText, fileName, related = [] } of shown) {
    const at = `${fileName ?? label}, line ${start.line + 1}, column ${start.character + 1}`;
    const message = messageText + advice(messageText);
    summary.push(`${at}: ${message}`);
    traceback.push(`${red(bold("TypeScript error"))}: ${message}`, at);
    const length = end.line === start.line ? end.character - start.character : 1;
    if (!fileName) traceback.push(marked(source, start.line, start.character, Math.max(1, length)));
    for (const { label, source, line, character } of related)
      traceback.push(`${label}, line ${line + 1}`, marked(source, line, character, 1));
  }
  return { ename: "TypeScript error", evalue: summary.join("\n"), traceback };
}

/** What to do about the one message that every reader meets. */
function advice(message: string): string {
  return /Cannot find module '\.{1,2}\//.test(message)
    ? ' Imports start at the project\'s root, wherever the notebook lies: "./src/nn".'
    : "";
}

export function reportInterruption(): ErrorReport {
  const evalue = "The cell was stopped. What it had set until then is kept.";
  return { ename: "Interrupted", evalue, traceback: [`${red(bold("Interrupted"))}: ${evalue}`] };
}

/** How much of an error is told: errors in all, counting causes and reasons, and characters of each text. */
const most = { errors: 20, name: 100, message: 5000 };

/**
 * What an error carries is told with it, each with its lines: its cause, the reasons of an AggregateError, what a
 * SuppressedError stands for, and fields of its own, such as `code`.
 *
 * @param thrown what was thrown: an Error or anything else. Whatever it does when it is looked at, a report is returned
 */
export function reportError(thrown: unknown): ErrorReport {
  const traceback: string[] = [];
  tell(thrown, traceback, new Set());
  return { ...titleOf(thrown), traceback };
}

function titleOf(thrown: unknown): { ename: string; evalue: string } {
  if (!isError(thrown)) return { ename: "Thrown", evalue: show(thrown) };
  const name = peek(thrown, "name");
  const message = peek(thrown, "message") ?? "";
  return {
    ename: typeof name === "string" && name !== "" ? shorten(name, most.name) : "Error",
    evalue: shorten(typeof message === "string" ? withNames(message) : show(message), most.message),
  };
}

/** @param told errors told of so far: they may hold each other in a circle */
function tell(thrown: unknown, traceback: string[], told: Set<unknown>): void {
  const { ename, evalue } = titleOf(thrown);
  const title = red(bold(ename)) + (evalue === "" && isError(thrown) ? "" : `: ${evalue}`);
  if (told.has(thrown)) {
    traceback.push(`${title} (see above)`);
    return;
  }
  told.add(thrown);
  if (!isError(thrown)) {
    traceback.push(`${title} (not an Error, so there is no line to show)`);
    return;
  }
  traceback.push(title);
  for (const [i, frame] of frames(thrown).entries()) {
    const { script, name, line, column } = frame;
    traceback.push(`${script.label}, line ${line + 1}${name ? ` in ${name}` : ""}`);
    if (i === 0 || script.isCell) traceback.push(marked(script.source, line, column, 1));
  }
  const { carried, keys } = carriedBy(thrown);
  const fields = fieldsOf(thrown, keys);
  if (fields) traceback.push(fields);
  for (const [i, { label, value }] of carried.entries()) {
    if (told.size >= most.errors) {
      traceback.push("", `… and ${carried.length - i} more.`);
      return;
    }
    traceback.push("", label);
    tell(value, traceback, told);
  }
}

/** A message of the engine's with the reader's names: compiled code calls a variable x of theirs x_1.x. */
function withNames(message: string): string {
  const name = String.raw`([\p{ID_Start}$_][\p{ID_Continue}$]*)_\d+\.\1(?![\p{ID_Continue}$])`;
  return message
    .replace(new RegExp(String.raw`\(0 , ${name}\)`, "gu"), "$1")
    .replace(new RegExp(String.raw`(?<![\p{ID_Continue}$.])${name}`, "gu"), "$1");
}

/** What an error carries that may be an error as well, and the keys under which it does. */
function carriedBy(error: Error): { carried: { label: string; value: unknown }[]; keys: string[] } {
  const carried: { label: string; value: unknown }[] = [];
  const keys: string[] = [];
  const take = (key: string, label: string) => {
    if (!has(error, key)) return;
    keys.push(key);
    carried.push({ label, value: peek(error, key) });
  };
  if (peek(error, "cause") !== undefined) take("cause", "Caused by:");
  if (has(error, "suppressed")) {
    take("error", "Thrown last:");
    take("suppressed", "Suppressed by it:");
  }
  const reasons = peek(error, "errors");
  if (isList(reasons) && (titleOf(error).ename === "AggregateError" || reasons.some(isError))) {
    keys.push("errors");
    for (const [i, value] of reasons.entries())
      carried.push({ label: `Reason ${i + 1} of ${reasons.length}:`, value });
  }
  return { carried, keys };
}

/** An error's own fields as Node prints them; undefined if it has none. Getters are not called. */
function fieldsOf(error: Error, told: readonly string[]): string | undefined {
  const fields = {};
  try {
    for (const key of Reflect.ownKeys(error)) {
      const field = Object.getOwnPropertyDescriptor(error, key);
      if (!field?.enumerable || ["name", "message", "stack", ...told].includes(key as string))
        continue;
      Object.defineProperty(fields, key, field);
    }
  } catch {
    // A proxy's traps may throw: then what was found so far is shown.
  }
  return Reflect.ownKeys(fields).length > 0 ? show(fields) : undefined;
}

/** The text of a value, of one that throws when it is looked at, too. */
function show(value: unknown): string {
  for (const customInspect of [true, false]) {
    try {
      return shorten(platform.inspect(value, { customInspect }), most.message);
    } catch {
      // Its own code failed: without it, if that can be.
    }
  }
  return `a value (${typeof value}) that cannot be shown`;
}

function shorten(text: string, length: number): string {
  const rest = text.length - length;
  return rest > 0 ? `${text.slice(0, length)} … (${rest} more characters)` : text;
}

/** A property of something that may throw when it is looked at: then undefined, as if there were none. */
export function peek(value: unknown, key: string): unknown {
  try {
    return Object(value)[key];
  } catch {
    return undefined;
  }
}

function has(value: object, key: string): boolean {
  try {
    return Object.hasOwn(value, key);
  } catch {
    return false;
  }
}

function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether it is an Error, of another realm also; never throws, whatever it is. */
export function isError(value: unknown): value is Error {
  try {
    if (value instanceof Error) return true;
  } catch {
    return false;
  }
  // From another realm, jsdom's for one.
  return typeof value === "object" && ["name", "message", "stack"].every(isText, value);
}

function isText(this: unknown, key: string): boolean {
  return typeof peek(this, key) === "string";
}

/** A line of a stack trace, in a cell or a source file. */
interface Frame extends Place {
  script: Script;
  /** The function's name; empty if it has none. */
  name: string;
}

/** A place in compiled code that an error has come by. */
export interface Call extends Place {
  /** The script, by the name that stack traces give it. */
  script: string;
  name: string;
}

const framesOf = new WeakMap<object, Frame[]>();
/** The names of scripts that stacks know by others. */
const named = new Map<string, string>();
let find: (name: string) => Script | undefined = () => undefined;

/** Makes the `stack` of errors name cells and TypeScript files, and leave the kernel's frames out. */
export function tidyStacks(findScript: typeof find): void {
  find = findScript;
  Error.prepareStackTrace = (error, calls) => {
    const frames = readCalls(
      error,
      calls.map((call) => ({
        script: call.getScriptNameOrSourceURL() ?? "",
        name: nameOf(call),
        line: (call.getLineNumber() ?? 1) - 1,
        column: (call.getColumnNumber() ?? 1) - 1,
      })),
    );
    // An error without a line of the reader's is the kernel's own: then its frames tell the most.
    const lines = frames.length > 0 ? frames.map(frameText) : calls.map(String);
    return [headOf(error), ...lines].join("\n    at ");
  };
}

/** Tells by what name stacks know a script, if not by its own. */
export function nameScript(inStacks: string, name: string): void {
  named.set(inStacks, name);
}

/** The name of a call's function; not the one that V8 gives to code that a timer or `eval` calls. */
function nameOf(call: NodeJS.CallSite): string {
  const name = call.getFunctionName() ?? "";
  return name === "Timeout._onTimeout" || (name === "eval" && call.isEval()) ? "" : name;
}

/** Gives an error the frames that these calls stand for, instead of those it may have. */
export function readCalls(error: Error, calls: readonly Call[]): Frame[] {
  const frames: Frame[] = [];
  for (const { script: scriptName, name, ...compiled } of calls) {
    const script = find(named.get(scriptName) ?? scriptName);
    const place = script?.locate(compiled);
    if (script && place) frames.push({ script, name, ...place });
  }
  framesOf.set(error, frames);
  return frames;
}

/** The first line of an error's `stack`. Its name or message may be anything, and fail to become text. */
function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function frameText({ name, script, line, column }: Frame): string {
  const place = `${script.label}:${line + 1}:${column + 1}`;
  return name ? `${name} (${place})` : place;
}

/** The frames of an error, without those on the same line of the same function as the one before: recursion. */
function frames(error: Error): Frame[] {
  const stack = peek(error, "stack"); // calls prepareStackTrace, unless that was done before
  const all = framesOf.get(error) ?? readCalls(error, callsIn(String(stack)));
  return all.filter(({ script, name, line }, i) => {
    const before = all[i - 1];
    return script !== before?.script || name !== before.name || line !== before.line;
  });
}

/** The calls of a stack as engines other than V8 write it: `name@script:line:column`, a line for each. */
function callsIn(stack: string): Call[] {
  return [...stack.matchAll(/^(.*?)@(.*):(\d+):(\d+)$/gm)].map(
    ([, name, script, line, column]) => ({
      // Of a nested function they tell all owners, of one after an await that it is: `async*outer/inner`.
      name: /^(?:anonymous|eval code|)$/.test(name) ? "" : name.replace(/^.*[*./<]/, ""),
      script,
      line: Number(line) - 1,
      column: Number(column) - 1,
    }),
  );
}

/** The line with its neighbours, numbered, the place marked by an arrow and a caret. */
function marked(source: string, line: number, column: number, length: number): string {
  const lines = source.split(/\r\n?|\n/);
  const width = String(line + 2).length;
  const shown: string[] = [];
  for (let n = Math.max(0, line - 1); n <= Math.min(lines.length - 1, line + 1); n++) {
    const here = n === line;
    shown.push(`${here ? red(">") : " "} ${String(n + 1).padStart(width)} | ${lines[n]}`);
    if (here)
      shown.push(`  ${" ".repeat(width)} | ${" ".repeat(column)}${red("^".repeat(length))}`);
  }
  return shown.join("\n");
}
