/** The programs that the benchmark compares: each trains a 2-3-1 network on XOR, epoch after epoch. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { xor } from "../../src/data";
import {
  activations,
  backward,
  createNetwork,
  forward,
  halfSquaredError,
  type Network,
  predict,
} from "../../src/nn";
import { train } from "../../src/training";
import type { Python } from "./python";

export interface Task {
  readonly hidden: "tanh" | "sigmoid";
  readonly output: "tanh" | "sigmoid";
}

/** One network that learns. */
export interface Learner {
  /** Runs so many epochs, each a forward and a backward pass over the samples; returns the seconds it took. */
  run(epochs: number): number | Promise<number>;
  /** What it now predicts for the first 4 samples. */
  outputs(): number[];
}

export interface Contestant {
  readonly name: string;
  /** A learner that starts from these 13 weights, laid out as ours; or why it cannot do the task. */
  create(task: Task, weights: Float64Array): Learner | string | Promise<Learner>;
  /** The outputs that the library's own mathematics gives after the same epochs of the same kind. */
  sameAsOurs(task: Task, weights: Float64Array, epochs: number): number[];
}

export const learningRate = 0.2;

export const seconds = (work: () => void) => {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
};

/** Training that ends early would look fast. */
function allRun(epochs: number, { iterations }: { iterations: number }): void {
  if (iterations === epochs) return;
  throw new Error(`${epochs} epochs were asked for, but training ended after ${iterations}.`);
}

function ourNetwork(task: Task, weights: Float64Array): Network {
  return createNetwork({ sizes: [2, 3, 1], ...task, weights });
}

/** One sample at a time and in order, as brain.js trains. */
function sampleBySample(task: Task, weights: Float64Array, epochs: number) {
  const network = ourNetwork(task, weights);
  const options = { learningRate, epochs, batchSize: 1, shuffle: false, compiled: false };
  train(network, xor, options);
  return xor.inputs.map((x) => predict(network, x)[0]);
}

/**
 * As synaptic trains: one sample at a time, δ = a − y at the output whatever its activation, and the
 * output's weights stepped before the hidden units' deltas are taken from them.
 */
function outputFirst(task: Task, weights: Float64Array, epochs: number) {
  const loss = { ...halfSquaredError, pairedWith: activations[task.output] };
  const network = createNetwork({ sizes: [2, 3, 1], ...task, weights, loss });
  for (let epoch = 0; epoch < epochs; epoch++) {
    xor.inputs.forEach((x, i) => {
      const pass = forward(network, x);
      for (const layer of [2, 1]) {
        const { dW } = backward(network, pass, xor.targets[i]);
        for (let w = 0; w < dW[layer].length; w++) {
          network.W[layer][w] -= learningRate * dW[layer][w];
        }
      }
    });
  }
  return xor.inputs.map((x) => predict(network, x)[0]);
}

function fullBatch(task: Task, weights: Float64Array, epochs: number) {
  const network = ourNetwork(task, weights);
  train(network, xor, { learningRate, epochs, reduction: "sum", compiled: false });
  return xor.inputs.map((x) => predict(network, x)[0]);
}

/** @param compiled whether by code made for the shape, which is the default, or by the readable functions */
export function ours(compiled: boolean): Contestant {
  return {
    name: compiled ? "this library" : "this library, readable",
    create(task, weights) {
      const network = ourNetwork(task, weights);
      const options = { learningRate, reduction: "sum", compiled } as const;
      return {
        run: (epochs) => seconds(() => train(network, xor, { ...options, epochs })),
        outputs: () => xor.inputs.map((x) => predict(network, x)[0]),
      };
    },
    sameAsOurs: fullBatch,
  };
}

/** JAX: all epochs in one compiled program, on one core. */
export function jax(python: Python, bits: 32 | 64): Contestant {
  return {
    name: `JAX jit, ${bits} bits`,
    async create({ hidden, output }, weights) {
      const learner = await python.make({
        ...{ peer: "jax", bits, sizes: [2, 3, 1], hidden, output, weights: Array.from(weights) },
        ...{ X: xor.inputs, Y: xor.targets, batch: 4, rate: learningRate },
      });
      return { run: (epochs) => learner.run(epochs, false), outputs: learner.outputs };
    },
    sameAsOurs: fullBatch,
  };
}

