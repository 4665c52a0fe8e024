/** The house style of figures: colours, axes, margins, titles and notes. */
import {
  hasColourBar,
  hasRangeSlider,
  type Layout,
  type PlotlyFigure,
  standsInScene,
  type Trace,
} from "./plotly";
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

/** The width of stills, in pixels. */
export const stillWidth = 640;
const textSize = 13;
const titleSize = 15;
/** Notes below a figure: the size of their letters, and the room for a line, in pixels. */
const noteSize = 11;
const noteHeight = 16;

/** What the reader says of titles and axes apart from the layout. */
export interface Titles {
  title?: string;
  xTitle?: string;
  yTitle?: string;
  xLog?: boolean;
  yLog?: boolean;
}

/** The reader's layout with the titles; those of axes where the traces stand, on the plane or in a scene. */
export function titledLayout(
  { title, xTitle, yTitle, xLog, yLog }: Titles,
  data: readonly Trace[],
  layout: Layout,
): Layout {
  const own = withTitleObjects(layout);
  const entitled = (text: string | undefined, part: Layout = {}) => ({
    ...part,
    ...(text || part.title ? { title: { ...(text ? { text } : {}), ...part.title } } : {}),
  });
  const within = ({ xaxis, yaxis, ...others }: Layout) => ({
    xaxis: entitled(xTitle, xLog ? { type: "log", ...xaxis } : xaxis),
    yaxis: entitled(yTitle, yLog ? { type: "log", ...yaxis } : yaxis),
    ...others,
  });
  const titled = entitled(title, own);
  if (data.every(({ type }) => standsInScene.has(type)))
    return { ...titled, scene: within(own.scene ?? {}) };
  const { xaxis, yaxis, ...others } = within(titled);
  // A second picture below candles would stand where the axis has its title.
  const rangeslider = { visible: false };
  const isPlain = !data.some(({ type }) => hasRangeSlider.has(type));
  return { xaxis: isPlain ? xaxis : { rangeslider, ...xaxis }, yaxis, ...others };
}

/** Titles that are only a text, as older versions of Plotly took them, in the form of today. */
function withTitleObjects(layout: Layout): Layout {
  const form = (part: Layout) =>
    typeof part?.title === "string" ? { ...part, title: { text: part.title } } : part;
  return form(
    Object.fromEntries(
      Object.entries(layout).map(([key, part]) => [key, /axis\d*$/.test(key) ? form(part) : part]),
    ),
  );
}

