/** The tasks of the assignment on attention. */

import { exp, log, type Random } from "../arithmetic";
import { written } from "../exercise/compare";
import { sigmoid } from "../nn";
import { table } from "../show";
import {
  constant,
  layerNorm,
  matmul,
  multiply,
  softmax,
  type Tensor,
  tensor,
  transpose,
} from "../tensors";
import { withPlants } from "./planted";
import { handedBack } from "./reference";
import {
  type Assignment,
  digits,
  elementary,
  far,
  huge,
  list,
  lists,
  type Numbers,
  number,
  onPaper,
  prediction,
  signed,
  type Task,
  task,
  whole,
  withOwn,
} from "./task";

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, one, i) => sum + one * b[i], 0);
const negative = (rows: number[][]) => rows.map((row) => row.map((slope) => -slope));
const mean = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + one, 0) / values.length;
const sharesOf = (s: readonly number[]): number[] => Array.from(softmax(constant(s)).data);

/** Attention by the library: queries, keys and values, a row for each place. */
function attended(Q: Tensor, K: Tensor, V: Tensor, scale = 1 / Math.sqrt(Q.shape[1])) {
  const p = softmax(multiply(matmul(Q, transpose(K)), scale));
  return { p, o: matmul(p, V) };
}

/** The shares of one query, and its answer. */
function answered(q: number[], K: number[][], V: number[][], scale?: number): [number[], number[]] {
  const { p, o } = attended(constant([q]), constant(K), constant(V), scale);
  return [Array.from(p.data), Array.from(o.data)];
}

/** The slopes of query, keys and values, with L = ½ Σ (o − y)². */
function attentionBack(q: number[], K: number[][], V: number[][], y: number[]): Slopes {
  const [query, keys, values] = [tensor([q]), tensor(K), tensor(V)];
  const { o } = attended(query, keys, values);
  const errors = y.map((target, j) => o.data[j] - target);
  const [[dq], dK, dV] = handedBack(o, [errors], query, keys, values);
  return [dq, dK, dV];
}
type Slopes = [dq: number[], dK: number[][], dV: number[][]];

/** A query, the keys and the values of three places. */
const example = [
  [1, 0, 2, -1],
  [
    [1, 0, 1, 0],
    [0, 2, 0, 1],
    [1, 1, -1, 0],
  ],
  [
    [1, 0],
    [0, 2],
    [-1, 1],
  ],
] satisfies [q: number[], K: number[][], V: number[][]];

/** The slopes of one query's scores, for the slopes of its shares. */
const throughSoftmax = (p: readonly number[], dp: readonly number[]) => {
  const weighted = dot(p, dp);
  return p.map((share, i) => share * (dp[i] - weighted));
};

/** The same in lists, for what goes wrong on the way back. */
function attentionBy(
  q: number[],
  K: number[][],
  V: number[][],
  y: number[],
  { shares = throughSoftmax, scale = 1 / Math.sqrt(q.length), exchanged = false } = {},
): Slopes {
  const [p, o] = answered(q, K, V);
  const g = o.map((one, j) => one - y[j]);
  const dp = V.map((v) => dot(g, v));
  const ds = shares(p, dp).map((slope) => slope * scale);
  const [met, meets] = exchanged ? [K.map(() => q), K] : [K, K.map(() => q)];
  return [
    q.map((_, j) => ds.reduce((sum, slope, i) => sum + slope * met[i][j], 0)),
    ds.map((slope, i) => meets[i].map((one) => slope * one)),
    p.map((share) => g.map((one) => share * one)),
  ];
}

const diagonal = (p: readonly number[], dp: readonly number[]) =>
  p.map((share, i) => share * (1 - share) * dp[i]);
const byShare = (p: readonly number[], dp: readonly number[]) => p.map((share, i) => share * dp[i]);

const scoreBack = (g: number[], p: number[], V: number[][], shares = throughSoftmax) =>
  shares(
    p,
    V.map((v) => dot(g, v)),
  );

