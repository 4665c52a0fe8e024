/** The released assignments of a class, as `nbgrader generate_assignment` has left them, ready to become pages. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dependenciesOf } from "../kernel/dependencies";
import { headOf, type Named } from "./build";
import { type NotebookCell, type NotebookFile, parseNotebook, textOf } from "./notebook-file";

/** What stands in a notebook that nbgrader has not made for students: its marks, and the tests of this course. */
const hidden = /(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)|\bawait score\(/;

/**
 * @param order the names of assignments that come first, in their order; others follow by their names
 * @throws Error for a class without releases, and for one that cannot be a page, or must not
 */
export function releasedAssignments(folder: string, order: readonly string[] = []): Named[] {
  const place = join(folder, "release");
  const names = existsSync(place)
    ? readdirSync(place, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
        .map(({ name }) => name)
    : [];
  if (names.length === 0)
    throw new Error(
      `${place} holds no assignment: make one with nbgrader generate_assignment, in ${folder}.`,
    );
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => released(join(place, name), name));
}

function released(folder: string, name: string): Named {
  const file = join(folder, `${name}.ipynb`);
  const refuse = (why: string): never => {
    throw new Error(`${file} cannot be a page: ${why}`);
  };
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u.test(name) || name === "index")
    refuse("name the assignment with letters, digits, spaces, points and lines only.");
  const files = readdirSync(folder).filter((one) => !one.startsWith("."));
  if (!files.includes(`${name}.ipynb`)) refuse("it is missing.");
  const others = files.filter((one) => one !== `${name}.ipynb`);
  if (others.length > 0)
    refuse(`a page has one notebook and no files, and beside it lie ${others.join(", ")}.`);
  const notebook = read(file, refuse);
  const ids = notebook.cells.map(({ id }) => id);
  const twice = ids.find((id, n) => typeof id !== "string" || ids.indexOf(id) !== n);
  if (ids.some((id) => typeof id !== "string") || twice !== undefined)
    refuse(`its cells have no ids of their own (${twice}): open and save it in JupyterLab.`);
  for (const cell of notebook.cells) tell(cell, refuse);
  try {
    headOf(notebook);
  } catch (error) {
    refuse((error as Error).message);
  }
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const dependencies = code.map(({ source }) => dependenciesOf(textOf(source)));
  return { name, notebook: bare(notebook), dependencies };
}

function read(file: string, refuse: (why: string) => never): NotebookFile {
  try {
    return parseNotebook(readFileSync(file, "utf8"));
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function tell(cell: NotebookCell, refuse: (why: string) => never): void {
  const found = hidden.exec(JSON.stringify(cell))?.[0];
  if (found)
    refuse(
      `its cell ${cell.id} holds «${found}», which students are not to see. Only what nbgrader generate_assignment writes belongs there.`,
    );
  const { nbgrader } = cell.metadata as { nbgrader?: { task?: boolean } };
  if (nbgrader?.task)
    refuse(`its task ${cell.id} is answered in cells that students add, and a page has none.`);
}

/** Without what somebody's run of it has left: a page shows what students are given. */
function bare(notebook: NotebookFile): NotebookFile {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}
