/** Every kind of explorable, as the tests show and use it: one that is missing here is a fault of types. */

import type { Explorable } from "../../src/explore";
import * as explore from "../../src/explore";
import { createNetwork } from "../../src/nn";

type Sample = () => Explorable<object>;

interface Tried {
  /** As cells make it, by what is special. */
  samples: Record<string, Sample>;
  /** A notebook that has one. */
  notebook: string;
}

/** Thirteen weights for the 2-3-1 network, no two the same. */
export const drawn = Array.from({ length: 13 }, (_, n) => Math.sin(n));

export const reader = (seed: number) =>
  createNetwork({
    sizes: [64, 64, 10],
    hidden: "relu",
    output: "softmax",
    loss: "crossEntropy",
    weights: "he",
    seed,
  });

export const kinds: Record<keyof typeof explore, Tried> = {
  activation: {
    samples: {
      "two functions": () =>
        explore.activation({ functions: ["sigmoid", "relu"], weights: [0.1, -2, 1] }),
    },
    notebook: "activation-functions",
  },
  attention: {
    samples: {
      "two keys": () =>
        explore.attention({
          query: [-0.5, 1.25],
          keys: [
            [1, 0],
            [-2, 1.5],
          ],
          values: [-1, 4],
          scaled: false,
          slope: -2,
        }),
    },
    notebook: "who-looks-at-whom",
  },
  backpropagation: {
    samples: {
      "its last step": () => explore.backpropagation({ hidden: "tanh", weights: drawn, step: 26 }),
    },
    notebook: "weight-updates",
  },
  convolution: {
    samples: {
      "three uses": () => explore.convolution({ place: 5, uses: [0, 10], weight: "K13" }),
    },
    notebook: "many-places",
  },
  digits: {
    samples: {
      "two strokes": () =>
        explore.digits(reader(1), {
          strokes: [
            [1, 2, 30, 31.5],
            [16, 16],
          ],
          fit: false,
        }),
    },
    notebook: "digits",
  },
  playground: {
    samples: {
      XOR: () => explore.playground({ epochs: 100 }),
      spiral: () =>
        explore.playground({
          data: "spiral",
          samples: 400,
          noise: 0.1,
          layers: [8, 8],
          testShare: 0.3,
          epochs: 20,
        }),
      "own points": () =>
        explore.playground({
          data: "own",
          points: [
            [0.1, 0.2, 0],
            [-0.4, 0.9, 1],
            [0.7, -1.3, 2],
            [0.3, 0.3, 1],
          ],
          layers: [3, 4],
          hidden: ["tanh", "relu"],
          output: "softmax",
          loss: "crossEntropy",
          epochs: 3,
        }),
    },
    notebook: "training",
  },
  slope: {
    samples: {
      curve: () => explore.slope({ sample: "all", weights: "xavier", seed: 3 }),
      surface: () => explore.slope({ weight: "W11", second: "V00", hidden: "tanh" }),
    },
    notebook: "weight-updates",
  },
};

export const everySample: [label: string, make: Sample, name: string][] = Object.entries(
  kinds,
).flatMap(([name, { samples }]) =>
  Object.entries(samples).map(([what, make]): [string, Sample, string] => [
    `${name}: ${what}`,
    make,
    name,
  ]),
);
