/** Small networks to be worked out by hand: two inputs, two hidden units, one output, all of them identities. */
import type { Random } from "../arithmetic";
import { type Displayable, table } from "../show";
import { type Numbers, pick, signed } from "./task";

export interface NetworkByHand extends Numbers {
  /** The hidden units' weights, the biases first. */
  readonly W: number[][];
  /** The output's, its bias first. */
  readonly v: number[];
  readonly x: number[];
}

/** And what its output should be. */
export interface ByHand extends NetworkByHand {
  readonly y: number;
}

/**
 * Whole numbers of one digit, none of them 0 or 1. The two weights of a unit are 2 and 3, in any order and with any signs: with
 * equal ones it would not show which of them was taken. No unit gives 0, and what the output misses the target by has at most two
 * digits, so that a result that is wrong by 1 is wrong by more than rounding.
 */
export function drawByHand(random: Random): ByHand {
  for (;;) {
    const drawn = {
      W: [unit(random), unit(random)],
      v: unit(random),
      x: pair(random),
      y: signed(random, 4, 9),
    };
    const a = drawn.W.map((w) => sumOf(w, drawn.x));
    const h = sumOf(drawn.v, a);
    const isPlain = [...a, h].every((value) => value !== 0 && value !== 1);
    if (isPlain && Math.abs(h) < 100 && Math.abs(h - drawn.y) < 66) return drawn;
  }
}

const pair = (random: Random) => {
  const sizes = pick(random, [
    [2, 3],
    [3, 2],
  ]);
  return sizes.map((size) => signed(random, size, size));
};
const unit = (random: Random) => [signed(random, 4, 9), ...pair(random)];
const sumOf = ([bias, ...weights]: readonly number[], x: readonly number[]) =>
  weights.reduce((sum, w, i) => sum + w * x[i], bias);

/** The network's numbers, and its sample with the target if there is one, by the names that the notebooks use. */
export function tableByHand({ W, v, x, y }: NetworkByHand & { readonly y?: number }): Displayable {
  const row = (unit: string, [bias, first, second]: readonly number[]) => ({
    unit,
    bias,
    "from the first": first,
    "from the second": second,
  });
  const sample = `the sample (${x.map(written).join(", ")})${y === undefined ? "" : ` with target ${written(y)}`}`;
  return table([row("Z1", W[0]), row("Z2", W[1]), row("output", v)], {
    caption: `The weights of your network, and ${sample}`,
  });
}

const written = (value: number) => String(value).replace("-", "−");
