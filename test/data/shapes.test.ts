import { describe, expect, test } from "vitest";
import {
  arms,
  circle,
  classTargets,
  clouds,
  line,
  moons,
  spiral,
  split,
  xor,
  xorCorners,
} from "../../src/data";

const shapes = { circle, moons, spiral, line, xorCorners };

describe.each(Object.entries(shapes))("%s", (_, make) => {
  test("the same seed gives the same points, another seed others", () => {
    expect(make({ seed: 3 })).toEqual(make({ seed: 3 }));
    expect(make({ seed: 3 }).inputs).not.toEqual(make({ seed: 4 }).inputs);
  });

  test("both classes are equally many, and all points are near", () => {
    const { inputs, targets } = make({ samples: 400, noise: 0 });
    expect(targets.filter(([y]) => y === 1)).toHaveLength(200);
    for (const x of inputs) expect(Math.hypot(...x)).toBeLessThan(1.6);
  });

  test("200 samples with a noise of 0.1 and seed 1, unless told; with names", () => {
    expect(make()).toEqual(make({ samples: 200, noise: 0.1, seed: 1 }));
    expect(make().inputs).not.toEqual(make({ noise: 0 }).inputs);
    const { name, source, inputNames, targetNames } = make();
    expect([name, source]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/shapes/)]);
    expect([inputNames, targetNames]).toEqual([["X1", "X2"], ["Y"]]);
  });

  test("says what is wrong", () => {
    for (const samples of [1, 0, 2.5, Number.NaN]) {
      expect(() => make({ samples })).toThrow(
        `a whole number of at least 2, but it is ${samples}.`,
      );
    }
    for (const noise of [-1, Infinity, Number.NaN]) {
      expect(() => make({ noise })).toThrow(`a standard deviation, 0 or more, but it is ${noise}.`);
    }
    expect(make({ samples: 2 }).inputs).toHaveLength(2);
  });
});

describe.each(Object.entries({ clouds, arms }))("%s", (_, make) => {
  test("has three classes, equally many, each with a target of its own, and the same points for a seed", () => {
    const set = make({ samples: 300, noise: 0 });
    const counts = [0, 1, 2].map((k) => set.targets.filter((target) => target[k] === 1).length);
    expect(counts).toEqual([100, 100, 100]);
    for (const target of set.targets) expect(target.reduce((sum, y) => sum + y, 0)).toBe(1);
    for (const x of set.inputs) expect(Math.hypot(...x)).toBeLessThanOrEqual(1);
    expect(set.targetNames).toEqual(["Y0", "Y1", "Y2"]);
    expect(set.name).toMatch(/^three \w+$/);
    expect(make({ seed: 3 })).toEqual(make({ seed: 3 }));
    expect(make({ seed: 3 }).inputs).not.toEqual(make({ seed: 4 }).inputs);
  });
});

test("clouds stand at the corners of a triangle, 0.6 from the middle; arms are a third of a turn apart", () => {
  const middle = (set: ReturnType<typeof clouds>, k: number) => {
    const own = set.inputs.filter((_, n) => set.targets[n][k] === 1);
    return [0, 1].map((i) => own.reduce((sum, x) => sum + x[i], 0) / own.length);
  };
  const set = clouds({ samples: 6000, noise: 0 });
  for (const k of [0, 1, 2]) {
    const angle = Math.PI * (1 / 2 + (2 * k) / 3);
    const [x, y] = middle(set, k);
    expect(x).toBeCloseTo(0.6 * Math.cos(angle), 1);
    expect(y).toBeCloseTo(0.6 * Math.sin(angle), 1);
  }
  const turns = arms({ samples: 300, noise: 0 });
  for (const [n, { 0: x, 1: y }] of turns.inputs.entries()) {
    const way = Math.hypot(x, y);
    const own = turns.targets[n].indexOf(1);
    const turned = Math.atan2(y, x) / (2 * Math.PI) - way - own / 3;
    expect(Math.abs(turned - Math.round(turned))).toBeLessThan(1e-9);
  }
});

