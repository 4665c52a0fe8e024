/**
 * Small charts in SVG that follow a slider in the same frame, in the browser and for the still picture alike.
 * (Plotly, which draws the course's figures, takes tens of milliseconds for each change.)
 */
import { norm } from "../arithmetic";
import { escapeHtml, formatNumber, type Picture, textWidth, wrapped } from "../show";

export interface Axis {
  title: string;
  from: number;
  to: number;
}

export interface Curve {
  x: readonly number[];
  /** null leaves a gap. */
  y: readonly (number | null)[];
  name?: string;
  color: string;
  /** An SVG dash pattern: curves are told apart by it too. */
  dash?: string;
  width?: number;
}

export interface Mark {
  x: number;
  y: number;
  color: string;
  symbol: "circle" | "square" | "diamond";
  label?: string;
}

export interface Chart {
  width: number;
  height: number;
  title: string;
  x: Axis;
  y: Axis;
  curves?: readonly Curve[];
  marks?: readonly Mark[];
  /** Ranges of x that are shaded. */
  bands?: readonly { from: number; to: number }[];
  arrows?: readonly { from: readonly [number, number]; to: readonly [number, number] }[];
  /** What fills the chart: the address of an image, or "none" for what lies behind it in the page. */
  image?: string;
}

/** Where the plotting area lies in a chart, and what its pixels mean. */
export interface Scale {
  left: number;
  top: number;
  width: number;
  height: number;
  px(x: number): number;
  py(y: number): number;
  /** The x at a pixel. */
  atX(px: number): number;
  atY(py: number): number;
}

/** The size of ticks' numbers, of names and of titles, in pixels. */
const [tickSize, nameSize, titleSize] = [12, 13, 14];
const titleHeight = 17;

/** In lines that fit in, in a wide face (DejaVu, Verdana) as well. */
const titleLines = ({ title, width }: Chart): string[] =>
  wrapped(title, 1.15 * titleSize, width - 20);

export function scaleOf(chart: Chart): Scale {
  const { width, height, x, y, curves = [] } = chart;
  const named = curves.filter((curve) => curve.name).length;
  // The axis's title stands at the left of the longest number.
  const widest = Math.max(...ticks(y).map((at) => textWidth(label(at), tickSize)));
  const left = Math.max(62, Math.ceil(30 + widest));
  const top = (named > 0 ? 33 : 15) + titleHeight * titleLines(chart).length;
  const area = { left, top, width: width - left - 14, height: 0 };
  area.height = height - area.top - 46;
  return {
    ...area,
    px: (at) => area.left + ((at - x.from) / (x.to - x.from)) * area.width,
    py: (at) => area.top + ((y.to - at) / (y.to - y.from)) * area.height,
    atX: (px) => x.from + ((px - area.left) / area.width) * (x.to - x.from),
    atY: (py) => y.to - ((py - area.top) / area.height) * (y.to - y.from),
  };
}

