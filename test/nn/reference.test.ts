/** The library's gradients beside those of JAX: reference.py says how the file was made. */
import { expect, test } from "vitest";
import {
  type ActivationName,
  cost,
  costGradient,
  createNetwork,
  type LossName,
} from "../../src/nn";
import reference from "./reference.json";

const cases = reference.networks.map((one) => ({
  ...one,
  label: `${one.sizes.join("-")} ${one.hidden}, ${one.output}, ${one.loss}, batch of ${one.inputs.length}`,
}));

test("the file covers every activation and loss", () => {
  expect(new Set(cases.map(({ hidden }) => hidden)).size).toBe(9);
  expect(new Set(cases.map(({ loss }) => loss)).size).toBe(3);
  expect(cases).toHaveLength(63);
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
