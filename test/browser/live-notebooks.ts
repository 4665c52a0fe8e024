/// <reference lib="dom" />
/** The course's own notebooks, run in their pages by the kernel that the pages have. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { notebookName, notebookPath } from "../../src/notebooks";
import { linesOf, textOf } from "../../src/site/notebook-file";
import seconds from "../../src/site/seconds.json";
import { filled } from "../notebooks/filled";
import {
  type Cell,
  committedNotebook,
  type Notebook,
  notebookPaths,
  reproducible,
} from "../notebooks/notebook";
import { sixFunctions } from "../notebooks/solutions";
import { check, comesTo, twoAtATime } from "./browser";

/** Cells that cannot give in a page what they give in Node. */
const apart = new Map([
  ["fast-code memory", "asks Node for its memory, and says that a page has none"],
  ["why-backpropagation time", "times some passes, too short ones for the coarse clock of a page"],
]);

/** What stands on the page at a place, line by line. */
export async function seen(place: Locator): Promise<string> {
  return (await place.allInnerTexts()).join("\n");
}

const secondsOf = (name: string) =>
  Object.values((seconds as Record<string, Record<string, number>>)[name] ?? {}).reduce(
    (sum, one) => sum + one,
    0,
  );

/**
 * @param folder of the pages, for what is downloaded
 * @param part of the names of checks: only these are done
 */
export async function checkNotebooks(
  browser: Browser,
  url: string,
  folder: string,
  part = "",
): Promise<void> {
  const checkPart = async (name: string, run: () => Promise<string | undefined>) => {
    if (name.includes(part)) await check(name, run);
  };
  const notebooks = notebookPaths().map((path) => ({
    name: notebookName(path),
    file: path.replace(/.*\//, ""),
    notebook: committedNotebook(path),
  }));
  await twoAtATime(notebooks, async ({ name, file, notebook }) => {
    await checkPart(`${name}: run whole, every cell shows what is committed`, async () => {
      const page = await open(browser, `${url}${name}.html`);
      await page.getByRole("button", { name: "Run all" }).click();
      await idle(page);
      return compare(page, name, file, notebook, folder);
    });
    // What takes long is run once: the order of cells is tried by all others.
    if (secondsOf(name) > 3) return;
    await checkPart(
      `${name}: from the last cell to the first, each with what it needs`,
      async () => {
        const page = await open(browser, `${url}${name}.html`);
        for (let n = (await page.locator(".cell").count()) - 1; n >= 0; n--) {
          await page
            .locator(".cell")
            .nth(n)
            .getByRole("button", { name: `Run cell ${n + 1}` })
            .first()
            .click();
          await idle(page);
        }
        return compare(page, name, file, notebook, folder);
      },
    );
  });
  await checkPart("build-it-yourself: filled in, it learns to read in the page", () =>
    buildIt(browser, `${url}build-it-yourself.html`),
  );
  await checkPart("Try it: the figures below follow", () => tryIt(browser, `${url}training.html`));
  await checkPart("an explorable's settings are there again, and are reset with the page", () =>
    keepSettings(browser, `${url}weight-updates.html`),
  );
  await checkPart("stopped: an endless loop, with all variables kept", () =>
    stopLoop(browser, `${url}start-here.html`),
  );
  await checkPart("an endless flood is cut, and the page stays usable", () =>
    flood(browser, `${url}start-here.html`),
  );
  await checkPart("exhausted memory costs nothing that was typed", () =>
    exhaust(browser, `${url}start-here.html`),
  );
  await checkPart("memory stays flat over 200 runs of a figure", () =>
    runOften(browser, `${url}training.html`),
  );
}

async function open(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => console.log(`      in the page: ${error}`));
  await page.goto(url);
  return page;
}

/** Waits until nothing runs; long runs above are agreed to. */
export async function idle(page: Page): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; await page.waitForTimeout(40)) {
    const agree = page.getByRole("button", { name: "Run them too" });
    if ((await agree.count()) > 0) await agree.click();
    const isBusy = await page.evaluate(() =>
      Array.from(document.querySelectorAll(".cell .state"), (one) => one.textContent ?? "").some(
        (text) => /running|waits/.test(text),
      ),
    );
    if (!isBusy) return;
  }
  throw new Error("A cell still runs after five minutes.");
}

