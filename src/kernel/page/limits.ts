/** How much of what a cell puts out reaches the page, which has to stay usable whatever a cell does. */
import type { Send } from "../output";

/** How much a cell may print and display, in characters, and how often it may display. */
const most = { printed: 1_000_000, displayed: 50_000_000, displays: 1_000 };
/** How long updates of a display are gathered, in milliseconds: only the last is seen. */
const interval = 50;

export interface Limited {
  send: Send;
  /** Sends the updates that wait. */
  flush(): void;
}

/** Passes on a cell's messages, and says once of each kind what is left out. */
export function limited(pass: Send): Limited {
  const now = performance.now.bind(performance);
  let [printed, displayed, displays] = [0, 0, 0];
  const told = new Set<string>();
  const updates = new Map<string, object>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flushed = Number.NEGATIVE_INFINITY;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    flushed = now();
    for (const content of updates.values()) pass("update_display_data", content);
    updates.clear();
  }

  function leaveOut(what: string): void {
    if (told.has(what)) return;
    told.add(what);
    pass("stream", { name: "stderr", text: `\n${what} The rest is left out.\n` });
  }

  function stream(content: { name: string; text: string }): void {
    const room = most.printed - printed;
    printed += content.text.length;
    if (room > 0) pass("stream", { ...content, text: content.text.slice(0, room) });
    if (printed > most.printed)
      leaveOut(`This cell has printed more than ${most.printed.toLocaleString("en")} characters.`);
  }

  function display(content: { data: Record<string, unknown> }): void {
    displays++;
    displayed += sizeOf(content.data);
    if (displays > most.displays)
      leaveOut(`This cell has displayed more than ${most.displays.toLocaleString("en")} outputs.`);
    else if (displayed > most.displayed) leaveOut(tooLarge);
    else pass("display_data", content);
  }

  return {
    flush,
    send(type, content) {
      if (type === "stream") stream(content as Parameters<typeof stream>[0]);
      else if (type === "display_data") display(content as Parameters<typeof display>[0]);
      else if (type === "update_display_data") {
        const { data, transient } = content as { data: object; transient: { display_id: string } };
        updates.set(transient.display_id, content);
        if (sizeOf(data) > most.displayed) updates.delete(transient.display_id);
        // While a loop is busy no timer fires.
        if (now() - flushed > interval) flush();
        else timer ??= setTimeout(flush, interval);
      } else {
        flush();
        pass(type, type === "execute_result" ? cut(content as Result) : content);
      }
    },
  };
}

const tooLarge = `This cell has displayed more than ${most.displayed / 1e6} million characters.`;

interface Result {
  data: Record<string, unknown>;
}

/** A result that fits: its text cut, and other types left out if they are too large. */
function cut(result: Result): Result {
  const data = Object.fromEntries(
    Object.entries(result.data).flatMap(([type, content]) => {
      if (type !== "text/plain") return sizeOf(content) > most.displayed ? [] : [[type, content]];
      const text = String(content);
      const rest = text.length - most.printed;
      const shown =
        rest > 0
          ? `${text.slice(0, most.printed)}\n… ${rest.toLocaleString("en")} more characters are left out.`
          : text;
      return [[type, shown]];
    }),
  );
  return { ...result, data };
}

function sizeOf(content: unknown): number {
  return typeof content === "string" ? content.length : JSON.stringify(content).length;
}
