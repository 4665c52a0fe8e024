/** Starts Jupyter for the course, and ends it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { projectRoot } from "../kernel/node/argv";
import { aborted, explainWriting, Trouble } from "./command";
import { findInEnvironment, findOnPath, type Jupyter, takeNamed } from "./find";
import { kernelFolder, kernelName, writeKernelspec } from "./kernelspec";
import { environmentState, makeEnvironment } from "./python";

/** Where Jupyter keeps all that it writes. Git ignores it. */
export const jupyterFolder = join(projectRoot, ".jupyter");
/** The project's own Python environment. */
export const environmentFolder = join(projectRoot, ".venv");
/** The pinned JupyterLab that `.venv` holds. */
export const requirementsFile = join(projectRoot, "src", "jupyter", "requirements.txt");

const firstPort = 8888;
const portsTried = 50;
const secondsToStart = 60;
const secondsToEnd = 5;

/** Whether a port of this machine can be opened. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });
}

/**
 * The port to use: the wanted one, or without a wish the first free one from 8888 on.
 *
 * @throws Trouble when it is taken
 */
export async function choosePort(wanted?: number, from = firstPort): Promise<number> {
  if (wanted !== undefined) {
    if (await portIsFree(wanted)) return wanted;
    throw new Trouble(
      `Port ${wanted} cannot be opened; something else may be using it: choose another with --port, or leave the option out.`,
    );
  }
  for (let port = from; port < from + portsTried; port++) if (await portIsFree(port)) return port;
  throw new Trouble(
    `None of the ports ${from} to ${from + portsTried - 1} is free: choose one with --port.`,
  );
}

/**
 * The Jupyter to use: the one named, else one on the PATH, else the one in `.venv`, made if it is missing.
 *
 * @param named what the user asked for, a path or a name
 * @throws Trouble when there is none and none can be made
 */
export async function findOrMakeJupyter(named?: string): Promise<Jupyter> {
  if (named !== undefined) return takeNamed(named);
  return (await findOnPath()) ?? projectJupyter();
}

/**
 * The JupyterLab in `.venv`. The environment is made when it is missing, and made again when it is not
 * complete or the pinned versions have changed.
 *
 * @throws Trouble when that cannot be done
 */
export async function projectJupyter(): Promise<Jupyter> {
  const state = environmentState(environmentFolder, requirementsFile);
  if (state === "ready" || state === "another's") {
    const found = await findInEnvironment(environmentFolder);
    if (found) return found;
  }
  if (state === "another's")
    throw new Trouble(
      `${environmentFolder} holds no working JupyterLab 4, and was not made by npm start: remove it, or install jupyterlab into it.`,
    );
  const size = "about half a minute and 250 MB, only this once";
  console.log(
    state === "none"
      ? `No Jupyter found: installing JupyterLab into .venv (${size}) …`
      : `The environment .venv is incomplete or out of date: making it again (${size}) …`,
  );
  try {
    mkdirSync(jupyterFolder, { recursive: true });
  } catch (error) {
    throw explainWriting(error, jupyterFolder);
  }
  await makeEnvironment(environmentFolder, requirementsFile, join(jupyterFolder, "install.log"));
  const made = await findInEnvironment(environmentFolder);
  if (made) return made;
  throw new Trouble(`JupyterLab was installed into ${environmentFolder}, but does not run there.`);
}

export interface Server {
  /** Such as `http://127.0.0.1:8888/`, with the slash. */
  url: string;
  token: string;
  /** Address at which the browser opens a notebook, token included. */
  addressOf(notebook: string): string;
  /** Resolves once the server has ended, for whatever reason. */
  ended: Promise<void>;
  /** Ends the server and every kernel. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  port: number;
  /** What the browser sees as Jupyter's root. Default: the project. */
  folder?: string;
  /** Takes all that Jupyter writes: settings, kernelspec, runtime files, log. Default: `.jupyter`. */
  home?: string;
  /** Gives up the start when aborted. */
  signal?: AbortSignal;
}

/**
 * Starts the server with our kernelspec, on this machine only, and waits until it answers.
 *
 * @throws Trouble when it does not start
 */
