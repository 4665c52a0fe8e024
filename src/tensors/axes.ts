/** Operations along axes: sums, means and maxima, softmax, layer normalisation. */
import { checkFinite, exp, isList, log, said } from "../arithmetic";
import { createLoop } from "../engines";
import { axisOf, type Places, paths, places, spread, stepsOf, stretched } from "./places";
import {
  type Nested,
  nested,
  type Operand,
  operand,
  operationOfOne,
  sizeOf,
  type Tensor,
} from "./tensor";

/** Which axes: one, several, or, if left out, all. −1 is the last. */
export type Axes = number | readonly number[];

/** The axes in order, those that are left, the shape with the former as 1, and the shape without them. */
function reduced(name: string, shape: readonly number[], axes: Axes | undefined) {
  const all = shape.map((_, axis) => axis);
  const wanted = axes === undefined ? all : isList(axes) ? Array.from(axes) : [axes];
  const over = wanted.map((axis) => axisOf(name, shape, axis));
  if (new Set(over).size < over.length)
    throw new RangeError(`${name}: each axis can be named once, but got ${said(axes)}.`);
  const kept = all.filter((axis) => !over.includes(axis));
  return {
    over: all.filter((axis) => over.includes(axis)),
    kept,
    shape: kept.map((axis) => shape[axis]),
    ones: shape.map((length, axis) => (over.includes(axis) ? 1 : length)),
  };
}

/**
 * The sum over axes, which are gone from its shape. Each number of x is in one sum, and gets that sum's slope.
 *
 * @throws RangeError for an axis that is not there or named twice
 */
export function sum(a: Operand, axes?: Axes): Tensor {
  return scaledSum("sum", a, axes, () => 1);
}

/** The mean over axes. @throws as `sum` */
export function mean(a: Operand, axes?: Axes): Tensor {
  return scaledSum("mean", a, axes, (count) => 1 / count);
}

const spreadScaled = createLoop("a scaled sum, slope", (g, scale) => g * scale, "+=");

function scaledSum(
  name: string,
  a: Operand,
  axes: Axes | undefined,
  scaleOf: (count: number) => number,
): Tensor {
  const x = operand(a, name);
  const { shape, ones } = reduced(name, x.shape, axes);
  const [X, Y, S] = paths(x.shape, [
    stepsOf(x.shape),
    stretched(ones, x.shape),
    stretched([], x.shape),
  ]);
  const scale = Float64Array.of(scaleOf(x.data.length / sizeOf(ones)));
  return operationOfOne(
    name,
    x,
    shape,
    (y) => {
      spread([y, Y], [x.data, X]);
      if (scale[0] !== 1) for (let o = 0; o < y.length; o++) y[o] *= scale[0];
    },
    (g, dx) => spreadScaled([dx, X], [g, Y], [scale, S]),
  );
}

/** The largest number over axes. Among several that are equal, the first gets the slope. @throws as `sum` */
export function max(a: Operand, axes?: Axes): Tensor {
  const x = operand(a, "max");
  const { kept, over, shape } = reduced("max", x.shape, axes);
  return largest("max", x, shape, linesOf(x.shape, kept, over));
}

/**
 * Where along an axis the largest number is, from 0; among several that are equal, the first: the class that a network
 * decides for. Whole numbers and no tensor, as there is no slope.
 *
 * @returns lists in lists, as deep as the shape without the axis
 * @throws RangeError for an axis that is not there
 */
export function argmax(a: Operand, axis = -1): Nested {
  const x = operand(a, "argmax");
  const { kept, over, shape } = reduced("argmax", x.shape, axis);
  const [lines, length] = [linesOf(x.shape, kept, over), x.shape[over[0]]];
  const found = new Float64Array(sizeOf(shape)).map((_, o) => {
    const line = Array.from(lines.subarray(o * length, (o + 1) * length), (i) => x.data[i]);
    return line.indexOf(Math.max(...line));
  });
  return nested(found, shape);
}

/** For each place of the kept axes, the places along the others, one line after the other. */
function linesOf(
  shape: readonly number[],
  kept: readonly number[],
  over: readonly number[],
): Places {
  const [steps, order] = [stepsOf(shape), [...kept, ...over]];
  return places(
    order.map((axis) => shape[axis]),
    order.map((axis) => steps[axis]),
  );
}

/** The largest number of each window: as many places for each number of the result, one window after the other. */
export function largest(
  name: string,
  x: Tensor,
  shape: readonly number[],
  windows: Places,
): Tensor {
  const count = windows.length / sizeOf(shape);
  return operationOfOne(
    name,
    x,
    shape,
    (y) => {
      for (let o = 0, w = 0; o < y.length; o++) {
        let most = -Infinity;
        for (const end = w + count; w < end; w++) most = Math.max(most, x.data[windows[w]]);
        y[o] = most;
      }
    },
    (g, dx, y) => {
      for (let o = 0; o < g.length; o++) {
        let w = o * count;
        const end = w + count;
        while (w < end && x.data[windows[w]] !== y[o]) w++;
        if (w < end) dx[windows[w]] += g[o];
      }
    },
  );
}

