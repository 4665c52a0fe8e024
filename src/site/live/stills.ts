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

/** Figures in an output, alone or within a card: what each shows at first, and its script. */
const figures = /(?<=<div data-figure="plotly">)(.*?)(<script>.*?<\/script>)/gs;

/**
 * The output with a still in place of what its figures show at first; as it is if it holds no figure, and where one has a
 * still, or cannot be drawn.
 */
export async function withStill(output: NotebookOutput): Promise<NotebookOutput> {
  const html = textOf(output.data?.["text/html"]);
  const words = textOf(output.data?.["text/plain"]);
  let drawn = "";
  let at = 0;
  for (const { index = 0, 0: all, 1: atFirst, 2: script } of html.matchAll(figures)) {
    const still = await stillOf(atFirst, script, words);
    if (!still) continue;
    drawn += html.slice(at, index) + still + script;
    at = index + all.length;
  }
  if (at === 0) return output;
  return { ...output, data: { ...output.data, "text/html": drawn + html.slice(at) } };
}

/** @param words what the figure shows, if its picture does not say it */
async function stillOf(
  atFirst: string,
  script: string,
  words: string,
): Promise<string | undefined> {
  const figure = figureIn(script);
  if (!figure) return undefined;
  const template = document.createElement("template");
  template.innerHTML = atFirst;
  const picture = template.content.querySelector("img");
  // In a page a cell's figure has an empty picture at first, or one of words.
  const isDrawn = /%3C(?:path|circle|rect|text)/.test(picture?.getAttribute("src") ?? "");
  if (isDrawn && !picture?.alt.includes(noPicture)) return undefined;
  const still = await draw(figure).catch(() => undefined);
  if (!still) return undefined;
  const alt = picture?.alt.split(` ${noPicture}`)[0] ?? words;
  return pictureHtml(still, alt, stillWidth, figure.layout.height);
}

/** The figure that the script of an output draws: see figure.ts of src/show. */
function figureIn(script: string): PlotlyFigure | undefined {
  const call = "backprop.drawFigure(p,";
  const from = script.indexOf(call);
  const to = script.lastIndexOf(")).catch(()=>{})");
  if (from < 0 || to < from) return undefined;
  const json = script.slice(from + call.length, to).replace(/,u(?:,"[^"]*")?$/, "");
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
