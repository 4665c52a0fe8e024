/** Which matrices meet in a product of arrays, and the products of matrices in turn. */
import { keepRecent, matrixProduct } from "../engines";
import { broadcastShape } from "./axes";
import { keyOf, type Places, places, stretched } from "./places";
import { type Shape, shown, sizeOf } from "./shapes";

/** How many rows, terms and columns a product has, which matrices meet in it, and the result's shape. */
type Plan = Record<"n" | "k" | "m", number> &
  Record<"ofA" | "ofB" | "ofY", Places> & { shape: Shape };

const recentPlans = keepRecent<Plan>(128);

/** What it takes to multiply arrays of these shapes. @throws RangeError for shapes that do not fit */
export function multiplied(a: Shape, b: Shape): Plan {
  return recentPlans(keyOf([a, b]), () => {
    const both = `matmul: the shapes ${shown(a)} and ${shown(b)}`;
    if (a.length < 2 || b.length < 2) {
      throw new RangeError(
        `${both} need two axes each, rows and columns. Make a vector one row or one column by reshape.`,
      );
    }
    const [[n, inner], [k, m]] = [a.slice(-2), b.slice(-2)];
    if (inner !== k) {
      throw new RangeError(
        `${both} do not fit. The columns of the first have to be as many as the rows of the second, but here are ${inner} and ${k}.`,
      );
    }
    const [stackA, stackB] = [a.slice(0, -2), b.slice(0, -2)];
    const stack = broadcastShape("matmul", stackA, stackB);
    const shape = [...stack, n, m];
    // One B for all A is one product, of all their rows.
    const isOne = sizeOf(stackB) === 1 && sizeOf(stackA) === sizeOf(stack);
    const of = (part: Shape) => (isOne ? Int32Array.of(0) : places(stack, stretched(part, stack)));
    const rows = isOne ? n * sizeOf(stack) : n;
    return { shape, n: rows, k, m, ofA: of(stackA), ofB: of(stackB), ofY: of(stack) };
  });
}

/** Matrices of one shape, one after the other, and which of them take part, in turn. */
export type Stack = readonly [numbers: Float64Array, which: Places];

/** Y += P Q, for matrices in turn; or, in place of a factor, its transpose; or without what is in Y. */
export function multiply(
  [rows, inner, columns]: readonly [number, number, number],
  [P, ofP]: Stack,
  [Q, ofQ]: Stack,
  [Y, ofY]: Stack,
  { add = true, transposed }: { add?: boolean; transposed?: "P" | "Q" } = {},
): void {
  const product = matrixProduct(rows, inner, columns, {
    add,
    transposed: transposed === "P",
    room: [P.length / rows / inner, Q.length / inner / columns, Y.length / rows / columns],
  });
  product.P.set(P);
  if (transposed === "Q") transpose(product.Q, Q, inner, columns);
  else product.Q.set(Q);
  if (add) product.out.set(Y);
  for (let s = 0; s < ofY.length; s++) product.run(ofP[s], ofQ[s], ofY[s]);
  Y.set(product.out);
}

/** Matrices of rows × columns, from others of columns × rows. */
function transpose(to: Float64Array, from: Float64Array, rows: number, columns: number): void {
  for (let start = 0, t = 0; start < to.length; start += rows * columns) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0, f = start + r; c < columns; c++, f += rows) to[t++] = from[f];
    }
  }
}
