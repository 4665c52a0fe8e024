/** The programs that train what is not dense: a convolutional network, and a transformer of one block that looks things up. */
import { createRandom, normal } from "../../src/arithmetic";
import * as t from "../../src/tensors";
import { train } from "../../src/training";
import { type Learner, seconds } from "./contestants";
import { loadTensorFlow } from "./layers";
import type { Python } from "./python";

export type ModelName = "images" | "lookup";

interface Parameter {
  readonly shape: number[];
  readonly value: number[];
}

export interface TensorTask {
  readonly model: ModelName;
  readonly samples: { inputs: number[][]; targets: number[][] };
  readonly parameters: Record<string, Parameter>;
}

export interface TensorContestant {
  readonly name: string;
  create(task: TensorTask): Learner | Promise<Learner>;
}

const batchSize = 32;
const rate = 0.001;
/** Signs of a look-up: five pairs of a letter and a digit, then a letter; ten letters, ten digits. */
const [signs, kinds, d] = [11, 20, 16];

const shapes: Record<ModelName, Record<string, [shape: number[], inputs: number]>> = {
  images: {
    K1: [[8, 1, 3, 3], 9],
    b1: [[8, 1, 1], 100],
    K2: [[20, 8, 3, 3], 72],
    b2: [[20, 1, 1], 100],
    W: [[80, 10], 80],
    b: [[10], 100],
  },
  lookup: {
    E: [[kinds, d], 4],
    P: [[signs, d], 4],
    Q: [[d, d], d],
    K: [[d, d], d],
    V: [[d, d], d],
    O: [[d, d], d],
    g1: [[d], 1],
    g2: [[d], 1],
    W1: [[d, 2 * d], d],
    c1: [[2 * d], 100],
    W2: [[2 * d, d], 2 * d],
    c2: [[d], 100],
    W: [[d, 10], d],
    b: [[10], 100],
  },
};

/** Four batches. Numbers are short, since they travel as text. */
export function tensorTask(model: ModelName): TensorTask {
  const random = createRandom(1);
  const short = (x: number) => Math.round(1000 * x) / 1000;
  const inputs = Array.from({ length: 4 * batchSize }, () =>
    Array.from({ length: model === "images" ? 64 : signs }, (_, n) =>
      model === "images" ? short(random()) : Math.floor(10 * random()) + (n % 2 === 1 ? 10 : 0),
    ),
  );
  const targets = inputs.map((_, i) =>
    Array.from({ length: 10 }, (_, k) => (k === i % 10 ? 1 : 0)),
  );
  const parameters = Object.fromEntries(
    Object.entries(shapes[model]).map(([name, [shape, inputs]]) => {
      const length = shape.reduce((size, one) => size * one, 1);
      const drawn = () => short(normal(random) / Math.sqrt(inputs));
      return [name, { shape, value: Array.from({ length }, drawn) }];
    }),
  );
  return { model, samples: { inputs, targets }, parameters };
}

type Named = Readonly<Record<string, t.Tensor>>;

const scores: Record<ModelName, (p: Named, x: t.Tensor) => t.Tensor> = {
  images(p, x) {
    const layer = (x: t.Tensor, K: t.Tensor, b: t.Tensor) =>
      t.maxPool2d(t.relu(t.add(t.conv2d(x, K, { padding: 1 }), b)), 2);
    const h = layer(layer(t.reshape(x, [-1, 1, 8, 8]), p.K1, p.b1), p.K2, p.b2);
    return t.add(t.matmul(t.reshape(h, [-1, 80]), p.W), p.b);
  },
  lookup(p, signs) {
    let x = t.add(t.gather(p.E, signs), p.P);
    const n = t.multiply(t.layerNorm(x), p.g1);
    const [q, k, v] = [p.Q, p.K, p.V].map((W) => t.matmul(n, W));
    const weights = t.softmax(t.multiply(t.matmul(q, t.transpose(k)), 1 / Math.sqrt(d)));
    x = t.add(x, t.matmul(t.matmul(weights, v), p.O));
    const h = t.relu(t.add(t.matmul(t.multiply(t.layerNorm(x), p.g2), p.W1), p.c1));
    x = t.add(x, t.add(t.matmul(h, p.W2), p.c2));
    const last = t.reshape(t.slice(x, 1, x.shape[1] - 1), [-1, d]);
    return t.add(t.matmul(last, p.W), p.b);
  },
};

export const oursTensors: TensorContestant = {
  name: "this library",
  create({ model, samples, parameters }) {
    const created = t.createModel({
      parameters,
      losses: (p, x, y) =>
        t.multiply(-1, t.sum(t.multiply(y, t.logSoftmax(scores[model](p, x))), 1)),
    });
    const options = { learningRate: rate, reduction: "sum", batchSize, shuffle: false } as const;
    return {
      run: (epochs) => seconds(() => train(created, samples, { ...options, epochs })),
      outputs: () =>
        t.tidy(() => {
          const first = t.constant(samples.inputs.slice(0, 4));
          return Array.from(t.softmax(scores[model](created.parameters, first)).data);
        }),
    };
  },
};

