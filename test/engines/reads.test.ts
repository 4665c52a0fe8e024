import { expect, test } from "vitest";
import { countReads } from "../../src/engines";
import { backward, createNetwork, forward } from "../../src/nn";

test("a forward pass reads each weight once, a backward pass those that carry deltas back", () => {
  const network = createNetwork({ sizes: [3, 5, 4, 2], seed: 2 });
  const counting = countReads(network);
  expect(counting.reads()).toBe(0);
  const pass = forward(counting.network, [1, 2, 3]);
  expect(counting.reads()).toBe(network.weights.length);
  const back = backward(counting.network, pass, [0, 1]);
  expect(counting.reads()).toBe(network.weights.length + 4 * 5 + 2 * 4);
  expect(pass).toEqual(forward(network, [1, 2, 3]));
  expect(back).toEqual(backward(network, pass, [0, 1]));
});

test("a nudge of the counting network is a nudge of the network", () => {
  const network = createNetwork({ sizes: [2, 1], weights: [1, 2, 3] });
  const counting = countReads(network);
  counting.network.W[1][1] += 1;
  expect(Array.from(network.weights)).toEqual([1, 3, 3]);
  expect(counting.reads()).toBe(1);
});
