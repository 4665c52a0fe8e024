/** The kernel's promises, each kept by the real process. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../src/kernel/node/argv";
import { type Connection, encode, signingOf } from "../../src/kernel/node/wire";
import { kernelForTests, plain } from "./asking";
import { type Client, type Execution, type Output, withKernel } from "./client";

const { kernel, run, resultOf, errorOf } = kernelForTests();
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function streams(outputs: Output[], name: string): string {
  return outputs
    .filter((output) => output.name === name)
    .map((output) => output.text)
    .join("");
}

/** A loop that is busy until `end` is called: it leaves a file for it to find. */
function busy(during = "", after = "") {
  const place = join(mkdtempSync(join(tmpdir(), "busy-")), "end");
  const { done, outputs } = kernel().start(`console.log("begun");
for (const latest = Date.now() + 30_000; Date.now() < latest && !require("fs").existsSync(${JSON.stringify(place)}); ) { ${during} }
require("fs").rmSync(${JSON.stringify(dirname(place))}, { recursive: true });
${after}`);
  return { done, outputs, end: () => writeFileSync(place, "") };
}

/** The signature of a message's four parts. */
function sign(parts: string[], key: string): string {
  return createHmac("sha256", key).update(parts.join("")).digest("hex");
}

/** Waits until `holds`, for what a kernel sends after a cell has ended. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await pause(10))
    if (Date.now() > end) throw new Error("It did not come within ten seconds.");
}

describe("results", () => {
  test("the last expression is an execute_result, numbered as its cell", async () => {
    const { outputs, reply } = await run("const six = 6;\nsix * 7");
    expect(outputs).toEqual([
      {
        output_type: "execute_result",
        data: { "text/plain": "42" },
        metadata: {},
        execution_count: reply.execution_count,
      },
    ]);
  });

  test("variables of earlier cells are known wherever they are named", async () => {
    await run("const rate = 0.5; let steps = 1;");
    expect(
      await resultOf("const shown = (steps: number) => ({ rate, steps });\n[{ steps }, shown(2)]"),
    ).toBe("[ { steps: 1 }, { rate: 0.5, steps: 2 } ]");
    expect(await resultOf("({ steps } = { steps: 7 });\nsteps")).toBe("7");
  });

  test("numbers are shown whole, null is shown, undefined is not", async () => {
    expect(await resultOf("0.1 + 0.2")).toBe("0.30000000000000004");
    expect(await resultOf("new Float64Array([1 / 3])")).toBe(
      "Float64Array(1) [ 0.3333333333333333 ]",
    );
    expect(await resultOf("null")).toBe("null");
    expect(await resultOf("undefined")).toBeUndefined();
    expect(await resultOf("const silent = 5;")).toBeUndefined();
    expect(await resultOf("Promise.resolve(1)")).toContain("await");
  });

  test("a value that shows itself is shown as its bundle, also if that takes a while", async () => {
    const { outputs } = await run(`({
      [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>b</b>", "text/plain": "b" }),
    })`);
    expect(outputs[0]).toMatchObject({
      output_type: "execute_result",
      data: { "text/html": "<b>b</b>", "text/plain": "b" },
    });
  });

  test("a value that fails to show itself is an error of the cell", async () => {
    const failing = `({ [Symbol.for("Jupyter.display")]() { throw new RangeError("no picture"); } })`;
    expect(await errorOf(failing)).toMatchObject({ ename: "RangeError", evalue: "no picture" });
  });

  test("displays are shown in the order of what is printed, and updated in place", async () => {
    const { outputs } = await run(`
      const host = (globalThis as any)[Symbol.for("Jupyter.host")];
      console.log("before");
      host.display({ "text/plain": "first" }, { id: "figure" });
      console.log("after");
      host.display({ "text/plain": "second" }, { id: "figure", update: true });`);
    expect(outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "before\n" },
      { output_type: "display_data", data: { "text/plain": "second" }, metadata: {} },
      { output_type: "stream", name: "stdout", text: "after\n" },
    ]);
  });

  test("tslab's own display functions work", async () => {
    const { outputs } = await run(
      `import * as tslab from "tslab";\ntslab.display.html("<i>i</i>");`,
    );
    expect(outputs[0]).toMatchObject({
      output_type: "display_data",
      data: { "text/html": "<i>i</i>" },
    });
  });

  test.each([
    ["undefined", "but it is undefined"],
    ["'<b>bold</b>'", "but it is '<b>bold</b>'"],
    ["['text/plain', 'x']", "but it is [ 'text/plain', 'x' ]"],
    ["new Map([['text/plain', 'x']])", "but it is Map(1)"],
    ["{}", "but it is {}"],
    ["{ html: '<b>bold</b>' }", 'one is called "html"'],
    ["{ 'text/plain': 7 }", '"text/plain" has to be a string (pictures in base64), but it is 7'],
    ["{ 'image/png': () => 1 }", '"image/png" has to be a string'],
    ["{ 'application/json': 1n }", '"application/json" holds what is no JSON: '],
    ["{ 'application/json': () => 1 }", '"application/json" holds what is no JSON'],
    ["(() => { const a = []; a.push(a); return { 'application/json': a }; })()", "circular"],
  ])("what shows itself as %s is an error that says what is wrong", async (given, message) => {
    const display = `({ [Symbol.for("Jupyter.display")]: () => (${given}) as any })`;
    for (const code of [
      display,
      display.replace("() =>", "async () =>"),
      `(globalThis as any)[Symbol.for("Jupyter.host")].display(${given});`,
    ]) {
      expect(await errorOf(code)).toMatchObject({
        ename: "TypeError",
        evalue: expect.stringContaining(message),
      });
    }
    expect(await resultOf("'alive'")).toBe("'alive'");
  });

  test("lines and JSON of any kind are shown", async () => {
    const { outputs } = await run(`({ [Symbol.for("Jupyter.display")]: () => ({
      "application/json": { list: [1, null] }, "text/plain": ["one\\n", "two"], "text/html": undefined,
    }) })`);
    expect(outputs[0].data).toEqual({
      "application/json": { list: [1, null] },
      "text/plain": "one\ntwo",
    });
  });

  test.each([
    [
      "inspects itself",
      "[Symbol.for('nodejs.util.inspect.custom')]() { throw new RangeError('no'); }",
    ],
    [
      "has a display getter",
      "get [Symbol.for('Jupyter.display')](): any { throw new RangeError('no'); }",
    ],
    [
      "displays itself later",
      "[Symbol.for('Jupyter.display')]: () => Promise.reject(new RangeError('no'))",
    ],
    [
      "has a bundle with a getter",
      "[Symbol.for('Jupyter.display')]: () => ({ get 'text/plain'() { throw new RangeError('no'); } })",
    ],
  ])("a value that %s and throws is an error of the cell", async (_name, member) => {
    expect(await errorOf(`({ ${member} })`)).toMatchObject({ ename: "RangeError", evalue: "no" });
  });

  test("silent cells send nothing and are not counted", async () => {
    const { reply } = await run("1");
    const silent = await run("console.log('unseen'); 2", { silent: true });
    expect(silent.outputs).toEqual([]);
    expect((await run("3")).reply.execution_count).toBe(reply.execution_count + 1);
  });
});

describe("errors", () => {
  test("a traceback marks the reader's own lines and holds no other", async () => {
    await run(`interface Step {
  halve: (z: number) => number;
}

// Types, comments and blank lines are not in the compiled code.
function halve(z: number): number {

  if (z > 10) throw new RangeError("too big: " + z);
  return z / 2;
}`);
    const { reply } = await run("0");
    const { ename, evalue, text } = await errorOf("const z: number = 12;\nhalve(z);\nhalve(1);");
    expect({ ename, evalue }).toEqual({ ename: "RangeError", evalue: "too big: 12" });
    expect(text.split("\n")).toEqual([
      "RangeError: too big: 12",
      `cell ${reply.execution_count - 1}, line 8 in halve`,
      "  7 | ",
      '> 8 |   if (z > 10) throw new RangeError("too big: " + z);',
      "    |                     ^",
      "  9 |   return z / 2;",
      `cell ${reply.execution_count + 1}, line 2`,
      "  1 | const z: number = 12;",
      "> 2 | halve(z);",
      "    | ^",
      "  3 | halve(1);",
    ]);
  });

  test("the line is right where a type above uses the same words", async () => {
    const { text } = await errorOf(
      "interface Step { run: () => void }\nconst run: any = undefined;\nrun();",
    );
    expect(text).toContain("> 3 | run();");
  });

  test("an error after an await names its line", async () => {
    const { text } = await errorOf(
      "await new Promise((go) => setTimeout(go, 5));\nthrow new Error('late');",
    );
    expect(text).toContain("> 2 | throw new Error('late');");
  });

  test("frames of source files are kept, by their TypeScript lines", async () => {
    const { ename, text } = await errorOf(
      `import { createNetwork } from "./src/nn";\ncreateNetwork({ sizes: [2, -3, 1] });`,
    );
    expect(ename).toBe("RangeError");
    expect(text).toMatch(
      /^src\/nn\/network\.ts, line \d+ in createNetwork\n(.*\n)?>.*throw new RangeError/m,
    );
    expect(text).toContain("> 2 | createNetwork({ sizes: [2, -3, 1] });");
    expect(text).not.toMatch(/node:|node_modules|src\/kernel/);
  });

  test("causes are shown; a recursion without end is shown once", async () => {
    const { text } = await errorOf("throw new Error('outer', { cause: new TypeError('inner') });");
    expect(text).toMatch(/^Error: outer[\s\S]*Caused by:\nTypeError: inner/);
    const deep = await errorOf("const again = (): number => again() + 1;\nagain();");
    expect(deep.evalue).toBe("Maximum call stack size exceeded");
    expect(deep.text.match(/cell \d+, line 1 in again/g)).toHaveLength(1);
  });

  test("what is thrown need not be an Error", async () => {
    expect(await errorOf("throw 'a word';")).toMatchObject({ ename: "Thrown", evalue: "'a word'" });
    expect(await errorOf("throw undefined;")).toMatchObject({
      ename: "Thrown",
      evalue: "undefined",
    });
  });

  test("a type error has its line, column and a caret, and runs nothing", async () => {
    const { ename, evalue, text } = await errorOf(
      `console.log("not run");\nconst rate: number = "fast";`,
    );
    expect(ename).toBe("TypeScript error");
    expect(evalue).toMatch(
      /^cell \d+, line 2, column 7: Type 'string' is not assignable to type 'number'\.$/,
    );
    expect(text).toContain(`> 2 | const rate: number = "fast";\n    |       ^^^^`);
  });

  test("a syntax error is told without the guesses that follow from it", async () => {
    const { evalue } = await errorOf("const open = [1, 2;\nunknown;");
    expect(evalue).toMatch(/^cell \d+, line 1, column 19: ',' expected\.$/);
  });

  test("an import that starts at the notebook says where imports start", async () => {
    const { evalue } = await errorOf(`import { forward } from "../src/nn";`);
    expect(evalue).toContain(`"./src/nn"`);
  });

  test("a printed error has the reader's frames only", async () => {
    const { outputs, reply } = await run(
      "try { throw new Error('seen'); } catch (e) { console.log(e); }",
    );
    expect(outputs[0].text).toBe(`Error: seen\n    at cell ${reply.execution_count}:1:13\n`);
  });

  test("what an error carries is told with its lines: cause, reasons, fields of its own", async () => {
    const { reply } = await run("0");
    const at = `cell ${reply.execution_count + 1}`;
    const { ename, evalue, text } = await errorOf(`const reason = new RangeError("one");
const cause = Object.assign(new TypeError("two"), { code: "E_TWO", errno: -2 });
const own = new AggregateError([reason, "three", cause], "all", { cause });
throw own;`);
    expect({ ename, evalue }).toEqual({ ename: "AggregateError", evalue: "all" });
    const told = text.split("\n").filter((line) => !/^[> ] *\d+ \||^ +\|/.test(line));
    expect(told).toEqual([
      "AggregateError: all",
      `${at}, line 3`,
      "",
      "Caused by:",
      "TypeError: two",
      `${at}, line 2`,
      "{ code: 'E_TWO', errno: -2 }",
      "",
      "Reason 1 of 3:",
      "RangeError: one",
      `${at}, line 1`,
      "",
      "Reason 2 of 3:",
      "Thrown: 'three' (not an Error, so there is no line to show)",
      "",
      "Reason 3 of 3:",
      "TypeError: two (see above)",
    ]);
  });

  test("errors that hold each other end; long texts and long lists are cut", async () => {
    const circle = await errorOf(
      "const one: any = new Error('one'); const two = new Error('two', { cause: one }); one.cause = two; throw one;",
    );
    expect(circle.text).toMatch(
      /^Error: one[\s\S]*Caused by:\nError: two[\s\S]*Error: one \(see above\)$/,
    );
    const many = await errorOf(
      "throw new AggregateError(Array.from({ length: 1000 }, () => new Error('x')));",
    );
    expect(many.text).toMatch(/Reason 19 of 1000:[\s\S]*\n… and 981 more\.$/);
    const long = await errorOf("throw new Error('x'.repeat(1e7));");
    expect(long.evalue).toMatch(/^x{5000} … \(9995000 more characters\)$/);
    expect(long.text.length).toBeLessThan(7000);
  });

  test("errors of Node's name file and code, and what happened to be suppressed is told", async () => {
    const { text } = await errorOf(`require("fs").readFileSync("/no/such/file");`);
    expect(text).toContain("{ errno: -2, code: 'ENOENT', syscall: 'open', path: '/no/such/file' }");
    const suppressed = await errorOf(
      "throw Object.assign(new Error('both'), { name: 'SuppressedError', error: new Error('last'), suppressed: new Error('first') });",
    );
    expect(suppressed.ename).toBe("SuppressedError");
    expect(suppressed.text).toMatch(
      /Thrown last:\nError: last[\s\S]*Suppressed by it:\nError: first/,
    );
  });

  test.each([
    ["null", "Thrown", "null"],
    ["undefined", "Thrown", "undefined"],
    ["'text'", "Thrown", "'text'"],
    ["Symbol('s')", "Thrown", "Symbol(s)"],
    ["{ code: 5 }", "Thrown", "{ code: 5 }"],
    [
      "{ get name() { throw 1; }, toString() { throw 2; } }",
      "Thrown",
      "{ name: [Getter], toString: [Function: toString] }",
    ],
    ["{ [Symbol.for('nodejs.util.inspect.custom')]() { throw 1; } }", "Thrown", /inspect/],
    ["new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } })", "Thrown", "{}"],
    [
      "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
      "Thrown",
      "<Revoked Proxy>",
    ],
    ["new DOMException('enough', 'AbortError')", "AbortError", "enough"],
    ["Object.assign(new Error(), { message: { a: 1 }, name: 5 })", "Error", "{ a: 1 }"],
    ["Object.assign(new Error('kept'), { name: Symbol('n'), stack: 7 })", "Error", "kept"],
    ["Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } })", "Error", ""],
    ["Object.defineProperty(new Error('kept'), 'cause', { get() { throw 1; } })", "Error", "kept"],
  ])("thrown: %s", async (thrown, ename, evalue) => {
    const told = await errorOf(`throw ${thrown};`);
    expect(told.ename).toBe(ename);
    if (typeof evalue === "string") expect(told.evalue).toBe(evalue);
    else expect(told.evalue).toMatch(evalue);
    expect(await resultOf("'alive'")).toBe("'alive'");
  });

  test("what a failing cell had set stays, what it had not is as before", async () => {
    await run("let first = 'old'; let second = 'old';");
    await errorOf(
      "let first = 1; const third = 3; null.x; let second = 2; let fourth = 4;".replace(
        "null",
        "(null as any)",
      ),
    );
    expect(await resultOf("first + third")).toBe("4");
    expect(await resultOf("second.toUpperCase()")).toBe("'OLD'");
    expect((await errorOf("fourth")).evalue).toContain("Cannot find name 'fourth'");
  });
});

describe("requests", () => {
  test("after an error only what waits already is aborted, and only if it asks for it", async () => {
    const place = join(mkdtempSync(join(tmpdir(), "failing-")), "end");
    const failing = kernel().start(
      `while (!require("fs").existsSync(${JSON.stringify(place)})) await new Promise((go) => setTimeout(go, 5));
throw new Error("first");`,
    );
    const aborted = kernel().start("'aborted'");
    const kept = kernel().start("'kept'", { stop_on_error: false });
    // What is sent later, and answered while the cell still runs: so they are there.
    await kernel().request("kernel_info_request", {}, "control");
    writeFileSync(place, "");
    const statuses = [];
    for (const { done } of [failing, aborted, kept]) statuses.push((await done).reply.status);
    rmSync(dirname(place), { recursive: true });
    expect(statuses).toEqual(["error", "aborted", "ok"]);
    expect(aborted.outputs).toEqual([]);
    expect(kept.outputs[0].data["text/plain"]).toBe("'kept'");
    expect(await resultOf("'next'")).toBe("'next'");
  });

  test("an error that asks for no abort leaves what waits alone", async () => {
    const failing = kernel().start("throw new Error('alone');", { stop_on_error: false });
    const waiting = kernel().start("'runs'");
    expect((await failing.done).reply.status).toBe("error");
    expect((await waiting.done).reply.status).toBe("ok");
  });

  test("cells run one at a time, in their order", async () => {
    const cells = [30, 0, 10].map((time, i) =>
      kernel().start(
        `await new Promise((go) => setTimeout(go, ${time}));\n(globalThis as any).order = [...((globalThis as any).order ?? []), ${i}]`,
      ),
    );
    const last = (await Promise.all(cells.map((cell) => cell.done)))[2];
    expect(last.outputs[0].data["text/plain"]).toBe("[ 0, 1, 2 ]");
  });

  test("kernel_info tells what a front end needs", async () => {
    expect(await kernel().request("kernel_info_request", {})).toMatchObject({
      status: "ok",
      protocol_version: "5.3",
      language_info: {
        name: "typescript",
        version: "5.0.4",
        mimetype: "text/typescript",
        file_extension: ".ts",
      },
    });
  });

  test("completion and inspection know the variables of earlier cells", async () => {
    await run(
      "/** Steps downhill. */\nfunction gradientDescent(rate: number): number { return -rate; }",
    );
    expect(
      await kernel().request("complete_request", {
        code: "const δ = '𝑧'; gradientDes",
        cursor_pos: 26,
      }),
    ).toEqual({
      status: "ok",
      matches: ["gradientDescent"],
      cursor_start: 15,
      cursor_end: 26,
      metadata: {},
    });
    const inspected = await kernel().request("inspect_request", {
      code: "gradientDescent(1)",
      cursor_pos: 3,
      detail_level: 0,
    });
    expect(inspected).toMatchObject({ status: "ok", found: true });
    expect(inspected.data["text/plain"]).toContain(
      "function gradientDescent(rate: number): number",
    );
    expect(
      await kernel().request("inspect_request", { code: "  ", cursor_pos: 1, detail_level: 0 }),
    ).toMatchObject({ status: "ok", found: false });
  });

  test("the smaller requests are answered too", async () => {
    expect(await kernel().request("is_complete_request", { code: "f(" })).toEqual({
      status: "incomplete",
      indent: "  ",
    });
    expect(await kernel().request("is_complete_request", { code: "f()" })).toEqual({
      status: "complete",
    });
    expect(await kernel().request("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    expect(await kernel().request("history_request", {})).toEqual({ status: "ok", history: [] });
  });
});

