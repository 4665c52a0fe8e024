/**
 * A small network as one straight line of code: every weight, z, a and δ a variable of its own, no loop over
 * layers or units, no array but the samples. What a loop spends on counting and looking up is done once, when
 * the code is written. The notebook on fast code explains the idea.
 */

import { expCode, inlineTables, log1p, tanhCode } from "../arithmetic";
import {
  type Activation,
  activate,
  type Elementwise,
  identity,
  leakyRelu,
  relu,
  sigmoid,
  tanh,
} from "../nn/activations";
import { outputDeltas } from "../nn/backpropagation";
import { outputLoss } from "../nn/batch";
import { binaryCrossEntropy, halfSquaredError } from "../nn/losses";
import type { Network } from "../nn/network";
import { count } from "./count";
import type { Engine, SampleArrays } from "./engine";
import { keepRecent } from "./recent";

/** The functions made for one shape. They keep nothing from one call to the next: every network of that shape has them. */
interface StraightLine {
  /** Writes the gradient, summed over the samples order[start] … order[end − 1]; returns their losses' sum. */
  batch(
    weights: Float64Array,
    gradient: Float64Array,
    X: Float64Array,
    Y: Float64Array,
    order: Uint32Array,
    start: number,
    end: number,
  ): number;
  /** As `Engine.descend`, for `size` samples. */
  descend(
    weights: Float64Array,
    X: Float64Array,
    Y: Float64Array,
    size: number,
    epochs: number,
    rate: number,
  ): number;
  /** The sum of the losses of `size` samples. */
  totalLoss(weights: Float64Array, X: Float64Array, Y: Float64Array, size: number): number;
}

/** @throws EvalError where a page's policy forbids code made from text */
export function straightLineEngine(network: Network, { inputs, targets }: SampleArrays): Engine {
  const { batch, descend, totalLoss } = codeFor(network);
  const { weights } = network;
  const size = inputs.length;
  const X = flat(inputs);
  const Y = flat(targets);
  const gradient = new Float64Array(weights.length);
  return {
    kind: "straight-line",
    weights,
    gradient,
    batch: (order, start, end) => batch(weights, gradient, X, Y, order, start, end),
    totalLoss: () => totalLoss(weights, X, Y, size),
    descend: (epochs, rate) => descend(weights, X, Y, size, epochs, rate),
  };
}

function flat(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * rows[0].length);
  rows.forEach((row, i) => {
    all.set(row, i * row.length);
  });
  return all;
}

/** Code that has run is fast code: a second network of the same shape gets the same functions. */
const recentCode = keepRecent<StraightLine>(64);

function codeFor(network: Network): StraightLine {
  const { sizes, activations, loss } = network;
  const key = [sizes, activations.map(numberOf), numberOf(loss)].join(" ");
  return recentCode(key, () => {
    const make = new Function("library", `"use strict";\n${straightLineSource(network)}`);
    return make(helpers(sizes, { activations, loss }));
  });
}

/** A number for each activation and loss that was met: a reader's own may have any name. */
const numbers = new WeakMap<object, number>();
let numbered = 0;

function numberOf(functions: object): number {
  const number = numbers.get(functions) ?? ++numbered;
  numbers.set(functions, number);
  return number;
}

/** What the code names: tables, and functions that it does not spell out. */
function helpers(sizes: readonly number[], network: Pick<Network, "activations" | "loss">) {
  const { activations } = network;
  const outputs = sizes[sizes.length - 1];
  const [z, a, y, delta] = [0, 1, 2, 3].map(() => new Float64Array(outputs));
  // Softmax is called as the output layer's whole.
  const elementwise = activations as readonly Elementwise[];
  return {
    ...inlineTables,
    log1p,
    f: elementwise.map((activation) => (z: number) => activation.f(z)),
    slope: elementwise.map((activation) => (z: number, a: number) => activation.derivative(z, a)),
    z,
    a,
    y,
    delta,
    /** The output layer by the library's own functions, from z and y to a. */
    activateOutputs: () => activate(activations[activations.length - 1], z, a),
    outputLoss: () => outputLoss(network, z, a, y),
    outputDeltas: () => outputDeltas(network, z, a, y, delta),
  };
}

