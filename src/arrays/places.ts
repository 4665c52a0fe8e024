/**
 * Where numbers are found. What moves numbers is a line: y[Y] = x[X], with Y and X the paths that run through both
 * arrays at the same time; and what is known of y goes back the same way, dx[X] += g[Y].
 */
import { createLoop, keepRecent, type Path } from "../engines";
import type { Shape } from "./shapes";

/** For each place i of one array, a place in another. */
export type Places = Int32Array;

const recentPlaces = keepRecent<Places>(256);
const recentPaths = keepRecent<readonly Path[]>(256);

/** Text by which what was made for lists of numbers is found again: put together in a third of the time that `join` takes. */
export function keyOf(lists: readonly (readonly number[])[]): string {
  let key = "";
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) key += `${list[i]},`;
    key += " ";
  }
  return key;
}

/** y[Y] = x[X]. */
export const copy = createLoop("copy", (x) => x);
/** dx[X] += g[Y]: a number of x that was used in many places gets the sum of what these hand back. */
export const spread = createLoop("spread", (g) => g, "+=");

/** How far the next place along each axis is: [12, 4, 1] for the shape [2, 3, 4]. */
export function stepsOf(shape: Shape): number[] {
  const steps = shape.slice();
  for (let axis = shape.length - 1, size = 1; axis >= 0; size *= shape[axis--]) steps[axis] = size;
  return steps;
}

/** The steps through an array of shape `from` along the axes of `to`, to which it stretches: 0 where it stays. */
export function stretched(from: Shape, to: Shape): number[] {
  const missing = to.length - from.length;
  const steps = stepsOf(from);
  return to.map((_, axis) =>
    axis < missing || from[axis - missing] === 1 ? 0 : steps[axis - missing],
  );
}

/**
 * For each place of `shape`, in its order: `start` and, along each axis, so many steps as the index says. Tables that
 * were asked for lately are kept.
 */
export function places(shape: Shape, steps: readonly number[], start = 0): Places {
  return recentPlaces(keyOf([shape, steps, [start]]), () => {
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
 * Paths that run through several arrays at the same time, over all places of `shape` in its order: each begins at its
 * own start, 0 by default, and along each axis goes on by steps of its own. Axes that all can run through as one are
 * one, so that lines are long.
 */
export function paths(
  shape: Shape,
  steps: readonly (readonly number[])[],
  start: readonly number[] = [],
): readonly Path[] {
  return recentPaths(keyOf([shape, ...steps, start]), () => {
    let axis = { length: 1, steps: steps.map(() => 0) };
    const outer: (typeof axis)[] = [];
    shape.forEach((length, n) => {
      if (length === 1) return;
      const own = steps.map((all) => all[n]);
      const goesOn = own.every((step, array) => axis.steps[array] === step * length);
      if (axis.length > 1 && !goesOn) outer.push(axis);
      axis = { length: goesOn ? axis.length * length : length, steps: own };
    });
    const lengths = outer.map(({ length }) => length);
    return steps.map((_, array) => {
      const along = outer.map(({ steps }) => steps[array]);
      const starts = places(lengths, along, start[array]);
      return { starts, length: axis.length, step: axis.steps[array] };
    });
  });
}
