/**
 * The same answers at work and graded: whatever `check` finds right earns its points, and what grading has not got,
 * or does not allow, `check` refuses with the reason.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { kernelForTests } from "../kernel/asking";
import { startGrader } from "../kernel/grader";
import { cellsOf } from "./source";

const scoring = `import { check, score } from "./src/coursework";
await check("deltas/outputDelta", outputDelta);
await score("deltas/outputDelta", outputDelta, 5);`;

const { kernel: atWork } = kernelForTests();
const { kernel: graded } = kernelForTests(() => startGrader([scoring], { assignment: "deltas" }));
beforeAll(async () => {
  // What students are handed.
  for (const { id, cell_type, source } of cellsOf("deltas")) {
    if (cell_type !== "code" || !["imports", "broken"].includes(id)) continue;
    for (const kernel of [atWork(), graded()])
      expect((await kernel.execute(source)).reply.status).toBe("ok");
  }
});

/** What a check says, and what the same cells earn. */
async function judge(
  ...cells: string[]
): Promise<{ said: string; points: number; reason: string }> {
  for (const cell of cells) {
    await atWork().execute(cell);
    await graded().execute(cell);
  }
  const check = `import { check } from "./src/coursework";
(await check("deltas/outputDelta", outputDelta)).message`;
  const shown = (await atWork().execute(check)).outputs.at(-1);
  const outcome = (await graded().execute(scoring)).outputs.at(-1);
  return {
    said: shown?.data?.["text/plain"] ?? String(shown?.evalue),
    points: Number(outcome?.data?.["text/plain"]),
    reason: outcome?.data?.["text/html"] ?? "",
  };
}

const answer = (body: string) => `function outputDelta(h: number, y: number): any {\n${body}\n}`;

