/** Writes the web edition to a folder: its pages, and beside them what they share. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { projectRoot } from "../kernel/node/argv";
import { writeSiteScripts } from "../page-scripts";
import { assets, buildPages, type Named, notebookScripts } from "./build";
import { writePageKernel } from "./page-kernel";

/**
 * @param title of the whole
 * @param options as for `buildPages`
 * @returns the pages by their names
 */
export async function writeSite(
  folder: string,
  title: string,
  notebooks: readonly Named[],
  options: Parameters<typeof buildPages>[2] = {},
): Promise<Map<string, string>> {
  const shared = join(folder, assets);
  rmSync(shared, { recursive: true, force: true });
  mkdirSync(join(shared, "notebooks"), { recursive: true });
  const pages = buildPages(notebooks, title, options);
  removeStale(folder, pages);
  for (const [name, html] of pages) writeFileSync(join(folder, name), html);
  for (const [name, script] of notebookScripts(notebooks))
    writeFileSync(join(shared, name), script);

  writeSiteScripts(shared, options.coursework ? "class" : "course");
  await writePageKernel(shared);
  const site = join(projectRoot, "src", "site");
  cpSync(join(site, "style.css"), join(shared, "site.css"));
  cpSync(join(site, "live", "live.css"), join(shared, "live.css"));
  const { resolve } = createRequire(import.meta.url);
  const katex = dirname(resolve("katex/dist/katex.min.css"));
  for (const file of ["katex.min.css", "katex.min.js"])
    cpSync(join(katex, file), join(shared, file));
  // Every browser of today reads the smallest of the three formats.
  cpSync(join(katex, "fonts"), join(shared, "fonts"), {
    recursive: true,
    filter: (path) => !/\.(?:ttf|woff)$/.test(path),
  });
  const serif = dirname(resolve("@fontsource-variable/source-serif-4/package.json"));
  for (const style of ["normal", "italic"]) {
    const file = `source-serif-4-latin-wght-${style}.woff2`;
    cpSync(join(serif, "files", file), join(shared, "fonts", file));
  }
  // Its licence asks to be passed on.
  cpSync(join(serif, "LICENSE"), join(shared, "fonts", "source-serif-4-LICENSE.txt"));
  return pages;
}

/** Takes away the pages of an earlier edition that this one does not have: without their scripts they would do nothing. */
export function removeStale(folder: string, pages: ReadonlyMap<string, string>): void {
  for (const name of readdirSync(folder)) {
    const isOurs = () => /<html [^>]*data-backprop=/.test(readFileSync(join(folder, name), "utf8"));
    if (name.endsWith(".html") && !pages.has(name) && isOurs()) rmSync(join(folder, name));
  }
}
