import { expect, test } from "vitest";
import { dependenciesOf } from "../../src/kernel/dependencies";

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
