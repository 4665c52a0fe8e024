/**
 * This library beside others: XOR (2-3-1, 4 samples), then larger networks in batches of 32, then how the cost grows.
 *
 * Before it is timed, each program starts from given weights and has to predict what the library's
 * readable functions predict after the same epochs of the same kind (equal work); on XOR it has to learn, too.
 * The programs then take turns, round after round, so that a slow moment of the machine meets them all.
 */
import { join } from "node:path";
import { createRandom } from "../../src/arithmetic";
import { xor } from "../../src/data";
import { type ActivationName, activations, createNetwork } from "../../src/nn";
import { train } from "../../src/training";
import {
  brain,
  type Contestant,
  convnet,
  jax,
  type Learner,
  learningRate,
  ours,
  plainC,
  synaptic,
  type Task,
} from "./contestants";
import { growth } from "./growth";
import {
  batchSize,
  brainLarge,
  type LargeContestant,
  type LargeTask,
  largeTask,
  oursLarge,
  pythonLarge,
  tensorFlow,
} from "./layers";
import { type Python, startPython } from "./python";
import { jaxTensors, oursTensors, tensorFlowTensors, tensorTask } from "./tensors";

const rounds = 9;
const tasks: Task[] = [
  { hidden: "tanh", output: "sigmoid" },
  { hidden: "tanh", output: "tanh" },
  { hidden: "sigmoid", output: "sigmoid" },
];

// Given by run.ts: this file runs as a bundle, away from its folder.
const [folder, pythonCommand, pythonMissing] = process.argv.slice(2);
const missing: string[] = [];

const python = pythonCommand ? startPython(pythonCommand, join(folder, "peers.py")) : undefined;
if (!python) missing.push(`JAX and NumPy: ${pythonMissing}`);
await compareXor(python);
await compareLarge(python);
await compareTensors(python);
python?.end();
growth();
for (const who of missing) console.log(`\nMissing here: ${who}`);

async function compareXor(python: Python | undefined): Promise<void> {
  const c = plainC(join(folder, "xor.c"));
  if (typeof c === "string") missing.push(`C: ${c}`);
  const contestants = [
    ours(true),
    ours(false),
    brain(folder, false),
    brain(folder, true),
    synaptic(folder, false),
    synaptic(folder, true),
    convnet(folder),
    ...(python ? [jax(python, 64), jax(python, 32)] : []),
    ...(typeof c === "string" ? [] : [c]),
  ];
  console.log(`XOR, 2-3-1. This library, convnetjs, JAX and C take the full batch, one step an epoch. brain.js (in
32-bit numbers) and synaptic (without f′ at the output) can only step after each sample, 4 steps an epoch. Each
runs by its own training method; "bare steps" leaves that method, and the cost that it measures, out.`);
  for (const task of tasks) await compareOn(task, contestants, "");
  useEveryActivation();
  await compareOn(
    tasks[2],
    contestants,
    ", after every activation has been used, as in a notebook",
  );
}

async function compareOn(task: Task, contestants: Contestant[], when: string): Promise<void> {
  console.log(`\nhidden ${task.hidden}, output ${task.output}${when}: thousand epochs a second`);
  const runners: Runner[] = [];
  for (const contestant of contestants) {
    const learner = await contestant.create(task, startingWeights(0));
    if (typeof learner === "string") {
      console.log(`  ${contestant.name.padEnd(24)} cannot: ${learner}`);
      continue;
    }
    await checkEqualWork(contestant, task);
    await checkLearns(contestant, task);
    runners.push(await runner(contestant.name, learner, 20_000, 0.15));
  }
  await race(runners, 1e-3);
}

async function compareLarge(python: Python | undefined): Promise<void> {
  console.log(`
Larger networks: ReLU, softmax and cross-entropy, a step for every ${batchSize} samples in a new order each epoch, then the
cost over all samples; brain.js in its own way: sigmoids, squared errors, a step after every sample, no cost. All on
one core. This library, and what has no other note, counts in 64 bits.`);
  const contestants: LargeContestant[] = [
    oursLarge(true),
    oursLarge(true, "single"),
    oursLarge(false),
    brainLarge(folder),
  ];
  for (const backend of ["wasm", "cpu", "tensorflow"] as const) {
    const contestant = await tensorFlow(folder, backend);
    if (typeof contestant === "string") {
      missing.push(`tfjs ${backend === "tensorflow" ? "node" : backend}: ${contestant}`);
    } else contestants.push(contestant);
  }
  if (python) {
    for (const peer of ["numpy", "jax"] as const) {
      contestants.push(pythonLarge(python, peer, 64), pythonLarge(python, peer, 32));
    }
  }
  for (const sizes of [
    [64, 32, 10],
    [784, 128, 10],
  ] as const) {
    const task = largeTask(sizes, 512);
    console.log(`\n${sizes.join("-")}, ${task.samples.inputs.length} samples: epochs a second`);
    const runners: Runner[] = [];
    for (const contestant of contestants) {
      await checkEqualSteps(contestant, task);
      const learner = await contestant.create(task, true);
      runners.push(await runner(contestant.name, learner, 1, 0.4));
    }
    await race(runners, 1);
  }
}

