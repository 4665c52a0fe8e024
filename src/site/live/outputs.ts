/// <reference lib="dom" />
/** What the cells of a live page show: outputs as they come in, capped, and as a notebook's file would hold them. */
import type { CellOutput } from "../../kernel/page/kernel";
import type { NotebookOutput } from "../notebook-file";
import { outputHtml } from "../output-html";
import { loadScript } from "./scripts";
import { watchWidths } from "./widths";
import { count } from "./words";

/** What is kept of one run of a cell: more would make the page slow, and nobody reads it. */
const mostCharacters = 100_000;
/** Of these, the last ones: where a run ends is often what matters. */
const lastCharacters = 20_000;
const mostDisplays = 100;
const mostMarkup = 20_000_000;
/** How often a display that changes is drawn again, in milliseconds. */
const redrawAfter = 60;

interface Shown {
  output: NotebookOutput;
  element: HTMLElement;
  /** For a display that may be updated: no more. */
  leave?(): void;
}

/** Displays by their ids: any cell may update what another has shown. */
const displays = new Map<string, Set<() => void>>();
const latest = new Map<string, Record<string, unknown>>();

export class CellOutputs {
  readonly place: HTMLElement;
  /** Undefined as long as those of the notebook's file stand. */
  #shown: Shown[] | undefined;
  #isOld = false;
  #clearNext = false;
  #characters = 0;
  #markup = 0;
  #cut = { characters: 0, displays: 0 };
  #tail = "";
  #note: HTMLElement | undefined;
  readonly #stored: Node[];

  constructor(place: HTMLElement) {
    this.place = place;
    this.#stored = Array.from(place.childNodes);
  }

  /** What stands there as a file holds it; undefined if it is what the notebook's file has. */
  get all(): NotebookOutput[] | undefined {
    return this.#shown?.map(({ output }) => output);
  }

  get isEmpty(): boolean {
    return this.#shown ? this.#shown.length === 0 : this.place.childElementCount === 0;
  }

  /** A run begins. What is there stays until there is something new, so that the page does not jump. */
  begin(): void {
    this.#isOld = true;
    this.place.setAttribute("aria-busy", "true");
  }

