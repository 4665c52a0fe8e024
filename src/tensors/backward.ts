/**
 * Each operation stands beside its vector-Jacobian product: how it hands ∂L/∂(its result) back as ∂L/∂(each of what it
 * was computed from). The backward pass is then one walk from the end to the beginning (Griewank & Walther, Evaluating
 * Derivatives, 2nd ed., 2008, chapter 3), as in `graph`, with arrays in place of numbers.
 */
import { allFinite, checkGiven, isList } from "../arithmetic";
import { faultOf, keep, type Nested, room, type Shape, shown, zeros } from "../arrays";
import { constant, operand, Tensor, type VectorJacobianProduct } from "./tensor";

/**
 * The result of an operation, which is known by two things: how its numbers follow, and its vector-Jacobian product.
 *
 * @param compute fills in the result's numbers, which are all 0 at first
 * @throws RangeError if a number of the result is not finite, with the operation and the place
 */
export function operation(
  name: string,
  shape: Shape,
  from: readonly Tensor[],
  compute: (y: Float64Array) => void,
  vjp: VectorJacobianProduct,
): Tensor {
  const takesProduct = "operation takes the vector-Jacobian product, (g, …dx) => …";
  const areTensors = isList(from) && Array.from(from).every((one) => one instanceof Tensor);
  checkGiven(isList(shape), "operation takes a shape, as [2, 3]", shape);
  checkGiven(areTensors, "operation takes a list of tensors", from);
  checkGiven(typeof compute === "function", "operation takes what fills y, y => …", compute);
  checkGiven(typeof vjp === "function", takesProduct, vjp);
  return resultOf(name, shape, from, compute, vjp);
}

/** Adds to ∂L/∂(operand), from g = ∂L/∂(result) and the result's numbers. */
export type Slope = (g: Float64Array, dx: Float64Array, y: Float64Array) => void;

/** An operation by its formulas: forward, and back to each operand. One without a formula gets no slope. @throws as `operation` */
export function operationOf(
  name: string,
  shape: Shape,
  from: readonly Tensor[],
  compute: (y: Float64Array) => void,
  ...slopes: Slope[]
): Tensor {
  const result: Tensor = resultOf(name, shape, from, compute, (g, ...all) => {
    for (let n = 0; n < slopes.length; n++) {
      const dx = all[n];
      if (dx) slopes[n](g, dx, result.data);
    }
  });
  return result;
}

const resultOf: typeof operation = (name, shape, from, compute, vjp) => {
  const y = zeros(shape);
  compute(y);
  const result = keep(new Tensor(y, shape, name, from, vjp));
  const fault = faultOf(y, shape);
  if (!fault) return result;
  const of = from.length > 1 ? "tensors of shapes" : "a tensor of shape";
  throw new RangeError(
    `The result of ${name}, of ${of} ${from.map((one) => shown(one.shape)).join(" and ")}, is ${fault}. ` +
      "Every number has to be finite: look for a division by 0, a logarithm of 0, or numbers that have grown too large.",
  );
};

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
