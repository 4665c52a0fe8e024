/** The tasks of the assignment on training. */
import type { Random } from "../arithmetic";
import { cost, costGradient, createNetwork, type Network, predict, type Samples } from "../nn";
import { table } from "../show";
import { momentum, train } from "../training";
import { withPlants } from "./planted";
import {
  type Assignment,
  elementary,
  list,
  lists,
  type Numbers,
  number,
  prediction,
  rows,
  steepNetwork,
  task,
  whole,
  withOwn,
} from "./task";

/** One sigmoid unit with the logistic loss: its weights, bias first. */
const unit = (w: readonly number[]): Network =>
  createNetwork({
    sizes: [w.length - 1, 1],
    output: "sigmoid",
    loss: "binaryCrossEntropy",
    weights: w,
  });

function gradientOf(w: readonly number[], X: readonly number[][], y: readonly number[]): number[] {
  return Array.from(costGradient(unit(w), { inputs: X, targets: y.map((one) => [one]) }));
}

const square = (x: number) => x * x;

const minus = (w: readonly number[], slopes: readonly number[], alpha: number) =>
  w.map((value, i) => value - alpha * slopes[i]);

/** The weights after one epoch of the library, with batches of this size, in the order given. */
function afterEpoch(
  w: readonly number[],
  X: number[][],
  y: number[],
  alpha: number,
  batchSize: number,
): number[] {
  const net = unit(w);
  const samples: Samples = { inputs: X, targets: y.map((one) => [one]) };
  train(net, samples, { learningRate: alpha, epochs: 1, batchSize, shuffle: false });
  return Array.from(net.weights);
}

const someX = [
  [0, 1],
  [1, 0.5],
  [-1, 2],
];
const someY = [1, 0, 1];

const drawn = (random: () => number): [number[], number[][], number[], number] => {
  const [inputs, samples] = [whole(random, 1, 4), whole(random, 3, 6)];
  return [
    list(random, inputs + 1),
    lists(random, samples, inputs),
    Array.from({ length: samples }, () => whole(random, 0, 1)),
    number(random, 0.05, 0.9),
  ];
};

/** Samples with one input, in its order, and their classes. */
interface Line extends Numbers {
  x: number[];
  y: number[];
}

/** How many samples the better of the two units with its boundary before sample n gets right. */
function rightOf({ x, y }: Line, n: number): number {
  const [left, right] = neighboursOf({ x, y }, n);
  const rights = [-1, 1].map((steepness) => {
    const net = unit([(-steepness * (left + right)) / 2, steepness]);
    return x.filter((value, i) => predict(net, [value])[0] > 0.5 === (y[i] === 1)).length;
  });
  return Math.max(...rights);
}
const neighboursOf = ({ x }: Line, n: number) => [x[n - 1], x[n]];

/** How many the best unit gets right, and the neighbours of its boundary. */
function bestOf(line: Line): number[] {
  const counts = line.x.map((_, n) => (n === 0 ? 0 : rightOf(line, n)));
  const most = Math.max(...counts);
  return [most, ...neighboursOf(line, counts.indexOf(most))];
}

/** Eight samples, of which the best unit gets six: there is one best boundary, between two samples. */
function drawLine(random: Random): Line {
  for (;;) {
    const drawn = Array.from({ length: 8 }, () =>
      Number(`${whole(random, 1, 9)}.${whole(random, 1, 9)}`),
    );
    const line = {
      x: drawn.sort((one, other) => one - other),
      y: drawn.map(() => whole(random, 0, 1)),
    };
    const counts = line.x.slice(1).map((_, n) => rightOf(line, n + 1));
    const ones = line.y.reduce((sum, y) => sum + y, 0);
    const isClear = new Set(line.x).size === 8 && counts.filter((one) => one >= 6).length === 1;
    if (isClear && Math.max(...counts) === 6 && ones > 2 && ones < 6) return line;
  }
}

