/** A class's releases become pages with what students may see, or are refused in words. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { identifierOf } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/node/argv";
import { buildPages, notebookScripts } from "../../src/site/build";
import type { NotebookFile } from "../../src/site/notebook-file";
import { releasedAssignments } from "../../src/site/releases";
import { removeStale } from "../../src/site/write";
import { assignmentNames, cellsOf, released, releasedNotebook } from "../coursework/source";
import { documentOf } from "../show/parts";

const original = join(projectRoot, "notebooks", "coursework");
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function classWith(notebooks: Record<string, object>): string {
  const folder = mkdtempSync(join(tmpdir(), "class-"));
  made.push(folder);
  for (const [name, notebook] of Object.entries(notebooks)) {
    mkdirSync(join(folder, "release", name), { recursive: true });
    writeFileSync(join(folder, "release", name, `${name}.ipynb`), JSON.stringify(notebook));
  }
  return folder;
}

const identifier = { pattern: "[a-z]+", asksFor: "your login" };
const all = Object.fromEntries(assignmentNames.map((name) => [name, releasedNotebook(name)]));

describe("the pages of a class", () => {
  const notebooks = releasedAssignments(classWith(all), ["forward-pass", "none"]);
  const pages = buildPages(notebooks, "A class", { coursework: { identifier, key: "a-class" } });

  test("are one for each assignment, those of the course first, and an index", () => {
    const names = ["forward-pass", ...assignmentNames.filter((name) => name !== "forward-pass")];
    expect([...pages.keys()]).toEqual([...names.map((name) => `${name}.html`), "index.html"]);
    const index = documentOf(pages.get("index.html") ?? "");
    const links = Array.from(index.querySelectorAll(".books a"), (one) => one.getAttribute("href"));
    expect(links).toEqual(names.map((name) => `${name}.html`));
  });

  test.each(assignmentNames)(
    "%s: what is given is not to be edited, words have a field",
    (name) => {
      const page = documentOf(pages.get(`${name}.html`) ?? "");
      const data = JSON.parse(page.getElementById("notebook")?.textContent ?? "");
      expect(data.coursework).toEqual({ assignment: name, identifier, key: "a-class" });
      const code = cellsOf(name).filter(({ cell_type }) => cell_type === "code");
      const given = code.filter(({ nbgrader }) => nbgrader?.locked).map(({ id }) => id);
      expect(given.length).toBeGreaterThan(7);
      const told = data.cells.filter(({ isGiven }: { isGiven?: true }) => isGiven);
      expect(told.map(({ id }: { id: string }) => id)).toEqual(given);
      const looks = page.querySelectorAll<HTMLElement>(".cell.given");
      expect(Array.from(looks, ({ dataset }) => dataset.cell)).toEqual(given);
      const fields = page.querySelectorAll<HTMLElement>(".answer");
      expect(Array.from(fields, ({ dataset }) => dataset.answer)).toEqual(["words"]);
      expect(data.cells.every(({ dependencies }: { dependencies?: object }) => dependencies)).toBe(
        true,
      );
    },
  );

  test("hold no solution, no hidden test and no rubric", () => {
    const texts = [...pages.values(), ...notebookScripts(notebooks).values()].join("\n");
    // A bug to be found stands in code that is given, and much of the solution with it.
    const given = assignmentNames.flatMap(cellsOf).filter(({ nbgrader }) => !nbgrader?.solution);
    const shown = given.map(({ source }) => released(source)).join("\n");
    const secret = assignmentNames
      .flatMap(cellsOf)
      .flatMap(({ source }) => [
        ...source.matchAll(
          /BEGIN (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)[^\n]*\n([\s\S]*?)\n[^\n]*END /g,
        ),
      ])
      .flatMap(([, lines]) => lines.split("\n"))
      .map((line) => line.trim())
      .filter((line) => line.length > 30 && !shown.includes(line));
    expect(secret.length).toBeGreaterThan(100);
    const found = secret.filter(
      (line) => texts.includes(line) || texts.includes(JSON.stringify(line).slice(1, -1)),
    );
    expect(found).toEqual([]);
    expect(/await score|BEGIN |Marked by hand/.exec(texts)).toBeNull();
  });

  test("take the place of earlier ones, and of nothing else", () => {
    const folder = classWith({});
    const mine = "<!doctype html><html lang=en><p>Mine";
    const before = { "gone.html": pages.get("deltas.html"), "mine.html": mine, "notes.txt": "" };
    for (const [name, text] of Object.entries(before))
      writeFileSync(join(folder, name), text ?? "");
    removeStale(folder, pages);
    expect(readdirSync(folder).sort()).toEqual(["mine.html", "notes.txt"]);
  });

  test("are kept apart from the course's pages of the same names", () => {
    const reading = documentOf(pages.get("deltas.html") ?? "").getElementById("reading");
    expect(JSON.parse(reading?.textContent ?? "").name).toBe("coursework/deltas");
  });
});

describe("a release that cannot be a page, or must not, is refused in words", () => {
  const deltas = (): NotebookFile => releasedNotebook("deltas");
  const changed = (change: (notebook: NotebookFile) => void) => {
    const notebook = deltas();
    change(notebook);
    return { deltas: notebook };
  };

  test.each<[string, Record<string, object>, RegExp]>([
    ["none", {}, /nbgrader generate_assignment/],
    [
      "a solution",
      changed(({ cells }) => Object.assign(cells[3], { source: "// BEGIN SOLUTION" })),
      /cell output holds «BEGIN SOLUTION»/,
    ],
    [
      "a hidden test",
      changed(({ cells }) => Object.assign(cells[4], { source: ['await score("a", b, 1);'] })),
      /cell output-test holds «await score\(»/,
    ],
    ["an id twice", changed(({ cells }) => Object.assign(cells[5], { id: "title" })), /\(title\)/],
    ["no ids", changed(({ cells }) => Object.assign(cells[5], { id: undefined })), /no ids/],
    [
      "a task for cells of one's own",
      changed(({ cells }) => Object.assign(cells[5].metadata.nbgrader as object, { task: true })),
      /its task sigmoid-text/,
    ],
    ["no title", changed(({ cells }) => cells.shift()), /begins with/],
    ["the index's name", { index: deltas() }, /name the assignment/],
    ["a name that is no address", { "a#b": deltas() }, /name the assignment/],
    ["no cells at all", { deltas: {} }, /no list of cells/],
  ])("%s", (_, notebooks, words) => {
    expect(() => releasedAssignments(classWith(notebooks))).toThrow(words);
  });

  test("files beside the notebook", () => {
    const folder = classWith({ deltas: deltas() });
    writeFileSync(join(folder, "release", "deltas", "data.csv"), "");
    expect(() => releasedAssignments(folder)).toThrow(/data\.csv/);
  });
});

describe("a class's configuration says who its students are", () => {
  const configured = (lines: string) => {
    const folder = classWith({});
    writeFileSync(join(folder, "nbgrader_config.py"), lines);
    return () => identifierOf(original, folder);
  };

  test("as it stands, with a comment behind it or not", () => {
    expect(
      configured(
        "c.Downloads.identifier = r'\\d{7}'  # a number\nc.Downloads.asks_for=\"your number, seven digits\"\n",
      )(),
    ).toEqual({ pattern: "\\d{7}", asksFor: "your number, seven digits" });
  });

  test("one of an earlier version does not, and has the project's", () => {
    expect(configured("# c.Downloads.identifier = r'x'\n")()).toEqual(
      identifierOf(original, original),
    );
  });

  test.each([
    'c.Downloads.identifier = "\\\\d{7}"',
    "c.Downloads.identifier = PATTERN",
    "c.Downloads.identifier = ''",
  ])("%s is no plain string, and is told", (line) => {
    expect(configured(`${line}\n`)).toThrow(/as one plain string/);
  });

  test("a folder without one is no class", () => {
    expect(() => identifierOf(original, classWith({}))).toThrow(/holds no class/);
  });
});
