/** Predictions: the result opens after the reader's guess, and is shown with it. */
import { isList, said } from "../arithmetic";
import {
  type Displayable,
  display,
  escapeHtml,
  formatNumber,
  formulaHtml,
  type MimeBundle,
} from "../show";
import { type CardData, choicesOf, createCard, keyOf } from "./card";
import { markupHtml, textOf } from "./markup";
import { answerHtml, askedOf } from "./question";

/** What a prediction may show. */
export type Result = number | string | boolean | Displayable | readonly Result[];

export interface PredictOptions {
  /** The right answer, if the result itself is no number: a number, or one of the choices. */
  answer?: number | string | readonly string[];
  /** How close a number comes that is said to be right, in significant digits. Default 2. */
  digits?: number;
  /** Of a number. */
  unit?: string;
  /** Choices, with or without what to say of each. */
  choices?: readonly (string | readonly [choice: string, says: string])[];
  /** A curve that the reader draws over empty axes, and the right one: y at equal distances over x. */
  curve?: {
    x: readonly [from: number, to: number];
    y: readonly [from: number, to: number];
    of: ArrayLike<number>;
    xTitle?: string;
    yTitle?: string;
  };
  /**
   * What there is to say of the result, in Markdown with $formulas$. It opens with the result: prose below the card would
   * tell it to a reader who is still guessing.
   */
  says?: string;
  /** By which the guess is kept. Default: made of the question. */
  name?: string;
}

/**
 * A result that stays closed until the reader has guessed, or asks to be shown. The guess is a number if the result is one or
 * the options have a number as `answer`; a choice; a curve drawn by hand; and else some words.
 *
 * @param text the question, in Markdown with $formulas$
 * @param result called at once: what it gives, or a list of several, is what opens
 * @throws TypeError for a result that nothing shows, and an answer of another kind
 * @throws RangeError for an answer that is not among the choices, a curve without two numbers, and a formula in `says` that a
 *   card cannot show
 */
export function predict(
  text: string,
  result: () => Result | Promise<Result>,
  options: PredictOptions = {},
): Displayable {
  if (typeof text !== "string" || text.trim() === "")
    throw new TypeError(`A prediction is asked for by a text, but got ${said(text)}.`);
  if (typeof result !== "function")
    throw new TypeError(
      `predict takes a function that gives the result, () => …, but got ${said(result)}.`,
    );
  const says = options.says ? markupHtml(options.says) : "";
  const value = result();
  const dataFor = (shown: Result | undefined): CardData => {
    const asked = askedFor(options, shown);
    const answer = "answer" in asked ? answerHtml(asked) : "";
    return { key: options.name ?? keyOf(text), type: "prediction", asked, answer };
  };
  return createCard({
    // Only what is still being computed has to be waited for: wrong options are told at once.
    data: value instanceof Promise ? value.then(dataFor) : dataFor(value),
    question: text,
    summary: "Just show me",
    hidden: async () => {
      const bundle = await bundleOf(await value);
      return {
        "text/html": bundle["text/html"] + says,
        "text/plain": [bundle["text/plain"], textOf(says)].filter(Boolean).join("\n\n"),
      };
    },
  });
}

const none = "none of them";

function askedFor(options: PredictOptions, result: Result | undefined): CardData["asked"] {
  const { choices, curve, answer, digits = 2, unit } = options;
  if (curve) return { kind: "curve", ...checkedCurve(curve) };
  if (choices) {
    const pairs = choices.map((one): [string, string] =>
      typeof one === "string" ? [one, ""] : [one[0], one[1]],
    );
    if (answer === undefined) return { kind: "open choice", choices: choicesOf(pairs) };
    // With the values of a *Try it* cell it may be that none is right.
    if (isList(answer)) pairs.push([none, ""]);
    const right = isList(answer) && answer.length === 0 ? [none] : answer;
    // What is right the result shows: a sentence for each choice is welcome, and not needed.
    const asked = askedOf({
      answer: right,
      choices: pairs.map(([choice, says]) => [choice, says || " - "]),
    });
    return { ...asked, choices: choicesOf(pairs) } as CardData["asked"];
  }
  const number = answer ?? (typeof result === "number" ? result : undefined);
  if (number === undefined) return { kind: "words" };
  return askedOf({ answer: number, digits, unit });
}

function checkedCurve(curve: NonNullable<PredictOptions["curve"]>) {
  const { x, y, of, xTitle = "x", yTitle = "y" } = curve;
  for (const [name, range] of Object.entries({ x, y }))
    if (!isList(range) || range.length !== 2 || !(Number(range[0]) < Number(range[1])))
      throw new RangeError(
        `curve.${name} has to be where the axis begins and where it ends, [0, 1], but it is ${said(range)}.`,
      );
  const list = isList(of) ? Array.from(of as ArrayLike<number>) : [];
  if (list.length < 2)
    throw new RangeError(
      `curve.of has to be a list of two numbers or more, but it is ${said(of)}.`,
    );
  return {
    x: [x[0], x[1]] as const,
    y: [y[0], y[1]] as const,
    xTitle,
    yTitle,
    of: thinned(list).map((value) =>
      Number.isFinite(value) ? Number(value.toPrecision(4)) : null,
    ),
  };
}

/** So many numbers of a long list as a picture can show, the first and the last among them. */
function thinned(list: number[]): number[] {
  const most = 200;
  if (list.length <= most) return list;
  return Array.from(
    { length: most },
    (_, n) => list[Math.round((n * (list.length - 1)) / (most - 1))],
  );
}

/** What a result shows, all of it as HTML. */
async function bundleOf(value: Result): Promise<MimeBundle> {
  if (typeof value === "number") return textBundle(formatNumber(value));
  if (typeof value === "string" || typeof value === "boolean") return textBundle(String(value));
  if (Array.isArray(value)) {
    const parts = await Promise.all(value.map(bundleOf));
    return {
      "text/html": parts.map((part) => part["text/html"]).join(""),
      "text/plain": parts.map((part) => part["text/plain"]).join("\n\n"),
    };
  }
  const show = (value as Displayable | undefined)?.[display];
  if (typeof show !== "function")
    throw new TypeError(
      `The result of a prediction is a number, a text, something that shows itself such as table(…) or plot(…), or a list of these, but it is ${said(value)}.`,
    );
  const bundle = await show.call(value);
  const text = bundle["text/plain"] ?? "";
  if (bundle["text/html"]) return { "text/html": bundle["text/html"], "text/plain": text };
  const latex = bundle["text/latex"];
  return latex ? { "text/html": latexHtml(latex), "text/plain": text } : textBundle(text);
}

function textBundle(text: string): MimeBundle {
  return { "text/html": `<p>${escapeHtml(text)}</p>`, "text/plain": text };
}

/** Formulas line by line, as nothing sets mathematics within a card. */
function latexHtml(latex: string): string {
  const lines = latex
    .replace(/\$\$|\\(?:begin|end)\{aligned\}/g, "")
    .split("\\\\")
    .map((line) => `<p>${formulaHtml(line)}</p>`);
  return lines.join("");
}
