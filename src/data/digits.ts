/** Handwritten digits. */
import { digitsText } from "./digits-text";
import type { DataSet } from "./truth-tables";

export interface Digits extends DataSet {
  /** The digit that each image shows, 0 to 9. */
  readonly labels: readonly number[];
}

const pixels = 64;
const darkest = 16;

let unpacked: Digits | undefined;

/**
 * 1,797 handwritten digits of 13 people, 8 × 8 pixels each: the test set of «Optical Recognition of Handwritten
 * Digits» (E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998, doi 10.24432/C50P49, CC BY 4.0).
 * Inputs are pixels from 0 (paper) to 1 (ink), row by row; targets have a 1 at the digit and 0 elsewhere.
 */
export function digits(): Digits {
  unpacked ??= unpack();
  return unpacked;
}

function unpack(): Digits {
  const inputs: number[][] = [];
  const labels: number[] = [];
  let image: number[] = [];
  for (const sign of digitsText.replace(/\n/g, "")) {
    if (image.length === pixels) {
      inputs.push(image);
      labels.push(Number(sign));
      image = [];
    } else if (sign >= "a") {
      for (let n = sign.charCodeAt(0) - 95; n > 0; n--) image.push(0);
    } else image.push(Number.parseInt(sign, 17) / darkest);
  }
  return {
    name: "handwritten digits",
    source: "UCI Machine Learning Repository, doi 10.24432/C50P49, CC BY 4.0",
    inputNames: Array.from(
      { length: pixels },
      (_, i) => `row ${1 + (i >> 3)}, column ${1 + (i & 7)}`,
    ),
    targetNames: Array.from({ length: 10 }, (_, k) => String(k)),
    inputs,
    labels,
    targets: labels.map((label) => Array.from({ length: 10 }, (_, k) => (k === label ? 1 : 0))),
  };
}
