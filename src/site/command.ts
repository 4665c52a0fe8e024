/** `npm run site [-- --out folder]`: writes the web edition, a folder to open by double click or to put on any host. */
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../jupyter/command";
import { dependenciesOf } from "../kernel/dependencies";
import { projectRoot } from "../kernel/node/argv";
import { courseTitle, notebookFiles, notebookName } from "../notebooks";
import type { Heights } from "./heights";
import heights from "./heights.json";
import { type NotebookFile, textOf } from "./notebook-file";
import seconds from "./seconds.json";
import { writeSite } from "./write";

/** How long cells took when their outputs were stored, by notebook and cell. */
const times: Record<string, Record<string, number>> = seconds;
/** How high explorables are, by notebook and cell; those of the front door under its own name. */
const rooms: Record<string, Heights> = heights;

runCommand(async () => {
  const { values } = parseArgs({ options: { out: { type: "string", default: "site" } } });
  const folder = resolve(projectRoot, values.out);
  const notebooks = notebookFiles().map((path) => {
    const name = notebookName(path);
    const notebook: NotebookFile = JSON.parse(readFileSync(join(projectRoot, path), "utf8"));
    const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
    const dependencies = code.map(({ source }) => dependenciesOf(textOf(source)));
    return {
      name,
      file: basename(path),
      notebook,
      dependencies,
      seconds: times[name],
      heights: rooms[name],
    };
  });
  const pages = await writeSite(folder, courseTitle, notebooks, { heights: rooms.index });
  for (const [name, html] of pages) console.log(`${name}: ${Math.round(html.length / 1000)} KB`);
  console.log(`The web edition is in ${folder}: open ${join(folder, "index.html")}.`);
});
