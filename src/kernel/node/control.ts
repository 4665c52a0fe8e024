/**
 * The control, heartbeat and stdin channels, on a thread of their own: while a cell is in a busy loop, or waits for
 * the reader's answer, the kernel's first thread hears nothing, an interrupt included. This file is both ends of that
 * thread.
 */
import { once } from "node:events";
import { writeSync } from "node:fs";
import {
  MessageChannel,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from "node:worker_threads";
import { Reply, Router } from "zeromq";
import {
  type Connection,
  createInbox,
  decode,
  encode,
  type Frame,
  type Message,
  signingOf,
} from "./wire";

/** Places in the memory that both threads see. */
export const flag = {
  /** What the loops of compiled code are to do: see `stop`. */
  loops: 0,
  /** How many control messages the first thread has heard. */
  heard: 1,
  /** 1 once the sockets are closed. */
  closed: 2,
  /** Counts what a first thread that waits for an answer is to be woken for. */
  bell: 3,
  /** How many signals this thread has sent to the process. */
  signals: 4,
  /** 1 while a thread is `alone`. */
  held: 5,
} as const;

/** What loops are to do: go on; stop; stop if their cell was given up on. */
export const stop = { none: 0, all: 1, interrupted: 2 } as const;

/** How long the first thread has to hear a control message before its loops are stopped, in milliseconds. */
const patience = 300;

/** What the reader is asked, by Jupyter's `input_request`. */
export interface Question {
  prompt: string;
  /** Whether what is typed is hidden. */
  password?: boolean;
}

/** What became of a question: the line that was typed, why it could not be asked, or an interrupt. */
export type Answer = { line: string } | { failure: string } | "interrupted";

/**
 * Does what the other thread is not to come between: a message is heard either before it is decided to stop what runs, or
 * once that is done. What was stopped later would be the next cell.
 */
function alone(shared: Int32Array, work: () => void): void {
  while (Atomics.compareExchange(shared, flag.held, 0, 1) !== 0) Atomics.wait(shared, flag.held, 1);
  try {
    work();
  } finally {
    Atomics.store(shared, flag.held, 0);
    Atomics.notify(shared, flag.held);
  }
}

export interface Control {
  /** Resolves once the channels are open. */
  readonly opened: Promise<unknown>;
  readonly shared: Int32Array;
  send(frames: Frame[]): void;
  /** Asks the front end that sent the request, and waits in this very thread. */
  ask(question: Question, request: Message): Answer;
  /** Asks and lets this thread go on meanwhile. If the signal is aborted, the answer is no longer waited for. */
  askLater(question: Question, request: Message, signal: AbortSignal): Promise<Answer>;
  /** Whether a SIGINT that has come is one that this thread sent; each is told once. */
  ownSignal(): boolean;
  /** Ends the thread, once what was sent is on its way. */
  close(): Promise<unknown>;
}

type Order =
  | "close"
  | { send: Frame[] }
  | { ask: Question; id: number; request: Pick<Message, "identities" | "header"> }
  | { forget: number };
type Answered = { id: number; answer: Answer };

// Taken before streams.ts leads it to the cells.
const toLog = writeSync;

/** Tells of what is wrong where Jupyter keeps its log: it is no cell's output. */
export function complain(problem: unknown): void {
  try {
    toLog(2, `${problem instanceof Error ? problem.message : problem}\n`);
  } catch {
    // There is no log, or it is full.
  }
}

/** Opens the channels. `receive` gets the control channel's messages. */
export function startControl(connection: Connection, receive: (message: Message) => void): Control {
  const places = Object.keys(flag).length;
  const shared = new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT));
  const { port1: answers, port2 } = new MessageChannel();
  const thread = new Worker(__filename, {
    workerData: { connection, shared, answers: port2 },
    transferList: [port2],
  });
  const post = (order: Order) => thread.postMessage(order);
  thread.on("message", (message: "open" | Message) => {
    if (message === "open") return;
    alone(shared, () => {
      Atomics.store(shared, flag.loops, stop.none);
      Atomics.add(shared, flag.heard, 1);
    });
    const identities = message.identities.map((frame) => Buffer.from(frame));
    receive({ ...message, identities });
  });
  // A thread that is ended with its sockets open takes the process down with a crash.
  process.on("exit", () => {
    post("close");
    Atomics.wait(shared, flag.closed, 0, 1000);
  });

  let lastId = 0;
  const asked = new Map<number, (answer: Answer) => void>();
  function settle({ id, answer }: Answered): void {
    asked.get(id)?.(answer);
    asked.delete(id);
  }
  answers.on("message", settle);
  answers.unref();
  function ask(question: Question, { identities, header }: Message, done: (a: Answer) => void) {
    const id = ++lastId;
    asked.set(id, done);
    post({ ask: question, id, request: { identities, header } });
    return id;
  }
  function forget(id: number): void {
    asked.delete(id);
    post({ forget: id });
  }

  let signals = 0;
  return {
    shared,
    opened: once(thread, "message"),
    send: (frames) => post({ send: frames }),
    ask(question, request) {
      let answer: Answer | undefined;
      const id = ask(question, request, (given) => {
        answer = given;
      });
      for (;;) {
        const bell = Atomics.load(shared, flag.bell);
        for (let next = receiveMessageOnPort(answers); next; next = receiveMessageOnPort(answers))
          settle(next.message);
        if (answer !== undefined) return answer;
        if (Atomics.load(shared, flag.loops) === stop.all) {
          forget(id);
          return "interrupted";
        }
        Atomics.wait(shared, flag.bell, bell);
      }
    },
    askLater(question, request, signal) {
      return new Promise((resolve) => {
        const giveUp = () => {
          forget(id);
          resolve("interrupted");
        };
        const id = ask(question, request, (answer) => {
          signal.removeEventListener("abort", giveUp);
          resolve(answer);
        });
        if (signal.aborted) giveUp();
        else signal.addEventListener("abort", giveUp, { once: true });
      });
    },
    ownSignal() {
      if (signals >= Atomics.load(shared, flag.signals)) return false;
      signals++;
      return true;
    },
    close() {
      post("close");
      return once(thread, "exit");
    },
  };
}

