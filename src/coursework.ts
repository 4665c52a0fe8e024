/** The coursework, as notebooks see it: checks that a student may run, and scores for grading. */
import { assignments } from "./coursework/assignments";
import { type Answer, checkTask, type Outcome, scoreTask } from "./coursework/check";
import { nobodyYet, type Own, ownTask, shownFor, studentOf } from "./coursework/own";
import type { Assignment, OwnTask, Task } from "./coursework/task";
import type { Displayable } from "./show";

export { numericalGradient } from "./coursework/numerical-gradient";
export type { Answer, Outcome, Own };

/**
 * Tries an answer on the cases that the student may see. Gives no points.
 *
 * @param name of the task: "deltas/outputDelta"
 * @param own for a task with numbers of each student's own
 * @throws RangeError if there is no such task, or none with such numbers
 */
export function check(name: string, answer: Answer, own?: Own): Promise<Outcome> {
  const { assignment, task } = find(name);
  if (!own) return checkTask(assignment, task, answer);
  const theirs = findOwn(name, own);
  return theirs ? checkTask(assignment, theirs.drawn.task, answer) : Promise.resolve(nobodyYet());
}

/**
 * The points of an answer, on cases drawn from the seed: what grading runs.
 *
 * @param own for a task with numbers of each student's own
 * @throws RangeError if there is no such task, or none with such numbers
 * @throws Error if nobody is graded and the notebook names nobody: there are no numbers to go by
 */
export function score(name: string, answer: Answer, seed: number, own?: Own): Promise<Outcome> {
  if (!own) return scoreTask(find(name).task, answer, seed);
  const theirs = findOwn(name, own);
  if (!theirs) throw new Error(nobodyYet().message);
  return scoreTask(theirs.drawn.task, answer, seed);
}

/**
 * What a task gives to one student: their numbers, or their function with its mistake.
 *
 * @param name of a task with numbers of each student's own
 * @throws RangeError if there is no such task
 */
export function ownNumbers(name: string, own: Own): Displayable {
  const theirs = findOwn(name, own);
  return theirs ? shownFor(theirs.student, theirs.drawn.given()) : nobodyYet();
}

/**
 * What comes of a prediction, with the numbers of one student.
 *
 * @param name of a prediction with numbers of each student's own
 * @throws RangeError if there is no such task
 */
export function ownResult(name: string, own: Own): Displayable {
  const theirs = findOwn(name, own);
  if (!theirs) return nobodyYet();
  if (!theirs.drawn.result)
    throw new RangeError(`${name} is no prediction: it has no result to show.`);
  return shownFor(theirs.student, theirs.drawn.result());
}

/** A task with the numbers of whoever it is; undefined as long as nobody is named. */
function findOwn(name: string, own: Own): { student: string; drawn: OwnTask } | undefined {
  const { task } = find(name);
  const student = studentOf(own);
  return student === undefined
    ? undefined
    : { student, drawn: ownTask(task, name, own.word, student) };
}

function find(name: string): { assignment: Assignment; task: Task } {
  for (const assignment of assignments) {
    for (const task of assignment.tasks) {
      if (`${assignment.name}/${task.name}` === name) return { assignment, task };
    }
  }
  throw new RangeError(
    `There is no task "${name}": a task is named by its assignment and its function, as in "deltas/outputDelta".`,
  );
}
