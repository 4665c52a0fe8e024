/// <reference lib="dom" />
/** The script of a live page: makes its cells editable, and loads everything else when it is needed. */
import { render } from "preact";
import { notebookText, pageOf, parseNotebook, readBack, withLiveCells } from "../notebook-file";
import { createKeep } from "./keep";
import { LiveCell, type LivePage } from "./live-cell";
import { PageBar, StatusBar } from "./page-bar";
import { type PageData, readPageData } from "./page-data";
import { assetsFolder, loadScript, parts } from "./scripts";
import { Session } from "./session";
import { Sources } from "./sources";
import { count, time } from "./words";

/** How long the reader has to pause before outputs follow, in milliseconds. */
const pause = 600;

const data = readPageData(document);
if (data) start(data);

function start(data: PageData): void {
  const keep = createKeep(() => localStorage);
  const kept = keep.page(data.name).cells;
  let sources = keep.sources();
  let openSource: string | undefined;
  let following: ReturnType<typeof setTimeout> | undefined;
  let isFollowing = false;
  let hasToldFailure = false;

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

  /** Another window may show the same page: only what was changed here is written. */
  function keepCell({ session: cell }: LiveCell): void {
    if ((kept[cell.id] ?? cell.original) === cell.source) return;
    if (cell.isEdited) kept[cell.id] = cell.source;
    else delete kept[cell.id];
    const page = keep.page(data.name);
    if (cell.isEdited) page.cells[cell.id] = cell.source;
    else delete page.cells[cell.id];
    keep.keepPage(data.name, page);
    tellFailure();
  }

  function tellFailure(): void {
    if (!keep.failure || hasToldFailure) return;
    hasToldFailure = true;
    session.tell(keep.failure, true);
  }

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
      return keep.follows();
    },
    follow(on) {
      keep.keepFollows(on);
      redraw();
    },
  };

  /** Tells what is stale by now; outputs below a *Try it* cell follow, if that is wanted and does not take long. */
  async function afterPause(cell: LiveCell): Promise<void> {
    await session.settle();
    if (!cell.session.tags.includes("try-it") || !keep.follows()) return;
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

  async function download(): Promise<void> {
    await Promise.all([loadScript(`notebooks/${data.name}.js`), loadScript("stills.js")]);
    const { notebookFile: file, withStill } = parts();
    if (!file || !withStill)
      throw new Error("The notebook's file is damaged: load the page again.");
    session.tell("The notebook is written: its figures are drawn as still pictures …");
    const live = new Map(
      await Promise.all(
        cells.map(async ({ session: { id, source, count }, outputs }) => {
          const shown = outputs.all && (await Promise.all(outputs.all.map(withStill)));
          return [id, { source, outputs: shown, executionCount: count }] as const;
        }),
      ),
    );
    save(data.file, notebookText(withLiveCells(file, live)), "application/x-ipynb+json");
    session.tell(`${data.file} is downloaded. It opens in Jupyter, and here by «Open mine».`);
  }

  async function openMine(file: File): Promise<void> {
    const notebook = parseNotebook(await file.text());
    await loadScript("notebooks.js");
    const found = pageOf(notebook, parts().pageIds ?? []);
    if (!found)
      throw new Error(
        `${file.name} is no notebook of this course: none of its pages has its cells.`,
      );
    if (found.name !== data.name) {
      session.tell(`${file.name} belongs to another page.`, true, {
        text: `Go to «${found.title}» and open it there`,
        href: `${found.name}.html`,
      });
      return;
    }
    const back = readBack(
      notebook,
      data.cells.map(({ id }) => id),
    );
    for (const cell of cells) {
      const mine = back.cells.get(cell.session.id);
      if (!mine) continue;
      cell.set(mine.source);
    }
    await session.settle();
    const stored = await storedOutputs();
    for (const cell of cells) {
      const mine = back.cells.get(cell.session.id);
      if (!mine) continue;
      // What is as the course has it stays live.
      if (JSON.stringify(mine.outputs) === stored.get(cell.session.id)) cell.outputs.restore();
      else cell.outputs.open(mine.outputs ?? []);
      session.stored(cell.index, "file");
    }
    const edited = cells.filter(({ session }) => session.isEdited).length;
    const left =
      back.added > 0
        ? ` ${count(back.added, "cell")} that this page does not have ${back.added === 1 ? "was" : "were"} left out.`
        : "";
    session.tell(
      `${file.name} is open: ${count(edited, "cell")} of yours.${left} Its figures come alive when they run again.`,
    );
  }

  async function storedOutputs(): Promise<Map<string, string>> {
    await loadScript(`notebooks/${data.name}.js`);
    const file = parts().notebookFile;
    return new Map(file?.cells.map(({ id, outputs }) => [id, JSON.stringify(outputs)]));
  }

  /** Puts what is kept into the page, after it was changed by other ways than typing. */
  async function takeKept(): Promise<void> {
    const now = keep.page(data.name).cells;
    for (const cell of cells) {
      const { id, original } = cell.session;
      cell.set(now[id] ?? original);
      if (now[id] === undefined) {
        cell.outputs.restore();
        session.stored(cell.index, "course");
      }
    }
    const before = sources;
    sources = keep.sources();
    if (session.kernel) {
      for (const path of Object.keys(before))
        if (sources[path] === undefined) await session.kernel.resetSource(path);
      for (const [path, text] of Object.entries(sources))
        await session.kernel.writeSource(path, text);
    }
    await session.changeSources(sources);
    await session.settle();
  }

  async function changeSource(path: string, text: string | undefined): Promise<void> {
    const { [path]: _, ...others } = sources;
    sources = text === undefined ? others : { ...sources, [path]: text };
    keep.keepSources(sources);
    tellFailure();
    const kernel = await session.start();
    if (text === undefined) await kernel.resetSource(path);
    else await kernel.writeSource(path, text);
    await session.changeSources(sources);
  }

  const may = (work: () => Promise<void> | void) => async () => {
    try {
      await work();
    } catch (error) {
      session.tell((error as Error).message, true);
    }
  };

  const actions = {
    runAll: () => void session.run(cells.map(({ index }) => index)),
    bringUpToDate,
    download: may(download),
    open: (file: File) => may(() => openMine(file))(),
    export: may(() => save("my-course.json", keep.exported(), "application/json")),
    import: (file: File) =>
      may(async () => {
        const { pages, sources } = keep.imported(await file.text());
        await takeKept();
        const more = sources > 0 ? ` and ${count(sources, "source file")}` : "";
        session.tell(`${file.name} is taken over: ${count(pages.length, "page")}${more}.`);
      })(),
    resetPage: may(async () => {
      keep.forgetCards(data.name); // cards look there when they are put back
      for (const cell of cells) page.reset(cell);
      const { settings } = keep.page(data.name);
      keep.keepPage(data.name, { cells: {} });
      if (settings)
        location.reload(); // explorables start over
      else session.tell("This page is as it came.");
    }),
    resetAll: may(async () => {
      keep.resetAll();
      await takeKept();
      session.tell("All pages and the library are as they came.");
    }),
    restart: may(() => session.restart()),
    openSources: (path = "src/nn/backpropagation.ts") => {
      openSource = path;
      redraw();
    },
  };

  document.addEventListener("backprop:settings", ({ detail, target }: CustomEventInit & Event) => {
    const id = (target as Element).closest<HTMLElement>("[data-cell]")?.dataset.cell;
    if (id === undefined) return;
    const page = keep.page(data.name);
    keep.keepPage(data.name, { ...page, settings: { ...page.settings, [id]: detail } });
    tellFailure();
  });

  const barPlace = document.querySelector<HTMLElement>(".page-bar-place") as HTMLElement;
  const statusPlace = document.createElement("div");
  statusPlace.className = "status-place";
  const sourcesPlace = document.createElement("div");
  document.body.append(statusPlace, sourcesPlace);
  document.body.append(hint("how-to-edit", "Enter makes this an editor; Shift and Enter runs it."));
  document.body.append(
    hint("how-to-leave", "Escape, then Tab, leaves the editor. Shift and Enter runs the cell."),
  );

  let isDrawing = false;
  /** Redraws everything, once for many changes. */
  function redraw(): void {
    if (isDrawing) return;
    isDrawing = true;
    queueMicrotask(() => {
      isDrawing = false;
      for (const cell of cells) cell.draw();
      const stale = session.stale().length;
      render(<PageBar actions={actions} stale={stale} />, barPlace);
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
      void drawSources(stale);
    });
  }

  async function drawSources(stale: number): Promise<void> {
    document.documentElement.classList.toggle("with-sources", openSource !== undefined);
    if (openSource === undefined) {
      render(null, sourcesPlace);
      return;
    }
    const path = openSource;
    render(
      <Sources
        path={path}
        edits={sources}
        start={() => session.start()}
        open={actions.openSources}
        close={() => {
          openSource = undefined;
          redraw();
          barPlace.querySelector<HTMLElement>("[data-opens=sources]")?.focus();
        }}
        change={(path, text) => void may(() => changeSource(path, text))()}
        stale={stale}
        bringUpToDate={bringUpToDate}
      />,
      sourcesPlace,
    );
  }

  linkSources(actions.openSources);
  for (const cell of cells) cell.join(page);
  redraw();
  tellFailure();
}

/** Where the prose names a source file, it opens beside the notebook. */
function linkSources(open: (path: string) => void): void {
  for (const code of document.querySelectorAll<HTMLElement>(".prose code")) {
    const path = /^(?:\.{1,2}\/)?(src\/[\w/-]+\.tsx?)$/.exec(code.textContent ?? "")?.[1];
    if (!path || code.closest("a, pre")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "as-link";
    button.title = `Read ${path} beside the notebook`;
    code.replaceWith(button);
    button.append(code);
    button.addEventListener("click", () => open(path));
  }
}

function hint(id: string, text: string): HTMLElement {
  const element = document.createElement("p");
  element.id = id;
  element.hidden = true; // it is heard where it describes something
  element.textContent = text;
  return element;
}

function save(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
