/**
 * First part of `npm run test:site`: every kind of explorable in a page of its own, in a Chromium. Every control is used by
 * mouse and by keyboard, what can be dragged is dragged by a mouse and stays under it, on a phone everything is in sight, large enough and by touch, dark pages are
 * dark, and where only scripts within outputs run, as in VS Code, they come alive too.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { question } from "../../src/cards";
import * as explore from "../../src/explore";
import { gallery } from "../../src/explore/gallery";
import { PlaygroundRun, tellWeight } from "../../src/explore/kinds/playground";
import { runCommand } from "../../src/jupyter/command";
import { jupyterFolder } from "../../src/jupyter/start";
import { weightIndex } from "../../src/names";
import { writePageScripts } from "../../src/page-scripts";
import { type Displayable, display, formatNumber, liveOutputs } from "../../src/show";
import { everySample } from "../explore/kinds";
import {
  checkIfAsked as check,
  comesTo,
  launch,
  takePicture,
  tellOutcome,
  twoAtATime,
  watchedPage,
} from "./browser";
import { axeViolations } from "./reader";

const screenshots = join(jupyterFolder, "screenshots-explorables");

interface Look {
  width?: number;
  theme?: "light" | "dark";
  touch?: boolean;
}

interface Opened {
  page: Page;
  /** The first explorable of the page. */
  one: Locator;
  faults: string[];
}

