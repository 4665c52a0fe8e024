/** The tasks of the assignment on the forward pass. */
import { createNetwork, forward, predict, tanh } from "../nn";
import { networkDiagram } from "../show";
import { drawByHand, type NetworkByHand, tableByHand } from "./by-hand";
import { withPlants } from "./planted";
import { listsOf, networkByHand, networkOf, transposed } from "./reference";
import {
  type Assignment,
  elementary,
  list,
  lists,
  network,
  prediction,
  rows,
  task,
  whole,
  withOwn,
} from "./task";

const plain = (w: readonly number[], x: readonly number[]) =>
  predict(createNetwork({ sizes: [x.length, 1], weights: w }), x)[0];
const noBias = (w: readonly number[]) => [0, ...w.slice(1)];
const units = (W: readonly number[][], x: readonly number[], f: (z: number) => number) =>
  W.map((w) => f(plain(w, x)));

const allByHand = (numbers: NetworkByHand) =>
  listsOf(forward(networkByHand(numbers), numbers.x).a).flat();

export const forwardPass: Assignment = {
  name: "forward-pass",
  allowed: elementary,
  tasks: [
    task("weightedSum", {
      points: 2,
      visible: [
        [
          [0.5, 1, -1],
          [2, 3],
        ],
        [[-1, 2], [0.25]],
      ],
      expected: (w: number[], x: number[]) => plain(w, x),
      mistakes: {
        "no bias: w[0] belongs to the sum, times 1.": (w, x) => plain(noBias(w), x),
        "an index is shifted: x[0] belongs to w[1], since w[0] is the bias.": (w, x) =>
          x.reduce((sum, value, i) => sum + w[i] * value, 0),
        "only the bias: the inputs take part too.": (w) => w[0],
      },
      draw: (random) => {
        const inputs = whole(random, 1, 6);
        return [list(random, inputs + 1), list(random, inputs)];
      },
    }),
    task("layer", {
      points: 3,
      visible: [
        [
          [
            [0.1, 0.5, -0.5],
            [-0.2, 1, 0.3],
            [0, -1, 2],
          ],
          [1, 0.5],
        ],
        [[[0.5, -1]], [0.7]],
      ],
      expected: (W: number[][], x: number[]) => units(W, x, tanh.f),
      mistakes: {
        "no bias: column 0 of W belongs to the sum.": (W, x) => units(W.map(noBias), x, tanh.f),
        "no activation: these are the sums z; a = tanh z is asked for.": (W, x) =>
          units(W, x, (z) => z),
        "f′ instead of f: this is the slope of tanh.": (W, x) =>
          units(W, x, (z) => tanh.derivative(z)),
        "only the first unit: every row of W is a unit.": (W, x) => units(W.slice(0, 1), x, tanh.f),
      },
      draw: (random) => {
        const inputs = whole(random, 1, 5);
        return [rows(random, whole(random, 2, 5), inputs), list(random, inputs)];
      },
    }),
    task("forwardPass", {
      points: 5,
      visible: [
        [
          [
            [
              [0.1, 0.5, -0.5],
              [-0.2, 1, 0.3],
            ],
            [[0.3, -1, 2]],
          ],
          [1, 0.5],
        ],
      ],
      expected: (layers: number[][][], x: number[]) => listsOf(forward(networkOf(layers), x).a),
      mistakes: {
        "the output layer has the identity: no tanh there.": (layers, x) => {
          const all = listsOf(forward(networkOf(layers), x).a);
          return all.map((a, l) => (l === all.length - 1 ? a.map(tanh.f) : a));
        },
        "no bias: column 0 belongs to every sum.": (layers, x) =>
          listsOf(forward(networkOf(layers.map((W) => W.map(noBias))), x).a),
        "no activation: hidden units pass tanh z on.": (layers, x) => {
          let a = x;
          return layers.map((W) => {
            a = units(W, a, (z) => z);
            return a;
          });
        },
        "only the last layer: all layers' activations are asked for, the hidden ones first.": (
          layers,
          x,
        ) => listsOf(forward(networkOf(layers), x).a).slice(-1),
      },
      parts: [
        {
          name: "one hidden layer",
          share: 0.6,
          draw: (random) => {
            const sizes = [whole(random, 1, 4), whole(random, 2, 5), whole(random, 1, 3)];
            return [network(random, sizes), list(random, sizes[0])];
          },
        },
        {
          name: "several hidden layers",
          share: 0.4,
          draw: (random) => {
            const sizes = [whole(random, 1, 3), 3, whole(random, 2, 4), 2, whole(random, 1, 3)];
            return [network(random, sizes), list(random, sizes[0])];
          },
        },
      ],
    }),
    task("batchSums", {
      points: 2,
      visible: [
        [
          [
            [0.5, 1, -1],
            [1, 0, 2],
            [-1, 1, 1],
          ],
          [
            [0, 1],
            [1, 1],
          ],
        ],
      ],
      expected: (W: number[][], X: number[][]) => X.map((x) => units(W, x, (z) => z)),
      mistakes: {
        "transposed: a row for each sample, a column for each unit.": (W, X) =>
          transposed(X.map((x) => units(W, x, (z) => z))),
        "no bias.": (W, X) => X.map((x) => units(W.map(noBias), x, (z) => z)),
        "one sample instead of all of them.": (W, X) => [units(W, X[0], (z) => z)],
      },
      draw: (random) => {
        const inputs = whole(random, 1, 4);
        const samples = whole(random, 2, 5);
        return [rows(random, whole(random, 2, 4), inputs), lists(random, samples, inputs)];
      },
    }),
    task("weightCount", {
      points: 2,
      visible: [[[2, 3, 1]], [[4, 2]]],
      expected: (sizes: number[]) => createNetwork({ sizes }).weights.length,
      mistakes: {
        "no bias: every hidden and output unit has one more weight.": (sizes) =>
          sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l], 0),
        "the input units count too: they have no weights of their own.": (sizes) =>
          sizes.reduce((sum, units, l) => sum + units * (1 + (sizes[l - 1] ?? 0)), 0),
      },
      draw: (random) => [Array.from({ length: whole(random, 2, 5) }, () => whole(random, 1, 9))],
    }),
    withPlants(
      task("weightedDeltas", {
        points: 3,
        visible: [
          [
            [
              [1, 2, 3],
              [-1, 0.5, 4],
            ],
            [1, -2],
          ],
        ],
        expected: (W: number[][], delta: number[]) =>
          transposed(W)
            .slice(1)
            .map((column) => plain([0, ...column], delta)),
        mistakes: {
          "transposed weights: unit j of this layer is column j + 1 of W. Nothing is mended yet.": (
            W,
            delta,
          ) => delta.map((_, j) => delta.reduce((sum, d, k) => sum + (W[j][k + 1] ?? 0) * d, 0)),
          "the bias column takes part: it has no unit behind it.": (W, delta) =>
            transposed(W).map((column) => plain([0, ...column], delta)),
          "an index is shifted: column 0 is the bias.": (W, delta) =>
            transposed(W)
              .slice(0, -1)
              .map((column) => plain([0, ...column], delta)),
          "wrong sign.": (W, delta) =>
            transposed(W)
              .slice(1)
              .map((column) => -plain([0, ...column], delta)),
        },
        draw: (random) => {
          const next = whole(random, 1, 4);
          return [rows(random, next, whole(random, 2, 5)), list(random, next)];
        },
      }),
      {
        code: (factor) => `function brokenWeightedDeltas(W: number[][], delta: number[]): number[] {
  return W[0]
    .slice(1)
    .map((_, j) => ${factor} * delta.reduce((sum, d, k) => sum + W[k][j + 1] * d, 0));
}`,
        plants: [
          {
            hint: "transposed weights: unit j of this layer is column j + 1 of W.",
            change: [
              ["W[0]\n    .slice(1)\n    .map", "delta\n    .map"],
              ["W[k][j + 1]", "(W[j][k + 1] ?? 0)"],
            ],
          },
          {
            hint: "the bias column takes part: it has no unit behind it.",
            change: [
              ["W[0]\n    .slice(1)\n    .map", "W[0]\n    .map"],
              ["W[k][j + 1]", "W[k][j]"],
            ],
          },
          {
            hint: "an index is shifted: column 0 is the bias.",
            change: [["W[k][j + 1]", "W[k][j]"]],
          },
        ],
      },
    ),
    withOwn(
      prediction(
        "predictedOutput",
        () =>
          predict(
            createNetwork({ sizes: [2, 3, 1], hidden: "identity", output: "identity", weights: 1 }),
            [1, 1],
          )[0],
        {
          "that is the output for (0, 0).": () => 4,
          "the bias of the output unit is missing.": () => 9,
        },
      ),
      {
        draw(random): NetworkByHand {
          const { y: _, ...numbers } = drawByHand(random);
          return numbers;
        },
        task: (numbers) =>
          prediction("predictedOutput", () => allByHand(numbers), {
            "that is the output for (0, 0).": () => allByHand({ ...numbers, x: [0, 0] }),
            "the bias of the output unit is missing.": () =>
              allByHand({ ...numbers, v: noBias(numbers.v) }),
            "no bias: each unit has one.": () =>
              allByHand({ ...numbers, W: numbers.W.map(noBias), v: noBias(numbers.v) }),
            "the inputs have changed places.": () =>
              allByHand({ ...numbers, x: [...numbers.x].reverse() }),
          }),
        given: (numbers) => tableByHand(numbers),
        result: (numbers) => {
          const network = networkByHand(numbers);
          return networkDiagram(network, { pass: forward(network, numbers.x) });
        },
      },
    ),
  ],
};
