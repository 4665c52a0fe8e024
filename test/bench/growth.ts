/** How time for an epoch grows with weights, samples and depth, and that memory does not. */

import { createRandom } from "../../src/arithmetic";
import { xor } from "../../src/data";
import { createNetwork } from "../../src/nn";
import { Training, train } from "../../src/training";

export function growth(): void {
  console.log(
    "\nTime for an epoch as the work grows, on log-log paper a line of slope 1 if it grows as the work does:",
  );
  const widths = [64, 128, 256, 512, 1024];
  show("weights, 16-n-4, 128 samples", widths, (n) => [
    n * 17 + 4 * (n + 1),
    time([16, n, 4], 128),
  ]);
  const counts = [128, 512, 2048, 8192];
  show("samples, 16-64-4", counts, (n) => [n, time([16, 64, 4], n)]);
  const depths = [4, 8, 16, 32, 64];
  show("layers of 32 units, 128 samples", depths, (n) => [
    n,
    time([32, ...new Array<number>(n).fill(32), 4], 128),
  ]);

  const network = createNetwork({ sizes: [2, 3, 1], output: "sigmoid", seed: 1 });
  const training = new Training(network, xor, { learningRate: 0.1, epochs: 1_000_000 });
  console.log("\nMemory of XOR, a million epochs, after collecting what is no longer used:");
  const heap = () => {
    (globalThis as { gc?: () => void }).gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return `${((heapUsed + arrayBuffers) / 1e6).toFixed(2)} MB`;
  };
  const seen = [heap()];
  for (let n = 0; n < 5; n++) {
    training.advance(200_000);
    seen.push(heap());
  }
  console.log(`  after 0, 200,000, … 1,000,000 epochs: ${seen.join(", ")}`);
}

/** Milliseconds for one epoch of a full batch, the least of several tries. */
function time(sizes: readonly number[], samples: number): number {
  const random = createRandom(1);
  const inputs = Array.from({ length: samples }, () =>
    Array.from({ length: sizes[0] }, () => 2 * random() - 1),
  );
  const targets = inputs.map((_, i) => Array.from({ length: 4 }, (_, k) => (k === i % 4 ? 1 : 0)));
  const network = createNetwork({ sizes, output: "softmax", loss: "crossEntropy" });
  const run = (epochs: number) => {
    const start = performance.now();
    train(network, { inputs, targets }, { learningRate: 1e-6, epochs });
    return performance.now() - start;
  };
  let epochs = 1;
  while (run(epochs) < 100) epochs *= 2;
  return Math.min(...[1, 2, 3].map(() => run(epochs))) / epochs;
}

function show(what: string, steps: number[], measure: (step: number) => [number, number]): void {
  const points = steps.map(measure);
  const logs = points.map(([size, ms]) => [Math.log(size), Math.log(ms)]);
  const mean = (i: 0 | 1) => logs.reduce((sum, point) => sum + point[i], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const slope =
    logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) /
    logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const list = points.map(([size, ms]) => `${size}: ${ms.toPrecision(3)} ms`).join(", ");
  console.log(`  ${what}: slope ${slope.toFixed(2)} (${list})`);
}
