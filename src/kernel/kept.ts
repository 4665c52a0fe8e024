/**
 * Cells that were compiled before, in this kernel or an earlier one: whoever runs a notebook again, or is the hundredth
 * of a class to run it, waits for no compiler until a cell comes that is new. A compiled cell follows from its text, what
 * earlier cells have declared, and the files that its types come from: as long as all of these are the same, so is it.
 */
import type { ConvertResult } from "tslab/dist/converter";
import type { Diagnostic } from "./errors";
import { platform } from "./platform";
import { type Basis, type Compiled, type Read, type States, statesOf } from "./typescript";

/** What compiling a cell starts from. */
export interface Question {
  /** All that earlier cells have declared. */
  declarations: string;
  /** The cell as it is given to the compiler. */
  code: string;
  /** Whether the compiler knows Node's types already. */
  knowsNode: boolean;
  /** Whether names that nothing declares are lent to the cell. */
  lends: boolean;
}

/** What compiling it comes to, if there is nothing wrong with it. */
export interface Answer
  extends Omit<Compiled, keyof Basis>,
    Pick<ConvertResult, "output" | "declOutput" | "lastExpressionVar"> {
  /** What was compiled in the end. */
  code: string;
  /** Whether the compiler knows Node's types from then on. */
  knowsNode: boolean;
  /** The names that were lent. */
  lent: readonly string[];
}

/** An answer as JSON. */
interface Kept extends Omit<Answer, "statements" | "sources"> {
  statements: {
    declares: readonly string[];
    now: [string, Diagnostic["start"]][];
    later: string[];
  }[];
  sources: string[];
  states: States;
}

/** Cells share this many places: a new one takes the place of whichever was there. */
const places = 4096;

export function keepAnswer(question: Question, answer: Answer, { read, missing }: Basis): void {
  // In this order: an edit in between is none of the states, or is seen in the text.
  const states = statesOf([...read.map(({ path }) => path), ...missing, ...ownFiles()]);
  if (!read.every(isAsRead)) return;
  const { statements, sources, ...rest } = answer;
  const kept: Kept = {
    ...rest,
    statements: statements.map(({ declares, now, later }) => ({
      declares,
      now: [...now],
      later: [...later],
    })),
    sources: sources.map(({ path }) => path),
    states,
  };
  const from = textOf(question);
  platform.keep(nameOf(from), from, kept, { isPrivate: true });
}

export function keptAnswer(question: Question): Answer | undefined {
  const from = textOf(question);
  const kept = platform.kept<Kept>(nameOf(from), from);
  if (!kept) return undefined;
  const { statements, sources, states, ...rest } = kept;
  for (const [path, state] of Object.entries(states)) {
    if (platform.modifiedAt(path) !== state) return undefined;
  }
  return {
    ...rest,
    statements: statements.map(({ declares, now, later }) => ({
      declares,
      now: new Map(now),
      later: new Set(later),
    })),
    sources: sources.map((path) => ({ path, text: platform.readFile(path) })),
  };
}

/** What makes a conversion, and is not among what it reads. */
function ownFiles(): string[] {
  const kernel = ["boxed", "cells", "forms", "typescript"].map((name) => `src/kernel/${name}.ts`);
  // npm writes the last whenever a package comes, goes or changes.
  const packages = ["tslab/package.json", ".package-lock.json"].map(
    (name) => `node_modules/${name}`,
  );
  return [...kernel, ...packages].map((path) => `${platform.root}/${path}`);
}

/** Whether a file of the project's is still what the compiler has read. */
function isAsRead({ path, text }: Read): boolean {
  if (path.includes("/node_modules/")) return true;
  try {
    return platform.readFile(path) === text;
  } catch {
    return false;
  }
}

function textOf({ declarations, code, knowsNode, lends }: Question): string {
  return JSON.stringify([platform.root, declarations, code, knowsNode, lends]);
}

function nameOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193); // FNV-1a
  return `cell-${((hash ^ (hash >>> 15)) >>> 0) % places}`;
}
