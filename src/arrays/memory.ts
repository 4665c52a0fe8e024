/** Arrays that are used again: a step of training gets those of the step before. */

/** Arrays that can be used again, by their lengths. */
export type Memory = Map<number, Float64Array[]>;

/** Where arrays come from and go; undefined while none is to be used again. */
let current: Memory | undefined;

/** Runs something whose arrays come from a memory, and go there when they are given back. */
export function withMemory<T>(memory: Memory, run: () => T): T {
  const outer = current;
  current = memory;
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** Room for so many numbers, all 0. */
export function room(length: number): Float64Array {
  const used = current?.get(length)?.pop();
  return used ? used.fill(0) : new Float64Array(length);
}

/** The next that asks for so many numbers gets this array, perhaps while it is still in the cache. */
export function giveBack(array: Float64Array): void {
  const list = current?.get(array.length);
  if (list) list.push(array);
  else current?.set(array.length, [array]);
}
