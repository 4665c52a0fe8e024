/**
 * Numbers of each student's own. A class that wants them has a public word (class.ts); from the word and a student's identifier
 * follow the numbers of some tasks, the same in a student's notebook, in a page and in grading. The released file is one for all:
 * its cells ask for the numbers of whoever says so in it, and grading for those of the student whose submission it is.
 */
import { createRandom } from "../arithmetic";
import { type Displayable, display, escapeHtml } from "../show";
import { agree, clone, host, outcome } from "./check";
import type { OwnTask, Result, Task } from "./task";

/** Of which class, and of whom. */
export interface Own {
  /** The class's public word. */
  readonly word: string;
  /** The student's own function, which says who they are. Grading does not ask it. */
  readonly identifier: () => unknown;
}

/** Draws that are thrown away, one after the other, because a mistake would not show. */
const mostDraws = 1000;

/**
 * A task with the numbers of one student.
 *
 * @param label of the task: "deltas/outputDelta"
 * @throws RangeError if the task has no numbers of a student's own, or none in which every known mistake shows
 */
export function ownTask(task: Task, label: string, word: string, student: string): OwnTask {
  if (!task.own) throw new RangeError(`${label} has the same numbers for everyone.`);
  const random = createRandom(hash(JSON.stringify([word, normalised(student), label])));
  for (let n = 0; n < mostDraws; n++) {
    const drawn = task.own(random);
    if (isClear(drawn.task)) return drawn;
  }
  throw new RangeError(`${label}: of ${mostDraws} draws for «${student}» each hides a mistake.`);
}

/** Whose numbers are asked for: the student who is graded, else whoever the notebook names; undefined as long as it names nobody. */
export function studentOf({ identifier }: Own): string | undefined {
  const said = host().student ?? identifier();
  return typeof said === "string" && normalised(said) !== "" ? said : undefined;
}

export const nobodyYet = (): ReturnType<typeof outcome> =>
  outcome(
    "Whose numbers? Write your identifier into the cell at the top, run it, then run this one.",
  );

/** What a student is shown, under their name: a wrong one is to be noticed before the work is done. */
export function shownFor(student: string, shown: Displayable): Displayable {
  return {
    async [display]() {
      const { "text/html": html, "text/plain": plain } = await shown[display]();
      const whose = `For «${student}»:`;
      return {
        "text/html": `<p>For «<strong>${escapeHtml(student)}</strong>»:</p>${html}`,
        "text/plain": `${whose}\n${plain}`,
      };
    },
  };
}

/** Upper and lower case, space around it and the way in which a system writes accents make no other student. */
function normalised(identifier: string): string {
  return identifier.normalize("NFC").trim().toLowerCase();
}

/** FNV-1a with 32 bits (draft-eastlake-fnv), over characters in place of bytes. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text)
    value = Math.imul(value ^ (character.codePointAt(0) as number), 0x01000193);
  return value >>> 0;
}

/** Whether all numbers are there, none of them 0, and whether the right answer and each known mistake's are all different. */
function isClear(task: Task): boolean {
  const results = [task.expected, ...Object.values(task.mistakes)].map((make) =>
    task.visible.map((args) => make(...(clone(args) as never[]))),
  );
  const differ = (one: Result[], other: Result[]) => one.some((r, n) => !agree(task, r, other[n]));
  const isWhole = task.kind === "function" || results[0].every(hasDigits);
  return isWhole && results.every((one, n) => results.slice(n + 1).every((o) => differ(one, o)));
}

function hasDigits(result: Result): boolean {
  if (Array.isArray(result)) return result.every(hasDigits);
  return typeof result === "string" || (Number.isFinite(result) && Math.abs(result) > 1e-9);
}
