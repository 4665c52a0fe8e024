/** A computation graph drawn: values or tensors, each with the operation that made it, and its slope. */

import { said } from "../arithmetic";
import { inOrder, type Value } from "../graph";
import { type Tensor, inOrder as tensorsInOrder } from "../tensors";
import { type Displayable, escapeHtml, narrowWidth, type Picture, still } from "./display";
import { formatNumber } from "./numbers";
import { fitted, wrapped } from "./text-width";

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
  const drawing: GraphDrawing = { title, names, nodes, columns: columnsOf(nodes), isTensor };
  const links = nodes.reduce((sum, node) => sum + node.from.length, 0);
  const told = nodes.filter((node) => names.has(node) || (isTensor && node.operation));
  const alt = `${title}: ${nodes.length} ${what}, ${links} links. ${told.map((node) => altOf(node, names.get(node))).join("; ")}.`;
  const along = drawAlong(drawing);
  return still(along, alt, along.width > narrowWidth ? drawUpright(drawing) : undefined);
}

interface GraphDrawing {
  title: string;
  names: ReadonlyMap<Node, string>;
  /** All of them, the output last. */
  nodes: readonly Node[];
  /** The output's column first. */
  columns: readonly (readonly Node[])[];
  isTensor: boolean;
}

interface Place {
  x: number;
  y: number;
}

/** Where the parts of a graph's picture lie. */
interface GraphLayout {
  width: number;
  height: number;
  /** The middle of a node's box. */
  at(node: Node): Place;
  boxWidth: number;
  boxHeight: number;
  letters: number;
  /** A link's path, from a node to one that uses it. */
  link(from: Place, to: Place): string;
  /** Where the shape of what leaves a node begins, from the middle of its box, and how wide it may be. */
  shape: Place & { room: number };
  /** The lines above and below. */
  heads: readonly string[];
  notes: readonly string[];
}

function captionOf({ isTensor }: GraphDrawing, where: "Beside" | "Below"): string {
  return isTensor
    ? `In each box: name or operation, its number or the largest slope. ${where} it: the shape that goes on. Dotted: a constant.`
    : "In each box: name or operation, value, slope of the output. Dotted: a constant.";
}

/** From left to right. */
function drawAlong(drawing: GraphDrawing): Picture {
  const { title, columns, isTensor } = drawing;
  const { boxWidth, columnWidth } = isTensor ? forTensors : forValues;
  const width = Math.max(470, 20 + columns.length * columnWidth);
  const height = 50 + Math.max(...columns.map((column) => column.length)) * rowHeight + 22;
  const places = new Map<Node, Place>();
  columns.forEach((column, c) => {
    const x = width - 10 - columnWidth / 2 - c * columnWidth;
    column.forEach((node, r) => {
      const y = 44 + (height - 66) / 2 + (r - (column.length - 1) / 2) * rowHeight;
      places.set(node, { x, y });
    });
  });
  return drawGraph(drawing, {
    width,
    height,
    at: (node) => places.get(node) as Place,
    boxWidth,
    boxHeight,
    letters: 11.5,
    link(from, to) {
      const [x1, x2] = [from.x + boxWidth / 2, to.x - boxWidth / 2];
      // A link over several columns goes around what stands between.
      const over =
        x2 - x1 > columnWidth
          ? `Q${(x1 + x2) / 2} ${(Math.min(from.y, to.y) - rowHeight * 0.9).toFixed(1)} `
          : "L";
      return `M${x1} ${from.y.toFixed(1)}${over}${x2} ${to.y.toFixed(1)}`;
    },
    shape: { x: boxWidth / 2 + 5, y: 4, room: columnWidth - boxWidth - 12 },
    heads: [fitted(title, 17, width - 28)],
    notes: [fitted(captionOf(drawing, "Beside"), 12, width - 28)],
  });
}

