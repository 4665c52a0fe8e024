/**
 * A cell's text before it is compiled. What may stand at the top of a file may stand at the top of a cell, although
 * tslab and its compiler do not know all of it: this takes out, or rewrites at the same length, what they
 * stumble over; and tells in the cell's own lines what is wrong with its syntax.
 */
import * as ts from "@tslab/typescript-for-tslab";
import type { Diagnostic } from "./errors";

export interface Prepared {
  /** What to compile. Every line is where it was. */
  code: string;
  /** Whether the cell awaits something outside its functions. */
  awaits: boolean;
  /** If there are any, there is no use in compiling. */
  diagnostics: Diagnostic[];
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Makes the parser take a cell for a module, as tslab does. */
const prefix = "export {};";

export function prepare(written: string): Prepared {
  // A file's first characters may be pasted with it.
  let code = withoutSeparators(written.replace(/^\uFEFF/, " ").replace(/^( ?)#!/, "$1//"));
  let file = parse(code);
  const refuse = (...diagnostics: Diagnostic[]) => ({ code, awaits: false, diagnostics });
  for (let edit = firstAttributes(file); edit; edit = firstAttributes(file)) {
    const text = file.text.slice(edit.start, edit.end);
    if (!isJson.test(text)) return refuse(diagnosticAt(file, edit.start, edit.end, otherAttribute));
    code = change(file, [edit]);
    file = parse(code);
  }

  const syntax = syntaxErrors(file).map(({ start = 0, length = 0, messageText, code }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, "\n");
    return {
      isUsing: isUsing(file, start),
      ...diagnosticAt(file, start, start + length, message, code),
    };
  });
  // What follows from `using` is guesswork.
  const using = syntax.find(({ isUsing }) => isUsing);
  if (using) return refuse({ ...using, messageText: usingIsNewer });
  if (syntax.length > 0) return refuse(...syntax);

  const edits: Edit[] = [];
  const wrong: Diagnostic[] = [];
  let awaits = false;
  const complain = (node: ts.Node, message: string, code?: number) =>
    wrong.push(diagnosticAt(file, node.getStart(file), node.end, message, code));
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) {
      const owner = ownerOf(node);
      if (!owner) awaits = true;
      else if (ts.isAwaitExpression(node) && !isAsync(owner)) complain(node, misplacedAwait, 1308);
    } else if (ts.isRegularExpressionLiteral(node)) {
      const message = faultIn(node.text);
      if (message) complain(node, message);
    } else if (isImportCall(node) && isJson.test(node.arguments[1]?.getText(file))) {
      edits.push(blank(file, node.arguments[0].end, node.arguments[1].end));
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) {
    if (statement.pos === 0) continue; // ours
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !statement.exportClause) {
      complain(statement, exportsNameless);
    }
    edits.push(...exportEdits(statement, file));
    visit(statement);
  }
  return { code: change(file, edits), awaits, diagnostics: wrong };
}

/**
 * The cell's code with `any` for the types that cannot be written down where later cells would read them, as that of
 * `await import("fs")`; undefined if there is anything else wrong with it.
 */
export function withAny(code: string, diagnostics: readonly Diagnostic[]): string | undefined {
  const file = parse(code);
  const edits = new Map<number, Edit>();
  for (const { start, code: number, fileName } of diagnostics) {
    const isUnwritten = Math.floor(number / 1000) === 4 || [2527, 2742, 7056].includes(number);
    if (!isUnwritten || fileName) return undefined;
    const shift = start.line === 0 ? prefix.length : 0;
    const at = file.getPositionOfLineAndCharacter(start.line, start.character + shift);
    const end = endOfUntyped(file, at);
    if (end === undefined) return undefined;
    edits.set(end, { start: end, end, text: ": any" });
  }
  return change(file, [...edits.values()]);
}

/** Where the type of what is declared at a place would stand, if it has none. */
function endOfUntyped(file: ts.SourceFile, at: number): number | undefined {
  const find = (node: ts.Node): number | undefined => {
    const { name, type } = node as Partial<ts.VariableDeclaration>;
    if (name?.getStart(file) === at && !type) {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) return node.name.end;
      if (ts.isFunctionDeclaration(node)) return file.text.indexOf(")", node.parameters.end) + 1;
    }
    return ts.forEachChild(node, find);
  };
  return find(file);
}

/** Keeps the lines of diagnostics within the cell: tslab compiles lines of its own before and after it. */
export function withinCell(diagnostics: readonly Diagnostic[], code: string): Diagnostic[] {
  const file = ts.createSourceFile("cell.txt", code, ts.ScriptTarget.Latest);
  const last = file.getLineAndCharacterOfPosition(code.length);
  const clamp = (place: Diagnostic["start"]) => {
    if (place.line < 0) return { line: 0, character: 0 };
    return place.line > last.line ? last : place;
  };
  return diagnostics.map((each) =>
    each.fileName ? each : { ...each, start: clamp(each.start), end: clamp(each.end) },
  );
}

const misplacedAwait =
  "'await' is only allowed in async functions, and outside of all functions and classes.";
const usingIsNewer =
  "`using` came with TypeScript 5.2, and cells are compiled by 5.0.4. Write `const x = …; try { … } finally { … }`, with what closes x in the last braces.";
const otherAttribute = 'The only attribute that an import takes here is { type: "json" }.';
const exportsNameless =
  "A cell cannot export what it does not name. Write `import { … } from …` with the names, or `import * as name from …`.";

