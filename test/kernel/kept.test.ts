/** Compiled cells are kept for later kernels: nothing but time may tell whether a cell was. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Answer, keepAnswer, keptAnswer, type Question } from "../../src/kernel/kept";
import { projectRoot } from "../../src/kernel/node/argv";
import { type Platform, platform, setPlatform } from "../../src/kernel/platform";
import { plain } from "./asking";
import { type Client, withKernel } from "./client";

describe("in kernels that follow each other", () => {
  const folder = join(projectRoot, ".jupyter", "compiled");
  const own = mkdtempSync(join(projectRoot, "test", "kernel", "kept-"));
  const from = `./test/kernel/${basename(own)}`;
  afterAll(() => rmSync(own, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(own, name), text);
  let words = 0;
  /** A text that no cell has held before. */
  const word = () => `${basename(own)}-${++words}`;

  /** The files of the cells that hold a text; those that other kernels are writing are gone a moment later. */
  const filesWith = (text: string) =>
    readdirSync(folder)
      .filter((name) => /^cell-\d+\.json$/.test(name))
      .map((name) => join(folder, name))
      .filter((path) => readFileSync(path, "utf8").includes(text));

  const said = async (kernel: Client, cell: string) =>
    (await kernel.execute(cell)).outputs.map(
      ({ data, text, traceback }) =>
        data?.["text/plain"] ?? text ?? plain(traceback?.join("\n") ?? ""),
    );
  /** What the cells say in a kernel of their own. */
  const run = (...cells: string[]) =>
    withKernel(async (kernel) => {
      const all: string[][] = [];
      for (const cell of cells) all.push(await said(kernel, cell));
      return all;
    });

  // Tests that run meanwhile compile cells, too: one of these may take this one's place.
  const shared = { retry: 2 };
  test(
    "the next one takes a cell from there, and nobody else's; a damaged one is compiled again",
    shared,
    async () => {
      const cell = `"${word()}"`;
      const quoted = `'${cell.slice(1, -1)}'`;
      expect(await run(cell)).toEqual([[quoted]]);
      const [file, ...others] = filesWith(cell.slice(1, -1));
      expect(others).toEqual([]);
      if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
      // What is there is what runs.
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(cell.slice(1, -1), "another"));
      expect(await run(cell)).toEqual([["'another'"]]);
      // With what the engine made of the compiler, too: the kernel goes on without, and mends both. Other Nodes have files of
      // their own, which this one would leave as they are.
      const compilers = () =>
        readdirSync(folder)
          .filter((name) => /^compiler-.*\.bin$/.test(name))
          .map((name) => join(folder, name));
      for (const path of compilers()) rmSync(path);
      await run(`"${word()}"`);
      const megabytes = () => Math.max(...compilers().map((path) => statSync(path).size / 1e6));
      expect(megabytes()).toBeGreaterThan(1);
      for (const damaged of [file, ...compilers()]) truncateSync(damaged, 100);
      expect(await run(cell)).toEqual([[quoted]]);
      expect(filesWith(cell.slice(1, -1))).toEqual([file]);
      expect(megabytes()).toBeGreaterThan(1);
    },
  );

  test("values, lines of errors and types are the same again, of two kernels at once, too", async () => {
    const cells = [
      `import { inspect } from "node:util";
interface Named { name: string }
const named: Named = { name: "${word()}" };
const timer = setTimeout(() => {}, 0);
inspect(named)`,
      `import { createNetwork } from "./src/nn";

function fail(size: number) {
  return createNetwork({ sizes: [size, 1] });
}
fail(-1)`,
      "let { name } = named;\nfor (const one of [1, 2]) name += one;\nname",
      "const late = await Promise.resolve(named);\nlate === named",
    ];
    const [first, second] = await Promise.all([run(...cells), run(...cells)]);
    expect(second).toEqual(first);
    expect(first[1][0]).toMatch(/cell 2, line 4 in fail\n[\s\S]*cell 2, line 6\n/);
    await withKernel(async (kernel) => {
      for (const [n, cell] of cells.entries()) expect(await said(kernel, cell)).toEqual(first[n]);
      const [wrong] = await said(kernel, "const wrong: Named = timer;");
      expect(wrong).toMatch(/'name' is missing in type 'Timeout'/);
      const { matches } = await kernel.request("complete_request", {
        ...{ code: "named.na", cursor_pos: 8 },
      });
      expect(matches).toContain("name");
    });
  });

  test("an edit of a source counts, whoever compiled the cell with it", async () => {
    write("inner.ts", "export const value: number = 1;\nexport const state = { count: 0 };\n");
    write("door.ts", `export { value } from "./inner";\n`);
    write("other.ts", `import { value } from "./inner";\nexport const other = () => value;\n`);
    write("apart.ts", "export const apart = { count: 0 };\n");
    const cells = ["door", "other"].map((name) => {
      const imported = name === "door" ? "value" : "other";
      return `import { ${imported} } from "${from}/${name}"; // ${word()}\n${name === "door" ? "value" : "other()"}`;
    });
    await run(...cells);
    await withKernel(async (kernel) => {
      const apart = `import { apart } from "${from}/apart";\napart.count++`;
      for (const cell of cells) expect(await said(kernel, cell)).toEqual(["1"]);
      expect(await said(kernel, apart)).toEqual(["0"]);
      expect(await said(kernel, apart)).toEqual(["1"]);
      write("inner.ts", "export const value: number = 2;\n");
      expect(await run(...cells)).toEqual([["2"], ["2"]]);
      // All of this was compiled by the other kernel since.
      for (const cell of cells) expect(await said(kernel, cell)).toEqual(["2"]);
      write("inner.ts", "export const value: number = 3;\n");
      for (const cell of cells) expect(await said(kernel, cell)).toEqual(["3"]);
    });
    write("inner.ts", `export const value: number = "four";\n`);
    expect((await run(cells[0]))[0][0]).toMatch(/not assignable to .*\n.*inner\.ts, line 1,/);
  });

  test("a file that comes to stand before another is the one that is imported", async () => {
    write("found.js", "exports.which = 'js';\n");
    const cell = `import { which } from "${from}/found";\nwhich`;
    expect(await run(cell)).toEqual([["'js'"]]);
    write("found.ts", "export const which = 'ts';\n");
    expect(await run(cell)).toEqual([["'ts'"]]);
  });
});

