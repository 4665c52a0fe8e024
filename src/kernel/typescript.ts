/**
 * tslab's compiler with five things changed, and to be imported before tslab is: source maps, so that errors
 * name the reader's own lines; a call at the head of each loop of a cell, so that it can be stopped;
 * `{ x }` for a variable of an earlier cell, which tslab misses; less work for source files; and Node's types only where
 * they are needed.
 */
import { accessSync, constants, statSync } from "node:fs";
import { SourceMap } from "node:module";
import { basename, join, relative } from "node:path";
import * as original from "@tslab/typescript-for-tslab";
import { compiled, keep, kept } from "./load.cjs";

/** A place in a text; line and column from 0. */
export interface Place {
  line: number;
  column: number;
}

/** Finds the place in the TypeScript that a place in the JavaScript comes from. */
export type Origin = (place: Place) => Place | undefined;

/** The name under which the loops of compiled code find what to call. */
export const loopCheck = "__loop__";

/** Whether the next converter reads Node's own types, or the few of globals.d.ts. */
export const nodeTypes = { areUsed: false };

const origins = new Map<string, Origin>();
const mapComment = /\/\/# sourceMappingURL=(?:data:[^,]*;base64,)?(\S*)\s*$/;

/** The origin of code that was compiled just now; asking for it once drops it. */
export function takeOrigin(output: string): Origin {
  const origin = origins.get(output);
  if (!origin) throw new Error("This code was not compiled by the kernel.");
  origins.delete(output);
  return origin;
}

// tslab compiles in two steps: types out by a watching compiler, then modules to CommonJS by transpileModule.
const changed: Partial<typeof original> & Partial<Internals> = {
  createWatchCompilerHost: ((files: string[], options: object, ...rest: [never]) => {
    // Types of packages that no one imports would be read at every start.
    const types = nodeTypes.areUsed ? ["node"] : [];
    const own = nodeTypes.areUsed ? ["dialogs.d.ts"] : ["dialogs.d.ts", "globals.d.ts"];
    const roots = [...files, ...own.map((name) => join(__dirname, name))];
    const ours = { ...options, inlineSourceMap: true, types };
    const host = original.createWatchCompilerHost(roots, ours, ...rest);
    // tslab takes the builder from here.
    let take: typeof host.afterProgramCreate;
    return Object.defineProperty(host, "afterProgramCreate", {
      get: () => take,
      set(given: (builder: Builder) => void) {
        take = (builder) => given(withQuickEmit(builder as Builder));
      },
    });
  }) as typeof original.createWatchCompilerHost,

  // Sources that were checked before, here or by whoever wrote them, are not checked again.
  getPreEmitDiagnosticsOfFiles(program: unknown, files: original.SourceFile[]) {
    const cells = files.filter((file) => isCellFile(file.fileName));
    const sources = files.filter((file) => !cells.includes(file)).map((file) => file.fileName);
    const states = statesOf(sources);
    const toCheck = wereChecked(states) ? cells : files;
    const found = (original as unknown as Internals).getPreEmitDiagnosticsOfFiles(program, toCheck);
    if (toCheck === files && found.every(({ file }) => !file || isCellFile(file.fileName))) {
      keepChecked(states);
    }
    return found;
  },

  transpileModule(input, options) {
    const ready = emitted.get(input);
    if (ready) {
      emitted.delete(input);
      origins.set(ready.outputText, reader(ready.sourceMapText));
      return ready;
    }
    const [, encoded = ""] = mapComment.exec(input) ?? [];
    const map = Buffer.from(encoded, "base64").toString();
    const output = original.transpileModule(input.replace(mapComment, ""), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: [checkLoops] },
    });
    const outputText = output.outputText.replace(mapComment, "");
    if (map && output.sourceMapText) {
      const first = reader(map);
      const second = reader(output.sourceMapText);
      origins.set(outputText, (place) => {
        const between = second(place);
        return between && first(between);
      });
    }
    return { ...output, outputText };
  },

  // tslab goes through a cell by this function to write `exports.x` for `x`.
  visitEachChild: ((node: original.Node, ...rest: [never, never]) =>
    isShorthandOfEarlierCell(node)
      ? original.factory.createPropertyAssignment(
          node.name,
          original.factory.createPropertyAccessExpression(
            original.factory.createIdentifier("exports"),
            node.name,
          ),
        )
      : original.visitEachChild(node, ...rest)) as typeof original.visitEachChild,
};

