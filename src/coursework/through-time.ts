/** The tasks of the assignment on backpropagation through time. */

import { log, type Random } from "../arithmetic";
import { written } from "../exercise/compare";
import { tanh } from "../nn";
import { table } from "../show";
import {
  add,
  concatenate,
  constant,
  matmul,
  multiply,
  type Tensor,
  tensor,
  tanh as tensorTanh,
} from "../tensors";
import { withPlants } from "./planted";
import { handedBack, transposed } from "./reference";
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

/** h_t = tanh(w h_{t−1} + x_t) from h_0 = 0, by the library: z_t and h_t for each step. */
function run(w: Tensor, x: readonly number[]): { z: Tensor[]; h: Tensor[] } {
  const [z, h]: Tensor[][] = [[], []];
  for (const [t, input] of x.entries()) {
    z.push(add(multiply(w, t > 0 ? h[t - 1] : constant([0])), constant([input])));
    h.push(tensorTanh(z[t]));
  }
  return { z, h };
}

/** The states as plain numbers, with h_0 = 0 in front. */
const statesOf = (w: number, x: readonly number[]): number[] => [
  0,
  ...run(constant([w]), x).h.map(({ data }) => data[0]),
];

/** ∂L/∂w with L = ½ (h_T − y)². */
function slopeOf(w: number, x: readonly number[], y: number): number {
  const weight = tensor([w]);
  const last = run(weight, x).h[x.length - 1];
  const [[slope]] = handedBack(last, [last.data[0] - y], weight);
  return slope;
}

interface Way {
  /** How many steps the slope goes back. Default: all */
  back?: number;
  /** tanh's slope. Default 1 − h² */
  slope?(h: number): number;
  /** By how much a step's δ counts in the step before. Default w */
  factor?: number;
  /** What w multiplied, of the states from h_0 on, in step t. Default h_{t−1} */
  met?(h: readonly number[], t: number): number;
}

/** ∂L/∂w in plain numbers, for slopes that go back some steps only, and for what goes wrong on the way. */
function slopeBy(w: number, x: readonly number[], y: number, way: Way = {}): number {
  const { back = x.length, slope = (h) => 1 - h * h, factor = w, met = (h, t) => h[t - 1] } = way;
  const h = statesOf(w, x);
  let [total, g] = [0, h[x.length] - y];
  for (let t = x.length; t > Math.max(0, x.length - back); t--) {
    const delta = g * slope(h[t]);
    total += delta * met(h, t);
    g = factor * delta;
  }
  return total;
}

/** ∂L/∂z_t for each step, with L = Σ ½ (h_t − y_t)². */
function deltasOf(w: number, x: readonly number[], y: readonly number[]): number[] {
  const { z, h } = run(tensor([w]), x);
  const all = concatenate(h);
  const errors = y.map((target, t) => all.data[t] - target);
  return handedBack(all, errors, ...z).flat();
}

/** The same in plain numbers; `own` is what a step's own loss hands to its state, `next` what the next step does. */
function deltasBy(
  w: number,
  x: readonly number[],
  y: readonly number[],
  join: (own: number, next: number, slope: number, isLast: boolean) => number,
): number[] {
  const h = statesOf(w, x).slice(1);
  const deltas: number[] = [];
  for (let t = x.length - 1; t >= 0; t--) {
    const next = t < x.length - 1 ? w * deltas[0] : 0;
    deltas.unshift(join(h[t] - y[t], next, 1 - h[t] * h[t], t === x.length - 1));
  }
  return deltas;
}

/** The memory c_t = f_t c_{t−1} + i_t g_t from c_0 = 0: slopes of f, i and g for the slope of the last c. */
function memoryBack(f: number[], i: number[], g: number[], slope: number): number[][] {
  const [gates, inputs, candidates] = [f, i, g].map((one) => one.map((value) => tensor([value])));
  let memory: Tensor = constant([0]);
  for (let t = 0; t < f.length; t++)
    memory = add(multiply(gates[t], memory), multiply(inputs[t], candidates[t]));
  const all = handedBack(memory, [slope], ...gates, ...inputs, ...candidates).flat();
  return [0, 1, 2].map((n) => all.slice(n * f.length, (n + 1) * f.length));
}