runCommand(async () => {
  mkdirSync(jupyterFolder, { recursive: true });
  mkdirSync(screenshots, { recursive: true });
  const folder = mkdtempSync(join(jupyterFolder, "explorables-"));
  writePageScripts(folder);
  const browser = await launch();
  let count = 0;

  /** Opens outputs in a page of the web edition. */
  const open = async (html: string, look: Look = {}): Promise<Opened> => {
    const file = join(folder, `${++count}.html`);
    const { theme = "light", width = 1280, touch = false } = look;
    writeFileSync(
      file,
      `<!doctype html><html lang="en" data-backprop="./" data-theme="${theme}"><head><title>One</title>` +
        `<meta name="viewport" content="width=device-width"><style>body{margin:16px;${theme === "dark" ? "background:#15181c;color:#eee" : ""}}</style></head>` +
        `<body><main><h1>An explorable</h1>${html}</main></body></html>`,
    );
    const opened = await openPage(browser, pathToFileURL(file).href, { ...look, width, touch });
    await opened.one.locator("section").first().waitFor();
    return opened;
  };
  try {
    await tryDragging(open);
    await check(
      "playground: the weight under the pointer is told, and is told anew as it trains",
      () => pointAtWeight(open),
    );
    await check("playground: the gallery shows a setting trained, with its sentence", () =>
      showGallery(open),
    );
    await twoAtATime(everySample, async ([label, make]) => {
      await check(`${label}: from phone to screen, letters of 10 pixels and targets of 44`, () =>
        lookAtWidths(open, make().html(), label),
      );
      await check(`${label}: dark on a dark page, white on paper, and axe finds nothing`, () =>
        lookAtDark(open, make().html(), label),
      );
      for (const way of ["keyboard", "mouse", "touch"] as const)
        await check(`${label}: every control does something, by ${way}`, () =>
          useEveryControl(open, make().html(), way),
        );
    });
    await check("the stepper's picture and Next are in sight together on phones", () =>
      seeStepper(open),
    );
    await check("bare, the stepper shows no settings and starts where it is told to", () =>
      seeBare(open),
    );
    await check("it follows JupyterLab's theme, and VS Code's, when they change", () =>
      followTheme(open),
    );
    for (const way of ["by one call", "by themselves"] as const)
      await check(`under VS Code's policy for outputs explorables come alive, ${way}`, () =>
        liveInVsCode(browser, folder, way),
      );
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Screenshots are in ${screenshots}.`);
  tellOutcome();
});

type Open = (html: string, look?: Look) => Promise<Opened>;

async function openPage(
  browser: Browser,
  address: string,
  { width = 1280, touch = false }: Look,
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height: touch ? 844 : 900 },
    hasTouch: touch,
  });
  const { page, faults } = await watchedPage(context);
  await page.goto(address);
  return { page, one: page.locator("[data-explore]").first(), faults };
}

/** The settings that an explorable's code tells. */
async function settingsOf(one: Locator): Promise<Record<string, unknown>> {
  const code = (await one.locator(".found pre").first().textContent()) ?? "";
  const call = /explore\.\w+\(([\s\S]*?)\);\n/.exec(code)?.[1] ?? "";
  return call ? new Function(`return (${call})`)() : {};
}

interface Place {
  x: number;
  y: number;
}

/** The middle of an element, in the window. */
async function middleOf(element: Locator): Promise<Place> {
  await element.scrollIntoViewIfNeeded();
  const box = await element.boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The numbers along a chart's bottom edge. */
const ticksOf = (picture: Locator) => picture.locator("text[text-anchor=middle]").allTextContents();

/** By mouse or finger: sets down, goes there in small steps, telling each, and lifts. */
async function drag(
  page: Page,
  from: Place,
  to: Place,
  by: "mouse" | "touch",
  each?: (at: Place) => Promise<void>,
): Promise<void> {
  const session = by === "touch" ? await page.context().newCDPSession(page) : undefined;
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", at?: Place) =>
    session?.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] });
  await page.mouse.move(from.x, from.y);
  if (session) await touch("touchStart", from);
  else await page.mouse.down();
  const steps = each ? 12 : 5;
  for (let n = 1; n <= steps; n++) {
    const share = n / steps;
    const at = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
    if (session) await touch("touchMove", at);
    else await page.mouse.move(at.x, at.y);
    await drawnAgain(page);
    await each?.(at);
  }
  if (session) await touch("touchEnd");
  else await page.mouse.up();
  await drawnAgain(page);
}

/** When the page has drawn what was changed by now, and what followed from that. */
const drawnAgain = (page: Page) =>
  page.evaluate(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))",
  );

/** Everything that can be dragged: what is told changes by the axis's own scale, and the mark stays under the pointer. */
async function tryDragging(open: Open): Promise<void> {
  const weightsOf = (value: number) => Array.from({ length: 13 }, (_, n) => (n === 10 ? value : 1));
  const curves: [name: string, html: string, width: number, by: "mouse" | "touch", px: number][] = [
    ["the text's, right", explore.slope().html(), 1280, "mouse", 150],
    ["the text's, left to the bottom", explore.slope().html(), 1280, "mouse", -282],
    ["300 pixels", explore.slope({ weights: weightsOf(-2) }).html(), 1280, "mouse", 300],
    ["back from far out", explore.slope({ weights: weightsOf(30) }).html(), 1280, "mouse", -300],
    ["on a phone", explore.slope().html(), 390, "touch", 80],
  ];
  for (const [name, html, width, by, px] of curves)
    await check(`slope, ${name}: the weight moves by the axis's scale, by ${by}`, async () => {
      const { page, one, faults } = await open(html, { width, touch: by === "touch" });
      const picture = one.locator(".picture");
      const now = picture.locator("circle");
      const from = await middleOf(now);
      const before = await ticksOf(picture);
      const value = async () => Number((await settingsOf(one)).weights?.[10 as never] ?? 1);
      const scale = await perPixel(picture);
      const start = await value();
      await drag(page, from, { ...from, x: from.x + px }, by, async (at) => {
        assert.deepEqual(await ticksOf(picture), before, "the axis has moved");
        assert.ok(
          Math.abs((await middleOf(now)).x - at.x) < 1.5,
          "the point is not at the pointer",
        );
      });
      const moved = (await value()) - start;
      assert.ok(Math.abs(moved - px * scale) < 0.02 + 1.5 * scale, `${moved} for ${px * scale}`);
      assert.deepEqual(faults, []);
      await page.context().close();
      return `${px} pixels are ${moved.toFixed(2)}`;
    });

  await check("slope, a surface: both weights follow the pointer", async () => {
    const { page, one } = await open(explore.slope({ second: "V02", hidden: "tanh" }).html());
    const picture = one.locator(".picture");
    const now = picture.locator("circle");
    const from = await middleOf(now);
    const before = await ticksOf(picture);
    await drag(page, from, { x: from.x + 70, y: from.y + 90 }, "mouse", async (at) => {
      assert.deepEqual(await ticksOf(picture), before, "the axis has moved");
      const { x, y } = await middleOf(now);
      assert.ok(Math.hypot(x - at.x, y - at.y) < 2.5, "the point is not at the pointer");
    });
    const weights = (await settingsOf(one)).weights as number[];
    assert.ok(weights[10] > 1 && weights[11] < 1, weights.join());
    await page.context().close();
    return undefined;
  });

  await check("attention: the query follows the pointer, and stops at the edge", async () => {
    const { page, one, faults } = await open(explore.attention().html());
    const picture = one.locator(".picture");
    const query = picture.locator("circle");
    const from = await middleOf(query);
    await drag(page, from, { x: from.x - 110, y: from.y - 60 }, "mouse", async (at) => {
      const { x, y } = await middleOf(query);
      assert.ok(Math.hypot(x - at.x, y - at.y) < 2.5, "the query is not at the pointer");
    });
    const told = (await settingsOf(one)).query as number[];
    const expected = explore.attention({ query: told as [number, number] }).view.tables;
    const shown = await one.locator(".numbers tbody").last().locator("td, th").allTextContents();
    assert.deepEqual(
      shown,
      Object.values(expected[1].rows[0]).map((cell) =>
        typeof cell === "number" ? formatNumber(cell, 4) : cell,
      ),
    );
    const far = await middleOf(query);
    await drag(page, far, { x: far.x - 2000, y: far.y }, "mouse");
    assert.equal(((await settingsOf(one)).query as number[])[0], -3);
    assert.deepEqual(faults, []);
    await page.context().close();
    return undefined;
  });

  for (const by of ["mouse", "touch"] as const)
    await check(`convolution: by ${by} the window goes over the image, each use counts once`, () =>
      moveWindow(open, by),
    );

  for (const [name, html] of Object.entries({
    slope: explore.slope().html(),
    activation: explore.activation().html(),
    attention: explore.attention().html(),
    convolution: explore.convolution().html(),
  }))
    await check(
      `${name}: a finger that goes up its picture scrolls the page, and moves nothing`,
      () => scrollPast(open, html),
    );

  for (const [name, weights] of [
    ["", [0.5, 1, -1]],
    [" from far out", [20, 1, -1]],
  ] as const)
    for (const n of [0, 1])
      await check(
        `activation, chart ${n + 1}${name}: z follows the pointer, and stops at the edge`,
        async () => {
          const { page, one } = await open(explore.activation({ weights: [...weights] }).html());
          const picture = one.locator(".picture").nth(n);
          const now = picture.locator("circle");
          const from = await middleOf(now);
          const scale = await perPixel(picture);
          const before = await ticksOf(picture);
          const bias = async () =>
            ((await settingsOf(one)).weights as number[] | undefined)?.[0] ?? 0.5;
          const start = await bias();
          await drag(page, from, { ...from, x: from.x - 90 }, "mouse", async (at) => {
            assert.deepEqual(await ticksOf(picture), before, "the axis has moved");
            assert.ok(
              Math.abs((await middleOf(now)).x - at.x) < 1.5,
              "the point is not at the pointer",
            );
          });
          const moved = (await bias()) - start;
          assert.ok(Math.abs(moved + 90 * scale) < 0.02 + scale, `${moved} for ${-90 * scale}`);
          const box = await picture.boundingBox();
          assert.ok(box);
          await drag(page, await middleOf(now), { x: box.x + box.width + 200, y: from.y }, "mouse");
          const edge = await middleOf(now);
          assert.ok(
            edge.x > box.x + box.width - 30 && edge.x < box.x + box.width,
            "not at the edge",
          );
          await page.context().close();
          return `90 pixels are ${(-moved).toFixed(2)}`;
        },
      );

  await check("a slider set beyond its ends keeps them while it is dragged", async () => {
    const { page, one } = await open(explore.slope({ weights: weightsOf(30) }).html());
    const slider = one.getByLabel("value of V01");
    await slider.scrollIntoViewIfNeeded();
    const ends = () =>
      slider.evaluate((input) => [input.getAttribute("min"), input.getAttribute("max")]);
    const before = await ends();
    const box = await slider.boundingBox();
    assert.ok(box);
    const at = (share: number) => ({ x: box.x + share * box.width, y: box.y + box.height / 2 });
    await drag(page, at(0.95), at(0.5), "mouse", async () =>
      assert.deepEqual(await ends(), before),
    );
    const value = Number(await slider.inputValue());
    assert.ok(Math.abs(value - 13) < 1.5, `the middle of −4 to 30 is ${value}`);
    await page.context().close();
    return undefined;
  });

  for (const by of ["mouse", "touch"] as const)
    await check(`playground: own points are drawn where the ${by} goes`, () =>
      drawPoints(open, by),
    );
}

