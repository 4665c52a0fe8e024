/** Operations on one number at a time, each beside its slopes; those of two operands stretch both to one shape. */
import {
  checkFinite,
  exp as expOf,
  log as logOf,
  normalCdf,
  pow,
  tanh as tanhOf,
} from "../arithmetic";
import { together } from "../arrays";
import { createLoop, keepRecent, type Walked } from "../engines";
import { operationOf, type Slope } from "./backward";
import { type Operand, operand, type Tensor } from "./tensor";

type Numbers = (...numbers: number[]) => number;

/**
 * y = f(a) or f(a, b), and what it hands back to each operand, from g, the operands and y. Where one is stretched, a
 * number of it is used in many places, and its slope is the sum over these.
 */
function elementwise(name: string, f: Numbers, fromEach: readonly Numbers[]) {
  const forward = createLoop(name, f);
  const back = fromEach.map((slope, n) => createLoop(`${name}, slope ${n}`, slope, "+="));
  return (...operands: Operand[]): Tensor => {
    const from = back.map((_, n) => operand(operands[n], name));
    const shapes = from.map((one) => one.shape);
    const { shape, Y, X } = together(name, shapes);
    const x = from.map((one, n): Walked => [one.data, X[n]]);
    const slopes = back.map((slope, n): Slope => {
      return (g, dx, y) => slope([dx, X[n]], [g, Y], ...x, [y, Y]);
    });
    return operationOf(name, shape, from, (y) => forward([y, Y], ...x), ...slopes);
  };
}

type OfOne = (x: Operand) => Tensor;
type OfTwo = (x: Operand, y: Operand) => Tensor;

export const add: OfTwo = elementwise("add", (a, b) => a + b, [(g) => g, (g) => g]);
export const subtract: OfTwo = elementwise("subtract", (a, b) => a - b, [(g) => g, (g) => -g]);
export const multiply: OfTwo = elementwise("multiply", (a, b) => a * b, [
  (g, _a, b) => g * b,
  (g, a) => g * a,
]);
export const divide: OfTwo = elementwise("divide", (a, b) => a / b, [
  (g, _a, b) => g / b,
  (g, a, b) => (-g * a) / b / b,
]);
export const exp: OfOne = elementwise("exp", expOf, [(g, _x, y) => g * y]);
/** The natural logarithm. */
export const log: OfOne = elementwise("log", logOf, [(g, x) => g * (1 / x)]);
export const tanh: OfOne = elementwise("tanh", tanhOf, [(g, _x, y) => g * (1 - y * y)]);
/** 1 / (1 + e^{−x}). e^{−x} may overflow to Infinity, and 1 / Infinity is the right answer, 0. */
export const sigmoid: OfOne = elementwise("sigmoid", (x) => 1 / (1 + expOf(-x)), [
  (g, _x, y) => g * (y * (1 - y)),
]);
/**
 * max(0, x), with the slope 0 at 0. Whether x is above 0 is multiplied in, as 1 or 0: a branch that goes either way as
 * often takes ten times as long. (+ 0 makes 0 of −0.)
 */
export const relu: OfOne = elementwise("relu", (x) => x * Number(x > 0) + 0, [
  (g, x) => g * Number(x > 0),
]);
/** x Φ(x), with Φ the normal distribution and φ its density (Hendrycks & Gimpel, 2016). Its slope is Φ(x) + x φ(x). */
export const gelu: OfOne = elementwise("gelu", (x) => x * normalCdf(x), [
  (g, x) => g * (normalCdf(x) + (x * expOf((-x * x) / 2)) / Math.sqrt(2 * Math.PI)),
]);

const powers = keepRecent<OfOne>(64);

/** xⁿ for a fixed n. @throws RangeError unless n is finite */
export function power(x: Operand, n: number): Tensor {
  checkFinite([n], "the exponent of power");
  const slope = (x: number) => (n === 0 ? 0 : n * pow(x, n - 1)); // x⁰ is a constant, also at 0, where x⁻¹ has no value
  const make = () => elementwise(`power ${n}`, (x) => pow(x, n), [(g, x) => g * slope(x)]);
  return powers(String(n), make)(x);
}
