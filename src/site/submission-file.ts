/**
 * A student's work on an assignment as a notebook file, wherever it is written or read: in a page, or in Node. What goes
 * out is the released notebook with the student's answers in and nothing else changed, so that grading finds in it what
 * it would find in one from Jupyter (notebooks/coursework/grading/submission.py).
 */
import { identifierCell } from "../coursework/identifier-cell";
import {
  linesOf,
  type NotebookCell,
  type NotebookFile,
  notebookText,
  parseNotebook,
  textOf,
} from "./notebook-file";

/** What nbgrader has written of a cell into its metadata. */
export interface Marks {
  grade: boolean;
  solution: boolean;
  locked: boolean;
  grade_id: string;
  points?: number;
  /** A task whose answer stands in cells that the student adds. */
  task?: boolean;
}

/** Whose work a file is, and on what. */
export interface Work {
  student: string;
  assignment: string;
}

/** The sources of cells by their ids: those that a student has changed. */
export type Answers = Readonly<Record<string, string>>;

/** What a file holds for the page of an assignment. */
export interface Handed {
  answers: Record<string, string>;
  /** Whose it says it is; undefined for a file that no page has made. */
  student?: string;
  /** Cells of the student's own: a page has no place for them. */
  added: number;
  /** Cells to be filled in that the file does not have. */
  missing: number;
}

/** Whether a cell is the instructor's, and graded as it was released: nbgrader's rule. */
export function isGiven(cell: NotebookCell): boolean {
  const marks = marksOf(cell);
  return Boolean(marks && !marks.solution && (marks.grade || marks.locked));
}

/** Whether a cell is to be filled in with words. */
export function isInWords(cell: NotebookCell): boolean {
  return cell.cell_type !== "code" && marksOf(cell)?.solution === true;
}

/** Whether a cell is the one in which students say who they are: a page knows it, and writes it there. */
function isSignature(cell: NotebookCell): boolean {
  const marks = marksOf(cell);
  return marks?.solution === true && marks.grade_id === identifierCell;
}

/** Whether a page lets nobody change a cell. */
export function isFixed(cell: NotebookCell): boolean {
  return isGiven(cell) || isSignature(cell);
}

/** The cells that are to be filled in, in order. */
export function solutionsOf({ cells }: NotebookFile): NotebookCell[] {
  return cells.filter((cell) => marksOf(cell)?.solution && !isSignature(cell));
}

/** What stands in the cell that says who the student is, by its id; empty for an assignment that does not ask. */
export function signature({ cells }: NotebookFile, student: string): Answers {
  const signed = ({ source }: NotebookCell) =>
    textOf(source).replace(/\breturn undefined;.*/, () => `return ${JSON.stringify(student)};`);
  return Object.fromEntries(cells.filter(isSignature).map((cell) => [cell.id, signed(cell)]));
}

/** The cells whose source is the student's: to be filled in, or given to be changed. */
function isOpen(cell: NotebookCell): boolean {
  return isInWords(cell) || (cell.cell_type === "code" && !isGiven(cell));
}

/** The cells that still are as they were handed out, or hold what stands in place of a solution. */
export function unfilled(released: NotebookFile, answers: Answers): NotebookCell[] {
  return solutionsOf(released).filter((cell) => {
    const [given, now] = [textOf(cell.source), answers[cell.id] ?? textOf(cell.source)];
    if (now.trim() === "" || isSame(now, given)) return true;
    const stub = given.split("\n").find((line) => line.trim().endsWith("// your code"));
    return stub !== undefined && now.split("\n").some((line) => isSame(line.trim(), stub.trim()));
  });
}

export function submissionName({ student, assignment }: Work): string {
  return `${student}_${assignment}.ipynb`;
}

/** The file that a student hands in. What is not among the answers, or was emptied, is as it was released. */
export function submissionText(released: NotebookFile, answers: Answers, work: Work): string {
  const all = { ...answers, ...signature(released, work.student) };
  const cells = released.cells.map((cell) => {
    const answer = isOpen(cell) ? all[cell.id] : undefined;
    if (answer === undefined || (isInWords(cell) && answer.trim() === "")) return cell;
    return { ...cell, source: linesOf(answer) };
  });
  const { student, assignment } = work;
  const metadata = { ...released.metadata, coursework: { student, assignment } };
  return notebookText({ ...released, cells, metadata });
}

