/**
 * The cells by which an assignment gets numbers of each student's own (own.ts). They stand in notebooks apart, in
 * notebooks/coursework/own, and take the place of an assignment's cells only in the folder of a class that wants them.
 */
import { assignments } from "./assignments";
import { ownTask } from "./own";

/** A notebook, as far as it matters here. */
export interface NotebookJson {
  cells: CellJson[];
}
interface CellJson {
  id: string;
  source: string[];
}

/** Who the solutions in the folder of a class are right for. */
export const example = "example";

/**
 * Puts cells in: one whose id is there takes that cell's place, any other stands behind the one that precedes it among these,
 * or before the first task.
 *
 * @throws RangeError if there is no task: a heading of the second order begins one
 */
export function withCells(notebook: NotebookJson, cells: readonly CellJson[]): NotebookJson {
  const all = [...notebook.cells];
  let place = all.findIndex(({ source }) => source.join("").startsWith("## "));
  if (place < 0)
    throw new RangeError("The assignment has no task: none of its cells begins with ##.");
  for (const cell of cells) {
    const same = all.findIndex(({ id }) => id === cell.id);
    if (same >= 0) all[same] = cell;
    else all.splice(place, 0, cell);
    place = 1 + (same >= 0 ? same : place);
  }
  return { ...notebook, cells: all };
}

/**
 * An assignment's notebook with the class's word wherever numbers are asked for, checked or scored, and with solutions for one
 * student.
 *
 * @param asksFor what students are asked for when they are to say who they are
 */
export function forClass(
  notebook: NotebookJson,
  { word, asksFor, student = example }: { word: string; asksFor: string; student?: string },
): NotebookJson {
  const own = `{ word: ${JSON.stringify(word)}, identifier }`;
  let label = "";
  const cells = notebook.cells.map((cell) => {
    const text = cell.source.join("");
    label = /\bown(?:Numbers|Result)\("([\w/-]+)"/.exec(text)?.[1] ?? label;
    const whole = text
      .replace(/(\bown(?:Numbers|Result)\("[\w/-]+")/g, `$1, ${own}`)
      .replace(/(\b(?:check|score)\("([\w/-]+)", [^)]*)\)/g, (call, before, name) =>
        hasOwn(name) ? `${before}, ${own})` : call,
      )
      .replace(/\bOWN\b(?:\.(\w+))?/g, (_, key) => {
        const { numbers } = drawnFor(label, word, student);
        return JSON.stringify(key === undefined ? numbers : numbers[key]);
      })
      .replace(/\bASKED\b/g, asksFor)
      .replace(/\bWHO\b/g, student);
    return { ...cell, source: whole.split(/(?<=\n)/) };
  });
  return { ...notebook, cells };
}

const tasks = new Map(
  assignments.flatMap(({ name, tasks }) => tasks.map((task) => [`${name}/${task.name}`, task])),
);

function hasOwn(label: string): boolean {
  return tasks.get(label)?.own !== undefined;
}

/** @throws RangeError if there is no such task */
export function drawnFor(label: string, word: string, student: string) {
  const task = tasks.get(label);
  if (!task) throw new RangeError(`There is no task «${label}».`);
  return ownTask(task, label, word, student);
}
