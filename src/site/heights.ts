/**
 * How high explorables are once they are live: a page keeps their room free, so that it stays still when they come.
 * `npm run test:site -- --heights` measures them in a browser.
 */

/** By what it stands in: the height in pixels on a phone, beside no contents, and beside contents (see `widths`). */
export type Heights = Readonly<Record<string, readonly number[]>>;

/** The widths of windows that heights are measured at, in pixels: style.css says from where to where each counts. */
export const widths = [390, 768, 1280] as const;

/** The HTML of an output with the room of its first explorable; as it is if that is not known. */
export function withHeight(html: string, heights: readonly number[] | undefined): string {
  if (!heights) return html;
  const room = heights.map((height, n) => `--room-${n}:${height}px`).join(";");
  return html.replace(/<div data-explore="\w+"/, (start) => `${start} style="${room}"`);
}
