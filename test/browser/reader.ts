/** Does in JupyterLab what a reader does: opens notebooks, runs them, looks at the figures. */
import type { Browser, Page } from "playwright-core";
import type { Server } from "../../src/jupyter/start";
import type { Notebook } from "../notebooks/notebook";

/** What a page shows of a notebook's outputs. */
export interface Seen {
  /** Stills that are seen: `<img>` of figures and diagrams, drawn and with a text for those who do not see it. */
  pictures: number;
  /** Figures that Plotly has drawn, and that are seen. */
  live: number;
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
}

/** The figures that the outputs in a notebook file hold. */
export function figuresIn(notebook: Notebook): { plotly: number; still: number } {
  const html = notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => [output.data?.["text/html"] ?? []].flat().join(""))
    .join("\n");
  const count = (kind: string) => html.split(`data-figure="${kind}"`).length - 1;
  return { plotly: count("plotly"), still: count("still") };
}

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
  // Without ?reset the tabs of the notebook before would be open too, and match what we look for.
  await page.goto(`${server.addressOf(path)}&reset`);
  await page
    .locator(".jp-Notebook .jp-Cell")
    .nth(notebook.cells.length - 1)
    .waitFor({ state: "attached", timeout: 60_000 });
  return { page, foreign, errors };
}

/** Runs all cells by the menu, and waits until the last has run or one has failed that should not. */
export async function runAll({ page }: Lab, notebook: Notebook): Promise<void> {
  await page
    .locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    .waitFor({ state: "attached", timeout: 60_000 });
  await choose(page, "Edit", "Clear Outputs of All Cells");
  await choose(page, "Run", "Run All Cells");
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  const failing = code.filter((cell) => cell.metadata.tags?.includes("raises-exception")).length;
  // A cell whose input is hidden has no prompt.
  const prompts = code.filter(({ metadata }) => !metadata.jupyter).length;
  await page.waitForFunction(
    ([prompts, failing]) => {
      const texts = Array.from(
        document.querySelectorAll(".jp-CodeCell .jp-InputPrompt"),
        (prompt) => prompt.textContent ?? "",
      );
      const failed = document.querySelectorAll(
        '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]',
      ).length;
      const idle = document.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]');
      return (
        (idle && texts.filter((text) => /^\[\d+\]:$/.test(text)).length === prompts) ||
        failed > failing
      );
    },
    [prompts, failing],
    { timeout: 240_000, polling: 250 },
  );
  const failed = await page
    .locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
    .allTextContents();
  if (failed.length !== failing)
    throw new Error(`${failed.length} cells failed, and not ${failing}:\n${failed.join("\n")}`);
}

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.locator(".lm-MenuBar-item", { hasText: new RegExp(`^${menu}$`) }).click();
  await page.locator(".lm-Menu-item", { hasText: item }).first().click();
}

// An untrusted output keeps a figure's picture, but not the container's attribute.
const figuresOrStills =
  ".jp-OutputArea-output [data-figure], .jp-OutputArea-output :not([data-figure]) > img";

/** Scrolls through the figures and says what is seen of them. */
export async function lookAtFigures({ page }: Lab): Promise<Seen> {
  const seen: Seen = { pictures: 0, live: 0, faults: [] };
  const figures = page.locator(figuresOrStills);
  for (let n = 0; n < (await figures.count()); n++) {
    const figure = figures.nth(n);
    await figure.scrollIntoViewIfNeeded();
    // Plotly draws what was out of sight when it comes into sight.
    await page.waitForTimeout(100);
    const { kind, fault } = await figure.evaluate(judgeFigure);
    seen[kind]++;
    if (fault) seen.faults.push(`figure ${n + 1}: ${fault}`);
  }
  return seen;
}

/** Runs in the page. */
function judgeFigure(figure: Element): { kind: "pictures" | "live"; fault?: string } {
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
 * Takes a picture of the whole notebook at a width of 1280, then one of each figure at a width of
 * about 600.
 *
 * @param stem path of the files, without number and ending
 * @returns what is seen of the figures at the small width
 */
export async function takePictures(lab: Lab, stem: string): Promise<Seen> {
  const { page } = lab;
  await page.keyboard.press("Control+b");
  const height = await page
    .locator(".jp-WindowedPanel-outer")
    .first()
    .evaluate((panel) => panel.scrollHeight);
  await page.setViewportSize({ width: 1280, height: Math.min(height + 200, 16_000) });
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${stem}.png` });

  await page.setViewportSize({ width: 760, height: 900 });
  const figures = page.locator(".jp-OutputArea-output [data-figure]");
  if ((await figures.count()) > 0) {
    const { width } = (await figures.first().boundingBox()) ?? { width: 600 };
    await page.setViewportSize({ width: Math.round(760 + 600 - width), height: 900 });
  }
  await page.waitForTimeout(500);
  const seen = await lookAtFigures(lab);
  for (let n = 0; n < (await figures.count()); n++)
    await figures.nth(n).screenshot({ path: `${stem}-${String(n + 1).padStart(2, "0")}.png` });
  return seen;
}
