/** Node's way to ask the reader: `process.stdin`, and readline on it. */
import readline from "node:readline";
import readlinePromises from "node:readline/promises";
import { Readable } from "node:stream";

/** Asks for a line without blocking; undefined if there is none, and none is to come. */
export type AskLater = (prompt: string) => Promise<string | undefined>;

/**
 * Replaces `process.stdin` by one that asks whenever somebody reads, and `ask` says that it may.
 *
 * @param ask gives what asks on behalf of the cell that runs; undefined if none does
 */
export function provideStdin(ask: () => AskLater | undefined): void {
  let stdin = new LineInput(ask);
  Object.defineProperty(process, "stdin", {
    configurable: true,
    get() {
      // Who leaves `for await (const line of process.stdin)` destroys it, for all others too.
      if (stdin.destroyed) stdin = new LineInput(ask);
      return stdin;
    },
  });
  // Readline reads all the time, also when it has no question: in a later cell nothing else says that it has one.
  for (const { prototype } of [readline.Interface, readlinePromises.Interface]) {
    for (const name of ["question", "prompt"] as const) {
      const original = prototype[name] as (...args: unknown[]) => unknown;
      const asking = function (this: Reader, ...args: unknown[]) {
        const isSeen = this.output === process.stdout;
        const query = name === "question" ? String(args[0]) : this.getPrompt();
        if (this.input instanceof LineInput) this.input.wake(isSeen ? "" : query);
        return original.apply(this, args);
      };
      Object.assign(prototype, { [name]: asking });
    }
  }
}

type Reader = readline.Interface & { input?: unknown; output?: unknown };

class LineInput extends Readable {
  readonly fd = 0;
  /** Whether a line is wanted that nobody was asked for yet. */
  #isWanted = false;
  #isAsking = false;
  #query = "";

  constructor(private readonly askOfCell: () => AskLater | undefined) {
    // Nobody is to be asked for more than is read.
    super({ highWaterMark: 0 });
  }

  override _read(): void {
    this.#isWanted = true;
    this.wake();
  }

  /** Asks if a line is wanted: by now, for the cell that runs now. */
  wake(query?: string): void {
    if (query !== undefined) this.#query = query;
    // Whoever read the line before may say first that it was the last.
    setImmediate(() => void this.#ask());
  }

  async #ask(): Promise<void> {
    const isRead = this.readableFlowing || this.listenerCount("readable") > 0;
    const ask = this.askOfCell();
    if (!this.#isWanted || this.#isAsking || !isRead || !ask) return;
    this.#isAsking = true;
    const query = this.#query;
    this.#query = "";
    const line = await ask(query);
    this.#isAsking = false;
    if (line === undefined || this.destroyed) return;
    this.#isWanted = false;
    this.push(`${line}\n`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: Node's own declaration
  override on(event: string | symbol, listener: (...args: any[]) => void): this {
    super.on(event, listener);
    // Who paused it may have been an earlier cell.
    if (event === "data") this.resume();
    this.wake();
    return this;
  }

  override resume(): this {
    super.resume();
    this.wake();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