describe("right at work, and graded so", () => {
  test.each([
    ["plain", "return h - y;"],
    ["structuredClone", "const [a, b] = structuredClone([h, y]); return a - b;"],
    [
      "structuredClone of many kinds",
      `const all = structuredClone({ map: new Map([[1, new Set([h])]]), date: new Date(0), view: new Float64Array([y]), pattern: /a/g });
return [...all.map.get(1)!][0] - all.view[0] + all.date.getTime() + (all.pattern.test("a") ? 0 : 1);`,
    ],
    [
      "console.time",
      "console.time('t'); console.timeLog('t'); console.timeEnd('t'); return h - y;",
    ],
    ["console.assert", "console.assert(h !== y, 'equal'); return h - y;"],
    [
      "console.table and dir",
      "console.table([{ h, y }]); console.dir({ h }, { depth: 0 }); return h - y;",
    ],
    ["console.group", "console.group('in'); console.info(h); console.groupEnd(); return h - y;"],
    [
      "console.count and trace",
      "console.count(); console.countReset(); console.trace('here'); return h - y;",
    ],
    [
      "process.stdout.write",
      "process.stdout.write(String(h)); process.stderr.write('!'); return h - y;",
    ],
    [
      "process.hrtime",
      "const from = process.hrtime.bigint(); process.hrtime(); return h - y + (process.hrtime.bigint() < from ? 1 : 0);",
    ],
    ["process.nextTick", "return new Promise((go) => process.nextTick(() => go(h - y)));"],
    [
      "performance",
      "const from = performance.now(); return performance.timeOrigin > 0 && performance.now() >= from ? h - y : 0;",
    ],
    [
      "timers",
      "return new Promise((go) => { const t = setTimeout(() => go(h - y), 1); t.ref(); clearInterval(setInterval(() => {}, 1).unref()); clearImmediate(setImmediate(() => {})); });",
    ],
    [
      "setImmediate and queueMicrotask",
      "return new Promise((go) => setImmediate(() => queueMicrotask(() => go(h - y))));",
    ],
    [
      "TextEncoder and TextDecoder",
      "return Number(new TextDecoder().decode(new TextEncoder().encode('δ' + (h - y))).slice(1));",
    ],
    ["btoa and atob", "return Number(atob(btoa(String(h - y))));"],
    [
      "crypto",
      "const noise = crypto.getRandomValues(new Uint8Array(4)); return crypto.randomUUID().length === 36 && noise.length === 4 ? h - y : 0;",
    ],
    [
      "typed arrays",
      "const both = Float64Array.of(h, y); const shared = new Float64Array(new SharedArrayBuffer(8)); shared[0] = both[0]; return shared[0] - both[1];",
    ],
    ["Intl", "return new Intl.NumberFormat('en').format(1000) === '1,000' ? h - y : 0;"],
    ["generators", "function* both() { yield h; yield y; } const [a, b] = both(); return a - b;"],
    [
      "classes with private fields",
      "class Delta { #y = y; of(h: number) { return h - this.#y; } } return new Delta().of(h);",
    ],
    ["async and await", "return (async () => { await null; return h - y; })();"],
    [
      "BigInt, Symbol, Proxy, Reflect",
      "const p: any = new Proxy({}, { get: () => h }); return Reflect.get(p, Symbol.iterator) - y + Number(0n);",
    ],
    [
      "regular expressions and dates",
      "return /\\d/.test('1') && new Date(0).getTime() === 0 ? h - y : 0;",
    ],
    [
      "WeakMap, WeakRef",
      "const key = {}; const map = new WeakMap([[key, y]]); return h - map.get(new WeakRef(key).deref()!)!;",
    ],
    [
      "Error with a cause",
      "try { throw new Error('a', { cause: y }); } catch (error) { return h - ((error as Error).cause as number); }",
    ],
    ["structured errors", "try { null!.x; } catch { return h - y; }"],
    ["globalThis", "(globalThis as any).kept = h; return (globalThis as any).kept - y;"],
    ["a given function", "brokenGradient([[0, 0]], [0, 1], [1], 1); return h - y;"],
    ["a given import that draws", "table([{ h, y }]); return h - y;"],
    ["array methods", "return [h, -y].reduce((sum, one) => sum + one) + [1, 2].at(-1)! - 2;"],
  ])("%s", async (_what, body) => {
    const { said, points } = await judge(answer(body));
    expect(said).toMatch(/^'✓ Right so far/);
    expect(points).toBe(2);
  });

  test.each([
    [
      "inner files of a room",
      `import { tanh } from "./src/nn/activations";\n${answer("return tanh.f(0) + h - y;")}`,
    ],
    [
      "a namespace",
      `import * as nn from "./src/nn";\n${answer("return nn.sigmoid.f(0) - 0.5 + h - y;")}`,
    ],
    [
      "another name",
      `import { tanh as squash } from "./src/nn";\n${answer("return squash.f(0) + h - y;")}`,
    ],
    [
      "types of the library",
      `import { createNetwork, type Network } from "./src/nn";\nlet unused: Network = createNetwork({ sizes: [1, 1] });\n${answer("return h - y;")}`,
    ],
    [
      "data",
      `import { xor } from "./src/data";\n${answer("return xor.inputs[0][0] * 0 + h - y;")}`,
    ],
    ["an arrow function", `const outputDelta = (h: number, y: number) => h - y;`],
    ["export", `export function outputDelta(h: number, y: number) { return h - y; }`],
    [
      "a helper",
      `const minus = (a: number, b: number) => a - b;\n${answer("return minus(h, y);")}`,
    ],
    [
      "a local of an engine's name",
      answer("const process = { exit: (n: number) => n };\nreturn process.exit(h) - y;"),
    ],
  ])("%s", async (_what, cell) => {
    const { said, points } = await judge(cell);
    expect(said).toMatch(/^'✓ Right so far/);
    expect(points).toBe(2);
  });
});

describe("refused at work with the reason, and when graded", () => {
  test.each([
    [
      "process.exit",
      answer("if (h > 1e300) process.exit(); return h - y;"),
      "process.exit is not available",
    ],
    [
      "fetch",
      `void fetch("data:,").catch(() => {});\n${answer("return h - y;")}`,
      "fetch is not available",
    ],
    [
      "URL",
      answer("return new URL('https://a/b').pathname.length - 2 + h - y;"),
      "URL is not available",
    ],
    ["Buffer", answer("return Buffer.alloc(1)[0] + h - y;"), "Buffer is not available"],
    [
      "AbortController",
      answer("return new AbortController().signal.aborted ? 0 : h - y;"),
      "AbortController is not available",
    ],
    [
      "code from text",
      answer("return new Function('a', 'b', 'return a - b')(h, y);"),
      "Function is not available",
    ],
    ["eval", answer("return (0, eval)('1') * (h - y);"), "eval is not available"],
    [
      "WebAssembly",
      answer("new (globalThis as any).WebAssembly.Memory({ initial: 1 }); return h - y;"),
      "WebAssembly is not available",
    ],
    [
      "a module of Node's",
      `import { hypot } from "node:util";\n${answer("return h - y;")}`.replace("hypot", "inspect"),
      "cannot be imported",
    ],
    ["a module loaded later", answer('require("fs"); return h - y;'), "cannot be imported"],
    [
      "the right values",
      `import { assignments } from "./src/coursework/assignments";\n${answer("return (assignments[2].tasks[0].expected as any)(h, y);")}`,
      "cannot be imported",
    ],
    [
      "a function of the library",
      `import { halfSquaredError } from "./src/nn";\n${answer("const out = [0]; halfSquaredError.gradient(out.map(() => h) as never, [y], out as never); return out[0];")}`,
      "halfSquaredError does in the library what you are asked to write",
    ],
    [
      "a network's own activation",
      `import { createNetwork } from "./src/nn";\nconst net = createNetwork({ sizes: [1, 1, 1], hidden: "softplus" });\n${answer("return (net.activations[1] as any).f(-1000) + h - y;")}`,
      "createNetwork does in the library what you are asked to write",
    ],
    [
      "the handed-out gradient",
      answer("return numericalGradient(([v]) => (v - y) ** 2 / 2, [h])[0];"),
      "numericalGradient does in the library what you are asked to write",
    ],
    [
      "a step of training",
      `import { createNetwork } from "./src/nn"; import { train } from "./src/training";\n${answer("const net = createNetwork({ sizes: [1, 1], weights: [h, 0] }); train(net, { inputs: [[0]], targets: [[y]] }, { learningRate: 1, epochs: 1 }); return h - net.weights[0];")}`,
      "does in the library what you are asked to write",
    ],
    [
      "nudgedGradient",
      `import { createNetwork, nudgedGradient } from "./src/nn";\n${answer("return (nudgedGradient as any)(createNetwork({ sizes: [1, 1], weights: [h, 0] }), { inputs: [[0]], targets: [[y]] })[0];")}`,
      "does in the library what you are asked to write",
    ],
    [
      "a whole module",
      `const all = await import("./src/nn");\n${answer("return all.tanh.f(0) + h - y;")}`,
      "Import what you use",
    ],
    [
      "a graph",
      `import { Value, subtract } from "./src/graph";\n${answer("return (subtract as any)(new (Value as any)(h), new (Value as any)(y)).value;")}`,
      "graph.subtract does in the library what you are asked to write",
    ],
    [
      "a tensor",
      `import { subtract, tensor } from "./src/tensors";\n${answer("return subtract(tensor(h), y).data[0];")}`,
      "tensors.subtract does in the library what you are asked to write",
    ],
    [
      "a tensor's tanh, where the network's is allowed",
      `import { tanh } from "./src/tensors";\n${answer("return 0 * tanh(h).data[0] + h - y;")}`,
      "tensors.tanh does in the library what you are asked to write",
    ],
  ])("%s", async (_what, cell, reason) => {
    const { said, points } = await judge(cell);
    expect(said).toContain(reason);
    expect(said).not.toMatch(/'✓/);
    // A check that looks at the text may refuse what grading lets pass, and never the other way round.
    if (reason.includes("library does")) expect(points).toBe(0);
  });
});
