/// <reference lib="dom" />
/**
 * What runs in the notebook's page: draws the live figures with Plotly, which Jupyter serves from the
 * kernelspec's folder. Bundled into figures.js beside it.
 */
import type { PlotlyFigure } from "./plotly";
import { narrowed, stillWidth } from "./style";
import { darkColours, watchTheme } from "./theme";

interface Plotly {
  react(place: HTMLElement, figure: PlotlyFigure & { config: object }): Promise<void>;
  Plots: { resize(place: HTMLElement): void };
}

let plotly: Promise<Plotly> | undefined;
/** Those that are gone from the page are not kept for this. */
const placesById = new Map<string, WeakRef<HTMLElement>>();
/** What is drawn where, to be drawn again when the page becomes light or dark. */
const drawn = new WeakMap<Element, PlotlyFigure>();
let isDark = false;

/**
 * Draws a figure in place of what its container shows.
 *
 * @param folder where plotly.min.js lies
 * @param id if given, a figure drawn before with the same id moves here and changes, without a flicker
 */
async function drawFigure(
  container: HTMLElement,
  figure: PlotlyFigure,
  folder: string,
  id?: string,
): Promise<void> {
  // In the web edition all figures of a page would be drawn at once: there they wait until they are near.
  if (document.documentElement.dataset.backprop !== undefined) await isNear(container);
  plotly ??= loadPlotly(`${folder}plotly.min.js`);
  const { react, Plots } = await plotly;
  const atFirst = Array.from(container.children).filter(
    (child) => child.tagName !== "SCRIPT",
  ) as HTMLElement[];

  // Another notebook in the same page may count its figures alike: its figure stays where it is.
  const earlier = id === undefined ? undefined : placesById.get(id)?.deref();
  const isOurs = earlier?.closest(".jp-Notebook") === container.closest(".jp-Notebook");
  const place =
    earlier && (isOurs || !earlier.isConnected) ? earlier : document.createElement("div");
  // On a phone it has less than its still's width.
  const width = container.clientWidth;
  let shown = width > 0 ? narrowed(figure, width) : figure;
  place.style.cssText = `position:relative;width:100%;max-width:900px;height:${shown.layout.height}px;border-radius:6px;overflow:hidden`;
  // JupyterLab takes keys for itself unless the focused element says otherwise.
  place.dataset.lmSuppressShortcuts = "true";
  container.append(place);
  for (const child of atFirst) child.style.display = "none";
  try {
    await react(place, inTheme(shown));
    // Names that stand beside points may need more room than a phone has: then the figure keeps its still's width, and
    // scrolls; a finger that drags would zoom.
    if (shown !== figure && isCut(place)) {
      place.style.minWidth = `${stillWidth}px`;
      place.style.height = `${figure.layout.height}px`;
      container.style.overflowX = "auto";
      shown = { ...figure, layout: { ...figure.layout, dragmode: false } };
      await react(place, inTheme(shown));
    }
    drawn.set(place, shown);
  } catch (error) {
    place.remove();
    for (const child of atFirst) child.style.display = "";
    throw error;
  }
  if (id !== undefined) placesById.set(id, new WeakRef(place));
  // A hidden tab has no width yet; the figure takes its size when it is seen.
  new ResizeObserver(
    () => place.isConnected && place.offsetWidth > 0 && Plots.resize(place),
  ).observe(container);
}

/** Whether a text of a figure goes beyond its edges. */
function isCut(place: HTMLElement): boolean {
  const { left, right } = place.getBoundingClientRect();
  return Array.from(place.querySelectorAll("text")).some((text) => {
    const box = text.getBoundingClientRect();
    return box.width > 0 && (box.left < left - 2 || box.right > right + 2);
  });
}

/** The figure as Plotly is to draw it here, in the colours of the page. */
function inTheme({ layout, ...figure }: PlotlyFigure): PlotlyFigure & { config: object } {
  const given = { ...figure, layout: { ...layout, autosize: true } };
  const json = JSON.stringify(given);
  const config = {
    displaylogo: false,
    responsive: true,
    modeBarButtonsToRemove: ["select2d", "lasso2d"],
    // Where nothing hovers the bar would stay, over the title; a double tap takes back what was zoomed.
    displayModeBar: matchMedia("(hover: none)").matches ? false : "hover",
  };
  // The reader's own colours stay.
  const dark = json.replace(/"#(?:\w{3}){1,2}"/g, (one) =>
    JSON.stringify(darkColours[one.slice(1, -1)] ?? one.slice(1, -1)),
  );
  return { ...JSON.parse(isDark ? dark : json), config };
}

watchTheme<HTMLElement>(window, (dark) => {
  isDark = dark;
  for (const place of document.querySelectorAll<HTMLElement>(".js-plotly-plot")) {
    const figure = drawn.get(place);
    if (figure) plotly?.then(({ react }) => react(place, inTheme(figure)));
  }
});

/** Resolves when an element is about to be scrolled into sight. */
function isNear(element: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        resolve();
      },
      { rootMargin: "600px" },
    );
    observer.observe(element);
  });
}

// The script in each figure's output finds it here.
const page = window as unknown as { backprop?: object };
page.backprop = { ...page.backprop, drawFigure };

/** Loads Plotly once for a page. With RequireJS about, Plotly would hand itself to that: hide it for the while. */
function loadPlotly(address: string): Promise<Plotly> {
  const page = window as unknown as { define?: unknown; Plotly?: Plotly };
  return new Promise((resolve, reject) => {
    const { define } = page;
    page.define = undefined;
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      page.define = define;
      if (page.Plotly) resolve(page.Plotly);
    };
    script.onerror = () => {
      page.define = define;
      plotly = undefined;
      reject(new Error(`${address} could not be loaded.`));
    };
    document.head.append(script);
  });
}
