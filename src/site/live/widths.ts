/// <reference lib="dom" />
/** What is wider than its place says that it goes on, and can be scrolled by keyboard. */

const boxes = ".wide, [data-figure], .math, .katex-block";

const resized =
  typeof ResizeObserver === "function"
    ? new ResizeObserver((entries) => {
        for (const { target } of entries) tell(target.closest<HTMLElement>(boxes));
      })
    : undefined;
// A live figure may be wider than the still in whose place it comes, in a box that stays as it is.
const replaced = new MutationObserver((records) => {
  for (const { addedNodes } of records)
    for (const node of addedNodes) if (node instanceof Element) resized?.observe(node);
});

export function watchWidths(part: Element): void {
  for (const box of part.querySelectorAll(boxes)) {
    replaced.observe(box, { childList: true });
    for (const one of [box, ...box.children]) resized?.observe(one);
  }
}

function tell(box: HTMLElement | null): void {
  if (!box) return; // a part that has been taken away
  const isCut = box.scrollWidth > box.clientWidth + 1;
  box.toggleAttribute("data-beyond", isCut);
  if (isCut && !box.hasAttribute("tabindex")) {
    box.tabIndex = 0;
    box.role = "group";
    box.ariaLabel = "Figure";
  }
}
