/**
 * The submission's process as the kernel sees it. It is kept by a thread of its own, so that the kernel's first
 * thread can wait for an answer, as a test does that calls a function of the student's, while limits of time,
 * output and memory are kept all the same. This file is both ends of that thread.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from "node:worker_threads";
import { confined } from "./confine";
import type { Bundle, Reply, Request, Run } from "./inside";
import type { Programs } from "./programs";

/** What a cell of the student's sends while it runs. */
export type Output =
  | { print: "stdout" | "stderr"; text: string }
  | { display: { data: Bundle; id?: string; update?: boolean } };

export interface Submission {
  /** Runs a cell; `output` gets what it prints and shows until it has ended. */
  run(request: Run, output: (output: Output) => void): Promise<Reply>;
  /** Asks and waits, in this very thread; what takes longer is stopped. */
  ask(request: Request, seconds: number): Reply;
  /** Stops what runs: by an interrupt, and if that does not help, by ending the process. */
  interrupt(): void;
}

/** How much a cell may print, and how much it may show, in characters; how much may come in one line. */
const most = { printed: 1_000_000, shown: 10_000_000, line: 100_000_000 };
/** How long what was interrupted has to end, in milliseconds. */
const patience = 2000;

interface Setting {
  programs: Programs;
  megabytes: number;
  port: MessagePort;
  /** Its one number counts the messages of the thread: to be waited for. */
  shared: Int32Array;
}
type Question = { id: number; request: Request; seconds?: number } | "interrupt";
type Message = { id: number; reply: Reply } | { output: Output } | { pid: number };

export function startSubmission(programs: Programs, megabytes: number): Submission {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { port1: port, port2 } = new MessageChannel();
  const setting: Setting = { programs, megabytes, port: port2, shared };
  new Worker(__filename, { workerData: { setting }, transferList: [port2] }).unref();

  const replies = new Map<number, (reply: Reply) => void>();
  let output: ((output: Output) => void) | undefined;
  let lastId = 0;

  function receive(message: Message): void {
    if ("reply" in message) {
      const settle = replies.get(message.id);
      replies.delete(message.id);
      settle?.(message.reply);
    } else if ("output" in message) output?.(message.output);
    else process.on("exit", () => end(message.pid));
  }
  port.on("message", receive);

  function send(request: Request, seconds: number | undefined, settle: (reply: Reply) => void) {
    const id = ++lastId;
    replies.set(id, settle);
    port.postMessage({ id, request, seconds } satisfies Question);
  }

  return {
    async run(request, relay) {
      output = relay;
      const reply = await new Promise<Reply>((settle) => send(request, undefined, settle));
      output = undefined;
      return reply;
    },
    ask(request, seconds) {
      let answer: Reply | undefined;
      send(request, seconds, (reply) => {
        answer = reply;
      });
      for (;;) {
        const count = Atomics.load(shared, 0);
        for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port))
          receive(next.message);
        if (answer) return answer;
        Atomics.wait(shared, 0, count);
      }
    },
    interrupt: () => port.postMessage("interrupt" satisfies Question),
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function keepProcess({ programs, megabytes, port, shared }: Setting): void {
  const post = (message: Message) => {
    port.postMessage(message);
    Atomics.add(shared, 0, 1);
    Atomics.notify(shared, 0);
  };

  const { child: code, ...beginning } = programs;
  const [program, ...args] = confined(code, megabytes);
  const child: ChildProcessWithoutNullStreams = spawn(program, args, {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH },
    stdio: "pipe",
  });
  if (child.pid) post({ pid: child.pid });
  const write = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  child.stdin.on("error", () => {}); // its end is told by "close"
  write(beginning);

  /** What is asked and not answered yet; `stopped` says why the answer is no longer waited for. */
  const asked = new Map<number, { runs: boolean; timer?: NodeJS.Timeout; stopped?: string }>();
  /** Why there is no process any more. */
  let ended: string | undefined;
  let verdict: string | undefined;
  let room = { ...most };

  const failed = (name: string, message: string): Reply => ({
    error: { name, message, calls: [] },
  });
  const gone = () => failed("SubmissionEnded", `The submission's process has ended: ${ended}.`);

  function answer(id: number, reply: Reply): void {
    const question = asked.get(id);
    if (!question) return;
    asked.delete(id);
    clearTimeout(question.timer);
    post({ id, reply });
  }
  function kill(why: string): void {
    verdict ??= why;
    child.kill("SIGKILL");
  }
  function stop(id: number, why: string): void {
    const question = asked.get(id);
    if (!question) return;
    clearTimeout(question.timer);
    question.stopped = why;
    write({ id });
    child.kill("SIGINT");
    question.timer = setTimeout(() => kill("it had to be stopped and did not react"), patience);
  }

  port.on("message", (message: Question) => {
    if (message === "interrupt") {
      for (const id of asked.keys()) stop(id, "It was interrupted.");
      return;
    }
    const { id, request, seconds } = message;
    const late = () => stop(id, `It took longer than ${seconds} s.`);
    const timer = seconds === undefined ? undefined : setTimeout(late, seconds * 1000);
    asked.set(id, { runs: "run" in request, timer });
    if ("run" in request) room = { ...most };
    if (ended === undefined) write({ id, request });
    else answer(id, gone());
  });

  function relay(output: Output): void {
    // What comes while no cell of the student's runs belongs to none.
    if (![...asked.values()].some(({ runs }) => runs)) return;
    const kind = "print" in output ? "printed" : "shown";
    if (room[kind] < 0) return;
    room[kind] -= JSON.stringify(output).length;
    const text = "\nThis cell's output is too long: the rest is left out.\n";
    post({ output: room[kind] >= 0 ? output : { print: "stdout", text } });
  }
  let line = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    const lines = text.split("\n");
    lines[0] = line + lines[0];
    line = lines.pop() ?? "";
    if (line.length > most.line) kill("it sent too much");
    try {
      for (const text of lines) {
        const message = JSON.parse(text);
        if (!("id" in message)) relay(message);
        else {
          const { stopped } = asked.get(message.id) ?? {};
          const failure = stopped ? failed("Interrupted", stopped) : {};
          answer(message.id, { ...message.reply, ...failure });
        }
      }
    } catch {
      kill("it sent what cannot be read");
    }
  });
  let complaint = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    complaint = (complaint + text).slice(-10_000);
  });
  child.on("error", ({ message }) => {
    verdict ??= message;
  });
  child.on("close", (code, signal) => {
    const full = /heap out of memory|allocation failed/i.test(complaint);
    ended = verdict ?? (full ? "it ran out of memory" : `${signal ?? `exit code ${code}`}`);
    for (const id of [...asked.keys()]) answer(id, gone());
  });
}

if (workerData?.setting) keepProcess(workerData.setting);
