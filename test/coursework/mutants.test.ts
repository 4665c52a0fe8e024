/**
 * A mistake in an assignment's own tests must not pass: every solution is changed in one place (a sign, an operator,
 * an index, a constant, a name), and nearly every change has to cost points.
 */
import * as ts from "@tslab/typescript-for-tslab";
import { expect, test } from "vitest";
import { score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";
import { functionsIn, type SourceCell, solutionCells } from "./source";

/** The share of mutants that have to lose points. */
const wanted = 0.95;

interface Mutant {
  code: string;
  /** What was changed: "line 3: + → -". */
  change: string;
}

const operators: Record<string, string> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "**": "*",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "+=": "-=",
  "-=": "+=",
};
const functions: Record<string, string> = {
  exp: "log",
  tanh: "sin",
  max: "min",
  log: "exp",
  sqrt: "abs",
  abs: "sign",
  min: "max",
};

/** All changes of one token within a solution. */
function mutantsOf(source: string): Mutant[] {
  const from = source.indexOf("BEGIN SOLUTION");
  const to = source.indexOf("END SOLUTION");
  const file = ts.createSourceFile("solution.ts", source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const replace = (node: ts.Node, text: string) => {
    const [start, end] = [node.getStart(file), node.getEnd()];
    if (start < from || end > to) return;
    const { line } = file.getLineAndCharacterOfPosition(start);
    mutants.push({
      code: source.slice(0, start) + text + source.slice(end),
      change: `line ${line + 1}: ${node.getText(file)} → ${text}`,
    });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node)) {
      const other = operators[node.operatorToken.getText(file)];
      if (other) replace(node.operatorToken, other);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
      replace(node, node.operand.getText(file));
    }
    if (ts.isNumericLiteral(node)) {
      replace(node, String(Number(node.text) + 1));
      if (node.text !== "0") replace(node, "0");
    }
    if (ts.isStringLiteral(node)) replace(node, '"other"');
    if (ts.isPropertyAccessExpression(node) && functions[node.name.text]) {
      replace(node.name, functions[node.name.text]);
    }
    if (ts.isElementAccessExpression(node) && !ts.isNumericLiteral(node.argumentExpression)) {
      replace(node.argumentExpression, `${node.argumentExpression.getText(file)} + 1`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

/** A loop that a mutant never leaves is not to hold the tests up: it counts, and stops itself. */
function withLimitedLoops(code: string): string {
  return code.replace(
    /(for \([^\n]*\) \{)/g,
    "$1 if (++loops.count > 1e5) throw new Error('endless');",
  );
}

test(`of the mutants of all solutions at least ${100 * wanted} % lose points`, {
  timeout: 120_000,
}, async () => {
  const survivors: string[] = [];
  let all = 0;
  for (const { name, tasks } of assignments) {
    const cells = solutionCells(name);
    const functionOf = (cell: SourceCell) => /function (\w+)/.exec(cell.source)?.[1] as string;
    for (const cell of cells) {
      const fn = functionOf(cell);
      const task = tasks.find((one) => one.name === fn);
      for (const { code, change } of mutantsOf(cell.source)) {
        all++;
        const others = cells.filter((other) => other !== cell).map(({ source }) => source);
        let points = 0;
        try {
          const limited = `const loops = { count: 0 };\n${withLimitedLoops(code)}`;
          const mutant = functionsIn(...others, limited)[fn];
          points = (await score(`${name}/${fn}`, mutant, 11)).points ?? 0;
        } catch {
          // It does not even compile.
        }
        if (points === task?.points) survivors.push(`${name}/${fn}, ${change}`);
      }
    }
  }
  const lost = 1 - survivors.length / all;
  console.log(
    `${all} mutants, ${(100 * lost).toFixed(1)} % lose points. These do not:\n${survivors.join("\n")}`,
  );
  expect(all).toBeGreaterThan(300);
  expect(lost).toBeGreaterThanOrEqual(wanted);
});
