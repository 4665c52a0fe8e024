/** Tensors by hand, by nudging, beside `nn` and `graph`; what they refuse, and their memory. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createRandom } from "../../src/arithmetic";
import { matrixProduct } from "../../src/engines";
import { backward as backwardGraph, lossGraph } from "../../src/graph";
import { costGradient, createNetwork } from "../../src/nn";
import * as t from "../../src/tensors";

describe("by hand", () => {
  test("a convolution: the slope of a weight that is used in many places is the sum over its uses", () => {
    const x = t.tensor([[[1, 2, 0, -1]]]);
    const k = t.tensor([[[1, -1]]]);
    const y = t.conv1d(x, k);
    expect(y.toArray()).toEqual([[[-1, 2, 1]]]);
    t.backward(y, [[[1, 0, 2]]]);
    expect(k.slopes()).toEqual([[[1, 0]]]); // 1·(1, 2) + 0·(2, 0) + 2·(0, −1)
    expect(x.slopes()).toEqual([[[1, -1, 2, -2]]]);
  });

  test("a row of softmax's Jacobian, and −y/p through it is p − y", () => {
    const x = t.tensor([1, 2, 0]);
    const p = t.softmax(x);
    t.backward(p, [1, 0, 0]);
    const [a, b, c] = p.data;
    // p₁ (1 − p₁), −p₁ p₂, −p₁ p₃
    [a * (1 - a), -a * b, -a * c].forEach((slope, i) => {
      expect(x.slope?.[i]).toBeCloseTo(slope, 15);
    });
    expect(a).toBeCloseTo(Math.E / (Math.E + Math.E ** 2 + 1), 15);
    t.backward(p, [0, -1 / b, 0]);
    [a, b - 1, c].forEach((slope, i) => {
      expect(x.slope?.[i]).toBeCloseTo(slope, 15);
    });
  });

  test("layer normalisation hands back nothing that moves the mean or the scale", () => {
    const x = t.tensor([1, 2, 3]);
    t.backward(t.layerNorm(x, 0, 0), [1, 0, 0]);
    // (g − mean g − y mean(g y)) / s with s = √(2/3), y = (−1, 0, 1)/s: (1 − ⅓ − ½, −⅓, −⅓ + ½) / s
    [1 / 6, -1 / 3, 1 / 6].forEach((slope, i) => {
      expect(x.slope?.[i]).toBeCloseTo(slope / Math.sqrt(2 / 3), 15);
    });
  });

  test("through time: each use of w adds its part", () => {
    const w = t.tensor(0.5);
    let h: t.Tensor = t.constant(1);
    for (let n = 0; n < 2; n++) h = t.multiply(w, h);
    t.backward(t.multiply(0.5, t.power(h, 2)));
    expect(w.slopes()).toBe(0.25); // L = ½ w⁴, so 2w³
  });

  test("attention: one query, two keys", () => {
    const q = t.tensor([[1]]);
    const k = t.tensor([[1], [0]]);
    const v = t.tensor([[2], [-1]]);
    const y = t.matmul(t.softmax(t.matmul(q, t.transpose(k))), v);
    t.backward(y);
    const a = 1 / (1 + Math.exp(-1));
    expect(y.data[0]).toBeCloseTo(3 * a - 1, 14);
    expect(Array.from(v.slope as Float64Array, (slope) => slope.toFixed(12))).toEqual(
      [a, 1 - a].map((slope) => slope.toFixed(12)),
    );
    expect(q.slope?.[0]).toBeCloseTo(3 * a * (1 - a), 14);
    expect(k.slope?.[0]).toBeCloseTo(3 * a * (1 - a), 14);
    expect(k.slope?.[1]).toBeCloseTo(-3 * a * (1 - a), 14);
  });

  test("the first of equal numbers is the largest", () => {
    const x = t.tensor([[2, 2, 1, 2]]);
    t.backward(t.sum(t.max(x, 1)));
    expect(x.slopes()).toEqual([[1, 0, 0, 0]]);
    t.backward(t.maxPool1d(x, 2), [[1, 5]]);
    expect(x.slopes()).toEqual([[1, 0, 0, 5]]);
  });

  test("ReLU of what is below 0 is 0, and no −0; its slope at 0 is 0", () => {
    const x = t.tensor([-3, -0, 0, 2, 5e-324, 1e308]);
    const y = t.relu(x);
    expect(y.toArray()).toEqual([0, 0, 0, 2, 5e-324, 1e308]);
    t.backward(y, [1, 1, 1, 7, 1, 1]);
    expect(x.slopes()).toEqual([0, 0, 0, 7, 1, 1]);
  });

  test("where the largest is", () => {
    const x = t.tensor([
      [1, 3, 3],
      [4, 0, 2],
    ]);
    expect(t.argmax(x)).toEqual([1, 0]);
    expect(t.argmax(x, 0)).toEqual([1, 0, 0]);
    expect(t.argmax(t.tensor([1, 2]))).toBe(1);
  });

  test("dropout keeps its mask, which its seed decides, and the mean", () => {
    const x = t.tensor(new Float64Array(4000).fill(1), [4000]);
    const y = t.dropout(x, 0.25, createRandom(7));
    const mask = y.from[1].data;
    expect(new Set(mask)).toEqual(new Set([0, 1 / 0.75]));
    expect(Array.from(y.data)).toEqual(Array.from(mask));
    // Four standard deviations of the mean of 4,000: √(⅓ / 4000).
    expect(Math.abs(y.data.reduce((sum, one) => sum + one) / 4000 - 1)).toBeLessThan(0.037);
    t.backward(t.sum(y));
    expect(x.slope).toEqual(mask);
    expect(t.dropout(x, 0.25, createRandom(7)).data).toEqual(y.data);
    expect(t.dropout(x, 0.25, createRandom(8)).data).not.toEqual(y.data);
  });
});

/** A tensor of numbers that differ by at least 1/100, in an order that the seed decides: maxima are clear. */
function drawn(shape: readonly number[], seed: number): t.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const random = createRandom(seed);
  const values = Array.from({ length: size }, (_, i) => (i - size / 2 + 0.3) / Math.max(20, size));
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
  return t.tensor(size === 1 ? [0.3 + random()] : values, shape);
}

