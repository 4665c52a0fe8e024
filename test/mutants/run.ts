/**
 * `npm run test:mutants -- src/nn/losses.ts …`: puts small faults into the files named, or into all that
 * stryker.config.mjs names, one after the other, and says which ones no test noticed. Options are Stryker's. With
 * `MUTANT_TESTS="test/nn/losses.test.ts …"` before it, only these tests are asked: minutes in place of hours.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const stryker = join(folder, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
if (!existsSync(stryker)) {
  console.log("Installing the mutation tester, into test/mutants/node_modules …");
  // It takes vitest from the project.
  const ci = ["ci", "--ignore-scripts", "--legacy-peer-deps"];
  execFileSync("npm", ci, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
}
const given = process.argv.slice(2);
const options = given.findIndex((one) => one.startsWith("-"));
const files = options < 0 ? given : given.slice(0, options);
const { status } = spawnSync(
  process.execPath,
  [
    ...[stryker, "run", join("test", "mutants", "stryker.config.mjs")],
    ...(files.length > 0 ? ["--mutate", files.join(",")] : []),
    ...given.slice(files.length),
  ],
  { cwd: join(folder, "..", ".."), stdio: "inherit" },
);
process.exitCode = status ?? 1;
