/**
 * `npm run test:live`: the pages' own part of running cells, in a Chromium, from a folder and over
 * http: with a fake kernel, so that only the page is tried; and then the course's notebooks with the pages' own kernel.
 * A part of a check's name behind it runs this check alone; "coursework", those of a class's pages; "notebooks", those of the notebooks, and behind that a part of one of these.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { runCommand } from "../../src/jupyter/command";
import { jupyterFolder } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";
import { notebookText } from "../../src/site/notebook-file";
import { check, comesTo, launch, tellOutcome, twoAtATime } from "./browser";
import { checkCoursework } from "./coursework";
import { checkNotebooks, seen } from "./live-notebooks";
import { axeViolations } from "./reader";
import { smallNotebook, writeSmallCourse } from "./small-course";

const folder = join(jupyterFolder, "site-live");
const screenshots = join(jupyterFolder, "screenshots-live");

runCommand(async () => {
  mkdirSync(screenshots, { recursive: true });
  mkdirSync(folder, { recursive: true });
  await writeSmallCourse(folder);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    try {
      const body = readFileSync(join(folder, path));
      const types: Record<string, string> = {
        ".html": "text/html",
        ".js": "text/javascript",
        ".css": "text/css",
      };
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const places = { http: `http://127.0.0.1:${port}/`, file: `${pathToFileURL(folder).href}/` };
  const browser = await launch();
  const only = process.argv[2];
  try {
    await twoAtATime(Object.entries(checks), async ([name, run]) => {
      if (only && !name.includes(only)) return;
      for (const [place, url] of Object.entries(places)) {
        if (place === "file" && !name.includes("*")) continue;
        await check(`${name.replace(" *", "")} (${place})`, () => run(browser, url));
      }
    });
    if (!only || only === "coursework") await checkCoursework(browser, folder, screenshots);
    if (!only || only === "notebooks") {
      execFileSync(
        process.execPath,
        ["--import", "tsx", "src/site/command.ts", "--out", join(folder, "course")],
        {
          cwd: projectRoot,
        },
      );
      await checkNotebooks(browser, `${places.http}course/`, folder, process.argv[3]);
    }
  } finally {
    await browser.close();
    server.close();
  }
  console.log(`Screenshots are in ${screenshots}.`);
  tellOutcome();
});

interface Opened {
  page: Page;
  /** The cell of an id. */
  cell(id: string): Locator;
  output(id: string): Promise<string>;
  executed(): Promise<string[]>;
  /** Opens the editor of a cell and puts other code in. */
  type(id: string, code: string): Promise<void>;
  /** Waits until a cell's editor is there, and holds this. */
  codeIs(id: string, code: string): Promise<void>;
  idle(): Promise<void>;
  close(): Promise<void>;
}

async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { file?: string } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(url + (options.file ?? "small.html"));
  return on(page, faults);
}

function on(page: Page, faults: string[]): Opened {
  const cell = (id: string) => page.locator(`[data-cell="${id}"]`);
  return {
    page,
    cell,
    output: async (id) => (await seen(cell(id).locator(".outputs"))).trim(),
    executed: () =>
      page.evaluate(
        () => (window as unknown as { spy?: { executed: string[] } }).spy?.executed ?? [],
      ),
    async type(id, code) {
      const content = cell(id).locator(".cm-content");
      if ((await content.count()) === 0) await cell(id).locator(".code").click();
      await content.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(code);
    },
    codeIs: (id, code) =>
      cell(id)
        .locator(".cm-content")
        .filter({ hasText: new RegExp(`^${code.replace(/\W/g, "\\$&")}$`) })
        .waitFor(),
    // What is asked to run waits from then on, while the kernel is loaded, too.
    async idle() {
      await page.waitForFunction(
        () =>
          !document.querySelector(".is-running, [aria-busy]") &&
          !Array.from(document.querySelectorAll(".state")).some(({ textContent }) =>
            /running|waits/.test(textContent ?? ""),
          ),
      );
    },
    async close() {
      assert.deepEqual(faults, [], "errors in the page");
      await page.context().close();
    },
  };
}

const button = (part: Locator | Page, name: string | RegExp) =>
  part.getByRole("button", { name, exact: typeof name === "string" });

/** Runs a cell by its button, and waits until nothing runs. */
async function run({ cell, idle }: Opened, id: string): Promise<void> {
  await button(cell(id), /^Run cell \d+$/).click();
  await idle();
}

