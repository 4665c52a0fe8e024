/**
 * Runs notebooks from top to bottom, says which outputs changed and by how much, and writes them back: all of them, or
 * those named. How long their cells took is kept for the web edition, whose pages say so before they run one.
 * `npm run notebooks`, `npm run notebooks deltas`
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/kernel/node/argv";
import { notebookFiles, notebookName } from "../../src/notebooks";
import { changedOutputs } from "./changes";
import { notebookText, readNotebook, runNotebook } from "./notebook";
import { keepSeconds } from "./seconds";

async function main(): Promise<void> {
  const all = notebookFiles();
  const wanted = process.argv.slice(2).map(notebookName);
  const paths = all.filter((path) => wanted.length === 0 || wanted.includes(notebookName(path)));
  if (paths.length === 0) {
    const names = all.map(notebookName).join(", ");
    throw new Error(`No notebook is called ${wanted.join(" or ")}. There are: ${names}.`);
  }
  for (const path of paths) {
    const start = performance.now();
    const before = readNotebook(path);
    const times: Record<string, number> = {};
    const after = await runNotebook(before, ({ id }, seconds) => {
      times[id] = seconds;
    });
    keepSeconds(notebookName(path), times);
    const text = notebookText(after);
    const changes = changedOutputs(before.cells, after.cells);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const what = changes.length === 0 ? "the same outputs" : `${changes.length} outputs changed`;
    console.log(`${path}: ${what}, ${Math.round(text.length / 1000)} KB, run in ${seconds} s`);
    for (const change of changes) console.log(`  ${change}`);
    writeFileSync(join(projectRoot, path), text);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
