/** Node's own ways to write to stdout and stderr, all led to the cell that writes. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { devNull } from "node:os";
import { Writable } from "node:stream";
import type { CellOutput, StreamName } from "../output";
import { platform } from "../platform";

const descriptors: Record<number, StreamName> = { 1: "stdout", 2: "stderr" };
const toDescriptor = fs.writeSync;

/** Sends what is written to stdout and stderr to the cell that wrote it, or to `fallback` outside all cells. */
export function captureStreams(fallback: () => CellOutput | undefined): void {
  const take = (name: StreamName, piece: string | Uint8Array): void => {
    const cell = platform.currentCell.getStore() ?? fallback();
    if (cell) cell.write(name, piece);
    else toDescriptor(name === "stdout" ? 1 : 2, piece as string);
  };
  for (const [fd, name] of Object.entries(descriptors)) {
    // Where the process's own lead to depends on how Jupyter was started: to a terminal, a file, nowhere.
    const stream = Object.assign(new CellStream((piece) => take(name, piece)), { fd: Number(fd) });
    Object.defineProperty(process, name, { get: () => stream, configurable: true });
  }
  captureDescriptors(take);
}

class CellStream extends Writable {
  constructor(take: (piece: string | Uint8Array) => void) {
    super({
      decodeStrings: false,
      autoDestroy: false,
      emitClose: false,
      write(chunk: string | Uint8Array, encoding, done) {
        take(typeof chunk === "string" ? decoded(chunk, encoding) : chunk);
        done();
      },
    });
  }

  // Whoever ends or destroys the stream does so for nobody else.
  override end(...args: unknown[]): this {
    const done = args.find((one) => typeof one === "function") as (() => void) | undefined;
    const [piece, encoding] = args.filter((one) => one !== done);
    if (piece !== undefined && piece !== null) this.write(piece, encoding as BufferEncoding);
    process.nextTick(() => {
      done?.();
      this.emit("finish");
    });
    return this;
  }
  override destroy(): this {
    return this;
  }
}

type Take = (name: StreamName, piece: string | Uint8Array) => void;
type Any = (...args: never[]) => unknown;
type Pieces = (rest: unknown[]) => (string | Uint8Array)[];

/** `fs.writeSync(1, …)` and its kind. */
function captureDescriptors(take: Take): void {
  let opened: number | undefined;
  const nowhere = () => (opened ??= fs.openSync(devNull, "w"));
  // The function itself writes to nowhere: so its checks, its callback and its result are as ever.
  const led = <F extends Any>(original: F, pieces: Pieces): F => {
    const call = original as unknown as (...args: unknown[]) => unknown;
    const leading = (file: unknown, ...rest: unknown[]) => {
      const name = typeof file === "number" ? descriptors[file] : undefined;
      if (!name) return call(file, ...rest);
      const result = call(nowhere(), ...rest);
      for (const piece of pieces(rest)) take(name, piece);
      return result;
    };
    return Object.defineProperties(leading, Object.getOwnPropertyDescriptors(original)) as never;
  };
  Object.assign(fs, {
    write: led(fs.write, part),
    writeSync: led(fs.writeSync, part),
    writev: led(fs.writev, views),
    writevSync: led(fs.writevSync, views),
    writeFileSync: led(fs.writeFileSync, whole),
    appendFileSync: led(fs.appendFileSync, whole),
  });
  syncBuiltinESMExports();
}

/** What `fs.write` is to write: (view, offset?, length?), (view, { offset, length }), or (text, position, encoding). */
const part: Pieces = ([data, ...rest]) => {
  if (typeof data === "string") return [decoded(data, rest[1])];
  const bytes = bytesOf(data as NodeJS.ArrayBufferView);
  const { offset, length } = Object(rest[0] ?? {}) as { offset?: number; length?: number };
  const start = typeof rest[0] === "number" ? rest[0] : (offset ?? 0);
  const count = typeof rest[1] === "number" ? rest[1] : (length ?? bytes.length - start);
  return [bytes.subarray(start, start + count)];
};

const views: Pieces = ([all]) => (all as NodeJS.ArrayBufferView[]).map(bytesOf);

const whole: Pieces = ([data, options]) =>
  typeof data === "string"
    ? [decoded(data, Object(options).encoding ?? options)]
    : [bytesOf(data as NodeJS.ArrayBufferView)];

/** Text, or the bytes that it stands for. */
function decoded(text: string, encoding: unknown): string | Uint8Array {
  const isText = typeof encoding !== "string" || /^utf-?8$/i.test(encoding);
  return isText ? text : Buffer.from(text, encoding as BufferEncoding);
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
