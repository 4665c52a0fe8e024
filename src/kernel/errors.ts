/** Errors as the reader should see them: their own line, marked, and none of the kernel's. */
import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { inspect } from "node:util";
import * as ts from "@tslab/typescript-for-tslab";
import { projectRoot } from "./argv";

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
  fileName?: string;
}

/** A cell or a source file: the TypeScript as written, and the JavaScript that ran. */
export interface Compiled {
  source: string;
  output: string;
}

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const bold = (text: string) => `\u001b[1m${text}\u001b[22m`;

export function reportDiagnostics(diagnostics: readonly Diagnostic[], source: string): ErrorReport {
  const traceback: string[] = [];
  for (const { start, end, messageText, fileName } of diagnostics) {
    const place = `${fileName ? `${fileName}:` : ""}${start.line + 1}:${start.character + 1}`;
    traceback.push(`${red(bold(place))} ${messageText}`);
    const text = fileName ? undefined : source;
    const length = end.line === start.line ? end.character - start.character : 1;
    if (text !== undefined)
      traceback.push(marked(text, start.line, start.character, Math.max(1, length)));
  }
  const [first] = diagnostics;
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  const at = `${first.fileName ? `${first.fileName}, ` : ""}line ${first.start.line + 1}, column ${first.start.character + 1}`;
  return { ename: "TypeScript error", evalue: `${at}: ${first.messageText}${more}`, traceback };
}

export function reportInterruption(): ErrorReport {
  const evalue = "The cell was stopped. What it had set until then is kept.";
  return { ename: "Interrupted", evalue, traceback: [`${red(bold("Interrupted"))}: ${evalue}`] };
}

/**
 * @param thrown what was thrown: an Error or anything else
 * @param compiled finds the code of a script by the name it runs under
 */
export function reportError(
  thrown: unknown,
  compiled: (script: string) => Compiled | undefined,
): ErrorReport {
  if (!isError(thrown)) {
    const evalue = inspect(thrown);
    return {
      ename: "Thrown",
      evalue,
      traceback: [`${red(bold("Thrown"))}: ${evalue} (not an Error, so there is no line to show)`],
    };
  }
  const ename = String(thrown.name || "Error");
  const evalue = String(thrown.message);
  const traceback = [`${red(bold(ename))}: ${evalue}`];
  let isFirst = true;
  for (const frame of frames(thrown)) {
    const place = locate(frame, compiled);
    if (!place) continue;
    const within = frame.name ? ` in ${frame.name}` : "";
    traceback.push(`${place.file}, line ${place.line + 1}${within}`);
    if (isFirst || place.isCell) traceback.push(marked(place.source, place.line, place.column, 1));
    isFirst = false;
  }
  if (thrown.cause !== undefined) {
    const cause = reportError(thrown.cause, compiled);
    traceback.push("", "Caused by:", ...cause.traceback);
  }
  return { ename, evalue, traceback };
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

interface Frame {
  name: string;
  script: string;
  line: number;
  column: number;
}

function frames(error: Error): Frame[] {
  const found: Frame[] = [];
  for (const text of String(error.stack).split("\n")) {
    const match = /^\s+at (?:(?:async )?(.*?) \()?(.+?):(\d+):(\d+)\)?$/.exec(text);
    if (!match) continue;
    const name = (match[1] ?? "")
      .replace(/^(?:Proxy|Object|Module)\./, "")
      .replace(/^(?:eval|<anonymous>)$/, "");
    found.push({
      name,
      script: match[2],
      line: Number(match[3]) - 1,
      column: Number(match[4]) - 1,
    });
  }
  return found;
}

function locate(
  { script, line, column }: Frame,
  compiled: (script: string) => Compiled | undefined,
) {
  const code = compiled(script);
  if (!code) return undefined;
  const start = lineStarts(code.output)[line];
  if (start === undefined) return undefined; // the call of tslab's wrapper, behind the cell's own lines
  const offset = sourceOffset(code, start + column);
  const source = ts.createSourceFile("cell.ts", code.source, ts.ScriptTarget.Latest);
  const position = source.getLineAndCharacterOfPosition(offset);
  const isCell = script.startsWith("cell-");
  const file = isCell
    ? script.replace("-", " ")
    : relative(projectRoot, script).split(sep).join("/").replace(/\.js$/, ".ts");
  return { file, isCell, source: code.source, line: position.line, column: position.character };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/**
 * Where in the TypeScript a place of the JavaScript comes from. The compiler takes types out and adds a
 * few words of its own, and leaves the other tokens in their order; so the longest common subsequence of
 * the two lists of tokens tells which is which.
 */
function sourceOffset({ source, output }: Compiled, offset: number): number {
  const from = tokens(output);
  const to = tokens(source);
  const width = to.length + 1;
  const common = new Uint16Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      common[i * width + j] =
        from[i].text === to[j].text
          ? common[(i + 1) * width + j + 1] + 1
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  let place = 0;
  for (let i = 0, j = 0; i < from.length && j < to.length; ) {
    if (from[i].text === to[j].text) {
      if (from[i].start > offset && place > 0) break;
      place = to[j].start;
      i++;
      j++;
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) i++;
    else j++;
  }
  return place;
}

function tokens(text: string): { text: string; start: number }[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, text);
  const found: { text: string; start: number }[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) {
    found.push({ text: scanner.getTokenText(), start: scanner.getTokenPos() });
  }
  return found;
}

/** The line with its neighbours, numbered, the place marked by an arrow and a caret. */
function marked(source: string, line: number, column: number, length: number): string {
  const lines = source.split("\n");
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

/** Reads a source file as it is now, for its lines; undefined if it is gone. */
export function readSource(script: string): string | undefined {
  try {
    return readFileSync(script.replace(/\.js$/, ".ts"), "utf8");
  } catch {
    return undefined;
  }
}
