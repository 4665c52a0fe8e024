/** What a function uses, by the text of the cells. */
import { describe, expect, test } from "vitest";
import { whyNotGraded } from "../../src/coursework/offered";
import { usesOf } from "../../src/kernel/uses";

const nn = (name: string) => ({ module: "./src/nn", name });

describe("of the library", () => {
  test.each([
    [
      "what it calls",
      [`import { tanh } from "./src/nn"; const f = (z: number) => tanh.f(z);`],
      ["tanh"],
    ],
    [
      "under another name",
      [`import { tanh as th } from "./src/nn"; let f: any; f = () => th.f(1);`],
      ["tanh"],
    ],
    [
      "of a namespace",
      [`import * as all from "./src/nn"; const f = () => all.tanh.f(1) + all["relu"].f(1);`],
      ["tanh", "relu"],
    ],
    [
      "through a helper of another cell",
      [
        `import { tanh } from "./src/nn";`,
        `const g = () => tanh.f(1);`,
        `function f() { return g(); }`,
      ],
      ["tanh"],
    ],
    [
      "by an object made with it",
      [
        `import { createNetwork } from "./src/nn"; const net = createNetwork({ sizes: [1, 1] });`,
        `const f = () => net.weights[0];`,
      ],
      ["createNetwork"],
    ],
    [
      "put into an object later",
      [
        `const held: any = {};`,
        `import { tanh } from "./src/nn"; held.f = tanh.f;`,
        `const f = () => held.f(1);`,
      ],
      ["tanh"],
    ],
    [
      "put into a map",
      [
        `import { tanh } from "./src/nn"; const held = new Map(); held.set(1, tanh);`,
        `const f = () => held.get(1).f(1);`,
      ],
      ["tanh"],
    ],
    [
      "by Object.assign",
      [
        `import { tanh } from "./src/nn"; const held: any = {}; Object.assign(held, { tanh });`,
        `const f = () => held.tanh.f(1);`,
      ],
      ["tanh"],
    ],
    [
      "in a class",
      [`import { tanh } from "./src/nn"; class A { f = tanh.f; }`, `const f = () => new A().f(1);`],
      ["tanh"],
    ],
    [
      "as a whole",
      [`const { tanh } = await import("./src/nn"); const f = () => tanh.f(1);`],
      ["*"],
    ],
    [
      "types alone",
      [
        `import { type Network, tanh } from "./src/nn"; let t: typeof tanh; const f = (n: Network): any => n;`,
      ],
      [],
    ],
    [
      "a local of the same name",
      [`import { tanh } from "./src/nn"; tanh.f(1); function f(tanh: any) { return tanh.f(1); }`],
      [],
    ],
    [
      "a property of the same name",
      [
        `import { tanh } from "./src/nn"; tanh.f(1); const f = (o: any) => o.tanh + { tanh: 1 }.tanh;`,
      ],
      [],
    ],
    [
      "what the newest version uses",
      [
        `import { tanh } from "./src/nn"; function f() { return tanh.f(1); }`,
        `function f() { return 1; }`,
      ],
      [],
    ],
  ])("%s", (_what, cells, names) => {
    expect(usesOf(cells, "f").imports).toEqual(names.map(nn));
  });
});

test.each([
  [`function f() { return fetch; }`, ["fetch"]],
  [`declare const fetch: any; function f() { return fetch("x"); }`, ["fetch"]],
  [
    `function f() { process.stdout.write("a"); globalThis.setTimeout(f); return globalThis["fetch"]; }`,
    ["process.stdout", "setTimeout", "fetch"],
  ],
  [`const f = new Function("z", "return z")`, ["Function"]],
  [
    `const f = () => [(globalThis as any).WebAssembly, (process as any)!.exit]`,
    ["WebAssembly", "process.exit"],
  ],
  [`const f = (g: unknown) => g instanceof Function && (0, eval)("1")`, ["eval"]],
  [
    `function f(process: any, { fetch }: any) { const Buffer = 1; return process.exit({ fetch }, Buffer); }`,
    [],
  ],
  [
    `const f = () => Math.max(...[1], Number("1"), globalThis.isNaN(1) ? 1 : 0, undefined, NaN)`,
    [],
  ],
])("of the engine: %s", (cell, names) => {
  expect(usesOf([cell], "f").globals).toEqual(names);
});

test("modules, in every way to name one", () => {
  const code = `/// <reference path="./a.ts" />
import b from "b"; export * from "c"; import d = require("d"); let e: typeof import("e");
import("f"); require("g"); require("h" + b); declare module "i" {}
const f = 1;`;
  expect([...usesOf([code], "f").modules].sort()).toEqual(
    ["./a.ts", "b", "c", "d", "e", "f", "g", '"h" + b', "i"].sort(),
  );
  expect(usesOf(["f(1)"], "f")).toEqual({ modules: [], globals: [], imports: [] });
});

test("what cannot be read makes no trouble", () => {
  for (const code of ["function f( {", "(".repeat(1000), "\u0000", "const f = ;"])
    expect(usesOf([code, "const f = 1;"], "f").globals).toEqual([]);
});

test("the reasons", () => {
  const why = (code: string, allowed: string[] = []) => whyNotGraded(usesOf([code], "f"), allowed);
  const tanh = `import { tanh } from "./src/nn"; const f = () => tanh.f(1);`;
  expect(why(tanh)).toMatch(/^tanh does in the library what you are asked to write/);
  expect(why(tanh, ["tanh"])).toBeUndefined();
  // Other functions of the same name, which can be differentiated by the library.
  for (const room of ["graph", "tensors"])
    expect(why(tanh.replace("src/nn", `src/${room}`), ["tanh"])).toMatch(
      new RegExp(`^${room}\\.tanh does in the library what`),
    );
  expect(why(`import { table } from "./src/show"; const f = () => table([]);`)).toBeUndefined();
  for (const name of [
    "./src/nn/../kernel/main",
    "./src/explore/page/main",
    "./src/explore/kinds/slope.page",
    "./src/coursework/deltas",
    "fs",
    "./src/nnn",
  ])
    expect(why(`import "${name}"; const f = 1;`)).toMatch(/cannot be imported in graded work/);
});
