/**
 * Installs what the benchmark compares with, bundles it with the library and runs it.
 *
 * The bundle is for fairness: modules that tsx has loaded reach every import through two getters,
 * which an inner loop feels, and which neither a notebook nor a browser has.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const folder = import.meta.dirname;
const installed = join(folder, "node_modules");
if (!existsSync(join(installed, "synaptic", "package.json"))) {
  console.log("Installing the libraries to compare with, into test/bench/node_modules …");
  execFileSync("npm", ["ci", "--ignore-scripts", "--omit=optional"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
const bundle = join(installed, "compare.mjs");
buildSync({
  entryPoints: [join(folder, "compare.ts")],
  bundle: true,
  platform: "node",
  format: "esm",
  outfile: bundle,
});
execFileSync(process.execPath, [bundle, folder], { stdio: "inherit" });