const length = fc.integer({ min: 1, max: 4 });
const shapes = fc.array(length, { minLength: 1, maxLength: 4 });
const seeds = fc.integer({ min: 1, max: 1e6 });
/** Two shapes that stretch to one: some lengths are 1, or missing. */
const pairs = fc
  .tuple(shapes, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), fc.nat(3))
  .map(([shape, ones, missing]) => {
    const flat = (from: number) => shape.map((length, n) => (ones[from + n] ? 1 : length));
    return [flat(0), flat(4).slice(Math.min(missing, shape.length))] as const;
  });

function expectAgreement(f: (...x: t.Tensor[]) => t.Tensor, inputs: t.Tensor[]): void {
  const { rows } = t.checkSlopes(f, inputs);
  expect(rows.filter(({ verdict }) => verdict !== "agrees")).toEqual([]);
}

const anyShape: Record<string, (x: t.Tensor, axis: number) => t.Tensor> = {
  sum: (x, axis) => t.sum(x, axis),
  mean: (x, axis) => t.mean(x, axis),
  max: (x, axis) => t.max(x, axis),
  softmax: (x, axis) => t.softmax(x, axis),
  logSoftmax: (x, axis) => t.logSoftmax(x, axis),
  layerNorm: (x, axis) => t.layerNorm(x, axis, 0.1),
  exp: t.exp,
  log: (x) => t.log(t.add(x, 2)),
  tanh: t.tanh,
  sigmoid: t.sigmoid,
  relu: t.relu,
  gelu: t.gelu,
  power: (x) => t.power(x, 3),
  reshape: (x) => t.reshape(x, [-1]),
  slice: (x, axis) => t.slice(x, axis, x.shape.at(axis) === 1 ? 0 : 1),
  concatenate: (x, axis) => t.concatenate([x, t.multiply(2, x)], axis),
  transpose: (x) => t.transpose(x, [...x.shape.keys()].reverse()),
  gather: (x) => t.gather(x, t.constant([[0, x.shape[0] - 1, 0]])),
  dropout: (x) => t.dropout(x, 0.4, createRandom(3)),
};

