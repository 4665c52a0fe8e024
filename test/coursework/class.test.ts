/** A class of its own: hidden cases that follow from its secret, and from nothing else. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";
import { classKeyOf, makeClass, renewClass, seedOf } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/node/argv";
import { assignmentNames, functionsIn } from "./source";

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
  const { assignments: names, secret } = makeClass(original, folder);
  expect(names).toEqual(assignmentNames);
  const words = readFileSync(secret, "utf8").trim();
  expect(words).toMatch(/^[0-9a-f]{64}$/);
  for (const name of names) {
    const [ours, theirs] = [sourceOf(original, name), sourceOf(folder, name)];
    const seeds = seedsIn(theirs);
    expect(seeds.length).toBe(seedsIn(ours).length);
    for (const [task, seed] of seeds) expect(seed).toBe(seedOf(words, task));
    const without = (text: string) =>
      JSON.stringify(JSON.parse(text.replace(/, \d+\);/g, ", 0);")));
    expect(without(theirs)).toBe(without(ours));
  }
});

test("with a word, and only with one, some tasks have numbers of each student's own", async () => {
  const folder = place();
  makeClass(original, folder, "autumn 2027");
  const config = join(folder, "nbgrader_config.py");
  expect(readFileSync(config, "utf8")).toContain('\nc.OwnNumbers.word = "autumn 2027"\n');
  const own = '{ word: "autumn 2027", identifier }';
  for (const { name, tasks } of assignments) {
    const cells: { id: string; source: string[] }[] = JSON.parse(sourceOf(folder, name)).cells;
    const texts = cells.map(({ source }) => source.join(""));
    expect(texts.join("\n")).not.toMatch(/\b(?:OWN|WHO|ASKED)\b/);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    const solutions = functionsIn(...texts.filter((text) => text.includes("BEGIN SOLUTION")));
    expect(solutions.identifier()).toBe("example");
    expect(texts.findIndex((text) => text.includes("function identifier()"))).toBeLessThan(
      texts.findIndex((text) => text.startsWith("## 1.")),
    );
    for (const task of tasks) {
      const label = `${name}/${task.name}`;
      const test = texts.find((text) => text.includes(`await check("${label}"`));
      const [, seed] = /await score\("[^"]*", \w+, (\d+)/.exec(test ?? "") ?? [];
      expect(seed).toBe(
        String(seedOf(readFileSync(join(folder, "secret.txt"), "utf8").trim(), label)),
      );
      const asked = task.own ? `, ${own}` : "";
      expect(test).toContain(`await check("${label}", ${task.name}${asked});`);
      expect(test).toContain(`await score("${label}", ${task.name}, ${seed}${asked});`);
      expect(texts.some((text) => text.endsWith(`ownNumbers("${label}", ${own});`))).toBe(
        task.own !== undefined,
      );
      const numbers = { word: "autumn 2027", identifier: () => "example" };
      const { points } = await score(label, solutions[task.name], 3, task.own && numbers);
      expect([label, points]).toEqual([label, task.points]);
    }
  }
  // Taken out again, nothing is left of it.
  writeFileSync(config, readFileSync(config, "utf8").replace("autumn 2027", ""));
  renewClass(original, folder);
  for (const name of assignmentNames)
    expect(sourceOf(folder, name)).not.toMatch(/ownNumbers|identifier/);
});

test.each(['with "quotes"', "back\\slash", "line\nbreak"])(
  "a word that no line can hold is refused: %j",
  (word) => {
    const folder = place();
    expect(() => makeClass(original, folder, word)).toThrow(/write it with letters, digits/);
    expect(() => readdirSync(folder)).toThrow(/ENOENT/);
  },
);

test("what tells a class's pages apart follows from its secret, and is another in another class", () => {
  const [one, other] = [place(), place()];
  for (const folder of [one, other]) makeClass(original, folder);
  expect(classKeyOf(one)).toMatch(/^[0-9a-f]{16}$/);
  expect(classKeyOf(one)).toBe(classKeyOf(one));
  expect(classKeyOf(other)).not.toBe(classKeyOf(one));
  expect(readFileSync(join(one, "secret.txt"), "utf8")).not.toContain(classKeyOf(one));
  expect(() => classKeyOf(place())).toThrow(/holds no class/);
});

test.skipIf(process.platform === "win32")("a class is its owner's alone", () => {
  const folder = place();
  const { secret, assignments: names } = makeClass(original, folder);
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(folder)).toBe(0o700);
  const sources = names.map((name) => join(folder, "source", name, `${name}.ipynb`));
  for (const file of [secret, join(folder, "gradebook.db"), ...sources])
    expect(mode(file)).toBe(0o600);
});

/** Every file of a folder, with its text. */
const contentsOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), "utf8"),
    ]);

test("two classes have other seeds; making a class where there is one changes nothing", () => {
  const [one, other] = [place(), place()];
  makeClass(original, one);
  makeClass(original, other);
  const others = seedsIn(sourceOf(other, "deltas"));
  for (const [n, [, seed]] of seedsIn(sourceOf(one, "deltas")).entries())
    expect(seed).not.toBe(others[n][1]);
  writeFileSync(join(one, "source", "deltas", "deltas.ipynb"), "mine");
  const before = contentsOf(one);
  expect(() => makeClass(original, one)).toThrow(/already holds a class, and nothing was changed/);
  expect(() => makeClass(original, one)).not.toThrow(/earlier version/);
  expect(contentsOf(one)).toEqual(before);
});

test("a class with an earlier version's configuration keeps it, and is told what to do", () => {
  const folder = place();
  expect(makeClass(original, folder).advice).toBeUndefined();
  const config = join(folder, "nbgrader_config.py");
  writeFileSync(config, "c = get_config()\nc.Autograde.exporter_class = None\n");
  const before = contentsOf(folder);
  expect(() => makeClass(original, folder)).toThrow(
    /nothing was changed.*\n.*made by an earlier version.* Rename it, copy .*nbgrader_config.py/,
  );
  expect(contentsOf(folder)).toEqual(before);
  expect(renewClass(original, folder).advice).toMatch(/made by an earlier version/);
  expect(contentsOf(folder)).toEqual(before);
  writeFileSync(config, readFileSync(join(original, "nbgrader_config.py"), "utf8"));
  expect(renewClass(original, folder).advice).toBeUndefined();
});

test("renewed, a class has the project's assignments again, with its own seeds and configuration", () => {
  const folder = place();
  makeClass(original, folder);
  const before = sourceOf(folder, "deltas");
  writeFileSync(join(folder, "source", "deltas", "deltas.ipynb"), "mine");
  const config = join(folder, "nbgrader_config.py");
  writeFileSync(config, "mine too");
  renewClass(original, folder);
  expect(sourceOf(folder, "deltas")).toBe(before);
  expect(readFileSync(config, "utf8")).toBe("mine too");
  expect(() => renewClass(original, place())).toThrow(/holds no class/);
});

test("a folder with other things in it is left alone", () => {
  const folder = place();
  makeClass(original, folder);
  rmSync(join(folder, "nbgrader_config.py"));
  writeFileSync(join(folder, "thesis.txt"), "mine");
  expect(() => makeClass(original, folder)).toThrow(/is not empty/);
  expect(readFileSync(join(folder, "thesis.txt"), "utf8")).toBe("mine");
});
