/// <reference lib="dom" />
/** What is kept of cards in the browser: the same in a page of the web edition and in Jupyter. */
import type { Guess } from "../judge";

/** How an answer went. A prediction is guessed, and judged only if it has an answer. */
export type Outcome = "right" | "wrong" | "guessed" | "shown";

export interface KeptCard {
  /** The last guess: what was typed, the places of what was chosen, or the heights of a drawn curve. */
  guess?: Guess;
  /** How the first attempt went, and how the last. Missing while the card was only seen. */
  first?: Outcome;
  last?: Outcome;
  /** A question, or a prediction. */
  type?: "question" | "prediction";
}

/** The cards of one notebook by their keys. */
export type KeptCards = Record<string, KeptCard>;

const prefix = "backprop:cards:";
export const cardsKey = (notebook: string) => `${prefix}${notebook}`;

/** The notebooks of which cards are kept, as a list of all keys tells. */
export function notebooksOf(keys: readonly string[]): string[] {
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

const outcomes: readonly unknown[] = ["right", "wrong", "guessed", "shown"];

/** What is read may be anybody's: only what a card would have written is taken. */
export function asCards(value: unknown): KeptCards {
  const entries = Object.entries(Object(value) as Record<string, unknown>).map(([key, one]) => {
    const { guess, first, last, type } = Object(one) as Record<string, unknown>;
    const isGuess =
      typeof guess === "string" ||
      (Array.isArray(guess) && guess.every((part) => part === null || Number.isFinite(part)));
    return [
      key,
      {
        ...(isGuess ? { guess } : {}),
        ...(outcomes.includes(first) ? { first } : {}),
        ...(outcomes.includes(last) ? { last } : {}),
        ...(type === "question" || type === "prediction" ? { type } : {}),
      },
    ];
  });
  return Object.fromEntries(entries);
}

/** @returns nothing kept where the browser keeps nothing */
export function readCards(notebook: string, store?: Pick<Storage, "getItem">): KeptCards {
  try {
    // (Asking for it may itself be refused.)
    return asCards(JSON.parse((store ?? localStorage).getItem(cardsKey(notebook)) ?? "{}"));
  } catch {
    return {};
  }
}

/** Another window may show the same notebook: only this card is written. */
export function keepCard(notebook: string, key: string, card: KeptCard): void {
  try {
    const all = { ...readCards(notebook), [key]: card };
    localStorage.setItem(cardsKey(notebook), JSON.stringify(all));
  } catch {
    // A private window: the card goes on without.
  }
}

/** All that is kept, by notebooks. */
export function allCards(): Record<string, KeptCards> {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, n) => localStorage.key(n) ?? "");
    return Object.fromEntries(notebooksOf(keys).map((name) => [name, readCards(name)]));
  } catch {
    return {};
  }
}

/**
 * The notebook in which an element stands, by its name without a number: a page says it, JupyterLab in the title of the
 * notebook's tab, Notebook 7 in the address.
 */
export function notebookOf(element: Element): string {
  const { notebook } = document.documentElement.dataset;
  if (notebook !== undefined) return notebook;
  const panel = element.closest(".jp-NotebookPanel");
  const tab = panel && document.querySelector<HTMLElement>(`li[data-id="${CSS.escape(panel.id)}"]`);
  const file = /Name: (.+)/.exec(tab?.title ?? "")?.[1] ?? decodeURIComponent(location.pathname);
  return (file.split("/").pop() ?? "").replace(/\.ipynb$/, "").replace(/^\d\d-/, "");
}
