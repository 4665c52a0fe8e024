/** A Jupyter client for tests: starts the kernel as Jupyter does, and talks to it over ZeroMQ. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { kernelArgv } from "../../src/kernel/node/argv";
import {
  type Connection,
  decode,
  encode,
  type Frame,
  type Header,
  type Message,
  signingOf,
} from "../../src/kernel/node/wire";

/** An output as a notebook file keeps it (nbformat 4). */
// biome-ignore lint/suspicious/noExplicitAny: outputs of four kinds, read by tests
export type Output = Record<string, any> & { output_type: string };

export interface Execution {
  /** The content of the execute_reply. */
  // biome-ignore lint/suspicious/noExplicitAny: see the protocol
  reply: Record<string, any>;
  outputs: Output[];
}

export interface Client {
  readonly process: ChildProcess;
  /** What messages are signed with. */
  readonly key: string;
  execute(code: string, options?: object): Promise<Execution>;
  /** Sends an execute request and does not wait; `outputs` grows as messages come in. */
  start(code: string, options?: object): { done: Promise<Execution>; outputs: Output[] };
  /** Any other request on the shell channel. */
  // biome-ignore lint/suspicious/noExplicitAny: see the protocol
  request(type: string, content: object, channel?: "shell" | "control"): Promise<any>;
  /** What cells have asked the reader so far. */
  readonly questions: { prompt: string; password: boolean }[];
  /** Answers a question; by default the last, by name. */
  answer(line: string, how?: { parent?: object }): Promise<void>;
  /** Sends frames as they are. */
  sendRaw(frames: Frame[], channel?: "shell" | "control" | "stdin"): Promise<void>;
  /** Interrupts the cell that was asked for, once it has begun, as Jupyter does: by a message on the control channel. */
  interrupt(): Promise<void>;
  stop(): Promise<void>;
}

interface Pending {
  outputs: Output[];
  displays: Map<string, Output[]>;
  // biome-ignore lint/suspicious/noExplicitAny: see the protocol
  reply?: any;
  /** Tells that the kernel has taken the request up. */
  begin: () => void;
  idle: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: see the protocol
  resolve: (value: any) => void;
}

/**
 * @param further arguments for the kernel
 * @param how how messages are signed, if not by SHA-256 with a key that is made up; and where Jupyter starts it, if not
 *   in a folder of its own
 */
