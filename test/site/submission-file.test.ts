/** What a page hands out to be handed in is, cell by cell, what Jupyter would have written; and a student's file comes back. */
import { describe, expect, test } from "vitest";
import type { NotebookFile } from "../../src/site/notebook-file";
import {
  isFixed,
  isInWords,
  readSubmission,
  signature,
  solutionsOf,
  submissionName,
  submissionText,
  unfilled,
} from "../../src/site/submission-file";
import { fileFromPage } from "../coursework/in-page";
import { assignmentNames, cellsOf, functionsIn, releasedNotebook } from "../coursework/source";
import {
  deltasSubmissions,
  editedSubmissions,
  type Submission,
  type SubmittedCell,
  submissionsFor,
} from "../coursework/submissions";

const work = (assignment: string) => ({ student: "ada", assignment });
const textOf = ({ source }: { source: string | string[] }) => [source].flat().join("");

/** A released assignment, and its cells with everything filled in. */
function setting(assignment: string) {
  const released: NotebookFile = releasedNotebook(assignment);
  const source = new Map(cellsOf(assignment).map(({ id, source }) => [id, source]));
  const solutions = new Set(solutionsOf(released).map(({ id }) => id));
  const complete = released.cells.map((cell) => ({
    ...cell,
    source: solutions.has(cell.id) ? (source.get(cell.id) as string) : textOf(cell),
  })) as SubmittedCell[];
  return { released, complete };
}

/** Of a cell what grading reads, and whatever else a file holds of it. */
const readOf = ({ cell_type, id, metadata, ...cell }: SubmittedCell) => ({
  cell_type,
  id,
  metadata,
  source: textOf(cell),
});

const others = submissionsFor(
  new Map(assignmentNames.filter((name) => name !== "deltas").map((name) => [name, cellsOf(name)])),
);

describe.each(assignmentNames)("%s", (assignment) => {
  const { released, complete } = setting(assignment);
  const rows = others.get(assignment) ?? [...deltasSubmissions, ...editedSubmissions];
  const right: Submission = {
    what: "right",
    name: "right",
    mark: 0,
    change: (cells: SubmittedCell[]) => cells,
  };
  const all: Submission[] = [
    right,
    { ...right, what: "untouched", name: "untouched", untouched: true },
    ...rows,
  ];
  const made = all.flatMap((row) => {
    const file = fileFromPage(released, complete, row, assignment);
    return file === undefined ? [] : [{ row, file }];
  });

  test.each(made.map(({ row, file }) => [row.what, row, file] as const))(
    "%s: from the page it is what it is from Jupyter",
    (_, row, file) => {
      const cells = row.change(row.untouched ? (released.cells as SubmittedCell[]) : complete);
      const notebook = JSON.parse(file);
      expect(notebook.cells.map(readOf)).toEqual(cells.map(readOf));
      expect(notebook).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
      const { coursework, ...metadata } = notebook.metadata;
      expect(metadata).toEqual(released.metadata);
      expect(coursework).toEqual({ student: row.name, assignment });
      // And it opens in the page again, to be handed out the same.
      const { answers, student, added, missing } = readSubmission(file, released, assignment);
      expect([student, added, missing]).toEqual([row.name, 0, 0]);
      expect(submissionText(released, answers, { student: row.name, assignment })).toBe(file);
    },
  );

  test("every row that only writes into fields is among them", () => {
    const known = made.map(({ row }) => row.name);
    if (assignment === "deltas")
      expect(known).toEqual(
        (
          "right,untouched,right,style,sign,slope,bias,transposed,untouched,half,constant,syntax,types,throws,loop,recursion," +
          "memory,stderr,printed,forged,reading,library,answers,active,given,globals,slow,outputs,Zoë  O'Hara Ñ 2,misnamed"
        ).split(","),
      );
    else expect(known).toEqual(expect.arrayContaining(["right", "untouched"]));
  });

  test("what is filled in, and what is not", () => {
    const ids = solutionsOf(released).map(({ id }) => id);
    expect(unfilled(released, {}).map(({ id }) => id)).toEqual(ids);
    const answers = Object.fromEntries(complete.map((cell) => [cell.id, textOf(cell)]));
    expect(unfilled(released, answers)).toEqual([]);
    const [first, second] = ids;
    const { [second]: _, ...others } = answers;
    const stub = textOf(released.cells.find(({ id }) => id === first) as never);
    const begun = { ...others, [first]: `// I begin here\n${stub}  \n` };
    expect(unfilled(released, begun).map(({ id }) => id)).toEqual([first, second]);
  });
});

describe("an assignment in which students say who they are", () => {
  const released: NotebookFile = releasedNotebook("deltas", "autumn");
  const says = (text: string) =>
    textOf(JSON.parse(text).cells.find(({ id }: { id: string }) => id === "identifier"));

  test.each(["ada", "ada.king@example.edu", 'a"$&\\'])(
    "the page says it for them: %s",
    (student) => {
      const text = submissionText(released, { output: "1" }, { student, assignment: "deltas" });
      const { identifier } = functionsIn(says(text));
      expect(identifier()).toBe(student);
      expect(readSubmission(text, released, "deltas")).toEqual({
        answers: { output: "1" },
        student,
        added: 0,
        missing: 0,
      });
    },
  );

  test("it is nothing to fill in, and nobody changes it, whatever a file says", () => {
    expect(solutionsOf(released).map(({ id }) => id)).not.toContain("identifier");
    const cell = released.cells.find(({ id }) => id === "identifier");
    expect(cell && isFixed(cell)).toBe(true);
    const answers = { identifier: "function identifier() { return 'bob'; }" };
    const text = submissionText(released, answers, work("deltas"));
    expect(says(text)).toContain('return "ada";');
    expect(signature(releasedNotebook("deltas"), "ada")).toEqual({});
  });
});

