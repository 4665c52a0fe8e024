/** A notebook exported as HTML, as JupyterLab's «Save and Export Notebook As» does it: one call makes its outputs live. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { question } from "../../src/cards";
import * as explore from "../../src/explore";
import { kernelspecMetadata } from "../../src/jupyter/kernelspec";
import { ask, environmentPython } from "../../src/jupyter/python";
import { environmentFolder } from "../../src/jupyter/start";
import { type Displayable, display, liveOutputs, plot } from "../../src/show";

/** @param folder where the notebook and its page are written */
export async function exportedIsLive(browser: Browser, folder: string): Promise<string> {
  const shown = [
    explore.slope(),
    question("What is 1 + 1?", { answer: 2 }),
    plot({ data: [{ y: [1, 4, 2] }], alt: "Three numbers." }),
    liveOutputs(),
    explore.backpropagation(),
  ];
  const file = join(folder, "exported.ipynb");
  writeFileSync(file, JSON.stringify(await notebookWith(shown)));
  const { code, output } = await ask(
    [environmentPython(environmentFolder), "-m", "nbconvert", "--to", "html", file],
    { seconds: 120 },
  );
  assert.equal(code, 0, output);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // The page asks for formulas' fonts and scripts, which it can do without.
  await page.route(/^https?:/, (route) => route.abort());
  await page.goto(pathToFileURL(file.replace(".ipynb", ".html")).href);
  const stepper = page.locator("[data-explore=backpropagation]");
  await stepper.getByRole("button", { name: "Next →" }).click();
  await stepper.getByText("step 1 of 26").first().waitFor();
  await page.locator("[data-explore=slope] .picture svg").waitFor();
  await page.locator("[data-card] [data-part=card] section").waitFor();
  assert.equal(await page.getByAltText("Three numbers.").count(), 1);
  // What of nbconvert's own is missing here is no fault of ours.
  assert.deepEqual(
    errors.filter((error) => !/require|MathJax/i.test(error)),
    [],
  );
  await context.close();
  return `${shown.length} outputs`;
}

async function notebookWith(shown: readonly Displayable[]): Promise<object> {
  const cells = shown.map(async (one, n) => ({
    cell_type: "code",
    id: `cell-${n}`,
    metadata: {},
    source: "",
    execution_count: n + 1,
    outputs: [
      {
        output_type: "execute_result",
        execution_count: n + 1,
        metadata: {},
        data: await one[display](),
      },
    ],
  }));
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: kernelspecMetadata },
    cells: await Promise.all(cells),
  };
}
