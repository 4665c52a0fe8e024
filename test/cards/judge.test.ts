import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agrees, type ChoiceAsked, judge, type NumberAsked, numberOf } from "../../src/cards/judge";

describe("what somebody types as a number", () => {
  test.each([
    ["0.25", 0.25],
    [" .25 ", 0.25],
    ["0,25", 0.25],
    ["1/4", 0.25],
    ["¼", 0.25],
    ["25 %", 0.25],
    ["−3", -3],
    ["–3", -3],
    ["+3", 3],
    ["1e-3", 0.001],
    ["1E−3", 0.001],
    ["10^-3", 0.001],
    ["10 ** -3", 0.001],
    ["2^3^2", 512],
    ["-2^2", -4],
    ["3 · (4 + 1)", 15],
    ["2 × 3 − 1", 5],
    ["18 : 9", 2],
    ["√2", Math.SQRT2],
    ["√(1/4)", 0.5],
    ["101,770", 101770],
    ["1,000,000", 1e6],
    ["101 770", 101770],
    ["101'770", 101770],
    ["1,5", 1.5],
    ["1.5.", undefined],
    ["∞", Number.POSITIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
    ["", undefined],
    ["  ", undefined],
    ["four", undefined],
    ["4 passes", undefined],
    ["1 +", undefined],
    ["(1", undefined],
    ["1)", undefined],
    ["0/0", undefined],
    ["2x", undefined],
    ["alert(1)", undefined],
  ])("%s", (typed, value) => {
    const read = numberOf(typed);
    if (value === undefined) expect(read).toBeUndefined();
    else expect(read).toBeCloseTo(value, 12);
  });

  test("any number as JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(numberOf(String(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe("how close a number has to be", () => {
  test.each([
    [1 / 3, 1 / 3, 3, true],
    [0.333, 1 / 3, 3, true],
    [0.334, 1 / 3, 3, false],
    [0.667, 2 / 3, 3, true],
    [0.666, 2 / 3, 3, true], // cut off, not rounded
    [0.665, 2 / 3, 3, false],
    [-0.333, 1 / 3, 3, false],
    [0.004, 1 / 256, 1, true],
    [0.0039, 1 / 256, 2, true],
    [0.0039, 1 / 256, 3, true], // 0.00390, cut off
    [0.0038, 1 / 256, 3, false],
    [12300, 12345, 3, true],
    [9.99, 10, 2, true],
    [0, 2.1e-17, 1, true], // rounding error: no digit of it counts
    [3, 3, undefined, true],
    [3.001, 3, undefined, false],
    [0, 1e-17, undefined, true],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 3, true],
    [1e308, Number.POSITIVE_INFINITY, 3, false],
    [0, Number.NaN, 3, false],
  ])("%d beside %d to %s digits: %s", (value, other, digits, isSame) => {
    expect(agrees(value, other, digits)).toBe(isSame);
  });

  test("a number agrees with itself as rounded to so many digits, and not with one two units away", () => {
    const numbers = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 9 }), fc.boolean(), (size, digits, isLow) => {
        const value = isLow ? -size : size;
        const rounded = Number(value.toPrecision(digits));
        expect(agrees(rounded, value, digits)).toBe(true);
        const unit = 10 ** (Number(value.toExponential().split("e")[1]) - digits + 1);
        expect(agrees(rounded + 2 * unit, value, digits)).toBe(false);
        expect(agrees(rounded - 2 * unit, value, digits)).toBe(false);
      }),
    );
  });
});

const number = (answer: number, more: Partial<NumberAsked> = {}): NumberAsked => ({
  kind: "number",
  answer,
  mistakes: [],
  ...more,
});

describe("which mistake a number looks like", () => {
  const asked = number(0.75, {
    mistakes: [
      [0.5, "half of them"],
      [1.5, "twice"],
      [0.75, "never said: it is right"],
    ],
  });
  test("one that is known comes first", () => {
    expect(judge(asked, "0.5")).toEqual({ right: false, says: "half of them" });
    expect(judge(asked, "1.5")).toEqual({ right: false, says: "twice" });
    expect(judge(asked, "3/4")).toEqual({ right: true, says: "" });
  });

  test.each([
    ["-0.73", /^The size is right/],
    ["1.46", /twice/],
    ["0.365", /half/],
    ["-1.46", /sign.*factor of 2/],
    ["1.37", /one over/],
    ["0.533", /square/],
    ["73", /per cent/],
    ["0.7", /Nearly: it agrees to one digit, and 3 are/],
    ["0.73", /^$/],
    ["5", /^$/],
  ])("%s for 0.73 (to 3 digits): %s", (typed, says) => {
    const { right, says: said } = judge(number(0.73, { digits: 3 }), typed);
    expect(right).toBe(typed === "0.73");
    expect(said).toMatch(says);
  });

  test("what is no number is no answer", () => {
    expect(judge(asked, "").right).toBeUndefined();
    expect(judge(asked, "x")).toMatchObject({ right: undefined, says: /no number/ as never });
  });
});

describe("choices", () => {
  const one: ChoiceAsked = {
    kind: "choice",
    answer: [1],
    choices: [
      ["a", "a is wrong"],
      ["b", "b is right"],
    ],
  };
  const several: ChoiceAsked = {
    kind: "several",
    answer: [0, 2],
    choices: [
      ["a", "a is right"],
      ["b", "b is wrong"],
      ["c", "c is right"],
    ],
  };
  test("each says its own sentence", () => {
    expect(judge(one, [0])).toEqual({ right: false, says: "a is wrong" });
    expect(judge(one, [1])).toEqual({ right: true, says: "b is right" });
    expect(judge(one, []).right).toBeUndefined();
  });

  test("of several, those that are wrong are told, and how many are missing, but not which", () => {
    expect(judge(several, [0, 1])).toEqual({ right: false, says: "b is wrong" });
    expect(judge(several, [0])).toEqual({
      right: false,
      says: "What you chose is right, and one is missing.",
    });
    expect(judge(several, [0, 2])).toEqual({ right: true, says: "a is right c is right" });
  });
});
