/**
 * What is run in every engine, and put down as short hashes: training, every activation, every optimiser, data, random
 * numbers, the arithmetic itself.
 */
import * as arithmetic from "../../src/arithmetic";
import { createRandom, normal } from "../../src/arithmetic";
import { circle, digits, moons, spiral, xor } from "../../src/data";
import {
  type Activation,
  activations,
  createNetwork,
  type NetworkOptions,
  type Samples,
} from "../../src/nn";
import type { Model } from "../../src/tensors";
import * as t from "../../src/tensors";
import {
  clipped,
  cosine,
  type OptimiserName,
  optimisers,
  stairs,
  Training,
  type TrainingOptions,
  warmUp,
} from "../../src/training";

type Functions = Pick<
  typeof arithmetic,
  "exp" | "expm1" | "log" | "log1p" | "tanh" | "sin" | "cos" | "pow"
>;

/** What each engine's own functions give: this differs, and shows that the hashes would. */
export const control = "the same by the engine's own Math";

/** Two hashes of 32 bits over all bytes, from two starts (FNV-1a). */
function hash(...numbers: readonly ArrayLike<number>[]): string {
  return [0x811c9dc5, 0x12345678]
    .map((start) => {
      let h = start;
      for (const list of numbers) {
        for (const byte of new Uint8Array(Float64Array.from(list).buffer))
          h = Math.imul(h ^ byte, 0x01000193);
      }
      return (h >>> 0).toString(16).padStart(8, "0");
    })
    .join("");
}

function trained(
  network: NetworkOptions | Model,
  samples: Samples,
  options: TrainingOptions,
): { hash: string; engine: string } {
  const learner = "createEngine" in network ? network : createNetwork(network);
  const training = new Training(learner, samples, options);
  training.advance(options.epochs);
  const { weights } = training.network;
  if (!weights.every(Number.isFinite)) throw new Error("A run ended in numbers that are none.");
  return { hash: hash(weights, training.history.costs), engine: training.engine };
}

/** Most operations on tensors in one model: convolution and pooling, then attention over what is left of the image. */
function looking(): Model {
  const drawn = (...shape: number[]) => ({ shape, deviation: 0.3 });
  return t.createModel({
    parameters: {
      K: drawn(6, 1, 3, 3),
      P: drawn(16, 6),
      ...{ Q: drawn(6, 6), V: drawn(6, 6), W: drawn(6, 10) },
    },
    losses(p, x, y, { training, random }) {
      const seen = t.gelu(t.conv2d(t.reshape(x, [-1, 1, 8, 8]), p.K, { padding: 1 }));
      const places = t.reshape(t.maxPool2d(seen, 2), [-1, 6, 16]);
      const normed = t.layerNorm(t.add(t.transpose(places), p.P));
      const kept = training ? t.dropout(normed, 0.1, random) : normed;
      const scores = t.matmul(t.matmul(kept, p.Q), t.transpose(kept));
      const looked = t.tanh(t.matmul(t.softmax(scores), t.matmul(kept, p.V)));
      const z = t.matmul(t.mean(looked, 1), p.W);
      return t.multiply(-1, t.sum(t.multiply(y, t.logSoftmax(z)), 1));
    },
    seed: 11,
  });
}

