/** What explorables share: settings that are checked, and can be had back as code. */

import type { DataSet } from "../data";
import * as sets from "../data";
import { weightNames } from "../names";
import {
  type Activation,
  activations,
  createNetwork,
  type Elementwise,
  type Initialisation,
  type Loss,
  losses,
  type Network,
  softmax,
} from "../nn";

/** The truth tables by the names that settings use. */
export const truthTables = {
  xor: sets.xor,
  xnor: sets.xnor,
  and: sets.and,
  nand: sets.nand,
  or: sets.or,
  nor: sets.nor,
};
export type TruthTableName = keyof typeof truthTables;

/** Names of the activations of one unit at a time: all but softmax. */
export const elementwiseNames = Object.values<Activation>(activations)
  .filter((one): one is Elementwise => "f" in one)
  .map((one) => one.name);

/** Names of the losses for one output: not the one that is made to choose among several. */
export const oneOutputLosses = Object.values<Loss>(losses)
  .filter((one) => one.pairedWith !== softmax)
  .map((one) => one.name);

/** How weights are drawn, and what a choice calls it. */
export const initialisations: Record<Initialisation, string> = {
  uniform: "uniform",
  xavier: "Xavier",
  he: "He",
};

/** @throws RangeError unless the value is one of the choices */
export function checkChoice(what: string, value: unknown, choices: readonly string[]): void {
  if (typeof value === "string" && choices.includes(value)) return;
  throw new RangeError(`${what} is one of ${choices.join(", ")}, but "${value}" was given.`);
}

/** @throws RangeError unless the value is a number from `from` to `to` */
export function checkRange(what: string, value: unknown, from: number, to: number): void {
  if (typeof value === "number" && value >= from && value <= to) return;
  throw new RangeError(`${what} is a number from ${from} to ${to}, but ${value} was given.`);
}

/** @throws RangeError unless the value is a whole number from `from` to `to` */
export function checkCount(what: string, value: unknown, from: number, to: number): void {
  checkRange(what, value, from, to);
  if (Number.isInteger(value)) return;
  throw new RangeError(`${what} is a whole number, but ${value} was given.`);
}

/** What describes a network with two inputs and one output, but for its layers, and a step of its training. */
export interface OneOutputSettings {
  hidden: string;
  output: string;
  loss: string;
  /** One number for all weights, all of them in the order of `weights`, or how they are drawn. */
  weights: number | readonly number[] | Initialisation;
  seed: number;
  learningRate: number;
}

/** @throws RangeError that names the first setting that is not available */
export function checkOneOutput({ hidden, output, loss, learningRate }: OneOutputSettings): void {
  checkChoice("hidden", hidden, elementwiseNames);
  checkChoice("output", output, elementwiseNames);
  checkChoice("loss", loss, Object.keys(losses));
  if (!oneOutputLosses.includes(loss)) {
    throw new RangeError(
      `The loss "${loss}" chooses among several outputs, and this network has one: take "binaryCrossEntropy".`,
    );
  }
  checkRange("learningRate", learningRate, 1e-6, 100);
}

/** The network of the settings, with so many units in its hidden layers. @throws as createNetwork */
export function oneOutputNetwork(
  layers: readonly number[],
  { hidden, output, loss, weights, seed }: OneOutputSettings,
): Network {
  return createNetwork({
    sizes: [2, ...layers, 1],
    hidden: hidden as "tanh",
    output: output as "tanh",
    loss: loss as "halfSquaredError",
    weights,
    seed,
  });
}

/** A network with one hidden layer and a truth table's samples. */
export interface SmallNetworkSettings extends OneOutputSettings {
  /** A truth table by its name. */
  data: TruthTableName;
  /** One sample, counted from 0, or "all": then the cost is the mean over the four. */
  sample: number | "all";
  /** Units in the hidden layer. The text's network has 3. */
  units: number;
}

/** The text's network, and the first sample of XOR. */
export const textNetwork = {
  data: "xor",
  sample: 0,
  units: 3,
  hidden: "identity",
  output: "identity",
  loss: "halfSquaredError",
  weights: 1,
  seed: 1,
} as const;

/** @throws as createNetwork */
export function smallNetwork(settings: SmallNetworkSettings): Network {
  return oneOutputNetwork([settings.units], settings);
}

/** With larger ones sums and squares are soon too large for numbers. */
const largestWeight = 1e9;

/** @throws RangeError that names the first setting that is not available */
export function checkSmallNetwork(settings: SmallNetworkSettings): void {
  const { data, sample, units } = settings;
  checkOneOutput(settings);
  checkCount("units", units, 1, 6);
  const { inputs } = dataSet(data);
  if (sample !== "all") checkCount("sample", sample, 0, inputs.length - 1);
  const { weights } = settings;
  if (typeof weights !== "string") {
    const names = weightNames(smallNetwork({ ...settings, weights: 1 }));
    const list = typeof weights === "number" ? [weights] : weights;
    list.forEach((weight, n) => {
      const what = typeof weights === "number" ? "Every weight" : `Weight ${names[n]}`;
      checkRange(what, weight, -largestWeight, largestWeight);
    });
  }
  smallNetwork(settings);
}

/** @throws RangeError if the options hold a name that the settings do not know */
export function checkNames(options: object, known: object): void {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    throw new RangeError(
      `There is no setting "${name}". The settings are ${Object.keys(known).join(", ")}.`,
    );
  }
}

/** Options as code, those left out that are as by default: `{ at: 1.5, hidden: "tanh" }`. */
export function settingsCode<S extends object>(settings: S, defaults: S): string {
  const entries = Object.entries(settings)
    .filter(([name, value]) => !same(value, defaults[name as keyof S]))
    .map(([name, value]) => `  ${name}: ${literal(value)},\n`);
  return entries.length > 0 ? `{\n${entries.join("")}}` : "";
}

/** A value as TypeScript writes it. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function dataSet(name: TruthTableName): DataSet {
  checkChoice("data", name, Object.keys(truthTables));
  return truthTables[name];
}
