import { expect, test } from "vitest";
import { and, nand, nor, or, xnor, xor } from "../../src/data";

test.each([
  [xor, "XOR", (a: number, b: number) => a ^ b],
  [xnor, "XNOR", (a: number, b: number) => 1 - (a ^ b)],
  [and, "AND", (a: number, b: number) => a & b],
  [nand, "NAND", (a: number, b: number) => 1 - (a & b)],
  [or, "OR", (a: number, b: number) => a | b],
  [nor, "NOR", (a: number, b: number) => 1 - (a | b)],
] as const)("$1 is its function, in the text's order of rows", (set, name, table) => {
  expect(set.name).toBe(name);
  expect(set.source).toContain("definition");
  expect(set.inputs).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(set.targets).toEqual(set.inputs.map(([a, b]) => [table(a, b)]));
  expect(set.inputNames).toEqual(["X1", "X2"]);
  expect(set.targetNames).toEqual(["Y"]);
});
