/**
 * The student's side of grading, in a thread of its own: it compiles their cells, keeps the process in which they run,
 * and relays what that says. All of it can be ended from outside, whatever it is busy with, and begun anew.
 */
import "../node/platform"; // before tslab's own modules load theirs
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { type MessagePort, workerData } from "node:worker_threads";
import * as ts from "@tslab/typescript-for-tslab";
import { whyNoModule } from "../../coursework/offered";
import { type CellConverter, createCells, type Runner } from "../cells";
import { type ErrorReport, readCalls } from "../errors";
import { namedModules } from "../uses";
import { confined } from "./confine";
import type { Bundle, Reply, Request, Trouble } from "./inside";
import type { Programs } from "./programs";

/** A cell as it came. */
export interface Cell {
  code: string;
  label: string;
}

export interface Setting {
  programs: Programs;
  megabytes: number;
  port: MessagePort;
  /** Its one number counts the messages of the thread: to be waited for. */
  shared: Int32Array;
  /** Cells to run before anything else, their output unseen: they did before. */
  past: readonly Cell[];
}

export type Question = { cell: Cell } | { request: Request } | { stop: string };

/** What a cell sends while it runs. */
export type Output =
  | { print: "stdout" | "stderr"; text: string }
  | { display: { data: Bundle; id?: string; update?: boolean } };

export interface Ran {
  shown?: Bundle;
  error?: ErrorReport;
  /** Whether it was compiled, so that something of it may have run. */
  compiled: boolean;
}

export type Message =
  | { pid: number }
  | { repeating: number }
  | { ready: true }
  | { output: Output }
  | { ran: Ran }
  | { reply: Reply }
  | { ended: string };

/** How much a cell may print, and how much it may show, in characters; how much may come in one line. */
const most = { printed: 1_000_000, shown: 10_000_000, line: 100_000_000 };
const longest = 10_000;

async function live({ programs, megabytes, port, shared, past }: Setting): Promise<void> {
  const post = (message: Message) => {
    port.postMessage(message);
    Atomics.add(shared, 0, 1);
    Atomics.notify(shared, 0);
  };

  let output: ((output: Output) => void) | undefined;
  let stopped: string | undefined;
  const child = startProcess(programs, megabytes, post, (output_) => output?.(output_));

  let ran: Ran = { compiled: false };
  const cells = createCells({
    runner(converter, failed): Runner {
      const locals: Record<string, unknown> = {};
      return {
        locals,
        interrupt() {},
        async execute(code) {
          const request = compile(converter, code);
          ran.compiled = true;
          if (!request) return true;
          const reply = await child.ask(request);
          // Their values are in the other process; that they changed is all that is asked for here.
          for (const name of reply.changed ?? []) locals[name] = Symbol();
          ran.shown = reply.shown;
          if (reply.error) failed(readTrouble(reply.error));
          return !reply.error;
        },
      };
    },
  });
  async function run({ code, label }: Cell): Promise<Ran> {
    ran = { compiled: false };
    stopped = undefined;
    let error: ErrorReport | undefined;
    ({ error } = await cells.run(code, label));
    if (stopped !== undefined)
      error = { ename: "Interrupted", evalue: stopped, traceback: [`Interrupted: ${stopped}`] };
    return { ...ran, error };
  }

  for (const [i, cell] of past.entries()) {
    post({ repeating: i });
    await run(cell);
  }
  port.on("message", async (question: Question) => {
    if ("stop" in question) {
      stopped = question.stop;
      child.stop();
    } else if ("request" in question) {
      post({ reply: await child.ask(question.request) });
    } else {
      output = limited((output) => post({ output }));
      const result = await run(question.cell);
      output = undefined;
      post({ ran: result });
    }
  });
  post({ ready: true });
}

function compile(converter: CellConverter, code: string): Request | undefined {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  for (const { module, isUnknown } of namedModules(file)) {
    // What names none is refused when it runs.
    const reason = isUnknown ? undefined : whyNoModule(module);
    if (reason) throw new Error(reason);
  }
  const { output, hasToplevelAwait, shown } = converter.convert("", code);
  if (!output) return undefined;
  const name = /\/\/# sourceURL=(\S+)$/.exec(output)?.[1] ?? "";
  return { run: output, name, awaits: Boolean(hasToplevelAwait), shown };
}

function readTrouble({ name, message, calls }: Trouble): Error {
  const text = String(message).slice(0, longest);
  const error = Object.assign(new Error(text), { name: String(name).slice(0, 100) });
  void error.stack; // finds frames of this thread, which are to be replaced
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

/** Passes on as much as one cell may put out. */
function limited(pass: (output: Output) => void): (output: Output) => void {
  const room = { ...most };
  return (output) => {
    const kind = "print" in output ? "printed" : "shown";
    if (room[kind] < 0) return;
    room[kind] -= JSON.stringify(output).length;
    const text = "\nThis cell's output is too long: the rest is left out.\n";
    pass(room[kind] >= 0 ? output : { print: "stdout", text });
  };
}

/** The process in which the student's cells run: one thing is asked of it at a time. */
function startProcess(
  { child: code, ...beginning }: Programs,
  megabytes: number,
  post: (message: Message) => void,
  output: (output: Output) => void,
) {
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

  let lastId = 0;
  let answer: ((reply: Reply) => void) | undefined;
  let verdict: string | undefined;
  function kill(why: string): void {
    verdict ??= why;
    child.kill("SIGKILL");
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
        if (!("id" in message)) output(message);
        else if (message.id === lastId) answer?.(message.reply);
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
    post({
      ended: verdict ?? (full ? "it ran out of memory" : `${signal ?? `exit code ${code}`}`),
    });
  });

  return {
    ask(request: Request): Promise<Reply> {
      const id = ++lastId;
      return new Promise((settle) => {
        answer = settle;
        write({ id, request });
      });
    },
    stop() {
      write({ id: lastId });
      child.kill("SIGINT");
    },
  };
}

if (workerData?.student) void live(workerData.student);
