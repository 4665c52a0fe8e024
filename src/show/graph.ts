/** A computation graph drawn: each value with the operation that made it, and its slope. */

import { said } from "../arithmetic";
import { inOrder, type Value } from "../graph";
import { type Displayable, display, escapeHtml, pictureHtml } from "./display";
import { formatNumber } from "./numbers";
import { fitted } from "./text-width";

export interface GraphOptions {
  title?: string;
  /** Names of values, to stand above their numbers: inputs, weights, units. */
  names?: ReadonlyMap<Value, string>;
}

const boxWidth = 76;
const boxHeight = 42;
const columnWidth = 112;
const rowHeight = 50;
/** Larger graphs are lines on lines: no one could follow them. */
const mostValues = 80;

/**
 * The graph behind a value, left to right: what was given stands left of what was computed from it.
 *
 * @throws TypeError for anything that is not a value of a graph, and for names that are not a map
 * @throws RangeError for a graph of more than 80 values
 */
export function graphDiagram(output: Value, options: GraphOptions = {}): Displayable {
  const { title = "Computation graph", names = new Map<Value, string>() } = options;
  if (!Array.isArray(output?.from))
    throw new TypeError(`graphDiagram takes a value that was computed, but got ${said(output)}.`);
  if (typeof names.get !== "function")
    throw new TypeError(
      `names has to be a Map from values to names, as new Map([[x, "x"]]), but it is ${said(names)}.`,
    );
  const values = inOrder(output);
  if (values.length > mostValues) {
    throw new RangeError(
      `A graph of ${values.length} values is too large to draw: at most ${mostValues} values can be followed. Take a smaller network.`,
    );
  }
  const columns = columnsOf(values);
  const width = Math.max(470, 20 + columns.length * columnWidth);
  const height = 50 + Math.max(...columns.map((column) => column.length)) * rowHeight + 22;
  const place = new Map<Value, { x: number; y: number }>();
  columns.forEach((column, c) => {
    const x = width - 10 - columnWidth / 2 - c * columnWidth;
    column.forEach((value, r) => {
      const y = 44 + (height - 66) / 2 + (r - (column.length - 1) / 2) * rowHeight;
      place.set(value, { x, y });
    });
  });
  const at = (value: Value) => place.get(value) as { x: number; y: number };
  const links = values.flatMap((value) =>
    value.from.map((source) => {
      const [from, to] = [at(source), at(value)];
      const [x1, x2] = [from.x + boxWidth / 2, to.x - boxWidth / 2];
      // A link over several columns goes around what stands between.
      const over =
        x2 - x1 > columnWidth
          ? `Q${(x1 + x2) / 2} ${(Math.min(from.y, to.y) - rowHeight * 0.9).toFixed(1)} `
          : "L";
      return `<path d="M${x1} ${from.y.toFixed(1)}${over}${x2} ${to.y.toFixed(1)}"/>`;
    }),
  );
  const boxes = values.map((value) => {
    const { x, y } = at(value);
    const name = names.get(value);
    const look = name
      ? 'fill="#eef4fa" stroke="#33658A"'
      : value.operation
        ? 'fill="#fff" stroke="#555"'
        : 'fill="#f2f2f2" stroke="#777" stroke-dasharray="2 3"';
    const lines = [headOf(value, name), written(value.value), `slope ${written(value.slope)}`];
    const text = lines.map(
      (line, n) =>
        `<text x="${x}" y="${(y - 9 + 13 * n).toFixed(1)}"${n === 0 ? ' font-weight="bold"' : ""}>${escapeHtml(fitted(line, 11.5, boxWidth + 4))}</text>`,
    );
    return `<rect x="${x - boxWidth / 2}" y="${(y - boxHeight / 2).toFixed(1)}" width="${boxWidth}" height="${boxHeight}" rx="7" ${look}/>${text.join("")}`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="14" y="26" font-size="17">${escapeHtml(fitted(title, 17, width - 28))}</text>` +
    `<g stroke="#999" fill="none">${links.join("")}</g><g font-size="11.5" text-anchor="middle">${boxes.join("")}</g>` +
    `<text x="14" y="${height - 8}" font-size="12" fill="#555">In each box: name or operation, value, slope of the output. Dotted: a constant.</text></svg>`;
  const named = values.filter((value) => names.has(value));
  const alt =
    `${title}: ${values.length} values, ${links.length} links. ` +
    `${named.map((value) => `${names.get(value)} = ${written(value.value)}, slope ${written(value.slope)}`).join("; ")}.`;
  return {
    [display]: () => ({
      "text/html": `<div data-figure="still">${pictureHtml(svg, alt, width, height)}</div>`,
      "text/plain": alt,
    }),
  };
}

/** The values by their distance from the output, the farthest path counting; each near those that use it. */
function columnsOf(values: readonly Value[]): Value[][] {
  const distance = new Map<Value, number>();
  const heights = new Map<Value, number[]>();
  const columns: Value[][] = [];
  for (const value of [...values].reverse()) {
    const own = distance.get(value) ?? 0;
    for (const source of value.from)
      distance.set(source, Math.max(distance.get(source) ?? 0, own + 1));
    columns[own] ??= [];
    columns[own].push(value);
  }
  const height = (value: Value) => {
    const used = heights.get(value) ?? [0];
    return used.reduce((sum, one) => sum + one, 0) / used.length;
  };
  for (const column of columns) {
    column.sort((a, b) => height(a) - height(b));
    column.forEach((value, r) => {
      value.from.forEach((source, i) => {
        const middle = r - (column.length - 1) / 2 + i / 100;
        heights.set(source, [...(heights.get(source) ?? []), middle]);
      });
    });
  }
  return columns;
}

function headOf(value: Value, name?: string): string {
  if (name) return value.operation ? `${name}: ${value.operation}` : name;
  return value.operation || "constant";
}

function written(value: number): string {
  return Number.isNaN(value) ? "NaN" : formatNumber(value, 3);
}