type Check = (browser: Browser, url: string) => Promise<string | undefined>;

const checks: Record<string, Check> = {
  "untouched, a page loads neither editor nor kernel *": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    const loaded = () =>
      page.evaluate(() =>
        Array.from(document.scripts, ({ src }) => src.replace(/.*\//, "")).filter(Boolean),
      );
    assert.deepEqual(await loaded(), ["live.js", "reading.js"]);
    await cell("product").locator(".code").focus();
    assert.deepEqual(await loaded(), ["live.js", "reading.js"]);
    await page.keyboard.press("Enter");
    await cell("product").locator(".cm-content").waitFor();
    assert.ok((await loaded()).includes("editor.js"));
    await page.waitForFunction(() => (window as unknown as { spy?: object }).spy);
    await opened.close();
    return undefined;
  },

  "a cell runs, and first what it needs, once *": async (browser, url) => {
    const opened = await open(browser, url);
    await run(opened, "report");
    const first = await opened.executed();
    assert.deepEqual(
      first.map((source) => source.split("\n")[0]),
      [
        'import { factor } from "./src/nn";',
        "// TRY IT",
        "const product = factor * rate * units;",
        'print("the product is " + product + "\\n");',
      ],
    );
    assert.equal(await opened.output("report"), "the product is 6");
    await run(opened, "report");
    assert.equal((await opened.executed()).length, 5);
    assert.match(await seen(opened.cell("report").locator(".state")), /\[5\] ✓ ran in/);
    await opened.close();
    return undefined;
  },

  "a long run above is asked about; «Not now» runs nothing": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    await button(cell("uses-slow"), /^Run cell/).click();
    const status = page.getByRole("status");
    await status
      .getByText(/needs 2 other cells first \(2, 6\), which took about 12 s before/)
      .waitFor();
    await button(status, "Not now").click();
    await opened.idle();
    assert.deepEqual(await opened.executed(), []);
    await button(cell("uses-slow"), /^Run cell/).click();
    await button(status, "Run them too").click();
    await opened.idle();
    assert.equal(await opened.output("uses-slow"), "20");
    await opened.close();
    return undefined;
  },

  "what is typed makes what builds on it stale, and taken back makes it follow again": async (
    browser,
    url,
  ) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    const stale = () =>
      page
        .locator(".cell.is-stale")
        .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.cell));
    const staleAre = (...expected: string[]) => comesTo<unknown>(stale, expected);
    await opened.type("product", "const product = factor * rate * units + 1;\nproduct;");
    await staleAre("product", "report", "check");
    assert.match(
      await seen(cell("product").locator(".stale")),
      /Out of date.*the code above was changed/s,
    );
    assert.match(await seen(cell("report").locator(".stale")), /product changed/);
    await page.screenshot({ path: join(screenshots, "stale.png") });
    await opened.type("product", "const product = factor * rate * units;\nproduct;");
    await staleAre();
    await opened.type("product", "const product = factor * rate * units + 1;\nproduct;");
    await staleAre("product", "report", "check");
    await button(cell("report"), "Bring up to date").click();
    await opened.idle();
    assert.equal(await opened.output("report"), "the product is 7");
    assert.equal(await opened.output("product"), "7");
    await staleAre("check");
    await button(page.getByRole("status"), "Bring the page up to date").click();
    await opened.idle();
    await staleAre();
    await opened.close();
    return undefined;
  },

  "outputs follow what is typed in Try it, if it parses and the switch is on *": async (
    browser,
    url,
  ) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    const is = (id: string, text: string) =>
      cell(id).locator(".outputs").getByText(text, { exact: true }).waitFor();
    await opened.type("try-it", "const rate = 5;\nconst units = 3;");
    await is("product", "15");
    await is("report", "the product is 15");
    // What takes long is left, and said; what does not follow from it is not run.
    assert.equal(await opened.output("uses-slow"), "20");
    assert.ok(!(await opened.executed()).includes("1 + 1;"));
    const before = (await opened.executed()).length;
    await opened.type("try-it", "const rate = (5;\nconst units = 3;");
    await page.waitForTimeout(1200);
    assert.equal((await opened.executed()).length, before);
    await cell("try-it").getByLabel("Outputs follow as I type").uncheck();
    await opened.type("try-it", "const rate = 6;\nconst units = 3;");
    await page.waitForTimeout(1200);
    assert.equal((await opened.executed()).length, before);
    assert.equal(await cell("product").locator(".stale").count(), 1);
    await page.reload();
    await cell("try-it").locator(".cm-content").waitFor();
    assert.equal(await cell("try-it").getByLabel("Outputs follow as I type").isChecked(), false);
    await opened.close();
    return undefined;
  },

  "Shift+Enter runs and goes on; Escape, then Tab, leaves the editor": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    await cell("product").locator(".code").focus();
    await page.keyboard.press("Enter");
    await cell("product").locator(".cm-content").waitFor();
    await page.keyboard.press("Shift+Enter");
    await opened.idle();
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest(".cell")?.id),
      "cell-report",
    );
    assert.match(await seen(cell("product").locator(".state")), /✓ ran/);
    await cell("product").locator(".cm-content").focus();
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement?.className.includes("cm-content")),
      true,
      "Tab indents",
    );
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Escape");
    await page.waitForTimeout(2500); // however long that takes
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "▶ Run");
    await page.keyboard.press("Shift+Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement?.className.includes("cm-content")),
      true,
    );
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement?.className.includes("cm-content")),
      false,
    );
    const describedBy = await cell("product")
      .locator(".cm-content")
      .getAttribute("aria-describedby");
    assert.match((await page.locator(`#${describedBy}`).textContent()) ?? "", /Escape, then Tab/);
    await opened.close();
    return undefined;
  },

  "completion and hover come from the kernel": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    await opened.type("alone", "hidd");
    const offered = page.locator(".cm-tooltip-autocomplete").getByText("hiddenSize");
    // The kernel is loaded when somebody begins to type; until it is there it has nothing to offer.
    for (let tries = 0; tries < 20 && !(await offered.isVisible()); tries++) {
      await page.keyboard.press("Control+Space");
      await offered.waitFor({ timeout: 400 }).catch(() => {});
    }
    await offered.waitFor();
    await page.waitForTimeout(200); // what pops up under the fingers is not taken at once
    await page.keyboard.press("Tab");
    assert.match(await seen(cell("alone").locator(".cm-content")), /^hidden(Size|Units)$/);
    await cell("alone")
      .locator(".cm-line")
      .first()
      .hover({ position: { x: 40, y: 8 } });
    await page.locator(".cm-hover").getByText("const hiddenUnits: number").waitFor();
    await opened.close();
    return undefined;
  },

  "Stop: kept and lost are said, and what is needed runs again": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    const status = page.getByRole("status");
    for (const [leaves, words] of [
      ["kept", /was stopped; all variables are as they were/],
      ["lost", /restarting the kernel: its variables are gone/],
    ] as const) {
      await button(cell("endless"), /^Run cell/).click();
      await page.waitForFunction(() => document.querySelector("[data-cell=endless].is-running"));
      await page.evaluate((how) => {
        (window as unknown as { spy: { leaves: string } }).spy.leaves = how;
      }, leaves);
      await button(status, /Stop/).click();
      await status.getByText(words).waitFor();
      assert.match(await seen(cell("endless").locator(".state")), /■ stopped/);
    }
    const before = (await opened.executed()).length;
    await run(opened, "product");
    assert.deepEqual(
      (await opened.executed()).slice(before).map((source) => source.split("\n")[0]),
      ['import { factor } from "./src/nn";', "// TRY IT", "const product = factor * rate * units;"],
    );
    await opened.close();
    return undefined;
  },

  "a failing cell ends the run, says so, and its error has no terminal colours": async (
    browser,
    url,
  ) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    await run(opened, "fails");
    assert.equal(await opened.output("fails"), "Error\nError: on purpose 2");
    await run(opened, "uses-unmade");
    assert.match(await seen(page.getByRole("status")), /next cell was not run: cell 10 failed/);
    assert.equal(
      await seen(cell("uses-unmade").locator(".state")),
      "not run: a cell before it failed",
    );
    assert.match(await opened.output("after-it"), /missing is not defined/);
    await opened.close();
    return undefined;
  },

  "outputs of every kind; floods are cut, and what was cut is said *": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    for (const id of ["scripts", "latex", "updated", "figure", "flood"]) await run(opened, id);
    assert.deepEqual(
      await page.evaluate(() => (window as unknown as { order: number[] }).order),
      [1, 2],
    );
    await cell("latex").locator(".katex-display").waitFor();
    assert.equal(await opened.output("updated"), "last");
    await cell("figure").locator(".js-plotly-plot .main-svg").first().waitFor();
    assert.match(
      await seen(cell("flood").locator(".cut")),
      /128,890|characters and 200 displays left out/,
    );
    const kept = await cell("flood").locator(".outputs").textContent();
    assert.ok((kept ?? "").length < 110_000, `${kept?.length} characters`);
    assert.ok(kept?.startsWith("line 0\n") && kept.includes("line 19999\n"));
    await opened.close();
    return `${kept?.length} characters of a flood`;
  },

  "what is typed is kept, comes back, and is reset by cell and by page *": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    await opened.type("alone", "1 + 2;");
    await opened.type("product", "const product = 9;\nproduct;");
    await page.reload();
    await cell("alone").locator(".cm-content").waitFor();
    await opened.codeIs("alone", "1 + 2;");
    assert.equal(await cell("alone").locator(".stale").count(), 1, "not run yet, and seen");
    await run(opened, "alone");
    assert.equal(await opened.output("alone"), "3");
    await button(cell("alone"), /^Reset cell/).click();
    await opened.codeIs("alone", "1 + 1;");
    assert.equal(await opened.output("alone"), "2");
    assert.equal(await cell("alone").locator(".stale").count(), 0);
    await page.getByText("More", { exact: true }).click();
    await button(page, "Reset this page").click();
    await button(page, "Yes, forget it").click();
    await cell("product").locator(".cm-content").filter({ hasText: "factor" }).waitFor();
    await page.reload();
    assert.equal(await page.locator(".cm-content").count(), 0);
    await opened.close();
    return undefined;
  },

  "export, reset everything, import": async (browser, url) => {
    const opened = await open(browser, url);
    const { page } = opened;
    await opened.type("alone", "1 + 2;");
    await page.getByText("More", { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      button(page, "Export all I wrote").click(),
    ]);
    const path = join(folder, "export.json");
    await download.saveAs(path);
    await button(page, "Reset everything").click();
    await button(page, "Yes, forget it").click();
    await opened.codeIs("alone", "1 + 1;");
    await page.locator("input[type=file]").nth(1).setInputFiles(path);
    await page.getByText("is taken over: 1 page.").waitFor();
    await opened.codeIs("alone", "1 + 2;");
    await page.locator("input[type=file]").nth(1).setInputFiles(join(folder, "small.html"));
    await page.getByText("it is not JSON").waitFor();
    await opened.close();
    return undefined;
  },

  "a browser that keeps nothing is told of, and all else works": async (browser, url) => {
    const context = await browser.newContext();
    await context.addInitScript(() => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
    });
    const page = await context.newPage();
    await page.goto(`${url}small.html`);
    await page.getByText("keeps nothing of what you write").waitFor();
    const opened = on(page, []);
    await opened.type("alone", "1 + 2;");
    await run(opened, "alone");
    assert.equal(await opened.output("alone"), "3");
    await opened.close();
    return undefined;
  },

  "download: as it was but for what the reader did; and open mine *": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    const get = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        button(page, "Download as .ipynb").click(),
      ]);
      assert.equal(download.suggestedFilename(), "01-small.ipynb");
      const path = join(folder, name);
      await download.saveAs(path);
      return readFileSync(path, "utf8");
    };
    assert.equal(await get("untouched.ipynb"), notebookText(smallNotebook));
    await opened.type("alone", "1 + 2;");
    for (const id of ["alone", "figure", "report"]) await run(opened, id);
    const text = await get("mine.ipynb");
    const mine = JSON.parse(text);
    assert.equal(notebookText(mine), text, "written as Jupyter writes it");
    const byId = (id: string) => mine.cells.find((one: { id: string }) => one.id === id);
    assert.deepEqual(byId("alone").source, ["1 + 2;"]);
    assert.deepEqual(byId("alone").outputs[0].data, { "text/plain": ["3"] });
    assert.deepEqual(byId("report").outputs, [
      { name: "stdout", output_type: "stream", text: ["the product is 6\n"] },
    ]);
    const html = byId("figure").outputs[0].data["text/html"].join("");
    assert.match(
      html,
      /^<div data-figure="plotly"><img src="data:image\/svg\+xml,%3Csvg[^"]{2000,}" alt="A curve" width="640" height="380"/,
    );
    assert.match(html, /<\/script><\/div>$/);
    await page.reload();
    await page.getByText("More", { exact: true }).click();
    await button(page, "Reset everything").click();
    await button(page, "Yes, forget it").click();
    await page.reload();
    const field = page.locator("input[type=file]").first();
    await field.setInputFiles(join(folder, "mine.ipynb"));
    await page.getByText(/mine.ipynb is open: 1 cell of yours/).waitFor();
    await opened.codeIs("alone", "1 + 2;");
    assert.equal(await opened.output("alone"), "3");
    assert.equal(await cell("figure").locator("img").count(), 1);
    assert.equal(await cell("figure").locator("script").count(), 0, "scripts of a file do not run");
    assert.equal(await page.locator(".is-stale").count(), 0);
    await page.goto(`${url}other.html`);
    await page.locator("input[type=file]").first().setInputFiles(join(folder, "mine.ipynb"));
    await page.getByRole("link", { name: "Go to «A small notebook» and open it there" }).click();
    await page.waitForURL(/small\.html/);
    await opened.close();
    return undefined;
  },

  "the library is read, changed, used and reset beside the notebook": async (browser, url) => {
    const opened = await open(browser, url);
    const { page, cell } = opened;
    await run(opened, "product");
    await page.locator(".prose .as-link").click();
    const panel = page.locator(".sources");
    await panel.locator(".cm-content").getByText("factor = 1").waitFor();
    await page.screenshot({ path: join(screenshots, "sources.png") });
    await panel.locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("export const factor = 10;\n");
    await cell("product")
      .locator(".stale")
      .getByText(/library was changed|factor/)
      .waitFor();
    await button(panel, "Bring the notebook up to date").click();
    await opened.idle();
    assert.equal(await opened.output("product"), "60");
    await page.reload();
    await run(opened, "product");
    assert.equal(await opened.output("product"), "60", "kept");
    await button(page, "Library sources").click();
    await button(panel, "Reset this file").click();
    await cell("product").locator(".stale").waitFor();
    await button(panel, "Close").click();
    await button(cell("product"), "Bring up to date").click();
    await opened.idle();
    assert.equal(await opened.output("product"), "6");
    await opened.close();
    return undefined;
  },

  "by touch, on a phone: large enough, nothing wider than the window, and what runs is seen":
    async (browser, url) => {
      const opened = await open(browser, url, {
        viewport: { width: 390, height: 780 },
        hasTouch: true,
        isMobile: true,
      });
      const { page, cell } = opened;
      await button(cell("product"), /^Edit/).tap();
      await cell("product").locator(".cm-content").waitFor();
      await button(cell("product"), /^Run cell \d+$/).tap();
      await opened.idle();
      assert.equal(
        await page.evaluate(() => document.activeElement?.className.includes("cm-content")),
        false,
      );
      const box = await cell("product").locator(".outputs").boundingBox();
      assert.ok(box && box.y >= 0 && box.y + box.height <= 780, "the output is in sight");
      const small = await page
        .locator("button:visible, summary:visible, select:visible")
        .evaluateAll((all) =>
          all
            .map((one) => [one.textContent, one.getBoundingClientRect()] as const)
            .filter(([, { width, height }]) => width > 0 && (width < 44 || height < 44))
            .map(([text, { width, height }]) => `${text}: ${width} × ${height}`),
        );
      assert.deepEqual(small, []);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
      await page.screenshot({ path: join(screenshots, "phone.png") });
      await opened.close();
      return undefined;
    },

  "axe-core finds nothing, light and dark, untouched and in use": async (browser, url) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const opened = await open(browser, url, { colorScheme });
      const { page } = opened;
      assert.deepEqual(await axeViolations(page), []);
      await page.screenshot({
        path: join(screenshots, `untouched-${colorScheme}.png`),
        fullPage: true,
      });
      await opened.type("product", "const product = factor * 4; // four\nproduct;");
      await page.waitForTimeout(900);
      await run(opened, "fails-too");
      assert.deepEqual(await axeViolations(page), []);
      await page.screenshot({ path: join(screenshots, `used-${colorScheme}.png`), fullPage: true });
      await button(page, "Library sources").click();
      await page.locator(".sources .cm-content").waitFor();
      assert.deepEqual(await axeViolations(page), []);
      await opened.close();
    }
    return undefined;
  },
};
