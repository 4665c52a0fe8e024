/** Checks that a student sees, and the scoring that they do not. */

import { same, written } from "../exercise/compare";
import { createRandom } from "../nn";
import { type CellValue, type Displayable, display, escapeHtml, table } from "../show";
import { borrowedMessage } from "./borrowed";
import type { Assignment, Task } from "./task";

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

/**
 * Tries a student's answer on the cases that they may see: what was expected, what came, and which known mistake
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
  if (task.isPrediction) {
    return outcome(
      `Your prediction, ${said(results[0].got)}, is noted. Run the next cell: were you right?`,
    );
  }
  const rows = results.map(({ args, wanted, got, agrees }) => ({
    case: args.map(written).join("; "),
    expected: written(wanted),
    yours: said(got),
    "": agrees ? "✓ agrees" : "✗ differs",
  }));
  const borrowed = calledIn(answer, assignment.forbidden);
  if (borrowed) return outcome(`✗ ${borrowedMessage(borrowed)}`, rows);
  const wrong = results.filter(({ agrees }) => !agrees).length;
  if (wrong === 0)
    return outcome(
      `✓ Right so far: all ${rows.length} cases agree. Grading tries others, too.`,
      rows,
    );
  const mistake = mistakeOf(task, results);
  const count = `✗ Not yet: ${wrong} of ${rows.length} cases differ.`;
  return outcome(
    mistake ? `${count} Your numbers are those of this mistake: ${mistake}` : count,
    rows,
  );
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
  for (const { name, share, draw, view = (result: unknown) => result } of task.parts) {
    const cases = Array.from({ length: task.isPrediction ? 1 : casesPerPart }, () => draw(random));
    const results = (await tryCases(task, answer, cases)).map((one) => ({
      ...one,
      agrees:
        !(one.got instanceof Error) && agree(view(one.got), view(one.wanted), task.isPrediction),
    }));
    const right = results.filter(({ agrees }) => agrees).length;
    const earned = right === results.length ? share * task.points : 0;
    points += earned;
    const bad = results.find(({ agrees }) => !agrees);
    hint ??= bad && (bad.got instanceof Error ? said(bad.got) : mistakeOf(task, results));
    rows.push({
      part: name,
      "cases right": `${right} of ${results.length}`,
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

async function tryCases(task: Task, answer: Answer, cases: readonly unknown[][]): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (const args of cases) {
    const wanted = task.expected(...(clone(args) as never[]));
    const got = await attempt(answer, clone(args));
    tried.push({ args: [...args], wanted, got, agrees: agree(got, wanted, task.isPrediction) });
  }
  return tried;
}

async function attempt(answer: Answer, args: unknown[]): Promise<unknown> {
  try {
    return await answer(...args);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A prediction in numbers may be rounded to three digits. */
function agree(got: unknown, wanted: unknown, isPrediction = false): boolean {
  return isPrediction ? same(got, wanted, 0.005, 0) : same(got, wanted, tolerance);
}

/** The known mistake that explains every result. */
function mistakeOf(task: Task, results: readonly Tried[]): string | undefined {
  return Object.keys(task.mistakes).find((hint) =>
    results.every(({ args, got }) => {
      try {
        return agree(got, task.mistakes[hint](...(clone(args) as never[])), task.isPrediction);
      } catch {
        return false;
      }
    }),
  );
}

/** The first forbidden function of the library that a function's own text calls. */
function calledIn(answer: Answer, forbidden: readonly string[]): string | undefined {
  const text = Function.prototype.toString.call(answer);
  return forbidden.find((name) => new RegExp(`\\bnn_\\d+\\.${name}\\b`).test(text));
}

function clone(args: readonly unknown[]): unknown[] {
  return args.map((value) => (Array.isArray(value) ? clone(value) : value));
}

function said(got: unknown): string {
  return got instanceof Error ? `${got.name}: ${got.message}` : written(got);
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}

function outcome(message: string, rows: Record<string, CellValue>[] = [], plain?: string): Outcome {
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
