/** The project's own Python environment, `.venv`: made when no Jupyter is found, with pinned versions. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainWriting, Trouble } from "./command";

export interface Answer {
  /** Exit code; undefined when the program could not be started or took too long. */
  code: number | undefined;
  /** What it printed, on both streams. */
  output: string;
}

/** Runs a program to its end and returns what it printed. Never throws. */
export function ask(
  command: string[],
  options: { environment?: NodeJS.ProcessEnv; seconds?: number; folder?: string } = {},
): Promise<Answer> {
  const { environment = process.env, seconds = 30, folder } = options;
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command[0], command.slice(1), {
      env: environment,
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: seconds * 1000,
      windowsHide: true,
    });
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("error", () => resolve({ code: undefined, output }));
    child.on("close", (code) => resolve({ code: code ?? undefined, output }));
  });
}

const oldestPython = [3, 10];

/** Whether Python's version, such as "3.11.7", is 3.10 or newer. */
export function pythonIsSupported(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1]);
}

/**
 * Finds a Python that can make an environment.
 *
 * @returns the command that starts it
 * @throws Trouble that says what was found instead
 */
export async function findPython(environment = process.env): Promise<string[]> {
  const seen: string[] = [];
  for (const command of [["python3"], ["python"], ["py", "-3"]]) {
    const version = await ask(
      [...command, "-c", "import platform; print(platform.python_version())"],
      { environment },
    );
    if (version.code !== 0) continue;
    const found = version.output.trim();
    if (!pythonIsSupported(found)) {
      seen.push(`${command.join(" ")} is Python ${found}`);
      continue;
    }
    const parts = await ask([...command, "-c", "import venv, ensurepip"], { environment });
    if (parts.code === 0) return command;
    seen.push(
      `${command.join(" ")} has no venv module (Debian and Ubuntu: apt install python3-venv)`,
    );
  }
  throw new Trouble(
    seen.length > 0
      ? `Jupyter needs Python 3.10 or newer with its venv module, but ${seen.join(", and ")}: install it and try again.`
      : "Neither a Jupyter nor a Python was found: install Python 3.10 or newer (https://www.python.org) and try again.",
  );
}

/** Path of the Python inside an environment's folder. */
export function environmentPython(folder: string): string {
  return process.platform === "win32"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");
}

/** Lies in an environment that we made, and says what is in it once that is complete. */
const markFile = "made-by-npm-start.txt";

/** What stands at the place of the environment. */
export type EnvironmentState = "none" | "ready" | "unfinished" | "another's";

function fingerprint(requirements: string): string {
  const text = readFileSync(requirements, "utf8").replaceAll("\r\n", "\n");
  return createHash("sha256").update(text).digest("hex");
}

/**
 * @param folder the environment's
 * @param requirements the file of pinned versions that it should hold
 * @returns "ready" only when all of it was installed to the end; "unfinished" also when the
 *   file has changed since; "another's" when we did not make it
 */
export function environmentState(folder: string, requirements: string): EnvironmentState {
  if (!existsSync(folder)) return "none";
  const mark = join(folder, markFile);
  if (!existsSync(mark)) return "another's";
  const complete = readFileSync(mark, "utf8") === fingerprint(requirements);
  return complete && existsSync(environmentPython(folder)) ? "ready" : "unfinished";
}

/** Arguments by which Python installs packages: without questions, and without long waits for a network. */
export const pipInstall = ["-m", "pip", "install", "--quiet", "--no-input", "--retries", "2"];

/**
 * Makes the environment again and installs the requirements into it.
 *
 * @param logFile takes what Python and pip print
 * @throws Trouble without Python, without network, or when the folder cannot be written
 */
export async function makeEnvironment(
  folder: string,
  requirements: string,
  logFile: string,
): Promise<void> {
  const python = await findPython();
  const mark = join(folder, markFile);
  let log: number;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    // Written first, so that an interrupted attempt is known as ours.
    writeFileSync(mark, "");
    log = openSync(logFile, "w");
  } catch (error) {
    throw explainWriting(error, folder);
  }
  const steps = [
    [...python, "-m", "venv", folder],
    [environmentPython(folder), ...pipInstall, "--requirement", requirements],
  ];
  for (const step of steps) {
    const code = await run(step, log);
    if (code !== 0) throw new Trouble(explainPythonFailure(readFileSync(logFile, "utf8"), logFile));
  }
  writeFileSync(mark, fingerprint(requirements));
}

function run(command: string[], log: number): Promise<number | null> {
  return new Promise((resolve) => {
    // PIP_USER would send the packages elsewhere than into the environment.
    const env = { ...process.env, PIP_USER: "0", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
    const stdio = ["ignore", log, log] as const;
    const child = spawn(command[0], command.slice(1), { env, stdio: [...stdio] });
    child.on("error", () => resolve(null));
    child.on("close", resolve);
  });
}

/** One sentence on why the environment could not be made, from what Python and pip printed. */
export function explainPythonFailure(output: string, logFile: string): string {
  if (/No space left|ENOSPC/.test(output))
    return "JupyterLab could not be installed: the disk is full; 300 MB are enough.";
  if (
    /name resolution|getaddrinfo|NewConnectionError|NameResolutionError|Network is unreachable|ConnectTimeout|ReadTimeout|Connection (refused|reset)/i.test(
      output,
    )
  )
    return "JupyterLab could not be fetched: without a Jupyter of your own, the first start needs the internet (PyPI); connect and try again.";
  const last = output.trim().split("\n").slice(-5).join("\n");
  return `JupyterLab could not be installed; more is in ${logFile}:\n${last}`;
}
