/** What a new run changes in a notebook's outputs, in words. */
import { isDeepStrictEqual } from "node:util";
import { type Cell, reproducible } from "./notebook";

const longest = 70;

/**
 * One line for each cell whose outputs are others than before: by how much the numbers of its text moved, or
 * the first line that differs, and how its size changed. Times of cells tagged `measured` do not count.
 */
export function changedOutputs(before: readonly Cell[], after: readonly Cell[]): string[] {
  return after.flatMap((cell) => {
    const old = before.find(({ id }) => id === cell.id);
    const same = old && isDeepStrictEqual(reproducible(old), reproducible(cell));
    if (same) return [];
    const grown = sizeOf(cell) - (old ? sizeOf(old) : 0);
    const size = grown === 0 ? "" : ` (${grown > 0 ? "+" : "−"}${Math.abs(grown)} bytes)`;
    return [`${cell.id}: ${difference(textOf(old), textOf(cell))}${size}`];
  });
}

const sizeOf = ({ outputs = [] }: Cell) => Buffer.byteLength(JSON.stringify(outputs));

/** What a reader of plain text sees of a cell's outputs. */
function textOf(cell: Cell | undefined): string {
  const outputs = cell?.outputs ?? [];
  return outputs
    .map(({ data = {}, text, evalue }) =>
      [data["text/plain"] ?? text ?? evalue ?? ""].flat().join(""),
    )
    .join("\n");
}

const number = /[−-]?\d[\d,]*(?:\.\d+)?(?:e[−+-]?\d+)?/g;
const numberIn = (written: string) => Number(written.replace(/,/g, "").replace(/−/g, "-"));

function difference(before: string, after: string): string {
  if (before === "") return "new";
  if (before === after) return "its text is the same, what is drawn differs";
  const [old, now] = [before, after].map((text) => text.match(number) ?? []);
  const sameWords =
    before.replace(number, "#").replace(/ +/g, " ") ===
    after.replace(number, "#").replace(/ +/g, " ");
  if (sameWords) {
    const moved = now.flatMap((written, n) =>
      written === old[n]
        ? []
        : [{ from: old[n], to: written, by: shareOf(numberIn(old[n]), numberIn(written)) }],
    );
    const most = moved.reduce((a, b) => (b.by > a.by ? b : a));
    return `${moved.length} of ${now.length} numbers, most by ${(100 * most.by).toPrecision(2)} %: ${most.from} → ${most.to}`;
  }
  const [oldLines, newLines] = [before.split("\n"), after.split("\n")];
  const at = newLines.findIndex((line, n) => line !== oldLines[n]);
  const short = (line = "nothing") => (line.length > longest ? `${line.slice(0, longest)}…` : line);
  return `line ${at + 1}: ${short(oldLines[at])} → ${short(newLines[at])}`;
}

/** By what share of the larger one two numbers differ. */
function shareOf(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}