describe("slopes agree with nudges, whatever the shape", () => {
  const few = { numRuns: 25, seed: 5 };

  test.each(Object.entries(anyShape))("%s", (_name, f) => {
    const property = fc.property(shapes, fc.nat(3), seeds, (shape, axis, seed) => {
      expectAgreement((x) => f(x, axis % shape.length), [drawn(shape, seed)]);
    });
    fc.assert(property, few);
  });

  test.each<[string, (x: t.Tensor, y: t.Tensor) => t.Tensor]>([
    ["add", t.add],
    ["subtract", t.subtract],
    ["multiply", t.multiply],
    ["divide", (x, y) => t.divide(x, t.add(y, 2))],
  ])("%s, stretched", (_name, f) => {
    const property = fc.property(pairs, seeds, ([a, b], seed) => {
      expectAgreement(f, [drawn(a, seed), drawn(b, seed + 1)]);
    });
    fc.assert(property, few);
  });

  test("matmul, stretched", () => {
    const property = fc.property(pairs, length, length, length, seeds, ([a, b], n, k, m, seed) => {
      const inputs = [drawn([...a.slice(-2), n, k], seed), drawn([...b.slice(-2), k, m], seed + 1)];
      expectAgreement(t.matmul, inputs);
    });
    fc.assert(property, few);
  });

  const sides = fc.integer({ min: 3, max: 6 });
  const kernels = fc.integer({ min: 1, max: 3 });
  const twice = fc.integer({ min: 1, max: 2 });

  test("convolutions", () => {
    const property = fc.property(
      fc.tuple(twice, length, length, sides, sides, kernels, kernels, twice, fc.nat(2), seeds),
      ([samples, C, O, H, W, height, width, stride, padding, seed]) => {
        const options = { stride, padding };
        const image = [drawn([samples, C, H, W], seed), drawn([O, C, height, width], seed + 1)];
        expectAgreement((x, k) => t.conv2d(x, k, options), image);
        const line = [drawn([samples, C, W], seed), drawn([O, C, width], seed + 1)];
        expectAgreement((x, k) => t.conv1d(x, k, options), line);
      },
    );
    fc.assert(property, { numRuns: 10, seed: 5 });
  });

  test("pooling", () => {
    const property = fc.property(
      fc.tuple(length, sides, sides, kernels, twice, seeds),
      ([C, H, W, size, stride, seed]) => {
        expectAgreement((x) => t.maxPool2d(x, size, stride), [drawn([C, H, W], seed)]);
        expectAgreement((x) => t.maxPool1d(x, size, stride), [drawn([C, H, W], seed)]);
      },
    );
    fc.assert(property, few);
  });

  test("and a wrong vector-Jacobian product is found: halved, left out, transposed, one use forgotten", () => {
    const x = drawn([3, 3], 1);
    const wrong = (vjp: (g: Float64Array, dx: Float64Array) => void) => (x: t.Tensor) =>
      t.operation(
        "square",
        x.shape,
        [x],
        (y) => y.set(x.data.map((one) => one * one)),
        (g, dx) => dx && vjp(g, dx),
      );
    const each = (slope: (i: number) => number) =>
      wrong((g, dx) => {
        for (let i = 0; i < g.length; i++) dx[i] += g[i] * slope(i);
      });
    expect(
      t.checkSlopes(
        each((i) => 2 * x.data[i]),
        [x],
      ).agrees,
    ).toBe(true);
    expect(
      t.checkSlopes(
        each((i) => x.data[i]),
        [x],
      ).agrees,
    ).toBe(false);
    expect(
      t.checkSlopes(
        each(() => 0),
        [x],
      ).agrees,
    ).toBe(false);
    const transposed = each((i) => 2 * x.data[3 * (i % 3) + Math.floor(i / 3)]);
    expect(t.checkSlopes(transposed, [x]).agrees).toBe(false);
    const overwritten = wrong((g, dx) => {
      for (let i = 0; i < g.length; i++) dx[i] = g[i] * 2 * x.data[i];
    });
    expect(t.checkSlopes((x) => t.add(overwritten(x), x), [x]).agrees).toBe(false);
  });
});

