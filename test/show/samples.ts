/** Figures of every kind, made again at each call: what several tests draw. */

import { xor } from "../../src/data";
import { activations, createNetwork, type Elementwise } from "../../src/nn";
import { activationPlot, decisionSurface, type Figure, lossCurve, plot } from "../../src/show";
import { History, train } from "../../src/training";

/** A million epochs of a cost that jumps up and down, as sample-by-sample training does. */
export function millionEpochs(): History {
  const history = new History();
  for (let epoch = 0; epoch <= 1_000_000; epoch++) {
    if (history.isDue(epoch)) {
      history.add(epoch, 1 / (1 + epoch / 1000) + 0.2 * Math.abs(Math.sin(epoch * epoch)));
    }
  }
  return history;
}

export function trainedXor() {
  const network = createNetwork({ sizes: [2, 3, 1], output: "sigmoid", seed: 3 });
  return train(network, xor, { learningRate: 1, epochs: 2000 });
}

/** A network whose output flips often over the square: as many contours as there can be. */
export function wildNetwork() {
  const network = createNetwork({
    sizes: [2, 12, 8, 1],
    hidden: "step",
    output: "tanh",
    weights: "uniform",
    seed: 8,
  });
  network.weights.forEach((weight, i) => {
    network.weights[i] = 30 * weight;
  });
  return network;
}

export function figures(): Record<string, Figure> {
  const training = trainedXor();
  const history = millionEpochs();
  const runs = ["α = 0.01", "α = 0.03", "α = 0.1", "α = 0.3", "α = 1", "α = 3"];
  const elementwise = Object.values(activations).filter((one): one is Elementwise => "f" in one);
  const climbing = new History();
  for (let epoch = 0; epoch < 40; epoch++) climbing.add(epoch, 3 ** epoch);
  return {
    "one run": lossCurve(training),
    "six runs of a million epochs": lossCurve(
      Object.fromEntries(runs.map((name) => [name, history])),
    ),
    "logarithmic axes": lossCurve({ a: history, b: history }, { log: true, logEpochs: true }),
    "a run that diverges": lossCurve(climbing),
    "one activation with its tangent": activationPlot(activations.tanh, { at: 1 }),
    "every activation": activationPlot(elementwise),
    "a surface": decisionSurface(training.network, xor),
    "a surface of a hidden unit": decisionSurface(training.network, xor, { unit: "Z2" }),
    "a surface with many contours": decisionSurface(wildNetwork(), xor),
    "a reader's own": plot({
      data: [{ type: "bar", x: ["tanh", "sigmoid", "relu"], y: [98, 100, 60] }],
      title: "Seeds that solve XOR",
      xTitle: "activation",
      yTitle: "of 100",
      alt: "Of 100 seeds tanh solves 98.",
    }),
  };
}
