/**
 * Products of matrices as WebAssembly: two numbers in one instruction, sums kept in the processor's registers.
 *
 * JavaScript cannot say that, so the machine code of each product is written here, byte by byte
 * (WebAssembly Core Specification 2.0, "Binary Format").
 *
 * A product is cut into tiles of 2 rows and 8 columns. A tile's 16 sums stay in 8 registers while one loop runs over
 * all their terms: each number of P that is loaded is used 8 times and each of Q twice, where a plain loop uses it once.
 */
import { count } from "./count";

/** The part of it that is used here: a notebook's compiler knows JavaScript and Node, but not WebAssembly. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: Record<string, unknown> };
};

/** A matrix of 64-bit numbers in the memory: where it begins, and how far it is to the next row and column, in numbers. */
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
}

/** Machine code for some products in one memory; as often as it is asked to, it makes a memory to work in. */
export interface CompiledProducts {
  /**
   * The numbers, all 0, and for each product a function that carries it out in them.
   *
   * @throws RangeError if there is no room for the memory
   */
  start(): { readonly memory: Float64Array; readonly run: readonly (() => void)[] };
}

/**
 * @param length how many numbers the memory holds
 * @throws EvalError where there is no WebAssembly, WebAssembly.CompileError where its SIMD instructions are missing
 *   or a page forbids it
 */
export function compileProducts(
  products: readonly MatrixProduct[],
  length: number,
): CompiledProducts {
  if (typeof WebAssembly === "undefined") throw new EvalError("There is no WebAssembly here.");
  const pages = Math.ceil((8 * length) / 65536);
  const module = new WebAssembly.Module(moduleBytes(products.map(productCode), pages));
  return {
    start() {
      const { exports } = new WebAssembly.Instance(module);
      const memory = exports.memory as { readonly buffer: ArrayBuffer };
      return {
        memory: new Float64Array(memory.buffer),
        run: products.map((_, i) => exports[`product${i}`] as () => void),
      };
    },
  };
}

const tileRows = 2;
/** Registers of two numbers each in a row of a tile. */
const tileVectors = 4;

/** The whole numbers (addresses in bytes, counters) and the vectors that a product's function keeps. */
const local = {
  p: 0,
  q: 1,
  qEnd: 2,
  out: 3,
  pRow: 4,
  qColumn: 5,
  outColumn: 6,
  rows: 7,
  columns: 8,
};
const firstVector = 9;
const sum = (r: number, v: number) => firstVector + r * tileVectors + v;
const qVector = (v: number) => firstVector + tileRows * tileVectors + v;
const pVector = firstVector + (tileRows + 1) * tileVectors;

function productCode(product: MatrixProduct): number[] {
  const { columns, out, Q } = product;
  const vectors = Math.floor(columns / 2);
  const column = 8 * 2 * tileVectors;
  const code = [
    ...setTo(local.qColumn, 8 * Q.at),
    ...setTo(local.outColumn, 8 * out.at),
    ...repeat(local.columns, Math.floor(vectors / tileVectors), [
      ...panel(product, tileVectors, false),
      ...advance(local.qColumn, column),
      ...advance(local.outColumn, column),
    ]),
  ];
  if (vectors % tileVectors > 0) {
    code.push(...panel(product, vectors % tileVectors, false));
    code.push(...advance(local.qColumn, 16 * (vectors % tileVectors)));
    code.push(...advance(local.outColumn, 16 * (vectors % tileVectors)));
  }
  if (columns % 2 > 0) code.push(...panel(product, 1, true));
  const vectorLocals = (tileRows + 1) * tileVectors + 1;
  const locals = [2, ...unsigned(firstVector), 0x7f, ...unsigned(vectorLocals), 0x7b];
  return sized([...locals, ...code, end]);
}

/** All rows of a few columns: a part of Q that stays in the nearest cache. */
function panel(product: MatrixProduct, vectors: number, half: boolean): number[] {
  const { rows, out, P } = product;
  return [
    ...setTo(local.pRow, 8 * P.at),
    ...get(local.outColumn),
    ...set(local.out),
    ...repeat(local.rows, Math.floor(rows / tileRows), [
      ...tile(product, tileRows, vectors, half),
      ...advance(local.pRow, 8 * tileRows * P.row),
      ...advance(local.out, 8 * tileRows * out.row),
    ]),
    ...(rows % tileRows > 0 ? tile(product, rows % tileRows, vectors, half) : []),
  ];
}

/** One tile. `half`: a single column, in the lower half of its vectors; nothing beside it is read or written. */
function tile(
  { inner, out, P, Q, add }: MatrixProduct,
  rows: number,
  vectors: number,
  half: boolean,
): number[] {
  const load = half ? simd.load64 : simd.load;
  const each = (action: (r: number, v: number) => number[]) =>
    count(rows).flatMap((r) => count(vectors).flatMap((v) => action(r, v)));
  const offset = (r: number, v: number) => 8 * r * out.row + 16 * v;
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
    ...constant(8 * inner * Q.row),
    i32Add,
    ...set(local.qEnd),
    ...loop([
      ...count(vectors).flatMap((v) => [...get(local.q), ...load(16 * v), ...set(qVector(v))]),
      ...count(rows).flatMap((r) => [
        ...get(local.p),
        ...simd.loadTwice(8 * r * P.row),
        ...set(pVector),
        ...count(vectors).flatMap((v) => [
          ...get(sum(r, v)),
          ...get(pVector),
          ...get(qVector(v)),
          ...simd.multiply,
          ...simd.add,
          ...set(sum(r, v)),
        ]),
      ]),
      ...advance(local.p, 8 * P.column),
      ...advance(local.q, 8 * Q.row),
      ...get(local.q),
      ...get(local.qEnd),
      i32NotEqual,
    ]),
    ...each((r, v) => [
      ...get(local.out),
      ...get(sum(r, v)),
      ...(half ? simd.storeLower : simd.store)(offset(r, v)),
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
const setTo = (index: number, value: number) => [...constant(value), ...set(index)];
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
/** Addresses are multiples of 8 bytes: 2^3. */
const atOffset = (offset: number) => [3, ...unsigned(offset)];
const simd = {
  zero: vector(0x0c, ...new Array<number>(16).fill(0)),
  multiply: vector(0xf2),
  add: vector(0xf0),
  load: (offset: number) => vector(0x00, ...atOffset(offset)),
  store: (offset: number) => vector(0x0b, ...atOffset(offset)),
  /** One number into both halves. */
  loadTwice: (offset: number) => vector(0x0a, ...atOffset(offset)),
  /** One number into the lower half, 0 into the upper. */
  load64: (offset: number) => vector(0x5d, ...atOffset(offset)),
  storeLower: (offset: number) => vector(0x5b, ...atOffset(offset), 0),
};

// The binary format.

/** One memory and, for each code, a function without parameters or results. */
function moduleBytes(codes: readonly number[][], pages: number): Uint8Array {
  const section = (id: number, entries: readonly number[][]) => [
    id,
    ...sized([...unsigned(entries.length), ...entries.flat()]),
  ];
  const name = (text: string) => sized(Array.from(text, (letter) => letter.charCodeAt(0)));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, 0, 0]]),
    ...section(
      3,
      codes.map(() => [0]),
    ),
    ...section(5, [[1, ...unsigned(pages), ...unsigned(pages)]]),
    ...section(7, [
      [...name("memory"), 2, 0],
      ...codes.map((_, i) => [...name(`product${i}`), 0, ...unsigned(i)]),
    ]),
    ...section(10, codes),
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
