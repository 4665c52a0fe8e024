/** The programs that train larger networks: ReLU, softmax and cross-entropy, a step for every 32 samples. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createRandom, shuffle } from "../../src/arithmetic";
import { createNetwork, predict, type Samples } from "../../src/nn";
import { train } from "../../src/training";
import { type BrainNetwork, type Learner, seconds } from "./contestants";
import type { Python } from "./python";

export interface LargeTask {
  readonly sizes: readonly [number, number, number];
  readonly samples: Samples;
  readonly weights: Float64Array;
}

export interface LargeContestant {
  readonly name: string;
  /** @param shuffled whether each epoch takes the samples in a new order */
  create(task: LargeTask, shuffled: boolean): Learner | Promise<Learner>;
  /** The outputs for the first 4 samples that the library's readable functions give after so many epochs. */
  sameAsOurs(task: LargeTask, epochs: number): number[];
}

export const batchSize = 32;
const rate = 0.001;

/** Inputs in ±1, each sample in one of ten classes. */
export function largeTask(sizes: readonly [number, number, number], count: number): LargeTask {
  const random = createRandom(1);
  const inputs = Array.from({ length: count }, () =>
    // Short numbers, since they travel as text.
    Array.from({ length: sizes[0] }, () => Math.round(2000 * random() - 1000) / 1000),
  );
  const targets = inputs.map((_, i) =>
    Array.from({ length: sizes[2] }, (_, k) => (k === i % sizes[2] ? 1 : 0)),
  );
  const { weights } = createNetwork({ sizes, weights: "uniform" });
  return { sizes, samples: { inputs, targets }, weights };
}

const ourNetwork = ({ sizes, weights }: LargeTask) =>
  createNetwork({ sizes, hidden: "relu", output: "softmax", loss: "crossEntropy", weights });
const firstOutputs = (task: LargeTask, network: ReturnType<typeof ourNetwork>) =>
  task.samples.inputs.slice(0, 4).flatMap((x) => Array.from(predict(network, x)));

function inBatches(task: LargeTask, epochs: number): number[] {
  const network = ourNetwork(task);
  train(network, task.samples, {
    ...{ learningRate: rate, reduction: "sum", epochs, batchSize },
    ...{ shuffle: false, compiled: false },
  });
  return firstOutputs(task, network);
}

export function oursLarge(compiled: boolean, precision?: "single"): LargeContestant {
  const how = `${compiled ? "" : ", readable"}${precision ? ", 32 bits" : ""}`;
  return {
    name: `this library${how}`,
    create(task, shuffled) {
      const network = ourNetwork(task);
      return {
        run: (epochs) =>
          seconds(() =>
            train(network, task.samples, {
              ...{ learningRate: rate, reduction: "sum", epochs, batchSize },
              ...{ shuffle: shuffled, compiled, precision },
            }),
          ),
        outputs: () => firstOutputs(task, network),
      };
    },
    sameAsOurs: inBatches,
  };
}

export function pythonLarge(python: Python, peer: "jax" | "numpy", bits: 32 | 64): LargeContestant {
  return {
    name: `${peer === "jax" ? "JAX jit" : "NumPy"}, ${bits} bits`,
    async create({ sizes, samples, weights }, shuffled) {
      const learner = await python.make({
        ...{ peer, bits, sizes, hidden: "relu", output: "softmax", weights: Array.from(weights) },
        ...{ X: samples.inputs, Y: samples.targets, batch: batchSize, rate },
      });
      return { run: (epochs) => learner.run(epochs, shuffled), outputs: learner.outputs };
    },
    sameAsOurs: inBatches,
  };
}

/** The part of TensorFlow.js that is used here. */
interface Tensor {
  dataSync(): Float32Array;
}
interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor2d(values: readonly (readonly number[])[]): Tensor;
  tensor1d(values: ArrayLike<number>, type?: string): Tensor;
  variable(tensor: Tensor): Tensor;
  gather(tensor: Tensor, rows: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  relu(a: Tensor): Tensor;
  softmax(a: Tensor): Tensor;
  tidy<T>(work: () => T): T;
  losses: {
    softmaxCrossEntropy(y: Tensor, z: Tensor, weights: 1, smoothing: 0, reduction: number): Tensor;
  };
  Reduction: { SUM: number };
  train: { sgd(rate: number): { minimize(cost: () => Tensor): void } };
}

/** TensorFlow.js with one of its backends, on one core; or why it is missing. */
export async function loadTensorFlow(
  folder: string,
  backend: "wasm" | "cpu" | "tensorflow",
): Promise<TensorFlow | string> {
  const load = createRequire(join(folder, "package.json"));
  let tf: TensorFlow;
  try {
    if (backend === "tensorflow") {
      tf = createRequire(join(folder, "node_modules", ".native", "package.json"))(
        "@tensorflow/tfjs-node",
      );
    } else {
      tf = load("@tensorflow/tfjs-core");
      load("@tensorflow/tfjs-layers"); // which tells the core all gradients
      const wasm = load(`@tensorflow/tfjs-backend-${backend}`);
      if (backend === "wasm") {
        const entry = load.resolve("@tensorflow/tfjs-backend-wasm");
        wasm.setWasmPaths(`${dirname(entry)}/`);
        wasm.setThreadsCount(1);
      }
    }
    if (!(await tf.setBackend(backend))) return "its backend does not start here";
    await tf.ready();
    return tf;
  } catch (error) {
    return (error as Error).message.split("\n")[0];
  }
}

