/**
 * What a name stands for until its cell has made the real value. A cell that fails leaves its names as they were, so that
 * the cells below would go on showing what an earlier run made. With `let run = unfinished<Training>("run")` as
 * its first line they fail as well, and say why.
 *
 * @returns a stand-in: whatever is asked of it throws an Error that names it
 */
export function unfinished<T extends object>(what: string): T {
  const refuse = (): never => {
    throw new Error(
      `There is no ${what}: the cell that makes it has failed, or has not ended. Change what it was given, and run it again.`,
    );
  };
  return new Proxy({} as T, { get: refuse, has: refuse, ownKeys: refuse });
}
