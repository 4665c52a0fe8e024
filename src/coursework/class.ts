/** A class of its own: the assignments with hidden cases that only its instructor knows, and with the choices of its configuration. */
import { createHmac, randomBytes } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { forClass, type NotebookJson, withCells } from "./own-cells";

/** The folder of the class, and its assignments. */
export interface MadeClass {
  folder: string;
  assignments: string[];
  /** Where the secret lies. */
  secret: string;
  /** What is to be done about a configuration that an earlier version has made; undefined if there is nothing. */
  advice?: string;
}

const secretFile = "secret.txt";
const configFile = "nbgrader_config.py";
/** What a configuration of the present kind holds: all that it does not choose itself comes from there. */
const usesGrading = "from grading.configuration import configure";
/** The one choice that may be empty: then there are no numbers of each student's own. */
const wordChoice = "OwnNumbers.word";
/** The call that scores a task, with the seed of its cases. */
const scoring = /(await score\("([\w/-]+)", \w+, )\d+(\);)/g;
/** Files and folders of a class are their owner's: the solutions are in them, and the hidden cases. */
export const privateFile = { mode: 0o600 };
export const privateFolder = { mode: 0o700, recursive: true } as const;

/**
 * Makes the folder of a class: the assignments' sources with seeds that follow from a secret, and nbgrader's
 * configuration. From the seeds follow the numbers and the shapes of all hidden cases.
 *
 * @param original the folder of the project's own coursework
 * @param word the class's public word, if its students are to have numbers of their own
 * @throws Error if the folder holds something: a class, or something else
 * @throws RangeError for a word that no configuration can hold
 */
export function makeClass(original: string, folder: string, word = ""): MadeClass {
  if (!/^[\p{L}\p{N} ._-]*$/u.test(word))
    throw new RangeError(
      `The class's word is «${word}»: write it with letters, digits, spaces, points and lines.`,
    );
  if (existsSync(join(folder, configFile))) {
    throw new Error(
      [
        `${folder} already holds a class, and nothing was changed. To put the project's current assignments into it, keeping its secret: npm run course:new -- --renew ${folder}`,
        adviceFor(original, folder),
      ]
        .filter(Boolean)
        .join("\n"),
    );
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(
      `${folder} is not empty: name an empty folder, or one that does not exist yet.`,
    );
  }
  mkdirSync(folder, privateFolder);
  chmodSync(folder, privateFolder.mode);
  writeFileSync(join(folder, secretFile), `${randomBytes(32).toString("hex")}\n`, privateFile);
  // Made here, so that nbgrader's tables of marks are nobody else's from the first.
  writeFileSync(join(folder, "gradebook.db"), "", privateFile);
  const config = readFileSync(join(original, configFile), "utf8");
  writeFileSync(
    join(folder, configFile),
    config.replace(/^(c\.OwnNumbers\.word = )""$/m, `$1"${word}"`),
  );
  return renewClass(original, folder);
}

/**
 * Puts the project's current assignments and grading into the folder of a class. Its secret stays, so the cases
 * do; its configuration and its gradebook stay too, and `advice` says what is to be done about an old configuration.
 *
 * @throws Error if the folder holds no class
 */
export function renewClass(original: string, folder: string): MadeClass {
  const secretPath = join(folder, secretFile);
  if (!existsSync(secretPath) || !existsSync(join(folder, configFile))) {
    throw new Error(noClass(folder));
  }
  const secret = readFileSync(secretPath, "utf8").trim();
  for (const part of ["grading", "templates"]) {
    cpSync(join(original, part), join(folder, part), {
      recursive: true,
      filter: (path) => !path.endsWith("__pycache__"),
    });
  }
  const word = choiceOf(original, folder, wordChoice);
  const { asksFor } = identifierOf(original, folder);
  const assignments = readdirSync(join(original, "source")).sort();
  for (const assignment of assignments) {
    mkdirSync(join(folder, "source", assignment), privateFolder);
    const file = join("source", assignment, `${assignment}.ipynb`);
    let notebook = withSeeds(read(join(original, file)), secret);
    if (word !== "") {
      for (const name of ["identifier", assignment])
        notebook = withCells(notebook, read(join(original, "own", `${name}.ipynb`)).cells);
      notebook = forClass(notebook, { word, asksFor });
    }
    writeFileSync(join(folder, file), `${JSON.stringify(notebook, null, 1)}\n`, privateFile);
  }
  return { folder, assignments, secret: secretPath, advice: adviceFor(original, folder) };
}

function read(path: string): NotebookJson {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * How students of a class say who they are, as its configuration has it.
 *
 * @throws Error if the folder holds no class, or says it by other means than a plain string
 */
export function identifierOf(
  original: string,
  folder: string,
): { pattern: string; asksFor: string } {
  return {
    pattern: choiceOf(original, folder, "Downloads.identifier"),
    asksFor: choiceOf(original, folder, "Downloads.asks_for"),
  };
}

/**
 * What tells the pages of one class from those of another, wherever they lie: it follows from the secret, and tells nothing of it.
 *
 * @throws Error if the folder holds no class
 */
export function classKeyOf(folder: string): string {
  const secret = join(folder, secretFile);
  if (!existsSync(secret)) throw new Error(noClass(folder));
  return createHmac("sha256", readFileSync(secret, "utf8").trim())
    .update("the pages of this class")
    .digest("hex")
    .slice(0, 16);
}

/** A choice in a class's configuration; what a configuration of an earlier version does not say is as in the project's own. */
function choiceOf(original: string, folder: string, name: string): string {
  const config = join(folder, configFile);
  if (!existsSync(config)) throw new Error(noClass(folder));
  const texts = [config, join(original, configFile)].map((file) => readFileSync(file, "utf8"));
  for (const text of texts) {
    const said = new RegExp(`^c\\.${name.replace(".", "\\.")}\\b *=(.*)$`, "m").exec(text)?.[1];
    if (said === undefined) continue;
    const [, raw, , words] = /^\s*(r?)(["'])(.*)\2\s*(?:#.*)?$/.exec(said) ?? [];
    const isPlain = words !== undefined && (raw || !words.includes("\\"));
    if (isPlain && (words !== "" || name === wordChoice)) return words;
    throw new Error(
      `${config} sets c.${name} to ${said.trim()}: it can be read as one plain string on its line, such as r"[a-z]+[0-9]*".`,
    );
  }
  throw new Error(`${join(original, configFile)} does not set c.${name}.`);
}

/** What to say of a folder that is to be a class, and is none. */
export function noClass(folder: string): string {
  return `${folder} holds no class: make one with npm run course:new -- ${folder}`;
}

/** A configuration is its instructor's, and never replaced. */
function adviceFor(original: string, folder: string): string | undefined {
  const config = join(folder, configFile);
  if (readFileSync(config, "utf8").includes(usesGrading)) return undefined;
  return `${config} was made by an earlier version, and does not grade as the instructor's page says. Rename it, copy ${join(original, configFile)} to its place, and make your choices again there.`;
}

/** An assignment whose hidden cases are those of a class. */
function withSeeds(notebook: NotebookJson, secret: string): NotebookJson {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: cell.source.map((line) =>
      line.replace(scoring, (_, before, task, after) => `${before}${seedOf(secret, task)}${after}`),
    ),
  }));
  return { ...notebook, cells };
}

/** A seed that nobody can work out without the secret. */
export function seedOf(secret: string, task: string): number {
  return createHmac("sha256", secret).update(task).digest().readUInt32BE(0);
}
