/**
 * `npm run test:reference`: computes the reference values anew with JAX, in an environment of its own, and fails
 * if reference.json differs from them by more than rounding. With `--write` it writes the file instead.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand, Trouble } from "../../src/jupyter/command";
import { ask, environmentPython, findPython, pipInstall } from "../../src/jupyter/python";
import { jupyterFolder } from "../../src/jupyter/start";

const here = import.meta.dirname;

runCommand(async () => {
  const folder = join(jupyterFolder, "reference");
  const python = environmentPython(folder);
  mkdirSync(jupyterFolder, { recursive: true });
  if (!existsSync(python)) await orExplain([...(await findPython()), "-m", "venv", folder]);
  await orExplain([python, ...pipInstall, "--requirement", join(here, "requirements.txt")]);
  const how = process.argv.includes("--write") ? [] : ["--check"];
  const files = [join(here, "reference.py"), join(here, "reference.json")];
  const { status } = spawnSync(python, [...files, ...how], { stdio: "inherit" });
  process.exitCode = status ?? 1;
});

async function orExplain(command: string[]): Promise<void> {
  const { code, output } = await ask(command, { seconds: 600 });
  if (code !== 0) throw new Trouble(`JAX could not be installed:\n${output.slice(-2000)}`);
}
