/** Slopes by nudging: slow, ignorant of any vector-Jacobian product, and so a judge of all of them. */
import type { SlopeVerdict } from "../arithmetic";
import { checkGiven, createRandom, judgeSlope, nudgedSlope } from "../arithmetic";
import { placeOf } from "../arrays";
import { backward } from "./backward";
import { constant, operand, type Tensor, tidy } from "./tensor";

export interface SlopeCheck {
  /** Whether every slope agrees. */
  readonly agrees: boolean;
  /** The largest of the errors below. */
  readonly largestError: number;
  /** One row for each number of each input. */
  readonly rows: readonly SlopeCheckRow[];
}

export interface SlopeCheckRow {
  /** Which of the inputs, from 0, and the indices of the number in it. */
  readonly input: number;
  readonly place: readonly number[];
  /** The slope as the backward pass has it, and by nudging. */
  readonly backward: number;
  readonly nudged: number;
  /** How far they are apart, as a share of the larger. */
  readonly error: number;
  readonly verdict: SlopeVerdict;
}

/**
 * Compares the slopes of inputs with what nudging them does. Where the result has many numbers, slopes are of their sum,
 * each times a number drawn between 1 and 2 (so that none hides behind another).
 *
 * @param f computes a tensor from the inputs, the same for the same numbers: what is random in it takes its seed there
 * @param tolerance the largest error that still counts as agreement. Default 1e-6
 * @throws as f, and as `backward`
 */
export function checkSlopes(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { tolerance = 1e-6, seed = 1 } = {},
): SlopeCheck {
  const takes = "checkSlopes takes a function of tensors, and the list of them";
  checkGiven(typeof f === "function" && Array.isArray(inputs), takes, [f, inputs]);
  for (const input of inputs) operand(input, "checkSlopes");
  const random = createRandom(seed);
  let vector = new Float64Array(0);
  let parts = 0;
  const slopes = tidy(() => {
    const output = operand(f(...inputs), "checkSlopes");
    vector = Float64Array.from(output.data, () => (output.data.length === 1 ? 1 : 1 + random()));
    parts = output.data.reduce((total, y, i) => total + Math.abs(y * vector[i]), 0);
    backward(output, constant(vector, output.shape));
    return inputs.map((input) => input.slope?.slice() ?? new Float64Array(input.data.length));
  });
  const noise = () => 16 * Number.EPSILON * parts;
  const rows = inputs.flatMap((input, n) =>
    Array.from(input.data, (z, i): SlopeCheckRow => {
      const at = (nudged: number) => {
        input.data[i] = nudged;
        try {
          return tidy(() => f(...inputs).data.reduce((total, y, n) => total + y * vector[n], 0));
        } finally {
          input.data[i] = z;
        }
      };
      const nudged = nudgedSlope(at, z, 1e-5, noise);
      const { error, verdict } = judgeSlope(slopes[n][i], nudged, tolerance, parts);
      const place = placeOf(input.shape, i);
      return { input: n, place, backward: slopes[n][i], nudged: nudged.slope, error, verdict };
    }),
  );
  return {
    agrees: rows.every(({ verdict }) => verdict === "agrees"),
    largestError: rows.reduce((largest, { error }) => Math.max(largest, error), 0),
    rows,
  };
}
