/** The tasks of the closing assignment: repair the text's example, and solve XOR. */

import { log, type Random } from "../arithmetic";
import { xor } from "../data";
import { binaryCrossEntropy, cost, createNetwork, sigmoid, tanh } from "../nn";
import { table } from "../show";
import { train } from "../training";
import { withPlants } from "./planted";
import { layersOf, passes } from "./reference";
import {
  type Assignment,
  elementary,
  list,
  number,
  prediction,
  rows,
  steepNetwork,
  task,
  whole,
  withOwn,
} from "./task";

const logistic = (W: number[][], v: number[], x: number[], y: number) =>
  passes([W, [v]], x, [y], "sigmoid", "binaryCrossEntropy");
const gradients = (W: number[][], v: number[], x: number[], y: number): [number[][], number[]] => {
  const { network, back } = logistic(W, v, x, y);
  const [hidden, [output]] = layersOf(network, back.gradient);
  return [hidden, output];
};
const sumOf = (w: readonly number[], a: readonly number[]) =>
  a.reduce((sum, value, i) => sum + w[i + 1] * value, w[0]);

const W0 = [
  [0.1, 0.5, -0.5],
  [-0.2, 1, 0.3],
];
const v0 = [0.3, -1, 2];

function trained(
  W: number[][],
  v: number[],
  alpha: number,
  epochs: number,
  samples = xor,
): [number[][], number[]] {
  const net = createNetwork({
    sizes: [2, W.length, 1],
    hidden: "tanh",
    output: "sigmoid",
    loss: "binaryCrossEntropy",
    weights: [...W.flat(), ...v],
  });
  train(net, samples, { learningRate: alpha, epochs });
  const [hidden, [output]] = layersOf(net, net.weights);
  return [hidden, output];
}

/** Weights of a layer of so many inputs at most, and of the output, with a sample and its class. */
const withSample = (
  random: Random,
  mostInputs: number,
): [number[][], number[], number[], number] => {
  const [inputs, units] = [whole(random, 1, mostInputs), whole(random, 2, 5)];
  return [
    rows(random, units, inputs),
    list(random, units + 1),
    list(random, inputs),
    whole(random, 0, 1),
  ];
};

/** Saturated units, and an output that is as far from its target as it can be: the loss is too large for differences. */
const surelyWrong = (random: Random): [number[][], number[], number[], number] => {
  const inputs = whole(random, 1, 3);
  const [W, [[bias, ...weights]]] = steepNetwork(random, [inputs, whole(random, 2, 5), 1]);
  return [W, [-Math.abs(bias), ...weights], list(random, inputs), 1];
};

/** What can be wrong in the deltas, and how that looks in the code. */
const faults: readonly { what: string; change: readonly [string, string] }[] = [
  {
    what: "the wrong sign",
    change: ["(1 / (1 + Math.exp(-z)) - y)", "(y - 1 / (1 + Math.exp(-z)))"],
  },
  { what: "f′ = 1 in place of tanh's slope", change: ["(1 - value * value)", "1"] },
  {
    what: "an index that is shifted (unit j is reached by v[j + 1])",
    change: ["v[j + 1] * output", "v[j] * output"],
  },
];
const faultPairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;
const bothHint = (one: number, other: number) =>
  `${faults[one].what} and ${faults[other].what} are both still there.`;

/** The deltas with some of the faults in them. */
function deltasWith(...wrong: number[]) {
  return (W: number[][], v: number[], x: number[], y: number) => {
    const { pass } = logistic(W, v, x, y);
    const error = (pass.a[2][0] - y) * (wrong.includes(0) ? -1 : 1);
    const slope = (j: number) => (wrong.includes(1) ? 1 : tanh.derivative(pass.z[1][j]));
    return [W.map((_, j) => v[wrong.includes(2) ? j : j + 1] * error * slope(j)), [error]];
  };
}

