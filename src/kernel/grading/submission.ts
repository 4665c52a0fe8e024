/**
 * The submission as the kernel sees it: cells to run, and functions to ask, one thing at a time. Its other end is a
 * thread (student.ts) with a process; what takes too long there is stopped, and ended if it does not react, whatever
 * it is busy with. What has ended is started again when it is needed next, and the cells that ran before run again, but
 * for the one that is to blame: so nothing is lost but what that cell, or that function, was to give. And to blame is
 * only what ends it twice: once can be the system, which is short of memory, say, and takes the largest process.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { reportError } from "../errors";
import { isCellInterrupted } from "../platform";
import type { Reply } from "./inside";
import type { Programs } from "./programs";
import type { Cell, Message, Output, Question, Ran, Setting } from "./student";
import { errorOf, type Packed, pack, unpack } from "./transfer";

export type Submission = ReturnType<typeof startSubmission>;

export interface Limits {
  /** How large the heap of the submission's process may grow. */
  megabytes: number;
  /** How long one of the student's cells may take, with its compilation. */
  secondsPerCell: number;
  /** How long all calls of one test may take together. */
  secondsPerTest: number;
}

/** In seconds: how long what was stopped has to end, */
const patience = 2;
/** how long starting again may take, before it is tried without the cells that ran before, */
const [toRepeat, toBegin] = [30, 15];
/** what all cells of a submission may take together, what is left to each after that, and what all pictures may take. */
const [forCells, least, forPictures] = [240, 3, 30];

interface Thread {
  worker: Worker;
  pid?: number;
  /** The cell of the past that runs again. */
  repeating: number;
}

/** What a thread is waited for: it answers, or is no more. */
type Reached = { answer?: unknown; ended?: string };

interface Asked {
  answer?: unknown;
  /** Why there is no answer, or none to rely on. */
  wrong?: Error;
  /** How the process ended, if nobody had stopped it. */
  ended?: string;
  /** In seconds. */
  took: number;
}

