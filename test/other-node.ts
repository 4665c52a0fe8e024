/** Other versions of Node.js, each out of its package, in a folder that git does not see. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Trouble } from "../src/jupyter/command";
import { projectRoot } from "../src/kernel/node/argv";

/**
 * Path of a Node of this major version, installed in a folder of its own if it is not there.
 *
 * @throws Trouble for what is no version, or with what npm said
 */
export function otherNode(major: string): string {
  if (!/^\d+$/.test(major))
    throw new Trouble(`A major version of Node is wanted, such as 24, but got "${major}".`);
  const folder = join(projectRoot, ".jupyter", `node-${major}`);
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const program = process.platform === "win32" ? "node.exe" : "node";
  const node = join(folder, "node_modules", name, "bin", program);
  if (existsSync(node)) return node;
  console.log(`Installing Node ${major} into ${folder} …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}"); // so that npm takes this folder for the project
  const { stdout, stderr } = spawnSync(
    "npm",
    ["install", "--ignore-scripts", "--no-save", "--no-package-lock", `${name}@${major}`],
    { cwd: folder, encoding: "utf8", shell: process.platform === "win32" },
  );
  if (existsSync(node)) return node;
  throw new Trouble(`Node ${major} could not be installed:\n${stdout}${stderr}`);
}

/** The environment in which a program, and all that it starts by the name of node, finds this one. */
export function environmentWith(node: string): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
}
