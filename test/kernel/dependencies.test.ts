import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { changing, dependenciesOf } from "../../src/kernel/dependencies";
import { type FollowedCell, Following } from "../../src/site/live/follow";

const sorted = (code: string) => {
  const { declares, uses } = dependenciesOf(code);
  return { declares: declares.sort(), uses: uses.sort() };
};

test.each([
  [
    "what it declares in each way",
    "const a = 1, [b, { c: d = 2, ...e }] = f; function g() {} class h {} enum i { j }",
    "a b d e g h i",
    "f",
  ],
  [
    "imports",
    'import k, { l as m } from "./src/nn"; import * as n from "./src/show"; m(n);',
    "k m n",
    "",
  ],
  [
    "types",
    "interface Point { x: number } type Points = Point[]; let p: Points | Other;",
    "Point Points p",
    "Other",
  ],
  ["a type of a value", "let q: typeof earlier;", "q", "earlier"],
  ["what is read in functions", "const f = (x: number) => x * rate + g(x);", "f", "g rate"],
  [
    "what a function's own names hide",
    "function f(rate: number) { const w = rate; return w; }",
    "f",
    "",
  ],
  // What is set has to be declared before.
  ["an assignment", "w = v;", "w", "v w"],
  ["an assignment that also reads", "w += v;", "w", "v w"],
  ["counting", "n++; --m;", "m n", "m n"],
  [
    "a place in an earlier variable",
    "w[0][1] = 2; network.bias = 3; (a.b)!.c = 4;",
    "a network w",
    "a network w",
  ],
  ["an assignment to a pattern", "[a, { b: c.d, e }] = f;", "a c e", "a c e f"],
  ["a loop's variable of an earlier cell", "for (x of xs) show(x);", "x", "show x xs"],
  ["a method called for what it does", "ledger.enter(a); ledger.b.c();", "ledger", "a ledger"],
  ["methods in a row, and awaited", "await m.set(1).set(2); (n[0]).go();", "m n", "m n"],
  ["a method that reads", "xs.map(f); xs.b.forEach(g);", "", "f g xs"],
  [
    "a function called for what it does",
    "update(net.w, 2); table(rows);",
    "net",
    "net rows table update",
  ],
  ["the same in a loop", "for (const x of xs) train(net, x);", "net", "net train xs"],
  [
    "and in a function, where nobody knows when",
    "const f = () => { train(net); };",
    "f",
    "net train",
  ],
  ["a call for its value", "const a = read(net).b; show(a.c(net));", "a", "net read show"],
  [
    "an assignment in a function",
    "function step() { w -= rate * slope; }",
    "step w",
    "rate slope w",
  ],
  ["a property of the same name", "const a = { w: 1 }; a.w; a.w.v;", "a", ""],
  ["a short property", "const all = { w };", "all", "w"],
  ["var in a block", "if (a) { var b = 1; let c = 2; }", "b", "a"],
  ["what is only said to be there", "declare const known: number; known;", "", "known"],
  ["labels", "out: for (;;) break out;", "", ""],
  ["a default in a pattern", "const { a = b } = c;", "a", "b c"],
  ["broken text", "const a = ; b", "a", "b"],
  ["nothing", "", "", ""],
])("%s", (_, code, declares, uses) => {
  expect(sorted(code)).toEqual({
    declares: declares.split(" ").filter(Boolean),
    uses: uses.split(" ").filter(Boolean),
  });
});