interface Setting {
  connection: Connection;
  shared: Int32Array;
  answers: MessagePort;
}

async function runThread(port: MessagePort, setting: Setting): Promise<void> {
  const { connection, shared, answers } = setting;
  const { key, hash } = signingOf(connection);
  const control = new Router();
  const heartbeat = new Reply();
  // A question to a front end that cannot be asked fails, where it would be dropped without a word.
  const stdin = new Router({ mandatory: true });
  const address = `${connection.transport}://${connection.ip}`;
  await control.bind(`${address}:${connection.control_port}`);
  await heartbeat.bind(`${address}:${connection.hb_port}`);
  await stdin.bind(`${address}:${connection.stdin_port}`);

  let sending: Promise<unknown> = Promise.resolve();
  port.on("message", (order: Order) => {
    if (order === "close") {
      void sending.then(() => {
        for (const socket of [control, heartbeat, stdin]) socket.close();
        port.close();
        answers.close();
      });
    } else if ("send" in order) {
      sending = sending.then(() => control.send(order.send)).catch(complain);
    } else if ("forget" in order) {
      questions = questions.filter(({ id }) => id !== order.forget);
    } else {
      const { identities, header } = order.request;
      const content = { prompt: order.ask.prompt, password: order.ask.password ?? false };
      const to = identities.map((frame) => Buffer.from(frame));
      const frames = encode("input_request", content, header, to, key, hash);
      questions.push({ id: order.id, sent: decode(frames, key, hash).header.msg_id });
      asking = asking
        .then(() => stdin.send(frames))
        .catch(({ message }) => reply(order.id, { failure: message }));
    }
  });

  /** What is asked and not answered yet, by the ids of its messages. */
  let questions: { id: number; sent: string }[] = [];
  let asking: Promise<unknown> = Promise.resolve();
  function ring(): void {
    Atomics.add(shared, flag.bell, 1);
    Atomics.notify(shared, flag.bell);
  }
  function reply(id: number, answer: Answer): void {
    questions = questions.filter((question) => question.id !== id);
    answers.postMessage({ id, answer } satisfies Answered);
    ring();
  }

  async function receive(socket: Router, take: (message: Message) => void): Promise<void> {
    const open = createInbox({ key, hash });
    for await (const frames of socket) {
      try {
        take(open(frames));
      } catch (problem) {
        complain(problem);
      }
    }
  }

  let received = 0;
  const listen = () =>
    receive(control, (message) => {
      const number = ++received;
      port.postMessage(message);
      // For anything else there is time until the cell has ended.
      if (!/^(?:interrupt|shutdown)_request$/.test(message.header.msg_type)) return;
      const ifUnheard = (work: () => void) =>
        alone(shared, () => {
          if (Atomics.load(shared, flag.heard) < number) work();
        });
      const stopLoops = () =>
        ifUnheard(() => {
          Atomics.store(shared, flag.loops, stop.all);
          ring();
        });
      // It has to wait for a busy loop; so that has to end. Whoever waits for an answer is not busy.
      if (questions.length > 0) stopLoops();
      setTimeout(stopLoops, patience).unref();
      // A loop in a source file does not look at the flag. A signal stops it, unless the cell came to it after
      // an await; on Windows, where it would end the process, there are no such signals.
      const signal = () =>
        ifUnheard(() => {
          Atomics.add(shared, flag.signals, 1);
          process.kill(process.pid, "SIGINT");
        });
      if (process.platform !== "win32") setTimeout(signal, 2 * patience).unref();
    });
  const listenForAnswers = () =>
    receive(stdin, ({ header, parent, content }) => {
      if (header.msg_type !== "input_reply") return;
      // Some front ends name the question that they answer, and some do not. A box that an interrupted cell has left
      // behind may be filled in later.
      const question = questions.find(({ sent }) => !parent.msg_id || parent.msg_id === sent);
      if (question) reply(question.id, { line: String(content.value ?? "") });
    });
  async function beat(): Promise<void> {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  }
  const ended = Promise.all([listen(), listenForAnswers(), beat()]);
  port.postMessage("open");
  await ended;
  Atomics.store(shared, flag.closed, 1);
  Atomics.notify(shared, flag.closed);
}

if (parentPort && workerData?.connection) void runThread(parentPort, workerData);
