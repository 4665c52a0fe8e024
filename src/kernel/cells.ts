/** Running cells: tslab compiles and runs them; what it tells wrongly, or forgets, is kept here. */
import { statSync } from "node:fs";
import * as ts from "@tslab/typescript-for-tslab";
import { type Converter, type ConvertResult, createConverter } from "tslab/dist/converter";
import { createExecutor } from "tslab/dist/executor";
import { projectRoot } from "./argv";
import {
  type Compiled,
  type Diagnostic,
  type ErrorReport,
  readSource,
  reportDiagnostics,
  reportError,
  reportInterruption,
} from "./errors";
import { writeOutShorthand } from "./shorthand";

/** What became of a cell: the value of its last expression, or what went wrong. */
export type CellResult = { value?: unknown; error?: ErrorReport };

export interface Cells {
  run(code: string, count: number): Promise<CellResult>;
  /** Stops a pending `await`; a busy loop is stopped by the signal itself. */
  interrupt(): void;
  inspect(code: string, position: number): ts.QuickInfo | undefined;
  complete(code: string, position: number): { start: number; end: number; candidates: string[] };
  /** What the reader should see of something thrown, by their cells or by source files. */
  report(thrown: unknown): ErrorReport;
}

export function createCells(): Cells {
  const files = watchByAsking();
  const converter = createConverter({ isJS: false, isBrowser: false });
  /** Everything declared by cells so far, as tslab writes it: the types of the variables. */
  let declarations = "";
  const scripts = new Map<string, Compiled>();
  let name = "";
  let result: ConvertResult | undefined;
  let failure: { thrown: unknown } | undefined;

  const remembering: Converter = {
    ...converter,
    convert(_declarations, code) {
      files.check();
      result = undefined;
      const written = writeOutShorthand(code);
      const converted = converter.convert(declarations, written.code);
      for (const { start, end, fileName } of converted.diagnostics) {
        if (fileName) continue;
        for (const place of [start, end])
          place.character = written.column(place.line, place.character);
      }
      result = converted;
      for (const { path, data } of converted.sideOutputs ?? []) {
        scripts.set(path, { source: readSource(path) ?? "", output: data });
      }
      if (converted.diagnostics.length > 0) return converted;
      // tslab would forget what a cell declared if the cell fails; what was set by then stays usable.
      declarations = converted.declOutput ?? "";
      // The wrapper that tslab puts before the code stands on its first line.
      const wrapper = converted.hasToplevelAwait
        ? "(async function(exports, require) { "
        : "(function(exports, require) { ";
      scripts.set(name, { source: code, output: wrapper + converted.output });
      const output = converted.output && `${converted.output}\n//# sourceURL=${name}`;
      // The value is fetched below: tslab would print it, and leave out null.
      return { ...converted, output, lastExpressionVar: undefined };
    },
  };
  const executor = createExecutor(
    projectRoot,
    { node: remembering, browser: remembering, close: () => converter.close() },
    { log: () => {}, error: (thrown) => (failure ??= { thrown }) },
  );

  const report = (thrown: unknown) => {
    const code = (thrown as { code?: string } | undefined)?.code;
    const message = (thrown as { message?: string } | undefined)?.message;
    const stopped =
      code === "ERR_SCRIPT_EXECUTION_INTERRUPTED" || message === "Interrupted asynchronously";
    return stopped ? reportInterruption() : reportError(thrown, (script) => scripts.get(script));
  };

  return {
    async run(code, count) {
      name = `cell-${count}`;
      failure = undefined;
      try {
        await executor.execute(code);
      } catch (thrown) {
        failure ??= { thrown };
      }
      const diagnostics = result?.diagnostics as Diagnostic[] | undefined;
      if (diagnostics?.length) return { error: reportDiagnostics(diagnostics, code) };
      const { lastExpressionVar } = result ?? {};
      const value = lastExpressionVar ? executor.locals[lastExpressionVar] : undefined;
      if (lastExpressionVar) delete executor.locals[lastExpressionVar];
      return failure ? { error: report(failure.thrown) } : { value };
    },
    interrupt: () => executor.interrupt(),
    inspect: (code, position) => converter.inspect(declarations, code, position),
    complete: (code, position) => converter.complete(declarations, code, position),
    report,
  };
}

/**
 * Makes the compiler ask for changes before each cell, where it would wait for the system to report them:
 * an edit made a moment before is seen, and no watcher is left running.
 *
 * If one source file changed, all count as changed: a front door re-exports what is behind it, and
 * would go on handing out the old functions otherwise.
 */
function watchByAsking(): { check(): void } {
  type Watched = { changed: ts.FileWatcherCallback; modified: number };
  const watched = new Map<string, Watched>();
  ts.sys.watchFile = (path, changed) => {
    if (!path.includes("/node_modules/"))
      watched.set(path, { changed, modified: modifiedAt(path) });
    return { close: () => watched.delete(path) };
  };
  return {
    check() {
      let any = false;
      for (const [path, file] of watched) {
        const modified = modifiedAt(path);
        if (modified !== file.modified) any = true;
        file.modified = modified;
      }
      if (!any) return;
      for (const [path, { changed, modified }] of [...watched]) {
        changed(path, modified ? ts.FileWatcherEventKind.Changed : ts.FileWatcherEventKind.Deleted);
      }
    },
  };
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
