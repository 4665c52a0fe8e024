/** A network drawn: units, links, and the numbers of a pass on them. */

import { biasName, isBiasUnit, unitPlace, weightIndex, weightNames } from "../names";
import { type BackwardPass, type ForwardPass, type Network, unitName, weightNameAt } from "../nn";
import { checkFinite, checkNetwork } from "./checks";
import { type Displayable, display, escapeHtml, pictureHtml } from "./display";
import { formatNumber } from "./numbers";
import { fitted, textWidth } from "./text-width";

export interface DiagramOptions {
  /** Shows z and a on every unit. */
  pass?: ForwardPass;
  /** Shows δ on every unit that has one. */
  back?: BackwardPass;
  /** Shows each weight before and after a step with this learning rate (needs `back`). */
  update?: { learningRate: number };
  title?: string;
}

/** What a drawing of a network shows beside its units and links. */
export interface Drawing {
  title: string;
  /** The lines under a unit's name. */
  linesOf(unit: string): string[];
  /** What stands on a weight's link; undefined for nothing. */
  labelOf(weightName: string, weight: number): string | undefined;
  /** Units and weights, by name, that are highlighted. */
  lit?: ReadonlySet<string>;
  /** Lines that every unit has room for, so that the picture keeps its size while it fills. */
  room?: number;
  /** For a narrow page: larger letters, labels on links that are highlighted only, no words above and below. */
  compact?: boolean;
  /** Every weight's link carries the weight's name as `data-weight`, and is as wide as a pointer needs. */
  pointed?: boolean;
}

/** Sizes of a drawing in pixels: how wide it is, where its first layer stands, its boxes, letters and lines. */
interface Sizes {
  width: number;
  edge: number;
  boxWidth: number;
  name: number;
  line: number;
  label: number;
  /** Of the count of units that are not drawn. */
  more: number;
  lineHeight: number;
  between: number;
  top: number;
  bottom: number;
}
const wide: Sizes = {
  width: 640,
  edge: 58,
  boxWidth: 78,
  name: 13,
  line: 11,
  label: 11,
  more: 11,
  lineHeight: 15,
  between: 26,
  top: 46,
  bottom: 26,
};
/** On a page 360 wide every letter is still ten pixels high. */
const narrow: Sizes = {
  width: 376,
  edge: 45, // room for the frame of what is lit
  boxWidth: 78,
  name: 15,
  line: 13,
  label: 12.5,
  more: 14,
  lineHeight: 17,
  between: 12,
  top: 4,
  bottom: 4,
};

/** An SVG picture with its size in pixels. */
export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

interface Box {
  name: string;
  x: number;
  y: number;
  lines: string[];
  isBias: boolean;
}

/** The least distance from one layer to the next, so that boxes stay apart. */
const layerStep = 96;
/** With more layers nothing could be read. */
const mostLayers = 24;
/** Most units drawn in a layer; the others are counted. */
const mostUnits = 8;

/**
 * The network as a picture, with the text's names. Weights below 0 are dashed; the larger, the wider.
 *
 * @throws TypeError for anything that is not a network, and for an update without a backward pass
 * @throws RangeError for passes of another network, and for more than 24 layers
 */
export function networkDiagram(network: Network, options: DiagramOptions = {}): Displayable {
  checkNetwork(network, "networkDiagram");
  checkPasses(network, options);
  const { title = `The ${network.sizes.join("-")} network`, update, back } = options;
  if (update && !back) {
    throw new TypeError(
      "networkDiagram needs the slopes of a backward pass to show an update: pass back as well.",
    );
  }
  if (update) checkFinite(update.learningRate, "The learning rate of the update");
  const linesOf = (unit: string) => valuesOf(network, unit, options);
  const labelOf = (name: string, weight: number) => {
    if (!update || !back) return `${name}: ${written(weight)}`;
    const after = weight - update.learningRate * back.gradient[weightIndex(network, name)];
    return `${name}: ${written(weight)} → ${written(after)}`;
  };
  const { svg, width, height } = drawNetwork(network, { title, linesOf, labelOf });
  const alt = description(network, title, linesOf, labelOf);
  return {
    [display]: () => ({
      "text/html": `<div data-figure="still">${pictureHtml(svg, alt, width, height)}</div>`,
      "text/plain": alt,
    }),
  };
}

