/** What a task of the coursework is: arguments to try, right values, and the mistakes that are known by name. */
import type { Random } from "../arithmetic";
import type { Displayable } from "../show";

/** What a student's function may return: numbers, lists of them, lists of lists. */
// biome-ignore lint/suspicious/noExplicitAny: lists of lists of any depth, compared number by number
export type Result = any;

/** A part of a task's points, earned if every one of its cases is right. */
export interface Part {
  readonly name: string;
  /** Its share of the task's points. All shares of a task add up to 1. */
  readonly share: number;
  /** Draws the arguments of one case. */
  draw(random: Random): unknown[];
  /**
   * Draws every second case in its place: steep or large ones, where slopes by differences lose their digits. With
   * them all cases of the part have to be right to ten digits. What differentiates exactly in another way, by dual
   * numbers or a graph that the answer brings along, is right: it never asks for the loss at a nudged place.
   */
  steep?(random: Random): unknown[];
  /** What of the result counts for this part. Default: all of it. */
  view?(result: Result): Result;
}

export interface Task {
  /** The name of the student's function. */
  readonly name: string;
  readonly points: number;
  /** The cases that the student sees. Chosen so that no two mistakes give the same. */
  readonly visible: readonly unknown[][];
  readonly parts: readonly Part[];
  /** The right value, by the library or by differences: not by the solution's own formula. */
  expected(...args: never[]): Result;
  /** Known mistakes: a hint for each, and what a function with that mistake would give. */
  readonly mistakes: Record<string, (...args: never[]) => Result>;
  /**
   * What is asked for. A function is tried on cases. Numbers worked out on paper and predictions are what a function
   * without arguments returns: there is one case, and rounding to three digits is allowed. The check of what was worked
   * out says whether it is right and keeps the right numbers to itself; a prediction has no verdict before it is scored.
   */
  readonly kind: "function" | "paper" | "prediction";
  /** The task with numbers of one student's own, for classes that want it (own.ts); not every task has it. */
  readonly own?: (random: Random) => OwnTask;
}

/** A task as one student gets it. Its name, points and kind are those of the task that all others get. */
export interface OwnTask {
  readonly task: Task;
  /** What its solution reads, in place of `OWN` (class.ts). */
  readonly numbers: Numbers;
  /** What the student is given. */
  given(): Displayable;
  /** What a prediction is held against. */
  result?(): Displayable;
}

/** Numbers by names, as JSON has them. */
export type Numbers = Readonly<Record<string, Result>>;

export interface Assignment {
  readonly name: string;
  readonly tasks: readonly Task[];
  /** What of the library answers may use, beside what writes and draws (offered.ts): all else earns nothing. */
  readonly allowed: readonly string[];
}

/** What the first assignment asks for, and all others may use. */
export const elementary = ["activations", "identity", "relu", "sigmoid", "tanh"];

interface Options<Args extends unknown[], R extends Result> {
  points: number;
  visible: readonly unknown[][];
  expected: (...args: Args) => R;
  mistakes?: Record<string, (...args: Args) => Result>;
  /** The cases of a task whose points are all of one kind; else there are parts. */
  draw?: Part["draw"];
  steep?: Part["steep"];
  parts?: readonly Part[];
}

/** A task with a function to write. */
export function task<Args extends unknown[], R extends Result>(
  name: string,
  { points, visible, expected, mistakes = {}, draw, steep, parts }: Options<Args, R>,
): Task {
  const all = parts ?? (draw ? [{ name: "all cases", share: 1, draw, steep }] : []);
  return { name, points, visible, expected, mistakes, parts: all, kind: "function" };
}

/** A task that asks for numbers worked out on paper, in parts with a share of the points each. */
export function onPaper(
  name: string,
  options: {
    points: number;
    expected: () => Result;
    mistakes: Record<string, () => Result>;
    parts: readonly Omit<Part, "draw" | "steep">[];
  },
): Task {
  const parts = options.parts.map((part) => ({ ...part, draw: () => [] }));
  return { ...options, name, visible: [[]], parts, kind: "paper" };
}

