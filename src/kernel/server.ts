/** The kernel's side of Jupyter's messaging protocol. */
import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import * as ts from "@tslab/typescript-for-tslab";
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import { Publisher, Reply, Router } from "zeromq";
import { type Cells, createCells } from "./cells";
import type { ErrorReport } from "./errors";
import {
  type CellOutput,
  captureStreams,
  createCellOutput,
  currentCell,
  type MimeBundle,
} from "./output";
import { type Connection, decode, encode, type Header, type Message } from "./wire";

const displayMethod = Symbol.for("Jupyter.display");
/** How long an interrupted cell has to end by itself, if it listens to the signal. */
const graceMilliseconds = 300;

/** Starts a kernel that answers on the ports of the connection. Resolves once they are open. */
export async function serve(connection: Connection): Promise<void> {
  const { key } = connection;
  const shell = new Router();
  const control = new Router();
  const stdin = new Router();
  const iopub = new Publisher({ sendHighWaterMark: 0 });
  const heartbeat = new Reply();

  // A socket takes one message at a time: each send waits for the one before, on whichever socket.
  let sending: Promise<unknown> = Promise.resolve();
  function send(socket: Publisher | Router, frames: Buffer[]): void {
    sending = sending.then(() => socket.send(frames)).catch(() => {});
  }
  function publish(type: string, content: object, parent: Header): void {
    send(iopub, encode(type, content, parent, [Buffer.from(type)], key));
  }
  function reply(socket: Router, request: Message, content: object): void {
    const type = request.header.msg_type.replace("_request", "_reply");
    send(socket, encode(type, content, request.header, request.identities, key));
  }

  const cells = createCells();
  /** The cell that runs, or ran last: output that belongs to none is shown there. */
  let lastCell: CellOutput | undefined;
  const byCount = new Map<number, CellOutput>();
  let running = false;
  let count = 0;
  captureStreams(() => lastCell);
  connectHost(() => currentCell.getStore() ?? lastCell);

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
    const cell = createCellOutput(count, request.header, silent, publish);
    lastCell = cell;
    byCount.set(count, cell);
    if (!silent) publish("execute_input", { code, execution_count: count }, request.header);

    running = true;
    let { value, error } = await currentCell.run(cell, () => cells.run(code, count));
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
    cell.flush();
    if (error && !silent) publish("error", error, request.header);
    // Requests that came while the cell ran may still be on their way in: let them, so that they count as waiting.
    if (error && stop_on_error) await wait(20);
    const status = error
      ? { status: "error", ...error }
      : { status: "ok", user_expressions: {}, payload: [] };
    reply(shell, request, { ...status, execution_count: count });
    return !(error && stop_on_error);
  }

  async function handle(request: Message, socket: Router): Promise<boolean> {
    const { content } = request;
    switch (request.header.msg_type) {
      case "execute_request":
        return execute(request);
      case "kernel_info_request":
        reply(socket, request, kernelInfo());
        break;
      case "is_complete_request": {
        const { completed, indent = "" } = isCompleteCode(content.code);
        reply(
          socket,
          request,
          completed ? { status: "complete" } : { status: "incomplete", indent },
        );
        break;
      }
      case "inspect_request": {
        const info = cells.inspect(content.code, toUnits(content.code, content.cursor_pos));
        const data = info ? { "text/plain": printQuickInfo(info) } : {};
        reply(socket, request, { status: "ok", found: Boolean(info), data, metadata: {} });
        break;
      }
      case "complete_request": {
        const { start, end, candidates } = cells.complete(
          content.code,
          toUnits(content.code, content.cursor_pos),
        );
        const [cursor_start, cursor_end] = [start, end].map((at) => toPoints(content.code, at));
        reply(socket, request, {
          status: "ok",
          matches: candidates,
          cursor_start,
          cursor_end,
          metadata: {},
        });
        break;
      }
      case "comm_info_request":
        reply(socket, request, { status: "ok", comms: {} });
        break;
      case "history_request":
        reply(socket, request, { status: "ok", history: [] });
        break;
      case "interrupt_request":
        interrupt();
        reply(socket, request, { status: "ok" });
        break;
      case "shutdown_request":
        reply(socket, request, { status: "ok", restart: content.restart ?? false });
        publish("status", { execution_state: "idle" }, request.header);
        await sending;
        // ZeroMQ hands the last messages over in the background.
        setTimeout(() => process.exit(0), 50);
        break;
    }
    return true;
  }

  async function answer(request: Message, socket: Router): Promise<boolean> {
    publish("status", { execution_state: "busy" }, request.header);
    try {
      return await handle(request, socket);
    } catch (thrown) {
      reply(socket, request, { status: "error", ...cells.report(thrown) });
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
      if (running && cell === lastCell) cells.interrupt();
    }, graceMilliseconds);
  }
  process.on("SIGINT", interrupt);

  const waiting: Message[] = [];
  let working = false;
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let request = waiting.shift(); request; request = waiting.shift()) {
      const goOn = await answer(request, shell);
      if (goOn) continue;
      for (const aborted of waiting.splice(0)) {
        if (
          aborted.header.msg_type === "execute_request" &&
          aborted.content.stop_on_error !== false
        ) {
          publish("status", { execution_state: "busy" }, aborted.header);
          reply(shell, aborted, { status: "aborted", execution_count: count });
          publish("status", { execution_state: "idle" }, aborted.header);
        } else waiting.push(aborted);
      }
    }
    working = false;
  }

  async function listen(socket: Router, receive: (request: Message) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        receive(decode(frames, key));
      } catch (problem) {
        process.stderr.write(`${problem}\n`);
      }
    }
  }
  async function beat(): Promise<void> {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  }

  const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`;
  await iopub.bind(address(connection.iopub_port));
  await shell.bind(address(connection.shell_port));
  await control.bind(address(connection.control_port));
  await stdin.bind(address(connection.stdin_port));
  await heartbeat.bind(address(connection.hb_port));

  void listen(shell, (request) => {
    waiting.push(request);
    void work();
  });
  void listen(control, (request) => void answer(request, control));
  void beat();
}

/** What a value shows as: the bundle it gives itself, or Node's own rendering. */
async function bundle(
  value: unknown,
  cells: Cells,
): Promise<{ data?: MimeBundle; error?: ErrorReport }> {
  try {
    const method = (value as Record<symbol, unknown> | null)?.[displayMethod];
    if (typeof method === "function") return { data: await method.call(value) };
    return { data: { "text/plain": inspect(value, { maxArrayLength: 200 }) } };
  } catch (thrown) {
    return { error: cells.report(thrown) };
  }
}

/** What the kernel offers to figures: a place to show themselves, and a signal that tells of an interrupt. */
function connectHost(cell: () => CellOutput | undefined): void {
  const host = {
    display: (data: MimeBundle, options?: { id?: string; update?: boolean }) =>
      cell()?.display(data, options),
    get signal() {
      return cell()?.interruption.signal;
    },
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
