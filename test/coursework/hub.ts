/**
 * `npm run test:course hub`: a real JupyterHub on this machine, with an account of the system for one instructor
 * and three students: hand out, fetch, submit in the browser, collect, grade, return. Needs root on Linux.
 */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { onPath } from "../../src/jupyter/find";
import { ask, environmentPython, pipInstall } from "../../src/jupyter/python";
import {
  choosePort,
  environmentFolder,
  jupyterFolder,
  requirementsFile,
} from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";
import { launch } from "../browser/browser";
import { choose, watchKernel } from "../browser/reader";

const students = ["bpstudent1", "bpstudent2", "bpstudent3"];
const teacher = "bpteacher";
const screenshots = join(jupyterFolder, "screenshots-hub");
/** Where the hub's configuration looks for the kernel. */
const kernels = join(jupyterFolder, "hub");
/** Where the hub's programs are; `install` says. */
let bin = "";

/** Why there can be no hub here; undefined if there can. */
export function noHubBecause(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "accounts of the system are made by root on Linux only";
  }
  const reach = spawnSync("su", [
    "nobody",
    "-s",
    "/bin/sh",
    "-c",
    `test -r ${join(projectRoot, "package.json")}`,
  ]);
  if (reach.status !== 0) return `other accounts cannot read ${projectRoot}`;
  return hubPython() ? undefined : "no Python was found that other accounts can run";
}

/** The first of these that other accounts can run: the project's Python, then those of the system. */
function hubPython(): string | undefined {
  const candidates = [environmentPython(environmentFolder), ...onPath("python3")];
  return candidates.find((python) => {
    const command = `"${python}" -c "import venv"`;
    return spawnSync("su", ["nobody", "-s", "/bin/sh", "-c", command]).status === 0;
  });
}

/** @returns what was seen, and what a student costs */
export async function tryHub(): Promise<string> {
  await install();
  const home = join(jupyterFolder, "hub-test");
  rmSync(home, { recursive: true, force: true });
  for (const folder of [kernels, join(home, "state"), screenshots])
    mkdirSync(folder, { recursive: true });
  for (const user of [teacher, ...students]) {
    spawnSync("userdel", ["--remove", user]);
    execFileSync("useradd", ["--create-home", "--key", "HOME_MODE=0700", user]);
  }
  const exchange = join("/tmp", `backprop-exchange-${process.pid}`);
  mkdirSync(exchange, { recursive: true });
  execFileSync("chmod", ["ugo+rwx", exchange]);
  execFileSync("npm", ["run", "--silent", "kernel:install"], {
    cwd: projectRoot,
    env: { ...process.env, JUPYTER_DATA_DIR: kernels },
  });
  execFileSync("chmod", ["-R", "a+rX", kernels]);

  // Away from those that other parts choose for their servers at the same time; two more follow it.
  const port = await choosePort(undefined, 9000);
  const hub = await startHub(home, exchange, port);
  const browser = await launch();
  try {
    const as = (user: string, commands: string) => runAs(user, exchange, commands);
    // The instructor makes the class, and hands out.
    as(teacher, `cd ${projectRoot} && node --import tsx src/jupyter/commands/course.ts ~/class`);
    as(
      teacher,
      "cd ~/class && nbgrader generate_assignment deltas && nbgrader release_assignment deltas",
    );

    const base = `http://127.0.0.1:${port}`;
    const costs: string[] = [];
    for (const student of students) {
      const page = await signIn(browser, base, student);
      await openAssignments(page);
      await page
        .getByRole("button", { name: "Fetch" })
        .or(page.locator("button", { hasText: /^Fetch$/ }))
        .first()
        .click();
      await page
        .locator("button", { hasText: /^Submit$/ })
        .first()
        .waitFor({ timeout: 60_000 });
      solve(student, exchange);
      await runAndLook(page, base, student);
      await page.screenshot({ path: join(screenshots, `${student}.png`) });
      costs.push(memoryOf(student));
      await page.goto(`${base}/user/${student}/lab/workspaces/submit`);
      await openAssignments(page);
      const [submitted] = await Promise.all([
        page.waitForResponse(/\/assignments\/submit/),
        page
          .locator("button", { hasText: /^Submit$/ })
          .first()
          .click(),
      ]);
      assert.equal((await submitted.json()).success, true, `${student} could not submit`);
      await page.context().close();
    }

    // One student cannot read another's files, nor what they submitted.
    const [first, second] = students;
    for (const place of [
      `/home/${second}/deltas/deltas.ipynb`,
      join(exchange, "backpropagation", "inbound"),
    ]) {
      const { status } = spawnSync("su", [first, "-c", `ls ${place}`]);
      assert.notEqual(status, 0, `${first} can look into ${place}`);
    }

    as(teacher, "cd ~/class && nbgrader collect deltas && nbgrader autograde deltas");
    as(
      teacher,
      "cd ~/class && nbgrader generate_feedback deltas && nbgrader release_feedback deltas && nbgrader export --to marks.csv",
    );
    const marks = readFileSync(`/home/${teacher}/class/marks.csv`, "utf8");
    for (const student of students) {
      assert.match(marks, new RegExp(`deltas.*${student}.*25\\.0`), marks);
      const page = await signIn(browser, base, student);
      await page.context().close();
      as(student, "cd ~ && nbgrader fetch_feedback deltas --course backpropagation");
      const own = execFileSync("find", [`/home/${student}/deltas/feedback`, "-name", "*.html"], {
        encoding: "utf8",
      });
      assert.equal(
        own.trim().split("\n").length,
        1,
        "a student sees their own feedback, and one only",
      );
    }
    return `3 students and an instructor, one after the other; ${costs.join("; ")}`;
  } finally {
    await browser.close();
    hub.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 3000));
    for (const user of [teacher, ...students]) {
      spawnSync("pkill", ["--signal", "KILL", "--uid", user]);
      spawnSync("userdel", ["--remove", user]);
    }
    execFileSync("rm", ["-rf", exchange]);
  }
}

