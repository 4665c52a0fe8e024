/// <reference lib="dom" />
/**
 * Stops what runs in a worker. While a cell is busy no message comes in; but the worker can ask whether an address that
 * the page has made can still be read, and the page takes it back to say: stop. Chromium and WebKit refuse such a
 * request in pages from `file://`.
 */
import { Interruption, type Loops } from "../interrupt";
import { loopCheck } from "../typescript";

/** How often the address is asked for, and how often at least the clock is looked at, in milliseconds. */
const interval = 100;
const tick = 10;
/** How many turns of loops may go by between two looks at the clock. */
const mostTurns = 256;

export interface Stop extends Loops {
  /** Whether the address of a probe can be read from here. */
  hears(address: string): boolean;
  /** The address to ask for from now on; empty if none can be. */
  watch(address: string): void;
}

export function watchForStop(): Stop {
  // Cells may replace these.
  const now = performance.now.bind(performance);
  const Request = XMLHttpRequest;

  function canRead(address: string): boolean {
    try {
      const request = new Request();
      request.open("GET", address, false);
      request.send();
      return request.status === 200;
    } catch {
      return false;
    }
  }

  let watched = "";
  let isStopped = false;
  let asked = now();
  function look(): boolean {
    const time = now();
    if (isStopped || watched === "" || time - asked < interval) return isStopped;
    isStopped = !canRead(watched);
    asked = now();
    return isStopped;
  }

  let turns = 1;
  let left = turns;
  let ticked = now();
  function check(): void {
    if (--left > 0) return;
    const time = now();
    turns = time - ticked < tick ? Math.min(2 * turns, mostTurns) : Math.max(1, turns >> 1);
    ticked = time;
    left = turns;
    if (look()) throw new Interruption("The cell was stopped.");
  }
  Object.defineProperty(globalThis, loopCheck, { value: check });

  return {
    hears: canRead,
    watch(address) {
      watched = address;
    },
    goOn() {
      isStopped = false;
      asked = now();
    },
    stop() {
      isStopped = true;
      left = 0;
    },
    signalOf(interruption) {
      const { signal } = interruption;
      return {
        get aborted() {
          if (look()) interruption.abort();
          return signal.aborted;
        },
        addEventListener: signal.addEventListener.bind(signal),
        removeEventListener: signal.removeEventListener.bind(signal),
      };
    },
  };
}
