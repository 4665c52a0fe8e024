/** A computation graph drawn: values or tensors, each with the operation that made it, and its slope. */

import { said } from "../arithmetic";
import { inOrder, type Value } from "../graph";
import { type Tensor, inOrder as tensorsInOrder } from "../tensors";
import { type Displayable, display, escapeHtml, pictureHtml } from "./display";
import { formatNumber } from "./numbers";
import { fitted } from "./text-width";

export interface GraphOptions {
  title?: string;
  /** Names of values or tensors, to stand above their numbers: inputs, weights, units. */
  names?: ReadonlyMap<Value | Tensor, string>;
}

/** What is drawn: a single number, or an array of any shape. */
type Node = Value | Tensor;

/** How wide a box is, and how far from there to the next: a link between tensors has a shape written on it. */
const [forValues, forTensors] = [
  { boxWidth: 76, columnWidth: 112 },
  { boxWidth: 96, columnWidth: 180 },
];
const boxHeight = 42;
const rowHeight = 50;
/** Larger graphs are lines on lines: no one could follow them. */
const mostValues = 80;

/**
 * The graph behind a value, or a tensor, left to right: what was given stands left of what was computed from it. Links
 * between tensors have the shape of what goes along them.
 *
 * @throws TypeError for anything that is neither, and for names that are not a map
 * @throws RangeError for a graph of more than 80 values or tensors
 */