/** Thirteen training runs: activations, losses, optimisers, schedules and sizes of batches take turns, as do the engines. */
function trainings(): Record<string, () => { hash: string; engine: string }> {
  const arms = spiral({ samples: 80, seed: 4 });
  const crescents = moons({ samples: 60, noise: 0.2, seed: 2 });
  const rings = circle({ samples: 60, seed: 3 });
  const all = digits();
  const some = { inputs: all.inputs.slice(0, 200), targets: all.targets.slice(0, 200) };
  const yes = { output: "sigmoid", loss: "binaryCrossEntropy" } as const;
  const which = { output: "softmax", loss: "crossEntropy" } as const;
  const small = { sizes: [2, 3, 1], seed: 3 };
  return {
    "XOR: tanh, sigmoid; all at once": () =>
      trained({ ...small, hidden: "tanh", output: "sigmoid" }, xor, {
        learningRate: 0.5,
        epochs: 3000,
      }),
    "XOR: the same, readable": () =>
      trained({ ...small, hidden: "tanh", output: "sigmoid" }, xor, {
        learningRate: 0.5,
        epochs: 3000,
        compiled: false,
      }),
    "moons: sigmoid, cross-entropy; one by one, cosine": () =>
      trained({ sizes: [2, 6, 1], seed: 1, hidden: "sigmoid", ...yes }, crescents, {
        learningRate: 1,
        epochs: 150,
        batchSize: 1,
        schedule: cosine,
      }),
    "spiral: tanh, cross-entropy; tens, Adam, warm-up": () =>
      trained({ sizes: [2, 8, 8, 1], seed: 2, hidden: "tanh", ...yes }, arms, {
        learningRate: 0.03,
        epochs: 200,
        batchSize: 10,
        optimiser: "adam",
        schedule: warmUp(0.1, cosine),
      }),
    "digits: ReLU, softmax; thirty-twos, momentum": () =>
      trained({ sizes: [64, 32, 10], seed: 5, hidden: "relu", weights: "he", ...which }, some, {
        learningRate: 0.05,
        epochs: 15,
        batchSize: 32,
        optimiser: "momentum",
      }),
    "digits: ELU, softmax; twenties, Nesterov, stairs": () =>
      trained({ sizes: [64, 16, 10], seed: 6, hidden: "elu", ...which }, some, {
        learningRate: 0.05,
        epochs: 15,
        batchSize: 20,
        optimiser: "nesterov",
        schedule: stairs(0.3, 4),
      }),
    "digits: tanh, softmax; thirty-twos, single precision": () =>
      trained({ sizes: [64, 32, 10], seed: 12, hidden: "tanh", ...which }, some, {
        learningRate: 0.1,
        epochs: 15,
        batchSize: 32,
        precision: "single",
      }),
    "digits: the same, readable": () =>
      trained({ sizes: [64, 32, 10], seed: 12, hidden: "tanh", ...which }, some, {
        learningRate: 0.1,
        epochs: 15,
        batchSize: 32,
        precision: "single",
        compiled: false,
      }),
    "circle: softplus, tanh; all at once, RMSProp": () =>
      trained({ sizes: [2, 10, 10, 1], seed: 7, hidden: "softplus", output: "tanh" }, rings, {
        learningRate: 0.01,
        epochs: 300,
        optimiser: "rmsProp",
      }),
    "moons: GELU, cross-entropy; sevens, AdamW": () =>
      trained({ sizes: [2, 9, 1], seed: 8, hidden: "gelu", ...yes }, crescents, {
        learningRate: 0.03,
        epochs: 100,
        batchSize: 7,
        optimiser: "adamW",
      }),
    "circle: SiLU, identity; fours, readable": () =>
      trained({ sizes: [2, 7, 1], seed: 9, hidden: "silu", output: "identity" }, rings, {
        learningRate: 0.05,
        epochs: 100,
        batchSize: 4,
        compiled: false,
      }),
    "moons: leaky ReLU, sigmoid; the sum, all shuffled": () =>
      trained({ sizes: [2, 8, 1], seed: 10, hidden: "leakyRelu", ...yes }, crescents, {
        learningRate: 0.01,
        epochs: 400,
        reduction: "sum",
        shuffle: true,
      }),
    "digits: convolution and attention; thirty-twos, clipped Adam": () =>
      trained(looking(), some, {
        learningRate: 0.01,
        epochs: 4,
        batchSize: 32,
        optimiser: clipped(1, "adam"),
      }),
  };
}

/** For each thing that was run its hash, and which engine a training run took. */
export function bits(): Record<string, { hash: string; engine?: string }> {
  const found: Record<string, { hash: string; engine?: string }> = {};
  for (const [name, run] of Object.entries(trainings())) found[name] = run();
  found["spiral, 500 points"] = { hash: hash(spiral({ samples: 500 }).inputs.flat()) };
  const random = createRandom(1986);
  found["normals, 100,000"] = { hash: hash(Array.from({ length: 1e5 }, () => normal(random))) };
  const drawn = Array.from({ length: 5000 }, () => normal(random));
  const sized = drawn.map((x) => x * arithmetic.exp(20 * random() - 10));
  for (const one of Object.values<Activation>(activations)) {
    if (!("f" in one)) continue;
    const slopes = sized.map((z) => one.derivative(z));
    found[`${one.name}, 5,000 values and slopes`] = { hash: hash(sized.map(one.f), slopes) };
  }
  for (const name of Object.keys(optimisers) as OptimiserName[]) {
    const how = { learningRate: 0.05, epochs: 200, batchSize: 3, optimiser: name };
    found[`XOR by ${name}`] = trained({ sizes: [2, 3, 1], seed: 4 }, xor, how);
  }
  const values = ({ exp, expm1, log, log1p, tanh, sin, cos, pow }: Functions) =>
    hash(
      ...[exp, expm1, tanh, sin, cos].map((f) => sized.map((x) => f(x))),
      ...[log, log1p].map((f) => sized.map((x) => f(Math.abs(x)))),
      sized.map((x, n) => pow(Math.abs(x), drawn[n])),
    );
  found["exp … pow, 5,000 numbers each"] = { hash: values(arithmetic) };
  found[control] = { hash: values(Math) };
  return found;
}
