/** A cell that runs: how it is stopped, and what it waits for once its code has ended. */

/** How long an interrupted cell has to end by itself, if it listens to the signal. */
const graceMilliseconds = 300;

export interface Run {
  /** Why the cell was given up; undefined if it was not. */
  readonly reason: unknown;
  /** Tells the cell that it is to end, and gives it up if what is under way goes on for long. */
  interrupt(reason: unknown): void;
  /** Gives the cell up at once. */
  giveUp(reason: unknown): void;
  /** What is under way has ended by itself: from here on only a further interrupt counts. */
  endStep(): void;
  /** The outcome of some work. @throws the reason, if the cell is given up before */
  orGivenUp<T>(work: T | Promise<T>): Promise<T>;
  /** The cell is not to end before this has settled. */
  waitUntil(work: Promise<unknown>): void;
  /** Resolves once all that the cell is to wait for has settled, or it is given up. */
  settled(): Promise<void>;
}

/**
 * @param interruption aborted at the first interrupt
 * @param stop stops the cell's code
 */
export function createRun(interruption: AbortController, stop: () => void): Run {
  let reason: unknown;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reject: (reason: unknown) => void = () => {};
  const givenUp = new Promise<never>((_, rejected) => {
    reject = rejected;
  });
  givenUp.catch(() => {});
  const pending = new Set<Promise<unknown>>();

  function giveUp(why: unknown): void {
    reason ??= why;
    stop();
    reject(reason);
  }

  return {
    get reason() {
      return reason;
    },
    giveUp,
    interrupt(why) {
      interruption.abort();
      timer ??= setTimeout(giveUp, graceMilliseconds, why);
    },
    endStep() {
      clearTimeout(timer);
      timer = undefined;
    },
    orGivenUp: (work) => Promise.race([work, givenUp]),
    waitUntil(work) {
      pending.add(work);
      const done = () => pending.delete(work);
      work.then(done, done);
    },
    async settled() {
      while (pending.size > 0 && reason === undefined)
        await Promise.race([Promise.allSettled(pending), givenUp]).catch(() => {});
    },
  };
}
