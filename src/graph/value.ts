/**
 * Reverse-mode differentiation, one number at a time: a `Value` remembers from which values it was computed and
 * its derivative with respect to each. Backpropagation then needs no equations of layers, only the chain rule
 * along every edge (Linnainmaa, BIT 16, 1976; a small engine of this kind is Karpathy's micrograd).
 */
import { exp as expOf, log as logOf, pow, tanh as tanhOf } from "../arithmetic";

export class Value {
  /** ∂(output)/∂(this), filled in by `backward`. */
  slope = 0;

  constructor(
    readonly value: number,
    /** How it was computed; empty for a number that was given. */
    readonly operation = "",
    readonly from: readonly Value[] = [],
    /** ∂(this)/∂(from[i]) for each i. */
    readonly derivatives: readonly number[] = [],
  ) {
    if (!Number.isFinite(value) || !derivatives.every(Number.isFinite)) {
      const slopes = from.length === 0 ? "" : `, with the slope ${derivatives.join(", ")}`;
      throw new RangeError(
        `${this} is ${value}${slopes}; it and its slopes have to be finite numbers.`,
      );
    }
  }

  toString(): string {
    if (!this.operation) return "A value of a graph";
    return `${this.operation} of ${this.from.map((one) => one.value).join(", ")}`;
  }
}

/** What can take part in an operation: a plain number is a constant. */
export type Operand = Value | number;

type Pair = [value: number, derivatives: number[]];

/** An operation from its value and, beside it, its derivative with respect to each operand. */
export function operation(name: string, compute: (...x: number[]) => Pair) {
  return (...operands: Operand[]): Value => {
    const from = operands.map((one) => (typeof one === "number" ? new Value(one) : one));
    const [value, derivatives] = compute(...from.map((one) => one.value));
    return new Value(value, name, from, derivatives);
  };
}

export const add: (...terms: Operand[]) => Value = operation("+", (...x) => [
  x.reduce((sum, one) => sum + one),
  x.map(() => 1),
]);
export const subtract: (a: Operand, b: Operand) => Value = operation("−", (a, b) => [
  a - b,
  [1, -1],
]);
export const multiply: (a: Operand, b: Operand) => Value = operation("×", (a, b) => [
  a * b,
  [b, a],
]);
export const divide: (a: Operand, b: Operand) => Value = operation("÷", (a, b) => [
  a / b,
  [1 / b, -a / (b * b)],
]);
/** xⁿ for a fixed n. */
export const power = (x: Operand, n: number): Value =>
  operation(`power ${n}`, (x) => [pow(x, n), [n * pow(x, n - 1)]])(x);
export const exp: (x: Operand) => Value = operation("exp", (x) => [expOf(x), [expOf(x)]]);
export const log: (x: Operand) => Value = operation("log", (x) => [logOf(x), [1 / x]]);
export const tanh: (x: Operand) => Value = operation("tanh", (x) => [
  tanhOf(x),
  [1 - tanhOf(x) * tanhOf(x)],
]);
/** 1 / (1 + e^{−x}). e^{−x} may overflow to Infinity, and 1 / Infinity is the right answer, 0. */
export const sigmoid: (x: Operand) => Value = operation("sigmoid", (x) => {
  const a = 1 / (1 + expOf(-x));
  return [a, [a * (1 - a)]];
});
/** max(0, x), with the slope 0 at 0, as in `activations`. */
export const relu: (x: Operand) => Value = operation("relu", (x) => [
  Math.max(0, x),
  [x > 0 ? 1 : 0],
]);

/**
 * The backward pass: fills in the slope of every value that the output was computed from. Each edge is visited
 * once, from the output back: a value passes its slope on only when all values after it have passed on theirs.
 *
 * @throws RangeError if a slope overflows
 */
export function backward(output: Value): void {
  const order = inOrder(output);
  for (const one of order) one.slope = 0;
  output.slope = 1;
  for (const one of order.reverse()) {
    if (!Number.isFinite(one.slope)) {
      throw new RangeError(
        `The slope of ${one.operation ? one : one.value} is ${one.slope}: it has to be a finite number. Smaller numbers in ` +
          "the graph, such as weights, keep it finite.",
      );
    }
    one.from.forEach((source, i) => {
      source.slope += one.derivatives[i] * one.slope;
    });
  }
}

/** Every value that the output was computed from, and the output, each after those it was computed from. */
export function inOrder(output: Value): Value[] {
  const order: Value[] = [];
  const seen = new Set([output]);
  const path = [{ value: output, next: 0 }]; // no recursion: a graph may be deeper than the stack
  while (path.length > 0) {
    const here = path[path.length - 1];
    const source = here.value.from[here.next++];
    if (!source) {
      order.push(here.value);
      path.pop();
    } else if (!seen.has(source)) {
      seen.add(source);
      path.push({ value: source, next: 0 });
    }
  }
  return order;
}
