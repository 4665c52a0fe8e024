/** Judging what a reader answers: the same code in a cell's tests and in the page where the answer is given. */
import { pow } from "../arithmetic";

/** A question for a number. */
export interface NumberAsked {
  kind: "number";
  answer: number;
  /** Significant digits that have to agree; undefined: a whole number has to be exact, of others three digits. */
  digits?: number;
  unit?: string;
  /** Wrong numbers that are known, and as HTML what each looks like. */
  mistakes: readonly (readonly [value: number, says: string])[];
}

/** A question with choices, of which one is right or several are. */
export interface ChoiceAsked {
  kind: "choice" | "several";
  /** Those that are right, by their place. */
  answer: readonly number[];
  /** Each as HTML, with its sentence. */
  choices: readonly (readonly [choice: string, says: string])[];
}

export type Asked = NumberAsked | ChoiceAsked;
/** What a reader typed, or the places of what they chose. */
export type Guess = string | readonly number[];

export interface Judgement {
  /** Undefined if there is nothing to judge: a gap, or something that is no number. */
  right: boolean | undefined;
  /** What to say, as HTML; empty if there is nothing to say but that. */
  says: string;
  /** The number is right, to fewer digits than are asked for. */
  isNear?: boolean;
}

export function judge(asked: Asked, guess: Guess): Judgement {
  return asked.kind === "number"
    ? judgeNumber(asked, String(guess))
    : judgeChoice(asked, Array.isArray(guess) ? guess : []);
}

function judgeNumber(asked: NumberAsked, typed: string): Judgement {
  const { answer, mistakes } = asked;
  const digits = digitsOf(asked);
  const value = numberOf(typed);
  if (value === undefined)
    return {
      right: undefined,
      says: typed.trim()
        ? "This is no number yet. Digits with a point will do (0.25), and so will 1/4, 2^3 or 1e-3."
        : "Put a number into the field first.",
    };
  if (agrees(value, answer, digits)) return { right: true, says: "" };
  const known = mistakes.find(([wrong]) => agrees(value, wrong, digits));
  if (known) return { right: false, says: known[1] };
  for (let fewer = (digits ?? 1) - 1; fewer >= 1; fewer--)
    if (agrees(value, answer, fewer)) {
      const said = fewer === 1 ? "one digit" : `${fewer} digits`;
      return {
        right: false,
        says: `Nearly: it agrees to ${said}, and ${digits} are asked for.`,
        isNear: true,
      };
    }
  return { right: false, says: looksLike(value, answer, digits) ?? "" };
}

function judgeChoice({ kind, answer, choices }: ChoiceAsked, chosen: readonly number[]): Judgement {
  if (chosen.length === 0)
    return {
      right: undefined,
      says: kind === "several" ? "Choose at least one first." : "Choose one first.",
    };
  const missed = answer.filter((place) => !chosen.includes(place));
  const wrong = chosen.filter((place) => !answer.includes(place));
  const told = wrong.length > 0 ? wrong : missed.length > 0 ? [] : chosen;
  const sentences = told.map((place) => choices[place][1]).filter(Boolean);
  if (kind === "several" && wrong.length === 0 && missed.length > 0)
    return {
      right: false,
      says: `What you chose is right, and ${missed.length === 1 ? "one is" : `${missed.length} are`} missing.`,
    };
  return { right: wrong.length === 0, says: sentences.join(" ") };
}

/** How many digits are compared: undefined where the number has to be exact. */
export function digitsOf({ answer, digits }: Pick<NumberAsked, "answer" | "digits">) {
  if (digits !== undefined) return digits;
  return isWhole(answer) ? undefined : 3;
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9;
}

/** Whether a number is another one, as rounded, or as cut off, to so many digits. */
export function agrees(value: number, other: number, digits: number | undefined): boolean {
  if (!Number.isFinite(value) || !Number.isFinite(other)) return Object.is(value, other);
  if (digits === undefined || Math.abs(other) < 1e-12)
    return Math.abs(value - other) <= 1e-9 * Math.max(1, Math.abs(other));
  const last = Number(`1e${Number(other.toExponential().split("e")[1]) - digits + 1}`);
  const nearly = 1e-6 * last;
  const cut = Math.trunc(other / last + Math.sign(other) * 1e-6) * last;
  return Math.abs(value - other) <= last / 2 + nearly || Math.abs(value - cut) <= nearly;
}

/** What a number looks like beside the right one, where nobody has said. */
function looksLike(value: number, answer: number, digits: number | undefined): string | undefined {
  if (answer === 0 || value === 0) return undefined;
  const is = (other: number) => agrees(value, other, digits);
  if (is(-answer)) return "The size is right, the sign is not.";
  if (is(2 * answer)) return "This is twice what is asked for: where does a factor of 2 come from?";
  if (is(answer / 2))
    return "This is half of what is asked for: where does a factor of ½ come from?";
  if (is(-2 * answer) || is(-answer / 2))
    return "The sign is the other one, and a factor of 2 is too much or missing.";
  if (is(1 / answer)) return "This is one over what is asked for.";
  if (is(answer * answer)) return "This is the square of what is asked for.";
  if (is(100 * answer)) return "These are per cent: the number itself is a hundredth of it.";
  return undefined;
}

/**
 * The number that somebody typed: with a point or a decimal comma, thousands apart or not, with any minus sign, in per
 * cent, and as a small computation: 1/4, 2^3, 3 · (4 + 1), √2.
 */
export function numberOf(typed: string): number | undefined {
  const text = typed
    .trim()
    .replace(/[−–]/g, "-")
    .replace(/\*\*/g, "^")
    .replace(/[·×]/g, "*")
    .replace(/[:÷]/g, "/")
    .replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
    .replace(/(\d),(?=\d)/g, "$1.")
    .replace(/(\d)[\s'’](?=\d{3}(?!\d))/g, "$1")
    .replace(/½/g, "(1/2)")
    .replace(/¼/g, "(1/4)");
  const tokens =
    text.match(/(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|∞|inf(?:inity)?|[-+*/^()√%]|\S/gi) ?? [];
  let at = 0;
  const take = (...signs: string[]) => (signs.includes(tokens[at]) ? tokens[at++] : undefined);
  // A sum of products of powers, from the outside in; NaN for what cannot be read.
  const sum = (): number => {
    let value = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-"))
      value += (sign === "-" ? -1 : 1) * product();
    return value;
  };
  const product = (): number => {
    let value = signed();
    for (let sign = take("*", "/"); sign; sign = take("*", "/"))
      value = sign === "*" ? value * signed() : value / signed();
    return value;
  };
  const signed = (): number => {
    if (take("-")) return -signed();
    return take("+") ? signed() : power();
  };
  const power = (): number => {
    const value = single() / (take("%") ? 100 : 1);
    return take("^") ? pow(value, signed()) : value;
  };
  const single = (): number => {
    if (take("√")) return Math.sqrt(single());
    if (take("(")) {
      const value = sum();
      return take(")") ? value : Number.NaN;
    }
    const token = tokens[at++] ?? "";
    return /^(?:∞|inf)/i.test(token)
      ? Number.POSITIVE_INFINITY
      : token
        ? Number(token)
        : Number.NaN;
  };
  const value = sum();
  return at === tokens.length && !Number.isNaN(value) ? value : undefined;
}