export async function startServer(
  jupyter: Jupyter,
  { port, folder = projectRoot, home = jupyterFolder, signal }: ServerOptions,
): Promise<Server> {
  const data = join(home, "data");
  const config = join(home, "config");
  const logFile = join(home, "jupyter.log");
  let log: number;
  try {
    for (const needed of [data, config]) mkdirSync(needed, { recursive: true });
    writeKernelspec(kernelFolder(data));
    refuseNews(config);
    log = openSync(logFile, "w");
  } catch (error) {
    throw explainWriting(error, home);
  }

  const token = randomBytes(24).toString("hex");
  const command = [...jupyter.command, ...serverOptions(jupyter, port, folder)];
  const child = spawn(command[0], command.slice(1), {
    // Not the project's root: Python would import modules that happen to lie there.
    cwd: home,
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: config,
      JUPYTER_DATA_DIR: data,
      JUPYTER_RUNTIME_DIR: join(home, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(config, "lab", "user-settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(config, "lab", "workspaces"),
      IPYTHONDIR: join(home, "ipython"),
      // Not as an option: those can be read by every user of the machine.
      JUPYTER_TOKEN: token,
    },
    stdio: ["ignore", log, log],
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we end the server in order.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  closeSync(log);

  const ended = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });
  const stop = () => endProcess(child, ended);
  const url = `http://127.0.0.1:${port}/`;
  const answered = await Promise.race([
    untilItAnswers(`${url}api/status`, token),
    ended.then(() => false),
    aborted(signal).then(() => false),
  ]);
  if (!answered) {
    await stop();
    if (signal?.aborted) throw new Trouble("Stopped before Jupyter was ready.");
    throw new Trouble(
      `${jupyter.application} ${jupyter.version} did not start. The end of ${logFile}:\n${worstLines(readFileSync(logFile, "utf8"))}`,
    );
  }
  const view = jupyter.application === "JupyterLab" ? "lab/tree" : "notebooks";
  return {
    url,
    token,
    addressOf: (path) => `${url}${view}/${path}?token=${token}`,
    ended,
    stop,
  };
}

function serverOptions(jupyter: Jupyter, port: number, folder: string): string[] {
  const options: Record<string, string> = {
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.port": String(port),
    "ServerApp.port_retries": "0",
    "ServerApp.open_browser": "False",
    "ServerApp.answer_yes": "True",
    "ServerApp.root_dir": folder,
    "MultiKernelManager.default_kernel_name": kernelName,
  };
  // In a container one often is root, and Jupyter refuses that unless it is told.
  if (process.getuid?.() === 0) options["ServerApp.allow_root"] = "True";
  if (jupyter.application === "JupyterLab") {
    options["LabApp.news_url"] = "None";
    options["LabApp.check_for_updates_class"] = "jupyterlab.NeverCheckForUpdate";
    options["LabApp.extension_manager"] = "readonly";
  }
  return Object.entries(options).map(([name, value]) => `--${name}=${value}`);
}

/** Tells JupyterLab not to ask whether it may fetch news. A reader's own choice stays. */
function refuseNews(config: string): void {
  const folder = join(config, "lab", "user-settings", "@jupyterlab", "apputils-extension");
  const file = join(folder, "notification.jupyterlab-settings");
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ fetchNews: "false", checkForUpdates: false })}\n`);
}

async function untilItAnswers(url: string, token: string): Promise<boolean> {
  const end = Date.now() + secondsToStart * 1000;
  while (Date.now() < end) {
    try {
      const headers = { Authorization: `token ${token}` };
      const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5000) });
      if (answer.ok) return true;
    } catch {
      // Not open yet.
    }
    await wait(100);
  }
  return false;
}

/** Of a log, what tells most about a failure: the last errors, or else the last lines. */
export function worstLines(log: string): string {
  const lines = log.trim().split("\n");
  const bad = lines.filter((line) => /^\[(E|C) |Error\b|CRITICAL/.test(line));
  return (bad.length > 0 ? bad : lines).slice(-5).join("\n");
}

async function endProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { windowsHide: true });
  } else {
    // On SIGTERM Jupyter ends its kernels, then itself.
    child.kill("SIGTERM");
    const timer = setTimeout(() => killGroup(pid), secondsToEnd * 1000);
    await ended;
    clearTimeout(timer);
  }
  await ended;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}

/** Whether a browser can be opened here, as far as one can tell. */
export function hasDisplay(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform !== "linux") return true;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Opens an address in the user's browser. Resolves to false when no browser could be started. */
export function openBrowser(address: string): Promise<boolean> {
  const [program, ...args] =
    process.platform === "win32"
      ? ["rundll32", "url.dll,FileProtocolHandler", address]
      : process.platform === "darwin"
        ? ["open", address]
        : ["xdg-open", address];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
    child.unref();
  });
}
