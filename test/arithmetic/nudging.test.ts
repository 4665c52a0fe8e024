/** Slopes from values alone: where the function is asked, what is made of its answers, and what that says of a claim. */
import { describe, expect, test } from "vitest";
import { judgeSlope, type NudgedSlope, nudgedSlope, passedOn } from "../../src/arithmetic";

/** The places at which a slope at z asks its function, as distances from z; the first is z itself. */
function asked(z: number, nudge: number, f: (z: number) => number = Math.tanh): number[] {
  const places: number[] = [];
  nudgedSlope(
    (at) => {
      places.push(at);
      return f(at);
    },
    z,
    nudge,
  );
  expect(places[0]).toBe(z);
  return places.slice(1).map((at) => at - z);
}

describe("where the function is asked", () => {
  test.each([
    ["at 0", 0, 2 ** -10, 2 ** -10, 2 ** -1],
    ["at 1", 1, 2 ** -10, 2 ** -10, 2 ** -1],
    ["nearer to 0 by a share of z", 2 ** -6, 2 ** -10, 2 ** -16, 2 ** -1],
    ["at a large z up to half of it", 2 ** 10, 2 ** -10, 2 ** -10, 2 ** 9],
    ["at a huge z no nearer than its digits allow", 2 ** 60, 2 ** -10, 2 ** 12, 2 ** 59],
    ["on the other side of 0 alike", -(2 ** 10), 2 ** -10, 2 ** -10, 2 ** 9],
  ])("%s: below and above, twice as far each time", (_, z, nudge, nearest, furthest) => {
    const expected: number[] = [];
    for (let h = nearest; h <= furthest; h *= 2) expected.push(-h, h);
    expect(asked(z, nudge)).toEqual(expected);
  });

  test("at a z too small for shares of it, by a nudge whose products do not underflow", () => {
    const [below, above] = asked(1e-200, 1e-5);
    expect([-below, above]).toEqual([1e-150, 1e-150]);
  });

  test("what a function throws a nudge away is thrown on; further off it need not exist", () => {
    const from = (least: number) => (z: number) => {
      if (z < least) throw new RangeError(`no value at ${z}`);
      return 2 * z;
    };
    expect(() => nudgedSlope(from(1), 1, 2 ** -10)).toThrow(`no value at ${1 - 2 ** -10}`);
    const { slope, error, kink } = nudgedSlope(from(1 - 2 ** -8), 1, 2 ** -10);
    expect(Math.abs(slope - 2)).toBeLessThanOrEqual(error);
    expect({ kink, sharp: error < 1e-9 }).toEqual({ kink: false, sharp: true });
  });

  test("any other error than that a value does not exist is thrown on from anywhere", () => {
    const broken = (z: number) => {
      if (z > 1.2) throw new TypeError("broken");
      return z;
    };
    expect(() => nudgedSlope(broken, 1, 2 ** -10)).toThrow("broken");
  });
});

