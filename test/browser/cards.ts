/** All cards of an open page, the web edition's or JupyterLab's: answered wrongly, then rightly, then shown. */
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Page } from "playwright-core";
import type { CardData } from "../../src/cards/card";
import { projectRoot } from "../../src/kernel/node/argv";
import { dataIn } from "../cards/driven";
import { cardsOf } from "../cards/of-notebook";

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
