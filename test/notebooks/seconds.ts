/** How long the notebooks' cells take, for the web edition: src/site/seconds.json. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/kernel/node/argv";

const file = join(projectRoot, "src", "site", "seconds.json");
/** Nobody needs a word before shorter ones. */
const least = 1;

type Seconds = Record<string, Record<string, number>>;

/** Keeps the times of a notebook's cells, by their ids. */
export function keepSeconds(name: string, times: Readonly<Record<string, number>>): void {
  const all: Seconds = JSON.parse(readFileSync(file, "utf8"));
  const { [name]: before = {}, ...others } = all;
  const now = worthSaying(before, times);
  const kept = Object.keys(now).length > 0 ? { ...others, [name]: now } : others;
  const sorted = Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
  if (text !== `${JSON.stringify(all, null, 2)}\n`) writeFileSync(file, text);
}

/** Whole seconds of those cells that take a while. A time that is about what it was stays: each run differs a little. */
export function worthSaying(
  before: Readonly<Record<string, number>>,
  times: Readonly<Record<string, number>>,
): Record<string, number> {
  const long = Object.entries(times).flatMap(([id, seconds]) => {
    const ratio = seconds / (before[id] ?? Number.NaN);
    if (ratio > 0.5 && ratio < 2) return [[id, before[id]] as const];
    return seconds >= least ? [[id, Math.round(seconds)] as const] : [];
  });
  return Object.fromEntries(long);
}
