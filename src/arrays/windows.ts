/** What a kernel, or a window, meets as it moves over an array. */
import { checkGiven, checkWhole } from "../arithmetic";
import { keepRecent } from "../engines";
import type { Groups } from "./axes";
import { keyOf, type Places, places, stepsOf } from "./places";
import { type Shape, shown, sizeOf } from "./shapes";

export interface ConvolutionOptions {
  /** How far the kernel moves from one place to the next. Default 1. */
  stride?: number;
  /** How many zeros are put around the input at each end. Default 0; 1 keeps the size with a kernel of 3. */
  padding?: number;
}

const recentMeetings = keepRecent<readonly [X: Places, XT: Places]>(64);

/**
 * How O kernels of so many entries meet samples at so many spots, along one axis or two, which are called the last. X is,
 * for each entry and each spot, the place in the sample, or −1 for padding; XT the same for each spot and each entry.
 *
 * @throws RangeError for shapes that do not fit, and a stride or padding that makes no sense
 */
export function meetings(
  name: string,
  axes: 1 | 2,
  x: Shape,
  K: Shape,
  options: ConvolutionOptions,
) {
  const takes = `${name} takes options, as { stride: 2 }`;
  checkGiven(typeof (options ?? 0) === "object", takes, options);
  const { stride = 1, padding = 0 } = options;
  checkWhole(stride, `The stride of ${name}`);
  checkWhole(padding, `The padding of ${name}`, 0);
  const both = `${name}: the shapes ${shown(x)} and ${shown(K)}`;
  if (x.length !== 2 + axes || K.length !== 2 + axes) {
    const sides = axes === 2 ? "height × width" : "length";
    throw new RangeError(
      `${both} have to be samples × channels × ${sides} and kernels × channels × ${sides}, ${2 + axes} axes each.`,
    );
  }
  const [[samples, C, ...lengths], [O, channels, ...sizes]] = [x, K];
  if (C !== channels) {
    throw new RangeError(
      `${both} do not fit: the input has ${C} channels, the kernels ${channels}.`,
    );
  }
  const tooLong = lengths.findIndex((length, n) => sizes[n] > length + 2 * padding);
  if (tooLong >= 0) {
    throw new RangeError(
      `${both} do not fit: the kernel is longer than the input along axis ${2 + tooLong}, even with a padding of ${padding}.`,
    );
  }
  const padded = lengths.map((length) => length + 2 * padding);
  const moves = padded.map((length, n) => Math.floor((length - sizes[n]) / stride) + 1);
  const [X, XT] = recentMeetings(keyOf([[C, stride, padding], lengths, sizes]), () => {
    const steps = stepsOf([C, ...padded]);
    const [, ...along] = steps;
    const corner = padding * along.reduce((total, step) => total + step, 0);
    const inSample = new Int32Array(C * sizeOf(padded)).fill(-1);
    places([C, ...lengths], steps, corner).forEach((place, i) => {
      inSample[place] = i;
    });
    const [entry, far] = [[C, ...sizes], along.map((step) => step * stride)];
    return [
      places([...entry, ...moves], [...steps, ...far]).map((place) => inSample[place]),
      places([...moves, ...entry], [...far, ...steps]).map((place) => inSample[place]),
    ];
  });
  const [shape, entries, spots] = [[samples, O, ...moves], C * sizeOf(sizes), sizeOf(moves)];
  return { shape, samples, O, entries, spots, X, XT };
}

/** to = x[X] from a start on, with 0 where X is −1. */
export function take(to: Float64Array, x: Float64Array, X: Places, start: number): void {
  for (let i = 0; i < X.length; i++) to[i] = X[i] < 0 ? 0 : x[start + X[i]];
}

/** dx[X] += g from a start on, but for where X is −1. */
export function put(dx: Float64Array, g: Float64Array, X: Places, start: number): void {
  for (let i = 0; i < X.length; i++) if (X[i] >= 0) dx[start + X[i]] += g[i];
}

/**
 * Windows of one size along the last axis or the last two.
 *
 * @throws RangeError for fewer axes, and a size or stride that makes no sense
 */
export function windows(name: string, axes: 1 | 2, x: Shape, size: number, stride: number): Groups {
  checkWhole(size, `The size of ${name}`);
  checkWhole(stride, `The stride of ${name}`);
  const lengths = x.slice(-axes);
  const sizes = new Array<number>(axes).fill(size);
  if (x.length < axes || lengths.some((length) => length < size)) {
    throw new RangeError(
      `${name}: a window of ${sizes.join(" × ")} does not fit into the last ${axes === 1 ? "axis" : "two axes"} of the shape ${shown(x)}.`,
    );
  }
  const spots = lengths.map((length) => Math.floor((length - size) / stride) + 1);
  const stack = x.slice(0, -axes);
  const steps = stepsOf(lengths);
  const far = [sizeOf(lengths), ...steps.map((step) => step * stride)];
  const all = places([sizeOf(stack), ...spots, ...sizes], [...far, ...steps]);
  return { shape: [...stack, ...spots], count: sizeOf(sizes), places: all };
}
