/** Arrays that are used again: a step of training gets those of the step before. */

/** Arrays that can be used again, by their lengths. */
export type Memory = Map<number, Float64Array[]>;

/** What has arrays, and gives them back when it is released. (It is told how: a call from room to room takes its time.) */
export interface Kept {
  release(give: typeof giveBack): void;
}

const shared: Memory = new Map();
/** Where arrays come from and go, and who has some of them; undefined while none is used again. */
let scope: { memory: Memory; kept: Kept[] } | undefined;

/**
 * Runs something whose arrays come from a memory, and go back there at its end, those of what was kept last first.
 *
 * @param memory default: what the last run left, as far as this one needs it
 */
export function withMemory<T>(run: () => T, memory = shared): T {
  const outer = scope;
  const kept: Kept[] = [];
  scope = { memory, kept };
  try {
    return run();
  } finally {
    if (memory === shared) shared.clear();
    for (const one of kept.reverse()) one.release(giveBack);
    scope = outer;
  }
}

/** Notes what is to be released at the end of the run around, if there is one. */
export function keep<T extends Kept>(one: T): T {
  scope?.kept.push(one);
  return one;
}

/** Room for so many numbers, all 0. */
export function room(length: number): Float64Array {
  const used = scope?.memory.get(length)?.pop();
  return used ? used.fill(0) : new Float64Array(length);
}

/** The next that asks for so many numbers gets this array, perhaps while it is still in the cache. */
export function giveBack(array: Float64Array): void {
  const list = scope?.memory.get(array.length);
  if (list) list.push(array);
  else scope?.memory.set(array.length, [array]);
}
