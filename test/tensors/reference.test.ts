/** Results and slopes beside those of JAX: reference.py says how the file was made. */
import { expect, test } from "vitest";
import * as t from "../../src/tensors";
import reference from "./reference.json";

type Computed = (...x: t.Tensor[]) => t.Tensor;
const rows = [
  [0, 2, 2],
  [3, 1, 0],
];

const operations: Record<string, Computed> = {
  add: t.add,
  "add, stretched": t.add,
  "subtract, stretched": t.subtract,
  multiply: t.multiply,
  "multiply, stretched": t.multiply,
  "divide, stretched": (x, y) => t.divide(x, t.add(t.multiply(y, y), 0.5)),
  matmul: t.matmul,
  "matmul, one for many": t.matmul,
  "matmul, stretched": t.matmul,
  "matmul, many for one": t.matmul,
  "matmul, large": t.matmul,
  sum: (x) => t.sum(x, [0, 2]),
  "sum of all": (x) => t.sum(x),
  mean: (x) => t.mean(x, -1),
  max: (x) => t.max(x, 1),
  "max over two axes": (x) => t.max(x, [0, 2]),
  reshape: (x) => t.reshape(x, [4, -1]),
  transpose: (x) => t.transpose(x),
  "transpose, in order": (x) => t.transpose(x, [2, 0, 1]),
  slice: (x) => t.slice(x, 1, 1, 3),
  concatenate: (x, y) => t.concatenate([x, y, x], 1),
  gather: (x) => t.gather(x, t.constant(rows)),
  exp: t.exp,
  log: (x) => t.log(t.add(t.multiply(x, x), 0.1)),
  tanh: t.tanh,
  sigmoid: t.sigmoid,
  relu: t.relu,
  gelu: t.gelu,
  power: (x) => t.power(x, 3),
  softmax: (x) => t.softmax(x),
  "softmax along the first axis": (x) => t.softmax(x, 0),
  logSoftmax: (x) => t.logSoftmax(x, 1),
  layerNorm: (x) => t.layerNorm(x),
  "layerNorm along the middle": (x) => t.layerNorm(x, 1, 0.01),
  conv1d: (x, k) => t.conv1d(x, k),
  "conv1d, stride and padding": (x, k) => t.conv1d(x, k, { stride: 2, padding: 2 }),
  conv2d: (x, k) => t.conv2d(x, k),
  "conv2d, padding": (x, k) => t.conv2d(x, k, { padding: 1 }),
  "conv2d, stride and padding": (x, k) => t.conv2d(x, k, { stride: 2, padding: 1 }),
  maxPool1d: (x) => t.maxPool1d(x, 2),
  maxPool2d: (x) => t.maxPool2d(x, 2),
  "maxPool2d, windows that overlap": (x) => t.maxPool2d(x, 3, 1),
};

const dense: Computed = (x, W1, b1, W2, b2) =>
  t.add(t.matmul(t.tanh(t.add(t.matmul(x, W1), b1)), W2), b2);
const convolved = (x: t.Tensor, K: t.Tensor, b: t.Tensor) =>
  t.maxPool2d(t.relu(t.add(t.conv2d(x, K, { padding: 1 }), b)), 2);
const sigmoidSlice = (z: t.Tensor, k: number) => t.sigmoid(t.slice(z, 1, 3 * k, 3 * k + 3));
const moment = (x: t.Tensor, time: number) =>
  t.reshape(t.slice(x, 1, time, time + 1), [x.shape[0], x.shape[2]]);
const split = (y: t.Tensor) => t.transpose(t.reshape(y, [2, 5, 2, 3]), [0, 2, 1, 3]);
const centred = (x: t.Tensor) => t.subtract(x, t.mean(x, 0));

