/** What a submission may try, and the mark that it gets for it; each run in a kernel that grades. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { canUnshare, confined } from "../../src/kernel/grading/confine";
import { type Packed, pack, unpack } from "../../src/kernel/grading/transfer";
import type { Client, Execution, Output } from "./client";
import { startGrader } from "./grader";

/** The instructor's test of a student's `weightedSum`: a point for each case that is right. */
const sumTest = `const cases: [number[], number[], number][] = [[[1, 2], [3, 4], 11], [[0.5], [-2], -1], [[], [], 0]];
let points = 0;
for (const [w, x, right] of cases) {
  try {
    if ((await weightedSum(w, x)) === right) points++;
  } catch (error) {
    console.log(String(error));
  }
}
({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": String(points) }) })`;

/** What the other process may answer, as the test sees it. */
const valueTest = `JSON.stringify(await answer())`;

const updateTest = `const row = [1, 2, 3];
const weights = new Float64Array([0.5]);
const result = await update(row, weights);
[row, weights[0], result]`;

const specialTest = `const sent = [NaN, Infinity, -Infinity, -0, undefined, null, "δ", true, new Float32Array([0.5])];
[await back(sent), sent]`;

const unimportedTest = `await softplus(0)`;
const functionTest = `await apply((x: number) => x)`;
const errorTest = `try { await failing(); } catch (error) { console.log((error as Error).name, (error as Error).message); }`;
const sideBySideTest = `(await Promise.all([1, 2, 3].map((n) => twice(n)))).join()`;

const slowTest = `for (;;) try { await slow(); } catch {}`;

const onceTest = `try { await slow(); } catch {}`;

const trusted = [
  slowTest,
  onceTest,
  sumTest,
  valueTest,
  updateTest,
  specialTest,
  unimportedTest,
  functionTest,
  errorTest,
  sideBySideTest,
];

const start = (other = {}) => startGrader(trusted, { secondsPerTest: 3, megabytes: 100, ...other });

/** Each line is a union of 65,536 tuples, to be compared with another: a second or more of the compiler's time. */
const busyType = `type Pair<A extends unknown[]> = A extends [infer First, ...infer Rest] ? [First, ...Pair<Rest>] | [0, ...Pair<Rest>] : [];
${Array.from({ length: 30 }, (_, n) => `let busy${n}: Pair<[${n}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]> = [] as never; let other${n}: Pair<[${n}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "a"]> = busy${n};`).join("\n")}`;

let [kernel, hasty, patient]: Client[] = [];
beforeAll(async () => {
  kernel = await start();
  hasty = await start({ secondsPerCell: 4 });
  patient = await start({ secondsPerTest: 20 });
});
afterAll(async () => {
  for (const one of [kernel, hasty, patient]) await one.stop();
});

const right =
  "function weightedSum(w: number[], x: number[]): number { return w.reduce((sum, wi, i) => sum + wi * x[i], 0); }";

/** The points that nbgrader 0.9.6 gives for what a test has put out, of three. */
function pointsOf({ outputs }: Execution): number {
  for (const { output_type, name, data } of outputs) {
    if (output_type === "error" || name === "stderr") return 0;
    if (output_type === "execute_result") {
      const points = Number(data["text/plain"]);
      return points >= 0 ? points : 3;
    }
  }
  return 3;
}

/** The process that a grading kernel holds a submission in. */
function submissionOf({ process: { pid: kernel } }: Client): number {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const found = stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s.*--frozen-intrinsics/.exec(line))
    .find((fields) => Number(fields?.[2]) === kernel);
  return Number(found?.[1]);
}

/** Runs a student's cell, and then the test. */
async function mark(code: string, on = kernel): Promise<number> {
  await on.execute(code);
  return pointsOf(await on.execute(sumTest));
}

function textOf(outputs: Output[], name = "stdout"): string {
  return outputs
    .filter((output) => output.name === name)
    .map((output) => output.text)
    .join("");
}

/** What a cell prints and shows, its error included. */
async function run(code: string, on = kernel): Promise<string> {
  const { outputs } = await on.execute(code);
  return outputs
    .map(({ text, data, ename, evalue }) => text ?? data?.["text/plain"] ?? `${ename}: ${evalue}`)
    .join("");
}

