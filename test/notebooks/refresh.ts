/**
 * Runs notebooks from top to bottom, says which outputs changed and by how much, and writes them back: all of them, or
 * those named.
 * `npm run notebooks`, `npm run notebooks 03-deltas`
 */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../src/kernel/argv";
import { changedOutputs } from "./changes";
import { notebookText, readNotebook, runNotebook, workingNames } from "./notebook";

async function main(): Promise<void> {
  const all = workingNames();
  const wanted = process.argv.slice(2).map((name) => basename(name, ".ipynb"));
  const names = all.filter((name) => wanted.length === 0 || wanted.includes(name));
  if (names.length === 0) {
    throw new Error(`No notebook is called ${wanted.join(" or ")}. There are: ${all.join(", ")}.`);
  }
  for (const name of names) {
    const path = `notebooks/${name}.ipynb`;
    const start = performance.now();
    const before = readNotebook(path);
    const after = await runNotebook(before);
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
