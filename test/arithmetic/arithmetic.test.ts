/** The elementary functions beside values of sixty digits: reference.py says how the file was made. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as arithmetic from "../../src/arithmetic";
import reference from "./reference.json";

const { cos, exp, expm1, inlineTables, log, log1p, norm, pow, sin, tanh } = arithmetic;

/** The furthest that a result may be from the true value, in units in the last place. */
const most = {
  exp: 0.8,
  expm1: 0.8,
  log: 0.8,
  log1p: 0.8,
  tanh: 1.2,
  sin: 0.8,
  cos: 0.8,
  pow: 0.8,
};
type Name = keyof typeof most;
const names = Object.keys(most) as Name[];
const one = { exp, expm1, log, log1p, tanh, sin, cos };
const ofOne = Object.entries(one);

/** The distance from |x| to the next larger number. */
function ulp(x: number): number {
  const next = new BigInt64Array(new Float64Array([Math.abs(x)]).buffer);
  next[0]++;
  return new Float64Array(next.buffer)[0] - Math.abs(x);
}

describe.each(names)("%s against mpmath", (name) => {
  const rows = reference[name];
  const call = ([x, y]: number[]) => (name === "pow" ? pow(x, y) : one[name](x));

  test(`at most ${most[name]} units in the last place from the true value`, () => {
    expect(rows.length).toBeGreaterThan(150);
    for (const row of rows) {
      const x = row.slice(0, -2);
      const [nearest, offset] = row.slice(-2); // true value = nearest + offset units
      const error = (call(x) - nearest) / ulp(nearest) - offset;
      expect(Math.abs(error), `${name}(${x}) = ${call(x)}, off by ${error}`).toBeLessThanOrEqual(
        most[name],
      );
    }
  });
});

test("the file covers all sizes, subnormal results and arguments next to multiples of π/2 too", () => {
  const results = (name: Name) => reference[name].map((row) => Math.abs(row[row.length - 2]));
  for (const name of ["exp", "pow"] as const) {
    expect(results(name).filter((y) => y > 0 && y < 2 ** -1022).length).toBeGreaterThan(10);
    expect(results(name).filter((y) => y > 1e280).length).toBeGreaterThan(3);
  }
  for (const name of ["expm1", "log1p", "tanh", "sin"] as const)
    expect(results(name).filter((y) => y < 1e-12).length).toBeGreaterThan(10);
  expect(results("cos").filter((y) => y < 1e-9).length).toBeGreaterThan(10);
  for (const name of ["sin", "cos"] as const)
    expect(reference[name].filter(([x]) => Math.abs(x) > 2 ** 60).length).toBeGreaterThan(10);
});

describe("the ends of the numbers", () => {
  const { MAX_VALUE: largest, MIN_VALUE: least, NaN: none } = Number;
  test.each([
    [
      "exp",
      [
        [0, 1],
        [-0, 1],
        [Infinity, Infinity],
        [-Infinity, 0],
      ],
    ],
    [
      "exp",
      [
        [709.7827128933841, Infinity],
        [1e308, Infinity],
        [-745.1332191019411, least],
        [-745.1332191019412, 0],
        [-1e308, 0],
      ],
    ],
    [
      "expm1",
      [
        [0, 0],
        [-0, -0],
        [least, least],
        [-least, -least],
        [Infinity, Infinity],
        [-Infinity, -1],
        [710, Infinity],
        [-1e308, -1],
      ],
    ],
    [
      "log",
      [
        [1, 0],
        [0, -Infinity],
        [-0, -Infinity],
        [-least, none],
        [-1, none],
        [-Infinity, none],
        [Infinity, Infinity],
      ],
    ],
    [
      "log1p",
      [
        [0, 0],
        [-0, -0],
        [-1, -Infinity],
        [-1.0000000000000002, none],
        [-Infinity, none],
        [Infinity, Infinity],
        [-least, -least],
      ],
    ],
    [
      "tanh",
      [
        [0, 0],
        [-0, -0],
        [least, least],
        [-least, -least],
        [20, 1],
        [-20, -1],
        [largest, 1],
        [Infinity, 1],
        [-Infinity, -1],
      ],
    ],
    [
      "sin",
      [
        [0, 0],
        [-0, -0],
        [least, least],
        [-least, -least],
        [Infinity, none],
        [-Infinity, none],
      ],
    ],
    [
      "cos",
      [
        [0, 1],
        [-0, 1],
        [least, 1],
        [Infinity, none],
        [-Infinity, none],
      ],
    ],
  ] as const)("of %s", (name, cases) => {
    for (const [x, y] of [...cases, [none, none]]) expect(one[name](x), `${name} ${x}`).toBe(y);
  });

  test("of pow: as ECMAScript says for **, in every pair of what is no ordinary number", () => {
    const values = [0, 1, 2, 3, 0.5, 1.5, 1e300, least, 2 ** 53, Infinity].flatMap((x) => [x, -x]);
    let cases = 0;
    for (const x of [...values, none]) {
      for (const y of [...values, none]) {
        const wanted = x ** y;
        // Where the result is an ordinary one, the reference speaks.
        if (Number.isFinite(wanted) && wanted !== 0 && Math.abs(wanted) !== 1) continue;
        cases++;
        expect(pow(x, y), `${x} ** ${y}`).toBe(wanted);
      }
    }
    expect(cases).toBeGreaterThan(250);
  });

  test("of norm", () => {
    expect([norm([]), norm([0, -0]), norm([-3]), norm([3, 4]), norm([1, 2, 2])]).toEqual([
      0, 0, 3, 5, 3,
    ]);
    expect(norm([3 * 2 ** 600, -4 * 2 ** 600])).toBe(5 * 2 ** 600);
    expect(norm([3 * least, 4 * least])).toBe(5 * least);
    expect(norm([1, Infinity])).toBe(Infinity);
    expect(norm([1, none])).toBeNaN();
  });
});

