/**
 * The kernel in a page, without the course's pages around it: `node --import tsx test/browser/page-kernel.ts [names of
 * notebooks, or all] [--in Chromium|Firefox|WebKit]`. Over http and from `file://`: every cell of the notebooks, if any
 * are named, gives the text that is stored with it; cells are stopped in each way; floods are cut; sources are edited and taken back.
 * With `--times`, nothing is judged: the kernel is timed beside Node's, in turn.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { buildSync } from "esbuild";
import { runCommand } from "../../src/jupyter/command";
import { jupyterFolder } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";
import type { Executed } from "../../src/kernel/page/messages";
import { notebookName } from "../../src/notebooks";
import { writePageKernel } from "../../src/site/page-kernel";
import { cases, judged, type SomeOutput, textsOf } from "../kernel/both";
import { type Client, startKernel } from "../kernel/client";
import { committedNotebook, notebookPaths } from "../notebooks/notebook";
import { check, tellOutcome } from "./browser";
import { browsers, type Driver } from "./engines";

const folder = join(jupyterFolder, "page-kernel");

/** Cells whose text is another in a page, and why: by notebook and id. */
const different: Record<string, string> = {
  "fast-code memory": "asks Node for the memory in use",
};

/** What a cell gave. */
interface Ran extends Executed {
  outputs: SomeOutput[];
  milliseconds: number;
}

/** The page's own script: it runs cells, and gathers what they put out. */
const script = `
  import { createPageKernel } from "./src/kernel/page/kernel";
  const kernel = createPageKernel("assets");
  async function run(source) {
    const outputs = [];
    const start = performance.now();
    const executed = await kernel.execute(source, (output) => outputs.push(output));
    return { ...executed, outputs, milliseconds: performance.now() - start };
  }
  Object.assign(globalThis, { kernel, run, wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) });`;

async function build(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "assets"), { recursive: true });
  await writePageKernel(join(folder, "assets"));
  const { outputFiles } = buildSync({
    stdin: { contents: script, resolveDir: projectRoot, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
  });
  writeFileSync(join(folder, "assets", "page.js"), outputFiles[0].contents);
  const html =
    '<!doctype html><meta charset="utf-8"><title>Kernel</title><body><script src="assets/page.js"></script>';
  writeFileSync(join(folder, "page.html"), html);
}

