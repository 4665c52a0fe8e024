/** Figures: a still picture for everywhere, and a live one where scripts run and Plotly can be reached. */

import { said } from "../arithmetic";
import { drawCard, inWords } from "./card";
import { type Displayable, display, escapeHtml, type MimeBundle, pictureHtml } from "./display";
import { inlineScript, isInVsCode } from "./inline";
import { count, gapsNote, leftOut, onShownAxes } from "./left-out";
import { packed } from "./packed";
import { plain } from "./plain";
import { kinds, type Layout, type PlotlyFigure, type Trace } from "./plotly";
import { drawStill } from "./still";
import { stillWidth, styledLayout, styledTrace, titledLayout, withNotes } from "./style";

/** In pixels: below, there is no room for axes; above, it is too much for a notebook. */
const leastHeight = 100;
const mostHeight = 5000;

export interface FigureOptions {
  /** Lists of numbers may be typed arrays, at any depth. What is not a finite number there is a gap. */
  data: readonly Trace[];
  title?: string;
  /** Titles of the axes, with units where there are any. */
  xTitle?: string;
  yTitle?: string;
  /** Whether an axis is logarithmic. */
  xLog?: boolean;
  yLog?: boolean;
  /** Anything else of Plotly's layout; it overrides the house style. */
  layout?: Layout;
  /** Plotly's frames, for sliders and buttons of the live figure. */
  frames?: readonly object[];
  /** What the picture shows, for those who do not see it: what is plotted, and the numbers that matter. */
  alt: string;
  /** A sentence that stands below the picture and behind the alt text: what is left out, or cut off. */
  note?: string;
  /** In pixels. Default 380. */
  height?: number;
}

export interface Figure extends Displayable {
  readonly alt: string;
  /** The figure as Plotly takes it, in the house style. */
  readonly figure: PlotlyFigure;
  /** The HTML of the figure; with an id, it takes the place of an earlier one of the same id without a flicker. */
  html(id?: string): Promise<string>;
}

/**
 * Any Plotly figure in the house style: traces are lines unless they say otherwise, each with its colour and dash.
 * It is live wherever scripts run. A kind that cannot be drawn without a screen, such as `scatter3d`, has a still that
 * says in words what it shows. What has no place on a logarithmic axis, or is not a number, is counted below.
 *
 * @throws TypeError for anything that is not a figure: a kind of trace that Plotly does not know, functions, bigints
 * @throws RangeError for nothing to plot, for x and y of different lengths, and for a layout with NaN in it
 */
export function plot(options: FigureOptions): Figure {
  const { note } = checkedOptions(options);
  let gaps = 0;
  const data = options.data.map((trace, n) => {
    const copy = plain(trace, `data[${n}]`, { onGap: () => gaps++ }) as Trace;
    checkTrace(copy, `data[${n}]`);
    return copy;
  });
  if (!data.some(hasContent))
    throw new RangeError("There is nothing to plot: every list in data is empty.");
  const own = plain(options.layout ?? {}, "layout") as Layout;
  const height = checkedHeight(own.height ?? options.height ?? 380);
  const { layout: shown, notes } = onShownAxes(data, titledLayout(options, data, own));
  if (gaps > 0) notes.push(gapsNote(gaps, "value", "values"));
  notes.push(...leftOut(data, shown), ...(note ? [note] : []));
  const figure: PlotlyFigure = {
    data: data.map(styledTrace),
    layout: withNotes(styledLayout(shown, data, height), notes),
    ...(options.frames
      ? { frames: plain(options.frames, "frames", { onGap: () => {} }) as object[] }
      : {}),
  };
  const alt = sentences(options.alt, ...notes);
  const show = async (id?: string) => {
    const { picture, words } = await pictured(figure, alt);
    const still = pictureHtml(picture, words, stillWidth, figure.layout.height);
    return { html: figureHtml(figure, still, id), words };
  };
  return {
    alt,
    figure,
    html: async (id) => (await show(id)).html,
    async [display](): Promise<MimeBundle> {
      const { html, words } = await show();
      return { "text/html": html, "text/plain": words, ...plotlyBundle(figure) };
    },
  };
}

/** The still of a figure, and what it says to those who do not see it: where it cannot be drawn, both are words. */
async function pictured(
  figure: PlotlyFigure,
  alt: string,
): Promise<{ picture: string; words: string }> {
  const { title, height } = figure.layout;
  const still = await drawStill(figure, stillWidth, height);
  if ("svg" in still) return { picture: still.svg, words: alt };
  const lines = [
    `This figure is live where scripts run. There is no still picture of it: ${still.reason}.`,
    ...inWords(figure),
  ];
  const picture = drawCard(
    title?.text ?? "",
    [lines[0], alt, ...lines.slice(1)],
    stillWidth,
    height,
  );
  return { picture, words: sentences(alt, ...lines) };
}

/** Sentences one after the other; the reader's own may be missing its full stop. */
function sentences(first: string, ...more: string[]): string {
  if (more.length === 0) return first;
  return [/[^.!?…]$/.test(first) ? `${first}.` : first, ...more].filter(Boolean).join(" ");
}