async function compareTensors(python: Python | undefined): Promise<void> {
  console.log(`
Tensors: a convolutional network of 2,350 weights on 8 × 8 pixels, and a transformer of one block and 2,794 weights that
looks things up. A step for every 32 samples, of which there are 128, then the cost over all. One core.`);
  const there = await tensorFlowTensors(folder);
  if (typeof there === "string") missing.push(`tfjs cpu: ${there}`);
  missing.push(
    "tfjs wasm with convolutions or gather: it cannot train them, it has no Conv2DBackpropFilter and no UnsortedSegmentSum",
  );
  const contestants = [
    oursTensors,
    ...(typeof there === "string" ? [] : [there]),
    ...(python ? [jaxTensors(python, 64), jaxTensors(python, 32)] : []),
  ];
  for (const model of ["images", "lookup"] as const) {
    const task = tensorTask(model);
    console.log(`\n${model}: epochs (of 4 steps and the cost) a second`);
    const expected = await oursTensors.create(task);
    await expected.run(3);
    const runners: Runner[] = [];
    for (const contestant of contestants) {
      const tried = await contestant.create(task);
      await tried.run(3);
      expectSame(contestant.name, tried.outputs(), expected.outputs());
      runners.push(await runner(contestant.name, await contestant.create(task), 1, 0.4));
    }
    await race(runners, 1);
  }
}

interface Runner {
  name: string;
  learner: Learner;
  epochs: number;
  rates: number[];
}

/** Warms a learner up and finds how many epochs fill so many seconds. */
async function runner(
  name: string,
  learner: Learner,
  least: number,
  seconds: number,
): Promise<Runner> {
  let epochs = least;
  await learner.run(epochs);
  for (;;) {
    const taken = await learner.run(epochs);
    if (taken > seconds / 4) {
      return { name, learner, epochs: Math.ceil((epochs / taken) * seconds), rates: [] };
    }
    epochs *= 2;
  }
}

/** @param unit what a rate is multiplied by to be printed */
async function race(runners: Runner[], unit: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const { learner, epochs, rates } of runners)
      rates.push(epochs / (await learner.run(epochs)));
  }
  const our = median(runners[0].rates);
  const print = (rate: number) =>
    rate * unit < 100 ? (rate * unit).toPrecision(3) : Math.round(rate * unit).toLocaleString("en");
  for (const { name, rates } of runners) {
    const rate = median(rates);
    const spread = `${print(Math.min(...rates))} to ${print(Math.max(...rates))}`;
    const ratio = name === runners[0].name ? "" : `ours is ${(our / rate).toFixed(2)} times that`;
    console.log(`  ${name.padEnd(24)} ${print(rate).padStart(7)}  (${spread})  ${ratio}`);
  }
}

/** From the same weights, some epochs have to lead to the predictions that our own mathematics gives. */
async function checkEqualWork(contestant: Contestant, task: Task): Promise<void> {
  const weights = startingWeights(1);
  const learner = (await contestant.create(task, weights)) as Learner;
  await learner.run(100);
  expectSame(contestant.name, learner.outputs(), contestant.sameAsOurs(task, weights, 100));
}

async function checkEqualSteps(contestant: LargeContestant, task: LargeTask): Promise<void> {
  const learner = await contestant.create(task, false);
  await learner.run(2);
  expectSame(contestant.name, learner.outputs(), contestant.sameAsOurs(task, 2));
}

/** Some count with 32-bit numbers. */
function expectSame(name: string, outputs: readonly number[], expected: readonly number[]): void {
  const isSame = expected.every((output, i) => Math.abs(output - outputs[i]) < 1e-4);
  if (isSame && outputs.length === expected.length) return;
  throw new Error(`${name} does other work: it predicts ${outputs}, and not ${expected}.`);
}

/** Some starting weights lead into a plateau, for any program; one of ten has to lead out. */
async function checkLearns(contestant: Contestant, task: Task): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const learner = (await contestant.create(task, startingWeights(attempt))) as Learner;
    await learner.run(20_000);
    if (learner.outputs().every((output, i) => Math.abs(output - xor.targets[i][0]) < 0.2)) return;
  }
  throw new Error(`${contestant.name} does not learn XOR with ${task.hidden}, ${task.output}.`);
}

function startingWeights(seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: 13 }, () => 2 * random() - 1);
}

/** What a notebook does to the compiler's guesses: the same loops have run with every activation. */
function useEveryActivation(): void {
  for (const compiled of [true, false]) {
    for (const name of Object.keys(activations) as ActivationName[]) {
      if (name === "softmax") continue;
      const network = createNetwork({ sizes: [2, 4, 3, 1], hidden: name, output: name });
      train(network, xor, { learningRate: learningRate / 20, epochs: 5000, compiled });
    }
    const network = createNetwork({ sizes: [2, 3, 2], output: "softmax", loss: "crossEntropy" });
    const targets = xor.targets.map(([y]) => [y, 1 - y]);
    train(network, { inputs: xor.inputs, targets }, { learningRate, epochs: 5000, compiled });
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
