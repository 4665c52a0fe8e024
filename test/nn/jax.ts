/** The Python that has JAX, NumPy and mpmath, in an environment of its own. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Trouble } from "../../src/jupyter/command";
import { ask, environmentPython, findPython, pipInstall } from "../../src/jupyter/python";
import { jupyterFolder } from "../../src/jupyter/start";

/** Makes the environment if it is not there. @throws Trouble with what pip said */
export async function jaxPython(): Promise<string> {
  const folder = join(jupyterFolder, "reference");
  const python = environmentPython(folder);
  mkdirSync(jupyterFolder, { recursive: true });
  if (!existsSync(python)) await orExplain([...(await findPython()), "-m", "venv", folder]);
  const requirements = join(import.meta.dirname, "requirements.txt");
  await orExplain([python, ...pipInstall, "--requirement", requirements]);
  return python;
}

async function orExplain(command: string[]): Promise<void> {
  const { code, output } = await ask(command, { seconds: 600 });
  if (code !== 0) throw new Trouble(`JAX could not be installed:\n${output.slice(-2000)}`);
}
