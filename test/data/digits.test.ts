import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { digits } from "../../src/data";

test("the digits are those of the UCI repository's test set, pixel for pixel", () => {
  const { inputs, labels } = digits();
  const lines = inputs.map((image, n) => [...image.map((ink) => 16 * ink), labels[n]].join(","));
  expect(
    createHash("sha256")
      .update(`${lines.join("\n")}\n`)
      .digest("hex"),
  ).toBe(
    // Of optdigits.tes, as scikit-learn 1.x carries it (digits.csv.gz, its numbers written as whole ones).
    "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
  );
});

test("1,797 images of 64 pixels, ten classes, one 1 in each target", () => {
  const { inputs, labels, targets } = digits();
  expect(inputs).toHaveLength(1797);
  expect(
    inputs.every((image) => image.length === 64 && image.every((ink) => ink >= 0 && ink <= 1)),
  ).toBe(true);
  // The counts that the data set's own description gives.
  const counts = Array.from({ length: 10 }, (_, k) => labels.filter((label) => label === k).length);
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  targets.forEach((target, n) => {
    expect(target.indexOf(1)).toBe(labels[n]);
    expect(target.reduce((sum, one) => sum + one)).toBe(1);
  });
  expect(digits()).toBe(digits());
  const { inputNames, targetNames, name, source } = digits();
  expect(inputNames).toHaveLength(64);
  expect([0, 7, 8, 63].map((i) => inputNames[i])).toEqual([
    "row 1, column 1",
    "row 1, column 8",
    "row 2, column 1",
    "row 8, column 8",
  ]);
  expect(targetNames.join("")).toBe("0123456789");
  expect(`${name}: ${source}`).toMatch(/digits: .*UCI.*CC BY 4\.0/);
});
