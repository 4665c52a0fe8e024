/**
 * The control and heartbeat channels, on a thread of their own: a cell's busy loop keeps the kernel's first
 * thread from hearing anything, an interrupt included. This file is both ends of that thread.
 */
import { once } from "node:events";
import { type MessagePort, parentPort, Worker, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import type { Connection, Frame } from "./wire";

/** Places in the memory that both threads see. */
export const flag = {
  /** What the loops of compiled code are to do: see `stop`. */
  loops: 0,
  /** How many control messages the first thread has heard. */
  heard: 1,
  /** 1 once the sockets are closed. */
  closed: 2,
} as const;

/** What loops are to do: go on; stop; stop if their cell was given up on. */
export const stop = { none: 0, all: 1, interrupted: 2 } as const;

/** How long the first thread has to hear a control message before its loops are stopped, in milliseconds. */
const patience = 300;

export interface Control {
  /** Resolves once the channels are open. */
  readonly opened: Promise<unknown>;
  readonly shared: Int32Array;
  send(frames: Frame[]): void;
  /** Ends the thread, once what was sent is on its way. */
  close(): Promise<unknown>;
}

/** Opens both channels. `receive` gets the control channel's messages, as frames. */
export function startControl(connection: Connection, receive: (frames: Buffer[]) => void): Control {
  const shared = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(__filename, { workerData: { connection, shared } });
  thread.on("message", (frames: "open" | Uint8Array[]) => {
    if (frames === "open") return;
    Atomics.store(shared, flag.loops, stop.none);
    Atomics.add(shared, flag.heard, 1);
    receive(frames.map((frame) => Buffer.from(frame)));
  });
  // A thread that is ended with its sockets open takes the process down with a crash.
  process.on("exit", () => {
    thread.postMessage("close");
    Atomics.wait(shared, flag.closed, 0, 1000);
  });
  return {
    shared,
    opened: once(thread, "message"),
    send: (frames) => thread.postMessage(frames),
    close() {
      thread.postMessage("close");
      return once(thread, "exit");
    },
  };
}

async function runThread(port: MessagePort): Promise<void> {
  const { connection, shared } = workerData as { connection: Connection; shared: Int32Array };
  const control = new Router();
  const heartbeat = new Reply();
  const address = `${connection.transport}://${connection.ip}`;
  await control.bind(`${address}:${connection.control_port}`);
  await heartbeat.bind(`${address}:${connection.hb_port}`);

  let sending: Promise<unknown> = Promise.resolve();
  port.on("message", (message: "close" | Frame[]) => {
    if (message !== "close") {
      sending = sending.then(() => control.send(message));
      return;
    }
    void sending.then(() => {
      control.close();
      heartbeat.close();
      port.close();
    });
  });

  async function listen(): Promise<void> {
    let received = 0;
    for await (const frames of control) {
      const number = ++received;
      port.postMessage(frames);
      const unheard = () => Atomics.load(shared, flag.heard) < number;
      // Whatever it asks for, interrupt or shutdown, has to wait for a busy loop; so that has to end.
      setTimeout(() => {
        if (unheard()) Atomics.store(shared, flag.loops, stop.all);
      }, patience).unref();
      // A loop in a source file does not look at the flag. A signal stops it, unless the cell came to it after
      // an await; on Windows, where it would end the process, there are no such signals.
      setTimeout(() => {
        if (unheard() && process.platform !== "win32") process.kill(process.pid, "SIGINT");
      }, 2 * patience).unref();
    }
  }
  async function beat(): Promise<void> {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  }
  const ended = Promise.all([listen(), beat()]);
  port.postMessage("open");
  await ended;
  Atomics.store(shared, flag.closed, 1);
  Atomics.notify(shared, flag.closed);
}

if (parentPort && workerData.connection) void runThread(parentPort);
