/** Which room may import which: biome.json says so, and here it is seen to refuse. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../src/kernel/node/argv";

const refused = [
  ["src/arithmetic/powers.ts", "../nn"],
  ["src/arithmetic.ts", "./nn"],
  ["src/nn/network.ts", "../training"],
  ["src/nn/losses.ts", "../engines/create"],
  ["src/nn/batch.ts", "../data"],
  ["src/nn/names.ts", "node:fs"],
  ["src/nn.ts", "./training"],
  ["src/engines/blocked.ts", "../training"],
  ["src/training/training.ts", "../engines/blocked"],
  ["src/training/history.ts", "../show"],
  ["src/arrays/windows.ts", "../tensors"],
  ["src/arrays/products.ts", "../engines/product"],
  ["src/arrays.ts", "./tensors/tensor"],
  ["src/tensors/products.ts", "../nn"],
  ["src/tensors/axes.ts", "../arrays/axes"],
  ["src/tensors/model.ts", "../engines/product"],
  ["src/tensors.ts", "./training"],
  ["src/tensors/backward.ts", "node:fs"],
  ["src/arrays/memory.ts", "node:fs"],
  ["src/graph/network.ts", "../nn/losses"],
  ["src/names.ts", "./show"],
  ["src/suspects.ts", "./training"],
  ["src/show/live.ts", "../training/training"],
  ["src/show/plotly.ts", "../jupyter/command"],
  ["src/explore/page/main.tsx", "../../jupyter/command"],
  ["src/explore/kinds/slope.page.tsx", "../../nn/losses"],
  ["src/explore/kinds/attention.ts", "../../tensors/axes"],
  ["src/cards/judge.ts", "../nn"],
  ["src/cards/page/main.tsx", "../../explore/explorable"],
  ["src/cards.ts", "./exercise"],
  ["src/review.ts", "./cards/card"],
  ["src/coursework/deltas.ts", "../kernel/grading"],
  ["src/coursework/attention.ts", "../tensors/products"],
  ["src/kernel/cells.ts", "../nn"],
  ["src/kernel/errors.ts", "node:util"],
  ["src/kernel/output.ts", "node:async_hooks"],
  ["src/kernel/run.ts", "./node/wire"],
  ["src/kernel/session.ts", "zeromq"],
  ["src/kernel/stale.ts", "./grading/child"],
  ["src/kernel/node/server.ts", "../../nn"],
  ["src/kernel/node/wire.ts", "../page/kernel"],
  ["src/kernel/page/worker.ts", "../node/runner"],
  ["src/kernel/page/files.ts", "node:fs"],
  ["src/kernel/grading/inside.ts", "../../nn"],
];
const allowed = [
  ["src/arithmetic/random.ts", "./pairs"],
  ["src/nn/activations.ts", "../arithmetic"],
  ["src/training/schedules.ts", "../nn/batch"],
  ["src/arrays/places.ts", "../engines"],
  ["src/tensors/moving.ts", "../arrays"],
  ["src/show/curves.ts", "../training"],
  ["src/cards/page/curve.tsx", "../../explore/chart"],
  ["src/coursework/convolution.ts", "../tensors"],
  ["src/kernel/uses.ts", "../coursework/offered"],
  ["src/kernel/node/main.ts", "../session"],
  ["src/kernel/node/stdin.ts", "node:stream"],
  ["src/kernel/page/runner.ts", "../cells"],
  ["src/explore/kinds/digits.page.tsx", "../../nn"],
  ["src/explore/kinds/slope.ts", "../chart"],
  ["src/explore/kinds/convolution.ts", "../../tensors"],
  ["src/kernel/grading/child.ts", "../boxed"],
];

let folder: string;
let said: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rooms-"));
  const rules = JSON.parse(readFileSync(join(projectRoot, "biome.json"), "utf8"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...rules, vcs: { enabled: false } }));
  for (const [file, from] of [...refused, ...allowed]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `import { something } from "${from}";\nsomething();\n`);
  }
  const biome = join(projectRoot, "node_modules", "@biomejs", "biome", "bin", "biome");
  const lint = [biome, "lint", "--max-diagnostics=200"];
  const { stdout, stderr } = spawnSync(process.execPath, lint, { cwd: folder, encoding: "utf8" });
  said = stdout + stderr;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fault = (file: string) =>
  new RegExp(
    `${file}:\\d+:\\d+ lint/(?:style/noRestrictedImports|correctness/noNodejsModules)`,
  ).test(said);

test.each(refused)("%s may not import %s", (file) => expect(fault(file)).toBe(true));
test.each(allowed)("%s may import %s", (file) => expect(fault(file)).toBe(false));
