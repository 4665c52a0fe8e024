/** Random networks with samples that suit them. */
import fc from "fast-check";
import { createRandom } from "../../src/arithmetic";
import { type ActivationName, activations, createNetwork, type LossName } from "../../src/nn";

const elementwise = Object.values(activations).flatMap((one) => ("f" in one ? [one.name] : []));
export const hiddenNames = elementwise as ActivationName[];
/** Every loss with every output activation that keeps to its domain. */
export const outputs: [output: ActivationName, loss: LossName][] = [
  ...[...hiddenNames, "softmax" as const].map((output): [ActivationName, LossName] => [
    output,
    "halfSquaredError",
  ]),
  ["sigmoid", "binaryCrossEntropy"],
  ["softmax", "binaryCrossEntropy"],
  ["softmax", "crossEntropy"],
  ["sigmoid", "crossEntropy"],
];

export interface Shape {
  sizes: number[];
  seed: number;
  batch: number;
}

export const shapes: fc.Arbitrary<Shape> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
  seed: fc.nat(),
  batch: fc.integer({ min: 1, max: 5 }),
});

/** A network with weights in ±0.8 and samples in ±1.5, targets within any loss's domain. */
export function build(
  shape: Shape,
  hidden: ActivationName,
  output: ActivationName,
  loss: LossName,
) {
  const { seed, batch } = shape;
  const sizes = [...shape.sizes];
  // Softmax over one unit is always 1: certain, and by any other target's cross-entropy infinitely wrong.
  if (output === "softmax") sizes.push(Math.max(2, sizes.pop() ?? 2));
  const random = createRandom(seed);
  const numbers = (length: number, limit: number) =>
    Array.from({ length }, () => (2 * random() - 1) * limit);
  const network = createNetwork({ sizes, hidden, output, loss });
  network.weights.set(numbers(network.weights.length, 0.8));
  const samples = {
    inputs: Array.from({ length: batch }, () => numbers(sizes[0], 1.5)),
    targets: Array.from({ length: batch }, () => {
      const shares = numbers(sizes[sizes.length - 1], 0.45).map((number) => number + 0.5);
      const sum = shares.reduce((total, share) => total + share, 0);
      return loss === "crossEntropy" ? shares.map((share) => share / sum) : shares;
    }),
  };
  return { network, samples };
}
