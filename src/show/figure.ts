/** Figures: a still picture for everywhere, and a live one where scripts run and Plotly can be reached. */
import { drawCard, inWords } from "./card";
import { said } from "./checks";
import { type Displayable, display, escapeHtml, type MimeBundle, pictureHtml } from "./display";
import { count, gapsNote, leftOut, onShownAxes } from "./left-out";
import { plain } from "./plain";
import {
  hasColourBar,
  hasRangeSlider,
  kinds,
  type Layout,
  type PlotlyFigure,
  standsInScene,
  type Trace,
} from "./plotly";
import { drawStill } from "./still";
import { textWidth, wrapped } from "./text-width";

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
const titleSize = 15;
/** Notes below a figure: the size of their letters, and the room for a line, in pixels. */
const noteSize = 11;
const noteHeight = 16;
/** In pixels: below, there is no room for axes; beyond, a notebook is no place for it. */
const leastHeight = 100;
const mostHeight = 5000;

export interface FigureOptions {
  /** Lists of numbers may be typed arrays, at any depth. What is not a finite number there is a gap. */
  data: readonly Trace[];
  title?: string;
  /** Titles of the axes, with units where there are any. */
  xTitle?: string;
  yTitle?: string;
  /** Anything else of Plotly's layout; what it says comes before the house style. */
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
 * It is live wherever scripts run. A kind that cannot be drawn without a screen, as `scatter3d`, has a still that
 * says in words what it shows. What has no place on a logarithmic axis, and what is no number, is counted below.
 *
 * @throws TypeError for what is no figure: a kind of trace that Plotly does not know, functions, bigints
 * @throws RangeError for nothing to plot, for x and y of different lengths, and for a layout with NaN in it
 */
export function plot(options: FigureOptions): Figure {
  const { title, xTitle, yTitle, note } = checkedOptions(options);
  let gaps = 0;
  const data = options.data.map((trace, n) => {
    const copy = plain(trace, `data[${n}]`, { onGap: () => gaps++ }) as Trace;
    checkTrace(copy, `data[${n}]`);
    return copy;
  });
  if (!data.some(hasContent))
    throw new RangeError("There is nothing to plot: every list in data is empty.");
  const own = titled(plain(options.layout ?? {}, "layout") as Layout);
  const height = checkedHeight(own.height ?? options.height ?? 380);
  const { layout: shown, notes } = onShownAxes(data, {
    ...(title ? { title: { text: title } } : {}),
    ...own,
    ...axesOf(data, { xaxis: axisTitled(xTitle), yaxis: axisTitled(yTitle) }, own),
  });
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
      return { "text/html": html, "text/plain": words };
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
    throw new TypeError(`Say in alt what the picture shows; it is ${said(alt)}.`);
  return options;
}

function checkedHeight(height: number): number {
  if (!(height >= leastHeight && height <= mostHeight))
    throw new RangeError(
      `A figure is ${leastHeight} to ${mostHeight} pixels high, but height is ${said(height)}.`,
    );
  return height;
}

/** Titles that are only a text, as older versions of Plotly took them, in the form of today. */
function titled(layout: Layout): Layout {
  const form = (part: Layout) =>
    typeof part?.title === "string" ? { ...part, title: { text: part.title } } : part;
  return form(
    Object.fromEntries(
      Object.entries(layout).map(([key, part]) => [key, /axis\d*$/.test(key) ? form(part) : part]),
    ),
  );
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

/** Whether a trace has something in a list, or shows something that is none. */
function hasContent(part: unknown): boolean {
  if (Array.isArray(part)) return part.length > 0;
  if (typeof part !== "object" || part === null) return false;
  if (["value", "source", "bdata"].some((key) => key in part)) return true;
  return Object.values(part).some(hasContent);
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
  const { type } = trace;
  if (type === "pie" || type === "funnelarea") return { textinfo: "label+percent", ...trace };
  if (type && type !== "scatter" && type !== "scattergl") return trace;
  const style = {
    color: palette[index % palette.length],
    dash: dashes[index % dashes.length],
    width: 2,
  };
  return {
    type: "scatter",
    mode: "lines",
    ...trace,
    x: shortened(trace.x),
    y: shortened(trace.y),
    line: { ...style, ...trace.line },
    marker: { color: style.color, ...trace.marker },
  };
}

/** A list with its numbers in as many digits as a picture can show; names and dates stay. */
function shortened(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  const [low, high] = extent(list);
  // Numbers that differ by little beside their size are told apart by later digits.
  let digits = 6;
  let size = high > low ? Math.max(-low, high) : 0;
  for (; digits < 17 && size > 100 * (high - low); size /= 10) digits++;
  return list.map((one) => (typeof one === "number" ? short(one, digits) : one));
}

/** Whether numbers differ by little beside their size. */
function areClose(list: readonly unknown[]): boolean {
  const [low, high] = extent(list);
  return high > low && Math.max(-low, high) > 1000 * (high - low);
}

/** The least and the largest number of a list. */
function extent(list: readonly unknown[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const one of list) {
    if (typeof one !== "number") continue;
    if (one < low) low = one;
    if (one > high) high = one;
  }
  return [low, high];
}

function styledLayout(layout: Layout, data: readonly Trace[], height: number): Layout {
  const { title, ...rest } = layout;
  const axes: Layout = {};
  for (const key of new Set(["xaxis", "yaxis", ...Object.keys(layout)])) {
    if (!/^[xy]axis\d*$/.test(key)) continue;
    const values = valuesOn(key, data);
    axes[key] = {
      ...axisStyle(layout[key]?.type === "log", key.startsWith("y") && !areClose(values)),
      ...(layout[key]?.type === "log" && !layout[key].range ? logTicks(values) : {}),
      ...layout[key],
    };
  }
  const legendRows = rowsOfLegend(data);
  const hasColours = data.some(showsColourBar) || layout.coloraxis;
  const hasScene = data.every(({ type }) => standsInScene.has(type));
  // Plotly cuts off a title that is too long.
  const heading = wrapped(title?.text ?? "", titleSize, stillWidth - 30);
  return {
    font: { family: "sans-serif", size: 13, color: "#222" },
    paper_bgcolor: "#fff",
    plot_bgcolor: "#fff",
    // Plotly would find the margins by measuring, which a document without a screen cannot.
    margin: {
      l: hasScene ? 10 : areClose(valuesOn("yaxis", data)) ? 100 : 70,
      r: hasColours ? 110 : 24,
      t: (title ? 46 : 16) + 22 * legendRows + 20 * Math.max(0, heading.length - 1),
      b: hasScene ? 10 : 64,
      autoexpand: false,
    },
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
            font: { size: titleSize },
            ...title,
            ...(heading.length > 1 ? { text: heading.join("<br>") } : {}),
          },
        }
      : {}),
    ...axes,
  };
}

