/**
 * Numbers in prose. A comment right after a number names the value that it comes from, an expression of the
 * notebook's: «the output is 1.68<!--= after[0] -->», «$C = \frac18$<!--= cost(network, xor) -->». No reader sees it.
 */
import type { Client } from "../kernel/client";
import type { Notebook } from "./notebook";

export interface ProseNumber {
  /** The cell's id. */
  cell: string;
  /** As it stands in the prose. */
  written: string;
  expression: string;
}

const comment = /<!--=\s*(.+?)\s*-->/g;
/** The last number of a text: 7.28, 20,000, −4, 1e-9, ½ or \frac18, with at most a few signs after it. */
const number =
  /(?:\\frac\{?\d+\}?\{?\d+\}?|[½⅓⅔¼¾⅛]|[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[−-]?\d+)?)(?=[^\d½⅓⅔¼¾⅛]{0,12}$)/;

/** Every number of a notebook's prose that names its value. @throws Error for a comment without a number */
export function proseNumbers({ cells }: Pick<Notebook, "cells">): ProseNumber[] {
  return cells
    .filter((cell) => cell.cell_type === "markdown")
    .flatMap(({ id, source }) => {
      const text = source.join("");
      return Array.from(text.matchAll(comment), (match) => {
        const before = text.slice(0, match.index).replace(comment, "");
        const written = number.exec(before)?.[0];
        if (!written) throw new Error(`Cell "${id}": there is no number before ${match[0]}`);
        return { cell: id, written, expression: match[1] };
      });
    });
}

const fractions: Record<string, number> = {
  "½": 1 / 2,
  "⅓": 1 / 3,
  "⅔": 2 / 3,
  "¼": 1 / 4,
  "¾": 3 / 4,
  "⅛": 1 / 8,
};

/** Whether a value, rounded to the digits that are written, is the number that is written; fractions to three digits. */
export function agrees(written: string, value: number): boolean {
  const [, over, under] = /^\\frac(?:\{(?=\d+\}\{))?(\d+?)\}?\{?(\d+)\}?$/.exec(written) ?? [];
  const fraction = over ? Number(over) / Number(under) : fractions[written];
  if (fraction !== undefined) return Math.abs(value - fraction) < 0.0005;
  const plain = written.replace(/−/g, "-").replace(/,/g, "");
  const [digits, exponent = "0"] = plain.split("e");
  const decimals = digits.split(".")[1]?.length ?? 0;
  const unit = 10 ** (Number(exponent) - decimals);
  return Math.abs(value - Number(plain)) <= unit * (0.5 + 1e-9);
}

/** Where prose and cells differ, one line each; the kernel has run the notebook. */
export async function differences(kernel: Client, notebook: Notebook): Promise<string[]> {
  const found: string[] = [];
  for (const { cell, written, expression } of proseNumbers(notebook)) {
    const { reply, outputs } = await kernel.execute(`Number(${expression})`, {
      store_history: false,
      stop_on_error: false,
    });
    const value = Number(outputs[0]?.data?.["text/plain"]);
    if (reply.status === "error") found.push(`${cell}: ${expression}: ${reply.evalue}`);
    else if (!agrees(written, value))
      found.push(`${cell}: the prose says ${written}, but ${expression} is ${value}`);
  }
  return found;
}
