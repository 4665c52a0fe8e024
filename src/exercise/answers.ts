import { type Displayable, display, table } from "../show";
import { same, written } from "./compare";

/** What a reader's formula may return: one number or several; undefined while it is not filled in. */
export type Answer = number | ArrayLike<number> | undefined;

export interface FormulaCheck<Case extends [] | unknown[]> {
  /** The reader's function. */
  yours: (...args: Case) => Answer;
  /** The right values, computed another way: by nudging, say. */
  expected: (...args: Case) => Answer;
  /** The arguments to try, a list for each case. A case that is right by accident teaches nothing: choose them apart. */
  cases: readonly Case[];
  /** What to call a case in the table. Default: its arguments. */
  label?: (...args: Case) => string;
  /** Likely mistakes: a hint for each, and what the function would give if it were made. */
  mistakes?: Record<string, (...args: Case) => Answer>;
  /** How far apart two numbers may be, as a share of the larger one or of 1. Default 1e-6. */
  tolerance?: number;
}

/** A verdict that shows itself: as a cell's last expression it tells the reader how they did. */
export interface Verdict extends Displayable {
  /** Whether the answer is right; undefined while there is none. */
  readonly right: boolean | undefined;
  /** The verdict in a sentence or two. */
  readonly message: string;
}

/** Compares a reader's formula with the right values, case by case, and names the mistake it looks like. */
export function checkFormula<Case extends [] | unknown[]>(check: FormulaCheck<Case>): Verdict {
  const { cases, expected, mistakes = {}, tolerance = 1e-6 } = check;
  const results = cases.map((args) => {
    const wanted = expected(...args);
    const got = attempt(check.yours, args);
    return { args, wanted, got, agrees: same(got, wanted, tolerance) };
  });
  const rows = results.map(({ args, wanted, got, agrees }) => ({
    case: check.label ? check.label(...args) : args.map(written).join(", "),
    expected: written(wanted),
    yours: got instanceof Error ? `${got.name}: ${got.message}` : written(got),
    "": agrees ? "✓ agrees" : "✗ differs",
  }));
  const wrong = results.filter(({ agrees }) => !agrees).length;

  if (results.every(({ got }) => got === undefined)) {
    return verdict(
      undefined,
      "Not filled in yet: write your formula in the cell above, run it, then run this one.",
    );
  }
  if (wrong === 0) return verdict(true, `✓ Right: all ${cases.length} cases agree.`, rows);
  const made = Object.keys(mistakes).find((hint) =>
    results.every(({ args, got }) => same(got, attempt(mistakes[hint], args), tolerance)),
  );
  const count = `✗ Not yet: ${wrong} of ${cases.length} cases differ.`;
  return verdict(
    false,
    made ? `${count} Your numbers match a known mistake: ${made}` : count,
    rows,
  );
}

/** What an answer of each kind looks like. */
const kinds = {
  number: "a number, without quotes",
  string: "a word or two, in quotes",
  boolean: "true or false, without quotes",
};

/**
 * Says whether an answer is right, without giving the right one away.
 *
 * @param yours a number (a fraction may be rounded to three digits), words in capitals or not, or a yes-or-no;
 *   undefined if not answered yet. Any type: this function says what is wrong with it, not the compiler
 * @param hints what to say to a certain wrong answer
 */
export function checkAnswer<T extends number | string | boolean>(
  yours: unknown,
  expected: T,
  hints: readonly (readonly [answer: T, hint: string])[] = [],
): Verdict {
  if (yours === undefined) {
    return verdict(
      undefined,
      "Not answered yet: put your answer in place of undefined and run the cell.",
    );
  }
  const kind = kinds[typeof expected as keyof typeof kinds];
  if (typeof yours !== typeof expected)
    return verdict(false, `✗ Not ${written(yours)}: the answer is ${kind}.`);
  const matches = (other: T) =>
    typeof other === "number" ? sameNumber(yours as number, other) : plain(yours) === plain(other);
  if (matches(expected)) return verdict(true, `✓ Right: ${written(expected)}.`);
  const hint = hints.find(([answer]) => matches(answer));
  return verdict(
    false,
    `✗ Not ${written(yours)}.${hint ? ` ${hint[1]}` : " Have another look, and run something to find out."}`,
  );
}

function verdict(
  right: boolean | undefined,
  message: string,
  rows?: readonly Record<string, string>[],
): Verdict {
  const show = () => {
    if (rows) return table(rows, { caption: message })[display]();
    const escaped = message.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    return { "text/html": `<p><strong>${escaped}</strong></p>`, "text/plain": message };
  };
  return { right, message, [display]: show };
}

function attempt<Case extends [] | unknown[]>(formula: (...args: Case) => Answer, args: Case) {
  try {
    return formula(...args);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function plain(words: unknown): string {
  return String(words).trim().toLowerCase();
}

/** Whole numbers have to be exact, but for rounding error; others agree if three digits do. */
function sameNumber(yours: number, right: number): boolean {
  const isWhole = Math.abs(right - Math.round(right)) < 1e-9;
  return isWhole ? same(yours, right, 1e-9) : same(yours, right, 0.005, 0);
}