/** The attributes of an import: `with { type: "json" }`, or what a call of `import` takes. */
const isJson =
  /^(?:\{\s*)?with\s*:?\s*\{\s*(?:type|"type"|'type')\s*:\s*(["'])json\1\s*,?\s*\}\s*,?\s*\}?$/;

function parse(code: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", prefix + code, ts.ScriptTarget.Latest, true);
}

/**
 * The compiler ends lines at U+2028 and U+2029 where no editor does, and takes a string to end there, too: they stay in
 * strings and templates as escapes, and are blanks elsewhere.
 */
function withoutSeparators(code: string): string {
  if (!/[\u2028\u2029]/.test(code)) return code;
  const file = parse(code.replace(/[\u2028\u2029]/g, " "));
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) {
      const [start, end] = [node.getStart(file), node.end].map((at) => at - prefix.length);
      for (const { 0: separator, index } of code.slice(start, end).matchAll(/[\u2028\u2029]/g)) {
        const at = start + index + prefix.length;
        edits.push({
          start: at,
          end: at + 1,
          text: separator === "\u2028" ? "\\u2028" : "\\u2029",
        });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return change(file, edits);
}

function syntaxErrors(file: ts.SourceFile): readonly ts.Diagnostic[] {
  return (file as unknown as { parseDiagnostics: ts.Diagnostic[] }).parseDiagnostics;
}

/** The cell's text with some of it changed. */
function change(file: ts.SourceFile, edits: readonly Edit[]): string {
  let text = file.text;
  for (const { start, end, text: instead } of [...edits].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + instead + text.slice(end);
  }
  return text.slice(prefix.length);
}

function blank(file: ts.SourceFile, start: number, end: number, first = ""): Edit {
  const rest = file.text.slice(start, end).slice(first.length);
  return { start, end, text: first + rest.replace(/[^\r\n\u2028\u2029]/g, " ") };
}

function diagnosticAt(
  file: ts.SourceFile,
  start: number,
  end: number,
  messageText: string,
  code = 1005,
): Diagnostic {
  const [from, to] = [start, end].map((at) => {
    const { line, character } = file.getLineAndCharacterOfPosition(Math.max(prefix.length, at));
    return { line, character: line === 0 ? character - prefix.length : character };
  });
  return { start: from, end: to, messageText, code };
}

/** Where the first `with { … }` of an import stands. */
function firstAttributes(file: ts.SourceFile): Edit | undefined {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    if (!statement.moduleSpecifier) continue;
    const start = statement.moduleSpecifier.end;
    const found = /^(\s*)with\s*\{[^}]*\}/.exec(file.text.slice(start));
    if (found) return blank(file, start + found[1].length, start + found[0].length);
  }
  return undefined;
}

/** Whether a syntax error is one because of `using x = …`. */
function isUsing(file: ts.SourceFile, at: number): boolean {
  const declarations = /\busing\s+[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(?=[=:]|of\b)/gu;
  return [...file.text.matchAll(declarations)].some(
    ({ index, 0: { length } }) => index <= at && at <= index + length,
  );
}

function isImportCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** What the code at a node runs in, if that is not the cell itself. */
function ownerOf(node: ts.Node): ts.Node | undefined {
  for (let child = node; child.parent; child = child.parent) {
    const { parent } = child;
    // What names a method, or decorates it, runs outside of it.
    const isOutside = ts.isDecorator(child) || (parent as { name?: ts.Node }).name === child;
    if (isOutside) continue;
    if (ts.isFunctionLike(parent) || ts.isClassStaticBlockDeclaration(parent)) return parent;
    if (ts.isPropertyDeclaration(parent)) return parent;
    if (ts.isModuleDeclaration(parent) || ts.isEnumMember(parent)) return parent;
  }
  return undefined;
}

function isAsync(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
  );
}

/** What is wrong with a regular expression: the compiler does not look into it. */
function faultIn(literal: string): string | undefined {
  const end = literal.lastIndexOf("/");
  try {
    new RegExp(literal.slice(1, end), literal.slice(end + 1));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * A cell exports all that it declares, and tslab adds the words for that. So the reader's are superfluous, and those that
 * pass a module's names on import them.
 */
function exportEdits(statement: ts.Statement, file: ts.SourceFile): Edit[] {
  const start = statement.getStart(file);
  if (ts.isExportDeclaration(statement)) {
    const { moduleSpecifier, exportClause } = statement;
    if (!moduleSpecifier) return [blank(file, start, statement.end)];
    const edits: Edit[] = [{ start, end: start + "export".length, text: "import" }];
    if (exportClause && ts.isNamedExports(exportClause)) {
      // No variable can be called `default`.
      for (const { name, pos, end } of exportClause.elements) {
        const comma = file.text[end] === "," ? 1 : 0;
        if (name.text === "default") edits.push(blank(file, pos, end + comma));
      }
    }
    return edits;
  }
  if (ts.isExportAssignment(statement)) {
    if (statement.isExportEquals) return [];
    return parenthesized(
      file,
      start,
      statement.expression.getStart(file),
      statement.expression.end,
      statement.end,
    );
  }
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const words = modifiers.filter(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
  );
  const isNameless =
    (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name;
  if (words.length === 2 && isNameless) {
    return parenthesized(file, words[0].getStart(file), words[1].end, statement.end, statement.end);
  }
  return words.map((word) => blank(file, word.getStart(file), word.end));
}

/** `export default …` as an expression: a function, class or object would be a declaration or block. */
function parenthesized(
  file: ts.SourceFile,
  start: number,
  valueStart: number,
  valueEnd: number,
  end: number,
): Edit[] {
  return [blank(file, start, valueStart, "("), { start: valueEnd, end, text: ");" }];
}
