/** Right answers in another style than the solutions': each earns all points, steep cases included. */
import { describe, expect, test } from "vitest";
import { check, score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";

const sum = (list: number[]) => list.reduce((total, one) => total + one, 0);
const dot = (a: number[], b: number[]) => sum(a.map((one, i) => one * b[i]));
const product = (A: number[][], B: number[][]) =>
  A.map((row) =>
    B[0].map((_, j) =>
      dot(
        row,
        B.map((other) => other[j]),
      ),
    ),
  );
const transposed = (A: number[][]) => A[0].map((_, j) => A.map((row) => row[j]));

/** A convolution as a matrix: a row for each place, the kernel moved along it. */
const banded = (k: number[], length: number) =>
  Array.from({ length: length - k.length + 1 }, (_, t) =>
    Array.from({ length }, (_, n) => k[n - t] ?? 0),
  );
/** What the kernel meets at each place, a row for each. */
const windows = (x: number[], size: number) =>
  Array.from({ length: x.length - size + 1 }, (_, t) => x.slice(t, t + size));

/** A number with its slope, carried forward. */
type Dual = { value: number; slope: number };
function forwardMode(w: number, x: number[], start = 0): Dual[] {
  const h: Dual[] = [{ value: start, slope: 0 }];
  for (const input of x) {
    const before = h[h.length - 1];
    const value = Math.tanh(w * before.value + input);
    h.push({ value, slope: (1 - value ** 2) * (before.value + w * before.slope) });
  }
  return h;
}

/** The whole Jacobian of a softmax. */
const jacobian = (p: number[]) =>
  p.map((one, i) => p.map((other, j) => one * ((i === j ? 1 : 0) - other)));
const softmax = (s: number[]) => {
  const largest = Math.max(...s);
  const logarithm = largest + Math.log(sum(s.map((one) => Math.exp(one - largest))));
  return s.map((one) => Math.exp(one - logarithm));
};

// biome-ignore lint/suspicious/noExplicitAny: students' functions, of every shape
const styles: Record<string, [way: string, answer: (...args: any[]) => unknown][]> = {
  "convolution/convolve": [
    ["as a matrix", (x, k) => banded(k, x.length).map((row) => dot(row, x))],
    ["in a typed array", (x, k) => Float64Array.from(windows(x, k.length), (one) => dot(one, k))],
  ],
  "convolution/kernelSlopes": [
    [
      "as a row times the matrix of windows",
      (g, x) => product([g], windows(x, x.length - g.length + 1))[0],
    ],
    [
      "as a convolution with the slopes for a kernel",
      (g, x) => windows(x, g.length).map((one) => dot(one, g)),
    ],
  ],
  "convolution/inputSlopes": [
    [
      "as a row times the matrix",
      (g, k, padding) => {
        const length = g.length + k.length - 1;
        return product([g], banded(k, length))[0].slice(padding, length - padding);
      },
    ],
    [
      "gathered: a convolution of the padded slopes with the kernel turned around",
      (g, k, padding) => {
        const zeros = new Array(k.length - 1).fill(0);
        const full = windows([...zeros, ...g, ...zeros], k.length);
        const slopes = full.map((one) => dot(one, [...k].reverse()));
        return padding > 0 ? slopes.slice(padding, -padding) : slopes;
      },
    ],
  ],
  "convolution/layerSlopes": [
    [
      "a bias as a weight of an input that is 1",
      (g: number[][], x: number[][]) => {
        const m = x[0].length - g[0].length + 1;
        const withOnes = [...x, new Array(x[0].length).fill(1)];
        const all = g.map((one) => withOnes.map((c) => product([one], windows(c, m))[0]));
        return [all.map((kernel) => kernel.slice(0, -1)), all.map((kernel) => kernel.at(-1)?.[0])];
      },
    ],
  ],
  "convolution/poolSlopes": [
    [
      "by indexOf",
      (g: number[], x: number[], size: number) =>
        g.flatMap((slope, w) => {
          const window = x.slice(w * size, (w + 1) * size);
          const first = window.indexOf(Math.max(...window));
          return window.map((_, i) => (i === first ? slope : 0));
        }),
    ],
  ],
  "convolution/mendedSlopes": [
    [
      "backwards by matrices",
      (x, k, c, y) => {
        const z = banded(k, x.length).map((row) => dot(row, x));
        const a = z.map(Math.tanh);
        const C = banded(c, a.length);
        const error = sum(C.map((row) => dot(row, a))) - y;
        const da = product([C.map(() => error)], C)[0];
        const dz = da.map((slope, t) => slope / Math.cosh(z[t]) ** 2);
        return product([dz], windows(x, k.length))[0];
      },
    ],
  ],
  "through-time/states": [
    [
      "by recursion",
      function states(w: number, x: number[], h = 0): number[] {
        if (x.length === 0) return [];
        const next = Math.tanh(w * h + x[0]);
        return [next, ...states(w, x.slice(1), next)];
      },
    ],
  ],
  "through-time/weightSlope": [
    [
      "in forward mode",
      (w, x, y) => {
        const { value, slope } = forwardMode(w, x)[x.length];
        return (value - y) * slope;
      },
    ],
    [
      "as a sum of products over all paths",
      (w, x, y) => {
        const h = forwardMode(w, x).map(({ value }) => value);
        return sum(
          x.map((_: number, t: number) => {
            const factors = h.slice(t + 1).map((one) => 1 - one * one);
            const way = factors.reduce((all, one) => all * one, 1) * w ** (x.length - 1 - t);
            return (h[x.length] - y) * way * h[t];
          }),
        );
      },
    ],
  ],
  "through-time/everyStep": [
    [
      "each loss by itself, added up",
      (w, x, y) => {
        const h = forwardMode(w, x).map(({ value }) => value);
        const slope = (t: number) => (1 - h[t]) * (1 + h[t]);
        return x.map((_: number, n: number) => {
          let [total, way] = [0, 1];
          for (let t = n + 1; t <= x.length; t++) {
            way *= slope(t);
            total += way * (h[t] - y[t - 1]);
            way *= w;
          }
          return total;
        });
      },
    ],
  ],
  "through-time/truncatedSlope": [
    [
      "in forward mode from the cut on",
      (w, x, y, back) => {
        const cut = Math.max(x.length - back, 0);
        const h = forwardMode(w, x).map(({ value }) => value);
        const { value, slope } = forwardMode(w, x.slice(cut), h[cut]).at(-1) as Dual;
        return slope * (value - y);
      },
    ],
  ],
  "through-time/memorySlopes": [
    [
      "by products of all gates behind",
      (f: number[], i: number[], g: number[], slope: number) => {
        const behind = (t: number) => f.slice(t + 1).reduce((all, gate) => all * gate, slope);
        const before = (t: number): number =>
          t === 0 ? 0 : f[t - 1] * before(t - 1) + i[t - 1] * g[t - 1];
        return [
          f.map((_, t) => behind(t) * before(t)),
          g.map((one, t) => behind(t) * one),
          i.map((one, t) => behind(t) * one),
        ];
      },
    ],
  ],
  "through-time/mendedStep": [
    [
      "by matrices",
      (W, h: number[], b: number[], g: number[]) => {
        const delta = [h.map((one, j) => g[j] * (1 - one * one))];
        return [product(delta, W)[0], product(transposed(delta), [b])];
      },
    ],
  ],
  "attention/shares": [
    ["by a logarithm of the sum", softmax],
    [
      "each against all others",
      (s: number[]) => s.map((one) => 1 / sum(s.map((other) => Math.exp(other - one)))),
    ],
  ],
  "attention/attend": [
    [
      "by matrices",
      (q, K, V) => {
        const p = softmax(product([q], transposed(K))[0].map((one) => one * q.length ** -0.5));
        return [p, product([p], V)[0]];
      },
    ],
  ],
  "attention/scoreSlopes": [
    [
      "by the whole Jacobian",
      (g, p, V) => product([V.map((v: number[]) => dot(v, g))], jacobian(p))[0],
    ],
    [
      "from the answer",
      (g, p, V) => {
        const o = product([p], V)[0];
        return p.map(
          (share: number, i: number) =>
            share *
            dot(
              g,
              V[i].map((one: number, j: number) => one - o[j]),
            ),
        );
      },
    ],
  ],
  "attention/attentionSlopes": [
    [
      "by matrices and the whole Jacobian",
      (q, K, V, y) => {
        const d = Math.sqrt(q.length);
        const p = softmax(product([q], transposed(K))[0].map((one) => one / d));
        const g = product([p], V)[0].map((one, j) => one - y[j]);
        const ds = product(product([g], transposed(V)), jacobian(p)).map((row) =>
          row.map((one) => one / d),
        );
        return [product(ds, K)[0], product(transposed(ds), [q]), product(transposed([p]), [g])];
      },
    ],
  ],
  "attention/normSlopes": [
    [
      "by the whole Jacobian",
      (x: number[], g: number[]) => {
        const n = x.length;
        const centred = x.map((one) => one - sum(x) / n);
        const s = Math.sqrt(dot(centred, centred) / n);
        const y = centred.map((one) => one / s);
        const J = y.map((a, i) => y.map((b, j) => ((i === j ? 1 : 0) - (1 + a * b) / n) / s));
        return product([g], J)[0];
      },
    ],
    [
      "with the variance as the mean square less the squared mean",
      (x: number[], g: number[]) => {
        const n = x.length;
        const m = sum(x) / n;
        const variance = dot(x, x) / n - m * m;
        const along = dot(
          g,
          x.map((one) => one - m),
        );
        return g.map(
          (one, i) =>
            (one - sum(g) / n - ((x[i] - m) * along) / (n * variance)) / Math.sqrt(variance),
        );
      },
    ],
  ],
  "attention/mendedScoreSlopes": [
    [
      "by the whole Jacobian of each query",
      (P: number[][], G: number[][]) => P.map((p, n) => product([G[n]], jacobian(p))[0]),
    ],
  ],
};

test("every function that the last three assignments ask for is answered here", () => {
  const asked = assignments
    .filter(({ name }) => ["convolution", "through-time", "attention"].includes(name))
    .flatMap(({ name, tasks }) =>
      tasks.filter(({ kind }) => kind === "function").map((task) => `${name}/${task.name}`),
    );
  expect(Object.keys(styles).sort()).toEqual(asked.sort());
});

describe.each(Object.entries(styles))("%s", (name, ways) => {
  const [assignment, task] = name.split("/");
  const { points } =
    assignments.find((one) => one.name === assignment)?.tasks.find((one) => one.name === task) ??
    {};
  test.each(ways)("%s", async (_way, answer) => {
    expect((await check(name, answer)).message).toMatch(/^✓ Right so far/);
    for (let seed = 1; seed <= 20; seed++) {
      const scored = await score(name, answer, seed);
      expect([seed, scored.points, scored.message]).toEqual([
        seed,
        points,
        `${points} of ${points} points`,
      ]);
    }
  });
});
