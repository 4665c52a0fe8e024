/** Functions with a mistake planted in them: which one it is, and a factor in the function, are each student's own. */
import { type Displayable, display, escapeHtml } from "../show";
import { pick, type Result, type Task, whole, withOwn } from "./task";

/** A mistake that can be planted in a function. */
interface Plant {
  /** What it is called among the known mistakes. */
  hint: string;
  /** What of the right function's text becomes what else, wherever it stands. */
  change: readonly (readonly [right: string, wrong: string])[];
}

// biome-ignore lint/suspicious/noExplicitAny: functions of every shape
type Make = (...args: any[]) => Result;

interface Planting {
  /** The right function, as code, with the factor in it. */
  code: (factor: string) => string;
  plants: readonly Plant[];
  /** Known mistakes beside the task's, */
  mistakes?: Task["mistakes"];
  /** or in their place. */
  onlyMistakes?: Task["mistakes"];
  /** What the factor makes of a function's results. Default: a multiple. */
  scaled?: (make: Make, factor: number) => Make;
}

const unmended = " Nothing is mended yet.";

/**
 * A task to mend a function. In a class with numbers of each student's own the loss is multiplied by a factor of theirs: a function
 * that was mended for somebody else is wrong in every number.
 */
export function withPlants(fixed: Task, planting: Planting): Task {
  const { code, plants, scaled = multiple } = planting;
  const all = planting.onlyMistakes ?? { ...fixed.mistakes, ...planting.mistakes };
  const known = Object.entries(all).map(
    ([hint, make]) => [hint.replace(unmended, ""), make] as const,
  );
  return withOwn(fixed, {
    // Three digits, none of them 0.
    draw: (random) => ({
      factor: Number(`${whole(random, 1, 9)}.${whole(random, 1, 9)}${whole(random, 1, 9)}`),
      planted: pick(random, plants).hint,
    }),
    task: ({ factor, planted }) => ({
      ...fixed,
      expected: scaled(fixed.expected as Make, factor),
      mistakes: {
        "your factor is missing: the loss is multiplied by it.": fixed.expected,
        ...Object.fromEntries(
          known.map(([hint, make]) => [
            hint === planted ? hint + unmended : hint,
            scaled(make as Make, factor),
          ]),
        ),
      },
    }),
    given: ({ factor, planted }) => {
      const plant = plants.find(({ hint }) => hint === planted) as Plant;
      return shown(withMistake(code(String(factor)), plant), factor);
    },
  });
}

function withMistake(code: string, { change }: Plant): string {
  return change.reduce((text, [right, wrong]) => {
    const changed = text.split(right).join(wrong);
    if (changed === text) throw new Error(`«${right}» is not in the function to plant in.`);
    return changed;
  }, code);
}

function shown(code: string, factor: number): Displayable {
  const words = `Your factor is ${factor}, and this is your function:`;
  return {
    [display]: () => ({
      "text/html": `<p>${words}</p><pre style="white-space: pre-wrap"><code>${escapeHtml(code)}</code></pre>`,
      "text/plain": `${words}\n${code}`,
    }),
  };
}

function multiple(make: Make, factor: number): Make {
  const times = (result: Result): Result =>
    Array.isArray(result) ? result.map(times) : factor * result;
  return (...args) => times(make(...args));
}
