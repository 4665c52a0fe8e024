/** What may stand at the top of a file may stand at the top of a cell, or one sentence says what to write instead. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { prepare } from "../../src/kernel/forms";
import { projectRoot } from "../../src/kernel/node/argv";
import { kernelForTests } from "./asking";

const { kernel, run, resultOf, errorOf } = kernelForTests();

describe("export", () => {
  const pasted = `/** Pasted. */
export interface Layer { size: number }
export type Layers = readonly Layer[];
export const bias = 1, scale = 2; export let layers: Layers = [{ size: 2 }];
export function total(of: Layers): number { return of.length; }
export async function wait() { return 3; } export class Unit { z = 4; } export enum Kind { A = 5 }
export { bias as other, total };
export type { Layer as L };`;

  test("before a declaration, once and again", async () => {
    for (let i = 0; i < 2; i++) {
      await run(pasted);
      expect(
        await resultOf("[bias, scale, total(layers), await wait(), new Unit().z, Kind.A]"),
      ).toBe("[ 1, 2, 1, 3, 4, 5 ]");
    }
  });

  test("of a default: a name is kept, a value is the cell's", async () => {
    expect(await resultOf("export default function rate() { return 6; }\nrate()")).toBe("6");
    expect(await resultOf("export default class Net { a = 7; }\nnew Net().a")).toBe("7");
    expect(await resultOf("export default { a: 1 }")).toBe("{ a: 1 }");
    expect(await resultOf("export default function () { return 1; }\n(rate)()")).toBe("6");
    expect((await errorOf("export default 1;\nthrow new Error('here');")).text).toContain(
      "> 2 | throw new Error('here');",
    );
  });

  test("of a module's names imports them; what has no names says so", async () => {
    expect(
      await resultOf(`export { forward, backward as back } from "./src/nn";
export * as sets from "./src/data"; export type { Network } from "./src/nn";
[forward.name, back.name, typeof sets.xor]`),
    ).toBe("[ 'forward', 'backward', 'object' ]");
    expect((await errorOf(`1;\nexport * from "./src/nn";`)).evalue).toMatch(
      /line 2, column 1: A cell cannot export what it does not name\./,
    );
  });
});

describe("await", () => {
  test("for await alone", async () => {
    const { outputs, reply } = await run(
      "async function* costs() { yield 1; yield 2; }\nfor await (const cost of costs()) console.log(cost);",
    );
    expect(reply.status).toBe("ok");
    expect(outputs[0].text).toBe("1\n2\n");
  });

  test("wherever the cell itself runs", async () => {
    expect(
      await resultOf(
        `class A extends (await Promise.resolve(Array)) {}
[\`\${await 1}\`, await (async () => { const z = await 2; return z; })(), { [await "size"]: new A(3).length }.size]`,
      ),
    ).toBe("[ '1', 2, 3 ]");
  });

  test.each([
    "const o = { m() { return await 3; } };",
    "class F { x = await 3; }",
    "class F { static { await 3; } }",
    "const f = (x = await 3) => x;",
    "enum Q { a = await 3 }",
    "function f() { await 3; }",
  ])("and nowhere else: %s", async (code) => {
    const { ename, text } = await errorOf(`const line = 1;\n${code}`);
    expect(ename).toBe("TypeScript error");
    expect(text).toMatch(/cell \d+, line 2, column \d+/);
    expect(text).toContain(`> 2 | ${code}`);
  });
});

describe("what the compiler does not know", () => {
  test("using: what to write instead", async () => {
    for (const code of ["using file = open();", "await using file = open();"]) {
      const { evalue } = await errorOf(`const fine = 1;\n${code}`);
      expect(evalue).toMatch(/^cell \d+, line 2, column \d+: `using` came with TypeScript 5\.2/);
      expect(evalue.split("\n")).toHaveLength(1);
    }
  });

  test("JSON is imported, however that is written", async () => {
    for (const code of [
      'import settings from "./package.json"',
      'import settings from "./package.json" with { type: "json" }',
      'import settings from "./package.json" assert { type: "json" }',
      'const { default: settings } = await import("./package.json", { with: { type: "json" } })',
    ]) {
      expect(await resultOf(`${code}\nsettings.name`)).toBe("'backpropagation-notebooks'");
    }
    expect(
      (await errorOf('import text from "./README.md" with { type: "text" }')).evalue,
    ).toContain('The only attribute that an import takes here is { type: "json" }.');
  });

  test("import.meta: imports start at the project's root", async () => {
    expect(await resultOf("import.meta.dirname")).toBe(`'${projectRoot.replaceAll("\\", "\\\\")}'`);
    expect(
      await resultOf(
        'import { readFileSync } from "fs";\nJSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")).name',
      ),
    ).toBe("'backpropagation-notebooks'");
  });
});

