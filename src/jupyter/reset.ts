/** Puts the course's notebooks back as they came, and keeps the reader's own beside them. */
import { spawnSync } from "node:child_process";
import { constants, copyFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { notebookName } from "../notebooks";
import { explainWriting, hasCode, Trouble } from "./command";

export interface PutBack {
  /** The notebook, as a path from the project's root. */
  notebook: string;
  /** Where the reader's own version is kept; undefined when they had deleted it. */
  kept?: string;
}

/**
 * Puts notebooks that differ from the last commit back. The reader's version is kept in the same
 * folder, so that its links and imports still work: `04-deltas.mine.ipynb`, then `.mine-2`, and so on.
 *
 * @param root the project's folder
 * @param names which notebooks, such as "deltas", "04" or "notebooks/04-deltas.ipynb"; none: all
 * @returns those put back, in order
 * @throws Trouble without git, outside a clone, for a name that is no notebook's, or when the
 *   folder cannot be written; what was put back before stays so
 */
export function resetNotebooks(root: string, names: string[] = []): PutBack[] {
  const all = git(root, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", "notebooks").filter(
    (path) => path.endsWith(".ipynb"),
  );
  const chosen = names.length > 0 ? names.map((name) => findNotebook(name, all)) : all;
  if (chosen.length === 0) return [];
  const changed = git(root, "diff", "--name-only", "-z", "HEAD", "--", ...chosen);
  return changed.map((notebook) => {
    const kept = existsSync(join(root, notebook)) ? keep(root, notebook) : undefined;
    git(root, "restore", "--source=HEAD", "--staged", "--worktree", "--", notebook);
    return { notebook, kept };
  });
}

/** Runs git and returns the paths that it prints, ended by zero bytes. */
function git(root: string, ...args: string[]): string[] {
  // Paths that we pass are files, and never patterns.
  const result = spawnSync("git", ["--literal-pathspecs", ...args], {
    cwd: root,
    encoding: "utf8",
    windowsHide: true,
  });
  if (result.error)
    throw new Trouble("git was not found: it is needed to put notebooks back; install it first.");
  if (result.status !== 0)
    throw new Trouble(
      /not a git repository/i.test(result.stderr)
        ? `${root} is not a git clone, so there is nothing to put notebooks back from: clone the project again.`
        : `git ${args[0]} failed in ${root}: ${result.stderr.trim()}`,
    );
  return result.stdout.split("\0").filter((path) => path !== "");
}

function findNotebook(name: string, all: string[]): string {
  const wanted = basename(name.replaceAll("\\", "/"), ".ipynb");
  const titles = new Map(all.map((path) => [basename(path, ".ipynb"), path]));
  const exact = titles.get(wanted) ?? all.find((path) => notebookName(path) === wanted);
  if (exact) return exact;
  const starting = all.filter((path) => basename(path).startsWith(`${wanted}-`));
  if (starting.length === 1) return starting[0];
  throw new Trouble(
    `There is no notebook ${JSON.stringify(name)}. There are: ${[...titles.keys()].join(", ")}.`,
  );
}

/** Copies the reader's version to the first free name, and returns that. */
function keep(root: string, notebook: string): string {
  const stem = notebook.replace(/\.ipynb$/, "");
  for (let count = 1; ; count++) {
    const kept = `${stem}.mine${count === 1 ? "" : `-${count}`}.ipynb`;
    try {
      copyFileSync(join(root, notebook), join(root, kept), constants.COPYFILE_EXCL);
      return kept;
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw explainWriting(error, root);
    }
  }
}
