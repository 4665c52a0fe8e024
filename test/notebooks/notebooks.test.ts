import { afterAll, describe, expect, test } from "vitest";
import { dependenciesOf } from "../../src/kernel/dependencies";
import { notebookName } from "../../src/notebooks";
import { Following } from "../../src/site/live/follow";
import seconds from "../../src/site/seconds.json";
import { kernelForTests } from "../kernel/asking";
import { type Client, startKernel } from "../kernel/client";
import { exercises, tryAnswers } from "./answers";
import {
  assignmentPaths,
  type Cell,
  committedNotebook,
  committedText,
  kernelMetadata,
  type Notebook,
  notebookPaths,
  notebookText,
  reproducible,
  runCells,
} from "./notebook";
import { differences } from "./prose";

const paths = notebookPaths();
const secondsOf = (path: string): Record<string, number> =>
  (seconds as Record<string, Record<string, number>>)[notebookName(path)] ?? {};
/** Those that take longest begin first, or the last of them would be waited for alone. */
const longestFirst = [...paths].sort((a, b) => total(secondsOf(b)) - total(secondsOf(a)));
const long = { timeout: 6 * 60_000 };

test("the course's notebooks are there", () => {
  expect(paths.map(notebookName)).toEqual(
    expect.arrayContaining([
      "start-here",
      "activation-functions",
      "forward-pass",
      "deltas",
      "weight-updates",
      "training",
      "find-the-bug",
    ]),
  );
});

describe("opening a notebook changes nothing, and saving it leaves every byte", () => {
  const { kernel } = kernelForTests();

  test.each([...paths, ...assignmentPaths()])("%s", async (path) => {
    const notebook = committedNotebook(path);
    expect(notebook.metadata).toEqual(await kernelMetadata(kernel()));
    expect(committedText(path) === notebookText(notebook)).toBe(true);
  });
});

describe.concurrent.each(longestFirst)("%s", (path) => {
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
  });

  test("keeps every cell short", () => {
    const visible = code.filter((cell) => !cell.metadata.jupyter?.source_hidden);
    for (const cell of visible) expect(cell.source.length, cell.id).toBeLessThanOrEqual(30);
  });

  // One kernel, as a reader has it, for all that follows: each waits for the one before.
  let kernel: Client | undefined;
  afterAll(() => kernel?.stop());
  const run = once(async () => {
    kernel = await startKernel();
    return { kernel, cells: await runCells(kernel, notebook.cells) };
  });
  const prose = once(async () => differences(await run().then(({ kernel }) => kernel), notebook));

  test("shows what a run from top to bottom shows, in the very bytes", long, async () => {
    const { cells } = await run();
    for (const [n, cell] of notebook.cells.entries()) {
      expect(
        reproducible(cells[n]),
        `cell "${cell.id}" (npm run notebooks refreshes outputs)`,
      ).toEqual(reproducible(cell));
    }
    const measuredKept = cells.map((cell, n) =>
      cell.metadata.tags?.includes("measured") ? notebook.cells[n] : cell,
    );
    expect(notebookText({ ...notebook, cells: measuredKept })).toBe(notebookText(notebook));
  });

  test("says in its prose the numbers that its cells compute", long, async () => {
    expect(await prose()).toEqual([]);
  });

  const answers = once(async () => {
    await prose();
    const { kernel } = await run();
    await tryAnswers(kernel, notebook.cells, exercises[notebookName(path)] ?? []);
  });
  test("its checks say what is right, and which mistake was made", long, () => answers());

  test.runIf(code.some((cell) => cell.metadata.try))(
    "follows its Try-it cell, run again with all below",
    long,
    async () => {
      await answers();
      const { kernel } = await run();
      const { changed, at } = withTriedValue(notebook);
      // What takes seconds and does not follow would only come to the same once more.
      const follows = following(changed, at);
      const long = secondsOf(path);
      const below = changed.cells.slice(at).filter(({ id }) => follows.has(id) || !(id in long));
      const [, ...fresh] = await runCells(kernel, below);
      const data = (cell?: Cell) => JSON.stringify(cell?.outputs?.map((output) => output.data));
      const before = new Map(notebook.cells.map((cell) => [cell.id, data(cell)]));
      const differs = fresh.filter((cell) => data(cell) !== before.get(cell.id));
      expect(differs.map((cell) => cell.id)).not.toEqual([]);
    },
  );
});

test("every list of answers belongs to a notebook", () => {
  const names = paths.map(notebookName);
  expect(names).toEqual(expect.arrayContaining(Object.keys(exercises)));
});

test.each(paths)("%s has a Try-it cell", (path) => {
  const marked = committedNotebook(path).cells.filter((cell) =>
    cell.metadata.tags?.includes("try-it"),
  );
  expect(marked).toHaveLength(1);
  expect(marked[0].source[0]).toMatch(/^\/\/ TRY IT/);
  expect(marked[0].metadata.try).toBeDefined();
});

/** The ids of the cells that follow from one, as a page finds them, and its own. */
function following({ cells }: Notebook, at: number): Set<string> {
  const code = cells.filter((cell) => cell.cell_type === "code");
  const known = code.map((cell) => {
    const source = cell.source.join("");
    return { source, ...dependenciesOf(source) };
  });
  const reached = new Following(known).dependents(code.indexOf(cells[at]));
  return new Set(reached.map((n) => code[n].id));
}

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

function total(times: Record<string, number>): number {
  return Object.values(times).reduce((sum, time) => sum + time, 0);
}

/** Does the work when first asked, and gives the same promise to all who ask. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let promise: Promise<T> | undefined;
  return () => (promise ??= work());
}
