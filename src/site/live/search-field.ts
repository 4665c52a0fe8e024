/// <reference lib="dom" />
/** The search fields of a page: what finds is loaded when the reader goes to one. */
import type { Hit } from "../search";
import { loadScript, parts } from "./scripts";

/** More than these nobody reads. */
const mostHits = 8;

export function startSearch(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form.search")) startField(form);
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey } = event;
    const isTyping = (target as Element).closest("input, select, textarea, [contenteditable]");
    if (key !== "k" || !(ctrlKey || metaKey) || isTyping) return;
    event.preventDefault();
    document.querySelector<HTMLInputElement>("form.search input")?.focus();
  });
}

function startField(form: HTMLFormElement): void {
  const field = form.querySelector("input") as HTMLInputElement;
  const box = form.querySelector<HTMLElement>(".hits") as HTMLElement;
  const list = box.querySelector("ol") as HTMLElement;
  const status = box.querySelector("p") as HTMLElement;
  const close = () => {
    box.hidden = true;
  };

  async function find(): Promise<void> {
    const query = field.value.trim();
    if (query === "") return close();
    box.hidden = false;
    try {
      await Promise.all([loadScript("search.js"), loadScript("sections.js")]);
    } catch (error) {
      status.textContent = (error as Error).message;
      return;
    }
    if (field.value.trim() !== query) return; // the reader has typed on
    const hits = parts().search?.(query) ?? [];
    list.replaceChildren(...hits.slice(0, mostHits).map(entry));
    status.textContent =
      hits.length === 0
        ? `Nothing is found for «${query}». Try other words, or fewer.`
        : hits.length > mostHits
          ? `The first ${mostHits} of ${hits.length} places`
          : `${hits.length} ${hits.length === 1 ? "place" : "places"}`;
  }

  const links = () => Array.from(list.querySelectorAll("a"));
  field.addEventListener("input", () => void find());
  field.addEventListener("focus", () => {
    // It is there by the time a word is typed.
    void Promise.all([loadScript("search.js"), loadScript("sections.js")]).catch(() => {});
    if (field.value) void find();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.focus();
      close();
      return;
    }
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      links()[0]?.click();
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || box.hidden) return;
    event.preventDefault();
    const stops = [field, ...links()];
    const at = stops.indexOf(document.activeElement as HTMLInputElement);
    stops[Math.max(0, Math.min(at + step, stops.length - 1))].focus();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !form.contains(relatedTarget as Node)) close();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!form.contains(target as Node)) close();
  });
  list.addEventListener("click", ({ target }) => {
    if ((target as Element).closest("a")) close(); // it may lead to a place of this page
  });
}

function entry({ href, page, heading, text, words }: Hit): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = href;
  const name = document.createElement("b");
  name.textContent = heading;
  link.append(name);
  if (heading !== page) link.append(` · ${page}`);
  const part = parts().excerpt?.(text, words);
  if (part) {
    const line = document.createElement("div");
    line.className = "soft";
    const mark = document.createElement("mark");
    mark.textContent = part.found;
    line.append(part.before, mark, part.after);
    link.append(line);
  }
  item.append(link);
  return item;
}
