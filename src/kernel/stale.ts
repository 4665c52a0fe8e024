/**
 * Which functions of earlier cells do not fit any more. A cell may declare a name again with another type; the code of
 * earlier cells that uses the name then uses the new one, and was checked against the old. So it is checked
 * again, and what turns out wrong is refused where a cell uses it, until one of the two is mended.
 */
import * as ts from "@tslab/typescript-for-tslab";
import { namesIn } from "./boxed";
import type { Diagnostic } from "./errors";

/** What a statement at the top of a cell has to do with the variables of cells. */
export interface Statement {
  /** Those that it declares. */
  declares: readonly string[];
  /** Those that it uses when it runs, and where first; line and column from 0. */
  now: ReadonlyMap<string, Diagnostic["start"]>;
  /** Those that its functions use when they are called. */
  later: ReadonlySet<string>;
}

/** A cell that ran. */
export interface RanCell {
  label: string;
  /** As the reader wrote it. */
  source: string;
  /** What was compiled. */
  code: string;
  statements: readonly Statement[];
}

/** Something that does not fit, in the words of an error. */
interface Fault {
  message: string;
  related: NonNullable<Diagnostic["related"]>;
}

export interface StaleCode {
  /**
   * What is wrong with running a cell: it uses what does not fit any more, or will not once it has run.
   *
   * @param before the declarations of all variables
   * @param after what they will be
   */
  faultsIn(cell: RanCell, before: string, after: string): Diagnostic[];
  /** To be called when a cell has run. */
  ran(cell: RanCell, before: string, after: string): void;
}

interface State {
  /** The cell that declared each variable last. */
  owners: ReadonlyMap<string, RanCell>;
  /** Those that own variables, in the order in which they ran. */
  cells: readonly RanCell[];
  /** The variables that do not fit. */
  faults: ReadonlyMap<string, Fault>;
}

/** @param check gives the type errors of a cell's code, if variables are declared so */
export function createStaleCode(
  check: (declarations: string, code: string) => readonly Diagnostic[],
): StaleCode {
  let state: State = { owners: new Map(), cells: [], faults: new Map() };
  /** What comes next, if the cell that was looked at last runs to its end. */
  let next: { statements: readonly Statement[]; declarations: string; state: State } | undefined;

  function after(cell: RanCell, before: string, declarations: string): State {
    const declared = cell.statements.flatMap(({ declares }) => declares);
    const owners = new Map(state.owners);
    const faults = new Map(state.faults);
    for (const name of declared) {
      owners.set(name, cell);
      faults.delete(name);
    }
    const known = declared.filter((name) => state.owners.has(name));
    // Only who loses a variable may be left without any: a notebook has many cells, and this comes with each.
    const losers = new Set(known.map((name) => state.owners.get(name)));
    const cells = state.cells.filter((each) => !losers.has(each) || owned(each, owners).size > 0);
    if (declared.length > 0) cells.push(cell);
    if (known.length > 0) {
      const [old, now] = [signatures(before), signatures(declarations)];
      const changed = new Set(known.filter((name) => old.get(name) !== now.get(name)));
      for (const each of cells) {
        const uses = each.statements.some(({ later }) =>
          [...later].some((name) => changed.has(name)),
        );
        if (each === cell || !uses) continue;
        for (const name of owned(each, owners)) faults.delete(name);
        for (const [name, fault] of checkAgain(each, { owners, cells, faults }, declarations)) {
          faults.set(name, fault);
        }
      }
    }
    return { owners, cells, faults };
  }

  function checkAgain(cell: RanCell, { owners, cells }: State, declarations: string) {
    const faults = new Map<string, Fault>();
    const mine = owned(cell, owners);
    const isNewer = (name: string) => {
      const owner = owners.get(name);
      return owner !== undefined && cells.indexOf(owner) > cells.indexOf(cell);
    };
    const { code, file } = withOthers(cell.code, mine);
    const lines = code.split(/\r\n?|\n/);
    // With an error of ours on a line after it, so that it is checked and no more.
    for (const { start, messageText, fileName } of check(declarations, `${code}\n0 as string;`)) {
      if (fileName || start.line >= lines.length) continue;
      const at = file.getPositionOfLineAndCharacter(start.line, start.character);
      const statement = file.statements.find(({ pos, end }) => pos <= at && at < end);
      if (!statement || !isInFunction(statement, at)) continue;
      const names = namesOf(statement).filter((name) => mine.has(name));
      const uses = cell.statements.filter(({ declares }) => declares.includes(names[0]));
      const others = uses.flatMap(({ later }) => [...later]).filter(isNewer);
      const other = others.find((name) => lines[start.line].includes(name)) ?? others[0];
      if (other === undefined) continue;
      const place = `${cell.label}, line ${start.line + 1}`;
      const change = `${other} as ${owners.get(other)?.label} declares it`;
      const related = [{ label: cell.label, source: cell.source, ...start }];
      for (const name of names) {
        if (faults.has(name)) continue;
        const message = `${name} (${place}) does not fit ${change}: ${messageText} Change one of them, and run its cell again.`;
        faults.set(name, { message, related });
      }
    }
    return faults;
  }

  return {
    faultsIn(cell, before, declarations) {
      const { statements } = cell;
      next = { statements, declarations, state: after(cell, before, declarations) };
      const found = unfit(next.state);
      const wrong: Diagnostic[] = [];
      for (const [name, start] of statements.flatMap(({ now }) => [...now])) {
        const fault = found.get(name);
        if (!fault) continue;
        const end = { ...start, character: start.character + name.length };
        wrong.push({ start, end, code: 2345, messageText: fault.message, related: fault.related });
      }
      return wrong;
    },
    ran(cell, before, declarations) {
      const isNext = next?.statements === cell.statements && next.declarations === declarations;
      state = isNext && next ? next.state : after(cell, before, declarations);
    },
  };
}

