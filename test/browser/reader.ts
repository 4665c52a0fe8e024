/** Does in JupyterLab what a reader does: opens notebooks, runs them, looks at the figures. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import type { Server } from "../../src/jupyter/start";
import type { Notebook } from "../notebooks/notebook";

/** What a page shows of a notebook's outputs. */
export interface Seen {
  /** Stills that are seen: `<img>` of figures and diagrams, drawn and with a text for those who do not see it. */
  pictures: number;
  /** Figures that Plotly has drawn, and that are seen. */
  live: number;
  /** Explorables that have come alive. */
  explorables: number;
  /** What is wrong with a picture or a figure, one sentence each. */
  faults: string[];
}

/** A page with JupyterLab in it, which takes note of all that it should not do. */
export interface Lab {
  page: Page;
  /** Addresses beyond this machine that were asked for. None is answered. */
  foreign: string[];
  /** Errors in the page: exceptions, and what its console calls an error. */
  errors: string[];
  /** Waits until the notebook's kernel can be given cells. */
  kernelReady(): Promise<void>;
}

/** The figures, explorables and cards that the outputs in a notebook file hold. */
export function figuresIn(notebook: Notebook): {
  plotly: number;
  still: number;
  explorables: number;
  /** Questions for a number. */
  cards: number;
} {
  const html = notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => [output.data?.["text/html"] ?? []].flat().join(""))
    .join("\n");
  const count = (mark: string) => html.split(mark).length - 1;
  return {
    plotly: count('data-figure="plotly"'),
    still: count('data-figure="still"'),
    explorables: count("data-explore="),
    cards: count('"type":"question","asked":{"kind":"number"'),
  };
}

/**
 * To be called before a notebook is opened in the page. JupyterLab calls a notebook idle before it has a kernel; what is
 * run then asks which kernel to take, or is lost. So the kernel's first answer is waited for.
 *
 * @returns waits until the notebook's kernel can be given cells
 */
export function watchKernel(page: Page, seconds = 90): () => Promise<void> {
  const answered = new Promise<void>((resolve) => {
    page.on("websocket", (socket) => {
      if (socket.url().includes("/channels")) socket.once("framereceived", () => resolve());
    });
  });
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`No kernel answered within ${seconds} s.`);
      timer = setTimeout(() => reject(error), seconds * 1000);
    });
    await Promise.race([answered, late]).finally(() => clearTimeout(timer));
    await page
      .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
      .waitFor({ state: "attached", timeout: seconds * 1000 });
  };
}

/** Workspaces taken so far: in one that was used before, the tabs of then would be open too. */
let workspaces = 0;

/** Opens a notebook in a new page, in a workspace of its own, and waits until its cells are shown. */
export async function openNotebook(
  browser: Browser,
  server: Server,
  path: string,
  notebook: Notebook,
): Promise<Lab> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const foreign: string[] = [];
  const errors: string[] = [];
  await page.route("**/*", (route) => {
    const { protocol, hostname } = new URL(route.request().url());
    const here = hostname === "127.0.0.1" || protocol === "data:" || protocol === "blob:";
    if (here) return route.continue();
    foreign.push(route.request().url());
    return route.abort();
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error")
      errors.push(`${message.text()} (${message.location().url || "no source"})`);
  });
  const kernelReady = watchKernel(page);
  // (Not ?reset: that loads the page twice, and what was begun in the first is lost.)
  const workspace = `/lab/workspaces/test-${++workspaces}/`;
  await page.goto(server.addressOf(path).replace("/lab/", workspace));
  await page
    .locator(".jp-Notebook .jp-Cell")
    .nth(notebook.cells.length - 1)
    .waitFor({ state: "attached", timeout: 60_000 });
  return { page, foreign, errors, kernelReady };
}

/**
 * Waits until the kernel has told the notebook what it speaks, and saves by the keyboard.
 *
 * @param file the notebook's file
 * @throws AssertionError if the notebook is marked as changed before, or its bytes are others after
 */
export async function openedIsClean({ page, kernelReady }: Lab, file: string): Promise<void> {
  const before = readFileSync(file, "utf8");
  await kernelReady();
  await page.waitForTimeout(1000);
  assert.equal(
    await page.locator(".lm-TabBar-tab.jp-mod-dirty").count(),
    0,
    "it is marked as changed",
  );
  const saved = page.waitForResponse(
    (response) =>
      response.request().method() === "PUT" && response.url().includes("/api/contents/"),
  );
  await page.locator(".jp-Notebook .jp-Cell").first().click();
  await page.keyboard.press("Control+s");
  assert.equal((await saved).status(), 200);
  assert.equal(readFileSync(file, "utf8"), before, "saved, its bytes are others");
}

/**
 * Runs all cells by the menu, waits until none is left, and saves.
 *
 * @returns the notebook as saved
 */