describe("what is made of its answers", () => {
  const smooth: [string, (z: number) => number, (z: number) => number][] = [
    ["z²", (z) => z * z, (z) => 2 * z],
    ["z³", (z) => z ** 3, (z) => 3 * z * z],
    ["e^z", Math.exp, Math.exp],
    ["sin z", Math.sin, Math.cos],
    ["1 / (1 + z²)", (z) => 1 / (1 + z * z), (z) => (-2 * z) / (1 + z * z) ** 2],
    ["a line", (z) => 7 - 3 * z, () => -3],
  ];

  test.each(smooth)(
    "%s: the slope lies within the error, and the error is small",
    (_, f, slope) => {
      for (const z of [-9.7, -2, -0.3, -1e-4, 1e-7, 0.2, 0.5, 1, 1.9, 8]) {
        const found = nudgedSlope(f, z, 1e-5);
        expect(found.kink).toBe(false);
        expect(Math.abs(found.slope - slope(z)), `at ${z}`).toBeLessThanOrEqual(found.error);
        expect(found.error, `at ${z}`).toBeLessThan(1e-10 * Math.max(1, Math.abs(slope(z)), f(z)));
      }
    },
  );

  test.each([
    ["|z|", Math.abs, 0, 0, 1],
    ["ReLU", (z: number) => Math.max(0, z), 0, 0.5, 0.5],
    ["leaky ReLU", (z: number) => Math.max(0.01 * z, z), 0, 0.505, 0.495],
    ["a roof", (z: number) => Math.min(3 * z, 5 - 2 * z), 1, 0.5, 2.5],
  ])(
    "%s has a kink there: all from the one side's slope to the other's",
    (_, f, z, slope, error) => {
      const found = nudgedSlope(f, z, 1e-5);
      expect(found.kink).toBe(true);
      expect(found.slope).toBeCloseTo(slope, 9);
      expect(found.error).toBeCloseTo(error, 9);
      // Both sides' own slopes are among what is possible.
      expect(found.slope + found.error).toBeGreaterThanOrEqual(slope + error);
      expect(found.slope - found.error).toBeLessThanOrEqual(slope - error);
    },
  );

  test("where only f″ jumps each side by itself gives the slope, which both together would blur", () => {
    const bent = (z: number) => (z < 0 ? Math.sin(z) : Math.expm1(z) + 3 * z * z);
    for (const f of [bent, (z: number) => -bent(-z)]) {
      const { slope, error, kink } = nudgedSlope(f, 0, 1e-5);
      expect(kink).toBe(false);
      expect(Math.abs(slope - 1)).toBeLessThanOrEqual(error);
      expect(error).toBeLessThan(1e-10);
    }
  });

  test("where nothing jumps both together give it more sharply than either side", () => {
    const both = nudgedSlope(Math.exp, 0.3, 1e-5).error;
    const oneSided = nudgedSlope(
      (z) => (z < 0.3 ? Math.exp(z) : Math.exp(z) + (z - 0.3) ** 2),
      0.3,
      1e-5,
    );
    expect(both).toBeLessThan(oneSided.error / 2);
  });

  test("so it has nearer to one than the nudge, for all that can be told", () => {
    const { slope, error, kink } = nudgedSlope((z) => Math.abs(z - 1), 1 + 1e-6, 1e-5);
    expect(kink).toBe(true);
    for (const side of [-1, 1]) expect(Math.abs(slope - side)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1.001);
  });

  test("a constant's slope is 0, as nearly as rounding shows", () => {
    for (const z of [0, 1e-9, 0.4, -3, 1e6]) {
      const { slope, error, kink } = nudgedSlope(() => 5, z, 1e-5);
      expect({ slope, kink }).toEqual({ slope: 0, kink: false });
      expect(error).toBeGreaterThanOrEqual(Number.EPSILON);
      expect(error).toBeLessThan(1e-7);
    }
  });

  test("of a constant 0 too, and of a large one as nearly as its own rounding shows", () => {
    expect(nudgedSlope(() => 0, 0.4, 1e-5)).toEqual({
      slope: 0,
      error: Number.EPSILON,
      kink: false,
    });
    expect(nudgedSlope(() => 1e6, 0.4, 1e-5).error).toBeGreaterThan(1e6 * Number.EPSILON);
  });

  test("the further its values may be off, the less is known", () => {
    const errorWith = (noise: number) => nudgedSlope(Math.exp, 0.3, 1e-5, () => noise).error;
    const errors = [0, 1e-12, 1e-9, 1e-6].map(errorWith);
    for (const [n, error] of errors.entries()) {
      if (n > 0) expect(error).toBeGreaterThan(10 * errors[n - 1]);
    }
    // With two values off by ε the difference over the widest nudges, about 1 apart, is off by 2 ε or so.
    expect(errors[3]).toBeGreaterThan(1e-6);
    expect(errors[3]).toBeLessThan(1e-4);
  });

  test("values that are off are asked for at their own places, and the error holds", () => {
    const places = new Set<number>();
    const noisy = (z: number) => Math.sin(z) + 1e-9 * Math.cos(1e12 * z);
    const { slope, error } = nudgedSlope(noisy, 0.7, 1e-5, (z) => {
      places.add(z);
      return 1e-9;
    });
    expect(Math.abs(slope - Math.cos(0.7))).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-6);
    for (const z of [0.7, 0.7 - 7e-6, 0.7 + 7e-6]) expect([...places]).toContainEqual(z);
  });

  test("an infinite value says nothing, and spoils nothing", () => {
    const wall = (z: number) => (z > 0.5 ? Infinity : Math.exp(z));
    const { slope, error, kink } = nudgedSlope(wall, 0.3, 1e-5);
    expect(kink).toBe(false);
    expect(Math.abs(slope - Math.exp(0.3))).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-8);
  });

  test("what is flat further off does not overrule a slope near by, nor a straight line a bend", () => {
    const plateau = (z: number) => Math.max(-0.01, Math.min(0.01, z));
    expect(nudgedSlope(plateau, 1e-3, 1e-5)).toMatchObject({
      kink: false,
      slope: expect.closeTo(1, 9),
    });
    const bend = (z: number) => (z < 0 ? Math.expm1(z) : z);
    for (const z of [-3, -1, -0.1]) {
      const { slope, error } = nudgedSlope(bend, z, 1e-5);
      expect(Math.abs(slope - Math.exp(z))).toBeLessThanOrEqual(error);
      expect(error).toBeLessThan(1e-8);
    }
  });

  test("what is sharp already is not overruled by what is further off, beyond a jump", () => {
    // Beyond ±0.001 two points tell a slope of 2 as exactly as numbers come.
    const { slope, error } = nudgedSlope((z) => (Math.abs(z) < 1e-3 ? z : 2 * z), 0, 1e-5);
    expect(Math.abs(slope - 1)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(1e-9);
  });

  describe("of what lies further than 1 from a large z, under 10⁸ that leaves few digits", () => {
    /** At 100: 10⁸ and one slope within 1 of it, another beyond. */
    const at100 = (near: number, far: number) =>
      nudgedSlope((z) => 1e8 + (Math.abs(z - 100) <= 1 ? near : far) * (z - 100), 100, 1e-5);

    test("a line's slope is taken, which could not be told near by", () => {
      const { slope, error } = at100(1e-4, 1e-4);
      expect(Math.abs(slope - 1e-4)).toBeLessThanOrEqual(error);
      expect(error).toBeLessThan(2e-8);
    });

    test("nothing is taken that is flat, whatever it is near by", () => {
      const { slope, error } = at100(2e-8, 0);
      expect(Math.abs(slope - 2e-8)).toBeLessThanOrEqual(error);
      expect(error).toBeGreaterThan(1e-8);
    });

    test("nothing is taken that does not fit what is known near by", () => {
      const { slope, error } = at100(1e-4, 2e-4);
      expect(Math.abs(slope - 1e-4)).toBeLessThanOrEqual(error);
    });
  });
});

