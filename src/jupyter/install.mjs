// Installs the project's packages when they are missing. Plain JavaScript without any package, as it runs
// before there are any: `node src/jupyter/install.mjs` comes first in every script of package.json.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Whether the project runs on this Node: 20.19 or newer of 20, 22.13 or newer of 22, 24 or newer.
 *
 * @param {string} version as `process.versions.node` has it
 * @returns {boolean}
 */
export function nodeIsSupported(version) {
  const [major, minor] = version.split(".").map(Number);
  return major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19);
}

/**
 * What is missing in node_modules, or is there in another version than the lock file says.
 * A package for another platform is rightly missing; one for this platform is not, as happens when
 * the folder came from another machine.
 *
 * @param {string} root the project's folder
 * @returns {string[]} paths as the lock file has them; empty when all is there
 */
export function missingPackages(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  if (!wanted)
    throw new Error(
      `${join(root, "package-lock.json")} cannot be read: put it back with git checkout.`,
    );
  const present = readPackages(join(root, "node_modules", ".package-lock.json")) ?? {};
  return Object.keys(wanted).filter((path) => {
    if (path === "") return false;
    if (!present[path]) return !wanted[path].optional || isForThisPlatform(wanted[path]);
    return (
      present[path].version !== wanted[path].version ||
      !existsSync(join(root, path, "package.json"))
    );
  });
}

/**
 * @typedef {{ version: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Package
 * @param {string} file
 * @returns {Record<string, Package> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** @param {Package} wanted @returns {boolean} false as well where that cannot be told */
function isForThisPlatform({ os, cpu, libc }) {
  return (
    !libc && (os?.includes(process.platform) ?? false) && (cpu?.includes(process.arch) ?? false)
  );
}

/**
 * One sentence on why npm failed, and what to do.
 *
 * @param {string} output what npm printed
 * @param {string} root
 * @returns {string}
 */
export function explainNpmFailure(output, root) {
  if (/\b(EROFS|EACCES|EPERM)\b/.test(output))
    return `The packages could not be written into ${root}: make the folder writable, or clone the project into one that is.`;
  if (/\bENOSPC\b/.test(output))
    return `The packages could not be written into ${root}: the disk is full; 400 MB are enough.`;
  if (
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/.test(
      output,
    )
  )
    return "The packages could not be fetched: the first start needs the internet (npm's registry); connect and try again.";
  // What went wrong comes first; then npm's usage, and where its log is.
  const lines = output.split("\n").filter((line) => /^npm error\s+\S/.test(line));
  return `npm ci failed in ${root}; fix what it reports and try again:\n${lines.slice(0, 5).join("\n")}`;
}

/**
 * Runs `npm ci`. The npm that runs this script is used again, so that Windows needs no shell.
 *
 * @param {string} root
 * @returns {string | undefined} what went wrong
 */
function runNpm(root) {
  const args = ["ci", "--include=dev", "--include=optional", "--no-progress", "--prefer-offline"];
  args.push("--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000");
  const running = process.env.npm_execpath;
  const ours = running !== undefined && basename(running).startsWith("npm-cli");
  const result = ours
    ? spawnSync(process.execPath, [running, ...args], { cwd: root, encoding: "utf8" })
    : spawnSync("npm", args, {
        cwd: root,
        encoding: "utf8",
        shell: process.platform === "win32",
      });
  if (result.error || result.status === 127)
    return "npm was not found: install Node together with npm (https://nodejs.org) and try again.";
  if (result.status === 0) return undefined;
  return explainNpmFailure(`${result.stdout}\n${result.stderr}`, root);
}

/** @param {string} root @returns {string | undefined} what went wrong */
function install(root) {
  if (!nodeIsSupported(process.versions.node))
    return `This is Node ${process.versions.node}, and the course needs Node 20.19, 22.13, 24 or newer: install one from https://nodejs.org and try again.`;
  if (missingPackages(root).length === 0) return undefined;
  console.log("Installing the packages that package-lock.json lists (npm ci) …");
  return runNpm(root);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const trouble = install(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  if (trouble) {
    console.error(trouble);
    process.exitCode = 1;
  }
}