/** ∂L/∂x of y = (x − m)/s, for the slopes of y. */
function normBack(x: number[], g: number[]): number[] {
  const line = tensor(x);
  return handedBack(layerNorm(line, -1, 0), g, line)[0];
}
function normBy(
  x: number[],
  g: number[],
  back: (g: number, y: number, meanOfG: number, meanOfGy: number) => number,
  n = x.length,
): number[] {
  const m = mean(x);
  const s = Math.sqrt(x.reduce((sum, one) => sum + (one - m) * (one - m), 0) / n);
  const y = x.map((one) => (one - m) / s);
  const meanOfGy = mean(g.map((one, i) => one * y[i]));
  return g.map((one, i) => back(one, y[i], mean(g), meanOfGy) / s);
}

/** A query, keys and values. No share is nearly 1: of the slopes of its score few digits would be left. */
const drawn = (random: Random): [q: number[], K: number[][], V: number[][]] => {
  const [n, d, m] = [whole(random, 2, 5), whole(random, 2, 5), whole(random, 2, 4)];
  return [list(random, d), lists(random, n, d, 1), lists(random, n, m)];
};

/** Shares of three values, and the slope that comes in. */
interface Paper extends Numbers {
  p: number[];
  v: number[];
  g: number;
}

/** Shares of two digits that are all different and add up to 1, values of one digit. */
function drawPaper(random: Random): Paper {
  for (;;) {
    const [one, two] = [whole(random, 11, 59), whole(random, 11, 59)];
    const shares = [one, two, 100 - one - two];
    const isPlain =
      shares.every((share) => share > 10 && share % 10 !== 0) && new Set(shares).size === 3;
    const drawn = {
      p: shares.map((share) => share / 100),
      v: digits(random, 3, 2, 9),
      g: signed(random, 2, 9),
    };
    if (isPlain) return drawn;
  }
}

function slopesOnPaper(paper: Paper): Task {
  const paperValues = paper.v.map((value) => [value]);
  const paperBack = (shares = throughSoftmax) => scoreBack([paper.g], paper.p, paperValues, shares);
  const paperOfValues = () => paper.p.map((share) => paper.g * share);
  return onPaper("slopesOnPaper", {
    points: 3,
    expected: () => {
      const [p, v] = [tensor([paper.p]), tensor(paperValues)];
      const [dv, [dp]] = handedBack(matmul(p, v), [[paper.g]], v, p);
      return [dv.flat(), throughSoftmax(paper.p, dp)];
    },
    mistakes: {
      "these are the slopes of the shares: the softmax is still to come.": () => [
        paperOfValues(),
        paper.v.map((value) => paper.g * value),
      ],
      "shares come at the expense of each other: from each value the mean of all, o, is to be taken off.":
        () => [paperOfValues(), paperBack(byShare)],
      "only the diagonal of the softmax's Jacobian: a share depends on the other scores, too.":
        () => [paperOfValues(), paperBack(diagonal)],
      "the slope that comes in is missing: all are to be multiplied by it.": () => [
        paper.p,
        paperBack().map((slope) => slope / paper.g),
      ],
      "the slope that comes in is missing in the second list.": () => [
        paperOfValues(),
        paperBack().map((slope) => slope / paper.g),
      ],
      "the two lists have changed places: the values' slopes come first.": () => [
        paperBack(),
        paperOfValues(),
      ],
    },
    parts: [
      { name: "the values' slopes", share: 1 / 3, view: (result) => result?.[0] },
      { name: "the scores' slopes", share: 2 / 3, view: (result) => result?.[1] },
    ],
  });
}

