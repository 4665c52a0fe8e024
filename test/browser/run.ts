/** `npm run test:jupyter`: Jupyter's conformance suite, then the notebooks in JupyterLab, in a Chromium. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../src/jupyter/command";
import { choosePort, jupyterFolder, projectJupyter, startServer } from "../../src/jupyter/start";
import { notebookName, notebookPath } from "../../src/notebooks";
import { built, faultsOfBuilt } from "../notebooks/built";
import { committedNotebook, notebookPaths, notebookText } from "../notebooks/notebook";
import { check, chromium, launch, tellOutcome, twoAtATime } from "./browser";
import { firstHalf, walkCards } from "./cards";
import { installConformanceSuite, runConformanceSuite } from "./conformance";
import { exportedIsLive } from "./exported";
import {
  faultsIn,
  figuresIn,
  type Lab,
  lookAtFigures,
  openedIsClean,
  openNotebook,
  runAll,
  takePictures,
  useCard,
  useKeyboard,
} from "./reader";
import { roundTrip } from "./round-trip";

const screenshots = join(jupyterFolder, "screenshots");

runCommand(async () => {
  chromium();
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
  const browser = await launch();
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

    await twoAtATime(notebooks, async ({ path, notebook }) => {
      const name = notebookName(path);
      const wanted = figuresIn(notebook);
      let lab: Lab | undefined;
      const opened = async () => {
        lab ??= await openNotebook(browser, server, path, notebook);
        return lab;
      };
      await check(
        `${name}, opened unrun: every figure's still is seen, and nothing is changed`,
        async () => {
          const lab = await opened();
          const { pictures, live, faults } = await lookAtFigures(lab);
          assert.deepEqual(faults, []);
          assert.equal(live, 0, "figures are live, so the notebook was trusted");
          assert.equal(pictures, wanted.plotly + wanted.still + wanted.explorables);
          await openedIsClean(lab, join(folder, path));
          assertQuiet(lab);
          return `${pictures} pictures`;
        },
      );
      await check(
        `${name}, run whole: every figure is drawn, nothing fails, the keyboard works in explorables`,
        async () => {
          const lab = await opened();
          // What fails as committed is meant to.
          assert.deepEqual(faultsIn(await runAll(lab)), faultsIn(notebook));
          const seen = await lookAtFigures(lab);
          const small = await takePictures(lab, join(screenshots, name));
          assert.deepEqual(seen.faults, []);
          assert.equal(seen.live, wanted.plotly);
          assert.equal(seen.pictures, wanted.still);
          assert.equal(seen.explorables, wanted.explorables);
          assert.deepEqual(small.faults, [], "at a width of 600");
          if (wanted.explorables > 0) await useKeyboard(lab, notebook.cells.length);
          // Review asks one question at a time, and need not begin with one that takes a number.
          if (wanted.cards > 0 && name !== "review") await useCard(lab, notebook.cells.length);
          const walked = firstHalf().includes(path) ? await walkCards(lab.page, path) : undefined;
          assert.deepEqual(walked?.faults ?? [], [], "cards: wrongly, then rightly, then shown");
          assertQuiet(lab);
          return `${seen.live} live figures, ${seen.pictures} diagrams, ${seen.explorables} explorables, ${walked?.cards ?? 0} cards gone through`;
        },
      );
      await lab?.page.close();
    });
    await check("build-it-yourself, filled in: it learns XOR, and to read", async () => {
      const committed = committedNotebook(notebookPath("build-it-yourself"));
      const mine = { ...committed, cells: built(committed.cells) };
      const path = "notebooks/built.ipynb";
      writeFileSync(join(folder, path), notebookText(mine));
      const lab = await openNotebook(browser, server, path, mine);
      assert.deepEqual(faultsOfBuilt((await runAll(lab)).cells), []);
      assertQuiet(lab);
      await lab.page.close();
      return undefined;
    });
    await check("exported as HTML, explorables and cards are live by one call", () =>
      exportedIsLive(browser, home),
    );
    await check("a page's download goes on in JupyterLab, and comes back into its page", () => {
      const path = notebookPath("forward-pass");
      return roundTrip(browser, server, folder, path, committedNotebook(path));
    });
  } finally {
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
  console.log(`Screenshots are in ${screenshots}.`);
  tellOutcome();
});

function assertQuiet({ foreign, errors }: { foreign: string[]; errors: string[] }): void {
  assert.deepEqual(foreign, [], "requests beyond this machine");
  assert.deepEqual(errors, [], "errors in the page");
}
