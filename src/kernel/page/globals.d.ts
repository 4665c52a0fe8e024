/** What cells find in a page, where ../globals.d.ts has the few names that spare Node's own types, and Node the rest. */
declare const console: Record<
  "log" | "info" | "warn" | "error" | "debug" | "trace" | "group" | "groupCollapsed" | "dirxml",
  (...data: unknown[]) => void
> & {
  table(data: unknown, columns?: readonly string[]): void;
  assert(condition?: unknown, ...data: unknown[]): void;
  dir(value: unknown, options?: object): void;
  groupEnd(): void;
  count(label?: string): void;
  countReset(label?: string): void;
  time(label?: string): void;
  timeLog(label?: string, ...data: unknown[]): void;
  timeEnd(label?: string): void;
  clear(): void;
};
declare const performance: { now(): number; readonly timeOrigin: number };
declare function setTimeout(
  work: (...args: never[]) => void,
  milliseconds?: number,
  ...args: unknown[]
): number;
declare function setInterval(
  work: (...args: never[]) => void,
  milliseconds?: number,
  ...args: unknown[]
): number;
declare function setImmediate(work: (...args: never[]) => void, ...args: unknown[]): number;
declare function clearTimeout(timer?: number): void;
declare function clearInterval(timer?: number): void;
declare function clearImmediate(timer?: number): void;
declare function queueMicrotask(work: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare function require(name: string): unknown;
declare namespace require {
  function resolve(name: string): string;
}
// biome-ignore lint/suspicious/noExplicitAny: what of it a page is missing is told when it is used, as for Node's modules
declare const process: any;
declare const crypto: {
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): string;
};
declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class URL {
  constructor(url: string, base?: string);
  href: string;
  protocol: string;
  host: string;
  pathname: string;
  search: string;
  hash: string;
}
