/** The kernel's place in a page: a worker of its own, with files in memory. To be imported before tslab is. */
import "./system";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import * as ts from "@tslab/typescript-for-tslab";
import { inspect } from "node-inspect-extracted";
import { compile } from "../compile.cjs";
import type { CellOutput } from "../output";
import { type CompiledSource, type Platform, setPlatform } from "../platform";
import type { Origin } from "../typescript";
import * as files from "./files";
import { compileOptions } from "./stoppable";

const kept = new Map<string, { from: string; value: unknown }>();
/** Sources as they came, compiled beforehand, by path. */
const compiled = new Map<string, CompiledSource>();

export function shipCompiled(path: string, { code, mappings }: { code: string; mappings: string }) {
  const map = { version: 3, sources: [path], names: [], mappings };
  compiled.set(path, { outputText: code, sourceMapText: JSON.stringify(map) });
}

/** Engines do not tell here which cell has started what runs after an await: then it counts as the last one's. */
let current: CellOutput | undefined;

const page: Platform = {
  root: files.root,
  hasNodeTypes: false,
  nameOf: files.nameOf,
  readFile(path) {
    const text = files.read(path);
    if (text === undefined) throw new Error(`There is no ${files.nameOf(path)}.`);
    return text;
  },
  modifiedAt: files.modifiedAt,
  mayBeWritten: (path) => files.exists(path) && !files.isShipped(path),
  compiled(path, text) {
    const shipped = files.isShipped(path) ? compiled.get(path) : undefined;
    return (
      shipped ??
      page.kept(path, text) ??
      page.keep(path, text, compile(ts, path, text, compileOptions(path)))
    );
  },
  kept<T>(name: string, from: string) {
    const found = kept.get(name);
    return found?.from === from ? (found.value as T) : undefined;
  },
  keep(name, from, value, { isPrivate = false } = {}) {
    // What is private would be for later kernels, and this memory ends with the worker.
    if (!isPrivate) kept.set(name, { from, value });
    return value;
  },
  readMap,
  inspect,
  currentCell: {
    getStore: () => current,
    run(cell, work) {
      const before = current;
      current = cell;
      try {
        return work();
      } finally {
        current = before;
      }
    },
  },
  // A busy cell is stopped by its loops, or with the whole worker.
  guard: (call) => call(),
};

function readMap(text: string): Origin {
  // Most are never asked.
  let map: TraceMap | undefined;
  return ({ line, column }) => {
    map ??= new TraceMap(text);
    const found = originalPositionFor(map, { line: line + 1, column });
    return found.line === null ? undefined : { line: found.line - 1, column: found.column };
  };
}

setPlatform(page);