describe("marks", () => {
  test("what is right earns, what is partly right earns in part, what is missing nothing", async () => {
    expect(pointsOf(await kernel.execute(sumTest))).toBe(0);
    expect(await mark("const weightedSum = 5;")).toBe(0);
    expect(await mark("function weightedSum() { return 11; }")).toBe(1);
    expect(await mark("async function weightedSum() { return 0; }")).toBe(1);
    expect(await mark(right)).toBe(3);
    expect(await run("weightedSum([1, 2], [3, 4])")).toBe("11");
  });

  test.each([
    ["prints on stderr", "console.error('careful');"],
    ["leaves a rejection to itself", "void Promise.reject(new Error('nobody cares'));"],
    ["throws in a timer", "setTimeout(() => { throw new Error('late'); }, 0);"],
    ["ends in an error", "throw new Error('at the end');"],
    ["ends the process, or tries to", "process.exit(0);"],
    ["asks for too much memory at once", "new Float64Array(1e9);"],
    ["runs out of stack", "const deep = (): number => deep() + 1; deep();"],
  ])("a cell that %s costs nothing", async (_name, code) => {
    expect(await mark(`${right}\n${code}`)).toBe(3);
  });

  test.each([
    ["loops for ever", "while (true) {}", "It took longer than 3 s."],
    ["never answers", "return new Promise(() => {});", "It took longer than 3 s."],
    ["runs out of stack", "return weightedSum();", "Maximum call stack size exceeded"],
    ["throws", "throw 'a word';", "a word"],
    [
      "answers with something endless",
      "return new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1 }), get: () => weightedSum() });",
      "",
    ],
    ["answers with something huge", "return new Array(1e8);", "too large"],
    [
      "answers with very many objects",
      "return Array.from({ length: 2e5 }, () => []);",
      "too large",
    ],
    ["throws something odd", "throw new Proxy({}, { get() { throw 1; } });", "cannot be shown"],
    [
      "answers with a getter that loops",
      "return Object.defineProperty([0], 0, { get() { while (true) {} } });",
      "longer than 3 s",
    ],
    ["answers with an object for a number", "return { valueOf: () => 11 };", ""],
    ["answers with a function", "return () => 11;", ""],
  ])("a function that %s earns nothing, and all else goes on", async (_name, body, reason) => {
    await kernel.execute(`function weightedSum(): any { ${body} }`);
    const done = await kernel.execute(sumTest);
    expect(pointsOf(done)).toBe(0);
    expect(textOf(done.outputs)).toContain(reason);
    expect(await mark(right)).toBe(3);
  });

  test("an endless loop in a cell is interrupted, and the cells after it run", async () => {
    const { done, outputs } = kernel.start(`${right}\nconsole.log("begun");\nwhile (true) {}`);
    await vi.waitFor(() => expect(textOf(outputs)).toContain("begun"), 10_000);
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(pointsOf(await kernel.execute(sumTest))).toBe(3);
  });

  test("an endless await is interrupted, too", async () => {
    const { done, outputs } = kernel.start(
      `${right}\nconsole.log("begun");\nawait new Promise(() => {});`,
    );
    await vi.waitFor(() => expect(textOf(outputs)).toContain("begun"), 10_000);
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(pointsOf(await kernel.execute(sumTest))).toBe(3);
  });

  test("what is interrupted while the submission begins anew never runs, and all after it does", async () => {
    await kernel.execute(right);
    // It runs again when the submission begins anew, which thus takes long enough on any machine.
    await kernel.execute("await new Promise((go) => setTimeout(go, 1500));");
    const ended = await kernel.execute(
      "const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(0.5));",
    );
    expect(ended.reply).toMatchObject({ ename: "SubmissionEnded" });
    const { done, outputs } = kernel.start('console.log("it ran"); while (true) {}');
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(textOf(outputs)).not.toContain("it ran");
    expect(pointsOf(await kernel.execute(sumTest))).toBe(3);
  });

  test("a test that waits for the student's function can be interrupted", async () => {
    await kernel.execute("function slow() { while (true) {} }");
    const { done } = kernel.start(slowTest);
    await new Promise((go) => setTimeout(go, 300));
    await kernel.interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(await mark(right)).toBe(3);
  });

  test.each([
    [
      "memory in a cell",
      "const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(0.5));",
      "ran out of memory",
    ],
    ["a loop after an await", "await null; for (;;) {}", "did not react"],
    [
      "memory in a timer",
      "setTimeout(() => { const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(0.5)); }, 0); await new Promise(() => {});",
      "ran out of memory",
    ],
    ["a type that keeps the compiler busy", busyType, "did not react"],
  ])("of a submission lost to %s all else is graded", async (name, code, reason) => {
    const own = name.includes("memory") ? patient : hasty;
    await own.execute("const one = 1;");
    await own.execute(right);
    expect(pointsOf(await own.execute(sumTest))).toBe(3);
    expect((await own.execute(code)).reply.evalue).toContain(reason);
    expect(pointsOf(await own.execute(sumTest))).toBe(3);
    expect(await run("one + 1", own)).toBe("2");
  });

  test.each([
    [
      "memory",
      "const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(0.5));",
      "ran out of memory",
    ],
    ["a loop after an await", "await null; for (;;) {}", "longer than 3 s"],
    ["an endless chain of promises", "for (;;) await null;", "longer than 3 s"],
    [
      "one and a half seconds a call",
      "const end = Date.now() + 1500; while (Date.now() < end); return w.length;",
      "longer than 3 s",
    ],
  ])("a function lost to %s loses its own test", async (name, body, reason) => {
    const own = name === "memory" ? patient : hasty;
    await own.execute("const kept = 7;");
    await own.execute("const answer = () => kept;");
    await own.execute(`async function weightedSum(w: number[]) { ${body} }`);
    const { outputs } = await own.execute(sumTest);
    expect(textOf(outputs)).toContain(reason);
    expect(await run(valueTest, own)).toBe("'7'");
    expect(await mark(right, own)).toBe(3);
  });

  test.runIf(process.platform === "linux")(
    "what the system takes once costs nothing: a cell or a call is asked for once more",
    async () => {
      await patient.execute("const kept = 7;");
      const took = submissionOf(patient);
      const cell = patient.start(
        'console.log("begun"); await new Promise((go) => setTimeout(go, 1000)); const late = 5;',
      );
      await vi.waitFor(() => expect(textOf(cell.outputs)).toContain("begun"), 10_000);
      process.kill(took, "SIGKILL");
      expect((await cell.done).reply.status).toBe("ok");
      expect(textOf(cell.outputs)).toMatch(/SIGKILL.*Once more.*\nbegun/);
      expect(await run("kept + late", patient)).toBe("12");

      await patient.execute(`async function weightedSum(w: number[], x: number[]) {
  await new Promise((go) => setTimeout(go, 500));
  return w.reduce((sum, wi, i) => sum + wi * x[i], 0);
}`);
      const again = submissionOf(patient);
      expect(again).not.toBe(took);
      const { done } = patient.start(sumTest);
      await new Promise((go) => setTimeout(go, 700));
      process.kill(again, "SIGKILL");
      expect(pointsOf(await done)).toBe(3);
    },
  );

  test("a function that ends just when it is interrupted loses its own test, and not the next", async () => {
    await kernel.execute("const kept = 7;\nconst answer = () => kept;");
    // A cell has 300 ms to end by itself before what it asked is stopped. (A limit would have to be so short that on a
    // busy machine it is over for the next test, too.)
    for (let early = 300; early <= 310; early++) {
      const end = Date.now() + 400;
      await kernel.execute(`function slow() { while (Date.now() < ${end}); }`);
      const { done } = kernel.start(onceTest);
      await new Promise((go) => setTimeout(go, end - early - Date.now()));
      await kernel.interrupt();
      await done;
      expect(await run(valueTest)).toBe("'7'");
    }
  });

  test("an edited test is the student's own cell, and earns nothing", async () => {
    await kernel.execute(right);
    expect(pointsOf(await kernel.execute(`${sumTest} `))).toBe(0);
    expect(pointsOf(await kernel.execute("const silent = 1;"))).toBe(0);
    expect(pointsOf(await kernel.execute("3"))).toBe(0);
  });

  test("a score made up gives no mark", async () => {
    const forged = `({ "text/plain": "3" })`;
    const display = `Symbol.for("Jupyter.display")`;
    await kernel.execute(
      `const weightedSum = () => ({ [${display}]: () => ${forged}, toString: () => "3" });`,
    );
    expect(pointsOf(await kernel.execute(sumTest))).toBe(0);
    expect(pointsOf(await kernel.execute(`({ [${display}]: () => ${forged} })`))).toBe(0);
    const shown = `(globalThis as any)[Symbol.for("Jupyter.host")].display(${forged}); undefined`;
    expect(pointsOf(await kernel.execute(shown))).toBe(0);
  });

  test("nor does the language replaced, or whatever carries the messages", async () => {
    const own = await start();
    for (const code of [
      "(Math as any).max = () => 11; Object.defineProperty(Object.prototype, 'points', { get: () => 3 });",
      "Number.prototype.valueOf = () => 3; (globalThis as any).String = () => '3';",
      "Array.prototype.map = () => [11]; Array.from = () => [11]; (Map as any).prototype.get = () => 0;",
      "Object.assign(globalThis, { Math: 0, Error: 0, Number: () => 11 });",
      'JSON.parse = () => ({}); JSON.stringify = () => \'{"id":1,"reply":{}}\';',
    ]) {
      await own.execute(`function weightedSum() { return 1; }`);
      await own.execute(code);
      expect(pointsOf(await own.execute(sumTest))).toBe(0);
    }
    await own.stop();
  });
});

