/**
 * tslab's compiler with three things added, and to be imported before tslab is: source maps, so that errors
 * name the reader's own lines; a call at the head of each loop of a cell, so that it can be stopped; and
 * `{ x }` for a variable of an earlier cell, which tslab misses.
 */
import { SourceMap } from "node:module";
import * as original from "@tslab/typescript-for-tslab";

/** A place in a text; line and column from 0. */
export interface Place {
  line: number;
  column: number;
}

/** Finds the place in the TypeScript that a place in the JavaScript comes from. */
export type Origin = (place: Place) => Place | undefined;

/** The name under which the loops of compiled code find what to call. */
export const loopCheck = "__loop__";

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
const changed: Partial<typeof original> = {
  createWatchCompilerHost: ((files: string[], options: object, ...rest: [never]) =>
    original.createWatchCompilerHost(
      files,
      { ...options, inlineSourceMap: true },
      ...rest,
    )) as typeof original.createWatchCompilerHost,

  transpileModule(input, options) {
    const [, encoded = ""] = mapComment.exec(input) ?? [];
    const map = Buffer.from(encoded, "base64").toString();
    // Source files are left as they are: their loops are where training spends its time.
    const isCell = map !== "" && JSON.parse(map).file === "__tslab__.js";
    const output = original.transpileModule(input.replace(mapComment, ""), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: isCell ? [checkLoops] : [] },
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
