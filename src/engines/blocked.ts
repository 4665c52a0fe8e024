/**
 * A large network, a block of samples at a time: each layer's weighted sums are then one product of two matrices,
 * as are its deltas and its gradient, and products of matrices can be run near the processor's own speed
 * (see `matrix-products.ts`). Activations, ReLU apart, loss and output deltas are the library's own functions.
 *
 * For a block of S samples, with one column for each:
 *
 *   forward    Z = W A₋₁            W with its bias in column 0, A₋₁ with a row of ones before the layer's activations
 *   backward   Δ = W₊₁ᵀ Δ₊₁ ⊙ f′(Z)   without the bias
 *   gradient   ∂L/∂W = Δ A₋₁ᵀ        summed over the blocks of a batch
 *
 * (Nielsen, Neural Networks and Deep Learning, ch. 2, "Fully matrix-based approach".)
 */
import type { Numbers } from "../arithmetic";
import { activate, activateBackward, relu } from "../nn/activations";
import { outputDeltas } from "../nn/backpropagation";
import { outputLoss } from "../nn/batch";
import type { Network } from "../nn/network";
import { type Engine, type Precision, precisions, type SampleArrays } from "./engine";
import { type CompiledProducts, compileProducts, lineOf, type MatrixTask } from "./matrix-products";
import { keepRecent } from "./recent";
import { loadSingle } from "./single";

/** More samples in a block than this make no product faster, and fill the caches. */
const largestBlock = 32;

/** @throws as `compileProducts` and its `start` */
export function blockedEngine(
  network: Network,
  { inputs, targets }: SampleArrays<Numbers>,
  batchSize: number,
  precision: Precision,
): Engine {
  const { sizes, activations } = network;
  const L = sizes.length - 1;
  // In fours, as vectors of single numbers take them.
  const S = 4 * Math.ceil(Math.min(batchSize, largestBlock) / 4);
  const sums = batchSize > S;
  const block = createBlock(sizes, S, sums, precision);
  const { weights } = block;
  const room = () => new precisions[precision](sizes[L]);
  const output = { z: room(), a: room(), delta: room() };

  /** Samples order[start] … as columns of A₀ and as rows, and every layer's Z and A; returns `total` with their losses. */
  const forward = (
    order: Uint32Array | undefined,
    start: number,
    samples: number,
    total: number,
  ): number => {
    let sum = total;
    // Rows beyond the block's samples repeat its last one: whatever is computed there has been computed anyway.
    for (let s = 0, row = 1; s < S; s++, row += 1 + sizes[0]) {
      const n = start + Math.min(s, samples - 1);
      block.rows[0].set(inputs[order ? order[n] : n], row);
    }
    block.turn[0]();
    for (let l = 1; l <= L; l++) {
      block.forward[l]();
      if (l === L) break;
      if (activations[l] === relu) block.relu[l]();
      else activate(activations[l], block.Z[l], block.activated[l]);
    }
    for (let s = 0; s < samples; s++) {
      const y = targets[order ? order[start + s] : start + s];
      for (let k = 0; k < sizes[L]; k++) output.z[k] = block.Z[L][k * S + s];
      activate(activations[L], output.z, output.a);
      sum += outputLoss(network, output.z, output.a, y);
      if (!order) continue;
      outputDeltas(network, output.z, output.a, y, output.delta);
      for (let k = 0; k < sizes[L]; k++) block.delta[L][k * S + s] = output.delta[k];
    }
    return sum;
  };

  const backward = (samples: number): void => {
    // With deltas of 0, what is beyond the block's samples adds nothing.
    for (let k = 0; k < sizes[L]; k++) block.delta[L].fill(0, k * S + samples, (k + 1) * S);
    for (let l = L - 1; l >= 1; l--) {
      block.backward[l + 1]();
      if (activations[l] === relu) block.reluBackward[l]();
      else activateBackward(activations[l], block.Z[l], block.activated[l], block.delta[l]);
    }
    for (let l = 1; l <= L; l++) {
      if (l > 1) block.turn[l - 1]();
      block.addGradient[l]();
    }
  };

  return {
    kind: "blocked",
    weights,
    gradient: block.gradient,
    load: () =>
      weights instanceof Float32Array ? loadSingle(network, weights) : weights.set(network.weights),
    store: () => network.weights.set(weights),
    batch(order, start, end) {
      if (sums) block.gradient.fill(0);
      let total = 0;
      for (let n = start; n < end; n += S) {
        const samples = Math.min(S, end - n);
        total = forward(order, n, samples, total);
        backward(samples);
      }
      return total;
    },
    step(rate) {
      block.rate[0] = -rate;
      block.step();
    },
    totalLoss() {
      let total = 0;
      for (let n = 0; n < inputs.length; n += S) {
        total = forward(undefined, n, Math.min(S, inputs.length - n), total);
      }
      return total;
    },
  };
}

