/** Worked numbers that others have published, beside ours. (A third is micrograd's, in test/graph.) */
import { describe, expect, test } from "vitest";
import { weightIndex } from "../../src/names";
import { backward, createNetwork, forward, sampleLoss, update } from "../../src/nn";

describe("Mazur, «A Step by Step Backpropagation Example», mattmazur.com, 2015", () => {
  // His network: 2-2-2 sigmoids, half the squared error, inputs 0.05 and 0.10, targets 0.01 and 0.99, rate 0.5.
  const network = createNetwork({
    sizes: [2, 2, 2],
    hidden: "sigmoid",
    output: "sigmoid",
    weights: [0.35, 0.15, 0.2, 0.35, 0.25, 0.3, 0.6, 0.4, 0.45, 0.6, 0.5, 0.55],
  });
  const [x, y] = [
    [0.05, 0.1],
    [0.01, 0.99],
  ];

  test("his forward pass and error, digit for digit", () => {
    const pass = forward(network, x);
    expect(pass.z[1][0].toFixed(4)).toBe("0.3775");
    expect([...pass.a[1]].map((a) => a.toFixed(9))).toEqual(["0.593269992", "0.596884378"]);
    expect([...pass.a[2]].map((a) => a.toFixed(8))).toEqual(["0.75136507", "0.77292847"]);
    expect(sampleLoss(network, pass, y).toFixed(9)).toBe("0.298371109");
  });

  test("his weights after one step; he leaves the biases as they are", () => {
    const { gradient } = backward(network, forward(network, x), y);
    update(network, gradient, 0.5);
    const weight = (name: string) => network.weights[weightIndex(network, name)].toFixed(8);
    expect(["V01", "V02", "V11", "V12"].map(weight)).toEqual([
      "0.35891648",
      "0.40866619",
      "0.51130127",
      "0.56137012",
    ]);
    expect(["W11", "W12", "W21", "W22"].map(weight)).toEqual([
      "0.14978072",
      "0.19956143",
      "0.24975114",
      "0.29950229",
    ]);
  });
});
