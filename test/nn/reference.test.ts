/** The library's gradients beside those of JAX: reference.py says how the file was made. */
import { expect, test } from "vitest";
import {
  type ActivationName,
  activations,
  cost,
  costGradient,
  createNetwork,
  type LossName,
  losses,
} from "../../src/nn";
import { type OptimiserName, optimisers, Training } from "../../src/training";
import reference from "./reference.json";

const cases = reference.networks.map((one) => ({
  ...one,
  label: `${one.sizes.join("-")} ${one.hidden}, ${one.output}, ${one.loss}, batch of ${one.inputs.length}`,
}));

test("the file covers every activation, loss and optimiser; if not, list it in reference.py and run npm run test:reference -- --write", () => {
  const names = (rooms: object, without: string[] = []) =>
    new Set(Object.keys(rooms).filter((name) => !without.includes(name)));
  // A step has no slope to compare, and softmax has no hidden units: it is among the outputs.
  const hidden = names(activations, ["step", "softmax"]);
  expect(new Set(cases.map(({ hidden }) => hidden))).toEqual(hidden);
  expect(new Set(cases.map(({ output }) => output))).toContain("softmax");
  expect(new Set(cases.map(({ loss }) => loss))).toEqual(names(losses));
  expect(cases).toHaveLength(7 * hidden.size);
  expect(new Set(cases.map(({ sizes }) => sizes.join("-"))).size).toBe(4);
  expect(new Set(cases.map(({ inputs }) => inputs.length))).toEqual(new Set([1, 2, 4]));
  expect(new Set(reference.runs.map(({ optimiser }) => optimiser))).toEqual(names(optimisers));
});

test.each(cases)("$label", ({ label, sizes, weights, inputs, targets, ...one }) => {
  const network = createNetwork({
    sizes,
    weights,
    hidden: one.hidden as ActivationName,
    output: one.output as ActivationName,
    loss: one.loss as LossName,
  });
  const samples = { inputs, targets };
  expect(Math.abs(cost(network, samples) / one.cost - 1)).toBeLessThan(1e-12);
  const gradient = costGradient(network, samples);
  expect(gradient).toHaveLength(one.gradient.length);
  const largest = Math.max(...one.gradient.map(Math.abs));
  expect(largest, label).toBeGreaterThan(1e-3);
  one.gradient.forEach((slope, w) => {
    expect(Math.abs(gradient[w] - slope) / largest).toBeLessThan(1e-12);
  });
});

const runs = reference.runs.map((run) => ({
  ...run,
  label: `${run.steps} steps of ${run.optimiser}: ${run.sizes.join("-")} ${run.hidden}, ${run.output}`,
}));

// Rounding adds up over the steps, and a step divides by small numbers in RMSProp and Adam: two digits less.
test.each(runs)("$label", ({ sizes, weights, inputs, targets, steps, costs, trained, ...run }) => {
  const network = createNetwork({
    sizes,
    weights,
    hidden: run.hidden as ActivationName,
    output: run.output as ActivationName,
    loss: run.loss as LossName,
  });
  const samples = { inputs, targets };
  const training = new Training(network, samples, {
    learningRate: run.learningRate,
    epochs: steps,
    optimiser: run.optimiser as OptimiserName,
  });
  costs.forEach((wanted, n) => {
    expect(Math.abs(cost(network, samples) / wanted - 1), `after ${20 * n} steps`).toBeLessThan(
      1e-10,
    );
    if (n < costs.length - 1) training.advance(20);
  });
  expect(training.ending).toBe("all epochs done");
  const largest = Math.max(...trained.map(Math.abs));
  trained.forEach((weight, w) => {
    expect(Math.abs(network.weights[w] - weight) / largest).toBeLessThan(1e-10);
  });
});
