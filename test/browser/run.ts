/** `npm run test:jupyter`: Jupyter's conformance suite, then the notebooks in JupyterLab, in a Chromium. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { chromium as playwright } from "playwright-core";
import { runCommand } from "../../src/jupyter/command";
import { choosePort, jupyterFolder, projectJupyter, startServer } from "../../src/jupyter/start";
import { committedNotebook, notebookPaths, notebookText } from "../notebooks/notebook";
import { faultsIn, figuresIn, lookAtFigures, openNotebook, runAll, takePictures } from "./reader";
import { chromium, installConformanceSuite, runConformanceSuite } from "./tools";

const screenshots = join(jupyterFolder, "screenshots");

let passed = 0;
let failed = 0;

async function check(name: string, run: () => Promise<string | undefined>): Promise<void> {
  try {
    const note = await run();
    passed++;
    console.log(`ok    ${name}${note ? ` (${note})` : ""}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n${(error as Error).message.replace(/^/gm, "      ")}`);
  }
}

runCommand(async () => {
  const executablePath = chromium();
  const jupyter = await projectJupyter();
  await installConformanceSuite();
  mkdirSync(jupyterFolder, { recursive: true });
  // A new one each time: a notebook that was run there before would be trusted.
  const home = mkdtempSync(join(jupyterFolder, "test-"));
  const folder = join(home, "files");
  rmSync(screenshots, { recursive: true, force: true });
  for (const needed of [join(folder, "notebooks"), screenshots])
    mkdirSync(needed, { recursive: true });
  const notebooks = notebookPaths().map((path) => ({ path, notebook: committedNotebook(path) }));
  for (const { path, notebook } of notebooks)
    writeFileSync(join(folder, path), notebookText(notebook));

  const server = await startServer(jupyter, { port: await choosePort(), folder, home });
  const browser = await playwright.launch({
    executablePath,
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
  try {
    const { outcomes, output } = await runConformanceSuite(join(home, "data"));
    await check("jupyter_kernel_test runs", async () => {
      const ran = /^Ran \d+ tests/m.exec(output)?.[0];
      assert.ok(ran, output);
      return ran;
    });
    for (const [name, outcome] of outcomes) {
      if (outcome.startsWith("skipped")) console.log(`      ${name}: ${outcome}`);
      else
        await check(`conformance: ${name}`, async () => {
          assert.equal(outcome, "ok", output);
          return undefined;
        });
    }

    for (const { path, notebook } of notebooks) {
      const name = basename(path, ".ipynb");
      const wanted = figuresIn(notebook);
      await check(`${name}, opened unrun: every figure's still picture is seen`, async () => {
        const lab = await openNotebook(browser, server, path, notebook);
        try {
          const { pictures, live, faults } = await lookAtFigures(lab);
          assert.deepEqual(faults, []);
          assert.equal(live, 0, "figures are live, so the notebook was trusted");
          assert.equal(pictures, wanted.plotly + wanted.still);
          assertQuiet(lab);
          return `${pictures} pictures`;
        } finally {
          await lab.page.close();
        }
      });
      await check(`${name}, run whole: every figure is drawn, nothing fails`, async () => {
        const lab = await openNotebook(browser, server, path, notebook);
        try {
          // What fails as committed is meant to.
          assert.deepEqual(faultsIn(await runAll(lab)), faultsIn(notebook));
          const seen = await lookAtFigures(lab);
          const small = await takePictures(lab, join(screenshots, name));
          assert.deepEqual(seen.faults, []);
          assert.equal(seen.live, wanted.plotly);
          assert.equal(seen.pictures, wanted.still);
          assert.deepEqual(small.faults, [], "at a width of 600");
          assertQuiet(lab);
          return `${seen.live} live figures, ${seen.pictures} diagrams`;
        } finally {
          await lab.page.close();
        }
      });
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
  console.log(`Screenshots are in ${screenshots}.`);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

function assertQuiet({ foreign, errors }: { foreign: string[]; errors: string[] }): void {
  assert.deepEqual(foreign, [], "requests beyond this machine");
  assert.deepEqual(errors, [], "errors in the page");
}