function memoryBy(
  f: number[],
  i: number[],
  g: number[],
  slope: number,
  { factor = (t: number) => f[t], after = false } = {},
): number[][] {
  const c = [0];
  for (let t = 0; t < f.length; t++) c.push(f[t] * c[t] + i[t] * g[t]);
  const slopes: number[][] = [[], [], []];
  for (let t = f.length - 1, dc = slope; t >= 0; dc *= factor(t), t--) {
    slopes[0].unshift(dc * c[after ? t + 1 : t]);
    slopes[1].unshift(dc * g[t]);
    slopes[2].unshift(dc * i[t]);
  }
  return slopes;
}

/** One step of many units, h = tanh(W b + x) with a square W, from the slopes of h: those of b, and of W. */
function stepBack(W: number[][], h: number[], b: number[], g: number[]): [number[], number[][]] {
  const [weights, before] = [tensor(W), tensor(b.map((one) => [one]))];
  // The input is found again from the states, and does not matter otherwise.
  const z = matmul(weights, before);
  const x = h.map((one, j) => [0.5 * log((1 + one) / (1 - one)) - z.data[j]]);
  const step = tensorTanh(add(z, constant(x)));
  const [db, dW] = handedBack(
    step,
    g.map((one) => [one]),
    before,
    weights,
  );
  return [db.flat(), dW];
}

function stepBy(
  W: number[][],
  h: number[],
  b: number[],
  g: number[],
  { back = (j: number, i: number) => W[j][i], slope = (one: number) => 1 - one * one } = {},
): [number[], number[][]] {
  const delta = g.map((one, j) => one * slope(h[j]));
  return [
    b.map((_, i) => delta.reduce((sum, one, j) => sum + one * back(j, i), 0)),
    delta.map((one) => b.map((before) => one * before)),
  ];
}

/** Inputs that leave tanh nearly saturated in every step, and a weight too small to change that. */
const saturatedLine = (random: Random, steps: number): [number, number[]] => [
  far(random, 0.1, 0.3),
  Array.from({ length: steps }, () => far(random, 5.6, 6)),
];

/** The example on paper: a weight, and the inputs of three steps. */
interface Paper extends Numbers {
  w: number;
  x: number[];
}

/** A weight of one digit after the point, inputs of one digit; the last state is not small beside the others. */
function drawPaper(random: Random): Paper {
  for (;;) {
    const drawn = { w: signed(random, 2, 5) / 10, x: digits(random, 3, 2, 9) };
    const [h1, h2, h3] = paperStates(drawn);
    if (Math.min(Math.abs(h1 + h2), Math.abs(h2), Math.abs(h3)) > 0.5) return drawn;
  }
}

/** The states without tanh: h_t = w h_{t−1} + x_t. */
function paperStates({ w, x }: Paper): number[] {
  let h = 0;
  return x.map((input) => {
    h = w * h + input;
    return h;
  });
}

/** The slopes of L = ½ h_3² along the states, and along w. */
function paperBack(paper: Paper): [number[], number] {
  const w = tensor([paper.w]);
  const h: Tensor[] = [constant([0])];
  for (const [t, x] of paper.x.entries()) h.push(add(multiply(w, h[t]), constant([x])));
  const [dw, ...dh] = handedBack(h[3], [h[3].data[0]], w, ...h.slice(1)).flat();
  return [dh, dw];
}

