// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a reader's answer may be a template, here as text
/** The reader's own checks, as a reader meets them: the right answer is told so, a likely mistake by its name. */
import { expect } from "vitest";
import type { Client } from "../kernel/client";
import type { Cell } from "./notebook";

/** What a reader puts in place of `undefined`, and what the check should say to it. */
type Tried = [answer: string, says: RegExp];
export interface Exercise {
  /** The cell with the gap; the check is in the cell after it. */
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
        ["1 - Math.tanh(z) ^ 2", /`\^` is no power/],
        ["2 * (1 - Math.tanh(z) ** 2)", /twice/],
        ["(1 - Math.tanh(z) ** 2) / 2", /half/],
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
  ],
  "forward-pass": [
    {
      cell: "your-turn-1",
      tried: [
        ["undefined", /^Not filled in yet/],
        ["f(inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, weights[0]))", right],
        ["f(inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, 0))", /the bias is missing/],
        ["f(inputs.reduce((sum, x, i) => sum + weights[i] * x, 0))", /shifted by one/],
        ["weights[0] + f(inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, 0))", /outside f/],
        ["f(weights.reduce((sum, w, i) => sum + w * inputs[i], 0))", /goes over all weights/],
        ["inputs.reduce((sum, x, i) => sum + weights[i + 1] * x, 0)", /neither a bias nor f/],
        [
          "f(weights.splice(0, 1)[0] + inputs.reduce((sum, x, i) => sum + weights[i] * x, 0))",
          /^✗ Nearly: all 3 cases agree\. It changes the lists/,
        ],
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
        [network231("", "", "W"), /neither layer/],
        [network231("f", "f", "W[0].map((_, c) => W.map((row) => row[c]))"), /transposed/],
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
        ["slope * weights.at(-1) * deltas.at(-1)", /only the last successor/],
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
        ["weights.map((w) => w - learningRate * slopes[slopes.length - 1])", /only the last slope/],
        ["weights.map((w, i) => w - 2 * learningRate * slopes[i])", /factor of 2/],
        ["slopes.map((s) => -learningRate * s)", /these are the changes/],
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
        [meanStep("2 / inputs.length"), /factor of 2/],
        [meanStep("0.5 / inputs.length"), /½ too many/],
        [
          "Array.from(network.weights, (w, i) => w - learningRate * backward(network, forward(network, inputs[0]), targets[0]).gradient[i])",
          /only the first sample/,
        ],
        [
          "(inputs.forEach((x, n) => update(network, backward(network, forward(network, x), targets[n]).gradient, learningRate)), Array.from(network.weights))",
          /moved after every sample: .*It changes the lists/,
        ],
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
  const filled = source.replace(/undefined; \/\/ your formula/, () => `${answer};`);
  expect(filled, "the cell has a gap to fill").not.toBe(source);
  await run(kernel, filled);
  return run(kernel, cells[at + 1].source.join(""));
}

async function run(kernel: Client, code: string): Promise<string> {
  const { reply, outputs } = await kernel.execute(code);
  expect(reply.status, `${code}\n${reply.evalue}`).toBe("ok");
  return outputs.map(({ data }) => data?.["text/plain"] ?? "").join("\n");
}
