/** What the tests of figures share: the parts of a shown value, and where its texts stand. */
import { JSDOM } from "jsdom";
import { type Displayable, display, type MimeBundle } from "../../src/show";
import { textWidth } from "../../src/show/text-width";

export async function bundleOf(value: Displayable): Promise<MimeBundle> {
  return value[display]();
}

/** One for all documents: most of what a window costs is not its document. */
const parser = new new JSDOM().window.DOMParser();

export function documentOf(html: string): Document {
  return parser.parseFromString(html, "text/html");
}

/** An SVG picture as a document. Throws if it is not well-formed: a browser draws none then. */
export function svgOf(source: string): Document {
  const document = parser.parseFromString(source, "image/svg+xml");
  const error = document.querySelector("parsererror");
  if (error) throw new Error(`No well-formed SVG: ${error.textContent}`);
  return document;
}

/** The output's HTML, parsed; with scripts taken out, as a repository's web view does. */
export async function pageOf(shown: Displayable | MimeBundle): Promise<Document> {
  const { "text/html": html } = display in shown ? await bundleOf(shown) : shown;
  const document = documentOf(html as string);
  for (const script of document.querySelectorAll("script")) script.remove();
  return document;
}

/** The still picture within the HTML, as an SVG document. */
export function pictureOf(page: Document): Document {
  const source = page.querySelector("img")?.getAttribute("src") ?? "";
  const start = "data:image/svg+xml,";
  if (!source.startsWith(start)) throw new Error(`No SVG picture: ${source.slice(0, 60)}`);
  return svgOf(decodeURIComponent(source.slice(start.length)));
}

export interface PlacedText {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Every line of text in a picture that is not turned, with about the room it takes, in pixels. */
export function textsOf(picture: Document): PlacedText[] {
  const leaves = [...picture.querySelectorAll("text")].flatMap((text) => {
    const lines = [...text.querySelectorAll("tspan[x]")];
    return lines.length > 0 ? lines : [text];
  });
  return leaves.flatMap((leaf) => {
    const text = leaf.textContent ?? "";
    let x = Number(leaf.getAttribute("x"));
    let y = Number(leaf.getAttribute("y"));
    for (let at: Element | null = leaf; at; at = at.parentElement) {
      const transform = at.getAttribute("transform") ?? "";
      if (transform.includes("rotate(-90")) return [];
      const [, dx, dy] = /translate\(([-\d.]+)[, ]?([-\d.]*)\)/.exec(transform) ?? [];
      x += Number(dx ?? 0);
      y += Number(dy ?? 0);
    }
    const size = Number.parseFloat(inherited(leaf, "font-size") || "12");
    y += size * Number.parseFloat(leaf.getAttribute("dy") ?? "0"); // in em
    const width = textWidth(text, size);
    const anchor = inherited(leaf, "text-anchor");
    const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
    return [{ text, left, right: left + width, top: y - 0.8 * size, bottom: y + 0.25 * size }];
  });
}

function inherited(element: Element, property: string): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const style = new RegExp(`(?:^|;)\\s*${property}:\\s*([^;]+)`).exec(
      at.getAttribute("style") ?? "",
    );
    const value = style?.[1] ?? at.getAttribute(property);
    if (value) return value;
  }
  return "";
}
