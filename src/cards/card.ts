/** What all cards are: a question that can be read anywhere, what it hides, and the script that brings it to life. */
import { type Displayable, display, escapeHtml, type MimeBundle, pageScript } from "../show";
import type { ChoiceAsked, NumberAsked } from "./judge";
import { markupHtml, phraseHtml, textOf } from "./markup";

/** A curve to be drawn by hand, and the one it is compared with. */
export interface CurveAsked {
  kind: "curve";
  x: readonly [from: number, to: number];
  y: readonly [from: number, to: number];
  xTitle: string;
  yTitle: string;
  /** The right curve: y at equal distances from the first x to the last. */
  of: readonly (number | null)[];
}

/** A guess in a few words, which nobody judges but the reader. */
export interface WordsAsked {
  kind: "words";
}

/** Choices of which none is known to be right: the result says. */
export interface OpenChoiceAsked {
  kind: "open choice";
  choices: readonly (readonly [choice: string, says: string])[];
}

/** What the script of a card is told. */
export interface CardData {
  /** By which its answers are kept: the same as long as the question is. */
  key: string;
  /** Whether the reader guesses what is shown then, or answers what is judged. */
  type: "question" | "prediction";
  asked: NumberAsked | ChoiceAsked | CurveAsked | WordsAsked | OpenChoiceAsked;
  /** The right answer in words, as HTML. */
  answer: string;
}

export interface CardParts {
  data: CardData | Promise<CardData>;
  /** In the cards' Markdown. */
  question: string;
  /** What the closed part is called, and what stands in it. */
  summary: string;
  hidden: () => MimeBundle | Promise<MimeBundle>;
}

/** The choices of a card, for where no script runs. */
function choicesHtml({ asked }: CardData): string {
  if (!("choices" in asked)) return "";
  const items = asked.choices.map(([choice]) => `<li>${choice}</li>`);
  return `<ul>${items.join("")}</ul>`;
}

export function createCard(parts: CardParts): Displayable {
  // A formula that cannot be shown is told at once.
  markupHtml(parts.question);
  return {
    async [display](): Promise<MimeBundle> {
      const call = (json: string) => pageScript("cards.js", `backprop.card(p,${json})`);
      return bundleOfCard(parts, call);
    },
  };
}

/** @param script the element that brings the card to life, given the card's data as JSON */
export async function bundleOfCard(
  parts: CardParts,
  script: (json: string) => string,
): Promise<MimeBundle> {
  const { question, summary } = parts;
  const [data, hidden] = [await parts.data, await parts.hidden()];
  const asked = markupHtml(question);
  const html =
    `<div data-card="${data.type}" style="border:1px solid #888;border-radius:8px;padding:0 14px 8px;margin:4px 0">` +
    `<div data-part="question">${asked}</div><div data-part="choices">${choicesHtml(data)}</div>` +
    `<details><summary>${escapeHtml(summary)}</summary>${hidden["text/html"]}</details>` +
    `${script(asJson(data))}</div>`;
  const choices = textOf(choicesHtml(data));
  const text = [textOf(asked), choices, `${summary}: ${hidden["text/plain"]}`];
  return { "text/html": html, "text/plain": text.filter(Boolean).join("\n\n") };
}

/** JSON that can stand within a script. */
export function asJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

/** By which a card's answers are kept, if it has no name: a short number made of the question (FNV-1a, 32 bits). */
export function keyOf(question: string): string {
  let hash = 0x811c9dc5;
  for (const unit of question) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** Checks choices with their sentences, and writes them as HTML. */
export function choicesOf(
  choices: readonly (readonly [choice: string, says: string])[],
): [string, string][] {
  if (!Array.isArray(choices) || choices.length < 2)
    throw new RangeError('Choices are at least two: [["one", "why"], ["other", "why not"]].');
  const names = choices.map(([choice]) => choice);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined)
    throw new RangeError(`The choice ${JSON.stringify(twice)} is there twice.`);
  return choices.map(([choice, says]) => [phraseHtml(String(choice)), phraseHtml(says)]);
}
