// @vitest-environment jsdom
/// <reference lib="dom" />
/** Every card of every notebook, as it stands in the file: answered wrongly, then rightly, then shown. */
import { beforeEach, describe, expect, test } from "vitest";
import type { CardData } from "../../src/cards/card";
import { notebookName } from "../../src/notebooks";
import { committedNotebook, notebookPaths } from "../notebooks/committed";
import { guesses } from "../notebooks/guesses";
import { mount } from "./driver";

interface CardCell {
  id: string;
  source: string;
  isHidden: boolean;
  html: string;
}

function cardsOf(path: string): CardCell[] {
  return committedNotebook(path).cells.flatMap(({ id, metadata, source, outputs = [] }) =>
    outputs
      .map(({ data }) => String([data?.["text/html"] ?? ""].flat().join("")))
      .filter((html) => /^<div data-card="(?:question|prediction)"/.test(html))
      .map((html) => ({
        id,
        source: source.join(""),
        isHidden: metadata.jupyter?.source_hidden === true,
        html,
      })),
  );
}

/** Answers by the card's own data: some that are wrong, and the right one. */
function answersOf({ asked }: CardData): { wrong: string[][]; right: string[] } | undefined {
  if (asked.kind === "number") {
    const others = asked.mistakes.map(([value]) => [String(value)]);
    return { wrong: [...others, [String(3 * asked.answer + 7)]], right: [String(asked.answer)] };
  }
  if (asked.kind !== "choice" && asked.kind !== "several") return undefined;
  const words = (place: number) => {
    const element = document.createElement("div");
    element.innerHTML = asked.choices[place][0];
    return element.textContent ?? "";
  };
  const right = asked.answer.map(words);
  const all = asked.choices.map((_, place) => [words(place)]);
  return { wrong: all.filter(([one]) => right.length > 1 || one !== right[0]), right };
}

beforeEach(() => localStorage.clear());

const cards = notebookPaths().map((path) => [notebookName(path), cardsOf(path)] as const);

describe.each(cards.filter(([, list]) => list.length > 0))("%s", (notebook, list) => {
  test.each(list.map((card) => [card.id, card] as const))(
    "%s",
    async (id, { html, source, isHidden }) => {
      const card = mount(html);
      const { asked, type } = card.data;
      expect(card.details.open).toBe(false);
      expect(card.offers, "a question shows its way after an attempt").toBe(type === "prediction");
      expect(await card.answer(""), "nothing is judged before there is a guess").not.toMatch(
        /[✓✗]/,
      );
      expect(card.details.open).toBe(false);

      const answers = answersOf(card.data);
      for (const wrong of answers?.wrong ?? []) {
        const said = await card.answer(...wrong);
        expect(said, wrong.join()).toMatch(/^✗/);
        // Not by elimination: to whatever is wrong there is something to say.
        if (type === "question")
          expect(said.length, said).toBeGreaterThan("✗ Not yet. ".length + 10);
        expect(card.offers).toBe(true);
      }
      if (answers) {
        expect(await card.answer(...answers.right)).toMatch(/^✓/);
        expect(card.details.open).toBe(true);
      } else if (asked.kind === "words") {
        expect(await card.answer("some words")).toMatch(/below/);
        expect(card.details.open).toBe(true);
      }
      await card.toggle();
      if (card.details.open) await card.toggle();
      await card.toggle();
      expect(card.details.open).toBe(true);
      expect(
        card.details.querySelector(":scope > :not(summary)"),
        "something opens",
      ).not.toBeNull();

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