describe("output", () => {
  test.each(["prompt('Rate?')", "confirm()", "alert()"])("asks nobody: %s", async (code) => {
    expect(await run(code)).toContain("Error: Graded work cannot ask the reader");
  });

  test("figures are drawn, in the order in which they came; what is none stays undrawn", async () => {
    const { outputs, reply } = await kernel.execute(`import { display, plot } from "./src/show";
const host = (globalThis as any)[Symbol.for("Jupyter.host")];
const line = plot({ data: [{ y: [1, 3, 2] }], yTitle: "cost of <ours>", alt: "A line." });
console.log("before");
host.display(await line[display]());
console.log("after");
line`);
    expect(reply.status, reply.evalue).toBe("ok");
    const kinds = outputs.map(({ output_type, text }) => text || output_type);
    expect(kinds.filter((kind) => kind !== "stream")).toEqual([
      "before\n",
      "display_data",
      "after\n",
      "execute_result",
    ]);
    for (const { data } of outputs.filter(({ data }) => data)) {
      const [, picture] = /src="data:image\/svg\+xml,([^"]*)"/.exec(data["text/html"]) ?? [];
      expect(decodeURIComponent(picture)).toMatch(/d='M0,[\d.]+L273,[\d.]+L546,[\d.]+'/);
      expect(decodeURIComponent(picture)).toContain("cost of");
      expect(picture).not.toContain("figure:");
    }
    const forged = `<img src="data:image/svg+xml,%3Csvg xmlns='a'%3E%3Cdesc%3Efigure:%257B%3C/desc%3E">`;
    const { outputs: shown } = await kernel.execute(
      `({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": ${JSON.stringify(forged)} }) })`,
    );
    expect(shown.at(-1)?.data["text/html"]).toBe(forged);
  });

  test("a flood is cut off, and the cell goes on", async () => {
    const { outputs, reply } = await kernel.execute(
      "for (let i = 0; i < 200_000; i++) console.log('a line of a flood', i); 'the end'",
    );
    expect(reply.status).toBe("ok");
    expect(textOf(outputs).length).toBeLessThan(1_100_000);
    expect(textOf(outputs)).toMatch(/too long: the rest is left out\.\n$/);
    expect(outputs[outputs.length - 1].data["text/plain"]).toBe("'the end'");
  });

  test("what is printed while a test runs is not the test's", async () => {
    await kernel.execute(`${right.replace("return", "console.log('3'); console.error('3'); return")}
const again = setInterval(() => console.error("again"), 1);`);
    for (let i = 0; i < 3; i++) {
      const { outputs } = await kernel.execute(sumTest);
      expect(outputs.map(({ output_type }) => output_type)).toEqual(["execute_result"]);
    }
    await kernel.execute("clearInterval(again);");
  });

  test("figures and values show themselves, and errors name the student's line", async () => {
    const { outputs } = await kernel.execute(
      `import { table } from "./src/show";\ntable([{ a: 1 }])`,
    );
    expect(outputs[1].data["text/html"]).toContain("<table");
    const failed = await kernel.execute(
      "function f(): number {\n  throw new RangeError('no');\n}\nf();",
    );
    const traceback = failed.outputs[1].traceback.join("\n");
    expect(failed.reply).toMatchObject({ ename: "RangeError", evalue: "no" });
    expect(traceback).toMatch(/cell \d+, line 2 in f/);
    expect(traceback).toMatch(/cell \d+, line 4/);
  });
});

