/** Products of two matrices, for whoever has many of the same shape to work out: on `matrix-products.ts`. */
import {
  compileProducts,
  createMemory,
  lineOf,
  type MatrixProduct,
  type Memory,
} from "./matrix-products";
import { keepRecent } from "./recent";

/** out = P Q, or out += P Q, with room for the numbers of all three, row by row. */
export interface Product {
  /** rows × inner; or inner × rows, if P is given as its transpose. As often as there are matrices. */
  readonly P: Float64Array;
  /** inner × columns. */
  readonly Q: Float64Array;
  /** rows × columns. */
  readonly out: Float64Array;
  /** Matrix p of P, times matrix q of Q, into matrix o of `out`, each counted from 0 and 0 by default. */
  run(p?: number, q?: number, o?: number): void;
}

export interface ProductOptions {
  /** Whether `out` is added to. Default true. */
  add?: boolean;
  /** Whether P is given as its transpose. Default false. */
  transposed?: boolean;
  /** For how many matrices P, Q and `out` have room. Default one each. */
  room?: readonly [P: number, Q: number, out: number];
}

/** With fewer multiplications than this, machine code takes longer to make than it saves. */
const smallest = 1000;
const recent = keepRecent<Product>(128);

/** Where products up to this size have their room, all in the same place: it stays in the cache. In numbers. */
const shared = 1 << 20;
let memory: Memory | undefined;

/**
 * The product for a shape. The next call, for any shape, returns the same room: fill it, run, and take what is
 * there before another call. Each number of `out` is added to term by term, in the order of the inner places, so the
 * bits are the same by whichever way.
 */
export function matrixProduct(
  rows: number,
  inner: number,
  columns: number,
  { add = true, transposed = false, room = [1, 1, 1] }: ProductOptions = {},
): Product {
  const sizes = `${rows} ${inner} ${columns} ${room[0]} ${room[1]} ${room[2]}`;
  return recent(`${sizes} ${add} ${transposed}`, () => {
    const P = transposed ? { row: 1, column: rows } : { row: inner, column: 1 };
    const shape: Shape = { rows, inner, columns, add, P: { at: 0, ...P } };
    if (rows * inner * columns * Math.max(...room) >= smallest) {
      try {
        return compiled(shape, room);
      } catch (error) {
        // As in `createEngine`: no code from bytes here, or no memory for it.
        const { name } = error as Error;
        if (!["EvalError", "CompileError", "RangeError"].includes(name)) throw error;
      }
    }
    return plain(shape, room);
  });
}

type Shape = Omit<MatrixProduct, "out" | "Q">;
type Room = NonNullable<ProductOptions["room"]>;

function compiled(shape: Shape, [ofP, ofQ, ofOut]: Room): Product {
  const { rows, inner, columns } = shape;
  const [sizeP, sizeQ, sizeOut] = [rows * inner, inner * columns, rows * columns];
  const line = (size: number) => lineOf("double") * Math.ceil(size / lineOf("double"));
  const atQ = line(ofP * sizeP);
  const atOut = atQ + line(ofQ * sizeQ);
  const product = {
    ...shape,
    out: { at: atOut, row: columns, column: 1 },
    Q: { at: atQ, row: columns, column: 1 },
    moves: true,
  };
  const length = atOut + ofOut * sizeOut;
  const products = compileProducts([product], length, "double");
  if (length <= shared) memory ??= createMemory(shared, "double");
  const code = products.start(length <= shared ? memory : undefined);
  const view = (at: number, size: number) => code.memory.subarray(at, at + size) as Float64Array;
  const run = code.run[0];
  return {
    P: view(0, ofP * sizeP),
    Q: view(atQ, ofQ * sizeQ),
    out: view(atOut, ofOut * sizeOut),
    run: (p = 0, q = 0, o = 0) => run(8 * p * sizeP, 8 * q * sizeQ, 8 * o * sizeOut),
  };
}

function plain({ rows, inner, columns, add, P: steps }: Shape, room: Room): Product {
  const sizes = [rows * inner, inner * columns, rows * columns];
  const [P, Q, out] = sizes.map((size, n) => new Float64Array(size * room[n]));
  const run = (...which: number[]) => {
    const [p0, q0, o0] = sizes.map((size, n) => size * (which[n] ?? 0));
    if (!add) out.fill(0, o0, o0 + rows * columns);
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < inner; i++) {
        const p = P[p0 + r * steps.row + i * steps.column];
        let o = o0 + r * columns;
        for (let q = q0 + i * columns, end = q + columns; q < end; q++) out[o++] += p * Q[q];
      }
    }
  };
  return { P, Q, out, run };
}