describe("every error has a line of the cell", () => {
  test.each([
    ["an open template", "const fine = 1;\nconst text = `abc", 2],
    ["an open comment", "const fine = 1;\n/* open", 2],
    ["an open block", "const fine = 1;\nif (fine) {", 2],
    ["a brace too many", "const fine = 1;\n}", 2],
    ["a regular expression", "const fine = 1;\nconst r = /(/;", 2],
    ["its flags", "const fine = 1;\nconst r = /a/gg;", 2],
    ["return", "const fine = 1;\nreturn fine;", 2],
    ["break", "const fine = 1;\nbreak;", 2],
    ["an unknown label", "const fine = 1;\nfor (;;) { break away; }", 2],
    ["what only the engine refuses", "const fine = 1;\nif (fine) class X {}", 2],
    ["the same in a cell that awaits", "await 1;\n\nif (true) async function f() {}", 3],
    ["CRLF", 'const fine = 1;\r\n\r\nconst bad: string = 3;\r\n"end"', 3],
    [
      "separators that no editor shows",
      'const s = "a\u2028b"; // \u2029\nconst bad: string = 3;',
      2,
    ],
    ["an error in its last line", "import { a } from", 1],
  ])("%s", async (_name, code, line) => {
    const { evalue, text } = await errorOf(code);
    const { length } = code.split(/\r?\n/);
    for (const [, found] of text.matchAll(/cell \d+, line (\d+)/g)) {
      expect(Number(found)).toBeGreaterThan(0);
      expect(Number(found)).toBeLessThanOrEqual(length);
    }
    expect(text).toMatch(new RegExp(`cell \\d+, line ${line}\\b`));
    expect(`${evalue}${text}`).not.toMatch(/__|tslab|tsLastExpr|exports/);
  });

  test("a file's first characters may be pasted with it", async () => {
    expect(await resultOf('#!/usr/bin/env node\n"use strict";\n1 + 1')).toBe("2");
    expect(await resultOf("\uFEFFconst afterMark = 3;\nafterMark")).toBe("3");
    expect(await resultOf('["a\u2028b".length, `\u2029`.charCodeAt(0)]')).toBe("[ 3, 8233 ]");
  });

  test("and what is prepared for the compiler has its lines where they were", () => {
    const code = `#! run\nexport default {\n  a: 1,\n}\nexport {\n  b,\n} from "m"\nexport { c\n}\nimport d from "d" with {\n type: "json"\n}\nf(d)`;
    const { code: prepared, diagnostics } = prepare(code);
    expect(diagnostics).toEqual([]);
    expect(prepared.split("\n")).toHaveLength(code.split("\n").length);
    expect(prepared.split("\n").at(-1)).toBe("f(d)");
  });
});