export function jaxTensors(python: Python, bits: 32 | 64): TensorContestant {
  return {
    name: `JAX jit, ${bits} bits`,
    async create({ model, samples, parameters }) {
      const learner = await python.make({
        ...{ peer: "jax", bits, model, parameters, output: "softmax", batch: batchSize, rate },
        ...{ X: samples.inputs, Y: samples.targets },
      });
      return { run: (epochs) => learner.run(epochs, false), outputs: learner.outputs };
    },
  };
}

/** TensorFlow.js's functions; its images have their channels last. */
// biome-ignore lint/suspicious/noExplicitAny: a peer without types here
type TensorFlow = any;

const scoresThere: Record<ModelName, (tf: TensorFlow, p: TensorFlow, x: TensorFlow) => TensorFlow> =
  {
    images(tf, p, x) {
      const layer = (x: TensorFlow, K: TensorFlow, b: TensorFlow) =>
        tf.maxPool(tf.relu(tf.add(tf.conv2d(x, K, 1, "same"), b)), 2, 2, "valid");
      const h = layer(layer(tf.reshape(x, [-1, 8, 8, 1]), p.K1, p.b1), p.K2, p.b2);
      return tf.add(tf.matMul(tf.reshape(h, [-1, 80]), p.W), p.b);
    },
    lookup(tf, p, signs) {
      const rows = signs.shape[0];
      const dense = (x: TensorFlow, W: TensorFlow) =>
        tf.reshape(tf.matMul(tf.reshape(x, [-1, W.shape[0]]), W), [rows, -1, W.shape[1]]);
      const norm = (x: TensorFlow) => {
        const { mean, variance } = tf.moments(x, -1, true);
        return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
      };
      const embedded = tf.gather(p.E, tf.cast(tf.reshape(signs, [-1]), "int32"));
      let x = tf.add(tf.reshape(embedded, [rows, -1, d]), p.P);
      const n = tf.mul(norm(x), p.g1);
      const [q, k, v] = [p.Q, p.K, p.V].map((W) => dense(n, W));
      const weights = tf.softmax(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(d)));
      x = tf.add(x, dense(tf.matMul(weights, v), p.O));
      const h = tf.relu(tf.add(dense(tf.mul(norm(x), p.g2), p.W1), p.c1));
      x = tf.add(x, tf.add(dense(h, p.W2), p.c2));
      const last = tf.reshape(tf.slice(x, [0, 10, 0], [rows, 1, d]), [-1, d]);
      return tf.add(tf.matMul(last, p.W), p.b);
    },
  };

/** Where TensorFlow.js has them: kernels height × width × C × O, biases of channels in one axis. */
function arranged(tf: TensorFlow, name: string, { shape, value }: Parameter): TensorFlow {
  const tensor = tf.tensor(value, shape);
  if (name === "b1" || name === "b2") return tf.reshape(tensor, [-1]);
  if (shape.length === 4) return tf.transpose(tensor, [2, 3, 1, 0]);
  // Its images are flattened with the channels last, ours with the channels first.
  if (name === "W" && shape[0] === 80) {
    const byChannel = tf.reshape(tensor, [20, 2, 2, 10]);
    return tf.reshape(tf.transpose(byChannel, [1, 2, 0, 3]), [80, 10]);
  }
  return tensor;
}

/** On the processor: the WebAssembly backend has no slopes of convolutions and of gather, and cannot train either. */
export async function tensorFlowTensors(folder: string): Promise<TensorContestant | string> {
  const tf: TensorFlow = await loadTensorFlow(folder, "cpu");
  if (typeof tf === "string") return tf;
  return {
    name: "tfjs cpu, 32 bits",
    async create({ model, samples, parameters }) {
      await tf.setBackend("cpu");
      const p = Object.fromEntries(
        Object.entries(parameters).map(([name, one]) => [
          name,
          tf.variable(arranged(tf, name, one)),
        ]),
      );
      const [X, Y] = [tf.tensor2d(samples.inputs), tf.tensor2d(samples.targets)];
      const cost = (x: TensorFlow, y: TensorFlow) =>
        tf.losses.softmaxCrossEntropy(y, scoresThere[model](tf, p, x), 1, 0, tf.Reduction.SUM);
      const optimiser = tf.train.sgd(rate);
      const epoch = () => {
        for (let start = 0; start < samples.inputs.length; start += batchSize) {
          tf.tidy(() => {
            const of = (all: TensorFlow) => tf.slice(all, [start, 0], [batchSize, all.shape[1]]);
            optimiser.minimize(() => cost(of(X), of(Y)));
          });
        }
        tf.tidy(() => cost(X, Y).dataSync());
      };
      return {
        run: (epochs) =>
          seconds(() => {
            for (let n = 0; n < epochs; n++) epoch();
          }),
        outputs: () =>
          tf.tidy(() => {
            const first = tf.slice(X, [0, 0], [4, X.shape[1]]);
            return Array.from(tf.softmax(scoresThere[model](tf, p, first)).dataSync());
          }) as number[],
      };
    },
  };
}
