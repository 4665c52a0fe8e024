/** The kernel's promises, each kept by the real process. */
import { once } from "node:events";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { projectRoot } from "../../src/kernel/argv";
import { asking, plain } from "./asking";
import { type Client, type Execution, type Output, startKernel } from "./client";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let kernel: Client;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.stop());

const { run, resultOf, errorOf } = asking(() => kernel);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function streams(outputs: Output[], name: string): string {
  return outputs
    .filter((output) => output.name === name)
    .map((output) => output.text)
    .join("");
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
    const failing = kernel.start(
      "await new Promise((go) => setTimeout(go, 100));\nthrow new Error('first');",
    );
    const aborted = kernel.start("'aborted'");
    const kept = kernel.start("'kept'", { stop_on_error: false });
    const statuses = [];
    for (const { done } of [failing, aborted, kept]) statuses.push((await done).reply.status);
    expect(statuses).toEqual(["error", "aborted", "ok"]);
    expect(aborted.outputs).toEqual([]);
    expect(kept.outputs[0].data["text/plain"]).toBe("'kept'");
    expect(await resultOf("'next'")).toBe("'next'");
  });

  test("an error that asks for no abort leaves what waits alone", async () => {
    const failing = kernel.start("throw new Error('alone');", { stop_on_error: false });
    const waiting = kernel.start("'runs'");
    expect((await failing.done).reply.status).toBe("error");
    expect((await waiting.done).reply.status).toBe("ok");
  });

  test("cells run one at a time, in their order", async () => {
    const cells = [30, 0, 10].map((time, i) =>
      kernel.start(
        `await new Promise((go) => setTimeout(go, ${time}));\n(globalThis as any).order = [...((globalThis as any).order ?? []), ${i}]`,
      ),
    );
    const last = (await Promise.all(cells.map((cell) => cell.done)))[2];
    expect(last.outputs[0].data["text/plain"]).toBe("[ 0, 1, 2 ]");
  });

  test("kernel_info tells what a front end needs", async () => {
    expect(await kernel.request("kernel_info_request", {})).toMatchObject({
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
      await kernel.request("complete_request", {
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
    const inspected = await kernel.request("inspect_request", {
      code: "gradientDescent(1)",
      cursor_pos: 3,
      detail_level: 0,
    });
    expect(inspected).toMatchObject({ status: "ok", found: true });
    expect(inspected.data["text/plain"]).toContain(
      "function gradientDescent(rate: number): number",
    );
    expect(
      await kernel.request("inspect_request", { code: "  ", cursor_pos: 1, detail_level: 0 }),
    ).toMatchObject({ status: "ok", found: false });
  });

  test("the smaller requests are answered too", async () => {
    expect(await kernel.request("is_complete_request", { code: "f(" })).toEqual({
      status: "incomplete",
      indent: "  ",
    });
    expect(await kernel.request("is_complete_request", { code: "f()" })).toEqual({
      status: "complete",
    });
    expect(await kernel.request("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    expect(await kernel.request("history_request", {})).toEqual({ status: "ok", history: [] });
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

  test("what a busy loop prints is seen while it runs", async () => {
    const { done, outputs } = kernel.start(
      `const loopEnd = Date.now() + 1500; console.log("begin");
while (Date.now() < loopEnd) if (Date.now() % 100 === 0) console.log("busy");
console.log("end");`,
    );
    await until(() => streams(outputs, "stdout").includes("busy"));
    expect(streams(outputs, "stdout")).not.toContain("end");
    await done;
    expect(streams(outputs, "stdout")).toMatch(/^begin\n(busy\n)+end\n$/);
  });

  test("what a timer writes belongs to the cell that set it", async () => {
    const { done, outputs } = kernel.start(`setTimeout(() => {
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
    const { done, outputs } = kernel.start(
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
    const { done, outputs } = kernel.start(`console.log("begun");\n${code}`);
    await until(() => outputs.length > 0);
    await pause(100);
    await kernel.interrupt();
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
      `import { createNetwork, train } from "./src/nn";
import { xor } from "./src/data";
train(createNetwork({ sizes: [2, 3, 1], seed: 1 }), xor, { learningRate: 0.1, epochs: 1e12 });`,
    );
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
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
    await kernel.interrupt();
    expect(await resultOf(`(globalThis as any)[Symbol.for("Jupyter.host")].signal.aborted`)).toBe(
      "false",
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
    const next = await startKernel();
    const { outputs } = await next.execute(ask);
    await next.stop();
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
    const own = await startKernel();
    const exit = once(own.process, "exit");
    if (how === "shutdown_request") {
      expect(await own.request(how, { restart: true }, "control")).toEqual({
        status: "ok",
        restart: true,
      });
    } else void own.start(how);
    expect(await exit).toEqual([code, null]);
    await own.stop();
  });
});
