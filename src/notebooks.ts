/**
 * The course's notebooks by their names. A file's number sets the order in which they are read, and is only shown: pages,
 * tests and whatever is kept call a notebook by the rest of its name, `deltas`.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "./kernel/node/argv";

/** The name behind the number of a notebook's file or path: `notebooks/04-deltas.ipynb` is `deltas`. */
export function notebookName(path: string): string {
  return basename(path.replaceAll("\\", "/"), ".ipynb").replace(/^\d\d-/, "");
}

/** The notebooks' files as they lie in the working folder, new ones included, in order; a reader's own versions are not the course's. */
export function notebookFiles(): string[] {
  return readdirSync(join(projectRoot, "notebooks"))
    .filter((file) => /^[^.]+\.ipynb$/.test(file))
    .sort()
    .map((file) => `notebooks/${file}`);
}

/** The path of a notebook below the project's root, as Jupyter's addresses have it. @throws RangeError if there is none of this name */
export function notebookPath(name: string): string {
  const files = notebookFiles();
  const path = files.find((file) => notebookName(file) === name);
  if (path) return path;
  throw new RangeError(
    `There is no notebook "${name}". There are: ${files.map(notebookName).join(", ")}.`,
  );
}