/** All that an explorable shows, as one text. */
const stateOf = (one: Locator) =>
  one.evaluate((element) => {
    const root = (element.lastElementChild as HTMLElement).shadowRoot;
    const fields = Array.from(
      root?.querySelectorAll("input, select") ?? [],
      (field) => (field as HTMLInputElement).value,
    );
    return `${fields.join()}\n${root?.querySelector("section")?.innerHTML}`;
  });

/** Uses each control of a fresh explorable, and sees that it does something, or nothing if it is disabled. */
async function useEveryControl(open: Open, html: string, way: "keyboard" | "mouse" | "touch") {
  const { page, one, faults } = await open(
    html,
    way === "touch" ? { width: 390, touch: true } : {},
  );
  // In the same page: to load one for each control took most of the time.
  const renew = async () => {
    await page.evaluate(
      `document.querySelector("[data-explore]").remove(); (${showOutput})(${JSON.stringify(html)})`,
    );
    await one.locator(".title").waitFor();
    await one.evaluate((element) => {
      const root = (element.lastElementChild as HTMLElement).shadowRoot;
      for (const details of root?.querySelectorAll("details") ?? []) details.open = true;
    });
    await drawnAgain(page);
  };
  await renew();
  // To a finger the others are the system's own.
  const controls =
    way === "touch"
      ? "input[type=range], button"
      : "input, select, button, textarea:not([readonly])";
  const count = await one.locator(controls).count();
  const idle: string[] = [];
  for (let n = 0; n < count; n++) {
    if (n > 0) await renew();
    const control = one.locator(controls).nth(n);
    const { tag, type, value, name, disabled } = await control.evaluate((element) => ({
      tag: element.tagName,
      type: (element as HTMLInputElement).type,
      value: (element as HTMLInputElement).value,
      name: (element as HTMLInputElement).labels?.[0]?.textContent || element.textContent || "",
      disabled: element.getAttribute("aria-disabled") === "true",
    }));
    assert.ok(name.trim(), `control ${n} has no label`);
    const before = await stateOf(one);
    const isChanged = async () => (await stateOf(one)) !== before;
    if (type === "file" || tag === "TEXTAREA") {
      const text = "0,0,1\n1,1,0\n";
      if (type === "file") {
        const chooser = page.waitForEvent("filechooser");
        if (way === "mouse") await control.click();
        else {
          await control.focus();
          await page.keyboard.press("Enter");
        }
        const buffer = Buffer.from(text);
        await (await chooser).setFiles({ name: "points.csv", mimeType: "text/csv", buffer });
      } else {
        if (way === "mouse") await control.click();
        else await control.focus();
        await page.keyboard.press("ControlOrMeta+a");
        await page.keyboard.type(text);
        await control.blur();
      }
    } else if (way === "keyboard") {
      await control.focus();
      if (tag === "BUTTON") await page.keyboard.press("Space");
      else if (type === "number") {
        await page.keyboard.press("ArrowUp");
        await page.keyboard.press("Tab");
      } else {
        await page.keyboard.press("ArrowDown");
        await drawnAgain(page);
        if (!(await isChanged())) await page.keyboard.press("ArrowUp");
      }
    } else if (tag === "BUTTON") {
      // Those that do nothing now, too.
      if (way === "touch") await control.tap({ force: true });
      else await control.click({ force: true });
    } else if (tag === "SELECT") {
      const other = await control.evaluate((element) => {
        const { options, selectedIndex } = element as HTMLSelectElement;
        return options[(selectedIndex + 1) % options.length].value;
      });
      await control.selectOption(other);
    } else if (type === "range") {
      await control.scrollIntoViewIfNeeded();
      const box = await control.boundingBox();
      assert.ok(box);
      const at = (share: number) => ({
        x: box.x + share * box.width,
        y: box.y + box.height / 2,
      });
      await drag(page, at(0.5), at(0.85), way === "touch" ? "touch" : "mouse");
      if (!(await isChanged()))
        await drag(page, at(0.5), at(0.15), way === "touch" ? "touch" : "mouse");
    } else {
      await control.click({ clickCount: 3 });
      await page.keyboard.type(value === "2" ? "3" : "2");
      await page.locator("h1").first().click();
    }
    // What is disabled gets as long to act as anything that acts in time.
    await drawnAgain(page);
    let changed = await isChanged();
    for (let tries = 0; !changed && tries < (disabled ? 1 : 80); tries++) {
      await page.waitForTimeout(100);
      changed = await isChanged();
    }
    if (changed === disabled)
      idle.push(`${name} ${disabled ? "is disabled and acts" : "does nothing"}`);
    assert.deepEqual(faults, [], name);
  }
  assert.deepEqual(idle, []);
  await page.context().close();
  return `${count} controls`;
}

