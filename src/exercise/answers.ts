import { isList } from "../arithmetic";
import { type CellOf, type Displayable, display, escapeHtml, host, table } from "../show";
import { written as inWords, same } from "./compare";

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

/**
 * Compares a reader's formula with the right values, case by case, and names the mistake it looks like. What the formula does
 * to the lists in its arguments is found, and undone.
 */
export function checkFormula<Case extends [] | unknown[]>(check: FormulaCheck<Case>): Verdict {
  const { cases, expected, mistakes = {}, tolerance = 1e-6 } = check;
  const written = cellsNamedIn(check.yours);
  const failed = written.find((cell) => cell.failed);
  if (failed) {
    return verdict(
      undefined,
      `Your newest ${failed.name} did not run: ${failed.label} failed, and what it says stands below it. Mend it and run it, then run this one.`,
    );
  }
  const results = cases.map((args) => {
    const wanted = expected(...args);
    const { got, changed } = attempt(check.yours, args);
    return { args, wanted, got, changed, agrees: same(got, wanted, tolerance) };
  });
  const rows = results.map(({ args, wanted, got, agrees }) => ({
    case: check.label ? check.label(...args) : args.map(inWords).join(", "),
    expected: inWords(wanted),
    yours: got instanceof Error ? `${got.name}: ${got.message}` : inWords(got),
    "": agrees ? "✓ agrees" : "✗ differs",
  }));
  const wrong = results.filter(({ agrees }) => !agrees).length;

  if (results.every(({ got }) => got === undefined)) {
    return verdict(
      undefined,
      "Not filled in yet: write your formula in the cell above, run it, then run this one.",
    );
  }
  const inPlace = results.some(({ changed }) => changed)
    ? " It changes the lists that it is given, which others go on using: work on a copy, [...list], or make a new list with map."
    : "";
  if (wrong === 0) {
    const right = `all ${cases.length} cases agree.`;
    return inPlace
      ? verdict(false, `✗ Nearly: ${right}${inPlace}`, rows)
      : verdict(true, `✓ Right: ${right}`, rows);
  }
  const count = `✗ Not yet: ${wrong} of ${cases.length} cases differ.`;
  const known = Object.keys(mistakes).find((hint) =>
    results.every(({ args, got }) => same(got, attempt(mistakes[hint], args).got, tolerance)),
  );
  const code = written.map(({ code }) => code).join("\n");
  const made = known ?? lookAlike(results, code, tolerance);
  const hint = made ? ` Your numbers match a known mistake: ${made}` : "";
  return verdict(false, count + hint + inPlace, rows);
}

/** A mistake that is made anywhere: by the reader's code, or by what its results are beside the right ones. */
function lookAlike(
  results: readonly { wanted: Answer; got: unknown }[],
  code: string,
  tolerance: number,
): string | undefined {
  if (/[\w)\]]\s*\^\s*[\w(]/.test(code))
    return "`^` is no power here, it compares bits: write x ** 2.";
  const wanted = results.flatMap((one) => numbersIn(one.wanted));
  const got = results.flatMap((one) => numbersIn(one.got));
  if (got.some(Number.isNaN) && wanted.every(Number.isFinite)) {
    return /\.map\(/.test(code) &&
      /Float64Array|\.weights|\.gradient|\.delta|\.subarray|\.[azW]\b/.test(code)
      ? "`map` on a typed array makes a typed array, which holds numbers and nothing else: for lists of lists, or texts, take Array.from(list, …)."
      : "NaN comes of something that is not there: an index behind the end of a list, perhaps, or a list taken as a number.";
  }
  if (wanted.length !== got.length || wanted.every((value) => value === 0)) return undefined;
  const isTimes = (factor: number) =>
    wanted.every((value, n) => same(got[n], factor * value, tolerance));
  if (isTimes(-1)) return "the sign is turned round.";
  if (isTimes(2))
    return "every number is twice what it should be: where does a factor of 2 come from?";
  if (isTimes(0.5))
    return "every number is half of what it should be: a factor of ½ too many, or of 2 too few.";
  return undefined;
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return isList(value) ? Array.from(value as ArrayLike<unknown>).flatMap(numbersIn) : [];
}

/** The cells that declared, or were to declare, what a function's text names. */
function cellsNamedIn(formula: unknown): (CellOf & { name: string })[] {
  const cellOf = host()?.cellOf;
  const names = new Set(String(formula).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
  return [...names].flatMap((name) => {
    const cell = cellOf?.(name);
    return cell ? [{ ...cell, name }] : [];
  });
}

function verdict(
  right: boolean | undefined,
  message: string,
  rows?: readonly Record<string, string>[],
): Verdict {
  const show = () => {
    if (rows) return table(rows, { caption: message })[display]();
    const html = `<p><strong>${escapeHtml(message)}</strong></p>`;
    return { "text/html": html, "text/plain": message };
  };
  return { right, message, [display]: show };
}

/** What a formula gives; and whether it has changed a list of its arguments, which is put back. */
function attempt<Case extends [] | unknown[]>(
  formula: (...args: Case) => Answer,
  args: Case,
): { got: Answer | Error; changed: boolean } {
  const before = listsIn(args);
  let got: Answer | Error;
  try {
    got = formula(...args);
    // What is handed back may be the list itself, which is put back below.
    if (isList(got)) got = Array.from(got as ArrayLike<number>);
  } catch (error) {
    got = error instanceof Error ? error : new Error(String(error));
  }
  return { got, changed: before.map(putBack).some(Boolean) };
}

interface KeptList {
  list: unknown[];
  entries: readonly unknown[];
}

/** Every list in a value, at any depth, with what it holds. */
function listsIn(value: unknown, seen = new Set<unknown>()): KeptList[] {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const inner = isList(value) ? Array.from(value as ArrayLike<unknown>) : Object.values(value);
  const own = isList(value) ? [{ list: value as unknown as unknown[], entries: inner }] : [];
  return [...own, ...inner.flatMap((one) => listsIn(one, seen))];
}

/** @returns whether there was anything to put back */
function putBack({ list, entries }: KeptList): boolean {
  const isSame =
    list.length === entries.length && entries.every((entry, n) => Object.is(list[n], entry));
  if (isSame) return false;
  if (Array.isArray(list)) list.length = entries.length;
  for (const [n, entry] of entries.entries()) list[n] = entry;
  return true;
}
