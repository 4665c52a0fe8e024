/** Operations along axes: sums, means and maxima, softmax, layer normalisation. */
import { checkFinite, exp, log } from "../arithmetic";
import type { Axes, Groups, Nested } from "../arrays";
import { axisOf, groupsAlong, nested, reduced, sizeOf, spread, stepsOf } from "../arrays";
import { createLoop } from "../engines";
import { operationOf } from "./backward";
import { type Operand, operand, type Tensor } from "./tensor";

const addScaled = createLoop("a scaled sum, slope", (g, scale) => g * scale, "+=");

/** y = s Σ x over axes, which are gone from its shape. Each number of x is in one sum, and gets that sum's slope, s g. */
const scaledSum = (name: string, scaleOf: (count: number) => number) => {
  return (a: Operand, axes?: Axes): Tensor => {
    const x = operand(a, name);
    const { shape, count, X, Y, one } = reduced(name, x.shape, axes);
    const scale = Float64Array.of(scaleOf(count));
    return operationOf(
      name,
      shape,
      [x],
      (y) => {
        spread([y, Y], [x.data, X]);
        for (let o = 0; o < y.length; o++) y[o] *= scale[0];
      },
      (g, dx) => addScaled([dx, X], [g, Y], [scale, one]),
    );
  };
};

/** The sum over axes, by default all. @throws RangeError for an axis that is not there or named twice */
export const sum = scaledSum("sum", () => 1);

/** The mean over axes. @throws as `sum` */
export const mean = scaledSum("mean", (count) => 1 / count);

/** The largest of the numbers of x that are in group o. */
function largestOf(x: Float64Array, { places, count }: Groups, o: number): number {
  let most = -Infinity;
  for (let i = o * count, end = i + count; i < end; i++) most = Math.max(most, x[places[i]]);
  return most;
}

/** Where in `places` the first of them is that is y, as one of them is. */
function firstOf(x: Float64Array, { places, count }: Groups, o: number, y: number): number {
  let i = o * count;
  for (const last = i + count - 1; i < last && x[places[i]] !== y; i++);
  return i;
}

/** The largest number of each group of numbers of x; its slope goes to the first that is as large. */
export function largest(name: string, x: Tensor, groups: Groups): Tensor {
  return operationOf(
    name,
    groups.shape,
    [x],
    (y) => {
      for (let o = 0; o < y.length; o++) y[o] = largestOf(x.data, groups, o);
    },
    (g, dx, y) => {
      for (let o = 0; o < g.length; o++)
        dx[groups.places[firstOf(x.data, groups, o, y[o])]] += g[o];
    },
  );
}

/** The largest number over axes. Among several that are equal, the first gets the slope. @throws as `sum` */
export function max(a: Operand, axes?: Axes): Tensor {
  const x = operand(a, "max");
  return largest("max", x, groupsAlong("max", x.shape, axes));
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
  const lines = groupsAlong("argmax", x.shape, axisOf("argmax", x.shape, axis));
  const place = (o: number) => firstOf(x.data, lines, o, largestOf(x.data, lines, o));
  const found = new Float64Array(sizeOf(lines.shape)).map((_, o) => place(o) - o * lines.count);
  return nested(found, lines.shape);
}

/** Numbers at start, start + step, … before end. Lines are counted from 0. */
type Line = [start: number, end: number, step: number, line: number];
/** What is done with a line. */
type OnLine = (from: Float64Array, y: Float64Array, to: Float64Array, ...line: Line) => void;

/**
 * An operation that turns each line of numbers along an axis into another of the same length.
 *
 * @param f is given x and, twice, y; the vector-Jacobian product g, y and dx
 */
function alongLines(name: string, a: Operand, axis: number, f: OnLine, vjp: OnLine): Tensor {
  const x = operand(a, name);
  const along = axisOf(name, x.shape, axis);
  const step = stepsOf(x.shape)[along];
  const length = x.shape[along] * step;
  const eachLine = (run: OnLine, from: Float64Array, y: Float64Array, to: Float64Array) => {
    for (let block = 0, line = 0; block < y.length; block += length) {
      for (let start = block; start < block + step; start++)
        run(from, y, to, start, start + length, step, line++);
    }
  };
  return operationOf(
    name,
    x.shape,
    [x],
    (y) => eachLine(f, x.data, y, y),
    (g, dx, y) => eachLine(vjp, g, y, dx),
  );
}

/** Σ xᵢ along a line. */
function sumOf(x: Float64Array, start: number, end: number, step: number): number {
  let total = 0;
  for (let i = start; i < end; i += step) total += x[i];
  return total;
}

/** Σ gᵢ yᵢ along a line. */
function dot(g: Float64Array, y: Float64Array, start: number, end: number, step: number): number {
  let total = 0;
  for (let i = start; i < end; i += step) total += g[i] * y[i];
  return total;
}

/** The largest number of a line. Taken out, it changes no ratio of powers, and nothing overflows. */
function mostOf(x: Float64Array, start: number, end: number, step: number): number {
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
    a,
    axis,
    (x, y, _y, start, end, step) => {
      const most = mostOf(x, start, end, step);
      let total = 0;
      for (let i = start; i < end; i += step) total += y[i] = exp(x[i] - most);
      for (let i = start; i < end; i += step) y[i] /= total;
    },
    (g, y, dx, start, end, step) => {
      const weighted = dot(g, y, start, end, step);
      for (let j = start; j < end; j += step) dx[j] += y[j] * (g[j] - weighted);
    },
  );
}

/** yᵢ = xᵢ − log Σⱼ e^{xⱼ} along an axis, and dxⱼ = gⱼ − e^{yⱼ} Σᵢ gᵢ. @throws RangeError for an axis that is not there */
export function logSoftmax(a: Operand, axis = -1): Tensor {
  return alongLines(
    "logSoftmax",
    a,
    axis,
    (x, y, _y, start, end, step) => {
      const most = mostOf(x, start, end, step);
      let total = 0;
      for (let i = start; i < end; i += step) total += exp(x[i] - most);
      const logarithm = log(total);
      for (let i = start; i < end; i += step) y[i] = x[i] - most - logarithm;
    },
    (g, y, dx, start, end, step) => {
      const total = sumOf(g, start, end, step);
      for (let j = start; j < end; j += step) dx[j] += g[j] - exp(y[j]) * total;
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
      const m = sumOf(x, start, end, step) / n;
      let squares = 0;
      for (let i = start; i < end; i += step) squares += (x[i] - m) * (x[i] - m);
      s[line] = Math.sqrt(squares / n + epsilon);
      for (let i = start; i < end; i += step) y[i] = (x[i] - m) / s[line];
    },
    (g, y, dx, start, end, step, line) => {
      const mean = sumOf(g, start, end, step) / n;
      const along = dot(g, y, start, end, step);
      for (let i = start; i < end; i += step) dx[i] += (g[i] - mean - (y[i] * along) / n) / s[line];
    },
  );
}
