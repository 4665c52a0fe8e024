/**
 * Where a number is found: for each place of one array, the place in another, as a table. With one, an operation that
 * moves numbers is a line: y[i] = x[X[i]], and the slopes go back the same way, dx[X[i]] += g[i].
 */
import { said } from "../arithmetic";
import { keepRecent } from "../engines";
import { shown, sizeOf } from "./tensor";

/** For each place i of one array, a place in another. */
export type Places = Int32Array;

const recent = keepRecent<Places>(256);

/** How far the next place along each axis is: [12, 4, 1] for the shape [2, 3, 4]. */
export function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * For each place of `shape`, in its order: `start` and, along each axis, so many steps as the index says. Tables that
 * were asked for lately are kept.
 */
export function places(shape: readonly number[], steps: readonly number[], start = 0): Places {
  return recent(`${shape.join()} ${steps.join()} ${start}`, () => {
    let table = Int32Array.of(start);
    shape.forEach((length, axis) => {
      const wider = new Int32Array(table.length * length);
      for (let t = 0, w = 0; t < table.length; t++) {
        for (let i = 0; i < length; i++) wider[w++] = table[t] + i * steps[axis];
      }
      table = wider;
    });
    return table;
  });
}

/**
 * The shape that two stretch to: from the last axis on, lengths are equal, or one of them is 1 or missing
 * (NumPy's broadcasting).
 *
 * @throws RangeError where they cannot
 */
export function broadcastShape(
  name: string,
  a: readonly number[],
  b: readonly number[],
): readonly number[] {
  const rank = Math.max(a.length, b.length);
  const length = (shape: readonly number[], axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [m, n] = [length(a, axis), length(b, axis)];
    if (m === n || n === 1) return m;
    if (m === 1) return n;
    throw new RangeError(
      `${name}: the shapes ${shown(a)} and ${shown(b)} do not fit. Counted from the last axis, lengths have to be equal, or one of them 1, but here are ${m} and ${n}.`,
    );
  });
}

/** For each place of `to`, the one in `from` that stretches there. */
export function stretch(from: readonly number[], to: readonly number[]): Places {
  const missing = to.length - from.length;
  const steps = stepsOf(from);
  return places(
    to,
    to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : steps[axis - missing])),
  );
}

/** The axis counted from 0; −1 is the last. @throws RangeError if there is none */
export function axisOf(name: string, shape: readonly number[], axis: number): number {
  const counted = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && counted >= 0 && counted < shape.length) return counted;
  throw new RangeError(
    `${name}: a tensor of shape ${shown(shape)} has ${shape.length} axes, counted from 0, or from −1 backwards, but the axis ${said(axis)} was asked for.`,
  );
}
