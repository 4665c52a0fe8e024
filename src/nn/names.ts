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

/** The name of a weight by its place in the network's `weights`. @throws RangeError if there is no such place */
export function weightName(network: Network, index: number): string {
  const { layer, unit, column } = weightPlace(network, index);
  return weightNameAt(network, layer, unit, column);
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
