/** `npm run test:node -- 24`: the tests on another Node; what follows the version goes to vitest. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runCommand } from "../src/jupyter/command";
import { projectRoot } from "../src/kernel/node/argv";
import { environmentWith, otherNode } from "./other-node";

runCommand(() => {
  const [major = "", ...filters] = process.argv.slice(2);
  const node = otherNode(major);
  const { stdout: version } = spawnSync(node, ["--version"], { encoding: "utf8" });
  console.log(`Node ${version.trim()}`);
  const vitest = join(projectRoot, "node_modules", "vitest", "vitest.mjs");
  const { status } = spawnSync(node, [vitest, "run", ...filters], {
    cwd: projectRoot,
    stdio: "inherit",
    env: environmentWith(node),
  });
  process.exitCode = status ?? 1;
});
