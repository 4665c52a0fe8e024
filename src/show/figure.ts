/** Figures: a still picture for everywhere, and a live one where scripts run and Plotly can be reached. */
import { type Displayable, display, escapeHtml, type MimeBundle, pictureHtml } from "./display";
import type { Layout, PlotlyFigure, Trace } from "./plotly";
import { drawStill } from "./still";
import { textWidth } from "./text-width";

/**
 * Okabe and Ito's palette, told apart by the colour-blind; and dashes, for those who see no colour. Seven of
 * the one and six of the other: 42 curves pass before a pair comes again.
 */
export const palette = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#8A6D00",
  "#3C8FC4",
  "#000000",
];
export const dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

const stillWidth = 640;

export interface FigureOptions {
  data: readonly Trace[];
  title?: string;
  /** Titles of the axes, with units where there are any. */
  xTitle?: string;
  yTitle?: string;
  /** Anything else of Plotly's layout; what it says comes before the house style. */
  layout?: Layout;
  /** What the picture shows, for those who do not see it: what is plotted, and the numbers that matter. */
  alt: string;
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

/** Any Plotly figure in the house style: traces are lines unless they say otherwise, each with its colour and dash. */
export function plot({
  data,
  title,
  xTitle,
  yTitle,
  layout = {},
  alt,
  height = 380,
}: FigureOptions): Figure {
  const titled = {
    ...(title ? { title: { text: title } } : {}),
    xaxis: xTitle ? { title: { text: xTitle } } : {},
    yaxis: yTitle ? { title: { text: yTitle } } : {},
    ...layout,
  };
  const figure = { data: data.map(styledTrace), layout: styledLayout(titled, data, height) };
  const html = async (id?: string) => {
    const still = await drawStill(figure, stillWidth, height);
    return figureHtml(figure, pictureHtml(still, alt, stillWidth, height), id);
  };
  return {
    alt,
    figure,
    html,
    async [display](): Promise<MimeBundle> {
      return { "text/html": await html(), "text/plain": alt };
    },
  };
}

/** The container of a figure: what shows at first, and the script that draws the live figure in its place. */
export function figureHtml(figure: PlotlyFigure, atFirst: string, id?: string): string {
  const json = JSON.stringify(figure).replace(/</g, "\\u003c");
  const call = `backprop.drawFigure(m.parentElement,${json},u${id ? `,${JSON.stringify(id)}` : ""})`;
  return `<div data-figure="plotly">${atFirst}${pageScript("figures.js", call)}</div>`;
}

/**
 * A script element that loads one of our files, once for a page, and then runs a call with the element as `m`
 * and the files' folder as `u`: the one a page of the web edition names, or the kernelspec's in Jupyter. It is
 * short, since it stands in every output.
 */
export function pageScript(file: string, call: string): string {
  return (
    '<script>(m=>{const d=document,c=d.getElementById("jupyter-config-data"),b=c?JSON.parse(c.textContent).baseUrl:d.body.dataset.baseUrl,' +
    'u=d.documentElement.dataset.backprop??(b&&b+"kernelspecs/backprop/");if(!u)return;' +
    `const l=window.backpropFiles??={};(l["${file}"]??=new Promise((y,n)=>{const s=d.createElement("script");` +
    `s.src=u+"${file}";s.onload=y;s.onerror=n;d.head.append(s)})).then(()=>${call}).catch(()=>{})})(document.currentScript)</script>`
  );
}

function styledTrace(trace: Trace, index: number): Trace {
  if (trace.type && trace.type !== "scatter") return trace;
  const style = {
    color: palette[index % palette.length],
    dash: dashes[index % dashes.length],
    width: 2,
  };
  return {
    type: "scatter",
    mode: "lines",
    ...trace,
    x: trace.x && Array.from(trace.x as number[], short),
    y: Array.from(trace.y as number[], short),
    line: { ...style, ...trace.line },
    marker: { color: style.color, ...trace.marker },
  };
}

function styledLayout(layout: Layout, data: readonly Trace[], height: number): Layout {
  const { title, ...rest } = layout;
  const axes: Layout = {};
  for (const key of new Set(["xaxis", "yaxis", ...Object.keys(layout)])) {
    if (/^[xy]axis\d*$/.test(key))
      axes[key] = {
        ...axisStyle(layout[key]?.type === "log", key.startsWith("y")),
        ...(layout[key]?.type === "log" && !layout[key].range ? logTicks(valuesOn(key, data)) : {}),
        ...layout[key],
      };
  }
  const legendRows = rowsOfLegend(data);
  return {
    font: { family: "sans-serif", size: 13, color: "#222" },
    paper_bgcolor: "#fff",
    plot_bgcolor: "#fff",
    // Plotly would find the margins by measuring, which a document without a screen cannot.
    margin: { l: 70, r: 24, t: (title ? 46 : 16) + 22 * legendRows, b: 64, autoexpand: false },
    showlegend: legendRows > 0,
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    height,
    ...rest,
    ...(title
      ? {
          title: {
            x: 0.02,
            xanchor: "left",
            y: 1,
            yanchor: "top",
            pad: { t: 14 },
            font: { size: 15 },
            ...title,
          },
        }
      : {}),
    ...axes,
  };
}

function axisStyle(isLog: boolean, isY: boolean): Layout {
  const lines = { gridcolor: "#e3e3e3", linecolor: "#888", zerolinecolor: "#bbb" };
  return isLog
    ? { ...lines, exponentformat: "power", tickfont: { size: 11 } }
    : {
        ...lines,
        exponentformat: "none",
        separatethousands: true,
        ...(isY ? { tickformatstops: shortNumbers } : {}),
      };
}

/** Over one or two powers of ten Plotly writes all digits from 2 to 9, one on the other: 2 and 5 are enough. */
function logTicks(values: readonly number[]): Layout {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const powers = Math.log10(most / values.reduce((a, b) => Math.min(a, b), most));
  return powers > 0.5 && powers < 3 ? { dtick: "D2" } : {};
}

/** What stands on an axis, "yaxis2" or another, above 0. */
function valuesOn(key: string, data: readonly Trace[]): number[] {
  const name = key.replace("axis", "");
  const letter = name[0];
  return data
    .filter((trace) => (trace[`${letter}axis`] ?? letter) === name)
    .flatMap((trace) => Array.from((trace[letter] as ArrayLike<number>) ?? []))
    .filter((value) => value > 0);
}

/** Beside a y-axis there is room for six characters: 2e+11, and not 200,000,000,000. */
const shortNumbers = [
  { dtickrange: [20_000, null], value: "~e" },
  { dtickrange: [null, 0.0001], value: "~e" },
];

/** How many lines the legend takes at a width of 600; none if there is nothing to tell apart. */
function rowsOfLegend(data: readonly Trace[]): number {
  const names = data.filter(
    (trace) => trace.name && trace.showlegend !== false && trace.type !== "contour",
  );
  if (names.length < 2) return 0;
  // Plotly sets the names one after the other if one line holds them all, and else in equal columns.
  const widths = names.map((trace) => textWidth(trace.name, 13) + 50);
  const room = 600 - 94;
  if (widths.reduce((sum, width) => sum + width) <= room) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

/** Six digits are more than a picture shows. */
export function short(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}

/** A line of text as HTML, for where no picture is ready yet. */
export function lineHtml(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
