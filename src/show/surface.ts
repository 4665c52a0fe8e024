/** A network's output over the input square. */

import { isList, said } from "../arithmetic";
import { unitPlace } from "../names";
import { forward, type Network, type Samples } from "../nn";
import { checkNetwork } from "./checks";
import { type Figure, plot } from "./figure";
import { formatNumber } from "./numbers";
import { short } from "./style";

export interface DecisionSurfaceOptions {
  /** The unit whose activation is shown, by its name (Z1). Default: the first output unit, D0. */
  unit?: string;
  /** How far the square reaches beyond the samples, as a share of their range. Default 0.25. */
  margin?: number;
  title?: string;
}

/** Points on each side of the grid: fine enough for a smooth line, coarse enough for a small file. */
const grid = 25;

/**
 * A unit's activation over the square of two inputs, the samples on it, and the line where it is one half
 * (0 for a hidden unit).
 *
 * @throws TypeError for anything that is not a network or samples
 * @throws RangeError unless the network has two inputs and each sample fits it; when the activation is not finite
 */
export function decisionSurface(
  network: Network,
  samples: Samples,
  options: DecisionSurfaceOptions = {},
): Figure {
  checkNetwork(network, "decisionSurface");
  if (network.sizes[0] !== 2) {
    throw new RangeError(
      `A surface needs a network with 2 inputs, but this one has ${network.sizes[0]}.`,
    );
  }
  const { unit = "D0", margin = 0.25 } = options;
  if (!(margin >= 0 && margin < Number.POSITIVE_INFINITY))
    throw new RangeError(
      `The margin is a share of the samples' range, 0 or more, but it is ${margin}.`,
    );
  const { layer, unit: index } = unitPlace(network, unit);
  const isOutput = layer === network.sizes.length - 1;
  checkSamples(samples, isOutput ? index : 0);
  const title = options.title ?? `The activation of ${unit} over the inputs`;
  const middle = isOutput ? 0.5 : 0;

  const axes = [0, 1].map((i) => {
    const values = samples.inputs.map((x) => x[i]);
    const low = values.reduce((least, one) => Math.min(least, one));
    const high = values.reduce((most, one) => Math.max(most, one));
    const reach = (high - low || 1) * margin;
    return Array.from(
      { length: grid },
      (_, n) => low - reach + (n / (grid - 1)) * (high - low + 2 * reach),
    );
  });
  const value = (x1: number, x2: number) => forward(network, [x1, x2]).a[layer][index];
  const z = axes[1].map((x2) => axes[0].map((x1) => short(value(x1, x2))));
  const lost = z.flat().indexOf(null);
  if (lost >= 0)
    throw new RangeError(
      `The activation of ${unit} is not a finite number at (${formatNumber(axes[0][lost % grid])}, ${formatNumber(axes[1][Math.floor(lost / grid)])}): look at the network's weights.`,
    );
  const largest = Math.max(...z.flat().map((a) => Math.abs((a as number) - middle)), 1e-9);

  const shared = {
    type: "contour",
    x: axes[0].map((x1) => short(x1)),
    y: axes[1].map((x2) => short(x2)),
    z,
    hoverinfo: "x+y+z",
  };
  const fill = {
    ...shared,
    name: unit,
    zmin: middle - largest,
    zmax: middle + largest,
    colorscale: [
      [0, "#2C7FB8"],
      [0.5, "#FFFFFF"],
      [1, "#E08214"],
    ],
    // Lines between the bands would repeat every outline: half of the file for little to see.
    contours: {
      start: middle - 0.8 * largest,
      end: middle + 0.81 * largest,
      size: 0.2 * largest,
      showlines: false,
    },
    colorbar: { title: { text: `a of ${unit}`, side: "top" }, thickness: 14 },
  };
  const boundary = {
    ...shared,
    name: `a = ${middle}`,
    showlegend: true,
    showscale: false,
    hoverinfo: "skip",
    contours: { start: middle, end: middle, size: 1, coloring: "none" },
    line: { width: 3, color: "#000", dash: "dash" },
  };
  const classes = [
    { name: "target 0", symbol: "circle", color: "#2C7FB8", has: (y: number) => y < 0.5 },
    { name: "target 1", symbol: "square", color: "#E08214", has: (y: number) => y >= 0.5 },
  ].map(({ name, symbol, color, has }) => {
    const rows = samples.inputs.filter((_, n) => has(samples.targets[n][isOutput ? index : 0]));
    return {
      name,
      mode: "markers",
      x: rows.map((x) => x[0]),
      y: rows.map((x) => x[1]),
      marker: { symbol, size: 13, color, line: { width: 2, color: "#000" } },
    };
  });
  const said =
    samples.inputs.length <= 8
      ? samples.inputs.map((x) => `${formatNumber(value(x[0], x[1]), 3)} at (${x[0]}, ${x[1]})`)
      : [];
  return plot({
    data: [fill, boundary, ...classes],
    layout: {
      title: { text: title },
      margin: { l: 70, r: 110, t: 68, b: 64, autoexpand: false },
      xaxis: { title: { text: "input X1" }, showgrid: false, zeroline: false },
      yaxis: { title: { text: "input X2" }, showgrid: false, zeroline: false },
    },
    alt: `${title}: ${said.length > 0 ? `the activation is ${said.join(", ")}` : "contours of the activation"}. The dashed line is where it is ${middle}. Round marks have target 0, square ones target 1.`,
    height: 440,
  });
}

/** @throws unless every sample has two finite inputs, and a target of this index */
function checkSamples(samples: Samples, index: number): void {
  if (!isList(samples?.inputs) || !isList(samples.targets))
    throw new TypeError(
      `decisionSurface takes samples, { inputs, targets }, as the second argument, but got ${said(samples)}.`,
    );
  const { inputs, targets } = samples;
  if (inputs.length === 0) {
    throw new RangeError("There are no samples to draw a surface around: inputs is an empty list.");
  }
  for (let n = 0; n < inputs.length; n++) {
    if (inputs[n]?.length !== 2 || !Array.from(inputs[n]).every(Number.isFinite))
      throw new RangeError(`Sample ${n} has to have 2 finite inputs, but has ${said(inputs[n])}.`);
    if (!Number.isFinite(targets[n]?.[index]))
      throw new RangeError(
        `Sample ${n} has to have a finite target ${index}, but its targets are ${said(targets[n])}.`,
      );
  }
}
