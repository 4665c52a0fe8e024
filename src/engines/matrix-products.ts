/**
 * Products of matrices, and what goes between them, as WebAssembly: two numbers in one instruction, or four of half the
 * length, sums kept in the processor's registers.
 *
 * JavaScript cannot say that, so the machine code of each task is written here, byte by byte
 * (WebAssembly Core Specification 2.0, "Binary Format").
 *
 * A product is cut into tiles of 2 rows and 8 columns (16 of half the length). A tile's sums stay in 8 registers while
 * one loop runs over all their terms: each number of P that is loaded is used 8 times (16) and each of Q twice, where a
 * plain loop uses it once.
 */
import type { Numbers } from "../arithmetic";
import { count } from "./count";
import { type Precision, precisions } from "./engine";

/** The part of it that is used here: a notebook's compiler knows JavaScript and Node, but not WebAssembly. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
  Memory: new (pages: { initial: number; maximum: number }) => Memory;
};

/** What machine code works in. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

/** A matrix in the memory: where it begins, and how far it is to the next row and column, in numbers. */
export interface Matrix {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/**
 * out = P Q, or out += P Q: out is rows × columns, P rows × inner, Q inner × columns.
 * Rows of `out` and of Q hold their numbers side by side (column: 1).
 */
export interface MatrixProduct {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly out: Matrix;
  readonly P: Matrix;
  readonly Q: Matrix;
  readonly add: boolean;
  /**
   * Whether each call says how much farther on P, Q and `out` begin, in bytes: one code for many matrices of a shape.
   * Default false.
   */
  readonly moves?: boolean;
}

/**
 * Copies a matrix as its transpose: between `rows`, where each row is a sample, and `columns`, where each column is one.
 * Both are `length` numbers for each of `samples`, a multiple of 4, and lie close together.
 */
export interface Transposition {
  readonly samples: number;
  readonly length: number;
  /** Where they begin, in numbers. */
  readonly rows: number;
  readonly columns: number;
  readonly to: "rows" | "columns";
}

/**
 * ReLU of so many numbers, a multiple of 4: its value, out = max(0, z), or, back through it, its slope,
 * out ← out · (z > 0 ? 1 : 0). In JavaScript each number is a branch that goes either way as often, and to guess wrong
 * takes longer than all else.
 */
export interface Rectification {
  readonly of: "value" | "slope";
  readonly length: number;
  /** Where they begin, in numbers. */
  readonly z: number;
  readonly out: number;
}

export type MatrixTask = MatrixProduct | Transposition | Rectification;

/** Carries a task out. What it is given is for a product that `moves`. */
export type Run = (P?: number, Q?: number, out?: number) => void;

/** Machine code for some tasks in one memory. */
export interface CompiledProducts {
  /**
   * The memory's numbers, and for each task a function that carries it out in them.
   *
   * @param memory default: one of its own, as large as they need it, all 0
   * @throws RangeError if there is no room for the memory
   */
  start(memory?: Memory): { readonly memory: Numbers; readonly run: readonly Run[] };
}

/** How many numbers lie on a line of the cache, of 64 bytes: a matrix that begins on one is read fastest. */
export function lineOf(precision: Precision): number {
  return 64 / precisions[precision].BYTES_PER_ELEMENT;
}

/** A memory of at least so many numbers, all 0. @throws RangeError if there is no room for it */
export function createMemory(length: number, precision: Precision): Memory {
  const pages = pagesOf(length, precision);
  return new WebAssembly.Memory({ initial: pages, maximum: pages });
}

function pagesOf(length: number, precision: Precision): number {
  return Math.ceil((precisions[precision].BYTES_PER_ELEMENT * length) / 65536);
}

/**
 * @param length how many numbers the memory holds
 * @throws EvalError where there is no WebAssembly, WebAssembly.CompileError where its SIMD instructions are missing
 *   or a page forbids it
 */
export function compileProducts(
  tasks: readonly MatrixTask[],
  length: number,
  precision: Precision,
): CompiledProducts {
  if (typeof WebAssembly === "undefined") throw new EvalError("There is no WebAssembly here.");
  const Format = precisions[precision];
  const functions = tasks.map((task) => {
    const parameters = "moves" in task && task.moves ? moved.length : 0;
    return { parameters, code: functionOf(taskCode(task, instructions[precision]), parameters) };
  });
  const module = new WebAssembly.Module(moduleBytes(functions, pagesOf(length, precision)));
  return {
    start(memory = createMemory(length, precision)) {
      const { exports } = new WebAssembly.Instance(module, { "": { memory } });
      return {
        memory: new Format(memory.buffer),
        run: tasks.map((_, i) => exports[`task${i}`] as Run),
      };
    },
  };
}

const tileRows = 2;
/** Registers in a row of a tile. */
const tileVectors = 4;

/**
 * The whole numbers (addresses in bytes, counters) and the vectors that a product's function keeps. The first three are
 * how much farther on its matrices begin: its parameters, or, if it has none, 0.
 */
const local = {
  ...{ moveP: 0, moveQ: 1, moveOut: 2 },
  ...{ p: 3, q: 4, qEnd: 5, out: 6 },
  ...{ pRow: 7, qColumn: 8, outColumn: 9 },
  ...{ rows: 10, columns: 11 },
};
const moved = [local.moveP, local.moveQ, local.moveOut];
const firstVector = 12;
const sum = (r: number, v: number) => firstVector + r * tileVectors + v;
const qVector = (v: number) => firstVector + tileRows * tileVectors + v;
const pVector = firstVector + (tileRows + 1) * tileVectors;

function taskCode(task: MatrixTask, format: Format): number[] {
  if ("inner" in task) return productCode(task, format);
  if ("samples" in task) return transpositionCode(task, format);
  return rectificationCode(task, format);
}

function productCode(product: MatrixProduct, format: Format): number[] {
  const { columns, out, Q } = product;
  const { bytes } = format;
  const vectors = Math.floor((bytes * columns) / vectorBytes);
  const panels = (count: number, width: Width) => [
    ...panel(product, format, count, width),
    ...advance(local.qColumn, count * width),
    ...advance(local.outColumn, count * width),
  ];
  return [
    ...setTo(local.qColumn, bytes * Q.at, local.moveQ),
    ...setTo(local.outColumn, bytes * out.at, local.moveOut),
    ...repeat(local.columns, Math.floor(vectors / tileVectors), panels(tileVectors, vectorBytes)),
    ...(vectors % tileVectors > 0 ? panels(vectors % tileVectors, vectorBytes) : []),
    // What is left fills no vector: it is taken by halves and quarters of one.
    ...([8, 4] as const).flatMap((width) => ((bytes * columns) & width ? panels(1, width) : [])),
  ];
}

function functionOf(code: number[], parameters: number): number[] {
  const vectorLocals = (tileRows + 1) * tileVectors + 1;
  const locals = [2, ...unsigned(firstVector - parameters), 0x7f, ...unsigned(vectorLocals), 0x7b];
  return sized([...locals, ...code, end]);
}

/** All rows of a few columns: a part of Q that stays in the nearest cache. */
function panel(product: MatrixProduct, format: Format, vectors: number, width: Width): number[] {
  const { rows, out, P } = product;
  const { bytes } = format;
  return [
    ...setTo(local.pRow, bytes * P.at, local.moveP),
    ...get(local.outColumn),
    ...set(local.out),
    ...repeat(local.rows, Math.floor(rows / tileRows), [
      ...tile(product, format, tileRows, vectors, width),
      ...advance(local.pRow, bytes * tileRows * P.row),
      ...advance(local.out, bytes * tileRows * out.row),
    ]),
    ...(rows % tileRows > 0 ? tile(product, format, rows % tileRows, vectors, width) : []),
  ];
}

/** One tile. If `width` is less than a vector's, it is one vector wide, and nothing beside it is read or written. */
function tile(
  { inner, out, P, Q, add }: MatrixProduct,
  format: Format,
  rows: number,
  vectors: number,
  width: Width,
): number[] {
  const { bytes } = format;
  const load = (offset: number) => vector(simd.load[width], ...format.at(offset));
  const each = (action: (r: number, v: number) => number[]) =>
    count(rows).flatMap((r) => count(vectors).flatMap((v) => action(r, v)));
  const offset = (r: number, v: number) => bytes * r * out.row + vectorBytes * v;
  return [
    ...each((r, v) => [
      ...(add ? [...get(local.out), ...load(offset(r, v))] : simd.zero),
      ...set(sum(r, v)),
    ]),
    ...get(local.pRow),
    ...set(local.p),
    ...get(local.qColumn),
    ...set(local.q),
    ...get(local.qColumn),
    ...constant(bytes * inner * Q.row),
    i32Add,
    ...set(local.qEnd),
    ...loop([
      ...count(vectors).flatMap((v) => [
        ...get(local.q),
        ...load(vectorBytes * v),
        ...set(qVector(v)),
      ]),
      ...count(rows).flatMap((r) => [
        ...get(local.p),
        ...vector(format.loadToAll, ...format.at(bytes * r * P.row)),
        ...set(pVector),
        ...count(vectors).flatMap((v) => [
          ...get(sum(r, v)),
          ...get(pVector),
          ...get(qVector(v)),
          ...vector(format.multiply),
          ...vector(format.add),
          ...set(sum(r, v)),
        ]),
      ]),
      ...advance(local.p, bytes * P.column),
      ...advance(local.q, bytes * Q.row),
      ...get(local.q),
      ...get(local.qEnd),
      i32NotEqual,
    ]),
    ...each((r, v) => [
      ...get(local.out),
      ...get(sum(r, v)),
      ...vector(simd.store[width], ...format.at(offset(r, v)), ...(width < vectorBytes ? [0] : [])),
    ]),
  ];
}

/** One number of every sample after the other, a vector of them at a time: side by side in a column's row, far apart in rows. */
function transpositionCode(
  { samples, length, rows, columns, to }: Transposition,
  format: Format,
): number[] {
  const { bytes } = format;
  const lanes = vectorBytes / bytes;
  const far = (v: number, lane: number) => format.at(bytes * length * (lanes * v + lane));
  const near = (v: number) => format.at(vectorBytes * v);
  const numbers = sum(0, 0);
  const toColumns = (v: number) => [
    ...get(local.p),
    ...vector(simd.load[bytes], ...far(v, 0)),
    ...set(numbers),
    ...count(lanes - 1).flatMap((lane) => [
      ...get(local.p),
      ...get(numbers),
      ...vector(format.loadLane, ...far(v, lane + 1), lane + 1),
      ...set(numbers),
    ]),
    ...get(local.out),
    ...get(numbers),
    ...vector(simd.store[vectorBytes], ...near(v)),
  ];
  const toRows = (v: number) => [
    ...get(local.out),
    ...vector(simd.load[vectorBytes], ...near(v)),
    ...set(numbers),
    ...count(lanes).flatMap((lane) => [
      ...get(local.p),
      ...get(numbers),
      ...vector(simd.store[bytes], ...far(v, lane), lane),
    ]),
  ];
  return [
    ...setTo(local.p, bytes * rows),
    ...setTo(local.out, bytes * columns),
    ...repeat(local.rows, length, [
      ...count(samples / lanes).flatMap(to === "columns" ? toColumns : toRows),
      ...advance(local.p, bytes),
      ...advance(local.out, bytes * samples),
    ]),
  ];
}

function rectificationCode({ of, length, z, out }: Rectification, format: Format): number[] {
  const { bytes } = format;
  const load = vector(simd.load[vectorBytes], ...format.at(0));
  const value = [...get(local.p), ...load, ...simd.zero, ...vector(format.max)];
  const slope = [
    ...[...get(local.p), ...load, ...simd.zero, ...vector(format.greater)], // all bits of a place, or none
    ...[...format.ones, ...vector(simd.and)],
    ...[...get(local.out), ...load, ...vector(format.multiply)],
  ];
  return [
    ...setTo(local.p, bytes * z),
    ...setTo(local.out, bytes * out),
    ...repeat(local.rows, (bytes * length) / vectorBytes, [
      ...get(local.out),
      ...(of === "value" ? value : slope),
      ...vector(simd.store[vectorBytes], ...format.at(0)),
      ...advance(local.p, vectorBytes),
      ...advance(local.out, vectorBytes),
    ]),
  ];
}

// The instructions, each with its operands.

const i32Add = 0x6a;
const i32NotEqual = 0x47;
const end = 0x0b;
const get = (index: number) => [0x20, ...unsigned(index)];
const set = (index: number) => [0x21, ...unsigned(index)];
const constant = (value: number) => [0x41, ...signed(value)];
const setTo = (index: number, value: number, plus?: number) => [
  ...constant(value),
  ...(plus === undefined ? [] : [...get(plus), i32Add]),
  ...set(index),
];
const advance = (index: number, by: number) => [
  ...get(index),
  ...constant(by),
  i32Add,
  ...set(index),
];
/** The body leaves on the stack whether to go round again. */
const loop = (body: number[]) => [0x03, 0x40, ...body, 0x0d, 0, end];

function repeat(counter: number, times: number, body: number[]): number[] {
  if (times === 0) return [];
  const again = [...advance(counter, -1), ...get(counter)];
  return [...setTo(counter, times), ...loop([...body, ...again])];
}

const vector = (code: number, ...operands: number[]) => [0xfd, ...unsigned(code), ...operands];
const vectorBytes = 16;
const vectorOf = ({ buffer }: Numbers | Uint8Array) => vector(0x0c, ...new Uint8Array(buffer));
/** How much of a vector is loaded, with 0 for the rest, or stored: its lower part. */
type Width = 16 | 8 | 4;
const simd = {
  zero: vectorOf(new Uint8Array(vectorBytes)),
  and: 0x4e,
  load: { 16: 0x00, 8: 0x5d, 4: 0x5c },
  store: { 16: 0x0b, 8: 0x5b, 4: 0x5a },
};

/** What differs with the format of the numbers. */
interface Format {
  readonly bytes: 8 | 4;
  readonly multiply: number;
  readonly add: number;
  readonly max: number;
  readonly greater: number;
  /** A vector of ones. */
  readonly ones: number[];
  /** One number into every place of a vector. */
  readonly loadToAll: number;
  /** One number into one place of a vector, the others stay. */
  readonly loadLane: number;
  /** An address: multiples of 2³ bytes, or of 2². */
  at(offset: number): number[];
}
const instructions: Record<Precision, Format> = {
  double: {
    ...{ bytes: 8, multiply: 0xf2, add: 0xf0, max: 0xf5, greater: 0x4a },
    ...{ ones: vectorOf(Float64Array.of(1, 1)), loadToAll: 0x0a, loadLane: 0x57 },
    at: (offset) => [3, ...unsigned(offset)],
  },
  single: {
    ...{ bytes: 4, multiply: 0xe6, add: 0xe4, max: 0xe9, greater: 0x44 },
    ...{ ones: vectorOf(Float32Array.of(1, 1, 1, 1)), loadToAll: 0x09, loadLane: 0x56 },
    at: (offset) => [2, ...unsigned(offset)],
  },
};

// The binary format.

/** A memory that it is given, of so many pages or more, and functions of so many whole numbers each, without results. */
function moduleBytes(
  functions: readonly { readonly parameters: number; readonly code: number[] }[],
  pages: number,
): Uint8Array {
  const section = (id: number, entries: readonly number[][]) => [
    id,
    ...sized([...unsigned(entries.length), ...entries.flat()]),
  ];
  const name = (text: string) => sized(Array.from(text, (letter) => letter.charCodeAt(0)));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ parameters }) => [0x60, ...sized(count(parameters).map(() => 0x7f)), 0]),
    ),
    ...section(2, [[...name(""), ...name("memory"), 2, 0, ...unsigned(pages)]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map((_, i) => [...name(`task${i}`), 0, ...unsigned(i)]),
    ),
    ...section(
      10,
      functions.map(({ code }) => code),
    ),
  ]);
}

function sized(bytes: number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128: seven bits a byte, the lowest first; the eighth bit says that more follow. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const rest = value >> 7;
  const isLast = rest === ((value & 64) === 0 ? 0 : -1);
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(rest)];
}
