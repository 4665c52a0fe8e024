/** Questions that know their answer, the mistakes that are made, and the way. */
import { isList, said } from "../arithmetic";
import { type Displayable, formatNumber } from "../show";
import { type CardParts, choicesOf, createCard, keyOf } from "./card";
import { type ChoiceAsked, digitsOf, type NumberAsked } from "./judge";
import { markupHtml, phraseHtml, textOf } from "./markup";

export interface QuestionOptions {
  /**
   * The right answer, best computed: a number; one of the choices; or a list of those that are right, if several
   * may be chosen.
   */
  answer: number | string | readonly string[];
  /** How many significant digits of a number have to agree. Default: whole numbers exactly, others to three digits. */
  digits?: number;
  /** Of a number, as it stands behind the field. */
  unit?: string;
  /** The choices, each with what to say of it: why it is right, or what is wrong with it. */
  choices?: readonly (readonly [choice: string, says: string])[];
  /** Wrong numbers that are known, each with the mistake that it looks like. */
  mistakes?: readonly (readonly [value: number, says: string])[];
  /** How one finds the answer: shown after the first attempt, in Markdown with $formulas$. */
  way?: string;
  /** By which the answer is kept, and asked again in a review. Default: made of the question. */
  name?: string;
}

/**
 * A question that takes its answer in the output itself, without a kernel: says right, or which mistake it looks like, and
 * shows the way after an attempt. Where no script runs the answer is in a closed part below.
 *
 * @param text in Markdown with $formulas$
 * @throws TypeError for an answer of another kind, and for a choice without its sentence
 * @throws RangeError for an answer that is not among the choices, and digits that are not a whole number from 1 to 15
 */
export function question(text: string, options: QuestionOptions): Displayable {
  return createCard(questionParts(text, options));
}

/** What a question's card is made of. @throws as `question` */
export function questionParts(text: string, options: QuestionOptions): CardParts {
  if (typeof text !== "string" || text.trim() === "")
    throw new TypeError(`A question is a text, but got ${said(text)}.`);
  if (typeof options !== "object" || options === null)
    throw new TypeError(`question takes { answer: … } behind the text, but got ${said(options)}.`);
  const asked = askedOf(options);
  const answer = answerHtml(asked);
  const way = options.way ? markupHtml(options.way) : "";
  const sentences = asked.kind === "number" ? "" : sentencesHtml(asked);
  return {
    data: { key: options.name ?? keyOf(text), type: "question", asked, answer },
    question: text,
    summary: "The answer",
    hidden: () => ({
      "text/html": `<p><strong>${answer}</strong></p>${sentences}${way}`,
      "text/plain": textOf(`<p>${answer}</p>${sentences}${way}`),
    }),
  };
}

/** What a question or a prediction asks for, checked. */
export function askedOf(options: QuestionOptions): NumberAsked | ChoiceAsked {
  const { answer, choices, mistakes = [], digits, unit } = options;
  if (choices) {
    const right = isList(answer) ? Array.from(answer as readonly string[]) : [answer];
    const places = right.map((one) => choices.findIndex(([choice]) => choice === String(one)));
    for (const [n, place] of places.entries())
      if (place < 0)
        throw new RangeError(
          `The answer ${said(right[n])} is none of the choices: ${choices.map(([choice]) => choice).join(", ")}.`,
        );
    for (const choice of choices)
      if (!Array.isArray(choice) || typeof choice[1] !== "string" || choice[1].trim() === "")
        throw new TypeError(
          `Each choice has its sentence, ["choice", "why it is right or wrong"], but ${said(choice?.[0] ?? choice)} has none.`,
        );
    if (places.length === 0)
      throw new RangeError("None of the choices is right: answer is an empty list.");
    return {
      kind: isList(answer) ? "several" : "choice",
      answer: places,
      choices: choicesOf(choices),
    };
  }
  if (typeof answer !== "number" || Number.isNaN(answer))
    throw new TypeError(
      `An answer without choices has to be a number, but it is ${said(answer)}: give choices, or compute another one.`,
    );
  if (digits !== undefined && !(Number.isInteger(digits) && digits >= 1 && digits <= 15))
    throw new RangeError(
      `digits has to be a whole number from 1 to 15, but it is ${said(digits)}.`,
    );
  return {
    kind: "number",
    answer,
    ...(digits === undefined ? {} : { digits }),
    ...(unit ? { unit } : {}),
    mistakes: mistakes.map(([value, says]) => [value, phraseHtml(says)]),
  };
}

/** The right answer as HTML. */
export function answerHtml(asked: NumberAsked | ChoiceAsked): string {
  if (asked.kind !== "number")
    return asked.answer.map((place) => asked.choices[place][0]).join(", ");
  const unit = asked.unit ? ` ${phraseHtml(asked.unit)}` : "";
  return `${formatNumber(asked.answer, Math.min(6, Math.max(4, digitsOf(asked) ?? 6)))}${unit}`;
}

/** What there is to say of each choice. */
function sentencesHtml({ answer, choices }: ChoiceAsked): string {
  const items = choices.map(
    ([choice, says], place) => `<li>${answer.includes(place) ? "✓" : "✗"} ${choice}: ${says}</li>`,
  );
  return `<ul>${items.join("")}</ul>`;
}
