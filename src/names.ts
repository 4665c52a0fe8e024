/**
 * Units and weights by the text's names ("Z1", "W12"; src/nn/names.ts tells them), and the products that the numbers of
 * each are made of.
 */
import {
  type BackwardPass,
  type ForwardPass,
  type Network,
  unitName,
  weightName,
  weightNameAt,
  weightPlace,
} from "./nn";

/** The name of the bias unit that layer l adds to its activations: X0, Z0, or Z1.0 with several hidden layers. */
export function biasName({ sizes }: Network, l: number): string {
  if (l === 0) return "X0";
  return sizes.length > 3 ? `Z${l}.0` : "Z0";
}

/** Whether a name is a bias unit's: X0, Z0, Z1.0. */
export function isBiasUnit(name: string): boolean {
  return /(?:^[XZ]|\.)0$/.test(name);
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

/** One product in a weighted sum: weight × value. */
export interface Term {
  /** The weight, W12, and its value. */
  readonly weightName: string;
  readonly weight: number;
  /** What it is multiplied by: a unit's activation (X2) in a forward step, its δ in a backward step. */
  readonly unit: string;
  readonly value: number;
  readonly product: number;
}

/** z = Σ weight × activation and a = f(z) of one unit. */
export interface ForwardStep {
  readonly unit: string;
  readonly terms: readonly Term[];
  readonly z: number;
  readonly a: number;
}

/** δ = f′(z) Σ weight × δ of one unit. */
export interface DeltaStep {
  readonly unit: string;
  /** One product for each unit it feeds; none at an output unit, whose δ comes from the loss. */
  readonly terms: readonly Term[];
  /** f′(z); undefined for softmax, whose slope is a matrix. */
  readonly slope: number | undefined;
  readonly delta: number;
}

/** ∂L/∂w = δ × a of one weight. */
export interface WeightStep {
  readonly weightName: string;
  readonly weight: number;
  /** The unit it comes from (X0 and Z0 are the bias units, a = 1) and that unit's activation. */
  readonly from: string;
  readonly a: number;
  /** The unit it leads to and that unit's δ. */
  readonly to: string;
  readonly delta: number;
  /** ∂L/∂w. */
  readonly gradient: number;
}

/** How a unit's z and a come about. @throws RangeError if there is no such unit, or it is an input */
export function forwardStep(network: Network, pass: ForwardPass, name: string): ForwardStep {
  const { layer, unit } = computedUnit(network, name);
  const terms = [termOf(network, layer, unit, 0, biasName(network, layer - 1), 1)];
  pass.a[layer - 1].forEach((a, i) => {
    terms.push(termOf(network, layer, unit, i + 1, unitName(network, layer - 1, i), a));
  });
  return { unit: name, terms, z: pass.z[layer][unit], a: pass.a[layer][unit] };
}

/** How a unit's δ comes about. @throws RangeError if there is no such unit, or it is an input */
export function deltaStep(
  network: Network,
  pass: ForwardPass,
  back: BackwardPass,
  name: string,
): DeltaStep {
  const { layer, unit } = computedUnit(network, name);
  const next = Array.from(back.delta[layer + 1] ?? []);
  const terms = next.map((delta, k) =>
    termOf(network, layer + 1, k, unit + 1, unitName(network, layer + 1, k), delta),
  );
  const activation = network.activations[layer];
  const slope =
    "f" in activation ? activation.derivative(pass.z[layer][unit], pass.a[layer][unit]) : undefined;
  return { unit: name, terms, slope, delta: back.delta[layer][unit] };
}

/** How a weight's slope comes about. @throws RangeError if there is no such weight */
export function weightStep(
  network: Network,
  pass: ForwardPass,
  back: BackwardPass,
  name: string,
): WeightStep {
  const index = weightIndex(network, name);
  const { layer, unit, column } = weightPlace(network, index);
  const isBias = column === 0;
  return {
    weightName: name,
    weight: network.weights[index],
    from: isBias ? biasName(network, layer - 1) : unitName(network, layer - 1, column - 1),
    a: isBias ? 1 : pass.a[layer - 1][column - 1],
    to: unitName(network, layer, unit),
    delta: back.delta[layer][unit],
    gradient: back.gradient[index],
  };
}

function termOf(
  network: Network,
  layer: number,
  unit: number,
  column: number,
  other: string,
  value: number,
): Term {
  const weight = network.W[layer][unit * (1 + network.sizes[layer - 1]) + column];
  const name = weightNameAt(network, layer, unit, column);
  return { weightName: name, weight, unit: other, value, product: weight * value };
}

function computedUnit(network: Network, name: string): { layer: number; unit: number } {
  const place = unitPlace(network, name);
  if (place.layer > 0) return place;
  throw new RangeError(`${name} is an input: it is given, so it has no weighted sum and no δ.`);
}

function listed(names: string[]): string {
  return names.length <= 40
    ? names.join(", ")
    : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}
