/** Arrays of any rank that remember how they were computed, and for how long their memory is theirs. */
import { checkGiven, said } from "../arithmetic";
import type { Memory, Nested, Shape } from "../arrays";
import { giveBack, keep, nested, numbersOf, shown, withMemory } from "../arrays";

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

let count = 0;
const gone = new Float64Array(0);

export class Tensor {
  /** ∂(output)/∂(this), laid out as `data`: filled in by `backward`. */
  slope: Float64Array | undefined;
  /** Whether nothing that it depends on can have a slope. */
  readonly constant: boolean;
  /** Tensors are numbered as they are made: what one is computed from has a smaller number. */
  readonly number = ++count;

  constructor(
    /** The numbers, the last axis running fastest. */
    public data: Float64Array,
    /** The length of each axis: [2, 3] is 2 rows of 3. None for a single number. */
    readonly shape: Shape,
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

  /** Gives its memory back, at the end of the `tidy` in which it was made. */
  release(give: (array: Float64Array) => void): void {
    // Results are released before what they were computed from: a reshape has the data of another, and does not give them twice.
    if (this.from[0]?.data !== this.data) give(this.data);
    if (this.slope) give(this.slope);
    this.data = gone;
    this.slope = undefined;
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
export function tensor(values: Nested, shape?: Shape): Tensor {
  const given = numbersOf(values, shape);
  return keep(new Tensor(given.data, given.shape));
}

/** As `tensor`, but without slopes, and without the work that they take: samples, masks. */
export function constant(values: Nested, shape?: Shape): Tensor {
  const given = numbersOf(values, shape);
  return constantOf(given.data, given.shape);
}

/** As `constant`, of an array that `room` has made for it. */
export function constantOf(data: Float64Array, shape: Shape): Tensor {
  return keep(new Tensor(data, shape, "", [], undefined, true));
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

/** Gives back the memory of a slope that nothing needs any more. */
export function forgetSlope(one: Tensor): void {
  if (one.slope) giveBack(one.slope);
  one.slope = undefined;
}

/**
 * Runs a step of training, say, and takes back the memory of all tensors that were made in it: the next step gets the
 * same arrays. What is needed afterwards has to be returned as numbers, or copied.
 *
 * @param memory whose arrays are used and added to. Default: what the last `tidy` left, as far as this one needs it
 * @throws TypeError if a tensor made in it is returned, or a promise, as the work would go on after the end
 */
export function tidy<T>(run: () => T, memory?: Memory): T {
  checkGiven(typeof run === "function", "tidy takes what is to be run, () => …", run);
  const result = withMemory(run, memory);
  const isGone = result instanceof Tensor && result.data === gone;
  if (!isGone && !(result instanceof Promise)) return result;
  throw new TypeError(
    `What is made in tidy ends with it, so it cannot return ${isGone ? "a tensor: return its numbers, as from toArray()" : "a promise: what it runs has to be done when it ends"}.`,
  );
}
