/**
 * tslab leaves `{ x }` alone where x is a variable of an earlier cell, and running it fails: «x is not
 * defined». Written out, `{ x: x }`, it works; so cells are compiled that way.
 */
import * as ts from "@tslab/typescript-for-tslab";

export interface WrittenOut {
  code: string;
  /** The column in the cell as the reader wrote it, for a place in `code`; both from 0. */
  column(line: number, character: number): number;
}

export function writeOutShorthand(source: string): WrittenOut {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  const inserted: { at: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      inserted.push({ at: node.name.getStart(file), text: `${node.name.text}: ` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);

  let code = source;
  for (const { at, text } of [...inserted].reverse())
    code = code.slice(0, at) + text + code.slice(at);
  return {
    code,
    column(line, character) {
      let column = character;
      for (const { at, text } of inserted) {
        const place = file.getLineAndCharacterOfPosition(at);
        // Those before, on the same line, have pushed it to the right.
        if (place.line === line && place.character < column)
          column = Math.max(place.character, column - text.length);
      }
      return column;
    },
  };
}
