/** The tasks of the assignment on weight updates. */
import { cost, costGradient, createNetwork, type Network, update } from "../nn";
import { table } from "../show";
import { withPlants } from "./planted";
import { layersOf, passes } from "./reference";
import {
  type Assignment,
  elementary,
  list,
  type Numbers,
  network,
  number,
  pick,
  prediction,
  rows,
  signed,
  steepNetwork,
  task,
  whole,
  withOwn,
} from "./task";

const rate = (random: () => number) => number(random, 0.01, 0.6);
const mean = (gradients: readonly number[][]) =>
  gradients[0].map((_, w) => gradients.reduce((sum, one) => sum + one[w], 0) / gradients.length);

/** All layers after one step of the library, in the direction given by `sign`. */
function stepped(
  layers: number[][][],
  x: number[],
  y: number[],
  alpha: number,
  sign = 1,
): number[][][] {
  const { network: net, back } = passes(layers, x, y);
  update(
    net,
    back.gradient.map((slope) => sign * slope),
    alpha,
  );
  return layersOf(net, net.weights);
}

/** The mistake of taking weights that were updated already for the deltas of the layer before. */
function withUpdatedWeights(
  layers: number[][][],
  x: number[],
  y: number[],
  alpha: number,
): number[][][] {
  const { pass } = passes(layers, x, y);
  const inputs = [x, ...pass.a.slice(1).map((a) => Array.from(a))];
  const after = layers.map((W) => W.map((row) => [...row]));
  let delta = inputs[layers.length].map((h, k) => h - y[k]);
  for (let l = layers.length - 1; l >= 0; l--) {
    after[l] = layers[l].map((row, j) =>
      row.map((w, i) => w - alpha * delta[j] * (i === 0 ? 1 : inputs[l][i - 1])),
    );
    const next = delta;
    delta = inputs[l].map(
      (a, i) => (1 - a * a) * next.reduce((sum, d, k) => sum + after[l][k][i + 1] * d, 0),
    );
  }
  return after;
}

const textNetwork = (): Network =>
  createNetwork({ sizes: [2, 3, 1], hidden: "identity", output: "identity", weights: 1 });

const first = [
  [0.1, 0.5, -0.5],
  [-0.2, 1, 0.3],
];

/** One weight without a bias, its sample, and how far it steps. */
interface Step extends Numbers {
  w: number;
  x: number;
  y: number;
  alpha: number;
}
const unitOf = ({ w }: Step): Network => createNetwork({ sizes: [1, 1], weights: [0, w] });
const sampleOf = ({ x, y }: Step) => ({ inputs: [[x]], targets: [[y]] });

/** The weight's step: the bias, which the task has not, stays where it is. */
function stepUnit(net: Network, numbers: Step): void {
  const [, slope] = costGradient(net, sampleOf(numbers));
  update(net, [0, slope], numbers.alpha);
}

function stepOf(numbers: Step): [weight: number, lossWill: string] {
  const net = unitOf(numbers);
  const before = cost(net, sampleOf(numbers));
  stepUnit(net, numbers);
  return [net.weights[1], cost(net, sampleOf(numbers)) < before ? "fall" : "rise"];
}

/**
 * Numbers of one digit, and steps of tenths after which the weight has two. The loss falls where α x² is below 2: for one half of
 * the students, and rises for the others.
 */
function drawStep(random: () => number): Step {
  const rates = {
    short: ["2 0.3", "2 0.4", "3 0.1", "3 0.2"],
    long: ["2 0.6", "2 0.7", "3 0.3", "3 0.4"],
  };
  for (;;) {
    const [x, alpha] = pick(random, pick(random, Object.values(rates)))
      .split(" ")
      .map(Number);
    const drawn = {
      w: signed(random, 2, 9),
      x: signed(random, x, x),
      y: signed(random, 2, 9),
      alpha,
    };
    const [weight] = stepOf(drawn);
    if (Math.abs(weight) > 0.5 && Math.abs(weight) < 20) return drawn;
  }
}