/** What is done with a line: its numbers are at start, start + step, … before end. Lines are counted from 0. */
type OnLine = (
  from: Float64Array,
  y: Float64Array,
  to: Float64Array,
  start: number,
  end: number,
  step: number,
  line: number,
) => void;

/**
 * An operation that turns each line of numbers along an axis into another of the same length.
 *
 * @param f is given x and, twice, y; the vector-Jacobian product g, y and dx
 */
function alongLines(name: string, x: Tensor, axis: number, f: OnLine, vjp: OnLine): Tensor {
  const along = axisOf(name, x.shape, axis);
  const step = stepsOf(x.shape)[along];
  const length = x.shape[along] * step;
  const eachLine = (run: OnLine, from: Float64Array, y: Float64Array, to: Float64Array) => {
    for (let block = 0, line = 0; block < y.length; block += length) {
      for (let start = block; start < block + step; start++)
        run(from, y, to, start, start + length, step, line++);
    }
  };
  return operationOfOne(
    name,
    x,
    x.shape,
    (y) => eachLine(f, x.data, y, y),
    (g, dx, y) => eachLine(vjp, g, y, dx),
  );
}

/** The largest number of a line. Taken out, it changes no ratio of powers, and nothing overflows. */
function largestOf(x: Float64Array, start: number, end: number, step: number): number {
  let most = -Infinity;
  for (let i = start; i < end; i += step) most = Math.max(most, x[i]);
  return most;
}

/**
 * yᵢ = e^{xᵢ} / Σⱼ e^{xⱼ} along an axis. Every y depends on every x of its line, ∂yᵢ/∂xⱼ = yᵢ ([i = j] − yⱼ), so the
 * product is dxⱼ = yⱼ (gⱼ − Σᵢ gᵢ yᵢ).
 *
 * @throws RangeError for an axis that is not there
 */
export function softmax(a: Operand, axis = -1): Tensor {
  return alongLines(
    "softmax",
    operand(a, "softmax"),
    axis,
    (x, y, _y, start, end, step) => {
      const most = largestOf(x, start, end, step);
      let total = 0;
      for (let i = start; i < end; i += step) total += y[i] = exp(x[i] - most);
      for (let i = start; i < end; i += step) y[i] /= total;
    },
    (g, y, dx, start, end, step) => {
      let weighted = 0;
      for (let i = start; i < end; i += step) weighted += g[i] * y[i];
      for (let i = start; i < end; i += step) dx[i] += y[i] * (g[i] - weighted);
    },
  );
}

/** yᵢ = xᵢ − log Σⱼ e^{xⱼ} along an axis, and dxⱼ = gⱼ − e^{yⱼ} Σᵢ gᵢ. @throws RangeError for an axis that is not there */
export function logSoftmax(a: Operand, axis = -1): Tensor {
  return alongLines(
    "logSoftmax",
    operand(a, "logSoftmax"),
    axis,
    (x, y, _y, start, end, step) => {
      const most = largestOf(x, start, end, step);
      let total = 0;
      for (let i = start; i < end; i += step) total += exp(x[i] - most);
      const logarithm = log(total);
      for (let i = start; i < end; i += step) y[i] = x[i] - most - logarithm;
    },
    (g, y, dx, start, end, step) => {
      let total = 0;
      for (let i = start; i < end; i += step) total += g[i];
      for (let i = start; i < end; i += step) dx[i] += g[i] - exp(y[i]) * total;
    },
  );
}

/**
 * Layer normalisation along an axis: y = (x − m) / s with the line's mean m and s = √(variance + ε), the variance
 * divided by n. As m and s depend on every x, dx = (g − mean(g) − y · mean(g y)) / s (Ba, Kiros & Hinton, 2016).
 * Multiply by a gain and add a bias afterwards, if they are wanted.
 *
 * @param epsilon keeps the division finite. Default 1e-5
 * @throws RangeError for an axis that is not there, an epsilon below 0, and, with an epsilon of 0, a line of equal numbers
 */
export function layerNorm(a: Operand, axis = -1, epsilon = 1e-5): Tensor {
  checkFinite([epsilon], "the epsilon of layerNorm");
  if (epsilon < 0)
    throw new RangeError(`The epsilon of layerNorm has to be at least 0, but it is ${epsilon}.`);
  const of = operand(a, "layerNorm");
  const n = of.shape[axisOf("layerNorm", of.shape, axis)];
  const s = new Float64Array(of.data.length / n);
  return alongLines(
    "layerNorm",
    of,
    axis,
    (x, y, _y, start, end, step, line) => {
      let total = 0;
      for (let i = start; i < end; i += step) total += x[i];
      const m = total / n;
      let squares = 0;
      for (let i = start; i < end; i += step) squares += (x[i] - m) * (x[i] - m);
      s[line] = Math.sqrt(squares / n + epsilon);
      for (let i = start; i < end; i += step) y[i] = (x[i] - m) / s[line];
    },
    (g, y, dx, start, end, step, line) => {
      let total = 0;
      let along = 0;
      for (let i = start; i < end; i += step) {
        total += g[i];
        along += g[i] * y[i];
      }
      const mean = total / n;
      for (let i = start; i < end; i += step) dx[i] += (g[i] - mean - (y[i] * along) / n) / s[line];
    },
  );
}
