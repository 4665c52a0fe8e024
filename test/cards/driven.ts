/// <reference lib="dom" />
/** A living card, answered as a reader does, and read: in jsdom, and bundled into a page of a browser. */
import type { CardData } from "../../src/cards/card";

/** What the script in a card's HTML is told. */
export function dataIn(html: string): CardData {
  const call = /backprop\.card\([^,]+,(\{.*\})\)\)\.catch/s.exec(html);
  if (!call) throw new Error(`The card has no script: ${html.slice(0, 200)}`);
  return JSON.parse(call[1]);
}

export class DrivenCard {
  readonly container: HTMLElement;
  readonly data: CardData;

  constructor(container: HTMLElement, data: CardData) {
    this.container = container;
    this.data = data;
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
