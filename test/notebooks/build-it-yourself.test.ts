/** Build-it-yourself with its solutions filled in: the six functions learn XOR, and to read. */
import { expect, test } from "vitest";
import { notebookPath } from "../../src/notebooks";
import { withKernel } from "../kernel/client";
import { filled } from "./filled";
import { type Cell, committedNotebook, runCells } from "./notebook";
import { sixFunctions } from "./solutions";

/** Of the processor's time, for both networks: what others do meanwhile does not count. */
const mostSeconds = 20;

test("filled in, all six are right, and learn XOR and at least 95 % of the digits", async () => {
  const { cells } = committedNotebook(notebookPath("build-it-yourself"));
  const solved = cells.map((cell) => ({ ...cell, source: [solvedSource(cell)] }));
  const ran = await withKernel((kernel) => runCells(kernel, solved));
  const shown = (id: string) =>
    [ran.find((cell) => cell.id === id)?.outputs?.[0]?.data?.["text/plain"] ?? ""].flat().join("");
  expect(shown("state").match(/✓ right/g), shown("state")).toHaveLength(6);
  expect(shown("judge-run").match(/✓ they agree/g), shown("judge-run")).toHaveLength(2);
  expect(shown("xor").match(/✓ right/g), shown("xor")).toHaveLength(4);
  const percent = Number(/your six functions.*?([\d.]+)$/m.exec(shown("read"))?.[1]);
  expect(percent, shown("read")).toBeGreaterThanOrEqual(95);
  expect(shown("misread")).toContain("Misread by your network");
  expect(shown("apart")).toContain("less than 1e-9");
  expect(Number(shown("learn"))).toBeLessThan(mostSeconds);
}, 360_000);

/** A cell's source, with the solution if it is one of the six; where networks learn, with what that took. */
function solvedSource({ id, source }: Cell): string {
  const code = source.join("");
  if (id === "learn")
    return `const used = process.cpuUsage();\n${code}\nprocess.cpuUsage(used).user / 1e6`;
  const solution = Object.entries(sixFunctions).find(([cell]) => cell === id)?.[1];
  return solution ? filled(code, [solution]) : code;
}
