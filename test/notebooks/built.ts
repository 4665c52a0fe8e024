/** Build-it-yourself with its solutions filled in, as a reader would, and what it has to show then. */
import { filled } from "./filled";
import type { Cell } from "./notebook";
import { sixFunctions } from "./solutions";

/** The cells with the six functions written. */
export function built(cells: readonly Cell[]): Cell[] {
  return cells.map((cell) => {
    const solution = Object.entries(sixFunctions).find(([id]) => id === cell.id)?.[1];
    if (!solution) return cell;
    return { ...cell, source: [filled(cell.source.join(""), [solution])] };
  });
}

/** What is not as it should be once they have run, a line each: the six are right, learn XOR, and read at least 95 % of the digits. */
export function faultsOfBuilt(cells: readonly Cell[]): string[] {
  const shown = (id: string) =>
    [cells.find((cell) => cell.id === id)?.outputs?.[0]?.data?.["text/plain"] ?? ""]
      .flat()
      .join("");
  const count = (id: string, mark: RegExp) => shown(id).match(mark)?.length ?? 0;
  const percent = Number(/your six functions.*?([\d.]+)$/m.exec(shown("read"))?.[1]);
  return Object.entries({
    state: count("state", /✓ right/g) === 6,
    "judge-run": count("judge-run", /✓ they agree/g) === 2,
    xor: count("xor", /✓ right/g) === 4,
    read: percent >= 95,
    misread: shown("misread").includes("Misread by your network"),
    apart: shown("apart").includes("less than 1e-9"),
  })
    .filter(([, isWell]) => !isWell)
    .map(([id]) => `${id}: ${shown(id) || "nothing is shown"}`);
}
