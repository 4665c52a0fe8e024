/** `npm run site [-- --out folder]`: writes the web edition, a folder to open by double click or to put on any host. */
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../jupyter/command";
import { projectRoot } from "../kernel/argv";
import { notebookFiles, notebookName } from "../notebooks";
import { writeSite } from "./write";

runCommand(async () => {
  const { values } = parseArgs({ options: { out: { type: "string", default: "site" } } });
  const folder = resolve(projectRoot, values.out);
  const notebooks = notebookFiles().map((path) => ({
    name: notebookName(path),
    file: basename(path),
    notebook: JSON.parse(readFileSync(join(projectRoot, path), "utf8")),
  }));
  const { description } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  const pages = writeSite(folder, description, notebooks);
  for (const [name, html] of pages) console.log(`${name}: ${Math.round(html.length / 1000)} KB`);
  console.log(`The web edition is in ${folder}: open ${join(folder, "index.html")}.`);
});
