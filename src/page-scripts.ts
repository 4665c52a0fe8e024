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

/** What runs in the pages of the web edition alone: the first two at once, the others when they are needed. */
const siteBundles = {
  "reading.js": join(projectRoot, "src", "site", "live", "reading.ts"),
  "live.js": join(projectRoot, "src", "site", "live", "main.tsx"),
  "editor.js": join(projectRoot, "src", "site", "live", "editor.ts"),
  "search.js": join(projectRoot, "src", "site", "live", "search.ts"),
  "stills.js": join(projectRoot, "src", "site", "live", "stills.ts"),
  "page-kernel.js": join(projectRoot, "src", "site", "live", "page-kernel.ts"),
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

/** Writes what makes the pages of the web edition live, too. */
export function writeSiteScripts(folder: string): void {
  writePageScripts(folder);
  for (const [name, entry] of Object.entries(siteBundles))
    writeFileSync(join(folder, name), bundle(entry));
}

function bundle(entry: string): Uint8Array {
  return buildSync({ ...pageBundle, entryPoints: [entry] }).outputFiles[0].contents;
}