function checkedOptions(options: FigureOptions): FigureOptions {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`plot takes { data: […], alt: "…" }, but got ${options}.`);
  const { data, alt } = options;
  if (!Array.isArray(data))
    throw new TypeError(`A figure's data has to be a list of traces, but it is ${said(data)}.`);
  if (data.length === 0)
    throw new RangeError("There is nothing to plot: data is an empty list of traces.");
  if (typeof alt !== "string")
    throw new TypeError(`alt has to say in words what the picture shows, but it is ${said(alt)}.`);
  return options;
}

function checkedHeight(height: number): number {
  if (!(height >= leastHeight && height <= mostHeight))
    throw new RangeError(
      `A figure is ${leastHeight} to ${mostHeight} pixels high, but height is ${said(height)}.`,
    );
  return height;
}

/** @throws unless Plotly has something to draw of it */
function checkTrace(trace: Trace, place: string): void {
  if (typeof trace !== "object" || trace === null || Array.isArray(trace))
    throw new TypeError(
      `${place} is ${said(trace)}: a trace is an object such as { x: […], y: […] }.`,
    );
  const { type = "scatter", x, y } = trace;
  if (!kinds.has(type))
    throw new TypeError(
      `${place}.type is ${said(type)}, a kind of trace that Plotly does not know. It knows ${[...kinds.keys()].join(", ")}.`,
    );
  if (!/^(?:scatter(?:gl)?|bar)$/.test(type)) return;
  for (const [key, list] of Object.entries({ x, y })) {
    if (list !== undefined && list !== null && !Array.isArray(list) && !list.bdata)
      throw new TypeError(`${place}.${key} is ${said(list)}: it has to be a list.`);
  }
  if (!x && !y) throw new TypeError(`${place} has neither x nor y: there is nothing to draw.`);
  // Two rows as x are categories and their groups.
  if (Array.isArray(x) && Array.isArray(y) && !Array.isArray(x[0]) && !Array.isArray(y[0])) {
    if (x.length !== y.length)
      throw new RangeError(
        `${place} has ${count(x.length, "value", "values")} of x and ${y.length} of y: each point needs both.`,
      );
  }
}

/** Whether a trace has something in a list, or shows something that is not a list. */
function hasContent(part: unknown): boolean {
  if (Array.isArray(part)) return part.length > 0;
  if (typeof part !== "object" || part === null) return false;
  if (["value", "source", "bdata"].some((key) => key in part)) return true;
  return Object.values(part).some(hasContent);
}

/** The figure for front ends that draw Plotly's figures themselves, as VS Code does; they run no script of ours. */
export function plotlyBundle(figure: PlotlyFigure): Record<string, object> {
  return { "application/vnd.plotly.v1+json": packed(figure) };
}

/** The container of a figure: what shows at first, and the script that draws the live figure in its place. */
export function figureHtml(figure: PlotlyFigure, atFirst: string, id?: string): string {
  const [plainly, inBase64] = [figure, packed(figure)].map((one) => JSON.stringify(one));
  const json = (inBase64.length < plainly.length ? inBase64 : plainly).replace(/</g, "\\u003c");
  const call = `backprop.drawFigure(p,${json},u${id ? `,${JSON.stringify(id)}` : ""})`;
  return `<div data-figure="plotly">${atFirst}${pageScript("figures.js", call)}</div>`;
}

/** Our files that outputs load, and the attribute of the element in an output that each brings to life. */
const containers = { "figures.js": "figure", "explore.js": "explore", "cards.js": "card" };

/**
 * A script element that loads one of our files, once for a page, and then runs a call with the output's container as `p`
 * and the files' folder as `u`: the one a page of the web edition names, or the kernelspec's in Jupyter. Where there is
 * neither it waits for the script of that name that stands in an output, in VS Code in this one. (VS Code runs a script
 * outside its place, and takes it away.) It is short, since it stands in every output.
 */
export function pageScript(file: keyof typeof containers, call: string): string {
  return (
    (isInVsCode() ? inlineScript(file) : "") +
    `<script>(e=>{const d=document,w="[data-${containers[file]}]",p=e.closest(w)??e.querySelector(w),` +
    'c=d.getElementById("jupyter-config-data"),b=c?JSON.parse(c.textContent).baseUrl:d.body.dataset.baseUrl,' +
    'u=d.documentElement.dataset.backprop??(b&&b+"kernelspecs/backprop/"),l=window.backpropFiles??={};' +
    `(l["${file}"]??=new Promise((y,n)=>{if(!u)return addEventListener("backprop:${file}",y);const s=d.createElement("script");` +
    `s.src=u+"${file}";s.onload=y;s.onerror=n;d.head.append(s)})).then(()=>${call}).catch(()=>{})})(document.currentScript.parentElement)</script>`
  );
}

/** A line of text as HTML, for where no picture is ready yet. */
export function lineHtml(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
