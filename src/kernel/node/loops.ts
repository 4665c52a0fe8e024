/** Stops loops, in Node: what the loops of compiled code call (see typescript.ts). */
import { Interruption, type Loops } from "../interrupt";
import { isCellInterrupted } from "../platform";
import { loopCheck } from "../typescript";
import { flag, stop } from "./control";

/** Lets loops be stopped through the memory shared with the control thread. To be called before any cell runs. */
export function checkLoops(shared: Int32Array): Loops {
  const interrupt = () => {
    const all = Atomics.load(shared, flag.loops) === stop.all;
    if (all || isCellInterrupted()) throw new Interruption("The cell was stopped.");
  };
  // Every turn of a loop comes by here: an atomic read, or a name looked up in another module, would make it
  // several times as slow.
  const place = flag.loops;
  const check = () => {
    if (shared[place] !== 0) interrupt();
  };
  // Constant, so that the engine can compile it into the loops.
  Object.defineProperty(globalThis, loopCheck, { value: check });
  return {
    goOn: () => Atomics.store(shared, flag.loops, stop.none),
    signalOf: ({ signal }) => signal,
    stop: () => Atomics.store(shared, flag.loops, stop.interrupted),
  };
}