function serve(): { address: string; close: () => void } {
  const server = createServer(({ url = "" }, answer) => {
    try {
      const content = readFileSync(join(folder, new URL(url, "http://localhost").pathname));
      const type = url.endsWith(".js") ? "text/javascript" : "text/html";
      answer.writeHead(200, { "content-type": type }).end(content);
    } catch {
      answer.writeHead(404).end();
    }
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  return { address: `http://localhost:${port}/page.html`, close: () => server.close() };
}

const runIn = (driver: Driver, source: string) =>
  driver.evaluate(`run(${JSON.stringify(source)})`) as Promise<Ran>;

/** Runs a notebook's cells in a new kernel. @returns how many there were, and how long they took */
async function runNotebook(driver: Driver, path: string, isV8: boolean): Promise<string> {
  const name = notebookName(path);
  await driver.evaluate("kernel.restart()");
  const start = Date.now();
  const wrong: string[] = [];
  let compared = 0;
  const cells = committedNotebook(path).cells.filter(({ cell_type }) => cell_type === "code");
  for (const cell of cells) {
    const ran = await runIn(driver, cell.source.join(""));
    if (cell.metadata.tags?.includes("measured") || different[`${name} ${cell.id}`]) continue;
    compared++;
    const [stored, now] = [textsOf(cell.outputs ?? []), textsOf(ran.outputs)].map((texts) =>
      isV8 ? texts : texts.map(withoutWords),
    );
    const at = stored.concat(now).findIndex((_, i) => stored[i] !== now[i]);
    if (at >= 0)
      wrong.push(
        `${cell.id}:\n  stored ${around(stored[at], now[at])}\n  now    ${around(now[at], stored[at])}`,
      );
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${compared}\n${wrong.join("\n")}`);
  return `${compared} of ${cells.length} cells in ${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/** An engine's own errors are told in the engine's own words. */
function withoutWords(text: string): string {
  return text.replace(/^(error: (?:Type|Reference|Syntax)Error): .*/s, "$1");
}

/** A text from a little before the place where it differs from another. */
function around(text = "nothing", other = ""): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  const from = Math.max(0, at - 30);
  return JSON.stringify(`${from > 0 ? "…" : ""}${text.slice(from, at + 70)}`);
}

/** Runs a cell that goes on, interrupts it, and tells whether what was set before is there. */
async function interruptCell(driver: Driver, source: string): Promise<string> {
  await runIn(driver, "let before = 41;");
  const { how, ran, milliseconds } = (await driver.evaluate(`(async () => {
    const ran = run(${JSON.stringify(source)});
    await wait(1000);
    const start = performance.now();
    const how = await kernel.interrupt();
    return { how, ran: await ran, milliseconds: performance.now() - start };
  })()`)) as { how: string; ran: Ran; milliseconds: number };
  const { outputs } = await runIn(driver, "before + 1");
  const [text] = textsOf(outputs);
  assert.equal(/^execute_result: 42$/.test(text), how === "kept", text);
  if (how === "kept" && ran.status === "error") assert.equal(ran.ename, "Interrupted");
  if (how === "lost") assert.equal(ran.status, "aborted");
  return `${how} after ${Math.round(milliseconds)} ms`;
}

/**
 * What an engine allows: to hear of an interrupt while it is busy, and so while its page is busy, too; to tell where an error
 * came by.
 */
interface Abilities {
  hears: boolean;
  hearsAlone: boolean;
  tellsPlaces: boolean;
}

function abilitiesOf(browser: string, isFile: boolean): Abilities {
  const hears = !isFile || browser === "Firefox";
  return {
    hears,
    // What a worker asks for goes by way of its page in Firefox and WebKit: it waits for that, if it asks at all.
    hearsAlone: !hears || browser === "Chromium",
    tellsPlaces: !isFile || browser !== "WebKit",
  };
}

/** What a page's kernel does beside running cells. */
async function tryAll(
  driver: Driver,
  { hears, hearsAlone, tellsPlaces }: Abilities,
): Promise<void> {
  const expectKept = async (source: string, isKept: boolean) => {
    const how = await interruptCell(driver, source);
    assert.equal(how.startsWith("kept"), isKept, how);
    return how;
  };
  await check("cells do as in Node", async () => {
    for (const { name, cells, gives } of cases) {
      let ran: Ran | undefined;
      for (const cell of cells) ran = await runIn(driver, cell);
      const given = judged(ran?.outputs ?? []);
      // Where no places are told, none may be told wrongly.
      const isPlace = (text: string) => /^(?:cell|src\/\S+), line .*(?<!column \d+)$/.test(text);
      const expected = tellsPlaces
        ? gives
        : gives.filter((text) => !isPlace(text) || given.includes(text));
      assert.deepEqual(given, expected, name);
    }
    return `${cases.length} cases`;
  });
  await check("an endless loop is stopped", () => expectKept("while (true) {}", hears));
  await check("an endless wait is stopped", () => expectKept("await new Promise(() => {});", true));
  await check("a loop after an await is stopped", () =>
    expectKept("await 1; for (let i = 0; ; i++) Math.sin(i);", hears),
  );
  await check("an endless recursion of calls in a loop's place is stopped with its worker", () =>
    expectKept("const f = (n: number): number => (n > 40 ? n : f(n + 1) + f(n + 1)); f(0)", false),
  );
  await check("training that nobody watches is stopped", async () => {
    await runIn(
      driver,
      `import { createNetwork } from "./src/nn"; import { xor } from "./src/data"; import { train } from "./src/training";
      const small = createNetwork({ sizes: [2, 3, 1], seed: 1 });`,
    );
    return expectKept("train(small, xor, { learningRate: 0.1, epochs: 1e9 })", hears);
  });
  await check("live training is stopped, and its network is there", async () => {
    await runIn(
      driver,
      `import { createNetwork } from "./src/nn"; import { xor } from "./src/data"; import { trainLive } from "./src/show";
      const network = createNetwork({ sizes: [2, 3, 1], seed: 1 });`,
    );
    return expectKept(
      "const run = await trainLive(network, xor, { learningRate: 0.1, epochs: 1e9 }); run",
      true,
    );
  });
  await check("cells wait for each other; after one that fails they are aborted", async () => {
    const sources = ["const a = 1", "await 0; const b = a + 1", "throw new Error(String(b))", "3"];
    const all = (await driver.evaluate(
      `Promise.all(${JSON.stringify(sources)}.map(run))`,
    )) as Ran[];
    assert.deepEqual(
      all.map(({ status, ename }) => ename ?? status),
      ["ok", "ok", "Error", "aborted"],
    );
    return undefined;
  });
  await check(
    "cells are stopped together, though the page has not heard that the first has ended",
    async () => {
      const sources = [
        "for (const end = Date.now() + 300; Date.now() < end; );",
        "await new Promise(() => {});",
        "3",
      ];
      const { how, all } = (await driver.evaluate(`(async () => {
      const all = ${JSON.stringify(sources)}.map(run);
      await wait(50);
      for (const end = Date.now() + 2000; Date.now() < end; ); // nothing comes in
      return { how: await kernel.interrupt(), all: await Promise.all(all) };
    })()`)) as { how: string; all: Ran[] };
      assert.equal(how, "kept");
      assert.deepEqual(
        all.map(({ status, ename }) => ename ?? status),
        hearsAlone ? ["ok", "Interrupted", "aborted"] : ["Interrupted", "aborted", "aborted"],
      );
      return undefined;
    },
  );
  await check("what a timer prints later goes to its own cell", async () => {
    const [first, second] = (await driver.evaluate(`(async () => {
      const first = run('setTimeout(() => console.log("late"), 300); 1');
      await first;
      const second = await run("await new Promise((done) => setTimeout(done, 600)); 2");
      return [await first, second];
    })()`)) as Ran[];
    assert.deepEqual(textsOf(first.outputs), ["execute_result: 1", "stdout: late\n"]);
    assert.deepEqual(textsOf(second.outputs), ["execute_result: 2"]);
    return undefined;
  });
  await check("a flood of text is cut, with a word", async () => {
    const { outputs, milliseconds } = await runIn(
      driver,
      "for (let i = 0; i < 1e6; i++) console.log(i);",
    );
    const texts = textsOf(outputs);
    assert.ok(texts.join("").length < 1_000_300 && /more than 1,000,000/.test(texts.join("")));
    return `${outputs.length} messages in ${Math.round(milliseconds)} ms`;
  });
  await check("a flood of displays is cut, and updates are merged", async () => {
    const { outputs } = await runIn(
      driver,
      `const host = (globalThis as any)[Symbol.for("Jupyter.host")];
      for (let i = 0; i < 2e5; i++) host.display({ "text/plain": String(i) }, { id: "one", update: i > 0 });
      for (let i = 0; i < 1e5; i++) host.display({ "text/plain": "x" });`,
    );
    const updates = outputs.filter(({ output_type }) => output_type === "update_display_data");
    assert.equal(textsOf(outputs)[0], "display_data: 199999");
    assert.ok(
      updates.length < 1000 && outputs.length - updates.length <= 1003,
      `${outputs.length}`,
    );
    return `${updates.length} updates, ${outputs.length} messages`;
  });
  await check("a result that is too long is cut, with a word", async () => {
    const long = '({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "x".repeat(3e6) }) })';
    const [text] = textsOf((await runIn(driver, long)).outputs);
    assert.ok(text.length < 1_000_100);
    assert.match(text.slice(-60), /… 2,000,000 more characters are left out\.$/);
    return undefined;
  });
  await check("a room comes with the first cell that imports it, in whatever way", async () => {
    const imports = [
      'import { numericalGradient } from "./src/coursework";\nnumericalGradient(([w]) => w * w, [3])[0].toFixed(6)',
      'const { numericalGradient } = await import("./src/coursework");\nnumericalGradient(([w]) => w * w, [3])[0].toFixed(6)',
      'import { numericalGradient } from "./src/coursework/numerical-gradient";\nnumericalGradient(([w]) => w * w, [3])[0].toFixed(6)',
    ];
    for (const source of imports) {
      await driver.evaluate("kernel.restart()");
      const [first] = textsOf((await runIn(driver, source)).outputs);
      assert.equal(first, "execute_result: '6.000000'", source);
    }
    const path = "src/coursework/numerical-gradient.ts";
    assert.ok(((await driver.evaluate("kernel.sources()")) as string[]).includes(path));
    assert.match(
      String(await driver.evaluate(`kernel.readSource("${path}")`)),
      /numericalGradient/,
    );
    return undefined;
  });
  await check("an edited source is used by the next import, and taken back", async () => {
    const path = "src/nn/losses.ts";
    const text = (await driver.evaluate(`kernel.readSource("${path}")`)) as string;
    const use = 'import * as nn from "./src/nn";\n(nn as any).marked';
    const edited = `${text}\nexport const marked = "edited";\n`;
    const door = (await driver.evaluate('kernel.readSource("src/nn.ts")')) as string;
    await driver.evaluate(`kernel.writeSource("${path}", ${JSON.stringify(edited)})`);
    await driver.evaluate(
      `kernel.writeSource("src/nn.ts", ${JSON.stringify(`${door}\nexport { marked } from "./nn/losses";\n`)})`,
    );
    assert.deepEqual(textsOf((await runIn(driver, use)).outputs), ["execute_result: 'edited'"]);
    await driver.evaluate("kernel.restart()");
    assert.deepEqual(textsOf((await runIn(driver, use)).outputs), ["execute_result: 'edited'"]);
    await driver.evaluate("kernel.resetSource()");
    assert.deepEqual(
      textsOf((await runIn(driver, use)).outputs),
      ["execute_result: undefined"].slice(1),
    );
    assert.equal(await driver.evaluate(`kernel.readSource("${path}")`), text);
    return undefined;
  });
  await check("an edited source with a type error is told with its line", async () => {
    await driver.evaluate(
      'kernel.readSource("src/names.ts").then((text) => kernel.writeSource("src/names.ts", text + "\\nexport const wrong: string = 1;\\n"))',
    );
    const { outputs } = await runIn(driver, 'import * as names from "./src/names";');
    assert.match(textsOf(outputs)[0], /src\/names\.ts, line \d+, column 14: Type 'number'/);
    await driver.evaluate("kernel.resetSource()");
    const { status } = await runIn(driver, 'import * as names from "./src/names";');
    assert.equal(status, "ok");
    return undefined;
  });
  await check("errors name the lines of cells and sources", async () => {
    const { outputs } = await runIn(
      driver,
      'import { createNetwork } from "./src/nn";\nfunction made() {\n  return createNetwork({ sizes: [2, 0] });\n}\nmade();',
    );
    const [error] = outputs;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
    const trace = (error.traceback ?? []).join("\n").replace(/\u001b\[\d+m/g, "");
    if (!tellsPlaces) {
      assert.doesNotMatch(trace, /line/);
      return "none is told";
    }
    assert.match(trace, /src\/nn\/network\.ts, line \d+ in createNetwork/);
    assert.match(trace, /cell \d+, line 3 in made/);
    assert.match(trace, /cell \d+, line 5\n/);
    return undefined;
  });
  await check("what only Node has is explained where it is used", async () => {
    const { outputs, ename } = await runIn(
      driver,
      'import { readFileSync } from "node:fs";\nreadFileSync("x")',
    );
    assert.equal(ename, "Error");
    assert.match(
      textsOf(outputs)[0],
      /readFileSync is part of node:fs, and a web page has no Node\.js/,
    );
    return undefined;
  });
  await check("completes, explains, and knows what cells depend on", async () => {
    await runIn(driver, "const weights = [1, 2];");
    assert.deepEqual(await driver.evaluate('kernel.complete("weights.forE", 12)'), {
      matches: ["forEach"],
      from: 8,
      to: 12,
    });
    assert.match(
      String(await driver.evaluate('kernel.inspect("weights", 3)')),
      /const weights: number\[\]/,
    );
    assert.deepEqual(await driver.evaluate('kernel.dependencies(["const a = b", "a = c"])'), [
      { declares: ["a"], uses: ["b"] },
      { declares: ["a"], uses: ["a", "c"] }, // what is set has to be declared before
    ]);
    return undefined;
  });
}

/** A kernel to be timed. */
interface Timed {
  /** Opens what it runs in: a page. */
  open(): Promise<void>;
  /** Runs a cell; the first starts the kernel. */
  run(code: string): Promise<unknown>;
  end(): Promise<unknown>;
}

/**
 * What a reader waits for: the first result of a notebook, from nothing; and a small cell later. Node keeps what it
 * compiled, so it has an edge where it ran the very cells before: it is timed with those, and with cells that are new.
 */
async function times(kernels: Record<string, Timed>): Promise<void> {
  const cells = committedNotebook("notebooks/04-deltas.ipynb").cells.filter(
    ({ cell_type }) => cell_type === "code",
  );
  // Its imports show nothing.
  const upToResult = cells.slice(0, cells.findIndex(({ outputs }) => outputs?.length) + 1);
  const timed = Object.entries(kernels).map(([name, kernel]) => ({
    ...{ name, kernel },
    first: { new: [] as number[], known: [] as number[] },
    small: [] as number[],
  }));
  for (let round = 0; round < 10; round++) {
    const isNew = round % 2 === 0;
    for (const { kernel, first, small } of timed) {
      await kernel.open();
      const mark = isNew ? `\n// ${Date.now()}` : "";
      const began = performance.now();
      for (const { source } of upToResult) await kernel.run(source.join("") + mark);
      first[isNew ? "new" : "known"].push(performance.now() - began);
      for (let i = 0; i < 60; i++) {
        const before = performance.now();
        await kernel.run(`const b${i} = ${i} + 1; b${i}`);
        if (i >= 20) small.push(performance.now() - before);
      }
      await kernel.end();
    }
  }
  const median = (times: number[]) => [...times].sort((a, b) => a - b)[times.length >> 1];
  const seconds = (times: number[]) => `${(median(times) / 1000).toFixed(2)} s`;
  for (const { name, first, small } of timed)
    console.log(
      `${name}: first result of deltas (cell ${upToResult.length}) ${seconds(first.new)} for new cells, ${seconds(first.known)} for those it ran before; a small cell ${median(small).toFixed(1)} ms`,
    );
}

function inNode(): Timed {
  let kernel: Client | undefined;
  return {
    async open() {
      kernel = undefined;
    },
    async run(code) {
      kernel ??= await startKernel();
      return kernel.execute(code);
    },
    end: async () => kernel?.stop(),
  };
}

function inPage(openBrowser: () => Promise<Driver>, address: string): Timed {
  let driver: Driver;
  return {
    async open() {
      driver = await openBrowser();
      await driver.goTo(address);
    },
    run: (code) => runIn(driver, code),
    end: () => driver.close(),
  };
}

runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      in: { type: "string", multiple: true, default: ["Chromium"] },
      times: { type: "boolean", default: false },
    },
  });
  await build();
  const paths = notebookPaths().filter(
    (path) => positionals.includes("all") || positionals.includes(notebookName(path)),
  );
  const server = serve();
  const addresses = { http: server.address, file: pathToFileURL(join(folder, "page.html")).href };
  try {
    for (const name of values.in) {
      const { missing, open } = browsers[name];
      if (missing) throw new Error(`${name} is missing: ${missing}`);
      if (values.times) {
        await times({ Node: inNode(), [name]: inPage(open, addresses.http) });
        continue;
      }
      for (const [kind, address] of Object.entries(addresses)) {
        const driver = await open();
        try {
          console.log(`${name}, ${kind}:`);
          await driver.goTo(address);
          await check("starts", async () => {
            const steps = (await driver.evaluate(
              "(async () => { const steps = []; await kernel.start((...step) => steps.push(step)); return steps; })()",
            )) as [number, string][];
            assert.ok(
              steps.length > 5 && steps.every(([share], i) => i === 0 || share >= steps[i - 1][0]),
            );
            assert.equal(steps[steps.length - 1][0], 1);
            return undefined;
          });
          for (const path of paths)
            await check(path, () => runNotebook(driver, path, name === "Chromium"));
          await tryAll(driver, abilitiesOf(name, kind === "file"));
        } finally {
          await driver.close();
        }
      }
    }
  } finally {
    server.close();
  }
  tellOutcome();
});