/** From top to bottom, for a narrow page: what stands in one column of the wide picture, in as many rows as it needs. */
function drawUpright(drawing: GraphDrawing): Picture {
  const { title, columns, isTensor } = drawing;
  const least = (isTensor ? forTensors : forValues).boxWidth + 8;
  const most = Math.floor((narrowWidth - 12) / least);
  const rows = [...columns].reverse().flatMap((column) => inRows(column, most));
  const room = (narrowWidth - 12) / Math.max(...rows.map((row) => row.length));
  const boxWidth = Math.min(room - 12, 150);
  const [boxHeight, step] = [50, isTensor ? 84 : 76];
  const heads = wrapped(title, 17, narrowWidth - 20);
  const notes = wrapped(captionOf(drawing, "Below"), 12, narrowWidth - 20);
  const top = 18 + 21 * heads.length;
  const height = top + rows.length * step - (step - boxHeight) + 20 + 16 * notes.length;
  const places = new Map<Node, Place>();
  rows.forEach((row, r) => {
    const y = top + boxHeight / 2 + r * step;
    row.forEach((node, c) => {
      places.set(node, { x: narrowWidth / 2 + (c - (row.length - 1) / 2) * room, y });
    });
  });
  return drawGraph(drawing, {
    width: narrowWidth,
    height,
    at: (node) => places.get(node) as Place,
    boxWidth,
    boxHeight,
    letters: 12.5,
    link(from, to) {
      const [y1, y2] = [from.y + boxHeight / 2, to.y - boxHeight / 2];
      const aside = from.x > narrowWidth / 2 ? narrowWidth - 4 : 4;
      const over = y2 - y1 > step ? `Q${aside} ${(y1 + y2) / 2} ` : "L";
      return `M${from.x.toFixed(1)} ${y1.toFixed(1)}${over}${to.x.toFixed(1)} ${y2.toFixed(1)}`;
    },
    shape: { x: 6, y: boxHeight / 2 + 15, room: room / 2 },
    heads,
    notes,
  });
}

function drawGraph({ names, nodes }: GraphDrawing, layout: GraphLayout): Picture {
  const { width, height, at, boxWidth, boxHeight, letters, shape, heads, notes } = layout;
  const output = nodes[nodes.length - 1];
  const links = nodes.flatMap((node) =>
    node.from.map((source) => `<path d="${layout.link(at(source), at(node))}"/>`),
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
    const line = Math.round(letters + 1.5);
    const text = lines.map(
      (words, n) =>
        `<text x="${x}" y="${(y + 4 - (line / 2) * (lines.length - 1) + line * n).toFixed(1)}"${n === 0 ? ' font-weight="bold"' : ""}>${escapeHtml(fitted(words, letters, boxWidth + 4))}</text>`,
    );
    return `<rect x="${x - boxWidth / 2}" y="${(y - boxHeight / 2).toFixed(1)}" width="${boxWidth}" height="${boxHeight}" rx="7" ${look}/>${text.join("")}`;
  });
  // One shape for all links that leave a box: they carry the same.
  const shapes = nodes.filter((node) => hasShape(node) && node !== output);
  const labels = shapes.map((node) => {
    const { x, y } = at(node);
    return `<text x="${x + shape.x}" y="${(y + shape.y).toFixed(1)}" stroke="#fff" stroke-width="3" paint-order="stroke">${fitted(shapeOf(node), letters, shape.room)}</text>`;
  });
  const title = heads.map(
    (head, n) => `<text x="14" y="${26 + 21 * n}" font-size="17">${escapeHtml(head)}</text>`,
  );
  const caption = notes.map(
    (note, n) =>
      `<text x="14" y="${height - 8 - 16 * (notes.length - 1 - n)}" font-size="12" fill="#555">${note}</text>`,
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${title.join("")}` +
    `<g stroke="#999" fill="none">${links.join("")}</g><g font-size="${letters}" text-anchor="middle">${boxes.join("")}</g>` +
    `<g font-size="${letters}">${labels.join("")}</g>${caption.join("")}</svg>`;
  return { svg, width, height };
}

/** A column's nodes in rows of at most so many, all about as long. */
function inRows(column: readonly Node[], most: number): (readonly Node[])[] {
  const count = Math.ceil(column.length / most);
  const long = Math.ceil(column.length / count);
  return Array.from({ length: count }, (_, n) => column.slice(n * long, (n + 1) * long));
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
