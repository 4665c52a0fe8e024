import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explainNpmFailure, missingPackages, nodeIsSupported } from "../../src/jupyter/install.mjs";
import { projectRoot } from "../../src/kernel/node/argv";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "install-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Package {
  version: string;
  [more: string]: unknown;
}

function writeLock(packages: Record<string, Package>): void {
  const text = JSON.stringify({ packages: { "": { name: "x" }, ...packages } });
  writeFileSync(join(root, "package-lock.json"), text);
}

/** Fills node_modules as npm does. */
function writeModules(packages: Record<string, Package>): void {
  for (const path of Object.keys(packages)) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "package.json"), "{}");
  }
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
}

test.each([
  ["20.18.3", false],
  ["20.19.0", true],
  ["21.7.0", false],
  ["22.12.0", false],
  ["22.13.0", true],
  ["23.11.0", false],
  ["24.0.0", true],
  ["26.1.0", true],
  ["18.20.0", false],
])("Node %s is supported: %s", (version, supported) => {
  expect(nodeIsSupported(version)).toBe(supported);
});

describe("what is missing", () => {
  const a = { "node_modules/a": { version: "1.0.0" } };

  test("nothing, when all is there in the right version", () => {
    writeLock(a);
    writeModules(a);
    expect(missingPackages(root)).toEqual([]);
  });

  test("everything, without node_modules or after an interrupted npm ci", () => {
    writeLock(a);
    expect(missingPackages(root)).toEqual(["node_modules/a"]);
    // npm writes its hidden lock file last.
    mkdirSync(join(root, "node_modules/a"), { recursive: true });
    expect(missingPackages(root)).toEqual(["node_modules/a"]);
  });

  test("a package of another version, or whose folder is gone", () => {
    writeLock({ ...a, "node_modules/b": { version: "2.0.0" } });
    writeModules({ ...a, "node_modules/b": { version: "1.9.0" } });
    expect(missingPackages(root)).toEqual(["node_modules/b"]);
    rmSync(join(root, "node_modules/a"), { recursive: true });
    expect(missingPackages(root)).toEqual(["node_modules/a", "node_modules/b"]);
  });

  test("an optional package only if it is for this platform", () => {
    const other = process.platform === "win32" ? "linux" : "win32";
    const forOther = { version: "1.0.0", optional: true, os: [other], cpu: [process.arch] };
    const forThis = { ...forOther, os: [process.platform] };
    writeLock({ ...a, "node_modules/other": forOther, "node_modules/this": forThis });
    writeModules(a);
    expect(missingPackages(root)).toEqual(["node_modules/this"]);
  });

  test("is an error of its own without a lock file", () => {
    expect(() => missingPackages(root)).toThrow(/package-lock\.json cannot be read.*git checkout/);
  });
});

test.each([
  ["npm error code ENOTFOUND\nnpm error network", /needs the internet/],
  ["npm error code EACCES\nnpm error syscall mkdir", /make the folder writable/],
  ["npm error code EROFS", /make the folder writable/],
  ["npm error code ENOSPC", /disk is full/],
  ["npm error something else", /npm ci failed.*\nnpm error something else$/],
])("explains npm's %j", (output, sentence) => {
  expect(explainNpmFailure(output, "/course")).toMatch(sentence);
});

describe("as a command", () => {
  /** Runs a copy of the script, with a program of ours in npm's place. */
  function run(npm: string): { status: number | null; stdout: string; stderr: string } {
    mkdirSync(join(root, "src/jupyter"), { recursive: true });
    const script = join(root, "src/jupyter/install.mjs");
    copyFileSync(join(projectRoot, "src/jupyter/install.mjs"), script);
    const npmPath = join(root, "npm-cli.cjs");
    writeFileSync(npmPath, npm);
    return spawnSync(process.execPath, [script], {
      encoding: "utf8",
      env: { ...process.env, npm_execpath: npmPath },
    });
  }
  const leaveTrace = 'require("node:fs").writeFileSync("called", process.argv.slice(2).join(" "));';

  test("is silent and runs nothing when nothing is missing", () => {
    writeLock({});
    writeModules({});
    expect(run(leaveTrace)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(existsSync(join(root, "called"))).toBe(false);
  });

  test("says what it does, and runs npm ci in the project's folder", () => {
    writeLock({ "node_modules/a": { version: "1.0.0" } });
    const { status, stdout } = run(leaveTrace);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Installing .*npm ci/);
    expect(existsSync(join(root, "called"))).toBe(true);
  });

  test("ends with code 1 and one sentence when npm fails", () => {
    writeLock({ "node_modules/a": { version: "1.0.0" } });
    const { status, stderr } = run('console.error("npm error code EAI_AGAIN"); process.exit(1);');
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("needs the internet");
  });
});

test("npx tsc is the compiler of package.json, and not the one that notebook cells are compiled with", () => {
  const read = (file: string) => JSON.parse(readFileSync(join(projectRoot, file), "utf8"));
  const { status, stdout } = spawnSync("npx", ["--no", "--", "tsc", "--version"], {
    cwd: projectRoot,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  expect(status).toBe(0);
  expect(stdout.trim()).toBe(`Version ${read("package.json").devDependencies.typescript}`);
  // npm links the first of two commands of one name, so the lock file leaves out the kernel's. CONTRIBUTING.md says more.
  const withTsc = Object.entries<{ bin?: object }>(read("package-lock.json").packages)
    .filter(([, { bin = {} }]) => "tsc" in bin)
    .map(([path]) => path);
  expect(withTsc).toEqual(["node_modules/typescript"]);
});