/** The part of convnetjs that is used here. */
interface Vol {
  w: Float64Array;
}
interface ConvnetLayer {
  filters: Vol[];
  biases: Vol;
}
interface ConvnetNet {
  layers: ConvnetLayer[];
  forward(x: Vol): Vol;
}
type ConvnetLayerName =
  | "InputLayer"
  | "FullyConnLayer"
  | "TanhLayer"
  | "SigmoidLayer"
  | "RegressionLayer";
type Convnet = Record<ConvnetLayerName, new (options: object) => ConvnetLayer> & {
  Net: new () => ConvnetNet;
  Vol: new (values: readonly number[]) => Vol;
  Trainer: new (
    net: ConvnetNet,
    options: object,
  ) => { train(x: Vol, y: readonly number[]): unknown };
};

/** Layers put together one by one: its own list of layers cannot end in an activation. */
export function convnet(folder: string): Contestant {
  const library = createRequire(join(folder, "package.json"))("convnetjs") as Convnet;
  const names = { tanh: "TanhLayer", sigmoid: "SigmoidLayer" } as const;
  return {
    name: "convnetjs",
    create({ hidden, output }, weights) {
      const net = new library.Net();
      const of = (inputs: number) => ({ in_sx: 1, in_sy: 1, in_depth: inputs });
      net.layers = [
        new library.InputLayer({ out_sx: 1, out_sy: 1, out_depth: 2 }),
        new library.FullyConnLayer({ ...of(2), num_neurons: 3 }),
        new library[names[hidden]](of(3)),
        new library.FullyConnLayer({ ...of(3), num_neurons: 1 }),
        new library[names[output]](of(1)),
        new library.RegressionLayer(of(1)),
      ];
      const [first, second] = [net.layers[1], net.layers[3]];
      for (let j = 0; j < 3; j++) {
        first.biases.w[j] = weights[3 * j];
        first.filters[j].w.set([weights[3 * j + 1], weights[3 * j + 2]]);
        second.filters[0].w[j] = weights[10 + j];
      }
      second.biases.w[0] = weights[9];
      // It divides the batch's sum by its size.
      const trainer = new library.Trainer(net, {
        ...{ method: "sgd", learning_rate: 4 * learningRate, momentum: 0 },
        ...{ batch_size: 4, l1_decay: 0, l2_decay: 0 },
      });
      const inputs = xor.inputs.map((x) => new library.Vol(x));
      return {
        run: (epochs) =>
          seconds(() => {
            for (let epoch = 0; epoch < epochs; epoch++) {
              for (let i = 0; i < 4; i++) trainer.train(inputs[i], xor.targets[i]);
            }
          }),
        outputs: () => inputs.map((x) => net.forward(x).w[0]),
      };
    },
    sameAsOurs: fullBatch,
  };
}

/** The part of brain.js that is used here. */
export interface BrainNetwork {
  sizes: number[];
  trainOpts: object;
  biases: number[][];
  weights: number[][][];
  initialize(): void;
  train(samples: object[], options: object): { iterations: number };
  trainPattern(sample: { input: Float32Array; output: Float32Array }, logError: boolean): void;
  run(input: readonly number[]): ArrayLike<number>;
}

/** @param bare whether to call only its step, and not its own training, which measures the cost as ours does */
export function brain(folder: string, bare: boolean): Contestant {
  const { NeuralNetwork } = createRequire(join(folder, "package.json"))("brain.js") as {
    NeuralNetwork: new (options: object) => BrainNetwork;
  };
  const samples = xor.inputs.map((input, i) => ({
    input: Float32Array.from(input),
    output: Float32Array.from(xor.targets[i]),
  }));
  return {
    name: bare ? "brain.js, bare steps" : "brain.js",
    create({ hidden, output }, weights) {
      if (hidden !== output) return "it has one activation for all layers";
      const network = new NeuralNetwork({ activation: hidden });
      network.sizes = [2, 3, 1];
      Object.assign(network.trainOpts, { learningRate, momentum: 0 });
      network.initialize();
      for (let j = 0; j < 3; j++) {
        network.biases[1][j] = weights[3 * j];
        network.weights[1][j][0] = weights[3 * j + 1];
        network.weights[1][j][1] = weights[3 * j + 2];
        network.weights[2][0][j] = weights[10 + j];
      }
      network.biases[2][0] = weights[9];
      const steps = (epochs: number) => {
        for (let epoch = 0; epoch < epochs; epoch++) {
          for (let i = 0; i < samples.length; i++) network.trainPattern(samples[i], false);
        }
      };
      const training = (iterations: number) =>
        // It refuses a momentum or an error to stop at of 0.
        allRun(
          iterations,
          network.train(samples, { iterations, learningRate, momentum: 1e-12, errorThresh: 1e-12 }),
        );
      return {
        run: (epochs) => seconds(() => (bare ? steps : training)(epochs)),
        outputs: () => xor.inputs.map((x) => network.run(x)[0]),
      };
    },
    sameAsOurs: sampleBySample,
  };
}

