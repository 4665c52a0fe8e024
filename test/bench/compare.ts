/**
 * Epochs per second on XOR (2-3-1, 4 samples an epoch), this library beside brain.js, synaptic and C.
 *
 * Before it is timed, each program starts from given weights and has to predict what the library's
 * own mathematics predicts after the same epochs of the same kind (equal work), and has to learn XOR.
 * The programs then take turns, round after round, so that a slow moment of the machine meets them all.
 */
import { join } from "node:path";
import { xor } from "../../src/data";
import { type ActivationName, activations, createNetwork, createRandom, train } from "../../src/nn";
import {
  brain,
  type Contestant,
  type Learner,
  learningRate,
  ours,
  plainC,
  synaptic,
  type Task,
} from "./contestants";

const rounds = 9;
const secondsARound = 0.15;
const tasks: Task[] = [
  { hidden: "tanh", output: "sigmoid" },
  { hidden: "tanh", output: "tanh" },
  { hidden: "sigmoid", output: "sigmoid" },
];

// Given by run.ts: this file runs as a bundle, away from its folder.
const folder = process.argv[2];
const c = plainC(join(folder, "xor.c"));
const contestants = [
  ours,
  brain(folder, false),
  brain(folder, true),
  synaptic(folder, false),
  synaptic(folder, true),
];
if (typeof c === "string") console.log(`C is missing: ${c}`);
else contestants.push(c);
console.log(`This library and C take the full batch, one step an epoch. brain.js (in 32-bit numbers) and synaptic
(without f′ at the output) can only step after each sample, 4 steps an epoch. Each runs by its own
training method, ours as theirs with the cost of every epoch; "bare steps" leaves that method, and the
cost, out.`);

for (const task of tasks) compare(task, "");
useEveryActivation();
for (const task of tasks) compare(task, ", after every activation has been used, as in a notebook");

function compare(task: Task, when: string): void {
  console.log(`\nhidden ${task.hidden}, output ${task.output}${when}`);
  const runners: { name: string; learner: Learner; epochs: number; rates: number[] }[] = [];
  for (const contestant of contestants) {
    const learner = contestant.create(task, startingWeights(0));
    if (typeof learner === "string") {
      console.log(`  ${contestant.name.padEnd(20)} cannot: ${learner}`);
      continue;
    }
    checkEqualWork(contestant, task);
    checkLearns(contestant, task);
    learner.run(20_000);
    const epochs = Math.ceil((20_000 / learner.run(20_000)) * secondsARound);
    runners.push({ name: contestant.name, learner, epochs, rates: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { learner, epochs, rates } of runners) rates.push(epochs / learner.run(epochs));
  }
  const our = median(runners[0].rates);
  for (const { name, rates } of runners) {
    const rate = median(rates);
    const spread = `${thousands(Math.min(...rates))} to ${thousands(Math.max(...rates))}`;
    const ratio = name === ours.name ? "" : `ours is ${(our / rate).toFixed(2)} times that`;
    console.log(
      `  ${name.padEnd(20)} ${thousands(rate).padStart(7)} thousand epochs/s (${spread})  ${ratio}`,
    );
  }
}

/** From the same weights, some epochs have to lead to the predictions that our own mathematics gives. */
function checkEqualWork(contestant: Contestant, task: Task): void {
  const weights = startingWeights(1);
  const expected = contestant.sameAsOurs(task, weights, 100);
  const learner = contestant.create(task, weights) as Learner;
  learner.run(100);
  const outputs = learner.outputs();
  // brain.js counts with 32-bit numbers.
  if (expected.every((output, i) => Math.abs(output - outputs[i]) < 1e-4)) return;
  throw new Error(
    `${contestant.name} does other work: after 100 epochs it predicts ${outputs}, and not ${expected}.`,
  );
}

/** Some starting weights lead into a plateau, for any program; one of ten has to lead out. */
function checkLearns(contestant: Contestant, task: Task): void {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const learner = contestant.create(task, startingWeights(attempt)) as Learner;
    learner.run(20_000);
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
  for (const name of Object.keys(activations) as ActivationName[]) {
    if (name === "softmax") continue;
    const network = createNetwork({ sizes: [2, 4, 3, 1], hidden: name, output: name });
    train(network, xor, { learningRate: learningRate / 20, epochs: 5000 });
  }
  const network = createNetwork({
    sizes: [2, 3, 2],
    output: "softmax",
    loss: "crossEntropy",
  });
  const targets = xor.targets.map(([y]) => [y, 1 - y]);
  train(network, { inputs: xor.inputs, targets }, { learningRate, epochs: 5000 });
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function thousands(rate: number): string {
  return (rate / 1000).toFixed(0);
}
