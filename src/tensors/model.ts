/** A model: parameters by name, and the losses that are computed from them. Training takes it as it takes a network. */
import {
  checkFinite,
  checkGiven,
  checkLength,
  createRandom,
  isList,
  normal,
  type Random,
  said,
} from "../arithmetic";
import { checkShape, type Memory, room, type Shape, shown, sizeOf } from "../arrays";
import type { Engine, Samples, Trainable } from "../engines";
import { sum } from "./axes";
import { backward } from "./backward";
import { constantOf, forgetSlope, Tensor, tidy } from "./tensor";

/** What a parameter is at the start: one number throughout, all its numbers, or drawn. */
export interface ParameterOptions {
  readonly shape: Shape;
  /** Default 0. In a list, the last axis runs fastest. */
  readonly value?: number | ArrayLike<number>;
  /** The standard deviation of a normal distribution about 0, from which the numbers are drawn. */
  readonly deviation?: number;
}

/** The circumstances in which losses are computed. */
export interface Circumstances {
  /** Whether this is a step of training: then dropout leaves out, and inputs may be moved. Else the cost is measured. */
  readonly training: boolean;
  /** Drawn from the seed of the training. */
  readonly random: Random;
}

export type Parameters<Name extends string> = Readonly<Record<Name, Tensor>>;

export interface ModelOptions<Name extends string> {
  parameters: Readonly<Record<Name, ParameterOptions>>;
  /**
   * The loss of each sample of a batch.
   *
   * @param inputs samples × inputs
   * @param targets samples × targets
   * @returns as many numbers as there are samples, in one axis
   */
  losses: (
    parameters: Parameters<Name>,
    inputs: Tensor,
    targets: Tensor,
    circumstances: Circumstances,
  ) => Tensor;
  /** Seed of the drawing, a whole number. Default 1. */
  seed?: number;
}

export interface Model<Name extends string = string> extends Trainable {
  readonly parameters: Parameters<Name>;
  /** All parameters' numbers, one after the other in one array: what an update or a nudge runs over. */
  readonly weights: Float64Array;
  /** Their slopes likewise: the parameters' `slope` are parts of it. */
  readonly gradient: Float64Array;
  readonly losses: ModelOptions<Name>["losses"];
}

/** @throws RangeError for a shape, numbers, a deviation or a seed that make no sense */
export function createModel<Name extends string>(options: ModelOptions<Name>): Model<Name> {
  const takes =
    "createModel takes { parameters: { W: { shape: [2, 3] }, … }, losses: (p, x, y) => … }";
  const isSo =
    typeof options?.losses === "function" && typeof (options.parameters ?? 0) === "object";
  checkGiven(isSo, takes, options);
  const { losses, seed = 1 } = options;
  const all = Object.entries<ParameterOptions>(options.parameters);
  if (all.length === 0)
    throw new RangeError("A model needs a parameter at least, but it has none.");
  for (const [name, how] of all) checkShape(how?.shape, `The shape of the parameter ${name}`);
  const total = all.reduce((count, [, { shape }]) => count + sizeOf(shape), 0);
  const [weights, gradient] = [new Float64Array(total), new Float64Array(total)];
  const random = createRandom(seed);
  let end = 0;
  const parameters = Object.fromEntries(
    all.map(([name, how]) => {
      const start = end;
      end += sizeOf(how.shape);
      const one = new Tensor(weights.subarray(start, end), how.shape);
      one.slope = gradient.subarray(start, end);
      initialise(one.data, name, how, random);
      return [name, one];
    }),
  ) as Parameters<Name>;
  const model: Model<Name> = {
    ...{ parameters, weights, gradient, losses },
    createEngine: (samples, batchSize, seed) => engineOf(model, samples, batchSize, seed),
  };
  return model;
}

function initialise(data: Float64Array, name: string, how: ParameterOptions, random: Random): void {
  const { value = 0, deviation } = how;
  if (deviation !== undefined) {
    if (!(deviation > 0 && deviation < Infinity)) {
      throw new RangeError(
        `The deviation of the parameter ${name} has to be a positive number, but it is ${said(deviation)}.`,
      );
    }
    for (let i = 0; i < data.length; i++) data[i] = deviation * normal(random);
  } else if (isList(value)) {
    checkLength(value, data.length, `The value of the parameter ${name}`, "as its shape says");
    data.set(value);
  } else data.fill(value);
  checkFinite(data, `the value of the parameter ${name}`);
}

function engineOf<Name extends string>(
  model: Model<Name>,
  { inputs, targets }: Samples,
  batchSize: number,
  seed: number,
): Engine {
  inputs.forEach((x, n) => {
    checkLength(x, inputs[0].length, `The inputs of sample ${n}`, "as sample 0 has");
    checkLength(targets[n], targets[0].length, `The targets of sample ${n}`, "as sample 0 has");
    checkFinite(x, `an input of sample ${n}`);
    checkFinite(targets[n], `a target of sample ${n}`);
  });
  const random = createRandom(seed);
  const memory: Memory = new Map();
  const measuring = { training: false, random: createRandom(seed) };
  /** The sum of the losses of samples which(start) … which(end − 1). */
  const total = (which: (n: number) => number, start: number, end: number, how: Circumstances) => {
    const rows = (list: readonly ArrayLike<number>[]) => batchOf(list, which, start, end);
    const losses = model.losses(model.parameters, rows(inputs), rows(targets), how);
    if (losses.shape.length !== 1 || losses.shape[0] !== end - start) {
      throw new RangeError(
        `The losses of ${end - start} samples have to be as many numbers, the shape [${end - start}], but their shape is ${shown(losses.shape)}. Sum over the other axes.`,
      );
    }
    return sum(losses);
  };
  return {
    kind: "tensors",
    weights: model.weights,
    gradient: model.gradient,
    batch: (order, start, end) =>
      tidy(() => {
        model.gradient.fill(0); // also of parameters that took no part
        const cost = total((n) => order[n], start, end, { training: true, random });
        backward(cost, undefined, forgetSlope);
        return cost.data[0];
      }, memory),
    totalLoss() {
      let sumOfAll = 0;
      for (let start = 0; start < inputs.length; start += batchSize) {
        const end = Math.min(start + batchSize, inputs.length);
        sumOfAll += tidy(() => total((n) => n, start, end, measuring).data[0], memory);
      }
      return sumOfAll;
    },
  };
}

/** Samples as the rows of one tensor, samples × numbers of each. */
function batchOf(
  list: readonly ArrayLike<number>[],
  which: (n: number) => number,
  start: number,
  end: number,
): Tensor {
  const width = list[0].length;
  const data = room((end - start) * width);
  for (let n = start, at = 0; n < end; n++, at += width) {
    const row = list[which(n)];
    for (let i = 0; i < width; i++) data[at + i] = row[i];
  }
  return constantOf(data, [end - start, width]);
}
