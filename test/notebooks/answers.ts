// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a reader's answer may be a template, here as text
/** The reader's own checks, as a reader meets them: the right answer is told so, a likely mistake by its name. */
import { expect } from "vitest";
import type { Client } from "../kernel/client";
import type { Cell } from "./notebook";

/** What a reader puts in place of `undefined`, and what the check should say to it. */
type Tried = [answer: string, says: RegExp];
export interface Exercise {
  /** The cell with the gap; the check is in the cell after it, or in the same one. */
  cell: string;
  tried: Tried[];
}

const right = /^✓ Right/;
const total = "x.reduce((sum, one) => sum + one, 0)";
const weighted = `(x.reduce((sum, one, i) => sum + g[i] * one, 0) / ${total})`;
const uses = (add: string) =>
  `g.reduce((dx, _, t) => (k.forEach((_, i) => { dx[t + i] ${add}; }), dx), new Array(n).fill(0))`;
const sum = "weights.reduce((sum, w, k) => sum + w * deltas[k], 0)";

export const exercises: Record<string, Exercise[]> = {
  "start-here": [
    {
      cell: "question-1",
      tried: [
        ["undefined", /^Not answered yet/],
        ["4", right],
        ["0", /always 1/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["6", right],
        ["2", /in which they stand/],
      ],
    },
    {
      cell: "your-turn",
      tried: [
        ["(x + y) / 2", right],
        ["x + y / 2", /parentheses/],
        ["x + y", /the sum/],
      ],
    },
  ],
  "activation-functions": [
    {
      cell: "your-turn-1",
      tried: [
        ["1 - Math.tanh(z) ** 2", right],
        ["1 - Math.tanh(z)", /the square is missing/],
        ["Math.tanh(z)", /this is f itself/],
        ["1 - z * z", /the square is of z/],
        ["Math.tanh(z) ** 2 - 1", /sign/],
      ],
    },
    {
      cell: "your-turn-2",
      tried: [
        ["sigma(z) * (1 - sigma(z))", right],
        ["1 - sigma(z) ** 2", /tanh's rule/],
        ["1 - sigma(z)", /only one of the two factors/],
        ["z * (1 - z)", /z in place of σ/],
        ["-sigma(z) * (1 - sigma(z))", /inner derivative/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["0.64", right],
        ["0.4", /square is missing/],
        ["0.24", /sigmoid's rule/],
        ["0.712", /the activation/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["0", right],
        ["10", /the identity/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["1 / 256", right],
        ["0.25", /one layer/],
      ],
    },
    {
      cell: "question-4",
      tried: [
        ['"sigmoid"', right],
        ['"tanh"', /negative/],
      ],
    },
    {
      cell: "question-5",
      tried: [
        ["12", right],
        ["10", /a bias/],
        ["6", /one output/],
      ],
    },
  ],
  "forward-pass": [
    {
      cell: "your-turn-1",
      tried: [
        ["undefined", /^Not filled in yet/],
        ["f(inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, weights[0]))", right],
        ["f(inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, 0))", /the bias is missing/],
        ["f(inputs.reduce((sum, x, i) => sum + weights[i] * x, 0))", /shifted by one/],
        [
          "inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, weights[0])",
          /the pre-activation/,
        ],
      ],
    },
    {
      cell: "your-turn-2",
      tried: [
        [network231("f", "f", "W"), right],
        [network231("", "f", "W"), /the hidden layer has no activation/],
        [network231("f", "", "W"), /the output has no activation/],
        [network231("f", "f", "W[0].map((_, c) => W.map((row) => row[c]))"), /transposed/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["6", right],
        ["5", /always 1/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["101770", right],
        ["101632", /biases are missing/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["0", right],
        ["1", /no longer counts/],
      ],
    },
    {
      cell: "question-4",
      tried: [
        ["-1.5", right],
        ["-0.5", /That is OR/],
      ],
    },
  ],
  deltas: [
    {
      cell: "your-turn-1",
      tried: [
        ["undefined", /^Not filled in yet/],
        [`slope * ${sum}`, right],
        [sum, /f′\(z\) is missing/],
        ["slope * weights[0] * deltas[0]", /only the first successor/],
        ["slope * deltas.reduce((sum, delta) => sum + delta, 0)", /the weights are missing/],
        [`-slope * ${sum}`, /sign/],
        ["NaN", /^✗ Not yet: 3 of 3 cases differ\.$/],
      ],
    },
    {
      cell: "your-turn-2",
      tried: [
        ["(h - y) * h * (1 - h)", right],
        ["h - y", /the activation's slope is missing/],
        ["(y - h) * h * (1 - h)", /the sign/],
        ["(h - y) * h", /σ in place of its slope/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["undefined", /^Not answered yet/],
        ["10", right],
        ["-10", /the text's sign/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["10", right],
        ["0", /X1 is 1/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ['"zero"', right],
        ['"it depends on the weights"', /saturated/],
      ],
    },
    {
      cell: "question-4",
      tried: [
        ["203540", right],
        ["101770", /nudged up and down/],
      ],
    },
  ],
  "weight-updates": [
    {
      cell: "your-turn-1",
      tried: [
        ["w - learningRate * a * delta", right],
        ["w + learningRate * a * delta", /the sign/],
        ["w - learningRate * delta", /the activation a is missing/],
        ["w - a * delta", /the learning rate is missing/],
        ["-learningRate * a * delta", /the change alone/],
        ["a * delta", /this is the slope/],
      ],
    },
    {
      cell: "your-turn-2",
      tried: [
        ["weights.map((w, i) => w - learningRate * slopes[i])", right],
        ["weights.map((w, i) => w + learningRate * slopes[i])", /uphill/],
        ["weights.map((w, i) => w - slopes[i])", /learning rate is missing/],
        ["weights.map((w) => w - learningRate * slopes[0])", /only the first slope/],
        ["slopes.map((s) => -learningRate * s)", /these are the changes/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["0", right],
        ["0.6", /What is h for \(1, 1\)/],
        ["2", /uphill/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["-2", right],
        ["0", /not 1 here/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["0", right],
        ["10", /before the step/],
      ],
    },
    {
      cell: "question-4",
      tried: [
        ["0.25", right],
        ["1 / 3", /smaller α/],
      ],
    },
  ],
  training: [
    {
      cell: "your-turn",
      tried: [
        [meanStep("1 / inputs.length"), right],
        [meanStep("1"), /the sum is not the mean/],
        [meanStep("-1 / inputs.length"), /uphill/],
        [
          "Array.from(network.weights, (w, i) => w - learningRate * backward(network, forward(network, inputs[0]), targets[0]).gradient[i])",
          /only one sample/,
        ],
        [
          "(inputs.forEach((x, n) => update(network, backward(network, forward(network, x), targets[n]).gradient, learningRate)), Array.from(network.weights))",
          /moved after every sample: /,
        ],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["400", right],
        ["100", /one step an epoch/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["4", right],
        ["5", /not the only one/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ['"yes"', right],
        ['"no"', /Equal activations/],
      ],
    },
  ],
  "find-the-bug": [
    {
      cell: "answer-2",
      tried: [
        ['"slope at a"', right],
        ['"sign"', /positive/],
      ],
    },
    {
      cell: "answer-3",
      tried: [
        ['"shifted index"', right],
        ['"weight left out"', /the right one\?/],
      ],
    },
    {
      cell: "answer-4",
      tried: [
        ['"weight left out"', right],
        ['"sign"', /negative weights/],
      ],
    },
    {
      cell: "answer-5",
      tried: [
        ['"updated weights"', right],
        ['"shifted index"', /the forward pass/],
      ],
    },
    {
      cell: "answer-6",
      tried: [
        ['"sign"', right],
        ['"slope at a"', /ratio of −1/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["6", right],
        ["0", /always 1/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["4", right],
        ["5", /two bugs/],
      ],
    },
  ],
  "checking-the-text": [
    {
      cell: "question-1",
      tried: [
        ["7.28", right],
        ["3.28", /moved/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ['"wrong sign"', right],
        ['"wrong number"', /without its sign/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["6", right],
        ["7", /that move/],
      ],
    },
  ],
  "why-backpropagation": [
    {
      cell: "question-1",
      tried: [
        ["2000", right],
        ["1000", /up, and down/],
        ["3", /backpropagation takes/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["1", right],
        ["10", /one pass/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["-15", right],
        ["10", /with respect to a/],
        ["15", /sign/],
      ],
    },
  ],
  history: [
    {
      cell: "question-1",
      tried: [
        ["5", right],
        ["0.8", /carried over/],
        ["1.8", /goes on/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["-0.5", right],
        ["0", /bias/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["3.5", right],
        ["4", /bias/],
        ["-4.5", /first weight/],
      ],
    },
    {
      cell: "question-4",
      tried: [
        ["false", right],
        ["true", /Try 1 1 0/],
      ],
    },
  ],
  depth: [
    {
      cell: "your-turn",
      tried: [
        ["1 / (m * s)", right],
        ["Math.sqrt(1 / (m * s))", /standard deviation/],
        ["s / m", /below the line/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["1 / 1024", right],
        ["1 / 20", /factors/],
        ["1 / 512", /nine/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["0.75", right],
        ["0.5", /as many above/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["1", right],
        ["0.02", /variance/],
      ],
    },
  ],
  optimisers: [
    {
      cell: "your-turn",
      tried: [
        ["(beta1 * (1 - beta1) * g1 + (1 - beta1) * g2) / (1 - beta1 ** 2)", right],
        ["beta1 * (1 - beta1) * g1 + (1 - beta1) * g2", /correction is missing/],
        ["beta1 * g1 + g2", /first step/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["0.01", right],
        ["0.00001", /gradient descent/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["2000", right],
        ["1000", /momentum/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ["0.95", right],
        ["0.05", /what is left/],
      ],
    },
  ],
  digits: [
    {
      cell: "your-turn",
      tried: [
        ["same ? pk * (1 - pk) : -pk * pj", right],
        ["same ? pk * (1 - pk) : 0", /not 0/],
        ["same ? pk * (1 - pk) : pk * pj", /others lose/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["Math.log(10)", right],
        ["0.1", /probability/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["-0.3", right],
        ["0.3", /sign/],
        ["0.7", /That is p/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ['"too high"', right],
        ['"as it is"', /luckiest/],
      ],
    },
  ],
  jacobians: [
    {
      cell: "your-turn",
      tried: [
        ["undefined", /^Not filled in yet/],
        [`g.map((one) => (one - ${weighted}) / ${total})`, right],
        [`g.map((one) => one / ${total})`, /the sum s depends on xⱼ, too/],
        [`x.map(() => -${weighted} / ${total})`, /above the line/],
        [`g.map((one) => (one + ${weighted}) / ${total})`, /mind the sign/],
      ],
    },
  ],
  "many-places": [
    {
      cell: "your-turn",
      tried: [
        ["undefined", /^Not filled in yet/],
        [uses("+= g[t] * k[i]"), right],
        [uses("= g[t] * k[i]"), /the last one wins/],
        [uses("+= g[t] * k[k.length - 1 - i]"), /turned around/],
        ["Array.from({ length: n }, (_, t) => g[t] ?? 0)", /where is the kernel/],
      ],
    },
  ],
  "fast-code": [
    {
      cell: "your-turn",
      tried: [
        [`"(1 - a[" + j + "] ** 2) * (" + ${deltaTerms("v[${k}][${j}]")} + ")"`, right],
        [deltaTerms("v[${k}][${j}]"), /slope 1 − a² is missing/],
        [`"(1 - a[" + j + "] ** 2) * " + ${deltaTerms("v[${k}][${j}]")}`, /needs brackets/],
        [`"(1 - a[" + j + "] ** 2) * (" + ${deltaTerms("v[${j}][${k}]")} + ")"`, /swapped/],
      ],
    },
    {
      cell: "question-1",
      tried: [
        ["18 / 9", right],
        ["18", /divide/],
      ],
    },
    {
      cell: "question-2",
      tried: [
        ["2 * 16", right],
        ["16", /how many times/],
      ],
    },
    {
      cell: "question-3",
      tried: [
        ['"nearly"', right],
        ['"to the last bit"', /another order/],
      ],
    },
  ],
};

/** Code that writes Σₖ weight · d[k]. */
function deltaTerms(weight: string): string {
  return `Array.from({ length: units }, (_, k) => \`${weight} * d[\${k}]\`).join(" + ")`;
}

function network231(hidden: string, output: string, W: string): string {
  const layer = `multiply(${W}, [[1], ...inputs.map((x) => [x])]).map(([z]) => [${hidden}(z)])`;
  return `${output}(multiply(V, [[1], ...${layer}])[0][0])`;
}

function meanStep(share: string): string {
  const slopes =
    "inputs.map((x, n) => backward(network, forward(network, x), targets[n]).gradient)";
  return `(() => { const slopes = ${slopes}; return Array.from(network.weights, (w, i) => w - learningRate * (${share}) * slopes.reduce((sum, s) => sum + s[i], 0)); })()`;
}

/** Fills in each answer, in a kernel that has run the notebook, and reads what the check says. */
export async function tryAnswers(
  kernel: Client,
  cells: readonly Cell[],
  list: readonly Exercise[],
): Promise<void> {
  const code = cells.filter((cell) => cell.cell_type === "code");
  for (const { cell, tried } of list) {
    const at = code.findIndex(({ id }) => id === cell);
    expect(at, `there is a cell "${cell}"`).toBeGreaterThanOrEqual(0);
    for (const [answer, says] of tried) {
      const verdict = await answered(kernel, code, at, answer);
      expect(verdict.split("\n")[0], `${cell}: ${answer}`).toMatch(says);
    }
  }
}

/** What the check says to an answer. */
async function answered(
  kernel: Client,
  cells: Cell[],
  at: number,
  answer: string,
): Promise<string> {
  const source = cells[at].source.join("");
  const filled = source.replace(/undefined; \/\/ your (?:formula|answer)/, () => `${answer};`);
  expect(filled, "the cell has a gap to fill").not.toBe(source);
  const own = await run(kernel, filled);
  return own || run(kernel, cells[at + 1].source.join(""));
}

async function run(kernel: Client, code: string): Promise<string> {
  const { reply, outputs } = await kernel.execute(code);
  expect(reply.status, `${code}\n${reply.evalue}`).toBe("ok");
  return outputs.map(({ data }) => data?.["text/plain"] ?? "").join("\n");
}
