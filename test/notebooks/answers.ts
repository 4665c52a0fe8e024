// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a reader's answer may be a template, here as text
/** The reader's own checks, as a reader meets them: the right answer is told so, a likely mistake by its name. */
import { expect } from "vitest";
import type { Client } from "../kernel/client";
import { filled } from "./filled";
import type { Cell } from "./notebook";
import { mistaken, product, sixFunctions, tanhOf, wayBack } from "./solutions";

/** What a reader puts into the gap, or into each of several, and what the check should say to it. */
type Tried = [answer: string | readonly string[], says: RegExp];
export interface Exercise {
  /** The cell with the gap; the check is in the cell after it. */
  cell: string;
  tried: Tried[];
}

const right = /^✓ Right/;
const nothing = "return undefined;";
const handsOnAtOnce = wayBack({ share: "source.slope += one.slope * one.steps[i]" }).replace(
  /for \(const one of \[[\s\S]*return list;/,
  `function handOn(one: Num) {
    one.from.forEach((source, i) => {
      source.slope += one.slope * one.steps[i];
      handOn(source);
    });
  }
  handOn(end);
  return list;`,
);
const total = "x.reduce((sum, one) => sum + one, 0)";
const weighted = `(x.reduce((sum, one, i) => sum + g[i] * one, 0) / ${total})`;
const uses = (add: string) =>
  `g.reduce((dx, _, t) => (k.forEach((_, i) => { dx[t + i] ${add}; }), dx), new Array(n).fill(0))`;
const mean = "p.reduce((sum, share, j) => sum + share * v[j], 0)";
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
        ["-sigma(z) * (1 - sigma(z))", /one minus is missing/],
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
  "one-number-at-a-time": [
    {
      cell: "your-turn-1",
      tried: [
        [[nothing, nothing], /^Not filled in yet/],
        [["return num(a.value * b.value, [a, b], [a.value, b.value]);", tanhOf], /swapped/],
        [[product, "return num(Math.tanh(a.value), [a], [1 - a.value ** 2]);"], /not 1 − a²/],
        [
          [product, "return num(Math.tanh(a.value), [a], [1 - Math.tanh(a.value)]);"],
          /the square is missing/,
        ],
        [["return num(a.value * b.value, [a, b], [1, 1]);", tanhOf], /those of a sum/],
        [[product, nothing], /^✗ Not yet: 2 of 4 cases differ\.$/],
        [[product, tanhOf], right],
      ],
    },
    {
      cell: "your-turn-2",
      tried: [
        [nothing, /^Not filled in yet/],
        [wayBack({ share: "source.slope = one.slope * one.steps[i]" }), /= in place of \+=/],
        [wayBack({ zero: "" }), /not set to 0 first/],
        [wayBack({ end: "" }), /has to be 1/],
        [wayBack({ share: "source.slope += one.slope" }), /the steps are missing/],
        [handsOnAtOnce, /hands on before all its shares/],
        [wayBack(), right],
      ],
    },
    {
      cell: "your-turn-3",
      tried: [
        [["undefined", "undefined", "undefined"], /^Not filled in yet/],
        [["0.5 / Math.sqrt(x)", "Math.cos(x)", "1 / x ** 2"], /sign of 1\/x/],
        [["1 / Math.sqrt(x)", "Math.cos(x)", "-1 / x ** 2"], /½ of the square root/],
        [["Math.sqrt(x)", "Math.sin(x)", "1 / x"], /the values, not the slopes/],
        [["0.5 / Math.sqrt(x)", "Math.cos(x)", "-1 / x ** 2"], right],
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
        ["NaN", /^✗ Not yet: 3 of 3 cases differ\..*NaN comes of something that is not there/],
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
  "which-loss": [
    {
      cell: "your-turn-1",
      tried: [
        ["undefined", /^Not filled in yet/],
        ["2 * ((1 + a) / 2 - y)", right],
        ["1 + a - 2 * y", right],
        ["(1 + a) / 2 - y", /a factor 2 is left/],
        ["a - y", /^✗ .* known mistake: a is no probability/],
        ["2 * (a - y)", /the same with the factor 2/],
        ["2 * y - 1 - a", /the sign/],
        ["(1 + a - 2 * y) * (1 - a * a)", /the slope of tanh is still in it/],
      ],
    },
    {
      cell: "your-turn-2",
      tried: [
        ["Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)))", right],
        ["z > 0 ? z - y * z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)) - y * z", right],
        ["Math.log(1 + Math.exp(z)) - y * z", /as it stands/],
        ["z + Math.log(1 + Math.exp(-z)) - y * z", /for every z/],
        ["Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))", /target of 1 the term/],
        ["Math.max(z, 0) + y * z + Math.log1p(Math.exp(-Math.abs(z)))", /the sign of y z/],
        ["Math.log1p(Math.exp(-Math.abs(z))) - y * z", /max\(z, 0\) is missing/],
        ["-Math.log(1 - 1 / (1 + Math.exp(-z)))", /^✗ Not yet: \d of 7 cases differ\.$/],
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
  "build-it-yourself": [
    {
      cell: "forward-pass",
      tried: [
        [nothing, /^Not filled in yet/],
        [mistaken("forward-pass", "return a;", "return a.slice(1);"), /the inputs are missing/],
        [mistaken("forward-pass", "return a;", "return a.slice(-1);"), /the outputs alone/],
        [mistaken("forward-pass", "row[0])", "0)"), /the bias is missing: /],
        [mistaken("forward-pass", "row[1 + i]", "row[i]"), /shifted by one: /],
        [
          mistaken("forward-pass", "row[1 + i] * value, row[0]", "row[i] * value, 0"),
          /shifted by one, and the bias/,
        ],
        [mistaken("forward-pass", "(row) => f(", "(row) => ("), /activation functions are missing/],
        [mistaken("forward-pass", "sigmoid : Math.tanh", "Math.tanh : Math.tanh"), /tanh stands/],
        [mistaken("forward-pass", "sigmoid : Math.tanh", "sigmoid : sigmoid"), /sigmoid stands/],
        [mistaken("forward-pass", "sigmoid :", "(z: number) => z :"), /still has to go through/],
        [`W[0].push([]);\n${sixFunctions["forward-pass"]}`, /^✗ Nearly: .* It changes the lists/],
        [sixFunctions["forward-pass"], right],
      ],
    },
    {
      cell: "backward-pass",
      tried: [
        [mistaken("backward-pass", "(1 - value * value) * ", ""), /the slope 1 − a² .* is missing/],
        [mistaken("backward-pass", "[d, ...", "[0, ..."), /the slopes of the biases are 0/],
        [mistaken("backward-pass", "[d, ...", "[..."), /the slopes of the biases are missing/],
        [mistaken("backward-pass", "h - y[k]", "y[k] - h"), /the sign/],
        [mistaken("backward-pass", "h - y[k]", "(h - y[k]) * h * (1 - h)"), /sigmoid's slope/],
        [mistaken("backward-pass", "row[1 + j]", "row[j]"), /shifted by one: from unit j/],
        [mistaken("backward-pass", "row[1 + j] * ", ""), /the weights are missing/],
        [
          mistaken("backward-pass", "sum + row[1 + j] * after[k]", "W[l][0][1 + j] * after[0]"),
          /only one unit of the layer after/,
        ],
        [sixFunctions["backward-pass"], right],
      ],
    },
    {
      cell: "updated",
      tried: [
        [mistaken("updated", "w - ", "w + "), /uphill/],
        [mistaken("updated", "learningRate * ", ""), /the learning rate is missing/],
        [mistaken("updated", "w - ", "-"), /these are the changes/],
        [mistaken("updated", "w - ", ""), /the gradient times the rate/],
        [mistaken("updated", "w - ", "i === 0 ? w : w - "), /the biases have stayed/],
        [
          "W.forEach((layer, l) => layer.forEach((row, j) => row.forEach((w, i) => (row[i] = w - learningRate * gradient[l][j][i]))));\n  return W;",
          /^✗ Nearly: .* It changes the lists/,
        ],
        [sixFunctions.updated, right],
      ],
    },
    {
      cell: "batch-gradient",
      tried: [
        [mistaken("batch-gradient", " / inputs.length", ""), /this is the sum/],
        [
          mistaken("batch-gradient", "+= gradient[l][j][i] / inputs.length", "= gradient[l][j][i]"),
          /only the last sample counts: /,
        ],
        [mistaken("batch-gradient", "+=", "="), /only the last sample counts, divided/],
        ["return backwardPass(W, forwardPass(W, inputs[0]), targets[0]);", /only the first sample/],
        [sixFunctions["batch-gradient"], right],
      ],
    },
    {
      cell: "nudged-gradient",
      tried: [
        [mistaken("nudged-gradient", "(2 * epsilon)", "epsilon"), /twice too much/],
        [mistaken("nudged-gradient", "w - epsilon", "w"), /half of it/],
        [mistaken("nudged-gradient", "above - below", "below - above"), /the sign/],
        [mistaken("nudged-gradient", " / (2 * epsilon)", ""), /has to be divided/],
        [mistaken("nudged-gradient", "row[i] = w;", ""), /^✗ Not yet: 3 of 3 cases differ\.$/],
        [sixFunctions["nudged-gradient"], right],
      ],
    },
    {
      cell: "trained",
      tried: [
        [
          mistaken("trained", "first < order.length", "first + batchSize <= order.length"),
          /smaller batch is left out/,
        ],
        [
          `const order = nextOrder();\n${mistaken("trained", "const order = nextOrder();", "")}`,
          /asked for once/,
        ],
        [mistaken("trained", "nextOrder();", "inputs.map((_, n) => n);"), /the order is not used/],
        [mistaken("trained", "first, first + batchSize", "0"), /^✗ Not yet/],
        [`batchSize = inputs.length;\n${sixFunctions.trained}`, /one step with all samples/],
        [`batchSize = 1;\n${sixFunctions.trained}`, /made for one sample/],
        [mistaken("trained", "W = updated(", "break; W = updated("), /^✗ Not yet/],
        [mistaken("trained", "learningRate);", "learningRate);\n break;"), /only the first batch/],
        [
          `const start = W;\n${mistaken("trained", "updated(W", "updated(start").replace("batchGradient(W", "batchGradient(start")}`,
          /starts from the first weights/,
        ],
        [mistaken("trained", "epoch = 0", "epoch = 1"), /one epoch is missing/],
        [mistaken("trained", "epoch < ", "epoch <= "), /one epoch too many/],
        [sixFunctions.trained, right],
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
        ["(p - y) / T", right],
        ["p - y", /at T = 1/],
        ["(p - y) * T", /the other way/],
        ["(y - p) / T", /mind the sign/],
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
  "through-time": [
    {
      cell: "your-turn",
      tried: [
        ["undefined", /^Not filled in yet/],
        ["[g * (1 - h * h) * w, g * (1 - h * h) * before]", right],
        ["[g * w, g * before]", /slope of tanh is missing/],
        ["[g * (1 - h * h) * before, g * (1 - h * h) * w]", /other order/],
        [
          "[g * (1 - Math.tanh(h) ** 2) * w, g * (1 - Math.tanh(h) ** 2) * before]",
          /the activation already/,
        ],
      ],
    },
  ],
  "who-looks-at-whom": [
    {
      cell: "your-turn",
      tried: [
        ["undefined", /^Not filled in yet/],
        [`p.map((share, i) => g * share * (v[i] - ${mean}))`, right],
        ["v.map((one) => g * one)", /the softmax is still to come/],
        ["p.map((share, i) => g * share * v[i])", /the mean of all/],
        ["p.map((share, i) => g * share * (1 - share) * v[i])", /only the diagonal/],
        [`p.map((share, i) => share * (v[i] - ${mean}))`, /g is missing/],
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
  answer: string | readonly string[],
): Promise<string> {
  const own = await run(kernel, filled(cells[at].source.join(""), [answer].flat()));
  return own || run(kernel, cells[at + 1].source.join(""));
}

async function run(kernel: Client, code: string): Promise<string> {
  const { reply, outputs } = await kernel.execute(code);
  expect(reply.status, `${code}\n${reply.evalue}`).toBe("ok");
  return outputs.map(({ data }) => data?.["text/plain"] ?? "").join("\n");
}