/** Draws a network as the options say: for diagrams, and for pictures that change step by step. */
export function drawNetwork(network: Network, drawing: Drawing): Picture {
  const { sizes } = network;
  const { title, linesOf, labelOf, lit = new Set(), compact = false, pointed = false } = drawing;
  const look = compact ? narrow : wide;
  const { edge, boxWidth, lineHeight, top } = look;
  if (sizes.length > mostLayers)
    throw new RangeError(
      `A network of ${sizes.length} layers is too deep to draw: at most ${mostLayers} layers can be followed.`,
    );
  const width = Math.max(look.width, 2 * edge + (sizes.length - 1) * layerStep);
  const layers = sizes.map((size, l) => layerBoxes(network, l, Math.min(size, mostUnits), linesOf));
  const lineCount = Math.max(
    1 + (drawing.room ?? 0),
    ...layers.flat().map((box) => box.lines.length),
  );
  const boxHeight = 12 + lineHeight * lineCount;
  const spacing = Math.max(boxHeight + look.between, 70);
  const tallest = Math.max(...layers.map((boxes) => boxes.length));
  const height = top + tallest * spacing + look.bottom;
  layers.forEach((boxes, l) => {
    const x = edge + (l / (layers.length - 1)) * (width - 2 * edge);
    boxes.forEach((box, n) => {
      box.x = x;
      box.y = top + (tallest * spacing) / 2 + (n - (boxes.length - 1) / 2) * spacing;
    });
  });

  const links: string[] = [];
  const labels: string[] = [];
  const finite = network.weights.filter(Number.isFinite);
  const largest = finite.reduce((most, w) => Math.max(most, Math.abs(w)), 1e-9);
  for (let l = 1; l < sizes.length; l++) {
    const sources = layers[l - 1];
    const targets = layers[l].filter((box) => !box.isBias);
    const gap = targets[0].x - sources[0].x - boxWidth;
    // At this share of the way the labels of all links stand below one another, evenly.
    const share = sources.length / (sources.length + 1);
    const weightOf = (j: number, i: number) => network.W[l][j * (1 + sizes[l - 1]) + i];
    // Labels that do not all fit between the boxes are left to the alt text.
    const texts = targets.map((_, j) =>
      sources.map((_, i) => {
        const name = weightNameAt(network, l, j, i);
        return compact && !lit.has(name) ? undefined : labelOf(name, weightOf(j, i));
      }),
    );
    const widest = Math.max(...texts.flat().map((text) => textWidth(text ?? "", look.label)));
    const fits =
      spacing / (sources.length + 1) >= look.label + 2 &&
      gap >= widest + (compact ? 0 : 8) &&
      sizes[l] <= mostUnits &&
      sizes[l - 1] <= mostUnits;
    targets.forEach((target, j) => {
      sources.forEach((source, i) => {
        const weight = weightOf(j, i);
        const name = weightNameAt(network, l, j, i);
        const isLit = lit.has(name);
        const from = { x: source.x + boxWidth / 2, y: source.y };
        const to = { x: target.x - boxWidth / 2, y: target.y };
        const path = `<path d="M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}"`;
        const size = Number.isFinite(weight) ? Math.abs(weight) / largest : 1;
        const thickness = 0.8 + 2.6 * size;
        const dash = weight < 0 ? ' stroke-dasharray="6 4"' : "";
        if (isLit)
          links.push(`${path} stroke="#FFD54A" stroke-width="${(thickness + 7).toFixed(1)}"/>`);
        links.push(
          `${path} stroke="${weight < 0 ? "#B85C00" : "#4A78A8"}" stroke-width="${thickness.toFixed(1)}"${dash}/>`,
        );
        if (pointed)
          links.push(`${path} data-weight="${name}" stroke="transparent" stroke-width="12"/>`);
        const text = texts[j][i];
        if (!fits || text === undefined) return;
        const half = textWidth(text, look.label) / 2;
        const x = compact
          ? (from.x + to.x) / 2
          : Math.min(from.x + share * (to.x - from.x), to.x - half - 4);
        // Where links meet in a unit their labels stand below one another at the same share of the way.
        const y = from.y + (compact ? 0.5 : share) * (to.y - from.y);
        labels.push(
          `<rect x="${(x - half - 2).toFixed(1)}" y="${(y - look.label / 2 - 0.5).toFixed(1)}" width="${(2 * half + 4).toFixed(1)}" height="${look.label + 1}" fill="${isLit ? "#FFF3C4" : "#fff"}"/>` +
            `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}"${isLit ? ' font-weight="bold"' : ""}>${escapeHtml(text)}</text>`,
        );
      });
    });
  }

  const boxes = layers.flat().map((box) => boxSvg(box, boxHeight, lit.has(box.name), look));
  const hidden = sizes.map((size, l) =>
    size > mostUnits
      ? `<text x="${layers[l][0].x}" y="${height - 24}" text-anchor="middle" font-size="${look.more}">… ${size - mostUnits} more</text>`
      : "",
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>` +
    (compact
      ? ""
      : `<text x="14" y="24" font-size="15">${escapeHtml(fitted(title, 15, width - 28))}</text>`) +
    `<g fill="none">${links.join("")}</g>` +
    `<g font-size="${look.label}" text-anchor="middle">${labels.join("")}</g>` +
    `${boxes.join("")}${hidden.join("")}` +
    (compact
      ? ""
      : `<text x="14" y="${height - 8}" font-size="11" fill="#555">Bias units are dotted boxes. Links: wider is larger; dashed orange is below 0.${lit.size > 0 ? " Yellow: this step." : ""}</text>`) +
    "</svg>";
  return { svg, width, height };
}

function checkPasses(network: Network, { pass, back }: DiagramOptions): void {
  for (const [name, layers] of [
    ["pass", pass?.a],
    ["back", back?.delta],
  ] as const) {
    if (!layers) continue;
    // There is no δ of inputs.
    const first = name === "back" ? 1 : 0;
    const fits = network.sizes.every((size, l) => l < first || layers[l]?.length === size);
    if (!fits || layers.length !== network.sizes.length)
      throw new RangeError(
        `${name} has layers of ${layers
          .map((layer) => layer?.length ?? 0)
          .slice(first)
          .join(
            ", ",
          )} units, so it belongs to another network than this ${network.sizes.join("-")} one.`,
      );
  }
}

/** z, a and δ of a unit, as far as there are passes to take them from. */
function valuesOf(network: Network, unit: string, { pass, back }: DiagramOptions): string[] {
  if (isBiasUnit(unit)) return pass ? ["1"] : [];
  const { layer, unit: j } = unitPlace(network, unit);
  const lines: string[] = [];
  if (pass && layer === 0) lines.push(written(pass.a[0][j]));
  if (pass && layer > 0)
    lines.push(`z = ${written(pass.z[layer][j])}`, `a = ${written(pass.a[layer][j])}`);
  if (back && layer > 0) lines.push(`δ = ${written(back.delta[layer][j])}`);
  return lines;
}

function layerBoxes(
  network: Network,
  l: number,
  units: number,
  linesOf: (unit: string) => string[],
): Box[] {
  const names = Array.from({ length: units }, (_, j) => unitName(network, l, j));
  if (l < network.sizes.length - 1) names.unshift(biasName(network, l));
  return names.map((name) => ({
    name,
    x: 0,
    y: 0,
    lines: [name, ...linesOf(name)],
    isBias: isBiasUnit(name),
  }));
}

function boxSvg(
  { x, y, lines, isBias }: Box,
  tallest: number,
  isLit: boolean,
  { boxWidth, lineHeight, name, line: size }: Sizes,
): string {
  const height =
    isBias || lines.length <= 2 ? Math.min(tallest, 12 + lineHeight * lines.length) : tallest;
  const first = y - (lines.length * lineHeight) / 2 + name - 1.5;
  const text = lines.map(
    (line, n) =>
      `<text x="${x.toFixed(1)}" y="${(first + lineHeight * n).toFixed(1)}" text-anchor="middle" font-size="${n === 0 ? name : size}"${n === 0 ? ' font-weight="bold"' : ""}>${escapeHtml(line)}</text>`,
  );
  const look = isBias
    ? 'fill="#f2f2f2" stroke="#777" stroke-dasharray="2 3"'
    : 'fill="#eef4fa" stroke="#33658A"';
  const light = isLit
    ? `<rect x="${(x - boxWidth / 2 - 5).toFixed(1)}" y="${(y - height / 2 - 5).toFixed(1)}" width="${boxWidth + 10}" height="${height + 10}" rx="14" fill="#FFD54A"/>`
    : "";
  return (
    light +
    `<rect x="${(x - boxWidth / 2).toFixed(1)}" y="${(y - height / 2).toFixed(1)}" width="${boxWidth}" height="${height}" rx="10" stroke-width="1.5" ${look}/>` +
    text.join("")
  );
}

function description(
  network: Network,
  title: string,
  linesOf: Drawing["linesOf"],
  labelOf: Drawing["labelOf"],
): string {
  const { sizes } = network;
  const units = sizes.map((size, l) =>
    layerBoxes(network, l, Math.min(size, mostUnits), linesOf)
      .map(({ lines: [name, ...rest] }) =>
        rest.length > 0 ? `${name} (${rest.join(", ")})` : name,
      )
      .join(", "),
  );
  const weights = weightNames(network).map((name, w) =>
    labelOf(name, network.weights[w])?.replace(": ", " = "),
  );
  const said = weights.length <= 40 ? weights.join(", ") : `${weights.length} weights`;
  return `${title}. Units by layer: ${units.join("; ")}. Weights: ${said}.`;
}

function written(value: number): string {
  return formatNumber(value, 3);
}