  add(output: CellOutput): void {
    if (output.output_type === "update_display_data") {
      update(output.transient.display_id, output.data);
      return;
    }
    if (output.output_type === "clear_output") {
      if (output.wait) this.#clearNext = true;
      else this.clear();
      return;
    }
    if (this.#isOld || this.#clearNext) this.clear();
    if (output.output_type === "stream") this.#write(output.name, output.text);
    else this.#show(output);
  }

  end(): void {
    if (this.#isOld) this.clear();
    this.#writeTail();
    this.place.removeAttribute("aria-busy");
  }

  clear(): void {
    this.#isOld = false;
    this.#clearNext = false;
    for (const { leave } of this.#shown ?? []) leave?.();
    if (this.#shown) release(this.place);
    this.#shown = [];
    this.#characters = 0;
    this.#markup = 0;
    this.#cut = { characters: 0, displays: 0 };
    this.#tail = "";
    this.#note?.remove();
    this.#note = undefined;
    this.place.replaceChildren();
  }

  /** Back to what the notebook's file has. */
  restore(): void {
    this.clear();
    this.#shown = undefined;
    this.place.replaceChildren(...this.#stored);
    revive(this.place);
  }

  /** Shows what a reader's own file holds: of that no script runs. */
  open(outputs: readonly NotebookOutput[]): void {
    this.clear();
    for (const output of outputs) {
      const element = elementOf(output);
      disarm(element);
      this.place.append(element);
      this.#shown?.push({ output, element });
    }
  }

  #write(name: string, text: string): void {
    const room = mostCharacters - lastCharacters - this.#characters;
    if (text.length > room) {
      this.#tail += text.slice(Math.max(room, 0));
      const beyond = this.#tail.length - lastCharacters;
      // Cut now and then, not with each piece: a flood is made of many.
      if (beyond > lastCharacters) {
        this.#cut.characters += beyond;
        this.#tail = this.#tail.slice(beyond);
        this.#tell();
      }
    }
    if (room > 0) this.#append(name, text.slice(0, room));
  }

  #append(name: string, text: string): void {
    this.#characters += text.length;
    const last = this.#shown?.[this.#shown.length - 1];
    if (last?.output.output_type === "stream" && last.output.name === name) {
      last.output.text = `${last.output.text}${text}`;
      last.element.append(plain(text));
      return;
    }
    const output = { output_type: "stream", name, text };
    const element = elementOf(output);
    if (name === "stderr") element.classList.add("warned");
    this.#shown?.push({ output, element });
    this.place.append(element);
  }

  #writeTail(): void {
    const beyond = this.#tail.length - lastCharacters;
    if (beyond > 0) {
      this.#cut.characters += beyond;
      this.#tail = this.#tail.slice(beyond);
    }
    if (!this.#tail) return;
    const { characters } = this.#cut;
    const gap = characters > 0 ? `\n… ${count(characters, "character")} left out here …\n` : "";
    const tail = this.#tail;
    this.#tail = "";
    this.#append("stdout", gap + tail);
    this.#tell();
  }

  #show(output: Exclude<CellOutput, { output_type: "stream" }>): void {
    const size = sizeOf(output);
    const displayed = this.#shown?.filter((one) => one.output.output_type !== "stream") ?? [];
    if (
      output.output_type !== "error" &&
      (displayed.length >= mostDisplays || this.#markup + size > mostMarkup)
    ) {
      this.#cut.displays++;
      this.#tell();
      return;
    }
    this.#markup += size;
    const { transient, ...stored } = output as NotebookOutput & {
      transient?: { display_id?: string };
    };
    const shown: Shown = { output: stored, element: elementOf(stored) };
    this.#shown?.push(shown);
    this.place.append(shown.element);
    arm(shown.element);
    watchWidths(shown.element);
    const id = transient?.display_id;
    if (id !== undefined) shown.leave = follow(id, shown);
  }

  #tell(): void {
    const { characters, displays } = this.#cut;
    const parts = [
      ...(characters > 0 ? [count(characters, "character")] : []),
      ...(displays > 0 ? [count(displays, "display")] : []),
    ];
    if (parts.length === 0) return;
    if (!this.#note) {
      this.#note = document.createElement("p");
      this.#note.className = "cut";
      this.place.after(this.#note);
    }
    this.#note.textContent = `✂ Too much to show: ${parts.join(" and ")} left out.`;
  }
}

/** Updates come faster than anybody sees: the last one is drawn. */
function update(id: string, data: Record<string, unknown>): void {
  const isWaiting = latest.has(id);
  latest.set(id, data);
  if (isWaiting) return;
  setTimeout(() => {
    for (const draw of displays.get(id) ?? []) draw();
    latest.delete(id);
  }, redrawAfter);
}

/** @returns what ends it */
function follow(id: string, shown: Shown): () => void {
  const all = displays.get(id) ?? new Set();
  displays.set(id, all);
  const draw = () => {
    const data = latest.get(id);
    if (!data) return;
    shown.output = { ...shown.output, data };
    const element = elementOf(shown.output);
    // The new one stands there before the old one goes: so a figure moves over, and nothing jumps.
    shown.element.after(element);
    arm(element);
    shown.element.style.display = "none";
    const old = shown.element;
    shown.element = element;
    requestAnimationFrame(() => setTimeout(() => old.remove(), 0));
  };
  all.add(draw);
  return () => {
    all.delete(draw);
    if (all.size === 0) displays.delete(id);
  };
}

/** Plotly holds on to the figures that it has drawn until it is told. */
function release(place: HTMLElement): void {
  const { Plotly } = window as unknown as { Plotly?: { purge(plot: Element): void } };
  for (const plot of place.querySelectorAll(".js-plotly-plot")) Plotly?.purge(plot);
}

function elementOf(output: NotebookOutput): HTMLElement {
  const template = document.createElement("template");
  template.innerHTML = outputHtml(output, (latex) => {
    const source = document.createElement("span");
    source.dataset.latex = latex;
    source.textContent = latex;
    return source.outerHTML;
  });
  const element = template.content.firstElementChild as HTMLElement;
  const formula = element.querySelector<HTMLElement>("[data-latex]");
  if (formula && element.classList.contains("math")) void setMath(element, formula);
  return element;
}

interface Katex {
  render(latex: string, place: HTMLElement, options: object): void;
}

/** Sets a formula; until it is set, or if it cannot be, it stands as it was written. */
async function setMath(element: HTMLElement, formula: HTMLElement): Promise<void> {
  await loadScript("katex.min.js").catch(() => {});
  const { katex } = window as unknown as { katex?: Katex };
  const latex = formula.dataset.latex ?? "";
  katex?.render(latex, element, { displayMode: true, throwOnError: false });
}

/** Scripts that came as text do not run: they are made again, in their order. */
function arm(element: HTMLElement): void {
  for (const old of element.querySelectorAll("script")) {
    const script = document.createElement("script");
    for (const { name, value } of old.attributes) script.setAttribute(name, value);
    script.async = false;
    script.text = old.text;
    old.replaceWith(script);
  }
}

/** What was live starts over: its figure may have moved to another output. */
function revive(place: HTMLElement): void {
  for (const container of place.querySelectorAll("[data-figure], [data-explore]")) {
    const script = container.querySelector(":scope > script");
    while (script?.nextSibling) script.nextSibling.remove();
    for (const child of container.children) (child as HTMLElement).style.display = "";
  }
  arm(place);
}

const harmless = new Set(
  (
    "DIV SPAN P STRONG B EM I U CODE PRE BR HR TABLE CAPTION THEAD TBODY TFOOT TR TH TD COL COLGROUP UL OL LI DL DT DD " +
    "IMG FIGURE FIGCAPTION DETAILS SUMMARY SUB SUP H1 H2 H3 H4 H5 H6 BLOCKQUOTE SMALL"
  ).split(" "),
);
const plainAttributes = new Set(
  "class alt width height scope colspan rowspan tabindex role aria-label style src open".split(" "),
);

/** Leaves of an element what only shows: a file may come from anybody. */
function disarm(element: HTMLElement): void {
  for (const part of element.querySelectorAll("*")) {
    if (!harmless.has(part.tagName)) {
      part.remove();
      continue;
    }
    for (const { name, value } of Array.from(part.attributes)) {
      const isPicture = name !== "src" || /^data:image\/(?:svg\+xml|png|jpeg|gif)[,;]/.test(value);
      const isCalm = name !== "style" || !/url\s*\(|position|expression|image-set/i.test(value);
      if (!plainAttributes.has(name) || !isPicture || !isCalm) part.removeAttribute(name);
    }
  }
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one
  return text.replace(/\u001b\[[\d;]*m/g, "");
}

function sizeOf(output: CellOutput): number {
  const data = "data" in output ? output.data : {};
  return Object.values(data).reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? value.length : 1000),
    0,
  );
}