export async function runAll({ page, kernelReady }: Lab): Promise<Notebook> {
  await kernelReady();
  await choose(page, "Edit", "Clear Outputs of All Cells");
  await choose(page, "Run", "Run All Cells");
  // A prompt is empty again where an earlier cell's failure kept the cell from running.
  await page.waitForFunction(
    () => {
      const prompts = Array.from(
        document.querySelectorAll(".jp-CodeCell .jp-InputPrompt"),
        (prompt) => prompt.textContent ?? "",
      );
      const idle = document.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
      return idle && !prompts.includes("[*]:") && prompts.some((text) => /\d/.test(text));
    },
    undefined,
    { timeout: 240_000, polling: 250 },
  );
  const saved = page.waitForRequest(
    (request) => request.method() === "PUT" && request.url().includes("/api/contents/"),
  );
  await choose(page, "File", "Save Notebook");
  return (await saved).postDataJSON().content;
}

/** The code cells that failed or did not run, one sentence each. */
export function faultsIn(notebook: Notebook): string[] {
  return notebook.cells.flatMap(({ cell_type, id, source, outputs, execution_count }) => {
    if (cell_type !== "code" || source.length === 0) return [];
    const error = outputs?.find((output) => output.output_type === "error");
    if (error) return [`${id}: ${error.ename}: ${error.evalue}`];
    return execution_count ? [] : [`${id}: not run`];
  });
}

/** Chooses an item of JupyterLab's menus. */
export async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.locator(".lm-MenuBar-item", { hasText: new RegExp(`^${menu}$`) }).click();
  await page.locator(".lm-Menu-item", { hasText: item }).first().click();
}

// An untrusted output keeps a figure's picture, but not the container's attribute.
const figuresOrStills =
  ".jp-OutputArea-output :is([data-figure], [data-explore]), .jp-OutputArea-output :not([data-figure]) > img:not([data-explore] img)";

/** Opens what cards keep closed: their results are figures too. */
export function openCards(page: Page): Promise<void> {
  return page.evaluate(() => {
    const closed = "[data-card] > details, .jp-OutputArea-output details";
    for (const details of document.querySelectorAll<HTMLDetailsElement>(closed))
      if (details.style.display !== "none") details.open = true;
  });
}

/** Scrolls through the figures, those in cards too, and says what is seen of them. */
export async function lookAtFigures({ page }: Lab): Promise<Seen> {
  await openCards(page);
  const seen: Seen = { pictures: 0, live: 0, explorables: 0, faults: [] };
  const figures = page.locator(figuresOrStills);
  for (let n = 0; n < (await figures.count()); n++) {
    const figure = figures.nth(n);
    await figure.scrollIntoViewIfNeeded();
    // Plotly draws what comes into sight or changes its size a moment later.
    let verdict = await figure.evaluate(judgeFigure);
    for (let tries = 0; verdict.fault && tries < 100; tries++) {
      await page.waitForTimeout(100);
      verdict = await figure.evaluate(judgeFigure);
    }
    const { kind, fault } = verdict;
    seen[kind]++;
    if (fault) seen.faults.push(`figure ${n + 1}: ${fault}`);
  }
  return seen;
}

/** Runs in the page. */
export function judgeFigure(figure: Element): {
  kind: "pictures" | "live" | "explorables";
  fault?: string;
} {
  if (figure.hasAttribute("data-explore")) {
    const section = figure.lastElementChild?.shadowRoot?.querySelector("section");
    const isSeen = section && section.getBoundingClientRect().height > 200;
    return { kind: "explorables", ...(isSeen ? {} : { fault: "it has not come alive" }) };
  }
  const plot = figure.querySelector(".js-plotly-plot");
  if (plot) {
    const surface = plot.querySelector(".main-svg");
    if (!surface || surface.getBoundingClientRect().height < 50)
      return { kind: "live", fault: "Plotly drew nothing that can be seen" };
    const box = plot.getBoundingClientRect();
    for (const text of Array.from(plot.querySelectorAll("text"))) {
      const place = text.getBoundingClientRect();
      if (place.width > 0 && (place.left < box.left - 2 || place.right > box.right + 2))
        return { kind: "live", fault: `“${text.textContent}” is cut off` };
    }
    return { kind: "live" };
  }
  const picture = figure instanceof HTMLImageElement ? figure : figure.querySelector("img");
  if (!picture) return { kind: "pictures", fault: "there is neither a picture nor a live figure" };
  if (!picture.complete || picture.naturalWidth === 0 || picture.naturalHeight === 0)
    return { kind: "pictures", fault: "the picture is not drawn" };
  if (picture.getBoundingClientRect().height < 30)
    return { kind: "pictures", fault: "the picture is hidden" };
  if (!picture.alt.trim()) return { kind: "pictures", fault: "the picture has no alt text" };
  return { kind: "pictures" };
}