/** A task that asks for a prediction of what the next cell shows. */
export function prediction(
  name: string,
  expected: () => Result,
  mistakes: Record<string, () => Result> = {},
): Task {
  const part = { name: "the prediction", share: 1, draw: () => [] };
  return { name, points: 1, visible: [[]], expected, mistakes, parts: [part], kind: "prediction" };
}

/**
 * A task that has numbers of each student's own where a class wants them.
 *
 * @param fixed the task as it is else
 */
export function withOwn<N extends Numbers>(
  fixed: Task,
  own: {
    draw: (random: Random) => N;
    task: (numbers: N) => Task;
    given: (numbers: N) => Displayable;
    result?: (numbers: N) => Displayable;
  },
): Task {
  return {
    ...fixed,
    own(random) {
      const numbers = own.draw(random);
      const { result } = own;
      return {
        task: own.task(numbers),
        numbers,
        given: () => own.given(numbers),
        ...(result && { result: () => result(numbers) }),
      };
    },
  };
}

/** A number from `from` to `to`, of all digits: what has few of them can be looked up in a table made before. */
export function number(random: Random, from = -2, to = 2): number {
  return from + (to - from) * random();
}

/** A number from `from` to `to`, or the same below 0. */
export function far(random: Random, from: number, to: number): number {
  return (random() < 0.5 ? -1 : 1) * number(random, from, to);
}

/** So large that its square is infinite: a loss has no digits then, and its slope has all of them. */
export function huge(random: Random): number {
  return far(random, 1e158, 1e160);
}

/** A layer of tanh units that are nearly saturated: inputs from −2 to 2 leave them so. */
export function saturated(random: Random, units: number, inputs: number): number[][] {
  return Array.from({ length: units }, () => [
    far(random, 5.8, 6.2),
    ...list(random, inputs, -0.05 / inputs, 0.05 / inputs),
  ]);
}

/** A whole number from `from` to `to`. */
export function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** A whole number whose size is from `from` to `to`, above or below 0. */
export function signed(random: Random, from: number, to: number): number {
  return (random() < 0.5 ? -1 : 1) * whole(random, from, to);
}

/** So many whole numbers of these sizes, no two of the same size, above and below 0. */
export function digits(random: Random, length: number, from: number, to: number): number[] {
  const chosen: number[] = [];
  while (chosen.length < length) {
    const one = signed(random, from, to);
    if (chosen.every((other) => Math.abs(other) !== Math.abs(one))) chosen.push(one);
  }
  return chosen;
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[whole(random, 0, values.length - 1)];
}

export function list(random: Random, length: number, from = -2, to = 2): number[] {
  return Array.from({ length }, () => number(random, from, to));
}

/** So many lists of one length: samples, channels, steps. */
export function lists(random: Random, count: number, length: number, reach = 2): number[][] {
  return Array.from({ length: count }, () => list(random, length, -reach, reach));
}

/** A layer's weights: a row for each unit, the bias first. */
export function rows(random: Random, units: number, inputs: number, reach = 1.5): number[][] {
  return Array.from({ length: units }, () => list(random, 1 + inputs, -reach, reach));
}

/** A network of saturated units and outputs so large that no difference of two of them tells anything. */
export function steepNetwork(random: Random, sizes: readonly number[]): number[][][] {
  const hidden = sizes.slice(1, -1).map((units, l) => saturated(random, units, sizes[l]));
  const last = rows(random, sizes[sizes.length - 1], sizes[sizes.length - 2]);
  return [...hidden, last.map(([, ...weights]) => [huge(random), ...weights])];
}

/** The weights of a network, layer after layer. */
export function network(random: Random, sizes: readonly number[], reach = 1.2): number[][][] {
  return sizes.slice(1).map((units, l) => rows(random, units, sizes[l], reach));
}
