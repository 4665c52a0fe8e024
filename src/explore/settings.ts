/** What explorables share: settings that are checked, and can be had back as code. */

import type { DataSet } from "../data";
import * as sets from "../data";
import { type Activation, activations, type Elementwise } from "../nn";

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
