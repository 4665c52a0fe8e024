/** Search over all pages: what a reader would type, and the section that should come first. */
import { describe, expect, test } from "vitest";
import { notebookName } from "../../src/notebooks";
import { type Named, searchSections } from "../../src/site/build";
import type { NotebookFile } from "../../src/site/notebook-file";
import { createSearch, excerpt } from "../../src/site/search";
import { committedNotebook, notebookPaths } from "../notebooks/notebook";

const notebooks: Named[] = notebookPaths().map((path) => ({
  name: notebookName(path),
  notebook: committedNotebook(path) as unknown as NotebookFile,
}));
const sections = searchSections(notebooks);
const search = createSearch(sections);

/** A query, and the pages or sections one of which should come first. */
const wanted: [query: string, ...hrefs: string[]][] = [
  ["chain rule", "deltas.html#where-the-slopes-come-from", "one-number-at-a-time.html"],
  ["saturated units", "activation-functions.html#saturation"],
  ["bias", "forward-pass.html#what-the-bias-units-are-for"],
  ["matrix product", "forward-pass.html#a-whole-layer-as-one-matrix-product"],
  ["slopes by nudging", "deltas.html#thirteen-slopes-by-nudging"],
  ["which sign goes downhill", "deltas.html#two-signs-and-which-one-goes-downhill"],
  ["learning rates", "training.html#learning-rates"],
  ["mini-batch", "training.html#all-samples-some-or-one"],
  ["twins stay equal", "training.html#a-bend-is-not-enough-twins"],
  [
    "why can't the identity learn XOR",
    "training.html#why-no-identity-network-can-do-better",
    "activation-functions.html#a-stack-of-identity-layers-is-one-straight-line",
  ],
  ["momentum", "history.html#3-momentum"],
  ["experiment of 1986", "history.html"],
  // In layers, and in time: either is about nothing else.
  ["vanishing", "depth.html", "through-time.html#4-when-they-vanish-the-first-bit"],
  ["residual connections", "depth.html#4-a-way-around"],
  ["weight decay", "optimisers.html#5-weight-decay"],
  ["schedule", "optimisers.html#4-schedules"],
  ["softmax", "digits.html#2-ten-outputs-one-answer"],
  ["early stopping", "digits.html#4-training-and-when-to-stop"],
  ["overfiting", "digits.html#9-overfitting-on-purpose", "playground.html#learning-the-noise"],
  ["checkpoints", "why-backpropagation.html#2-what-has-to-be-remembered"],
];

test("of twenty queries at least 18 bring the right section first", () => {
  const missed = wanted.flatMap(([query, ...hrefs]) => {
    const [first] = search(query);
    return hrefs.some((href) => first?.href.startsWith(href)) ? [] : [`${query}: ${first?.href}`];
  });
  expect(wanted).toHaveLength(20);
  expect(missed.length, missed.join("; ")).toBeLessThanOrEqual(2);
});

test.each([
  ["chain rule", "one-number-at-a-time.html#2-along-a-path-slopes-multiply"],
  ["softmax", "digits.html#2-ten-outputs-one-answer"],
  ["pooling", "many-places.html#pooling"],
  ["attention", "who-looks-at-whom.html#1-attention-by-hand"],
])("%s: where the word is introduced comes before where it is used most", (query, href) => {
  expect(search(query)[0].href).toBe(href);
});

test("every section is on its page, and has words", () => {
  expect(new Set(sections.map(({ href }) => href)).size).toBe(sections.length);
  for (const { href, heading, page } of sections) {
    expect(heading.trim(), href).not.toBe("");
    expect(page.trim(), href).not.toBe("");
  }
});

describe("what is typed while one types", () => {
  test.each([
    "x",
    "sof",
    "softm",
    "δ",
    "∂",
    "  ",
    "a of the",
    "''",
    "(",
    "\\",
    "constructor",
    "__proto__",
  ])("%s does no harm", (query) => {
    for (const { href } of search(query)) expect(href).toMatch(/^[\w-]+\.html/);
  });
  test("a word's beginning finds it", () => {
    expect(search("softm")[0].href).toBe(search("softmax")[0].href);
  });
  test("nothing is found of what is nowhere", () => {
    expect(search("qwxzvb")).toEqual([]);
  });
});

test("an excerpt has the first word that was found, with what is around it", () => {
  const text = "The slope of a unit that is saturated is small, and so is its delta.";
  expect(excerpt(text, ["satur"])).toEqual({
    before: "The slope of a unit that is ",
    found: "saturated",
    after: " is small, and so is its delta.",
  });
  expect(excerpt(text, ["nowhere"], 20).before).toBe("The slope of a unit …");
  expect(excerpt(text, ["("]).found).toBe("");
  expect(excerpt(text, ["delta"], 30).before).toMatch(/^… /);
});
