/**
 * Ten settings of the playground, five that succeed and five that fail, each with a sentence that says why.
 * Every sentence is held against a run of its settings by test/explore/gallery.test.ts.
 */
import { kind, type PlaygroundSettings } from "./kinds/playground";

export interface GalleryEntry {
  name: string;
  succeeds: boolean;
  settings: PlaygroundSettings;
  /** Why it succeeds or fails. */
  why: string;
}

const of = (settings: Partial<PlaygroundSettings>): PlaygroundSettings => ({
  ...kind.defaults,
  ...settings,
});

/** A shape of 200 points, of which some are kept for testing. */
const shape = { samples: 200, noise: 0.1, testShare: 0.3 };

export const gallery: readonly GalleryEntry[] = [
  {
    name: "XOR with three units",
    succeeds: true,
    settings: of({ epochs: 1000 }),
    why: "XOR takes more than one straight border, and each hidden unit draws one.",
  },
  {
    name: "circle with four units",
    succeeds: true,
    settings: of({
      ...shape,
      data: "circle",
      noise: 0.05,
      layers: [4],
      optimiser: "adam",
      learningRate: 0.05,
      epochs: 600,
    }),
    why: "A border that closes around the middle takes at least three straight ones; two units leave it open.",
  },
  {
    name: "moons with eight ReLU units",
    succeeds: true,
    settings: of({
      ...shape,
      data: "moons",
      layers: [8],
      hidden: "relu",
      weights: "he",
      optimiser: "adam",
      learningRate: 0.03,
      epochs: 400,
    }),
    why: "The output is made of flat pieces with a kink where a unit sets in, at most eight of them: enough to follow both half circles.",
  },
  {
    name: "spiral with Adam",
    succeeds: true,
    settings: of({
      ...shape,
      data: "spiral",
      samples: 300,
      noise: 0.02,
      layers: [16, 16],
      weights: "xavier",
      optimiser: "adam",
      learningRate: 0.02,
      epochs: 500,
    }),
    why: "Adam finds a step size for each weight: gradient descent with the same learning rate has, after as many epochs, a cost more than a hundred times as large.",
  },
  {
    name: "three clouds without a hidden layer",
    succeeds: true,
    settings: of({
      ...shape,
      data: "clouds",
      noise: 0.05,
      layers: [],
      output: "softmax",
      loss: "crossEntropy",
      learningRate: 1,
      epochs: 300,
    }),
    why: "Straight borders part the three clouds, and softmax draws straight borders: nothing hidden is needed.",
  },
  {
    name: "XOR with one unit",
    succeeds: false,
    settings: of({ layers: [1], epochs: 1000 }),
    why: "All that one unit can tell apart are the two sides of a straight border: one of the four corners is always on the wrong side.",
  },
  {
    name: "XOR with identity activations",
    succeeds: false,
    settings: of({ layers: [8, 8], hidden: "identity", epochs: 1000 }),
    why: "Weighted sums of weighted sums are weighted sums: sixteen hidden units make a single straight border.",
  },
  {
    name: "too large a learning rate",
    succeeds: false,
    settings: of({
      ...shape,
      data: "moons",
      layers: [8],
      hidden: "relu",
      output: "identity",
      loss: "halfSquaredError",
      weights: "he",
      learningRate: 5,
      epochs: 300,
    }),
    why: "Every step jumps over the bottom and lands higher on the other side: the cost grows until it is too large for a number.",
  },
  {
    name: "five layers of sigmoids",
    succeeds: false,
    settings: of({
      ...shape,
      data: "circle",
      layers: [6, 6, 6, 6, 6],
      hidden: "sigmoid",
      weights: "xavier",
      epochs: 400,
    }),
    why: "Each sigmoid layer makes the deltas smaller on their way back: at the start the slopes of the first layer are more than a hundred times smaller than those of the last.",
  },
  {
    name: "learned by heart",
    succeeds: false,
    settings: of({
      data: "moons",
      samples: 60,
      noise: 0.4,
      testShare: 0.5,
      layers: [32, 32],
      optimiser: "adam",
      learningRate: 0.01,
      epochs: 1500,
    }),
    why: "It has learned the noise: all training samples are right, but the cost of the test samples has risen to more than four times its lowest.",
  },
];

/** Whether settings are those of an entry, however long they have been trained. */
export function isOfGallery(
  settings: PlaygroundSettings,
  { settings: own }: GalleryEntry,
): boolean {
  return JSON.stringify({ ...own, epochs: 0 }) === JSON.stringify({ ...settings, epochs: 0 });
}