/**
 * Reads a student's file, from this page or from Jupyter, whatever an editor has left of ids and metadata.
 *
 * @throws SyntaxError for a file that is none, or is work on something else, in words for the student
 */
export function readSubmission(text: string, released: NotebookFile, assignment: string): Handed {
  const notebook = parseNotebook(text.replace(/^\ufeff/, ""));
  const { coursework } = Object(notebook.metadata) as { coursework?: Partial<Work> };
  const student = said(coursework?.student);
  const of = said(coursework?.assignment);
  const places = placesIn(notebook.cells, released.cells);
  const solutions = solutionsOf(released);
  const found = solutions.filter(({ id }) => places.has(id)).length;
  const given = released.cells.filter((cell) => !isOpen(cell));
  const unchanged = given.filter(({ id, source }) => {
    const place = places.get(id);
    return place !== undefined && isSame(textOf(notebook.cells[place].source), textOf(source));
  }).length;
  // Names such as «words» stand in many assignments: what was given tells them apart.
  const isOther = of === undefined ? unchanged < given.length / 2 : of !== assignment;
  if (isOther || found === 0)
    throw new SyntaxError(
      of !== undefined && of !== assignment
        ? `This file is work on «${of}», and this page is for «${assignment}»: open it in the page of that assignment.`
        : `This file is no work on «${assignment}»: it does not have this assignment's cells.`,
    );
  const answers: Record<string, string> = {};
  for (const cell of released.cells) {
    const place = places.get(cell.id);
    if (!isOpen(cell) || isSignature(cell) || place === undefined) continue;
    const source = textOf(notebook.cells[place].source).replace(/\r\n?/g, "\n");
    if (!isSame(source, textOf(cell.source))) answers[cell.id] = source;
  }
  const known = new Set(places.values());
  const givenTexts = released.cells.map(({ source }) => textOf(source));
  const added = notebook.cells.filter(({ source }, n) => {
    const code = textOf(source);
    return !known.has(n) && code.trim() !== "" && !givenTexts.some((one) => isSame(one, code));
  }).length;
  return {
    answers,
    ...(student === undefined ? {} : { student }),
    added,
    missing: solutions.length - found,
  };
}

/**
 * The place in a file of each released cell that is there, by its id: by its names, else by its very text. Of several the
 * last, as grading takes it.
 */
function placesIn(
  given: readonly NotebookCell[],
  released: readonly NotebookCell[],
): Map<string, number> {
  const known = new Map(released.map((cell) => [marksOf(cell)?.grade_id ?? cell.id, cell]));
  const names = given.map((cell) => {
    const { id } = Object(cell.metadata) as { id?: unknown };
    const ids = [...new Set([cell.id, id].filter((one) => typeof one === "string"))];
    return [...ids, marksOf(cell)?.grade_id].filter((name) => known.has(name as string));
  });
  const claims: ((n: number, name: string, cell: NotebookCell) => boolean)[] = [
    (n, name) => names[n].length === 2 && names[n].every((one) => one === name),
    (n, name) => names[n].length > 0 && names[n].every((one) => one === name),
    (n, _, { source }) =>
      textOf(source).trim() !== "" && isSame(textOf(given[n].source), textOf(source)),
  ];
  const places = new Map<string, number>();
  for (const claim of claims) {
    const taken = new Set(places.values());
    for (const [name, cell] of known) {
      if (places.has(cell.id)) continue;
      for (let n = given.length - 1; n >= 0; n--) {
        if (taken.has(n) || !claim(n, name, cell)) continue;
        places.set(cell.id, n);
        taken.add(n);
        break;
      }
    }
  }
  return places;
}

function marksOf({ metadata }: NotebookCell): Marks | undefined {
  const { nbgrader } = Object(metadata) as { nbgrader?: Marks };
  return typeof nbgrader?.grade_id === "string" && nbgrader.grade_id ? nbgrader : undefined;
}

function said(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Equal but for white space at the ends of lines: editors take it away, and add a last line. */
function isSame(one: string, other: string): boolean {
  const bare = (text: string) =>
    text
      .trim()
      .split(/\r\n?|\n/)
      .map((line) => line.trimEnd())
      .join("\n");
  return bare(one) === bare(other);
}
