import { expect, test } from "vitest";
import { lossCurve, unfinished } from "../../src/show";
import type { Training } from "../../src/training";

test("a stand-in refuses whatever is asked of it, and says why", () => {
  const run = unfinished<Training>("run");
  const says = /^There is no run: the cell that makes it has failed.*run it again/;
  expect(() => run.network).toThrow(says);
  expect(() => run.history.costs).toThrow(says);
  expect(() => "network" in run).toThrow(says);
  expect(() => ({ ...run })).toThrow(says);
  expect(() => lossCurve(run)).toThrow(says);
  expect(() => [...unfinished<number[]>("list")]).toThrow(/There is no list/);
});
