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
  const interrupt = () => {
    const all = Atomics.load(shared, flag.loops) === stop.all;
    if (all || currentCell.getStore()?.interruption.signal.aborted)
      throw new Interruption("The cell was stopped.");
  };
  // Every turn of a loop comes by here: an atomic read, or a name looked up in another module, would make it
  // several times as slow.
  const place = flag.loops;
  const check = () => {
    if (shared[place] !== 0) interrupt();
  };
  // Constant, so that the engine can compile it into the loops.
  Object.defineProperty(globalThis, loopCheck, { value: check });
}