async function pointAtWeight(open: Open): Promise<undefined> {
  const { page, one, faults } = await open(explore.playground({ epochs: 20 }).html());
  const { settings } = explore.playground({ epochs: 20 });
  const run = new PlaygroundRun(settings);
  run.advance(20);
  const told = () => one.locator(".weights .hint").textContent();
  for (const name of ["V02", "W31"]) {
    const link = one.locator(`[data-weight=${name}]`);
    await link.scrollIntoViewIfNeeded();
    await link.hover({ force: true });
    await comesTo(told, tellWeight(run, weightIndex(run.network, name)));
  }
  const slider = one.getByLabel("weight", { exact: true });
  await slider.focus();
  await page.keyboard.press("Home");
  await comesTo(told, tellWeight(run, 0));
  await one.getByRole("button", { name: "One epoch" }).click();
  run.advance(1);
  await comesTo(told, tellWeight(run, 0));
  assert.deepEqual(faults, []);
  await page.context().close();
  return undefined;
}

async function showGallery(open: Open): Promise<undefined> {
  const { page, one, faults } = await open(explore.playground().html());
  const show = one.getByLabel("show", { exact: true });
  for (const [n, { why, settings }] of [...gallery.entries()].filter(([n]) => n % 4 === 3)) {
    await show.selectOption(String(n));
    await one.getByText(why).waitFor();
    const shown = await one.locator(".numbers tbody td").first().textContent();
    const run = new PlaygroundRun(settings);
    run.advance(settings.epochs);
    assert.equal(Number(shown?.replace(/,/g, "")), run.epoch);
  }
  assert.deepEqual(faults, []);
  await page.context().close();
  return undefined;
}

