/** What a student might try who wants marks for an answer that is not theirs; each in the kernel that grades. */
import { expect, test } from "vitest";
import { kernelForTests } from "../kernel/asking";
import type { Client } from "../kernel/client";
import { startGrader } from "../kernel/grader";

const scoring = `import { check, score } from "./src/coursework";
await check("deltas/outputDelta", outputDelta);
await score("deltas/outputDelta", outputDelta, 5);`;
const next = `import { check, score } from "./src/coursework";
await score("deltas/hiddenDelta", hiddenDelta, 6);`;

const start = () =>
  startGrader([scoring, next], {
    ...{ assignment: "deltas", secondsPerTest: 5, megabytes: 100, showCase: true },
  });
const { kernel } = kernelForTests(start);

const right = `function hiddenDelta(z: number, weights: number[], next: number[]) {
  return (1 - Math.tanh(z) ** 2) * next.reduce((sum, delta, k) => sum + weights[k] * delta, 0);
}`;
const answer = (body: string) => `function outputDelta(h: number, y: number): any {\n${body}\n}`;

async function points(on: Client, test: string): Promise<{ points: number; told: string }> {
  const shown = (await on.execute(test)).outputs.at(-1);
  const told = JSON.stringify(shown?.data ?? shown?.evalue);
  return { points: Number(shown?.data?.["text/plain"] ?? 0), told };
}

/** The kernel of all, or one of its own for cells that replace what other cells need. */
async function inKernel(cells: string, attempt: (on: Client) => Promise<void>): Promise<void> {
  const isOwn = /prototype|(?:Math|JSON)\.\w+ = |Error, |prepareStackTrace/.test(cells);
  const on = isOwn ? await start() : kernel();
  await on.execute(right);
  await attempt(on);
  if (isOwn) await on.stop();
}

const network = `import { backward, createNetwork, forward } from "./src/nn";
const unit = createNetwork({ sizes: [1, 1] });`;

