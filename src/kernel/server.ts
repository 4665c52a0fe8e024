/** The kernel's side of Jupyter's messaging protocol. */
import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import * as ts from "@tslab/typescript-for-tslab";
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import { Publisher, Router } from "zeromq";
import type { Uses } from "../coursework/offered";
import { type Cells, createCells } from "./cells";
import { flag, startControl, stop } from "./control";
import type { ErrorReport } from "./errors";
import type { Grading } from "./grading";
import { checkLoops } from "./interrupt";
import {
  type CellOutput,
  captureStreams,
  createCellOutput,
  currentCell,
  type MimeBundle,
} from "./output";
import { usesOf } from "./uses";
import { type Connection, decode, encode, type Frame, type Header, type Message } from "./wire";

const displayMethod = Symbol.for("Jupyter.display");
/** How long an interrupted cell has to end by itself, if it listens to the signal. */
const graceMilliseconds = 300;

/**
 * Starts a kernel that answers on the ports of the connection. Resolves once they are open.
 *
 * @param grading if given, submissions are graded: see grading.ts
 */
export async function serve(connection: Connection, grading?: Grading): Promise<void> {
  const { key } = connection;
  const shell = new Router();
  const stdin = new Router();
  // Without a limit to what may wait, and without waiting itself, it takes every message at once: so what a
  // busy loop prints is seen while it runs.
  const iopub = new Publisher({ sendHighWaterMark: 0, sendTimeout: 0 });
  const control = startControl(connection, (frames) => {
    receive(frames, (request) => void answer(request, control.send));
  });
  checkLoops(control.shared);

  function publish(type: string, content: object, parent: Header): void {
    void iopub.send(encode(type, content, parent, [type], key));
  }
  // The shell's socket takes one message at a time: each send waits for the one before.
  let sending: Promise<unknown> = Promise.resolve();
  const shellSend: Send = (frames) => {
    sending = sending.then(() => shell.send(frames)).catch(() => {});
  };
  function reply(send: Send, request: Message, content: object): void {
    const type = request.header.msg_type.replace("_request", "_reply");
    send(encode(type, content, request.header, request.identities, key));
  }

  /** The cell that runs, or ran last: output that belongs to none is shown there. */
  let lastCell: CellOutput | undefined;
  const byCount = new Map<number, CellOutput>();
  let running = false;
  let count = 0;
  /** The cells that were run, and that runs: not those that are no TypeScript. */
  const codes: string[] = [];
  connectHost(
    () => currentCell.getStore() ?? lastCell,
    grading ? undefined : (name) => usesOf(codes, name),
  );
  const cells = grading ? await loadGrading().createGradingCells(grading) : createCells();
  captureStreams(() => lastCell);

  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (thrown: unknown) => {
      const report = cells.report(thrown);
      const source = /^cell (\d+), line/m.exec(report.traceback.join("\n"));
      const cell = currentCell.getStore() ?? byCount.get(Number(source?.[1])) ?? lastCell;
      cell?.write("stderr", `${report.traceback.join("\n")}\n`);
    });
  }

  async function execute(request: Message): Promise<boolean> {
    const { code, silent = false, store_history = true, stop_on_error = true } = request.content;
    if (!silent && store_history) count++;
    if (!silent) codes.push(code);
    const cell = createCellOutput(count, request.header, silent, publish);
    lastCell = cell;
    byCount.set(count, cell);
    if (!silent) publish("execute_input", { code, execution_count: count }, request.header);

    Atomics.store(control.shared, flag.loops, stop.none);
    running = true;
    let { value, error } = await currentCell.run(cell, () =>
      cells.run(code, `${silent ? "hidden cell" : "cell"} ${count}`),
    );
    if (!error && value !== undefined) {
      const shown = await currentCell.run(cell, () => bundle(value, cells));
      error = shown.error;
      cell.flush();
      if (shown.data && !silent) {
        publish(
          "execute_result",
          { execution_count: count, data: shown.data, metadata: {} },
          request.header,
        );
      }
    }
    running = false;
    if (error?.ename === "TypeScript error" && !silent) codes.pop();
    cell.flush();
    if (error && !silent) publish("error", error, request.header);
    // Requests that came while the cell ran may still be on their way in: let them, so that they count as
    // waiting, and that an interrupt does not stop the next cell.
    if (error) await wait(20);
    const status = error
      ? { status: "error", ...error }
      : { status: "ok", user_expressions: {}, payload: [] };
    reply(shellSend, request, { ...status, execution_count: count });
    return !(error && stop_on_error);
  }

  async function handle(request: Message, send: Send): Promise<boolean> {
    const { content } = request;
    switch (request.header.msg_type) {
      case "execute_request":
        return execute(request);
      case "kernel_info_request":
        reply(send, request, kernelInfo());
        break;
      case "is_complete_request": {
        const { completed, indent = "" } = isCompleteCode(content.code);
        reply(send, request, completed ? { status: "complete" } : { status: "incomplete", indent });
        break;
      }
      case "inspect_request": {
        const info = cells.inspect(content.code, toUnits(content.code, content.cursor_pos));
        const data = info ? { "text/plain": printQuickInfo(info) } : {};
        reply(send, request, { status: "ok", found: Boolean(info), data, metadata: {} });
        break;
      }
      case "complete_request": {
        const { start, end, candidates } = cells.complete(
          content.code,
          toUnits(content.code, content.cursor_pos),
        );
        const [cursor_start, cursor_end] = [start, end].map((at) => toPoints(content.code, at));
        reply(send, request, {
          status: "ok",
          matches: candidates,
          cursor_start,
          cursor_end,
          metadata: {},
        });
        break;
      }
      case "comm_info_request":
        reply(send, request, { status: "ok", comms: {} });
        break;
      case "history_request":
        reply(send, request, { status: "ok", history: [] });
        break;
      case "interrupt_request":
        interrupt();
        reply(send, request, { status: "ok" });
        break;
      case "shutdown_request":
        reply(send, request, { status: "ok", restart: content.restart ?? false });
        publish("status", { execution_state: "idle" }, request.header);
        await sending;
        await control.close();
        // ZeroMQ hands the last messages over in the background.
        setTimeout(() => process.exit(0), 50);
        break;
    }
    return true;
  }

  async function answer(request: Message, send: Send): Promise<boolean> {
    publish("status", { execution_state: "busy" }, request.header);
    try {
      return await handle(request, send);
    } catch (thrown) {
      reply(send, request, { status: "error", ...cells.report(thrown) });
      return true;
    } finally {
      publish("status", { execution_state: "idle" }, request.header);
      await sending;
    }
  }

  function interrupt(): void {
    const cell = lastCell;
    if (!running || !cell) return;
    cell.interruption.abort();
    setTimeout(() => {
      if (!running || cell !== lastCell) return;
      Atomics.store(control.shared, flag.loops, stop.interrupted);
      cells.interrupt();
    }, graceMilliseconds);
  }
  process.on("SIGINT", interrupt);

  const waiting: Message[] = [];
  let working = false;
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let request = waiting.shift(); request; request = waiting.shift()) {
      const goOn = await answer(request, shellSend);
      if (goOn) continue;
      for (const aborted of waiting.splice(0)) {
        if (
          aborted.header.msg_type === "execute_request" &&
          aborted.content.stop_on_error !== false
        ) {
          publish("status", { execution_state: "busy" }, aborted.header);
          reply(shellSend, aborted, { status: "aborted", execution_count: count });
          publish("status", { execution_state: "idle" }, aborted.header);
        } else waiting.push(aborted);
      }
    }
    working = false;
  }

  function receive(frames: Buffer[], handle: (request: Message) => void): void {
    try {
      handle(decode(frames, key));
    } catch (problem) {
      process.stderr.write(`${problem}\n`);
    }
  }
  async function listen(): Promise<void> {
    for await (const frames of shell) {
      receive(frames, (request) => {
        waiting.push(request);
        void work();
      });
    }
  }

  const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`;
  await iopub.bind(address(connection.iopub_port));
  await shell.bind(address(connection.shell_port));
  await stdin.bind(address(connection.stdin_port));
  await control.opened;
  void listen();
}

/** Only a kernel that grades loads what it takes. */
function loadGrading(): typeof import("./grading") {
  return require("./grading");
}

/** Sends the frames of a reply. */
type Send = (frames: Frame[]) => void;

/** What a value shows as: the bundle it gives itself, or Node's own rendering. */
async function bundle(
  value: unknown,
  cells: Cells,
): Promise<{ data?: MimeBundle; error?: ErrorReport }> {
  try {
    const method = (value as Record<symbol, unknown> | null)?.[displayMethod];
    if (typeof method === "function") return { data: await method.call(value) };
    // Of a promise Node would show the kernel's own notes on it.
    const text =
      value instanceof Promise
        ? "Promise (write await before it to get its value)"
        : inspect(value, { maxArrayLength: 200 });
    return { data: { "text/plain": text } };
  } catch (thrown) {
    return { error: cells.report(thrown) };
  }
}

/**
 * What the kernel offers to figures: a place to show themselves, and a signal that tells of an interrupt; and to checks:
 * what a variable's code uses.
 */
function connectHost(
  cell: () => CellOutput | undefined,
  uses?: (name: string) => Uses | undefined,
): void {
  const host = {
    display: (data: MimeBundle, options?: { id?: string; update?: boolean }) =>
      cell()?.display(data, options),
    get signal() {
      return cell()?.interruption.signal;
    },
    uses,
  };
  Object.defineProperty(globalThis, Symbol.for("Jupyter.host"), { value: host });
  // tslab's own `display` functions go the same way: they look here for where to write.
  const tslabJupyter = require("tslab/dist/jupyter") as typeof import("tslab/dist/jupyter");
  const write: typeof tslabJupyter.lastWriteDisplayData = ({ data, transient }, update) =>
    cell()?.display(data, { id: transient?.display_id as string | undefined, update });
  Object.assign(tslabJupyter, { lastWriteDisplayData: write });
}

function kernelInfo(): object {
  return {
    status: "ok",
    protocol_version: "5.3",
    implementation: "backprop",
    implementation_version: "1.0.0",
    banner: `TypeScript ${ts.version} on Node.js ${process.version}`,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
    language_info: {
      name: "typescript",
      version: ts.version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
      // What makes the front ends colour TypeScript.
      codemirror_mode: { name: "javascript", mode: "typescript", typescript: true },
    },
  };
}

// Jupyter counts code points, JavaScript UTF-16 units.
function toUnits(code: string, points: number): number {
  return Array.from(code).slice(0, points).join("").length;
}
function toPoints(code: string, units: number): number {
  return Array.from(code.slice(0, units)).length;
}
