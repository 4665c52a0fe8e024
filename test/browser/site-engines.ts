/**
 * The pages in the engines that site.ts does not drive: `node --import tsx test/browser/site-engines.ts [names of pages]
 * [--in Firefox|WebKit|Chromium]`. All figures come alive, a card answers, a cell runs, search finds; screenshots are left to
 * be looked at. It is for a change of what pages are made of, and no part of CI.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { runCommand } from "../../src/jupyter/command";
import { jupyterFolder } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";
import { check, tellOutcome } from "./browser";
import { browsers, type Driver } from "./engines";
import { judgeFigure } from "./reader";

const screenshots = join(jupyterFolder, "screenshots-engines");

runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { in: { type: "string" } },
    allowPositionals: true,
  });
  const pages =
    positionals.length > 0 ? positionals : ["index", "deltas", "training", "many-places"];
  mkdirSync(screenshots, { recursive: true });
  const folder = join(jupyterFolder, "site");
  execFileSync(process.execPath, ["--import", "tsx", "src/site/command.ts", "--out", folder], {
    cwd: projectRoot,
  });
  for (const name of values.in ? [values.in] : ["Firefox", "WebKit"]) {
    const { missing, open } = browsers[name];
    if (missing) {
      console.log(`${name} is not here: ${missing}`);
      continue;
    }
    const driver = await open();
    try {
      for (const page of pages) {
        await driver.goTo(pathToFileURL(join(folder, `${page}.html`)).href);
        await tryPage(driver, name, page);
      }
    } finally {
      await driver.close();
    }
  }
  console.log(`Screenshots are in ${screenshots}.`);
  tellOutcome();
});

async function tryPage(driver: Driver, engine: string, page: string): Promise<void> {
  const shoot = async (what: string) => {
    const file = join(screenshots, `${engine}-${page}-${what}.png`);
    writeFileSync(file, await driver.screenshot());
  };
  await check(`${engine}, ${page}: every figure comes alive`, async () => {
    await shoot("top");
    const all = "document.querySelectorAll('[data-figure=plotly], [data-explore]')";
    const count = Number(await driver.evaluate(`${all}.length`));
    for (let n = 0; n < count; n++) {
      // Those within a card that is not opened yet have no place.
      const fault = await until(
        driver,
        `(() => {
          const figure = ${all}[${n}];
          if (figure.closest("details:not([open])")) return "";
          figure.scrollIntoView();
          const { kind, fault } = (${judgeFigure})(figure);
          return fault ?? (kind === "pictures" ? "it is a still" : "");
        })()`,
        "",
      );
      assert.equal(fault, "", `figure ${n + 1}: ${fault}`);
      if (n < 4) await shoot(`figure-${n + 1}`);
    }
    return `${count} figures`;
  });
  await check(`${engine}, ${page}: search finds`, async () => {
    const first = await until(
      driver,
      `(() => {
        const field = document.querySelector("form.search input");
        if (field.value === "") {
          field.focus();
          field.value = "weight decay";
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        return document.querySelector(".hits a")?.getAttribute("href");
      })()`,
      "optimisers.html#5-weight-decay",
    );
    await shoot("search");
    assert.equal(first, "optimisers.html#5-weight-decay");
    return undefined;
  });
  if (page === "index") return;
  await check(`${engine}, ${page}: a card answers`, async () => {
    const said = await until(
      driver,
      `(() => {
        for (const card of document.querySelectorAll("[data-card]")) {
          const root = card.querySelector("[data-part=card]")?.shadowRoot ?? card;
          const field = root.querySelector("input[type=text].number");
          if (!field) continue;
          card.scrollIntoView();
          if (field.value === "") {
            field.value = "-98765.4321";
            field.dispatchEvent(new Event("input", { bubbles: true }));
          } else root.querySelector("form").requestSubmit();
          return root.querySelector(".verdict").textContent.startsWith("✗");
        }
      })()`,
      true,
    );
    await shoot("card");
    assert.equal(said, true);
    return undefined;
  });
  await check(`${engine}, ${page}: a cell runs`, async () => {
    const state = await until(
      driver,
      `(() => {
        const cell = document.querySelector("[data-cell]");
        const run = cell.querySelector(".run");
        if (run && !window.hasRun) {
          window.hasRun = true;
          cell.scrollIntoView();
          run.click();
        }
        const state = cell.querySelector(".state")?.textContent ?? "";
        return /✓ ran/.test(state) || state;
      })()`,
      true,
    );
    await shoot("run");
    assert.equal(state, true);
    return undefined;
  });
}

/** What an expression gives, as soon as it is what is wanted, or after twenty seconds. */
async function until(driver: Driver, expression: string, wanted: unknown): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    const value = await driver.evaluate(expression);
    if (value === wanted || tries === 100) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
