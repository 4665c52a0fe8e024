/** What an instructor's browser is shown: Formgrader and feedback, with active content wherever a student can write. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { environmentPython } from "../../src/jupyter/python";
import { choosePort, environmentFolder } from "../../src/jupyter/start";
import { launch } from "../browser/browser";
import { activeWords } from "./builder";
import { solvedNotebook } from "./source";

export type Nbgrader = (...args: string[]) => Promise<string>;

const active = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const shown = (bundle: object) =>
  `({ [Symbol.for("Jupyter.display")]: () => (${JSON.stringify(bundle)}) })`;
const page = `${active}<form action="https://example.org/sent"><input name="mark"></form><base href="https://example.org/"><style>body{display:none}</style><div id="words" class="nbgrader_cell" style="position:fixed;top:0" onclick="window.hacked=1">x</div><iframe src="https://example.org/"></iframe><a href="javascript:window.hacked=1">x</a><svg onload="window.hacked=1"><a xlink:href="javascript:window.hacked=1">x</a></svg><meta http-equiv="refresh" content="0;https://example.org/">`;

/** Cells of code whose outputs would act if they could. */
const activeCells = [
  shown({ "text/html": page, "text/plain": active }),
  shown({ "text/latex": "$$\\href{javascript:window.hacked=1}{x}$$", "text/plain": active }),
  shown({
    "text/markdown": page,
    "application/javascript": "window.hacked=1",
    "image/svg+xml": page,
  }),
  `console.log(${JSON.stringify(active)}); console.error("\\u001b[31m" + ${JSON.stringify(active)});`,
  `throw new RangeError(${JSON.stringify(active)});`,
  `throw Object.assign(new Error("x"), { name: ${JSON.stringify(active)} });`,
  `const x: number = ${JSON.stringify(active)};`,
  `// ${active}`,
];

/** @returns what was opened */
export async function tryShowing(
  home: string,
  folder: string,
  nbgrader: Nbgrader,
): Promise<string> {
  await nbgrader("generate_assignment", "deltas");
  const right = solvedNotebook(folder, "deltas");
  const code = (source: string, n: number) => ({
    cell_type: "code",
    id: `mine-${n}`,
    metadata: { tags: [active], name: active },
    source,
    outputs: [{ output_type: "display_data", metadata: {}, data: { "text/html": page } }],
    execution_count: null,
  });
  const text = (source: string, n: number) => ({
    cell_type: n % 2 ? "markdown" : "raw",
    id: `words"><img src=x onerror=window.hacked=1>-${n}`,
    metadata: { raw_mimetype: "text/html" },
    attachments: { "x.svg": { "image/svg+xml": "PHN2Zy8+" } },
    source,
  });
  const cells = right.cells.map((cell: { id: string; source: string }) =>
    cell.id === "words" ? { ...cell, source: activeWords.join("\n\n") } : cell,
  );
  const evil = {
    ...right,
    metadata: { ...right.metadata, title: active, widgets: { x: active } },
    cells: [
      ...cells,
      ...activeCells.map(code),
      ...activeWords.flatMap((one) => [0, 1].map((n) => text(one, n))),
    ],
  };
  for (const student of ["evil", "Zoë O’Hara", '<img src=x onerror="window.hacked=1">']) {
    const place = join(folder, "submitted", student, "deltas");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "deltas.ipynb"), JSON.stringify(student === "evil" ? evil : right));
    if (student !== "evil") continue;
    writeFileSync(join(place, `${active.replaceAll("/", "")}.html`), page);
    writeFileSync(join(place, "page.html"), page);
    symlinkSync(join(folder, "secret.txt"), join(place, "link.html"));
  }
  const said = await nbgrader("autograde", "deltas");
  assert.match(said, /Not graded, and without a mark: <img src=x.*rename it/);
  assert.deepEqual(readdirSync(join(folder, "autograded", "evil", "deltas")), ["deltas.ipynb"]);
  await nbgrader("generate_feedback", "deltas");
  const feedback = join(folder, "feedback", "evil", "deltas", "deltas.html");
  assert.deepEqual(readdirSync(dirname(feedback)), ["deltas.html"]);
  assert.doesNotMatch(
    readFileSync(feedback, "utf8"),
    new RegExp(readFileSync(join(folder, "secret.txt"), "utf8").trim()),
  );

  await tryShowCase(folder, right, nbgrader);

  const browser = await launch();
  try {
    await lookAtFeedback(browser, feedback);
    // As the instructor's page says; and with a server that was started above, and knows nothing of us.
    await lookAtFormgrader(browser, home, folder, "");
    await lookAtFormgrader(browser, home, dirname(folder), `?path=${encodeURIComponent(folder)}`);
  } finally {
    await browser.close();
  }
  return `${activeWords.length} answers and ${activeCells.length} outputs, in feedback and in Formgrader started in two places`;
}

