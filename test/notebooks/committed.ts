/** The course's notebooks as they are committed or staged. */
import { execFileSync } from "node:child_process";
import { projectRoot } from "../../src/kernel/node/argv";
import type { Output } from "../kernel/client";

export interface Cell {
  cell_type: "markdown" | "code";
  id: string;
  metadata: {
    tags?: string[];
    try?: { from: string; to: string };
    jupyter?: { source_hidden: boolean };
  };
  source: string[];
  execution_count?: number | null;
  outputs?: Output[];
}

export interface Notebook {
  cells: Cell[];
  metadata: object;
  nbformat: number;
  nbformat_minor: number;
}

/** The paths of the course's notebooks below the project's root, in order. */
export function notebookPaths(): string[] {
  return git("ls-files", ":(glob)notebooks/*.ipynb").split("\n").filter(Boolean);
}

/** The paths of the assignments' notebooks, as instructors have them. */
export function assignmentPaths(): string[] {
  return git("ls-files", ":(glob)notebooks/coursework/source/*/*.ipynb")
    .split("\n")
    .filter(Boolean);
}

/** A notebook's text as committed or staged: what a reader changed in the file does not count. */
export function committedText(path: string): string {
  return git("show", `:${path}`);
}

/** A notebook as committed or staged. */
export function committedNotebook(path: string): Notebook {
  return JSON.parse(committedText(path));
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", maxBuffer: 2 ** 28 });
}
