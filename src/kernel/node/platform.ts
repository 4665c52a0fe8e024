/**
 * The kernel's place in Node: its files, and its ways to show values and to stop what runs. To be imported before tslab is,
 * which gets the changed compiler from here.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { relative, sep } from "node:path";
import { inspect } from "node:util";
import vm from "node:vm";
import type { CellOutput } from "../output";
import { type Platform, setPlatform } from "../platform";
import { changedCompiler, type Origin } from "../typescript";
import { projectRoot } from "./argv";
import { compiled, keep, kept } from "./load.cjs";

const guarded = "__guarded__";
const callGuarded = new vm.Script(`${guarded}()`);

const node: Platform = {
  root: projectRoot,
  hasNodeTypes: true,
  nameOf: (path) => relative(projectRoot, path).split(sep).join("/"),
  readFile: (path) => readFileSync(path, "utf8"),
  modifiedAt(path) {
    try {
      return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    } catch {
      return 0; // it would be in a folder that is a file
    }
  },
  mayBeWritten(path) {
    try {
      accessSync(path, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
  compiled,
  kept,
  keep,
  readMap,
  inspect,
  currentCell: new AsyncLocalStorage<CellOutput>(),
  guard(call) {
    Object.defineProperty(globalThis, guarded, { value: call, configurable: true });
    return callGuarded.runInThisContext({ breakOnSigint: true });
  },
};

function readMap(text: string): Origin {
  // Most are never asked.
  let map: SourceMap | undefined;
  return ({ line, column }) => {
    map ??= new SourceMap(JSON.parse(text));
    const entry = map.findEntry(line, column);
    return "originalLine" in entry
      ? { line: entry.originalLine, column: entry.originalColumn }
      : undefined;
  };
}

setPlatform(node);
const entry = require.cache[require.resolve("@tslab/typescript-for-tslab")];
if (entry) entry.exports = changedCompiler;
