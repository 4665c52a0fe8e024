import type { Samples } from "../nn";

/** Samples with a name, the names of their columns, and where they come from. */
export interface DataSet extends Samples {
  readonly inputs: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly name: string;
  readonly source: string;
  readonly inputNames: readonly string[];
  readonly targetNames: readonly string[];
}

/** The table of a function of two bits, its rows in the order (0, 0), (0, 1), (1, 0), (1, 1). */
function truthTable(name: string, targets: readonly number[]): DataSet {
  return {
    name,
    source: "the function's definition",
    inputNames: ["X1", "X2"],
    targetNames: ["Y"],
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    targets: targets.map((target) => [target]),
  };
}

/** 1 if exactly one input is 1: the text's example. No straight line separates its 1s from its 0s. */
export const xor = truthTable("XOR", [0, 1, 1, 0]);
/** 1 if the inputs are equal. The other truth table that no straight line separates. */
export const xnor = truthTable("XNOR", [1, 0, 0, 1]);
/** 1 if both inputs are 1. */
export const and = truthTable("AND", [0, 0, 0, 1]);
/** 1 unless both inputs are 1. */
export const nand = truthTable("NAND", [1, 1, 1, 0]);
/** 1 if at least one input is 1. */
export const or = truthTable("OR", [0, 1, 1, 1]);
/** 1 if no input is 1. */
export const nor = truthTable("NOR", [1, 0, 0, 0]);
