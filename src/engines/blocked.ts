/**
 * A large network, a block of samples at a time: each layer's weighted sums are then one product of two matrices,
 * as are its deltas and its gradient, and products of matrices can be run near the processor's own speed
 * (see `matrix-products.ts`). Activations, loss and output deltas are the library's own functions.
 *
 * For a block of S samples, with one column for each:
 *
 *   forward    Z = W A₋₁            W with its bias in column 0, A₋₁ with a row of ones before the layer's activations
 *   backward   Δ = W₊₁ᵀ Δ₊₁ ⊙ f′(Z)   without the bias
 *   gradient   ∂L/∂W = Δ A₋₁ᵀ        summed over the blocks of a batch
 *
 * (Nielsen, Neural Networks and Deep Learning, ch. 2, "Fully matrix-based approach".)
 */
import { activate, activateBackward } from "../nn/activations";
import { outputDeltas } from "../nn/backpropagation";
import { outputLoss } from "../nn/batch";
import type { Network } from "../nn/network";
import type { Engine, SampleArrays } from "./engine";
import { type CompiledProducts, compileProducts, type MatrixProduct } from "./matrix-products";
import { keepRecent } from "./recent";

/** More samples in a block than this make no product faster, and fill the caches. */
const largestBlock = 32;

/** @throws as `compileProducts` and its `start` */
export function blockedEngine(
  network: Network,
  { inputs, targets }: SampleArrays,
  batchSize: number,
): Engine {
  const { sizes, activations } = network;
  const L = sizes.length - 1;
  // In fours, as they are gathered.
  const S = 4 * Math.ceil(Math.min(batchSize, largestBlock) / 4);
  const add = batchSize > S;
  const block = createBlock(sizes, S, add);
  const output = { z: room(sizes[L]), a: room(sizes[L]), delta: room(sizes[L]) };

  /** Samples order[start] … as columns of A₀ and as rows, and every layer's Z and A; returns `total` with their losses. */
  const forward = (
    order: Uint32Array | undefined,
    start: number,
    samples: number,
    total: number,
  ): number => {
    let sum = total;
    gather(inputs, order, start, samples, block.A[0], block.rows[0]);
    for (let l = 1; l <= L; l++) {
      block.forward[l]();
      if (l < L) activate(activations[l], block.Z[l], block.activated[l]);
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
    // Columns beyond the block's samples repeat its last one: with deltas of 0 they add nothing.
    for (let k = 0; k < sizes[L]; k++) block.delta[L].fill(0, k * S + samples, (k + 1) * S);
    for (let l = L - 1; l >= 1; l--) {
      block.backward[l + 1]();
      activateBackward(activations[l], block.Z[l], block.activated[l], block.delta[l]);
    }
    for (let l = 1; l <= L; l++) {
      if (l > 1) transpose(block.A[l - 1], 1 + sizes[l - 1], S, block.rows[l - 1]);
      block.addGradient[l]();
    }
  };

  return {
    kind: "blocked",
    weights: block.weights,
    gradient: block.gradient,
    load: () => block.weights.set(network.weights),
    store: () => network.weights.set(block.weights),
    batch(order, start, end) {
      if (add) block.gradient.fill(0);
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
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  /** One number, −rate, and w ← w − rate × gradient for all weights: it is a product too, −rate times a row. */
  readonly rate: Float64Array;
  readonly step: () => void;
  /** (1 + units) × S: a row of ones, then each unit's activations; the same without the ones; and S × (1 + units). */
  readonly A: readonly Float64Array[];
  readonly activated: readonly Float64Array[];
  readonly rows: readonly Float64Array[];
  /** Units × S. */
  readonly Z: readonly Float64Array[];
  readonly delta: readonly Float64Array[];
  /** What layer l ≥ 1 has to multiply: forward to its Z, back to the layer before's Δ (from l = 2 on), and its gradient. */
  readonly forward: readonly (() => void)[];
  readonly backward: readonly (() => void)[];
  readonly addGradient: readonly (() => void)[];
}

/** Code that has run is fast code: a second network of the same shape gets the same, with a memory of its own. */
const recentProducts = keepRecent<CompiledProducts>(32);

/** @param add whether a gradient is added to what is there: for batches of several blocks */
function createBlock(sizes: readonly number[], S: number, add: boolean): Block {
  const L = sizes.length - 1;
  const starts = [0]; // of each layer among the weights
  for (let l = 1; l <= L; l++) starts.push(starts[l - 1] + sizes[l] * (1 + sizes[l - 1]));
  const total = starts[L];

  let length = 0;
  // Each array begins on a cache line of 64 bytes.
  const place = (size: number) => {
    const at = length;
    length += 8 * Math.ceil(size / 8);
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

  const products: MatrixProduct[] = [];
  /** The number of a product, by which it is found when it is compiled. */
  const multiply = (product: MatrixProduct) => products.push(product) - 1;
  const row = (at: number) => ({ at, row: total, column: 1 });
  const bySample = (at: number) => ({ at, row: S, column: 1 });
  const step = multiply({
    ...{ rows: 1, inner: 1, columns: total, add: true },
    ...{ out: row(weights), P: row(rate), Q: row(gradient) },
  });
  const forward: number[] = [];
  const backward: number[] = [];
  const addGradient: number[] = [];
  for (let l = 1; l <= L; l++) {
    const [units, columns] = [sizes[l], 1 + sizes[l - 1]];
    const W = { at: weights + starts[l - 1], row: columns, column: 1 };
    const dW = { ...W, at: gradient + starts[l - 1] };
    forward[l] = multiply({
      ...{ rows: units, inner: columns, columns: S, add: false },
      ...{ out: bySample(Z[l]), P: W, Q: bySample(A[l - 1]) },
    });
    addGradient[l] = multiply({
      ...{ rows: units, inner: S, columns, add },
      ...{ out: dW, P: bySample(delta[l]), Q: { ...W, at: rows[l - 1] } },
    });
    if (l === 1) continue;
    const transposed = { at: W.at + 1, row: 1, column: columns }; // without column 0, the bias
    backward[l] = multiply({
      ...{ rows: columns - 1, inner: units, columns: S, add: false },
      ...{ out: bySample(delta[l - 1]), P: transposed, Q: bySample(delta[l]) },
    });
  }

  const key = `${sizes.join("-")}, ${S}, ${add}`;
  const { memory, run } = recentProducts(key, () => compileProducts(products, length)).start();
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
    forward: runs(forward),
    backward: runs(backward),
    addGradient: runs(addGradient),
  };
  for (const a of block.A) a.fill(1, 0, S);
  for (let s = 0; s < S; s++) block.rows[0][s * (1 + sizes[0])] = 1;
  return block;
}

function room(length: number): Float64Array {
  return new Float64Array(length);
}

/**
 * The samples' inputs as columns of A (inputs × S) and as rows (S × inputs), beside the ones that are there. If there
 * are fewer than S, the last one fills the rest: whatever is computed there has been computed anyway.
 */
function gather(
  inputs: readonly Float64Array[],
  order: Uint32Array | undefined,
  start: number,
  samples: number,
  A: Float64Array,
  rows: Float64Array,
): void {
  const length = inputs[0].length;
  const S = rows.length / (1 + length);
  const last = start + samples - 1;
  // Four columns at once: to write one at a time fetches each line of the cache four times as often.
  for (let s = 0; s < S; s += 4) {
    const x0 = rowAt(inputs, order, Math.min(start + s, last));
    const x1 = rowAt(inputs, order, Math.min(start + s + 1, last));
    const x2 = rowAt(inputs, order, Math.min(start + s + 2, last));
    const x3 = rowAt(inputs, order, Math.min(start + s + 3, last));
    rows.set(x0, s * (1 + length) + 1);
    rows.set(x1, (s + 1) * (1 + length) + 1);
    rows.set(x2, (s + 2) * (1 + length) + 1);
    rows.set(x3, (s + 3) * (1 + length) + 1);
    for (let i = 0, column = S + s; i < length; i++, column += S) {
      A[column] = x0[i];
      A[column + 1] = x1[i];
      A[column + 2] = x2[i];
      A[column + 3] = x3[i];
    }
  }
}

function rowAt(
  inputs: readonly Float64Array[],
  order: Uint32Array | undefined,
  at: number,
): Float64Array {
  return inputs[order ? order[at] : at];
}

/** `from` is rows × columns, `to` columns × rows. */
function transpose(from: Float64Array, rows: number, columns: number, to: Float64Array): void {
  for (let c = 0, t = 0; c < columns; c++) {
    for (let f = c; t < (c + 1) * rows; f += columns) to[t++] = from[f];
  }
}
