/** A network drawn: units, links, and the numbers of a pass on them. */
import {
  type BackwardPass,
  biasName,
  type ForwardPass,
  type Network,
  unitName,
  weightNameAt,
} from "../nn";
import { type Displayable, display, escapeHtml, pictureHtml } from "./display";
import { formatNumber } from "./numbers";
import { textWidth } from "./still";

export interface DiagramOptions {
  /** Shows z and a on every unit. */
  pass?: ForwardPass;
  /** Shows δ on every unit that has one. */
  back?: BackwardPass;
  /** Shows each weight before and after a step with this learning rate (needs `back`). */
  update?: { learningRate: number };
  title?: string;
}

interface Box {
  name: string;
  x: number;
  y: number;
  lines: string[];
  isBias: boolean;
}

const width = 640;
const boxWidth = 78;
/** Most units drawn in a layer; the others are counted. */
const mostUnits = 8;

/** The network as a picture, with the text's names. Weights below 0 are dashed; the larger, the wider. */
export function networkDiagram(network: Network, options: DiagramOptions = {}): Displayable {
  const { sizes } = network;
  const { title = `The ${sizes.join("-")} network` } = options;
  if (options.update && !options.back) {
    throw new TypeError(
      "networkDiagram shows an update from the slopes of a backward pass: give back as well.",
    );
  }
  const layers = sizes.map((size, l) => layerBoxes(network, l, Math.min(size, mostUnits), options));
  const lineCount = Math.max(...layers.flat().map((box) => box.lines.length));
  const boxHeight = 12 + 15 * lineCount;
  const spacing = Math.max(boxHeight + 26, 70);
  const tallest = Math.max(...layers.map((boxes) => boxes.length));
  const top = 46;
  const height = top + tallest * spacing + 26;
  layers.forEach((boxes, l) => {
    const x = 58 + (l / (layers.length - 1)) * (width - 116);
    boxes.forEach((box, n) => {
      box.x = x;
      box.y = top + (tallest * spacing) / 2 + (n - (boxes.length - 1) / 2) * spacing;
    });
  });

  const links: string[] = [];
  const labels: string[] = [];
  const largest = network.weights.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-9);
  for (let l = 1; l < sizes.length; l++) {
    const sources = layers[l - 1];
    const targets = layers[l].filter((box) => !box.isBias);
    const gap = targets[0].x - sources[0].x - boxWidth;
    // At this share of the way the labels of all links stand below one another, evenly.
    const share = sources.length / (sources.length + 1);
    const label = (j: number, i: number) => {
      const index = j * (1 + sizes[l - 1]) + i;
      const weight = network.W[l][index];
      const name = weightNameAt(network, l, j, i);
      if (!options.update || !options.back) return `${name}: ${written(weight)}`;
      const after = weight - options.update.learningRate * options.back.dW[l][index];
      return `${name}: ${written(weight)} → ${written(after)}`;
    };
    // Labels that do not all fit between the boxes are left to the alt text.
    const texts = targets.map((_, j) => sources.map((_, i) => label(j, i)));
    const fits =
      spacing / (sources.length + 1) >= 13 &&
      gap >= Math.max(...texts.flat().map((text) => textWidth(text, 11))) + 8 &&
      sizes[l] <= mostUnits &&
      sizes[l - 1] <= mostUnits;
    targets.forEach((target, j) => {
      sources.forEach((source, i) => {
        const weight = network.W[l][j * (1 + sizes[l - 1]) + i];
        const from = { x: source.x + boxWidth / 2, y: source.y };
        const to = { x: target.x - boxWidth / 2, y: target.y };
        const thickness = (0.8 + 2.6 * (Math.abs(weight) / largest)).toFixed(1);
        const dash = weight < 0 ? ' stroke-dasharray="6 4"' : "";
        links.push(
          `<path d="M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}" stroke="${weight < 0 ? "#B85C00" : "#4A78A8"}" stroke-width="${thickness}"${dash}/>`,
        );
        if (!fits) return;
        const text = texts[j][i];
        const half = textWidth(text, 11) / 2;
        const x = Math.min(from.x + share * (to.x - from.x), to.x - half - 4);
        const y = from.y + share * (to.y - from.y);
        labels.push(
          `<rect x="${(x - half - 2).toFixed(1)}" y="${(y - 6).toFixed(1)}" width="${(2 * half + 4).toFixed(1)}" height="12" fill="#fff"/>` +
            `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}">${escapeHtml(text)}</text>`,
        );
      });
    });
  }

  const boxes = layers.flat().map((box) => boxSvg(box, boxHeight));
  const hidden = sizes.map((size, l) =>
    size > mostUnits
      ? `<text x="${layers[l][0].x}" y="${height - 24}" text-anchor="middle" font-size="11">… ${size - mostUnits} more</text>`
      : "",
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>` +
    `<text x="14" y="24" font-size="15">${escapeHtml(title)}</text><g fill="none">${links.join("")}</g>` +
    `<g font-size="11" text-anchor="middle">${labels.join("")}</g>` +
    `${boxes.join("")}${hidden.join("")}` +
    `<text x="14" y="${height - 8}" font-size="11" fill="#555">Bias units are dotted boxes. Links: wider is larger; dashed orange is below 0.</text></svg>`;
  const alt = description(network, layers, title, options);
  return {
    [display]: () => ({
      "text/html": `<div data-figure="still">${pictureHtml(svg, alt, width, height)}</div>`,
      "text/plain": alt,
    }),
  };
}

function layerBoxes(
  network: Network,
  l: number,
  units: number,
  { pass, back }: DiagramOptions,
): Box[] {
  const isOutput = l === network.sizes.length - 1;
  const boxes: Box[] = isOutput
    ? []
    : [{ name: biasName(network, l), x: 0, y: 0, lines: pass ? ["1"] : [], isBias: true }];
  for (let j = 0; j < units; j++) {
    const lines: string[] = [];
    if (pass && l === 0) lines.push(written(pass.a[0][j]));
    if (pass && l > 0) lines.push(`z = ${written(pass.z[l][j])}`, `a = ${written(pass.a[l][j])}`);
    if (back && l > 0) lines.push(`δ = ${written(back.delta[l][j])}`);
    boxes.push({ name: unitName(network, l, j), x: 0, y: 0, lines, isBias: false });
  }
  for (const box of boxes) box.lines.unshift(box.name);
  return boxes;
}

function boxSvg({ x, y, lines, isBias }: Box, tallest: number): string {
  const height = isBias || lines.length <= 2 ? Math.min(tallest, 12 + 15 * lines.length) : tallest;
  const first = y - (lines.length * 15) / 2 + 11.5;
  const text = lines.map(
    (line, n) =>
      `<text x="${x.toFixed(1)}" y="${(first + 15 * n).toFixed(1)}" text-anchor="middle" font-size="${n === 0 ? 13 : 11}"${n === 0 ? ' font-weight="bold"' : ""}>${escapeHtml(line)}</text>`,
  );
  const look = isBias
    ? 'fill="#f2f2f2" stroke="#777" stroke-dasharray="2 3"'
    : 'fill="#eef4fa" stroke="#33658A"';
  return (
    `<rect x="${(x - boxWidth / 2).toFixed(1)}" y="${(y - height / 2).toFixed(1)}" width="${boxWidth}" height="${height}" rx="10" stroke-width="1.5" ${look}/>` +
    text.join("")
  );
}

function description(
  network: Network,
  layers: Box[][],
  title: string,
  { update, back }: DiagramOptions,
): string {
  const units = layers.map((boxes) =>
    boxes
      .map(({ lines: [name, ...rest] }) =>
        rest.length > 0 ? `${name} (${rest.join(", ")})` : name,
      )
      .join(", "),
  );
  const weights = network.sizes.slice(1).flatMap((size, n) =>
    Array.from({ length: size * (1 + network.sizes[n]) }, (_, k) => {
      const columns = 1 + network.sizes[n];
      const weight = network.W[n + 1][k];
      const after =
        update && back ? ` → ${written(weight - update.learningRate * back.dW[n + 1][k])}` : "";
      return `${weightNameAt(network, n + 1, Math.floor(k / columns), k % columns)} = ${written(weight)}${after}`;
    }),
  );
  const said = weights.length <= 40 ? weights.join(", ") : `${weights.length} weights`;
  return `${title}. Units by layer: ${units.join("; ")}. Weights: ${said}.`;
}

function written(value: number): string {
  return formatNumber(value, 3);
}
