/**
 * tslab's compiler with six things changed, to be given to tslab in place of its own: source maps, so that errors
 * name the reader's own lines; a call at the head of each loop of a cell, so that it can be stopped;
 * variables that all cells share (boxed.ts); source files left to cells.ts; Node's types only where they are needed; and
 * programs that work out no more than a cell needs.
 */
import * as original from "@tslab/typescript-for-tslab";
import { boxVariables, type CellNames, type Findings } from "./boxed";
import { platform } from "./platform";
import type { Statement } from "./stale";

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

/** A file, and what the compiler has read in it. */
export interface Read {
  path: string;
  text: string;
}

/** What a cell's types follow from, beside its text and the compiler's own files. */
export interface Basis {
  read: readonly Read[];
  /** The project's files that would have been read, had they been there. */
  missing: readonly string[];
}

/** What is known of a cell's code beside its text. */
export interface Compiled extends Basis {
  /** The source maps of the two steps, the last first. */
  maps: readonly string[];
  /** The modules that the cell imports. */
  imports: readonly string[];
  /** What the cell's statements do with variables. */
  statements: readonly Statement[];
  /** The project's sources that it imports, and those that they import. */
  sources: readonly Read[];
}

const compiledCode = new Map<string, Compiled>();
const mapComment = /\/\/# sourceMappingURL=(?:data:[^,]*;base64,)?(\S*)\s*$/;

/** What is known of a cell's code that was compiled just now; asking for it once drops it. */
export function takeCompiled(output: string): Compiled {
  const found = compiledCode.get(output);
  if (!found) throw new Error("This code was not compiled by the kernel.");
  compiledCode.delete(output);
  return found;
}

/** Finds the way back through the source maps of several steps, the last first. */
export function originBy(maps: readonly string[]): Origin {
  const steps = maps.map(platform.readMap);
  return (place) => steps.reduce<Place | undefined>((at, step) => at && step(at), place);
}

// tslab compiles in two steps: types out by a watching compiler, then modules to CommonJS by transpileModule.
const changed: Partial<typeof original> & Partial<Internals> = {
  createWatchCompilerHost: ((
    files: string[],
    options: object,
    sys: original.System,
    _builder: null,
    ...reporters: [never]
  ) => {
    const { readFile } = sys;
    sys.readFile = (path, encoding) => {
      const text = readFile(path, encoding);
      return isCellFile(path) ? text?.replace(exportsAll, withoutEscapes) : text;
    };
    // Types of packages that no one imports would be read at every start.
    const types = nodeTypes.areUsed ? ["node"] : [];
    const own = nodeTypes.areUsed ? ["dialogs.d.ts"] : ["dialogs.d.ts", "globals.d.ts"];
    const roots = [...files, ...own.map((name) => `${platform.root}/src/kernel/${name}`)];
    const ours = { ...options, inlineSourceMap: true, types };
    const host = original.createWatchCompilerHost(
      roots,
      ours,
      sys,
      // The usual one works out which file refers to which, by a type checker made for that: a tenth of the time, as tslab
      // makes two programs of each cell.
      original.createAbstractBuilder,
      ...reporters,
    );
    const missing = new Set<string>();
    host.resolveModuleNameLiterals = resolver(host, missing);
    // Or those of every file would be sought again for every cell.
    host.hasInvalidatedResolutions = () => false;
    // tslab takes the builder from here.
    let take: typeof host.afterProgramCreate;
    return Object.defineProperty(host, "afterProgramCreate", {
      get: () => take,
      set(given: (builder: original.BuilderProgram) => void) {
        take = (builder) => given(forCells(builder, missing));
      },
    });
  }) as never as typeof original.createWatchCompilerHost,

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
    // Where a cell may await was decided before: see forms.ts.
    return found.filter(
      ({ code, file }) => code !== misplacedAwait || !isCellFile(file?.fileName ?? ""),
    );
  },

  transpileModule(input, options) {
    const step = firstSteps.get(input);
    firstSteps.delete(input);
    const [, encoded = ""] = mapComment.exec(input) ?? [];
    const map = fromBase64(encoded);
    const findings: Findings = { imports: [], statements: [] };
    const output = original.transpileModule(input.replace(mapComment, ""), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: {
        before: step ? [boxVariables(step.names, findings), checkLoops] : [checkLoops],
      },
    });
    const outputText = output.outputText.replace(mapComment, "");
    if (step && map && output.sourceMapText) {
      const { imports, statements } = findings;
      const { names, ...made } = step;
      const first = platform.readMap(map);
      compiledCode.set(outputText, {
        ...made,
        maps: [output.sourceMapText, map],
        imports,
        statements: statements.map((each) => ({ ...each, now: placed(each.now, first) })),
      });
    }
    return { ...output, outputText };
  },

  // tslab goes through a cell by this function to write `exports.x` for the x of an earlier cell.
  visitEachChild: ((node: original.SourceFile) =>
    original.factory.updateSourceFile(node, [
      ...node.statements,
    ])) as typeof original.visitEachChild,
};

