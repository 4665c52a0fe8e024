/** The coursework: tasks with checks that a student may run, and scores for grading. */
import { activationFunctions } from "./coursework/activation-functions";
import { type Answer, checkTask, type Outcome, scoreTask } from "./coursework/check";
import { deltas } from "./coursework/deltas";
import { forwardPass } from "./coursework/forward-pass";
import { repairXor } from "./coursework/repair-xor";
import type { Assignment, Task } from "./coursework/task";
import { training } from "./coursework/training";
import { weightUpdates } from "./coursework/weight-updates";

export type { Answer, Assignment, Outcome, Task };

/** All assignments, in order. */
export const assignments: readonly Assignment[] = [
  activationFunctions,
  forwardPass,
  deltas,
  weightUpdates,
  training,
  repairXor,
];

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

/**
 * The slopes of a function of a list of numbers, by central differences: to check a gradient with.
 *
 * @param f a function with one number as its result
 * @param at where: one number for each of f's
 */
export function numericalGradient(
  f: (values: number[]) => number,
  at: readonly number[],
  epsilon = 1e-5,
): number[] {
  return at.map((value, i) => {
    const [left, right] = [value - epsilon, value + epsilon].map((nudged) =>
      f(at.map((other, j) => (j === i ? nudged : other))),
    );
    return (right - left) / (2 * epsilon);
  });
}

function find(name: string): { assignment: Assignment; task: Task } {
  for (const assignment of assignments) {
    for (const task of assignment.tasks) {
      if (`${assignment.name}/${task.name}` === name) return { assignment, task };
    }
  }
  throw new RangeError(
    `There is no task "${name}": a name is that of the assignment, a stroke and that of the function.`,
  );
}