describe("what is kept", () => {
  const before = platform;
  const kept = new Map<string, { from: string; value: unknown }>();
  const files = new Map<string, { text: string; modified: number }>();
  const place: Partial<Platform> = {
    root: "/project",
    modifiedAt: (path) => files.get(path)?.modified ?? 0,
    readFile(path) {
      const file = files.get(path);
      if (!file) throw new Error(`There is no ${path}.`);
      return file.text;
    },
    kept: (name, from) => {
      const found = kept.get(name);
      return found?.from === from ? JSON.parse(found.value as string) : undefined;
    },
    keep: (name, from, value) => {
      kept.set(name, { from, value: JSON.stringify(value) });
      return value;
    },
  };
  beforeEach(() => {
    kept.clear();
    files.clear();
    files.set("/project/src/nn.ts", { text: "export {};", modified: 5 });
    setPlatform(place as Platform);
  });
  afterEach(() => setPlatform(before));

  const question: Question = {
    declarations: "declare const a: number;\n",
    code: "a + 1",
    knowsNode: false,
    lends: false,
  };
  const read = [{ path: "/project/src/nn.ts", text: "export {};" }];
  const answer: Answer = {
    ...{ output: "exports.x = a + 1;", declOutput: "", lastExpressionVar: "x" },
    ...{ code: "a + 1", knowsNode: true, lent: ["f"], maps: ["{}", "{}"], imports: ["./src/nn"] },
    statements: [
      {
        declares: ["x"],
        now: new Map([["a", { line: 0, character: 0 }]]),
        later: new Set(["b"]),
      },
    ],
    sources: read,
  };
  const keepAll = () => keepAnswer(question, answer, { read, missing: ["/project/src/nn.tsx"] });

  test("comes back whole, to the same question alone", () => {
    keepAll();
    expect(keptAnswer(question)).toEqual(answer);
    const others: Partial<Question>[] = [
      { declarations: "declare const a: string;\n" },
      { code: "a + 2" },
      { knowsNode: true },
      { lends: true },
    ];
    for (const other of others) expect(keptAnswer({ ...question, ...other })).toBeUndefined();
    setPlatform({ ...place, root: "/copy" } as Platform);
    expect(keptAnswer(question)).toBeUndefined();
  });

  test("does not come back once a file has changed, is gone, or has come", () => {
    keepAll();
    files.set("/project/src/nn.ts", { text: "export {};", modified: 6 });
    expect(keptAnswer(question)).toBeUndefined();
    files.delete("/project/src/nn.ts");
    expect(keptAnswer(question)).toBeUndefined();
    files.set("/project/src/nn.ts", { text: "export {};", modified: 5 });
    expect(keptAnswer(question)).toEqual(answer);
    files.set("/project/src/nn.tsx", { text: "", modified: 1 });
    expect(keptAnswer(question)).toBeUndefined();
    files.delete("/project/src/nn.tsx");
    files.set("/project/src/kernel/boxed.ts", { text: "", modified: 1 });
    expect(keptAnswer(question)).toBeUndefined();
  });

  test("is nothing that was made of a file before it was edited", () => {
    files.set("/project/src/nn.ts", { text: "export const a = 1;", modified: 6 });
    keepAll();
    expect(kept.size).toBe(0);
  });

  test("takes a bounded number of places", () => {
    for (let n = 0; n < 10_000; n++)
      keepAnswer({ ...question, code: `a + ${n}` }, answer, { read, missing: [] });
    expect(kept.size).toBeGreaterThan(3000);
    expect(kept.size).toBeLessThanOrEqual(4096);
  });
});