function showsColourBar({ type, showscale, marker, line }: Trace): boolean {
  return [showscale ?? hasColourBar.has(type), marker?.showscale, line?.showscale].includes(true);
}

function axisTitled(title: string | undefined): Layout {
  return title ? { title: { text: title } } : {};
}

/** The axes with what the reader says of them: those of the scene, where the traces stand in one. */
function axesOf(data: readonly Trace[], axes: Record<"xaxis" | "yaxis", Layout>, own: Layout) {
  const within = (place: Layout) => ({
    xaxis: { ...axes.xaxis, ...place.xaxis },
    yaxis: { ...axes.yaxis, ...place.yaxis },
  });
  if (data.every(({ type }) => standsInScene.has(type))) {
    const { xaxis: _, yaxis: __, ...others } = own.scene ?? {};
    return { scene: { ...within(own.scene ?? {}), ...others } };
  }
  const { xaxis, yaxis } = within(own);
  // A second picture below candles would stand where the axis has its title.
  const rangeslider = { visible: false };
  const isPlain = !data.some(({ type }) => hasRangeSlider.has(type));
  return { xaxis: isPlain ? xaxis : { rangeslider, ...xaxis }, yaxis };
}

/** The layout with a line of small print for each note, below what is there. */
function withNotes(layout: Layout, notes: readonly string[]): Layout {
  if (notes.length === 0) return layout;
  const lines = notes.flatMap((note) => wrapped(note, noteSize, stillWidth - 40));
  const { margin, height, annotations = [] } = layout;
  // As Plotly has it, where the reader's margin does not say.
  const { l: left = 80, b: below = 80 } = margin;
  const small = {
    text: lines.map((line) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;")).join("<br>"),
    showarrow: false,
    align: "left",
    font: { size: noteSize, color: "#444" },
    xref: "paper",
    yref: "paper",
    x: 0,
    xanchor: "left",
    xshift: 14 - left,
    y: 0,
    yanchor: "top",
    yshift: -below,
  };
  return {
    ...layout,
    height: height + noteHeight * lines.length,
    margin: { ...margin, b: below + noteHeight * lines.length },
    annotations: [...annotations, small],
  };
}

function axisStyle(isLog: boolean, isShort: boolean): Layout {
  const lines = { gridcolor: "#e3e3e3", linecolor: "#888", zerolinecolor: "#bbb" };
  return isLog
    ? { ...lines, exponentformat: "power", tickfont: { size: 11 } }
    : {
        ...lines,
        exponentformat: "none",
        separatethousands: true,
        ...(isShort ? { tickformatstops: shortNumbers } : {}),
      };
}

/** Over one or two powers of ten Plotly writes all digits from 2 to 9, one on the other: 2 and 5 are enough. */
function logTicks(all: readonly number[]): Layout {
  const values = all.filter((value) => value > 0);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const powers = Math.log10(most / values.reduce((a, b) => Math.min(a, b), most));
  return powers > 0.5 && powers < 3 ? { dtick: "D2" } : {};
}

/** What stands on an axis, "yaxis2" or another. */
function valuesOn(key: string, data: readonly Trace[]): number[] {
  const name = key.replace("axis", "");
  const letter = name[0];
  return data
    .filter((trace) => (trace[`${letter}axis`] ?? letter) === name)
    .flatMap((trace) => (Array.isArray(trace[letter]) ? trace[letter] : []));
}

/** Beside a y-axis there is room for six characters: 2e+11, and not 200,000,000,000. */
const shortNumbers = [
  { dtickrange: [20_000, null], value: "~e" },
  { dtickrange: [null, 0.0001], value: "~e" },
];

/** How many lines the legend takes at a width of 600; none if there is nothing to tell apart. */
function rowsOfLegend(data: readonly Trace[]): number {
  const names = data.filter(
    (trace) => trace.name && trace.showlegend !== false && !hasColourBar.has(trace.type),
  );
  if (names.length < 2) return 0;
  // Plotly sets the names one after the other if one line holds them all, and else in equal columns.
  const widths = names.map((trace) => textWidth(trace.name, 13) + 50);
  const room = 600 - 94;
  if (widths.reduce((sum, width) => sum + width) <= room) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(room / Math.max(...widths))));
}

/** Six digits are more than a picture shows. */
export function short(value: number | null, digits = 6): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
}

/** A line of text as HTML, for where no picture is ready yet. */
export function lineHtml(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
