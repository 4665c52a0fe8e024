/** What becomes of a shape when numbers are moved, and by which paths they go: y[Y] = x[X]. */
import { checkGiven, checkWhole, isList, said } from "../arithmetic";
import { keepRecent, type Path } from "../engines";
import { keyOf, paths, places, stepsOf } from "./places";
import { axisOf, isLength, type Shape, shown, sizeOf } from "./shapes";

/** The result's shape, and the paths through it and through what its numbers come from. */
export type Move = Readonly<{ shape: Shape; Y: Path; X: Path }>;

const recentSlices = keepRecent<Move>(256);
const recentJoins = keepRecent<{ shape: Shape; moves: readonly Move[] }>(128);

/** To all places of `shape`, in its order, from where a start and a step along each axis lead. */
function moveOf(shape: Shape, steps: readonly number[], start = 0): Move {
  const [Y, X] = paths(shape, [stepsOf(shape), steps], [0, start]);
  return { shape, Y, X };
}

/** A shape for as many numbers, in which one axis may be −1. @throws RangeError for more or fewer numbers */
export function reshaped(x: Shape, shape: Shape): Shape {
  checkGiven(isList(shape), "reshape takes a shape, as [2, 3]", shape);
  const size = sizeOf(x);
  const rest = sizeOf(shape.filter((length) => length !== -1));
  const full = shape.map((length) => (length === -1 ? size / rest : length));
  if (sizeOf(full) === size && full.every(isLength)) return full;
  throw new RangeError(
    `reshape: the shape ${shown(x)} holds ${size} numbers, which do not fill ${shown(shape)}.`,
  );
}

/** The axes in another order, or the last two exchanged. @throws RangeError unless every axis is named once */
export function transposed(x: Shape, order?: readonly number[]): Move {
  const takes = "transpose takes axes in their order, as [0, 2, 1]";
  checkGiven(order === undefined || isList(order), takes, order);
  if (!order && x.length < 2) {
    throw new RangeError(
      `transpose: a tensor of shape ${shown(x)} has no two axes to change places.`,
    );
  }
  const all = x.map((_, axis) => axis);
  const exchanged = [...all.slice(0, -2), ...all.slice(-2).reverse()];
  const axes = Array.from(order ?? exchanged, (axis) => axisOf("transpose", x, axis));
  if (new Set(axes).size !== x.length || axes.length !== x.length) {
    throw new RangeError(
      `transpose: the order names each axis of the shape ${shown(x)} once, but got ${said(order)}.`,
    );
  }
  const steps = stepsOf(x);
  const shape = axes.map((axis) => x[axis]);
  return moveOf(
    shape,
    axes.map((axis) => steps[axis]),
  );
}

/** From `start` to before `end` along an axis. @throws RangeError unless 0 ≤ start < end ≤ the axis's length */
export function sliced(x: Shape, axis: number, start: number, end?: number): Move {
  const along = axisOf("slice", x, axis);
  const last = end ?? x[along];
  const areWhole = Number.isInteger(start) && Number.isInteger(last);
  if (!areWhole || start < 0 || start >= last || last > x[along]) {
    const of = `along axis ${axis} of the shape ${shown(x)}`;
    checkWhole(start, `slice: the start ${of}`, 0, x[along] - 1);
    checkWhole(last, `slice: the end ${of}`, start + 1, x[along]);
  }
  return recentSlices(keyOf([x, [along, start, last]]), () => {
    const steps = stepsOf(x);
    const shape = x.map((length, other) => (other === along ? last - start : length));
    return moveOf(shape, steps, start * steps[along]);
  });
}

/**
 * One after the other along an axis: the shape of the whole, and the paths of each part, through the whole and through
 * itself.
 *
 * @throws RangeError for no parts, or other axes that differ
 */
export function joined(parts: readonly Shape[], axis: number) {
  const [first] = parts;
  if (!first) throw new RangeError("concatenate takes a list of tensors, but it is empty.");
  const along = axisOf("concatenate", first, axis);
  return recentJoins(keyOf([...parts, [along]]), () => {
    const isAlike = (length: number, other: number) => other === along || length === first[other];
    const odd = parts.find((part) => part.length !== first.length || !part.every(isAlike));
    if (odd) {
      throw new RangeError(
        `concatenate: the shapes ${shown(first)} and ${shown(odd)} have to be equal but for axis ${axis}.`,
      );
    }
    const total = parts.reduce((length, part) => length + part[along], 0);
    const shape = first.map((length, other) => (other === along ? total : length));
    const steps = stepsOf(shape);
    let start = 0;
    const moves = parts.map((part): Move => {
      const [Y, X] = paths(part, [steps, stepsOf(part)], [start]);
      start += part[along] * steps[along];
      return { shape: part, Y, X };
    });
    return { shape, moves };
  });
}

/** Rows of a table by their numbers, which have a shape of their own. @throws RangeError for a row that is not there */
export function gathered(table: Shape, rows: Float64Array, shape: Shape): Move {
  if (table.length === 0) throw new RangeError("gather: a single number has no rows.");
  const [count, ...row] = table;
  const [length, step] = [sizeOf(row), 1];
  const starts = new Int32Array(rows.length);
  rows.forEach((r, n) => {
    if (!(Number.isInteger(r) && r >= 0 && r < count)) {
      throw new RangeError(
        `gather: a table of shape ${shown(table)} has the rows 0 to ${count - 1}, but row ${r} was asked for.`,
      );
    }
    starts[n] = r * length;
  });
  const Y = { starts: places([rows.length], [length]), length, step };
  return { shape: [...shape, ...row], Y, X: { starts, length, step } };
}
