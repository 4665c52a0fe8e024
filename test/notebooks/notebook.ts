/** Notebook files: reading, writing, and running them from top to bottom in the real kernel. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kernelspecMetadata } from "../../src/jupyter/kernelspec";
import { projectRoot } from "../../src/kernel/node/argv";
import { linesOf, notebookText as textOfNotebook } from "../../src/site/notebook-file";
import { type Client, type Output, withKernel } from "../kernel/client";
import type { Cell, Notebook } from "./committed";

export {
  assignmentPaths,
  type Cell,
  committedNotebook,
  committedText,
  type Notebook,
  notebookPaths,
} from "./committed";

export function readNotebook(path: string): Notebook {
  return JSON.parse(readFileSync(join(projectRoot, path), "utf8"));
}

/** A notebook's text as Jupyter itself writes it. */
export function notebookText(notebook: Notebook): string {
  return textOfNotebook(notebook);
}

/**
 * What a front end writes into the metadata of a notebook that it opens with our kernel. If the notebook has it already,
 * it is not changed by that.
 */
export async function kernelMetadata(kernel: Client): Promise<object> {
  const { language_info } = await kernel.request("kernel_info_request", {});
  return { kernelspec: kernelspecMetadata, language_info };
}

/** Gets how long each cell took, in seconds. */
type Took = (cell: Cell, seconds: number) => void;

/**
 * The notebook with the outputs of a run in a fresh kernel.
 *
 * @throws as `runCells`
 */
export function runNotebook(notebook: Notebook, took?: Took): Promise<Notebook> {
  return withKernel(async (kernel) => {
    const metadata = { ...notebook.metadata, ...(await kernelMetadata(kernel)) };
    return { ...notebook, metadata, cells: await runCells(kernel, notebook.cells, took) };
  });
}

/**
 * Cells with the outputs of a run, in order.
 *
 * @throws Error if a cell fails that is not tagged `raises-exception`, or one so tagged does not
 */
export async function runCells(
  kernel: Client,
  cells: readonly Cell[],
  took?: Took,
): Promise<Cell[]> {
  const ran: Cell[] = [];
  for (const cell of cells) {
    if (cell.cell_type === "markdown") {
      ran.push(cell);
      continue;
    }
    const start = performance.now();
    const { reply, outputs } = await kernel.execute(cell.source.join(""));
    took?.(cell, (performance.now() - start) / 1000);
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
    types: Object.keys(data).sort(),
    text: [data["text/plain"]]
      .flat()
      .join("")
      .replace(/[\d.,]+(?:e[−-]?\d+)?/g, "#")
      .replace(/\s+/g, " "),
  }));
}

/** An output as notebook files hold it: texts as lists of lines. */
function asStored(output: Output): Output {
  const data =
    output.data &&
    Object.fromEntries(
      Object.entries(output.data).map(([type, value]) => [
        type,
        typeof value === "string" ? linesOf(value) : value,
      ]),
    );
  return {
    ...output,
    ...(data ? { data } : {}),
    ...(output.output_type === "stream" ? { text: linesOf(output.text) } : {}),
  };
}
