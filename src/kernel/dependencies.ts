/** Which cells depend on which, by their text: nothing is run. */
import * as ts from "@tslab/typescript-for-tslab";
import { isAmbient, isTopLevel, type ReadCell, readCell } from "./uses";

/** What a cell has to do with the names that cells share: variables, functions, classes, imports, types. */
export interface Dependencies {
  /**
   * Those that it declares, or sets: as a whole, or something in them. What is called for what it does may set something,
   * too: a method, its object; a function, what it is given.
   */
  declares: string[];
  /** Those that it reads or sets and does not declare; the engine's own are among them. */
  uses: string[];
  /** What it calls for a value: that may change something all the same. */
  calls?: Call[];
  /** What calls of the functions that it declares or imports change, by their names. */
  functions?: Record<string, Changes>;
}

/** What calling a function changes: a name, or what it is given, by the argument's place. */
export interface Changes {
  sets: (string | number)[];
  calls: Call[];
}

/** The function's name, and each argument: the name that it belongs to, or of the calling function's own arguments the place. */
export type Call = [callee: string, ...args: (string | number | null)[]];

/** The library's functions that change in place what they are given, by room, and which argument that is. */
export const changing: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  arithmetic: { shuffle: 0 },
  nn: { activateBackward: 3, update: 0 },
  show: { trainLive: 0 },
  training: { train: 0 },
};

/** What a cell declares and uses. Of what is no TypeScript, as much as can be read. */
export function dependenciesOf(code: string): Dependencies {
  const cell = readCell(code);
  const { file, resolve } = cell;
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
  const functions: Record<string, Changes> = importedChanges(file);
  const { sets, calls } = changesIn(file, cell, [], (name, body, parameters) => {
    const changes = changesIn(body, cell, parameters);
    if (changes.sets.length > 0 || changes.calls.length > 0) functions[name] = changes;
  });
  for (const name of sets) declares.add(String(name));
  return {
    declares: [...declares],
    uses: [...uses],
    ...(calls.length > 0 && { calls }),
    ...(Object.keys(functions).length > 0 && { functions }),
  };
}

type Body = ts.ConciseBody | ts.SourceFile;

/**
 * What running some code changes.
 *
 * @param parameters of the function whose body it is
 * @param tell is called for each function with a name in it: its body runs when it is called; without it, here
 */
function changesIn(
  body: Body,
  { resolve }: ReadCell,
  parameters: readonly ts.ParameterDeclaration[],
  tell?: (name: string, body: Body, parameters: readonly ts.ParameterDeclaration[]) => void,
): Changes {
  const sets = new Set<string | number>();
  const calls = new Map<string, Call>();
  const meant = (node: ts.Node): string | number | null => {
    const root = ownerOf(node);
    if (!ts.isIdentifier(root)) return null;
    const declaration = resolve(root);
    if (!declaration || isTopLevel(declaration)) return root.text;
    const place = parameters.indexOf(declaration as ts.ParameterDeclaration);
    return place < 0 ? null : place;
  };
  const set = (node: ts.Node) => {
    const name = meant(node);
    if (name !== null) sets.add(name);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isClassLike(node)) return;
    const named = tell ? namedFunction(node) : undefined;
    if (tell && named?.body) {
      tell(named.name, named.body, named.parameters);
      return;
    }
    if (ts.isIdentifier(node) && isName(node) && isSet(node)) set(node);
    if (ts.isCallExpression(node)) {
      const { expression: callee, arguments: args } = node;
      const isMethod = ts.isPropertyAccessExpression(callee);
      if (isMethod && writers.has(callee.name.text)) set(callee.expression);
      if (isMethod && /^Object\.(assign|defineProperty|defineProperties)$/.test(callee.getText()))
        set(args[0] ?? callee);
      const name = calleeName(callee, resolve);
      if (name !== undefined) {
        const call: Call = [name, ...args.map((one) => meant(one))];
        calls.set(JSON.stringify(call), call);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (ts.isSourceFile(body)) ts.forEachChild(body, visit);
  else visit(body);
  return { sets: [...sets], calls: [...calls.values()] };
}

/** `f` of `f()`, and `nn.f` of `nn.f()`, if a cell may have declared it. */
function calleeName(callee: ts.Expression, resolve: ReadCell["resolve"]): string | undefined {
  const isMember = ts.isPropertyAccessExpression(callee);
  const root = isMember ? callee.expression : callee;
  if (!ts.isIdentifier(root)) return undefined;
  const declaration = resolve(root);
  if (declaration && !isTopLevel(declaration)) return undefined;
  return isMember ? `${root.text}.${callee.name.text}` : root.text;
}

/** `function f() {…}`, `f = () => …`: with a name that one calls it by. */
function namedFunction(node: ts.Node) {
  const made = ts.isVariableDeclaration(node) ? node.initializer : node;
  const { name } = node as Partial<ts.NamedDeclaration>;
  const isFunction =
    made &&
    (ts.isFunctionDeclaration(made) || ts.isFunctionExpression(made) || ts.isArrowFunction(made));
  if (!isFunction || !name || !ts.isIdentifier(name)) return undefined;
  return { name: name.text, body: made.body, parameters: made.parameters };
}

/** What the imported functions change that are known to change something, by the names that the cell gives them. */
function importedChanges(file: ts.SourceFile): Record<string, Changes> {
  const found: Record<string, Changes> = {};
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const { moduleSpecifier: from, importClause } = statement;
    const bindings = importClause?.namedBindings;
    const room = ts.isStringLiteral(from) && /^\.\.?\/src\/(\w+)/.exec(from.text)?.[1];
    if (!bindings || !room) continue;
    for (const [name, argument] of Object.entries(changing[room] ?? {})) {
      const changes = { sets: [argument], calls: [] };
      if (ts.isNamespaceImport(bindings)) found[`${bindings.name.text}.${name}`] = changes;
      else
        for (const { name: as, propertyName } of bindings.elements)
          if ((propertyName ?? as).text === name) found[as.text] = changes;
    }
  }
  return found;
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

/** Methods that change their object and are called for a value, too: of lists, maps and sets. */
const writers = new Set(
  "add clear copyWithin delete fill pop push reverse set shift sort splice unshift".split(" "),
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

/** `a` of `a.b[0].c` and of `a.sort().length`, but not of `a.map(f)`, which is a list of its own. */
function ownerOf(node: ts.Node): ts.Node {
  if (ts.isCallExpression(node)) {
    const { expression: callee } = node;
    const isSame = ts.isPropertyAccessExpression(callee) && writers.has(callee.name.text);
    return isSame ? ownerOf(callee.expression) : node;
  }
  const isPart =
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isParenthesizedExpression(node);
  return isPart ? ownerOf(node.expression) : node;
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