/** The arrays of one network and one block of samples, and the products between them. */
interface Block {
  readonly weights: Numbers;
  readonly gradient: Numbers;
  /** One number, −rate, and w ← w − rate × gradient for all weights: it is a product too, −rate times a row. */
  readonly rate: Numbers;
  readonly step: () => void;
  /** (1 + units) × S: a row of ones, then each unit's activations; the same without the ones; and S × (1 + units). */
  readonly A: readonly Numbers[];
  readonly activated: readonly Numbers[];
  readonly rows: readonly Numbers[];
  /** Units × S. */
  readonly Z: readonly Numbers[];
  readonly delta: readonly Numbers[];
  /** Copies what is the same in A and in rows: of the inputs, layer 0, from the rows; of a hidden layer from A. */
  readonly turn: readonly (() => void)[];
  /** Z to A, and Δ back through it, if hidden layer l has ReLU. */
  readonly relu: readonly (() => void)[];
  readonly reluBackward: readonly (() => void)[];
  /** What layer l ≥ 1 has to multiply: forward to its Z, back to the layer before's Δ (from l = 2 on), and its gradient. */
  readonly forward: readonly (() => void)[];
  readonly backward: readonly (() => void)[];
  readonly addGradient: readonly (() => void)[];
}

/** Code that has run is fast code: a second network of the same shape gets the same, with a memory of its own. */
const recentProducts = keepRecent<CompiledProducts>(32);

/** @param sums whether a gradient is added to what is there: for batches of several blocks */
function createBlock(
  sizes: readonly number[],
  S: number,
  sums: boolean,
  precision: Precision,
): Block {
  const L = sizes.length - 1;
  const starts = [0]; // of each layer among the weights
  for (let l = 1; l <= L; l++) starts.push(starts[l - 1] + sizes[l] * (1 + sizes[l - 1]));
  const total = starts[L];

  let length = 0;
  const line = lineOf(precision);
  const place = (size: number) => {
    const at = length;
    length += line * Math.ceil(size / line);
    return at;
  };
  const weights = place(total);
  const gradient = place(total);
  const rate = place(1);
  // A and its rows are there for the layers that another one follows, Z and Δ for those that follow one.
  const A = sizes.slice(0, L).map((units) => place((1 + units) * S));
  const rows = sizes.slice(0, L).map((units) => place((1 + units) * S));
  const Z = sizes.map((units, l) => (l > 0 ? place(units * S) : 0));
  const delta = sizes.map((units, l) => (l > 0 ? place(units * S) : 0));

  const tasks: MatrixTask[] = [];
  /** The number of a task, by which it is found when it is compiled. */
  const add = (task: MatrixTask) => tasks.push(task) - 1;
  const row = (at: number) => ({ at, row: total, column: 1 });
  const bySample = (at: number) => ({ at, row: S, column: 1 });
  const step = add({
    ...{ rows: 1, inner: 1, columns: total, add: true },
    ...{ out: row(weights), P: row(rate), Q: row(gradient) },
  });
  const turn = sizes.slice(0, L).map((units, l) =>
    add({
      ...{ samples: S, length: 1 + units, rows: rows[l], columns: A[l] },
      to: l === 0 ? "columns" : "rows",
    }),
  );
  const relu: number[] = [];
  const reluBackward: number[] = [];
  const forward: number[] = [];
  const backward: number[] = [];
  const addGradient: number[] = [];
  for (let l = 1; l <= L; l++) {
    const [units, columns] = [sizes[l], 1 + sizes[l - 1]];
    const W = { at: weights + starts[l - 1], row: columns, column: 1 };
    const dW = { ...W, at: gradient + starts[l - 1] };
    if (l < L) {
      const hidden = { length: units * S, z: Z[l] };
      relu[l] = add({ of: "value", ...hidden, out: A[l] + S });
      reluBackward[l] = add({ of: "slope", ...hidden, out: delta[l] });
    }
    forward[l] = add({
      ...{ rows: units, inner: columns, columns: S, add: false },
      ...{ out: bySample(Z[l]), P: W, Q: bySample(A[l - 1]) },
    });
    addGradient[l] = add({
      ...{ rows: units, inner: S, columns, add: sums },
      ...{ out: dW, P: bySample(delta[l]), Q: { ...W, at: rows[l - 1] } },
    });
    if (l === 1) continue;
    const transposed = { at: W.at + 1, row: 1, column: columns }; // without column 0, the bias
    backward[l] = add({
      ...{ rows: columns - 1, inner: units, columns: S, add: false },
      ...{ out: bySample(delta[l - 1]), P: transposed, Q: bySample(delta[l]) },
    });
  }

  const key = `${sizes.join("-")}, ${S}, ${sums}, ${precision}`;
  const { memory, run } = recentProducts(key, () =>
    compileProducts(tasks, length, precision),
  ).start();
  const view = (at: number, size: number) => memory.subarray(at, at + size);
  const withOnes = (places: readonly number[]) =>
    places.map((at, l) => view(at, (1 + sizes[l]) * S));
  const units = (places: readonly number[]) =>
    places.map((at, l) => view(at, l > 0 ? sizes[l] * S : 0));
  const runs = (numbers: readonly number[]) => numbers.map((number) => run[number]);
  const block = {
    weights: view(weights, total),
    gradient: view(gradient, total),
    rate: view(rate, 1),
    step: run[step],
    A: withOnes(A),
    activated: A.map((at, l) => view(at + S, sizes[l] * S)),
    rows: withOnes(rows),
    Z: units(Z),
    delta: units(delta),
    turn: runs(turn),
    relu: runs(relu),
    reluBackward: runs(reluBackward),
    forward: runs(forward),
    backward: runs(backward),
    addGradient: runs(addGradient),
  };
  for (const a of block.A) a.fill(1, 0, S);
  for (let s = 0; s < S; s++) block.rows[0][s * (1 + sizes[0])] = 1;
  return block;
}
