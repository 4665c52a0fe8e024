/** What the loops of compiled code call: see typescript.ts. */
import { flag, stop } from "./control";
import { currentCell } from "./output";
import { loopCheck } from "./typescript";

/** Thrown by a loop that the reader interrupts. */
export class Interruption extends Error {
  override name = "Interrupted";
}

/** Lets loops be stopped through the memory shared with the control thread. To be called before any cell runs. */
export function checkLoops(shared: Int32Array): void {
  const check = () => {
    const wanted = Atomics.load(shared, flag.loops);
    if (wanted === stop.none) return;
    if (wanted === stop.all || currentCell.getStore()?.interruption.signal.aborted)
      throw new Interruption("The cell was stopped.");
  };
  // Constant, so that the engine can compile it into the loops.
  Object.defineProperty(globalThis, loopCheck, { value: check });
}
