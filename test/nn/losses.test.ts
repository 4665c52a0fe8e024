import { describe, expect, test } from "vitest";
import {
  type Activation,
  activate,
  activations,
  binaryCrossEntropy,
  crossEntropy,
  halfSquaredError,
  type Loss,
  losses,
  sigmoid,
  softmax,
} from "../../src/nn";

const list = (...numbers: number[]) => Float64Array.from(numbers);

function slopes(loss: Loss, a: Float64Array, y: readonly number[]): number[] {
  const out = new Float64Array(a.length);
  loss.gradient(a, y, out);
  return Array.from(out);
}

function applied(activation: Activation, z: Float64Array): Float64Array {
  const a = new Float64Array(z.length);
  activate(activation, z, a);
  return a;
}

describe("by hand", () => {
  test("half squared error: ½ (3² + 1²) = 5, its slopes the differences", () => {
    expect(halfSquaredError.value(list(4, -1), [1, 0])).toBe(5);
    expect(slopes(halfSquaredError, list(4, -1), [1, 0])).toEqual([3, -1]);
  });

  test("binary cross-entropy: −ln ¼ for a yes held to be ¼ likely, −ln ¾ for a no", () => {
    expect(binaryCrossEntropy.value(list(0.25), [1])).toBeCloseTo(Math.log(4), 15);
    expect(binaryCrossEntropy.value(list(0.25), [0])).toBeCloseTo(Math.log(4 / 3), 15);
    expect(binaryCrossEntropy.value(list(0.5, 0.5), [0.3, 1])).toBeCloseTo(2 * Math.LN2, 15);
    expect(slopes(binaryCrossEntropy, list(0.25, 0.25), [1, 0])).toEqual([-4, 1 / 0.75]);
  });

  test("cross-entropy: −ln of what the right class was given", () => {
    expect(crossEntropy.value(list(0.125, 0.5, 0.375), [0, 1, 0])).toBeCloseTo(Math.LN2, 15);
    expect(slopes(crossEntropy, list(0.125, 0.5, 0.375), [0, 1, 0])).toEqual([0, -2, 0]);
    const mixed = crossEntropy.value(list(0.25, 0.75), [0.5, 0.5]);
    expect(mixed).toBeCloseTo(Math.log(16 / 3) / 2, 15); // −½ ln ¼ − ½ ln ¾
  });

  test("certain and right costs nothing", () => {
    expect(binaryCrossEntropy.value(list(1, 0), [1, 0])).toBe(0);
    expect(crossEntropy.value(list(0, 1), [0, 1])).toBe(0);
    expect(slopes(binaryCrossEntropy, list(1, 0), [1, 0])).toEqual([-1, 1]);
    expect(slopes(crossEntropy, list(1, 0), [1, 0])).toEqual([-1, 0]);
  });
});

describe("by differences", () => {
  test.each(Object.values(losses))("$name's gradient", (loss) => {
    const a = list(0.2, 0.7, 0.1);
    const y = [0.5, 0.3, 0.2];
    const h = 1e-6;
    slopes(loss, a, y).forEach((slope, k) => {
      const nudged = (by: number) =>
        loss.value(
          a.map((value, i) => (i === k ? value + by : value)),
          y,
        );
      const difference = nudged(h) - nudged(-h);
      expect(slope).toBeCloseTo(difference / (2 * h), 7);
    });
  });
});

describe("the stable forms", () => {
  test.each([
    [binaryCrossEntropy, sigmoid, [0, 1, 0.3]],
    [crossEntropy, softmax, [0.2, 0.5, 0.3]],
  ] as const)("$0.name from z is the same as from a", (loss, activation, y) => {
    expect(loss.pairedWith).toBe(activation);
    const z = list(0.4, -2.5, 1.1);
    const expected = loss.value(applied(activation, z), y);
    expect(loss.valueFromZ?.(z, y)).toBeCloseTo(expected, 14);
  });

  test("at z = ±1000 the loss is |z| where it is wrong and 0 where it is right", () => {
    const value = (z: number, y: number) => binaryCrossEntropy.valueFromZ?.(list(z), [y]);
    expect(value(1000, 0)).toBe(1000);
    expect(value(1000, 1)).toBe(0);
    expect(value(-1000, 1)).toBe(1000);
    expect(value(-1000, 0)).toBe(0);
    expect(crossEntropy.valueFromZ?.(list(1000, -1000), [0, 1])).toBe(2000);
    expect(crossEntropy.valueFromZ?.(list(1000, -1000), [1, 0])).toBe(0);
  });
});

