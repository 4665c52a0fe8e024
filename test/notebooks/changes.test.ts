import { expect, test } from "vitest";
import { changedOutputs } from "./changes";
import type { Cell } from "./notebook";

const cell = (id: string, plain: string, more: object = {}): Cell => ({
  cell_type: "code",
  id,
  metadata: {},
  source: ["1"],
  outputs: [{ output_type: "execute_result", data: { "text/plain": [plain], ...more } }],
});

test.each([
  ["the same", cell("a", "cost 0.5"), cell("a", "cost 0.5"), []],
  [
    "numbers, the one that moved most",
    cell("a", "1,000 sweeps, cost 0.50"),
    cell("a", "1,100 sweeps, cost 0.51"),
    ["a: 2 of 2 numbers, most by 9.1 %: 1,000 → 1,100"],
  ],
  [
    "words",
    cell("a", "well\nit learns"),
    cell("a", "well\nit fails"),
    ["a: line 2: it learns → it fails (−1 bytes)"],
  ],
  [
    "a picture alone",
    cell("a", "Figure", { "text/html": "<b>" }),
    cell("a", "Figure", { "text/html": "<i>" }),
    ["a: its text is the same, what is drawn differs"],
  ],
  [
    "a new cell",
    cell("b", "1"),
    cell("a", "2"),
    [expect.stringMatching(/^a: new \(\+\d+ bytes\)$/)],
  ],
])("says what changed: %s", (_, before, after, expected) => {
  expect(changedOutputs([before], [after])).toEqual(expected);
});

test("a time that was measured is no change", () => {
  const measured = (seconds: string): Cell => ({
    ...cell("a", `${seconds} s`),
    metadata: { tags: ["measured"] },
  });
  expect(changedOutputs([measured("1.5")], [measured("1.7")])).toEqual([]);
});
