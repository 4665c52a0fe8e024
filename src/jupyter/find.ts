/** Which Jupyter to start. */
import { accessSync, constants, statSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { Trouble } from "./command";
import { ask, environmentPython } from "./python";

export interface Jupyter {
  /** The command that starts it, to which options are added. */
  command: string[];
  application: "JupyterLab" | "Notebook";
  version: string;
}

/** A command that may be a Jupyter, and what it would be. */
interface Candidate {
  command: string[];
  application: Jupyter["application"];
}

const oldest = { JupyterLab: 4, Notebook: 7 };

/** Whether a version such as "4.6.6" is new enough: JupyterLab 4, Notebook 7. */
export function jupyterIsSupported(application: Jupyter["application"], version: string): boolean {
  return Number.parseInt(version, 10) >= oldest[application];
}

/** Full paths of a program's files on the PATH, in order. */
export function onPath(name: string, environment: NodeJS.ProcessEnv = process.env): string[] {
  const ending = process.platform === "win32" ? ".exe" : "";
  // Windows writes the name as Path.
  const path = environment.PATH ?? environment.Path ?? "";
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name + ending))
    .filter(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The first candidate that answers with a version that is new enough.
 *
 * @param tooOld takes, for each that is not, what it is
 */
async function firstThatWorks(
  candidates: Candidate[],
  environment: NodeJS.ProcessEnv,
  tooOld: string[] = [],
): Promise<Jupyter | undefined> {
  for (const { command, application } of candidates) {
    const answer = await ask([...command, "--version"], { environment });
    const version = /^(\d+\.\d+\S*)\s*$/m.exec(answer.output)?.[1];
    if (answer.code !== 0 || !version) continue;
    if (jupyterIsSupported(application, version)) return { command, application, version };
    tooOld.push(`${application} ${version}`);
  }
  return undefined;
}

/**
 * Finds a Jupyter on the PATH.
 *
 * @returns undefined when there is none, or only older ones
 */
export function findOnPath(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Jupyter | undefined> {
  return firstThatWorks(
    [
      ...onPath("jupyter-lab", environment).map(lab),
      ...onPath("jupyter-notebook", environment).map(notebook),
    ],
    environment,
  );
}

function lab(program: string): Candidate {
  return { command: [program], application: "JupyterLab" };
}

function notebook(program: string): Candidate {
  return { command: [program], application: "Notebook" };
}

/** Finds the JupyterLab inside a Python environment. */
export function findInEnvironment(folder: string): Promise<Jupyter | undefined> {
  // Not the script jupyter-lab: it holds the folder's path, and fails once the project has moved.
  const command = [environmentPython(folder), "-m", "jupyterlab"];
  return firstThatWorks([{ command, application: "JupyterLab" }], process.env);
}

/**
 * Takes the program that the user names: jupyter, jupyter-lab or jupyter-notebook.
 *
 * @param program a path, or a name on the PATH
 * @throws Trouble when it is no Jupyter, or too old
 */
export async function takeNamed(
  program: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Jupyter> {
  const name = basename(program).replace(/\.exe$/i, "");
  const candidates: Candidate[] =
    name === "jupyter-lab"
      ? [lab(program)]
      : name === "jupyter-notebook"
        ? [notebook(program)]
        : [
            { command: [program, "lab"], application: "JupyterLab" },
            { command: [program, "notebook"], application: "Notebook" },
          ];
  const tooOld: string[] = [];
  const found = await firstThatWorks(candidates, environment, tooOld);
  if (found) return found;
  throw new Trouble(
    tooOld.length > 0
      ? `${program} is ${tooOld.join(" and ")}, and the course needs JupyterLab 4 or Notebook 7, or newer.`
      : `${program} does not seem to be a Jupyter: give --jupyter the path of a jupyter, jupyter-lab or jupyter-notebook program.`,
  );
}
