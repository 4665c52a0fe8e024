/**
 * Grading: tests that a submission cannot reach. The kernel grades if it is started with `--grading=` and the
 * path of a file of settings, and never else.
 *
 * Cells whose very text the settings list are the instructor's: they run in this process, as all cells do
 * outside grading. All others are the student's: they are compiled here and run in a process of their own,
 * confined and without any access to this one (grading/confine.ts). What a test uses and does not declare it
 * borrows: a function of the student's becomes a stand-in, which calls the function in the other process and
 * waits for its value; a variable becomes a copy of its value. Both are data, never code (grading/transfer.ts).
 * So a test that calls the student's functions and judges what they return is written as for any kernel, if
 *
 * - it imports, in the test itself or one before it, whatever it uses of the library: what the library holds is
 *   never borrowed;
 * - no test declares or imports the name of what the student is to write;
 * - it needs no function, Map or class of the student's as a value, and hands over none;
 * - it works out what is right before it hands its data to the student's function, which may change them;
 * - its last expression is its score, and not something that it borrowed.
 *
 * Known to be open: a cell of the student's can keep the compiler busy in this process, which ends with
 * nbgrader's patience and without marks. Where `canUnshare` finds no help of the system's, the network is
 * closed by the lack of any function that reaches it, and not by the system. On Windows memory is limited for
 * JavaScript's heap only.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as ts from "@tslab/typescript-for-tslab";
import { assignments } from "../coursework/assignments";
import { type CellConverter, type Cells, createCells, type Runner } from "./cells";
import { readCalls } from "./errors";
import { canUnshare } from "./grading/confine";
import type { Bundle, Found, Trouble } from "./grading/inside";
import { bundle } from "./grading/programs";
import { type Output, type Submission, startSubmission } from "./grading/submission";
import { namesOf, type Packed, pack, unpack } from "./grading/transfer";
import { Interruption } from "./interrupt";
import { currentCell } from "./output";

/** How the kernel was asked to grade. */
export interface Grading {
  /** The path of the settings. */
  settings: string;
  /** The name of the assignment: what its tasks ask to write, the library does not offer. */
  assignment: string;
}

/** The file of settings, as JSON. */
interface Settings {
  /** The SHA-256, in hexadecimal, of the text of each of the instructor's cells. */
  trusted: readonly string[];
  /** The modules that the student's cells may import. */
  doors?: readonly string[];
  /** How long one call of a student's function may take. */
  secondsPerCall?: number;
  /** How large the heap of the submission's process may grow. */
  megabytes?: number;
}

const frontDoors = [
  "./src/nn",
  "./src/data",
  "./src/show",
  "./src/exercise",
  "./src/explore",
  "./src/coursework",
];
const longest = 10_000;

export async function createGradingCells({ settings: path, assignment }: Grading): Promise<Cells> {
  const settings: Settings = JSON.parse(readFileSync(path, "utf8"));
  const forbidden = assignments.find(({ name }) => name === assignment)?.forbidden ?? [];
  const { doors = frontDoors, secondsPerCall = 10, megabytes = 512 } = settings;
  const trusted = new Set(settings.trusted);
  if (!canUnshare())
    process.stderr.write("Grading: this system cannot take the network from a process.\n");
  const submission = startSubmission(await bundle(doors, forbidden), megabytes);

  const tests = createCells({ lend: (names) => borrow(submission, names, secondsPerCall) });
  const students = createCells({
    runner: (converter, failed) => runThere(submission, doors, converter, failed),
  });
  return {
    ...students,
    run: (code, label) => {
      const hash = createHash("sha256").update(code).digest("hex");
      return (trusted.has(hash) ? tests : students).run(code, label);
    },
    interrupt() {
      tests.interrupt();
      students.interrupt();
    },
  };
}

/** Runs the student's cells in their own process. */
function runThere(
  submission: Submission,
  doors: readonly string[],
  converter: CellConverter,
  failed: (thrown: unknown) => void,
): Runner {
  const locals: Record<string, unknown> = {};
  return {
    locals,
    interrupt: submission.interrupt,
    async execute(code) {
      const cell = currentCell.getStore();
      // nbgrader gives full marks to a test that says nothing, and none to one with anything on stderr. So if a
      // cell of the student's ever stands in the place of a test, it earns nothing.
      cell?.write("stderr", "");
      cell?.flush();
      const refused = foreignImport(code, doors);
      if (refused !== undefined) {
        failed(
          new Error(`"${refused}" cannot be imported in graded work, only ${doors.join(", ")}.`),
        );
        return false;
      }
      const { output, hasToplevelAwait, shown } = converter.convert("", code);
      if (!output) return true;
      const name = /\/\/# sourceURL=(\S+)$/.exec(output)?.[1] ?? "";
      const reply = await submission.run(
        { run: output, name, awaits: Boolean(hasToplevelAwait), shown },
        (output) => relay(output, cell),
      );
      // Their values are in the other process; that they changed is all that is asked for here.
      for (const name of reply.changed ?? []) locals[name] = Symbol();
      const bundle = reply.shown && readBundle(reply.shown);
      if (shown && bundle) locals[shown] = { [Symbol.for("Jupyter.display")]: () => bundle };
      if (reply.error) {
        const error = readTrouble(reply.error);
        failed(error.name === "Interrupted" ? new Interruption(error.message) : error);
      }
      return !reply.error;
    },
  };
}

