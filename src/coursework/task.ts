/** What a task of the coursework is: arguments to try, right values, and the mistakes that are known by name. */
import type { Random } from "../nn";

/** What a student's function may give: numbers, lists of them, lists of lists. */
// biome-ignore lint/suspicious/noExplicitAny: lists of lists of any depth, compared number by number
export type Result = any;

/** A part of a task's points, earned if every one of its cases is right. */
export interface Part {
  readonly name: string;
  /** Its share of the task's points. All shares of a task add up to 1. */
  readonly share: number;
  /** Draws the arguments of one case. */
  draw(random: Random): unknown[];
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
  /** A prediction is a function without arguments: it has one case, and no verdict before it is scored. */
  readonly isPrediction?: boolean;
}

export interface Assignment {
  readonly name: string;
  readonly tasks: readonly Task[];
  /** Functions of the library that a task asks to write: calling them earns nothing. */
  readonly forbidden: readonly string[];
}

interface Options<Args extends unknown[], R extends Result> {
  points: number;
  visible: readonly unknown[][];
  expected: (...args: Args) => R;
  mistakes?: Record<string, (...args: Args) => Result>;
  /** The cases of a task whose points are all of one kind; else there are parts. */
  draw?: Part["draw"];
  parts?: readonly Part[];
}

/** A task with a function to write. */
export function task<Args extends unknown[], R extends Result>(
  name: string,
  { points, visible, expected, mistakes = {}, draw, parts }: Options<Args, R>,
): Task {
  const all = parts ?? (draw ? [{ name: "all cases", share: 1, draw }] : []);
  return { name, points, visible, expected, mistakes, parts: all };
}

/** A task that asks for a prediction of what the next cell shows. */
export function prediction(
  name: string,
  expected: () => Result,
  mistakes: Record<string, () => Result> = {},
): Task {
  const part = { name: "the prediction", share: 1, draw: () => [] };
  return { name, points: 1, visible: [[]], expected, mistakes, parts: [part], isPrediction: true };
}

/** A number from `from` to `to` with two decimals, never 0. */
export function number(random: Random, from = -2, to = 2): number {
  const drawn = Math.round((from + (to - from) * random()) * 100) / 100;
  return drawn === 0 ? 0.37 : drawn;
}

/** A whole number from `from` to `to`. */
export function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

export function list(random: Random, length: number, from = -2, to = 2): number[] {
  return Array.from({ length }, () => number(random, from, to));
}

/** A layer's weights: a row for each unit, the bias first. */
export function rows(random: Random, units: number, inputs: number, reach = 1.5): number[][] {
  return Array.from({ length: units }, () => list(random, 1 + inputs, -reach, reach));
}

/** The weights of a network, layer after layer. */
export function network(random: Random, sizes: readonly number[], reach = 1.2): number[][][] {
  return sizes.slice(1).map((units, l) => rows(random, units, sizes[l], reach));
}