/** The code for a network's shape, as text: the body of a function that returns a `StraightLine`. */
export function straightLineSource(network: Network): string {
  const { sizes, weights } = network;
  const all = Array.from(weights, (_, w) => w);
  const [inputs, outputs] = [sizes[0], sizes[sizes.length - 1]];
  const read = all.map((w) => `let w${w} = weights[${w}];`);
  const sample = (i: string) => [
    ...count(inputs).map((k) => `const a0_${k} = X[${inputs} * ${i} + ${k}];`),
    ...count(outputs).map((k) => `const y${k} = Y[${outputs} * ${i} + ${k}];`),
  ];
  const output = outputCode(network);
  const forward = [...forwardCode(network), ...output.loss];
  const backward = [...output.deltas, ...backwardCode(network)];
  return `\
const { ${Object.keys(inlineTables).join(", ")}, log1p } = library;
const { f, slope, z, a, y, delta, activateOutputs, outputLoss, outputDeltas } = library;
function batch(weights, gradient, X, Y, order, start, end) {
${lines(1, read)}
${lines(
  1,
  all.map((w) => `let g${w} = 0;`),
)}
  let total = 0;
  for (let n = start; n < end; n++) {
    const i = order[n];
${lines(2, [...sample("i"), ...forward, ...backward])}
  }
${lines(
  1,
  all.map((w) => `gradient[${w}] = g${w};`),
)}
  return total;
}
function descend(weights, X, Y, size, epochs, rate) {
${lines(1, read)}
  let total = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
${lines(
  2,
  all.map((w) => `let g${w} = 0;`),
)}
    total = 0;
    for (let n = 0; n < size; n++) {
${lines(3, [...sample("n"), ...forward, ...backward])}
    }
${lines(
  2,
  all.map((w) => `w${w} -= rate * g${w};`),
)}
  }
${lines(
  1,
  all.map((w) => `weights[${w}] = w${w};`),
)}
  return total;
}
function totalLoss(weights, X, Y, size) {
${lines(1, read)}
  let total = 0;
  for (let n = 0; n < size; n++) {
${lines(2, [...sample("n"), ...forward])}
  }
  return total;
}
return { batch, descend, totalLoss };`;
}

/** zⱼ = Wⱼ₀ + Σᵢ Wⱼᵢ aᵢ and aⱼ = f(zⱼ), unit after unit; the additions in the order of `propagate`. */
function forwardCode(network: Network): string[] {
  const { sizes, activations } = network;
  const L = sizes.length - 1;
  return layers(sizes).flatMap((l) =>
    count(sizes[l]).flatMap((j) => {
      const terms = count(sizes[l - 1]).map(
        (i) => `${weight(sizes, l, j, 1 + i)} * a${l - 1}_${i}`,
      );
      const sum = `const z${l}_${j} = ${[weight(sizes, l, j, 0), ...terms].join(" + ")};`;
      if (l === L && !spelledOut(network)) return [sum];
      return [sum, ...activationCode(activations[l], l, `z${l}_${j}`, `a${l}_${j}`).value];
    }),
  );
}

/** δⱼ = f′(zⱼ) Σₖ Wₖⱼ δₖ for the hidden layers, and ∂L/∂Wⱼᵢ = δⱼ aᵢ for all. */
function backwardCode({ sizes, activations }: Network): string[] {
  const hidden = layers(sizes).slice(0, -1).reverse();
  const deltas = hidden.flatMap((l) =>
    count(sizes[l]).map((j) => {
      const terms = count(sizes[l + 1]).map(
        (k) => `${weight(sizes, l + 1, k, 1 + j)} * d${l + 1}_${k}`,
      );
      const { slope } = activationCode(activations[l], l, `z${l}_${j}`, `a${l}_${j}`);
      return `const d${l}_${j} = (${terms.join(" + ")})${slope === "1" ? "" : ` * ${slope}`};`;
    }),
  );
  const gradient = layers(sizes).flatMap((l) =>
    count(sizes[l]).flatMap((j) => [
      `g${index(sizes, l, j, 0)} += d${l}_${j};`,
      ...count(sizes[l - 1]).map(
        (i) => `g${index(sizes, l, j, 1 + i)} += d${l}_${j} * a${l - 1}_${i};`,
      ),
    ]),
  );
  return [...deltas, ...gradient];
}

