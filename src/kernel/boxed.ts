/**
 * The second step of compiling a cell, before its imports become calls of `require`: a top-level variable x, of this
 * cell or an earlier one, becomes x_1.x, where x_1 is the object that holds it (see variables.ts). So a cell's code, its
 * functions included, uses the newest x, wherever that was written. The names that TypeScript itself would
 * write, `exports.x`, hold what a cell had at its end.
 *
 * In: JavaScript without types. What it calls, it finds under the global names below.
 */
import * as ts from "@tslab/typescript-for-tslab";

/** Gives the object that holds a variable. */
export const variableBox = "__variable__";
/** Imports a module while a cell runs; its `meta` is what cells know as `import.meta`. */
export const moduleImport = "__import__";

/** The values that a cell can name at its top level. */
export interface CellNames {
  /** Those that it declares itself. */
  own: ReadonlySet<string>;
  /** Those of earlier cells. */
  earlier: ReadonlySet<string>;
}

// Part of the compiler, but not of its published types.
interface Resolver {
  getReferencedValueDeclaration(name: ts.Identifier): ts.Declaration | undefined;
  getReferencedImportDeclaration(name: ts.Identifier): ts.Declaration | undefined;
}
interface Internals extends ts.TransformationContext {
  getEmitResolver(): Resolver;
}

/** What is found out about a cell on the way. Lines and columns are those of the text that comes in. */
export interface Findings {
  /** The modules that the cell imports. */
  imports: string[];
  statements: {
    declares: string[];
    now: Map<string, { line: number; column: number }>;
    later: Set<string>;
  }[];
}

