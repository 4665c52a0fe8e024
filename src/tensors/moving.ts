/** Operations that move numbers and leave them as they are: slopes go back the way the numbers came. */
import { checkWhole, isList, type Random, said } from "../arithmetic";
import type { Path } from "../engines";
import { multiply } from "./elementwise";
import { axisOf, copy, paths, places, spread, stepsOf } from "./places";
import {
  checkGiven,
  keep,
  type Operand,
  operand,
  operation,
  operationOfOne,
  room,
  shown,
  sizeOf,
  Tensor,
} from "./tensor";

/**
 * The same numbers in the same order under another shape, without a copy of them. One axis may be −1: as long as it
 * has to be.
 *
 * @throws RangeError for a shape of more or fewer numbers
 */
export function reshape(a: Operand, shape: readonly number[]): Tensor {
  const x = operand(a, "reshape");
  checkGiven(isList(shape), "reshape takes a shape, as [2, 3]", shape);
  const rest = sizeOf(shape.filter((length) => length !== -1));
  const full = shape.map((length) => (length === -1 ? x.data.length / rest : length));
  if (
    sizeOf(full) !== x.data.length ||
    !full.every((length) => Number.isInteger(length) && length >= 1)
  ) {
    throw new RangeError(
      `reshape: the shape ${shown(x.shape)} holds ${x.data.length} numbers, which do not fill ${shown(shape)}.`,
    );
  }
  return keep(
    new Tensor(x.data, full, "reshape", [x], (g, dx) => {
      if (dx) for (let i = 0; i < g.length; i++) dx[i] += g[i];
    }),
  );
}

/** The numbers that the path finds in x, in its order: y[Y] = x[X], and dx[X] += g[Y]. */
function moved(name: string, x: Tensor, shape: readonly number[], [Y, X]: readonly Path[]): Tensor {
  return operationOfOne(
    name,
    x,
    shape,
    (y) => copy([y, Y], [x.data, X]),
    (g, dx) => spread([dx, X], [g, Y]),
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
  checkGiven(
    order === undefined || isList(order),
    "transpose takes axes in their order, as [0, 2, 1]",
    order,
  );
  const all = x.shape.map((_, axis) => axis);
  if (!order && all.length < 2) {
    throw new RangeError(
      `transpose: a tensor of shape ${shown(x.shape)} has no two axes to change places.`,
    );
  }
  const axes = order
    ? order.map((axis) => axisOf("transpose", x.shape, axis))
    : [...all.slice(0, -2), all.length - 1, all.length - 2];
  if (new Set(axes).size !== all.length || axes.length !== all.length) {
    throw new RangeError(
      `transpose: the order names each axis of the shape ${shown(x.shape)} once, but got ${said(order)}.`,
    );
  }
  const shape = axes.map((axis) => x.shape[axis]);
  const steps = stepsOf(x.shape);
  const along = axes.map((axis) => steps[axis]);
  return moved("transpose", x, shape, paths(shape, [stepsOf(shape), along]));
}

/**
 * The places from `start` up to, but not including, `end` along an axis.
 *
 * @param end default: the axis's length
 * @throws RangeError unless 0 ≤ start < end ≤ the axis's length
 */
export function slice(a: Operand, axis: number, start: number, end?: number): Tensor {
  const x = operand(a, "slice");
  const along = axisOf("slice", x.shape, axis);
  const length = x.shape[along];
  const last = end ?? length;
  const of = `along axis ${axis} of the shape ${shown(x.shape)}`;
  checkWhole(start, `slice: the start ${of}`, 0, length - 1);
  checkWhole(last, `slice: the end ${of}`, start + 1, length);
  const steps = stepsOf(x.shape);
  const shape = x.shape.map((length, other) => (other === along ? last - start : length));
  return moved("slice", x, shape, paths(shape, [stepsOf(shape), steps], [0, start * steps[along]]));
}

/** One after the other along an axis. @throws RangeError for no tensors, or other axes that differ */
export function concatenate(list: readonly Operand[], axis = 0): Tensor {
  checkGiven(isList(list), "concatenate takes a list of tensors", list);
  const parts = list.map((one) => operand(one, "concatenate"));
  if (parts.length === 0)
    throw new RangeError("concatenate takes a list of tensors, but it is empty.");
  const first = parts[0].shape;
  const along = axisOf("concatenate", first, axis);
  for (const { shape } of parts) {
    if (
      shape.length === first.length &&
      shape.every((length, other) => other === along || length === first[other])
    )
      continue;
    throw new RangeError(
      `concatenate: the shapes ${shown(first)} and ${shown(shape)} have to be equal but for axis ${axis}.`,
    );
  }
  const total = parts.reduce((length, { shape }) => length + shape[along], 0);
  const whole = first.map((length, other) => (other === along ? total : length));
  const steps = stepsOf(whole);
  let start = 0;
  const each = parts.map(({ shape }) => {
    const found = paths(shape, [steps, stepsOf(shape)], [start]);
    start += shape[along] * steps[along];
    return found;
  });
  return operation(
    "concatenate",
    whole,
    parts,
    (y) => {
      each.forEach(([Y, X], n) => {
        copy([y, Y], [parts[n].data, X]);
      });
    },
    (g, ...slopes) => {
      each.forEach(([Y, X], n) => {
        const dx = slopes[n];
        if (dx) spread([dx, X], [g, Y]);
      });
    },
  );
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
  if (x.shape.length === 0) throw new RangeError("gather: a single number has no rows.");
  const [count, ...row] = x.shape;
  const width = sizeOf(row);
  const starts = new Int32Array(index.data.length);
  index.data.forEach((r, n) => {
    if (!(Number.isInteger(r) && r >= 0 && r < count)) {
      throw new RangeError(
        `gather: a table of shape ${shown(x.shape)} has the rows 0 to ${count - 1}, but row ${r} was asked for.`,
      );
    }
    starts[n] = r * width;
  });
  const X = { starts, length: width, step: 1 };
  const Y = { starts: places([starts.length], [width]), length: width, step: 1 };
  return operation(
    "gather",
    [...index.shape, ...row],
    [x, index],
    (y) => copy([y, Y], [x.data, X]),
    (g, dx) => dx && spread([dx, X], [g, Y]),
  );
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
  checkGiven(
    typeof random === "function",
    "dropout takes a generator, as createRandom(1) makes it",
    random,
  );
  const mask = room(x.data.length);
  for (let i = 0; i < mask.length; i++) mask[i] = random() < share ? 0 : 1 / (1 - share);
  return multiply(x, keep(new Tensor(mask, x.shape, "", [], undefined, true)));
}