async function scrollPast(open: Open, html: string): Promise<undefined> {
  const { page, one, faults } = await open(`${html}<div style="height: 2000px"></div>`, {
    width: 360,
    touch: true,
  });
  const picture = one.locator(".picture.draggable").first();
  await picture.scrollIntoViewIfNeeded();
  const box = await picture.boundingBox();
  assert.ok(box);
  const before = await picture.getAttribute("aria-label");
  const from = { x: box.x + box.width / 4, y: box.y + Math.min(box.height / 2, 400) };
  await drag(page, from, { x: from.x + 8, y: from.y - 200 }, "touch");
  assert.ok((await page.evaluate<number>("scrollY")) > 50, "the page has not moved");
  assert.equal(await picture.getAttribute("aria-label"), before);
  await page.touchscreen.tap(from.x, from.y - 100);
  await drawnAgain(page);
  assert.notEqual(await picture.getAttribute("aria-label"), before, "a tap does nothing");
  assert.deepEqual(faults, []);
  await page.context().close();
  return undefined;
}

async function moveWindow(open: Open, by: "mouse" | "touch"): Promise<undefined> {
  const look = by === "touch" ? { width: 390, touch: true } : {};
  const { page, one, faults } = await open(explore.convolution().html(), look);
  const picture = one.locator(".picture");
  // The image comes first, its pixels row by row.
  const pixel = (row: number, column: number) =>
    middleOf(picture.locator("text[text-anchor=middle]").nth(6 * row + column));
  const told = async () => {
    const { place = 0, uses = [] } = await settingsOf(one);
    return { place, uses };
  };
  await drag(page, await pixel(1, 1), await pixel(1, 4), by);
  assert.deepEqual(await told(), { place: 3, uses: [0, 1, 2] });
  await drag(page, await pixel(1, 4), await pixel(1, 3), by);
  assert.deepEqual(await told(), { place: 2, uses: [0, 1, 2, 3] });
  await one.locator(".pad").focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight"])
    await page.keyboard.press(key);
  await drawnAgain(page);
  const settings = { place: 7, uses: [0, 1, 2, 3, 6, 10, 9, 5] };
  assert.deepEqual(await told(), settings);
  const { view } = explore.convolution(settings);
  assert.equal(await picture.getAttribute("aria-label"), view.alt);
  const cells = await one.locator(".numbers tbody tr").last().locator("td, th").allTextContents();
  const { rows } = view.tables[0];
  assert.deepEqual(
    cells,
    Object.values(rows[rows.length - 1]).map((cell) =>
      typeof cell === "number" ? formatNumber(cell) : cell,
    ),
  );
  await one.getByRole("button", { name: "All uses" }).click();
  assert.equal(((await told()).uses as number[]).length, 16);
  assert.deepEqual(faults, []);
  await page.context().close();
  return undefined;
}