/** @param findings takes what is found out */
export const boxVariables =
  ({ own, earlier }: CellNames, findings: Findings): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (file) => {
    const { factory } = context;
    const resolver = (context as Internals).getEmitResolver();
    const { locals } = file as ts.SourceFile & { locals?: ts.SymbolTable };
    const boxes = new Map<string, ts.Identifier>();
    /** The names that `var` declares: they are undefined at first, and no error. */
    const vars = new Set<string>();
    /** What is set before anything else: functions, imports, and a `var` that may not be reached. */
    const hoisted: ts.Statement[] = [];

    function boxed(name: ts.Identifier): ts.PropertyAccessExpression {
      let object = boxes.get(name.text);
      if (!object) {
        object = factory.createUniqueName(name.text);
        boxes.set(name.text, object);
      }
      note(name);
      return ts.setTextRange(factory.createPropertyAccessExpression(object, name.text), name);
    }

    function note(name: ts.Identifier): void {
      const statement = findings.statements[findings.statements.length - 1];
      if (!isReference(name) && !ts.isShorthandPropertyAssignment(name.parent)) {
        if (own.has(name.text)) statement.declares.push(name.text);
      } else if (ts.findAncestor(name, isCalledLater)) statement.later.add(name.text);
      else if (!statement.now.has(name.text)) {
        const { line, character } = file.getLineAndCharacterOfPosition(name.getStart(file));
        statement.now.set(name.text, { line, column: character });
      }
    }

    /** Whether it is one of the cell's own variables that this declares, and not a block's or the compiler's. */
    function isOwn(name: ts.Identifier, declaration: ts.Declaration): boolean {
      if (!locals?.get(name.escapedText)?.declarations?.includes(declaration)) return false;
      // Besides those, there is what holds the value of the last expression, which is exported at once.
      return own.has(name.text) || hasExport(declaration.parent.parent);
    }

    function isTop(name: ts.Identifier): boolean {
      const declaration =
        resolver.getReferencedValueDeclaration(name) ??
        resolver.getReferencedImportDeclaration(name);
      // In JavaScript the compiler takes the first `x.y = …` for a declaration, if it knows no other.
      const isNone = !declaration || ts.isIdentifier(declaration) || isAccess(declaration);
      if (isNone) return earlier.has(name.text);
      // A class calls itself by its name before that is set, for static fields.
      const isItself = ts.isClassLike(declaration) && isWithin(name, declaration);
      return !isItself && isOwn(name, declaration);
    }

    /** Whether it is the cell's own variables that a list declares. */
    function declares(list: ts.VariableDeclarationList): boolean {
      const names = list.declarations.flatMap(({ name }) => namesIn(name));
      return names.some((name) => isOwn(name, name.parent as ts.Declaration));
    }

    const visitExpression = (node: ts.Expression) => ts.visitNode(node, visit) as ts.Expression;

    /** A value for a variable: a function without a name takes the variable's. */
    function named(name: ts.Identifier, value: ts.Expression): ts.Expression {
      const visited = visitExpression(value);
      if (!isNameless(value)) return visited;
      const property = factory.createPropertyAssignment(name.text, visited);
      const object = factory.createObjectLiteralExpression([property]);
      return factory.createPropertyAccessExpression(object, name.text);
    }

    /** The left side of an assignment that does what a declaration does. */
    function target(pattern: ts.BindingName): ts.Expression {
      if (ts.isIdentifier(pattern)) return boxed(pattern);
      if (ts.isArrayBindingPattern(pattern)) {
        const elements = pattern.elements.map((element) => {
          if (ts.isOmittedExpression(element)) return element;
          if (element.dotDotDotToken) return factory.createSpreadElement(target(element.name));
          return withDefault(element);
        });
        return factory.createArrayLiteralExpression(elements);
      }
      const properties = pattern.elements.map((element) => {
        if (element.dotDotDotToken) return factory.createSpreadAssignment(target(element.name));
        const key = element.propertyName ?? element.name;
        const name = ts.isComputedPropertyName(key) ? ts.visitNode(key, visit) : key;
        return factory.createPropertyAssignment(name as ts.PropertyName, withDefault(element));
      });
      return factory.createObjectLiteralExpression(properties);
    }
    function withDefault({ name, initializer }: ts.BindingElement): ts.Expression {
      if (!initializer) return target(name);
      const value = ts.isIdentifier(name) ? named(name, initializer) : visitExpression(initializer);
      return factory.createAssignment(target(name), value);
    }

    function assignment(declaration: ts.VariableDeclaration): ts.Expression {
      const { name, initializer = factory.createVoidZero() } = declaration;
      // The value of the last expression is nobody's variable.
      const takesName = ts.isIdentifier(name) && own.has(name.text);
      const value = takesName ? named(name, initializer) : visitExpression(initializer);
      return ts.setTextRange(factory.createAssignment(target(name), value), declaration);
    }

    function set(name: ts.Identifier, value: ts.Expression): ts.Statement {
      return factory.createExpressionStatement(factory.createAssignment(boxed(name), value));
    }

    /**
     * The assignments that a list of the cell's own variables stands for.
     *
     * @param isReached whether the cell comes by here once, whenever it runs to its end
     */
    function assignments(list: ts.VariableDeclarationList, isReached: boolean): ts.Expression[] {
      const isVar = (list.flags & ts.NodeFlags.BlockScoped) === 0;
      const values = list.declarations.filter(({ name, initializer }) => {
        const names = namesIn(name);
        if (!isVar) return true;
        for (const each of names) vars.add(each.text);
        if (initializer && isReached) return true;
        // It is undefined when the cell begins: here, where nothing before this line asks for it, for a cell keeps
        // an earlier value until it sets another.
        const isUnused = names.every((each) => !boxes.has(each.text));
        if (isReached && isUnused) return true;
        for (const each of names) hoisted.push(set(each, factory.createVoidZero()));
        return Boolean(initializer);
      });
      return values.map(assignment);
    }

    function visitImport(node: ts.ImportDeclaration): ts.Node {
      findings.imports.push((node.moduleSpecifier as ts.StringLiteral).text);
      const { name, namedBindings } = node.importClause ?? {};
      const names = name ? [name] : [];
      if (namedBindings && ts.isNamespaceImport(namedBindings)) names.push(namedBindings.name);
      else names.push(...(namedBindings?.elements ?? []).map((element) => element.name));
      // For the name on the right TypeScript writes where the module keeps the value.
      for (const each of names) hoisted.push(set(each, each));
      return node;
    }

    function visitFunction(node: ts.FunctionDeclaration, name: ts.Identifier): undefined {
      const { asteriskToken, parameters, body, modifiers } = ts.visitEachChild(
        node,
        visit,
        context,
      );
      const value = factory.createFunctionExpression(
        modifiers?.filter(ts.isModifier).filter(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword),
        asteriskToken,
        name,
        undefined,
        parameters,
        undefined,
        body as ts.Block,
      );
      hoisted.push(ts.setTextRange(set(name, ts.setTextRange(value, node)), node));
    }

    function visitClass(node: ts.ClassDeclaration, name: ts.Identifier): ts.Node {
      const { heritageClauses, members } = ts.visitEachChild(node, visit, context);
      const value = factory.createClassExpression(
        undefined,
        name,
        undefined,
        heritageClauses,
        members,
      );
      return ts.setTextRange(set(name, ts.setTextRange(value, node)), node);
    }

    function visitShorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
      const { name, objectAssignmentInitializer: initial } = node;
      const value = initial
        ? factory.createAssignment(boxed(name), named(name, initial))
        : boxed(name);
      return factory.createPropertyAssignment(name.text, value);
    }

    const inline = (values: readonly ts.Expression[]) =>
      values.reduce((left, right) => factory.createComma(left, right));

    function visit(node: ts.Node): ts.VisitResult<ts.Node | undefined> {
      if (node.parent === file) {
        findings.statements.push({ declares: [], now: new Map(), later: new Set() });
      }
      if (ts.isImportDeclaration(node)) return visitImport(node);
      if (ts.isExportDeclaration(node)) return undefined;
      if (node.parent === file) {
        if (ts.isFunctionDeclaration(node) && node.name) return visitFunction(node, node.name);
        if (ts.isClassDeclaration(node) && node.name) return visitClass(node, node.name);
      }
      if (ts.isVariableStatement(node) && declares(node.declarationList)) {
        const values = assignments(node.declarationList, node.parent === file);
        if (values.length === 0) return factory.createEmptyStatement();
        const all = inline(values);
        return ts.setTextRange(factory.createExpressionStatement(all), node);
      }
      if (ts.isVariableDeclarationList(node) && declares(node)) {
        const isHead = !ts.isForStatement(node.parent);
        const values = assignments(node, !isHead && node.parent.parent === file);
        if (isHead) return target(node.declarations[0].name);
        return values.length > 0 ? inline(values) : undefined;
      }
      if (ts.isShorthandPropertyAssignment(node) && isTop(node.name)) return visitShorthand(node);
      if (ts.isBinaryExpression(node) && givesName(node.operatorToken.kind)) {
        const { left, operatorToken, right } = node;
        if (ts.isIdentifier(left) && isTop(left)) {
          return factory.updateBinaryExpression(
            node,
            boxed(left),
            operatorToken,
            named(left, right),
          );
        }
      }
      if (ts.isIdentifier(node)) return isReference(node) && isTop(node) ? boxed(node) : node;
      if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
        return factory.createPropertyAccessExpression(
          factory.createIdentifier(moduleImport),
          "meta",
        );
      }
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isCallExpression(visited)) return visitCall(node as ts.CallExpression, visited);
      if (ts.isTaggedTemplateExpression(visited) && visited.tag !== (node as typeof visited).tag) {
        const { tag, typeArguments, template } = visited;
        return factory.updateTaggedTemplateExpression(
          visited,
          withoutThis(tag),
          typeArguments,
          template,
        );
      }
      return visited;
    }

    function visitCall(node: ts.CallExpression, visited: ts.CallExpression): ts.Node {
      const { expression, typeArguments } = visited;
      if (expression.kind === ts.SyntaxKind.ImportKeyword) {
        const callee = factory.createIdentifier(moduleImport);
        return factory.createCallExpression(callee, typeArguments, visited.arguments);
      }
      if (!ts.isIdentifier(node.expression) || expression === node.expression) return visited;
      const callee = withoutThis(expression);
      return ts.isCallChain(visited)
        ? factory.updateCallChain(
            visited,
            callee,
            visited.questionDotToken,
            typeArguments,
            visited.arguments,
          )
        : factory.updateCallExpression(visited, callee, typeArguments, visited.arguments);
    }

    /** As something to call: what holds the function is not to be its `this`. */
    function withoutThis(callee: ts.Expression): ts.Expression {
      if (!ts.isPropertyAccessExpression(callee)) return callee;
      const comma = factory.createComma(factory.createNumericLiteral(0), callee);
      const parenthesized = ts.setTextRange(factory.createParenthesizedExpression(comma), callee);
      // So a call has its line and column where the name begins.
      const where = ts.EmitFlags.NoNestedSourceMaps | ts.EmitFlags.NoTrailingSourceMap;
      return ts.setEmitFlags(parenthesized, where);
    }

    const visited = ts.visitEachChild(file, visit, context);
    const body = [...visited.statements];
    const prologue = body.splice(0, body.findIndex((each) => !isDirective(each)) >>> 0);
    const isImport = (each: ts.Statement) => ts.isImportDeclaration(each);
    const taken = [...boxes].map(([name, object]) => {
      const call = factory.createCallExpression(
        factory.createIdentifier(variableBox),
        undefined,
        vars.has(name)
          ? [factory.createStringLiteral(name), factory.createTrue()]
          : [factory.createStringLiteral(name)],
      );
      return factory.createVariableDeclaration(object, undefined, undefined, call);
    });
    const take = factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList(taken, ts.NodeFlags.Const),
    );
    return factory.updateSourceFile(visited, [
      ...prologue,
      ...(taken.length > 0 ? [take] : []),
      ...body.filter(isImport),
      ...hoisted,
      ...body.filter((each) => !isImport(each)),
    ]);
  };