export const weightUpdates: Assignment = {
  name: "weight-updates",
  allowed: elementary,
  tasks: [
    task("updatedWeight", {
      points: 2,
      visible: [
        [1, 4, 0.1],
        [-0.5, -2, 0.25],
      ],
      expected: (w: number, slope: number, alpha: number) => {
        const net = createNetwork({ sizes: [1, 1], weights: [w, 0] });
        update(net, [slope, 0], alpha);
        return net.weights[0];
      },
      mistakes: {
        "wrong sign: the step goes against the slope.": (w, slope, alpha) => w + alpha * slope,
        "the learning rate is missing.": (w, slope) => w - slope,
        "this is the step; the new weight is asked for.": (_w, slope, alpha) => -alpha * slope,
      },
      draw: (random) => [number(random), number(random), rate(random)],
    }),
    task("updatedLayer", {
      points: 3,
      visible: [[first, [1, -2], [0.5, 3], 0.1]],
      expected: (W: number[][], delta: number[], a: number[], alpha: number) =>
        W.map((row, j) => row.map((w, i) => w - alpha * delta[j] * [1, ...a][i])),
      mistakes: {
        "no bias: column 0 moves too, by α · δ · 1.": (W, delta, a, alpha) =>
          W.map((row, j) => row.map((w, i) => w - alpha * delta[j] * [0, ...a][i])),
        "wrong sign.": (W, delta, a, alpha) =>
          W.map((row, j) => row.map((w, i) => w + alpha * delta[j] * [1, ...a][i])),
        "the activations are left out: each slope is δ times the input of that weight.": (
          W,
          delta,
          _a,
          alpha,
        ) => W.map((row, j) => row.map((w) => w - alpha * delta[j])),
        "an index is shifted: a[0] belongs to column 1.": (W, delta, a, alpha) =>
          W.map((row, j) => row.map((w, i) => w - alpha * delta[j] * [...a, 1][i])),
      },
      draw: (random) => {
        const [units, inputs] = [whole(random, 1, 4), whole(random, 1, 4)];
        return [
          rows(random, units, inputs),
          list(random, units),
          list(random, inputs),
          rate(random),
        ];
      },
    }),
    task("meanGradient", {
      points: 3,
      visible: [
        [
          [
            [1, 2],
            [3, -4],
            [2, 5],
            [4, 1],
          ],
        ],
      ],
      expected: (gradients: number[][]) => mean(gradients),
      mistakes: {
        "this is the sum: divide by the number of samples.": (gradients) =>
          mean(gradients).map((slope) => slope * gradients.length),
        "one sample instead of the mean: the first.": (gradients) => gradients[0],
        "one sample instead of the mean: the last.": (gradients) => gradients[gradients.length - 1],
        "the mean over the weights: it goes over the samples, weight by weight.": (gradients) =>
          gradients.map((one) => one.reduce((sum, slope) => sum + slope, 0) / one.length),
      },
      draw: (random) => {
        const weights = whole(random, 2, 6);
        return [Array.from({ length: whole(random, 2, 6) }, () => list(random, weights))];
      },
    }),
    task("gradientStep", {
      points: 5,
      visible: [[[first, [[0.3, -1, 2]]], [1, 0.5], [1], 0.5]],
      expected: (layers: number[][][], x: number[], y: number[], alpha: number) =>
        stepped(layers, x, y, alpha),
      mistakes: {
        "wrong sign: the loss would climb.": (layers, x, y, alpha) =>
          stepped(layers, x, y, alpha, -1),
        "the updated instead of the old weights in δ: find all deltas first, then move the weights.":
          withUpdatedWeights,
        "no bias: column 0 moves too.": (layers, x, y, alpha) =>
          stepped(layers, x, y, alpha).map((W, l) =>
            W.map((row, j) => [layers[l][j][0], ...row.slice(1)]),
          ),
        "only the last layer moves.": (layers, x, y, alpha) =>
          stepped(layers, x, y, alpha).map((W, l) => (l === layers.length - 1 ? W : layers[l])),
      },
      parts: [
        {
          name: "one hidden layer",
          share: 0.6,
          draw: (random) => {
            const sizes = [whole(random, 1, 3), whole(random, 2, 4), whole(random, 1, 2)];
            return [
              network(random, sizes),
              list(random, sizes[0]),
              list(random, sizes[2]),
              rate(random),
            ];
          },
          steep: (random) => {
            const sizes = [whole(random, 1, 3), whole(random, 2, 4), whole(random, 1, 2)];
            const layers = steepNetwork(random, sizes);
            return [layers, list(random, sizes[0]), list(random, sizes[2]), rate(random)];
          },
        },
        {
          name: "several hidden layers",
          share: 0.4,
          draw: (random) => {
            const sizes = [whole(random, 1, 3), 3, whole(random, 2, 3), whole(random, 1, 2)];
            return [
              network(random, sizes),
              list(random, sizes[0]),
              list(random, sizes[3]),
              rate(random),
            ];
          },
          steep: (random) => {
            const sizes = [whole(random, 1, 3), 3, whole(random, 2, 3), whole(random, 1, 2)];
            const layers = steepNetwork(random, sizes);
            return [layers, list(random, sizes[0]), list(random, sizes[3]), rate(random)];
          },
        },
      ],
    }),
    withPlants(
      task("mendedStep", {
        points: 4,
        visible: [[first, [0.3, -1, 2], [1, 0.5], 1, 0.5]],
        expected: (W: number[][], v: number[], x: number[], y: number, alpha: number) => {
          const [hidden, [output]] = stepped([W, [v]], x, [y], alpha);
          return [hidden, output];
        },
        mistakes: {
          "the updated instead of the old weights in δ: v has moved before it is used. Nothing is mended yet.":
            (W, v, x, y, alpha) => {
              const [hidden, [output]] = withUpdatedWeights([W, [v]], x, [y], alpha);
              return [hidden, output];
            },
          "wrong sign.": (W, v, x, y, alpha) => {
            const [hidden, [output]] = stepped([W, [v]], x, [y], alpha, -1);
            return [hidden, output];
          },
        },
        draw: (random) => {
          const [inputs, units] = [whole(random, 1, 3), whole(random, 2, 4)];
          return [
            rows(random, units, inputs),
            list(random, units + 1),
            list(random, inputs),
            number(random),
            0.2 + rate(random),
          ];
        },
        steep: (random) => {
          const [inputs, units] = [whole(random, 1, 3), whole(random, 2, 4)];
          const [W, [v]] = steepNetwork(random, [inputs, units, 1]);
          return [W, v, list(random, inputs), number(random), 0.2 + rate(random)];
        },
      }),
      {
        code: (
          factor,
        ) => `function brokenStep(W: number[][], v: number[], x: number[], y: number, alpha: number) {
  const a = W.map((w) => Math.tanh(x.reduce((sum, value, i) => sum + w[i + 1] * value, w[0])));
  const error = ${factor} * (a.reduce((sum, value, j) => sum + v[j + 1] * value, v[0]) - y);
  const newV = v.map((weight, j) => weight - alpha * error * (j === 0 ? 1 : a[j - 1]));
  const newW = W.map((row, j) => {
    const delta = (1 - a[j] * a[j]) * v[j + 1] * error;
    return row.map((weight, i) => weight - alpha * delta * (i === 0 ? 1 : x[i - 1]));
  });
  return [newW, newV];
}`,
        plants: [
          {
            hint: "the updated instead of the old weights in δ: v has moved before it is used.",
            change: [["* v[j + 1] * error", "* newV[j + 1] * error"]],
          },
          {
            hint: "f′ is missing.",
            change: [["(1 - a[j] * a[j]) * v[j + 1]", "v[j + 1]"]],
          },
          {
            hint: "no bias in the hidden layer: column 0 of W moves too, by α δ.",
            change: [
              [
                "alpha * delta * (i === 0 ? 1 : x[i - 1])",
                "alpha * delta * (i === 0 ? 0 : x[i - 1])",
              ],
            ],
          },
        ],
        mistakes: {
          "f′ is missing.": (W: number[][], v: number[], x: number[], y: number, alpha: number) => {
            const { pass } = passes([W, [v]], x, [y]);
            const error = pass.a[2][0] - y;
            const [, [output]] = stepped([W, [v]], x, [y], alpha);
            const hidden = W.map((row, j) =>
              row.map((w, i) => w - alpha * v[j + 1] * error * [1, ...x][i]),
            );
            return [hidden, output];
          },
          "no bias in the hidden layer: column 0 of W moves too, by α δ.": (
            W: number[][],
            v: number[],
            x: number[],
            y: number,
            alpha: number,
          ) => {
            const [hidden, [output]] = stepped([W, [v]], x, [y], alpha);
            return [hidden.map((row, j) => [W[j][0], ...row.slice(1)]), output];
          },
        },
        // A loss that is scaled takes longer steps.
        scaled: (make, factor) => (W, v, x, y, alpha) => make(W, v, x, y, factor * alpha),
      },
    ),
    task("relativeDifference", {
      points: 2,
      visible: [
        [2, 2.1],
        [-0.001, 0.001],
      ],
      expected: (slope: number, numeric: number) =>
        Math.abs(slope - numeric) / Math.max(Math.abs(slope), Math.abs(numeric)),
      mistakes: {
        "this is the difference itself: divide by the larger of the two, without their signs.": (
          slope,
          numeric,
        ) => Math.abs(slope - numeric),
        "without |…| differences of opposite sign would cancel.": (slope, numeric) =>
          (slope - numeric) / Math.max(Math.abs(slope), Math.abs(numeric)),
        "divide by the larger of the two, not by their sum.": (slope, numeric) =>
          Math.abs(slope - numeric) / (Math.abs(slope) + Math.abs(numeric)),
      },
      draw: (random) => [number(random), number(random)],
    }),
    withOwn(
      prediction(
        "lossWill",
        () => {
          const net = textNetwork();
          const samples = { inputs: [[0, 0]], targets: [[0]] };
          const before = cost(net, samples);
          update(net, costGradient(net, samples), 0.6);
          const after = cost(net, samples);
          return after < before ? "fall" : after > before ? "rise" : "stay";
        },
        { "that is so for α = 0.1. What does a step six times as long do?": () => "fall" },
      ),
      {
        draw: drawStep,
        task: (numbers) => {
          const other = (word: string) => (word === "fall" ? "rise" : "fall");
          return prediction("lossWill", () => stepOf(numbers), {
            "wrong sign: a step goes against the slope.": () => {
              const { w, x, y, alpha } = numbers;
              return [w + alpha * (w * x - y) * x, "rise"];
            },
            "the weight is right; is the new error smaller than the old one?": () => {
              const [weight, word] = stepOf(numbers);
              return [weight, other(word)];
            },
            "the input is missing: the slope is (h − y) · x.": () => {
              const { w, x, y, alpha } = numbers;
              return [w - alpha * (w * x - y), stepOf(numbers)[1]];
            },
            "the target is missing: the slope is (h − y) · x.": () => {
              const { w, x, alpha } = numbers;
              return [w - alpha * w * x * x, stepOf(numbers)[1]];
            },
            "the learning rate is missing.": () => {
              const { w, x, y } = numbers;
              return [w - (w * x - y) * x, stepOf(numbers)[1]];
            },
          });
        },
        given: ({ w, x, y, alpha }) => table([{ w, x, "target y": y, "learning rate α": alpha }]),
        result: (numbers) => {
          const net = unitOf(numbers);
          const at = (when: string) => ({
            when,
            w: net.weights[1],
            h: net.weights[1] * numbers.x,
            loss: cost(net, sampleOf(numbers)),
          });
          const before = at("before the step");
          stepUnit(net, numbers);
          return table([before, at("after it")]);
        },
      },
    ),
  ],
};
