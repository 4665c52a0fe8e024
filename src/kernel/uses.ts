/** What a variable of a notebook is made with and what its code uses, by the text of the cells: nothing is run. */
import * as ts from "@tslab/typescript-for-tslab";
import type { Uses } from "../coursework/offered";
import { namesIn } from "./boxed";

export interface ReadCell {
  file: ts.SourceFile;
  /** The top-level statements that declare a name. */
  declared: Map<string, ts.Statement[]>;
  /** Those that set it, or call something of it. */
  changed: Map<string, ts.Statement[]>;
  /** The declaration that a name has where it stands, in this cell; by default that of a value. */
  resolve(identifier: ts.Identifier, meaning?: ts.SymbolFlags): ts.Declaration | undefined;
}

/** The engine's own names and those of the kernel's dialogs, before a cell adds to them. */
const engine = new Set<string | symbol>([
  ...Reflect.ownKeys(globalThis),
  ...["alert", "confirm", "prompt"],
]);
/** The language's own, by its specification: ECMA-262 and ECMA-402 with what engines bring of their next edition. */
const language = new Set(
  `globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array
  BigUint64Array Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array
  Float64Array Function Int8Array Int16Array Int32Array Iterator Map Number Object Promise Proxy RangeError
  ReferenceError RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal TypeError Uint8Array
  Uint8ClampedArray Uint16Array Uint32Array URIError WeakMap WeakRef WeakSet Atomics JSON Math Reflect Intl
  WebAssembly console`.split(/\s+/),
);
/** What makes code of text. */
const compilers = ["eval", "Function", "WebAssembly"];

/**
 * @param codes of the cells that were run, the last one last
 * @param name of the variable
 */
export function usesOf(codes: readonly string[], name: string): Uses {
  const cells = codes.flatMap((code) => {
    try {
      return [readCell(code)];
    } catch {
      return []; // nested too deep for the compiler: it was not run either
    }
  });
  const uses = {
    modules: new Set<string>(),
    globals: new Set<string>(),
    imports: new Map<string, { module: string; name: string }>(),
  };
  const reached = new Set<ReadCell>();
  const followed = new Set<ts.Statement>();

  function follow(name: string, use?: ts.Identifier): boolean {
    const at = cells.map(({ declared }) => declared.has(name)).lastIndexOf(true);
    if (at < 0) return false;
    for (const [i, cell] of cells.slice(at).entries()) {
      const statements = [
        ...(i === 0 ? (cell.declared.get(name) ?? []) : []),
        ...(cell.changed.get(name) ?? []),
      ];
      for (const statement of statements) {
        reached.add(cell);
        if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement))
          takeImport(statement, name, use);
        else if (!followed.has(statement)) {
          followed.add(statement);
          forEachUse(statement, (identifier) => {
            const declaration = cell.resolve(identifier);
            if (!declaration || isTopLevel(declaration)) follow(identifier.text, identifier);
          });
          for (const { module, call } of namedModules(statement)) if (call) addImport(module, "*");
        }
      }
    }
    return true;
  }

  function takeImport(
    statement: ts.ImportDeclaration | ts.ImportEqualsDeclaration,
    name: string,
    use?: ts.Identifier,
  ): void {
    const [{ module }] = namedModules(statement);
    const bindings = ts.isImportDeclaration(statement)
      ? statement.importClause?.namedBindings
      : undefined;
    const specifier =
      bindings && ts.isNamedImports(bindings)
        ? bindings.elements.find((element) => element.name.text === name)
        : undefined;
    if (specifier) addImport(module, (specifier.propertyName ?? specifier.name).text);
    else addImport(module, use ? (memberOf(use) ?? "*") : "*");
  }
  function addImport(module: string, name: string): void {
    uses.imports.set(`${module} ${name}`, { module, name });
  }

  follow(name);
  for (const cell of reached) {
    for (const { module } of namedModules(cell.file)) uses.modules.add(module);
    forEachUse(cell.file, (identifier) => {
      const isOwn =
        cell.resolve(identifier) ?? cells.some((one) => one.declared.has(identifier.text));
      const global = isOwn ? undefined : engineName(identifier);
      if (global) uses.globals.add(global);
    });
  }
  return {
    modules: [...uses.modules],
    globals: [...uses.globals],
    imports: [...uses.imports.values()],
  };
}

/** A module that code names, or what stands in its place: `require(some + "thing")`. */
export interface NamedModule {
  module: string;
  /** Whether it is loaded by a call, */
  call?: boolean;
  /** and by one that names none. */
  isUnknown?: boolean;
}

/** The modules that code names, in every way that the compiler would follow, or that loads one when it runs. */
export function namedModules(code: ts.Node): NamedModule[] {
  const found: NamedModule[] = [];
  if (ts.isSourceFile(code)) {
    for (const { fileName } of [...code.referencedFiles, ...code.typeReferenceDirectives])
      found.push({ module: fileName });
  }
  const take = (name: ts.Node | undefined, call?: boolean) => {
    if (name && ts.isStringLiteralLike(name)) found.push({ module: name.text, call });
    else if (name && call) found.push({ module: name.getText(), call, isUnknown: true });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) take(node.expression);
    else if (ts.isModuleDeclaration(node)) take(node.name);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      take(node.argument.literal);
    else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const loads =
        expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(expression) && expression.text === "require");
      if (loads) take(node.arguments[0], true);
    }
    ts.forEachChild(node, visit);
  };
  visit(code);
  return found;
}

