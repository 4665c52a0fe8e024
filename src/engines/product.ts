/** Products of two matrices, for whoever has many of the same shape to work out: on `matrix-products.ts`. */
import { compileProducts, lineOf, type MatrixProduct } from "./matrix-products";
import { keepRecent } from "./recent";

/** out = P Q, or out += P Q, with room for the numbers of all three, row by row. */
export interface Product {
  /** rows × inner; or inner × rows, if P is given as its transpose. */
  readonly P: Float64Array;
  /** inner × columns. */
  readonly Q: Float64Array;
  /** rows × columns. */
  readonly out: Float64Array;
  run(): void;
}

/** With fewer multiplications than this, machine code takes longer to make than it saves. */
const smallest = 1000;
const recent = keepRecent<Product>(128);

/**
 * The product for a shape. The next call for the same shape returns the same room: fill it, run, and take what is
 * there before another call. Each number of `out` is added to term by term, in the order of the inner places, so the
 * bits are the same by whichever way.
 *
 * @param options whether `out` is added to (default true), and whether P is given as its transpose (default false)
 */
export function matrixProduct(
  rows: number,
  inner: number,
  columns: number,
  { add = true, transposed = false } = {},
): Product {
  return recent(`${rows}, ${inner}, ${columns}, ${add}, ${transposed}`, () => {
    const P = transposed ? { row: 1, column: rows } : { row: inner, column: 1 };
    const shape: Shape = { rows, inner, columns, add, P: { at: 0, ...P } };
    if (rows * inner * columns >= smallest) {
      try {
        return compiled(shape);
      } catch (error) {
        // As in `createEngine`: no code from bytes here, or no memory for it.
        const { name } = error as Error;
        if (!["EvalError", "CompileError", "RangeError"].includes(name)) throw error;
      }
    }
    return plain(shape);
  });
}

type Shape = Omit<MatrixProduct, "out" | "Q">;

function compiled(shape: Shape): Product {
  const { rows, inner, columns } = shape;
  const line = (size: number) => lineOf("double") * Math.ceil(size / lineOf("double"));
  const [p, q] = [line(rows * inner), line(inner * columns)];
  const product = {
    ...shape,
    out: { at: p + q, row: columns, column: 1 },
    Q: { at: p, row: columns, column: 1 },
  };
  const { memory, run } = compileProducts([product], p + q + rows * columns, "double").start();
  const view = (at: number, size: number) => memory.subarray(at, at + size) as Float64Array;
  return {
    P: view(0, rows * inner),
    Q: view(p, inner * columns),
    out: view(p + q, rows * columns),
    run: run[0],
  };
}

function plain({ rows, inner, columns, add, P: steps }: Shape): Product {
  const P = new Float64Array(rows * inner);
  const Q = new Float64Array(inner * columns);
  const out = new Float64Array(rows * columns);
  const run = () => {
    if (!add) out.fill(0);
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < inner; i++) {
        const p = P[r * steps.row + i * steps.column];
        for (let c = 0, o = r * columns, q = i * columns; c < columns; c++) out[o++] += p * Q[q++];
      }
    }
  };
  return { P, Q, out, run };
}