/** Whether the output layer's a, loss and δ are written out; else the library's functions are called for them. */
function spelledOut({ activations, loss }: Network): boolean {
  const activation = activations[activations.length - 1];
  if (loss === halfSquaredError) return "f" in activation;
  return loss === binaryCrossEntropy && activation === sigmoid;
}

function outputCode(network: Network): { loss: string[]; deltas: string[] } {
  const { sizes, activations, loss } = network;
  const L = sizes.length - 1;
  const units = count(sizes[L]);
  if (!spelledOut(network)) {
    return {
      loss: [
        ...units.flatMap((k) => [`z[${k}] = z${L}_${k};`, `y[${k}] = y${k};`]),
        "activateOutputs();",
        "total += outputLoss();",
      ],
      deltas: ["outputDeltas();", ...units.map((k) => `const d${L}_${k} = delta[${k}];`)],
    };
  }
  const errors = units.map((k) => `const e${k} = a${L}_${k} - y${k};`);
  if (loss === binaryCrossEntropy) {
    const terms = units.map(
      (k) => `(Math.max(z${L}_${k}, 0) - y${k} * z${L}_${k} + log1p(exp(-Math.abs(z${L}_${k}))))`,
    );
    return {
      loss: [...errors, `total += ${terms.join(" + ")};`],
      deltas: units.map((k) => `const d${L}_${k} = e${k};`),
    };
  }
  return {
    loss: [...errors, `total += (${units.map((k) => `e${k} * e${k}`).join(" + ")}) / 2;`],
    deltas: units.map((k) => {
      const { slope } = activationCode(activations[L], L, `z${L}_${k}`, `a${L}_${k}`);
      return `const d${L}_${k} = e${k}${slope === "1" ? "" : ` * ${slope}`};`;
    }),
  };
}

/**
 * Statements that set `a` to f(`z`), and an expression for f′(z): spelled out for the usual activations, a call of
 * the library's function for the others.
 */
export function activationCode(
  activation: Activation,
  layer: number,
  z: string,
  a: string,
): { value: string[]; slope: string } {
  switch (activation) {
    case identity:
      return { value: [`const ${a} = ${z};`], slope: "1" };
    case relu:
      return { value: [`const ${a} = Math.max(0, ${z});`], slope: `(${z} > 0 ? 1 : 0)` };
    case leakyRelu:
      return {
        value: [`const ${a} = ${z} <= 0 ? 0.01 * ${z} : ${z};`],
        slope: `(${z} > 0 ? 1 : 0.01)`,
      };
    case sigmoid:
      return {
        value: [
          `const ${a}x = -${z};`,
          ...expCode(`${a}x`, `${a}e`),
          `const ${a} = 1 / (1 + ${a}e);`,
        ],
        slope: `(${a} * (1 - ${a}))`,
      };
    case tanh:
      return {
        value: tanhCode(z, a),
        slope: `(1 - ${a} * ${a})`,
      };
    default:
      return {
        value: [`const ${a} = f[${layer}](${z});`],
        slope: `slope[${layer}](${z}, ${a})`,
      };
  }
}

/** Where a weight lies in `weights`: layer l, unit j, column 0 for the bias. */
function index(sizes: readonly number[], l: number, j: number, column: number): number {
  let first = 0;
  for (let before = 1; before < l; before++) first += sizes[before] * (1 + sizes[before - 1]);
  return first + j * (1 + sizes[l - 1]) + column;
}

function weight(sizes: readonly number[], l: number, j: number, column: number): string {
  return `w${index(sizes, l, j, column)}`;
}

function layers(sizes: readonly number[]): number[] {
  return count(sizes.length - 1).map((l) => l + 1);
}

function lines(indent: number, all: readonly string[]): string {
  return all.map((line) => "  ".repeat(indent) + line).join("\n");
}
