/// <reference lib="dom" />
/** The script of all cards in a page: bundled into cards.js, which their outputs load once. */
import type { CardData } from "../card";
import type { ReviewData } from "../review";
import { mountCard } from "./mount";
import { mountReview } from "./review";

const page = window as unknown as { backprop?: object };
page.backprop = {
  ...page.backprop,
  card: (container: HTMLElement, data: CardData) => mountCard(container, data),
  review: (container: HTMLElement, data: ReviewData) => mountReview(container, data),
};
