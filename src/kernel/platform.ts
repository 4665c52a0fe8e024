/**
 * What cells need of the place they run in, Node (node/) or a page (page/), and an engine does not have by itself. All
 * else in this folder runs in any JavaScript engine. Whoever starts a kernel sets this before anything else; what
 * loads modules and runs code is handed to cells.ts apart, since grading runs a student's cells elsewhere.
 */
import type { CellOutput } from "./output";
import type { Origin } from "./typescript";

export interface Platform {
  /** The project's folder, where notebooks' imports start. */
  readonly root: string;
  /** Whether Node's own types are there for the cells that need more than the few of globals.d.ts. */
  readonly hasNodeTypes: boolean;
  /** What the reader knows a file of the project by: "src/nn/network.ts". */
  nameOf(path: string): string;
  /** @throws if there is no such file */
  readFile(path: string): string;
  /** When a file was changed, in any unit that grows; 0 if it is missing. */
  modifiedAt(path: string): number;
  /** Whether the reader can change a file. What they cannot, somebody else has written and checked. */
  mayBeWritten(path: string): boolean;
  /** A source file as CommonJS without its types. */
  compiled(path: string, text: string): CompiledSource;
  /** What was found out under a name before, from the same text. */
  kept<T>(name: string, from: string): T | undefined;
  /** Keeps a value for later kernels, where that is possible; a private one is nobody's but this user's. */
  keep<T>(name: string, from: string, value: T, how?: { isPrivate?: boolean }): T;
  /** Reads a source map. */
  readMap(text: string): Origin;
  /** A value as text, as Node shows it. */
  inspect(value: unknown, options?: InspectOptions): string;
  /** The cell that runs; where the engine allows, also for the timers and promises that it has started. */
  readonly currentCell: CurrentCell;
  /** Calls a function that an interrupt stops, wherever its loops are, if the engine has a way. */
  guard<T>(call: () => T): T;
}

export interface CompiledSource {
  outputText: string;
  sourceMapText: string;
}

export interface InspectOptions {
  customInspect?: boolean;
  depth?: number;
  maxArrayLength?: number;
}

export interface CurrentCell {
  getStore(): CellOutput | undefined;
  run<R>(cell: CellOutput, work: () => R): R;
}

/** The place this kernel runs in. */
export let platform: Platform;

/** Whether the cell that runs has been interrupted. */
export function isCellInterrupted(): boolean {
  return platform.currentCell.getStore()?.interruption.signal.aborted ?? false;
}

export function setPlatform(given: Platform): void {
  platform = given;
}