export function startSubmission(programs: Programs, limits: Limits) {
  /** Cells that ran and left the process alive. */
  const past: Cell[] = [];
  let thread: Thread | undefined;
  let reach: (reached: Reached) => void = () => {};
  let output: ((output: Output) => void) | undefined;
  let stop: ((why: string) => void) | undefined;
  const left = { cells: forCells, pictures: forPictures, test: limits.secondsPerTest };
  /** Why a test gets no answers any more. */
  let lost: Error | undefined;
  process.on("exit", () => end("the kernel ends"));

  function start(): Thread {
    const student: Setting = { programs, megabytes: limits.megabytes, past };
    const worker = new Worker(join(__dirname, "student.ts"), {
      workerData: { student },
      // What exhausts the compiler ends the thread, and not the kernel.
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    const started: Thread = { worker, repeating: 0 };
    worker.on("message", (message: Message) => receive(started, message));
    worker.on("error", ({ message }) => receive(started, { ended: message }));
    return started;
  }

  function receive(from: Thread, message: Message): void {
    if ("pid" in message) from.pid = message.pid;
    if (from !== thread) kill(from.pid);
    else if ("repeating" in message) thread.repeating = message.repeating;
    else if ("output" in message) output?.(message.output);
    else if ("ended" in message) end(message.ended);
    else if (!("pid" in message)) reach(message);
  }

  /** Ends the thread and its process. */
  function end(why: string): void {
    if (!thread) return;
    kill(thread.pid);
    void thread.worker.terminate();
    thread = undefined;
    reach({ ended: why });
  }

  const reached = () =>
    new Promise<Reached>((settle) => {
      reach = settle;
    });

  /** Begins, or starts over. */
  async function begin(): Promise<Thread> {
    let suspect: Cell | undefined;
    for (let seconds = toRepeat; !thread; ) {
      const from = performance.now();
      const starting = start();
      thread = starting;
      const late = setTimeout(end, 1000 * seconds, "it took too long to begin");
      const { ended } = await reached();
      clearTimeout(late);
      if (!ended) break;
      // Whatever happened this time: once more, then without the cell at fault, or without any if the time is over.
      seconds -= (performance.now() - from) / 1000;
      const isOver = seconds < 1;
      if (isOver && past.length === 0)
        throw new Error(`The submission's process does not begin: ${ended}.`);
      const cell = past[starting.repeating];
      if (isOver) {
        past.length = 0;
        seconds = toBegin;
      } else if (cell === suspect) past.splice(starting.repeating, 1);
      suspect = cell;
    }
    return thread as Thread;
  }

  /** Asks the thread: its answer, if there is one; what went wrong, if it was stopped or has ended twice; how long it took. */
  async function ask(question: Question, seconds: number, late: string): Promise<Asked> {
    const first = await askOnce(question, seconds, late);
    if (!first.ended || first.took > seconds / 2) return first;
    output?.({ print: "stdout", text: `(${first.ended} Once more.)\n` });
    const again = await askOnce(question, seconds - first.took, late);
    return { ...again, took: first.took + again.took };
  }

  async function askOnce(question: Question, seconds: number, late: string): Promise<Asked> {
    const { worker } = await begin();
    if (isCellInterrupted())
      return { wrong: errorOf({ name: "Interrupted", message: "It was interrupted." }), took: 0 };
    const from = performance.now();
    let stopped: string | undefined;
    let timer = setTimeout(() => stop?.(late), 1000 * seconds);
    stop = (why) => {
      if (stopped !== undefined) return;
      stopped = why;
      clearTimeout(timer);
      worker.postMessage({ stop: true } satisfies Question);
      timer = setTimeout(end, 1000 * patience, "it had to be stopped and did not react");
    };
    worker.postMessage(question);
    const { answer, ended: why } = await reached();
    clearTimeout(timer);
    stop = undefined;
    const ended = why && `The submission's process has ended: ${why}.`;
    const message = [stopped, ended].filter(Boolean).join(" ");
    const name = ended ? "SubmissionEnded" : "Interrupted";
    return {
      answer,
      wrong: message ? errorOf({ name, message }) : undefined,
      ended: stopped === undefined ? ended : undefined,
      took: (performance.now() - from) / 1000,
    };
  }

  /** What is wanted of the submission waits until all that was wanted before is done. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }
  void inTurn(begin).catch(() => {}); // while the kernel still starts

  return {
    /** Runs a cell; `relay` gets what it prints and shows until it has ended. */
    run: (cell: Cell, relay: (output: Output) => void) =>
      inTurn(async (): Promise<Ran> => {
        const seconds = Math.min(limits.secondsPerCell, Math.max(least, left.cells));
        output = relay;
        const told = await ask({ cell }, seconds, `It took longer than ${seconds} s.`);
        output = undefined;
        left.cells -= told.took;
        if (!told.wrong) past.push(cell);
        return { ...(told.answer as Ran), ...(told.wrong && { error: reportError(told.wrong) }) };
      }),
    /** A test begins: the time for what it asks is whole again. */
    beginTest: () =>
      inTurn(async () => {
        left.test = limits.secondsPerTest;
        lost = undefined;
      }),
    /** Calls a function of the student's. @throws Error if it fails, or has been stopped, or what it gives is no data */
    call: (name: string, args: unknown[]) =>
      inTurn(async () => {
        if (lost) throw lost;
        const request = { call: name, args: pack(args) };
        const late = `It took longer than ${limits.secondsPerTest} s. All calls of one test have this time together.`;
        const { answer, wrong, took } = await ask({ request }, left.test, late);
        left.test -= took;
        lost = wrong;
        if (lost) throw lost;
        const { value, error } = answer as Reply;
        if (error) throw errorOf(error);
        return unpack(value as Packed);
      }),
    /** Draws the figures that stand undrawn in a text of HTML. */
    draw: (html: string): Promise<string> =>
      inTurn(async () => {
        if (left.pictures <= 0) return html;
        const { answer, took } = await ask({ draw: html }, left.pictures, "");
        left.pictures -= took;
        return (answer as string | undefined) ?? html;
      }),
    /** Stops what is asked. */
    interrupt: () => stop?.("It was interrupted."),
  };
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
