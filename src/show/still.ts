/** Still pictures: Plotly drawn to SVG in Node, for places where no script runs. */
import { createWindow, type Dom } from "./document";
import { obstacleTo } from "./obstacles";
import { alike, type PlotlyFigure, type Trace } from "./plotly";

/** A picture, or the reason why there is none, as it follows "because". */
export type Still = { svg: string } | { reason: string };

/** A cell is not kept waiting for longer, in milliseconds: the live figure shows the same. */
const longest = 15_000;
const tooLong = "drawing it takes too long";
/** A notebook's file holds every still. */
const mostCharacters = 3e6;

let drawing: { window: Dom; context: object } | undefined;

/**
 * Draws a figure as an SVG picture. The same figure gives the same text, in any process and order. What cannot be
 * drawn like that, or takes too long, has a reason instead.
 *
 * @param limit milliseconds after which it takes too long
 */
export async function drawStill(
  figure: PlotlyFigure,
  width: number,
  height: number,
  limit = longest,
): Promise<Still> {
  const reason = obstacleTo(figure);
  if (reason) return { reason };
  const copy = JSON.parse(JSON.stringify(figure)); // Plotly writes its defaults into what it is given
  for (const trace of copy.data as Trace[]) trace.type = alike[trace.type] ?? trace.type;
  const { runInContext } = require("node:vm") as typeof import("node:vm");
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    drawing ??= loadPlotly();
    const { window, context } = drawing;
    window.still = { figure: copy, options: { format: "svg", imageDataOnly: true, width, height } };
    // Plotly draws in one go, and can only be stopped from outside; what comes after is short, if it comes.
    const drawn = runInContext("Plotly.toImage(still.figure, still.options)", context, {
      timeout: limit,
    }) as Promise<string>;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(tooLong)), limit);
    });
    const svg = shrink(withStableIds(await Promise.race([drawn, late])));
    if (svg.length > mostCharacters)
      return { reason: `it would take ${Math.round(svg.length / 1e6)} MB` };
    // As a carpet of two by two points: Plotly draws on without a word.
    if (/ d="[^"]*(?:undefined|NaN)/.test(svg))
      return { reason: "Plotly finds no place for some of its points" };
    return { svg };
  } catch (error) {
    drawing = undefined; // half a picture may stand in it
    return { reason: whyNot(error) };
  } finally {
    clearTimeout(timer);
  }
}

function whyNot(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? tooLong : (message ?? String(error));
}

/** Plotly with a window of its own. */
function loadPlotly(): { window: Dom; context: object } {
  const { readFileSync } = require("node:fs") as typeof import("node:fs");
  const made = createWindow();
  made.window.eval(readFileSync(require.resolve("plotly.js-dist-min"), "utf8"));
  return made;
}

/** Plotly gives its clip paths new numbers at each drawing; here they are numbered from 0. */
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
    text = text.replace(/<(g|path)(?: [^>]*")?(?:\/>|><\/\1>)/g, (all) =>
      / (?:d|id)="/.test(all) ? all : "",
    );
  }
  return text;
}

function hex(rgb: string[]): string {
  return `#${rgb.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}
