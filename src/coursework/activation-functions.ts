/** The tasks of the assignment on activation functions. */
import { exp } from "../arithmetic";
import { activate, leakyRelu as library, relu, sigmoid, softmax, tanh } from "../nn";
import { table } from "../show";
import { withPlants } from "./planted";
import { type Assignment, far, list, number, prediction, task, whole, withOwn } from "./task";

const shares = (z: readonly number[]): number[] => {
  const out = new Float64Array(z.length);
  activate(softmax, Float64Array.from(z), out);
  return Array.from(out);
};

/** The three activations and their slopes at z, the steepest first. */
const slopesAt = (z: number): [name: string, slope: number][] =>
  Object.entries({ sigmoid, tanh, relu })
    .map(([name, { derivative }]): [string, number] => [name, derivative(z)])
    .sort(([, one], [, other]) => other - one);
const steepestAt = (z: number) => slopesAt(z)[0];

export const activationFunctions: Assignment = {
  name: "activation-functions",
  allowed: [],
  tasks: [
    task("sigmoid", {
      points: 2,
      visible: [[0], [1.5], [-2]],
      expected: (z: number) => sigmoid.f(z),
      mistakes: {
        "the minus in e^(−z) is missing: your curve falls where it should rise.": (z) =>
          sigmoid.f(-z),
        "this is tanh, which goes from −1 to 1; the sigmoid goes from 0 to 1.": (z) => tanh.f(z),
        "the 1 of 1 + e^(−z) is missing.": (z) => exp(z),
      },
      parts: [
        { name: "sums near 0", share: 0.5, draw: (random) => [number(random, -5, 5)] },
        {
          name: "sums far from 0, without NaN",
          share: 0.5,
          draw: (random) => [(random() < 0.5 ? -1 : 1) * whole(random, 300, 3000)],
        },
      ],
    }),
    task("sigmoidSlope", {
      points: 2,
      visible: [[0], [1.5], [-2]],
      expected: (z: number) => sigmoid.derivative(z),
      mistakes: {
        "f instead of f′: this is the sigmoid itself, and its slope is asked for.": (z) =>
          sigmoid.f(z),
        "this is tanh's rule, 1 − a². The sigmoid has one of its own.": (z) =>
          1 - sigmoid.f(z) * sigmoid.f(z),
        "wrong sign: the sigmoid rises everywhere, so its slope is positive.": (z) =>
          -sigmoid.derivative(z),
        "z in place of the activation: it is a(1 − a), with a = σ(z).": (z) => z * (1 - z),
      },
      draw: (random) => [number(random, -5, 5)],
      steep: (random) => [far(random, 11, 12)],
    }),
    task("leaky", {
      points: 2,
      visible: [
        [2, 0.1],
        [-3, 0.1],
        [-1, 0.25],
      ],
      expected: (z: number, k: number): [number, number] => [z > 0 ? z : k * z, z > 0 ? 1 : k],
      mistakes: {
        "below 0 this is plain ReLU: there the leaky one still has the slope k.": (z) => [
          Math.max(0, z),
          z > 0 ? 1 : 0,
        ],
        "k is fixed at 0.01: it is the second argument.": (z) => [
          library.f(z),
          library.derivative(z),
        ],
        "wrong sign below 0: the curve goes on falling to the left.": (z, k) => [
          z > 0 ? z : -k * z,
          z > 0 ? 1 : -k,
        ],
      },
      parts: ([0, 1] as const).map((n) => ({
        name: n === 0 ? "the activation" : "the slope",
        share: 0.5,
        view: (result) => result?.[n],
        draw: (random) => [number(random, -4, 4), number(random, 0.02, 0.4)],
        // At the kink, or where a step is lost in z.
        steep: (random) => [
          random() < 0.5 ? 0 : far(random, 1e300, 1e305),
          number(random, 0.02, 0.4),
        ],
      })),
    }),
    task("softmax", {
      points: 3,
      visible: [[[1, 2, 3]], [[1, 1]], [[-1, 0.5, 0.5, 2]]],
      expected: (z: number[]) => shares(z),
      mistakes: {
        "these do not add up to 1: divide each by the sum of all.": (z) => z.map(exp),
        "this is the sigmoid of each sum by itself; softmax looks at all of them.": (z) =>
          z.map(sigmoid.f),
        "each is divided by the sum of the z, not of the e^z.": (z) =>
          z.map((value) => exp(value) / z.reduce((sum, one) => sum + one, 0)),
      },
      parts: [
        {
          name: "small sums",
          share: 2 / 3,
          draw: (random) => [list(random, whole(random, 2, 6), -4, 4)],
        },
        {
          name: "large sums, without NaN",
          share: 1 / 3,
          draw: (random) => [list(random, whole(random, 2, 6), 700, 3000)],
        },
      ],
    }),
    task("centralDifference", {
      points: 2,
      visible: [
        [1.1, 1.5, 0.1],
        [3, 2, 0.25],
      ],
      expected: (left: number, right: number, epsilon: number) => (right - left) / epsilon / 2,
      mistakes: {
        "from left to right it is two epsilon, not one.": (left, right, epsilon) =>
          (right - left) / epsilon,
        "wrong sign: the rise is right minus left.": (left, right, epsilon) =>
          (left - right) / epsilon / 2,
        "the rise has to be divided by the run.": (left, right) => right - left,
      },
      draw: (random) => [number(random), number(random), number(random, 0.01, 0.5)],
    }),
    withPlants(
      task("layerDeltas", {
        points: 4,
        visible: [
          [
            [1, -2],
            [0.5, 1],
          ],
          [
            [0.3, 0.3, 2],
            [0, -1, 1.5],
          ],
        ],
        expected: (sums: number[], z: number[]) =>
          sums.map((sum, j) => sum * tanh.derivative(z[j])),
        mistakes: {
          "f instead of f′: the sums are multiplied by tanh z, and its slope is needed. Nothing is mended yet.":
            (sums, z) => sums.map((sum, j) => sum * tanh.f(z[j])),
          "this is the sigmoid's slope; the units are tanh.": (sums, z) =>
            sums.map((sum, j) => sum * sigmoid.derivative(z[j])),
          "f′ at the activation: the slope is taken at z.": (sums, z) =>
            sums.map((sum, j) => sum * tanh.derivative(tanh.f(z[j]))),
          "wrong sign.": (sums, z) => sums.map((sum, j) => -sum * tanh.derivative(z[j])),
        },
        draw: (random) => {
          const units = whole(random, 1, 6);
          return [list(random, units), list(random, units)];
        },
        steep: (random) => {
          const units = whole(random, 1, 6);
          return [list(random, units), Array.from({ length: units }, () => far(random, 5.8, 6.2))];
        },
      }),
      {
        code: (factor) => `function brokenLayerDeltas(sums: number[], z: number[]): number[] {
  return sums.map((sum, j) => ${factor} * sum * (1 - Math.tanh(z[j]) ** 2));
}`,
        plants: [
          {
            hint: "f instead of f′: the sums are multiplied by tanh z, and its slope is needed.",
            change: [["(1 - Math.tanh(z[j]) ** 2)", "Math.tanh(z[j])"]],
          },
          {
            hint: "f′ at the activation: the slope is taken at z.",
            change: [["Math.tanh(z[j])", "Math.tanh(Math.tanh(z[j]))"]],
          },
          {
            hint: "the square is missing: tanh′ z is 1 − tanh² z.",
            change: [[" ** 2", ""]],
          },
        ],
        mistakes: {
          "the square is missing: tanh′ z is 1 − tanh² z.": (sums: number[], z: number[]) =>
            sums.map((sum, j) => sum * (1 - tanh.f(z[j]))),
        },
      },
    ),
    withOwn(
      prediction("steepest", () => "relu", {
        "that would be so at z = 0.": () => "tanh",
        "its slope is never above ¼.": () => "sigmoid",
      }),
      {
        // At a distance from 0 where slopes that are 0.01 apart in z differ by more than rounding.
        draw: (random) => ({
          z: -Number(`${whole(random, 1, 3)}.${whole(random, 1, 9)}${whole(random, 1, 9)}`),
        }),
        task: ({ z }) =>
          prediction("steepest", () => steepestAt(z), {
            "that would be so above 0.": () => ["relu", 1],
            "the other one of the two is steeper there.": () =>
              slopesAt(z)
                .filter(([name]) => name !== "relu")
                .reverse()[0],
            "this is its activation; its slope is asked for.": () => {
              const [name] = steepestAt(z);
              return [name, name === "tanh" ? tanh.f(z) : sigmoid.f(z)];
            },
            "that is the slope at 0.": () => {
              const [name] = steepestAt(z);
              return [name, name === "tanh" ? 1 : 0.25];
            },
            "wrong sign: both rise everywhere.": () => {
              const [name, slope] = steepestAt(z);
              return [name, -slope];
            },
          }),
        given: ({ z }) => table([{ "your z": z }]),
        result: ({ z }) =>
          table(
            slopesAt(z).map(([activation, slope]) => ({ activation, [`slope at ${z}`]: slope })),
            { digits: 3 },
          ),
      },
    ),
  ],
};