test("products of matrices have the bits of a plain sum, compiled or not, whichever of many they are of", () => {
  const size = fc.integer({ min: 1, max: 19 });
  const some = fc.integer({ min: 1, max: 3 });
  const property = fc.property(
    fc.tuple(size, size, size),
    fc.tuple(some, some, some),
    seeds,
    fc.record({ add: fc.boolean(), transposed: fc.boolean() }),
    ([rows, inner, columns], room, seed, how) => {
      const random = createRandom(seed);
      const product = matrixProduct(rows, inner, columns, { ...how, room });
      for (const array of [product.P, product.Q, product.out]) {
        for (let i = 0; i < array.length; i++) array[i] = 2 * random() - 1;
      }
      const [p, q, o] = room.map((count) => Math.floor(count * random()));
      const P = product.P.slice(p * rows * inner, (p + 1) * rows * inner);
      const Q = product.Q.slice(q * inner * columns, (q + 1) * inner * columns);
      const wanted = product.out.map((before, place) => {
        const at = place - o * rows * columns;
        if (at < 0 || at >= rows * columns) return before;
        const [r, c] = [Math.floor(at / columns), at % columns];
        let sum = how.add ? before : 0;
        for (let i = 0; i < inner; i++)
          sum += P[how.transposed ? i * rows + r : r * inner + i] * Q[i * columns + c];
        return sum;
      });
      product.run(p, q, o);
      expect(product.out).toEqual(wanted);
    },
  );
  fc.assert(property, { numRuns: 80, seed: 5 });
});

test("products and loops are the same where code from bytes and from text is refused", async () => {
  const run = async () => {
    vi.resetModules();
    const t = await import("../../src/tensors");
    const random = createRandom(3);
    const draw = (...shape: number[]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return t.tensor(
        Float64Array.from({ length: size }, () => random() - 0.5),
        shape,
      );
    };
    const inputs = [
      draw(3, 5, 16),
      draw(16, 16),
      draw(1, 5, 1),
      draw(2, 3, 6, 6),
      draw(4, 3, 3, 3),
    ];
    const [x, W, b, images, K] = inputs;
    const h = t.layerNorm(t.tanh(t.multiply(t.matmul(x, W), t.add(b, x))));
    const looked = t.matmul(t.softmax(t.matmul(h, t.transpose(h))), h);
    const seen = t.relu(t.conv2d(images, K, { padding: 1 }));
    t.backward(t.add(t.sum(looked), t.mean(t.divide(seen, 3))));
    return [looked.data, seen.data, ...inputs.map((one) => one.slope)];
  };
  const wanted = await run();
  vi.stubGlobal("WebAssembly", undefined);
  vi.stubGlobal(
    "Function",
    class {
      constructor() {
        throw new EvalError("Refused to evaluate a string as JavaScript");
      }
    },
  );
  try {
    expect(await run()).toEqual(wanted);
  } finally {
    vi.unstubAllGlobals();
    vi.resetModules();
  }
});

test("a dense network has the slopes that nn and graph give it", () => {
  const network = createNetwork({
    ...{ sizes: [3, 4, 2], hidden: "tanh", output: "sigmoid", weights: "uniform", seed: 4 },
  });
  const inputs = [
    [0.5, -1, 2],
    [1.5, 0.2, -0.7],
  ];
  const targets = [
    [0, 1],
    [1, 0.5],
  ];
  // W of nn: units × (1 + inputs), the bias first.
  const weights = network.W.slice(1).map((W, l) =>
    t.tensor(W, [network.sizes[l + 1], 1 + network.sizes[l]]),
  );
  const ones = t.constant([[1], [1]]);
  const layer = (a: t.Operand, W: t.Tensor) =>
    t.matmul(t.concatenate([ones, a], 1), t.transpose(W));
  const output = t.sigmoid(layer(t.tanh(layer(t.constant(inputs), weights[0])), weights[1]));
  const errors = t.subtract(output, t.constant(targets));
  t.backward(t.multiply(0.5, t.sum(t.multiply(errors, errors))));
  const slopes = weights.flatMap((W) => Array.from(W.slope as Float64Array));
  const byNn = costGradient(network, { inputs, targets }, "sum");
  const byGraph = new Float64Array(slopes.length);
  inputs.forEach((x, n) => {
    const graph = lossGraph(network, x, targets[n]);
    backwardGraph(graph.loss);
    graph.weights.forEach((w, i) => {
      byGraph[i] += w.slope;
    });
  });
  slopes.forEach((slope, i) => {
    expect(slope).toBeCloseTo(byNn[i], 14);
    expect(slope).toBeCloseTo(byGraph[i], 14);
  });
});

