/** The files that a kernel in a page knows, in memory: the language's declarations, and sources that can be edited. */

/** The project's folder, as the compiler sees it. */
export const root = "/project";
/** The folder of the language's declarations. */
export const library = "/library";

interface File {
  text: string;
  /** When it was edited last, counted from 1; 0 as it came. */
  edited: number;
}

const files = new Map<string, File>();
const shipped = new Map<string, string>();
const folders = new Set<string>(["/"]);
let edits = 0;

/** Adds a file as it comes with the page. */
export function ship(path: string, text: string): void {
  shipped.set(path, text);
  files.set(path, { text, edited: 0 });
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1))
    folders.add(path.slice(0, at));
}

/** Changes a file; without a text it is again as it came. */
export function edit(path: string, text = shipped.get(path)): void {
  const file = files.get(path);
  if (!file || text === undefined) throw new Error(`There is no ${nameOf(path)} to edit.`);
  files.set(path, { text, edited: ++edits });
}

export const read = (path: string): string | undefined => files.get(path)?.text;
export const exists = (path: string): boolean => files.has(path);
export const folderExists = (path: string): boolean => folders.has(path.replace(/\/$/, "") || "/");
/** Grows with each edit; 0 if the file is missing. */
export const modifiedAt = (path: string): number => (files.get(path)?.edited ?? -1) + 1;
/** Whether a file is as it came: then it was checked before. */
export const isShipped = (path: string): boolean => files.get(path)?.text === shipped.get(path);
export const nameOf = (path: string): string => path.replace(`${root}/`, "");

/** Whether a file is one of the project's sources, which the reader may read and edit. */
export const isSource = (path: string): boolean =>
  path.startsWith(`${root}/src/`) && !path.endsWith(".d.ts");

/** The names of the folders in a folder. */
export function foldersIn(path: string): string[] {
  const start = path.endsWith("/") ? path : `${path}/`;
  const inside = [...folders].filter((folder) => folder.startsWith(start) && folder !== start);
  return [...new Set(inside.map((folder) => folder.slice(start.length).split("/")[0]))];
}
