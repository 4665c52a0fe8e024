/// <reference lib="dom" />
/** What is wider than its place says that it goes on, and can be scrolled by keyboard. */

const boxes = ".wide, [data-figure]";

const observer =
  typeof ResizeObserver === "function"
    ? new ResizeObserver((entries) => {
        for (const { target } of entries) tell(target as HTMLElement);
      })
    : undefined;

export function watchWidths(part: Element): void {
  for (const box of part.querySelectorAll(boxes)) observer?.observe(box);
}

function tell(box: HTMLElement): void {
  const isCut = box.scrollWidth > box.clientWidth + 1;
  box.toggleAttribute("data-beyond", isCut);
  if (isCut && !box.hasAttribute("tabindex")) {
    box.tabIndex = 0;
    box.role = "group";
    box.ariaLabel = "Figure";
  }
}
