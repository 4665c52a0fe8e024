/** `npm run site [-- --out folder]`: writes the web edition, a folder to open by double click or to put on any host. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../jupyter/command";
import { projectRoot } from "../kernel/node/argv";
import { notebookFiles, notebookName } from "../notebooks";
import { writePageScripts } from "../page-scripts";
import { assets, buildPages } from "./build";
import { writePageKernel } from "./page-kernel";

runCommand(async () => {
  const { values } = parseArgs({ options: { out: { type: "string", default: "site" } } });
  const folder = resolve(projectRoot, values.out);
  const shared = join(folder, assets);
  rmSync(shared, { recursive: true, force: true });
  mkdirSync(shared, { recursive: true });

  const notebooks = notebookFiles().map((path) => ({
    name: notebookName(path),
    notebook: JSON.parse(readFileSync(join(projectRoot, path), "utf8")),
  }));
  const { description } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  const pages = buildPages(notebooks, description);
  for (const [name, html] of pages) writeFileSync(join(folder, name), html);

  writePageScripts(shared);
  await writePageKernel(shared);
  cpSync(join(projectRoot, "src", "site", "style.css"), join(shared, "site.css"));
  const katex = dirname(createRequire(import.meta.url).resolve("katex/dist/katex.min.css"));
  cpSync(join(katex, "katex.min.css"), join(shared, "katex.min.css"));
  // Every browser of today reads the smallest of the three formats.
  cpSync(join(katex, "fonts"), join(shared, "fonts"), {
    recursive: true,
    filter: (path) => !/\.(?:ttf|woff)$/.test(path),
  });

  for (const [name, html] of pages) console.log(`${name}: ${Math.round(html.length / 1000)} KB`);
  console.log(`The web edition is in ${folder}: open ${join(folder, "index.html")}.`);
});
