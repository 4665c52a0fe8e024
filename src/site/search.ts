/** Search over all pages, in the page itself: nothing is asked of a server. */
import MiniSearch, { type SearchResult } from "minisearch";

/** A part of a page, from one heading to the next. */
export interface Section {
  /** Where it is, from beside the pages. */
  href: string;
  /** The page's title. */
  page: string;
  heading: string;
  /** The words that it introduces: those in bold. */
  terms: string;
  text: string;
  code: string;
}

export interface Hit extends Section {
  /** The words that were found in it. */
  words: string[];
}

/** Words that stand in every part, and tell none from another. */
const common = new Set(
  "a an and are as at be by can do does for from has have how i if in is it its not of on one or s so t than that the then this to what when which why will with you your".split(
    " ",
  ),
);

/** @returns what finds the parts that fit some words, best first */
export function createSearch(sections: readonly Section[]): (query: string) => Hit[] {
  // A heading that many pages have, such as «Check yourself», leads to what is said elsewhere.
  const places = new Map<string, number>();
  for (const { heading } of sections) places.set(heading, (places.get(heading) ?? 0) + 1);
  const index = new MiniSearch({
    idField: "n",
    fields: ["heading", "page", "terms", "text", "code"],
    tokenize,
    processTerm,
    searchOptions: {
      boost: { heading: 6, page: 3, terms: 4, code: 0.2 },
      boostDocument: (n) => (places.get(sections[n].heading) === 1 ? 1 : 0.6),
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      bm25: { k: 2, b: 0.4, d: 0.5 },
      weights: { prefix: 0.4, fuzzy: 0.2 },
    },
  });
  index.addAll(sections.map((section, n) => ({ n, ...section })));
  return (query) => {
    const wanted = termsOf(query);
    // What has most of the words comes first; and what is about nothing else, by its heading.
    const fitOf = ({ id, queryTerms }: SearchResult) => {
      const heading = termsOf(sections[id].heading);
      const isTold = wanted.every((term) => heading.includes(term));
      const isPhrase = isTold && heading.join(" ").includes(wanted.join(" "));
      const share = new Set(queryTerms).size / wanted.length;
      return share ** 2 * (isTold ? 1 + wanted.length / heading.length : 1) * (isPhrase ? 1.3 : 1);
    };
    return index
      .search(query)
      .map((result) => ({ result, score: result.score * fitOf(result) }))
      .sort((a, b) => b.score - a.score)
      .map(({ result: { id, terms } }) => ({ ...sections[id], words: terms }));
  };
}

// A name of code is found by its words, too: crossEntropy by entropy.
const tokenize = (text: string) =>
  text.replace(/(?<=[a-z])(?=[A-Z])/g, " ").match(/[\p{L}\p{N}]+/gu) ?? [];
const processTerm = (term: string) => stem(term.toLowerCase());
const termsOf = (text: string) => [
  ...new Set(
    tokenize(text)
      .map(processTerm)
      .filter((term) => typeof term === "string" && !/^\d$/.test(term)),
  ),
];

/** A word without its ending, as English has it: slopes and slope are one. */
function stem(word: string): string | false {
  if (common.has(word)) return false;
  if (word.length < 5) return word.replace(/(?<=\w{2}[^s])s$/, "");
  return word
    .replace(/(?:ies)$/, "y")
    .replace(/(?<=[sxz]|ch|sh)es$/, "")
    .replace(/(?<=[^s])s$/, "")
    .replace(/(?<=\w{3})(?:ing|ed|ise[rd]?|ize[rd]?|e)$/, "");
}

/** The place in a text where a word of these stands first, with what is around it; the text's beginning if none does. */
export function excerpt(
  text: string,
  words: readonly string[],
  length = 110,
): { before: string; found: string; after: string } {
  const starts = words.filter((word) => word.length > 1).map((word) => word.replace(/\W/g, "\\$&"));
  const match =
    starts.length > 0
      ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${starts.join("|")})[\\p{L}\\p{N}]*`, "iu").exec(text)
      : null;
  if (!match) return { before: cut(text, length), found: "", after: "" };
  const from = Math.max(0, match.index - length / 3);
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const end = match.index + match[0].length;
  return {
    before: (start > 0 ? "… " : "") + text.slice(Math.min(start, match.index), match.index),
    found: match[0],
    after: cut(text.slice(end), (2 * length) / 3),
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, text.lastIndexOf(" ", length))} …`;
}
