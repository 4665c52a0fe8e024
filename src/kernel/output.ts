/** Where a cell's output goes: gathered into few messages, each under the cell that caused it. */
import { createText } from "./text";

/** A MIME bundle: the same content in several types, for the front end to choose from. */
export type MimeBundle = Record<string, unknown>;

export interface CellOutput {
  /** The number in the cell's brackets. */
  readonly count: number;
  /** Gathers text of stdout or stderr, or its bytes; it is sent within 50 ms, or with the next `flush`. */
  write(name: StreamName, piece: string | Uint8Array): void;
  /** Sends a picture, a table …; with an id it can be updated in place later. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  flush(): void;
  /** Sends all that is left once the cell has ended, parts of characters too. Its timers may go on writing. */
  end(): void;
  /** Aborted when the reader interrupts the cell. */
  readonly interruption: AbortController;
}

export type StreamName = "stdout" | "stderr";

/** Sends a message of the cell's: its type and content are those of Jupyter's. */
export type Send = (type: string, content: object) => void;

/** How long output is gathered, in milliseconds. */
const interval = 50;

export function createCellOutput(count: number, silent: boolean, send: Send): CellOutput {
  let pending: { name: StreamName; texts: string[] }[] = [];
  const texts = { stdout: createText(), stderr: createText() };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastFlush = Number.NEGATIVE_INFINITY; // the first words are sent at once

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    lastFlush = performance.now();
    const streams = pending;
    pending = [];
    for (const { name, texts } of streams) send("stream", { name, text: texts.join("") });
  }

  function gather(name: StreamName, text: string): void {
    const last = pending[pending.length - 1];
    if (last?.name === name) last.texts.push(text);
    else pending.push({ name, texts: [text] });
  }

  return {
    count,
    interruption: new AbortController(),
    flush,
    write(name, piece) {
      if (silent) return;
      const text = texts[name].add(piece);
      if (text === "" && piece.length > 0) return;
      gather(name, text);
      // While a loop is busy no timer fires.
      if (performance.now() - lastFlush > interval) flush();
      else timer ??= setTimeout(flush, interval);
    },
    end() {
      for (const name of ["stdout", "stderr"] as const) {
        const rest = texts[name].rest();
        if (rest) gather(name, rest);
      }
      flush();
    },
    display(bundle, { id, update = false } = {}) {
      if (silent) return;
      flush();
      const transient = id === undefined ? {} : { display_id: id };
      const type = update ? "update_display_data" : "display_data";
      send(type, { data: bundle, metadata: {}, transient });
    },
  };
}