/** JupyterHub and its proxy; and where root alone can run the project's Python, an environment of another's. */
async function install(): Promise<void> {
  const own = environmentPython(environmentFolder);
  let python = hubPython() as string;
  const requirements = ["jupyterhub==6.1.1"];
  if (python !== own) {
    const folder = join(jupyterFolder, "hub-environment");
    // Debian's Python has no pip of its own: the project's fills the environment.
    if (!existsSync(folder)) execFileSync(python, ["-m", "venv", "--without-pip", folder]);
    python = environmentPython(folder);
    const nbgrader = join(projectRoot, "notebooks", "coursework", "requirements.txt");
    requirements.push("--requirement", requirementsFile, "--requirement", nbgrader);
  }
  bin = dirname(python);
  if ((await ask([python, "-c", "import jupyterhub, nbgrader"])).code !== 0) {
    const [module, pip, ...install] = pipInstall;
    const { code, output } = await ask(
      [own, module, pip, "--python", python, ...install, ...requirements],
      { seconds: 300 },
    );
    assert.equal(code, 0, output);
  }
  execFileSync("npm", [
    "install",
    "--silent",
    "--prefix",
    join(jupyterFolder, "proxy"),
    "configurable-http-proxy@5.3.0",
  ]);
}

async function startHub(home: string, exchange: string, port: number): Promise<ChildProcess> {
  const config = join(home, "test_config.py");
  const real = join(projectRoot, "notebooks", "coursework", "hub", "jupyterhub_config.py");
  // The project's own configuration, on a port of the test's, with a password that needs no accounts' passwords.
  writeFileSync(
    config,
    `c = get_config()
exec(compile(open(${JSON.stringify(real)}).read(), ${JSON.stringify(real)}, "exec"), {"get_config": get_config, "__file__": ${JSON.stringify(real)}})
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.bind_url = "http://127.0.0.1:${port}"
c.JupyterHub.hub_port = ${port + 1}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${port + 2}"
c.ConfigurableHTTPProxy.command = [${JSON.stringify(join(jupyterFolder, "proxy", "node_modules", ".bin", "configurable-http-proxy"))}]
c.Spawner.environment["PATH"] = ${JSON.stringify(`${bin}:${process.env.PATH}`)}
c.Spawner.cmd = [${JSON.stringify(join(bin, "jupyterhub-singleuser"))}]
c.Spawner.args = ["--LabApp.news_url="]
`,
  );
  const hub = spawn(join(bin, "jupyterhub"), ["-f", config], {
    cwd: home,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      BACKPROP: projectRoot,
      EXCHANGE: exchange,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`JupyterHub did not start:\n${output.slice(-3000)}`)),
      90_000,
    );
    const read = (data: Buffer) => {
      output += data;
      if (!/JupyterHub is now running/.test(output)) return;
      clearTimeout(timer);
      resolve();
    };
    hub.stdout?.on("data", read);
    hub.stderr?.on("data", read);
    hub.on("exit", () => reject(new Error(`JupyterHub ended:\n${output.slice(-3000)}`)));
  });
  return hub;
}

