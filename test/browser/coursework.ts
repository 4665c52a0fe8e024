/// <reference lib="dom" />
/** An assignment done in its page, as it lies on a disk: from the identifier to the file that is handed in, and back. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { identifierOf } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/node/argv";
import { textOf } from "../../src/site/notebook-file";
import { releasedAssignments } from "../../src/site/releases";
import { writeSite } from "../../src/site/write";
import { assignmentNames, releasedNotebook } from "../coursework/source";
import { check, comesTo, watchedPage } from "./browser";
import { idle, seen } from "./live-notebooks";
import { smallTargets } from "./measures";
import { axeViolations } from "./reader";

/** Of the assignment that is worked on here some tasks have numbers of each student's own. */
const released = (name: string) => releasedNotebook(name, name === "deltas" ? "autumn" : undefined);

const right = "function outputDelta(h: number, y: number) { return h - y; }";

/** @param folder for the class and its pages */
export async function checkCoursework(
  browser: Browser,
  folder: string,
  screenshots: string,
): Promise<void> {
  const place = join(folder, "class");
  rmSync(place, { recursive: true, force: true });
  for (const name of assignmentNames) {
    mkdirSync(join(place, "release", name), { recursive: true });
    const file = join(place, "release", name, `${name}.ipynb`);
    writeFileSync(file, JSON.stringify(released(name)));
  }
  const original = join(projectRoot, "notebooks", "coursework");
  const identifier = identifierOf(original, original);
  const pages = join(place, "pages");
  await writeSite(pages, "A class", releasedAssignments(place), {
    coursework: { identifier, key: "a-class" },
  });
  const address = (name: string) => pathToFileURL(join(pages, `${name}.html`)).href;
  const handed = join(place, "ada_deltas.ipynb");
  await check("coursework: worked in a page, checked as in Jupyter, and downloaded", () =>
    doTheWork(browser, address("deltas"), handed, screenshots),
  );
  await check("coursework: on another machine, a phone, the file opens and goes on", () =>
    goOn(browser, address("deltas"), handed, screenshots),
  );
  await check("coursework: files of others, and a browser that keeps nothing", () =>
    refuse(browser, address, handed),
  );
}

async function open(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const { page, faults } = await watchedPage(context);
  await page.goto(url);
  return {
    page,
    cell: (id: string) => page.locator(`[data-cell="${id}"]`),
    field: page.getByRole("textbox", { name: /^Your answer: / }),
    status: page.locator(".status"),
    async close() {
      assert.deepEqual(faults, []);
      await context.close();
    },
  };
}

async function begin(page: Page, student: string): Promise<void> {
  await page.getByRole("textbox", { name: /^To write and run here, enter/ }).fill(student);
  await page.keyboard.press("Enter");
}

async function write(page: Page, cell: Locator, code: string): Promise<void> {
  const editor = cell.locator(".cm-content");
  if ((await editor.count()) === 0) {
    await cell.locator(".code").focus();
    await page.keyboard.press("Enter");
  }
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
}

async function runTest(page: Page, cell: Locator): Promise<string> {
  await cell.getByRole("button", { name: /^Run cell/ }).click();
  await idle(page);
  return seen(cell.locator(".outputs"));
}

async function choose(page: Page, button: string, path: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles(path);
}

async function doTheWork(
  browser: Browser,
  url: string,
  handed: string,
  screenshots: string,
): Promise<undefined> {
  const opened = await open(browser, url);
  const { page, cell, field, status } = opened;
  assert.equal(await page.locator(".unpack-first").isVisible(), false);
  await page.screenshot({ path: join(screenshots, "coursework-who.png") });
  await begin(page, "Ada/King");
  await page.getByRole("alert").getByText("«/» cannot stand in a file's name").waitFor();
  assert.equal(await cell("output").getByRole("button").count(), 0, "nobody works here yet");
  await begin(page, "ada");
  const bar = page.getByRole("region", { name: "Your work" });
  await bar.getByText("9 of 9 still to be filled in").waitFor();

  // What is given can be run, and not changed.
  await cell("broken").locator(".code").click();
  await cell("broken").locator(".code").press("Enter");
  assert.equal(await cell("broken").getByRole("button", { name: /Edit/ }).count(), 0);
  assert.equal(await cell("broken").locator(".cm-content").count(), 0);

  await write(page, cell("output"), right.replace("h - y", "y - h"));
  assert.match(await runTest(page, cell("output-test")), /match a known mistake: wrong sign/);
  const borrowed = `import { backward } from "./src/nn";\n${right.replace("h - y", "backward && h - y")}`;
  await write(page, cell("output"), borrowed);
  assert.match(await runTest(page, cell("output-test")), /✗ backward does in the library what you/);
  await write(page, cell("output"), right);
  assert.match(await runTest(page, cell("output-test")), /✓ Right so far/);
  // Numbers of one's own, whose name the page has filled in.
  assert.match(await seen(cell("identifier").locator(".code")), /return "ada";/);
  assert.equal(await cell("identifier").getByRole("button", { name: /Edit/ }).count(), 0);
  assert.match(
    await runTest(page, cell("predict-numbers")),
    /For «ada»:.*The weights of your network/s,
  );
  await cell("predict-numbers").scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "coursework-laptop-own.png") });
  await field.fill(
    "No: $\\delta = h - y$ is a slope. <img src=x onerror=alert(1)>\n\n$$\\frac{1}{2$$",
  );
  const read = page.getByRole("region", { name: "Your answer as it will be read" });
  await read.locator(".katex").first().waitFor();
  assert.equal(await read.locator("img").count(), 0);
  assert.match(await seen(read), /<img src=x/);

  const left = bar.getByText("7 of 9 still to be filled in");
  await left.click();
  assert.deepEqual(await bar.getByRole("listitem").first().allInnerTexts(), [
    "2. … with a sigmoid",
  ]);
  assert.deepEqual(await axeViolations(page), []);
  assert.deepEqual(await smallTargets(page), []);
  await bar.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "coursework-laptop.png") });
  await read.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "coursework-laptop-words.png") });

  await page.reload();
  await bar.getByText("7 of 9 still to be filled in").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    bar.getByRole("button", { name: "Download ada_deltas.ipynb" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "ada_deltas.ipynb");
  await download.saveAs(handed);
  await status.getByText(/Not filled in yet: 2\. … with a sigmoid; 3\./).waitFor();
  const { cells } = JSON.parse(readFileSync(handed, "utf8"));
  const handedOut = released("deltas");
  for (const [n, { id, ...cell }] of cells.entries()) {
    const was = handedOut.cells[n];
    assert.deepEqual([id, cell.metadata], [was.id, was.metadata]);
    if (id === "output") assert.equal(textOf(cell.source), right);
    else if (id === "identifier") assert.match(textOf(cell.source), /^ {2}return "ada";$/m);
    else if (id === "words") assert.match(textOf(cell.source), /^No: \$\\delta/);
    else assert.equal(textOf(cell.source), textOf(was.source), id);
  }
  await opened.close();
  return undefined;
}

