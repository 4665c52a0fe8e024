/// <reference lib="dom" />
/** Evaluates expressions outside all functions, and under a name by which the stacks of errors tell where they come by. */
import { nameScript } from "../errors";

// biome-ignore lint/security/noGlobalEval: to run what the reader writes is what it is for; so called, outside all functions
const evaluateText = eval;

// Cells may replace these.
const load = (globalThis as { importScripts?: (address: string) => void }).importScripts;
const { createObjectURL, revokeObjectURL } = URL;

function byEval(expression: string, name: string): unknown {
  return evaluateText(`${expression}\n//# sourceURL=${name}`);
}

const result = "__evaluated__";

/** WebKit's stacks say nothing of what was evaluated; of what was loaded they give the address. */
function byLoading(expression: string, name: string): unknown {
  const address = createObjectURL(
    new Blob([`${result} = [${expression}]`], { type: "text/javascript" }),
  );
  nameScript(address, name);
  const scope = globalThis as Record<string, unknown>; // in a list: a function would go by the variable's name
  scope[result] = undefined;
  try {
    load?.(address);
    return (scope[result] as unknown[])[0];
  } finally {
    delete scope[result];
    revokeObjectURL(address);
  }
}

function isTold(): boolean {
  try {
    byEval("(() => { throw new Error(); })()", "told");
  } catch (error) {
    return /\btold\b/.test(String((error as Error).stack));
  }
  return false;
}

/** WebKit loads nothing so in a page from `file://`. */
function canLoad(): boolean {
  try {
    return byLoading("1", "loaded") === 1;
  } catch {
    return false;
  }
}

/** @param name without a space */
export const evaluate: (expression: string, name: string) => unknown =
  isTold() || !canLoad() ? byEval : byLoading;