/**
 * Types in the notebook's first explorable: an arrow moves its slider or its choice, and `d d` deletes
 * no cell.
 */
export async function useKeyboard({ page }: Lab, cells: number): Promise<void> {
  const one = page.locator("[data-explore]").first();
  await one.scrollIntoViewIfNeeded();
  const control = one.locator("select, input[type=range]").first();
  const currentValue = () => control.evaluate((element) => (element as HTMLInputElement).value);
  await control.focus();
  const before = await currentValue();
  await page.keyboard.press("ArrowDown");
  if ((await currentValue()) === before) await page.keyboard.press("ArrowUp");
  assert.notEqual(await currentValue(), before, "an arrow key changed nothing");
  await one.locator("summary").first().focus();
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await page.waitForTimeout(300);
  assert.equal(await page.locator(".jp-Notebook .jp-Cell").count(), cells, "a cell is gone");
  assert.deepEqual(await axeViolations(page, "[data-explore]"), [], "axe-core");
}

/**
 * Answers the notebook's first question by keyboard, wrongly: letters reach the field and delete no cell, and what is said
 * is there without a kernel's help.
 */
export async function useCard({ page }: Lab, cells: number): Promise<void> {
  const card = page
    .locator('[data-card="question"]')
    .filter({ has: page.locator("input[type=text]") });
  const one = card.first();
  await one.scrollIntoViewIfNeeded();
  await one.locator("input[type=text]").focus();
  await page.keyboard.type("dd");
  await page.keyboard.press("Enter");
  await one.getByText("This is no number yet").waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("-98765.4321");
  await page.keyboard.press("Enter");
  await one.getByText("✗ Not yet.").waitFor();
  const summary = one.locator("summary");
  await summary.focus();
  await page.keyboard.press("Enter");
  assert.equal(await one.locator("details[open]").count(), 1, "the way does not open by keyboard");
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await page.waitForTimeout(300);
  assert.equal(await page.locator(".jp-Notebook .jp-Cell").count(), cells, "a cell is gone");
  const kept = await page.evaluate(() =>
    Object.keys(localStorage).filter((key) => key.startsWith("backprop:cards:")),
  );
  assert.equal(kept.length, 1, `answers are kept under ${kept.join(" and ") || "nothing"}`);
  assert.match(kept[0], /:[a-z][a-z-]+$/, "the notebook's name without its number");
  assert.deepEqual(await axeViolations(page, "[data-card]"), [], "axe-core");
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe-core finds that is serious or critical, one line each.
 *
 * @param part a selector of the part to look at; by default the whole page
 */
export async function axeViolations(page: Page, part = "html"): Promise<string[]> {
  await page.addScriptTag({ content: axe });
  return page.evaluate(async (part) => {
    interface Violation {
      id: string;
      impact: string;
      nodes: { html: string }[];
    }
    const tool = (
      window as unknown as {
        axe: { run(part: string, options: object): Promise<{ violations: Violation[] }> };
      }
    ).axe;
    const { violations } = await tool.run(part, { resultTypes: ["violations"], preload: false });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, part);
}

/**
 * Takes pictures of the whole notebook, screen by screen at a width of 1280 (not on CI, where nobody looks at them), then
 * one of each figure at a width of about 600.
 *
 * @param stem path of the files, without number and ending
 * @returns what is seen of the figures at the small width
 */
export async function takePictures(lab: Lab, stem: string): Promise<Seen> {
  const { page } = lab;
  const numbered = (kind: string, n: number) =>
    `${stem}-${kind}-${String(n + 1).padStart(2, "0")}.png`;
  await page.keyboard.press("Control+b");
  await page.setViewportSize({ width: 1280, height: 1600 });
  const panel = page.locator(".jp-WindowedPanel-outer").first();
  let bottom = Boolean(process.env.CI);
  for (let n = 0; !bottom; n++) {
    bottom = await panel.evaluate((element, n) => {
      const top = n * (element.clientHeight - 40);
      element.scrollTop = top;
      return top + element.clientHeight >= element.scrollHeight;
    }, n);
    await page.waitForTimeout(300);
    await page.screenshot({ path: numbered("page", n) });
  }

  await page.setViewportSize({ width: 760, height: 900 });
  const figures = page.locator(".jp-OutputArea-output :is([data-figure], [data-explore])");
  if ((await figures.count()) > 0) {
    const { width } = (await figures.first().boundingBox()) ?? { width: 600 };
    await page.setViewportSize({ width: Math.round(760 + 600 - width), height: 900 });
  }
  await page.waitForTimeout(500);
  const seen = await lookAtFigures(lab);
  for (let n = 0; n < (await figures.count()); n++)
    await figures.nth(n).screenshot({ path: numbered("figure", n) });
  return seen;
}
