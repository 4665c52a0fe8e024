/** A class of its own: the assignments with hidden cases that only its instructor knows. */
import { createHmac, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of the class, and its assignments. */
export interface MadeClass {
  folder: string;
  assignments: string[];
  /** Where the secret lies. */
  secret: string;
}

const secretFile = "secret.txt";
/** The call that scores a task, with the seed of its cases. */
const scoring = /(await score\("([\w/-]+)", \w+, )\d+(\);)/g;

/**
 * Makes the folder of a class: the assignments' sources with seeds that follow from a secret, and nbgrader's
 * configuration. From the seeds follow the numbers and the shapes of all hidden cases. A class that is there
 * already keeps its secret, and gets the assignments anew.
 *
 * @param original the folder of the project's own coursework
 * @throws Error if the folder holds something else
 */
export function makeClass(original: string, folder: string): MadeClass {
  const config = join(folder, "nbgrader_config.py");
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(config)) {
    throw new Error(`${folder} holds other things: name a folder that is empty or not there yet.`);
  }
  mkdirSync(folder, { recursive: true });
  const secretPath = join(folder, secretFile);
  if (!existsSync(secretPath)) {
    writeFileSync(secretPath, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  }
  const secret = readFileSync(secretPath, "utf8").trim();
  cpSync(join(original, "nbgrader_config.py"), config);
  cpSync(join(original, "templates"), join(folder, "templates"), { recursive: true });
  const assignments = readdirSync(join(original, "source")).sort();
  for (const assignment of assignments) {
    mkdirSync(join(folder, "source", assignment), { recursive: true });
    const file = join("source", assignment, `${assignment}.ipynb`);
    const notebook = JSON.parse(readFileSync(join(original, file), "utf8"));
    for (const cell of notebook.cells) {
      cell.source = cell.source.map((line: string) =>
        line.replace(
          scoring,
          (_, before, task, after) => `${before}${seedOf(secret, task)}${after}`,
        ),
      );
    }
    writeFileSync(join(folder, file), `${JSON.stringify(notebook, null, 1)}\n`);
  }
  return { folder, assignments, secret: secretPath };
}

/** A seed that nobody can tell without the secret. */
export function seedOf(secret: string, task: string): number {
  return createHmac("sha256", secret).update(task).digest().readUInt32BE(0);
}
