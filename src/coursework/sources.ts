/** Students' answers as files of TypeScript, for tools that compare code. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateFile, privateFolder } from "./class";
import { identifierCell } from "./identifier-cell";

/** A notebook's cell, as far as it matters here. */
export interface NotebookCell {
  id?: string;
  cell_type: string;
  source: string | readonly string[];
  metadata: { nbgrader?: { grade_id: string; solution: boolean } };
}

/**
 * What a student has written for each task, by the name of the task's cell: the answer, and the cells that they have added or changed
 * beside it. Given cells are left out.
 *
 * @param released the cells as they were handed out
 * @param graded the cells as they were graded
 */
export function answersIn(
  released: readonly NotebookCell[],
  graded: readonly NotebookCell[],
): Map<string, string> {
  const given = new Map(released.map((cell) => [nameOf(cell), textOf(cell)]));
  const answers = new Map<string, string[]>();
  let task: string | undefined;
  // Of a part of the notebook: it begins with a heading, and its first answer is the task.
  let pieces: string[] = [];
  const close = () => {
    if (task === undefined) return; // what stands before the first task belongs to it
    answers.set(task, [...(answers.get(task) ?? []), ...pieces]);
    pieces = [];
  };
  let isNew = false;
  for (const cell of graded) {
    const text = textOf(cell);
    const handedOut = given.get(nameOf(cell));
    if (cell.cell_type === "markdown" && handedOut !== undefined && /^##? /m.test(text)) {
      close();
      isNew = true;
    }
    if (cell.cell_type !== "code") continue;
    if (cell.metadata.nbgrader?.grade_id === identifierCell) continue; // who it is, and no work of theirs
    const isAnswer = cell.metadata.nbgrader?.solution === true;
    if (isAnswer && (isNew || task === undefined)) {
      task = cell.metadata.nbgrader?.grade_id;
      isNew = false;
    }
    if (isAnswer || (!cell.metadata.nbgrader && text !== handedOut)) {
      if (text !== handedOut) pieces.push(text);
    }
  }
  close();
  return new Map(
    [...answers]
      .filter(([, pieces]) => pieces.length > 0)
      .map(([name, pieces]) => [name, `${pieces.join("\n\n").trimEnd()}\n`]),
  );
}

/** All code that was handed out, for a tool to leave out of account: some answers mend a function that is given. */
export function givenIn(released: readonly NotebookCell[]): string {
  const code = released.filter(({ cell_type }) => cell_type === "code").map(textOf);
  return `${code.join("\n\n").trimEnd()}\n`;
}

/** What was written: the folder of an assignment, and how many answers to each task. */
export interface WrittenSources {
  folder: string;
  tasks: Map<string, number>;
}

/**
 * Writes `sources/<assignment>/<task>/<student>.ts` for every graded submission, and `sources/<assignment>/given.ts`, into the
 * folder of a class, in place of those that were there.
 *
 * @throws Error if the folder holds no release of the assignment, or nothing was graded
 */
export function writeSources(folder: string, assignment: string): WrittenSources {
  const file = join(assignment, `${assignment}.ipynb`);
  const release = join(folder, "release", file);
  if (!existsSync(release))
    throw new Error(`${release} is missing: run nbgrader generate_assignment ${assignment}.`);
  const released = cellsOf(release);
  const autograded = join(folder, "autograded");
  const students = (existsSync(autograded) ? readdirSync(autograded) : [])
    .filter((student) => existsSync(join(autograded, student, file)))
    .sort();
  if (students.length === 0)
    throw new Error(
      `No submission of ${assignment} has been graded in ${folder}: run nbgrader autograde ${assignment}.`,
    );
  const place = join(folder, "sources", assignment);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, privateFolder);
  writeFileSync(join(place, "given.ts"), givenIn(released), privateFile);
  const tasks = new Map<string, number>();
  for (const student of students) {
    const answers = answersIn(released, cellsOf(join(autograded, student, file)));
    for (const [task, code] of answers) {
      mkdirSync(join(place, task), privateFolder);
      writeFileSync(join(place, task, `${student}.ts`), code, privateFile);
      tasks.set(task, (tasks.get(task) ?? 0) + 1);
    }
  }
  return { folder: place, tasks };
}

function cellsOf(path: string): NotebookCell[] {
  return JSON.parse(readFileSync(path, "utf8")).cells;
}

function nameOf(cell: NotebookCell): string | undefined {
  return cell.metadata.nbgrader?.grade_id ?? cell.id;
}

function textOf({ source }: NotebookCell): string {
  return typeof source === "string" ? source : source.join("");
}