function relay(output: Output, cell: ReturnType<typeof currentCell.getStore>): void {
  if ("print" in output) {
    cell?.write(output.print === "stderr" ? "stderr" : "stdout", String(output.text));
  } else {
    const { data, id, update } = output.display;
    cell?.display(readBundle(data), {
      id: id === undefined ? undefined : String(id),
      update: update === true,
    });
  }
}

/** What stands for names of the student's in a test. */
function borrow(
  submission: Submission,
  names: readonly string[],
  seconds: number,
): Record<string, unknown> {
  const { found, error } = submission.ask({ get: names }, seconds);
  const lent: Record<string, unknown> = {};
  names.forEach((name, i) => {
    const what: Found = error ? { error } : (found?.[i] ?? "missing");
    if (what === "function") lent[name] = standIn(submission, name, seconds);
    else if (what === "missing") {
      lent[name] = failing(() => new Error(`The submission declares no ${name}.`));
    } else if (typeof what === "object") {
      try {
        if ("error" in what) throw readTrouble(what.error);
        lent[name] = read(what.value, []);
      } catch (thrown) {
        lent[name] = failing(() => thrown);
      }
    }
  });
  return lent;
}

/** In place of what cannot be had: whatever it is compared with, it is not equal, and calling it fails. */
function failing(reason: () => unknown): () => never {
  return () => {
    throw reason();
  };
}

function standIn(submission: Submission, name: string, seconds: number) {
  let stopped: unknown;
  return (...args: unknown[]): unknown => {
    // Each further call would take as long again.
    if (stopped) throw stopped;
    const objects: object[] = [];
    const { value, error } = submission.ask(
      { call: name, args: pack(args, objects, libraryNames(), "refuse") },
      seconds,
    );
    if (error?.name === "Interrupted") stopped = readTrouble(error);
    if (error) throw stopped ?? readTrouble(error);
    return (read(value, objects) as unknown[])[0];
  };
}

function read(packed: Packed | undefined, objects: object[]): unknown {
  try {
    return unpack(packed as Packed, objects, libraryNames());
  } catch {
    throw new Error("What the submission answered cannot be read.");
  }
}

/** The activations and losses as the tests know them: those that tslab has compiled. */
function libraryNames() {
  const { require } = (globalThis as never as { __tslab__: { require: NodeJS.Require } }).__tslab__;
  return namesOf(require("./src/nn"));
}

function readTrouble({ name, message, calls }: Trouble): Error {
  const text = String(message).slice(0, longest);
  const error = Object.assign(new Error(text), { name: String(name).slice(0, 100) });
  void error.stack; // finds frames of this process, which are to be replaced
  const places = Array.isArray(calls) ? calls.slice(0, 100) : [];
  readCalls(
    error,
    places.map(({ script, name, line, column }) => ({
      script: String(script),
      name: String(name).slice(0, 100),
      line: Number(line),
      column: Number(column),
    })),
  );
  return error;
}

/** What the student's cells show, by type. Whoever shows it cleans it first: nbgrader's pipeline does. */
function readBundle(data: Bundle): Bundle {
  const { "text/plain": plain = "", "text/html": html, "text/latex": latex } = data;
  return {
    "text/plain": String(plain),
    ...(html === undefined ? {} : { "text/html": String(html) }),
    ...(latex === undefined ? {} : { "text/latex": String(latex) }),
  };
}

/** The first module that a cell names, in any way that the compiler would follow, and may not import. */
function foreignImport(code: string, doors: readonly string[]): string | undefined {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const references = [...file.referencedFiles, ...file.typeReferenceDirectives];
  if (references.length > 0) return references[0].fileName;
  const visit = (node: ts.Node): string | undefined => {
    const name = namedModule(node);
    if (name && ts.isStringLiteralLike(name) && !doors.includes(name.text)) return name.text;
    return ts.forEachChild(node, visit);
  };
  return visit(file);
}

function namedModule(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isModuleDeclaration(node)) return node.name;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const { kind } = node.expression;
  const isImport = kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
  return isImport ? node.arguments[0] : undefined;
}