async function goOn(
  browser: Browser,
  url: string,
  handed: string,
  screenshots: string,
): Promise<undefined> {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const opened = await open(browser, url, phone);
  const { page, cell, field, status } = opened;
  await choose(page, "Open a file of mine", handed);
  await page.getByText("You are ada here.").waitFor();
  await status.getByText("2 cells of yours").waitFor();
  const isThere = async () => /^No: \$\\delta/.test(await field.inputValue());
  await comesTo(isThere, true, "it is opened");
  assert.match(await runTest(page, cell("output-test")), /✓ Right so far/);
  assert.deepEqual(await smallTargets(page), []);
  await page.screenshot({ path: join(screenshots, "coursework-phone.png") });
  assert.match(await runTest(page, cell("broken")), /For «ada»:.*function brokenGradient/s);
  await cell("broken").scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "coursework-phone-own.png") });
  await cell("output-test").scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "coursework-phone-check.png") });
  await field.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "coursework-phone-words.png") });
  await page.getByRole("button", { name: "Light or dark" }).click();
  assert.deepEqual(await axeViolations(page), []);
  await page.screenshot({ path: join(screenshots, "coursework-phone-dark.png") });
  // What was written since is not overwritten unasked.
  await field.fill("Another answer");
  await choose(page, "Open mine", handed);
  await page.getByRole("group", { name: "Replace what stands here?" }).waitFor();
  await page.getByRole("button", { name: "No", exact: true }).click();
  assert.equal(await field.inputValue(), "Another answer");
  await choose(page, "Open mine", handed);
  await page.getByRole("button", { name: "Yes, replace it" }).click();
  await comesTo(isThere, true, "it is replaced");
  await opened.close();
  return undefined;
}

async function refuse(
  browser: Browser,
  address: (name: string) => string,
  handed: string,
): Promise<undefined> {
  const opened = await open(browser, address("training"));
  await choose(opened.page, "Open a file of mine", handed);
  await opened.page.getByRole("alert").getByText("This file is work on «deltas»").waitFor();
  await begin(opened.page, "bob");
  await choose(opened.page, "Open mine", handed);
  await opened.status.getByText("This file is work on «deltas»").waitFor();
  // On every page of the class, and apart from what others have written at this machine.
  await opened.page.goto(address("deltas"));
  await opened.page.getByText("You are bob here.").waitFor();
  await choose(opened.page, "Open mine", handed);
  await opened.status.getByText("is the work of «ada», and you are «bob» here").waitFor();
  await opened.page.getByText("9 of 9 still to be filled in").waitFor();
  await opened.close();

  const context = await browser.newContext();
  const { page, faults } = await watchedPage(context);
  await page.addInitScript(() =>
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("not here", "SecurityError");
      },
    }),
  );
  await page.goto(address("deltas"));
  await begin(page, "ada");
  await page.getByText("This browser keeps nothing of what you write here").waitFor();
  await page.getByRole("textbox", { name: /^Your answer: / }).fill("Not kept");
  await page.getByText("8 of 9 still to be filled in").waitFor();
  const asks = () => {
    const leaving = new Event("beforeunload", { cancelable: true });
    dispatchEvent(leaving);
    return leaving.defaultPrevented;
  };
  assert.equal(await page.evaluate(asks), true, "the page can be left without a word");
  assert.deepEqual(faults, []);
  await context.close();
  return undefined;
}
