/** Checks that a student sees, and the scoring that they do not. */

import { createRandom, isList, type Random } from "../arithmetic";
import { same, written } from "../exercise/compare";
import { type CellValue, type Displayable, display, escapeHtml, table } from "../show";
import { type Uses, whyNotGraded } from "./offered";
import type { Assignment, Part, Result, Task } from "./task";

/** What a student hands in for a task: a function. When it is graded, its results are promises. */
// biome-ignore lint/suspicious/noExplicitAny: functions of every shape
export type Answer = (...args: any[]) => unknown;

/** A verdict or a score, as a cell's last value. */
export interface Outcome extends Displayable {
  /** Points earned, of the task's; undefined for a check, which gives none. */
  readonly points?: number;
  readonly message: string;
}

/** Cases drawn for each part of a task when it is scored. */
const casesPerPart = 12;
const tolerance = 1e-6;
/** Where slopes by differences are to miss: ten digits of each number, but of those that nearly cancel out. */
const tight = { tolerance: 1e-10, ofLargest: 1e-4 };

/** What the kernel tells: at work, what a variable's code uses; in grading, whose work it is, and whether a case may be shown. */
interface Host {
  uses?(name: string): Uses;
  readonly showCase?: boolean;
  /** Whose submission is graded. */
  readonly student?: string;
}
export const host = (): Host =>
  (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.host")] ?? {};

/**
 * Tries a student's answer on the cases that they may see: what was expected, what the function returned, and which known mistake
 * it looks like. Gives no points.
 */
export async function checkTask(
  assignment: Assignment,
  task: Task,
  answer: Answer,
): Promise<Outcome> {
  const results = await tryCases(task, answer, task.visible);
  if (results.every(({ got }) => got === undefined)) {
    return outcome(
      "Not filled in yet: write your function in the cell above, run it, then run this one.",
    );
  }
  if (task.kind === "prediction") {
    return outcome(
      `Your prediction, ${said(results[0].got)}, is noted. Run the next cell: were you right?`,
    );
  }
  const verdicts = task.kind === "paper" ? verdictsOnPaper(task, results[0]) : results.map(verdict);
  const rows = verdicts.map(({ agrees, row }) => ({
    ...row,
    "": agrees ? "✓ agrees" : "✗ differs",
  }));
  const uses = host().uses?.(task.name);
  const refused = uses && whyNotGraded(uses, assignment.allowed);
  if (refused) return outcome(`✗ ${refused}`, rows);
  const wrong = verdicts.filter(({ agrees }) => !agrees).length;
  const what = task.kind === "paper" ? "parts" : "cases";
  if (wrong === 0)
    return outcome(
      task.kind === "paper"
        ? "✓ Right: all of your numbers agree."
        : `✓ Right so far: all ${rows.length} cases agree. Grading tries other cases too.`,
      rows,
    );
  const mistake = mistakeOf(task, results);
  const count = `✗ Not yet: ${wrong} of ${rows.length} ${what} differ.`;
  return outcome(mistake ? `${count} Your numbers match a known mistake: ${mistake}` : count, rows);
}

/**
 * Scores a student's answer: each part of the task on cases of its own, drawn from the seed.
 *
 * @returns a value whose plain text is the number of points, which is what nbgrader reads
 */
export async function scoreTask(task: Task, answer: Answer, seed: number): Promise<Outcome> {
  const random = createRandom(seed);
  const rows: Record<string, CellValue>[] = [];
  let points = 0;
  let hint: string | undefined;
  for (const part of task.parts) {
    const { name, share } = part;
    const results = await tryCases(task, answer, casesOf(task, part, random), part);
    const bad = results.filter(({ agrees }) => !agrees);
    const earned = bad.length === 0 ? share * task.points : 0;
    points += earned;
    if (bad.length > 0) hint ??= whatIsWrong(task, results, bad);
    rows.push({
      part: name,
      "cases right": `${results.length - bad.length} of ${results.length}`,
      points: `${round(earned)} of ${round(share * task.points)}`,
    });
  }
  const message = `${round(points)} of ${task.points} points${hint ? `: ${hint}` : ""}`;
  return { ...outcome(message, rows, String(round(points))), points: round(points) };
}

interface Tried {
  args: unknown[];
  wanted: unknown;
  got: unknown;
  agrees: boolean;
}

/** A row in the table of a check. */
interface Verdict {
  readonly agrees: boolean;
  readonly row: Record<string, CellValue>;
}

function verdict({ args, wanted, got, agrees }: Tried): Verdict {
  const row = { case: args.map(written).join("; "), expected: written(wanted), yours: said(got) };
  return { agrees, row };
}

/** What was worked out on paper, part by part: what is expected is for the student to find. */
function verdictsOnPaper(task: Task, { wanted, got }: Tried): Verdict[] {
  return task.parts.map(({ name, view = whole }) => {
    const yours = got instanceof Error ? got : view(got);
    return { agrees: agree(task, yours, view(wanted)), row: { part: name, yours: said(yours) } };
  });
}

const whole = (result: Result): Result => result;

function casesOf({ kind }: Task, { draw, steep = draw }: Part, random: Random): unknown[][] {
  return Array.from({ length: kind === "function" ? casesPerPart : 1 }, (_, i) =>
    (i % 2 === 0 ? draw : steep)(random),
  );
}

async function tryCases(
  task: Task,
  answer: Answer,
  cases: readonly unknown[][],
  { view = whole, steep }: Partial<Part> = {},
): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const args of cases) {
    const wanted = task.expected(...(clone(args) as never[]));
    const got = await attempt(answer, clone(args));
    const agrees =
      !(got instanceof Error) &&
      (steep
        ? same(view(got), view(wanted), tight.tolerance, tight.ofLargest * largestOf(view(wanted)))
        : agree(task, view(got), view(wanted)));
    tried.push({ args: [...args], wanted, got, agrees });
  }
  return tried;
}

