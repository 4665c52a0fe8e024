/** Running cells: tslab compiles and runs them; what it tells wrongly, or forgets, is kept here. */
import { readFileSync, statSync } from "node:fs";
import { relative, sep } from "node:path";
import * as ts from "@tslab/typescript-for-tslab";
import { type Converter, type ConvertResult, createConverter } from "tslab/dist/converter";
import { createExecutor, type Executor } from "tslab/dist/executor";
import { projectRoot } from "./argv";
import {
  type Diagnostic,
  type ErrorReport,
  reportDiagnostics,
  reportError,
  reportInterruption,
  type Script,
  tidyStacks,
} from "./errors";
import { isInterruption } from "./interrupt";
import { nodeTypes, takeOrigin } from "./typescript";

/** What became of a cell: the value of its last expression, or what went wrong. */
export type CellResult = { value?: unknown; error?: ErrorReport };

export interface Cells {
  /** Runs a cell; errors call it by its label, "cell 3". */
  run(code: string, label: string): Promise<CellResult>;
  /** Stops a pending `await`. */
  interrupt(): void;
  inspect(code: string, position: number): ts.QuickInfo | undefined;
  complete(code: string, position: number): { start: number; end: number; candidates: string[] };
  /** What the reader should see of something thrown, by their cells or by source files. */
  report(thrown: unknown): ErrorReport;
}

/** Runs what the converter makes of a cell, and keeps the values of its variables. */
export type Runner = Pick<Executor, "execute" | "interrupt" | "locals">;

export interface CellsOptions {
  /** What runs the cells; `failed` is to be told what they throw. Default: tslab, in this process. */
  runner?: (converter: CellConverter, failed: (thrown: unknown) => void) => Runner;
  /** Values for names that a cell uses and none declares; they are known to that cell alone. */
  lend?: (names: readonly string[]) => Record<string, unknown>;
}

/** A converter that knows what earlier cells have declared. */
export interface CellConverter extends Converter {
  /** `shown` is the name of the variable that holds the value of the last expression. */
  convert(declarations: string, code: string): ConvertResult & { shown?: string };
}

interface Running {
  label: string;
  /** The name of its script. */
  name: string;
  result?: ConvertResult;
  failure?: { thrown: unknown };
}

/** What runs, by the name that stack traces give it. */
const scripts = new Map<string, Script>();

export function createCells({ runner = runHere, lend }: CellsOptions = {}): Cells {
  const files = watchByAsking();
  let knowsNode = false;
  let converter = create();
  /** The sources that cells have imported so far, compiled, by path. */
  const sources = new Map<string, string>();
  /** Those that a new converter will give out once more. */
  let repeated = new Set<string>();
  /** Everything declared by cells so far, as tslab writes it: the types of the variables. */
  let declarations = "";
  const lent = new Set<string>();
  tidyStacks((name) => scripts.get(name));

  let cell: Running = { label: "", name: "" };

  function create(): Converter {
    nodeTypes.areUsed = knowsNode;
    return createConverter({ isJS: false, isBrowser: false });
  }

  function renew(): void {
    converter.close();
    converter = create();
    repeated = new Set(sources.keys());
  }

  /** From now on the compiler knows Node's types. Returns false if it knew them before. */
  function useNodeTypes(): boolean {
    if (knowsNode) return false;
    knowsNode = true;
    renew();
    return true;
  }

  /** What tslab is to load: not what a new converter merely repeats, so that modules keep their state. */
  function toLoad(outputs: ConvertResult["sideOutputs"] = []): typeof outputs {
    const again = outputs.filter(({ path }) => repeated.has(path));
    const isSame = again.every(({ path, data }) => sources.get(path) === data);
    for (const { path, data } of outputs) {
      repeated.delete(path);
      sources.set(path, data);
      scripts.set(path, sourceScript(path, data));
    }
    return isSame ? outputs.filter((output) => !again.includes(output)) : outputs;
  }

  function convert(code: string): ConvertResult {
    files.check();
    let converted = converter.convert(declarations, code);
    // Whatever is wrong with the cell, it may be that it uses a name of Node's.
    if (converted.diagnostics.length > 0 && useNodeTypes()) {
      converted = converter.convert(declarations, code);
    }
    const names = lend ? missingNames(converted) : [];
    if (!lend || names.length === 0) return converted;
    for (const [name, value] of Object.entries(lend(names))) {
      lent.add(name);
      executor.locals[name] = value;
      declarations += `declare let ${name}: any;\n`;
    }
    return converter.convert(declarations, code);
  }

  const remembering: CellConverter = {
    ...converter,
    convert(_declarations, code) {
      const converted = convert(code);
      cell.result = converted;
      const sideOutputs = toLoad(converted.sideOutputs);
      // A module that was not found may be written before the next cell; no watcher would tell.
      if (converted.diagnostics.some(({ code }) => code === cannotFindModule)) renew();
      if (converted.diagnostics.length > 0 || !converted.output)
        return { ...converted, sideOutputs };
      scripts.set(cell.name, cellScript(cell.label, code, converted.output));
      return {
        ...converted,
        sideOutputs,
        // Variables keep their values until the cell sets them: it may be stopped before.
        output: `\n${converted.output.replace(forgetsValues, "")}\n//# sourceURL=${cell.name}`,
        // The value is fetched below: tslab would print it, and leave out null.
        lastExpressionVar: undefined,
        shown: converted.lastExpressionVar,
      };
    },
  };
  const executor = runner(remembering, (thrown) => {
    cell.failure ??= { thrown };
  });

  const report = (thrown: unknown) => {
    return isInterruption(thrown) ? reportInterruption() : reportError(thrown);
  };

  /** Takes back what was lent: the next cell may declare it, or be lent another value. */
  function takeBack(): void {
    if (lent.size > 0) declarations = choose(declarations, (name) => !lent.has(name));
    lent.clear();
  }

  return {
    async run(code, label) {
      takeBack();
      cell = { label, name: label.replace(/ /g, "-") };
      const before = { ...executor.locals };
      try {
        await executor.execute(code);
      } catch (thrown) {
        cell.failure ??= { thrown };
      }
      const { result, failure } = cell;
      const diagnostics = result?.diagnostics as Diagnostic[] | undefined;
      if (diagnostics?.length) return { error: reportDiagnostics(diagnostics, label, code) };
      if (failure && !result) return { error: report(failure.thrown) };
      const { lastExpressionVar, declOutput = "" } = result ?? {};
      const value = lastExpressionVar ? executor.locals[lastExpressionVar] : undefined;
      if (lastExpressionVar) delete executor.locals[lastExpressionVar];
      if (!failure) {
        declarations = declOutput;
        return { value };
      }
      // What the cell had set is declared from now on; what it had not is as it was before.
      const isSet = (name: string) => !Object.is(before[name], executor.locals[name]);
      const unset = new Set<string>();
      const set = choose(declOutput, (name) => isSet(name) || !unset.add(name));
      declarations = set + choose(declarations, (name) => unset.has(name), false);
      return { error: report(failure.thrown) };
    },
    interrupt: () => executor.interrupt(),
    inspect(code, position) {
      useNodeTypes();
      return converter.inspect(declarations, code, position);
    },
    complete(code, position) {
      useNodeTypes();
      return converter.complete(declarations, code, position);
    },
    report,
  };
}