describe("a file from Jupyter", () => {
  const { released, complete } = setting("deltas");
  const answersIn = (cells: object[], more: object = {}) =>
    readSubmission(JSON.stringify({ ...released, cells, ...more }), released, "deltas");
  const written = Object.fromEntries(
    solutionsOf(released).map(({ id }) => [
      id,
      textOf(complete.find((one) => one.id === id) as never),
    ]),
  );
  const named = (name: string) => editedSubmissions.find((row) => row.name === name);

  test.each(["vscode", "colab", "windows", "ids", "copied", "outputs"])(
    "as %s leaves it, opens with all that was written",
    (name) => {
      const { change, write = JSON.stringify } = named(name) as (typeof editedSubmissions)[0];
      const text = String(write({ ...released, cells: change(complete) } as never));
      const { answers, missing } = readSubmission(text, released, "deltas");
      expect(answers).toEqual(written);
      expect(missing).toBe(0);
    },
  );

  test("of two cells with one name the last is taken, as grading takes it, and the other is told", () => {
    const cells = complete.flatMap((cell) =>
      cell.id === "hidden" ? [{ ...cell, source: "let first;" }, cell] : [cell],
    );
    const { answers, added } = answersIn(cells);
    expect(answers.hidden).toBe(written.hidden);
    expect(added).toBe(1);
  });

  test("with cells of the student's own says how many; a cell that is missing stays as it was released", () => {
    const own = { cell_type: "code", id: "mine", metadata: {}, source: "const mine = 1;" };
    const cells = [own, ...complete.filter(({ id }) => id !== "hidden")];
    const { answers, added, missing } = answersIn(cells);
    expect([added, missing]).toEqual([1, 1]);
    expect(answers.hidden).toBeUndefined();
    expect(answers.layer).toBe(written.layer);
  });

  test("given cells that were changed are not taken over", () => {
    const cells = complete.map((cell) =>
      cell.id === "hidden-test" || cell.id === "title" ? { ...cell, source: "3;" } : cell,
    );
    expect(answersIn(cells).answers).toEqual(written);
  });

  test.each(assignmentNames.filter((name) => name !== "deltas"))(
    "for %s is not taken for deltas, whoever has made it",
    (name) => {
      const other = setting(name);
      const file = submissionText(other.released, {}, work(name));
      expect(() => readSubmission(file, released, "deltas")).toThrow(`work on «${name}»`);
      const bare = JSON.stringify({ ...other.released, cells: other.complete });
      expect(() => readSubmission(bare, released, "deltas")).toThrow("is no work on «deltas»");
    },
  );

  test.each([
    ["half a file", '{"cells": [{', /not JSON/],
    ["no notebook", "[]", /no list of cells/],
    ["no cells", '{"cells": []}', /is no work on «deltas»/],
    ["an old notebook", '{"nbformat": 3, "worksheets": []}', /format 3/],
  ])("that is %s is refused in words", (_, text, words) => {
    expect(() => readSubmission(text, released, "deltas")).toThrow(words);
  });

  test("that says nonsense of itself is read for its cells", () => {
    const { answers, student } = answersIn(complete, {
      metadata: { coursework: { student: { toString: 3 }, assignment: 7 } },
    });
    expect(student).toBeUndefined();
    expect(answers).toEqual(written);
  });
});

test("an answer in words that was emptied is as it was released; a function that was emptied is empty", () => {
  const { released } = setting("deltas");
  const words = released.cells.find(isInWords)?.id as string;
  const text = submissionText(released, { [words]: " \n", hidden: "" }, work("deltas"));
  const cells: SubmittedCell[] = JSON.parse(text).cells;
  expect(textOf(cells.find(({ id }) => id === words) as never)).toBe("*Your answer here.*");
  expect(textOf(cells.find(({ id }) => id === "hidden") as never)).toBe("");
});

test("given cells cannot be overwritten, whatever is among the answers", () => {
  const { released } = setting("deltas");
  const text = submissionText(released, { "hidden-test": "3;", title: "# Mine" }, work("deltas"));
  expect(JSON.parse(text).cells.map(readOf)).toEqual(
    (released.cells as SubmittedCell[]).map(readOf),
  );
});

test("what students write is data: quotes, scripts and lines of every kind come back as they were", () => {
  const { released } = setting("deltas");
  const answers = {
    hidden: 'const a = "</script>\\u2028";\r\n\u2028// `x`\n\n',
    words: "<img src=x onerror=alert(1)> $x$ «ß» \u{1f600}\n\n",
  };
  const back = readSubmission(
    submissionText(released, answers, work("deltas")),
    released,
    "deltas",
  );
  expect(back.answers).toEqual({ ...answers, hidden: answers.hidden.replace("\r\n", "\n") });
});

test("the file's name says whose it is and on what", () => {
  expect(submissionName(work("deltas"))).toBe("ada_deltas.ipynb");
});
