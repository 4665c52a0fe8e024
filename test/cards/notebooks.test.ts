// @vitest-environment jsdom
/// <reference lib="dom" />
/** Every card of every notebook, as it stands in the file: answered wrongly, then rightly, then shown. */
import { beforeEach, describe, expect, test } from "vitest";
import { notebookName } from "../../src/notebooks";
import { notebookPaths } from "../notebooks/committed";
import { guesses } from "../notebooks/guesses";
import { mount } from "./driver";
import { cardsOf } from "./of-notebook";
import { walk } from "./walk";

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
      if (type !== "question") return;
      expect(isHidden, "its code is out of sight").toBe(true);
      expect(source, "a number is computed, not typed in").not.toMatch(/answer: -?[\d.]+,?$/m);
    },
  );
});

/** What would tell a reader of the code the answer: words about the result, one that is typed in, and sentences on choices. */
const tells =
  /^\s*says:|\banswer: *(?:["`]|-?[\d.]+(?: *[*/+-] *[\d.]+)*\s*[,}]|[^,]*?\? *")|\bchoices: \[\s*\[/m;

test("every list of guesses belongs to a card", () => {
  const known = cards.flatMap(([notebook, list]) => list.map(({ id }) => `${notebook} ${id}`));
  const listed = Object.entries(guesses).flatMap(([notebook, cells]) =>
    Object.keys(cells).map((id) => `${notebook} ${id}`),
  );
  expect(known).toEqual(expect.arrayContaining(listed));
});

test("no two cards of a notebook are kept under the same key", () => {
  for (const [notebook, list] of cards) {
    const keys = list.map(({ html }) => mount(html).data.key);
    expect(new Set(keys).size, notebook).toBe(keys.length);
  }
});