const borrowing: [string, string[]][] = [
  [
    "calls it",
    [
      network,
      answer("unit.weights[0] = h; return backward(unit, forward(unit, [0]), [y]).delta[1][0];"),
    ],
  ],
  [
    "calls what it has put away under another name",
    [
      `${network}\nconst both = [forward, backward].map((f: any) => f.bind(null, unit));`,
      answer("unit.weights[0] = h; return both[1](both[0]([0]), [y]).delta[1][0];"),
    ],
  ],
  [
    "calls a helper that calls it",
    [
      `${network}\nfunction deltaOf(h: number, y: number) { unit.weights[0] = h; return backward(unit, forward(unit, [0]), [y]).delta[1][0]; }`,
      answer("return deltaOf(h, y);"),
    ],
  ],
  [
    "calls it later",
    [
      network,
      answer(
        "unit.weights[0] = h; return new Promise((go) => setTimeout(() => { try { go(backward(unit, forward(unit, [0]), [y]).delta[1][0]); } catch { go(0); } }, 5));",
      ),
    ],
  ],
  [
    "has a timer call it",
    [
      `${network}\nlet asked: any; setInterval(() => { if (!asked) return; const { h, y, go } = asked; asked = undefined; try { unit.weights[0] = h; go(backward(unit, forward(unit, [0]), [y]).delta[1][0]); } catch { go(0); } }, 1);`,
      answer("return new Promise((go) => { asked = { h, y, go }; });"),
    ],
  ],
  [
    "has an object of the library call it",
    [
      `import { createNetwork, halfSquaredError } from "./src/nn";\nconst net = createNetwork({ sizes: [1, 1] });`,
      answer(
        "const out = new Float64Array(1); (net.loss as any)?.gradient?.([h], [y], out); halfSquaredError.gradient(Float64Array.of(h), [y], out); return out[0];",
      ),
    ],
  ],
  [
    "trains for a step",
    [
      `import { createNetwork } from "./src/nn"; import { Training } from "./src/training";\nconst net = createNetwork({ sizes: [1, 1] });`,
      answer(
        "net.weights[0] = h; const training: any = new (Training as any)(net, { inputs: [[0]], targets: [[y]] }, { learningRate: 1 }); training.step?.(); training.run?.(1); return h - net.weights[0];",
      ),
    ],
  ],
  [
    "asks the gradient check",
    [
      `import { createNetwork, nudgedGradient } from "./src/nn";`,
      answer(
        "return (nudgedGradient as any)(createNetwork({ sizes: [1, 1], weights: [h, 0] }), { inputs: [[0]], targets: [[y]] })[0];",
      ),
    ],
  ],
  [
    "asks the handed-out gradient",
    [
      `import { numericalGradient } from "./src/coursework";`,
      answer("return numericalGradient(([v]) => (v - y) ** 2 / 2, [h])[0];"),
    ],
  ],
  [
    "asks the graph",
    [
      `import * as graph from "./src/graph";`,
      answer(
        "const v = new (graph as any).Value(h); return (graph as any).subtract(v, new (graph as any).Value(y)).data;",
      ),
    ],
  ],
  [
    "asks an inner file",
    [
      `import { backward } from "./src/nn/backpropagation";\nimport { createNetwork, forward } from "./src/nn";`,
      answer(
        "const n = createNetwork({ sizes: [1, 1], weights: [h, 0] }); return backward(n, forward(n, [0]), [y]).delta[1][0];",
      ),
    ],
  ],
  [
    "asks for it in a getter",
    [
      network,
      answer(
        "return { get [Symbol.toPrimitive]() { return () => backward(unit, forward(unit, [0]), [y]).delta[1][0]; } };",
      ),
    ],
  ],
  [
    "replaces what might ask for leave",
    [
      `${network}
Map.prototype.get = () => true; Array.prototype.includes = () => true;
String.prototype.split = () => ["backward", "forward"]; Reflect.has = () => true; (Object.prototype as any).backward = true; (Object.prototype as any).forward = true;`,
      answer("unit.weights[0] = h; return backward(unit, forward(unit, [0]), [y]).delta[1][0];"),
    ],
  ],
  [
    "takes the question for a cell",
    [
      `${network}
const parse = JSON.parse;
JSON.parse = (text: string) => {
  const message = parse(text);
  if (message.request?.call === "outputDelta") {
    const [h, y] = message.request.args.nodes[0].array;
    Object.assign(globalThis, { h, y });
    return { ...message, request: { run: "exports.found = 1; globalThis.found = globalThis.compute(globalThis.h, globalThis.y);", name: "cell-1", awaits: false } };
  }
  return message;
};
(globalThis as any).compute = (h: number, y: number) => { unit.weights[0] = h; return backward(unit, forward(unit, [0]), [y]).delta[1][0]; };
(Object.prototype as any).toJSON = function (this: any) { return this.reply ? { id: this.id, reply: { value: { nodes: [{ array: [(globalThis as any).found ?? 0] }], root: { r: 0 } } } } : { ...this }; };`,
      answer("return 0;"),
    ],
  ],
];

test.each(borrowing)("the library answers for nobody who %s", async (_what, cells) => {
  await inKernel(cells.join(), async (on) => {
    for (const cell of cells) await on.execute(cell);
    const { points: earned, told } = await points(on, scoring);
    expect(told).not.toContain("Cannot find");
    expect(earned).toBe(0);
  });
});