test("a disc, its ring and clouds lie all round: a quarter of the points on each side of both diagonals", () => {
  const middles = [0, 1, 2].map((k) => Math.PI * (1 / 2 + (2 * k) / 3));
  const [discs, round] = [circle, clouds].map((make) => make({ samples: 6000, noise: 0 }));
  const parts = [
    ...[0, 1].map((k) => discs.inputs.filter((_, n) => discs.targets[n][0] === k)),
    ...middles.map((angle, k) =>
      round.inputs
        .filter((_, n) => round.targets[n][k] === 1)
        .map(([x, y]) => [x - 0.6 * Math.cos(angle), y - 0.6 * Math.sin(angle)]),
    ),
  ];
  for (const points of parts) {
    const sides = [0, 0, 0, 0];
    for (const [x, y] of points) sides[2 * Number(x > y) + Number(x > -y)]++;
    // Of 2,000 a share of a quarter has a deviation of 1 %; four are allowed.
    for (const count of sides) expect(Math.abs(count / points.length - 0.25)).toBeLessThan(0.04);
  }
});

test("a class of two is one target, and of three a target each", () => {
  expect([classTargets(0, 2), classTargets(1, 2)]).toEqual([[0], [1]]);
  expect(classTargets(2, 3)).toEqual([0, 0, 1]);
});

test("noise moves points by its standard deviation", () => {
  const [still, moved] = [0, 0.2].map((noise) => xorCorners({ samples: 2000, noise }).inputs);
  const moves = still.flatMap((x, n) => x.map((value, i) => moved[n][i] - value));
  const deviation = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / moves.length);
  expect(deviation).toBeGreaterThan(0.19);
  expect(deviation).toBeLessThan(0.21);
});

test("four corners without noise are the truth table of XOR", () => {
  const corners = xorCorners({ samples: 4, noise: 0 });
  expect(corners.inputs).toEqual(xor.inputs);
  expect(corners.targets).toEqual(xor.targets);
});

test("the shapes are what they are called, at the points without noise", () => {
  const rows = (make: typeof circle) => {
    const { inputs, targets } = make({ samples: 300, noise: 0 });
    return inputs.map(([x, y], n) => ({ x, y, kind: targets[n][0] }));
  };
  for (const { x, y, kind } of rows(circle)) expect(Math.hypot(x, y) > 0.65).toBe(kind === 1);
  for (const { x, y, kind } of rows(line)) expect(y > x / 2).toBe(kind === 1);
  for (const { x, y, kind } of rows(spiral)) {
    const way = Math.hypot(x, y);
    const angle = 3 * Math.PI * way + kind * Math.PI;
    expect(x).toBeCloseTo(way * Math.cos(angle), 12);
    expect(y).toBeCloseTo(way * Math.sin(angle), 12);
  }
  for (const { x, y, kind } of rows(moons)) {
    const turned = kind === 0 ? 1 : -1;
    expect(Math.hypot(1.5 * x + 0.5 * turned, 1.5 * y + 0.25 * turned)).toBeCloseTo(1, 12);
    expect(turned * (1.5 * y + 0.25 * turned)).toBeGreaterThanOrEqual(0);
  }
});

describe("split", () => {
  test("keeps every sample once, with its target", () => {
    const data = moons({ samples: 50 });
    const { train, test: apart } = split(data, 0.3, 7);
    expect(apart.inputs).toHaveLength(15);
    const all = [...train.inputs, ...apart.inputs];
    expect(new Set(all)).toEqual(new Set(data.inputs));
    for (const part of [train, apart]) {
      part.inputs.forEach((x, n) => {
        expect(part.targets[n]).toBe(data.targets[data.inputs.indexOf(x as number[])]);
      });
    }
  });

  test("leaves something to train on, or says so", () => {
    const data = moons({ samples: 50 });
    expect(split(data, 0).test.inputs).toEqual([]);
    expect(() => split(data, 0.995)).toThrow(/to leave a sample to train on/);
    expect(() => split({ ...data, targets: [[0]] }, 0.5)).toThrow(
      /there are 50 rows of inputs and 1 of targets/,
    );
    for (const share of [-0.1, 1, 0.99, Number.NaN]) {
      expect(() => split(data, share)).toThrow(
        `The test share has to be at least 0 and below 1 and to leave a sample to train on, but it is ${share} of 50 samples.`,
      );
    }
    expect(split(data, 0.98).train.inputs).toHaveLength(1);
    expect(split(data, 0.5)).toEqual(split(data, 0.5, 1));
    expect(split(data, 0.5).test).not.toEqual(split(data, 0.5, 2).test);
  });
});
