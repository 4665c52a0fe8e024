/** Where numbers lie: by hand, and beside counting the indices one by one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as arrays from "../../src/arrays";
import type { Path } from "../../src/engines";

/** All indices of a shape, the last axis running fastest. */
function indices(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((at) => Array.from({ length }, (_, i) => [...at, i])),
    [[]],
  );
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, one, n) => sum + one * b[n], 0);

/** The places that a path comes by. */
const walked = ({ starts, length, step }: Path) =>
  Array.from(starts).flatMap((start) => Array.from({ length }, (_, n) => start + n * step));

const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 });
const shapeAndSteps = lengths.chain((shape) => {
  const step = fc.integer({ min: 0, max: 9 });
  const steps = fc.array(step, { minLength: shape.length, maxLength: shape.length });
  return fc.tuple(fc.constant(shape), steps, fc.nat(5));
});

describe("places", () => {
  test("are start and steps times indices, in a table and along a path", () => {
    const property = fc.property(shapeAndSteps, ([shape, steps, start]) => {
      const wanted = indices(shape).map((at) => start + dot(at, steps));
      expect(Array.from(arrays.places(shape, steps, start))).toEqual(wanted);
      const own = arrays.stepsOf(shape);
      const [there, here] = arrays.paths(shape, [steps, own], [start]);
      expect(walked(there)).toEqual(wanted);
      expect(walked(here)).toEqual([...wanted.keys()]);
    });
    fc.assert(property, { numRuns: 200, seed: 5 });
  });

  test("that all arrays run through as one are one line", () => {
    const [path] = arrays.paths([2, 3, 4], [[12, 4, 1]]);
    expect(path).toMatchObject({ starts: Int32Array.of(0), length: 24, step: 1 });
    const [x, y] = arrays.paths([2, 3], [arrays.stepsOf([2, 3]), arrays.stretched([3], [2, 3])]);
    expect([walked(x), walked(y)]).toEqual([
      [0, 1, 2, 3, 4, 5],
      [0, 1, 2, 0, 1, 2],
    ]);
  });

  test("of index i, and how far the next is", () => {
    const shape = [2, 3, 4];
    expect(arrays.stepsOf(shape)).toEqual([12, 4, 1]);
    expect(indices(shape).map((_, i) => arrays.placeOf(shape, i))).toEqual(indices(shape));
  });
});

describe("what is left of a shape", () => {
  test("over axes: each number of x beside the sum it is in, and as many in each", () => {
    const { shape, count, X, Y, one } = arrays.reduced("sum", [2, 3, 2], [0, -1]);
    expect([shape, count]).toEqual([[3], 4]);
    const pairs = walked(X).map((x, n) => [x, walked(Y)[n]]);
    // x counts 2 × 3 × 2: the middle index is its sum.
    expect(pairs).toEqual(Array.from({ length: 12 }, (_, x) => [x, Math.floor(x / 2) % 3]));
    expect(walked(one)).toEqual(new Array(12).fill(0));
  });

  test("the same numbers by groups", () => {
    const { shape, count, places } = arrays.groupsAlong("max", [2, 3], 0);
    expect({ shape, count, places: Array.from(places) }).toEqual({
      ...{ shape: [3], count: 2, places: [0, 3, 1, 4, 2, 5] },
    });
  });
});

describe("kernels and windows", () => {
  test("meet zeros where the padding is", () => {
    // 0 [a b c] 0 under two entries, in steps of 2: (0 a), (b c)
    const meeting = arrays.meetings("conv1d", 1, [1, 1, 3], [1, 1, 2], { stride: 2, padding: 1 });
    expect(meeting).toMatchObject({ shape: [1, 1, 2], samples: 1, O: 1, entries: 2, spots: 2 });
    expect(Array.from(meeting.X)).toEqual([-1, 1, 0, 2]);
    expect(Array.from(meeting.XT)).toEqual([-1, 0, 1, 2]);
    const taken = new Float64Array(4);
    arrays.take(taken, Float64Array.of(9, 9, 9, 5, 6, 7), meeting.X, 3);
    expect(Array.from(taken)).toEqual([0, 6, 5, 7]);
    const put = new Float64Array(3);
    arrays.put(put, Float64Array.of(100, 1, 2, 3), meeting.X, 0);
    expect(Array.from(put)).toEqual([2, 1, 3]);
  });

  test("an image under a kernel", () => {
    const { shape, X } = arrays.meetings("conv2d", 2, [5, 1, 2, 3], [4, 1, 2, 2], {});
    expect(shape).toEqual([5, 4, 1, 2]);
    expect(Array.from(X)).toEqual([0, 1, 1, 2, 3, 4, 4, 5]);
  });

  test("windows that overlap", () => {
    const { shape, places } = arrays.windows("maxPool1d", 1, [2, 3], 2, 1);
    expect([shape, Array.from(places)]).toEqual([
      [2, 2],
      [0, 1, 1, 2, 3, 4, 4, 5],
    ]);
  });
});

test("one matrix for many is one product of all their rows", () => {
  expect(arrays.multiplied([5, 2, 3], [3, 4])).toMatchObject({
    shape: [5, 2, 4],
    n: 10,
    k: 3,
    m: 4,
  });
  const many = arrays.multiplied([2, 3], [5, 3, 4]);
  expect(many).toMatchObject({ shape: [5, 2, 4], n: 2, ofA: new Int32Array(5) });
  expect(many.ofB).toEqual(Int32Array.of(0, 1, 2, 3, 4));
});

describe("memory", () => {
  const holder = (array: Float64Array, done: Float64Array[] = []) => ({
    release(give: (array: Float64Array) => void) {
      done.push(array);
      give(array);
    },
  });

  test("what is released is used again, all 0, and what was kept last goes first", () => {
    const memory: arrays.Memory = new Map();
    const done: Float64Array[] = [];
    const run = () => {
      const both = [arrays.room(3), arrays.room(3)];
      for (const array of both) {
        expect(Array.from(array)).toEqual([0, 0, 0]);
        arrays.keep(holder(array.fill(7), done));
      }
      return both;
    };
    const first = arrays.withMemory(run, memory);
    expect(done).toEqual([first[1], first[0]]);
    expect(new Set(arrays.withMemory(run, memory))).toEqual(new Set(first));
    expect(first).not.toContain(arrays.room(3));
  });

  test("an error, or a run within, ends its own alone", () => {
    const memory: arrays.Memory = new Map();
    arrays.withMemory(() => {
      arrays.keep(holder(arrays.room(2)));
      const fails = () => {
        arrays.keep(holder(arrays.room(5)));
        throw new Error("as it happens");
      };
      expect(() => arrays.withMemory(fails, new Map())).toThrow("as it happens");
      expect(memory.size).toBe(0);
    }, memory);
    expect([...memory.keys()]).toEqual([2]);
  });
});
