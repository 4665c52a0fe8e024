/// <reference lib="dom" />
/** A review as it stands in the page: one question, the way to the next, and what is kept of all notebooks. */
import { render } from "preact";
import { useState } from "preact/hooks";
import { type ReviewData, variantKey } from "../review";
import { allCards, type KeptCard, type KeptCards, keepCard, notebookOf } from "./kept";
import { mountCard } from "./mount";
import { styles } from "./styles";

type Item = ReviewData["items"][number];
type All = Record<string, KeptCards>;
type Next = ReturnType<typeof orderOf>[number];

/** How urgent a question is: missed, or shown, before right; what was never met comes last. */
export function urgencyOf(item: Item, all: All, notebook: string): number {
  const again = item.variants.flatMap((_, n) => all[notebook]?.[variantKey(item, n)] ?? []);
  const answered = again.filter(({ first }) => first);
  const cards = answered.length > 0 ? answered : [all[item.notebook]?.[item.name]];
  if (cards.some((card) => card?.first && card.first !== "right")) return 0;
  return cards.some((card) => card?.first) ? 1 : 2;
}

/** The items in the order in which they are asked, and of each the variant that was not answered yet. */
export function orderOf(items: readonly Item[], all: All, notebook: string) {
  return items
    .map((item, place) => {
      const open = item.variants.findIndex((_, n) => !all[notebook]?.[variantKey(item, n)]?.first);
      return { item, place, variant: open, urgency: urgencyOf(item, all, notebook) };
    })
    .sort(
      (a, b) =>
        // Those with a variant left come first, and among them the missed ones.
        Number(a.variant < 0) - Number(b.variant < 0) || a.urgency - b.urgency || a.place - b.place,
    );
}

/** Brings a review to life in its container. */
export function mountReview(container: HTMLElement, { items }: ReviewData): void {
  const still = container.firstElementChild as HTMLElement;
  container.querySelector(':scope > [data-part="review"]')?.remove();
  const cards = Array.from(still.querySelectorAll<HTMLElement>(":scope > [data-card]"));
  const notebook = notebookOf(container);
  const starts = items.map((_, n) =>
    items.slice(0, n).reduce((sum, { variants }) => sum + variants.length, 0),
  );
  for (const card of cards) card.style.display = "none";

  const host = document.createElement("div");
  host.dataset.part = "review";
  host.dataset.lmSuppressShortcuts = "true";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = styles;
  const place = document.createElement("section");
  place.setAttribute("aria-label", "Review");
  root.append(style, place);
  still.after(host);

  /** Shows one card, and no other. */
  function show({ place, variant, item }: Next, onKept: () => void): void {
    for (const card of cards) card.style.display = "none";
    const card = cards[starts[place] + Math.max(0, variant)];
    card.style.display = "";
    mountCard(card, item.variants[Math.max(0, variant)], notebook, onKept);
    // The question stands above the button that asked for it: who does not see it is led there, and the next Tab to its field.
    const asked = card.querySelector<HTMLElement>(':scope > [data-part="question"]');
    if (!asked) return;
    asked.tabIndex = -1;
    asked.dataset.lmSuppressShortcuts = "true";
    asked.focus();
  }

  render(<Review items={items} notebook={notebook} show={show} />, place);
}

function Review(props: {
  items: readonly Item[];
  notebook: string;
  show(next: Next, onKept: () => void): void;
}) {
  const { items, notebook, show } = props;
  const [asked, setAsked] = useState<string[]>([]);
  const [, countAttempt] = useState(0);
  const all = allCards();
  const next = () => {
    let ordered = orderOf(items, allCards(), notebook);
    if (ordered[0].variant < 0) {
      // All were answered: they begin again.
      for (const item of items)
        for (const n of item.variants.keys()) keepCard(notebook, variantKey(item, n), {});
      ordered = orderOf(items, allCards(), notebook);
    }
    const rest = ordered.filter(({ item }) => !asked.includes(variantKey(item, 0)));
    const [one] = rest.length > 0 ? rest : ordered;
    setAsked([...(rest.length > 0 ? asked : []), variantKey(one.item, 0)]);
    show(one, () => countAttempt((count) => count + 1));
  };
  const counts = progressOf(all);
  const urgencies = items.map((item) => urgencyOf(item, all, notebook));
  const missed = urgencies.filter((urgency) => urgency === 0).length;
  const isNew = urgencies.every((urgency) => urgency === 2);
  return (
    <>
      <div class="row">
        <button type="button" onClick={next}>
          {asked.length === 0 ? "Ask me" : "Next question"}
        </button>
        <span class="small" role="status">
          {isNew
            ? "You have answered none of these in this browser yet: they come in the course's order."
            : missed === 0
              ? "Nothing that you missed is left."
              : `${missed} of ${items.length} questions are asked first: you missed them, or had them shown.`}
        </span>
      </div>
      {counts.length > 0 && (
        <table>
          <caption>Your cards, by notebook</caption>
          <thead>
            <tr>
              {["notebook", "met", "answered", "right at once"].map((head) => (
                <th scope="col" key={head}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map(({ name, met, answered, right }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{met}</td>
                <td>{answered}</td>
                <td>{right}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** How many cards of each notebook the reader has met and answered, and how many were right at once. */
export function progressOf(all: All) {
  const count = (cards: KeptCards, wanted: (card: KeptCard) => boolean) =>
    Object.values(cards).filter(wanted).length;
  return Object.entries(all)
    .map(([notebook, cards]) => ({
      name: notebook.replace(/-/g, " "),
      met: Object.keys(cards).length,
      answered: count(cards, ({ first }) => first !== undefined && first !== "shown"),
      right: count(cards, ({ first }) => first === "right"),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