describe("output", () => {
  test("100,000 lines in one cell arrive, complete and in order", async () => {
    const { outputs, reply } = await run("for (let i = 0; i < 100_000; i++) console.log(i);");
    expect(reply.status).toBe("ok");
    const expected = Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join("");
    expect(streams(outputs, "stdout") === expected).toBe(true);
  });

  test("stdout and stderr keep their order, and what is written raw comes too", async () => {
    const { outputs } = await run(
      `console.log("one"); console.error("two"); process.stdout.write("three"); process.stdout.write(Buffer.from(" δ")); undefined`,
    );
    expect(outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "one\n" },
      { output_type: "stream", name: "stderr", text: "two\n" },
      { output_type: "stream", name: "stdout", text: "three δ" },
    ]);
  });

  const whole = "η = 0,1 → Δw 𝑧\n";

  test.each([1, 2, 3, 5])("text in pieces of %i bytes arrives whole", async (size) => {
    const { outputs } = await run(`const bytes = Buffer.from(${JSON.stringify(whole)});
for (let i = 0; i < bytes.length; i += ${size}) {
  process.stdout.write(bytes.subarray(i, i + ${size}));
  process.stderr.write(new Uint8Array(bytes.subarray(i, i + ${size})));
  await new Promise((go) => setTimeout(go, 60 * (i % 2)));
}`);
    expect(streams(outputs, "stdout")).toBe(whole);
    expect(streams(outputs, "stderr")).toBe(whole);
  });

  test("surrogate pairs cut in two arrive whole, halves alone as U+FFFD", async () => {
    const { outputs } = await run(
      `process.stdout.write("\\ud835"); process.stdout.write("\\udc67 "); console.log("\\udc67", "\\ud835", ["\\ud835"]);`,
    );
    expect(streams(outputs, "stdout")).toBe("𝑧 \ufffd \ufffd [ '\\ud835' ]\n");
  });

  test.each([
    ["hex", "ce94770a"],
    ["base64", "zpR3Cg=="],
    ["base64url", "zpR3Cg"],
    ["latin1", "\u00ce\u0094w\n"],
    ["binary", "\u00ce\u0094w\n"],
    ["utf8", "Δw\n"],
    ["UTF-8", "Δw\n"],
  ])("text in the encoding %s is what it stands for", async (encoding, text) => {
    const { outputs } = await run(`let called = 0;
await new Promise((go) => process.stdout.write(${JSON.stringify(text)}, "${encoding}" as any, go));
require("fs").writeSync(1, ${JSON.stringify(text)}, null, "${encoding}");`);
    expect(streams(outputs, "stdout")).toBe("Δw\nΔw\n");
  });

  test("a part of a character is shown where its cell ends, and is glued to nothing of the next", async () => {
    const first = await run("process.stdout.write(Buffer.from([0x41, 0xce])); undefined");
    const second = await run("process.stdout.write(Buffer.from([0x94, 0x42])); undefined");
    expect(streams(first.outputs, "stdout")).toBe("A\ufffd");
    expect(streams(second.outputs, "stdout")).toBe("\ufffdB");
    const mixed = await run(
      "process.stdout.write(Buffer.from([0xce])); process.stdout.write('x'); process.stderr.write(Buffer.from([0x94])); undefined",
    );
    expect(streams(mixed.outputs, "stdout")).toBe("\ufffdx");
    expect(streams(mixed.outputs, "stderr")).toBe("\ufffd");
  });

  test.each([
    ["process.stdout.write(5 as any)", "TypeError", /chunk/],
    ["process.stdout.write(null)", "TypeError", /null/],
    ["process.stdout.write('x', 'utf9' as any)", "TypeError", /Unknown encoding: utf9/],
    ["require('fs').writeSync(1, 5)", "TypeError", /buffer/],
  ])("%s throws as in Node", async (code, ename, message) => {
    const { evalue, ...error } = await errorOf(`${code};`);
    expect(error.ename).toBe(ename);
    expect(evalue).toMatch(message);
  });

  test("streams that are led to stdout, or ended, write and end for their cell alone", async () => {
    const { outputs, reply } = await run(`import { Readable } from "stream";
import { pipeline } from "stream/promises";
await pipeline(Readable.from(["a", Buffer.from("b")]), process.stdout);
await new Promise((go) => Readable.from(["c"]).on("end", go).pipe(process.stdout));
await new Promise<void>((go) => process.stdout.end("d", go));`);
    expect(reply.status).toBe("ok");
    expect(streams(outputs, "stdout")).toBe("abcd");
    expect(streams((await run("console.log('next')")).outputs, "stdout")).toBe("next\n");
  });

  test("file descriptors, and all of console, write to the cell", async () => {
    const { outputs } = await run(`import * as fs from "fs";
fs.writeSync(1, Buffer.from("xabcx"), 1, 3); fs.writeSync(2, "d"); fs.writeFileSync(1, "e"); fs.writevSync(1, [Buffer.from("f")]);
console.group("g"); console.table([{ h: 1 }]); console.groupEnd(); console.dir({ i: 1 }); console.assert(false, "j");
console.time("k"); console.timeEnd("k"); console.count("l"); console.trace("m");`);
    expect(streams(outputs, "stdout")).toMatch(
      /^abcefg\n[\s\S]*│ h[\s\S]*\{ i: 1 \}\nk: [\d.]+ms\nl: 1\n$/,
    );
    expect(streams(outputs, "stderr")).toMatch(
      /^dAssertion failed: j\nTrace: m\n {4}at cell \d+:4:/,
    );
  });

  test("what a busy loop prints is seen while it runs", async () => {
    const { done, outputs, end } = busy(
      'if (Date.now() % 100 === 0) console.log("busy");',
      'console.log("end");',
    );
    await until(() => streams(outputs, "stdout").includes("busy"));
    expect(streams(outputs, "stdout")).not.toContain("end");
    end();
    await done;
    expect(streams(outputs, "stdout")).toMatch(/^begun\n(busy\n)+end\n$/);
  });

  test("what a timer writes belongs to the cell that set it", async () => {
    const { done, outputs } = kernel().start(`setTimeout(() => {
  console.log("later");
  (globalThis as any)[Symbol.for("Jupyter.host")].display({ "text/plain": "shown later" });
}, 100);`);
    await done;
    const other = await run("'another cell'");
    await until(() => outputs.length === 3);
    expect(streams(outputs, "stdout")).toBe("later\n");
    expect(outputs[2]).toMatchObject({ data: { "text/plain": "shown later" } });
    expect(other.outputs).toHaveLength(1);
  });

  test("exceptions in timers and promises nobody awaits are shown under their cell", async () => {
    const { done, outputs } = kernel().start(
      `setTimeout(() => { throw new RangeError("in a timer"); }, 50);
void Promise.reject(new Error("in a promise"));`,
    );
    const { reply } = await done;
    await run("'another cell'");
    await until(() => streams(outputs, "stderr").includes("in a timer"));
    const text = plain(streams(outputs, "stderr"));
    expect(text).toContain(`RangeError: in a timer\ncell ${reply.execution_count}, line 1`);
    expect(text).toContain(`Error: in a promise\ncell ${reply.execution_count}, line 2`);
    expect(await resultOf("'alive'")).toBe("'alive'");
  });
});

