/** The coursework, as notebooks see it: checks that a student may run, and scores for grading. */
import { assignments } from "./coursework/assignments";
import { type Answer, checkTask, type Outcome, scoreTask } from "./coursework/check";
import type { Assignment, Task } from "./coursework/task";

export { numericalGradient } from "./coursework/numerical-gradient";
export type { Answer, Outcome };

/**
 * Tries an answer on the cases that the student may see. Gives no points.
 *
 * @param name of the task: "deltas/outputDelta"
 * @throws RangeError if there is no such task
 */
export function check(name: string, answer: Answer): Promise<Outcome> {
  const { assignment, task } = find(name);
  return checkTask(assignment, task, answer);
}

/**
 * The points of an answer, on cases drawn from the seed: what grading runs.
 *
 * @throws RangeError if there is no such task
 */
export function score(name: string, answer: Answer, seed: number): Promise<Outcome> {
  return scoreTask(find(name).task, answer, seed);
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
