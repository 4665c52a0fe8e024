/** The tasks of the assignment on deltas. */
import { backward, createNetwork, forward, sigmoid, tanh } from "../nn";
import { networkDiagram } from "../show";
import { type ByHand, drawByHand, tableByHand } from "./by-hand";
import { withPlants } from "./planted";
import { layersOf, listsOf, networkByHand, passes, transposed } from "./reference";
import {
  type Assignment,
  elementary,
  far,
  huge,
  list,
  network,
  number,
  prediction,
  rows,
  steepNetwork,
  task,
  whole,
  withOwn,
} from "./task";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dot = (a: readonly number[], b: readonly number[]) =>
  sum(a.map((value, i) => value * (b[i] ?? 0)));
const square = (z: number) => tanh.derivative(z);
const deltasOf = (layers: number[][][], x: number[], y: number[]) =>
  listsOf(passes(layers, x, y).back.delta);

const passByHand = (numbers: ByHand, y = numbers.y) => {
  const network = networkByHand(numbers);
  const pass = forward(network, numbers.x);
  return { network, pass, back: backward(network, pass, [y]) };
};
const hiddenByHand = (numbers: ByHand, y?: number) =>
  Array.from(passByHand(numbers, y).back.delta[1]);

export const deltas: Assignment = {
  name: "deltas",
  allowed: elementary,
  tasks: [
    task("outputDelta", {
      points: 2,
      visible: [
        [4, 0],
        [0.3, 1],
      ],
      expected: (h: number, y: number) => {
        const unit = createNetwork({ sizes: [1, 1], weights: [h, 0] });
        return backward(unit, forward(unit, [0]), [y]).delta[1][0];
      },
      mistakes: {
        "wrong sign: this is y − h, the text's; the slope of ½(h − y)² is h − y.": (h, y) => y - h,
        "this is the loss; its slope is asked for.": (h, y) => ((h - y) * (h - y)) / 2,
        "twice too much: the ½ cancels the 2.": (h, y) => 2 * (h - y),
      },
      draw: (random) => [number(random, -3, 3), number(random, -1, 1)],
      steep: (random) => [huge(random), number(random, -1, 1)],
    }),
    task("sigmoidOutputDelta", {
      points: 3,
      visible: [
        [0.5, 1],
        [-1, 0],
      ],
      expected: (z: number, y: number) => {
        const unit = createNetwork({ sizes: [1, 1], output: "sigmoid", weights: [z, 0] });
        return backward(unit, forward(unit, [0]), [y]).delta[1][0];
      },
      mistakes: {
        "f′ is missing: the chain rule goes through the sigmoid.": (z, y) => sigmoid.f(z) - y,
        "f instead of f′.": (z, y) => (sigmoid.f(z) - y) * sigmoid.f(z),
        "wrong sign: it is a − y.": (z, y) => (y - sigmoid.f(z)) * sigmoid.derivative(z),
        "this is tanh's slope; the output is a sigmoid.": (z, y) =>
          (sigmoid.f(z) - y) * (1 - sigmoid.f(z) * sigmoid.f(z)),
      },
      draw: (random) => [number(random, -3, 3), whole(random, 0, 1)],
      steep: (random) => [far(random, 11, 12), whole(random, 0, 1)],
    }),
    task("hiddenDelta", {
      points: 3,
      visible: [
        [0.5, [1], [-4]],
        [-1, [0.5, -2], [1, 0.25]],
      ],
      expected: (z: number, weights: number[], next: number[]) => square(z) * dot(weights, next),
      mistakes: {
        "f instead of f′: tanh z in place of its slope.": (z, weights, next) =>
          tanh.f(z) * dot(weights, next),
        "f′ is missing.": (_z, weights, next) => dot(weights, next),
        "the weights are left out.": (z, _weights, next) => square(z) * sum(next),
        "wrong sign.": (z, weights, next) => -square(z) * dot(weights, next),
        "only the first successor: the sum goes over all of them.": (z, weights, next) =>
          square(z) * weights[0] * next[0],
      },
      draw: (random) => {
        const next = whole(random, 2, 5);
        return [number(random), list(random, next), list(random, next)];
      },
      steep: (random) => {
        const next = whole(random, 2, 5);
        return [far(random, 5.8, 6.2), list(random, next), list(random, next)];
      },
    }),
    task("layerDeltas", {
      points: 4,
      visible: [
        [
          [
            [1, 2, 3],
            [-1, 0.5, 4],
          ],
          [1, -2],
          [0.5, -0.25],
        ],
      ],
      expected: (W: number[][], next: number[], z: number[]) =>
        z.map((one, j) => square(one) * dot(transposed(W)[j + 1], next)),
      mistakes: {
        "transposed weights: what leads from unit j is column j + 1 of W, not a row.": (
          W,
          next,
          z,
        ) => z.map((one, j) => square(one) * dot((W[j] ?? []).slice(1), next)),
        "an index is shifted: column 0 is the bias, which has no unit behind it.": (W, next, z) =>
          z.map((one, j) => square(one) * dot(transposed(W)[j], next)),
        "f instead of f′.": (W, next, z) =>
          z.map((one, j) => tanh.f(one) * dot(transposed(W)[j + 1], next)),
        "wrong sign.": (W, next, z) =>
          z.map((one, j) => -square(one) * dot(transposed(W)[j + 1], next)),
        "the weights are left out.": (_W, next, z) => z.map((one) => square(one) * sum(next)),
      },
      draw: (random) => {
        const [units, next] = [whole(random, 2, 5), whole(random, 2, 5)];
        return [rows(random, next, units), list(random, next), list(random, units)];
      },
      steep: (random) => {
        const [units, next] = [whole(random, 2, 5), whole(random, 2, 5)];
        const z = Array.from({ length: units }, () => far(random, 5.8, 6.2));
        return [rows(random, next, units), list(random, next), z];
      },
    }),
    task("layerGradient", {
      points: 3,
      visible: [
        [
          [1, -2],
          [0.5, 3, -1],
        ],
      ],
      expected: (delta: number[], a: number[]) =>
        delta.map((d) => [d, ...a.map((value) => d * value)]),
      mistakes: {
        "no bias: its slope is δ itself, in column 0.": (delta, a) =>
          delta.map((d) => a.map((value) => d * value)),
        "transposed: a row for each unit that the weights lead to.": (delta, a) =>
          transposed(delta.map((d) => [d, ...a.map((value) => d * value)])),
        "wrong sign.": (delta, a) => delta.map((d) => [-d, ...a.map((value) => -d * value)]),
        "the bias column is 1; its slope is δ · 1.": (delta, a) =>
          delta.map((d) => [1, ...a.map((value) => d * value)]),
      },
      draw: (random) => [list(random, whole(random, 2, 4)), list(random, whole(random, 2, 5))],
    }),
    task("backwardPass", {
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
          [1],
        ],
      ],
      expected: (layers: number[][][], x: number[], y: number[]) => deltasOf(layers, x, y),
      mistakes: {
        "wrong sign: δ at the output is h − y.": (layers, x, y) =>
          deltasOf(layers, x, y).map((values) => values.map((value) => -value)),
        "f′ is missing in the hidden layers.": (layers, x, y) => {
          const { pass, back } = passes(layers, x, y);
          return listsOf(back.delta).map((values, l) =>
            l === layers.length - 1
              ? values
              : values.map((value, j) => value / square(pass.z[l + 1][j])),
          );
        },
        "the list is the wrong way round: the first hidden layer comes first.": (layers, x, y) =>
          deltasOf(layers, x, y).reverse(),
        "only the output layer.": (layers, x, y) => deltasOf(layers, x, y).slice(-1),
      },
      parts: [
        {
          name: "one hidden layer",
          share: 0.6,
          draw: (random) => {
            const sizes = [whole(random, 1, 3), whole(random, 2, 4), whole(random, 1, 3)];
            return [network(random, sizes), list(random, sizes[0]), list(random, sizes[2])];
          },
          steep: (random) => {
            const sizes = [whole(random, 1, 3), whole(random, 2, 4), whole(random, 1, 3)];
            return [steepNetwork(random, sizes), list(random, sizes[0]), list(random, sizes[2])];
          },
        },
        {
          name: "several hidden layers",
          share: 0.4,
          draw: (random) => {
            const sizes = [whole(random, 1, 3), 3, 2, whole(random, 2, 4), whole(random, 1, 3)];
            return [network(random, sizes), list(random, sizes[0]), list(random, sizes[4])];
          },
          steep: (random) => {
            const sizes = [whole(random, 1, 3), 3, 2, whole(random, 2, 4), whole(random, 1, 3)];
            return [steepNetwork(random, sizes), list(random, sizes[0]), list(random, sizes[4])];
          },
        },
      ],
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
            [1, 0.5],
            1,
          ],
        ],
        expected: (W: number[][], v: number[], x: number[], y: number) => {
          const { network: net, back } = passes([W, [v]], x, [y]);
          return layersOf(net, back.gradient)[0];
        },
        mistakes: {
          "an index is shifted: unit j is reached by v[j + 1], since v[0] is the bias. Nothing is mended yet.":
            (W, v, x, y) => {
              const { pass } = passes([W, [v]], x, [y]);
              const error = pass.a[2][0] - y;
              return W.map((_, j) =>
                [1, ...x].map((input) => v[j] * error * square(pass.z[1][j]) * input),
              );
            },
          "no bias: column 0 of the gradient is δ itself.": (W, v, x, y) => {
            const { network: net, back } = passes([W, [v]], x, [y]);
            return layersOf(net, back.gradient)[0].map((row) => [0, ...row.slice(1)]);
          },
          "wrong sign.": (W, v, x, y) => {
            const { network: net, back } = passes([W, [v]], x, [y]);
            return layersOf(net, back.gradient)[0].map((row) => row.map((slope) => -slope));
          },
        },
        draw: (random) => {
          const [inputs, units] = [whole(random, 1, 4), whole(random, 2, 4)];
          return [
            rows(random, units, inputs),
            list(random, units + 1),
            list(random, inputs),
            number(random),
          ];
        },
        steep: (random) => {
          const [inputs, units] = [whole(random, 1, 4), whole(random, 2, 4)];
          const [W, [v]] = steepNetwork(random, [inputs, units, 1]);
          return [W, v, list(random, inputs), number(random)];
        },
      }),
      {
        code: (
          factor,
        ) => `function brokenGradient(W: number[][], v: number[], x: number[], y: number): number[][] {
  const a = W.map((w) => Math.tanh(x.reduce((sum, value, i) => sum + w[i + 1] * value, w[0])));
  const error = ${factor} * (a.reduce((sum, value, j) => sum + v[j + 1] * value, v[0]) - y);
  return a.map((value, j) => {
    const delta = (1 - value * value) * v[j + 1] * error;
    return [delta, ...x.map((input) => delta * input)];
  });
}`,
        plants: [
          {
            hint: "an index is shifted: unit j is reached by v[j + 1], since v[0] is the bias.",
            change: [["* v[j + 1] * error", "* v[j] * error"]],
          },
          {
            hint: "no bias: column 0 of the gradient is δ itself.",
            change: [["[delta, ...x", "[0, ...x"]],
          },
          {
            hint: "f′ is missing.",
            change: [["(1 - value * value) * v[j + 1]", "v[j + 1]"]],
          },
        ],
        mistakes: {
          "f′ is missing.": (W: number[][], v: number[], x: number[], y: number) => {
            const { pass } = passes([W, [v]], x, [y]);
            const error = pass.a[2][0] - y;
            return W.map((_, j) => [1, ...x].map((input) => v[j + 1] * error * input));
          },
        },
      },
    ),
    withOwn(
      prediction(
        "predictedDelta",
        () => {
          const net = createNetwork({
            sizes: [2, 3, 1],
            hidden: "identity",
            output: "identity",
            weights: 1,
          });
          return backward(net, forward(net, [1, 1]), [0]).delta[1][0];
        },
        {
          "that is the one for (0, 0).": () => 4,
          "wrong sign: δ is the slope of the loss, h − y at the output.": () => -10,
        },
      ),
      {
        draw: drawByHand,
        task: (numbers) =>
          prediction("predictedDelta", () => hiddenByHand(numbers), {
            "wrong sign: δ is the slope of the loss, h − y at the output.": () =>
              hiddenByHand(numbers).map((delta) => -delta),
            "the target is left out: at the output δ is h − y.": () => hiddenByHand(numbers, 0),
            "the weights are left out: these are the output's δ.": () => {
              const [delta] = passByHand(numbers).back.delta[2];
              return [delta, delta];
            },
            "the weights have changed places.": () => hiddenByHand(numbers).reverse(),
            "that is the one for (0, 0).": () => hiddenByHand({ ...numbers, x: [0, 0] }),
            "no bias: they belong to the sums.": () => {
              const bare = ([, ...weights]: number[]) => [0, ...weights];
              return hiddenByHand({ ...numbers, W: numbers.W.map(bare), v: bare(numbers.v) });
            },
          }),
        given: (numbers) => tableByHand(numbers),
        result: (numbers) => {
          const { network, pass, back } = passByHand(numbers);
          return networkDiagram(network, { pass, back });
        },
      },
    ),
  ],
};
