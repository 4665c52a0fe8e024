/** Points of two or three classes in the plane, drawn by a formula and a seed: made here, so the formula is the source. */
import { cos, createRandom, normal, type Random, shuffle, sin } from "../arithmetic";
import type { Samples } from "../nn";
import type { DataSet } from "./truth-tables";

export interface ShapeOptions {
  /** How many points, at least 2; the classes take turns. Default 200. */
  samples?: number;
  /** Standard deviation of the normal noise that is added to both coordinates. Default 0.1. */
  noise?: number;
  /** Seed of the drawing, a whole number. Default 1. */
  seed?: number;
}

/** Inside a circle (0) or in the ring around it (1). */
export const circle = shape("circle", (kind, random) => {
  const radius = kind === 0 ? 0.5 * Math.sqrt(random()) : 0.8 + 0.2 * random();
  const angle = 2 * Math.PI * random();
  return [radius * cos(angle), radius * sin(angle)];
});

/** Two half circles that reach into one another. */
export const moons = shape("moons", (kind, random) => {
  const angle = Math.PI * random();
  const [x, y] = [cos(angle), sin(angle)];
  return kind === 0 ? [(x - 0.5) / 1.5, (y - 0.25) / 1.5] : [(0.5 - x) / 1.5, (0.25 - y) / 1.5];
});

/** Two arms that wind one and a half times around each other. */
export const spiral = shape("spiral", (kind, random) => {
  const way = 0.08 + 0.92 * Math.sqrt(random());
  const angle = 3 * Math.PI * way + kind * Math.PI;
  return [way * cos(angle), way * sin(angle)];
});

/** Below (0) or above (1) the line y = x / 2; with noise, points stray across it. */
export const line = shape("noisy line", (kind, random) => {
  const x = 2 * random() - 1;
  const away = 0.05 + 0.6 * random();
  return [x, x / 2 + (kind === 0 ? -away : away)];
});

/** Three round clouds at the corners of a triangle; of three targets, that of a point's cloud is 1. */
export const clouds = shape(
  "three clouds",
  (kind, random) => {
    const [towards, angle] = [Math.PI * (1 / 2 + (2 * kind) / 3), 2 * Math.PI * random()];
    const radius = 0.4 * Math.sqrt(random());
    return [0.6 * cos(towards) + radius * cos(angle), 0.6 * sin(towards) + radius * sin(angle)];
  },
  3,
);

/** Three arms that wind once around each other; of three targets, that of a point's arm is 1. */
export const arms = shape(
  "three arms",
  (kind, random) => {
    const way = 0.08 + 0.92 * Math.sqrt(random());
    const angle = 2 * Math.PI * (way + kind / 3);
    return [way * cos(angle), way * sin(angle)];
  },
  3,
);

/** The four corners of XOR in turn, (0, 0), (0, 1), (1, 0), (1, 1): four points without noise are its truth table. */
export function xorCorners(options: ShapeOptions = {}): DataSet {
  return drawn("XOR corners", options, (n) => {
    const [x1, x2] = [(n >> 1) & 1, n & 1];
    return { point: [x1, x2], target: x1 ^ x2 };
  });
}

/**
 * Keeps a share of the samples apart, drawn at random.
 *
 * @param share of all samples, from 0 to below 1
 * @throws RangeError if nothing would be left to train on, or the share or the samples make no sense
 */
export function split(
  { inputs, targets }: Samples,
  share: number,
  seed = 1,
): { train: Samples; test: Samples } {
  if (inputs.length !== targets.length) {
    throw new RangeError(
      `Each sample needs inputs and targets, but there are ${inputs.length} rows of inputs and ${targets.length} of targets.`,
    );
  }
  const apart = Math.round(share * inputs.length);
  if (!(share >= 0) || apart >= inputs.length) {
    throw new RangeError(
      `The test share has to be at least 0 and below 1 and to leave a sample to train on, but it is ${share} of ${inputs.length} samples.`,
    );
  }
  const order = Uint32Array.from(inputs, (_, i) => i);
  shuffle(order, createRandom(seed));
  const chosen = new Set(order.slice(0, apart));
  const part = (isTest: boolean): Samples => ({
    inputs: inputs.filter((_, i) => chosen.has(i) === isTest),
    targets: targets.filter((_, i) => chosen.has(i) === isTest),
  });
  return { train: part(false), test: part(true) };
}

/** Points that belong to the classes in turn. Two classes are one target, 0 or 1; more have a target each. */
function shape(
  name: string,
  place: (kind: number, random: Random) => [number, number],
  classes = 2,
) {
  return (options: ShapeOptions = {}): DataSet =>
    drawn(
      name,
      options,
      (n, random) => ({ point: place(n % classes, random), target: n % classes }),
      classes,
    );
}

/** The targets of a class: 0 or 1 for the first two, and else as many as there are classes, of which one is 1. */
export function classTargets(one: number, classes: number): number[] {
  return classes === 2 ? [one] : Array.from({ length: classes }, (_, k) => (k === one ? 1 : 0));
}

function drawn(
  name: string,
  { samples = 200, noise = 0.1, seed = 1 }: ShapeOptions,
  draw: (n: number, random: Random) => { point: [number, number]; target: number },
  classes = 2,
): DataSet {
  if (!Number.isInteger(samples) || samples < 2) {
    throw new RangeError(
      `The number of samples has to be a whole number of at least 2, but it is ${samples}.`,
    );
  }
  if (!(noise >= 0 && noise < Infinity)) {
    throw new RangeError(
      `The noise has to be a standard deviation, 0 or more, but it is ${noise}.`,
    );
  }
  const random = createRandom(seed);
  const rows = Array.from({ length: samples }, (_, n) => {
    const { point, target } = draw(n, random);
    return { point: point.map((x) => x + noise * normal(random)), target };
  });
  return {
    name,
    source: "drawn by a formula, src/data/shapes.ts",
    inputNames: ["X1", "X2"],
    targetNames: classes === 2 ? ["Y"] : Array.from({ length: classes }, (_, k) => `Y${k}`),
    inputs: rows.map(({ point }) => point),
    targets: rows.map(({ target }) => classTargets(target, classes)),
  };
}