const misplacedAwait = 1308;

/** What tslab writes after a cell, with names as the compiler keeps them: `___x` for `__x`. */
const exportsAll = /\nexport \{[^{}]*\}$/;
const withoutEscapes = (list: string) => list.replace(/(?<=[{ ])_(?=__)/g, "");

type Internals = {
  bindSourceFile(file: original.SourceFile, options: original.CompilerOptions): void;
  getPreEmitDiagnosticsOfFiles(
    program: unknown,
    files: original.SourceFile[],
  ): original.Diagnostic[];
};
/** Where a module was looked for before it was found. */
type Searched = original.ResolvedModuleWithFailedLookupLocations & {
  failedLookupLocations?: string[];
};

/**
 * Finds the types of ES-module packages too: what `exports` in their package.json says is beyond the way in which
 * tslab, and this project, resolve everything else.
 *
 * @param missing takes the project's files that would have been read, had they been there
 */
function resolver(
  host: original.ModuleResolutionHost & { getCurrentDirectory(): string },
  missing: Set<string>,
): original.CompilerHost["resolveModuleNameLiterals"] {
  const cache = original.createModuleResolutionCache(host.getCurrentDirectory(), (path) => path);
  return (literals, file, redirected, options) =>
    literals.map(({ text: name }) => {
      const found = original.resolveModuleName(name, file, options, host, cache, redirected);
      for (const path of (found as Searched).failedLookupLocations ?? [])
        if (!path.includes("/node_modules/")) missing.add(path);
      const { extension = ".js" } = found.resolvedModule ?? {};
      if (name.startsWith(".") || !/^\.[cm]?js$/.test(extension)) return found;
      const byExports = { ...options, moduleResolution: original.ModuleResolutionKind.NodeNext };
      const mode = original.ModuleKind.ESNext;
      const better = original.resolveModuleName(
        name,
        file,
        byExports,
        host,
        undefined,
        redirected,
        mode,
      );
      return better.resolvedModule ? better : found;
    });
}

/** When each of the files was changed, by path. */
export type States = Record<string, number>;

export function statesOf(paths: readonly string[]): States {
  return Object.fromEntries(paths.map((path) => [path, platform.modifiedAt(path)]));
}

/** What kernels checked together and found well, the last first. */
const checks = "checked";
const mostChecks = 16;

function checksSoFar(): States[] {
  return platform.kept<States[]>(checks, "") ?? [];
}

/**
 * Whether a program's sources were all checked together by a kernel before, and none was changed since; or belong to
 * somebody else, who may write them as this user may not.
 */
function wereChecked(states: States): boolean {
  const isPartOf = (checked: States) =>
    Object.entries(states).every(([path, changed]) => checked[path] === changed);
  return !Object.keys(states).some(platform.mayBeWritten) || checksSoFar().some(isPartOf);
}

function keepChecked(states: States): void {
  const others = checksSoFar().filter((checked) =>
    Object.entries(checked).some(([path, changed]) => states[path] !== changed),
  );
  platform.keep(checks, "", [states, ...others].slice(0, mostChecks));
}

function isCellFile(path: string): boolean {
  return path.endsWith("/__tslab__.ts");
}

/** What the first step finds out about a cell: the names that it can use, and what it was made of. */
interface FirstStep extends Basis, Pick<Compiled, "sources"> {
  names: CellNames;
}

/** By what the first step makes of the cell. */
const firstSteps = new Map<string, FirstStep>();

function valuesIn(file: original.SourceFile | undefined): Set<string> {
  const { locals } = file as { locals?: original.SymbolTable };
  const isValue = ({ flags }: original.Symbol) =>
    (flags & (original.SymbolFlags.Value | original.SymbolFlags.Alias)) !== 0;
  return new Set(
    [...(locals?.values() ?? [])].filter(isValue).map((symbol) => original.symbolName(symbol)),
  );
}

/**
 * What tslab asks of a program, for cells.
 *
 * Takes note of what a cell is made of. Leaves the project's sources out: cells.ts gets them from whoever compiles them
 * in one step, where tslab takes two and writes declarations that nobody reads. Their loops stay as they are: they are
 * where training spends its time.
 */
function forCells(
  builder: original.BuilderProgram,
  missing: ReadonlySet<string>,
): original.BuilderProgram {
  const program = builder.getProgram();
  const options = program.getCompilerOptions();
  // tslab reads the names that a cell declares before anything is checked.
  for (const file of program.getSourceFiles())
    if (isCellFile(file.fileName)) (original as unknown as Internals).bindSourceFile(file, options);
  const emit: typeof builder.emit = (file, write, ...rest) => {
    if (!file || !write) return builder.emit(file, write, ...rest);
    if (!isCellFile(file.fileName)) return { emitSkipped: true, diagnostics: [] };
    const earlier = program.getSourceFile(file.fileName.replace(/[^/]*$/, "__prev__.d.ts"));
    const isRead = (each: original.SourceFile) =>
      each !== file && each !== earlier && !program.isSourceFileDefaultLibrary(each);
    const read = program.getSourceFiles().filter(isRead).map(asRead);
    const imported = importedBy(file, program);
    const step: FirstStep = {
      names: { own: valuesIn(file), earlier: valuesIn(earlier) },
      sources: read.filter(({ path }) => imported.has(path) && isSource(path)),
      read,
      missing: [...missing],
    };
    const { rootDir } = options;
    const outside = step.sources.find(({ path }) => !path.startsWith(`${rootDir}/`));
    if (outside)
      throw new Error(
        `${outside.path} is outside the project (${rootDir}): cells import files of the project alone.`,
      );
    const writeCell: typeof write = (path, text, ...how) => {
      if (path.endsWith(".js")) firstSteps.set(text, step);
      const more = path.endsWith(".d.ts") ? inBlocks(file, program.getTypeChecker()) : "";
      write(path, text + more, ...how);
    };
    return builder.emit(file, writeCell, ...rest);
  };
  return { ...builder, emit, getAllDependencies: (file) => [...importedBy(file, program)] };
}

/** The files of a program that one imports, itself or through others, and its own: by their paths. */
function importedBy(file: original.SourceFile, program: original.Program): Set<string> {
  const found = new Set<string>();
  const visit = (each: Importing | undefined) => {
    if (!each || found.has(each.fileName)) return;
    found.add(each.fileName);
    each.resolvedModules?.forEach(({ resolvedModule }) => {
      if (resolvedModule) visit(program.getSourceFile(resolvedModule.resolvedFileName));
    });
  };
  visit(file);
  return found;
}
/** As the compiler keeps it. */
type Importing = original.SourceFile & {
  resolvedModules?: { forEach(take: (found: Searched) => void): void };
};

const asRead = ({ fileName, text }: original.SourceFile): Read => ({ path: fileName, text });

/** Whether it is code that only this kernel can load, and not what a package brings or types alone. */
function isSource(path: string): boolean {
  return /(?<!\.d)\.ts$|\.js$/.test(path) && !path.includes("/node_modules/");
}

/** The declarations of what a cell declares by `var` in its blocks: the compiler leaves them out. */
function inBlocks(cell: original.SourceFile, checker: original.TypeChecker): string {
  const { locals } = cell as { locals?: original.SymbolTable };
  let declarations = "";
  for (const symbol of locals?.values() ?? []) {
    const { valueDeclaration: declaration } = symbol;
    if (!(symbol.flags & original.SymbolFlags.FunctionScopedVariable) || !declaration) continue;
    const statement = original.findAncestor(declaration, original.isStatement);
    if (!statement || (statement.parent === cell && original.isVariableStatement(statement)))
      continue;
    const type = checker.typeToString(
      checker.getTypeOfSymbolAtLocation(symbol, declaration),
      cell,
      original.TypeFormatFlags.NoTruncation |
        original.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope,
    );
    const written = `declare let ${symbol.name}: ${type};\n`;
    // Not every type can be written down.
    const { diagnostics = [] } = original.transpileModule(written, { reportDiagnostics: true });
    declarations += diagnostics.length > 0 ? `declare let ${symbol.name}: any;\n` : written;
  }
  return declarations;
}

/** Where names stand in the reader's text. */
function placed(names: Findings["statements"][number]["now"], origin: Origin): Statement["now"] {
  const found: [string, { line: number; character: number }][] = [];
  for (const [name, place] of names) {
    const { line, column } = origin(place) ?? {};
    // The compiler saw one more line, put there by tslab.
    if (line !== undefined && column !== undefined)
      found.push([name, { line: line - 1, character: column }]);
  }
  return new Map(found);
}

function fromBase64(encoded: string): string {
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

/** Puts the call at the head of each loop. */
export const checkLoops: original.TransformerFactory<original.SourceFile> = (context) => (file) => {
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

/** The compiler as tslab is to have it: a copy, as the compiler's own exports cannot be written to. */
export const changedCompiler = { ...original, ...changed };
