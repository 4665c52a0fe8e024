/** Which cells depend on which, by their text: nothing is run. */
import * as ts from "@tslab/typescript-for-tslab";
import { isAmbient, isTopLevel, readCell } from "./uses";

/** What a cell has to do with the names that cells share: variables, functions, classes, imports, types. */
export interface Dependencies {
  /**
   * Those that it declares, or sets: as a whole, or something in them. What is called for what it does may set something,
   * too: a method, its object; a function, what it is given.
   */
  declares: string[];
  /** Those that it reads or sets and does not declare; the engine's own are among them. */
  uses: string[];
}

/** What a cell declares and uses. Of what is no TypeScript, as much as can be read. */
export function dependenciesOf(code: string): Dependencies {
  const { file, resolve } = readCell(code);
  const { Value, Type, Namespace } = ts.SymbolFlags;
  const declares = new Set<string>();
  const uses = new Set<string>();
  const { locals } = file as ts.SourceFile & { locals?: ts.SymbolTable };
  for (const symbol of locals?.values() ?? []) {
    if (!symbol.declarations?.every(isAmbient)) declares.add(symbol.name);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text !== "" && isName(node)) {
      const declaration = resolve(node, Value | Type | Namespace);
      if (isSet(node) && (!declaration || isTopLevel(declaration))) declares.add(node.text);
      if (!declaration) uses.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const name of changedByCalls(file)) {
    const declaration = resolve(name, Value | Type | Namespace);
    if (declaration && !isTopLevel(declaration)) continue;
    declares.add(name.text);
  }
  return { declares: [...declares], uses: [...uses] };
}

/** Whether an identifier stands for something that is declared elsewhere: not for a property, or itself as it is declared. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent))
    return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent))
    return false;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return (parent as Partial<ts.NamedDeclaration>).name !== node;
}

/** Whether a name is set where it stands, or something in what it names: `x = …`, `x.y += …`, `x[0]++`, `[x] = …`. */
function isSet(node: ts.Identifier): boolean {
  let at: ts.Node = node;
  for (;;) {
    const { parent } = at;
    const isPart =
      (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
      parent.expression === at;
    if (!isPart && !ts.isParenthesizedExpression(parent) && !ts.isNonNullExpression(parent))
      return isTarget(at);
    at = parent;
  }
}

/** Whether an expression is what an assignment sets, alone or in a pattern. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && isAssignment(parent);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
    return [PlusPlusToken, MinusMinusToken].includes(parent.operator as never);
  }
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent))
    return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent))
    return parent.name === node && isTarget(parent.parent);
  if (ts.isPropertyAssignment(parent))
    return parent.initializer === node && isTarget(parent.parent);
  const isInPattern =
    ts.isArrayLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isSpreadAssignment(parent);
  return isInPattern && isTarget(parent);
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  const { FirstAssignment, LastAssignment } = ts.SyntaxKind;
  return kind >= FirstAssignment && kind <= LastAssignment;
}

/** Methods that only read. */
const readers = new Set(
  (
    "at catch concat entries every filter find findIndex findLast finally flat flatMap forEach get has includes indexOf " +
    "join keys lastIndexOf map reduce reduceRight slice some subarray then toFixed toReversed toSorted toString values"
  ).split(" "),
);

/** The names of what calls may change that are made for what they do: statements of their own, outside of functions. */
function changedByCalls(file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const take = (node: ts.Node) => {
    const root = rootOf(node);
    if (ts.isIdentifier(root)) found.push(root);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isExpressionStatement(node)) {
      const call = withoutAwait(node.expression);
      if (ts.isCallExpression(call)) {
        const { expression: callee } = call;
        if (ts.isPropertyAccessExpression(callee)) {
          if (!readers.has(callee.name.text)) take(callee);
          // The last statement's value is shown: it may be called for that.
        } else if (node !== file.statements[file.statements.length - 1])
          call.arguments.forEach(take);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function withoutAwait(node: ts.Expression): ts.Expression {
  const isWrapped =
    ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) || ts.isVoidExpression(node);
  return isWrapped ? withoutAwait(node.expression) : node;
}

/** `a` of `a.b[0].c`, and of `a.set(1).set(2)`. */
function rootOf(node: ts.Node): ts.Node {
  const isPart =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isCallExpression(node);
  return isPart ? rootOf(node.expression) : node;
}
