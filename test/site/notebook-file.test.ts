/** A notebook goes out of a page and comes back: as Jupyter writes it, and with nothing lost. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { notebookName } from "../../src/notebooks";
import {
  linesOf,
  type NotebookFile,
  notebookText,
  pageOf,
  parseNotebook,
  readBack,
  withLiveCells,
} from "../../src/site/notebook-file";
import { committedText, notebookPaths } from "../notebooks/notebook";

const files = notebookPaths().map((path) => ({ path, text: committedText(path) }));
const pages = files.map(({ path, text }) => ({
  name: notebookName(path),
  title: path,
  ids: codeIds(JSON.parse(text)),
}));

function codeIds({ cells }: NotebookFile): string[] {
  return cells.filter(({ cell_type }) => cell_type === "code").map(({ id }) => id);
}

test.each(files)(
  "$path: with nothing changed, or all as it was, the file is the same",
  ({ text }) => {
    const notebook = parseNotebook(text);
    expect(notebookText(withLiveCells(notebook, new Map()))).toBe(text);
    const { cells, added, missing } = readBack(notebook, codeIds(notebook));
    expect([added, missing]).toEqual([0, 0]);
    expect(notebookText(withLiveCells(notebook, cells))).toBe(text);
  },
);

test.each(files)("$path: a copy is known by its cells, edited or grown", ({ path, text }) => {
  const notebook = parseNotebook(text);
  expect(pageOf(notebook, pages)?.name).toBe(notebookName(path));
  const edited = notebook.cells
    .filter((_, n) => n % 4 !== 1)
    .map((cell) => ({ ...cell, source: "other" }));
  const own = { cell_type: "code", id: "mine", source: "1", metadata: {} };
  expect(pageOf({ ...notebook, cells: [own, ...edited] }, pages)?.name).toBe(notebookName(path));
  expect(pageOf({ ...notebook, cells: [own] }, pages)).toBeUndefined();
});

test("lines break where Python breaks them", () => {
  const texts = [
    "",
    "a",
    "a\n",
    "a\n\nb",
    "a\r\nb\rc",
    "x\u2028y\x0bz\x0c\x1c\x1d\x1e\x85",
    "\r\n\n\r",
  ];
  const program =
    "import sys, json; print(json.dumps([t.splitlines(True) for t in json.load(sys.stdin)]))";
  const pythons = execFileSync("python3", ["-c", program], { input: JSON.stringify(texts) });
  expect(texts.map(linesOf)).toEqual(JSON.parse(String(pythons)));
});

describe("what the reader did", () => {
  const notebook: NotebookFile = {
    cells: [
      { cell_type: "markdown", id: "m", source: ["# One\n", "two"], metadata: {} },
      {
        cell_type: "code",
        id: "a",
        source: ["1;"],
        metadata: { tags: ["try-it"] },
        execution_count: 1,
        outputs: [],
      },
    ],
    metadata: { kernelspec: {} },
    nbformat: 4,
    nbformat_minor: 5,
  };

  test("stands in the file, in the form of nbformat", () => {
    const outputs = [
      { output_type: "stream", name: "stdout", text: "one\ntwo" },
      {
        output_type: "display_data",
        data: { "text/html": "<p>\n</p>", "application/json": { b: "x\ny" } },
        transient: { display_id: "d" },
      },
      { output_type: "execute_result", execution_count: 7, data: { "text/plain": "3" } },
      { output_type: "error", ename: "E", evalue: "v", traceback: ["a\nb"] },
    ];
    const live = new Map([["a", { source: "1;\n2;", outputs, executionCount: 7 }]]);
    const text = notebookText(withLiveCells(notebook, live));
    expect(JSON.parse(text).cells).toEqual([
      notebook.cells[0],
      {
        cell_type: "code",
        id: "a",
        source: ["1;\n", "2;"],
        metadata: { tags: ["try-it"] },
        execution_count: 7,
        outputs: [
          { output_type: "stream", name: "stdout", text: ["one\n", "two"] },
          {
            output_type: "display_data",
            data: { "text/html": ["<p>\n", "</p>"], "application/json": { b: "x\ny" } },
            metadata: {},
          },
          {
            output_type: "execute_result",
            execution_count: 7,
            data: { "text/plain": ["3"] },
            metadata: {},
          },
          { output_type: "error", ename: "E", evalue: "v", traceback: ["a\nb"] },
        ],
      },
    ]);
    expect(text).toMatch(/^\{\n "cells": \[\n/);
  });

  test("comes back by the cells' ids; what the page does not have is counted", () => {
    const mine = {
      ...notebook,
      cells: [
        { cell_type: "code", id: "new", source: "5", metadata: {} },
        { ...notebook.cells[1], source: ["2;\n", "3;"] },
        { ...notebook.cells[1], source: "copied" },
      ],
    };
    const { cells, added, missing } = readBack(mine, ["a", "b"]);
    expect(cells.get("a")?.source).toBe("2;\n3;");
    expect([added, missing]).toEqual([2, 1]);
  });

  test.each([
    ["", /not JSON/],
    ["[]", /no list of cells/],
    ['{"nbformat":3,"worksheets":[]}', /format 3/],
    ['{"cells":[{"cell_type":"code","source":4}]}', /cell 1 has no source/],
  ])("what is no notebook is refused in words: %s", (text, words) => {
    expect(() => parseNotebook(text)).toThrow(words);
  });
});