describe("outside its domain a loss says why, and what mends it", () => {
  test("cross-entropy of the text's h = 4", () => {
    const act = () => binaryCrossEntropy.value(list(4), [0]);
    expect(act).toThrow(RangeError);
    expect(act).toThrow(
      /between 0 and 1; output unit 0 gave 4, and ln\(1 − 4\) does not exist.*output: "sigmoid"/,
    );
    expect(() => slopes(binaryCrossEntropy, list(0.5, -0.1), [0, 1])).toThrow(
      /output unit 1 gave -0.1/,
    );
    expect(() => crossEntropy.value(list(1.5, 0), [1, 0])).toThrow(
      /output unit 0 gave 1.5\..*output: "softmax"/,
    );
    expect(() => slopes(crossEntropy, list(0.1, Number.NaN), [1, 0])).toThrow(
      /output unit 1 gave NaN/,
    );
  });

  test("the sentences are whole, and say of each loss what it takes", () => {
    const bothWays = (loss: Loss, a: Float64Array, y: number[], message: string) => {
      expect(() => loss.value(a, y)).toThrow(message);
      expect(() => slopes(loss, a, y)).toThrow(message);
    };
    bothWays(
      binaryCrossEntropy,
      list(0.5, -0.1),
      [0, 0],
      'Binary cross-entropy takes the logarithm of the prediction a and of 1 − a, so every prediction has to lie between 0 and 1; output unit 1 gave -0.1. Give the output layer an activation that keeps to that range: output: "sigmoid".',
    );
    for (const a of [-0.1, 1.5]) {
      bothWays(
        crossEntropy,
        list(a, 0),
        [1, 0],
        `Cross-entropy takes the logarithm of the prediction, so every prediction has to lie between 0 and 1; output unit 0 gave ${a}. Give the output layer an activation that keeps to that range: output: "softmax".`,
      );
    }
    expect(() => crossEntropy.value(list(0), [1])).toThrow(
      /^Output unit 0 is certain and wrong: .* would be infinite\. Use the output activation the loss is paired with .* whose loss is computed from z and stays finite\.$/,
    );
  });

  test("certain and wrong: no infinity is passed on", () => {
    expect(() => binaryCrossEntropy.value(list(0), [1])).toThrow(
      /Output unit 0 is certain and wrong/,
    );
    expect(() => binaryCrossEntropy.value(list(1), [0])).toThrow(/"sigmoid" or "softmax"/);
    expect(() => crossEntropy.value(list(1, 0), [0, 1])).toThrow(
      /Output unit 1 is certain and wrong/,
    );
  });

  test("targets", () => {
    expect(binaryCrossEntropy.targetFault([0, 1, 0.5])).toBeUndefined();
    expect(binaryCrossEntropy.targetFault([0, -1])).toMatch(
      /between 0 and 1, but target 1 is -1\./,
    );
    expect(binaryCrossEntropy.targetFault([2])).toMatch(/target 0 is 2\./);
    expect(crossEntropy.targetFault([0.25, 0.75])).toBeUndefined();
    expect(crossEntropy.targetFault([1.5, -0.5])).toMatch(/probabilities, but target 1 is -0.5\./);
    expect(crossEntropy.targetFault([0.5, 0.75])).toMatch(
      /add up to 1, but these add up to 1.25\./,
    );
    for (const loss of [binaryCrossEntropy, crossEntropy]) {
      expect(loss.targetFault([1, Number.NaN])).toMatch(/but target 1 is NaN\.$/);
      expect(loss.targetFault([0, 1])).toBeUndefined();
    }
    expect(binaryCrossEntropy.targetFault([1, 1 + 1e-9])).toMatch(/target 1 is 1\.000000001\.$/);
    expect(halfSquaredError.targetFault([-7, 1e6])).toBeUndefined();
  });
});

test("every activation and loss is listed under its own name, with its formula", () => {
  for (const [name, one] of [...Object.entries(losses), ...Object.entries(activations)]) {
    expect(one.name).toBe(name);
    expect(one.formula).toMatch(/[ze_]/);
  }
});

test("cross-entropy of a certain and right prediction is 0 however large z, and takes 32-bit targets", () => {
  expect(crossEntropy.valueFromZ?.(Float64Array.of(1e308, -1e308), [1, 0])).toBe(0);
  expect(crossEntropy.targetFault(Float32Array.of(0.1, 0.9))).toBeUndefined();
  // Ten 32-bit shares are off by less than a millionth; anything more is the caller's mistake.
  const tenths = Float32Array.from({ length: 10 }, () => 0.1);
  expect(crossEntropy.targetFault(tenths)).toBeUndefined();
  for (const sign of [1, -1]) {
    expect(crossEntropy.targetFault([0.5, 0.5 + sign * 0.9e-6])).toBeUndefined();
    expect(crossEntropy.targetFault([0.5, 0.5 + sign * 1.1e-6])).toMatch(/add up to 1, but .* to/);
  }
});
