/// <reference lib="dom" />
/** The script of all cards in a page: bundled into cards.js, which their outputs load once. */

const page = window as unknown as { backprop?: object };
page.backprop = { ...page.backprop };