const deceiving: [string, string][] = [
  [
    "answers with what is always equal",
    answer(
      "return { valueOf: () => h - y, toString: () => String(h - y), [Symbol.toPrimitive]: () => h - y };",
    ),
  ],
  ["answers with a list of one", answer("return [h - y];")],
  ["answers with text", answer("return String(h - y);")],
  [
    "answers with an endless list",
    answer(
      "return new Proxy([], { get: (_, name) => (name === 'length' ? 1e9 : h - y), has: () => true });",
    ),
  ],
  ["answers with a very large list", answer("return new Float64Array(1e7);")],
  ["answers with what never comes", answer("return { then() {} };")],
  ["answers with a thenable of NaN", answer("return { then: (go: any) => go(NaN) };")],
  ["answers with Infinity", answer("return h > 1e100 ? Infinity : -Infinity;")],
  ["answers with BigInt", answer("return BigInt(Math.round(h - y));")],
  ["remembers the visible cases", answer("return h === 4 ? 4 : h === 0.3 ? -0.7 : 0;")],
  [
    "answers otherwise each time",
    `let calls = 0;\n${answer("return calls++ % 2 ? h - y : y - h;")}`,
  ],
  ["changes its arguments", `${answer("arguments[0] = 0; arguments[1] = 0; return 0;")}`],
  ["replaces Math", `${answer("Math.abs = () => 0; Math.max = () => 1e9; return 0;")}`],
  [
    "replaces instanceof",
    `Object.defineProperty(Array, Symbol.hasInstance, { value: () => true });\nObject.defineProperty(Error, Symbol.hasInstance, { value: () => false });\n${answer("throw new Error('no');")}`,
  ],
  ["throws a right number", answer("throw h - y;")],
  [
    "prints a result",
    answer("console.log('2'); process.stdout.write('{\"id\":1,\"reply\":{}}\\n'); return 0;"),
  ],
  [
    "shows a score",
    answer(
      "(globalThis as any)[Symbol.for('Jupyter.host')].display({ 'text/plain': '2' }); return 0;",
    ),
  ],
  [
    "declares its own score",
    `const score = () => ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "2" }) });\nconst check = score;\n${answer("return 0;")}`,
  ],
  [
    "calls score and check",
    `import { check as own, score as ownScore } from "./src/coursework";\n${answer("return ownScore('deltas/outputDelta', (a: number) => a, 5);")}`,
  ],
  [
    "reads the caller's text",
    answer(
      "let at: any; try { at = (outputDelta as any).caller; } catch {} return String(at).length;",
    ),
  ],
  ["reads the stack", answer("return new Error('x').stack!.length;")],
  [
    "replaces the trace",
    `try { (Error as any).prepareStackTrace = (_: any, sites: any[]) => sites.map((s) => s.getThis()); } catch {}\n${answer("return (new Error('x') as any).stack;")}`,
  ],
  [
    "sends forged replies",
    `const stringify = JSON.stringify; JSON.stringify = (v: any) => stringify({ id: 1, reply: { value: 2 } });\n${answer("return 0;")}`,
  ],
  [
    "pollutes prototypes",
    `Object.defineProperty(Object.prototype, "points", { get: () => 2 }); Object.defineProperty(Object.prototype, "error", { get: () => undefined, set() {}, configurable: true });\n${answer("return 0;")}`,
  ],
  ["is a generator", `function* outputDelta(h: number, y: number) { yield h - y; }`],
  [
    "is a class",
    `class outputDelta { constructor(h: number, y: number) { return [h - y] as any; } }`,
  ],
  ["is a value", `const outputDelta = 4;`],
  [
    "looks numbers up that were made before",
    `const known = new Map<string, number>(); for (let h = -300; h <= 300; h++) for (let y = -100; y <= 100; y++) known.set((h / 100) + " " + (y / 100), (h - y) / 100);\n${answer("return known.get(h + ' ' + y) ?? 0;")}`,
  ],
];

test.each(deceiving)("no points for who %s, and all for the next task", async (_what, cell) => {
  await inKernel(cell, async (on) => {
    await on.execute(cell);
    expect((await points(on, scoring)).points).toBe(0);
    expect((await points(on, next)).points).toBe(3);
  });
});

test("feedback names a case that differs, where no known mistake explains it", async () => {
  await kernel().execute(answer("return h * y + 0.123;"));
  expect((await points(kernel(), scoring)).told).toMatch(
    /for \([\d.e+−-]+; [\d.e+−-]+\) .* was expected, but the answer was /,
  );
});