export async function startKernel(
  further: readonly string[] = [],
  { cwd, ...how }: Partial<Pick<Connection, "key" | "signature_scheme"> & { cwd: string }> = {},
): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  const { ports, release } = await takePorts();
  const [shell_port, control_port, iopub_port, stdin_port, hb_port] = ports;
  const connection: Connection = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...how,
    ...{ shell_port, control_port, iopub_port, stdin_port, hb_port },
  };
  const { key, hash } = signingOf(connection);
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(connection));
  const [program, ...args] = kernelArgv(file);
  const kernel = spawn(program, [...args, ...further], {
    cwd: cwd ?? folder,
    stdio: ["ignore", "inherit", "inherit"],
  });

  const address = (port: number) => `tcp://127.0.0.1:${port}`;
  const iopub = new Subscriber({ receiveHighWaterMark: 0 });
  iopub.connect(address(iopub_port));
  iopub.subscribe();
  // One client, by one name on all channels: so the kernel knows whom to ask.
  const dealer = (port: number) => {
    const socket = new Dealer({ routingId });
    socket.connect(address(port));
    return socket;
  };
  const routingId = randomUUID();
  const channels = { shell: dealer(shell_port), control: dealer(control_port) };
  const stdin = dealer(stdin_port);

  const pending = new Map<string, Pending>();
  const displays = new Map<string, Output[]>();

  function settle(id: string): void {
    const entry = pending.get(id);
    if (!entry?.idle || !entry.reply) return;
    pending.delete(id);
    entry.resolve({ reply: entry.reply, outputs: entry.outputs });
  }
  async function listen(socket: Subscriber | Dealer, handle: (message: Message) => void) {
    for await (const frames of socket) handle(decode(frames as Buffer[], key, hash));
  }
  void listen(iopub, ({ header, parent, content }) => {
    const entry = pending.get(parent.msg_id ?? "") ?? late.get(parent.msg_id ?? "");
    if (!entry) return;
    entry.begin();
    if (header.msg_type === "status" && content.execution_state === "idle") {
      entry.idle = true;
      late.set(parent.msg_id as string, entry);
      settle(parent.msg_id as string);
    } else collect(entry.outputs, displays, header.msg_type, content);
  });
  const late = new Map<string, Pending>();
  for (const socket of Object.values(channels)) {
    void listen(socket, ({ parent, content }) => {
      const entry = pending.get(parent.msg_id ?? "");
      if (!entry) return;
      entry.reply = content;
      settle(parent.msg_id as string);
    });
  }

  const questions: Client["questions"] = [];
  let lastQuestion: object = {};
  void listen(stdin, ({ header, content }) => {
    lastQuestion = header;
    questions.push(content);
  });

  // Each socket takes one message at a time.
  let sending: Promise<unknown> = Promise.resolve();
  function send(type: string, content: object, channel: "shell" | "control" = "shell") {
    const frames = encode(type, content, {}, [], key, hash);
    // The kernel's answers name the request by its id.
    const message = decode(frames, key, hash);
    const outputs: Output[] = [];
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const done = new Promise<Execution>((resolve) => {
      pending.set(message.header.msg_id, { outputs, displays, begin, idle: false, resolve });
    });
    void sendRaw(frames, channel);
    return { done, outputs, begun };
  }
  const sendRaw: Client["sendRaw"] = async (frames, channel = "shell") => {
    const socket = channel === "stdin" ? stdin : channels[channel];
    sending = sending.then(() => socket.send(frames));
    await sending;
  };

  const request: Client["request"] = async (type, content, channel) =>
    (await send(type, content, channel).done).reply;
  /** Cells that have not ended, in the order in which they were asked for. */
  const cells: { begun: Promise<void> }[] = [];
  const start: Client["start"] = (code, options) => {
    const cell = send("execute_request", {
      code,
      silent: false,
      store_history: true,
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
    cells.push(cell);
    void cell.done.then(() => cells.splice(cells.indexOf(cell), 1));
    return cell;
  };

  // A subscription takes a moment to arrive: ask until an answer comes on both channels.
  await waitUntilAlive(request, kernel);
  return {
    process: kernel,
    key,
    request,
    start,
    execute: (code, options) => start(code, options).done,
    questions,
    answer: (value, { parent = lastQuestion } = {}) =>
      sendRaw(encode("input_reply", { value }, parent as Header, [], key, hash), "stdin"),
    sendRaw,
    interrupt: async () => {
      // It goes by another channel, and may be there first.
      await cells[0]?.begun;
      await request("interrupt_request", {}, "control");
    },
    async stop() {
      const hasEnded = kernel.exitCode !== null || kernel.signalCode !== null;
      const end = hasEnded ? undefined : once(kernel, "exit");
      kernel.kill("SIGKILL");
      await end;
      iopub.close();
      channels.shell.close();
      channels.control.close();
      stdin.close();
      release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Does something with a kernel of its own, which is stopped then, whatever comes. */
export async function withKernel<T>(
  work: (kernel: Client) => Promise<T>,
  how: Parameters<typeof startKernel>[1] = {},
): Promise<T> {
  const kernel = await startKernel([], how);
  try {
    return await work(kernel);
  } finally {
    await kernel.stop();
  }
}

async function waitUntilAlive(request: Client["request"], kernel: ChildProcess): Promise<void> {
  for (;;) {
    const answer = request("kernel_info_request", {});
    const pause = new Promise((resolve) => setTimeout(resolve, 500, "no answer"));
    if ((await Promise.race([answer, pause])) !== "no answer") return;
    const ended = kernel.exitCode ?? kernel.signalCode;
    if (ended !== null) throw new Error(`The kernel ended before it answered: ${ended}.`);
  }
}

/** Adds a message to a cell's outputs as a front end does. */
function collect(
  outputs: Output[],
  displays: Map<string, Output[]>,
  type: string,
  content: Output,
): void {
  if (type === "stream") {
    const last = outputs[outputs.length - 1];
    if (last?.output_type === "stream" && last.name === content.name) last.text += content.text;
    else outputs.push({ output_type: "stream", name: content.name, text: content.text });
  } else if (type === "execute_result") {
    const { data, metadata, execution_count } = content;
    outputs.push({ output_type: "execute_result", data, metadata, execution_count });
  } else if (type === "error") {
    const { ename, evalue, traceback } = content;
    outputs.push({ output_type: "error", ename, evalue, traceback });
  } else if (type === "display_data" || type === "update_display_data") {
    const { data, metadata, transient } = content;
    const id = transient?.display_id;
    if (type === "display_data") {
      const output = { output_type: "display_data", data, metadata };
      outputs.push(output);
      if (id) displays.set(id, [...(displays.get(id) ?? []), output]);
    } else for (const shown of displays.get(id) ?? []) Object.assign(shown, { data, metadata });
  }
}

/**
 * Ports for one kernel, which no other kernel of any test gets before they are released: it takes a while to open them, and
 * the system may give a port that it has given to one kernel to the next meanwhile. So they lie below those that systems
 * give by themselves, and who holds the first of six may use the others.
 */
async function takePorts(): Promise<{ ports: number[]; release: () => void }> {
  for (;;) {
    const first = 10_000 + 6 * Math.floor(Math.random() * 3_000);
    const held = await listenOn(first);
    if (!held) continue;
    const ports = [1, 2, 3, 4, 5].map((n) => first + n);
    const tried = await Promise.all(ports.map(listenOn));
    await Promise.all(tried.map((server) => server && new Promise((done) => server.close(done))));
    if (tried.every(Boolean)) return { ports, release: () => held.close() };
    held.close();
  }
}

/** Undefined if something else has the port. */
function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server.unref()));
  });
}