function runHere(converter: CellConverter, failed: (thrown: unknown) => void): Runner {
  return createExecutor(
    projectRoot,
    { node: converter, browser: converter, close: () => {} },
    { log: () => {}, error: failed },
  );
}

function missingNames({ diagnostics }: ConvertResult): string[] {
  const texts = diagnostics.map(({ messageText }) => messageText);
  const found = texts.map((text) =>
    /^(?:Cannot find name|No value exists in scope for the shorthand property) '([^']+)'/.exec(
      text,
    ),
  );
  return [...new Set(found.flatMap((match) => match?.[1] ?? []))];
}

const cannotFindModule = 2307;
/** The line by which compiled code sets all that it exports to undefined, before anything else. */
const forgetsValues = /^exports\.[^=\n]+ = (?:exports\.[^=\n]+ = )*void 0;$/m;

function cellScript(label: string, source: string, output: string): Script {
  const origin = takeOrigin(output);
  const lines = output.split("\n").length;
  return {
    label,
    isCell: true,
    source,
    locate({ line, column }) {
      // One line before the code holds tslab's wrapper; what comes after the code is tslab's, too.
      const place = line > lines ? undefined : origin({ line: line - 1, column });
      // The compiler saw one more line, put there by tslab.
      return place && { ...place, line: place.line - 1 };
    },
  };
}

function sourceScript(path: string, output: string): Script {
  const file = path.replace(/\.js$/, ".ts");
  return {
    label: relative(projectRoot, file).split(sep).join("/"),
    isCell: false,
    source: readFileSync(file, "utf8"),
    locate: takeOrigin(output),
  };
}

/** The declarations of the variables that are wanted, and those of types if `types` is true. */
function choose(declarations: string, wanted: (name: string) => boolean, types = true): string {
  const file = ts.createSourceFile("cells.d.ts", declarations, ts.ScriptTarget.Latest);
  let chosen = "";
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const { declarations, flags } = statement.declarationList;
      for (const declaration of declarations) {
        if (!wanted(declaration.name.getText(file))) continue;
        const keyword = flags & ts.NodeFlags.Const ? "const" : "let";
        chosen += `declare ${keyword} ${declaration.getText(file)};\n`;
      }
    } else {
      const holdsValue = ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
      if (holdsValue ? statement.name && wanted(statement.name.text) : types)
        chosen += `${statement.getText(file)}\n`;
    }
  }
  return chosen;
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
