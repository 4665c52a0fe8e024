/** The tasks of the assignment on convolution. */

import type { Random } from "../arithmetic";
import { written } from "../exercise/compare";
import { tanh } from "../nn";
import { table } from "../show";
import {
  add,
  constant,
  conv1d,
  conv2d,
  maxPool1d,
  sum,
  tensor,
  tanh as tensorTanh,
} from "../tensors";
import { withPlants } from "./planted";
import { handedBack } from "./reference";
import {
  type Assignment,
  digits,
  elementary,
  huge,
  list,
  lists,
  type Numbers,
  number,
  onPaper,
  prediction,
  type Task,
  task,
  whole,
  withOwn,
} from "./task";

/** The slopes of a kernel and of the line that it runs along, by the library. */
function slopesOf(
  g: readonly number[],
  x: readonly number[],
  k: readonly number[],
  padding = 0,
): [dk: number[], dx: number[]] {
  const [line, kernel] = [tensor([[x]]), tensor([[k]])];
  const [[[dk]], [[dx]]] = handedBack(conv1d(line, kernel, { padding }), [[g]], kernel, line);
  return [dk, dx];
}

const convolved = (x: readonly number[], k: readonly number[], padding = 0): number[] =>
  Array.from(conv1d(constant([[x]]), constant([[k]]), { padding }).data);

/** Whether slopes of several uses are added, as they have to be, or the last one stays. */
type Uses = "added" | "last";

/** What a use at place t hands to weight i is put where `to` says; what it is, `slope`. */
function spread(
  length: number,
  places: number,
  weights: number,
  uses: Uses,
  to: (t: number, i: number) => number,
  slope: (t: number, i: number) => number,
): number[] {
  const slopes = new Array<number>(length).fill(0);
  for (let t = 0; t < places; t++) {
    for (let i = 0; i < weights; i++) {
      const before = uses === "added" ? slopes[to(t, i)] : 0;
      slopes[to(t, i)] = before + slope(t, i);
    }
  }
  return slopes;
}

const kernelBy = (
  g: number[],
  x: number[],
  uses: Uses,
  meets = (t: number, i: number) => t + i,
) => {
  const m = x.length - g.length + 1;
  return spread(
    m,
    g.length,
    m,
    uses,
    (_t, i) => i,
    (t, i) => g[t] * x[meets(t, i)],
  );
};

/** The slopes of a line with the border of zeros that it has been given. */
const lineBy = (g: number[], k: number[], uses: Uses, weight = (i: number) => i) =>
  spread(
    g.length + k.length - 1,
    g.length,
    k.length,
    uses,
    (t, i) => t + i,
    (t, i) => g[t] * k[weight(i)],
  );
const withoutBorder = (line: number[], padding: number) =>
  line.slice(padding, line.length - padding);

/** Slopes of kernels and biases by the library; kernels of 0, as their own slopes do not depend on them. */
function layerBack(g: number[][], x: number[][]): [number[][][], number[]] {
  const m = x[0].length - g[0].length + 1;
  const shape = [g.length, x.length, m];
  const kernels = tensor(new Float64Array(g.length * x.length * m), shape);
  const biases = tensor(new Float64Array(g.length), [g.length, 1]);
  const [dK, db] = handedBack(add(conv1d(constant([x]), kernels), biases), [g], kernels, biases);
  return [dK, db.flat()];
}

const poolBack = (g: number[], x: number[], size: number): number[] => {
  const line = tensor(x);
  const [dx] = handedBack(maxPool1d(line, size), g, line);
  return dx;
};
/** Each number of a window gets what `share` says, for the window's slope. */
const shared = (
  g: number[],
  x: number[],
  size: number,
  share: (value: number, most: number, window: number[], i: number) => number,
) =>
  x.map((value, n) => {
    const w = Math.floor(n / size);
    const window = x.slice(w * size, (w + 1) * size);
    return g[w] * share(value, Math.max(...window), window, n % size);
  });

/** Two convolutions with tanh between them, their results added up; ½ (sum − y)². Slopes of the first kernel. */
function twoLayers(x: number[], k: number[], c: number[], y: number): number[] {
  const kernel = tensor([[k]]);
  const out = conv1d(tensorTanh(conv1d(constant([[x]]), kernel)), constant([[c]]));
  const error = out.data.reduce((total, one) => total + one, 0) - y;
  const [[[dk]]] = handedBack(out, [[Array.from(out.data, () => error)]], kernel);
  return dk;
}

