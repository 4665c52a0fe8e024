/// <reference lib="dom" />
/** The kernel as a page sees it. What it takes is loaded when it is started first; a room that few cells import, with the first of these. */
import type { Dependencies } from "../dependencies";
import * as files from "./files";
import type { Answers, Asked, Executed, Question, Shipment, Told } from "./messages";

/** What a cell puts out: nbformat's outputs, and two messages that change earlier ones. */
export type CellOutput =
  | { output_type: "stream"; name: string; text: string }
  | {
      output_type: "display_data";
      data: Record<string, unknown>;
      metadata?: object;
      transient?: { display_id?: string };
    }
  | {
      output_type: "execute_result";
      execution_count: number | null;
      data: Record<string, unknown>;
      metadata?: object;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] }
  | {
      output_type: "update_display_data";
      data: Record<string, unknown>;
      metadata?: object;
      transient: { display_id: string };
    }
  | { output_type: "clear_output"; wait: boolean };

export interface PageKernel {
  /**
   * Loads and starts the worker if it is not there.
   *
   * @param progress gets the share that is done, from 0 to 1, and what is being done, in words
   * @throws Error if a script cannot be loaded, or the page's policy forbids workers
   */
  start(progress: (share: number, what: string) => void): Promise<void>;
  /**
   * Runs a cell once those before it have ended; if one of these fails, it is "aborted".
   *
   * @param show gets what the cell puts out, by and by: its timers may go on after it has ended
   */
  execute(source: string, show: (output: CellOutput) => void): Promise<Executed>;
  /**
   * Stops the cell that runs, and aborts those that wait.
   *
   * @returns "kept": the cell was stopped and variables are there; "lost": the worker had to be ended
   */
  interrupt(): Promise<"kept" | "lost">;
  /** Ends the worker, with all variables, and starts another. */
  restart(): Promise<void>;
  complete(
    source: string,
    cursor: number,
  ): Promise<{ matches: string[]; from: number; to: number }>;
  inspect(source: string, cursor: number): Promise<string | undefined>;
  /** For each cell, from the sources alone: the top-level names it declares or assigns, and those it reads. */
  dependencies(sources: readonly string[]): Promise<Dependencies[]>;
  /** The paths of the library's sources below the project, such as "src/nn/backpropagation.ts". */
  sources(): Promise<string[]>;
  readSource(path: string): Promise<string>;
  /** Changes a source: the next import uses it, after a restart too. */
  writeSource(path: string, text: string): Promise<void>;
  /** Takes the reader's version back: of one source, or of all. */
  resetSource(path?: string): Promise<void>;
}

/** What the kernel's scripts hold together, as JSON: see src/site/page-kernel.ts. */
export interface Parcel extends Shipment {
  /** The worker's script. */
  worker: string;
  /** The rooms that come when they are asked for, each as a script of its own: the paths of their files, by name. */
  rooms: Record<string, string[]>;
}

/** The function that each of the scripts calls, with its number, how many there are, and its part of the parcel. */
export const unpack = "backpropKernelPart";
/** The name of a script in the folder of assets: of a part of what is loaded first, or of a room. */
export const scriptName = (which: number | string): string => `kernel-${which}.js`;

/** How long a cell may take to end after an interrupt, in milliseconds: if the worker can hear of it, and if not. */
const patience = { hearing: 3000, deaf: 1000 };
/** How many cells are heard of that have ended: their timers may go on. */
const mostShows = 100;
/** What loading takes of the start, and compiling the worker's script. */
const loadingShare = 0.7;

type Progress = Parameters<PageKernel["start"]>[0];

/** A worker that was started, and what is open with it. */
interface Live {
  worker: Worker;
  hears: boolean;
  ask<Kind extends Question["kind"]>(
    question: Extract<Question, { kind: Kind }>,
    show?: (output: CellOutput) => void,
  ): Promise<Answers[Kind]>;
  /** Ends the worker: what it was asked is answered by `failure`. */
  end(failure: Error): void;
}

/** A cell that waits or runs. */
interface Execution {
  /** The address by which it is stopped. */
  probe: string;
  /** Whether the worker knows of it. */
  isAsked?: boolean;
  /** Whether it was interrupted while the kernel was loaded for it. */
  isGivenUp?: boolean;
}

class Ended extends Error {}