interface SynapticNeuron {
  bias: number;
  squash: unknown;
  connections: { projected: Record<string, { weight: number; to: SynapticNeuron }> };
}

interface SynapticNetwork {
  layers: {
    input: { list: SynapticNeuron[] };
    hidden: { list: SynapticNeuron[] }[];
    output: { list: SynapticNeuron[] };
  };
  activate(input: readonly number[]): number[];
  propagate(rate: number, target: readonly number[]): void;
}

/** @param bare as for brain.js */
export function synaptic(folder: string, bare: boolean): Contestant {
  const { Architect, Neuron, Trainer } = createRequire(join(folder, "package.json"))(
    "synaptic",
  ) as {
    Architect: { Perceptron: new (...sizes: number[]) => SynapticNetwork };
    Neuron: { squash: Record<"TANH" | "LOGISTIC", unknown> };
    Trainer: new (
      network: SynapticNetwork,
    ) => { train(set: readonly object[], options: object): { iterations: number } };
  };
  const { inputs, targets } = xor;
  const set = inputs.map((input, i) => ({ input, output: targets[i] }));
  return {
    name: bare ? "synaptic, bare steps" : "synaptic",
    create({ hidden, output }, weights) {
      const network = new Architect.Perceptron(2, 3, 1);
      const squash = { tanh: Neuron.squash.TANH, sigmoid: Neuron.squash.LOGISTIC };
      const { layers } = network;
      const [to, last] = [layers.hidden[0].list, layers.output.list[0]];
      const connect = (from: SynapticNeuron, neuron: SynapticNeuron, weight: number) => {
        for (const connection of Object.values(from.connections.projected)) {
          if (connection.to === neuron) connection.weight = weight;
        }
      };
      to.forEach((neuron, j) => {
        neuron.squash = squash[hidden];
        neuron.bias = weights[3 * j];
        layers.input.list.forEach((from, i) => {
          connect(from, neuron, weights[3 * j + 1 + i]);
        });
        connect(neuron, last, weights[10 + j]);
      });
      last.squash = squash[output];
      last.bias = weights[9];
      const trainer = new Trainer(network);
      const steps = (epochs: number) => {
        for (let epoch = 0; epoch < epochs; epoch++) {
          for (let i = 0; i < inputs.length; i++) {
            network.activate(inputs[i]);
            network.propagate(learningRate, targets[i]);
          }
        }
      };
      const training = (iterations: number) =>
        // It takes an error to stop at of 0 for none given.
        allRun(iterations, trainer.train(set, { iterations, rate: learningRate, error: 1e-12 }));
      return {
        run: (epochs) => seconds(() => (bare ? steps : training)(epochs)),
        outputs: () => inputs.map((x) => network.activate(x)[0]),
      };
    },
    sameAsOurs: outputFirst,
  };
}

/** Compiled with cc; or why that failed. */
export function plainC(source: string): Contestant | string {
  const program = join(dirname(source), "node_modules", "xor");
  try {
    execFileSync("cc", ["-O3", "-o", program, source, "-lm"], { stdio: "pipe" });
  } catch (error) {
    return `no C compiler: ${(error as Error).message.split("\n")[0]}`;
  }
  return {
    name: "C, cc -O3",
    create({ hidden, output }, weights) {
      let outputs: number[] = [];
      return {
        // Each run begins again from the same weights: a process keeps none.
        run(epochs) {
          const args = [hidden, output, epochs, learningRate, ...weights].map(String);
          const [time, ...found] = execFileSync(program, args, { encoding: "utf8" }).split(" ");
          outputs = found.map(Number);
          return Number(time);
        },
        outputs: () => outputs,
      };
    },
    sameAsOurs: fullBatch,
  };
}
