/// <reference lib="dom" />
/** What can be done with a whole page, below its title; and what the page says, at the window's lower edge. */
import { useRef, useState } from "preact/hooks";
import { Button } from "./live-cell";
import type { Session, SessionCell } from "./session";
import { count, time } from "./words";

export interface PageActions {
  runAll(): void;
  bringUpToDate(): void;
  download(): void;
  open(file: File): void;
  export(): void;
  import(file: File): void;
  resetPage(): void;
  resetAll(): void;
  restart(): void;
  openSources(): void;
}

export function PageBar({ actions, stale }: { actions: PageActions; stale: number }) {
  return (
    <section class="page-bar ui" aria-label="This notebook">
      <p>
        This page runs here: press Run at a cell, or click into its code to change it. What you
        write stays in this browser.
      </p>
      <div class="bar">
        <Button press={actions.runAll}>
          <span aria-hidden="true">▶</span> Run all
        </Button>
        {stale > 0 && <Button press={actions.bringUpToDate}>Bring up to date</Button>}
        <Button press={actions.download}>Download as .ipynb</Button>
        <FileButton accept=".ipynb,application/json" take={actions.open}>
          Open mine
        </FileButton>
        <button type="button" data-opens="sources" onClick={() => actions.openSources()}>
          Library sources
        </button>
        <details class="more">
          <summary>More</summary>
          <div class="bar">
            <Button press={actions.export}>Export all I wrote</Button>
            <FileButton accept=".json,application/json" take={actions.import}>
              Import
            </FileButton>
            <Sure press={actions.resetPage} question="Forget what you wrote on this page?">
              Reset this page
            </Sure>
            <Sure
              press={actions.resetAll}
              question="Forget what you wrote on all pages, and in the library?"
            >
              Reset everything
            </Sure>
            <Button press={actions.restart}>Restart the kernel</Button>
          </div>
        </details>
      </div>
    </section>
  );
}

/** A button that asks for a file. */
export function FileButton(props: {
  accept: string;
  take: (file: File) => void;
  children: preact.ComponentChildren;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button press={() => field.current?.click()}>{props.children}</Button>
      <input
        type="file"
        ref={field}
        accept={props.accept}
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = ""; // the same file may be chosen again
          if (file) props.take(file);
        }}
      />
    </>
  );
}

/** A button whose work cannot be undone asks first, in its place. */
export function Sure(props: {
  press: () => void;
  question: string;
  /** What is pressed in answer. */
  yes?: string;
  children: preact.ComponentChildren;
}) {
  const [isAsking, ask] = useState(false);
  if (!isAsking) return <Button press={() => ask(true)}>{props.children}</Button>;
  return (
    <fieldset class="sure" aria-label={props.question}>
      {props.question}{" "}
      <button
        type="button"
        ref={(button) => button?.focus()}
        onClick={() => {
          ask(false);
          props.press();
        }}
      >
        {props.yes ?? "Yes, forget it"}
      </button>{" "}
      <Button press={() => ask(false)}>No</Button>
    </fieldset>
  );
}

export function StatusBar(props: {
  session: Session;
  stale: number;
  bringUpToDate: () => void;
  show: (cell: SessionCell) => void;
}) {
  const { session, stale, bringUpToDate, show } = props;
  const { said } = session;
  const isQuiet = said.kind === "nothing" && stale === 0;
  return (
    <div class={isQuiet ? "status is-quiet" : "status"} role="status">
      {said.kind === "loading" && (
        <>
          <span>{said.what} …</span>
          <progress max={1} value={said.share} aria-label={said.what} />
        </>
      )}
      {said.kind === "running" && (
        <>
          <span>
            {said.isFirst ? "Runs first what is needed: " : "Running "}
            <button type="button" class="as-link" onClick={() => show(said.cell)}>
              cell {session.place(said.cell)}
            </button>
            {said.cell.seconds !== undefined && said.cell.seconds >= 1
              ? `, which took ${time(said.cell.seconds)} before`
              : ""}
            {said.left > 0 ? `; ${said.left} more to go` : ""}
          </span>
          <Button press={() => void session.stop()}>
            <span aria-hidden="true">■</span> Stop
          </Button>
        </>
      )}
      {said.kind === "stopping" && <span>Stopping …</span>}
      {said.kind === "ask" && (
        <>
          <span>
            {said.targets.length === 1
              ? `Cell ${session.place(said.targets[0])} needs `
              : `These ${said.targets.length} cells need `}
            {count(said.first.length, "other cell")} first (
            {said.first.map((cell) => session.place(cell)).join(", ")}), which took about{" "}
            {time(said.seconds)} before.
          </span>
          <Button press={() => session.answer(true)}>Run them too</Button>
          <Button press={() => session.answer(false)}>Not now</Button>
        </>
      )}
      {(said.kind === "told" || said.kind === "trouble") && (
        <>
          <span>
            {said.kind === "trouble" && <strong>⚠ </strong>}
            {said.text} {said.link && <a href={said.link.href}>{said.link.text}</a>}
          </span>
          <Button label="Close this message" press={() => session.quiet()}>
            ✕
          </Button>
        </>
      )}
      {said.kind === "nothing" && stale > 0 && (
        <>
          <span>
            <span aria-hidden="true">⟳</span> {count(stale, "output")} out of date
          </span>
          <Button press={bringUpToDate}>Bring the page up to date</Button>
        </>
      )}
    </div>
  );
}