const lossesOf = (outputs: readonly number[]) =>
  outputs.map((p, n) => binaryCrossEntropy.value(Float64Array.of(p), xor.targets[n]));

export const repairXor: Assignment = {
  name: "repair-xor",
  allowed: elementary,
  tasks: [
    task("repairedDelta", {
      points: 2,
      visible: [
        [0.8, 0],
        [0.3, 1],
      ],
      expected: (a: number, y: number) => {
        // Of 0 and 1 no sum is the logit: far enough out it makes no difference.
        const z = Math.max(-800, Math.min(log(a / (1 - a)), 800));
        const out = passes([[[z, 0]]], [0], [y], "sigmoid", "binaryCrossEntropy");
        return out.back.delta[1][0];
      },
      mistakes: {
        "wrong sign: this is the text's y − h, and the step would climb.": (a, y) => y - a,
        "with the logistic loss the slope of the sigmoid cancels: it is not needed.": (a, y) =>
          (a - y) * a * (1 - a),
      },
      draw: (random) => [number(random, 0.02, 0.98), whole(random, 0, 1)],
      steep: (random) => [whole(random, 0, 1), whole(random, 0, 1)],
    }),
    task("logisticLoss", {
      points: 2,
      visible: [
        [0.8, 0],
        [0.3, 1],
      ],
      expected: (a: number, y: number) => binaryCrossEntropy.value(Float64Array.of(a), [y]),
      mistakes: {
        "wrong sign: logarithms of probabilities are negative, a loss is not.": (a, y) =>
          -binaryCrossEntropy.value(Float64Array.of(a), [y]),
        "only one of the two terms: for y = 0 it is −ln(1 − a).": (a, y) => -y * log(a),
        "the two terms have changed places.": (a, y) =>
          binaryCrossEntropy.value(Float64Array.of(1 - a), [y]),
        "the natural logarithm is meant, Math.log.": (a, y) =>
          binaryCrossEntropy.value(Float64Array.of(a), [y]) / Math.LN10,
      },
      draw: (random) => [number(random, 0.02, 0.98), whole(random, 0, 1)],
    }),
    task("unequalStart", {
      points: 2,
      visible: [
        [[0.5, 0, 0.75], 4],
        [[0.25, 1], 1],
      ],
      expected: (u: number[], inputs: number) =>
        u.map((one) => (one - 0.5) * (2 / Math.sqrt(inputs))),
      mistakes: {
        "all are positive: 0 to 1 has to become −1 to 1.": (u, inputs) =>
          u.map((one) => one / Math.sqrt(inputs)),
        "the square root is missing.": (u, inputs) => u.map((one) => (2 * one - 1) / inputs),
        "wrong sign.": (u, inputs) => u.map((one) => (1 - 2 * one) / Math.sqrt(inputs)),
      },
      draw: (random) => [list(random, whole(random, 1, 6), 0, 1), whole(random, 1, 9)],
    }),
    task("forwardXor", {
      points: 3,
      visible: [[W0, v0, [1, 0.5]]],
      expected: (W: number[][], v: number[], x: number[]): [number[], number] => {
        const { pass } = logistic(W, v, x, 0);
        return [Array.from(pass.a[1]), pass.a[2][0]];
      },
      mistakes: {
        "no activation at the output: it is a sigmoid.": (W, v, x) => {
          const { pass } = logistic(W, v, x, 0);
          return [Array.from(pass.a[1]), pass.z[2][0]];
        },
        "no bias: w[0] and v[0] belong to the sums.": (W, v, x) => {
          const { pass } = logistic(
            W.map((row) => [0, ...row.slice(1)]),
            [0, ...v.slice(1)],
            x,
            0,
          );
          return [Array.from(pass.a[1]), pass.a[2][0]];
        },
        "the hidden units are identities still: they need the bend of tanh.": (W, v, x) => {
          const a = W.map((row) => sumOf(row, x));
          return [a, sigmoid.f(sumOf(v, a))];
        },
      },
      parts: ([0, 1] as const).map((n) => ({
        name: n === 0 ? "the hidden units" : "the output",
        share: 0.5,
        view: (result) => result?.[n],
        draw: (random) => {
          const [inputs, units] = [whole(random, 1, 4), whole(random, 2, 5)];
          return [rows(random, units, inputs), list(random, units + 1), list(random, inputs)];
        },
      })),
    }),
    task("gradientXor", {
      points: 6,
      visible: [[W0, v0, [1, 0.5], 1]],
      expected: gradients,
      mistakes: {
        "wrong sign: δ is a − y.": (W, v, x, y) => {
          const [dW, dv] = gradients(W, v, x, y);
          return [dW.map((row) => row.map((slope) => -slope)), dv.map((slope) => -slope)];
        },
        "f instead of f′ in the hidden layer.": (W, v, x, y) => {
          const { pass } = logistic(W, v, x, y);
          const [dW, dv] = gradients(W, v, x, y);
          return [
            dW.map((row, j) =>
              row.map((slope) => (slope / tanh.derivative(pass.z[1][j])) * pass.a[1][j]),
            ),
            dv,
          ];
        },
        "no bias: column 0 of both has a slope, δ itself.": (W, v, x, y) => {
          const [dW, dv] = gradients(W, v, x, y);
          return [dW.map((row) => [0, ...row.slice(1)]), [0, ...dv.slice(1)]];
        },
        "an index is shifted: unit j is reached by v[j + 1].": (W, v, x, y) => {
          const { pass } = logistic(W, v, x, y);
          const [, dv] = gradients(W, v, x, y);
          const error = pass.a[2][0] - y;
          return [
            W.map((_, j) => [1, ...x].map((i) => error * v[j] * tanh.derivative(pass.z[1][j]) * i)),
            dv,
          ];
        },
        "the weights v are left out of the hidden deltas.": (W, v, x, y) => {
          const { pass } = logistic(W, v, x, y);
          const [, dv] = gradients(W, v, x, y);
          const error = pass.a[2][0] - y;
          return [
            W.map((_, j) => [1, ...x].map((i) => error * tanh.derivative(pass.z[1][j]) * i)),
            dv,
          ];
        },
      },
      parts: ([1, 0] as const).map((n) => ({
        name: n === 1 ? "the output's weights" : "the hidden layer's weights",
        share: n === 1 ? 1 / 3 : 2 / 3,
        view: (result) => result?.[n],
        draw: (random) => withSample(random, 4),
        steep: surelyWrong,
      })),
    }),
    withPlants(
      task("mendedDeltas", {
        points: 4,
        visible: [[W0, v0, [1, 0.5], 0]],
        expected: (W: number[][], v: number[], x: number[], y: number) => {
          const { back } = logistic(W, v, x, y);
          return [Array.from(back.delta[1]), Array.from(back.delta[2])];
        },
        mistakes: {
          "the text's sign and the text's f′ = 1 are both still there. Nothing is mended yet.": (
            W,
            v,
            x,
            y,
          ) => {
            const { pass } = logistic(W, v, x, y);
            const error = y - pass.a[2][0];
            return [W.map((_, j) => v[j + 1] * error), [error]];
          },
          "the sign is right now; f′ of tanh is still missing.": (W, v, x, y) => {
            const { pass } = logistic(W, v, x, y);
            const error = pass.a[2][0] - y;
            return [W.map((_, j) => v[j + 1] * error), [error]];
          },
          "f′ is right now; the wrong sign is still there.": (W, v, x, y) => {
            const { back } = logistic(W, v, x, y);
            return [Array.from(back.delta[1], (d) => -d), Array.from(back.delta[2], (d) => -d)];
          },
        },
        draw: (random) => withSample(random, 3),
        steep: surelyWrong,
      }),
      {
        code: (
          factor,
        ) => `function brokenDeltas(W: number[][], v: number[], x: number[], y: number) {
  const a = W.map((w) => Math.tanh(x.reduce((sum, value, i) => sum + w[i + 1] * value, w[0])));
  const z = a.reduce((sum, value, j) => sum + v[j + 1] * value, v[0]);
  const output = ${factor} * (1 / (1 + Math.exp(-z)) - y);
  return [a.map((value, j) => v[j + 1] * output * (1 - value * value)), [output]];
}`,
        plants: faultPairs.map(([one, other]) => ({
          hint: bothHint(one, other),
          change: [faults[one].change, faults[other].change],
        })),
        onlyMistakes: Object.fromEntries([
          ...faultPairs.map(([one, other]) => [bothHint(one, other), deltasWith(one, other)]),
          ...[...faults.keys()].map((one) => [
            `${faults[one].what} is still there.`,
            deltasWith(one),
          ]),
        ]),
      },
    ),
    task("trainXor", {
      points: 5,
      visible: [[W0, v0, 0.5, 3]],
      expected: (W: number[][], v: number[], alpha: number, epochs: number) =>
        trained(W, v, alpha, epochs),
      mistakes: {
        "one sample instead of the mean of all four.": (W, v, alpha, epochs) =>
          trained(W, v, alpha, epochs, {
            ...xor,
            inputs: xor.inputs.slice(-1),
            targets: xor.targets.slice(-1),
          }),
        "this is the sum over the samples: divide by their number.": (W, v, alpha, epochs) =>
          trained(W, v, 4 * alpha, epochs),
        "one epoch only.": (W, v, alpha) => trained(W, v, alpha, 1),
      },
      draw: (random) => {
        const units = whole(random, 2, 4);
        return [
          rows(random, units, 2),
          list(random, units + 1),
          number(random, 0.1, 0.6),
          whole(random, 2, 12),
        ];
      },
    }),
    withOwn(
      prediction(
        "costPerSample",
        () => {
          const half = createNetwork({
            sizes: [2, 3, 1],
            hidden: "identity",
            output: "sigmoid",
            loss: "binaryCrossEntropy",
            weights: 0,
          });
          return cost(half, xor);
        },
        {
          "that is the half squared error at 0.5.": () => 0.125,
          "that is its output, not its cost.": () => 0.5,
        },
      ),
      {
        draw(random) {
          for (;;) {
            const two = () => Number(`0.${whole(random, 1, 8)}${whole(random, 1, 9)}`);
            const outputs = [two(), two(), two(), two()];
            const isMiddling = (p: number) => Math.abs(p - 0.5) > 0.05 && p < 0.86;
            if (new Set(outputs).size === 4 && outputs.every(isMiddling)) return { outputs };
          }
        },
        task: ({ outputs }) =>
          prediction("costPerSample", () => lossesOf(outputs), {
            "the targets have changed places.": () => lossesOf(outputs.map((p) => 1 - p)),
            "wrong sign: logarithms of probabilities are negative, a loss is not.": () =>
              lossesOf(outputs).map((loss) => -loss),
            "these are half squared errors.": () =>
              outputs.map((p, n) => ((p - xor.targets[n][0]) * (p - xor.targets[n][0])) / 2),
            "the natural logarithm is meant, Math.log.": () =>
              lossesOf(outputs).map((loss) => loss / Math.LN10),
            "−ln a is the loss where the target is 1; where it is 0 it is −ln(1 − a).": () =>
              outputs.map((p) => -log(p)),
          }),
        given: ({ outputs }) =>
          table(
            xor.inputs.map(([X1, X2], n) => ({
              X1,
              X2,
              target: xor.targets[n][0],
              output: outputs[n],
            })),
          ),
        result: ({ outputs }) =>
          table(
            lossesOf(outputs).map((loss, n) => ({
              target: xor.targets[n][0],
              output: outputs[n],
              loss,
            })),
          ),
      },
    ),
  ],
};
