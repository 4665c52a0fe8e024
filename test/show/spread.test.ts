/** Bands of runs: ten known runs, whose quantiles are among their numbers. */
import { expect, test } from "vitest";
import { spread } from "../../src/show";

// Eleven runs with the values n and 100 n: the tenths are 1 and 9, the median 5.
const runs = Array.from({ length: 11 }, (_, n) => [n, 100 * n]);

test("has a band and a median for each name, in a colour of their own", () => {
  const traces = spread([0, 10], { one: runs, other: [[1, 1]] });
  expect(traces.map(({ name }) => name)).toEqual([undefined, "one", undefined, "other"]);
  const [band, median, , other] = traces;
  expect(median).toMatchObject({ x: [0, 10], y: [5, 500] });
  expect(band).toMatchObject({ x: [0, 10, 10, 0], y: [9, 900, 100, 1], fill: "toself" });
  expect(band.fillcolor).toBe(`${median.line.color}22`);
  expect(other.line.color).not.toBe(median.line.color);
  expect(other.line.dash).not.toBe(median.line.dash);
});

test("refuses a name without runs, and runs of another length", () => {
  expect(() => spread([0, 10], { none: [] })).toThrow(/no run of «none»/);
  expect(() => spread([0, 10], { short: [[1, 2], [1]] })).toThrow(/1 values for 2 of x/);
});
