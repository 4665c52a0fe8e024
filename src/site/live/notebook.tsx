/// <reference lib="dom" />
/** A page's notebook, live: its cells with the kernel behind them, and what the page says of a run at the window's lower edge. */
import { render } from "preact";
import { LiveCell, type LivePage } from "./live-cell";
import { StatusBar } from "./page-bar";
import type { PageData } from "./page-data";
import { assetsFolder, loadScript, parts } from "./scripts";
import { Session } from "./session";
import { time } from "./words";

/** How long the reader has to pause before outputs follow, in milliseconds. */
const pause = 600;

export interface NotebookOptions {
  data: PageData;
  /** The code of cells that is not as it came, by their ids. */
  kept: Readonly<Record<string, string>>;
  /** Sources of the library that the reader has changed, by their paths. */
  sources: Record<string, string>;
  /** Called after each edit of a cell, and before anything runs. */
  keepCell(cell: LiveCell): void;
  /** Whether outputs below a *Try it* cell follow what is typed. */
  follows: { get(): boolean; set(on: boolean): void };
  /** Draws what the page has of its own, with how many outputs are out of date. */
  draw(stale: number): void;
}

export interface LiveNotebook {
  readonly cells: readonly LiveCell[];
  readonly session: Session;
  readonly page: LivePage;
  /** Redraws everything, once for many changes. */
  redraw(): void;
  bringUpToDate(): void;
  runAll(): void;
  /** What does the work, and says on the page what went wrong. */
  may(work: () => Promise<void> | void): () => Promise<void>;
}

export function startNotebook(options: NotebookOptions): LiveNotebook {
  const { data, kept, sources, keepCell, follows, draw } = options;
  let following: ReturnType<typeof setTimeout> | undefined;
  let isFollowing = false;

  const elements = Array.from(document.querySelectorAll<HTMLElement>(".cell[data-cell]"));
  const cells = data.cells.map((one, n) => new LiveCell(elements[n], n, one, kept[one.id]));
  const session = new Session({
    cells: cells.map((cell) => cell.session),
    data: data.cells,
    sources,
    async createKernel() {
      await loadScript("page-kernel.js");
      const { createPageKernel } = parts();
      if (!createPageKernel) throw new Error("page-kernel.js holds no kernel.");
      return createPageKernel(assetsFolder());
    },
    keep: () => cells.forEach(keepCell),
    changed: redraw,
  });

  const page: LivePage = {
    session,
    edited(cell, source) {
      session.edit(cell.index, source);
      keepCell(cell);
      clearTimeout(following);
      following = setTimeout(() => void afterPause(cell), pause);
    },
    run(cell, how, goOn = false) {
      clearTimeout(following);
      const last = how === "alone" ? cell.index : cells.length - 1;
      const targets = cells.slice(cell.index, last + 1).map(({ index }) => index);
      if (matchMedia("(pointer: coarse)").matches) {
        // The keyboard on the screen would hide what runs.
        cell.editor?.blur();
        cell.outputs.place.scrollIntoView({ block: "nearest" });
      }
      void session.run(targets);
      if (goOn) (cells[cell.index + 1] ?? cell).focus();
    },
    reset(cell) {
      cell.set(cell.session.original);
      cell.outputs.restore();
      session.stored(cell.index, "course");
    },
    get follows() {
      return follows.get();
    },
    follow(on) {
      follows.set(on);
      redraw();
    },
  };

  /** Tells what is stale by now; outputs below a *Try it* cell follow, if that is wanted and does not take long. */
  async function afterPause(cell: LiveCell): Promise<void> {
    await session.settle();
    if (!cell.session.tags.includes("try-it") || !follows.get()) return;
    if (!cell.session.isEdited && session.stale().length === 0) return;
    if (!cell.editor?.parses()) return;
    const source = cell.session.source;
    try {
      await session.start();
    } catch {
      return; // said where the kernel speaks
    }
    // A run of other values makes way; one that the reader asked for comes first.
    if (isFollowing) await session.stop(true);
    const below = await session.followers(cell.index);
    if (cell.session.source !== source) return;
    if (below.soon.length > 0) {
      isFollowing = true;
      await session.run(below.soon, true);
      isFollowing = false;
    }
    if (below.later.length === 0 || session.isBusy || session.said.kind !== "nothing") return;
    const what = below.later.length === 1 ? "One output" : `${below.later.length} outputs`;
    session.tell(
      `${what} below did not follow by themselves: they take about ${time(below.seconds)}. Bring them up to date when you are ready.`,
    );
  }

  const bringUpToDate = () => void session.run(session.stale());

  const statusPlace = document.createElement("div");
  statusPlace.className = "status-place";
  document.body.append(statusPlace);
  document.body.append(hint("how-to-edit", "Enter makes this an editor; Shift and Enter runs it."));
  document.body.append(hint("how-to-run", "Shift and Enter runs it."));
  document.body.append(
    hint("how-to-leave", "Escape, then Tab, leaves the editor. Shift and Enter runs the cell."),
  );

  let isDrawing = false;
  function redraw(): void {
    if (isDrawing) return;
    isDrawing = true;
    queueMicrotask(() => {
      isDrawing = false;
      for (const cell of cells) cell.draw();
      const stale = session.stale().length;
      render(
        <StatusBar
          session={session}
          stale={stale}
          bringUpToDate={bringUpToDate}
          show={(cell) =>
            cells[session.place(cell) - 1].element.scrollIntoView({ block: "center" })
          }
        />,
        statusPlace,
      );
      draw(stale);
    });
  }

  return {
    cells,
    session,
    page,
    redraw,
    bringUpToDate,
    runAll: () => void session.run(cells.map(({ index }) => index)),
    may: (work) => async () => {
      try {
        await work();
      } catch (error) {
        session.tell((error as Error).message, true);
      }
    },
  };
}

function hint(id: string, text: string): HTMLElement {
  const element = document.createElement("p");
  element.id = id;
  element.hidden = true; // it is heard where it describes something
  element.textContent = text;
  return element;
}

/** Hands the reader a file. */
export function save(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Where the prose begins: below the title. */
export function barPlace(): HTMLElement {
  return document.querySelector<HTMLElement>(".page-bar-place") as HTMLElement;
}
