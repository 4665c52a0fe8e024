import { describe, expect, test } from "vitest";
import {
  committedNotebook,
  type Notebook,
  notebookPaths,
  notebookText,
  runNotebook,
} from "./notebook";

const paths = notebookPaths();
const minutes = 60_000;

test("the course's notebooks are there", () => {
  expect(paths.map((path) => path.replace(/^notebooks\/|\.ipynb$/g, ""))).toEqual(
    expect.arrayContaining([
      "00-start-here",
      "01-activation-functions",
      "02-forward-pass",
      "03-deltas",
      "04-weight-updates",
      "05-training",
      "find-the-bug",
    ]),
  );
});

describe.concurrent.each(paths)("%s", (path) => {
  const notebook = committedNotebook(path);
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");

  test("has cells with ids of their own and no metadata beyond ours", () => {
    const ids = notebook.cells.map((cell) => cell.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { metadata } of notebook.cells) {
      expect(
        Object.keys(metadata).filter((key) => !["tags", "try", "jupyter"].includes(key)),
      ).toEqual([]);
    }
    expect(Object.keys(notebook.metadata).sort()).toEqual(["kernelspec", "language_info"]);
  });

  test("keeps every cell short", () => {
    const visible = code.filter((cell) => !cell.metadata.jupyter?.source_hidden);
    for (const cell of visible) expect(cell.source.length, cell.id).toBeLessThanOrEqual(30);
  });

  test("shows what a run from top to bottom shows, in the very bytes", {
    timeout: 4 * minutes,
  }, async () => {
    const fresh = await runNotebook(notebook);
    for (const [n, cell] of notebook.cells.entries()) {
      expect(
        fresh.cells[n].outputs,
        `cell "${cell.id}" (npm run notebooks refreshes outputs)`,
      ).toEqual(cell.outputs);
    }
    expect(notebookText(fresh)).toBe(notebookText(notebook));
  });

  test.runIf(code.some((cell) => cell.metadata.try))(
    "follows its Try-it cell",
    { timeout: 4 * minutes },
    async () => {
      const { changed, at } = withTriedValue(notebook);
      const fresh = await runNotebook(changed);
      const differs = fresh.cells
        .slice(at + 1)
        .filter(
          (cell, n) =>
            JSON.stringify(cell.outputs) !== JSON.stringify(notebook.cells[at + 1 + n].outputs),
        );
      expect(differs.map((cell) => cell.id)).not.toEqual([]);
    },
  );
});

test.each(paths.filter((path) => /\/0[1-5]-/.test(path)))("%s has a Try-it cell", (path) => {
  const marked = committedNotebook(path).cells.filter((cell) =>
    cell.metadata.tags?.includes("try-it"),
  );
  expect(marked).toHaveLength(1);
  expect(marked[0].source[0]).toMatch(/^\/\/ TRY IT/);
  expect(marked[0].metadata.try).toBeDefined();
});

/** The notebook as a reader leaves it who changes the value that the Try-it cell's metadata names. */
function withTriedValue(notebook: Notebook): { changed: Notebook; at: number } {
  const at = notebook.cells.findIndex((cell) => cell.metadata.try);
  const { from, to } = notebook.cells[at].metadata.try as { from: string; to: string };
  const source = notebook.cells[at].source.join("");
  expect(source.split(from)).toHaveLength(2);
  const cells = notebook.cells.map((cell, n) =>
    n === at ? { ...cell, source: [source.replace(from, to)] } : cell,
  );
  return { changed: { ...notebook, cells }, at };
}
