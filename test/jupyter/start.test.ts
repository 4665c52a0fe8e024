import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findOnPath, jupyterIsSupported, takeNamed } from "../../src/jupyter/find";
import {
  environmentState,
  explainPythonFailure,
  findPython,
  pythonIsSupported,
} from "../../src/jupyter/python";
import { choosePort, hasDisplay, portIsFree, worstLines } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jupyter "));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("JupyterLab 4 and Notebook 7 or newer will do", () => {
  expect(jupyterIsSupported("JupyterLab", "4.0.0")).toBe(true);
  expect(jupyterIsSupported("JupyterLab", "3.6.7")).toBe(false);
  expect(jupyterIsSupported("JupyterLab", "10.1")).toBe(true);
  expect(jupyterIsSupported("Notebook", "7.0.0")).toBe(true);
  expect(jupyterIsSupported("Notebook", "6.5.4")).toBe(false);
});

test("Python 3.10 or newer will do", () => {
  expect(pythonIsSupported("3.10.0")).toBe(true);
  expect(pythonIsSupported("3.14.1")).toBe(true);
  expect(pythonIsSupported("3.9.18")).toBe(false);
  expect(pythonIsSupported("2.7.18")).toBe(false);
});

// The programs that stand in are shell scripts, which Windows does not start.
describe.runIf(process.platform !== "win32")("with programs that stand in", () => {
  /** Makes a program that runs a line of shell. */
  function program(name: string, line: string, place = folder): string {
    mkdirSync(place, { recursive: true });
    const path = join(place, name);
    writeFileSync(path, `#!/bin/sh\n${line}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const only = (...places: string[]) => ({ PATH: places.join(":") });

  test("the first Jupyter on the PATH that runs and is new enough is taken", async () => {
    const [broken, old, good] = ["broken", "old", "good"].map((name) => join(folder, name));
    program("jupyter-lab", "exit 3", broken);
    program("jupyter-lab", "echo 3.6.1", old);
    const path = program("jupyter-lab", "echo 'a warning' >&2; echo 4.6.6", good);
    expect(await findOnPath(only(broken, old, good))).toEqual({
      command: [path],
      application: "JupyterLab",
      version: "4.6.6",
    });
    expect(await findOnPath(only(broken, old))).toBeUndefined();
    expect(await findOnPath(only(join(folder, "none")))).toBeUndefined();
  });

  test("Notebook will do where there is no JupyterLab", async () => {
    const path = program("jupyter-notebook", "echo 7.4.0");
    expect(await findOnPath(only(folder))).toMatchObject({
      command: [path],
      application: "Notebook",
    });
  });

  test("the Jupyter that the user names is taken, whichever of the three programs it is", async () => {
    const lab = program("jupyter-lab", "echo 4.6.6");
    expect(await takeNamed(lab)).toMatchObject({ command: [lab], application: "JupyterLab" });
    const whole = program("jupyter", '[ "$1" = notebook ] && echo 7.4.0');
    expect(await takeNamed(whole)).toMatchObject({
      command: [whole, "notebook"],
      application: "Notebook",
    });
  });

  test("a named Jupyter that is too old or none at all is refused", async () => {
    const old = program("jupyter-lab", "echo 3.6.1");
    await expect(takeNamed(old)).rejects.toThrow("is JupyterLab 3.6.1, and the course needs");
    await expect(takeNamed(join(folder, "nothing"))).rejects.toThrow(
      "does not seem to be a Jupyter: give --jupyter",
    );
  });

  test("a Python is found, also under its second name", async () => {
    program("python3", "exit 1");
    program("python", "echo 3.12.1");
    expect(await findPython(only(folder))).toEqual(["python"]);
  });

  test("without a Python, or with one that will not do, the sentence says what to install", async () => {
    await expect(findPython(only(folder))).rejects.toThrow(/Neither .* install Python 3\.10/);
    program("python3", "echo 3.9.2");
    await expect(findPython(only(folder))).rejects.toThrow("python3 is Python 3.9.2");
    program("python3", 'case "$2" in *ensurepip*) exit 1;; *) echo 3.11.2;; esac');
    await expect(findPython(only(folder))).rejects.toThrow("apt install python3-venv");
  });
});

test("an environment is ready only when it was made to the end, from the same versions", () => {
  const requirements = join(folder, "requirements.txt");
  writeFileSync(requirements, "jupyterlab==4.6.6\n");
  const environment = join(folder, ".venv");
  expect(environmentState(environment, requirements)).toBe("none");
  mkdirSync(environment);
  expect(environmentState(environment, requirements)).toBe("another's");
  writeFileSync(join(environment, "made-by-npm-start.txt"), "");
  expect(environmentState(environment, requirements)).toBe("unfinished");
});

test("pip's failures are explained", () => {
  const unreachable = "NewConnectionError(...): Temporary failure in name resolution";
  expect(explainPythonFailure(unreachable, "log")).toContain("needs the internet");
  expect(explainPythonFailure("OSError: No space left on device", "log")).toContain("disk is full");
  expect(explainPythonFailure("odd", "the.log")).toMatch(/more is in the\.log:\nodd$/);
});

test("a taken port is passed over, or refused if it was asked for", async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port));
  });
  try {
    expect(await portIsFree(port)).toBe(false);
    await expect(choosePort(port)).rejects.toThrow(`Port ${port} cannot be opened`);
    expect(await choosePort(undefined, port)).toBeGreaterThan(port);
  } finally {
    other.close();
  }
});

test("a browser is opened only where there is a display", () => {
  expect(hasDisplay({}, "linux")).toBe(false);
  expect(hasDisplay({ DISPLAY: ":0" }, "linux")).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: "wayland-0" }, "linux")).toBe(true);
  expect(hasDisplay({}, "darwin")).toBe(true);
  expect(hasDisplay({}, "win32")).toBe(true);
});

test("of a log the errors are shown, or else its end", () => {
  expect(worstLines("[I a] fine\n[C b] bad\n[I c] fine")).toBe("[C b] bad");
  expect(worstLines("1\n2\n3\n4\n5\n6\n")).toBe("2\n3\n4\n5\n6");
});

describe("options of npm start", () => {
  function start(...options: string[]) {
    const script = join(projectRoot, "src/jupyter/commands/start.ts");
    return spawnSync(process.execPath, ["--import", "tsx", script, ...options], {
      cwd: projectRoot,
      encoding: "utf8",
    });
  }

  test("--help names them all", () => {
    const { status, stdout } = start("--help");
    expect(status).toBe(0);
    for (const option of ["--port", "--no-browser", "--jupyter"]) expect(stdout).toContain(option);
  });

  test.each([
    [["--prot", "9000"], "Unknown option '--prot'"],
    [["--port", "abc"], '--port takes a whole number from 1 to 65535, not "abc"'],
    [["--port", "70000"], 'not "70000"'],
    [["notebook"], "'notebook'"],
  ])("%j is refused", (options, sentence) => {
    const { status, stderr } = start(...options);
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("    at ");
  });
});
