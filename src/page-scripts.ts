/** The scripts that figures and explorables load in a page, Jupyter's or the web edition's. */
import { copyFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { projectRoot } from "./kernel/node/argv";
import { pageBundle } from "./show/inline";

/** What runs in pages, by the name of its bundle. */
const bundles = {
  "figures.js": join(projectRoot, "src", "show", "browser.ts"),
  "cards.js": join(projectRoot, "src", "cards", "page", "main.tsx"),
  "explore.js": join(projectRoot, "src", "explore", "page", "main.tsx"),
};

/** What runs in pages with notebooks alone: the first one at once, the others when they are needed. */
const live = (file: string) => join(projectRoot, "src", "site", "live", file);
const siteBundles = {
  "reading.js": live("reading.ts"),
  "editor.js": live("editor.ts"),
  "search.js": live("search.ts"),
  "page-kernel.js": live("page-kernel.ts"),
};
/** And in those of the web edition, or of a class: again the first one at once. */
const editions = {
  course: { "live.js": live("main.tsx"), "stills.js": live("stills.ts") },
  class: { "coursework.js": live("coursework.tsx"), "answer-html.js": live("answer-html.ts") },
};

/** The names of the files that `writePageScripts` writes. */
export const pageScripts = ["plotly.min.js", ...Object.keys(bundles)];

/** Writes Plotly, and what draws with it, into a folder that is there. */
export function writePageScripts(folder: string): void {
  const plotly = createRequire(import.meta.url).resolve("plotly.js-dist-min/plotly.min.js");
  copyFileSync(plotly, join(folder, "plotly.min.js"));
  for (const [name, entry] of Object.entries(bundles))
    writeFileSync(join(folder, name), bundle(entry));
}

/** Writes what makes the pages of the web edition live, or those of a class, too. */
export function writeSiteScripts(folder: string, edition: keyof typeof editions): void {
  writePageScripts(folder);
  for (const [name, entry] of Object.entries({ ...siteBundles, ...editions[edition] }))
    writeFileSync(join(folder, name), bundle(entry));
}

function bundle(entry: string): Uint8Array {
  return buildSync({ ...pageBundle, entryPoints: [entry] }).outputFiles[0].contents;
}