describe("identities that hold to the bit", () => {
  const any = fc.double({ noDefaultInfinity: true, noNaN: true });
  const small = fc.double({ min: -700, max: 700, noNaN: true });

  test.each([tanh, sin])("odd: %s(−x) = −%s(x)", (f) => {
    fc.assert(
      fc.property(any, (x) => Object.is(f(-x), -f(x))),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("even: cos(−x) = cos x; and all three stay within ±1", () => {
    fc.assert(
      fc.property(any, (x) => {
        expect(cos(-x)).toBe(cos(x));
        for (const f of [tanh, sin, cos]) expect(Math.abs(f(x))).toBeLessThanOrEqual(1);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  test("what one number can hold is exact: whole powers, roots of squares, powers of 2", () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 200 }), fc.integer({ min: 0, max: 6 }), (x, n) => {
        let product = 1; // below 2^53
        for (let i = 0; i < n; i++) product *= x;
        expect(pow(x, n)).toBe(product);
        expect(pow(x * x, 0.5)).toBe(Math.abs(x));
      }),
      { seed: 3, numRuns: 1000 },
    );
    let power = 1;
    for (let n = 0; n >= -1074; n--, power /= 2) expect(pow(2, n)).toBe(power);
  });

  test("never falling from one number to the next by more than the error allows", () => {
    fc.assert(
      fc.property(small, (x) => {
        const above = x + 2 * ulp(x);
        for (const f of [exp, expm1, tanh])
          expect(f(above)).toBeGreaterThanOrEqual(f(x) - 2 * ulp(f(x)));
        if (x > 0) expect(log(above)).toBeGreaterThanOrEqual(log(x) - ulp(log(x)));
      }),
      { seed: 4, numRuns: 3000 },
    );
  });
});

describe("as text, for code that is made while the program runs", () => {
  const tables = Object.entries(inlineTables);
  const compiled = (statements: string[]) =>
    new Function(
      ...tables.map(([name]) => name),
      `return (x1) => { ${statements.join("\n")} return y1; };`,
    )(...tables.map(([, value]) => value)) as (x: number) => number;

  test.each([
    ["exp", compiled(arithmetic.expCode("x1", "y1")), exp],
    ["tanh", compiled(arithmetic.tanhCode("x1", "y1")), tanh],
  ] as const)("%s has the function's bits", (name, text, f) => {
    for (const [x] of reference[name]) expect(text(x), String(x)).toBe(f(x));
    fc.assert(
      fc.property(fc.double(), (x) => Object.is(text(x), f(x))),
      { seed: 5, numRuns: 3000 },
    );
    const near = fc.double({ min: -25, max: 25, noNaN: true });
    fc.assert(
      fc.property(near, (x) => Object.is(text(x), f(x))),
      { seed: 6, numRuns: 20_000 },
    );
  });
});

test("every function of one number is measured, and has its ends tested", () => {
  const elsewhere = ["pow", "norm", "createRandom", "normal", "shuffle", "expCode", "tanhCode"];
  // Beside the elementary functions: Φ is measured as GELU, slopes by nudging, growth, quantiles and checks where they are used.
  const further = [
    "growthExponent",
    "normalCdf",
    "nudgedSlope",
    "judgeSlope",
    "passedOn",
    "said",
    "isList",
    "find",
    "quantile",
  ];
  const checks = [
    "checkFinite",
    "checkGiven",
    "checkLearningRate",
    "checkLength",
    "checkSingle",
    "checkWhole",
  ];
  const without = [...elsewhere, ...further, ...checks, "allFinite", "faultIn", "throwFault"];
  const all = Object.entries(arithmetic).filter(([, value]) => typeof value === "function");
  expect(all.map(([name]) => name).sort()).toEqual(
    [...ofOne.map(([name]) => name), ...without].sort(),
  );
});
