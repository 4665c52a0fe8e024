/** A Chromium for the tests in the browser, and the counting of what passes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
  type Browser,
  type BrowserContext,
  type Page,
  chromium as playwright,
} from "playwright-core";
import { Trouble } from "../../src/jupyter/command";
import { onPath } from "../../src/jupyter/find";

const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];
  return names.flatMap((name) => onPath(name))[0] ?? usualPlaces.find((path) => existsSync(path));
}

/**
 * Path of a Chromium: the one named by the variable CHROMIUM, else one that is installed, else, as
 * root on Debian, one installed now.
 *
 * @throws Trouble when there is none
 */
export function chromium(): string {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath("apt-get").length > 0) {
    console.log("No Chromium found: installing Debian's (apt-get install chromium) …");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const step of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
      const { status, stderr } = spawnSync("apt-get", ["-qq", ...step], { env, encoding: "utf8" });
      if (status !== 0) throw new Trouble(`apt-get ${step[0]} failed: ${stderr.trim()}`);
    }
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Trouble(
    "No Chromium was found: install Chromium or Chrome, or name one in the variable CHROMIUM.",
  );
}

/** Starts the Chromium, without a window and without a word to its makers. */
export function launch(): Promise<Browser> {
  return playwright.launch({
    executablePath: chromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

let passed = 0;
const failures: string[] = [];

/** As `check`; with a part of a name on the command line only the checks in whose names it stands. */
export async function checkIfAsked(...[name, run]: Parameters<typeof check>): Promise<void> {
  const asked = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
  if (name.includes(asked ?? "")) await check(name, run);
}

/** Runs one check and prints a line: ok with what it noted and how long it took, or what failed. */
export async function check(name: string, run: () => Promise<string | undefined>): Promise<void> {
  const start = performance.now();
  const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const note = await run();
    passed++;
    console.log(`ok    ${name} (${note ? `${note}; ` : ""}${took()})`);
  } catch (error) {
    const said = `FAIL  ${name} (${took()})\n${(error as Error).message.replace(/^/gm, "      ")}`;
    failures.push(said);
    console.log(said);
  }
}

/** Waits until something is as expected, as a page draws when it can. @throws AssertionError that says what it is instead */
export async function comesTo<T>(read: () => Promise<T>, expected: T, about?: string) {
  for (const end = Date.now() + 8000; Date.now() < end; await wait(20))
    if (isDeepStrictEqual(await read(), expected)) return;
  assert.deepEqual(await read(), expected, about);
}

/** Does the work for each item, in order, so many at a time. */
async function atATime<T>(count: number, items: readonly T[], work: (item: T) => Promise<void>) {
  const waiting = [...items];
  const takeOn = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: count }, takeOn));
}

/** For work that keeps a processor busy: the machines that run the tests have two. */
export const twoAtATime = <T>(items: readonly T[], work: (item: T) => Promise<void>) =>
  atATime(2, items, work);

/** For work that waits half of its time. */
export const threeAtATime = <T>(items: readonly T[], work: (item: T) => Promise<void>) =>
  atATime(3, items, work);

/** Prints what failed once more, where a log's end shows it, and how many passed; the process fails if any failed. */
export function tellOutcome(): void {
  if (failures.length > 0) process.exitCode = 1;
  console.log([...failures, `${passed} passed, ${failures.length} failed`].join("\n"));
}

/** Takes a picture of the whole page: to be looked at, and so none on CI, where nobody does. */
export async function takePicture(page: Page, path: string): Promise<void> {
  if (!process.env.CI) await page.screenshot({ path, fullPage: true });
}

/** A page that gets files of this machine only; `faults` grows by what else it asks for, and by its errors. */
export async function watchedPage(
  context: BrowserContext,
): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  await page.route("**/*", (route) => {
    if (/^(file|data|blob):/.test(route.request().url())) return route.continue();
    faults.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  return { page, faults };
}