export function graphDiagram(output: Node, options: GraphOptions = {}): Displayable {
  const { title = "Computation graph", names = new Map<Node, string>() } = options;
  if (!Array.isArray(output?.from))
    throw new TypeError(
      `graphDiagram takes a value or a tensor that was computed, but got ${said(output)}.`,
    );
  if (typeof names.get !== "function")
    throw new TypeError(
      `names has to be a Map from values to names, as new Map([[x, "x"]]), but it is ${said(names)}.`,
    );
  const isTensor = hasShape(output);
  const nodes: readonly Node[] = isTensor ? tensorsInOrder(output) : inOrder(output);
  const what = isTensor ? "tensors" : "values";
  if (nodes.length > mostValues) {
    throw new RangeError(
      `A graph of ${nodes.length} ${what} is too large to draw: at most ${mostValues} ${what} can be followed. Take a smaller network.`,
    );
  }
  const { boxWidth, columnWidth } = isTensor ? forTensors : forValues;
  const columns = columnsOf(nodes);
  const width = Math.max(470, 20 + columns.length * columnWidth);
  const height = 50 + Math.max(...columns.map((column) => column.length)) * rowHeight + 22;
  const place = new Map<Node, { x: number; y: number }>();
  columns.forEach((column, c) => {
    const x = width - 10 - columnWidth / 2 - c * columnWidth;
    column.forEach((node, r) => {
      const y = 44 + (height - 66) / 2 + (r - (column.length - 1) / 2) * rowHeight;
      place.set(node, { x, y });
    });
  });
  const at = (node: Node) => place.get(node) as { x: number; y: number };
  const links = nodes.flatMap((node) =>
    node.from.map((source) => {
      const [from, to] = [at(source), at(node)];
      const [x1, x2] = [from.x + boxWidth / 2, to.x - boxWidth / 2];
      // A link over several columns goes around what stands between.
      const over =
        x2 - x1 > columnWidth
          ? `Q${(x1 + x2) / 2} ${(Math.min(from.y, to.y) - rowHeight * 0.9).toFixed(1)} `
          : "L";
      return `<path d="M${x1} ${from.y.toFixed(1)}${over}${x2} ${to.y.toFixed(1)}"/>`;
    }),
  );
  const boxes = nodes.map((node) => {
    const { x, y } = at(node);
    const name = names.get(node);
    const look = name
      ? 'fill="#eef4fa" stroke="#33658A"'
      : node.operation || !isConstant(node)
        ? 'fill="#fff" stroke="#555"'
        : 'fill="#f2f2f2" stroke="#777" stroke-dasharray="2 3"';
    const lines = [headOf(node, name), ...numbersOf(node)];
    const text = lines.map(
      (line, n) =>
        `<text x="${x}" y="${(y + 4 - 6.5 * (lines.length - 1) + 13 * n).toFixed(1)}"${n === 0 ? ' font-weight="bold"' : ""}>${escapeHtml(fitted(line, 11.5, boxWidth + 4))}</text>`,
    );
    return `<rect x="${x - boxWidth / 2}" y="${(y - boxHeight / 2).toFixed(1)}" width="${boxWidth}" height="${boxHeight}" rx="7" ${look}/>${text.join("")}`;
  });
  // One shape for all links that leave a box: they carry the same.
  const shapes = nodes.filter((node) => hasShape(node) && node !== output);
  const labels = shapes.map((node) => {
    const { x, y } = at(node);
    const shape = fitted(shapeOf(node), 11.5, columnWidth - boxWidth - 12);
    return `<text x="${x + boxWidth / 2 + 5}" y="${(y + 4).toFixed(1)}" stroke="#fff" stroke-width="3" paint-order="stroke">${shape}</text>`;
  });
  const caption = isTensor
    ? "In each box: name or operation, its number or the largest slope. Beside it: the shape that goes on. Dotted: a constant."
    : "In each box: name or operation, value, slope of the output. Dotted: a constant.";
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/><text x="14" y="26" font-size="17">${escapeHtml(fitted(title, 17, width - 28))}</text>` +
    `<g stroke="#999" fill="none">${links.join("")}</g><g font-size="11.5" text-anchor="middle">${boxes.join("")}</g>` +
    `<g font-size="11.5">${labels.join("")}</g>` +
    `<text x="14" y="${height - 8}" font-size="12" fill="#555">${fitted(caption, 12, width - 28)}</text></svg>`;
  const told = nodes.filter((node) => names.has(node) || (isTensor && node.operation));
  const alt = `${title}: ${nodes.length} ${what}, ${links.length} links. ${told.map((node) => altOf(node, names.get(node))).join("; ")}.`;
  return {
    [display]: () => ({
      "text/html": `<div data-figure="still">${pictureHtml(svg, alt, width, height)}</div>`,
      "text/plain": alt,
    }),
  };
}

function hasShape(node: Node): node is Tensor {
  return "shape" in node;
}

/** Whether it was given and has no slope. In a graph of values, that is whatever has no name. */
function isConstant(node: Node): boolean {
  return !hasShape(node) || node.constant;
}

function shapeOf(node: Node): string {
  return hasShape(node) ? `[${node.shape.join(", ")}]` : "";
}

/** Value and slope; of a tensor of many numbers, the largest slope, if it has any. */
function numbersOf(node: Node): string[] {
  if (!hasShape(node)) return [written(node.value), `slope ${written(node.slope)}`];
  const { data, slope } = node;
  if (data.length === 1)
    return [written(data[0]), ...(slope ? [`slope ${written(slope[0])}`] : [])];
  if (!slope) return [];
  const largest = slope.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return [`slopes ≤ ${written(largest)}`];
}

function altOf(node: Node, name: string | undefined): string {
  if (!hasShape(node)) return `${name} = ${written(node.value)}, slope ${written(node.slope)}`;
  return [headOf(node, name), shapeOf(node), ...numbersOf(node)].join(" ");
}

/** The nodes by their distance from the output, the farthest path counting; each near those that use it. */
function columnsOf(values: readonly Node[]): Node[][] {
  const distance = new Map<Node, number>();
  const heights = new Map<Node, number[]>();
  const columns: Node[][] = [];
  for (const value of [...values].reverse()) {
    const own = distance.get(value) ?? 0;
    for (const source of value.from)
      distance.set(source, Math.max(distance.get(source) ?? 0, own + 1));
    columns[own] ??= [];
    columns[own].push(value);
  }
  const height = (value: Node) => {
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

function headOf(node: Node, name?: string): string {
  if (name) return node.operation ? `${name}: ${node.operation}` : name;
  return node.operation || (isConstant(node) ? "constant" : "given");
}

function written(value: number): string {
  return Number.isNaN(value) ? "NaN" : formatNumber(value, 3);
}
