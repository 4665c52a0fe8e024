/**
 * The student's side of grading, in a thread of its own: it compiles their cells, keeps the process in which they run,
 * and relays what that says. All of it can be ended from outside, whatever it is busy with, and started again.
 */
import "../node/platform"; // before tslab's own modules load theirs
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import * as ts from "@tslab/typescript-for-tslab";
import { whyNoModule } from "../../coursework/offered";
import { type CellConverter, createCells, type Runner } from "../cells";
import { type ErrorReport, readCalls } from "../errors";
import { namedModules } from "../uses";
import { confined } from "./confine";
import type { Bundle, Reply, Request, Run, Trouble } from "./inside";
import { drawn } from "./pictures";
import type { Programs } from "./programs";
import { errorOf } from "./transfer";

export interface Cell {
  code: string;
  label: string;
}

export interface Setting {
  programs: Programs;
  megabytes: number;
  /** Cells to run before anything else, their output unseen: they did before. */
  past: readonly Cell[];
}

export type Question = { cell: Cell } | { request: Request } | { draw: string } | { stop: true };

/** What a cell sends while it runs. */
export type Output =
  | { print: "stdout" | "stderr"; text: string }
  | { display: { data: Bundle; id?: string; update?: boolean } };

export interface Ran {
  shown?: Bundle;
  error?: ErrorReport;
}

/** An answer is what became of a cell, a function's reply or drawn HTML, and at first that all is ready. */
export type Message =
  | { pid: number | undefined }
  | { repeating: number }
  | { output: Output }
  | { answer: Ran | Reply | string }
  | { ended: string };

/** How much a cell may print, and how much it may show, in characters; how much may come in one line. */
const most = { printed: 1_000_000, shown: 10_000_000, line: 100_000_000 };

const post = (message: Message) => parentPort?.postMessage(message);

async function live({ programs, megabytes, past }: Setting): Promise<void> {
  let output: ((output: Output) => void) | undefined;
  const child = startProcess(programs, megabytes, (one) => output?.(one));

  let shown: Bundle | undefined;
  const cells = createCells({
    runner(converter, failed): Runner {
      const locals: Record<string, unknown> = {};
      return {
        locals,
        interrupt() {},
        async execute(code) {
          const request = compile(converter, code);
          if (!request) return true;
          const reply = await child.ask(request);
          // Their values are in the other process; that they changed is all that is asked for here.
          for (const name of reply.changed ?? []) locals[name] = Symbol();
          shown = reply.shown;
          if (reply.error) failed(readTrouble(reply.error));
          return !reply.error;
        },
      };
    },
  });
  async function run({ code, label }: Cell): Promise<Ran> {
    shown = undefined;
    const { error } = await cells.run(code, label);
    return { shown, error };
  }

  for (const [i, cell] of past.entries()) {
    post({ repeating: i });
    await run(cell);
  }
  parentPort?.on("message", async (question: Question) => {
    if ("stop" in question) child.stop();
    else if ("request" in question) post({ answer: await child.ask(question.request) });
    else if ("draw" in question) post({ answer: await drawn(question.draw) });
    else {
      output = limited((output) => post({ output }));
      post({ answer: await run(question.cell) });
      output = undefined;
    }
  });
  post({ answer: "ready" });
}

function compile(converter: CellConverter, code: string): Run | undefined {
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

function readTrouble({ calls, ...told }: Trouble): Error {
  const error = errorOf(told);
  void error.stack; // finds frames of this thread, which are to be replaced
  const short = (call: Trouble["calls"][0]) => ({ ...call, name: String(call.name).slice(0, 100) });
  readCalls(error, calls.slice(0, 100).map(short));
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
  output: (output: Output) => void,
) {
  const [program, ...args] = confined(code, megabytes);
  const child = spawn(program, args, {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "pipe", "ignore"],
  });
  if (child.pid) post({ pid: child.pid });
  const write = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  child.stdin.on("error", () => {}); // its end is told by "close"
  write(beginning);

  let lastId = 0;
  let answer: ((reply: Reply) => void) | undefined;
  /** Settles once the interrupt that was sent has arrived: later it would stop what is asked next. */
  let isFree = Promise.resolve();
  let free = () => {};
  let verdict: string | undefined;
  let line = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    const lines = text.split("\n");
    lines[0] = line + lines[0];
    line = lines.pop() ?? "";
    try {
      if (line.length > most.line) throw new Error("A line without end.");
      for (const text of lines) {
        const message = JSON.parse(text);
        if ("stopped" in message) free();
        else if (!("id" in message)) output(message);
        else if (message.id === lastId) {
          answer?.(message.reply);
          answer = undefined;
        }
      }
    } catch {
      verdict = "it sent too much, or what cannot be read";
      child.kill("SIGKILL");
    }
  });
  child.on("error", ({ message }) => {
    verdict = message;
  });
  child.on("close", (code, signal) => {
    // So Node ends when its memory is full.
    if (signal === "SIGABRT" || code === 134) verdict ??= "it ran out of memory";
    post({ pid: undefined }); // its number may be another's by now
    post({ ended: verdict ?? `${signal ?? `exit code ${code}`}` });
  });

  return {
    async ask(request: Request): Promise<Reply> {
      const reply = await new Promise<Reply>((settle) => {
        answer = settle;
        write({ id: ++lastId, request });
      });
      await isFree;
      return reply;
    },
    stop() {
      if (!answer) return; // it has answered meanwhile
      isFree = new Promise((settle) => {
        free = settle;
      });
      write({});
      child.kill("SIGINT");
    },
  };
}

if (workerData?.student) void live(workerData.student);
