/** What readers of a page wait for, see move and have to hit: measured in a Chromium. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { type Heights, widths } from "../../src/site/heights";

/** As text: the loader of this file would give the functions in it a helper that the page does not have. */
const observeShifts = `window.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shift += value;
}).observe({ type: "layout-shift", buffered: true });`;

/**
 * Opens a page with the processor slowed four times, waits, reads on to its end, and comes back to each explorable.
 *
 * @param apart a script that does not count
 */
export async function measurePage(browser: Browser, url: string, width: number, apart?: string) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const scripts = new Set<string>();
  page.on("request", (one) => {
    if (one.resourceType() === "script") scripts.add(one.url());
  });
  await page.addInitScript(observeShifts);
  await page.goto(url);
  await page.waitForTimeout(1500);
  const inline = await page
    .locator("script:not([src])")
    .evaluateAll((all) => all.map(({ textContent }) => textContent).join(""));
  const files = [...scripts].filter((one) => !apart || !one.endsWith(apart));
  const bytes = [inline, ...files.map((one) => readFileSync(new URL(one)))].reduce(
    (sum, text) => sum + gzipSync(text).length,
    0,
  );
  const first = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  );
  await page.mouse.move(width / 2, 450);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  for (let y = 0; y < height; y += 800) {
    await page.mouse.wheel(0, 800);
    await page.waitForTimeout(100);
  }
  const read = await shiftOf(page);
  await context.close();
  return { first, bytes, shift: read };
}

/** How far a page jumps that is opened at an explorable, before that is live: at the worst of its explorables. */
export async function shiftAtExplorables(browser: Browser, url: string, width: number) {
  let worst = 0;
  for (let n = 0; ; n++) {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.addInitScript(observeShifts);
    await page.goto(url);
    const one = page.locator("[data-explore]").nth(n);
    const isThere = (await one.count()) > 0;
    if (isThere) {
      await one.evaluate((element) => element.scrollIntoView());
      await one.locator("section").first().waitFor();
      await page.waitForTimeout(500);
      worst = Math.max(worst, await shiftOf(page));
    }
    await page.close();
    if (!isThere) return worst;
  }
}

const shiftOf = (page: Page) => page.evaluate(() => (window as unknown as { shift: number }).shift);

/** The heights of all live explorables, by page and cell; those of the front door by their kinds. */
export async function measureHeights(
  browser: Browser,
  folder: string,
  names: readonly string[],
): Promise<Record<string, Heights>> {
  const all: Record<string, Record<string, number[]>> = {};
  for (const name of names) {
    for (const width of widths) {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      const explorables = page.locator("[data-explore]");
      for (let n = 0; n < (await explorables.count()); n++) {
        const one = explorables.nth(n);
        await one.evaluate((element) => element.scrollIntoView());
        await one.locator("section").first().waitFor();
      }
      await page.waitForTimeout(300);
      const seen = await explorables.evaluateAll((elements) =>
        elements.map((element) => {
          const cell = element.closest<HTMLElement>("[data-cell]")?.dataset.cell;
          const { height } = element.lastElementChild?.getBoundingClientRect() ?? { height: 0 };
          return [cell ?? element.getAttribute("data-explore") ?? "", Math.round(height)] as const;
        }),
      );
      all[name] ??= {};
      const known = new Set<string>();
      for (const [place, height] of seen) {
        if (known.has(place)) continue; // a cell's first one
        known.add(place);
        all[name][place] ??= [];
        all[name][place].push(height);
      }
      await page.close();
    }
    if (Object.keys(all[name]).length === 0) delete all[name];
  }
  return all;
}

/** Controls that are too small for a finger, with their sizes; those of an explorable too. */
export function smallTargets(page: Page): Promise<string[]> {
  return page
    .locator("button, summary, select, input:not([type=file]), .toc a, .ways a, .hits a, .books a")
    .evaluateAll((all) =>
      all
        .map((one) => {
          // What is chosen is hit by its label as well.
          const isChoice = /^(?:checkbox|radio)$/.test((one as HTMLInputElement).type);
          const target = isChoice ? one.closest("label") : one;
          return [one, (target ?? one).getBoundingClientRect()] as const;
        })
        .filter(([one]) => one.checkVisibility({ visibilityProperty: true }))
        .filter(([one]) => !one.matches("p button, li button, td button, .books a"))
        .filter(([, { width, height }]) => width > 0 && (width < 43.5 || height < 43.5))
        .map(
          ([one, { width, height }]) =>
            `${one.textContent || one.getAttribute("aria-label") || one.tagName}: ${Math.round(width)} × ${Math.round(height)}`,
        ),
    );
}

/** Labels of figures that are drawn in less than ten pixels, with their sizes. */
export function smallLabels(page: Page): Promise<string[]> {
  return page
    .locator("[data-figure] svg text, [data-explore] svg text, [data-figure=still] img")
    .evaluateAll((all) =>
      all
        .map((one) => {
          if (one instanceof HTMLImageElement)
            // Their smallest letters are of eleven pixels.
            return [
              one.alt.slice(0, 30),
              (11 * one.getBoundingClientRect().width) / Number(one.getAttribute("width")),
            ];
          const matrix = (one as SVGTextElement).getScreenCTM();
          const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1;
          const sizes = [one, ...Array.from(one.querySelectorAll("tspan"))]
            .filter(({ textContent }) => (textContent ?? "").trim() !== "​" && textContent?.trim())
            .map((part) => Number.parseFloat(getComputedStyle(part).fontSize) * scale);
          return [one.textContent?.slice(0, 30), Math.min(...sizes)];
        })
        .filter(([, size]) => Number(size) > 0 && Number(size) < 9.95)
        .map(([text, size]) => `${text}: ${Number(size).toFixed(1)}`),
    );
}

/** @throws if heights that are kept are not those that are seen now */
export function compareHeights(kept: Record<string, Heights>, seen: Record<string, Heights>): void {
  const wrong = Object.entries(seen).flatMap(([name, places]) =>
    Object.entries(places).flatMap(([place, heights]) =>
      heights.every(
        (height, n) => Math.abs((kept[name]?.[place]?.[n] ?? 0) - height) < 0.1 * height,
      )
        ? []
        : [`${name}, ${place}: ${heights.join(", ")}`],
    ),
  );
  assert.deepEqual(wrong, [], "measure them again: npm run test:site -- --heights");
}
