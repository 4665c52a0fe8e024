/** Operations that move numbers and leave them as they are: slopes go back the way the numbers came. */
import { checkGiven, type Random, said } from "../arithmetic";
import type { Move, Shape } from "../arrays";
import {
  copy,
  gathered,
  joined,
  keep,
  reshaped,
  room,
  sliced,
  spread,
  transposed,
} from "../arrays";
import { operationOf, type Slope } from "./backward";
import { multiply } from "./elementwise";
import { constantOf, type Operand, operand, Tensor } from "./tensor";

/** y[Y] = x[X], and dx[X] += g[Y]. What else an operation was computed from has no slopes. */
function moved(name: string, from: readonly Tensor[], { shape, Y, X }: Move): Tensor {
  const [x] = from;
  return operationOf(
    name,
    shape,
    from,
    (y) => copy([y, Y], [x.data, X]),
    (g, dx) => spread([dx, X], [g, Y]),
  );
}

/**
 * The same numbers in the same order under another shape, without a copy of them. One axis may be −1: as long as it
 * has to be.
 *
 * @throws RangeError for a shape of more or fewer numbers
 */
export function reshape(a: Operand, shape: Shape): Tensor {
  const x = operand(a, "reshape");
  return keep(
    new Tensor(x.data, reshaped(x.shape, shape), "reshape", [x], (g, dx) => {
      if (dx) for (let i = 0; i < g.length; i++) dx[i] += g[i];
    }),
  );
}

/**
 * The axes in another order; if none is given, the last two change places.
 *
 * @param order which axis of x comes first, second, …
 * @throws RangeError unless every axis is named once
 */
export function transpose(a: Operand, order?: readonly number[]): Tensor {
  const x = operand(a, "transpose");
  return moved("transpose", [x], transposed(x.shape, order));
}

/**
 * The places from `start` up to, but not including, `end` along an axis.
 *
 * @param end default: the axis's length
 * @throws RangeError unless 0 ≤ start < end ≤ the axis's length
 */
export function slice(a: Operand, axis: number, start: number, end?: number): Tensor {
  const x = operand(a, "slice");
  return moved("slice", [x], sliced(x.shape, axis, start, end));
}

/** One after the other along an axis. @throws RangeError for no tensors, or other axes that differ */
export function concatenate(list: readonly Operand[], axis = 0): Tensor {
  checkGiven(Array.isArray(list), "concatenate takes a list of tensors", list);
  const x = list.map((one) => operand(one, "concatenate"));
  const shapes = x.map((one) => one.shape);
  const { shape, moves } = joined(shapes, axis);
  const join = (y: Float64Array) => {
    for (const [n, { Y, X }] of moves.entries()) copy([y, Y], [x[n].data, X]);
  };
  const slopes = moves.map(({ Y, X }): Slope => {
    return (g, dx) => spread([dx, X], [g, Y]);
  });
  return operationOf("concatenate", shape, x, join, ...slopes);
}

/**
 * Rows of a table by their numbers, such as the embeddings of a text's signs. A row that is used twice gets the sum of
 * both slopes; the numbers themselves have none.
 *
 * @param table rows × whatever a row is
 * @param rows whole numbers from 0, of any shape, which the shape of a row follows in the result's
 * @throws RangeError for a row that is not there
 */
export function gather(table: Operand, rows: Operand): Tensor {
  const [x, index] = [operand(table, "gather"), operand(rows, "gather")];
  return moved("gather", [x, index], gathered(x.shape, index.data, index.shape));
}

/**
 * Dropout: a share of the numbers becomes 0, the others grow by 1 / (1 − share), so that the mean stays
 * (Srivastava et al., 2014). The mask, of 0 and 1 / (1 − share), is what x is multiplied by: `from[1]` of the result.
 *
 * @param share from 0 to below 1
 * @throws RangeError for any other
 */
export function dropout(a: Operand, share: number, random: Random): Tensor {
  const x = operand(a, "dropout");
  if (!(share >= 0 && share < 1)) {
    throw new RangeError(
      `The share that dropout leaves out has to be at least 0 and below 1, but it is ${said(share)}.`,
    );
  }
  const takes = "dropout takes a generator, as createRandom(1) makes it";
  checkGiven(typeof random === "function", takes, random);
  const mask = room(x.data.length);
  for (let i = 0; i < mask.length; i++) mask[i] = random() < share ? 0 : 1 / (1 - share);
  return multiply(x, constantOf(mask, x.shape));
}