/** The chart as an SVG group. `id` keeps the clip paths of charts in one document apart. */
export function drawChart(chart: Chart, id: string): string {
  const { x, y, curves = [], marks = [], bands = [], arrows = [], image } = chart;
  const scale = scaleOf(chart);
  const { left, top, width, height, px, py } = scale;
  // An image is light in a dark page, too: what lies on it keeps its colours (see page/styles.ts).
  const look = image ? ' class="on-image" fill="#222"' : "";
  const parts: string[] = [
    `<clipPath id="${id}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`,
    ...titleLines(chart).map(
      (line, n) =>
        `<text x="14" y="${19 + titleHeight * n}" font-size="${titleSize}">${escapeHtml(line)}</text>`,
    ),
    image === "none"
      ? ""
      : image
        ? `<image href="${image}" x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none"/>`
        : `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="#fff"/>`,
  ];
  for (const band of bands) {
    const [from, to] = [Math.max(px(band.from), left), Math.min(px(band.to), left + width)];
    if (to > from) {
      parts.push(
        `<rect x="${short(from)}" y="${top}" width="${short(to - from)}" height="${height}" fill="#ECECEC"/>`,
      );
    }
  }
  let free = 0;
  for (const at of ticks(x)) {
    parts.push(
      `<path d="M${short(px(at))} ${top}v${height}" stroke="#${image ? "0002" : "ddd"}"/>`,
    );
    const half = textWidth(label(at), tickSize) / 2;
    const middle = Math.min(px(at), chart.width - half - 2);
    // A number that would touch the one before is left out; its line stays.
    if (middle - half < free) continue;
    free = middle + half + 4;
    parts.push(
      `<text x="${short(middle)}" y="${top + height + 17}" font-size="${tickSize}" text-anchor="middle">${label(at)}</text>`,
    );
  }
  for (const at of ticks(y)) {
    parts.push(
      `<path d="M${left} ${short(py(at))}h${width}" stroke="#${image ? "0002" : "ddd"}"/>` +
        `<text x="${left - 6}" y="${short(py(at) + 4)}" font-size="${tickSize}" text-anchor="end">${label(at)}</text>`,
    );
  }
  parts.push(
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#888"/>`,
    `<text x="${left + width / 2}" y="${top + height + 37}" font-size="${nameSize}" text-anchor="middle">${escapeHtml(x.title)}</text>`,
    `<text transform="translate(14 ${top + height / 2}) rotate(-90)" font-size="${nameSize}" text-anchor="middle">${escapeHtml(y.title)}</text>`,
    `<g${look}><g clip-path="url(#${id})" fill="none">`,
  );
  for (const { x: xs, y: ys, color, dash, width: stroke = 2 } of curves) {
    let path = "";
    let pen = "M";
    for (let i = 0; i < xs.length; i++) {
      const value = ys[i];
      if (value === null) pen = "M";
      else {
        // Far outside the picture a browser rounds its own way: stop a little beyond the edge.
        const at = Math.max(top - 2000, Math.min(top + height + 2000, py(value)));
        path += `${pen}${short(px(xs[i]))} ${short(at)}`;
        pen = "L";
      }
    }
    parts.push(
      `<path d="${path}" stroke="${color}" stroke-width="${stroke}"${dash ? ` stroke-dasharray="${dash}"` : ""}/>`,
    );
  }
  for (const { from, to } of arrows) parts.push(arrow(scale, from, to));
  parts.push("</g>");
  for (const mark of marks) parts.push(drawMark(scale, mark));
  parts.push(...labelsOf(scale, marks), "</g>");

  let at = left;
  for (const { name, color, dash } of curves) {
    if (!name) continue;
    parts.push(
      `<path d="M${short(at)} ${top - 12}h26" stroke="${color}" stroke-width="2.5"${dash ? ` stroke-dasharray="${dash}"` : ""}/>` +
        `<text x="${short(at + 31)}" y="${top - 8}" font-size="${nameSize}">${escapeHtml(name)}</text>`,
    );
    at += 48 + textWidth(name, nameSize);
  }
  return `<g>${parts.join("")}</g>`;
}

/**
 * Charts side by side as one picture, on white or, with "none", on what lies behind.
 *
 * @param id what the pictures of one document differ in
 */
