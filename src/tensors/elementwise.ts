/** Operations on one number at a time, each beside its slopes; those of two operands stretch both to one shape. */
import {
  checkFinite,
  exp as expOf,
  log as logOf,
  normalCdf,
  pow,
  tanh as tanhOf,
} from "../arithmetic";
import { broadcastShape, type Places, stretch } from "./places";
import { type Operand, operand, operation, type Tensor } from "./tensor";

/** An operation of one operand: y = f(x), and its slope from x and y. */
function ofOne(
  name: string,
  f: (x: number) => number,
  slope: (x: number, y: number) => number,
): (a: Operand) => Tensor {
  return (a) => {
    const x = operand(a, name);
    const result: Tensor = operation(
      name,
      x.shape,
      [x],
      (y) => {
        for (let i = 0; i < y.length; i++) y[i] = f(x.data[i]);
      },
      (g, dx) => {
        if (!dx) return;
        for (let i = 0; i < g.length; i++) dx[i] += g[i] * slope(x.data[i], result.data[i]);
      },
    );
    return result;
  };
}

/** For all places i, X[i] and Y[i] being those in the operands: the results, or what is added to an operand's slopes. */
type Loop = (
  to: Float64Array,
  x: Float64Array,
  X: Places,
  y: Float64Array,
  Y: Places,
  g: Float64Array,
) => void;

/**
 * An operation of two operands, and its slope for each. Where one is stretched, a number of it is used in many places,
 * and its slope is the sum over these. Each has loops of its own, which a compiler makes fast: these run most of all.
 */
function ofTwo(name: string, f: Loop, toX: Loop, toY: Loop): (a: Operand, b: Operand) => Tensor {
  return (a, b) => {
    const [first, second] = [operand(a, name), operand(b, name)];
    const shape = broadcastShape(name, first.shape, second.shape);
    const [X, Y] = [stretch(first.shape, shape), stretch(second.shape, shape)];
    const [x, y] = [first.data, second.data];
    return operation(
      name,
      shape,
      [first, second],
      (out) => f(out, x, X, y, Y, out),
      (g, dx, dy) => {
        if (dx) toX(dx, x, X, y, Y, g);
        if (dy) toY(dy, x, X, y, Y, g);
      },
    );
  };
}

type OfOne = (x: Operand) => Tensor;
type OfTwo = (x: Operand, y: Operand) => Tensor;

export const add: OfTwo = ofTwo(
  "add",
  (out, x, X, y, Y) => {
    for (let i = 0; i < out.length; i++) out[i] = x[X[i]] + y[Y[i]];
  },
  (dx, _x, X, _y, _Y, g) => {
    for (let i = 0; i < g.length; i++) dx[X[i]] += g[i];
  },
  (dy, _x, _X, _y, Y, g) => {
    for (let i = 0; i < g.length; i++) dy[Y[i]] += g[i];
  },
);
export const subtract: OfTwo = ofTwo(
  "subtract",
  (out, x, X, y, Y) => {
    for (let i = 0; i < out.length; i++) out[i] = x[X[i]] - y[Y[i]];
  },
  (dx, _x, X, _y, _Y, g) => {
    for (let i = 0; i < g.length; i++) dx[X[i]] += g[i];
  },
  (dy, _x, _X, _y, Y, g) => {
    for (let i = 0; i < g.length; i++) dy[Y[i]] -= g[i];
  },
);
export const multiply: OfTwo = ofTwo(
  "multiply",
  (out, x, X, y, Y) => {
    for (let i = 0; i < out.length; i++) out[i] = x[X[i]] * y[Y[i]];
  },
  (dx, _x, X, y, Y, g) => {
    for (let i = 0; i < g.length; i++) dx[X[i]] += g[i] * y[Y[i]];
  },
  (dy, x, X, _y, Y, g) => {
    for (let i = 0; i < g.length; i++) dy[Y[i]] += g[i] * x[X[i]];
  },
);
export const divide: OfTwo = ofTwo(
  "divide",
  (out, x, X, y, Y) => {
    for (let i = 0; i < out.length; i++) out[i] = x[X[i]] / y[Y[i]];
  },
  (dx, _x, X, y, Y, g) => {
    for (let i = 0; i < g.length; i++) dx[X[i]] += g[i] / y[Y[i]];
  },
  (dy, x, X, y, Y, g) => {
    for (let i = 0; i < g.length; i++) dy[Y[i]] -= (g[i] * x[X[i]]) / y[Y[i]] / y[Y[i]];
  },
);
export const exp: OfOne = ofOne("exp", expOf, (_x, y) => y);
/** The natural logarithm. */
export const log: OfOne = ofOne("log", logOf, (x) => 1 / x);
export const tanh: OfOne = ofOne("tanh", tanhOf, (_x, y) => 1 - y * y);
/** 1 / (1 + e^{−x}). e^{−x} may overflow to Infinity, and 1 / Infinity is the right answer, 0. */
export const sigmoid: OfOne = ofOne(
  "sigmoid",
  (x) => 1 / (1 + expOf(-x)),
  (_x, y) => y * (1 - y),
);
/**
 * max(0, x), with the slope 0 at 0. Whether x is above 0 is multiplied in, as 1 or 0: a branch that goes either way as
 * often takes ten times as long. (+ 0 makes 0 of −0.)
 */
export const relu: OfOne = (a) => {
  const of = operand(a, "relu");
  const x = of.data;
  return operation(
    "relu",
    of.shape,
    [of],
    (y) => {
      for (let i = 0; i < y.length; i++) y[i] = x[i] * Number(x[i] > 0) + 0;
    },
    (g, dx) => {
      if (dx) for (let i = 0; i < g.length; i++) dx[i] += g[i] * Number(x[i] > 0);
    },
  );
};
/** x Φ(x), with Φ the normal distribution and φ its density (Hendrycks & Gimpel, 2016). Its slope is Φ(x) + x φ(x). */
export const gelu: OfOne = ofOne(
  "gelu",
  (x) => x * normalCdf(x),
  (x) => normalCdf(x) + (x * expOf((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
);
/** xⁿ for a fixed n. @throws RangeError unless n is finite */
export function power(x: Operand, n: number): Tensor {
  checkFinite([n], "the exponent of power");
  return ofOne(
    `power ${n}`,
    (x) => pow(x, n),
    (x) => (n === 0 ? 0 : n * pow(x, n - 1)), // x⁰ is a constant, also at 0, where x⁻¹ has no value
  )(x);
}
