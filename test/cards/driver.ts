/// <reference lib="dom" />
/** Cards in jsdom: mounted as a page does it. */
import "../../src/cards/page/main";
import { DrivenCard, dataIn } from "./driven";

export { type DrivenCard, drawn } from "./driven";

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
  const card = new DrivenCard(container, dataOf(container));
  card.start();
  return card;
}

/** What the script of a card is told. */
export function dataOf(container: Element) {
  const script = Array.from(container.children).find(({ tagName }) => tagName === "SCRIPT");
  return dataIn(script?.textContent ?? "");
}