describe("interrupt", () => {
  /** Runs a cell, interrupts it once it has printed something, and returns what became of it. */
  async function interrupted(code: string): Promise<Execution> {
    const { done, outputs } = kernel().start(`console.log("begun");\n${code}`);
    await until(() => outputs.length > 0);
    await pause(100);
    await kernel().interrupt();
    return done;
  }
  beforeAll(async () => {
    await run("const kept = 'from an earlier cell';");
  });

  test.each([
    ["an endless loop", "while (true) {}"],
    ["one after an await", "await null;\nfor (;;) { let x = 1; x++; }"],
    ["one that catches everything", "for (;;) try { while (true) {} } catch {}"],
    ["an endless await", "await new Promise(() => {});"],
    ["a loop of awaits", "for (;;) await new Promise((go) => setTimeout(go, 5));"],
  ])("stops %s, and every variable is still there", async (_name, code) => {
    const { reply, outputs } = await interrupted(`let reached = "before ${code.length}";\n${code}`);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(outputs[1]).toMatchObject({ output_type: "error", ename: "Interrupted" });
    expect(await resultOf("[kept, reached]")).toBe(
      `[ 'from an earlier cell', 'before ${code.length}' ]`,
    );
  });

  test.skipIf(process.platform === "win32")("stops an endless loop in a source file", async () => {
    const { reply } = await interrupted(
      `import { createNetwork } from "./src/nn"; import { train } from "./src/training";
import { xor } from "./src/data";
train(createNetwork({ sizes: [2, 3, 1], seed: 1 }), xor, { learningRate: 0.1, epochs: 1e12 });`,
    );
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
  });

  test.each([
    ["never shows itself", "[Symbol.for('Jupyter.display')]: () => new Promise(() => {})"],
    ["shows itself for ever", "[Symbol.for('Jupyter.display')]() { while (true) {} }"],
    [
      "shows itself for ever after a while",
      "async [Symbol.for('Jupyter.display')]() { await null; while (true) {} }",
    ],
    ["is inspected for ever", "[Symbol.for('nodejs.util.inspect.custom')]() { while (true) {} }"],
    [
      "gives a getter that never ends",
      "[Symbol.for('Jupyter.display')]: () => ({ get 'text/plain'() { while (true) {} } })",
    ],
  ])("stops a value that %s, and the kernel lives on", async (_name, member) => {
    const { reply, outputs } = await interrupted(`const shown = "before";\n({ ${member} }) as any`);
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(outputs[1]).toMatchObject({ output_type: "error", ename: "Interrupted" });
    expect(await resultOf("shown")).toBe("'before'");
  });

  test.skipIf(process.platform === "win32")(
    "stops a value whose source file shows it for ever",
    async () => {
      const { reply } = await interrupted(
        `import { createNetwork } from "./src/nn"; import { train } from "./src/training";
import { xor } from "./src/data";
const endless = () => train(createNetwork({ sizes: [2, 3, 1], seed: 1 }), xor, { learningRate: 0.1, epochs: 1e12 });
({ [Symbol.for("Jupyter.display")]: endless })`,
      );
      expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
      expect(await resultOf("'alive'")).toBe("'alive'");
    },
  );

  // Again and again, since it hangs on where the interrupt falls: while the run is drawn, for one.
  test("keeps model and curve of a run that is watched", async () => {
    await run(`import { createNetwork } from "./src/nn";
import { xor } from "./src/data";
import { trainLive } from "./src/show";`);
    for (let n = 0; n < 12; n++) {
      const own = n % 3 === 2 ? "epochs: 20_000" : "epochs: 1e12";
      const { done, outputs } = kernel().start(`const run${n} = await trainLive(
  createNetwork({ sizes: [2, 3, 1], output: "sigmoid", seed: 1 }), xor, { learningRate: 0.5, ${own} });`);
      await until(() => outputs.length > 0);
      await pause(60 * n);
      await kernel().interrupt();
      expect((await done).reply.status).toBe("ok");
      expect(outputs).toHaveLength(1);
      expect(outputs[0].data["text/html"]).toContain("<img");
      expect(await resultOf(`run${n}.ending`)).toMatch(/stopped by the signal|all epochs done/);
    }
  });

  test("keeps the results of many runs, wherever their loops are", async () => {
    await run('import { collect } from "./src/show";');
    const { done, outputs } = kernel().start(`const results = await collect([1, 2, 3], (n) => {
  if (n === 2) (globalThis as any)[Symbol.for("Jupyter.host")].display({ "text/plain": "in the second" });
  if (n === 2) while (true) {}
  return n;
});`);
    await until(() => outputs.length > 1);
    await kernel().interrupt();
    expect((await done).reply.status).toBe("ok");
    expect(outputs[0].data["text/plain"]).toBe("1 of 3 runs, then interrupted");
    expect(await resultOf("results")).toBe("[ 1 ]");
  });

  test("a cell that was given up on does not go on behind the reader's back", async () => {
    await interrupted(
      "let turns = 0;\nfor (;;) { await new Promise((go) => setTimeout(go, 5)); turns++; }",
    );
    await pause(100);
    expect(
      await resultOf(
        "const now = turns;\nawait new Promise((go) => setTimeout(go, 100));\nturns - now",
      ),
    ).toBe("0");
  });

  test("a cell that listens to the signal ends in its own way", async () => {
    const { reply, outputs } = await interrupted(
      `const { signal } = (globalThis as any)[Symbol.for("Jupyter.host")];
await new Promise((go) => signal.addEventListener("abort", go));
"ended by itself"`,
    );
    expect(reply.status).toBe("ok");
    expect(outputs[1].data["text/plain"]).toBe("'ended by itself'");
  });

  test("with nothing running, it does nothing, and the next cell has a signal of its own", async () => {
    await kernel().interrupt();
    expect(await resultOf(`(globalThis as any)[Symbol.for("Jupyter.host")].signal.aborted`)).toBe(
      "false",
    );
  });
});

