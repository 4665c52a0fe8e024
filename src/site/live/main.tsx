/// <reference lib="dom" />
/** The script of a live page: makes its cells editable, and loads everything else when it is needed. */
import { render } from "preact";
import { notebookText, pageOf, parseNotebook, readBack, withLiveCells } from "../notebook-file";
import { createKeep } from "./keep";
import type { LiveCell } from "./live-cell";
import { barPlace, save, startNotebook } from "./notebook";
import { PageBar } from "./page-bar";
import { type PageData, readPageData } from "./page-data";
import { loadScript, parts } from "./scripts";
import { Sources } from "./sources";
import { count } from "./words";

const data = readPageData(document);
if (data) start(data);

function start(data: PageData): void {
  const keep = createKeep(() => localStorage);
  const kept = keep.page(data.name).cells;
  let sources = keep.sources();
  let openSource: string | undefined;
  let hasToldFailure = false;

  const notebook = startNotebook({
    data,
    kept,
    sources,
    keepCell,
    follows: { get: () => keep.follows(), set: (on) => keep.keepFollows(on) },
    draw(stale) {
      render(<PageBar actions={actions} stale={stale} />, bar);
      void drawSources(stale);
    },
  });
  const { cells, session, page, redraw, bringUpToDate, may } = notebook;

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

  const actions = {
    runAll: notebook.runAll,
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

  const bar = barPlace();
  const sourcesPlace = document.createElement("div");
  document.body.append(sourcesPlace);

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
          bar.querySelector<HTMLElement>("[data-opens=sources]")?.focus();
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
