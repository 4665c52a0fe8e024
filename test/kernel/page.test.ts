/** The parts of the page's kernel that need no page: console, limits, files, paths, and what only Node has. */
import { Console } from "node:console";
import nodePath from "node:path";
import { Writable } from "node:stream";
import * as ts from "@tslab/typescript-for-tslab";
import { describe, expect, test } from "vitest";
import { createConsole } from "../../src/kernel/page/console";
import * as files from "../../src/kernel/page/files";
import { limited } from "../../src/kernel/page/limits";
import { isOfNode, nodeModule, processWith } from "../../src/kernel/page/node-only";
import * as path from "../../src/kernel/page/path";
import { workerFiles } from "../../src/site/page-kernel";

type Call = (console: Console) => void;

describe("console writes what Node's does", () => {
  const calls: [string, Call][] = [
    [
      "formats",
      (c) =>
        c.log("%s %d %i %f %j %o %O %c%%", "a", 1.5, 1.5, "2.5", { a: 1 }, [1], { b: [2] }, "css"),
    ],
    ["values", (c) => c.info([1, { a: new Map([[1, 2]]) }], "x", null, undefined, -0, 10n)],
    [
      "two streams",
      (c) => {
        c.log("out");
        c.warn("err");
        c.error(new Set([1]));
        c.debug("out");
      },
    ],
    [
      "an assertion",
      (c) => {
        c.assert(true, "no");
        c.assert(false);
        c.assert(false, "x %d", 1);
      },
    ],
    [
      "groups",
      (c) => {
        c.group("a");
        c.groupCollapsed("b");
        c.log("x\ny");
        c.groupEnd();
        c.warn("z");
        c.groupEnd();
        c.groupEnd();
        c.log("end");
      },
    ],
    [
      "counts",
      (c) => {
        c.count();
        c.count("x");
        c.count();
        c.countReset();
        c.count();
      },
    ],
    ["dir", (c) => c.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })],
    [
      "a table of rows",
      (c) =>
        c.table([
          { a: 1, b: "x" },
          { a: 22.5, c: [1, 2] },
        ]),
    ],
    [
      "a table of lists",
      (c) =>
        c.table([
          [1, 2],
          [3, 4, 5],
        ]),
    ],
    ["a table of values", (c) => c.table([1, "two", null, { a: undefined }])],
    ["a table of an object", (c) => c.table({ first: { x: 1 }, second: { x: 2 } })],
    ["a table with chosen columns", (c) => c.table([{ a: 1, b: 2 }, { a: 3 }], ["b"])],
    [
      "a table of a Map",
      (c) =>
        c.table(
          new Map<unknown, unknown>([
            ["k", 1],
            ["l", "m"],
          ]),
        ),
    ],
    ["a table of a Set", (c) => c.table(new Set([1, "b"]))],
    ["a table of typed numbers", (c) => c.table(new Float64Array([0.5, 1]))],
    [
      "a table of what has no rows",
      (c) => {
        c.table(7);
        c.table([]);
      },
    ],
  ];
  // Later ones place a table's texts otherwise in their columns.
  const spaceless = (text: string) => text.replace(/ +/g, " ").replace(/^ | $/gm, "");

  test.each(calls)("%s", (name, call) => {
    const texts = { own: "", node: "" };
    call(
      createConsole((stream, text) => {
        texts.own += `${stream}: ${text}`;
      }) as unknown as Console,
    );
    const to = (stream: string) =>
      new Writable({
        decodeStrings: false,
        write(text, _, done) {
          texts.node += `${stream}: ${text}`;
          done();
        },
      });
    call(new Console({ stdout: to("stdout"), stderr: to("stderr") }));
    expect(texts.own).not.toBe("");
    if (name.includes("table")) expect(spaceless(texts.own)).toBe(spaceless(texts.node));
    else expect(texts.own).toBe(texts.node);
  });

  test("an assertion about an object shows it, as Node does from 22 on", () => {
    let text = "";
    const own = createConsole((stream, more) => {
      text += `${stream}: ${more}`;
    }) as unknown as Console;
    own.assert(false, { a: 1 }, 2);
    expect(text.trim()).toBe("stderr: Assertion failed { a: 1 } 2");
  });

  test("times", () => {
    let text = "";
    const console = createConsole((_, written) => {
      text += written;
    });
    console.time("t");
    console.timeLog("t", 7);
    console.timeEnd("t");
    console.timeEnd("t");
    expect(text).toMatch(
      /^t: \d+\.\d{3}ms 7\nt: \d+\.\d{3}ms\nNo such label 't' for console\.time\(\)\n$/,
    );
  });
});

