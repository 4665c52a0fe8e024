/** What a kernel does with cells wherever it runs: one list, by which Node's and the page's are both judged. */

/** An output as nbformat has it, with the page's own updates in place. */
export interface SomeOutput {
  output_type: string;
  name?: string;
  text?: string | string[];
  ename?: string;
  evalue?: string;
  traceback?: string[];
  data?: Record<string, unknown>;
  transient?: { display_id?: string };
}

/** What a reader of plain text sees of outputs, each after its kind; updates in their places. */
export function textsOf(outputs: readonly SomeOutput[]): string[] {
  const texts: { kind: string; text: string; id?: string }[] = [];
  const joined = (text: unknown) => [text ?? ""].flat().join("");
  for (const { output_type: kind, name = "", text, ename, evalue, data, transient } of outputs) {
    const last = texts[texts.length - 1];
    const id = transient?.display_id;
    const plain = joined(data?.["text/plain"]);
    if (kind === "stream" && last?.kind === name) last.text += joined(text);
    else if (kind === "stream") texts.push({ kind: name, text: joined(text) });
    else if (kind === "error") texts.push({ kind, text: `${ename}: ${evalue}` });
    else if (kind === "update_display_data") {
      const shown = texts.filter((one) => one.id === id);
      for (const one of shown) one.text = plain;
    } else texts.push({ kind, text: plain, id });
  }
  return texts.map(({ kind, text }) => `${kind}: ${text}`);
}

