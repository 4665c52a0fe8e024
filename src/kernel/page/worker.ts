/// <reference lib="dom" />
/** The kernel's worker: it answers a page's questions (messages.ts) as node/server.ts answers Jupyter's. */
import { platform } from "../platform";
import "./platform"; // before tslab's own modules load theirs
import { createCells } from "../cells";
import { dependenciesOf } from "../dependencies";
import { createDialogs, NoInput } from "../input";
import type { Send } from "../output";
import { createSession, type Session } from "../session";
import { createConsole } from "./console";
import * as files from "./files";
import type { CellOutput } from "./kernel";
import { limited } from "./limits";
import type { Answers, Asked, Beginning, Executed, Shipment, Told } from "./messages";
import { processWith } from "./node-only";
import { shipCompiled } from "./platform";
import { createRunner } from "./runner";
import { type Stop, watchForStop } from "./stop";

// Cells may replace these.
const tell: (told: Told) => void = self.postMessage.bind(self);
const later = setTimeout;

let stop: Stop;
let session: Session;

function take({ files: shipped, compiled }: Shipment): void {
  for (const [path, text] of Object.entries(shipped)) files.ship(path, text);
  for (const [path, code] of Object.entries(compiled)) shipCompiled(path, code);
}

async function begin({ edits, probe, ...shipment }: Beginning) {
  take(shipment);
  for (const [path, text] of Object.entries(edits)) files.edit(path, text);
  stop = watchForStop();
  provideGlobals();
  session = await createSession({
    cells: () => createCells({ runner: createRunner }),
    loops: stop,
    tellsUses: true,
  });
  hears = stop.hears(probe);
  return { hears };
}
let hears = false;

/** What cells find in Node, and not in every worker. */
function provideGlobals(): void {
  const write = (name: "stdout" | "stderr", text: string) => session.ownCell()?.write(name, text);
  Object.assign(console, createConsole(write));
  const stream = (name: "stdout" | "stderr") => ({
    write(text: unknown) {
      write(name, String(text));
      return true;
    },
  });
  const noInput = () => {
    throw new NoInput("as a cell in a web page cannot wait for an answer");
  };
  const ofCell = <Args extends unknown[]>(work: (...args: Args) => void) => {
    const cell = session.ownCell();
    return (...args: Args) =>
      cell ? platform.currentCell.run(cell, () => work(...args)) : work(...args);
  };
  const { setTimeout, setInterval } = self;
  const immediates = new Set<number>();
  let lastImmediate = 0;
  Object.assign(self, {
    ...createDialogs(noInput),
    process: processWith({
      // The compiler asks for it, too.
      browser: true,
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      nextTick: (work: (...args: unknown[]) => void, ...args: unknown[]) =>
        queueMicrotask(() => work(...args)),
    }),
    setTimeout: (work: () => void, ...rest: []) => setTimeout(ofCell(work), ...rest),
    setInterval: (work: () => void, ...rest: []) => setInterval(ofCell(work), ...rest),
    setImmediate(work: (...args: unknown[]) => void, ...args: unknown[]) {
      const own = ofCell(work);
      const number = ++lastImmediate;
      immediates.add(number);
      // A message comes sooner than a timer, and lets those of the page in.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        if (immediates.delete(number)) own(...args);
      };
      port2.postMessage(0);
      return number;
    },
    clearImmediate: (number: number) => immediates.delete(number),
  });
  self.addEventListener("error", (event) => {
    event.preventDefault();
    session.complain(event.error ?? event.message);
  });
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    session.complain(event.reason);
  });
}

type Execution = { id: number; source: string; probe: string };

const waiting: Execution[] = [];
let isWorking = false;

async function work(): Promise<void> {
  if (isWorking) return;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    isWorking = true;
    const executed = await execute(next);
    // What was sent while the cell was busy comes in before the next begins.
    await new Promise((resolve) => later(resolve, 0));
    isWorking = false;
    answer(next.id, executed);
    if (executed.status === "error") abortWaiting();
  }
}

function abortWaiting(): void {
  for (const { id } of waiting.splice(0))
    answer(id, { status: "aborted", executionCount: session.count });
}

async function execute({ id, source, probe }: Execution): Promise<Executed> {
  stop.watch(hears ? probe : "");
  const { send, flush } = limited((type, content) => {
    const output = outputOf(type, content);
    if (output) tell({ id, output });
  });
  const { count, error } = await session.execute(source, send);
  flush();
  return error
    ? { status: "error", executionCount: count, ename: error.ename }
    : { status: "ok", executionCount: count };
}

/** Jupyter's messages as outputs; the cell's source is none. */
function outputOf(...[type, content]: Parameters<Send>): CellOutput | undefined {
  if (type === "execute_input") return undefined;
  return { output_type: type, ...content } as CellOutput;
}

function answer<Kind extends keyof Answers>(id: number, answer: Answers[Kind]): void {
  tell({ id, answer });
}

function heed(asked: Asked): void | Promise<void> {
  const { id } = asked;
  switch (asked.kind) {
    case "begin":
      return begin(asked.beginning).then((begun) => answer<"begin">(id, begun));
    case "execute":
      waiting.push(asked);
      return work();
    case "complete": {
      const { start, end, candidates } = session.complete(asked.source, asked.cursor);
      return answer<"complete">(id, { matches: candidates, from: start, to: end });
    }
    case "inspect":
      return answer<"inspect">(id, session.inspect(asked.source, asked.cursor));
    case "dependencies":
      return answer<"dependencies">(id, asked.sources.map(dependenciesOf));
    case "edit":
      files.edit(asked.path, asked.text);
      return answer<"edit">(id, undefined);
    case "ship":
      take(asked.shipment);
      return answer<"ship">(id, undefined);
    case "interrupt":
      session.interrupt();
      abortWaiting();
      return answer<"interrupt">(id, undefined);
  }
}

self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  try {
    await heed(data);
  } catch (thrown) {
    tell({ id: data.id, failure: String((thrown as Error)?.message ?? thrown) });
  }
};