describe("what a test borrows", () => {
  test("the latest function of a name, or the reason why there is none", async () => {
    await kernel.execute("let answer: unknown = () => [1, [2]];");
    expect(await run(valueTest)).toBe("'[1,[2]]'");
    await kernel.execute("answer = async () => 7;");
    expect(await run(valueTest)).toBe("'7'");
    await kernel.execute("answer = 7;");
    expect(await run(valueTest)).toBe("TypeError: answer is not a function.");
  });

  test("what the student's function does to its arguments is nobody's but its own", async () => {
    await kernel.execute(`function update(row: number[], weights: number[]) {
  const seen = [...row, ...weights];
  row.push(4);
  weights[0] = 5;
  return [row, seen];
}`);
    const shown = "[ [ 1, 2, 3 ], 0.5, [ [ 1, 2, 3, 4 ], [ 1, 2, 3, 0.5 ] ] ]";
    expect(await run(updateTest)).toBe(shown);
  });

  test("every kind of number, and nothing, goes over and back", async () => {
    await kernel.execute("const back = (value: unknown) => value;");
    const sent = (list: string) =>
      `[ NaN, Infinity, -Infinity, -0, undefined, null, 'δ', true, ${list} ]`;
    const shown = `[ ${sent("[ 0.5 ]")}, ${sent("Float32Array(1) [ 0.5 ]")} ]`;
    expect((await run(specialTest)).replace(/\s+/g, " ")).toBe(shown);
  });

  test("nothing of the library, and no test hands over a function", async () => {
    await kernel.execute(`import { sigmoid as softplus } from "./src/nn";
const apply = (f: (x: number) => number) => f(1);
const failing = () => { throw new RangeError("out of range"); };`);
    expect(await run(unimportedTest)).toBe("TypeError: softplus is not a function.");
    expect(await run(functionTest)).toContain("are handed over, and no function");
    expect(await run(errorTest)).toBe("RangeError out of range\n");
  });

  test("calls at the same time, each with its own answer", async () => {
    await kernel.execute(
      "const twice = (n: number) => new Promise((go) => setTimeout(() => go(2 * n), 30 - 10 * n));",
    );
    expect(await run(sideBySideTest)).toBe("'2,4,6'");
  });
});

