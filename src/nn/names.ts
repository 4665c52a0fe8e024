/**
 * The text's names. Inputs X1, X2 …, hidden units Z1, Z2 …, outputs D0, D1 …; X0 and Z0 are the
 * bias units, always 1. W12 leads from X2 to Z1 and V03 from Z3 to D0: first where a weight leads
 * to, then where it comes from, V for the weights into the output layer.
 *
 * The text has one hidden layer. With several, the layer stands in front of the index: Z2.1 is the
 * first unit of the second hidden layer, W2.13 leads to it from Z1.3. From the tenth unit on, a
 * comma keeps the indices of that layer's weights apart: W1,12.
 */
import type { Network } from "./network";

/** The name of unit j (counted from 0, as in a[l][j]) of layer l. */
export function unitName({ sizes }: Network, l: number, j: number): string {
  if (l === 0) return `X${j + 1}`;
  if (l === sizes.length - 1) return `D${j}`;
  return `Z${sizes.length > 3 ? `${l}.` : ""}${j + 1}`;
}

/** The name of the bias unit that layer l adds to its activations: X0, Z0, or Z1.0 with several hidden layers. */
export function biasName({ sizes }: Network, l: number): string {
  if (l === 0) return "X0";
  return sizes.length > 3 ? `Z${l}.0` : "Z0";
}

/** The name of the weight into a unit (from 0) of a layer: column 0 is the bias, column i the layer's i-th input. */
export function weightNameAt(
  { sizes }: Network,
  layer: number,
  unit: number,
  column: number,
): string {
  const isOutput = layer === sizes.length - 1;
  const letter = isOutput ? "V" : sizes.length > 3 ? `W${layer}.` : "W";
  const comma = sizes[layer] > 9 || sizes[layer - 1] > 9 ? "," : "";
  return `${letter}${isOutput ? unit : unit + 1}${comma}${column}`;
}

/** Whether a name is a bias unit's: X0, Z0, Z1.0. */
export function isBiasUnit(name: string): boolean {
  return /(?:^[XZ]|\.)0$/.test(name);
}

/** The name of a weight by its place in the network's `weights`. @throws RangeError if there is no such place */
export function weightName(network: Network, index: number): string {
  const { layer, unit, column } = weightPlace(network, index);
  return weightNameAt(network, layer, unit, column);
}

/** All weights' names, in the order of `weights`. */
export function weightNames(network: Network): string[] {
  return Array.from(network.weights, (_, index) => weightName(network, index));
}

/** The place of a weight in the network's `weights` by its name. @throws RangeError if there is no such weight */
export function weightIndex(network: Network, name: string): number {
  const names = weightNames(network);
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new RangeError(
    `A ${network.sizes.join("-")} network has no weight "${name}". Its weights are ${listed(names)}.`,
  );
}

/** The layer and place of a unit by its name. @throws RangeError if there is no such unit (bias units have no z) */
export function unitPlace(network: Network, name: string): { layer: number; unit: number } {
  const names: string[] = [];
  for (let layer = 0; layer < network.sizes.length; layer++) {
    for (let unit = 0; unit < network.sizes[layer]; unit++) {
      names.push(unitName(network, layer, unit));
      if (names[names.length - 1] === name) return { layer, unit };
    }
  }
  throw new RangeError(
    `A ${network.sizes.join("-")} network has no unit "${name}". Its units are ${listed(names)}.`,
  );
}

/** Where a weight leads to (layer and unit, from 0) and its column in `W`. */
export function weightPlace(
  { sizes, W }: Network,
  index: number,
): { layer: number; unit: number; column: number } {
  let rest = index;
  for (let layer = 1; layer < sizes.length; layer++) {
    const columns = 1 + sizes[layer - 1];
    if (Number.isInteger(rest) && rest >= 0 && rest < W[layer].length) {
      return { layer, unit: Math.floor(rest / columns), column: rest % columns };
    }
    rest -= W[layer].length;
  }
  throw new RangeError(`A ${sizes.join("-")} network has no weight number ${index}.`);
}

function listed(names: string[]): string {
  return names.length <= 40
    ? names.join(", ")
    : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}
