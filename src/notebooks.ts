/**
 * The course's notebooks by their names. A file's number sets the order in which they are read, and is only shown: pages,
 * tests and whatever is kept call a notebook by the rest of its name, `deltas`.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "./kernel/node/argv";

export const courseTitle = "Backpropagation, by hand and by notebook";

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

/** Notebooks that belong together. */
export interface Part {
  title: string;
  /** What they are about, in a sentence. */
  about: string;
  /** The name of its first notebook; it goes on to the next part's. */
  from: string;
}

export const parts: readonly Part[] = [
  {
    title: "One small network",
    about: "From one unit to a network that learns. Every number by hand, then by a cell.",
    from: "start-here",
  },
  {
    title: "Is it right?",
    about: "A text's claims against computations; what backpropagation saves, and who found it.",
    from: "checking-the-text",
  },
  { title: "Further", about: "Deeper, faster, and on real data.", from: "depth" },
  {
    title: "On your own",
    about:
      "Code that is wrong without saying so, a network to play with, and questions asked again.",
    from: "find-the-bug",
  },
];

/** Notebooks by their parts, in the order given. Those before the second part that is there belong to the first. */
export function byParts<N extends { name: string }>(
  notebooks: readonly N[],
): { part: Part; notebooks: N[] }[] {
  const found: { part: Part; notebooks: N[] }[] = [];
  for (const notebook of notebooks) {
    const part = parts.find(({ from }) => from === notebook.name);
    if (part || found.length === 0) found.push({ part: part ?? parts[0], notebooks: [] });
    found[found.length - 1].notebooks.push(notebook);
  }
  return found;
}
