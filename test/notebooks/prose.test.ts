/** The notation itself: altering the prose or the value is seen. notebooks.test.ts applies it to every notebook. */
import { expect, test } from "vitest";
import { kernelForTests } from "../kernel/asking";
import type { Cell } from "./notebook";
import { agrees, differences, proseNumbers } from "./prose";

const notebook = (...texts: string[]) => ({
  cells: texts.map(
    (text, n): Cell => ({
      cell_type: "markdown",
      id: `cell-${n}`,
      metadata: {},
      source: [text],
    }),
  ),
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

test("finds each number and its expression", () => {
  const text = String.raw`From 4<!--= a --> to **7.28**<!--= b -->, −1,200<!--= c -->, ⅔<!--= d --> or $\frac18$<!--= e -->.`;
  expect(proseNumbers(notebook(text))).toEqual([
    { cell: "cell-0", written: "4", expression: "a" },
    { cell: "cell-0", written: "7.28", expression: "b" },
    { cell: "cell-0", written: "−1,200", expression: "c" },
    { cell: "cell-0", written: "⅔", expression: "d" },
    { cell: "cell-0", written: "\\frac18", expression: "e" },
  ]);
  expect(() => proseNumbers(notebook("no number at all here <!--= a -->"))).toThrow(/no number/);
});

test.each([
  ["7.28", 7.28, true],
  ["7.28", 7.284, true],
  ["7.28", 7.286, false],
  ["7.3", 7.28, true],
  ["−4", -4, true],
  ["4", -4, false],
  ["20,000", 20_000, true],
  ["1e-9", 1.2e-9, true],
  ["⅔", 0.66667, true],
  ["⅔", 0.67, false],
  [String.raw`\frac18`, 0.125, true],
  [String.raw`\frac{1}{12}`, 1 / 12, true],
  [String.raw`\frac18`, 0.124, false],
  ["4", Number.NaN, false],
])("%s for %d: %s", (written, value, verdict) => {
  expect(agrees(written, value)).toBe(verdict);
});

const { kernel, run } = kernelForTests();

test("in a kernel: the prose altered, the value altered, the name gone", async () => {
  await run("const after = { output: 7.28 };");
  const says = (text: string) => differences(kernel(), notebook(text));
  expect(await says("up to 7.28<!--= after.output -->")).toEqual([]);
  expect(await says("up to 7.18<!--= after.output -->")).toEqual([
    "cell-0: the prose says 7.18, but after.output is 7.28",
  ]);
  expect(await says("up to 7.28<!--= before.output -->")).toEqual([
    expect.stringMatching(/before\.output: .*Cannot find name/),
  ]);
  await run("after.output = 1.68;");
  expect(await says("up to 7.28<!--= after.output -->")).toEqual([
    "cell-0: the prose says 7.28, but after.output is 1.68",
  ]);
});