type Builder = original.EmitAndSemanticDiagnosticsBuilderProgram;
type Internals = {
  getPreEmitDiagnosticsOfFiles(
    program: unknown,
    files: original.SourceFile[],
  ): original.Diagnostic[];
};

/** When each of the files was changed, by path. */
type States = Record<string, number>;

function statesOf(paths: readonly string[]): States {
  return Object.fromEntries(paths.map((path) => [path, changedAt(path)]));
}

/** What kernels checked together and found well, the last first. */
const checks = "checked";
const mostChecks = 16;

function checksSoFar(): States[] {
  return kept(checks, "") ?? [];
}

/**
 * Whether a program's sources were all checked together by a kernel before, and none was changed since; or belong to
 * somebody else, who may write them as this user may not.
 */
function wereChecked(states: States): boolean {
  const isPartOf = (checked: States) =>
    Object.entries(states).every(([path, changed]) => checked[path] === changed);
  return !Object.keys(states).some(mayBeWritten) || checksSoFar().some(isPartOf);
}

function keepChecked(states: States): void {
  const others = checksSoFar().filter((checked) =>
    Object.entries(checked).some(([path, changed]) => states[path] !== changed),
  );
  keep(checks, "", [states, ...others].slice(0, mostChecks));
}

function mayBeWritten(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isCellFile(path: string): boolean {
  return basename(path) === "__tslab__.ts";
}

/** Source files that were compiled in one step, by what tslab is given in place of the first step's output. */
const emitted = new Map<string, ReturnType<typeof compiled>>();

/**
 * Compiles source files in one step and without their types, where tslab takes two and writes declarations that
 * nobody reads. Their loops are left as they are: they are where training spends its time.
 */
function withQuickEmit(builder: Builder): Builder {
  const emit: Builder["emit"] = (file, write, ...rest) => {
    if (!file || !write || isCellFile(file.fileName)) return builder.emit(file, write, ...rest);
    const { outDir = "", rootDir = "" } = builder.getCompilerOptions();
    const output = compiled(file.fileName, file.text);
    const path = join(outDir, relative(rootDir, file.fileName)).replace(/\.tsx?$/, ".js");
    const key = `${path}\n${output.outputText}`;
    emitted.set(key, output);
    write(path, key, false);
    return { emitSkipped: false, diagnostics: [] };
  };
  return { ...builder, emit };
}

function isShorthandOfEarlierCell(
  node: original.Node | undefined,
): node is original.ShorthandPropertyAssignment {
  if (!node || !original.isShorthandPropertyAssignment(node)) return false;
  // tslab makes the file of earlier declarations the parent of the cell's.
  let scope: original.Node | undefined = original.getOriginalNode(node);
  const name = node.name.escapedText;
  while (scope && !(scope as { locals?: original.SymbolTable }).locals?.has(name)) {
    scope = scope.parent;
  }
  return scope !== undefined && original.isSourceFile(scope) && scope.isDeclarationFile;
}

function reader(text: string): Origin {
  const map = new SourceMap(JSON.parse(text));
  return ({ line, column }) => {
    const entry = map.findEntry(line, column);
    return "originalLine" in entry
      ? { line: entry.originalLine, column: entry.originalColumn }
      : undefined;
  };
}

const checkLoops: original.TransformerFactory<original.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const visit = (node: original.Node): original.Node => {
    const visited = original.visitEachChild(node, visit, context);
    if (!original.isIterationStatement(visited, false)) return visited;
    const call = factory.createCallExpression(factory.createIdentifier(loopCheck), undefined, []);
    const body = factory.createBlock([factory.createExpressionStatement(call), visited.statement]);
    return Object.assign(visited, { statement: body });
  };
  return original.visitEachChild(file, visit, context);
};

// The compiler's exports cannot be written to: tslab is given a copy.
const entry = require.cache[require.resolve("@tslab/typescript-for-tslab")];
if (entry) entry.exports = { ...original, ...changed };
