/** How what runs is stopped: what the loops of compiled code call (see typescript.ts), and what a signal ends. */
import vm from "node:vm";
import { flag, stop } from "./control";
import { isError, peek } from "./errors";
import { currentCell } from "./output";
import { loopCheck } from "./typescript";

/** Thrown by a loop that the reader interrupts. */
export class Interruption extends Error {
  override name = "Interrupted";
}

/** Whether something was thrown since the reader interrupts: by a loop, by Node, or by tslab. */
export function isInterruption(thrown: unknown): boolean {
  return (
    (isError(thrown) && thrown instanceof Interruption) ||
    peek(thrown, "code") === "ERR_SCRIPT_EXECUTION_INTERRUPTED" ||
    peek(thrown, "message") === "Interrupted asynchronously"
  );
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

const guarded = "__guarded__";
const callGuarded = new vm.Script(`${guarded}()`);

/** Calls a function that the control thread's signal stops, wherever its loops are. */
export function guard<T>(call: () => T): T {
  Object.defineProperty(globalThis, guarded, { value: call, configurable: true });
  return callGuarded.runInThisContext({ breakOnSigint: true });
}