/** The same in lists: each path from the loss to a weight adds its product. For what goes wrong on the way. */
function twoLayersBy(
  x: number[],
  k: number[],
  c: number[],
  y: number,
  {
    weight = (j: number) => j,
    met = (t: number, j: number, i: number) => t + j + i,
    slope = (a: number) => 1 - a * a,
  } = {},
): number[] {
  const a = convolved(x, k).map(tanh.f);
  const out = convolved(a, c);
  const error = out.reduce((total, one) => total + one, 0) - y;
  return k.map((_, i) => {
    let total = 0;
    for (const t of out.keys()) {
      for (const j of c.keys()) total += error * c[weight(j)] * slope(a[t + j]) * x[met(t, j, i)];
    }
    return total;
  });
}

const drawnLayers = (random: Random, y: number): unknown[] => {
  const [m, n] = [whole(random, 2, 3), whole(random, 2, 3)];
  const x = list(random, m + n + whole(random, 0, 3));
  return [x, list(random, m, -1, 1), list(random, n), y];
};

/** Windows in which the largest number is there twice, as 0 is after a ReLU. */
const withEqualOnes = (random: Random): unknown[] => {
  const [size, windows] = [whole(random, 3, 5), whole(random, 2, 4)];
  const x = Array.from({ length: windows }, () => {
    const window = list(random, size, -2, 0);
    const [first, most] = [whole(random, 0, size - 2), number(random, 0, 1)];
    window[first] = window[whole(random, first + 1, size - 1)] = most;
    return window;
  });
  return [list(random, windows), x.flat(), size];
};

/** A line, a kernel and the slopes that come in. */
interface Paper extends Numbers {
  x: number[];
  k: number[];
  g: number[];
}

/** Numbers of one digit, none of them 0 or 1 and none twice in a list. */
function drawPaper(random: Random): Paper {
  return { x: digits(random, 4, 2, 6), k: digits(random, 2, 2, 4), g: digits(random, 3, 2, 5) };
}

const slopesOnPaper = (paper: Paper): Task =>
  onPaper("slopesOnPaper", {
    points: 3,
    expected: () => slopesOf(paper.g, paper.x, paper.k),
    mistakes: {
      "the last use wins: the slope of a weight is the sum over all its uses, and so is that of an input.":
        () => [kernelBy(paper.g, paper.x, "last"), lineBy(paper.g, paper.k, "last")],
      "the last use wins: the slope of a weight is the sum over all its uses.": () => [
        kernelBy(paper.g, paper.x, "last"),
        slopesOf(paper.g, paper.x, paper.k)[1],
      ],
      "the kernel's slopes are turned around: k₁ meets x₁ first, and k₂ meets x₂.": () => {
        const [dk, dx] = slopesOf(paper.g, paper.x, paper.k);
        return [dk.reverse(), dx];
      },
      "the kernel is turned around on the way to the input: x₁ met k₁ only.": () => [
        slopesOf(paper.g, paper.x, paper.k)[0],
        lineBy(paper.g, paper.k, "added", (i) => 1 - i),
      ],
      "the two lists have changed places: the kernel's slopes come first.": () =>
        slopesOf(paper.g, paper.x, paper.k).reverse(),
      "this is the mean over the places: a slope is the sum over all uses.": () => {
        const [dk, dx] = slopesOf(paper.g, paper.x, paper.k);
        return [dk.map((slope) => slope / paper.g.length), dx];
      },
    },
    parts: [
      { name: "the kernel's slopes", share: 1 / 3, view: (result) => result?.[0] },
      { name: "the input's slopes", share: 2 / 3, view: (result) => result?.[1] },
    ],
  });