test("whatever is given in place of what is taken, the message says what was given, not where the code stumbled", () => {
  const x = t.tensor([[1, 2, 3]]);
  const image = t.tensor(new Float64Array(16), [1, 1, 4, 4]);
  const kernel = t.tensor([[[[1]]]]);
  const loose = t as unknown as Record<string, (...args: unknown[]) => unknown>;
  const none = () => {};
  const places: ((given: unknown) => unknown)[] = [
    ...[
      "add",
      "matmul",
      "power",
      "sum",
      "max",
      "softmax",
      "argmax",
      "reshape",
      "transpose",
      "gather",
    ].map((name) => (given: unknown) => loose[name](x, given)),
    ...[
      "tensor",
      "constant",
      "backward",
      "inOrder",
      "tidy",
      "concatenate",
      "createModel",
      "relu",
    ].map((name) => (given: unknown) => loose[name](given)),
    (given) => loose.slice(x, 1, given, 2),
    (given) => loose.dropout(x, given, Math.random),
    (given) => loose.dropout(x, 0.5, given),
    (given) => loose.layerNorm(x, 1, given),
    (given) => loose.conv2d(image, given),
    (given) => loose.conv2d(image, kernel, given),
    (given) => loose.conv2d(image, kernel, { stride: given }),
    (given) => loose.maxPool2d(image, given),
    (given) => loose.checkSlopes(given, [x]),
    (given) => loose.checkSlopes(t.sum, given),
    (given) => loose.createModel({ parameters: given, losses: none }),
    (given) => loose.operation("mine", given, [x], none, none),
    (given) => loose.operation("mine", [1], given, none, none),
    (given) => loose.operation("mine", [1], [x], given, none),
    (given) => loose.operation("mine", [1], [x], none, given),
  ];
  const wrong = ["ab", null, {}, NaN, [null], ["a"], true, 1.5, -9, [[1]], () => 1];
  const stumbled: string[] = [];
  for (const [n, place] of places.entries()) {
    for (const given of wrong) {
      try {
        place(given);
      } catch (error) {
        const { message } = error as Error;
        if (/is not a function|is not iterable|Cannot (read|convert)|of undefined/.test(message))
          stumbled.push(`${n}, ${String(given)}: ${message}`);
      }
    }
  }
  expect(stumbled).toEqual([]);
});

