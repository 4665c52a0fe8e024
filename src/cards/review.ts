/** Older questions again, one at a time, with other numbers; and how far the reader has come in each notebook. */
import { said } from "../arithmetic";
import { type Displayable, display, type MimeBundle, pageScript } from "../show";
import { asJson, bundleOfCard, type CardData } from "./card";
import { type QuestionOptions, questionParts } from "./question";

/** A question of a notebook, with other numbers. */
export interface ReviewItem {
  /** The notebook's name, without a number, and the name that its card has there. */
  notebook: string;
  name: string;
  /** The same question several times, each with numbers of its own. */
  variants: readonly (readonly [text: string, options: QuestionOptions])[];
}

/** What the script of a review is told, in the order of its cards. */
export interface ReviewData {
  items: { notebook: string; name: string; variants: CardData[] }[];
}

/** The key under which an answer to a variant is kept, as a card of the notebook that reviews. */
export const variantKey = (item: { notebook: string; name: string }, variant: number) =>
  `${item.notebook}/${item.name}/${variant}`;

/**
 * Asks the questions of other notebooks again: first those that the reader missed there, or had shown, then the others.
 * Where no script runs, all stand there, in their order.
 *
 * @throws TypeError for anything but a list of items, each with a variant
 */
export function review(items: readonly ReviewItem[]): Displayable {
  const isList = Array.isArray(items);
  const empty = isList && items.find(({ variants }) => !(variants?.length > 0));
  if (!isList || items.length === 0 || empty)
    throw new TypeError(
      `A review takes items with a variant each, but got ${said(empty || items)}.`,
    );
  const parts = items.map((item: ReviewItem) =>
    item.variants.map(([text, options], n) =>
      questionParts(text, { ...options, name: variantKey(item, n) }),
    ),
  );
  return {
    async [display](): Promise<MimeBundle> {
      const data: ReviewData = { items: [] };
      let html = "";
      const texts: string[] = [];
      for (const [n, { notebook, name }] of items.entries()) {
        const variants: CardData[] = [];
        for (const part of parts[n]) {
          const bundle = await bundleOfCard(part, () => "");
          html += bundle["text/html"];
          texts.push(bundle["text/plain"]);
          variants.push(await part.data);
        }
        data.items.push({ notebook, name, variants });
      }
      const script = pageScript("cards.js", `backprop.review(p,${asJson(data)})`);
      return {
        "text/html": `<div data-card="review"><div>${html}</div>${script}</div>`,
        "text/plain": texts.join("\n\n\n"),
      };
    },
  };
}