describe("asking the reader", () => {
  /** Runs a cell that may ask, and answers with these lines, one after the other. */
  async function asking(code: string, lines: string[], how?: { parent?: object }) {
    const before = kernel().questions.length;
    const { done } = kernel().start(code, { allow_stdin: true });
    for (const [i, line] of lines.entries()) {
      await until(() => kernel().questions.length > before + i);
      await kernel().answer(line, how);
    }
    const { reply, outputs } = await done;
    expect(reply).toMatchObject({ status: "ok" });
    const result = outputs.find(({ output_type }) => output_type === "execute_result");
    const questions = kernel().questions.slice(before);
    return { questions, outputs, result: result?.data["text/plain"] };
  }
  const prompts = (questions: Client["questions"]) => questions.map(({ prompt }) => prompt);

  test("prompt, confirm and alert ask, and wait for the answer", async () => {
    const { questions, result } = await asking(
      `const rate = Number(prompt("Learning rate?"));
[rate, prompt("Seed?", "7"), prompt("Secret?", "", { password: true }), confirm("Go?"), confirm("On?"), alert("Done.")]`,
      ["0.1", "", "s", "y", "no", ""],
    );
    expect(result).toBe("[ 0.1, '7', 's', true, false, undefined ]");
    expect(prompts(questions)).toEqual([
      "Learning rate? ",
      "Seed? [7] ",
      "Secret? ",
      "Go? [y/N] ",
      "On? [y/N] ",
      "Done. [Enter] ",
    ]);
    expect(questions.map(({ password }) => password).indexOf(true)).toBe(2);
  });

  test("an answer need not name its question, but is no answer to another", async () => {
    expect((await asking("prompt('A?')", ["a"], { parent: {} })).result).toBe("'a'");
    const { done } = kernel().start("prompt('B?')", { allow_stdin: true });
    const before = kernel().questions.length;
    await until(() => kernel().questions.length > before);
    await kernel().answer("old", { parent: { msg_id: "of an earlier question" } });
    await kernel().answer("b");
    expect((await done).outputs[0].data["text/plain"]).toBe("'b'");
  });

  test("readline asks as often as it has a question, in later cells too", async () => {
    const first = await asking(
      `import * as readline from "node:readline/promises";
const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
[await rl.question("First? "), await rl.question("Second? ")]`,
      ["1", "2"],
    );
    expect(first.result).toBe("[ '1', '2' ]");
    expect(first.questions).toHaveLength(2);
    expect(streams(first.outputs, "stdout")).toBe("First? Second? ");
    const between = await asking("await new Promise((go) => setTimeout(go, 200));\n1 + 1", []);
    expect(between).toMatchObject({ result: "2", questions: [] });
    const third = await asking("const third = await rl.question('Third? ');\nrl.close();\nthird", [
      "3",
    ]);
    expect(third.result).toBe("'3'");
    const callback = await asking(
      `const callbacks = require("readline").createInterface({ input: process.stdin });
const said = await new Promise((go) => callbacks.question("Fourth? ", go));
callbacks.close();
said`,
      ["4"],
    );
    expect(callback.result).toBe("'4'");
    expect(prompts(callback.questions)).toEqual(["Fourth? "]);
  });

  test.each([
    [
      "data events",
      "await new Promise((go) => process.stdin.once('data', (bytes) => { process.stdin.pause(); go(String(bytes)); }))",
    ],
    [
      "an iterator",
      "const pieces = process.stdin[Symbol.asyncIterator]();\nconst piece = await pieces.next();\nawait pieces.return();\nString(piece.value)",
    ],
    [
      "lines",
      "const lines = require('readline').createInterface({ input: process.stdin });\nconst line = await lines[Symbol.asyncIterator]().next();\nlines.close();\nline.value + '\\n'",
    ],
  ])("stdin can be read by %s, again and again", async (_name, code) => {
    for (const line of ["η", "second"])
      expect((await asking(code, [line])).result).toBe(`'${line}\\n'`);
  });

  test.each([
    ["prompt()"],
    ["confirm('Go?')"],
    ["alert('Done.')"],
    ["await require('readline/promises').createInterface({ input: process.stdin }).question('?')"],
    [
      "await new Promise((go) => require('readline').createInterface({ input: process.stdin }).question('?', go))",
    ],
    ["for await (const bytes of process.stdin) console.log(bytes);\nawait null"],
    ["await new Promise((go) => process.stdin.once('data', go))"],
  ])("where no input is taken, %s says so and ends", async (code) => {
    const { ename, evalue } = await errorOf(code);
    expect(ename).toBe("StdinNotImplementedError");
    expect(evalue).toMatch(
      /^The reader cannot be asked here, [^.]*: write the value into the cell instead\.$/,
    );
    expect(await resultOf("'alive'")).toBe("'alive'");
  });

  test("a timer of a cell that has ended asks nobody", async () => {
    const { done, outputs } = kernel().start("setTimeout(() => prompt('Late?'), 50);", {
      allow_stdin: true,
    });
    await done;
    await until(() => streams(outputs, "stderr").includes("the cell that asks has ended"));
  });

  test.each([
    ["prompt()"],
    ["for (;;) try { prompt(); } catch {}"],
    ["await null;\nprompt()"],
    ["await require('readline/promises').createInterface({ input: process.stdin }).question('?')"],
  ])("%s is interrupted as all that waits", async (code) => {
    const before = kernel().questions.length;
    const { done } = kernel().start(code, { allow_stdin: true });
    await until(() => kernel().questions.length > before);
    await kernel().interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    // The box may still be there, and be filled in.
    await kernel().answer("too late");
    expect((await asking("prompt('Next?')", ["next"])).result).toBe("'next'");
  });

  test("a kernel that waits for an answer can be shut down, and answers what control asks", async () => {
    await withKernel(async (own) => {
      const exit = once(own.process, "exit");
      void own.start("prompt()", { allow_stdin: true });
      await until(() => own.questions.length > 0);
      void own.request("shutdown_request", { restart: false }, "control");
      expect(await exit).toEqual([0, null]);
    });
  });
});

