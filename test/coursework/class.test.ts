/** A class of its own: hidden cases that follow from its secret, and from nothing else. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeClass, seedOf } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/argv";
import { assignmentNames } from "./source";

const original = join(projectRoot, "notebooks", "coursework");
const made: string[] = [];
const place = () => {
  made.push(mkdtempSync(join(tmpdir(), "class-")));
  return join(made[made.length - 1], "class");
};
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

const sourceOf = (folder: string, name: string) =>
  readFileSync(join(folder, "source", name, `${name}.ipynb`), "utf8");
const seedsIn = (text: string) =>
  [...text.matchAll(/await score\(\\"([\w/-]+)\\", \w+, (\d+)\);/g)].map(
    ([, task, seed]) => [task, Number(seed)] as const,
  );

test("every seed follows from the secret, and nothing else of the assignments changes", () => {
  const folder = place();
  const { assignments, secret } = makeClass(original, folder);
  expect(assignments).toEqual(assignmentNames);
  const words = readFileSync(secret, "utf8").trim();
  expect(words).toMatch(/^[0-9a-f]{64}$/);
  if (process.platform !== "win32") expect(statSync(secret).mode & 0o777).toBe(0o600);
  for (const name of assignments) {
    const [ours, theirs] = [sourceOf(original, name), sourceOf(folder, name)];
    const seeds = seedsIn(theirs);
    expect(seeds.length).toBe(seedsIn(ours).length);
    for (const [task, seed] of seeds) expect(seed).toBe(seedOf(words, task));
    const without = (text: string) =>
      JSON.stringify(JSON.parse(text.replace(/, \d+\);/g, ", 0);")));
    expect(without(theirs)).toBe(without(ours));
  }
});

test("two classes have other seeds; the same class keeps its own", () => {
  const [one, other] = [place(), place()];
  makeClass(original, one);
  makeClass(original, other);
  const before = seedsIn(sourceOf(one, "deltas"));
  const others = seedsIn(sourceOf(other, "deltas"));
  for (const [n, [, seed]] of before.entries()) expect(seed).not.toBe(others[n][1]);
  makeClass(original, one);
  expect(seedsIn(sourceOf(one, "deltas"))).toEqual(before);
});

test("a folder with other things in it is left alone", () => {
  const folder = place();
  makeClass(original, folder);
  rmSync(join(folder, "nbgrader_config.py"));
  writeFileSync(join(folder, "thesis.txt"), "mine");
  expect(() => makeClass(original, folder)).toThrow(/holds other things/);
  expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("mine");
});
