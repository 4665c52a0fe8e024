import { describe, expect, test } from "vitest";
import {
  type ActivationName,
  activate,
  activateBackward,
  activations,
  type Elementwise,
  elu,
  gelu,
  identity,
  leakyRelu,
  relu,
  sigmoid,
  silu,
  softmax,
  softplus,
  step,
  tanh,
} from "../../src/nn";
import reference from "./reference.json";

const elementwise = Object.values(activations).filter((one): one is Elementwise => "f" in one);

/** |a − b| as a share of the larger, and of 1 where both are smaller. */
function expectClose(actual: number, expected: number, tolerance: number): void {
  const scale = Math.max(1, Math.abs(actual), Math.abs(expected));
  expect(Math.abs(actual - expected) / scale).toBeLessThanOrEqual(tolerance);
}

describe("values known exactly", () => {
  const third = Math.log(2); // e^{ln 2} = 2, so that fractions come out
  const known = [
    ["identity", -2.5, -2.5, 1],
    ["step", -1e-300, 0, 0],
    ["step", 2, 1, 0],
    ["sigmoid", 0, 1 / 2, 1 / 4],
    ["sigmoid", third, 2 / 3, 2 / 9],
    ["sigmoid", -third, 1 / 3, 2 / 9],
    ["tanh", 0, 0, 1],
    ["tanh", third, 3 / 5, 16 / 25], // (2 − ½) / (2 + ½)
    ["relu", 3, 3, 1],
    ["relu", -3, 0, 0],
    ["leakyRelu", -3, -0.03, 0.01],
    ["leakyRelu", 3, 3, 1],
    ["elu", -third, -1 / 2, 1 / 2],
    ["elu", 2, 2, 1],
    ["softplus", 0, Math.LN2, 1 / 2],
    ["softplus", third, Math.log(3), 2 / 3],
    ["gelu", 0, 0, 1 / 2],
    // Φ(1) = 0.8413447460685429 and φ(1) = 0.24197072451914337 (Abramowitz & Stegun, table 26.1)
    ["gelu", 1, 0.8413447460685429, 0.8413447460685429 + 0.24197072451914337],
    ["gelu", -1, -0.15865525393145707, 0.15865525393145707 - 0.24197072451914337],
    ["silu", 0, 0, 1 / 2],
    ["silu", third, (2 / 3) * third, (2 / 3) * (1 + third / 3)],
  ] as const;

  test.each(known)("%s at %d is %d, its slope %d", (name, z, value, slope) => {
    expectClose(activations[name].f(z), value, 2e-16);
    expectClose(activations[name].derivative(z), slope, 4e-16);
  });

  test("every activation has two of them: a new one comes with its own", () => {
    for (const { name } of elementwise.filter((one) => one !== identity))
      expect(known.filter(([one]) => one === name).length, name).toBeGreaterThanOrEqual(2);
  });

  test.each([
    [relu, 0, 0],
    [leakyRelu, 0, 0.01],
    [step, 1, 0],
  ])("at its kink, $name has a value and takes the slope from the left", (one, value, slope) => {
    expect(one.kinks).toEqual([0]);
    expect(one.f(0)).toBe(value);
    expect(one.derivative(0)).toBe(slope);
  });

  test("elu has no kink: both slopes at 0 are 1", () => {
    expect(elu.kinks).toEqual([]);
    expect(elu.derivative(0)).toBe(1);
    expect(elu.derivative(Number.MIN_VALUE)).toBe(1);
  });
});

describe("against mpmath", () => {
  /**
   * How many roundings, of 2^−53 each, lie between a function and its true value, at most: as a share of the value;
   * of the slope as a share of it or of 1, as 1 − a has lost digits where a is near 1. An exponential counts 2 and
   * tanh 3, being right to 0.8 and to 1.2 units in the last place; a sum, a product, a quotient 1.
   */
  const roundings: Record<string, [value: number, slope: number]> = {
    identity: [0, 0],
    relu: [0, 0],
    leakyRelu: [1, 0],
    sigmoid: [4, 3], // e^z, 1 +, 1 /; then 1 −, a ×, and a's own, at most a quarter each
    tanh: [3, 8], // 1 − a²: twice a's, and two of its own
    elu: [2, 2],
    softplus: [5, 4], // e^z, ln(1 + …), max +
    silu: [5, 13], // σ(z), z ×; the slope has a factor z (1 − σ) of up to 0.28 beside σ's, and is 1.1 at most
    // In absolute terms: Φ is ½ ± a sum of some sixty terms, the first rounded most.
    gelu: [10, 10],
  };

  const cases = Object.entries(reference.activations);

  test("every activation has its roundings counted here, and its values in the file", () => {
    const names = elementwise.filter((one) => one !== step).map(({ name }) => name);
    expect(Object.keys(roundings).sort()).toEqual([...names].sort());
    expect(cases.map(([name]) => name).sort(), "list it in reference.py").toEqual(names.sort());
  });

  test.each(cases)("%s", (name, rows) => {
    expect(rows).toHaveLength(34);
    const { f, derivative } = activations[name as ActivationName] as Elementwise;
    for (const [z, value, slope] of rows) {
      const scale = name === "gelu" ? Math.max(1, Math.abs(value)) : Math.abs(value);
      const unit = Number.MIN_VALUE + scale * 2 ** -53;
      expect(Math.abs(f(z) - value) / unit, `f(${z})`).toBeLessThanOrEqual(roundings[name][0]);
      expectClose(derivative(z), slope, roundings[name][1] * 2 ** -53);
    }
  });

  test("GELU keeps its digits in the lower tail, where 1 + erf would have none left", () => {
    const tail = reference.activations.gelu.filter(([z]) => z < -3.6 && z > -38);
    expect(tail.length).toBeGreaterThanOrEqual(5);
    // e^{−z²/2} multiplies the roundings of z² (some five) by z²/2.
    for (const [z, value] of tail)
      expect(Math.abs(gelu.f(z) / value - 1)).toBeLessThan((10 + 2.5 * z * z) * 2 ** -53);
  });

  test("the normal distribution's two formulas meet: no jump in GELU where they change", () => {
    const z = 2.5 * Math.SQRT2;
    for (const side of [-1, 1]) {
      const [below, above] = [gelu.f(side * z * (1 - 1e-15)), gelu.f(side * z * (1 + 1e-15))];
      expect(Math.abs(below - above)).toBeLessThan(2e-14);
    }
  });
});

