// @vitest-environment jsdom
/// <reference lib="dom" />
/** What is asked again: the right questions, with other numbers, in the order of who needs them. */
import { beforeEach, describe, expect, test } from "vitest";
import { judge } from "../../src/cards/judge";
import { keepCard, readCards } from "../../src/cards/page/kept";
import { orderOf, progressOf } from "../../src/cards/page/review";
import { type ReviewData, review } from "../../src/cards/review";
import { notebookName } from "../../src/notebooks";
import { reviewCourse, reviewItems } from "../../src/review";
import { display } from "../../src/show";
import { committedNotebook, notebookPaths } from "../notebooks/committed";
import { drawn } from "./driver";

beforeEach(() => {
  localStorage.clear();
  document.documentElement.dataset.notebook = "review";
});

const items = reviewItems(1);
const bundle = await reviewCourse({ seed: 1 })[display]();
const html = bundle["text/html"];
const data: ReviewData = JSON.parse(
  /backprop\.review\(p,(\{.*\})\)\)\.catch/s.exec(html)?.[1] ?? "",
);

test("every question belongs to a card of its notebook, by name", () => {
  const names = notebookPaths().flatMap((path) =>
    committedNotebook(path).cells.flatMap(({ source }) =>
      Array.from(
        /\bquestion\(/.test(source.join("")) ? source.join("").matchAll(/\bname: "([\w-]+)"/g) : [],
        ([, name]) => `${notebookName(path)}/${name}`,
      ),
    ),
  );
  const wanted = items.map(({ notebook, name }) => `${notebook}/${name}`);
  expect(names).toEqual(expect.arrayContaining(wanted));
  expect(new Set(wanted).size).toBe(wanted.length);
});

test("the same seed, the same questions; another, other numbers; within one, none twice", () => {
  expect(reviewItems(1)).toEqual(items);
  const texts = (all: typeof items) =>
    all.flatMap(({ variants }) => variants.map(([text]) => text));
  const again = texts(reviewItems(2));
  expect(texts(items).filter((text) => !again.includes(text)).length).toBeGreaterThan(20);
  for (const { name, variants } of items) {
    expect(variants.length, name).toBeGreaterThan(1);
    expect(new Set(variants.map(([text]) => text)).size, name).toBe(variants.length);
  }
});

describe.each(data.items.map((item) => [item.name, item] as const))("%s", (_, { variants }) => {
  test("takes its answer, and tells each mistake that is not right by chance", () => {
    for (const { asked } of variants) {
      if (asked.kind !== "number") throw new Error("A review asks for numbers.");
      expect(Number.isFinite(asked.answer)).toBe(true);
      expect(judge(asked, String(asked.answer)).right).toBe(true);
      for (const [value, says] of asked.mistakes) {
        const { right, says: said } = judge(asked, String(value));
        if (!right)
          expect(
            asked.mistakes.map(([, says]) => says),
            says,
          ).toContain(said);
      }
    }
  });
});

test("missed ones first, then right ones, then those not met; a variant that was not answered", () => {
  const [a, b, c, d] = data.items;
  const all = {
    [b.notebook]: { [b.name]: { first: "right" as const } },
    [c.notebook]: { [c.name]: { first: "wrong" as const, last: "right" as const } },
    [d.notebook]: { [d.name]: { first: "shown" as const } },
  };
  if (b.notebook === c.notebook) Object.assign(all[c.notebook], { [b.name]: { first: "right" } });
  const order = orderOf([a, b, c, d], all, "review").map(({ item, variant }) => [
    item.name,
    variant,
  ]);
  expect(order).toEqual([
    [c.name, 0],
    [d.name, 0],
    [b.name, 0],
    [a.name, 0],
  ]);
  // Right in the review: it is missed no more, and asked with its next numbers.
  const later = { ...all, review: { [`${c.notebook}/${c.name}/0`]: { first: "right" as const } } };
  const again = orderOf([a, b, c, d], later, "review");
  expect(again[0].item.name).toBe(d.name);
  expect(again.find(({ item }) => item === c)).toMatchObject({ variant: 1, urgency: 1 });
});

test("in the page: one card at a time, its answer kept, the next one another", async () => {
  const missed = data.items[7];
  keepCard(missed.notebook, missed.name, { first: "wrong", last: "wrong", type: "question" });
  document.body.innerHTML = html;
  const container = document.querySelector('[data-card="review"]') as HTMLElement;
  const { backprop } = window as unknown as {
    backprop: { review(container: HTMLElement, data: ReviewData): void };
  };
  backprop.review(container, data);
  const cards = Array.from(container.querySelectorAll<HTMLElement>('[data-card="question"]'));
  const seen = () => cards.filter((card) => card.style.display !== "none");
  expect(cards).toHaveLength(data.items.reduce((sum, { variants }) => sum + variants.length, 0));
  expect(seen()).toHaveLength(0);
  const root = container.querySelector('[data-part="review"]')?.shadowRoot as ShadowRoot;
  expect(root.textContent).toContain(`1 of ${data.items.length} questions are asked first`);
  const button = root.querySelector("button") as HTMLButtonElement;
  button.click();
  await drawn();
  expect(seen()).toHaveLength(1);
  const [first] = seen();
  expect(first.querySelector('[data-part="question"]')?.innerHTML).toBe(
    cards[
      data.items.slice(0, 7).reduce((sum, { variants }) => sum + variants.length, 0)
    ].querySelector('[data-part="question"]')?.innerHTML,
  );
  const own = first.querySelector<HTMLElement>('[data-part="card"]')?.shadowRoot as ShadowRoot;
  const { asked } = missed.variants[0];
  const field = own.querySelector("input") as HTMLInputElement;
  field.value = String(asked.kind === "number" ? asked.answer : "");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await drawn();
  own.querySelector<HTMLButtonElement>("button")?.click();
  await drawn();
  expect(readCards("review")[`${missed.notebook}/${missed.name}/0`]).toMatchObject({
    first: "right",
  });
  button.click();
  await drawn();
  expect(seen()).toHaveLength(1);
  expect(seen()[0]).not.toBe(first);
  expect(root.textContent).toContain("Nothing that you missed is left.");
});

test("without a script all questions stand there, each with its answer in a closed part", () => {
  document.body.innerHTML = html;
  expect(document.querySelectorAll("details:not([open])")).toHaveLength(
    document.querySelectorAll('[data-card="question"]').length,
  );
});

test("how far a reader has come, by notebook", () => {
  const progress = progressOf({
    "which-loss": { a: { first: "right" }, b: { first: "shown" }, c: {} },
    deltas: { a: { first: "wrong", last: "right" } },
  });
  expect(progress).toEqual([
    { name: "deltas", met: 1, answered: 1, right: 0 },
    { name: "which loss", met: 3, answered: 1, right: 1 },
  ]);
});

test("nothing to ask is told", () => {
  expect(() => review([])).toThrow(/items with a variant each/);
  expect(() => review([{ notebook: "a", name: "b", variants: [] }])).toThrow(/variant each/);
});
