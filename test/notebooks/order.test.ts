/** The order in which notebooks are read: the same in their files, their links, and the two tables. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../src/kernel/node/argv";
import { notebookPath } from "../../src/notebooks";
import { committedNotebook, notebookPaths } from "./notebook";

const paths = notebookPaths();
const files = paths.map((path) => basename(path));
/** As links and the first cell's title have it: "04" and "Deltas". */
const numberOf = (file: string) => /^\d\d(?=-)/.exec(file)?.[0];
const titleOf = (path: string) =>
  /^# (?:\d+ · )?(.+)/.exec(committedNotebook(path).cells[0].source.join(""))?.[1];
const nameOf = (n: number) => [numberOf(files[n]), titleOf(paths[n])].filter(Boolean).join(" ");

test.each(files.map((file, n) => [file, n] as const))("%s leads to its neighbours", (_, n) => {
  const last = committedNotebook(paths[n]).cells.at(-1)?.source.join("").trim().split("\n").at(-1);
  const ways = [
    n > 0 && `[← ${nameOf(n - 1)}](${files[n - 1]})`,
    n < files.length - 1 && `[${nameOf(n + 1)} →](${files[n + 1]})`,
  ];
  expect(last).toBe(ways.filter(Boolean).join(" · "));
});

describe.each([
  ["README.md", readFileSync(join(projectRoot, "README.md"), "utf8"), "notebooks/"],
  [
    "start-here",
    committedNotebook(notebookPath("start-here"))
      .cells.map(({ source }) => source.join(""))
      .join("\n"),
    "",
  ],
])("the table of %s", (_, text, folder) => {
  test("has a row for every notebook, in order", () => {
    const rows = Array.from(text.matchAll(/^\| *(\d\d)? *\| \[([^\]]+)\]\(([^)]+)\)/gm), (row) =>
      row.slice(1),
    );
    const wanted = files.map((file, n) => [numberOf(file), titleOf(paths[n]), folder + file]);
    expect(rows).toEqual(folder === "" ? wanted.slice(1) : wanted);
  });
});
