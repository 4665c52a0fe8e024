/** Cells with a gap, filled in as a reader would: `undefined; // your formula`, `return undefined; // your code`. */

const gap =
  /return undefined; \/\/ your code|undefined(?<end>[;,]) \/\/ your (?:formula|answer)[^\n]*/g;

/**
 * A cell's source with its gaps filled, in order: a formula or an answer stands for `undefined`, code for the whole
 * statement.
 *
 * @throws RangeError unless there is an answer for each gap
 */
export function filled(source: string, answers: readonly string[]): string {
  const gaps = Array.from(source.matchAll(gap)).length;
  if (gaps === 0 || gaps !== answers.length) {
    throw new RangeError(`The cell has ${gaps} gaps, for ${answers.length} answers:\n${source}`);
  }
  let next = 0;
  return source.replace(gap, (_gap, end?: string) => `${answers[next++]}${end ?? ""}`);
}