/** A trace in its colour and dash, with numbers in as many digits as can be seen. */
export function styledTrace(trace: Trace, index: number): Trace {
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

/** A layout with axes, margins and legend in the house style, as far as it does not say otherwise. */
export function styledLayout(layout: Layout, data: readonly Trace[], height: number): Layout {
  const { title, ...rest } = layout;
  const axes: Layout = {};
  for (const key of new Set(["xaxis", "yaxis", ...Object.keys(layout)])) {
    if (!/^[xy]axis\d*$/.test(key)) continue;
    const values = valuesOn(key, data);
    axes[key] = {
      ...(layout[key]?.type === "log"
        ? logStyle(values)
        : linearStyle(key.startsWith("y") && !areClose(values))),
      ...(layout[key]?.type === "log" && !layout[key].range ? logTicks(values) : {}),
      ...layout[key],
    };
  }
  const legendRows = rowsOfLegend(data, stillWidth - 134);
  const hasColours = data.some(showsColourBar) || layout.coloraxis;
  const hasScene = data.every(({ type }) => standsInScene.has(type));
  // Plotly cuts off a title that is too long.
  const heading = wrapped(title?.text ?? "", titleSize, stillWidth - 30);
  return {
    font: { family: "sans-serif", size: textSize, color: "#222" },
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

/** The layout with a line of small print for each note, below what is there. */
export function withNotes(layout: Layout, notes: readonly string[]): Layout {
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

/** The size of axis titles, and the room for a line of one, in pixels. */
const axisTitleSize = 16;
const axisTitleHeight = 20;

/**
 * A figure where it stands in less than its still's width: titles, notes and the legend's names are broken into more lines,
 * and the legend too. The picture gets as much higher as they need, so that the plot keeps its height. Where there is room
 * enough, the figure itself.
 */
export function narrowed(figure: PlotlyFigure, width: number): PlotlyFigure {
  if (width >= stillWidth - 40) return figure;
  const data = narrowedTraces(figure, width);
  return { ...figure, data, layout: narrowedLayout(figure, data, width) };
}

function narrowedLayout(
  { data, layout }: PlotlyFigure,
  narrowData: readonly Trace[],
  width: number,
): Layout {
  const { title, margin = {}, annotations = [] } = layout;
  const broken = (text: unknown, size: number, room: number) => {
    if (typeof text !== "string") return { text, more: 0 };
    const lines = wrapped(text.replace(/<br>/g, " "), size, room);
    return { text: lines.join("<br>"), more: lines.length - text.split("<br>").length };
  };
  const heading = broken(title?.text, title?.font?.size ?? titleSize, width - 30);
  const beside = (margin.l ?? 80) + (margin.r ?? 80);
  const inside = width - beside;
  const legendRows = layout.showlegend
    ? rowsOfLegend(narrowData, inside) - rowsOfLegend(data, stillWidth - 40 - beside)
    : 0;
  const axis = broken(layout.xaxis?.title?.text, axisTitleSize, inside + 40);
  let noteLines = 0;
  const notes = annotations.map((note: Layout) => {
    if (!isNote(note)) return note;
    const { text, more } = broken(note.text, noteSize, width - 40);
    noteLines += more;
    return { ...note, text, yshift: note.yshift - axisTitleHeight * axis.more };
  });
  const above = 22 * legendRows + 20 * heading.more;
  const below = noteHeight * noteLines + axisTitleHeight * axis.more;
  const beneath = beneathOneAnother(layout);
  return {
    ...layout,
    ...beneath.axes,
    ...(title ? { title: { ...title, text: heading.text } } : {}),
    ...(axis.more > 0
      ? {
          xaxis: {
            ...(beneath.axes.xaxis ?? layout.xaxis),
            title: { ...layout.xaxis.title, text: axis.text },
          },
        }
      : {}),
    ...(notes.length > 0 ? { annotations: notes } : {}),
    margin: { ...margin, t: (margin.t ?? 100) + above, b: (margin.b ?? 80) + below },
    height: layout.height + above + below + beneath.more,
  };
}

/**
 * Two plots that stand side by side, the second below the first: each keeps its height, and the titles of its axes have
 * room. The axes that change, and how much higher the picture gets; nothing for a layout with one plot.
 */
function beneathOneAnother({ height, margin = {}, ...layout }: Layout): {
  axes: Layout;
  more: number;
} {
  const { xaxis, yaxis, xaxis2, yaxis2 } = layout;
  const isBeside = yaxis2 && xaxis?.domain?.[1] <= xaxis2?.domain?.[0];
  if (!isBeside) return { axes: {}, more: 0 };
  const own = height - (margin.t ?? 100) - (margin.b ?? 80);
  const between = 64;
  const share = own / (2 * own + between);
  return {
    axes: {
      xaxis: { ...xaxis, domain: [0, 1], anchor: "y" },
      yaxis: { ...yaxis, domain: [1 - share, 1], anchor: "x" },
      xaxis2: { ...xaxis2, domain: [0, 1], anchor: "y2" },
      yaxis2: { ...yaxis2, domain: [0, share], anchor: "x2" },
    },
    more: own + between,
  };
}

/** Whether an annotation is the small print that `withNotes` has put below. */
function isNote({ xref, yref, y, yanchor, font }: Layout): boolean {
  return (
    xref === "paper" && yref === "paper" && y === 0 && yanchor === "top" && font?.size === noteSize
  );
}

const axisLines = { gridcolor: "#e3e3e3", linecolor: "#888", zerolinecolor: "#bbb" };

function linearStyle(isShort: boolean): Layout {
  return {
    ...axisLines,
    exponentformat: "none",
    separatethousands: true,
    ...(isShort ? { tickformatstops: shortNumbers } : {}),
  };
}

/** Plotly writes the 2 and 5 between powers of ten, and exponents, smaller than its letters: too small to be read. */
function logStyle(values: readonly number[]): Layout {
  const [low, high] = extent(values.filter((value) => value > 0));
  const isPlain = low >= 1e-4 && high <= 1e4;
  const isFew = high / low < 1e3;
  return {
    ...axisLines,
    tickfont: { size: 12 },
    ...(isPlain || isFew ? { tickformat: isPlain ? "~g" : "~e" } : { exponentformat: "power" }),
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

/** How many lines the legend takes over a plot of this width; none if there is nothing to tell apart. */
function rowsOfLegend(data: readonly Trace[], room: number): number {
  const names = data.filter(
    (trace) => trace.name && trace.showlegend !== false && !hasColourBar.has(trace.type),
  );
  if (names.length < 2) return 0;
  // Plotly sets the names one after the other if one line holds them all, and else in equal columns.
  const lines = names.map((trace) => String(trace.name).split("<br>"));
  const widths = lines.map(
    (all) => Math.max(...all.map((line) => textWidth(line, textSize))) + besideName,
  );
  if (widths.reduce((sum, width) => sum + width) <= room) return 1;
  const rows = Math.ceil(names.length / Math.max(1, Math.floor(room / Math.max(...widths))));
  return rows + lines.reduce((sum, all) => sum + all.length - 1, 0);
}

/** The room that a name's line or mark takes in a legend, in pixels. */
const besideName = 50;

/** The traces with longer names than fit the legend broken. */
function narrowedTraces({ data, layout }: PlotlyFigure, width: number): Trace[] {
  if (!layout.showlegend) return data;
  const room = width - (layout.margin?.l ?? 80) - besideName;
  return data.map((trace) =>
    trace.name && textWidth(trace.name, textSize) > room
      ? { ...trace, name: wrapped(trace.name, textSize, room).join("<br>") }
      : trace,
  );
}

/** Six digits are more than a picture shows. */
export function short(value: number | null, digits = 6): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
}
