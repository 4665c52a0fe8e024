/** Answers as files of TypeScript: what a student has written, all of it, and nothing that was given. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { answersIn, givenIn, type NotebookCell, writeSources } from "../../src/coursework/sources";
import { cellsOf, released as handedOut } from "./source";

const released: NotebookCell[] = cellsOf("deltas").map(({ id, cell_type, source, nbgrader }) => ({
  id,
  cell_type,
  source: handedOut(source),
  metadata: nbgrader ? { nbgrader } : {},
}));
const code = (source: string, id?: string): NotebookCell => ({
  id,
  cell_type: "code",
  source,
  metadata: {},
});
/** What was handed out, with other sources in some cells, and cells added behind some. */
function graded(sources: Record<string, string>, added: Record<string, NotebookCell[]> = {}) {
  return released.flatMap((cell) => {
    const id = String(cell.id);
    return [{ ...cell, source: sources[id] ?? cell.source }, ...(added[id] ?? [])];
  });
}
const answer = "function outputDelta(h: number, y: number) {\n  return h - y;\n}";

test("what is untouched is no answer", () => {
  expect(answersIn(released, released)).toEqual(new Map());
});

test("an answer is its cell, without the given ones around it", () => {
  expect(answersIn(released, graded({ output: answer }))).toEqual(
    new Map([["output", `${answer}\n`]]),
  );
});

test("who a student says they are is no answer", () => {
  const signed: NotebookCell = {
    ...code('function identifier() { return "ada"; }', "identifier"),
    metadata: { nbgrader: { grade_id: "identifier", solution: true } },
  };
  const [title, ...others] = graded({ output: answer });
  expect([...answersIn(released, [title, signed, ...others])]).toEqual([["output", `${answer}\n`]]);
});

test("cells of the student's own go with the task in whose part they stand", () => {
  const found = answersIn(
    released,
    graded(
      { output: answer, hidden: "const hiddenDelta = () => 1;" },
      {
        title: [code("const first = 1;")],
        "output-test": [code("const behind = 2;")],
        "hidden-text": [code("const before = 3;")],
        "words-question": [code("const last = 4;")],
      },
    ),
  );
  expect(found.get("output")).toBe(`const first = 1;\n\n${answer}\n\nconst behind = 2;\n`);
  expect(found.get("hidden")).toBe("const before = 3;\n\nconst hiddenDelta = () => 1;\n");
  expect(found.get("predict")).toBe("const last = 4;\n");
  expect([...found.keys()]).toEqual(["output", "hidden", "predict"]);
});

test("a heading of the student's begins no part, and a given cell that they changed is theirs", () => {
  const heading: NotebookCell = { ...code("## Mine"), cell_type: "markdown" };
  const found = answersIn(
    released,
    graded(
      { output: answer, "gradient-check": "outputDelta(1, 2);" },
      { output: [heading, code("const mine = 1;", "student-7")] },
    ),
  );
  expect(found.get("output")).toBe(`${answer}\n\nconst mine = 1;\n`);
  expect(found.get("sigmoid")).toBe("outputDelta(1, 2);\n");
});

test("what was handed out is all there, for a tool to leave out", () => {
  const given = givenIn(released);
  expect(given).toMatch(/function brokenGradient/);
  expect(given).not.toMatch(/HIDDEN|SOLUTION|The delta of the output/);
});

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

test("files: one for each task and student, in place of those of an earlier run", () => {
  const folder = mkdtempSync(join(tmpdir(), "sources-"));
  made.push(folder);
  const put = (place: string, cells: NotebookCell[]) => {
    mkdirSync(join(folder, place, "deltas"), { recursive: true });
    writeFileSync(join(folder, place, "deltas", "deltas.ipynb"), JSON.stringify({ cells }));
  };
  expect(() => writeSources(folder, "deltas")).toThrow(/generate_assignment deltas/);
  put("release", released);
  expect(() => writeSources(folder, "deltas")).toThrow(/autograde deltas/);
  put("autograded/Zoë O’Hara", graded({ output: answer }));
  put("autograded/bob", graded({ hidden: "const hiddenDelta = () => 1;" }));
  writeSources(folder, "deltas");
  put("autograded/bob", graded({ output: answer }));
  const { folder: place, tasks } = writeSources(folder, "deltas");
  expect(tasks).toEqual(new Map([["output", 2]]));
  expect(readdirSync(place).sort()).toEqual(["given.ts", "output"]);
  expect(readdirSync(join(place, "output")).sort()).toEqual(["Zoë O’Hara.ts", "bob.ts"]);
  expect(readFileSync(join(place, "output", "bob.ts"), "utf8")).toBe(`${answer}\n`);
});
