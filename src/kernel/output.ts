/** Where a cell's output goes: gathered into few messages, each under the cell that caused it. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Header } from "./wire";

/** A MIME bundle: the same content in several types, for the front end to choose from. */
export type MimeBundle = Record<string, unknown>;

export interface CellOutput {
  /** The number in the cell's brackets. */
  readonly count: number;
  /** Gathers text of stdout or stderr; it is sent within 50 ms, or with the next `flush`. */
  write(name: "stdout" | "stderr", text: string): void;
  /** Sends a picture, a table …; with an id it can be updated in place later. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  flush(): void;
  /** Aborted when the reader interrupts the cell. */
  readonly interruption: AbortController;
}

type Send = (type: string, content: object, parent: Header) => void;

/** How long output is gathered, in milliseconds. */
const interval = 50;

/** The cell that runs, seen also from the timers and promises it has started. */
export const currentCell = new AsyncLocalStorage<CellOutput>();

export function createCellOutput(
  count: number,
  parent: Header,
  silent: boolean,
  send: Send,
): CellOutput {
  let pending: { name: string; texts: string[] }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastFlush = Number.NEGATIVE_INFINITY; // the first words are sent at once

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    lastFlush = performance.now();
    const streams = pending;
    pending = [];
    for (const { name, texts } of streams) send("stream", { name, text: texts.join("") }, parent);
  }

  return {
    count,
    interruption: new AbortController(),
    flush,
    write(name, text) {
      if (silent) return;
      const last = pending[pending.length - 1];
      if (last?.name === name) last.texts.push(text);
      else pending.push({ name, texts: [text] });
      // While a loop is busy no timer fires.
      if (performance.now() - lastFlush > interval) flush();
      else timer ??= setTimeout(flush, interval);
    },
    display(bundle, { id, update = false } = {}) {
      if (silent) return;
      flush();
      const transient = id === undefined ? {} : { display_id: id };
      send(
        update ? "update_display_data" : "display_data",
        { data: bundle, metadata: {}, transient },
        parent,
      );
    },
  };
}

/** Sends what is written to stdout and stderr to the cell that wrote it, or to `fallback` outside all cells. */
export function captureStreams(fallback: () => CellOutput | undefined): void {
  for (const name of ["stdout", "stderr"] as const) {
    const original = process[name].write.bind(process[name]);
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const cell = currentCell.getStore() ?? fallback();
      if (!cell) return original(chunk as string);
      cell.write(name, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
