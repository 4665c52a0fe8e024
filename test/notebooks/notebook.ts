/** Notebook files: reading, writing, and running them from top to bottom in the real kernel. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../src/kernel/argv";
import { type Client, type Output, startKernel } from "../kernel/client";

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

/** The notebooks in the working folder, new ones included, by their names; a reader's own versions are not the course's. */
export function workingNames(): string[] {
  const names = readdirSync(join(projectRoot, "notebooks")).filter((name) =>
    /^[^.]+\.ipynb$/.test(name),
  );
  return names.map((name) => basename(name, ".ipynb")).sort();
}

/** A notebook as committed or staged: what a reader changed in the file does not count. */
export function committedNotebook(path: string): Notebook {
  return JSON.parse(git("show", `:${path}`));
}

export function readNotebook(path: string): Notebook {
  return JSON.parse(readFileSync(join(projectRoot, path), "utf8"));
}

/** A notebook's text as Jupyter itself writes it. */
export function notebookText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/**
 * The notebook with the outputs of a run in a fresh kernel.
 *
 * @throws as `runCells`
 */
export async function runNotebook(notebook: Notebook): Promise<Notebook> {
  const kernel = await startKernel();
  try {
    return { ...notebook, cells: await runCells(kernel, notebook.cells) };
  } finally {
    await kernel.stop();
  }
}

/**
 * Cells with the outputs of a run, in order.
 *
 * @throws Error if a cell fails that is not tagged `raises-exception`, or one so tagged does not
 */
export async function runCells(kernel: Client, cells: readonly Cell[]): Promise<Cell[]> {
  const ran: Cell[] = [];
  for (const cell of cells) {
    if (cell.cell_type === "markdown") {
      ran.push(cell);
      continue;
    }
    const { reply, outputs } = await kernel.execute(cell.source.join(""));
    const mayFail = cell.metadata.tags?.includes("raises-exception") ?? false;
    if ((reply.status === "error") !== mayFail) {
      const what = mayFail ? "was to fail, and did not" : `failed: ${reply.ename}: ${reply.evalue}`;
      throw new Error(`Cell "${cell.id}" ${what}\n${cell.source.join("")}`);
    }
    ran.push({ ...cell, execution_count: reply.execution_count, outputs: outputs.map(asStored) });
  }
  return ran;
}

/**
 * What has to be the same in every run of a cell. A cell tagged `measured` shows times, which differ: of its
 * outputs only the kinds count, and their plain text without its numbers.
 */
export function reproducible({ metadata, outputs = [] }: Cell): unknown {
  if (!metadata.tags?.includes("measured")) return outputs;
  return outputs.map(({ output_type, data = {} }) => ({
    output_type,
    types: Object.keys(data),
    text: [data["text/plain"]]
      .flat()
      .join("")
      .replace(/[\d.,]+(?:e[−-]?\d+)?/g, "#")
      .replace(/\s+/g, " "),
  }));
}

/** An output as notebook files hold it: texts as lists of lines, keys in Jupyter's order. */
function asStored(output: Output): Output {
  const data =
    output.data &&
    Object.fromEntries(
      Object.entries(output.data).map(([type, value]) => [
        type,
        typeof value === "string" ? lines(value) : value,
      ]),
    );
  const stored = {
    ...output,
    ...(data ? { data } : {}),
    ...(output.output_type === "stream" ? { text: lines(output.text) } : {}),
  };
  return Object.fromEntries(Object.entries(stored).sort(([a], [b]) => (a < b ? -1 : 1))) as Output;
}

/** Each with its line break, as Jupyter keeps them. */
function lines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: projectRoot, encoding: "utf8", maxBuffer: 2 ** 28 });
}
