/// <reference lib="dom" />
/** A card in a document: mounted as a page does it, answered as a reader does, and read. Wants the environment jsdom. */
import type { CardData } from "../../src/cards/card";
import "../../src/cards/page/main";

// What jsdom has not: nothing in it has a size.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

/** The HTML of a cell's card, with the scripts of the figures in it left out: what they load is not there. */
export function mount(html: string): DrivenCard {
  const place = document.createElement("div");
  place.innerHTML = html;
  document.body.replaceChildren(place);
  const container = place.querySelector<HTMLElement>("[data-card]");
  if (!container) throw new Error(`This is no card: ${html.slice(0, 200)}`);
  return new DrivenCard(container, dataOf(container));
}

/** What the script of a card is told. */
export function dataOf(container: Element): CardData {
  const script = Array.from(container.children).find(({ tagName }) => tagName === "SCRIPT");
  const call = /backprop\.card\([^,]+,(\{.*\})\)\)\.catch/s.exec(script?.textContent ?? "");
  if (!call) throw new Error("The card has no script.");
  return JSON.parse(call[1]);
}

export class DrivenCard {
  readonly container: HTMLElement;
  readonly data: CardData;

  constructor(container: HTMLElement, data: CardData) {
    this.container = container;
    this.data = data;
    this.start();
  }

  /** As the output's script does, again after a reload. */
  start(): void {
    const { backprop } = window as unknown as {
      backprop: { card(container: HTMLElement, data: CardData): void };
    };
    backprop.card(this.container, this.data);
  }

  get root(): ShadowRoot {
    const host = this.container.querySelector<HTMLElement>('[data-part="card"]');
    if (!host?.shadowRoot) throw new Error("The card is not alive.");
    return host.shadowRoot;
  }

  get details(): HTMLDetailsElement {
    return this.container.querySelector(":scope > details") as HTMLDetailsElement;
  }

  get summary(): string {
    return this.details.querySelector("summary")?.textContent ?? "";
  }

  /** What is said to the last answer. */
  get says(): string {
    return this.root.querySelector('[role="status"]')?.textContent ?? "";
  }

  /** Whether a reader can see that something more can be opened. */
  get offers(): boolean {
    return this.details.style.display !== "none";
  }

  /** Types a guess, or makes exactly these choices, by their words. */
  async answer(...guess: string[]): Promise<string> {
    const text = this.root.querySelector<HTMLInputElement>("input[type=text]");
    if (text) {
      text.value = guess[0];
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const label of this.root.querySelectorAll("label.choice")) {
      const input = label.querySelector("input") as HTMLInputElement;
      const isWanted = guess.includes(label.textContent ?? "");
      if (input.checked !== isWanted && (isWanted || input.type === "checkbox")) input.click();
    }
    await drawn();
    this.root.querySelector<HTMLButtonElement>("button[type=submit]")?.click();
    await drawn();
    return this.says;
  }

  /** Opens or closes what is closed at first, as its summary does when pressed. */
  async toggle(): Promise<void> {
    this.details.open = !this.details.open;
    await drawn();
  }
}

/** What changed is drawn before the next task. */
export async function drawn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