function isNameless(value: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(value)) return isNameless(value.expression);
  if (ts.isArrowFunction(value)) return true;
  return (ts.isFunctionExpression(value) || ts.isClassExpression(value)) && !value.name;
}

function givesName(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.EqualsToken ||
    operator === ts.SyntaxKind.BarBarEqualsToken ||
    operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken ||
    operator === ts.SyntaxKind.QuestionQuestionEqualsToken
  );
}

/** Whether a name stands for a variable, and is not just a property's, a label's or a declaration's own. */
function isReference(node: ts.Identifier): boolean {
  const { name, propertyName, label } = node.parent as unknown as Record<string, unknown>;
  return name !== node && propertyName !== node && label !== node;
}

/** Whether what stands in it runs only when something is called. */
function isCalledLater(node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isPropertyDeclaration(node);
}

function isAccess(node: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isBinaryExpression(node)
  );
}

function isDirective(node: ts.Statement): boolean {
  return ts.isExpressionStatement(node) && ts.isStringLiteral(node.expression);
}

function hasExport(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.[0]?.kind === ts.SyntaxKind.ExportKeyword
  );
}

function isWithin(node: ts.Node, ancestor: ts.Node): boolean {
  return ts.findAncestor(node, (each) => each === ancestor) !== undefined;
}

/** The names that a pattern binds. */
export function namesIn(pattern: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(pattern)) return [pattern];
  return pattern.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : namesIn(element.name),
  );
}