function slopesOnPaper(paper: Paper): Task {
  const [h1, h2, h3] = paperStates(paper);
  const lastUse = h3 * h2;
  // h₁, h₂ and h₃ in place of h₀, h₁ and h₂.
  const atOwnState = [h1, h2, h3].reduce((sum, h, t) => sum + h * paperBack(paper)[0][t], 0);
  return onPaper("slopesOnPaper", {
    points: 3,
    expected: () => paperBack(paper),
    mistakes: {
      "only the last use of w: it is used in every step, and its slope is the sum.": () => [
        paperBack(paper)[0],
        lastUse,
      ],
      "w multiplies the state before the step, h₀, h₁, h₂.": () => [
        paperBack(paper)[0],
        atOwnState,
      ],
      "nothing is carried back: ∂L/∂h₂ is w times ∂L/∂h₃.": () => [[h3, h3, h3], h3 * (h1 + h2)],
      "the slopes of the states stand the wrong way round: h₁ first.": () => {
        const [dh, dw] = paperBack(paper);
        return [dh.reverse(), dw];
      },
      "wrong sign.": () => {
        const [dh, dw] = paperBack(paper);
        return [dh.map((slope) => -slope), -dw];
      },
      "these are the states; their slopes are asked for.": () => [
        [h1, h2, h3],
        paperBack(paper)[1],
      ],
    },
    parts: [
      { name: "the states' slopes", share: 1 / 3, view: (result) => result?.[0] },
      { name: "the slope of w", share: 2 / 3, view: (result) => result?.[1] },
    ],
  });
}

