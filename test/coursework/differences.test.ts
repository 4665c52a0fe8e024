/** Slopes by differences, at their best, are not what a task asks for: none earns all of its points. */
import { describe, expect, test } from "vitest";
import { numericalGradient, score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";
import { functionsIn, solutionCells } from "./source";

type F = (z: number) => number;
type Differentiate = (f: F, at: number) => number;

const central =
  (epsilon: number, relative: boolean): Differentiate =>
  (f, at) => {
    const h = relative ? epsilon * Math.max(Math.abs(at), 1e-3) : epsilon;
    return (f(at + h) - f(at - h)) / (2 * h);
  };
/** Romberg's: central differences of halved steps, extrapolated to none. */
const extrapolated =
  (first: number, levels: number): Differentiate =>
  (f, at) => {
    let row = Array.from({ length: levels }, (_, i) => central(first / 2 ** i, false)(f, at));
    for (let n = 1; row.length > 1; n++)
      row = row.slice(1).map((finer, i) => finer + (finer - row[i]) / (4 ** n - 1));
    return row[0];
  };

const ways: [string, Differentiate][] = [
  ...[1e-1, 1e-2, 1e-3, 3e-4, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8].flatMap((epsilon): typeof ways => [
    [`central differences, ε = ${epsilon}`, central(epsilon, false)],
    [`central differences, ε = ${epsilon} z`, central(epsilon, true)],
  ]),
  ...[1, 0.3, 0.1, 1e-2, 1e-3].flatMap((first): typeof ways =>
    [2, 3, 4].map((levels) => [
      `Richardson from ${first}, ${levels} levels`,
      extrapolated(first, levels),
    ]),
  ),
  ["the course's own numericalGradient", (f, at) => numericalGradient(([z]) => f(z), [at])[0]],
];

const sigma: F = (z) => 1 / (1 + Math.exp(-z));
const dot = (w: number[], a: number[]) => a.reduce((sum, x, i) => sum + w[i + 1] * x, w[0]);
const half = (h: number[], y: number[]) =>
  h.reduce((sum, one, k) => sum + (one - y[k]) ** 2 / 2, 0);
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const output = (layers: number[][][], x: number[]) =>
  layers.reduce(
    (a, W, l) => W.map((w) => (l < layers.length - 1 ? Math.tanh(dot(w, a)) : dot(w, a))),
    x,
  );
const softplus: F = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const logistic = (W: number[][], v: number[], x: number[], y: number) => {
  const z = dot(
    v,
    W.map((w) => Math.tanh(dot(w, x))),
  );
  return softplus(z) - y * z;
};

/** Every weight's slope, each found by `d`. */
function slopes<T>(d: Differentiate, weights: T, loss: (weights: T) => number): T {
  const found = copy(weights);
  const visit = (from: unknown[], to: unknown[], path: number[]): void => {
    from.forEach((value, i) => {
      const lossAt = (nudged: number) => {
        const moved = copy(weights);
        const row = path.reduce((at, n) => at[n] as unknown[], moved as unknown[]);
        row[i] = nudged;
        return loss(moved);
      };
      if (Array.isArray(value)) visit(value, to[i] as unknown[], [...path, i]);
      else to[i] = d(lossAt, value as number);
    });
  };
  visit(weights as unknown[], found as unknown[], []);
  return found;
}

/** The deltas of all layers: each unit's sum nudged. */
function deltasBy(d: Differentiate, layers: number[][][], x: number[], y: number[]): number[][] {
  return layers.map((W, l) =>
    W.map((_, j) =>
      d((moved) => {
        const a = layers.reduce(
          (a, W, n) =>
            W.map((w, i) => {
              const z = n === l && i === j ? dot(w, a) + moved : dot(w, a);
              return n < layers.length - 1 ? Math.tanh(z) : z;
            }),
          x,
        );
        return half(a, y);
      }, 0),
    ),
  );
}

const convolved = (x: number[], k: number[]) =>
  Array.from({ length: x.length - k.length + 1 }, (_, t) =>
    k.reduce((sum, weight, i) => sum + weight * x[t + i], 0),
  );
const statesOf = (w: number, x: number[], start = 0) => {
  const h = [start];
  for (const input of x) h.push(Math.tanh(w * h[h.length - 1] + input));
  return h;
};
const attended = (q: number[], K: number[][], V: number[][]) => {
  const product = (k: number[]) => k.reduce((sum, one, j) => sum + one * q[j], 0);
  const powers = K.map((k) => Math.exp(product(k) / Math.sqrt(q.length)));
  const total = powers.reduce((sum, one) => sum + one, 0);
  return V[0].map((_, j) => V.reduce((sum, v, i) => sum + (powers[i] / total) * v[j], 0));
};
const normalised = (x: number[]) => {
  const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const m = mean(x);
  const s = Math.sqrt(mean(x.map((one) => (one - m) ** 2)));
  return x.map((one) => (one - m) / s);
};

/**
 * The tasks that ask for a slope, written with nothing but differences. Not those that ask for slopes of what is linear
 * in each of its weights, as a convolution is: there a difference of two results is the slope, and no worse than it.
 */
const byDifferences: Record<string, (d: Differentiate) => (...args: never[]) => unknown> = {
  "activation-functions/sigmoidSlope": (d) => (z: number) => d(sigma, z),
  "activation-functions/leaky": (d) => (z: number, k: number) => {
    const f: F = (z) => (z > 0 ? z : k * z);
    return [f(z), d(f, z)];
  },
  "activation-functions/layerDeltas": (d) => (sums: number[], z: number[]) =>
    sums.map((sum, j) => sum * d(Math.tanh, z[j])),
  "deltas/outputDelta": (d) => (h: number, y: number) => d((h) => (h - y) ** 2 / 2, h),
  "deltas/sigmoidOutputDelta": (d) => (z: number, y: number) =>
    d((z) => (sigma(z) - y) ** 2 / 2, z),
  "deltas/hiddenDelta": (d) => (z: number, weights: number[], next: number[]) =>
    d(Math.tanh, z) * next.reduce((sum, one, k) => sum + weights[k] * one, 0),
  "deltas/layerDeltas": (d) => (W: number[][], next: number[], z: number[]) =>
    z.map(
      (one, j) => d(Math.tanh, one) * next.reduce((sum, delta, k) => sum + W[k][j + 1] * delta, 0),
    ),
  "deltas/backwardPass": (d) => (layers: number[][][], x: number[], y: number[]) =>
    deltasBy(d, layers, x, y),
  "deltas/mendedGradient": (d) => (W: number[][], v: number[], x: number[], y: number) =>
    slopes(d, W, (W) => half(output([W, [v]], x), [y])),
  "weight-updates/gradientStep":
    (d) => (layers: number[][][], x: number[], y: number[], alpha: number) => {
      const found = slopes(d, layers, (layers) => half(output(layers, x), y));
      return layers.map((W, l) => W.map((row, j) => row.map((w, i) => w - alpha * found[l][j][i])));
    },
  "weight-updates/mendedStep":
    (d) => (W: number[][], v: number[], x: number[], y: number, alpha: number) => {
      const [dW, [dv]] = slopes(d, [W, [v]], (layers) => half(output(layers, x), [y]));
      return [
        W.map((row, j) => row.map((w, i) => w - alpha * dW[j][i])),
        v.map((w, i) => w - alpha * dv[i]),
      ];
    },
  "training/mendedGradient": (d) => (W: number[][], v: number[], X: number[][], y: number[]) =>
    slopes(d, W, (W) =>
      X.reduce((sum, x, n) => sum + half(output([W, [v]], x), [y[n]]) / X.length, 0),
    ),
  "repair-xor/repairedDelta": (d) => (a: number, y: number) =>
    d((z) => softplus(z) - y * z, Math.log(a / (1 - a))),
  "repair-xor/gradientXor": (d) => (W: number[][], v: number[], x: number[], y: number) => [
    slopes(d, W, (W) => logistic(W, v, x, y)),
    slopes(d, v, (v) => logistic(W, v, x, y)),
  ],
  "repair-xor/mendedDeltas": (d) => (W: number[][], v: number[], x: number[], y: number) => {
    const z = W.map((w) => dot(w, x));
    const out = dot(v, z.map(Math.tanh));
    const loss = (z: number) => softplus(z) - y * z;
    return [
      z.map((one, j) => d((one) => loss(out + v[j + 1] * (Math.tanh(one) - Math.tanh(z[j]))), one)),
      [d(loss, out)],
    ];
  },
  "convolution/mendedSlopes": (d) => (x: number[], k: number[], c: number[], y: number) =>
    slopes(d, k, (k) => {
      const out = convolved(convolved(x, k).map(Math.tanh), c);
      return (out.reduce((sum, one) => sum + one, 0) - y) ** 2 / 2;
    }),
  "through-time/weightSlope": (d) => (w: number, x: number[], y: number) =>
    d((w) => half([statesOf(w, x)[x.length]], [y]), w),
  "through-time/everyStep": (d) => (w: number, x: number[], y: number[]) =>
    x.map((_, n) =>
      d((moved) => {
        const nudged = x.map((input, t) => (t === n ? input + moved : input));
        return half(statesOf(w, nudged).slice(1), y);
      }, 0),
    ),
  "through-time/truncatedSlope": (d) => (w: number, x: number[], y: number, back: number) => {
    const start = statesOf(w, x)[Math.max(0, x.length - back)];
    return d((w) => half(statesOf(w, x.slice(-back), start).slice(-1), [y]), w);
  },
  "attention/attentionSlopes": (d) => (q: number[], K: number[][], V: number[][], y: number[]) => [
    slopes(d, q, (q) => half(attended(q, K, V), y)),
    slopes(d, K, (K) => half(attended(q, K, V), y)),
    slopes(d, V, (V) => half(attended(q, K, V), y)),
  ],
  "attention/normSlopes": (d) => (x: number[], g: number[]) =>
    slopes(d, x, (x) => normalised(x).reduce((sum, y, i) => sum + y * g[i], 0)),
};

describe.each(Object.entries(byDifferences))("%s", (name, write) => {
  const [assignment, task] = name.split("/");
  const { points = 0 } =
    assignments.find((one) => one.name === assignment)?.tasks.find((one) => one.name === task) ??
    {};

  test.each(ways)("by %s: not all points", async (_way, d) => {
    expect(points).toBeGreaterThan(0);
    for (const seed of [1, 2])
      expect((await score(name, write(d), seed)).points).toBeLessThan(points);
  });

  test("what is written here is the slope, on moderate cases", async () => {
    const all = functionsIn(...solutionCells(assignment).map(({ source }) => source));
    const found = assignments
      .find((one) => one.name === assignment)
      ?.tasks.find((one) => one.name === task);
    for (const args of found?.visible ?? []) {
      const flat = (value: unknown): number[] => [value].flat(9) as number[];
      const wanted = flat(all[task](...args));
      flat(write(central(1e-5, false))(...(args as never[]))).forEach((slope, i) => {
        expect(slope).toBeCloseTo(wanted[i], 6);
      });
    }
  });
});

/** A number with its slope: exact, and no loss is asked for at a nudged place. What the instructor's page says of it. */
type Dual = [value: number, slope: number];
const dual = {
  exp: ([value, slope]: Dual): Dual => [Math.exp(value), Math.exp(value) * slope],
  reciprocal: ([value, slope]: Dual): Dual => [1 / value, -slope / value ** 2],
  square: ([value, slope]: Dual): Dual => [value ** 2, 2 * value * slope],
};
const dualSigma = (z: number): Dual => {
  const [power, slope] = dual.exp([-z, -1]);
  return dual.reciprocal([1 + power, slope]);
};

test.each<[string, (...args: number[]) => number]>([
  ["activation-functions/sigmoidSlope", (z) => dualSigma(z)[1]],
  [
    "deltas/sigmoidOutputDelta",
    (z, y) => {
      const [a, slope] = dualSigma(z);
      return dual.square([a - y, slope])[1] / 2;
    },
  ],
])("%s by dual numbers: all points", async (name, answer) => {
  const [assignment, fn] = name.split("/");
  const task = assignments
    .find((one) => one.name === assignment)
    ?.tasks.find((one) => one.name === fn);
  for (const seed of [1, 2, 3]) expect((await score(name, answer, seed)).points).toBe(task?.points);
});
