import { describe, expect, test } from "vitest";
import { createRandom, shuffle } from "../../src/arithmetic";

const bits = 0xffffffffn;

/**
 * xoshiro128** as its authors publish it (prng.di.unimi.it/xoshiro128starstar.c), in whole numbers
 * of any size, and the seeding that the library describes: MurmurHash3's finaliser (fmix32) of the
 * seed plus multiples of the golden ratio's first 32 bits.
 */
function* published(seed: number): Generator<number> {
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (32n - by))) & bits;
  const mix = (x: bigint) => {
    let h = x & bits;
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & bits;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & bits;
    return h ^ (h >> 16n);
  };
  const s = [1n, 2n, 3n, 4n].map((i) => mix(BigInt(seed) + i * 0x9e3779b9n));
  for (;;) {
    yield Number((rotate((s[1] * 5n) & bits, 7n) * 9n) & bits) / 2 ** 32;
    const t = (s[1] << 9n) & bits;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

describe("createRandom", () => {
  test.each([0, 1, 2, 12345, 0x7fffffff, 0x80000000, 0xffffffff])(
    "seed %d gives the published algorithm's numbers",
    (seed) => {
      const random = createRandom(seed);
      const expected = published(seed);
      for (let n = 0; n < 500; n++) expect(random()).toBe(expected.next().value);
    },
  );

  test("a seed repeats its numbers, and another seed gives others", () => {
    const draw = (seed: number) => Array.from({ length: 20 }, createRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(new Set([1, 2, 3, 4].flatMap(draw)).size).toBe(80);
  });

  test("uniform in [0, 1): each tenth gets its share, and neighbours are not related", () => {
    const count = 100_000;
    const random = createRandom(3);
    const numbers = Array.from({ length: count }, random);
    const tenths = new Array<number>(10).fill(0);
    let products = 0;
    numbers.forEach((number, n) => {
      tenths[Math.floor(number * 10)]++;
      if (n > 0) products += (number - 0.5) * (numbers[n - 1] - 0.5);
    });
    expect(tenths).toHaveLength(10); // a number outside [0, 1) would have made another
    // A tenth's count has a standard deviation of √(n · 0.1 · 0.9) = 95, the mean product of 1/(12 √n).
    for (const tenth of tenths) expect(Math.abs(tenth - count / 10)).toBeLessThan(5 * 95);
    expect(Math.abs(products / count)).toBeLessThan(5 / (12 * Math.sqrt(count)));
  });

  test.each([-1, 1.5, 2 ** 32, Number.NaN, Infinity])("%d is no seed", (seed) => {
    expect(() => createRandom(seed)).toThrow(
      `A seed is a whole number from 0 to 4294967295, but this one is ${seed}.`,
    );
  });
});

test("shuffle makes every order of three equally often", () => {
  const random = createRandom(11);
  const counts = new Map<string, number>();
  for (let n = 0; n < 6000; n++) {
    const order = Uint32Array.of(0, 1, 2);
    shuffle(order, random);
    counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // 1000 each, standard deviation √(6000 · 1/6 · 5/6) = 29
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 29);
});
