/** What is asked of numbers and lists, and what an error says was given instead. */
import { describe, expect, test } from "vitest";
import {
  allFinite,
  checkFinite,
  checkLearningRate,
  checkLength,
  checkWhole,
  faultIn,
  find,
  isList,
  said,
  throwFault,
} from "../../src/arithmetic/checks";

describe("a value in an error", () => {
  test.each<[unknown, string]>([
    [1.5, "1.5"],
    [-0, "0"],
    [Number.NaN, "NaN"],
    [null, "null"],
    [undefined, "undefined"],
    [true, "true"],
    [12n, "12n"],
    [Symbol("s"), "Symbol(s)"],
    ["tanh", '"tanh"'],
    ['a "b"', String.raw`"a \"b\""`],
    ["x".repeat(60), `"${"x".repeat(60)}"`],
    ["x".repeat(61), `"${"x".repeat(60)}…"`],
    [Math.tanh, "the function tanh"],
    [
      (
        () => () =>
          1
      )(),
      "a function",
    ],
    [[], "[]"],
    [[1, "a", null], '[1, "a", null]'],
    [[1, 2, 3, 4], "[1, 2, 3, …]"],
    [[[1, 2], [3], Float64Array.of(4)], "[[…], […], […]]"],
    [Float64Array.of(1, 2), "[1, 2]"],
    [{}, "{}"],
    [{ a: 1, b: 2, c: 3, d: 4 }, "{ a, b, c, d }"],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5 }, "{ a, b, c, d, … }"],
    [new Map(), "a Map"],
    [/x/, "a RegExp"],
    [new Date(0), "a Date"],
    [new DataView(new ArrayBuffer(8)), "a DataView"],
  ])("%s", (value, words) => {
    expect(said(value)).toBe(words);
  });
});

test("lists are arrays and typed arrays; nothing else that has a length or bytes", () => {
  for (const list of [[], [1], new Float64Array(1), new Uint8ClampedArray()])
    expect(isList(list)).toBe(true);
  for (const none of ["list", { length: 1 }, new DataView(new ArrayBuffer(8)), new Set(), null, 3])
    expect(isList(none)).toBe(false);
});

test("a whole number lies from the least to the most, and what does not is told with its range", () => {
  for (const right of [2, 3, 7]) expect(() => checkWhole(right, "It", 2, 7)).not.toThrow();
  for (const wrong of [1, 8, 2.5, Number.NaN, Infinity])
    expect(() => checkWhole(wrong, "It", 2, 7)).toThrow(
      new RangeError(`It has to be a whole number from 2 to 7, but it is ${wrong}.`),
    );
  expect(() => checkWhole(1, "It")).not.toThrow();
  expect(() => checkWhole(1e15, "It")).not.toThrow();
  expect(() => checkWhole(0, "It")).toThrow(
    new RangeError("It has to be a whole number of at least 1, but it is 0."),
  );
});

test("a list has its length; another one is told apart from what is no list", () => {
  for (const list of [[1, 2], Float64Array.of(1, 2), { length: 2 }])
    expect(() => checkLength(list, 2, "The list", "one for each")).not.toThrow();
  for (const [list, length] of [
    [[1], 1],
    [[1, 2, 3], 3],
  ] as const)
    expect(() => checkLength(list, 2, "The list", "one for each")).toThrow(
      new RangeError(`The list should have length 2, one for each, but the length is ${length}.`),
    );
  for (const [none, words] of [
    ["ab", '"ab"'],
    [null, "null"],
    [undefined, "undefined"],
    [2, "2"],
    [{ a: 1 }, "{ a }"],
    [{ length: "2" }, "{ length }"],
  ])
    expect(() => checkLength(none as never, 2, "The list", "one for each")).toThrow(
      new TypeError(`The list should be a list of length 2, one for each, but got ${words}.`),
    );
});

describe("numbers that are not finite", () => {
  test("the first is told, with its place and what may be the cause", () => {
    expect(faultIn([0, -1e308, 5e-324], "a slope")).toBeUndefined();
    expect(faultIn([], "a slope")).toBeUndefined();
    expect(faultIn([1, Number.NaN, Infinity], "a slope")).toBe(
      "A slope is NaN (number 1, counted from 0)",
    );
    expect(faultIn([-Infinity], "a slope", (i) => `weight ${i + 1}`)).toBe(
      "A slope is -Infinity (weight 1)",
    );
    expect(faultIn(["1" as never], "the x")).toBe('The x is "1" (number 0, counted from 0)');
    expect(() => throwFault(undefined)).not.toThrow();
    expect(() => checkFinite([1, 2], "a slope")).not.toThrow();
    expect(() => checkFinite([1, Number.NaN], "a slope", (i) => `at ${i}`)).toThrow(
      new RangeError(
        "A slope is NaN (at 1). Every number has to be finite: look for a division by 0, a logarithm of 0, " +
          "or weights that have grown too large, by too large a learning rate, say.",
      ),
    );
  });
});

test("all numbers are finite, or one anywhere is not, in an array of any length; a sum that overflows is no fault", () => {
  for (let length = 0; length < 12; length++) {
    const numbers = Float64Array.from({ length }, (_, i) => 1.5 - i);
    expect(allFinite(numbers)).toBe(true);
    expect(allFinite(numbers.map((x) => 1e308 * Math.sign(x)))).toBe(true);
    const changed = (how: (x: number, i: number) => number) =>
      expect(allFinite(Float64Array.from(numbers, how)));
    for (let at = 0; at < length; at++) {
      for (const wrong of [Number.NaN, Infinity, -Infinity])
        changed((x, i) => (i === at ? wrong : x)).toBe(false);
      changed((_, i) => (i < at ? Infinity : -Infinity)).toBe(false);
    }
  }
});

test("a name stands for what it names, anything but a name for itself", () => {
  const named = { one: { n: 1 }, two: { n: 2 } };
  const own = { n: 3 };
  expect(find("two", named, "thing")).toBe(named.two);
  expect(find<{ n: number }>(own, named, "thing")).toBe(own);
  for (const wrong of ["three", "toString", "", undefined, null, 7, () => own])
    expect(() => find(wrong as never, named, "thing")).toThrow(
      new RangeError(`There is no thing called "${wrong}". Choose one of: one, two.`),
    );
  expect(() => find(7 as never, { 7: own }, "thing")).toThrow('There is no thing called "7".');
});

test("a learning rate is positive and finite; why another is refused is said where it can be", () => {
  for (const right of [5e-324, 0.1, 1e308]) expect(() => checkLearningRate(right)).not.toThrow();
  const says = "The learning rate has to be a positive number, such as 0.1, but it is";
  for (const [wrong, why] of [
    [0, " With 0 no weight would ever move."],
    [-0.5, " A negative rate would climb: to see that, negate the gradient instead."],
    [-Infinity, " A negative rate would climb: to see that, negate the gradient instead."],
    [Infinity, ""],
    [Number.NaN, ""],
    [undefined as never, ""],
  ] as const)
    expect(() => checkLearningRate(wrong)).toThrow(new RangeError(`${says} ${wrong}.${why}`));
});