describe("an answer made up", () => {
  test.each([
    ["nothing", {}],
    ["a name of no value", { named: "process" }],
    ["the name of a method", { named: "__proto__" }],
    ["an object", { value: 1 }],
    ["a list with an object in it", [1, [{ valueOf: 1 }]]],
  ])("of %s is refused", (_name, answer) => {
    expect(() => unpack(answer as Packed)).toThrow("What was answered cannot be read");
  });

  test("what is packed comes out as it was, and what is no data is refused", () => {
    for (const value of [0, -0, Number.NaN, -Infinity, "", "NaN", true, null, undefined, [[], [1]]])
      expect(unpack(JSON.parse(JSON.stringify(pack(value))))).toEqual(value);
    for (const odd of [{ length: 0 }, () => 1, 1n, Symbol("a"), [new Map()]])
      expect(() => pack(odd)).toThrow(/^Only numbers, words and lists are handed over, and no/);
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => pack(circle)).toThrow();
  });
});

describe("confinement of cells", () => {
  test.each([
    `import { readFileSync } from "fs";`,
    `import { createServer } from "node:net";`,
    `import * as tests from "./test/kernel/client";`,
    `import tslab from "tslab";`,
    `import("node:child_process");`,
    `require("module");`,
    `let hidden: typeof import("./test/kernel/client");`,
    `import type { Client } from "./test/kernel/client";`,
    `export * from "./test/kernel/client";`,
    `/// <reference path="./test/kernel/client.ts" />\n1`,
    `declare module "./test/kernel/client" { interface Client {} }`,
  ])("%s is refused", async (code) => {
    expect(await run(code)).toContain("cannot be imported in graded work");
  });

  test("nothing of Node's is there", async () => {
    expect(await run("Object.keys(process).concat(Object.keys(process.stdout)).join()")).toBe(
      "'argv,env,hrtime,nextTick,platform,stderr,stdout,version,isTTY,write'",
    );
    const names = ["module", "fetch", "WebSocket", "EventSource", "Buffer", "global"];
    const found = await run(
      `const names = ${JSON.stringify(names)}; names.filter((name) => name in globalThis)`,
    );
    expect(found).toBe("[]");
    expect(await run(`const load: any = require; load("node:" + "fs")`)).toContain(
      "cannot be imported here",
    );
  });

  test.each([
    `eval("1")`,
    `new Function("return process")()`,
    `(globalThis as any).constructor.constructor("return process")()`,
    `(console.log as any).constructor("return process")()`,
    `(setTimeout as any).constructor("return process")()`,
    `(require as any).constructor.constructor("return process")()`,
    `(async () => {}).constructor("return process")()`,
    `(function* () {}).constructor("return process")()`,
  ])("%s is no way out", async (code) => {
    expect(await run(code)).toMatch(/EvalError|is not a (?:function|constructor)/);
  });

  test("no object or function of Node's own comes into the student's hands", async () => {
    // Whatever was made outside has other prototypes than those of the student's context.
    const found = await run(`const load: any = require;
const foreign: string[] = [];
const check = (where: string, ...values: unknown[]) => {
  for (const value of values)
    if (Object(value) === value && !((value as object) instanceof Object) && Object.getPrototypeOf(value) !== null) foreign.push(where);
};
const handler: any = new Proxy({}, { get: (_, trap) => (...args: any[]) => {
  check("trap " + String(trap), ...args);
  return (Reflect as any)[trap](...args);
} });
for (const value of [new Proxy({ a: 1 }, handler), Object.create(new Proxy({}, handler)), [new Proxy([1], handler)]]) console.log("%s %o", value, value);
console.log({ [Symbol.for("nodejs.util.inspect.custom")](...args: unknown[]) { check("inspect", ...args); return "x"; } });
function callers(): string {
  try {
    for (let at: any = callers, n = 0; at && n < 20; at = at.caller, n++) check("caller", at);
  } catch {}
  return "x";
}
console.log({ get [Symbol.toStringTag]() { return callers(); } });
try { console.log("%s", { toString: callers }); } catch (error) { check("caller", error); }
setTimeout({ valueOf: callers } as any, { valueOf: callers } as any);
const host = (globalThis as any)[Symbol.for("Jupyter.host")];
const global = globalThis as any;
check("global", global.constructor, global.toString, global.__proto__, Object.getPrototypeOf(global));
check("host", host, host.display, host.signal, console, performance, process, process.stdout, crypto, require, setTimeout, setTimeout(() => {}, 0), setInterval);
for (const held of [console, performance, process, process.stdout, process.hrtime, crypto, globalThis])
  for (const name of Object.getOwnPropertyNames(held)) check(name, (held as any)[name]);
check("made", process.hrtime(), crypto.getRandomValues(new Uint8Array(1)), new TextEncoder().encode("a"), structuredClone(new Map([[1, {}]])), performance.timeOrigin);
for (const call of [() => atob("%"), () => btoa("δ"), () => crypto.getRandomValues(new Uint8Array(1e6)), () => (console as any).table(new Proxy([], handler)), () => (console as any).table([{ get a() { return callers(); } }], [{ toString: callers }]), () => (console as any).dir({}, new Proxy({}, handler)), () => (console as any).time({ toString: callers }), () => (console as any).assert(new Proxy({}, handler) as any, new Proxy({}, handler)), () => (console as any).group(new Proxy({}, handler)), () => (console as any).trace(new Proxy({}, handler)), () => (process as any).stdout.write(new Proxy({}, handler)), () => (process as any).hrtime(new Proxy([0, 0], handler)), () => (new TextDecoder() as any).decode(new Proxy(new Uint8Array(1), handler) as any), () => structuredClone(new Proxy({}, handler)), () => (setTimeout as any)(() => {}, 0)[Symbol.toPrimitive]()])
  try { check("called", (call as any)()); } catch (error) { check("called", error); }
console.groupEnd();
const cyclic: any = {}; cyclic.self = cyclic;
for (const odd of [cyclic, { toJSON(...args: unknown[]) { check("toJSON", this, ...args); return 1; } }, 1n, new Proxy({}, handler)])
  try { host.display(odd); } catch (error) { check("display", error); }
const deep = (): void => {
  try { deep(); } catch (error) { check("stack", error); }
  for (const call of [() => setTimeout(() => {}, 0), () => console.log(1), () => performance.now(), () => host.display({}), () => load("fs")])
    try { call(); } catch (error) { check("stack", error); }
};
let depth = 0;
const shallow = (): void => { if (depth++ < 1e5) shallow(); };
try { shallow(); } catch (error) { check("stack", error); }
const limit = depth;
const dive = (left: number): void => {
  if (left > 0) return dive(left - 1);
  for (const call of [() => setTimeout(() => {}, 0), () => console.log(1), () => performance.now(), () => host.display({}), () => load("fs")])
    try { call(); } catch (error) { check("stack", error); }
};
for (let n = limit; n > limit - 400; n -= 3) try { dive(n); } catch (error) { check("stack", error); }
const prepareStackTrace = (error: unknown, sites: any[]) => {
  check("sites", error, sites, ...sites);
  for (const site of sites) check("site", site.getThis(), site.getFunction());
  return "";
};
Error.prepareStackTrace = prepareStackTrace;
(globalThis as any).Error = { prepareStackTrace };
WeakMap.prototype.set = function (...args: any[]) { check("set", ...args.flat()); return this; };
const push = Array.prototype.push;
Array.prototype.push = function (...args: any[]) { if (!(this instanceof Array)) foreign[foreign.length] = "push"; return push.apply(this, args); };
void new Error("here").stack;
void Promise.reject(new Error("unhandled"));
setTimeout(function (this: unknown, ...args: unknown[]) { check("timer", this, ...args); void new Error().stack; }, 0);
await new Promise((go) => setTimeout(go, 20));
[...new Set(foreign)]`);
    expect(found).toMatch(/\[\]$/);
  });
});

