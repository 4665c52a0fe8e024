/** What the assignments say of the broken code that they hand out: what becomes of a network trained with it. */
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  backward,
  cost,
  createNetwork,
  type ForwardPass,
  forward,
  type Network,
  predict,
  update,
} from "../../src/nn";
import { cellsOf } from "./source";

/** The function of an assignment's cell "broken". */
// biome-ignore lint/complexity/noBannedTypes: each has a signature of its own
function brokenOf(assignment: string): Function {
  const cell = cellsOf(assignment).find(({ id }) => id === "broken");
  const code = transformSync(cell?.source ?? "", { loader: "ts" }).code;
  const name = /function (\w+)/.exec(code)?.[1];
  return new Function(`${code}; return ${name};`)();
}

type Slopes = (network: Network, pass: ForwardPass, y: readonly number[]) => ArrayLike<number>;

/** From how many of thirty starts the cost falls, and XOR is learned: one sample at a time, α = 0.1. */
function outcomes(slopes: Slopes): { fell: number; learned: number } {
  let [fell, learned] = [0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    const network = createNetwork({ sizes: [2, 3, 1], weights: "uniform", seed });
    const before = cost(network, xor);
    for (let epoch = 0; epoch < 1500; epoch++)
      for (const [n, x] of xor.inputs.entries())
        update(network, slopes(network, forward(network, x), xor.targets[n]), 0.1);
    if (cost(network, xor) < before) fell++;
    const isRight = (x: readonly number[], n: number) =>
      Math.abs(predict(network, x)[0] - xor.targets[n][0]) < 0.25;
    if (xor.inputs.every(isRight)) learned++;
  }
  return { fell, learned };
}

describe("a 2-3-1 tanh network", () => {
  const right = outcomes((network, pass, y) => backward(network, pass, y).gradient);

  test("learns XOR from most starts with the right slopes", () => {
    expect(right.learned).toBeGreaterThan(25);
  });

  test("«Activation functions»: with the broken layer the cost mostly falls, and XOR is mostly not learned", () => {
    const brokenLayerDeltas = brokenOf("activation-functions");
    const { fell, learned } = outcomes((network, pass, y) => {
      const error = pass.a[2][0] - y[0];
      const sums = [1, 2, 3].map((j) => network.W[2][j] * error);
      const deltas: number[] = brokenLayerDeltas(sums, Array.from(pass.z[1]));
      const dW = deltas.flatMap((delta) => [delta, delta * pass.a[0][0], delta * pass.a[0][1]]);
      return [...dW, error, ...Array.from(pass.a[1], (a) => error * a)];
    });
    expect(fell).toBeGreaterThan(15);
    expect(learned).toBeLessThan(15);
  });

  test("«Deltas»: with one wrong index most networks learn all the same", () => {
    const brokenGradient = brokenOf("deltas");
    const { learned } = outcomes((network, pass, y) => {
      const W = [0, 1, 2].map((j) => Array.from(network.W[1].subarray(3 * j, 3 * j + 3)));
      const error = pass.a[2][0] - y[0];
      const dW = brokenGradient(W, Array.from(network.W[2]), Array.from(pass.a[0]), y[0]);
      return [...dW.flat(), error, ...Array.from(pass.a[1], (a) => error * a)];
    });
    expect(learned).toBeGreaterThan(15);
  });
});
