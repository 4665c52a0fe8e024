/** What the tests in the browser need beside the project's packages: a Chromium, and Jupyter's conformance suite. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Trouble } from "../../src/jupyter/command";
import { onPath } from "../../src/jupyter/find";
import { ask, environmentPython, pipInstall } from "../../src/jupyter/python";
import { environmentFolder, requirementsFile } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/argv";

const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];
  return names.flatMap((name) => onPath(name))[0] ?? usualPlaces.find((path) => existsSync(path));
}

/**
 * Path of a Chromium: the one named by the variable CHROMIUM, else one that is installed, else, as
 * root on Debian, one installed now.
 *
 * @throws Trouble when there is none
 */
export function chromium(): string {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath("apt-get").length > 0) {
    console.log("No Chromium found: installing Debian's (apt-get install chromium) …");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const step of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
      const { status, stderr } = spawnSync("apt-get", ["-qq", ...step], { env, encoding: "utf8" });
      if (status !== 0) throw new Trouble(`apt-get ${step[0]} failed: ${stderr.trim()}`);
    }
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Trouble(
    "No Chromium was found: install Chromium or Chrome, or name one in the variable CHROMIUM.",
  );
}

/** Installs the conformance suite into `.venv` if it lacks. */
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