describe("the cell below follows from what a call for its value changes in place", () => {
  const read = (source: string): FollowedCell => ({ source, ...dependenciesOf(source) });
  const top =
    'import { train } from "./src/training"; import { update as step } from "./src/nn"; import * as t from "../src/training";';
  test.each<[string, boolean, ...string[]]>([
    ["training", true, "const run = train(network, xor, how);"],
    ["… awaited, in a list", true, "const [run] = [await train(network, xor, how)];"],
    ["… under another name", true, "const done = [step(network, slopes, 1)];"],
    ["… of a room taken whole", true, "const run = t.train(network, xor, how);"],
    ["… of something in it", true, "const run = train(network.part[0], xor, how);"],
    [
      "… in a loop's function",
      true,
      "const runs = rates.map((rate) => train(network, xor, { rate }));",
    ],
    ["a list's own methods", true, "const last = network.pop();"],
    ["… on what they give", true, "const all = network.sort().reverse().length;"],
    ["the engine's", true, "const same = Object.assign(network, { w: 1 });"],
    [
      "a function that passes on",
      true,
      "const run = fit(network);",
      "const fit = (n) => train(n, xor, how);",
    ],
    [
      "… and on",
      true,
      "let r = f(1, network);",
      "function g(n) { return fit(n); }",
      "const fit = (n) => train(n, xor, how);",
      "const f = (_, n) => [g(n)];",
    ],
    [
      "… twice",
      true,
      "const rs = [fit(other), fit(network)];",
      "const fit = (n) => train(n, xor, how);",
    ],
    [
      "a function that sets a place",
      true,
      "const old = bump(network);",
      "const bump = (n) => n.weights[0]++;",
    ],
    [
      "… of a variable",
      true,
      "const old = bump();",
      "const bump = () => { network = make(); return 1; };",
    ],
    ["a function in the same cell", true, "const bump = (n) => n.w++; const old = bump(network);"],
    [
      "one that calls itself",
      true,
      "const n = down(network, 3);",
      "function down(n, k) { n.w--; return k ? down(n, k - 1) : n; }",
    ],
    ["what only reads", false, "const out = predict(network, [0, 1]);"],
    ["a list's methods that only read", false, "const all = network.toSorted().map(f).at(-1);"],
    [
      "a copy's",
      false,
      "const all = [[...network].sort(), network.map(f).sort(), network.slice().fill(0)];",
    ],
    ["a copy that is trained", false, "const run = train(copyNetwork(network), xor, how);"],
    ["another argument", false, "const run = train(other, network, how);"],
    [
      "a function of the same name",
      false,
      "const run = train(network);",
      "const train = (n) => n.w;",
    ],
    [
      "a function that changes a copy",
      false,
      "const run = fit(network);",
      "const fit = (n) => { const m = copy(n); return train(m, xor, how); };",
    ],
    ["… that is only declared", false, "const fit = () => train(network, xor, how);"],
  ])("%s", (_, isStale, changing, ...helpers) => {
    const sources = [
      top,
      "let network = make();",
      "let other = make();",
      ...helpers,
      changing,
      "network",
    ];
    const page = new Following(sources.map(read));
    const at = sources.length - 2;
    page.change(at, read(`${changing} 1;`));
    expect(page.isStale(at + 1)).toBe(isStale);
  });

  test("the library's functions that say so are known", () => {
    const said: Record<string, string[]> = {};
    for (const room of [
      "arithmetic",
      "arrays",
      "data",
      "engines",
      "graph",
      "nn",
      "show",
      "tensors",
      "training",
    ]) {
      const door = readFileSync(`src/${room}.ts`, "utf8");
      for (const [, names, path] of door.matchAll(/export (\*|\{[^}]*\}) from "\.\/([^"]+)"/g)) {
        const source = readFileSync(`src/${path}.ts`, "utf8");
        for (const [, doc, name] of source.matchAll(
          /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?function (\w+)/g,
        )) {
          const isShown = names === "*" || new RegExp(`\\b${name}\\b`).test(names);
          if (isShown && /\bin place\b(?! of)/.test(doc))
            said[room] = [...(said[room] ?? []), name];
        }
      }
    }
    const known = Object.entries(changing).map(([room, names]) => [room, Object.keys(names)]);
    expect(Object.fromEntries(known)).toEqual(said);
  });
});