function largestOf(value: unknown): number {
  if (isList(value)) return Math.max(0, ...Array.from(value, largestOf));
  return Math.abs(Number(value));
}

async function attempt(answer: Answer, args: unknown[]): Promise<unknown> {
  try {
    return await answer(...args);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Numbers worked out on paper or predicted may be rounded to three digits, words written in any way. */
export function agree(task: Task, got: unknown, wanted: unknown): boolean {
  if (task.kind === "function") return same(got, wanted, tolerance);
  if (typeof got === "string" && typeof wanted === "string") return plain(got) === plain(wanted);
  if (!isList(got) || !isList(wanted)) return same(got, wanted, 0.005, 0);
  const entries = Array.from(wanted);
  return got.length === entries.length && entries.every((one, i) => agree(task, got[i], one));
}

/** Words without capitals, space, quotes and accents. */
function plain(words: string): string {
  return words
    .normalize("NFKD")
    .replace(/[\p{M}\p{P}\s]/gu, "")
    .toLowerCase();
}

/**
 * What to say to someone whose results differ: the error, the known mistake, or a case if that may be shown. Which of
 * them it is, the class at a glance reads from how it begins (notebooks/coursework/grading/glance.py).
 */
function whatIsWrong(
  task: Task,
  results: readonly Tried[],
  [bad, ...more]: readonly Tried[],
): string {
  if (bad.got instanceof Error) return `an error in place of a value: ${said(bad.got)}`;
  const mistake = mistakeOf(task, results);
  if (mistake) return `a known mistake: ${mistake}`;
  if (task.kind === "prediction") return "the prediction is a different one.";
  if (task.kind === "paper") return "the numbers are others, and match no known mistake.";
  if (!host().showCase)
    return `${1 + more.length} of ${results.length} cases differ, and match no known mistake.`;
  const { args, wanted, got } = bad;
  const digits = written(wanted) === said(got) ? ", which agrees to six digits but not to ten" : "";
  return `for (${args.map(written).join("; ")}) ${written(wanted)} was expected, but the answer was ${said(got)}${digits}.`;
}

/** The known mistake that explains every result. */
function mistakeOf(task: Task, results: readonly Tried[]): string | undefined {
  return Object.keys(task.mistakes).find((hint) =>
    results.every(({ args, got }) => {
      try {
        return agree(task, got, task.mistakes[hint](...(clone(args) as never[])));
      } catch {
        return false;
      }
    }),
  );
}

export function clone(args: readonly unknown[]): unknown[] {
  return args.map((value) => (Array.isArray(value) ? clone(value) : value));
}

function said(got: unknown): string {
  return got instanceof Error ? `${got.name}: ${got.message}` : written(got);
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}

export function outcome(
  message: string,
  rows: Record<string, CellValue>[] = [],
  plain?: string,
): Outcome {
  const show = () => {
    if (rows.length === 0) {
      return {
        "text/html": `<p><strong>${escapeHtml(message)}</strong></p>`,
        "text/plain": plain ?? message,
      };
    }
    const shown = table(rows, { caption: message })[display]() as Record<string, string>;
    return plain === undefined ? shown : { ...shown, "text/plain": plain };
  };
  return { message, [display]: show };
}