describe.each(elementwise)("$name", ({ f, derivative, range, kinks, ...one }) => {
  const grid = Array.from({ length: 1601 }, (_, i) => (i - 800) / 100 + 0.003);

  test("its derivative is the slope that central differences find", () => {
    const h = 1e-5;
    for (const z of grid) {
      if (kinks.some((kink) => Math.abs(z - kink) < 2 * h)) continue;
      expectClose(derivative(z), (f(z + h) - f(z - h)) / (2 * h), 1e-9);
    }
  });

  test("its derivative is the same with and without f(z) given", () => {
    for (const z of grid) expectClose(derivative(z, f(z)), derivative(z), 1e-15);
  });

  test("it keeps to its range, and comes near both ends", () => {
    const values = [...grid, -1e3, 1e3, -1e308, 1e308].map((z) => f(z));
    const [least, most] = [Math.min(...values), Math.max(...values)];
    expect(least).toBeGreaterThanOrEqual(range[0]);
    expect(most).toBeLessThanOrEqual(range[1]);
    if (range[0] === -Infinity) expect(least).toBeLessThan(-9e305);
    else expect(least - range[0]).toBeLessThan(1e-5);
    if (range[1] === Infinity) expect(most).toBeGreaterThan(9e307);
    else expect(range[1] - most).toBeLessThan(1e-5);
  });

  test.each([1e3, 1e308, Number.MAX_VALUE, Number.MIN_VALUE])("finite at ±%d", (size) => {
    for (const z of [-size, size]) {
      expect(Number.isFinite(f(z))).toBe(true);
      expect(Number.isFinite(derivative(z))).toBe(true);
    }
  });

  test("a NaN stays one, and is not taken for a result", () => {
    expect(f(Number.NaN)).toBeNaN();
  });

  test("it says its formulas", () => {
    expect(one.formula.length).toBeGreaterThan(0);
    expect(one.derivativeFormula.length).toBeGreaterThan(0);
  });
});

test("far out, f and its slope are at their limits", () => {
  expect([sigmoid.f(1e308), sigmoid.f(-1e308), sigmoid.derivative(1e308)]).toEqual([1, 0, 0]);
  expect([tanh.f(1e308), tanh.f(-1e308), tanh.derivative(-1e308)]).toEqual([1, -1, 0]);
  expect([elu.f(-1e308), elu.derivative(-1e308)]).toEqual([-1, 0]);
  expect([softplus.f(1e308), softplus.f(-1e308)]).toEqual([1e308, 0]);
  for (const { f, derivative } of [gelu, silu]) {
    expect(f(1e308)).toBe(1e308);
    expect(Math.abs(f(-1e308))).toBe(0);
    expect([derivative(1e308), Math.abs(derivative(-1e308))]).toEqual([1, 0]);
  }
});

describe("softmax", () => {
  const apply = (...z: number[]) => {
    const a = new Float64Array(z.length);
    activate(softmax, Float64Array.from(z), a);
    return Array.from(a);
  };

  test("e^z as shares of their sum: 1, 2 and 3 sixths", () => {
    const a = apply(0, Math.log(2), Math.log(3));
    [1 / 6, 2 / 6, 3 / 6].forEach((share, k) => {
      expectClose(a[k], share, 2e-16);
    });
  });

  test("only differences count, and nothing overflows", () => {
    expect(apply(1e308, 1e308)).toEqual([0.5, 0.5]);
    expect(apply(1000, -1000)).toEqual([1, 0]);
    expect(apply(-1e308, 1e308)).toEqual([0, 1]);
    expectClose(apply(1e6 + Math.log(3), 1e6)[0], 3 / 4, 1e-9);
  });

  test("its backward step is the whole Jacobian, worked out by differences of the outputs", () => {
    const z = Float64Array.of(0.3, -1.2, 2, 0.1);
    const slopes = Float64Array.of(0.7, -0.4, 1.5, 2);
    const a = new Float64Array(4);
    activate(softmax, z, a);
    const delta = slopes.slice();
    activateBackward(softmax, z, a, delta);
    const h = 1e-5;
    for (let j = 0; j < 4; j++) {
      const nudged = [h, -h].map((by) =>
        apply(...z.map((value, k) => (k === j ? value + by : value))),
      );
      let expected = 0;
      for (let k = 0; k < 4; k++) {
        expected += (slopes[k] * (nudged[0][k] - nudged[1][k])) / (2 * h);
      }
      expectClose(delta[j], expected, 1e-10);
    }
  });
});
