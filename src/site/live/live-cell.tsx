/// <reference lib="dom" />
/** One code cell of a live page: as it came until it is touched, then an editor; below it what can be done, and its outputs. */
import { render } from "preact";
import type { Editor } from "./editor";
import { CellOutputs } from "./outputs";
import type { CellData } from "./page-data";
import { loadScript, parts } from "./scripts";
import { type Session, SessionCell } from "./session";
import { time } from "./words";

/** What a cell asks of its page. */
export interface LivePage {
  readonly session: Session;
  edited(cell: LiveCell, source: string): void;
  run(cell: LiveCell, how: "alone" | "with all below", goOn?: boolean): void;
  reset(cell: LiveCell): void;
  readonly follows: boolean;
  follow(on: boolean): void;
}

export class LiveCell {
  readonly index: number;
  readonly session: SessionCell;
  readonly outputs: CellOutputs;
  readonly element: HTMLElement;
  /** Whether it can be run and not changed. */
  readonly isGiven: boolean;
  editor: Editor | undefined;
  #opening: Promise<Editor> | undefined;
  readonly #code: HTMLElement;
  readonly #details: HTMLDetailsElement | null;
  readonly #bar: HTMLElement;
  readonly #note = document.createElement("div");
  #page: LivePage | undefined;

  constructor(element: HTMLElement, index: number, data: CellData, kept: string | undefined) {
    this.index = index;
    this.element = element;
    this.isGiven = data.isGiven ?? false;
    this.#code = element.querySelector<HTMLElement>(".code") as HTMLElement;
    this.#details = this.#code.closest("details");
    const place = element.querySelector<HTMLElement>(".outputs") as HTMLElement;
    this.outputs = new CellOutputs(place);
    const original = this.#code.textContent ?? "";
    this.session = new SessionCell(data, original, kept ?? original, this.outputs);
    element.id ||= `cell-${data.id}`;
    this.#bar = element.querySelector<HTMLElement>(":scope > .bar") as HTMLElement;
    this.#code.setAttribute("aria-describedby", this.isGiven ? "how-to-run" : "how-to-edit");
    place.before(this.#note);
  }

  /** The cell is shown on its page, and can be used from then on. */
  join(page: LivePage): void {
    this.#page = page;
    this.#code.addEventListener("click", (event) => {
      if (!this.isGiven && getSelection()?.isCollapsed !== false)
        void this.open({ x: event.clientX, y: event.clientY });
    });
    this.#code.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.#code) return;
      const runs = event.shiftKey || event.ctrlKey || event.metaKey;
      if (this.isGiven && !runs) return;
      event.preventDefault();
      if (runs) page.run(this, "alone", event.shiftKey);
      else void this.open();
    });
    if (this.session.isEdited) void this.#edit();
    this.draw();
  }

  get isHidden(): boolean {
    return this.#details !== null && !this.#details.open;
  }

  /** Makes the cell an editor and puts the cursor in it. */
  async open(at?: { x: number; y: number }): Promise<void> {
    const editor = await this.#edit();
    if (this.#details) this.#details.open = true;
    editor?.focus(at);
  }

  /** Where a keyboard is when it has come to this cell. */
  focus(): void {
    if (this.isHidden) this.#details?.querySelector("summary")?.focus();
    else if (this.editor) this.editor.focus();
    else this.#code.focus();
  }

  #edit(): Promise<Editor | undefined> {
    this.#opening ??= this.#createEditor();
    return this.#opening.catch((error) => {
      this.#opening = undefined;
      this.#page?.session.tell(error.message, true);
      return undefined;
    });
  }

  async #createEditor(): Promise<Editor> {
    const page = this.#page as LivePage;
    const { session } = page;
    await loadScript("editor.js");
    const { createEditor } = parts();
    if (!createEditor) throw new Error("editor.js holds no editor.");
    const editor = createEditor({
      source: this.session.source,
      label: `Code of cell ${this.index + 1}`,
      describedBy: "how-to-leave",
      wraps: true,
      changed: (source) => page.edited(this, source),
      // The kernel takes a moment to load: whoever begins to type will want it.
      focused: () => void session.start().catch(() => {}),
      run: (goOn) => page.run(this, "alone", goOn),
      // What runs has the kernel for itself: nobody waits for a suggestion.
      complete: async (source, cursor) =>
        session.isBusy ? undefined : session.kernel?.complete(source, cursor),
      inspect: async (source, cursor) =>
        session.isBusy ? undefined : session.kernel?.inspect(source, cursor),
    });
    const hadFocus = document.activeElement === this.#code;
    this.#code.replaceWith(editor.element);
    this.editor = editor;
    if (hadFocus) editor.focus();
    this.draw();
    return editor;
  }

  /** Gives the cell other code, by a reset or from a file. */
  set(source: string): void {
    if (this.editor) this.editor.set(source);
    else {
      this.#page?.edited(this, source);
      if (this.session.isEdited) void this.#edit();
    }
  }

  draw(): void {
    const page = this.#page;
    if (!page) return;
    const { session } = page;
    const isStale = session.isStale(this.index);
    this.element.classList.toggle("is-stale", isStale);
    this.element.classList.toggle("is-open", this.editor !== undefined);
    this.element.classList.toggle("is-running", this.session.state === "running");
    render(<Bar cell={this} page={page} />, this.#bar);
    render(isStale ? <StaleNote cell={this} page={page} /> : null, this.#note);
  }
}

function Bar({ cell, page }: { cell: LiveCell; page: LivePage }) {
  const { session, editor, index } = cell;
  const isBusy = session.state !== "idle";
  const isTryIt = session.tags.includes("try-it");
  const which = `cell ${index + 1}`;
  return (
    <>
      <span class="acts">
        <button
          type="button"
          class="run"
          aria-label={`Run ${which}`}
          onClick={() => page.run(cell, "alone")}
        >
          <span aria-hidden="true">▶</span> <span class="word">Run</span>
        </button>
        {!editor && !cell.isGiven && (
          <button
            type="button"
            class="edit"
            aria-label={`Edit ${which}`}
            onClick={() => void cell.open()}
          >
            <span aria-hidden="true">✎</span> Edit
          </button>
        )}
        {editor && (
          <>
            <button
              type="button"
              aria-label={`Run with all below: ${which}`}
              onClick={() => page.run(cell, "with all below")}
            >
              Run with all below
            </button>
            <Button label={`Stop ${which}`} off={!isBusy} press={() => void page.session.stop()}>
              <span aria-hidden="true">■</span> Stop
            </Button>
            <Button
              label={`Reset ${which} to the course's code`}
              off={!session.isEdited}
              press={() => page.reset(cell)}
            >
              Reset
            </Button>
          </>
        )}
        {isTryIt && editor && (
          <label class="follow">
            <input
              type="checkbox"
              checked={page.follows}
              onChange={(event) => page.follow(event.currentTarget.checked)}
            />
            Outputs follow as I type
          </label>
        )}
      </span>
      <span class="state">{stateOf(cell)}</span>
    </>
  );
}

/** A button that can do nothing now stays where it is, so that the keyboard's focus is not lost. */
export function Button(props: {
  label?: string;
  off?: boolean;
  press: () => void;
  children: preact.ComponentChildren;
}) {
  return (
    <button
      type="button"
      aria-label={props.label}
      aria-disabled={props.off ?? false}
      onClick={() => {
        if (!props.off) props.press();
      }}
    >
      {props.children}
    </button>
  );
}

function stateOf({ session, editor, isGiven }: LiveCell): string {
  const { state, outcome, count, seconds } = session;
  if (state === "running") return "running …";
  if (state === "waiting") return "waits for its turn";
  const ran = count === undefined ? "" : `[${count}] `;
  if (outcome === "ok") return `${ran}✓ ran${seconds === undefined ? "" : ` in ${time(seconds)}`}`;
  if (outcome === "failed") return `${ran}✗ failed`;
  if (outcome === "stopped") return `${ran}■ stopped`;
  if (outcome === "not reached") return "not run: a cell before it failed";
  if (isGiven) return "given";
  return editor && session.isEdited ? "changed, not run yet" : "";
}

function StaleNote({ cell, page }: { cell: LiveCell; page: LivePage }) {
  const cause = page.session.cause(cell.index);
  const named = cause?.names ?? [];
  const names = named.slice(0, 3).map((name, n) => (
    <>
      {n > 0 && ", "}
      <code>{name}</code>
    </>
  ));
  const why = cause?.code ? (
    <> the code above was changed.</>
  ) : cause?.library ? (
    <> a source file of the library was changed.</>
  ) : named.length > 0 ? (
    <>
      {" "}
      {names}
      {named.length > 3 ? " and more" : ""} changed.
    </>
  ) : (
    <> what it is made from has changed.</>
  );
  return (
    <p class="stale">
      <span>
        <strong>
          <span aria-hidden="true">⟳</span> Out of date:
        </strong>
        {why}
      </span>
      <button type="button" onClick={() => page.run(cell, "alone")}>
        Bring up to date
      </button>
    </p>
  );
}