function runAs(user: string, exchange: string, commands: string): string {
  const config = join(projectRoot, "notebooks", "coursework", "hub", "config");
  const script = `export PATH=${bin}:$PATH EXCHANGE=${exchange} JUPYTER_CONFIG_PATH=${config} JUPYTER_PATH=${kernels}; ${commands}`;
  const { status, stdout, stderr } = spawnSync("su", ["-", user, "-s", "/bin/bash", "-c", script], {
    encoding: "utf8",
    timeout: 600_000,
  });
  assert.equal(status, 0, `${user}: ${commands}\n${(stdout + stderr).slice(-3000)}`);
  return stdout + stderr;
}

async function signIn(browser: Browser, base: string, user: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  await page.goto(`${base}/hub/login`);
  await page.locator("#username_input").fill(user);
  await page.locator("#password_input").fill("any");
  await page.locator("#login_submit").click();
  await page.locator(".jp-LabShell, #jp-main-dock-panel").first().waitFor({ state: "attached" });
  return page;
}

/** nbgrader's list of assignments, by its menu. */
async function openAssignments(page: Page): Promise<void> {
  await choose(page, "Nbgrader", "Assignment List");
  await page
    .locator("button", { hasText: /^(?:Fetch|Submit)$/ })
    .first()
    .waitFor();
}

/** The student's work, typed in quickly. */
function solve(student: string, exchange: string): void {
  const script = `
import json, os
source = json.load(open("${join(projectRoot, "notebooks", "coursework", "source", "deltas", "deltas.ipynb")}"))
path = "/home/${student}/deltas/deltas.ipynb"
notebook = json.load(open(path))
by_id = {cell["id"]: cell for cell in source["cells"]}
for cell in notebook["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("solution"):
        cell["source"] = by_id[cell["id"]]["source"]
json.dump(notebook, open(path, "w"))

# Every cell in the page, in sight or not: what is looked for below stands near the end.
settings = "/home/${student}/.jupyter/lab/user-settings/@jupyterlab/notebook-extension"
os.makedirs(settings, exist_ok=True)
json.dump({"windowingMode": "none"}, open(settings + "/tracker.jupyterlab-settings", "w"))
`;
  writeFileSync("/tmp/backprop-solve.py", script);
  runAs(student, exchange, "python /tmp/backprop-solve.py");
}

/** Runs the whole notebook and sees the checks pass and the explorable alive, its script from the user's own address. */
async function runAndLook(page: Page, base: string, student: string): Promise<void> {
  const scripts: string[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("explore.js")) scripts.push(new URL(response.url()).pathname);
  });
  const kernelReady = watchKernel(page);
  await page.goto(`${base}/user/${student}/lab/workspaces/run/tree/deltas/deltas.ipynb`);
  await kernelReady();
  await choose(page, "Run", "Run All Cells");
  try {
    await page.locator("[data-explore]").first().waitFor({ state: "attached", timeout: 120_000 });
  } catch {
    await page.screenshot({ path: join(screenshots, "failed.png") });
    const cells = await page.locator(".jp-CodeCell").allInnerTexts();
    const ran = cells.map((text) => text.replace(/\s+/g, " ").slice(0, 300)).join("\n");
    assert.fail(
      `${student}'s notebook did not run to its end: see ${screenshots}/failed.png\n${ran}`,
    );
  }
  const one = page.locator("[data-explore]").first();
  await one.scrollIntoViewIfNeeded();
  await one.locator("section").first().waitFor();
  assert.deepEqual([...new Set(scripts)], [`/user/${student}/kernelspecs/backprop/explore.js`]);
  await Promise.all([
    page.waitForResponse(
      (response) =>
        response.request().method() === "PUT" && /\/api\/contents\//.test(response.url()),
    ),
    page.keyboard.press("Control+s"),
  ]);
}

/** What a student's processes hold, in megabytes: the part that is theirs alone. */
function memoryOf(user: string): string {
  const ids = spawnSync("pgrep", ["-u", user], { encoding: "utf8" })
    .stdout.trim()
    .split("\n")
    .filter(Boolean);
  let server = 0;
  let kernel = 0;
  for (const id of ids) {
    try {
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
      const proportional = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
      if (readFileSync(`/proc/${id}/cmdline`, "utf8").includes("kernel/node/main.ts"))
        kernel += proportional;
      else server += proportional;
    } catch {
      // It has ended meanwhile.
    }
  }
  return `server ${Math.round(server)} MB, kernel ${Math.round(kernel)} MB`;
}
