/** How what runs is stopped. Where the order to stop comes from is the matter of the place: see node/loops.ts. */
import { isError, peek } from "./errors";

/** Thrown by a loop that the reader interrupts. */
export class Interruption extends Error {
  override name = "Interrupted";
}

/** What the loops of compiled code, which call `loopCheck`, are told of the cell that runs. */
export interface Loops {
  /** A cell begins: its loops are to go on. */
  goOn(): void;
  /** A cell is given up: its loops are to throw an Interruption. */
  stop(): void;
  /** A cell's signal for code that asks it, and may be too busy for anything to come in. */
  signalOf(interruption: AbortController): Signal;
}

export type Signal = Pick<AbortSignal, "aborted" | "addEventListener" | "removeEventListener">;

/** Whether something was thrown since the reader interrupts: by a loop, by Node, or by tslab. */
export function isInterruption(thrown: unknown): boolean {
  return (
    (isError(thrown) && thrown instanceof Interruption) ||
    peek(thrown, "code") === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    peek(thrown, "message") === "Interrupted asynchronously"
  );
}