/** The places of the samples, batch by batch. */
function batchesOf(samples: number, size: number): number[][] {
  return Array.from({ length: Math.ceil(samples / size) }, (_, b) =>
    Array.from({ length: Math.min(size, samples - b * size) }, (_, n) => b * size + n),
  );
}

export const training: Assignment = {
  name: "training",
  allowed: elementary,
  tasks: [
    task("meanCost", {
      points: 2,
      visible: [
        [
          [0.5, 2, -1],
          [0, 1, 1],
        ],
      ],
      expected: (outputs: number[], targets: number[]) =>
        cost(createNetwork({ sizes: [1, 1], weights: [0, 1] }), {
          inputs: outputs.map((h) => [h]),
          targets: targets.map((y) => [y]),
        }),
      mistakes: {
        "this is the sum: the cost is the mean over the samples.": (outputs, targets) =>
          outputs.reduce((sum, h, n) => sum + square(h - targets[n]) / 2, 0),
        "the ½ is missing.": (outputs, targets) =>
          outputs.reduce((sum, h, n) => sum + square(h - targets[n]), 0) / outputs.length,
        "the square is missing: signed errors cancel.": (outputs, targets) =>
          outputs.reduce((sum, h, n) => sum + (h - targets[n]), 0) / outputs.length,
        "one sample instead of the mean.": (outputs, targets) =>
          square(outputs[0] - targets[0]) / 2,
      },
      draw: (random) => {
        const samples = whole(random, 2, 7);
        return [list(random, samples), list(random, samples)];
      },
    }),
    task("batches", {
      points: 2,
      visible: [
        [4, 2],
        [5, 2],
      ],
      expected: batchesOf,
      mistakes: {
        "the last, smaller batch is missing.": (samples, size) =>
          Array.from({ length: Math.floor(samples / size) }, (_, b) =>
            Array.from({ length: size }, (_, n) => b * size + n),
          ),
        "samples are counted from 0.": (samples, size) =>
          Array.from({ length: Math.ceil(samples / size) }, (_, b) =>
            Array.from({ length: Math.min(size, samples - b * size) }, (_, n) => b * size + n + 1),
          ),
      },
      parts: [
        {
          name: "sizes that fit",
          share: 0.5,
          draw: (random) => {
            const size = whole(random, 1, 5);
            return [size * whole(random, 1, 5), size];
          },
        },
        {
          name: "a rest that is left over",
          share: 0.5,
          draw: (random) => {
            const size = whole(random, 3, 6);
            return [size * whole(random, 1, 4) + whole(random, 1, size - 1), size];
          },
        },
      ],
    }),
    task("epoch", {
      points: 5,
      visible: [[[0.1, 0.5, -0.5], someX, someY, 0.5]],
      expected: (w: number[], X: number[][], y: number[], alpha: number) =>
        afterEpoch(w, X, y, alpha, X.length),
      mistakes: {
        "one sample instead of the mean: the first.": (w, X, y, alpha) =>
          minus(w, gradientOf(w, X.slice(0, 1), y.slice(0, 1)), alpha),
        "one sample instead of the mean: the last one overwrites the others.": (w, X, y, alpha) =>
          minus(w, gradientOf(w, X.slice(-1), y.slice(-1)), alpha),
        "this is the sum: divide by the number of samples.": (w, X, y, alpha) =>
          minus(w, gradientOf(w, X, y), alpha * X.length),
        "the weights moved after every sample: collect all slopes, then make one step.": (
          w,
          X,
          y,
          alpha,
        ) => afterEpoch(w, X, y, alpha, 1),
        "wrong sign: uphill.": (w, X, y, alpha) => minus(w, gradientOf(w, X, y), -alpha),
        "no bias: w[0] has a slope too.": (w, X, y, alpha) => [
          w[0],
          ...minus(w, gradientOf(w, X, y), alpha).slice(1),
        ],
      },
      draw: drawn,
    }),
    task("sampleBySample", {
      points: 4,
      visible: [[[0.1, 0.5, -0.5], someX, someY, 0.5]],
      expected: (w: number[], X: number[][], y: number[], alpha: number) =>
        afterEpoch(w, X, y, alpha, 1),
      mistakes: {
        "all slopes are taken at the old weights: here each sample sees the weights that the one before has left.":
          (w, X, y, alpha) => minus(w, gradientOf(w, X, y), alpha * X.length),
        "this is one step with the mean of all samples.": (w, X, y, alpha) =>
          afterEpoch(w, X, y, alpha, X.length),
        "wrong sign: uphill.": (w, X, y, alpha) =>
          X.reduce((now, x, n) => minus(now, gradientOf(now, [x], [y[n]]), -alpha), w),
        "only the first sample.": (w, X, y, alpha) =>
          minus(w, gradientOf(w, X.slice(0, 1), y.slice(0, 1)), alpha),
      },
      draw: drawn,
    }),
    task("momentumStep", {
      points: 3,
      visible: [[[1, -2], [0.5, 0], [2, -4], 0.1, 0.9]],
      expected: (
        w: number[],
        v: number[],
        g: number[],
        alpha: number,
        mu: number,
      ): [number[], number[]] => {
        // Two steps of the library: the first, from rest, brings the velocity to v.
        const step = momentum(mu).start(w.length);
        const weights = Float64Array.from(w, (value, i) => value - v[i]);
        step(
          weights,
          Float64Array.from(v, (value) => -value / alpha),
          1,
          alpha,
        );
        const before = weights.slice();
        step(weights, Float64Array.from(g), 1, alpha);
        return [Array.from(weights), Array.from(weights, (value, i) => value - before[i])];
      },
      mistakes: {
        "wrong sign of the new part: v ← μ v − α g.": (w, v, g, alpha, mu) => {
          const next = v.map((value, i) => mu * value + alpha * g[i]);
          return [w.map((value, i) => value + next[i]), next];
        },
        "the weights move by the old velocity: work out v first.": (w, v, g, alpha, mu) => [
          w.map((value, i) => value + v[i]),
          v.map((value, i) => mu * value - alpha * g[i]),
        ],
        "μ is missing: only a part of the velocity is kept.": (w, v, g, alpha) => {
          const next = v.map((value, i) => value - alpha * g[i]);
          return [w.map((value, i) => value + next[i]), next];
        },
      },
      parts: ([0, 1] as const).map((n) => ({
        name: n === 0 ? "the weights" : "the velocity",
        share: n === 0 ? 2 / 3 : 1 / 3,
        view: (result) => result?.[n],
        draw: (random) => {
          const weights = whole(random, 1, 5);
          return [
            list(random, weights),
            list(random, weights),
            list(random, weights),
            number(random, 0.05, 0.5),
            number(random, 0.5, 0.95),
          ];
        },
      })),
    }),
    withPlants(
      task("mendedGradient", {
        points: 4,
        visible: [
          [
            [
              [0.1, 0.5, -0.5],
              [-0.2, 1, 0.3],
            ],
            [0.3, -1, 2],
            someX,
            someY,
          ],
        ],
        expected: (W: number[][], v: number[], X: number[][], y: number[]) =>
          hiddenGradient(W, v, X, y),
        mistakes: {
          "one sample instead of the mean: each sample overwrites the one before. Nothing is mended yet.":
            (W, v, X, y) =>
              hiddenGradient(W, v, X.slice(-1), y.slice(-1)).map((row) =>
                row.map((slope) => slope / X.length),
              ),
          "this is the sum: it has to be divided by the number of samples, once.": (W, v, X, y) =>
            hiddenGradient(W, v, X, y).map((row) => row.map((slope) => slope * X.length)),
          "it is divided by the number of samples for each sample again.": (W, v, X, y) =>
            hiddenGradient(W, v, X, y).map((row) => row.map((slope) => slope / X.length)),
        },
        draw: (random) => {
          const [inputs, units, samples] = [
            whole(random, 1, 3),
            whole(random, 2, 4),
            whole(random, 2, 5),
          ];
          return [
            rows(random, units, inputs),
            list(random, units + 1),
            lists(random, samples, inputs),
            Array.from({ length: samples }, () => number(random)),
          ];
        },
        steep: (random) => {
          const [inputs, samples] = [whole(random, 1, 3), whole(random, 2, 5)];
          const [W, [v]] = steepNetwork(random, [inputs, whole(random, 2, 4), 1]);
          const X = lists(random, samples, inputs);
          return [W, v, X, list(random, samples)];
        },
      }),
      {
        code: (
          factor,
        ) => `function brokenGradient(W: number[][], v: number[], X: number[][], y: number[]): number[][] {
  const slopes = W.map((row) => row.map(() => 0));
  X.forEach((x, n) => {
    const a = W.map((w) =>
      Math.tanh(x.reduce((sum, value, i) => sum + w[i + 1] * value, w[0])),
    );
    const error = ${factor} * (a.reduce((sum, value, j) => sum + v[j + 1] * value, v[0]) - y[n]);
    a.forEach((value, j) => {
      const delta = (1 - value * value) * v[j + 1] * error;
      W[j].forEach((_, i) => (slopes[j][i] += delta * (i === 0 ? 1 : x[i - 1])));
    });
  });
  return slopes.map((row) => row.map((slope) => slope / X.length));
}`,
        plants: [
          {
            hint: "one sample instead of the mean: each sample overwrites the one before.",
            change: [["slopes[j][i] += delta", "slopes[j][i] = delta"]],
          },
          {
            hint: "this is the sum: it has to be divided by the number of samples, once.",
            change: [["slope / X.length", "slope"]],
          },
          {
            hint: "it is divided by the number of samples for each sample again.",
            change: [["+= delta * (", "+= (delta / X.length) * ("]],
          },
        ],
      },
    ),
    withOwn(
      prediction("mostRight", () => 3, {
        "no straight line gets all four of XOR.": () => 4,
        "one side of the line can hold three of them.": () => 2,
      }),
      {
        draw: drawLine,
        task: (line) =>
          prediction("mostRight", () => bestOf(line), {
            "no boundary gets all of them: two lie among the others.": () => [
              line.x.length,
              ...bestOf(line).slice(1),
            ],
            "this is how many are wrong.": () => [
              line.x.length - bestOf(line)[0],
              ...bestOf(line).slice(1),
            ],
            "a boundary where the class changes for the first time leaves more of them wrong.":
              () => {
                const first = line.y.findIndex((y, n) => n > 0 && y !== line.y[n - 1]);
                return [rightOf(line, first), ...neighboursOf(line, first)];
              },
            "a boundary where the class changes for the last time leaves more of them wrong.":
              () => {
                const last =
                  line.y.length - [...line.y].reverse().findIndex((y) => y !== line.y[7]);
                return [rightOf(line, last), ...neighboursOf(line, last)];
              },
            "the neighbours have changed places: the left one comes first.": () => {
              const [most, left, right] = bestOf(line);
              return [most, right, left];
            },
          }),
        given: ({ x, y }) => table(x.map((value, n) => ({ x: value, target: y[n] }))),
        result: (line) => {
          const [most, left, right] = bestOf(line);
          return table([
            { "at most right": most, "left of the boundary": left, "right of it": right },
          ]);
        },
      },
    ),
  ],
};

/** The gradient of the mean cost for the hidden layer: tanh units, one identity output. */
function hiddenGradient(W: number[][], v: number[], X: number[][], y: number[]): number[][] {
  const net = createNetwork({
    sizes: [X[0].length, W.length, 1],
    hidden: "tanh",
    weights: [...W.flat(), ...v],
  });
  const gradient = costGradient(net, { inputs: X, targets: y.map((one) => [one]) });
  const columns = 1 + X[0].length;
  return W.map((_, j) => Array.from(gradient.subarray(j * columns, (j + 1) * columns)));
}