describe("confinement of the process", () => {
  /** What Node says to code that has all of Node at hand, as if it had come out of its context. */
  function attempt(code: string): string {
    const [program, ...args] = confined(
      `Promise.resolve().then(async () => { ${code} }).then(() => console.log("done"), (error) => console.log(error.code ?? error.name, error.cause?.code ?? ""));`,
      100,
    );
    const { stdout } = spawnSync(program, args, {
      env: { PATH: process.env.PATH },
      encoding: "utf8",
    });
    return stdout.trim();
  }

  test("it runs", () => expect(attempt("1 + 1;")).toBe("done"));

  test.each([
    ["read a file", `require("node:fs").readFileSync("/etc/hostname");`],
    ["list a folder", `require("node:fs").readdirSync("/");`],
    ["write a file", `require("node:fs").writeFileSync("/tmp/written-by-a-submission", "");`],
    ["start a process", `require("node:child_process").execSync("true");`],
    [
      "start one by the binding",
      `process.binding("spawn_sync").spawn({ file: "/bin/true", args: ["true"], stdio: [] });`,
    ],
    ["start a thread", `new (require("node:worker_threads").Worker)("1", { eval: true });`],
    ["load an addon", `process.dlopen({ exports: {} }, require.resolve("node:fs"));`],
    ["import a file", `await import("file:///etc/hostname");`],
  ])("it cannot %s", (_name, code) => {
    expect(attempt(code)).toMatch(/^ERR_(?:ACCESS_DENIED|DLOPEN_DISABLED|INVALID_MODULE)/);
  });

  test("it cannot make code of text, or see the environment", () => {
    expect(attempt(`new Function("1")();`)).toMatch(/^EvalError/);
    expect(
      attempt(
        `if (Object.keys(process.env).some((name) => !["PATH", "PWD", "OLDPWD", "SHLVL", "_"].includes(name))) throw new Error();`,
      ),
    ).toBe("done");
  });

  test.skipIf(!canUnshare())("it cannot reach the network", () => {
    const connect = (port: number, host: string) =>
      `await new Promise((_, reject) => require("node:net").connect(${port}, "${host}").on("error", reject));`;
    expect(attempt(connect(80, "1.1.1.1"))).toBe("ENETUNREACH");
    expect(attempt(connect(9, "127.0.0.1"))).toMatch(/^ENETUNREACH|^ECONNREFUSED/);
    expect(attempt(`await fetch("http://1.1.1.1");`)).toMatch(/ENETUNREACH/);
    expect(attempt(`await require("node:dns").promises.lookup("example.org");`)).toMatch(
      /^EAI_AGAIN|^ENOTFOUND/,
    );
  });
});
