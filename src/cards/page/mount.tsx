/// <reference lib="dom" />
/** A card put into its container, in the output of a cell or in a review. */
import { render } from "preact";
import type { CardData } from "../card";
import { Card } from "./card";
import { keepCard, notebookOf, readCards } from "./kept";
import { styles } from "./styles";

/**
 * Brings a card to life in its container. Called again, for a page put back as it came, it starts over.
 *
 * @param onKept called after each attempt
 */
export function mountCard(
  container: HTMLElement,
  data: CardData,
  notebook = notebookOf(container),
  onKept = () => {},
): void {
  const details = container.querySelector<HTMLDetailsElement>(":scope > details");
  const part = (name: string) =>
    container.querySelector<HTMLElement>(`:scope > [data-part="${name}"]`);
  if (!details) return;
  part("card")?.remove();
  const choices = part("choices");
  if (choices) choices.style.display = "none";
  const host = document.createElement("div");
  host.dataset.part = "card";
  // JupyterLab takes keys for itself unless the focused element, or the host of its shadow root, says otherwise.
  host.dataset.lmSuppressShortcuts = "true";
  const summary = details.querySelector("summary");
  if (summary) {
    summary.dataset.lmSuppressShortcuts = "true";
    // JupyterLab keeps Enter from what it would do by itself.
    summary.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      details.open = !details.open;
    };
  }
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = styles;
  const place = document.createElement("section");
  const question = part("question")?.textContent ?? "";
  place.setAttribute(
    "aria-label",
    `${data.type === "question" ? "Question" : "Prediction"}: ${question}`,
  );
  root.append(style, place);
  details.before(host);

  const kept = readCards(notebook)[data.key];
  if (!kept) keepCard(notebook, data.key, { type: data.type });
  details.open = false;
  render(
    <Card
      data={data}
      question={question}
      details={details}
      start={kept ?? {}}
      keep={(now) => {
        keepCard(notebook, data.key, { ...now, type: data.type });
        onKept();
      }}
    />,
    place,
  );
}
