/** All cards of an open page, the web edition's or JupyterLab's: answered wrongly, then rightly, then shown. */
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Page } from "playwright-core";
import type { CardData } from "../../src/cards/card";
import { projectRoot } from "../../src/kernel/node/argv";
import { notebookPath } from "../../src/notebooks";
import { dataIn } from "../cards/driven";
import { cardsOf } from "../cards/of-notebook";
import { notebookPaths } from "../notebooks/committed";

/** The notebooks from the first to that on which the reader builds a network. */
export function firstHalf(): string[] {
  const paths = notebookPaths();
  return paths.slice(0, paths.indexOf(notebookPath("build-it-yourself")) + 1);
}

let bundled: string | undefined;

function script(): string {
  bundled ??= buildSync({
    entryPoints: [join(projectRoot, "test", "cards", "walk.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "cardsWalk",
  }).outputFiles[0].text;
  return bundled;
}

/** @param path of the notebook. @returns how many cards there are, and what they should not have done, a sentence each */
export async function walkCards(
  page: Page,
  path: string,
): Promise<{ cards: number; faults: string[] }> {
  const all = cardsOf(path).map(({ html }) => dataIn(html));
  await page.addScriptTag({ content: script() });
  const faults = await page.evaluate(
    (all) =>
      (
        window as unknown as { cardsWalk: { walkAll(all: CardData[]): Promise<string[]> } }
      ).cardsWalk.walkAll(all),
    all,
  );
  return { cards: all.length, faults };
}
