/**
 * Arrays of any rank that remember how they were computed. Each operation stands beside its vector-Jacobian product:
 * how it hands ∂L/∂(its result) back as ∂L/∂(each of what it was computed from). The backward pass is then one walk
 * from the end to the beginning (Griewank & Walther, Evaluating Derivatives, 2nd ed., 2008, chapter 3), as in
 * `graph`, with arrays in place of numbers.
 */
import { allFinite, isList, said } from "../arithmetic";

/** Lists in lists, all of one length at each depth: [[1, 2], [3, 4]]. */
export type Nested = number | ArrayLike<number> | readonly Nested[];

/** What can take part in an operation: a plain number is a constant. */
export type Operand = Tensor | number;

/**
 * Adds to the slopes of what an operation was computed from.
 *
 * @param g ∂L/∂(result), laid out as the result's `data`
 * @param slopes ∂L/∂(operand) for each operand, to add to; undefined for a constant, which needs none
 */
export type VectorJacobianProduct = (
  g: Float64Array,
  ...slopes: (Float64Array | undefined)[]
) => void;

let made = 0;

export class Tensor {
  /** ∂(output)/∂(this), laid out as `data`: filled in by `backward`. */
  slope: Float64Array | undefined;
  /** Whether nothing that it depends on can have a slope. */
  readonly constant: boolean;
  /** Tensors are numbered as they are made: what one is computed from has a smaller number. */
  readonly number = ++made;

  constructor(
    /** The numbers, the last axis running fastest. */
    public data: Float64Array,
    /** The length of each axis: [2, 3] is 2 rows of 3. None for a single number. */
    readonly shape: readonly number[],
    /** How it was computed; empty for what was given. */
    readonly operation = "",
    readonly from: readonly Tensor[] = [],
    readonly vjp?: VectorJacobianProduct,
    constant = false,
  ) {
    this.constant = constant || (from.length > 0 && from.every((one) => one.constant));
  }

  /** The numbers as lists in lists, as deep as the shape is long. */
  toArray(): Nested {
    return nested(this.data, this.shape);
  }

  /** The slopes likewise. @throws TypeError before a backward pass */
  slopes(): Nested {
    if (this.slope) return nested(this.slope, this.shape);
    throw new TypeError(
      `${this} has no slopes yet: call backward on what was computed from it${this.constant ? "; a constant never has any" : ""}.`,
    );
  }

  toString(): string {
    const of = `of shape ${shown(this.shape)}`;
    return this.operation ? `The result of ${this.operation}, ${of},` : `A tensor ${of}`;
  }
}

/**
 * A tensor of given numbers, with slopes after a backward pass: parameters, or inputs whose slopes are asked for.
 *
 * @param values a number, or lists in lists; with a shape, all numbers in one list, the last axis running fastest
 * @throws RangeError for numbers that are not finite, lists of unequal lengths, and a shape that they do not fill
 */
export function tensor(values: Nested, shape?: readonly number[]): Tensor {
  return given(values, shape, false);
}

/** As `tensor`, but without slopes, and without the work that they take: samples, masks. */
export function constant(values: Nested, shape?: readonly number[]): Tensor {
  return given(values, shape, true);
}

