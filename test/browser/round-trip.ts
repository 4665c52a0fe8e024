/** A notebook on its way: changed and run in its page, downloaded, run on in JupyterLab, saved, and opened in its page again. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import type { Server } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";
import { notebookName } from "../../src/notebooks";
import { type Notebook, notebookText } from "../notebooks/notebook";
import { idle } from "./live-notebooks";
import { faultsIn, openedIsClean, openNotebook, runAll } from "./reader";

const sourceOf = (notebook: Notebook, id: string) =>
  notebook.cells.find((cell) => cell.id === id)?.source.join("") ?? "";
const withoutSources = ({ cells }: Notebook) =>
  cells.map(({ cell_type, id, metadata }) => ({ cell_type, id, metadata }));

/** @param files the folder that JupyterLab shows, in which the notebook lies */
export async function roundTrip(
  browser: Browser,
  server: Server,
  files: string,
  path: string,
  notebook: Notebook,
): Promise<string> {
  const site = join(files, "site");
  execFileSync(process.execPath, ["--import", "tsx", "src/site/command.ts", "--out", site], {
    cwd: projectRoot,
  });
  const address = pathToFileURL(join(site, `${notebookName(path)}.html`)).href;
  const given = sourceOf(notebook, "try-it");
  const { from, to } = notebook.cells.find(({ id }) => id === "try-it")?.metadata.try ?? {};
  assert.ok(from && to);
  const changed = given.replace(from, to);

  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  const cell = page.locator("[data-cell=try-it]");
  await cell.locator(".code").click();
  await cell.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(changed);
  await page.getByRole("button", { name: "Run all" }).click();
  await idle(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as .ipynb" }).click(),
  ]);
  await download.saveAs(join(files, path));
  await context.close(); // and with it what the page has kept

  const mine: Notebook = JSON.parse(readFileSync(join(files, path), "utf8"));
  assert.equal(sourceOf(mine, "try-it"), changed);
  assert.deepEqual(withoutSources(mine), withoutSources(notebook));
  assert.equal(readFileSync(join(files, path), "utf8"), notebookText(mine));

  const lab = await openNotebook(browser, server, path, mine);
  await openedIsClean(lab, join(files, path));
  const saved = await runAll(lab);
  await lab.page.close();
  assert.deepEqual(faultsIn(saved), faultsIn(notebook));

  const again = await browser.newPage();
  again.setDefaultTimeout(60_000);
  await again.goto(address);
  await again.locator("input[type=file]").first().setInputFiles(join(files, path));
  await again.getByText(/is open: 1 cell of yours/).waitFor();
  const shown = await again.locator("[data-cell=try-it] .cm-content").allInnerTexts();
  assert.equal(shown.join("\n").trim(), changed.trim());
  assert.equal(await again.locator(".cell.is-stale").count(), 0);
  await again.close();
  return `${from} → ${to}`;
}