function owned(cell: RanCell, owners: State["owners"]): Set<string> {
  const declared = cell.statements.flatMap(({ declares }) => declares);
  return new Set(declared.filter((name) => owners.get(name) === cell));
}

/** The variables that do not fit, and all whose functions use them. */
function unfit({ owners, cells, faults }: State): ReadonlyMap<string, Fault> {
  const found = new Map(faults);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const cell of cells) {
      for (const { declares, later } of cell.statements) {
        const used = [...later].find((name) => found.has(name)) ?? "";
        const fault = found.get(used);
        for (const name of fault ? declares : []) {
          if (owners.get(name) !== cell || found.has(name)) continue;
          const message = `${name} uses ${used}. ${fault?.message}`;
          found.set(name, { message, related: fault?.related ?? [] });
        }
      }
    }
  }
  return found;
}

/** The text of each variable's declaration. */
function signatures(declarations: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, text } of valuesDeclared(declarations)) {
    found.set(name, (found.get(name) ?? "") + text);
  }
  return found;
}

/** The variables of a text of declarations, each with its statement and its own part of that. */
export function valuesDeclared(
  declarations: string,
): { name: string; text: string; statement: ts.Statement }[] {
  const file = parse(declarations);
  return file.statements.flatMap((statement) =>
    identifiersIn(statement).map((name) => {
      const part = ts.isVariableDeclaration(name.parent) ? name.parent : statement;
      return { name: name.text, text: part.getText(file), statement };
    }),
  );
}

/** A cell's code in which what other cells have declared since goes by other names: so the newest is meant. */
function withOthers(code: string, owned: ReadonlySet<string>) {
  const file = parse(code);
  let changed = code;
  const names = file.statements.flatMap(identifiersIn).filter(({ text }) => !owned.has(text));
  for (const [i, name] of [...names.entries()].reverse()) {
    // As long as the name, so that columns stay.
    const instead = `ꙮ${i.toString(36)}`.padEnd(name.text.length, "ꙮ");
    const isShort =
      (ts.isBindingElement(name.parent) || ts.isImportSpecifier(name.parent)) &&
      !name.parent.propertyName &&
      !(name.parent as ts.BindingElement).dotDotDotToken;
    const between = ts.isBindingElement(name.parent) ? ": " : " as ";
    const text = isShort ? name.text + between + instead : instead;
    changed = changed.slice(0, name.getStart(file)) + text + changed.slice(name.end);
  }
  return { code: changed, file: parse(changed) };
}

function parse(code: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
}

function namesOf(statement: ts.Statement): string[] {
  return identifiersIn(statement).map(({ text }) => text);
}

/** The names of the variables that a statement declares. */
function identifiersIn(statement: ts.Statement): ts.Identifier[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const names = name ? [name] : [];
    if (!namedBindings) return names;
    if (ts.isNamespaceImport(namedBindings)) return [...names, namedBindings.name];
    return [...names, ...namedBindings.elements.map((element) => element.name)];
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement);
  return isNamed && statement.name && ts.isIdentifier(statement.name) ? [statement.name] : [];
}

/** Whether what stands at a place runs only when something is called. */
function isInFunction(node: ts.Node, at: number): boolean {
  if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) return true;
  return (
    ts.forEachChild(
      node,
      (child) => child.pos <= at && at < child.end && isInFunction(child, at),
    ) ?? false
  );
}