/** Of outputs what does not depend on how many cells ran before: texts, and where errors came by. */
export function judged(outputs: readonly SomeOutput[]): string[] {
  const places = outputs.flatMap(({ traceback = [] }) =>
    traceback
      .join("\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
      .replace(/\u001b\[\d+m/g, "")
      .split("\n")
      .filter((line) => /^(?:cell \d+|src\/\S+), line \d+/.test(line))
      .map((line) => line.replace(/^(src\/\S+, line) \d+/, "$1 …")),
  );
  return [...textsOf(outputs), ...places].map((text) => text.replace(/\bcell \d+/g, "cell"));
}

interface Case {
  name: string;
  cells: readonly string[];
  /** What the last of the cells gives, as `judged` tells it. */
  gives: readonly string[];
}

const host = '(globalThis as any)[Symbol.for("Jupyter.host")]';

/** They run one after the other, in one kernel. */
export const cases: readonly Case[] = [
  {
    name: "the cell that a variable comes from: the newest, and whether it failed",
    cells: [
      "function mended(): number { return 1; }\nfunction broken(): number { return 1; }",
      'function broken(): number { return "no number"; }',
      "const never = 1;\nfunction broken( {",
      `["mended", "broken", "never", "unknown"].map((name) => ${host}.cellOf(name)?.failed)`,
    ],
    gives: ["execute_result: [ false, true, true, undefined ]"],
  },
  {
    name: "the cell that a variable comes from, after it has thrown: what was set before counts",
    cells: [
      "let early = 1;\nlet late = 1;",
      'let early = 2;\nif (early > 1) throw new Error("half-way");\nlet late = 2;',
      `[early, late, ${host}.cellOf("early").failed, ${host}.cellOf("late").failed]`,
    ],
    gives: ["execute_result: [ 2, 1, false, true ]"],
  },
  {
    name: "the cell that a variable comes from, run again when it is mended",
    cells: ["let late = 3;", `${host}.cellOf("late").code`],
    gives: ["execute_result: 'let late = 3;'"],
  },
  {
    name: "a value, whole",
    cells: ["[0.1 + 0.2, -0, 1n, null, undefined, 'a']"],
    gives: ["execute_result: [ 0.30000000000000004, -0, 1n, null, undefined, 'a' ]"],
  },
  {
    name: "values of many kinds, as Node shows them",
    cells: [
      "class Pair { constructor(public a = 1, private b = [2]) {} }\n({ pair: new Pair(), map: new Map([['k', { deep: { deeper: { deepest: 1 } } }]]), set: new Set([1]), f() {}, numbers: new Float64Array(2), when: new Date(0) })",
    ],
    gives: [
      "execute_result: {\n  pair: Pair { a: 1, b: [ 2 ] },\n  map: Map(1) { 'k' => { deep: [Object] } },\n  set: Set(1) { 1 },\n  f: [Function: f],\n  numbers: Float64Array(2) [ 0, 0 ],\n  when: 1970-01-01T00:00:00.000Z\n}",
    ],
  },
  { name: "nothing for what has no value", cells: ["const quiet = 1;"], gives: [] },
  { name: "null is shown, undefined is not", cells: ["null"], gives: ["execute_result: null"] },
  {
    name: "a promise that was not awaited",
    cells: ["Promise.resolve(1)"],
    gives: ["execute_result: Promise (write await before it to get its value)"],
  },
  {
    name: "prints, in order, to both streams",
    cells: [
      'console.log("%s is %d", "six", 6, { seven: 7 }); console.error("no"); console.info("end")',
    ],
    gives: ["stdout: six is 6 { seven: 7 }\n", "stderr: no\n", "stdout: end\n"],
  },
  {
    name: "groups and counts",
    cells: [
      'console.group("outer"); console.log("a\\nb"); console.count(); console.count(); console.groupEnd(); console.assert(1 > 2, "sum")',
    ],
    gives: [
      "stdout: outer\n  a\n  b\n  default: 1\n  default: 2\n",
      "stderr: Assertion failed: sum\n",
    ],
  },
  {
    name: "the newest function counts, in functions of earlier cells too",
    cells: [
      "function slope(w: number) { return 2 * w; } const next = (w: number) => w - slope(w);",
      "function slope(w: number) { return 3 * w; }",
      "next(10)",
    ],
    gives: ["execute_result: -20"],
  },
  {
    name: "variables that functions set",
    cells: [
      "let turns = 0; const turn = () => ++turns;",
      "turn(); turn(); turns += 10;",
      "[turns, turn()]",
    ],
    gives: ["execute_result: [ 12, 13 ]"],
  },
  {
    name: "a const anew, with another type",
    cells: ["const rate = 0.5", 'const rate = "fast"', "rate.length"],
    gives: ["execute_result: 4"],
  },
  {
    name: "what does not fit any more is refused",
    cells: [
      "const size = 3; const double = () => size.toFixed(1);",
      'const size = "large";',
      "double()",
    ],
    gives: [
      "error: TypeScript error: cell, line 1, column 1: double (cell, line 1) does not fit size as cell declares it: Property 'toFixed' does not exist on type '\"large\"'. Did you mean 'fixed'? Change one of them, and run its cell again.",
      "cell, line 1, column 1",
      "cell, line 1",
    ],
  },
  {
    name: "await at the top, of a timer",
    cells: [
      "const waited = await new Promise<number>((done) => setTimeout(() => done(5), 20));\nwaited + 1",
    ],
    gives: ["execute_result: 6"],
  },
  {
    name: "a type error has its line and column, and runs nothing",
    cells: ['console.log("ran");\nconst word: string = 7;'],
    gives: [
      "error: TypeScript error: cell, line 2, column 7: Type 'number' is not assignable to type 'string'.",
      "cell, line 2, column 7",
    ],
  },
  {
    name: "a syntax error",
    cells: ["const a = [1, 2;\n3"],
    gives: [
      "error: TypeScript error: cell, line 1, column 16: ',' expected.",
      "cell, line 1, column 16",
    ],
  },
  {
    name: "a name that is not known",
    cells: ["nowhere + 1"],
    gives: [
      "error: TypeScript error: cell, line 1, column 1: Cannot find name 'nowhere'.",
      "cell, line 1, column 1",
    ],
  },
  {
    name: "an error's lines, through functions of an earlier cell",
    cells: [
      'function outer(n: number) {\n  const inner = () => {\n    throw new RangeError("got " + n);\n  };\n  return inner();\n}',
      "// first\nouter(3);",
    ],
    gives: [
      "error: RangeError: got 3",
      "cell, line 3 in inner",
      "cell, line 5 in outer",
      "cell, line 2",
    ],
  },
  {
    name: "an error after an await",
    cells: [
      'await Promise.resolve();\nconst late = () => {\n  throw new Error("late");\n};\nlate();',
    ],
    gives: ["error: Error: late", "cell, line 3 in late", "cell, line 5"],
  },
  {
    name: "an error in a source",
    cells: ['import { createNetwork } from "./src/nn";\ncreateNetwork({ sizes: [2, 0] });'],
    gives: [
      "error: RangeError: sizes lists the units of each layer, inputs first, such as [2, 3, 1], but got [2, 0].",
      "src/nn/network.ts, line … in createNetwork",
      "cell, line 2",
    ],
  },
  {
    name: "causes",
    cells: ['throw new Error("outer", { cause: new TypeError("inner") })'],
    gives: ["error: Error: outer", "cell, line 1", "cell, line 1"],
  },
  {
    name: "what is thrown and no error",
    cells: ["throw { code: 7 }"],
    gives: ["error: Thrown: { code: 7 }"],
  },
  {
    name: "what a failing cell had set stays",
    cells: [
      "let kept = 1;",
      'kept = 2;\nconst later = 3;\nthrow new Error("stop");',
      "[kept, later]",
    ],
    gives: ["execute_result: [ 2, 3 ]"],
  },
  {
    name: "what a failing cell had not set is not there",
    cells: ['throw new Error("stop");\nconst forgotten = 3;', "forgotten"],
    gives: [
      "error: TypeScript error: cell, line 1, column 1: Cannot find name 'forgotten'.",
      "cell, line 1, column 1",
    ],
  },
  {
    name: "displays, updated in place",
    cells: [
      `${host}.display({ "text/plain": "first" }, { id: "one" });\nconsole.log("between");\n${host}.display({ "text/plain": "second" }, { id: "one", update: true });`,
    ],
    gives: ["display_data: second", "stdout: between\n"],
  },
  {
    name: "a value that shows itself, by and by",
    cells: ['({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "itself" }) })'],
    gives: ["execute_result: itself"],
  },
  {
    name: "what is no bundle",
    cells: ['({ [Symbol.for("Jupyter.display")]: () => ({ html: "" }) })'],
    gives: [
      'error: TypeError: What is displayed goes by MIME types, such as "text/html", but one is called "html".',
    ],
  },
  {
    name: "a module that is missing",
    cells: ['import { nothing } from "../src/nn";'],
    gives: [
      "error: TypeScript error: cell, line 1, column 25: Cannot find module '../src/nn' or its corresponding type declarations. Imports start at the project's root, wherever the notebook lies: \"./src/nn\".",
      "cell, line 1, column 25",
    ],
  },
  {
    name: "import while it runs",
    cells: ['const { xor } = await import("./src/data");\nxor.targets'],
    gives: ["execute_result: [ [ 0 ], [ 1 ], [ 1 ], [ 0 ] ]"],
  },
  {
    name: "classes, enums, namespaces and types of earlier cells",
    cells: [
      "enum Kind { a, b } interface Unit { kind: Kind } class Cell implements Unit { kind = Kind.b; }\nnamespace Names { export const all = [Kind[0]]; }",
      "const unit: Unit = new Cell();\n[unit.kind, Names.all, unit instanceof Cell]",
    ],
    gives: ["execute_result: [ 1, [ 'a' ], true ]"],
  },
  {
    name: "patterns, defaults, loops over variables of earlier cells",
    cells: [
      "let [left, { right = 2, ...others }] = [1, { more: 3 } as any];",
      "for (left of [5, 6]) right += left;\n[left, right, others]",
    ],
    gives: ["execute_result: [ 6, 13, { more: 3 } ]"],
  },
];