export function drawCharts(charts: readonly Chart[], background = "#fff", id = "c"): Picture {
  const width = charts.reduce((sum, chart) => sum + chart.width, 0);
  const height = Math.max(...charts.map((chart) => chart.height));
  let at = 0;
  const groups = charts.map((chart, n) => {
    const group = `<g transform="translate(${at} 0)">${drawChart(chart, `${id}${n}`)}</g>`;
    at += chart.width;
    return group;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="${background}"/>${groups.join("")}</svg>`;
  return { svg, width, height };
}

function drawMark({ px, py }: Scale, { x, y, color, symbol }: Mark): string {
  const [cx, cy] = [px(x), py(y)];
  const look = `fill="${color}" stroke="#000" stroke-width="1.2"`;
  return symbol === "circle"
    ? `<circle cx="${short(cx)}" cy="${short(cy)}" r="6" ${look}/>`
    : `<rect x="${short(cx - 5.5)}" y="${short(cy - 5.5)}" width="11" height="11" ${look}${symbol === "diamond" ? ` transform="rotate(45 ${short(cx)} ${short(cy)})"` : ""}/>`;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The labels of marks, each beside its own where it fits in and touches neither another label nor a mark. */
function labelsOf({ px, py, left, top, width, height }: Scale, marks: readonly Mark[]): string[] {
  const taken: Box[] = marks.map(({ x, y }) => around(px(x), py(y), 7, 7));
  return marks.flatMap(({ x, y, label: text }) => {
    if (!text) return [];
    const wide = textWidth(text, nameSize);
    const places = [-9, 18, -24, 33].flatMap((down) =>
      [11, -11 - wide].map((along) => ({ x: px(x) + along, y: py(y) + down })),
    );
    const boxOf = (at: { x: number; y: number }): Box => ({
      left: at.x - 2,
      right: at.x + wide + 2,
      top: at.y - nameSize,
      bottom: at.y + 3,
    });
    const isFree = (box: Box) =>
      box.left >= left &&
      box.right <= left + width &&
      box.top >= top &&
      box.bottom <= top + height &&
      !taken.some((other) => meet(box, other));
    const place = places.find((at) => isFree(boxOf(at)));
    // Where there is no room at all, the numbers below the picture say it.
    if (!place) return [];
    taken.push(boxOf(place));
    return `<text x="${short(place.x)}" y="${short(place.y)}" font-size="${nameSize}" stroke="#fff" stroke-width="3" paint-order="stroke">${escapeHtml(text)}</text>`;
  });
}

function around(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return {
    left: x - halfWidth,
    right: x + halfWidth,
    top: y - halfHeight,
    bottom: y + halfHeight,
  };
}

function meet(one: Box, other: Box): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}

function arrow(
  { px, py }: Scale,
  from: readonly [number, number],
  to: readonly [number, number],
): string {
  const [x1, y1, x2, y2] = [px(from[0]), py(from[1]), px(to[0]), py(to[1])].map((at) =>
    Math.max(-500, Math.min(1500, at)),
  );
  const long = norm([x2 - x1, y2 - y1]);
  if (!(long > 1)) return "";
  const [ux, uy] = [(x2 - x1) / long, (y2 - y1) / long];
  const head = Math.min(9, long / 2);
  const [bx, by] = [x2 - head * ux, y2 - head * uy];
  return (
    `<path d="M${short(x1)} ${short(y1)}L${short(bx)} ${short(by)}" stroke="#B3261E" stroke-width="2.5"/>` +
    `<path d="M${short(x2)} ${short(y2)}L${short(bx - 0.5 * head * uy)} ${short(by + 0.5 * head * ux)}L${short(bx + 0.5 * head * uy)} ${short(by - 0.5 * head * ux)}Z" fill="#B3261E"/>`
  );
}

/** Two to six round numbers within an axis. */
export function ticks({ from, to }: { from: number; to: number }): number[] {
  const rough = (to - from) / 5;
  // The power of ten that is not above it.
  const power = Number(`1e${rough.toExponential().split("e")[1]}`);
  const step = power * ([1, 2, 5, 10].find((s) => s * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step);
}

/** An axis with a little air around the numbers it has to hold. */
export function axisAround(title: string, values: readonly number[], least = 1e-6): Axis {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const air = Math.max(high - low, least) * 0.08;
  return { title, from: low - air, to: high + air };
}

function label(value: number): string {
  return formatNumber(Math.abs(value) < 1e-12 ? 0 : value, 4);
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
