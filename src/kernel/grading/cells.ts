/**
 * Grading: tests that a submission cannot reach. The kernel grades if it is started with `--grading=` and the path of
 * a file of settings, and never else.
 *
 * Cells whose very text the settings list are the instructor's tests, and given cells that show a student's own numbers: they run in this process, as all cells do
 * outside grading. All others are the student's, the given ones too: they are compiled in a thread of their own and
 * run in a process of their own, confined and without any access to this one (confine.ts). What a test uses and does
 * not declare is a function of the student's: in its place stands one that calls it in the other process, and returns
 * a promise of its value. Arguments and values are data, never code (transfer.ts). So a test is written as for any
 * kernel, if
 *
 * - it imports whatever it uses of the library, in the test itself or one before it;
 * - no test declares or imports the name of what the student is to write;
 * - it awaits what the student's functions return, and uses nothing else of the student's;
 * - it hands over no function, and looks for no change in what it handed over;
 * - its last expression is its score.
 */
import { AsyncResource } from "node:async_hooks";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { assignments } from "../../coursework/assignments";
import { type CellResult, type Cells, createCells } from "../cells";
import { runHere } from "../node/runner";
import { isCellInterrupted, platform } from "../platform";
import { canUnshare } from "./confine";
import type { Bundle } from "./inside";
import { bundle } from "./programs";
import type { Cell, Output } from "./student";
import { type Limits, type Submission, startSubmission } from "./submission";

/** How the kernel was asked to grade. */
export interface Grading {
  /** The path of the settings. */
  settings: string;
  /** The name of the assignment: what of the library its answers may use follows from it. */
  assignment: string;
  /** Whose submission it is, as the class's folders have it and whatever it says itself: some tasks have numbers of their own. */
  student: string;
}

/** The file of settings, as JSON. */
interface Settings extends Partial<Limits> {
  /** The SHA-256, in hexadecimal, of the text of each test. */
  trusted: readonly string[];
  /** Whether feedback may show a case that differs, where no known mistake explains it. Default: false. */
  showCase?: boolean;
}

export async function createGradingCells(grading: Grading): Promise<Cells> {
  const { settings: path, assignment, student } = grading;
  const settings: Settings = JSON.parse(readFileSync(path, "utf8"));
  const allowed = assignments.find(({ name }) => name === assignment)?.allowed ?? [];
  const limits = { megabytes: 512, secondsPerCell: 20, secondsPerTest: 25, ...settings };
  const trusted = new Set(settings.trusted);
  if (!canUnshare())
    process.stderr.write("Grading: this system cannot take the network from a process.\n");
  const submission = startSubmission(await bundle(allowed), limits);
  const host = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.host")];
  Object.assign(host as object, { showCase: settings.showCase === true, student });

  const tests = createCells({
    runner: runHere,
    lend: (names) => Object.fromEntries(names.map((name) => [name, standIn(submission, name)])),
  });
  return {
    ...tests,
    async run(code, label) {
      if (!trusted.has(createHash("sha256").update(code).digest("hex")))
        return runThere(submission, { code, label });
      await submission.beginTest();
      return tests.run(code, label);
    },
    interrupt() {
      tests.interrupt();
      submission.interrupt();
    },
  };
}

/** Runs a cell of the student's in their own process. */
async function runThere(submission: Submission, code: Cell): Promise<CellResult> {
  const cell = platform.currentCell.getStore();
  // nbgrader gives full marks to a test that says nothing, and none to one with anything on stderr. So if a
  // cell of the student's ever stands in the place of a test, it earns nothing.
  cell?.write("stderr", "");
  cell?.flush();
  const relay = async (output: Output) => {
    if ("print" in output)
      return cell?.write(output.print === "stderr" ? "stderr" : "stdout", String(output.text));
    const { data, id, update } = output.display;
    const options = { id: id === undefined ? undefined : String(id), update: update === true };
    cell?.display(await readBundle(data, submission), options);
  };
  // In the order in which it came, whatever has to be drawn in between.
  let relayed: Promise<unknown> = Promise.resolve();
  // The thread that tells it may have begun with another cell, which was interrupted since.
  const tell = AsyncResource.bind((output: Output) => {
    relayed = relayed.then(() => relay(output));
  });
  const { shown, error } = await submission.run(code, tell);
  await relayed;
  if (error || !shown) return { error };
  const bundle = await readBundle(shown, submission);
  return { value: { [Symbol.for("Jupyter.display")]: () => bundle } };
}

/** What the student's cells show, by type. Whoever shows it cleans it first: nbgrader's pipeline does. */
async function readBundle(data: Bundle | undefined, submission: Submission): Promise<Bundle> {
  const { "text/plain": plain = "", "text/html": html, "text/latex": latex } = data ?? {};
  const hasFigure = String(html).includes("%3Cdesc%3Efigure:");
  return {
    "text/plain": String(plain),
    ...(html && { "text/html": hasFigure ? await submission.draw(html) : String(html) }),
    ...(latex && { "text/latex": String(latex) }),
  };
}

/** What stands for a function of the student's in a test. */
function standIn(submission: Submission, name: string) {
  return (...args: unknown[]): Promise<unknown> => {
    // What an interrupted test leaves behind asks nothing more.
    if (isCellInterrupted()) return new Promise(() => {});
    return submission.call(name, args);
  };
}
