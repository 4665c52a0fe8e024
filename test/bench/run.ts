/**
 * Installs what the benchmark compares with, bundles it with the library and runs it.
 *
 * The bundle is for fairness: modules that tsx has loaded reach every import through two getters,
 * which an inner loop feels, and which neither a notebook nor a browser has.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { jaxPython } from "../nn/jax";

const folder = import.meta.dirname;
const installed = join(folder, "node_modules");
const shell = process.platform === "win32";
if (!existsSync(join(installed, "convnetjs", "package.json"))) {
  console.log("Installing the libraries to compare with, into test/bench/node_modules …");
  const ci = ["ci", "--ignore-scripts", "--omit=optional"];
  execFileSync("npm", ci, { cwd: folder, stdio: "inherit", shell });
}

// tfjs node fetches a native library when it is installed, which not every network allows: tried once.
const native = join(installed, ".native");
if (!existsSync(native)) {
  console.log("Trying to install TensorFlow.js's native backend …");
  mkdirSync(native);
  writeFileSync(join(native, "package.json"), "{}");
  const install = ["install", "--no-save", "--no-package-lock", "--ignore-scripts=false"];
  const { status, stdout, stderr } = spawnSync(
    "npm",
    [...install, "@tensorflow/tfjs-node@4.22.0"],
    {
      ...{ cwd: native, shell, encoding: "utf8", timeout: 300_000 },
    },
  );
  const why = /(ENOTFOUND|ECONN\w+|ETIMEDOUT).*/.exec(stdout + stderr)?.[0] ?? stderr.slice(0, 300);
  if (status !== 0) console.log(`It cannot be: ${why}`);
}

const bundle = join(installed, "compare.mjs");
buildSync({
  entryPoints: [join(folder, "compare.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  outfile: bundle,
});
jaxPython()
  .then((python) => [python])
  .catch((error: Error) => ["", error.message.split("\n").slice(-3).join(" ")])
  .then((python) => {
    const command = ["--expose-gc", bundle, folder, ...python];
    process.exitCode = spawnSync(process.execPath, command, { stdio: "inherit" }).status ?? 1;
  });