export const throughTime: Assignment = {
  name: "through-time",
  allowed: elementary,
  tasks: [
    withOwn(slopesOnPaper({ w: 0.5, x: [4, 1, -2] }), {
      draw: drawPaper,
      task: slopesOnPaper,
      given: ({ w, x }) =>
        table([
          { what: "w", numbers: written(w) },
          { what: "x", numbers: written(x) },
        ]),
    }),
    task("states", {
      points: 2,
      visible: [
        [0.5, [1, 0, -1]],
        [-1.5, [0.5, 2]],
      ],
      expected: (w: number, x: number[]) => statesOf(w, x).slice(1),
      mistakes: {
        "no activation: the state is tanh of the sum.": (w, x) => {
          let h = 0;
          return x.map((input) => {
            h = w * h + input;
            return h;
          });
        },
        "the state is not carried along: w times the one before belongs to the sum.": (_w, x) =>
          x.map(tanh.f),
        "h₀ = 0 is not one of them: the first is h₁.": statesOf,
        "w multiplies the input here: it is for the state before.": (w, x) => {
          let h = 0;
          return x.map((input) => {
            h = tanh.f(h + w * input);
            return h;
          });
        },
      },
      draw: (random) => [number(random, -1.5, 1.5), list(random, whole(random, 2, 7))],
    }),
    task("weightSlope", {
      points: 5,
      visible: [
        [0.5, [1, 0.5, -1], 1],
        [-1.5, [0.5, 0.25], 0],
      ],
      expected: slopeOf,
      mistakes: {
        "only the last use: w is used in every step, and its slope is the sum.": (w, x, y) =>
          slopeBy(w, x, y, { back: 1 }),
        "f′ is missing: tanh's slope belongs to every step.": (w, x, y) =>
          slopeBy(w, x, y, { slope: () => 1 }),
        "f instead of f′.": (w, x, y) => slopeBy(w, x, y, { slope: (h) => h }),
        "h is the activation already: tanh's slope is 1 − h².": (w, x, y) =>
          slopeBy(w, x, y, { slope: tanh.derivative }),
        "w multiplies the state before the step, not the one after.": (w, x, y) =>
          slopeBy(w, x, y, { met: (h, t) => h[t] }),
        "this is the mean over the steps: a slope is the sum over all uses.": (w, x, y) =>
          slopeOf(w, x, y) / x.length,
        "w is left out on the way from a step to the one before.": (w, x, y) =>
          slopeBy(w, x, y, { factor: 1 }),
        "wrong sign.": (w, x, y) => -slopeOf(w, x, y),
      },
      parts: [
        { name: "two to four steps", share: 0.6, from: 2, to: 4 },
        { name: "up to twelve", share: 0.4, from: 8, to: 12 },
      ].map(({ from, to, ...part }) => ({
        ...part,
        draw: (random) => [
          number(random, -1.5, 1.5),
          list(random, whole(random, from, to)),
          number(random),
        ],
        steep: (random) => [...saturatedLine(random, whole(random, from, to)), huge(random)],
      })),
    }),
    task("everyStep", {
      points: 4,
      visible: [[0.5, [1, 0.5, -1], [0, 1, 0.5]]],
      expected: deltasOf,
      mistakes: {
        "only the last step's loss: each has one of its own.": (w, x, y) =>
          deltasBy(w, x, y, (own, next, slope, isLast) => (next + (isLast ? own : 0)) * slope),
        "each step for itself: its state acts on the next one, too.": (w, x, y) =>
          deltasBy(w, x, y, (own, _next, slope) => own * slope),
        "a step's own error goes through tanh as well: add first, then multiply by its slope.": (
          w,
          x,
          y,
        ) => deltasBy(w, x, y, (own, next, slope) => own + next * slope),
        "what comes from the next step goes through tanh as well: add first, then multiply by its slope.":
          (w, x, y) => deltasBy(w, x, y, (own, next, slope) => own * slope + next),
        "f′ is missing.": (w, x, y) => deltasBy(w, x, y, (own, next) => own + next),
        "the list is the wrong way round: the first step comes first.": (w, x, y) =>
          deltasOf(w, x, y).reverse(),
        "wrong sign.": (w, x, y) => deltasOf(w, x, y).map((delta) => -delta),
      },
      draw: (random) => {
        const steps = whole(random, 2, 6);
        return [number(random, -1.5, 1.5), list(random, steps), list(random, steps)];
      },
      steep: (random) => {
        const steps = whole(random, 2, 6);
        return [...saturatedLine(random, steps), Array.from({ length: steps }, () => huge(random))];
      },
    }),
    task("truncatedSlope", {
      points: 3,
      visible: [
        [0.8, [1, 0.5, -0.5, 0.25, -1], 1, 2],
        [-0.5, [1, 2, -1], 0, 5],
      ],
      // Cut off by the library: the state before the cut is a constant.
      expected: (w: number, x: number[], y: number, back: number) => {
        const cut = Math.max(0, x.length - back);
        const weight = tensor([w]);
        let h: Tensor = constant([statesOf(w, x)[cut]]);
        for (const input of x.slice(cut))
          h = tensorTanh(add(multiply(weight, h), constant([input])));
        const [[slope]] = handedBack(h, [h.data[0] - y], weight);
        return slope;
      },
      mistakes: {
        "nothing is cut off: these are all uses of w.": slopeOf,
        "cut off a step too late.": (w, x, y, back) => slopeBy(w, x, y, { back: back + 1 }),
        "cut off a step too early.": (w, x, y, back) => slopeBy(w, x, y, { back: back - 1 }),
        "only the way back is cut: the states still begin with the first input.": (w, x, y, back) =>
          slopeOf(w, x.slice(-back), y),
      },
      parts: [
        {
          name: "cut on the way",
          share: 2 / 3,
          draw: (random) => {
            const x = list(random, whole(random, 4, 7));
            return [number(random, -1.5, 1.5), x, number(random), whole(random, 2, x.length - 2)];
          },
          steep: (random) => {
            const [w, x] = saturatedLine(random, whole(random, 4, 7));
            return [w, x, huge(random), whole(random, 2, x.length - 2)];
          },
        },
        {
          name: "no cut: as many steps as there are, or more",
          share: 1 / 3,
          draw: (random) => {
            const x = list(random, whole(random, 2, 5));
            return [number(random, -1.5, 1.5), x, number(random), x.length + whole(random, 0, 3)];
          },
          steep: (random) => {
            const [w, x] = saturatedLine(random, whole(random, 2, 5));
            return [w, x, huge(random), x.length + whole(random, 0, 3)];
          },
        },
      ],
    }),
    task("memorySlopes", {
      points: 4,
      visible: [[[0.5, 0.8, 0.25], [1, 0.5, 0.4], [2, -1, 0.5], 2]],
      expected: memoryBack,
      mistakes: {
        "f multiplies the memory before the step, c_{t−1}.": (f, i, g, slope) =>
          memoryBy(f, i, g, slope, { after: true }),
        "nothing is lost on the way back: from a step to the one before, a slope is multiplied by f.":
          (f, i, g, slope) => memoryBy(f, i, g, slope, { factor: () => 1 }),
        "an index is shifted: from c_t to c_{t−1} a slope is multiplied by f_t.": (
          f,
          i,
          g,
          slope,
        ) => memoryBy(f, i, g, slope, { factor: (t) => f[t - 1] ?? 1 }),
        "i and g have changed places: the slope of one is made with the other.": (
          f,
          i,
          g,
          slope,
        ) => {
          const [df, di, dg] = memoryBack(f, i, g, slope);
          return [df, dg, di];
        },
        "the lists are the wrong way round: the first step comes first.": (f, i, g, slope) =>
          memoryBack(f, i, g, slope).map((one) => one.reverse()),
      },
      parts: [
        { name: "the forget gates", share: 0.5, view: (result: number[][]) => result?.[0] },
        {
          name: "the input gates and what they let in",
          share: 0.5,
          view: (result: number[][]) => [result?.[1], result?.[2]],
        },
      ].map((part) => ({
        ...part,
        draw: (random) => {
          const steps = whole(random, 3, 7);
          const gates = () => list(random, steps, 0.05, 0.95);
          return [gates(), gates(), list(random, steps), number(random)];
        },
      })),
    }),
    withPlants(
      task("mendedStep", {
        points: 4,
        visible: [
          [
            [
              [0.5, -1],
              [2, 0.25],
            ],
            [0.5, -0.6],
            [0.2, 0.8],
            [1, -2],
          ],
        ],
        expected: stepBack,
        mistakes: {
          "transposed weights: unit i acted on unit j by W[j][i]. Nothing is mended yet.": (
            W,
            h,
            b,
            g,
          ) => stepBy(W, h, b, g, { back: (j, i) => W[i][j] }),
          "f′ is missing.": (W, h, b, g) => stepBy(W, h, b, g, { slope: () => 1 }),
          "f instead of f′.": (W, h, b, g) => stepBy(W, h, b, g, { slope: (one) => one }),
          "h is the activation already: tanh's slope is 1 − h².": (W, h, b, g) =>
            stepBy(W, h, b, g, { slope: tanh.derivative }),
          "the slopes of W are transposed: W[j][i] led from unit i to unit j.": (W, h, b, g) => {
            const [db, dW] = stepBack(W, h, b, g);
            return [db, transposed(dW)];
          },
        },
        draw: (random) => {
          const units = whole(random, 2, 4);
          return [
            lists(random, units, units),
            list(random, units, -0.9, 0.9),
            list(random, units, -0.9, 0.9),
            list(random, units),
          ];
        },
      }),
      {
        code: (factor) => `function brokenStep(
  W: number[][],
  h: number[],
  b: number[],
  g: number[],
): [number[], number[][]] {
  const delta = g.map((slope, j) => ${factor} * slope * (1 - h[j] ** 2));
  const before = b.map((_, i) => delta.reduce((sum, one, j) => sum + W[j][i] * one, 0));
  return [before, delta.map((one) => b.map((state) => one * state))];
}`,
        plants: [
          {
            hint: "transposed weights: unit i acted on unit j by W[j][i].",
            change: [["W[j][i]", "W[i][j]"]],
          },
          {
            hint: "h is the activation already: tanh's slope is 1 − h².",
            change: [["(1 - h[j] ** 2)", "(1 - Math.tanh(h[j]) ** 2)"]],
          },
          {
            hint: "the slopes of W are transposed: W[j][i] led from unit i to unit j.",
            change: [
              [
                "delta.map((one) => b.map((state) => one * state))",
                "b.map((state) => delta.map((one) => one * state))",
              ],
            ],
          },
        ],
      },
    ),
    prediction(
      "slopeWill",
      () => {
        const start = tensor([1]);
        let h = start;
        for (let t = 0; t < 100; t++) h = tensorTanh(h);
        const [[slope]] = handedBack(h, [1], start);
        return slope < 0.01 ? "shrink" : slope > 100 ? "grow" : "stay";
      },
      {
        "so it would without tanh, whose slope 1 − h² is a factor of every step.": () => "stay",
        "for that the factors would have to be above 1: w is 1, and tanh's slope never more.": () =>
          "grow",
      },
    ),
  ],
};