/** The engine's own name that an identifier stands for, with what is taken of it: "process.exit". */
function engineName(identifier: ts.Identifier): string | undefined {
  let [use, name] = [identifier as ts.Node, identifier.text as string | undefined];
  if (name === "globalThis") {
    name = memberOf(identifier);
    use = wrapped(identifier).parent;
  }
  if (name === undefined || !engine.has(name)) return undefined;
  if (language.has(name) && name !== "console") {
    const { parent } = use;
    const isMade =
      (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === use;
    return compilers.includes(name) && (isMade || name !== "Function") ? name : undefined;
  }
  const member = memberOf(use);
  return member === undefined ? name : `${name}.${member}`;
}

/** `b` of `a.b`, `a["b"]` and `(a as any).b`. */
function memberOf(node: ts.Node): string | undefined {
  const { parent } = wrapped(node);
  if (ts.isPropertyAccessExpression(parent) && parent.expression === wrapped(node))
    return parent.name.text;
  if (!ts.isElementAccessExpression(parent) || parent.expression !== wrapped(node))
    return undefined;
  const { argumentExpression: name } = parent;
  return ts.isStringLiteralLike(name) ? name.text : undefined;
}

/** With the brackets and types that stand around it. */
function wrapped(node: ts.Node): ts.Node {
  const { parent } = node;
  const wraps =
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent);
  return wraps ? wrapped(parent) : node;
}

/** Calls for every name that stands for a value, and not for a type, a property or itself as it is declared. */
function forEachUse(code: ts.Node, call: (identifier: ts.Identifier) => void): void {
  const { isExpressionNode } = ts as unknown as { isExpressionNode(node: ts.Node): boolean };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    const { parent } = node;
    const isShort = parent && ts.isShorthandPropertyAssignment(parent) && parent.name === node;
    const isMember = parent && ts.isPropertyAccessExpression(parent) && parent.name === node;
    if (ts.isIdentifier(node) && !isMember && (isShort || isExpressionNode(node))) call(node);
    ts.forEachChild(node, visit);
  };
  visit(code);
}

export function readCell(code: string): ReadCell {
  const name = "cell.ts";
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.ES2022, true);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (path) => (path === name ? file : undefined),
  };
  const options = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2022 };
  const checker = ts.createProgram([name], options, host).getTypeChecker() as ts.TypeChecker & {
    resolveName(
      name: string,
      at: ts.Node,
      meaning: ts.SymbolFlags,
      withoutGlobals: boolean,
    ): ts.Symbol | undefined;
  };
  const cell: ReadCell = {
    file,
    declared: new Map(),
    changed: new Map(),
    resolve(identifier, meaning = ts.SymbolFlags.Value) {
      const { Alias } = ts.SymbolFlags;
      const symbol = checker.resolveName(identifier.text, identifier, meaning | Alias, false);
      return symbol?.declarations?.find((one) => !isAmbient(one));
    },
  };
  const note = (map: ReadCell["declared"], name: string, statement: ts.Statement) =>
    map.set(name, [...(map.get(name) ?? []), statement]);
  for (const statement of file.statements) {
    if (isAmbient(statement)) continue;
    for (const name of namesDeclared(statement)) note(cell.declared, name, statement);
    for (const name of namesChanged(statement)) note(cell.changed, name, statement);
  }
  return cell;
}

export function isAmbient(node: ts.Node): boolean {
  for (let at = node; at && !ts.isSourceFile(at); at = at.parent) {
    const modifiers = ts.canHaveModifiers(at) ? ts.getModifiers(at) : undefined;
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return true;
  }
  return false;
}

/** Whether it is one of the cell's own variables: one that other cells see, too. */
export function isTopLevel(declaration: ts.Node): boolean {
  for (let at = declaration.parent; at; at = at.parent) {
    if (ts.isSourceFile(at)) return true;
    if (ts.isFunctionLike(at) || ts.isBlock(at) || ts.isForStatement(at)) return false;
    if (ts.isForOfStatement(at) || ts.isForInStatement(at) || ts.isCatchClause(at)) return false;
  }
  return true;
}

function namesDeclared(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      namesIn(name).map(({ text }) => text),
    );
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const bound = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const all =
      namedBindings && ts.isNamespaceImport(namedBindings) ? namedBindings.name : undefined;
    return [name, all, ...bound.map((one) => one.name)].flatMap((one) => one?.text ?? []);
  }
  const isValue =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement);
  return isValue && statement.name ? [statement.name.text] : [];
}

function namesChanged(statement: ts.Statement): string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return [];
  const names: string[] = [];
  const take = (target: ts.Node) => {
    let root = target;
    while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root))
      root = root.expression;
    if (ts.isIdentifier(root)) names.push(root.text);
    else if (ts.isArrayLiteralExpression(root) || ts.isObjectLiteralExpression(root))
      ts.forEachChild(root, take);
  };
  const visit = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    )
      take(node.left);
    if (ts.isCallExpression(node) && !ts.isIdentifier(node.expression)) take(node.expression);
    // `Object.assign(f, …)`, `define(f)`
    if (ts.isCallExpression(node) && ts.isExpressionStatement(node.parent))
      node.arguments.forEach(take);
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}