describe("limits", () => {
  type Sent = [string, { text?: string; data?: Record<string, string> }];
  const gather = () => {
    const sent: Sent[] = [];
    return { sent, ...limited((type, content) => sent.push([type, content] as Sent)) };
  };

  test("pass on what is little", () => {
    const { sent, send } = gather();
    send("stream", { name: "stdout", text: "a" });
    send("display_data", { data: { "text/plain": "b" } });
    send("execute_result", { data: { "text/plain": "c", "text/html": "d" } });
    send("error", { ename: "E" });
    expect(sent).toEqual([
      ["stream", { name: "stdout", text: "a" }],
      ["display_data", { data: { "text/plain": "b" } }],
      ["execute_result", { data: { "text/plain": "c", "text/html": "d" } }],
      ["error", { ename: "E" }],
    ]);
  });

  test("cut text once, and say so", () => {
    const { sent, send } = gather();
    for (let n = 0; n < 30; n++) send("stream", { name: "stdout", text: "x".repeat(70_000) });
    const text = sent.map(([, content]) => content.text).join("");
    expect(text.replace(/[^x]/g, "").length).toBeLessThanOrEqual(1_000_010);
    expect(text.match(/has printed more than 1,000,000 characters/g)).toHaveLength(1);
  });

  test("cut displays by number and by size", () => {
    const { sent, send } = gather();
    for (let n = 0; n < 1500; n++) send("display_data", { data: { "text/plain": "x" } });
    expect(sent.filter(([type]) => type === "display_data")).toHaveLength(1000);
    expect(sent.filter(([, { text = "" }]) => /more than 1,000 outputs/.test(text))).toHaveLength(
      1,
    );
    const large = gather();
    for (let n = 0; n < 8; n++)
      large.send("display_data", { data: { "text/html": "x".repeat(9e6) } });
    expect(large.sent.filter(([type]) => type === "display_data")).toHaveLength(5);
    expect(large.sent.some(([, { text = "" }]) => /50 million characters/.test(text))).toBe(true);
  });

  test("merge updates: the first is seen at once, of the others the last, each in its place", () => {
    const { sent, send, flush } = gather();
    for (let n = 0; n < 5000; n++)
      for (const id of ["a", "b"])
        send("update_display_data", {
          data: { "text/plain": `${id}${n}` },
          transient: { display_id: id },
        });
    send("error", { ename: "E" });
    flush();
    const texts = sent.map(([type, { data }]) => data?.["text/plain"] ?? type);
    expect(texts[0]).toBe("a0");
    expect(texts.slice(-3).sort()).toEqual(["a4999", "b4999", "error"].sort());
    expect(texts.at(-1)).toBe("error");
    expect(texts.length).toBeLessThan(1000);
  });

  test("cut the text of a result", () => {
    const { sent, send } = gather();
    send("execute_result", { data: { "text/plain": "x".repeat(1_000_007), "text/html": "h" } });
    expect(sent[0][1].data?.["text/plain"].slice(-40)).toMatch(
      /… 7 more characters are left out\.$/,
    );
    expect(sent[0][1].data?.["text/html"]).toBe("h");
  });
});

test.each([
  ["/a/b/c", "/a/d"],
  ["/a", "/a"],
  ["/a", "/a/b"],
  ["a/b", "a/c/d"],
  ["outDir", "outDir/src/x.js"],
])("paths between %s and %s are Node's", (from, to) => {
  expect(path.relative(from, to)).toBe(nodePath.posix.relative(from, to));
  expect(path.join(from, "..", to, "./x")).toBe(nodePath.posix.join(from, "..", to, "./x"));
  expect(path.dirname(to)).toBe(nodePath.posix.dirname(to));
});

test("files: as they came, edited, as they came again", () => {
  const [one, other] = [`${files.root}/src/one.ts`, `${files.root}/src/deep/other.ts`];
  files.ship(one, "1");
  files.ship(other, "2");
  expect([files.read(one), files.isShipped(one), files.modifiedAt(one)]).toEqual(["1", true, 1]);
  expect(files.modifiedAt("/none")).toBe(0);
  files.edit(one, "1!");
  const edited = files.modifiedAt(one);
  expect([files.read(one), files.isShipped(one)]).toEqual(["1!", false]);
  expect(edited).toBeGreaterThan(1);
  files.edit(one);
  expect([files.read(one), files.isShipped(one)]).toEqual(["1", true]);
  expect(files.modifiedAt(one)).toBeGreaterThan(edited);
  expect(() => files.edit(`${files.root}/src/none.ts`, "")).toThrow(
    "There is no src/none.ts to edit.",
  );
  expect(files.foldersIn(files.root)).toEqual(["src"]);
  expect(files.foldersIn(`${files.root}/src/`)).toEqual(["deep"]);
  expect([files.folderExists(`${files.root}/src/deep`), files.folderExists("/none")]).toEqual([
    true,
    false,
  ]);
});

test("all sources are well typed by what a page declares: no error is the reader's that they did not make", () => {
  const all = workerFiles();
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
    noEmit: true,
    types: [],
  };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getCurrentDirectory: () => files.root,
    getDefaultLibLocation: () => files.library,
    fileExists: (path) => path in all,
    directoryExists: (path) => Object.keys(all).some((one) => one.startsWith(`${path}/`)),
    readFile: (path) => all[path],
    getSourceFile: (path, version) =>
      path in all ? ts.createSourceFile(path, all[path], version) : undefined,
  };
  const sources = Object.keys(all).filter((path) => path.startsWith(files.root));
  expect(sources.length).toBeGreaterThan(80);
  const program = ts.createProgram(sources, options, host);
  const found = ts.getPreEmitDiagnostics(program);
  expect(
    found.map(({ file, messageText }) => [
      file?.fileName,
      ts.flattenDiagnosticMessageText(messageText, " "),
    ]),
  ).toEqual([]);
});

test("what only Node has can be imported, and says why it cannot be used", () => {
  expect(["fs", "node:vm", "fs/promises", "./fs", "lodash"].map(isOfNode)).toEqual([
    ...[true, true, true, false, false],
  ]);
  const fs = nodeModule("fs") as unknown as typeof import("node:fs");
  const why = /readFileSync is part of node:fs, and a web page has no Node\.js/;
  expect(() => fs.readFileSync("x")).toThrow(why);
  expect(() => new (fs.readFileSync as never as new () => object)()).toThrow(why);
  expect(() => fs.promises.readFile("x")).toThrow(/promises is part of node:fs/);
  const process = processWith({ browser: true }) as NodeJS.Process;
  expect(() => process.memoryUsage()).toThrow(/process\.memoryUsage is part of Node\.js/);
  expect((process as unknown as { browser: boolean }).browser).toBe(true);
});