const compositions: Record<string, Computed> = {
  "a dense network": dense,
  "cross-entropy": (...all) => {
    const right = t.constant([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const picked = t.multiply(right, t.logSoftmax(dense(...all)));
    return t.multiply(-1, t.mean(t.sum(picked, 1)));
  },
  images: (x, K1, b1, K2, b2, W) =>
    t.matmul(t.reshape(convolved(convolved(x, K1, b1), K2, b2), [2, -1]), W),
  attention: (x, Q, K, V, O) => {
    const [q, k, v] = [t.matmul(x, Q), t.matmul(x, K), t.matmul(x, V)];
    const scores = t.divide(t.matmul(q, t.transpose(k)), Math.sqrt(3));
    return t.matmul(t.matmul(t.softmax(scores), v), O);
  },
  "causal attention": (x, Q, K, V) => {
    const [q, k, v] = [t.matmul(x, Q), t.matmul(x, K), t.matmul(x, V)];
    const later = Array.from({ length: 5 }, (_, i) =>
      Array.from({ length: 5 }, (_, j) => (j > i ? -1e9 : 0)),
    );
    return t.matmul(t.softmax(t.add(t.matmul(q, t.transpose(k)), t.constant(later))), v);
  },
  "two heads": (x, Q, K, V) => {
    const [q, k, v] = [Q, K, V].map((W) => split(t.matmul(x, W)));
    const weights = t.softmax(t.divide(t.matmul(q, t.transpose(k)), Math.sqrt(3)));
    return t.reshape(t.transpose(t.matmul(weights, v), [0, 2, 1, 3]), [2, 5, 6]);
  },
  "a block": (x, W1, b1, W2, b2, gain, bias) => {
    const normed = t.add(t.multiply(t.layerNorm(x), gain), bias);
    return t.add(t.add(x, t.matmul(t.gelu(t.add(t.matmul(normed, W1), b1)), W2)), b2);
  },
  "through time": (x, W, U, b) => {
    let h = t.constant(new Float64Array(12), [3, 4]);
    for (let time = 0; time < 6; time++)
      h = t.tanh(t.add(t.add(t.matmul(moment(x, time), W), t.matmul(h, U)), b));
    return h;
  },
  "an LSTM": (x, W, U, b) => {
    let h = t.constant(new Float64Array(6), [2, 3]);
    let c = h;
    for (let time = 0; time < 4; time++) {
      const z = t.add(t.add(t.matmul(moment(x, time), W), t.matmul(h, U)), b);
      const next = t.tanh(t.slice(z, 1, 9));
      c = t.add(t.multiply(sigmoidSlice(z, 1), c), t.multiply(sigmoidSlice(z, 0), next));
      h = t.multiply(sigmoidSlice(z, 2), t.tanh(c));
    }
    return h;
  },
  "a text": (table, positions, K, W) => {
    const x = t.transpose(t.add(t.gather(table, t.constant(rows)), positions));
    return t.matmul(t.max(t.relu(t.conv1d(x, K, { padding: 1 })), -1), W);
  },
  "batch normalisation": (x, gain, bias) => {
    const variance = t.mean(t.power(centred(x), 2), 0);
    const s = t.power(t.add(variance, 1e-5), 0.5);
    return t.add(t.divide(t.multiply(gain, centred(x)), s), bias);
  },
  "a mixture": (x, means, logits) => {
    const squares = t.power(t.subtract(t.reshape(x, [5, 1]), means), 2);
    const terms = t.add(t.multiply(-0.5, squares), t.logSoftmax(logits));
    return t.log(t.sum(t.exp(terms), -1));
  },
  gates: (x, W, V) => {
    const share = t.reshape(t.add(1, t.exp(t.multiply(-1, t.sum(x, -1)))), [4, 1]);
    return t.divide(t.multiply(t.matmul(x, W), t.sigmoid(t.matmul(x, V))), share);
  },
  "a Gram matrix": (x) => t.power(t.matmul(t.transpose(centred(x)), centred(x)), 2),
};

test("the file has every case, and there are no others", () => {
  const names = (cases: { name: string }[]) => cases.map(({ name }) => name);
  expect(names(reference.operations)).toEqual(Object.keys(operations));
  expect(names(reference.compositions)).toEqual(Object.keys(compositions));
});

/** To ten digits of the largest. */
function expectClose(actual: ArrayLike<number>, wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  wanted.forEach((number, i) => {
    expect(Math.abs(actual[i] - number)).toBeLessThanOrEqual(1e-10 * largest);
  });
}

const cases = [
  ...reference.operations.map((one) => ({ ...one, f: operations[one.name] })),
  ...reference.compositions.map((one) => ({ ...one, f: compositions[one.name] })),
];

test.each(cases)("$name", ({ f, shapes, inputs, vector, shape, result, slopes }) => {
  const given = inputs.map((values, n) => t.tensor(values, shapes[n]));
  const y = f(...given);
  expect(y.shape).toEqual(shape);
  expectClose(y.data, result);
  t.backward(y, t.constant(vector, shape));
  slopes.forEach((wanted, n) => {
    expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(1e-3);
    expectClose(given[n].slope ?? [], wanted);
  });
});