describe("modules", () => {
  const packages = mkdtempSync(join(projectRoot, "node_modules", "@kernel-test-"));
  const name = basename(packages);
  const own = mkdtempSync(join(projectRoot, "test", "kernel", "modules-"));
  const from = `./test/kernel/${basename(own)}`;
  const half = "export const half = (x) => x / 2;\n";
  const types = "export declare const half: (x: number) => number;\n";
  afterAll(() => {
    for (const folder of [packages, own]) rmSync(folder, { recursive: true });
  });
  beforeAll(() => {
    const write = (package_: string, about: object, files: Record<string, string>) => {
      const folder = join(packages, package_);
      mkdirSync(join(folder, "dist"), { recursive: true });
      const all = { "package.json": JSON.stringify({ version: "1.0.0", ...about }), ...files };
      for (const [file, text] of Object.entries(all)) writeFileSync(join(folder, file), text);
    };
    write(
      "main",
      { type: "module", main: "./dist/index.js", types: "./dist/index.d.ts" },
      { "dist/index.js": half, "dist/index.d.ts": types },
    );
    write(
      "only",
      {
        type: "module",
        exports: {
          ".": { types: "./dist/index.d.ts", import: "./dist/index.js" },
          "./sub": { import: { types: "./dist/sub.d.mts", default: "./dist/sub.mjs" } },
        },
      },
      {
        "dist/index.js": `${half}export default class Only { z = 1; }\n`,
        "dist/index.d.ts": `${types}export default class Only { z: number; }\n`,
        "dist/sub.mjs": "await null;\nexport const sub = 's';\n",
        "dist/sub.d.mts": "export declare const sub: string;\n",
      },
    );
    write(
      "awaits",
      {
        type: "module",
        exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
      },
      {
        "dist/index.js": "export const half = await Promise.resolve((x) => x / 2);\n",
        "dist/index.d.ts": types,
      },
    );
    write(
      "broken",
      { type: "module", main: "dist/index.js" },
      {
        "dist/index.js": "throw new RangeError('not today');\n",
      },
    );
  });

  const importing = (package_: string) => `${name}/${package_}`;

  test.each(["main", "only", "awaits"])(
    "an ES module is imported, and by await: %s",
    async (package_) => {
      const path = importing(package_);
      expect(await resultOf(`import { half } from "${path}";\nhalf(5)`)).toBe("2.5");
      expect(
        await resultOf(
          `const { half: again } = await import("${path}");\n[again(3), again === half]`,
        ),
      ).toBe("[ 1.5, true ]");
      expect(await resultOf(`import * as all from "${path}";\nall.half === half`)).toBe("true");
      expect((await errorOf("half('a')")).evalue).toContain(
        "'string' is not assignable to parameter of type 'number'",
      );
    },
  );

  test("its default, its folders, for its effects", async () => {
    const path = importing("only");
    expect(
      await resultOf(
        `import Only, { half } from "${path}"; import { sub } from "${path}/sub"; import "${path}";\n[new Only().z, half(1), sub]`,
      ),
    ).toBe("[ 1, 0.5, 's' ]");
  });

  test("one that fails is told on the line that imports it", async () => {
    const { evalue, text } = await errorOf(`const fine = 1;\nimport "${importing("broken")}";`);
    expect(evalue).toContain("could not be loaded: not today");
    expect(text).toContain("> 2 | import");
    expect((await errorOf(`await import("no" + "where")`)).evalue).toBe(
      "Cannot find module 'nowhere'",
    );
  });

  test("a module file of the reader's own, as it is now", async () => {
    writeFileSync(join(own, "own.mjs"), "export const a = await Promise.resolve(1);\n");
    const ask = `import { a } from "${from}/own.mjs";\na`;
    expect(await resultOf(ask)).toBe("1");
    writeFileSync(join(own, "own.mjs"), "export const a = 23;\n");
    expect(await resultOf(ask)).toBe("23");
  });

  test("one that never ends loading is interrupted, and the kernel lives on", async () => {
    writeFileSync(join(own, "waits.mjs"), "console.log('loading'); await new Promise(() => {});\n");
    const { done, outputs } = kernel().start(`import "${from}/waits.mjs";`);
    await vi.waitFor(() => expect(outputs).toHaveLength(1), 20_000);
    await kernel().interrupt();
    expect((await done).reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(await resultOf("1 + 1")).toBe("2");
  });

  test("what cannot be declared to later cells is theirs all the same", async () => {
    await run(`const line1 = 1;
const files = await import("fs"); const Hidden = class { private x = 1; get() { return this.x; } };
function create() { return new Hidden(); }`);
    expect(await resultOf("[typeof files.readFileSync, new Hidden().get(), create().get()]")).toBe(
      "[ 'function', 1, 1 ]",
    );
    expect((await errorOf("const wrong: string = files.statSync(5) && 3;")).evalue).toContain(
      "Type 'number'",
    );
  });

  test("packages that are no ES modules are imported as ever", async () => {
    expect(
      await resultOf(
        'import fs, { readFileSync } from "fs"; import * as path from "node:path";\nconst os = await import("os");\n[fs.readFileSync === readFileSync, typeof path.join, typeof os.default.cpus]',
      ),
    ).toBe("[ true, 'function', 'function' ]");
  });
});
