/** The cards of a notebook, as they stand in its file. */
import { committedNotebook } from "../notebooks/committed";

export interface CardCell {
  id: string;
  source: string;
  isHidden: boolean;
  html: string;
}

export function cardsOf(path: string): CardCell[] {
  return committedNotebook(path).cells.flatMap(({ id, metadata, source, outputs = [] }) =>
    outputs
      .map(({ data }) => String([data?.["text/html"] ?? ""].flat().join("")))
      .filter((html) => /^<div data-card="(?:question|prediction)"/.test(html))
      .map((html) => ({
        id,
        source: source.join(""),
        isHidden: metadata.jupyter?.source_hidden === true,
        html,
      })),
  );
}
