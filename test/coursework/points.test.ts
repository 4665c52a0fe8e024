/** Points stand in one place, the tasks; what else names them says the same. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { assignments } from "../../src/coursework/assignments";
import { assignmentNames, cellsOf, released, sourceFolder } from "./source";

const page = readFileSync(join(dirname(sourceFolder), "README.md"), "utf8");
const plural = (points: number) => `${points} ${points === 1 ? "point" : "points"}`;

test("there are tasks for every notebook", () => {
  expect(assignments.map(({ name }) => name).sort()).toEqual(assignmentNames);
});

test.each(assignmentNames)("%s: each task's points, by hand and in all", (name) => {
  const tasks = assignments.find((one) => one.name === name)?.tasks ?? [];
  const cells = cellsOf(name);
  const tests = cells.filter(({ nbgrader }) => nbgrader?.grade && !nbgrader.solution);
  expect(tests).toHaveLength(tasks.length);
  tasks.forEach((task, n) => {
    const { source, nbgrader } = tests[n];
    expect(source).toContain(`score("${name}/${task.name}", ${task.name}, `);
    expect(nbgrader?.points).toBe(task.points);
    expect(source.split("\n")[0]).toBe(
      `// ${plural(task.points)}. Run this cell as often as you like.`,
    );
  });

  const words = cells.filter(({ nbgrader }) => nbgrader?.grade && nbgrader.solution);
  const byHand = words.reduce((sum, { nbgrader }) => sum + (nbgrader?.points ?? 0), 0);
  const question = cells.find(({ id }) => id === "words-question")?.source ?? "";
  expect(question).toContain(`Marked by hand, ${plural(byHand)}:`);
  const rubric = [...question.matchAll(/^- (\d+): /gm)].map(([, points]) => Number(points));
  expect(rubric.reduce((sum, points) => sum + points, 0)).toBe(byHand);

  const all = byHand + tasks.reduce((sum, { points }) => sum + points, 0);
  expect(cells[0].source).toContain(`**${all} points**`);
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
  expect(
    row
      .split("|")
      .map((cell) => cell.trim())
      .slice(3, 5),
  ).toEqual([`${all}`, `${byHand}`]);
});

test.each(assignmentNames)("%s: the rubric is not in the release", (name) => {
  const question = cellsOf(name).find(({ id }) => id === "words-question")?.source ?? "";
  expect(question).toMatch(/Marked by hand/);
  expect(released(question)).not.toMatch(/Marked by hand|MARK SCHEME/);
});