/** A mistake that is not a known one: feedback shows a case that differs if the class's configuration says so. */
async function tryShowCase(
  folder: string,
  right: { cells: { id: string; source: string }[] },
  nbgrader: Nbgrader,
): Promise<void> {
  const cells = right.cells.map((cell) =>
    cell.id === "output"
      ? { ...cell, source: cell.source.replace("h - y", "h * y + 0.123") }
      : cell,
  );
  const place = join(folder, "submitted", "odd", "deltas");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "deltas.ipynb"), JSON.stringify({ ...right, cells }));
  const feedback = async () => {
    await nbgrader("autograde", "deltas", "--student=odd", "--force");
    await nbgrader("generate_feedback", "deltas", "--student=odd", "--force");
    return readFileSync(join(folder, "feedback", "odd", "deltas", "deltas.html"), "utf8");
  };
  const differing =
    /for \(−?[\d.]+; −?[\d.]+\) −?[\d.e+]+ was expected, but the answer was −?[\d.e+]+/;
  const silent = await feedback();
  assert.match(silent, /0 of 2 points: 12 of 12 cases differ, and match no known mistake/);
  assert.doesNotMatch(silent, differing);
  const config = join(folder, "nbgrader_config.py");
  const text = readFileSync(config, "utf8");
  assert.match(text, /show_case=False/);
  writeFileSync(config, text.replace("show_case=False", "show_case=True"));
  assert.match(await feedback(), differing);
  writeFileSync(config, text);
}

