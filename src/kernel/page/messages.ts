/** What a page and its kernel's worker say to each other. */
import type { Dependencies } from "../dependencies";
import type { CellOutput } from "./kernel";

/** Files that come with the page. */
export interface Shipment {
  /** The text of files by path. */
  files: Record<string, string>;
  /** Of those that are sources the compiled code, and the mappings of its source map. */
  compiled: Record<string, { code: string; mappings: string }>;
}

/** What the worker begins with. */
export interface Beginning extends Shipment {
  /** The reader's own versions of sources. */
  edits: Record<string, string>;
  /** An address that can be read until it is revoked. */
  probe: string;
}

export type Question =
  | { kind: "begin"; beginning: Beginning }
  | { kind: "execute"; source: string; probe: string }
  | { kind: "complete"; source: string; cursor: number }
  | { kind: "inspect"; source: string; cursor: number }
  | { kind: "dependencies"; sources: readonly string[] }
  | { kind: "edit"; path: string; text?: string }
  | { kind: "ship"; shipment: Shipment }
  /** Interrupts the execution that runs, and aborts those that wait: all were asked for before. */
  | { kind: "interrupt" };

/** What each kind of question is answered with. */
export interface Answers {
  /** Whether a busy worker hears that an address is revoked. */
  begin: { hears: boolean };
  execute: Executed;
  complete: { matches: string[]; from: number; to: number };
  inspect: string | undefined;
  dependencies: Dependencies[];
  edit: undefined;
  ship: undefined;
  interrupt: undefined;
}

export interface Executed {
  status: "ok" | "error" | "aborted";
  executionCount: number;
  ename?: string;
}

export type Asked = Question & { id: number };

/** About the question with the id: what its cell puts out; then one answer, or why there is none. */
export type Told =
  | { id: number; output: CellOutput }
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; failure: string };
