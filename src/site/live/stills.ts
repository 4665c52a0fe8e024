/// <reference lib="dom" />
/**
 * Still pictures of figures that were made in a page: a notebook's file needs them where no script runs. Bundled into a
 * script that a page loads for a download.
 */
import { pictureHtml } from "../../show/display";
import type { PlotlyFigure } from "../../show/plotly";
import { stillWidth } from "../../show/style";
import { tidySvg } from "../../show/svg-text";
import { type NotebookOutput, textOf } from "../notebook-file";
import { loadScript, parts } from "./scripts";

/** A notebook's file holds every still. */
const mostCharacters = 3e6;

interface Plotly {
  toImage(figure: object, options: object): Promise<string>;
}

/** The output with a still in place of what its figure shows at first; as it is, if it holds no figure or none that can be drawn. */
export async function withStill(output: NotebookOutput): Promise<NotebookOutput> {
  const html = textOf(output.data?.["text/html"]);
  const figure = figureIn(html);
  if (!figure) return output;
  const still = await draw(figure).catch(() => undefined);
  if (!still) return output;
  const { alt, before, after } = firstIn(html) ?? { alt: undefined, before: "", after: "" };
  if (before === "") return output;
  const words = alt ?? textOf(output.data?.["text/plain"]);
  const picture = pictureHtml(still, words, stillWidth, figure.layout.height);
  return { ...output, data: { ...output.data, "text/html": before + picture + after } };
}

/** The figure that the script of an output draws: see figure.ts of src/show. */
function figureIn(html: string): PlotlyFigure | undefined {
  const call = "backprop.drawFigure(m.parentElement,";
  const from = html.indexOf(call);
  const to = html.lastIndexOf(")).catch(()=>{})");
  if (!html.startsWith('<div data-figure="plotly">') || from < 0 || to < from) return undefined;
  const json = html.slice(from + call.length, to).replace(/,u(?:,"[^"]*")?$/, "");
  return JSON.parse(json);
}

/** What stands in a figure's container before its script. */
function firstIn(html: string): { before: string; after: string; alt?: string } | undefined {
  const open = '<div data-figure="plotly">';
  const script = html.indexOf("<script>");
  if (script < 0) return undefined;
  const first = html.slice(open.length, script);
  const template = document.createElement("template");
  template.innerHTML = first;
  const alt = template.content.querySelector("img")?.alt;
  return { before: open, after: html.slice(script), alt };
}

async function draw(figure: PlotlyFigure): Promise<string | undefined> {
  const page = window as unknown as { Plotly?: Plotly };
  if (!page.Plotly) await loadScript("plotly.min.js");
  const copy = JSON.parse(JSON.stringify(figure)); // Plotly writes its defaults into what it is given
  const { height } = copy.layout;
  const options = { format: "svg", imageDataOnly: true, width: stillWidth, height };
  const svg = tidySvg((await page.Plotly?.toImage(copy, options)) ?? "");
  return svg.length > 0 && svg.length <= mostCharacters ? svg : undefined;
}

parts().withStill = withStill;
