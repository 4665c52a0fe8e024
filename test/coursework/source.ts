/** The assignments' source notebooks, and their solutions as functions. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { forClass, type NotebookJson, withCells } from "../../src/coursework/own-cells";
import { projectRoot } from "../../src/kernel/node/argv";

export const sourceFolder = join(projectRoot, "notebooks", "coursework", "source");

export interface SourceCell {
  cell_type: "markdown" | "code";
  id: string;
  source: string;
  /** nbgrader's own words for what the cell is. */
  nbgrader?: {
    grade: boolean;
    solution: boolean;
    locked: boolean;
    grade_id: string;
    points?: number;
  };
}

export const assignmentNames = readdirSync(sourceFolder).sort();

export function cellsOf(assignment: string): SourceCell[] {
  const text = readFileSync(join(sourceFolder, assignment, `${assignment}.ipynb`), "utf8");
  return JSON.parse(text).cells.map(
    (cell: { source: string[]; metadata: { nbgrader?: object } } & object) => ({
      ...cell,
      source: cell.source.join(""),
      nbgrader: cell.metadata.nbgrader,
    }),
  );
}

/** The cells that hold solutions in code, in order. */
export function solutionCells(assignment: string): SourceCell[] {
  return cellsOf(assignment).filter((cell) => cell.cell_type === "code" && cell.nbgrader?.solution);
}

/** As nbgrader releases a cell: solutions replaced by its stub, hidden tests and rubrics cut out. */
export function released(source: string): string {
  return source
    .replace(
      /( *)\/\/ BEGIN SOLUTION\n[\s\S]*?\/\/ END SOLUTION/g,
      "$1return undefined; // your code",
    )
    .replace(/\n?\/\/ BEGIN HIDDEN TESTS\n[\s\S]*?\/\/ END HIDDEN TESTS/g, "")
    .replace(/<!-- BEGIN MARK SCHEME -->\n[\s\S]*?<!-- END MARK SCHEME -->/g, "");
}

/**
 * A notebook of an assignment as nbgrader releases it, without nbgrader.
 *
 * @param word of a class with numbers of each student's own
 */
// biome-ignore lint/suspicious/noExplicitAny: notebooks as JSON
export function releasedNotebook(assignment: string, word?: string): any {
  const text = readFileSync(join(sourceFolder, assignment, `${assignment}.ipynb`), "utf8");
  const notebook = word === undefined ? JSON.parse(text) : ownNotebook(assignment, word);
  for (const cell of notebook.cells) {
    const isWords = cell.cell_type === "markdown" && cell.metadata.nbgrader?.solution;
    const source = isWords ? "*Your answer here.*" : released(cell.source.join(""));
    cell.source = source.split(/(?<=\n)/);
  }
  return notebook;
}

/** An assignment as a class has it whose students have numbers of their own, with the solutions of one of them. */
export function ownNotebook(assignment: string, word: string, student?: string): NotebookJson {
  const read = (...path: string[]): NotebookJson =>
    JSON.parse(readFileSync(join(sourceFolder, ...path), "utf8"));
  const cells = ["identifier", assignment].flatMap((n) => read("..", "own", `${n}.ipynb`).cells);
  const notebook = withCells(read(assignment, `${assignment}.ipynb`), cells);
  return forClass(notebook, { word, asksFor: "your login", student });
}

/**
 * What a student hands in who has done all: the solutions of a class's assignment in its released notebook.
 *
 * @param own the class's word, and whose numbers are solved for
 */
export function solvedNotebook(
  folder: string,
  assignment: string,
  own?: { word: string; student: string },
  // biome-ignore lint/suspicious/noExplicitAny: notebooks as JSON
): any {
  const read = (part: string) =>
    JSON.parse(readFileSync(join(folder, part, assignment, `${assignment}.ipynb`), "utf8"));
  const source: NotebookJson = own
    ? ownNotebook(assignment, own.word, own.student)
    : read("source");
  const solved = new Map(source.cells.map((cell) => [cell.id, cell.source.join("")]));
  const notebook = read("release");
  for (const cell of notebook.cells)
    cell.source = cell.metadata.nbgrader?.solution ? solved.get(cell.id) : cell.source.join("");
  return notebook;
}

// biome-ignore lint/suspicious/noExplicitAny: students' functions, of every shape
export type Functions = Record<string, (...args: any[]) => unknown>;

/** The functions that pieces of code declare, run one after the other in a scope of their own. */
export function functionsIn(...codes: string[]): Functions {
  const code = codes.join("\n");
  const names = [...code.matchAll(/^(?:async )?function (\w+)/gm)].map(([, name]) => name);
  const { code: script } = transformSync(code, { loader: "ts" });
  return new Function(`${script}; return { ${names.join(", ")} };`)();
}