/** @param assets the folder in which the scripts lie, as an address: over http, or on `file://` */
export function createPageKernel(assets: string): PageKernel {
  const folder = assets.replace(/\/?$/, "/");
  let parcel: Promise<Parcel> | undefined;
  let live: Promise<Live> | undefined;
  let listeners = new Set<Progress>();
  let progress: Parameters<Progress> = [0, ""];
  const edits = new Map<string, string>();
  /** The executions that are not answered yet, in order. */
  const open = new Set<Execution>();
  let lastCount = 0;

  function tell(...now: typeof progress): void {
    progress = now;
    for (const listener of listeners) listener(...now);
  }

  function load(): Promise<Parcel> {
    const told = (share: number) => tell(share * loadingShare, "Loading the kernel");
    parcel ??= loadParts<Parcel>(folder, scriptName, told).catch((error) => {
      parcel = undefined;
      throw error;
    });
    return parcel;
  }

  /** Loads the rooms that some code names, one after the other: what is asked for in turn is there in turn. */
  function bring(isNamed: (paths: readonly string[]) => boolean): Promise<void> {
    const brought = bringing.then(async () => {
      const held = await load();
      for (const [room, paths] of Object.entries(held.rooms)) {
        if (paths[0] in held.files || !isNamed(paths)) continue;
        const shipment = await loadParts<Shipment>(folder, () => scriptName(room));
        Object.assign(held.files, shipment.files);
        Object.assign(held.compiled, shipment.compiled);
        // A worker that starts later begins with it.
        if (live) await (await live).ask({ kind: "ship", shipment });
      }
    });
    bringing = brought.catch(() => {}); // whoever asked is told
    return brought;
  }
  let bringing = Promise.resolve();

  function bringFor(source: string): Promise<void> {
    const named = new Set([...source.matchAll(/\bsrc\/([\w-]+)/g)].map(([, name]) => name));
    const isNamed = (path: string) => named.has(files.nameOf(path).split(/[/.]/)[1]);
    return bring((paths) => paths.some(isNamed));
  }

  function start(): Promise<Live> {
    live ??= begin().catch((error) => {
      live = undefined;
      throw error;
    });
    return live;
  }

  async function begin(): Promise<Live> {
    const { worker: script, files, compiled } = await load();
    tell(loadingShare, "Starting TypeScript");
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const probe = makeProbe();
    try {
      const started = connect(startWorker(address));
      const beginning = { files, compiled, edits: Object.fromEntries(edits), probe };
      const { hears } = await started.ask({ kind: "begin", beginning });
      tell(1, "Ready");
      listeners = new Set();
      return { ...started, hears };
    } finally {
      URL.revokeObjectURL(address);
      URL.revokeObjectURL(probe);
    }
  }

  function lose(reason: string): Promise<void> {
    const before = live;
    live = undefined;
    return before ? before.then(({ end }) => end(new Ended(reason))) : Promise.resolve();
  }

  const ask = async <Kind extends Question["kind"]>(question: Extract<Question, { kind: Kind }>) =>
    (await start()).ask(question);

  const pathOf = (path: string) => `${files.root}/${path}`;

  /** A source as it came with the page. @throws Error if there is none at the path */
  async function shippedSource(path: string): Promise<string> {
    const whole = pathOf(path);
    await bring((paths) => paths.includes(whole));
    const text = (await load()).files[whole];
    if (!files.isSource(whole) || text === undefined)
      throw new Error(`There is no source ${path}.`);
    return text;
  }

  async function edit(path: string, text: string | undefined): Promise<void> {
    const whole = pathOf(path);
    const shipped = await shippedSource(path);
    if (text === undefined || text === shipped) edits.delete(whole);
    else edits.set(whole, text);
    // A worker that starts later begins with the edits.
    if (live) await ask({ kind: "edit", path: whole, text });
  }

  return {
    async start(listener) {
      if (live === undefined) listener(0, "Loading the kernel");
      else if (progress[0] < 1) listener(...progress);
      listeners.add(listener);
      try {
        await start();
      } finally {
        listeners.delete(listener);
      }
    },
    async execute(source, show) {
      const aborted = (): Executed => ({ status: "aborted", executionCount: lastCount });
      const execution: Execution = { probe: makeProbe() };
      open.add(execution);
      try {
        const [{ ask }] = await Promise.all([start(), bringFor(source)]);
        if (execution.isGivenUp) return aborted();
        execution.isAsked = true;
        const executed = await ask({ kind: "execute", source, probe: execution.probe }, show);
        lastCount = executed.executionCount;
        return executed;
      } catch (error) {
        if (error instanceof Ended) return aborted();
        throw error;
      } finally {
        open.delete(execution);
        URL.revokeObjectURL(execution.probe);
      }
    },
    async interrupt() {
      for (const execution of open) {
        execution.isGivenUp = true;
        URL.revokeObjectURL(execution.probe);
      }
      // The first may have ended meanwhile, without our having heard of it, and the next may run.
      const asked = [...open].filter(({ isAsked }) => isAsked);
      if (asked.length === 0 || !live) return "kept";
      const { ask, hears } = await live;
      let isHeard = false;
      void ask({ kind: "interrupt" }).then(
        () => {
          isHeard = true;
        },
        () => {}, // it is ended
      );
      const haveEnded = () => !asked.some((execution) => open.has(execution));
      const ended = until(haveEnded);
      await within(ended, patience.deaf);
      // A worker that hears ends its cell after a while; one that is deaf and busy never will.
      if (!haveEnded() && (hears || isHeard)) await within(ended, patience.hearing - patience.deaf);
      if (haveEnded()) return "kept";
      await lose("The cell could not be stopped otherwise.");
      void start().catch(() => {}); // whoever needs it next is told
      return "lost";
    },
    async restart() {
      await lose("The kernel is restarted.");
      lastCount = 0;
      await start();
    },
    async complete(source, cursor) {
      await bringFor(source);
      return ask({ kind: "complete", source, cursor });
    },
    async inspect(source, cursor) {
      await bringFor(source);
      return ask({ kind: "inspect", source, cursor });
    },
    dependencies: (sources) => ask({ kind: "dependencies", sources }),
    async sources() {
      const { files: all, rooms } = await load();
      const paths = new Set([...Object.keys(all), ...Object.values(rooms).flat()]);
      return [...paths].filter(files.isSource).map(files.nameOf).sort();
    },
    async readSource(path) {
      const shipped = await shippedSource(path);
      return edits.get(pathOf(path)) ?? shipped;
    },
    writeSource: edit,
    async resetSource(path) {
      for (const each of path === undefined ? [...edits.keys()].map(files.nameOf) : [path])
        await edit(each, undefined);
    },
  };
}

