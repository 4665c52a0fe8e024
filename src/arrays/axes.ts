/** Shapes that stretch to one, and what is left of a shape when something is done along its axes. */
import { isList, said } from "../arithmetic";
import { keepRecent, type Path } from "../engines";
import { keyOf, type Places, paths, places, stepsOf, stretched } from "./places";
import { type Axes, axisOf, type Shape, shown, sizeOf } from "./shapes";

/**
 * The shape that two stretch to: from the last axis on, lengths are equal, or one of them is 1 or missing
 * (NumPy's broadcasting).
 *
 * @throws RangeError where they cannot
 */
export function broadcastShape(name: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const length = (shape: Shape, axis: number) => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => {
    const [m, n] = [length(a, axis), length(b, axis)];
    if (m === n || n === 1) return m;
    if (m === 1) return n;
    throw new RangeError(
      `${name}: the shapes ${shown(a)} and ${shown(b)} do not fit. Counted from the last axis, lengths have to be equal, or one of them 1, but here are ${m} and ${n}.`,
    );
  });
}

const recentFits = keepRecent<{ shape: Shape; Y: Path; X: readonly Path[] }>(256);

/** The shape that shapes stretch to, the path through it, and through each of them. @throws as `broadcastShape` */
export function together(name: string, shapes: readonly Shape[]) {
  return recentFits(keyOf(shapes), () => {
    const shape = shapes.reduce((a, b) => broadcastShape(name, a, b));
    const steps = [shape, ...shapes].map((one) => stretched(one, shape));
    const [Y, ...X] = paths(shape, steps);
    return { shape, Y, X };
  });
}

/** The axes that are left, and those that go, in order. @throws RangeError for an axis that is not there or named twice */
function chosen(name: string, shape: Shape, axes: Axes | undefined) {
  const all = shape.map((_, axis) => axis);
  const wanted = axes === undefined ? all : isList(axes) ? Array.from(axes) : [axes];
  const over = wanted.map((axis) => axisOf(name, shape, axis));
  if (new Set(over).size < over.length)
    throw new RangeError(`${name}: each axis can be named once, but got ${said(axes)}.`);
  return [all.filter((axis) => !over.includes(axis)), all.filter((axis) => over.includes(axis))];
}

/**
 * The shape without axes, and over how many numbers they run. Paths: X through all of x, Y through what is left, where
 * it stays while X runs over the axes, and one that stays throughout.
 *
 * @throws RangeError for an axis that is not there or named twice
 */
export function reduced(name: string, x: Shape, axes: Axes | undefined) {
  const [kept, over] = chosen(name, x, axes);
  const ones = x.map((length, axis) => (over.includes(axis) ? 1 : length));
  const [X, Y, one] = paths(x, [stepsOf(x), stretched(ones, x), stretched([], x)]);
  const shape = kept.map((axis) => x[axis]);
  return { shape, count: sizeOf(x) / sizeOf(shape), X, Y, one };
}

/** For each number of a result, `count` places of what it comes from, one group after the other. */
export type Groups = Readonly<{ shape: Shape; count: number; places: Places }>;

/** For each place that is left without axes, the places along these. @throws as `reduced` */
export function groupsAlong(name: string, x: Shape, axes: Axes | undefined): Groups {
  const [kept, over] = chosen(name, x, axes);
  const [steps, order] = [stepsOf(x), [...kept, ...over]];
  const [lengths, along] = [order.map((axis) => x[axis]), order.map((axis) => steps[axis])];
  const shape = lengths.slice(0, kept.length);
  return { shape, count: sizeOf(x) / sizeOf(shape), places: places(lengths, along) };
}