/** What a pixel of the window is on a chart's x-axis, from the numbers written along it. */
async function perPixel(picture: Locator): Promise<number> {
  const places = await picture.locator("text[text-anchor=middle]").evaluateAll((texts) =>
    texts
      .filter((text) => /^[−\d.]+$/.test(text.textContent ?? ""))
      .map((text) => {
        const box = text.getBoundingClientRect();
        const value = Number((text.textContent ?? "").replace("−", "-"));
        return { value, x: box.left + box.width / 2 };
      }),
  );
  const [first] = places;
  const last = places[places.length - 1];
  assert.ok(places.length > 1, "there are no numbers along the axis");
  return (last.value - first.value) / (last.x - first.x);
}

async function drawPoints(open: Open, by: "mouse" | "touch"): Promise<string> {
  const points = [
    [-0.5, -0.5, 0],
    [0.5, -0.5, 1],
  ];
  const look = by === "touch" ? { width: 390, touch: true } : {};
  const { page, one, faults } = await open(
    explore.playground({ data: "own", points }).html(),
    look,
  );
  await one.getByLabel("draw with the pointer").selectOption("2");
  const picture = one.locator(".surface .picture");
  await picture.scrollIntoViewIfNeeded();
  const scale = await perPixel(picture);
  const before = await ticksOf(picture);
  const from = await middleOf(picture);
  const told = async () => ((await settingsOf(one)).points ?? points) as number[][];
  await drag(page, from, { x: from.x + 60, y: from.y - 40 }, by, async () =>
    assert.deepEqual(await ticksOf(picture), before, "the axis has moved"),
  );
  const all = await told();
  const stroke = all.slice(2);
  assert.ok(stroke.length > 3, `${stroke.length} points`);
  assert.ok(stroke.every(([, , one]) => one === 2));
  const [first, last] = [stroke[0], stroke[stroke.length - 1]];
  assert.ok(Math.abs(last[0] - first[0] - 60 * scale) < 0.15, `${last[0] - first[0]}`);
  assert.ok(Math.abs(last[1] - first[1] - 40 * scale) < 0.15, `${last[1] - first[1]}`);
  // A third class takes three outputs.
  assert.match((await one.locator(".found pre").first().textContent()) ?? "", /output: "softmax"/);
  await one.getByRole("button", { name: "Undo the last point" }).click();
  assert.equal((await told()).length, all.length - 1);
  await one.getByRole("button", { name: "Clear" }).click();
  assert.match((await one.locator(".problem").textContent()) ?? "", /at least two classes/);
  assert.equal(await one.locator(".surface .picture svg").count(), 1);
  // After Clear the first points are seen as they are drawn, though they do not do as samples yet.
  const middle = await middleOf(picture);
  await page.mouse.click(middle.x, middle.y);
  assert.ok((await picture.locator("rect[transform]").count()) > 0, "the first point is not seen");
  await one.getByLabel(/typed or pasted/).fill("0,0;0,25;no\n1;1;yes\n");
  await one.getByLabel(/typed or pasted/).blur();
  assert.deepEqual(await told(), [
    [0, 0.25, 0],
    [1, 1, 1],
  ]);
  await one.getByLabel("from a CSV file").setInputFiles({
    name: "points.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("x,y,class\n0,1,0\n1,0,1\n1,1,1\n"),
  });
  await comesTo(told, [
    [0, 1, 0],
    [1, 0, 1],
    [1, 1, 1],
  ]);
  assert.deepEqual(faults, []);
  await page.context().close();
  return `${stroke.length} points in a stroke`;
}