export const attention: Assignment = {
  name: "attention",
  allowed: elementary,
  tasks: [
    withOwn(slopesOnPaper({ p: [0.5, 0.3, 0.2], v: [2, -1, 3], g: 2 }), {
      draw: drawPaper,
      task: slopesOnPaper,
      given: ({ p, v, g }) =>
        table([
          { what: "shares p", numbers: written(p) },
          { what: "values v", numbers: written(v) },
          { what: "∂L/∂o", numbers: written(g) },
        ]),
    }),
    task("shares", {
      points: 2,
      visible: [[[2, 0, 1]], [[1000, 1001]]],
      expected: (s: number[]) => sharesOf(s),
      mistakes: {
        "e to the power of 1,000 is infinite: take the largest score off all of them first.": (
          s,
        ) => {
          const powers = s.map(exp);
          const total = powers.reduce((sum, one) => sum + one, 0);
          return powers.map((one) => one / total);
        },
        "they do not add up to 1: divide by the sum of all powers.": (s) => s.map(exp),
        "they do not add up to 1: divide by the sum of all powers, not by the largest.": (s) => {
          const most = Math.max(...s);
          return s.map((one) => exp(one - most));
        },
        "each for itself: that is a sigmoid, and the shares do not add up to 1.": (s) =>
          s.map(sigmoid.f),
        "the exponential is missing: these are shares of the scores.": (s) =>
          s.map((one) => one / s.reduce((sum, other) => sum + other, 0)),
      },
      parts: [
        {
          name: "moderate scores",
          share: 0.5,
          draw: (random) => [list(random, whole(random, 2, 6))],
        },
        {
          name: "large ones",
          share: 0.5,
          draw: (random) => {
            const offset = far(random, 900, 1100);
            return [list(random, whole(random, 2, 6)).map((one) => one + offset)];
          },
        },
      ],
    }),
    task("attend", {
      points: 4,
      visible: [example],
      expected: (q: number[], K: number[][], V: number[][]) => answered(q, K, V),
      mistakes: {
        "the scores are not scaled: divide them by √d, d numbers in a query.": (q, K, V) =>
          answered(q, K, V, 1),
        "scaled by d: it is its square root.": (q, K, V) => answered(q, K, V, 1 / q.length),
        "multiplied by √d: the scores are to be divided.": (q, K, V) =>
          answered(q, K, V, Math.sqrt(q.length)),
        "d is how many numbers a query has, not how many keys there are.": (q, K, V) =>
          answered(q, K, V, 1 / Math.sqrt(K.length)),
        "the answer is the mean of the values with these shares; these are values and shares multiplied, not yet added up.":
          (q, K, V) => {
            const [p] = answered(q, K, V);
            return [p, V.map((v, i) => v.map((one) => p[i] * one))];
          },
        "all values count alike: the answer is their mean with the shares.": (q, K, V) => {
          const [p] = answered(q, K, V);
          return [p, V[0].map((_, j) => mean(V.map((v) => v[j])))];
        },
      },
      parts: ([0, 1] as const).map((n) => ({
        name: n === 0 ? "the shares" : "the answer",
        share: 0.5,
        view: (result) => result?.[n],
        draw: drawn,
      })),
    }),
    task("scoreSlopes", {
      points: 3,
      visible: [
        [
          [1, -2],
          [0.5, 0.3, 0.2],
          [
            [1, 0],
            [2, 1],
            [-1, 3],
          ],
        ],
        [[2], [0.75, 0.25], [[1], [-3]]],
      ],
      expected: (g: number[], p: number[], V: number[][]) => {
        // The scores are found again from the shares, but for a constant, which changes nothing.
        const s = tensor(p.map(log));
        const dp = V.map((v) => dot(g, v));
        return handedBack(softmax(s), dp, s)[0];
      },
      mistakes: {
        "these are the slopes of the shares: the softmax is still to come.": (g, p, V) =>
          scoreBack(g, p, V, (_p, dp) => [...dp]),
        "shares come at the expense of each other: what all get on average is to be taken off.": (
          g,
          p,
          V,
        ) => scoreBack(g, p, V, byShare),
        "only the diagonal of the softmax's Jacobian: a share depends on the other scores, too.": (
          g,
          p,
          V,
        ) => scoreBack(g, p, V, diagonal),
        "what is taken off is the mean with the shares, not the plain one.": (g, p, V) =>
          scoreBack(g, p, V, (p, dp) => p.map((share, i) => share * (dp[i] - mean(dp)))),
        "g is missing: each value's numbers are multiplied by the slopes of the answer's.": (
          g,
          p,
          V,
        ) =>
          scoreBack(
            g.map(() => 1),
            p,
            V,
          ),
        "wrong sign.": (g, p, V) => scoreBack(g, p, V).map((slope) => -slope),
      },
      draw: (random) => {
        const [, , V] = drawn(random);
        return [list(random, V[0].length), sharesOf(list(random, V.length)), V];
      },
    }),
    task("attentionSlopes", {
      points: 6,
      visible: [[...example, [2, -1]]],
      expected: attentionBack,
      mistakes: {
        "the scores were divided by √d, and so are their slopes on the way back.": (q, K, V, y) =>
          attentionBy(q, K, V, y, { scale: 1 }),
        "shares come at the expense of each other: what all get on average is to be taken off.": (
          q,
          K,
          V,
          y,
        ) => attentionBy(q, K, V, y, { shares: byShare }),
        "only the diagonal of the softmax's Jacobian: a share depends on the other scores, too.": (
          q,
          K,
          V,
          y,
        ) => attentionBy(q, K, V, y, { shares: diagonal }),
        "the softmax is passed over on the way back.": (q, K, V, y) =>
          attentionBy(q, K, V, y, { shares: (_p, dp) => [...dp] }),
        "query and key have changed places: the slope of one is made with the other.": (
          q,
          K,
          V,
          y,
        ) => attentionBy(q, K, V, y, { exchanged: true }),
        "a value's slope is that of the answer times its share.": (q, K, V, y) => {
          const [dq, dK] = attentionBack(q, K, V, y);
          const [, o] = answered(q, K, V);
          return [dq, dK, V.map(() => o.map((one, j) => one - y[j]))];
        },
        "wrong sign: the slope of the loss is o − y.": (q, K, V, y) => {
          const [dq, dK, dV] = attentionBack(q, K, V, y);
          return [negative([dq])[0], negative(dK), negative(dV)];
        },
      },
      parts: (["the query", "the keys", "the values"] as const).map((name, n) => ({
        name,
        share: 1 / 3,
        view: (result) => result?.[n],
        draw: (random) => {
          const [q, K, V] = drawn(random);
          return [q, K, V, V[0].map(() => number(random))];
        },
        steep: (random) => {
          const [q, K, V] = drawn(random);
          return [q, K, V, V[0].map(() => huge(random))];
        },
      })),
    }),
    task("normSlopes", {
      points: 4,
      visible: [
        [
          [2, 0, 4, 6],
          [1, 0, 0, 2],
        ],
        [
          [0.1, -0.1, 0.3],
          [2, -1, 0.5],
        ],
      ],
      expected: normBack,
      mistakes: {
        "mean and deviation are taken for constants: both depend on every x.": (x, g) =>
          normBy(x, g, (one) => one),
        "the deviation is taken for a constant: the third term is missing.": (x, g) =>
          normBy(x, g, (one, _y, meanOfG) => one - meanOfG),
        "the mean is taken for a constant: the second term is missing.": (x, g) =>
          normBy(x, g, (one, y, _meanOfG, meanOfGy) => one - y * meanOfGy),
        "not divided by s.": (x, g) => {
          const s = Math.sqrt(mean(x.map((one) => (one - mean(x)) * (one - mean(x)))));
          return normBack(x, g).map((slope) => slope * s);
        },
        "divided by n − 1: here the variance is the mean over all n.": (x, g) =>
          normBy(x, g, (one, y, meanOfG, meanOfGy) => one - meanOfG - y * meanOfGy, x.length - 1),
        "something is added to the variance: here nothing is, and the library's ε has to be 0.": (
          x,
          g,
        ) => {
          const line = tensor(x);
          return handedBack(layerNorm(line), g, line)[0];
        },
        "these are the results, y; the slopes of x are asked for.": (x) =>
          Array.from(layerNorm(constant(x), -1, 0).data),
      },
      draw: (random) => {
        const n = whole(random, 3, 7);
        return [list(random, n), list(random, n)];
      },
      // Close together and away from 0: no nudge suits these and the others. Any way to the variance has its digits.
      steep: (random) => {
        const [n, offset] = [whole(random, 5, 7), far(random, 0.008, 0.012)];
        const near = (_: unknown, i: number) => offset + (i + number(random, -0.3, 0.3)) / 1000;
        return [Array.from({ length: n }, near), list(random, n)];
      },
    }),
    withPlants(
      task("mendedScoreSlopes", {
        points: 4,
        visible: [
          [
            [
              [0.5, 0.3, 0.2],
              [0.1, 0.1, 0.8],
              [0.25, 0.5, 0.25],
            ],
            [
              [1, 0, -2],
              [3, 1, 2],
              [-1, 0.5, 0],
            ],
          ],
        ],
        expected: (P: number[][], G: number[][]) => {
          const scores = tensor(P.map((p) => p.map(log)));
          return handedBack(softmax(scores), G, scores)[0];
        },
        mistakes: {
          "the sum runs down a column, over the queries: shares of one query add up to 1, and it is a row. Nothing is mended yet.":
            (P, G) =>
              P.map((p, n) =>
                p.map(
                  (share, i) =>
                    share * (G[n][i] - P.reduce((sum, q, m) => sum + q[i] * G[m][i], 0)),
                ),
              ),
          "each query has a sum of its own: this is the one over all of them.": (P, G) => {
            const total = P.reduce((sum, p, n) => sum + dot(p, G[n]), 0);
            return P.map((p, n) => p.map((share, i) => share * (G[n][i] - total)));
          },
          "shares come at the expense of each other: what all get on average is to be taken off.": (
            P,
            G,
          ) => P.map((p, n) => byShare(p, G[n])),
          "only the diagonal of the softmax's Jacobian: a share depends on the other scores, too.":
            (P, G) => P.map((p, n) => diagonal(p, G[n])),
          "wrong sign.": (P, G) => negative(P.map((p, n) => throughSoftmax(p, G[n]))),
        },
        draw: (random) => {
          const [queries, keys] = [whole(random, 2, 4), whole(random, 2, 4)];
          const P = lists(random, queries, keys).map(sharesOf);
          return [P, lists(random, queries, keys)];
        },
      }),
      {
        code: (factor) => `function brokenScoreSlopes(P: number[][], G: number[][]): number[][] {
  const means = P.map((p, n) => p.reduce((sum, share, i) => sum + share * G[n][i], 0));
  return P.map((p, n) => p.map((share, i) => ${factor} * share * (G[n][i] - means[n])));
}`,
        plants: [
          {
            hint: "the sum runs down a column, over the queries: shares of one query add up to 1, and it is a row.",
            change: [
              [
                "P.map((p, n) => p.reduce((sum, share, i) => sum + share * G[n][i], 0))",
                "P[0].map((_, i) => P.reduce((sum, p, n) => sum + p[i] * G[n][i], 0))",
              ],
              ["means[n]", "means[i]"],
            ],
          },
          {
            hint: "each query has a sum of its own: this is the one over all of them.",
            change: [["means[n]", "means.reduce((sum, one) => sum + one, 0)"]],
          },
          {
            hint: "only the diagonal of the softmax's Jacobian: a share depends on the other scores, too.",
            change: [["(G[n][i] - means[n])", "(1 - share) * G[n][i]"]],
          },
        ],
      },
    ),
    prediction(
      "predictedQuerySlope",
      () => {
        const q = tensor([[3]]);
        const { o } = attended(q, constant([[2], [2], [2]]), constant([[1], [5], [-3]]));
        const [[[dq]]] = handedBack(o, [[1]], q);
        return Math.abs(dq) < 1e-12 ? 0 : dq;
      },
      {
        "that is the answer, the mean of the values.": () => 1,
        "that is the key's number: a score has the slope p · (v − o), and these add up.": () => 2,
        "that is the largest value.": () => 5,
      },
    ),
  ],
};