describe("what is refused, and how", () => {
  const a = t.tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const b = t.tensor([1, 2]);
  const image = t.tensor(new Float64Array(32), [1, 2, 4, 4]);
  const kernel = t.tensor(new Float64Array(27), [1, 3, 3, 3]);
  test.each<[string, () => unknown, RegExp]>([
    ["add", () => t.add(a, b), /add: .*\[2, 3\] and \[2\].*here are 3 and 2/],
    ["multiply", () => t.multiply(b, a), /multiply: .*\[2\] and \[2, 3\]/],
    ["matmul", () => t.matmul(a, a), /matmul: .*\[2, 3\] and \[2, 3\].*here are 3 and 2/],
    ["matmul with a vector", () => t.matmul(a, b), /matmul: .*\[2, 3\] and \[2\].*reshape/],
    ["concatenate", () => t.concatenate([a, b]), /concatenate: .*\[2, 3\] and \[2\]/],
    ["concatenate of none", () => t.concatenate([]), /empty/],
    [
      "conv2d",
      () => t.conv2d(image, kernel),
      /conv2d: .*\[1, 2, 4, 4\].*\[1, 3, 3, 3\].*2 channels.*3/,
    ],
    ["conv1d", () => t.conv1d(image, kernel), /conv1d: .*samples × channels × length/],
    [
      "a kernel too long",
      () => t.conv1d(t.tensor([[[1]]]), t.tensor([[[1, 2]]])),
      /longer than the input/,
    ],
    ["a stride", () => t.conv2d(image, image, { stride: 0 }), /stride of conv2d .*it is 0/],
    ["a window", () => t.maxPool2d(a, 3), /maxPool2d: a window of 3 × 3 .*\[2, 3\]/],
    ["an axis", () => t.sum(a, 2), /sum: .*\[2, 3\] has 2 axes.*axis 2/],
    ["an axis twice", () => t.mean(a, [0, -2]), /mean: each axis .*\[0, -2\]/],
    ["reshape", () => t.reshape(a, [4, -1]), /reshape: .*\[2, 3\] holds 6 numbers.*\[4, -1\]/],
    ["transpose", () => t.transpose(a, [0, 0]), /transpose: .*\[2, 3\] once.*\[0, 0\]/],
    ["a slice", () => t.slice(a, 1, 2, 2), /slice: the end .*\[2, 3\].*it is 2/],
    ["gather", () => t.gather(a, t.constant([0, 2])), /gather: .*rows 0 to 1, but row 2/],
    ["gather between rows", () => t.gather(a, t.constant([0.5])), /row 0\.5/],
    ["dropout", () => t.dropout(a, 1, createRandom(1)), /at least 0 and below 1.*it is 1/],
    [
      "layerNorm of equal numbers",
      () => t.layerNorm(t.tensor([2, 2]), 0, 0),
      /layerNorm.*NaN at \[0\]/,
    ],
    ["log of 0", () => t.log(t.tensor([[1, 0]])), /result of log.*\[1, 2\].*-Infinity at \[0, 1\]/],
    ["exp of much", () => t.exp(t.tensor(800)), /result of exp.*Infinity/],
    [
      "divide by 0",
      () => t.divide(a, 0),
      /result of divide.*\[2, 3\] and \[\].*Infinity at \[0, 0\]/,
    ],
    ["lists of two lengths", () => t.tensor([[1, 2], [3]]), /entry 0 .*\[2\].*entry 1 .*\[1\]/],
    ["a hole in a list", () => t.tensor([1, NaN]), /at \[1\] there is NaN/],
    ["too few numbers", () => t.tensor([1, 2, 3], [2, 2]), /\[2, 2\] holds 4 numbers, but 3/],
    ["an axis of 0", () => t.tensor([], [0]), /whole numbers of at least 1.*\[0\]/],
    ["no tensor", () => t.exp("a" as unknown as t.Tensor), /exp takes tensors.*"a"/],
    ["backward of many", () => t.backward(t.exp(a)), /exp, of shape \[2, 3\].*many numbers/],
    ["backward of constants", () => t.backward(t.sum(t.constant([1]))), /constants alone/],
    [
      "a vector of another shape",
      () => t.backward(t.exp(a), [1, 2]),
      /vector has the shape \[2\].*\[2, 3\]/,
    ],
    ["slopes before backward", () => t.tensor(1).slopes(), /no slopes yet/],
  ])("%s", (_name, run, message) => {
    expect(run).toThrow(message);
  });

  test("a slope that is not finite names the operation that hands it back", () => {
    const x = t.tensor([4, 0]);
    const root = t.power(x, 0.5);
    expect(() => t.backward(t.sum(root))).toThrow(
      /slope that power 0\.5 hands back.*\[2\].*Infinity at \[1\]/,
    );
    const small = t.tensor([1e-200]);
    const y = t.multiply(t.divide(1e-150, small), t.divide(1, 1e-100));
    expect(() => t.backward(t.sum(y))).toThrow(/slope that divide hands back to a tensor/);
  });
});

describe("memory", () => {
  const W = t.tensor([
    [0.1, 0.2],
    [0.3, -0.4],
  ]);
  const step = (seen: Set<Float64Array>) =>
    t.tidy(() => {
      const y = t.reshape(t.tanh(t.matmul(t.constant([[1, 2]]), W)), [2]);
      const L = t.sum(t.multiply(y, y));
      t.backward(L);
      for (const one of t.inOrder(L)) {
        seen.add(one.data);
        if (one.slope) seen.add(one.slope);
      }
      return L.data[0];
    });

  test("a step uses the arrays of the step before", () => {
    const first = new Set<Float64Array>();
    const cost = step(first);
    const all = new Set(first);
    const slope = W.slope?.slice();
    for (let n = 0; n < 50; n++) expect(step(all)).toBe(cost);
    expect(all.size).toBe(first.size);
    expect(W.slope).toEqual(slope);
  });

  test("what tidy has taken back says so, and is not handed out", () => {
    let kept: t.Tensor | undefined;
    t.tidy(() => {
      kept = t.exp(W);
    });
    expect(() => t.add(kept as t.Tensor, 1)).toThrow(
      /result of exp.*no longer be used by add.*tidy/,
    );
    expect(() => t.tidy(() => t.exp(W))).toThrow(/cannot return a tensor/);
    expect(() => t.tidy(async () => t.exp(W).data[0])).toThrow(/promise/);
  });

  test("one tidy in another takes back its own alone, and an error ends it", () => {
    t.tidy(() => {
      const outer = t.exp(W);
      const value = t.tidy(() => t.sum(outer).data[0]);
      expect(() => t.tidy(() => t.log(t.multiply(0, outer)))).toThrow(/log/);
      expect(t.sum(outer).data[0]).toBe(value);
    });
  });
});
