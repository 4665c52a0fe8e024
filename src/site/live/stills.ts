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

/** What figures say that have no still: see figure.ts of src/show. */
const noPicture = "This figure is live where scripts run.";

interface Plotly {
  toImage(figure: object, options: object): Promise<string>;
}

const start = '<div data-figure="plotly">';

/**
 * The output with a still in place of what its figure shows at first; as it is if it holds no figure, has a still, or
 * cannot be drawn.
 */
export async function withStill(output: NotebookOutput): Promise<NotebookOutput> {
  const html = textOf(output.data?.["text/html"]);
  const figure = figureIn(html);
  if (!figure) return output;
  const script = html.indexOf("<script>");
  const atFirst = document.createElement("template");
  atFirst.innerHTML = html.slice(start.length, script);
  const picture = atFirst.content.querySelector("img");
  // In a page a cell's figure has an empty picture at first, or one of words.
  const isDrawn = /%3C(?:path|circle|rect|text)/.test(picture?.getAttribute("src") ?? "");
  if (isDrawn && !picture?.alt.includes(noPicture)) return output;
  const still = await draw(figure).catch(() => undefined);
  if (!still) return output;
  const alt = picture?.alt.split(` ${noPicture}`)[0] ?? textOf(output.data?.["text/plain"]);
  const drawn = start + pictureHtml(still, alt, stillWidth, figure.layout.height);
  return { ...output, data: { ...output.data, "text/html": drawn + html.slice(script) } };
}

/** The figure that the script of an output draws: see figure.ts of src/show. */
function figureIn(html: string): PlotlyFigure | undefined {
  const call = "backprop.drawFigure(p,";
  const from = html.indexOf(call);
  const to = html.lastIndexOf(")).catch(()=>{})");
  if (!html.startsWith(start) || from < 0 || to < from) return undefined;
  const json = html.slice(from + call.length, to).replace(/,u(?:,"[^"]*")?$/, "");
  return JSON.parse(json);
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
