/** Still pictures: Plotly drawn to SVG in Node, for places where no script runs. */
import { createWindow, type Dom } from "./document";
import { alike, kinds, type PlotlyFigure, type Trace } from "./plotly";
import { tidySvg } from "./svg-text";

/** A picture, or the reason why there is none, as it follows "because". */
export type Still = { svg: string } | { reason: string };

/** A cell is not kept waiting for longer, in milliseconds: the live figure shows the same. */
const longest = 15_000;
const tooLong = "drawing it takes too long";
/** Most marks, each an element of its own: more take long, and make a file of megabytes. */
const mostMarks = 20_000;
/** A notebook's file holds every still. */
const mostCharacters = 3e6;

let drawing: { window: Dom; context: object } | undefined;

/**
 * Draws a figure as an SVG picture. The same figure gives the same text, in any process and order. What cannot be
 * drawn so, or takes too long, has a reason instead.
 *
 * @param limit milliseconds after which it takes too long
 */
export async function drawStill(
  figure: PlotlyFigure,
  width: number,
  height: number,
  limit = longest,
): Promise<Still> {
  const reason = [...figure.data.map(obstacle), loading(figure)].find((one) => one !== undefined);
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
    const svg = tidySvg(await Promise.race([drawn, late]));
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

/** Why a trace has no still picture, as far as that is known before drawing. */
function obstacle(trace: Trace): string | undefined {
  const kind = trace.type ?? "scatter";
  const reason = kinds.get(kind);
  if (reason) return reason;
  if (kind === "image" && trace.source) return "only a browser reads the pixels of its picture";
  const isLines =
    /^scatter/.test(kind) && !/markers|text/.test(trace.mode ?? "markers") && !trace.error_y;
  const isPart = /^(?:histogram|contour|heatmap|image|violin|box)/.test(kind);
  const marks = isLines || isPart ? 0 : Math.max(0, ...Object.values(trace).map(lengthOf));
  return marks > mostMarks ? `it has ${marks.toLocaleString("en")} marks` : undefined;
}

/** Plotly would wait for pictures in the background that have to be loaded. */
function loading({ layout }: PlotlyFigure): string | undefined {
  const addresses = (layout.images ?? []).map(({ source }: { source?: string }) => source ?? "");
  const far = addresses.find((address: string) => !/^(?:data:|$)/.test(address));
  return far && `a picture in it would have to be loaded from ${far.slice(0, 60)}`;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
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