/** A page that fails the test when anything of a student's acts. */
async function watched(
  browser: Browser,
  own: RegExp,
): Promise<{ page: Page; foreign: string[]; acted: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const foreign: string[] = [];
  const acted: string[] = [];
  page.on("dialog", (dialog) => {
    acted.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => acted.push(`window: ${popup.url()}`));
  await context.route("**/*", (route) => {
    const url = route.request().url();
    if (own.test(url)) return route.continue();
    foreign.push(url);
    return route.abort();
  });
  return { page, foreign, acted };
}

/** Nothing has run, and nothing is there that could run, send or lie over the page. */
async function assertNothingActs(page: Page, within: string): Promise<void> {
  await page.waitForTimeout(1500);
  const found = await page.evaluate((within) => {
    const root = document.querySelector(within) as Element;
    const faults: string[] = [];
    if ("hacked" in window) faults.push("a script has run");
    for (const element of root.querySelectorAll("*")) {
      if (/^(script|iframe|form|object|embed|base|meta|style|link|svg)$/i.test(element.localName))
        faults.push(element.outerHTML.slice(0, 200));
      if (getComputedStyle(element).position === "fixed")
        faults.push(`over all: ${element.outerHTML.slice(0, 200)}`);
      for (const { name, value } of Array.from(element.attributes)) {
        if (/^on/.test(name)) faults.push(`${name}=${value}`);
        if (
          /^(href|src|action|xlink:href)$/.test(name) &&
          !/^(https?:|mailto:|data:image\/|#|[.]{2}\/[\w./-]+[.]ipynb$)/.test(value)
        )
          faults.push(`${name}=${value}`);
      }
    }
    return faults;
  }, within);
  assert.deepEqual(found, []);
}

async function lookAtFeedback(browser: Browser, file: string): Promise<void> {
  const { page, foreign, acted } = await watched(browser, /^(?:file|data):/);
  await page.goto(`file://${file}`);
  await assertNothingActs(page, "body");
  assert.deepEqual([...foreign, ...acted], []);
  // biome-ignore lint/performance/useDomNodeTextContent: what an instructor sees, and not what the page hides
  const summary = await page.locator("#tasks").innerText();
  assert.match(summary, /^1\. The delta of the output: 2 of 2 points/);
  assert.match(summary, /9\. In words: 0 of 5 points/);
  assert.ok((await page.locator("math").count()) > 10, "formulas are set");
  assert.equal(
    await page.locator(".rendered_html").getByText(/\$\\/).count(),
    0,
    "a formula that is not set",
  );
  const empty = page
    .locator(".input_area, .output_area, .graded, pre")
    .filter({ hasNotText: /\S/ })
    .filter({ hasNot: page.locator("img") });
  assert.equal(await empty.count(), 0, "an empty box");
  for (const link of await page.locator('a[href^="#"]').all()) {
    const id = (await link.getAttribute("href"))?.slice(1);
    assert.equal(await page.locator(`[id="${id}"]`).count(), 1, `the link to ${id}`);
  }
  await page.context().close();
}

async function lookAtFormgrader(
  browser: Browser,
  home: string,
  root: string,
  query: string,
): Promise<void> {
  const { address, server } = await startServer(home, root);
  const ended = once(server, "exit"); // until then it may write into the folder that is removed
  try {
    const { page, foreign, acted } = await watched(browser, new RegExp(`^(?:${address}|data:)`));
    await page.goto(`${address}/formgrader${query}${query ? "&" : "?"}token=any`);
    for (const part of [
      "manage_submissions/deltas",
      "manage_students",
      "manage_students/evil",
      "manage_students/evil/deltas",
      "gradebook",
      "gradebook/deltas",
    ]) {
      await page.goto(`${address}/formgrader/${part}`);
      await page.waitForTimeout(700);
      assert.equal(await page.evaluate(() => "hacked" in window), false, part);
    }
    await page.goto(`${address}/formgrader/gradebook/deltas/deltas`);
    const submissions = page.locator("a", { hasText: "Submission #" });
    await submissions.first().waitFor();
    assert.equal(await submissions.count(), 3);
    const links = await submissions.evaluateAll((all) =>
      all.map((link) => (link as HTMLAnchorElement).href),
    );
    let seen = 0;
    for (const link of links) {
      await page.goto(link);
      await page.locator("#notebook-container").first().waitFor();
      await assertNothingActs(page, "#notebook-container");
      if (await page.getByText("picture: x").count()) seen++;
      await page.locator(`input#words`).waitFor();
      if (query) continue;
      // Marks are given as before, and formulas are set.
      assert.ok((await page.locator("#notebook-container math").count()) > 10);
      await page.locator("input#words").fill("3");
      const saved = page.waitForResponse((response) => response.request().method() === "PUT");
      await page.locator("input#words").blur();
      assert.equal((await saved).status(), 200);
    }
    assert.equal(seen, 1, "the submission with active content was not among them");
    // A stock Formgrader fetches MathJax itself; what a student wrote fetches nothing.
    const allowed = query
      ? /^https:\/\/cdnjs\.cloudflare\.com\/ajax\/libs\/(?:mathjax|jquery|require)/
      : /^$/;
    assert.deepEqual([...foreign.filter((url) => !allowed.test(url)), ...acted], []);
    await page.context().close();
  } finally {
    server.kill();
    await ended;
  }
}

async function startServer(
  home: string,
  root: string,
): Promise<{ address: string; server: ChildProcess }> {
  const port = await choosePort();
  const python = environmentPython(environmentFolder);
  const server = spawn(
    python,
    [
      "-m",
      "jupyter_server",
      "--no-browser",
      "--allow-root",
      `--port=${port}`,
      "--port-retries=0",
      "--IdentityProvider.token=any",
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${dirname(python)}:${process.env.PATH}`,
        HOME: home,
        JUPYTER_CONFIG_DIR: join(home, "config"),
        JUPYTER_DATA_DIR: join(home, "own"),
        JUPYTER_PATH: join(home, "data"),
        JUPYTER_CONFIG_PATH: "",
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Jupyter did not start:\n${output}`)), 60_000);
    server.stderr.on("data", (data) => {
      output += data;
      if (!/is running at/.test(output)) return;
      clearTimeout(timer);
      resolve();
    });
    server.on("exit", () => reject(new Error(`Jupyter ended:\n${output}`)));
  });
  return { address: `http://127.0.0.1:${port}`, server };
}
