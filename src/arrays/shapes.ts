/** Shapes, [2, 3] for 2 rows of 3, and the numbers of arrays, of which the last axis runs fastest. */
import { allFinite, isList, said } from "../arithmetic";
import { room } from "./memory";

/** The length of each axis; none for a single number. */
export type Shape = readonly number[];

/** Lists in lists, all of one length at each depth: [[1, 2], [3, 4]]. */
export type Nested = number | ArrayLike<number> | readonly Nested[];

/** Which axes: one, several, or, if left out, all. −1 is the last. */
export type Axes = number | readonly number[];

/** How many numbers an array of this shape holds. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Room for an array of this shape, all 0. */
export function zeros(shape: Shape): Float64Array {
  return room(sizeOf(shape));
}

/** The indices of place i. */
export function placeOf(shape: Shape, i: number): number[] {
  return shape.map((length, axis) => Math.floor(i / sizeOf(shape.slice(axis + 1))) % length);
}

/** A shape, or a place, in a message: [2, 3]. */
export function shown(numbers: readonly number[]): string {
  return `[${numbers.join(", ")}]`;
}

/** The first number that is not finite, and its place, in words: "NaN at [0, 1]"; undefined if all are. */
export function faultOf(data: Float64Array, shape: Shape): string | undefined {
  if (allFinite(data)) return undefined;
  const i = data.findIndex((value) => !Number.isFinite(value));
  return `${data[i]} at ${shown(placeOf(shape, i))}`;
}

/** Whether an axis can be of that length. */
export function isLength(length: number): boolean {
  return Number.isInteger(length) && length >= 1;
}

/** @throws RangeError unless every axis has a whole number of places, 1 or more */
export function checkShape(shape: Shape, what = "A tensor's shape"): void {
  if (isList(shape) && shape.every(isLength)) return;
  throw new RangeError(
    `${what} lists the length of each axis, whole numbers of at least 1, such as [2, 3], but got ${said(shape)}.`,
  );
}

/** The axis counted from 0; −1 is the last. @throws RangeError if there is none */
export function axisOf(name: string, shape: Shape, axis: number): number {
  const counted = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && counted >= 0 && counted < shape.length) return counted;
  throw new RangeError(
    `${name}: a tensor of shape ${shown(shape)} has ${shape.length} axes, counted from 0, or from −1 backwards, but the axis ${said(axis)} was asked for.`,
  );
}

/**
 * The numbers of lists in lists, one after the other, and their shape; with a shape, all are in one list.
 *
 * @throws RangeError for numbers that are not finite, lists of unequal lengths, and a shape that they do not fill
 */
export function numbersOf(values: Nested, given?: Shape): { data: Float64Array; shape: Shape } {
  const shape = given ?? shapeOf(values);
  checkShape(shape);
  const length = sizeOf(shape);
  const flat = given && isList(values) ? values : flatten(values);
  if (flat.length !== length) {
    throw new RangeError(
      `A tensor of shape ${shown(shape)} holds ${length} numbers, but ${flat.length} were given.`,
    );
  }
  const data = room(length);
  for (let i = 0; i < length; i++) {
    const value = flat[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(
        `A tensor holds finite numbers, but at ${shown(placeOf(shape, i))} there is ${said(value)}.`,
      );
    }
    data[i] = value;
  }
  return { data, shape };
}

/** @throws RangeError for lists of unequal lengths */
function flatten(values: Nested): ArrayLike<unknown> {
  if (!isList(values)) return [values];
  const list = Array.from(values as ArrayLike<Nested>);
  if (!list.some(isList)) return values;
  const shapes = list.map(shapeOf);
  const odd = shapes.findIndex((shape) => shape.join() !== shapes[0].join());
  if (odd > 0) {
    throw new RangeError(
      `The lists of a tensor are all of one length, but entry 0 has the shape ${shown(shapes[0])} and entry ${odd} has ${shown(shapes[odd])}.`,
    );
  }
  return list.flatMap((one) => Array.from(flatten(one)));
}

function shapeOf(values: Nested): number[] {
  return isList(values) ? [values.length, ...shapeOf((values as ArrayLike<Nested>)[0])] : [];
}

/** Numbers as lists in lists, as deep as the shape is long. */
export function nested(data: Float64Array, shape: Shape, at = 0): Nested {
  if (shape.length === 0) return data[at];
  const [length, ...rest] = shape;
  const step = sizeOf(rest);
  return Array.from({ length }, (_, i) => nested(data, rest, at + i * step));
}
