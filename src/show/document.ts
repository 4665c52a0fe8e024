/** The document in which Plotly draws in Node: jsdom's, with what it does not have for laying out a picture. */
import { PixelContext } from "./canvas";
import { pointAt, type Walk, walkOf } from "./path-length";
import { textWidth } from "./text-width";

// biome-ignore lint/suspicious/noExplicitAny: the document's own types are for browsers, and heavy
export type Dom = any;

/** Makes a window without a screen. Nothing in it writes to the console or loads anything from anywhere. */
export function createWindow(): { window: Dom; context: object } {
  const { JSDOM, VirtualConsole } = require("jsdom") as Dom;
  const dom = new JSDOM("<!doctype html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  const { window } = dom;
  window.TextDecoder = TextDecoder;
  window.TextEncoder = TextEncoder;
  window.URL.createObjectURL = () => "";
  window.matchMedia = () => ({ matches: false, addListener() {}, removeListener() {} });
  loadNothing(window);
  measureTexts(window);
  measurePaths(window);
  giveCanvases(window);
  return { window, context: dom.getInternalVMContext() };
}

/** What Plotly would load, from the internet or as a picture, never arrives; nor does an error, which it might not catch. */
function loadNothing(window: Dom): void {
  window.XMLHttpRequest.prototype.send = () => {};
  window.fetch = () => new Promise(() => {});
  const image = window.HTMLImageElement.prototype;
  Object.defineProperty(image, "src", { set() {} });
}

function measureTexts(window: Dom): void {
  const element = window.Element.prototype;
  function box(this: Dom) {
    const lines = linesOf(this);
    const size = fontSize(this);
    const width = Math.max(0, ...lines.map((line) => textWidth(line, size)));
    const height = lines.some((line) => line !== "") ? 1.2 * size * lines.length : 0;
    // Plotly asks where an annotation's first line begins, and for other texts only how large they are.
    const top = this.classList?.contains("annotation-text") ? -0.95 * size : 0;
    return { x: 0, y: -size, top, left: 0, width, height, right: width, bottom: top + height };
  }
  element.getBBox = box;
  element.getBoundingClientRect = box;
  element.getComputedTextLength = function (this: Dom) {
    return box.call(this).width;
  };
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

function measurePaths(window: Dom): void {
  const walks = new WeakMap<object, { d: string; walk: Walk }>();
  const walk = (path: Dom) => {
    const d = path.getAttribute("d") ?? "";
    const known = walks.get(path);
    if (known && known.d === d) return known.walk;
    const walk = walkOf(d);
    walks.set(path, { d, walk });
    return walk;
  };
  const element = window.SVGElement.prototype;
  element.getTotalLength = function (this: Dom) {
    return walk(this).lengths.at(-1) ?? 0;
  };
  element.getPointAtLength = function (this: Dom, length: number) {
    return pointAt(walk(this), length);
  };
}

function giveCanvases(window: Dom): void {
  const colours = new Map<string, readonly number[]>();
  const readColour = (css: string) => {
    let colour = colours.get(css);
    if (!colour) {
      // As jsdom's own style sheets read it: rgb(…) or rgba(…).
      const { style } = window.document.createElement("i");
      style.color = css;
      const [red = 0, green = 0, blue = 0, opacity = 1] = (style.color.match(/[\d.]+/g) ?? []).map(
        Number,
      );
      colour = [red, green, blue, opacity];
      colours.set(css, colour);
    }
    return colour;
  };
  const contexts = new WeakMap<object, PixelContext>();
  const canvas = window.HTMLCanvasElement.prototype;
  canvas.getContext = function (this: Dom, kind: string) {
    if (kind !== "2d") return null;
    const context = contexts.get(this) ?? new PixelContext(this, readColour);
    contexts.set(this, context);
    return context;
  };
  canvas.toDataURL = function (this: Dom) {
    return this.getContext("2d").toDataURL();
  };
}