/** @returns the contestant, or why it is missing */
export async function tensorFlow(
  folder: string,
  backend: "wasm" | "cpu" | "tensorflow",
): Promise<LargeContestant | string> {
  const tf = await loadTensorFlow(folder, backend);
  if (typeof tf === "string") return tf;
  const name = `tfjs ${backend === "tensorflow" ? "node" : backend}, 32 bits`;
  return {
    name,
    async create({ sizes, samples, weights }, shuffled) {
      await tf.setBackend(backend);
      const X = tf.tensor2d(samples.inputs as number[][]);
      const Y = tf.tensor2d(samples.targets as number[][]);
      const parameters = [0, 1].map((l) => {
        const start = l === 0 ? 0 : sizes[1] * (1 + sizes[0]);
        const row = (j: number) => start + j * (1 + sizes[l]);
        const units = Array.from({ length: sizes[l + 1] }, (_, j) => j);
        const columns = Array.from({ length: sizes[l] }, (_, i) =>
          units.map((j) => weights[row(j) + 1 + i]),
        );
        const W = tf.variable(tf.tensor2d(columns));
        return { W, b: tf.variable(tf.tensor1d(units.map((j) => weights[row(j)]))) };
      });
      const logits = (x: Tensor) => {
        const [first, second] = parameters;
        const hidden = tf.relu(tf.add(tf.matMul(x, first.W), first.b));
        return tf.add(tf.matMul(hidden, second.W), second.b);
      };
      const cost = (x: Tensor, y: Tensor) =>
        tf.losses.softmaxCrossEntropy(y, logits(x), 1, 0, tf.Reduction.SUM);
      const optimiser = tf.train.sgd(rate);
      const order = Uint32Array.from(samples.inputs, (_, i) => i);
      const random = createRandom(1);
      const epoch = () => {
        if (shuffled) shuffle(order, random);
        for (let start = 0; start < order.length; start += batchSize) {
          tf.tidy(() => {
            const batch = Int32Array.from(order.subarray(start, start + batchSize));
            const rows = tf.tensor1d(batch, "int32");
            const [x, y] = [tf.gather(X, rows), tf.gather(Y, rows)];
            optimiser.minimize(() => cost(x, y));
          });
        }
        tf.tidy(() => cost(X, Y).dataSync());
      };
      return {
        async run(epochs) {
          await tf.setBackend(backend);
          return seconds(() => {
            for (let n = 0; n < epochs; n++) epoch();
          });
        },
        outputs: () =>
          tf.tidy(() =>
            Array.from(
              tf
                .softmax(logits(X))
                .dataSync()
                .slice(0, 4 * sizes[2]),
            ),
          ),
      };
    },
    sameAsOurs: inBatches,
  };
}

/** brain.js knows neither softmax nor batches: sigmoids and squared errors, a step after every sample, no cost. */
export function brainLarge(folder: string): LargeContestant {
  const { NeuralNetwork } = createRequire(join(folder, "package.json"))("brain.js") as {
    NeuralNetwork: new (options: object) => BrainNetwork;
  };
  return {
    name: "brain.js, its own way",
    create({ sizes, samples, weights }, shuffled) {
      const network = new NeuralNetwork({ activation: "sigmoid" });
      network.sizes = [...sizes];
      Object.assign(network.trainOpts, { learningRate: rate, momentum: 0 });
      network.initialize();
      for (let l = 1, w = 0; l < sizes.length; l++) {
        for (let j = 0; j < sizes[l]; j++) {
          network.biases[l][j] = weights[w++];
          for (let i = 0; i < sizes[l - 1]; i++) network.weights[l][j][i] = weights[w++];
        }
      }
      const patterns = samples.inputs.map((input, i) => ({
        input: Float32Array.from(input),
        output: Float32Array.from(samples.targets[i]),
      }));
      const order = Uint32Array.from(patterns, (_, i) => i);
      const random = createRandom(1);
      return {
        run: (epochs) =>
          seconds(() => {
            for (let n = 0; n < epochs; n++) {
              if (shuffled) shuffle(order, random);
              for (const i of order) network.trainPattern(patterns[i], false);
            }
          }),
        outputs: () =>
          samples.inputs.slice(0, 4).flatMap((x) => Array.from(network.run(Array.from(x)))),
      };
    },
    sameAsOurs({ sizes, samples, weights, ...rest }, epochs) {
      const network = createNetwork({ sizes, hidden: "sigmoid", output: "sigmoid", weights });
      train(network, samples, {
        ...{ learningRate: rate, epochs, batchSize: 1 },
        ...{ shuffle: false, compiled: false },
      });
      return firstOutputs({ sizes, samples, weights, ...rest }, network);
    },
  };
}
