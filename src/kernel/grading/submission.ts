/**
 * The submission as the kernel sees it: cells to run, and functions to ask. Its other end is a thread (student.ts)
 * with a process; the kernel's first thread can wait for it, as a test does that calls a function of the student's,
 * and ends it if it takes too long, whatever it is busy with. What has ended is begun anew when it is needed next,
 * and the cells that ran before run again, but for the one that is to blame: so nothing is lost but what that cell,
 * or that function, was to give.
 */
import { join } from "node:path";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from "node:worker_threads";
import type { Reply, Request } from "./inside";
import type { Programs } from "./programs";
import type { Cell, Message, Output, Question, Ran, Setting } from "./student";

export interface Submission {
  /** Runs a cell; `output` gets what it prints and shows until it has ended. */
  run(cell: Cell, output: (output: Output) => void): Promise<Ran>;
  /** A test begins: the time for what it asks is whole again. */
  beginTest(): void;
  /** Asks and waits, in this very thread. */
  ask(request: Request): Reply;
  /** Stops the cell that runs. */
  interrupt(): void;
}

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
/** how long beginning anew may take, before it is tried without the cells that ran before, */
const [toRepeat, toBegin] = [30, 15];
/** what all cells of a submission may take together, and what is left to each after that. */
const [together, least] = [240, 3];

interface Thread {
  port: MessagePort;
  worker: Worker;
  pid?: number;
  isReady: boolean;
  /** The cell of the past that runs again. */
  repeating?: number;
}

export function startSubmission(programs: Programs, limits: Limits): Submission {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Cells that ran and left the process alive. */
  const past: Cell[] = [];
  let thread: Thread | undefined;
  let pids: number[] = [];
  process.on("exit", () => pids.forEach(kill));

  let output: ((output: Output) => void) | undefined;
  let settleRun: ((ran: Ran) => void) | undefined;
  let reply: Reply | undefined;
  let stop: ((why: string) => void) | undefined;
  let ended = "";
  let secondsForTest = limits.secondsPerTest;
  /** Why a test gets no answers any more. */
  let lost: Reply | undefined;
  let secondsForCells = together;

  function start(): Thread {
    const { port1: port, port2 } = new MessageChannel();
    const { megabytes } = limits;
    const student: Setting = { programs, megabytes, port: port2, shared, past };
    const worker = new Worker(join(__dirname, "student.ts"), {
      workerData: { student },
      transferList: [port2],
      // What exhausts the compiler ends the thread, and not the kernel.
      resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 4 },
    });
    worker.unref();
    const started: Thread = { port, worker, isReady: false };
    port.on("message", (message: Message) => receive(started, message));
    worker.on("error", ({ message }) => end(message));
    return started;
  }

  function receive(from: Thread, message: Message): void {
    if (from !== thread) {
      if ("pid" in message) kill(message.pid);
    } else if ("pid" in message) {
      thread.pid = message.pid;
      pids.push(message.pid);
    } else if ("repeating" in message) thread.repeating = message.repeating;
    else if ("ready" in message) thread.isReady = true;
    else if ("output" in message) output?.(message.output);
    else if ("ran" in message) settleRun?.(message.ran);
    else if ("reply" in message) reply = message.reply;
    else end(message.ended);
  }

  /** Ends the thread and its process. */
  function end(why: string): void {
    if (!thread) return;
    const { worker, port, pid } = thread;
    thread = undefined;
    ended = why;
    if (pid !== undefined) kill(pid);
    pids = pids.filter((other) => other !== pid);
    port.close();
    void worker.terminate();
    const failed = trouble("SubmissionEnded", `The submission's process has ended: ${why}.`);
    reply ??= { error: failed };
    const { name: ename, message: evalue } = failed;
    settleRun?.({ compiled: true, error: { ename, evalue, traceback: [`${ename}: ${evalue}`] } });
  }

  /** Waits in this very thread until something is so, or the time is over. */
  function waitUntil(isSo: () => boolean, seconds: number): boolean {
    const late = performance.now() + 1000 * seconds;
    for (;;) {
      const count = Atomics.load(shared, 0);
      for (;;) {
        const next = thread && receiveMessageOnPort(thread.port);
        if (!next) break;
        receive(thread as Thread, next.message);
      }
      if (isSo()) return true;
      const left = late - performance.now();
      if (left <= 0) return false;
      Atomics.wait(shared, 0, count, left);
    }
  }

  /** Begins, or begins anew. */
  function begin(): Thread {
    let seconds = toRepeat;
    while (!thread) {
      const from = performance.now();
      const starting = start();
      thread = starting;
      const isDone = waitUntil(() => starting !== thread || starting.isReady, seconds);
      if (starting === thread && starting.isReady) break;
      if (!isDone) end("it took too long to begin");
      // Whatever happened this time: without the cell at fault, or without any if the time is over.
      seconds -= (performance.now() - from) / 1000;
      if (seconds > 1) past.splice(starting.repeating ?? 0, 1);
      else {
        if (past.length === 0)
          throw new Error(`The submission's process does not begin: ${ended}.`);
        past.length = 0;
        seconds = toBegin;
      }
    }
    return thread;
  }

  function ask(question: Question): void {
    thread?.port.postMessage(question);
  }

  return {
    async run(cell, relay) {
      begin();
      const seconds = Math.min(limits.secondsPerCell, Math.max(least, secondsForCells));
      const from = performance.now();
      output = relay;
      let isStopped = false;
      let late: NodeJS.Timeout | undefined;
      const ran = await new Promise<Ran>((settle) => {
        settleRun = settle;
        stop = (why) => {
          if (isStopped) return;
          isStopped = true;
          clearTimeout(late);
          ask({ stop: why });
          late = setTimeout(() => end("it had to be stopped and did not react"), 1000 * patience);
        };
        late = setTimeout(() => stop?.(`It took longer than ${seconds} s.`), 1000 * seconds);
        ask({ cell });
      });
      clearTimeout(late);
      stop = settleRun = output = undefined;
      secondsForCells -= (performance.now() - from) / 1000;
      if (thread && ran.compiled && !isStopped) past.push(cell);
      return ran;
    },
    beginTest() {
      secondsForTest = limits.secondsPerTest;
      lost = undefined;
    },
    ask(request) {
      if (lost) return lost;
      const asked = begin();
      reply = undefined;
      const from = performance.now();
      ask({ request });
      const isThere = () => reply !== undefined;
      const isInTime = waitUntil(isThere, secondsForTest);
      secondsForTest -= (performance.now() - from) / 1000;
      if (!isInTime) {
        lost = {
          error: trouble(
            "Interrupted",
            `It took longer than ${limits.secondsPerTest} s. All calls of one test have this time together.`,
          ),
        };
        ask({ stop: "" });
        if (!waitUntil(isThere, patience)) end("it had to be stopped and did not react");
      } else if (asked !== thread) lost = reply;
      return lost ?? (reply as never);
    },
    interrupt: () => stop?.("It was interrupted."),
  };
}

const trouble = (name: string, message: string) => ({ name, message, calls: [] });

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