export const convolution: Assignment = {
  name: "convolution",
  allowed: elementary,
  tasks: [
    withOwn(slopesOnPaper({ x: [2, 3, -1, 1], k: [2, -1], g: [1, -2, 3] }), {
      draw: drawPaper,
      task: slopesOnPaper,
      given: ({ x, k, g }) =>
        table([
          { list: "x", numbers: written(x) },
          { list: "k", numbers: written(k) },
          { list: "∂L/∂y", numbers: written(g) },
        ]),
    }),
    task("convolve", {
      points: 2,
      visible: [
        [
          [1, 3, -2, 0.5],
          [2, 1],
        ],
        [
          [2, -1, 4, 1, 0.5],
          [1, -1, 3],
        ],
      ],
      expected: (x: number[], k: number[]) => convolved(x, k),
      mistakes: {
        "the kernel is turned around: here it is not.": (x, k) => convolved(x, [...k].reverse()),
        "a place is missing: there are as many as the kernel fits, its first and its last included.":
          (x, k) => convolved(x, k).slice(0, -1),
        "zeros were put around x: the kernel is to stay within it.": (x, k) =>
          convolved(x, k, k.length - 1),
        "an index is shifted: the first place begins at the first number of x.": (x, k) =>
          convolved([...x.slice(1), 0], k),
      },
      draw: (random) => {
        const m = whole(random, 2, 4);
        return [list(random, m + whole(random, 1, 5)), list(random, m)];
      },
    }),
    task("kernelSlopes", {
      points: 3,
      visible: [
        [
          [2, -1, 1],
          [1, 3, -2, 2],
        ],
        [
          [1, 0, -2],
          [0.5, 2, -1, 3, 1],
        ],
      ],
      expected: (g: number[], x: number[]) =>
        slopesOf(g, x, new Array(x.length - g.length + 1).fill(0))[0],
      mistakes: {
        "each use has to be added to what is there: the last one wins.": (g, x) =>
          kernelBy(g, x, "last"),
        "turned around: the weight that meets the first number of x is the first.": (g, x) =>
          kernelBy(g, x, "added").reverse(),
        "this is the mean over the places: a slope is the sum over all uses.": (g, x) =>
          kernelBy(g, x, "added").map((slope) => slope / g.length),
        "an index is shifted: weight i meets x[t + i], not x[t].": (g, x) =>
          kernelBy(g, x, "added", (t) => t),
        "wrong sign.": (g, x) => kernelBy(g, x, "added").map((slope) => -slope),
      },
      draw: (random) => {
        const places = whole(random, 2, 6);
        return [list(random, places), list(random, places + whole(random, 1, 3))];
      },
    }),
    task("inputSlopes", {
      points: 4,
      visible: [
        [[1, -1, 2], [3, 0.5], 0],
        [[1, 2, -1, 0.5], [2, -1, 3], 1],
      ],
      expected: (g: number[], k: number[], padding: number) => {
        const length = g.length + k.length - 1 - 2 * padding;
        return slopesOf(g, new Array(length).fill(0), k, padding)[1];
      },
      mistakes: {
        "each use has to be added to what is there: the last one wins.": (g, k, padding) =>
          withoutBorder(lineBy(g, k, "last"), padding),
        "the kernel is turned around.": (g, k, padding) =>
          withoutBorder(
            lineBy(g, k, "added", (i) => k.length - 1 - i),
            padding,
          ),
        "the border's own slopes are still there: nobody asks for them.": (g, k) =>
          lineBy(g, k, "added"),
        "the border is cut off at the end, twice: half of it stands in front.": (g, k, padding) =>
          lineBy(g, k, "added").slice(0, g.length + k.length - 1 - 2 * padding),
      },
      parts: [
        {
          name: "without a border",
          share: 0.5,
          draw: (random) => [
            list(random, whole(random, 2, 6)),
            list(random, whole(random, 2, 4)),
            0,
          ],
        },
        {
          name: "with a border of zeros",
          share: 0.5,
          draw: (random) => {
            const m = whole(random, 2, 4);
            const padding = whole(random, 1, m - 1);
            // At least two numbers between the borders.
            const places = 3 - m + 2 * padding + whole(random, 0, 3);
            return [list(random, Math.max(2, places)), list(random, m), padding];
          },
        },
      ],
    }),
    task("layerSlopes", {
      points: 5,
      visible: [
        [
          [
            [1, -1, 2],
            [0, 3, 1],
          ],
          [
            [1, 2, 0, -1],
            [3, 1, -2, 2],
            [0.5, 1, 1, 0],
          ],
        ],
      ],
      expected: layerBack,
      mistakes: {
        "the other way round: kernel first, then channel, as in K.": (g, x) => {
          const [dK, db] = layerBack(g, x);
          return [x.map((_, c) => dK.map((kernel) => kernel[c])), db];
        },
        "a bias is used at every place: its slope is the sum over these, not the mean.": (g, x) => {
          const [dK, db] = layerBack(g, x);
          return [dK, db.map((slope) => slope / g[0].length)];
        },
        "a bias is used at every place: its slope is one number, the sum of those that come in.": (
          g,
          x,
        ) => [layerBack(g, x)[0], g],
        "each use has to be added to what is there: the last one wins.": (g, x) => [
          g.map((one) => x.map((channel) => kernelBy(one, channel, "last"))),
          g.map((one) => one[one.length - 1]),
        ],
        "all channels are added up: each has a part of the kernel of its own.": (g, x) => {
          const [dK, db] = layerBack(g, x);
          const total = (kernel: number[][]) =>
            kernel[0].map((_, i) => kernel.reduce((all, row) => all + row[i], 0));
          return [dK.map((kernel) => kernel.map(() => total(kernel))), db];
        },
      },
      parts: ([1, 0] as const).map((n) => ({
        name: n === 1 ? "the biases" : "the kernels",
        share: n === 1 ? 2 / 5 : 3 / 5,
        view: (result) => result?.[n],
        draw: (random) => {
          const places = whole(random, 2, 5);
          const length = places + whole(random, 1, 3);
          return [
            lists(random, whole(random, 2, 4), places),
            lists(random, whole(random, 2, 4), length),
          ];
        },
      })),
    }),
    task("poolSlopes", {
      points: 3,
      visible: [
        [[1, -2, 3], [3, 1, 2, 5, -1, 4], 2],
        [[2, 5], [0, 1, 1, 4, 2, 4], 3],
      ],
      expected: poolBack,
      mistakes: {
        "every number of the window gets the slope: only the largest was passed on.": (
          g,
          x,
          size,
        ) => shared(g, x, size, () => 1),
        "the slope is shared out: that would be the mean of a window.": (g, x, size) =>
          shared(g, x, size, () => 1 / size),
        "several equal numbers get the slope: only the first of them is to.": (g, x, size) =>
          shared(g, x, size, (value, most) => (value === most ? 1 : 0)),
        "the last of equal numbers gets the slope: the first is to.": (g, x, size) =>
          shared(g, x, size, (_value, most, window, i) => (window.lastIndexOf(most) === i ? 1 : 0)),
        "these are the slopes of the windows: the list is as long as x, with 0 for whoever did not win.":
          (g) => g,
        "the slope is multiplied by the number: to raise the largest raises the result as much.": (
          g,
          x,
          size,
        ) => poolBack(g, x, size).map((slope, n) => slope * x[n]),
      },
      parts: [
        {
          name: "numbers that all differ",
          share: 2 / 3,
          draw: (random) => {
            const [size, windows] = [whole(random, 2, 4), whole(random, 2, 4)];
            return [list(random, windows), list(random, size * windows), size];
          },
        },
        { name: "equal ones", share: 1 / 3, draw: withEqualOnes },
      ],
    }),
    withPlants(
      task("mendedSlopes", {
        points: 4,
        visible: [[[1, -0.5, 2, 0.5, -1], [0.5, -1], [2, -1, 0.5], 1]],
        expected: twoLayers,
        mistakes: {
          "an index is shifted: a[t + j] met x[t + j + i]. Nothing is mended yet.": (x, k, c, y) =>
            twoLayersBy(x, k, c, y, { met: (t, _j, i) => t + i }),
          "the second kernel is turned around on the way back.": (x, k, c, y) =>
            twoLayersBy(x, k, c, y, { weight: (j) => c.length - 1 - j }),
          "f′ is missing.": (x, k, c, y) => twoLayersBy(x, k, c, y, { slope: () => 1 }),
          "f instead of f′.": (x, k, c, y) => twoLayersBy(x, k, c, y, { slope: (a) => a }),
          "wrong sign.": (x, k, c, y) => twoLayers(x, k, c, y).map((slope) => -slope),
        },
        draw: (random) => drawnLayers(random, number(random)),
        steep: (random) => drawnLayers(random, huge(random)),
      }),
      {
        code: (
          factor,
        ) => `function brokenSlopes(x: number[], k: number[], c: number[], y: number): number[] {
  const a = (convolve(x, k) ?? []).map(Math.tanh);
  const out = convolve(a, c) ?? [];
  const error = ${factor} * (out.reduce((sum, one) => sum + one, 0) - y);
  const dk = k.map(() => 0);
  out.forEach((_, t) =>
    c.forEach((weight, j) =>
      k.forEach((_, i) => {
        dk[i] += error * weight * (1 - a[t + j] ** 2) * x[t + j + i];
      }),
    ),
  );
  return dk;
}`,
        plants: [
          {
            hint: "an index is shifted: a[t + j] met x[t + j + i].",
            change: [["x[t + j + i]", "x[t + i]"]],
          },
          {
            hint: "the second kernel is turned around on the way back.",
            change: [["error * weight", "error * c[c.length - 1 - j]"]],
          },
          {
            hint: "f instead of f′.",
            change: [["(1 - a[t + j] ** 2)", "a[t + j]"]],
          },
        ],
      },
    ),
    prediction(
      "usesOfOne",
      () => {
        const kernel = tensor(new Float64Array(9), [1, 1, 3, 3]);
        const image = new Array(5 * 7).fill(1);
        const [[[[[first]]]]] = handedBack(
          sum(conv2d(tensor(image, [1, 1, 5, 7]), kernel)),
          1,
          kernel,
        );
        return first;
      },
      {
        "there are 35 pixels, and the kernel does not fit at each of them.": () => 35,
        "that is how many weights the kernel has.": () => 9,
        "that is how many there are in one row of places.": () => 5,
        "4 × 6 would be the places of a kernel of 2 × 2.": () => 24,
      },
    ),
  ],
};
