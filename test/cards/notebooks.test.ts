// @vitest-environment jsdom
/// <reference lib="dom" />
/** Every card of every notebook, as it stands in the file: answered wrongly, then rightly, then shown. */
import { beforeEach, describe, expect, test } from "vitest";
import type { CardData } from "../../src/cards/card";
import { notebookName } from "../../src/notebooks";
import { notebookPaths } from "../notebooks/committed";
import { guesses } from "../notebooks/guesses";
import { DrivenCard, dataIn } from "./driven";
import { mount } from "./driver";
import { cardsOf } from "./of-notebook";
import { walk } from "./walk";

/** Whether a line of code has the right one of a card's choices, and none of the others. */
function isTold({ asked }: CardData, line: string): boolean {
  if (asked.kind !== "choice" && asked.kind !== "several") return false;
  const named = asked.choices.flatMap(([choice], n) => (line.includes(`"${choice}"`) ? [n] : []));
  return named.length > 0 && named.every((n) => asked.answer.includes(n));
}

beforeEach(() => localStorage.clear());

const cards = notebookPaths().map((path) => [notebookName(path), cardsOf(path)] as const);

describe.each(cards.filter(([, list]) => list.length > 0))("%s", (notebook, list) => {
  test.each(list.map((card) => [card.id, card] as const))(
    "%s",
    async (id, { html, source, isHidden }) => {
      const card = mount(html);
      const { type } = card.data;
      expect(card.details.open).toBe(false);
      expect(card.offers, "a question shows its way after an attempt").toBe(type === "prediction");
      expect(await walk(card)).toEqual([]);

      for (const [guess, says] of guesses[notebook]?.[id] ?? [])
        expect(await card.answer(guess), `${id}: ${guess}`).toMatch(says);
      if (tells.test(source)) expect(isHidden, "its code tells the result").toBe(true);
      // JupyterLab shows the first line of a folded cell.
      const [first] = source.split("\n");
      expect(isTold(card.data, first), first).toBe(false);
      expect(first, "a formula in sight").not.toMatch(
        /^(?:cards\.)?predict\(.*\(\) => (?!\w+[,)])/,
      );
      if (type !== "question") return;
      expect(isHidden, "its code is out of sight").toBe(true);
      expect(source, "a number is computed, not typed in").not.toMatch(/answer: -?[\d.]+,?$/m);
    },
  );
});

/** What would tell a reader of the code the answer: words about the result, one that is typed in, and sentences on choices. */
const tells =
  /^\s*says:|\banswer: *(?:["`]|-?[\d.]+(?: *[*/+-] *[\d.]+)*\s*[,}]|[^,]*?\? *")|\bchoices: \[\s*\[/m;

test("the walk finds a card that takes another answer for right, and one that does not open", async () => {
  const [, list] = cards.find(([, list]) => list.some(({ id }) => id === "question-1")) ?? [];
  const { html } = list?.find(({ id }) => id === "question-1") ?? {};
  const card = mount(String(html));
  const { asked } = card.data;
  if (asked.kind !== "number") throw new Error("The first question asks for a number.");
  expect(await walk(card)).toEqual([]);
  const other = { ...card.data, asked: { ...asked, answer: asked.answer + 1 } };
  expect(await walk(new DrivenCard(card.container, other))).toContainEqual(
    expect.stringMatching(/which is right, it says: ✗/),
  );
  card.details.replaceChildren(...card.details.querySelectorAll("summary"));
  expect(await walk(card)).toContainEqual(expect.stringMatching(/nothing is in what opens/));
});

test("every list of guesses belongs to a card", () => {
  const known = cards.flatMap(([notebook, list]) => list.map(({ id }) => `${notebook} ${id}`));
  const listed = Object.entries(guesses).flatMap(([notebook, cells]) =>
    Object.keys(cells).map((id) => `${notebook} ${id}`),
  );
  expect(known).toEqual(expect.arrayContaining(listed));
});

test("no two cards of a notebook are kept under the same key", () => {
  for (const [notebook, list] of cards) {
    const keys = list.map(({ html }) => dataIn(html).key);
    expect(new Set(keys).size, notebook).toBe(keys.length);
  }
});