async function lookAtWidths(open: Open, html: string, label: string): Promise<string> {
  let smallest = Number.POSITIVE_INFINITY;
  for (const width of [360, 768, 1280]) {
    const { page, one, faults } = await open(html, { width, touch: width < 500 });
    for (const summary of await one.locator("summary").all()) await summary.click();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels wider than ${width}`);
    const small = await one
      .locator("button, select, input, summary, a, textarea")
      .evaluateAll((targets) =>
        targets.flatMap((target) => {
          const { height } = target.getBoundingClientRect();
          return height < 43.9 ? [`${target.tagName} ${target.textContent}: ${height}`] : [];
        }),
      );
    assert.deepEqual(small, [], "too small for a finger");
    const sizes = await one.locator(".picture svg").evaluateAll((pictures) =>
      pictures.flatMap((picture) => {
        const box = picture.getBoundingClientRect();
        const scale = box.width / Number(picture.getAttribute("width"));
        return Array.from(picture.querySelectorAll("text"), (text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect();
          return {
            text: text.textContent,
            size: scale * Number.parseFloat(getComputedStyle(text).fontSize),
            isCut:
              left < box.left - 1 ||
              right > box.right + 1 ||
              top < box.top - 1 ||
              bottom > box.bottom + 1,
          };
        });
      }),
    );
    for (const { text, size, isCut } of sizes) {
      assert.ok(!isCut, `“${text}” is cut off`);
      assert.ok(size >= 10, `“${text}” is ${size.toFixed(1)} pixels high at ${width}`);
      smallest = Math.min(smallest, size);
    }
    assert.deepEqual(faults, []);
    await takePicture(page, join(screenshots, `${fileOf(label)}-${width}.png`));
    await page.context().close();
  }
  return `the smallest letter is ${smallest.toFixed(1)} pixels high`;
}

const fileOf = (label: string) => label.replace(/\W+/g, "-");

async function lookAtDark(open: Open, html: string, label: string): Promise<undefined> {
  const { page, one, faults } = await open(html, { theme: "dark" });
  const redOf = (colour: string) => Number(/\d+/.exec(colour)?.[0]);
  const groundOf = () =>
    one
      .locator("section")
      .first()
      .evaluate((section) => getComputedStyle(section).backgroundColor);
  const ground = await groundOf();
  assert.ok(redOf(ground) < 60, `the ground is ${ground}`);
  const inks = await one
    .locator(".picture > svg")
    .evaluateAll((pictures) => pictures.map((picture) => getComputedStyle(picture).fill));
  for (const ink of inks) assert.ok(redOf(ink) > 180, `letters are ${ink}`);
  assert.deepEqual(await axeViolations(page), []);
  assert.deepEqual(faults, []);
  await takePicture(page, join(screenshots, `${fileOf(label)}-dark.png`));
  await page.emulateMedia({ media: "print" });
  assert.equal(await groundOf(), "rgb(255, 255, 255)", "on paper");
  const pressed = one.locator("input, select, button, summary").filter({ visible: true });
  assert.equal(await pressed.count(), 0, "on paper nothing can be pressed");
  await takePicture(page, join(screenshots, `${fileOf(label)}-print.png`));
  await page.context().close();
  return undefined;
}

async function seeStepper(open: Open): Promise<string> {
  const notes: string[] = [];
  for (const width of [360, 390]) {
    const { page, one } = await open(explore.backpropagation().html(), { width, touch: true });
    const next = one.getByRole("button", { name: "Next →" });
    for (let step = 0; step < 26; step++) {
      const picture = await one.locator(".stepper > .picture").boundingBox();
      const button = await next.boundingBox();
      assert.ok(picture && button);
      const span = button.y + button.height - picture.y;
      assert.ok(span < 560, `step ${step}: ${span} pixels from the picture's top to Next's bottom`);
      if (step === 0) notes.push(`${Math.round(span)} pixels at ${width}`);
      const settings = await one.locator(".controls").first().boundingBox();
      assert.ok(settings && settings.y > button.y, "settings stand before what is seen");
      await next.tap();
    }
    await one.getByText("step 26 of 26").waitFor();
    await page.context().close();
  }
  return notes.join(", ");
}

async function seeBare(open: Open): Promise<undefined> {
  const html = explore.backpropagation({ step: 6 }).html({ bare: true });
  const { page, one } = await open(html);
  assert.equal(await one.locator("select, input:not(#guess), details").count(), 0);
  assert.match((await one.locator(".step").textContent()) ?? "", /^Back: δ of D0/);
  await one.getByRole("button", { name: "Next →" }).click();
  assert.match((await one.locator(".step").textContent()) ?? "", /^Back: δ of Z1/);
  await page.context().close();
  return undefined;
}

async function followTheme(open: Open): Promise<undefined> {
  const { page, one } = await open(explore.slope().html());
  await page.evaluate(() => document.documentElement.removeAttribute("data-theme"));
  const theme = () => one.locator(":scope > div").last().getAttribute("data-theme");
  for (const [name, dark, light] of [
    ["data-jp-theme-light", "false", "true"],
    ["data-vscode-theme-kind", "vscode-dark", "vscode-light"],
  ]) {
    for (const [value, expected] of [
      [dark, "dark"],
      [light, "light"],
    ]) {
      await page.evaluate(
        ([name, value]) => document.body.setAttribute(name, value),
        [name, value],
      );
      await comesTo<string | null>(theme, expected, `${name}=${value}`);
    }
    await page.evaluate((name) => document.body.removeAttribute(name), name);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await comesTo<string | null>(theme, "dark", "where the page says nothing, as the system is");
  await page.context().close();
  return undefined;
}

/** The policy of VS Code's notebook outputs, where its own resources stand for none (its source: backLayerWebView). */
const vsCodePolicy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; " +
  "img-src https: http: data:; font-src https:; connect-src https:; child-src https: data:;";

/** Shows an output as VS Code's HTML renderer does: scripts are run at the output's end, and taken away. */
const showOutput = `(html) => {
  const container = document.createElement("div");
  container.innerHTML = html;
  (document.querySelector("main") ?? document.body).append(container);
  for (const old of Array.from(container.getElementsByTagName("script"))) {
    const script = document.createElement("script");
    script.text = old.innerText;
    if (old.src) script.src = old.src;
    container.appendChild(script).parentNode.removeChild(script);
  }
}`;

/** Shows outputs below one another, and counts what the page's policy refuses. */
const renderOutputs = `(outputs) => {
  window.violations = [];
  addEventListener("securitypolicyviolation", ({ blockedURI }) => window.violations.push(blockedURI));
  outputs.forEach(${showOutput});
}`;

async function liveInVsCode(
  browser: Browser,
  folder: string,
  way: "by one call" | "by themselves",
): Promise<string> {
  const samples = everySample.map(([, make]) => make());
  const card = question("What is 1 + 1?", { answer: 2 });
  const shown = [...samples, card];
  const outputs =
    way === "by one call"
      ? // Those above the call, and those below it.
        await Promise.all([shown[0], liveOutputs(), ...shown.slice(1)].map(htmlOf))
      : await asInVsCode(() => Promise.all(shown.map(htmlOf)));
  const file = join(folder, "vscode.html");
  writeFileSync(
    file,
    `<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="${vsCodePolicy}"></head><body data-vscode-theme-kind="vscode-dark"></body></html>`,
  );
  const { page, faults } = await openPage(browser, pathToFileURL(file).href, {});
  await page.evaluate(`(${renderOutputs})(${JSON.stringify(outputs)})`);
  const alive = page.locator("[data-explore] section h1, [data-explore] .title");
  await page.waitForFunction(
    (count) => {
      const all = Array.from(document.querySelectorAll("[data-explore]"));
      return (
        all.filter((one) => one.lastElementChild?.shadowRoot?.querySelector(".picture svg"))
          .length === count
      );
    },
    samples.length,
    { timeout: 20_000 },
  );
  assert.equal(await alive.count(), samples.length);
  await page.locator("[data-card] [data-part=card] section").waitFor();
  const stepper = page.locator("[data-explore=backpropagation]").first();
  await stepper.getByRole("button", { name: "← Back" }).click();
  await stepper.getByText("step 25 of 26").first().waitFor();
  assert.deepEqual(faults, []);
  assert.deepEqual(await page.evaluate("violations"), []);
  // The policy is in force: a script that is loaded is refused.
  const loads = `<script src="${pathToFileURL(join(folder, "explore.js")).href}"></script>`;
  await page.evaluate(`(${renderOutputs})(${JSON.stringify([loads])})`);
  await page.waitForFunction("violations.length > 0");
  await takePicture(page, join(screenshots, "vscode.png"));
  await page.context().close();
  const bytes = outputs.reduce((sum, html) => sum + html.length, 0);
  return `${samples.length} explorables, ${Math.round(bytes / 1000)} KB of outputs`;
}

async function htmlOf(shown: Displayable): Promise<string> {
  return (await shown[display]())["text/html"];
}

/** What a kernel shows that VS Code has started. */
async function asInVsCode<T>(show: () => Promise<T>): Promise<T> {
  const before = process.env.VSCODE_PID;
  process.env.VSCODE_PID = "1";
  try {
    return await show();
  } finally {
    if (before === undefined) delete process.env.VSCODE_PID;
    else process.env.VSCODE_PID = before;
  }
}
