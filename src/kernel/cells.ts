/** Running cells: tslab compiles them; what it tells wrongly, or forgets, is kept here. */
import * as ts from "@tslab/typescript-for-tslab";
import { type Converter, type ConvertResult, createConverter } from "tslab/dist/converter";
import type { Executor } from "tslab/dist/executor";
import {
  type Diagnostic,
  type ErrorReport,
  isError,
  peek,
  readCalls,
  reportDiagnostics,
  reportError,
  reportInterruption,
  type Script,
  tidyStacks,
} from "./errors";
import { prepare, withAny, withinCell } from "./forms";
import { isInterruption } from "./interrupt";
import { keepAnswer, keptAnswer } from "./kept";
import { platform } from "./platform";
import { createStaleCode, type Statement, valuesDeclared } from "./stale";
import {
  type Basis,
  type Compiled,
  nodeTypes,
  type Origin,
  originBy,
  type Read,
  takeCompiled,
} from "./typescript";

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
  /** The newest cell that declares a variable, or was to declare it. */
  cellOf(name: string): CellOf | undefined;
}

/** A cell that a variable comes from; `failed` if it is still as the cells before left it. */
export interface CellOf {
  label: string;
  code: string;
  failed: boolean;
}

/** Runs what the converter makes of a cell, and keeps the values of its variables. */
export type Runner = Pick<Executor, "execute" | "interrupt" | "locals">;

export interface CellsOptions {
  /** What runs the cells; `failed` is to be told what they throw. */
  runner: (converter: CellConverter, failed: (thrown: unknown) => void) => Runner;
  /** Values for names that a cell uses and none declares; they are known to that cell alone. */
  lend?: (names: readonly string[]) => Record<string, unknown>;
}

/** A converter that knows what earlier cells have declared. */
export interface CellConverter extends Converter {
  convert(declarations: string, code: string): Converted;
}

export interface Converted extends ConvertResult {
  /** The name of the variable that holds the value of the last expression. */
  shown?: string;
  /** The modules that the cell imports. */
  imports?: readonly string[];
}

interface Conversion extends ConvertResult {
  /** Known if there is nothing wrong with it. */
  compiled?: Omit<Compiled, keyof Basis>;
}

interface Running {
  label: string;
  /** As the reader wrote it. */
  source: string;
  /** The name of its script. */
  name: string;
  result?: ConvertResult;
  /** What was compiled. */
  code: string;
  statements: readonly Statement[];
  failure?: { thrown: unknown };
}

/** What runs, by the name that stack traces give it. */
const scripts = new Map<string, Script>();

