/** The kernel's side of Jupyter's messaging protocol. */
import { setTimeout as wait } from "node:timers/promises";
import * as ts from "@tslab/typescript-for-tslab";
import { Publisher, Router } from "zeromq";
import { createCells } from "../cells";
import type { Grading } from "../grading/cells";
import { createDialogs, NoInput } from "../input";
import { Interruption } from "../interrupt";
import type { CellOutput } from "../output";
import { platform } from "../platform";
import type { Run } from "../run";
import { createSession, type Session } from "../session";
import { type Answer, complain, startControl } from "./control";
import { checkLoops } from "./loops";
import { runHere } from "./runner";
import { provideStdin } from "./stdin";
import { captureStreams } from "./streams";
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
 * @param grading if given, submissions are graded: see grading/cells.ts
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

  /** The request whose cell runs, or ran last. */
  let lastRequest: Message;
  const session = await createSession({
    cells: async () =>
      grading ? loadGrading().createGradingCells(grading) : createCells({ runner: runHere }),
    loops: checkLoops(control.shared),
    tellsUses: !grading,
  });
  displayByTslab(session);
  captureStreams(() => session.lastCell);
  Object.assign(globalThis, createDialogs(ask));
  provideStdin(() => session.running && askLater(session.running, lastRequest));

  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, session.complain);
  }

  /** What an answer says. @throws NoInput if there is none, Interruption if the reader interrupts instead */
  function lineOf(answer: Answer): string {
    if (answer === "interrupted") throw new Interruption("The cell was stopped.");
    if ("line" in answer) return answer.line;
    throw new NoInput(`as the front end has no input box (${answer.failure})`);
  }

  /** @throws NoInput */
  function checkInput(request: Message): void {
    if (!request.content.allow_stdin)
      throw new NoInput("as whoever runs this notebook takes no input");
  }

  function ask(prompt: string, password = false): string {
    const cell = session.ownCell();
    if (!session.running || cell !== session.lastCell)
      throw new NoInput("as the cell that asks has ended");
    const request = lastRequest;
    checkInput(request);
    cell?.flush();
    return lineOf(platform.guard(() => control.ask({ prompt, password }, request)));
  }

  /** Asks for who reads stdin: as nothing hears of an error there, it is the cell's. */
  function askLater(run: Run, request: Message): (prompt: string) => Promise<string | undefined> {
    const cell = session.lastCell as CellOutput;
    return async (prompt) => {
      try {
        checkInput(request);
        cell.flush();
        const { signal } = cell.interruption;
        return lineOf(await control.askLater({ prompt }, request, signal));
      } catch (thrown) {
        if (thrown instanceof NoInput) run.giveUp(thrown);
        return undefined;
      }
    };
  }

  async function execute(request: Message): Promise<boolean> {
    const { code, silent = false, store_history = true, stop_on_error = true } = request.content;
    if (typeof code !== "string") throw new TypeError("An execute_request has to hold code.");
    lastRequest = request;
    const { count, error } = await session.execute(
      code,
      (type, content) => publish(type, content, request.header),
      { silent, isCounted: store_history },
    );
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
        const { completed, indent = "" } = session.isComplete(content.code);
        reply(send, request, completed ? { status: "complete" } : { status: "incomplete", indent });
        break;
      }
      case "inspect_request": {
        const position = toUnits(content.code, content.cursor_pos);
        const text = session.inspect(content.code, position);
        const data = text === undefined ? {} : { "text/plain": text };
        reply(send, request, { status: "ok", found: text !== undefined, data, metadata: {} });
        break;
      }
      case "complete_request": {
        const { start, end, candidates } = session.complete(
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
        session.interrupt();
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
      reply(send, request, { status: "error", ...session.report(thrown) });
      return true;
    } finally {
      publish("status", { execution_state: "idle" }, request.header);
      await sending;
    }
  }

  process.on("SIGINT", () => {
    if (!control.ownSignal()) session.interrupt();
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
          reply(send, request, { status: "aborted", execution_count: session.count });
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
function loadGrading(): typeof import("../grading/cells") {
  return require("../grading/cells");
}

/** Sends the frames of a reply. */
type Send = (frames: Frame[]) => void;

/** tslab's own `display` functions go the session's way, too: they look here for where to write. */
function displayByTslab(session: Session): void {
  const tslabJupyter = require("tslab/dist/jupyter") as typeof import("tslab/dist/jupyter");
  const write: typeof tslabJupyter.lastWriteDisplayData = ({ data, transient }, update) =>
    session.display(data, { id: transient?.display_id, update });
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