describe("what it says of a claimed slope", () => {
  const sharp = { slope: 2, error: 1e-12, kink: false };
  const judged = (claimed: number, found: NudgedSlope, parts = 2) =>
    judgeSlope(claimed, found, 1e-6, parts);

  test.each([
    ["the same", 2, "agrees"],
    ["off by less than the tolerance's share", 2 + 1.9e-6, "agrees"],
    ["off by more", 2 + 2.1e-6, "differs"],
    ["off by more on the other side", 2 - 2.1e-6, "differs"],
    ["of the other sign", -2, "differs"],
    ["none", 0, "differs"],
  ])("%s", (_, claimed, verdict) => {
    expect(judged(claimed, sharp)).toMatchObject({ verdict, isSharp: true });
  });

  test("the error is a share of the larger of the two", () => {
    expect(judged(2, sharp).error).toBe(0);
    expect(judged(4, sharp).error).toBeCloseTo(0.5, 12);
    expect(judged(1, sharp).error).toBeCloseTo(0.5, 12);
    expect(judged(-2, sharp).error).toBeCloseTo(2, 12);
  });

  test("within what is not known nothing differs, and what is known too roughly cannot tell", () => {
    const rough = { slope: 2, error: 1e-3, kink: false };
    expect(judged(2.0009, rough)).toMatchObject({ verdict: "cannot tell", isSharp: false });
    expect(judged(2.0011, rough)).toMatchObject({ verdict: "differs" });
    // A hundred times the tolerance is the roughest that counts.
    expect(judged(2, { ...rough, error: 1.99e-4 })).toMatchObject({ verdict: "agrees" });
    expect(judged(2, { ...rough, error: 2.01e-4 })).toMatchObject({ verdict: "cannot tell" });
  });

  test("its uncertainty is the slope's, a hair more, and never too small for its digits", () => {
    expect(judged(2, sharp).uncertainty).toBeCloseTo(1e-12, 20);
    expect(judged(2, sharp).uncertainty).toBeGreaterThan(1e-12);
    expect(judged(0, { slope: 0, error: 0, kink: false }).uncertainty).toBe(1e-290);
  });

  test("two slopes of 0 agree where they are the rounding of what cancels, but not at a kink", () => {
    const rest = { slope: 1e-17, error: 1e-15, kink: false };
    expect(judged(0, rest)).toMatchObject({ verdict: "agrees", isSharp: true });
    expect(judged(0, rest, 1e-3)).toMatchObject({ verdict: "cannot tell", isSharp: false });
    expect(judged(0, { ...rest, slope: 1e-14 })).toMatchObject({ isSharp: false });
    expect(judged(0, { ...rest, kink: true })).toMatchObject({ verdict: "cannot tell" });
    // Eight units in the last place of the parts are the most that counts as none.
    const near = 8 * Number.EPSILON;
    const open = { slope: 0, error: 1e-12, kink: false };
    expect(judged(0.99 * near, open, 1).isSharp).toBe(true);
    expect(judged(1.01 * near, open, 1).isSharp).toBe(false);
  });

  test("the limits themselves still count: the tolerance, the roughest, and as little as is known", () => {
    const exact = { slope: 1, error: 0, kink: false };
    expect(judgeSlope(2, exact, 0.5, 0)).toMatchObject({ error: 0.5, verdict: "agrees" });
    const least = { slope: 1e-290, error: 0, kink: false };
    expect(judgeSlope(1e-290, least, 0.01, 0).verdict).toBe("agrees");
    expect(judgeSlope(1e-290, least, 1e-6, 1).verdict).toBe("agrees");
  });

  test("a slope that is known to be none of the rounding is not taken for it", () => {
    const small = { slope: 1e-16, error: 1e-17, kink: false };
    expect(judged(1e-16, small, 1)).toMatchObject({ verdict: "cannot tell", isSharp: false });
  });

  test("at the edge of a kink the slope of one side is possible", () => {
    const kink = { slope: 0.5, error: 0.5, kink: true };
    for (const claimed of [0, 0.5, 1, 1 + 1e-12])
      expect(judged(claimed, kink).verdict).toBe("cannot tell");
    for (const claimed of [-1e-5, 1.001, -1]) expect(judged(claimed, kink).verdict).toBe("differs");
  });
});

describe("what it makes of a change that is passed on", () => {
  const found = { slope: -2, error: 0.125, kink: false };

  test("a change is multiplied by the slope; what is open in either is open after", () => {
    const { change, error } = passedOn(found, 3, 0.5);
    expect(change).toBe(-6);
    // |slope| · open + what is open in the slope · (change + open), and four units in the last place
    expect(error).toBe(2 * 0.5 + 0.125 * (3 + 0.5) + 4 * Number.EPSILON * 6);
    expect(passedOn(found, -3, 0.5)).toEqual({ change: 6, error });
  });

  test("no change is none, but for what is open", () => {
    expect(passedOn({ ...found, slope: Infinity }, 0, 0)).toEqual({ change: 0, error: 0 });
    expect(passedOn(found, 0, 0.5).error).toBe(2 * 0.5 + 0.125 * 0.5);
    expect(passedOn({ ...found, error: 0 }, 3, 0).error).toBe(4 * Number.EPSILON * 6);
  });
});