function makeProbe(): string {
  return URL.createObjectURL(new Blob(["go on"], { type: "text/plain" }));
}

/** Scripts, as nothing else can be loaded from `file://`. */
async function loadParts<Held>(
  folder: string,
  nameOf: (part: number) => string,
  tell: (share: number) => void = () => {},
): Promise<Held> {
  const parts: string[] = [];
  let [total, loaded] = [Number.POSITIVE_INFINITY, 0];
  const scope = globalThis as unknown as Record<string, unknown>;
  scope[unpack] = (part: number, of: number, text: string) => {
    parts[part] = text;
    total = of;
  };
  const loadPart = async (part: number) => {
    await loadScript(folder + nameOf(part));
    if (parts[part] === undefined) throw new Error(`${nameOf(part)} is not the kernel's script.`);
    tell(++loaded / total);
  };
  try {
    await loadPart(0);
    await Promise.all(Array.from({ length: total - 1 }, (_, i) => loadPart(i + 1)));
  } finally {
    delete scope[unpack];
  }
  return JSON.parse(parts.join(""));
}

function loadScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.charset = "utf-8";
    script.onload = () => {
      script.remove();
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`The kernel could not be loaded: ${address} is missing, or was not sent.`));
    };
    document.head.append(script);
  });
}

function startWorker(address: string): Worker {
  try {
    return new Worker(address);
  } catch (error) {
    throw new Error(`This page may start no worker for the kernel: ${(error as Error).message}`);
  }
}

function connect(worker: Worker): Omit<Live, "hears"> {
  let lastId = 0;
  let failure: Error | undefined;
  const waiting = new Map<
    number,
    { settle: (answer: never) => void; fail: (error: Error) => void }
  >();
  /** What cells put out, after they have ended too. */
  const shows = new Map<number, (output: CellOutput) => void>();
  function failAll(error: Error): void {
    failure = error;
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  }
  worker.onmessage = ({ data: told }: MessageEvent<Told>) => {
    if ("output" in told) {
      shows.get(told.id)?.(told.output);
      return;
    }
    const one = waiting.get(told.id);
    waiting.delete(told.id);
    if ("failure" in told) one?.fail(new Error(told.failure));
    else one?.settle(told.answer as never);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    failAll(
      new Error(`The kernel could not be started: ${event.message || "its worker is refused"}.`),
    );
  };
  return {
    worker,
    ask(question, show) {
      const id = ++lastId;
      if (show) shows.set(id, show);
      // Each holds its cell's place in the page.
      for (const first of shows.keys()) {
        if (shows.size > mostShows) shows.delete(first);
      }
      return new Promise<never>((settle, fail) => {
        if (failure) return fail(failure);
        waiting.set(id, { settle, fail });
        worker.postMessage({ ...(question as Question), id } satisfies Asked);
      });
    },
    end(error) {
      worker.terminate();
      shows.clear();
      failAll(error);
    },
  };
}

/** Resolves when something holds that other promises bring about. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(20);
}

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  await Promise.race([work, wait(milliseconds)]);
}
