/**
 * The mathematics uses nothing whose last bits ECMAScript leaves to the engine: of `Math` only what is exact or
 * correctly rounded, and `**` between literals only. Read from the sources' syntax: `Math` may stand nowhere but in
 * `Math.abs(…)` and its like, so that no other name for it, or for a part of it, can exist.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "@tslab/typescript-for-tslab";
import { describe, expect, test } from "vitest";
import { straightLineSource } from "../../src/engines";
import { projectRoot } from "../../src/kernel/node/argv";
import { type ActivationName, activations, createNetwork, type LossName } from "../../src/nn";
import { outputs } from "../nn/random-networks";

/** What ECMAScript fixes to the bit. */
const exact = new Set(
  "abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN2 LN10 LOG2E LOG10E PI SQRT1_2 SQRT2".split(
    " ",
  ),
);
/** The formats of a place and the order of its words differ too; and code from text would not be read here. */
const foreign = new Set(["Math", "Intl", "toLocaleString", "localeCompare", "eval"]);

/** One line for each fault. */
function faults(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const isLiteral = (node: ts.Node): boolean =>
    ts.isNumericLiteral(node) ||
    (ts.isParenthesizedExpression(node) && isLiteral(node.expression)) ||
    (ts.isPrefixUnaryExpression(node) && isLiteral(node.operand));
  const visit = (node: ts.Node): void => {
    const say = () => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} ${node.parent.getText().split("\n")[0]}`);
    };
    const isMember = (name: string) =>
      ts.isPropertyAccessExpression(node.parent) &&
      node.parent.expression === node &&
      name === "Math" &&
      exact.has(node.parent.name.text);
    // As a word, as a member (globalThis.Math) and as a text (globalThis["Math"]).
    if (ts.isIdentifier(node) && foreign.has(node.text) && !isMember(node.text)) say();
    if (ts.isStringLiteralLike(node) && node.text === "Math") say();
    if (ts.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) say();
      if (
        kind === ts.SyntaxKind.AsteriskAsteriskToken &&
        !(isLiteral(node.left) && isLiteral(node.right))
      )
        say();
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("the check itself", () => {
  test.each([
    "Math.exp(1)",
    "const { exp } = Math",
    "const M = Math",
    "[1].map(Math.log)",
    'Math["pow"](2, 3)',
    "globalThis.Math.sin(1)",
    'globalThis["Math"].sin(1)',
    "const { Math: M } = globalThis",
    "f(Math)",
    "Math?.cosh(1)",
    "(Math).cosh(1)",
    "Reflect.get(Math, name)",
    "x ** 2",
    "2 ** n",
    "x **= 2",
    "(1).toLocaleString()",
    "f`$" + "{Math.cbrt(8)}`",
  ])("finds %s", (text) => {
    expect(faults("a.ts", text)).toHaveLength(1);
  });

  test.each([
    "Math.max(Math.abs(x), Math.sqrt(y), Math.PI)",
    "2 ** 32 + (-2) ** -3",
    "exp(x) // not Math.exp(x)",
    "[1].map(Math.abs)",
  ])("lets %s pass", (text) => {
    expect(faults("a.ts", text)).toEqual([]);
  });
});

const rooms = [
  "arithmetic",
  "nn",
  "engines",
  "arrays",
  "training",
  "graph",
  "data",
  "tensors",
  "coursework",
  "explore",
  "exercise",
];
const files = [
  ...rooms.flatMap((room) =>
    readdirSync(join(projectRoot, "src", room), { recursive: true, encoding: "utf8" }).map((name) =>
      join("src", room, name),
    ),
  ),
  ...[...rooms, "ledger", "names"].map((room) => join("src", `${room}.ts`)),
].filter((name) => /\.tsx?$/.test(name));

test("no source of the mathematics leaves a bit to the engine", () => {
  expect(files.length).toBeGreaterThan(55);
  expect(
    files.flatMap((file) => faults(file, readFileSync(join(projectRoot, file), "utf8"))),
  ).toEqual([]);
});

test("nor does code that it writes: the straight line of every activation and loss", () => {
  const hidden = Object.values(activations).filter((one) => "f" in one);
  for (const one of hidden) {
    for (const [output, loss] of outputs) {
      const network = createNetwork({
        sizes: [2, 2, 2],
        ...{ hidden: one.name as ActivationName, output, loss: loss as LossName },
      });
      const text = straightLineSource(network);
      expect(text).toContain("function descend");
      expect(faults(`${one.name}, ${output}, ${loss}`, text)).toEqual([]);
    }
  }
});

test("the arithmetic stands below all rooms: it imports from itself alone", () => {
  const own = files.filter((file) => file.includes("arithmetic"));
  expect(own.length).toBeGreaterThan(8);
  for (const file of own) {
    for (const [, from] of readFileSync(join(projectRoot, file), "utf8").matchAll(/ from "(.+)";/g))
      expect(from, file).toMatch(
        file.endsWith("src/arithmetic.ts") ? /^\.\/arithmetic\// : /^\.\/[a-z]+$/,
      );
  }
});
