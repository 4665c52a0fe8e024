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
import { activate, activateBackward } from "./activations";
import { outputDeltas } from "./backpropagation";
import { outputLoss } from "./batch";
import type { Engine, SampleArrays } from "./engine";
import { compileProducts, type MatrixProduct } from "./matrix-products";
import type { Network } from "./network";

/** More samples in a block than this make no product faster, and fill the caches. */
const largestBlock = 32;

/** @throws as `compileProducts` */
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
  const block = roomFor(sizes, S, add);
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
    // Columns beyond the block's samples hold what an earlier block left: they take no part.
    for (let k = 0; k < sizes[L]; k++) block.delta[L].fill(0, k * S + samples, (k + 1) * S);
    for (let l = L - 1; l >= 1; l--) {
      block.backward[l]();
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
  /** The products of each layer, from layer 1 on. */
  readonly forward: readonly (() => void)[];
  readonly backward: readonly (() => void)[];
  readonly addGradient: readonly (() => void)[];
}

/** A block keeps nothing from one call to the next, so all networks of a shape can share one. */
const kept = new Map<string, Block>();
const mostKept = 8;

function roomFor(sizes: readonly number[], S: number, add: boolean): Block {
  const key = `${sizes.join("-")}, ${S}, ${add}`;
  const block = kept.get(key) ?? createBlock(sizes, S, add);
  kept.delete(key);
  kept.set(key, block); // at the end: the first is the one not used for longest
  if (kept.size > mostKept) kept.delete(kept.keys().next().value as string);
  return block;
}

/** @param add whether a gradient is added to what is there: for batches of several blocks */
function createBlock(sizes: readonly number[], S: number, add: boolean): Block {
  let length = 0;
  // Each array begins on a cache line of 64 bytes.
  const place = (size: number) => {
    const at = length;
    length += 8 * Math.ceil(size / 8);
    return at;
  };
  const L = sizes.length - 1;
  const starts = [0];
  for (let l = 1; l <= L; l++) starts.push(starts[l - 1] + weightsOf(sizes, l));
  const weights = place(starts[L]);
  const gradient = place(starts[L]);
  const rate = place(1);
  const A = sizes.map((units) => place((1 + units) * S));
  const rows = sizes.map((units) => place((1 + units) * S));
  const Z = sizes.map((units) => place(units * S));
  const delta = sizes.map((units) => place(units * S));

  const row = (at: number) => ({ at, row: starts[L], column: 1 });
  const products: MatrixProduct[] = [
    {
      ...{ rows: 1, inner: 1, columns: starts[L], add: true },
      ...{ out: row(weights), P: row(rate), Q: row(gradient) },
    },
  ];
  for (let l = 1; l <= L; l++) {
    const [units, columns] = [sizes[l], 1 + sizes[l - 1]];
    const W = { at: weights + starts[l - 1], row: columns, column: 1 };
    const dW = { at: gradient + starts[l - 1], row: columns, column: 1 };
    const bySample = { row: S, column: 1 };
    products.push(
      {
        ...{ rows: units, inner: columns, columns: S, add: false },
        ...{ out: { at: Z[l], ...bySample }, P: W, Q: { at: A[l - 1], ...bySample } },
      },
      {
        ...{ rows: units, inner: S, columns, add },
        ...{ out: dW, P: { at: delta[l], ...bySample }, Q: { ...dW, at: rows[l - 1] } },
      },
      {
        ...{ rows: columns - 1, inner: units, columns: S, add: false },
        out: { at: delta[l - 1], ...bySample },
        P: { at: W.at + 1, row: 1, column: columns },
        Q: { at: delta[l], ...bySample },
      },
    );
  }
  const { memory, run } = compileProducts(products, length);
  const view = (at: number, size: number) => memory.subarray(at, at + size);
  const product = (which: number) => sizes.map((_, l) => run[1 + 3 * (l - 1) + which]);
  const block = {
    weights: view(weights, starts[L]),
    gradient: view(gradient, starts[L]),
    rate: view(rate, 1),
    step: run[0],
    A: sizes.map((units, l) => view(A[l], (1 + units) * S)),
    activated: sizes.map((units, l) => view(A[l] + S, units * S)),
    rows: sizes.map((units, l) => view(rows[l], (1 + units) * S)),
    Z: sizes.map((units, l) => view(Z[l], units * S)),
    delta: sizes.map((units, l) => view(delta[l], units * S)),
    forward: product(0),
    addGradient: product(1),
    backward: [...product(2).slice(1), () => {}],
  };
  for (const a of block.A) a.fill(1, 0, S);
  for (let s = 0; s < S; s++) block.rows[0][s * (1 + sizes[0])] = 1;
  return block;
}

function weightsOf(sizes: readonly number[], l: number): number {
  return sizes[l] * (1 + sizes[l - 1]);
}

function room(length: number): Float64Array {
  return new Float64Array(length);
}

/** The samples' inputs as columns of A (inputs × S) and as rows (S × inputs), beside the ones that are there. */
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
  // Four columns at once: to write one at a time fetches each line of the cache four times as often.
  for (let s = 0; s < samples; s += 4) {
    const sample = (n: number) => {
      const at = start + Math.min(n, samples - 1); // beyond the last one: the last one again
      return inputs[order ? order[at] : at];
    };
    const x0 = sample(s);
    const x1 = sample(s + 1);
    const x2 = sample(s + 2);
    const x3 = sample(s + 3);
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

/** `from` is rows × columns, `to` columns × rows. */
function transpose(from: Float64Array, rows: number, columns: number, to: Float64Array): void {
  for (let c = 0, t = 0; c < columns; c++) {
    for (let f = c; t < (c + 1) * rows; f += columns) to[t++] = from[f];
  }
}