function given(values: Nested, shape: readonly number[] | undefined, constant: boolean): Tensor {
  const found = shape ?? shapeOf(values);
  checkShape(found);
  const length = sizeOf(found);
  const flat =
    shape && isList(values) ? values : typeof values === "number" ? [values] : flatten(values);
  if (flat.length !== length) {
    throw new RangeError(
      `A tensor of shape ${shown(found)} holds ${length} numbers, but ${flat.length} were given.`,
    );
  }
  const data = room(length);
  for (let i = 0; i < length; i++) {
    const value = flat[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(
        `A tensor holds finite numbers, but at ${shown(placeOf(found, i))} there is ${said(value)}.`,
      );
    }
    data[i] = value;
  }
  return keep(new Tensor(data, found, "", [], undefined, constant));
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
export function nested(data: Float64Array, shape: readonly number[], at = 0): Nested {
  if (shape.length === 0) return data[at];
  const [length, ...rest] = shape;
  const step = sizeOf(rest);
  return Array.from({ length }, (_, i) => nested(data, rest, at + i * step));
}

/** How many numbers a tensor of this shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** @throws RangeError unless every axis has a whole number of places, 1 or more */
export function checkShape(shape: readonly number[], what = "A tensor's shape"): void {
  if (isList(shape) && shape.every((length) => Number.isInteger(length) && length >= 1)) return;
  throw new RangeError(
    `${what} lists the length of each axis, whole numbers of at least 1, such as [2, 3], but got ${said(shape)}.`,
  );
}

/** The indices of place i. */
export function placeOf(shape: readonly number[], i: number): number[] {
  return shape.map((length, axis) => Math.floor(i / sizeOf(shape.slice(axis + 1))) % length);
}

/** A shape, or a place, in a message: [2, 3]. */
export function shown(numbers: readonly number[]): string {
  return `[${numbers.join(", ")}]`;
}

/** The first number that is not finite, and its place, in words: "NaN at [0, 1]"; undefined if all are. */
function faultOf(data: Float64Array, shape: readonly number[]): string | undefined {
  if (allFinite(data)) return undefined;
  const i = data.findIndex((value) => !Number.isFinite(value));
  return `${data[i]} at ${shown(placeOf(shape, i))}`;
}

// Operations.

const isTensor = (x: unknown): boolean => x instanceof Tensor;

/** @throws TypeError unless what a function was given is what it takes */
export function checkGiven(isSo: boolean, takes: string, given: unknown): void {
  if (!isSo) throw new TypeError(`${takes}, but got ${said(given)}.`);
}

/** The tensor of an operand. @throws TypeError for anything else, RangeError for a number that is not finite */
export function operand(x: Operand, name: string): Tensor {
  if (typeof x === "number") return constant(x);
  if (!(x instanceof Tensor)) {
    throw new TypeError(
      `${name} takes tensors, as tensor([[1, 2], [3, 4]]) makes them, but got ${said(x)}.`,
    );
  }
  if (x.data.length === 0) {
    throw new TypeError(
      `${x} can no longer be used by ${name}: its memory was taken back at the end of the tidy in which it was made. Return numbers from there.`,
    );
  }
  return x;
}

/**
 * The result of an operation, which is known by two things: how its numbers follow, and its vector-Jacobian product.
 *
 * @param compute fills in the result's numbers, which are all 0 at first
 * @throws RangeError if a number of the result is not finite, with the operation and the place
 */
export function operation(
  name: string,
  shape: readonly number[],
  from: readonly Tensor[],
  compute: (y: Float64Array) => void,
  vjp: VectorJacobianProduct,
): Tensor {
  // Asked with each operation: nothing may be made for it.
  checkGiven(isList(shape), "operation takes a shape, as [2, 3]", shape);
  checkGiven(isList(from) && from.every(isTensor), "operation takes a list of tensors", from);
  checkGiven(typeof compute === "function", "operation takes what fills y, y => …", compute);
  checkGiven(
    typeof vjp === "function",
    "operation takes the vector-Jacobian product, (g, …dx) => …",
    vjp,
  );
  const y = room(sizeOf(shape));
  compute(y);
  const result = keep(new Tensor(y, shape, name, from, vjp));
  const fault = faultOf(y, shape);
  if (!fault) return result;
  const of = from.length > 1 ? "tensors of shapes" : "a tensor of shape";
  throw new RangeError(
    `The result of ${name}, of ${of} ${from.map((one) => shown(one.shape)).join(" and ")}, is ${fault}. ` +
      "Every number has to be finite: look for a division by 0, a logarithm of 0, or numbers that have grown too large.",
  );
}

/**
 * An operation of one operand. As a constant's result has no slopes, there are always slopes to add to.
 *
 * @param vjp is given the numbers of the result, too
 * @throws as `operation`
 */
export function operationOfOne(
  name: string,
  x: Tensor,
  shape: readonly number[],
  compute: (y: Float64Array) => void,
  vjp: (g: Float64Array, dx: Float64Array, y: Float64Array) => void,
): Tensor {
  const result: Tensor = operation(name, shape, [x], compute, (g, dx) => {
    if (dx) vjp(g, dx, result.data);
  });
  return result;
}

/**
 * The backward pass: fills in the slope of every tensor that the output was computed from, constants apart. Each
 * operation hands back once, after all that use its result have: by then its slope is the sum over these uses.
 *
 * @param vector ∂L/∂(output), for a product of this vector with the Jacobian of all that was done. Default 1, for an
 *   output of one number
 * @param spent called for each result once its operation has handed back: from there on nothing needs its slope
 * @throws RangeError for a vector of another shape, and for a slope that is not finite, with the operation it came from
 */
export function backward(
  output: Tensor,
  vector?: Tensor | Nested,
  spent?: (result: Tensor) => void,
): void {
  if (operand(output, "backward").constant) {
    throw new TypeError(
      "Nothing has a slope here: the output was computed from constants alone. Make what you want slopes of with tensor(…).",
    );
  }
  if (vector === undefined && output.data.length > 1) {
    throw new RangeError(
      `${output} has many numbers: backward(output, vector) multiplies its Jacobian by a vector of that shape. For the slopes of one number, take sum(output) first, say.`,
    );
  }
  const start =
    vector === undefined ? undefined : vector instanceof Tensor ? vector : constant(vector);
  if (start && start.shape.join() !== output.shape.join()) {
    throw new RangeError(
      `backward: the vector has the shape ${shown(start.shape)}, but the output ${shown(output.shape)}.`,
    );
  }
  const order = inOrder(output)
    .filter((one) => !one.constant)
    .reverse();
  const handBack = (checked: boolean) => {
    for (const one of order) one.slope?.fill(0);
    slopeOf(output)?.set(start?.data ?? [1]);
    for (const one of order) {
      if (!one.vjp) continue;
      one.vjp(one.slope as Float64Array, ...one.from.map(slopeOf));
      if (checked) for (const source of one.from) checkSlope(source, one);
      spent?.(one);
    }
  };
  handBack(false);
  // What is not finite stays so on its way back: only if there is such a slope, all are asked where it began.
  if (order.some(({ slope }) => slope && !allFinite(slope))) handBack(true);
}

/** Room for it, all 0, when it is first asked for. */
function slopeOf(one: Tensor): Float64Array | undefined {
  if (one.constant) return undefined;
  one.slope ??= room(one.data.length);
  return one.slope;
}

function checkSlope(source: Tensor, by: Tensor): void {
  const fault = source.slope && faultOf(source.slope, source.shape);
  if (!fault) return;
  throw new RangeError(
    `The slope that ${by.operation} hands back to ${source.operation || "a tensor"} ${shown(source.shape)} is ${fault}. ` +
      "Every slope has to be a finite number: look at what goes into that operation; smaller weights keep slopes finite.",
  );
}

/** Every tensor that the output was computed from, and the output, each after those it was computed from. */
export function inOrder(output: Tensor): Tensor[] {
  const reached = new Set([operand(output, "inOrder")]);
  for (const one of reached) for (const source of one.from) reached.add(source);
  return [...reached].sort((a, b) => a.number - b.number);
}

// Memory.

/** Arrays that can be used again, by their lengths. */
export type Memory = Map<number, Float64Array[]>;

const gone = new Float64Array(0);
const shared: Memory = new Map();
/** What was made since a `tidy` began, and where its memory comes from and goes; undefined outside of any. */
let scope: { own: Tensor[]; memory: Memory } | undefined;

/** Room for so many numbers, all 0. */
export function room(length: number): Float64Array {
  const used = scope?.memory.get(length)?.pop();
  return used ? used.fill(0) : new Float64Array(length);
}

/** Notes that the tensor's memory can be used again when the `tidy` around ends. */
export function keep(one: Tensor): Tensor {
  scope?.own.push(one);
  return one;
}

/**
 * Runs a step of training, say, and takes back the memory of all tensors that were made in it: the next step gets the
 * same arrays. What is needed afterwards has to be returned as numbers, or copied.
 *
 * @param memory whose arrays are used and added to. Default: what the last `tidy` left, as far as this one needs it
 * @throws TypeError if a tensor made in it is returned, or a promise, as the work would go on after the end
 */
export function tidy<T>(run: () => T, memory: Memory = shared): T {
  checkGiven(typeof run === "function", "tidy takes what is to be run, () => …", run);
  const outer = scope;
  const own: Tensor[] = [];
  scope = { own, memory };
  try {
    const result = run();
    if (result instanceof Promise || (result instanceof Tensor && own.includes(result))) {
      throw new TypeError(
        `What is made in tidy ends with it, so it cannot return ${result instanceof Tensor ? "a tensor: return its numbers, as from toArray()" : "a promise: what it runs has to be done when it ends"}.`,
      );
    }
    return result;
  } finally {
    scope = outer;
    if (memory === shared) shared.clear();
    // Results before what they were computed from: a reshape has the data of another, and is not to give them twice.
    for (const one of own.reverse()) {
      if (one.from[0]?.data !== one.data) giveBack(one.data, memory);
      if (one.slope) giveBack(one.slope, memory);
      one.data = gone;
      one.slope = undefined;
    }
  }
}

/** Gives back the memory of a slope that nothing needs any more: the next one that is made gets it while it is in the cache. */
export function forgetSlope(one: Tensor): void {
  if (one.slope && scope) giveBack(one.slope, scope.memory);
  one.slope = undefined;
}

function giveBack(array: Float64Array, memory: Memory): void {
  const list = memory.get(array.length);
  if (list) list.push(array);
  else memory.set(array.length, [array]);
}