describe("signatures", () => {
  const request = (content: object, key: string, hash?: string, type = "execute_request") =>
    encode(type, content, {}, [], key, hash);
  const set = (name: string) => ({ code: `(globalThis as any).${name} = true;`, silent: true });
  const isSet = (name: string) => resultOf(`(globalThis as any).${name}`);

  test("what is signed wrongly, or not at all, or comes again, is refused, and the kernel lives on", async () => {
    const right = request(set("once"), kernel().key);
    const [delimiter, signature, ...body] = right;
    const turn = (text: string) => text.replace(/^./, (c) => (c === "0" ? "1" : "0"));
    const content = JSON.stringify(set("forged"));
    for (const frames of [
      request(set("forged"), "another key"),
      request(set("forged"), kernel().key, "sha512"),
      request(set("forged"), ""),
      [delimiter, turn(String(signature)), ...body.slice(0, 3), content],
      [delimiter, signature, ...body.slice(0, 3), content],
      [delimiter, String(signature).slice(0, 32), ...body.slice(0, 3), content],
      [delimiter, "", ...body.slice(0, 3), content],
    ])
      for (const channel of ["shell", "control"] as const) await kernel().sendRaw(frames, channel);
    expect(await isSet("forged")).toBeUndefined();
    await kernel().sendRaw(right);
    expect(await resultOf("(globalThis as any).once")).toBe("true");
    await run("(globalThis as any).once = 'before';");
    await kernel().sendRaw(right);
    expect(await resultOf("(globalThis as any).once")).toBe("'before'");
  });

  test("frames that are no message are refused, and the kernel lives on", async () => {
    const { key } = kernel();
    const signed = (...parts: string[]) => ["<IDS|MSG>", sign(parts, key), ...parts];
    const header = JSON.stringify({ msg_id: "m", msg_type: "execute_request", session: "s" });
    for (const frames of [
      [""],
      ["<IDS|MSG>"],
      ["no", "delimiter", "at", "all", "in", "this"],
      signed(header, "{}", "{}"),
      signed("{", "{}", "{}", "{}"),
      signed("null", "{}", "{}", "{}"),
      signed("[]", "{}", "{}", "{}"),
      signed("{}", "{}", "{}", "{}"),
      signed(header, "{}", "{}", "null"),
      signed(header, "{}", "{}", "{}"),
      signed(header, "{}", "{}", '{"code":5}'),
      signed(header.replace("execute", "complete"), "{}", "{}", "{}"),
      signed(header.replace("execute_request", "no_such_request"), "{}", "{}", "{}"),
    ])
      for (const channel of ["shell", "control", "stdin"] as const)
        await kernel().sendRaw(frames, channel);
    expect(await resultOf("'alive'")).toBe("'alive'");
    expect(await kernel().request("kernel_info_request", {}, "control")).toMatchObject({
      status: "ok",
    });
  });

  test("an interrupt that is signed wrongly does not stop a busy loop", async () => {
    const { done, outputs, end } = busy();
    await until(() => outputs.length > 0);
    await kernel().sendRaw(request({}, "another key", undefined, "interrupt_request"), "control");
    await pause(300);
    end();
    expect((await done).reply.status).toBe("ok");
  });

  test("a request on control that is no interrupt waits until a busy loop has ended", async () => {
    const { done, outputs, end } = busy();
    await until(() => outputs.length > 0);
    let isAnswered = false;
    const answer = kernel().request("kernel_info_request", {}, "control");
    void answer.then(() => {
      isAnswered = true;
    });
    await pause(300);
    expect(isAnswered).toBe(false);
    end();
    expect(await answer).toMatchObject({ status: "ok" });
    expect((await done).reply.status).toBe("ok");
  });

  test("no key means no signatures", async () => {
    const outputs = await withKernel(
      async (own) => {
        await own.sendRaw(request(set("unsigned"), "any key"));
        return (await own.execute("(globalThis as any).unsigned")).outputs;
      },
      { key: "" },
    );
    expect(outputs[0].data["text/plain"]).toBe("true");
  });

  test("another hash is honoured, another scheme is refused", async () => {
    await withKernel(
      async (own) => {
        expect((await own.execute("1")).reply.status).toBe("ok");
        await own.sendRaw(request(set("forged"), own.key, "sha256"));
        expect((await own.execute("(globalThis as any).forged")).outputs).toEqual([]);
      },
      { signature_scheme: "hmac-sha512" },
    );
    for (const signature_scheme of ["rsa-sha256", "hmac-sha1234", "none"])
      expect(() => signingOf({ key: "k", signature_scheme } as Connection)).toThrow(
        signature_scheme,
      );
  });
});

