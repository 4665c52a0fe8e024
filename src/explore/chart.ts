/**
 * Small charts in SVG that follow a slider in the same frame, in the browser and for the still picture alike.
 * (Plotly, which draws the course's figures, takes tens of milliseconds for each change.)
 */
import { norm } from "../arithmetic";
import { escapeHtml, formatNumber, type Picture } from "../show";

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

export function scaleOf({ width, height, x, y, curves = [] }: Chart): Scale {
  const named = curves.filter((curve) => curve.name).length;
  const area = { left: 62, top: named > 0 ? 50 : 32, width: width - 76, height: 0 };
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
  const parts: string[] = [
    `<clipPath id="${id}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`,
    `<text x="${left - 48}" y="19" font-size="14">${escapeHtml(chart.title)}</text>`,
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
  for (const at of ticks(x)) {
    parts.push(
      `<path d="M${short(px(at))} ${top}v${height}" stroke="#${image ? "0002" : "ddd"}"/>` +
        `<text x="${short(px(at))}" y="${top + height + 15}" font-size="11" text-anchor="middle">${label(at)}</text>`,
    );
  }
  for (const at of ticks(y)) {
    parts.push(
      `<path d="M${left} ${short(py(at))}h${width}" stroke="#${image ? "0002" : "ddd"}"/>` +
        `<text x="${left - 6}" y="${short(py(at) + 4)}" font-size="11" text-anchor="end">${label(at)}</text>`,
    );
  }
  parts.push(
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#888"/>`,
    `<text x="${left + width / 2}" y="${top + height + 34}" font-size="12" text-anchor="middle">${escapeHtml(x.title)}</text>`,
    `<text transform="translate(14 ${top + height / 2}) rotate(-90)" font-size="12" text-anchor="middle">${escapeHtml(y.title)}</text>`,
    `<g clip-path="url(#${id})" fill="none">`,
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
  parts.push("</g>");
  for (const { from, to } of arrows) parts.push(arrow(scale, from, to));
  for (const mark of marks) parts.push(drawMark(scale, mark));

  let at = left;
  for (const { name, color, dash } of curves) {
    if (!name) continue;
    parts.push(
      `<path d="M${short(at)} 38h26" stroke="${color}" stroke-width="2.5"${dash ? ` stroke-dasharray="${dash}"` : ""}/>` +
        `<text x="${short(at + 31)}" y="42" font-size="12">${escapeHtml(name)}</text>`,
    );
    at += 48 + 6.6 * name.length;
  }
  return `<g>${parts.join("")}</g>`;
}

/** Charts side by side as one picture, on white or, with "none", on what lies behind. */
export function drawCharts(charts: readonly Chart[], background = "#fff"): Picture {
  const width = charts.reduce((sum, chart) => sum + chart.width, 0);
  const height = Math.max(...charts.map((chart) => chart.height));
  let at = 0;
  const groups = charts.map((chart, n) => {
    const group = `<g transform="translate(${at} 0)">${drawChart(chart, `c${n}`)}</g>`;
    at += chart.width;
    return group;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="${background}"/>${groups.join("")}</svg>`;
  return { svg, width, height };
}

function drawMark({ px, py }: Scale, { x, y, color, symbol, label: text }: Mark): string {
  const [cx, cy] = [px(x), py(y)];
  const look = `fill="${color}" stroke="#000" stroke-width="1.2"`;
  const shape =
    symbol === "circle"
      ? `<circle cx="${short(cx)}" cy="${short(cy)}" r="6" ${look}/>`
      : `<rect x="${short(cx - 5.5)}" y="${short(cy - 5.5)}" width="11" height="11" ${look}${symbol === "diamond" ? ` transform="rotate(45 ${short(cx)} ${short(cy)})"` : ""}/>`;
  return text
    ? `${shape}<text x="${short(cx + 11)}" y="${short(cy - 9)}" font-size="12" stroke="#fff" stroke-width="3" paint-order="stroke">${escapeHtml(text)}</text>`
    : shape;
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
