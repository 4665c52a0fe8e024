/** Jupyter's conformance suite. */
import { join } from "node:path";
import { Trouble } from "../../src/jupyter/command";
import { ask, environmentPython, pipInstall } from "../../src/jupyter/python";
import { environmentFolder, requirementsFile } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";

/** Installs the conformance suite into `.venv` if it is missing. */
export async function installConformanceSuite(): Promise<void> {
  const python = environmentPython(environmentFolder);
  if ((await ask([python, "-c", "import jupyter_kernel_test"])).code === 0) return;
  console.log("Installing jupyter_kernel_test into .venv …");
  const requirements = join(projectRoot, "test", "browser", "requirements.txt");
  const { code, output } = await ask(
    [python, ...pipInstall, "--requirement", requirements, "--constraint", requirementsFile],
    { seconds: 300 },
  );
  if (code !== 0) throw new Trouble(`jupyter_kernel_test could not be installed:\n${output}`);
}

/**
 * Runs the conformance suite.
 *
 * @param dataFolder a Jupyter data folder that holds our kernelspec
 * @returns the outcome of each of its tests, "ok", "FAIL", "ERROR" or "skipped …", and all it printed
 */
export async function runConformanceSuite(
  dataFolder: string,
): Promise<{ outcomes: Map<string, string>; output: string }> {
  const { output } = await ask(
    [
      environmentPython(environmentFolder),
      "-m",
      "unittest",
      "discover",
      "--verbose",
      "--start-directory",
      join(projectRoot, "test", "kernel"),
      "--pattern",
      "test_conformance.py",
    ],
    { environment: { ...process.env, JUPYTER_PATH: dataFolder }, seconds: 300 },
  );
  const lines = output.matchAll(
    /^(test_\w+) \(.*?\)(?:.|\n)*? \.\.\. (ok|FAIL|ERROR|skipped.*)$/gm,
  );
  return { outcomes: new Map([...lines].map((line) => [line[1], line[2]])), output };
}
