/** The kernel's side of Jupyter's messaging protocol. */
import { setTimeout as wait } from "node:timers/promises";
import * as ts from "@tslab/typescript-for-tslab";
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import { Publisher, Router } from "zeromq";
import type { Uses } from "../coursework/offered";
import { bundleOf, checkBundle } from "./bundle";
import { createCells } from "./cells";
import { type Answer, complain, flag, startControl, stop } from "./control";
import type { Grading } from "./grading";
import { createDialogs, NoInput } from "./input";
import { checkLoops, guard, Interruption } from "./interrupt";
import { type CellOutput, createCellOutput, currentCell, type MimeBundle } from "./output";
import { createRun, type Run } from "./run";
import { provideStdin } from "./stdin";
import { captureStreams } from "./streams";
import { usesOf } from "./uses";
import {
  type Connection,
  createInbox,
  encode,
  type Frame,
  type Header,
  type Message,
  signingOf,
} from "./wire";

/**
 * Starts a kernel that answers on the ports of the connection. Resolves once they are open.
 *
 * @param grading if given, submissions are graded: see grading.ts
 */
export async function serve(connection: Connection, grading?: Grading): Promise<void> {
  const signing = signingOf(connection);
  const shell = new Router();
  // Without a limit to what may wait, and without waiting itself, it takes every message at once: so what a
  // busy loop prints is seen while it runs.
  const iopub = new Publisher({ sendHighWaterMark: 0, sendTimeout: 0 });
  const control = startControl(connection, (request) => {
    // Cells run one at a time, wherever they come in.
    if (request.header.msg_type === "execute_request") queue(request, control.send);
    else void answer(request, control.send);
  });
  checkLoops(control.shared);

  function publish(type: string, content: object, parent: Header): void {
    void iopub.send(encode(type, content, parent, [type], signing.key, signing.hash));
  }
  // The shell's socket takes one message at a time: each send waits for the one before.
  let sending: Promise<unknown> = Promise.resolve();
  const shellSend: Send = (frames) => {
    sending = sending.then(() => shell.send(frames)).catch(() => {});
  };
  function reply(send: Send, request: Message, content: object): void {
    const type = request.header.msg_type.replace("_request", "_reply");
    const { header, identities } = request;
    send(encode(type, content, header, identities, signing.key, signing.hash));
  }

  /** The cell that runs, or ran last: output that belongs to none is shown there. */
  let lastCell: CellOutput | undefined;
  const byCount = new Map<number, CellOutput>();
  /** The run of the last cell, while it lasts. */
  let running: Run | undefined;
  let count = 0;
  /** The cells that were run, and that runs: not those that are no TypeScript. */
  const codes: string[] = [];
  const ownCell = () => currentCell.getStore() ?? lastCell;
  connectHost(
    ownCell,
    (work) => {
      const cell = ownCell();
      work.catch((thrown) => cell?.write("stderr", textOf(thrown)));
      if (cell === lastCell) running?.waitUntil(work);
    },
    grading ? undefined : (name) => usesOf(codes, name),
  );
  const cells = grading ? await loadGrading().createGradingCells(grading) : createCells();
  captureStreams(() => lastCell);
  Object.assign(globalThis, createDialogs(ask));
  provideStdin(() => running && askLater(running));

  const textOf = (thrown: unknown) => `${cells.report(thrown).traceback.join("\n")}\n`;

  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (thrown: unknown) => {
      const report = cells.report(thrown);
      const source = /^cell (\d+), line/m.exec(report.traceback.join("\n"));
      const cell = currentCell.getStore() ?? byCount.get(Number(source?.[1])) ?? lastCell;
      cell?.write("stderr", `${report.traceback.join("\n")}\n`);
    });
  }

  /** What an answer says. @throws NoInput if there is none, Interruption if the reader interrupts instead */
  function lineOf(answer: Answer): string {
    if (answer === "interrupted") throw new Interruption("The cell was stopped.");
    if ("line" in answer) return answer.line;
    throw new NoInput(`as the front end has no input box (${answer.failure})`);
  }

  /** @throws NoInput */
  function checkInput({ request }: Run): void {
    if (!request.content.allow_stdin)
      throw new NoInput("as whoever runs this notebook takes no input");
  }

  function ask(prompt: string, password = false): string {
    const cell = ownCell();
    if (!running || cell !== lastCell) throw new NoInput("as the cell that asks has ended");
    const run = running;
    checkInput(run);
    cell?.flush();
    return lineOf(guard(() => control.ask({ prompt, password }, run.request)));
  }

  /** Asks for who reads stdin: as nothing hears of an error there, it is the cell's. */
  function askLater(run: Run): (prompt: string) => Promise<string | undefined> {
    const cell = lastCell as CellOutput;
    return async (prompt) => {
      try {
        checkInput(run);
        cell.flush();
        const { signal } = cell.interruption;
        return lineOf(await control.askLater({ prompt }, run.request, signal));
      } catch (thrown) {
        if (thrown instanceof NoInput) run.giveUp(thrown);
        return undefined;
      }
    };
  }

  async function execute(request: Message): Promise<boolean> {
    const { code, silent = false, store_history = true, stop_on_error = true } = request.content;
    if (typeof code !== "string") throw new TypeError("An execute_request has to hold code.");
    if (!silent && store_history) count++;
    if (!silent) codes.push(code);
    const cell = createCellOutput(count, request.header, silent, publish);
    lastCell = cell;
    byCount.set(count, cell);
    if (!silent) publish("execute_input", { code, execution_count: count }, request.header);

    Atomics.store(control.shared, flag.loops, stop.none);
    const run = createRun(request, cell.interruption, () => {
      Atomics.store(control.shared, flag.loops, stop.interrupted);
      cells.interrupt();
    });
    running = run;
    let { value, error } = await currentCell.run(cell, () =>
      cells.run(code, `${silent ? "hidden cell" : "cell"} ${count}`),
    );
    // The reader may not be who stopped it; and what the cell itself throws counts more.
    if (error?.ename === "Interrupted" && run.reason !== undefined)
      error = cells.report(run.reason);
    run.endStep();
    if (!error && value !== undefined) {
      try {
        const data = await currentCell.run(cell, () => run.orGivenUp(guard(() => bundleOf(value))));
        cell.flush();
        const result = { execution_count: count, data, metadata: {} };
        if (!silent) publish("execute_result", result, request.header);
      } catch (thrown) {
        error = cells.report(thrown);
      }
      run.endStep();
    }
    await run.settled();
    run.endStep();
    running = undefined;
    if (error?.ename === "TypeScript error" && !silent) codes.pop();
    cell.end();
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
    running?.interrupt(new Interruption("The cell was stopped."));
  }
  process.on("SIGINT", () => {
    if (!control.ownSignal()) interrupt();
  });

  const waiting: { request: Message; send: Send }[] = [];
  let working = false;
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const goOn = await answer(next.request, next.send);
      if (goOn) continue;
      for (const { request, send } of waiting.splice(0)) {
        const { header, content } = request;
        if (header.msg_type === "execute_request" && content.stop_on_error !== false) {
          publish("status", { execution_state: "busy" }, header);
          reply(send, request, { status: "aborted", execution_count: count });
          publish("status", { execution_state: "idle" }, header);
        } else waiting.push({ request, send });
      }
    }
    working = false;
  }
  function queue(request: Message, send: Send): void {
    waiting.push({ request, send });
    void work();
  }

  async function listen(): Promise<void> {
    const open = createInbox(signing);
    for await (const frames of shell) {
      try {
        queue(open(frames), shellSend);
      } catch (problem) {
        complain(problem);
      }
    }
  }

  const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`;
  await iopub.bind(address(connection.iopub_port));
  await shell.bind(address(connection.shell_port));
  await control.opened;
  void listen();
}

/** Only a kernel that grades loads what it takes. */
function loadGrading(): typeof import("./grading") {
  return require("./grading");
}

/** Sends the frames of a reply. */
type Send = (frames: Frame[]) => void;

/**
 * What the kernel offers to figures: a place to show themselves, a signal that tells of an interrupt, and time to end
 * what they have begun; and to checks: what a variable's code uses.
 */
function connectHost(
  cell: () => CellOutput | undefined,
  waitUntil: (work: Promise<unknown>) => void,
  uses?: (name: string) => Uses | undefined,
): void {
  const host = {
    display(data: MimeBundle, { id, update }: { id?: string; update?: boolean } = {}) {
      cell()?.display(checkBundle(data), { id: id === undefined ? id : String(id), update });
    },
    get signal() {
      return cell()?.interruption.signal;
    },
    waitUntil,
    uses,
  };
  Object.defineProperty(globalThis, Symbol.for("Jupyter.host"), { value: host });
  // tslab's own `display` functions go the same way: they look here for where to write.
  const tslabJupyter = require("tslab/dist/jupyter") as typeof import("tslab/dist/jupyter");
  const write: typeof tslabJupyter.lastWriteDisplayData = ({ data, transient }, update) =>
    host.display(data, { id: transient?.display_id as string | undefined, update });
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
