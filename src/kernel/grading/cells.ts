/**
 * Grading: tests that a submission cannot reach. The kernel grades if it is started with `--grading=` and the
 * path of a file of settings, and never else.
 *
 * Cells whose very text the settings list are the instructor's tests: they run in this process, as all cells do
 * outside grading. All others are the student's, the given ones too: they are compiled in a thread of their own and
 * run in a process of their own, confined and without any access to this one (confine.ts). What a test uses
 * and does not declare it borrows: a function of the student's becomes a stand-in, which calls the function in the
 * other process and waits for its value; a variable becomes a copy of its value. Both are data, never code
 * (transfer.ts). So a test that calls the student's functions and judges what they return is written as for
 * any kernel, if
 *
 * - it imports, in the test itself or one before it, whatever it uses of the library: what the library holds is
 *   never borrowed;
 * - no test declares or imports the name of what the student is to write;
 * - it needs no function, Map or class of the student's as a value, and hands over none;
 * - it works out what is right before it hands its data to the student's function, which may change them;
 * - its last expression is its score, and not something that it borrowed.
 *
 * While a cell runs, all of the library is there for it. While a test asks, the library's functions refuse whatever
 * the assignment does not allow to answers, by whichever way they are reached: directly, by an object that holds
 * them, by a given function that calls them (programs.ts).
 *
 * Known to be open: where `canUnshare` finds no help of the system's, the network is closed by the lack of any
 * function that reaches it, and not by the system. On Windows memory is limited for JavaScript's heap only.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { assignments } from "../../coursework/assignments";
import { type Cells, createCells } from "../cells";
import { Interruption } from "../interrupt";
import { runHere } from "../node/runner";
import type { CellOutput } from "../output";
import { platform } from "../platform";
import { canUnshare } from "./confine";
import type { Bundle, Found, Reply, Request } from "./inside";
import { startDrawing } from "./pictures";
import { bundle } from "./programs";
import type { Output } from "./student";
import { type Limits, type Submission, startSubmission } from "./submission";
import { namesOf, type Packed, pack, unpack } from "./transfer";

/** How the kernel was asked to grade. */
export interface Grading {
  /** The path of the settings. */
  settings: string;
  /** The name of the assignment: what of the library its answers may use follows from it. */
  assignment: string;
}

/** The file of settings, as JSON. */
interface Settings extends Partial<Limits> {
  /** The SHA-256, in hexadecimal, of the text of each test. */
  trusted: readonly string[];
  /** Whether feedback may show a case that differs, where no known mistake explains it. Default: false. */
  showCase?: boolean;
}

type Draw = ReturnType<typeof startDrawing>;

const longest = 10_000;

export async function createGradingCells({ settings: path, assignment }: Grading): Promise<Cells> {
  const settings: Settings = JSON.parse(readFileSync(path, "utf8"));
  const allowed = assignments.find(({ name }) => name === assignment)?.allowed ?? [];
  const { megabytes = 512, secondsPerCell = 20, secondsPerTest = 25 } = settings;
  const limits = { megabytes, secondsPerCell, secondsPerTest };
  const trusted = new Set(settings.trusted);
  if (!canUnshare())
    process.stderr.write("Grading: this system cannot take the network from a process.\n");
  const submission = startSubmission(await bundle(allowed), limits);
  const draw = startDrawing();
  const host = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.host")];
  Object.assign(host as object, { showCase: settings.showCase === true });

  const tests = createCells({ runner: runHere, lend: (names) => borrow(submission, names) });
  return {
    ...tests,
    run(code, label) {
      if (!trusted.has(createHash("sha256").update(code).digest("hex")))
        return runThere(submission, draw, code, label);
      submission.beginTest();
      return tests.run(code, label);
    },
    interrupt() {
      tests.interrupt();
      submission.interrupt();
    },
  };
}

/** Runs a cell of the student's in their own process. */
async function runThere(submission: Submission, draw: Draw, code: string, label: string) {
  const cell = platform.currentCell.getStore();
  // nbgrader gives full marks to a test that says nothing, and none to one with anything on stderr. So if a
  // cell of the student's ever stands in the place of a test, it earns nothing.
  cell?.write("stderr", "");
  cell?.flush();
  // In the order in which it came, whatever has to be drawn in between.
  let relayed: Promise<unknown> = Promise.resolve();
  const { shown, error } = await submission.run({ code, label }, (output) => {
    relayed = relayed.then(() => relay(output, draw, cell));
  });
  await relayed;
  if (error || !shown) return { error };
  const bundle = await readBundle(shown, draw);
  return { value: { [Symbol.for("Jupyter.display")]: () => bundle } };
}

async function relay(output: Output, draw: Draw, cell: CellOutput | undefined): Promise<void> {
  if ("print" in output) {
    cell?.write(output.print === "stderr" ? "stderr" : "stdout", String(output.text));
  } else {
    const { data, id, update } = output.display;
    cell?.display(await readBundle(data, draw), {
      id: id === undefined ? undefined : String(id),
      update: update === true,
    });
  }
}

/** What stands for names of the student's in a test. */
function borrow(submission: Submission, names: readonly string[]): Record<string, unknown> {
  const lent: Record<string, unknown> = {};
  const { found, error } = ask(submission, { get: names });
  names.forEach((name, i) => {
    const what: Found = error ? { error } : (found?.[i] ?? "missing");
    if (what === "function") lent[name] = standIn(submission, name);
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

/** Waits for the answer in this very thread, where an interrupt that came before is not heard of again. */
function ask(submission: Submission, request: Request): Reply {
  if (platform.currentCell.getStore()?.interruption.signal.aborted)
    throw new Interruption("The cell was stopped.");
  return submission.ask(request);
}

/** In place of what cannot be had: whatever it is compared with, it is not equal, and calling it fails. */
function failing(reason: () => unknown): () => never {
  return () => {
    throw reason();
  };
}

function standIn(submission: Submission, name: string) {
  return (...args: unknown[]): unknown => {
    const objects: object[] = [];
    const packed = pack(args, objects, libraryNames(), "refuse");
    const { value, error } = ask(submission, { call: name, args: packed });
    if (error) throw readTrouble(error);
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

function readTrouble({ name, message }: { name: string; message: string }): Error {
  const text = String(message).slice(0, longest);
  return Object.assign(new Error(text), { name: String(name).slice(0, 100) });
}

/** What the student's cells show, by type. Whoever shows it cleans it first: nbgrader's pipeline does. */
async function readBundle(data: Bundle, draw: Draw): Promise<Bundle> {
  const { "text/plain": plain = "", "text/html": html, "text/latex": latex } = data;
  return {
    "text/plain": String(plain),
    ...(html === undefined ? {} : { "text/html": await draw(String(html)) }),
    ...(latex === undefined ? {} : { "text/latex": String(latex) }),
  };
}