async function compare(
  page: Page,
  name: string,
  file: string,
  notebook: Notebook,
  folder: string,
): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as .ipynb" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), file);
  const path = join(folder, file);
  await download.saveAs(path);
  const mine: Notebook = JSON.parse(readFileSync(path, "utf8"));
  const differing = notebook.cells.flatMap((cell, n) => {
    if (cell.cell_type !== "code" || apart.has(`${name} ${cell.id}`)) return [];
    const [is, was] = [mine.cells[n], cell].map((one) => JSON.stringify(shownBy(one)));
    return is === was ? [] : [`${cell.id}: ${is.slice(0, 300)}\n   not: ${was.slice(0, 300)}`];
  });
  assert.deepEqual(differing, []);
  const withoutStill = mine.cells.filter(({ outputs = [] }) =>
    outputs.some(({ data = {} }) => {
      const html = textOf(data["text/html"]);
      return html.includes("data-figure") && !/<img src="data:image\/svg[^"]{400}/.test(html);
    }),
  );
  assert.deepEqual(
    withoutStill.map(({ id }) => id),
    [],
    "figures without a still",
  );
  await page.context().close();
  return `${notebook.cells.filter(({ cell_type }) => cell_type === "code").length} cells`;
}

/** What a reader sees of a cell, but for pictures, which each engine draws in its way, and the places of errors in cells. */
function shownBy(cell: Cell): unknown {
  const outputs = (cell.outputs ?? []).map((output) => {
    const html = output.data?.["text/html"];
    const shown = html
      ? {
          ...output.data,
          "text/html": linesOf(textOf(html).replace(/<img[^>]*>|"training-\d+"/g, "")),
        }
      : output.data;
    const where = (text: unknown) => textOf(text).replace(/cell \d+/g, "cell");
    return {
      ...output,
      execution_count: undefined,
      ...(shown ? { data: shown } : {}),
      ...(output.evalue ? { evalue: where(output.evalue), traceback: [] } : {}),
    };
  });
  return reproducible({ ...cell, outputs });
}

/** What a reader would write, typed into the page; then everything is run. */
async function buildIt(browser: Browser, url: string) {
  const page = await open(browser, url);
  const { cells } = committedNotebook(notebookPath("build-it-yourself"));
  for (const [id, solution] of Object.entries(sixFunctions)) {
    const cell = page.locator(`[data-cell="${id}"]`);
    await cell.locator(".code").click();
    await cell.locator(".cm-content").waitFor();
    await page.keyboard.press("Control+a");
    const source = cells.find((one) => one.id === id)?.source.join("") ?? "";
    await page.keyboard.insertText(filled(source, [solution]));
  }
  const start = Date.now();
  await page.getByRole("button", { name: "Run all" }).click();
  await idle(page);
  const seconds = (Date.now() - start) / 1000;
  const shown = (id: string) => seen(page.locator(`[data-cell="${id}"] .outputs`));
  assert.equal((await shown("state")).match(/✓ right/g)?.length, 6, await shown("state"));
  assert.equal((await shown("xor")).match(/✓ right/g)?.length, 4, await shown("xor"));
  await page.locator('[data-cell="read"]').getByText("Just show me").click();
  const read = /your six functions\s+(\d+)\s+([\d.]+)/.exec(await shown("read"));
  assert.ok(Number(read?.[2]) >= 95, await shown("read"));
  assert.match(await shown("apart"), /less than 1e-9/);
  assert.ok(seconds < 60, `it took ${seconds.toFixed(0)} s`);
  await page.context().close();
  return `${read?.[1]} of 400 in ${seconds.toFixed(0)} s`;
}

async function tryIt(browser: Browser, url: string) {
  const page = await open(browser, url);
  const cell = page.locator("[data-cell=try-it]");
  await cell.locator(".code").click();
  const content = cell.locator(".cm-content");
  await content.waitFor();
  const code = (await seen(content)).replace(/learningRate = \S+;/, "learningRate = 0.55;");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
  const curve = page.locator("[data-cell=try-train] .outputs");
  await curve
    .getByText(/α = 0\.55/)
    .first()
    .waitFor();
  await idle(page);
  assert.equal(await page.locator(".cell.is-stale").count(), 0);
  await page.context().close();
  return undefined;
}