describe("source files", () => {
  const folder = mkdtempSync(join(projectRoot, "test", "kernel", "edited-"));
  const from = `./test/kernel/${basename(folder)}`;
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  test("imports start at the project's root, wherever Jupyter started the kernel", async () => {
    expect(await resultOf("process.cwd()")).toBe(`'${projectRoot.replaceAll("\\", "\\\\")}'`);
  });

  test("an edit made just before counts, also behind a front door", async () => {
    write("inner.ts", "export const value: number = 1;\n");
    write("door.ts", `export { value } from "./inner";\n`);
    const ask = `import { value } from "${from}/door";\nvalue`;
    expect(await resultOf(ask)).toBe("1");
    for (const next of [2, 3]) {
      write("inner.ts", `export const value: number = ${next};\n`);
      expect(await resultOf(ask)).toBe(String(next));
    }
  });

  test("a type error in a source file names the file; mended, the import runs", async () => {
    write("wrong.ts", `export const size: number = "two";\n`);
    const ask = `import { size } from "${from}/wrong";\nsize`;
    const { evalue } = await errorOf(ask);
    expect(evalue.replaceAll("\\", "/")).toMatch(
      /wrong\.ts, line 1, column 14: Type 'string' is not assignable/,
    );
    write("wrong.ts", "export const size: number = 2;\n");
    expect(await resultOf(ask)).toBe("2");
  });

  test("an error that is made after one kernel found none is found by the next", async () => {
    write("later.ts", "export const size: number = 1;\n");
    const ask = `import { size } from "${from}/later";\nsize`;
    expect(await resultOf(ask)).toBe("1");
    write("later.ts", `export const size: number = "one";\n`);
    const { outputs } = await withKernel((next) => next.execute(ask));
    expect(outputs[0].evalue).toMatch(/later\.ts, line 1.*Type 'string' is not assignable/);
  });

  test("an error in a file that is older than the packages is found, too", async () => {
    write("older.ts", `export const size: number = "one";\n`);
    utimesSync(join(folder, "older.ts"), 1, 1);
    const { evalue } = await errorOf(`import { size } from "${from}/older";\nsize`);
    expect(evalue).toMatch(/older\.ts, line 1.*Type 'string' is not assignable/);
  });

  test("a file that was missing is found once it is there", async () => {
    const ask = `import { late } from "${from}/late";\nlate`;
    expect((await errorOf(ask)).evalue).toContain("Cannot find module");
    write("late.ts", "export const late = 'written';\n");
    expect(await resultOf(ask)).toBe("'written'");
  });
});

describe("the end", () => {
  test.each([
    ["shutdown_request", 0],
    ["process.exit(3)", 3],
  ])("%s ends the process, with exit code %i", async (how, code) => {
    await withKernel(async (own) => {
      const exit = once(own.process, "exit");
      if (how === "shutdown_request") {
        expect(await own.request(how, { restart: true }, "control")).toEqual({
          status: "ok",
          restart: true,
        });
      } else void own.start(how);
      expect(await exit).toEqual([code, null]);
    });
  });
});
