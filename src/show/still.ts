/** Still pictures: Plotly drawn to SVG in Node, for places where no script runs. */
import type { PlotlyFigure } from "./plotly";
import { textWidth } from "./text-width";

interface Plotly {
  toImage(figure: object, options: object): Promise<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: the document's own types are for browsers, and heavy
type Dom = any;

let plotly: Plotly | undefined;

/** Draws a figure as an SVG picture. The same figure gives the same text, in any process and order. */
export async function drawStill(
  figure: PlotlyFigure,
  width: number,
  height: number,
): Promise<string> {
  plotly ??= loadPlotly();
  const options = { format: "svg", imageDataOnly: true, width, height };
  const copy = JSON.parse(JSON.stringify(figure)); // Plotly writes its defaults into what it is given
  const svg = await plotly.toImage(copy, options);
  return shrink(withStableIds(svg));
}

/** Plotly with a document of its own, which lacks only what measures text and draws on a canvas. */
function loadPlotly(): Plotly {
  const { JSDOM } = require("jsdom") as {
    JSDOM: new (html: string, options: object) => { window: Dom };
  };
  const { readFileSync } = require("node:fs") as typeof import("node:fs");
  const { window } = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
  });
  window.TextDecoder = TextDecoder;
  window.TextEncoder = TextEncoder;
  window.URL.createObjectURL = () => "";
  window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {} });
  const element = window.Element.prototype;
  function box(this: Dom) {
    const lines = linesOf(this);
    const size = fontSize(this);
    const width = Math.max(0, ...lines.map((line) => textWidth(line, size)));
    const height = lines.some((line) => line !== "") ? 1.2 * size * lines.length : 0;
    return { x: 0, y: -size, top: 0, left: 0, width, height, right: width, bottom: height };
  }
  element.getBBox = box;
  element.getBoundingClientRect = box;
  element.getComputedTextLength = function (this: Dom) {
    return box.call(this).width;
  };
  window.HTMLCanvasElement.prototype.getContext = () => null;
  window.eval(readFileSync(require.resolve("plotly.js-dist-min"), "utf8"));
  return window.Plotly;
}

/** An SVG text has a `tspan` for each of its lines, or none if there is one line only. */
function linesOf(node: Dom): string[] {
  const lines = Array.from(node.querySelectorAll?.("tspan.line") ?? []) as {
    textContent: string;
  }[];
  return lines.length > 0 ? lines.map((line) => line.textContent) : [node.textContent ?? ""];
}

function fontSize(node: Dom): number {
  for (let at = node; at?.getAttribute; at = at.parentNode) {
    const size = Number.parseFloat(at.style?.fontSize || at.getAttribute("font-size") || "");
    if (size > 0) return size;
  }
  return 12;
}

/** Plotly numbers its clip paths anew at each drawing; here they are numbered from 0. */
function withStableIds(svg: string): string {
  const numbers = new Map<string, string>();
  for (const [, id] of svg.matchAll(/\bid="([^"]+)"/g)) {
    if (!numbers.has(id)) numbers.set(id, `p${numbers.size}`);
  }
  return svg
    .replace(/\bid="([^"]+)"/g, (_, id) => `id="${numbers.get(id)}"`)
    .replace(/url\((?:&quot;|['"])?[^#)]*#([^)'"&]+)(?:&quot;|['"])?\)/g, (all, id) =>
      numbers.has(id) ? `url(#${numbers.get(id)})` : all,
    )
    .replace(/(href="#)([^"]+)"/g, (all, start, id) =>
      numbers.has(id) ? `${start}${numbers.get(id)}"` : all,
    );
}

/** Takes out what changes nothing in the picture: classes, empty groups, defaults, hundredths of a pixel. */
function shrink(svg: string): string {
  let text = svg
    .replace(/<[^>]+>/g, (tag) =>
      tag.replace(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10)),
    )
    .replace(/ class="[^"]*"/g, "")
    .replace(
      /(?:stroke-miterlimit: 2|vector-effect: none|white-space: pre|(?:stroke-|fill-)?opacity: 1); ?/g,
      "",
    )
    .replace(/rgb\((\d+), (\d+), (\d+)\)/g, (_, ...rgb) => hex(rgb.slice(0, 3)))
    .replace(/ style=" ?"/g, "");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/<(g|path)(?: [^>]*)?(?:\/>|><\/\1>)/g, (all) =>
      / (?:d|id)="/.test(all) ? all : "",
    );
  }
  return text;
}

function hex(rgb: string[]): string {
  return `#${rgb.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
