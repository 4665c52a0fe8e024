/** Still pictures: Plotly drawn to SVG in Node, for places where no script runs. */
import type { Script } from "node:vm";
import { createWindow, type Dom } from "./document";
import { obstacleTo, type Still } from "./obstacles";
import { alike, type PlotlyFigure, type Trace } from "./plotly";
import { tidySvg } from "./svg-text";

/** A cell is not kept waiting for longer, in milliseconds: the live figure shows the same. */
const longest = 15_000;
const tooLong = "drawing it takes too long";
/** A notebook's file holds every still. */
const mostCharacters = 3e6;

interface Drawing {
  window: Dom;
  context: object;
  /** Plotly's code. */
  script: Script;
  /** Whether what the engine makes of it is kept for other processes. */
  isKept: boolean;
}

let drawing: Drawing | undefined;

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
    const svg = tidySvg(await Promise.race([drawn, late]));
    if (!drawing.isKept) keepCode(drawing);
    drawing.isKept = true;
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
function loadPlotly(): Drawing {
  const { readFileSync } = require("node:fs") as typeof import("node:fs");
  const { Script } = require("node:vm") as typeof import("node:vm");
  const code = readFileSync(require.resolve("plotly.js-dist-min"), "utf8");
  const cachedData = keptCode();
  const script = new Script(code, { filename: "plotly.min.js", cachedData });
  const made = createWindow();
  script.runInContext(made.context);
  return { ...made, script, isKept: cachedData !== undefined && !script.cachedDataRejected };
}

/** Where packages keep what they have worked out: it goes when the packages are installed again. */
function placeOfCode(): string {
  const { dirname, join } = require("node:path") as typeof import("node:path");
  const { cachedDataVersionTag } = require("node:v8") as typeof import("node:v8");
  const { version } = require("plotly.js-dist-min/package.json") as { version: string };
  const folder = dirname(dirname(require.resolve("plotly.js-dist-min/package.json")));
  // The tag follows from the engine, its options and the processor: what was made for others is refused.
  return join(folder, ".cache", "backprop", `plotly-${version}-${cachedDataVersionTag()}.bin`);
}

/** What the engine made of Plotly's code in an earlier process: half a second less until the first figure. */
function keptCode(): Buffer | undefined {
  const { readFileSync } = require("node:fs") as typeof import("node:fs");
  try {
    return readFileSync(placeOfCode());
  } catch {
    return undefined; // nothing has been drawn here yet
  }
}

/** To be called when something was drawn: the code holds what that took, too. */
function keepCode({ script }: Drawing): void {
  const { mkdirSync, renameSync, writeFileSync } = require("node:fs") as typeof import("node:fs");
  const { dirname } = require("node:path") as typeof import("node:path");
  const place = placeOfCode();
  try {
    mkdirSync(dirname(place), { recursive: true });
    // Another process may be reading: the file is there whole, or not at all.
    const own = `${place}.${process.pid}`;
    writeFileSync(own, "");
    writeFileSync(own, script.createCachedData());
    renameSync(own, place);
  } catch {
    // Where the packages are another's: every process compiles for itself.
  }
}