export function createCells({ runner, lend }: CellsOptions): Cells {
  const files = watchByAsking();
  let knowsNode = false;
  /** Made when a cell comes that was not compiled before. */
  let converter: Converter | undefined;
  /** The sources that cells have imported so far, by path. */
  const loaded = new Map<string, { text: string; isOutdated: boolean }>();
  /** Everything declared by cells so far, as tslab writes it: the types of the variables. */
  let declarations = "";
  const lent = new Set<string>();
  const cellsOf = new Map<string, CellOf>();
  tidyStacks((name) => scripts.get(name));

  let cell: Running = { label: "", source: "", name: "", code: "", statements: [] };
  const stale = createStaleCode(
    (declarations, code) => compiler().convert(declarations, code).diagnostics as Diagnostic[],
  );

  function compiler(): Converter {
    nodeTypes.areUsed = knowsNode;
    converter ??= createConverter({ isJS: false, isBrowser: false });
    return converter;
  }

  function close(): void {
    converter?.close();
    converter = undefined;
  }

  /** From now on the compiler knows Node's types. Returns false if it knew them before. */
  function useNodeTypes(): boolean {
    if (knowsNode || !platform.hasNodeTypes) return false;
    knowsNode = true;
    close();
    return true;
  }

  /** What tslab is to load of the sources that a cell imports: not those that it has, so that modules keep their state. */
  function toLoad(sources: readonly Read[]): NonNullable<ConvertResult["sideOutputs"]> {
    const isChanged = ({ path, text }: Read) => (loaded.get(path)?.text ?? text) !== text;
    // Modules hold on to what they import: a front door would go on handing out the old functions.
    if (sources.some(isChanged)) for (const each of loaded.values()) each.isOutdated = true;
    const isNew = ({ path }: Read) => loaded.get(path)?.isOutdated ?? true;
    return sources.filter(isNew).map(({ path, text }) => {
      loaded.set(path, { text, isOutdated: false });
      const { outputText: data, sourceMapText } = platform.compiled(path, text);
      const output = path.replace(/\.ts$/, ".js");
      const label = platform.nameOf(path);
      const locate = platform.readMap(sourceMapText);
      scripts.set(output, { label, isCell: false, source: text, locate });
      return { path: output, data };
    });
  }

  function convert(written: string): Conversion {
    const { code, awaits, diagnostics } = prepare(written);
    cell.code = code;
    if (diagnostics.length > 0) return { diagnostics: diagnostics as ConvertResult["diagnostics"] };
    const converted = convertPrepared(code);
    const within = withinCell(converted.diagnostics as Diagnostic[], code);
    return {
      ...converted,
      hasToplevelAwait: awaits,
      diagnostics: within as ConvertResult["diagnostics"],
    };
  }

  function convertPrepared(code: string): Conversion {
    const question = { declarations, code, knowsNode, lends: lend !== undefined };
    const kept = keptAnswer(question);
    if (kept) {
      if (kept.knowsNode) useNodeTypes();
      cell.code = kept.code;
      lendTo(kept.lent);
      const { output, declOutput, lastExpressionVar } = kept;
      return { output, declOutput, lastExpressionVar, diagnostics: [], compiled: kept };
    }
    const converted = convertNew(code);
    if (converted.diagnostics.length > 0 || !converted.output) return converted;
    const { read, missing, ...compiled } = takeCompiled(converted.output);
    const { output, declOutput, lastExpressionVar } = converted;
    const answer = { output, declOutput, lastExpressionVar, code: cell.code, knowsNode };
    keepAnswer(question, { ...answer, lent: [...lent], ...compiled }, { read, missing });
    return { ...converted, compiled };
  }

  function convertNew(code: string): ConvertResult {
    files.check();
    let converted = compiler().convert(declarations, code);
    // Whatever is wrong with the cell, it may be that it uses a name of Node's.
    if (converted.diagnostics.length > 0 && useNodeTypes()) {
      converted = compiler().convert(declarations, code);
    }
    const withoutTypes =
      converted.diagnostics.length > 0 && withAny(code, converted.diagnostics as Diagnostic[]);
    if (withoutTypes) {
      cell.code = withoutTypes;
      converted = compiler().convert(declarations, withoutTypes);
    }
    const names = lend ? missingNames(converted) : [];
    if (names.length === 0) return converted;
    lendTo(names);
    return compiler().convert(declarations, code);
  }

  function lendTo(names: readonly string[]): void {
    for (const [name, value] of Object.entries(lend?.(names) ?? {})) {
      lent.add(name);
      executor.locals[name] = value;
      declarations += `declare let ${name}: any;\n`;
    }
  }

  const remembering: CellConverter = {
    close,
    inspect: (...asked) => compiler().inspect(...asked),
    complete: (...asked) => compiler().complete(...asked),
    addModule: (...module) => compiler().addModule(...module),
    convert(_declarations, code) {
      const { compiled, ...converted } = convert(code);
      cell.result = converted;
      // A module that was not found may be written before the next cell; no watcher would tell.
      if (converted.diagnostics.some(({ code }) => code === cannotFindModule)) close();
      if (!compiled || !converted.output) return converted;
      const { maps, imports, statements, sources } = compiled;
      const { label, source, code: ran } = cell;
      const faults = stale.faultsIn(
        { label, source, code: ran, statements },
        declarations,
        converted.declOutput ?? "",
      ) as ConvertResult["diagnostics"];
      if (faults.length > 0) {
        cell.result = { ...converted, diagnostics: faults };
        return cell.result;
      }
      cell.statements = statements;
      scripts.set(cell.name, cellScript(cell.label, code, converted.output, originBy(maps)));
      return {
        ...converted,
        sideOutputs: toLoad(sources),
        output: `\n${converted.output}\n//# sourceURL=${cell.name}`,
        // The value is fetched below: tslab would print it, and leave out null.
        lastExpressionVar: undefined,
        shown: converted.lastExpressionVar,
        imports,
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
      cell = { label, source: code, name: label.replace(/ /g, "-"), code, statements: [] };
      const before = { ...executor.locals };
      try {
        await executor.execute(code);
      } catch (thrown) {
        cell.failure ??= { thrown };
      }
      const { result, failure } = cell;
      if (failure && isError(failure.thrown)) placeInCell(failure.thrown, cell);
      const diagnostics = result?.diagnostics as Diagnostic[] | undefined;
      const owns = (names: Iterable<string>, failed: boolean) => {
        for (const name of names) cellsOf.set(name, { label, code, failed });
      };
      if (diagnostics?.length || (failure && !result)) {
        // What does not compile has been read as far as it can be.
        owns(new Set(valuesDeclared(code).map(({ name }) => name)), true);
        if (diagnostics?.length) return { error: reportDiagnostics(diagnostics, label, code) };
        return { error: report(failure?.thrown) };
      }
      const { lastExpressionVar, declOutput = "" } = result ?? {};
      const value = lastExpressionVar ? executor.locals[lastExpressionVar] : undefined;
      if (lastExpressionVar) delete executor.locals[lastExpressionVar];
      const earlier = declarations;
      const ran = (statements: readonly Statement[]) =>
        stale.ran({ label, source: code, code: cell.code, statements }, earlier, declarations);
      if (!failure) {
        declarations = declOutput + namespacesLeftOut(declarations, declOutput);
        ran(cell.statements);
        owns(declaredBy(cell), false);
        return { value };
      }
      // What the cell had set is declared from now on; what it had not is as it was before.
      const isSet = (name: string) => !Object.is(before[name], executor.locals[name]);
      const unset = new Set<string>();
      const set = choose(declOutput, (name) => isSet(name) || !unset.add(name));
      declarations = set + choose(declarations, (name) => unset.has(name), false);
      owns(
        declaredBy(cell).filter((name) => !unset.has(name)),
        false,
      );
      owns(unset, true);
      ran(
        cell.statements.map((statement) => ({
          ...statement,
          declares: statement.declares.filter((name) => !unset.has(name)),
        })),
      );
      return { error: report(failure.thrown) };
    },
    interrupt: () => executor.interrupt(),
    inspect(code, position) {
      useNodeTypes();
      return compiler().inspect(declarations, code, position);
    },
    complete(code, position) {
      useNodeTypes();
      return compiler().complete(declarations, code, position);
    },
    report,
    cellOf: (name) => cellsOf.get(name),
  };
}

function declaredBy({ statements }: Running): string[] {
  return statements.flatMap(({ declares }) => declares);
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

function cellScript(label: string, source: string, output: string, origin: Origin): Script {
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

/** Finds the line of what the engine refuses and the compiler let pass: Node writes it before the stack. */
function placeInCell(error: Error, { name, label }: Running): void {
  const stack = String(peek(error, "stack"));
  const [, line, before] = /^evalmachine\.<anonymous>:(\d+)\n.*\n( *)\^/.exec(stack) ?? [];
  if (line === undefined || stack.includes(`${label}:`)) return;
  readCalls(error, [{ script: name, name: "", line: Number(line) - 1, column: before.length }]);
}

/** The namespaces of earlier cells that no cell has declared again: tslab keeps them for one cell only. */
function namespacesLeftOut(earlier: string, now: string): string {
  if (!/\bnamespace\b/.test(earlier)) return "";
  const declared = new Set(valuesDeclared(now).map(({ name }) => name));
  return valuesDeclared(earlier)
    .filter(({ name, statement }) => ts.isModuleDeclaration(statement) && !declared.has(name))
    .map(({ text }) => `${text}\n`)
    .join("");
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
      watched.set(path, { changed, modified: platform.modifiedAt(path) });
    return { close: () => watched.delete(path) };
  };
  return {
    check() {
      let any = false;
      for (const [path, file] of watched) {
        const modified = platform.modifiedAt(path);
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