async function keepSettings(browser: Browser, url: string) {
  const page = await open(browser, url);
  const slider = page.locator("[data-explore=slope]").locator("input[type=range]").first();
  const value = async () => {
    await page.locator("[data-explore=slope]").scrollIntoViewIfNeeded();
    await slider.waitFor();
    return slider.inputValue();
  };
  const before = await value();
  await slider.focus();
  for (let presses = 0; presses < 2; presses++) {
    const kept = await page.evaluate(() => JSON.stringify(localStorage));
    await page.keyboard.press("ArrowRight");
    // It is kept a moment after it is drawn.
    await page.waitForFunction((before) => JSON.stringify(localStorage) !== before, kept);
  }
  const changed = await value();
  assert.notEqual(changed, before);
  await page.reload();
  assert.equal(await value(), changed);
  await page.getByText("More", { exact: true }).click();
  await page.getByRole("button", { name: "Reset this page" }).click();
  await page.getByRole("button", { name: "Yes, forget it" }).click();
  await comesTo(value, before); // the page is loaded again
  await page.context().close();
  return `${before} → ${changed}`;
}

async function type(page: Page, n: number, code: string): Promise<void> {
  const cell = page.locator(".cell").nth(n);
  await cell.locator(".code").click();
  await cell.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
}

const runButton = (page: Page, n: number) =>
  page.getByRole("button", { name: `Run cell ${n + 1}`, exact: true });

async function stopLoop(browser: Browser, url: string) {
  const page = await open(browser, url);
  await type(page, 1, "let turns = 0;\nwhile (true) turns++;");
  await runButton(page, 1).click();
  await page.locator(".cell.is-running").waitFor();
  await page.waitForTimeout(1500);
  const start = Date.now();
  await page.locator(".status").getByRole("button", { name: "Stop" }).click();
  await page
    .locator(".status")
    .getByText(/was stopped; all variables are as they were|its variables are gone/)
    .waitFor();
  const took = Date.now() - start;
  const said = (await seen(page.locator(".status"))).slice(0, 90);
  await type(page, 2, "6 * 7;");
  await runButton(page, 2).click();
  await page.locator(".cell").nth(2).locator(".outputs").getByText("42").waitFor();
  await page.context().close();
  return `${took} ms: ${said}`;
}

async function flood(browser: Browser, url: string) {
  const page = await open(browser, url);
  await type(page, 1, 'for (let i = 0; ; i++) console.log("line", i);');
  await runButton(page, 1).click();
  await page.locator(".cell.is-running").waitFor();
  await page.waitForTimeout(4000);
  // A click is answered while it floods.
  await page.getByRole("button", { name: "Light or dark" }).click({ timeout: 3000 });
  await page.locator(".status").getByRole("button", { name: "Stop" }).click();
  await page.locator(".cell:not(.is-running)").nth(1).waitFor();
  await idle(page);
  const shown = (await page.locator(".cell").nth(1).locator(".outputs").textContent())?.length ?? 0;
  assert.ok(shown > 1000 && shown < 150_000, `${shown} characters are shown`);
  assert.match(await seen(page.locator(".cell").nth(1)), /Too much to show|left out/);
  await page.context().close();
  return `${shown} characters`;
}

async function runOften(browser: Browser, url: string) {
  const page = await open(browser, url);
  const session = await page.context().newCDPSession(page);
  const size = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize / 1e6;
  };
  const cell = page.locator("[data-cell=text-recipe]");
  const run = cell.getByRole("button", { name: /^Run cell \d+$/ });
  await run.scrollIntoViewIfNeeded();
  const sizes: number[] = [];
  for (let times = 0; times <= 200; times++) {
    await run.click();
    await idle(page);
    if (times % 50 === 0) {
      await page.waitForTimeout(300);
      sizes.push(await size());
    }
  }
  const note = `${sizes.map((one) => one.toFixed(0)).join(", ")} MB`;
  assert.ok(sizes[4] - sizes[1] < 8, note);
  await page.context().close();
  return note;
}

async function exhaust(browser: Browser, url: string) {
  const page = await open(browser, url);
  const code = "const hold: number[][] = [];\nwhile (true) hold.push(new Array(1e6).fill(1.5));";
  await type(page, 1, code);
  const crashed = new Promise<string>((resolve) =>
    page.on("crash", () => resolve("the tab crashed")),
  );
  const said = page
    .locator(".cell")
    .nth(1)
    .locator(".output.error")
    .or(page.locator(".status").getByText(/gone|ended/))
    .first()
    .waitFor({ timeout: 120_000 })
    .then(() => "the page said so");
  await runButton(page, 1).click();
  const what = await Promise.race([crashed, said.catch(() => crashed)]);
  const again = await page.context().newPage();
  await again.goto(url);
  const content = again.locator(".cell").nth(1).locator(".cm-content");
  await content.waitFor();
  assert.equal((await seen(content)).trim(), code);
  await page.context().close();
  return what;
}
