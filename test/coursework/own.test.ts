/**
 * Numbers of each student's own, walked through for some hundreds of students: their tasks can be done, ask for the same with
 * numbers of the same digits, hide no mistake, and what is right for one is wrong for another.
 */
import { describe, expect, test } from "vitest";
import { check, ownNumbers, ownResult, score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";
import { agree } from "../../src/coursework/check";
import { drawnFor } from "../../src/coursework/own-cells";
import type { Task } from "../../src/coursework/task";
import { type Displayable, display } from "../../src/show";
import { type Functions, functionsIn, ownNotebook } from "./source";

const word = "autumn-2027";
const students = Array.from({ length: 200 }, (_, n) => `student${n}`);
/** Of all pairs of students the share in which what is right for one is right for the other: by chance, and no more. */
const byChance = 0.005;

const ownTasks = assignments.flatMap(({ name, tasks }) =>
  tasks.filter(({ own }) => own).map((task) => ({ label: `${name}/${task.name}`, name, task })),
);

/** Of each assignment the functions that are its solutions, student by student. */
const solutions = new Map<string, Functions[]>(
  [...new Set(ownTasks.map(({ name }) => name))].map((name) => [
    name,
    students.map((student) => {
      const codes = ownNotebook(name, word, student).cells.map(({ source }) => source.join(""));
      return functionsIn(...codes.filter((code) => code.includes("// BEGIN SOLUTION")));
    }),
  ]),
);

type Make = (...args: unknown[]) => unknown;
/** What a function gives on the cases that a student sees; on paper and predicted, there is one. */
const resultsOf = (make: unknown, { visible }: Task) =>
  visible.map((args) => (make as Make)(...structuredClone(args)));
const allAgree = (task: Task, some: readonly unknown[], others: readonly unknown[]) =>
  some.every((one, n) => agree(task, one, others[n]));
const of = (student: string) => ({ word, identifier: () => student });
const textOf = async (shown: Displayable) => (await shown[display]())["text/plain"] as string;

describe.each(ownTasks)("$label", ({ label, name, task: { name: fn, kind } }) => {
  const drawn = students.map((student) => drawnFor(label, word, student));
  const answers = (solutions.get(name) ?? []).map((functions) => functions[fn]);

  test("can be done by everyone: the solution is what the library gives", () => {
    expect(answers).toHaveLength(students.length);
    const stuck = drawn.filter(
      ({ task }, n) => !allAgree(task, resultsOf(answers[n], task), resultsOf(task.expected, task)),
    );
    expect(stuck.map(({ numbers }) => numbers)).toEqual([]);
  });

  test("asks everyone for the same, with numbers of the same digits", () => {
    const asked = drawn.map(({ task: { name, points, kind, parts, visible }, numbers }) => {
      const { planted: _, ...digits } = numbers;
      const shape = JSON.stringify(digits).replace(/-/g, "").replace(/[1-9]/g, "d");
      return JSON.stringify([name, points, kind, parts.map(({ name }) => name), visible, shape]);
    });
    // Classes are 0 and 1, and only they have a digit that is 0 in front of no point.
    const same = new Set(asked.map((one) => one.replace(/\\"y\\":\[[0d,]*\]/, "classes")));
    expect([...same]).toHaveLength(1);
  });

  test("hides no mistake: none gives what is right, or what another gives", () => {
    for (const { task } of drawn) {
      const makes = [task.expected, ...Object.values(task.mistakes)];
      expect(makes.length).toBeGreaterThan(3);
      const results = makes.map((make) => resultsOf(make, task));
      for (const [n, one] of results.entries())
        for (const other of results.slice(n + 1)) expect(allAgree(task, one, other)).toBe(false);
    }
  });

  test(`is right for another student in at most ${100 * byChance} % of all pairs`, () => {
    const wanted = drawn.map(({ task }) => resultsOf(task.expected, task));
    const pairs = drawn.flatMap(({ task }, n) =>
      wanted.filter((theirs, m) => n !== m && allAgree(task, theirs, wanted[n])),
    );
    const share = pairs.length / (students.length * (students.length - 1));
    console.log(`${label}: right for another in ${(100 * share).toFixed(2)} % of all pairs`);
    expect(share).toBeLessThanOrEqual(byChance);
  });

  test("scored: all points for one's own, none for another's, and mistakes are known by name", async () => {
    for (const n of [0, 1, 2, 3]) {
      const [student, task] = [students[n], drawn[n].task];
      const points = async (answer: unknown) =>
        (await score(label, answer as Make, 7, of(student))).points;
      expect(await points(answers[n])).toBe(task.points);
      expect((await check(label, answers[n], of(student))).message).toMatch(/^✓ Right|is noted/);
      const wanted = resultsOf(task.expected, task);
      const another = answers.findIndex((one) => !allAgree(task, resultsOf(one, task), wanted));
      expect(await points(answers[another])).toBe(0);
      for (const [hint, make] of Object.entries(task.mistakes)) {
        const { message } = await score(label, make as Make, 7, of(student));
        expect(message).toContain(hint);
        const checked = await check(label, make as Make, of(student));
        if (kind !== "prediction") expect(checked.message).toContain(hint);
      }
    }
  });

  test("is shown with its numbers under the student's name, a prediction with its result", async () => {
    for (const n of [0, 1]) {
      const shown = await textOf(ownNumbers(label, of(students[n])));
      expect(shown).toMatch(new RegExp(`^For «${students[n]}»:`));
      const numbers = Object.values(drawn[n].numbers).flat(3).filter(Number.isFinite);
      expect(numbers.length).toBeGreaterThan(0);
      for (const number of numbers) expect(shown.replace(/−/g, "-")).toContain(String(number));
      if (kind !== "prediction")
        expect(() => ownResult(label, of(students[n]))).toThrow(RangeError);
      else expect(await textOf(ownResult(label, of(students[n])))).toContain(students[n]);
    }
  });
});

const toMend = ownTasks.filter(({ task }) => task.kind === "function");
test.each(toMend)(
  "$label: what is shown has the mistake that it is said to have",
  async ({ label, name }) => {
    const others = ownNotebook(name, word).cells.map(({ source }) => source.join(""));
    const answers = others.filter((code) => code.includes("// BEGIN SOLUTION"));
    const planted = new Set<string>();
    for (const student of students.slice(0, 30)) {
      const { task } = drawnFor(label, word, student);
      const [, code] =
        /\n(function [\s\S]*)/.exec(await textOf(ownNumbers(label, of(student)))) ?? [];
      const broken = functionsIn(...answers, code)[/^function (\w+)/.exec(code)?.[1] ?? ""];
      const hint = Object.keys(task.mistakes).find((one) =>
        one.endsWith(" Nothing is mended yet."),
      );
      expect(hint).toBeDefined();
      planted.add(hint as string);
      const { message } = await check(label, broken, of(student));
      expect(message).toContain(hint);
      expect((await score(label, broken, 3, of(student))).points).toBe(0);
    }
    expect(planted.size).toBe(3);
  },
);

test("case, space and a system's way of writing accents make no other student; word and task make other numbers", () => {
  const [label, other] = ["deltas/predictedDelta", "forward-pass/predictedOutput"];
  const numbers = (name: string, student: string, of = word) =>
    JSON.stringify(drawnFor(name, of, student).numbers);
  const zoe = numbers(label, "zo\u00eb");
  for (const same of [" Zoe\u0308", "ZO\u00cb "]) expect(numbers(label, same)).toBe(zoe);
  expect(numbers(label, "zo\u00eb", "spring")).not.toBe(zoe);
  expect(numbers(label, "zoe")).not.toBe(zoe);
  expect(numbers(other, "zo\u00eb")).not.toBe(zoe);
});

test("numbers stay what they are: a class goes on when the project is renewed", () => {
  // Worked out once: another hash, or another order of draws, would give students other numbers half-way.
  expect(drawnFor("through-time/slopesOnPaper", "spring", "ada").numbers).toEqual({
    w: -0.5,
    x: [4, -8, 7],
  });
});

test("without an identifier there are no numbers, no verdict and no points", async () => {
  const label = "deltas/predictedDelta";
  for (const nobody of [undefined, "", "  ", 7]) {
    const own = { word, identifier: () => nobody };
    for (const shown of [
      ownNumbers(label, own),
      ownResult(label, own),
      await check(label, () => 1, own),
    ])
      expect(await textOf(shown)).toMatch(/^Whose numbers\? Write your identifier/);
    expect(() => score(label, () => 1, 1, own)).toThrow(/Whose numbers/);
  }
  expect(() => ownNumbers("deltas/outputDelta", of("ada"))).toThrow(/same numbers for everyone/);
});

test("whoever is graded is graded with their own numbers, whatever the notebook says", async () => {
  const label = "deltas/predictedDelta";
  const host = Symbol.for("Jupyter.host");
  const [mine, theirs] = solutions.get("deltas") as Functions[];
  Object.assign(globalThis, { [host]: { student: students[0] } });
  try {
    const own = {
      word,
      identifier: () => {
        throw new Error("grading asks nobody");
      },
    };
    expect((await score(label, mine.predictedDelta, 1, own)).points).toBe(1);
    expect((await score(label, theirs.predictedDelta, 1, own)).points).toBe(0);
    expect(await textOf(ownNumbers(label, own))).toContain(students[0]);
  } finally {
    Reflect.deleteProperty(globalThis, host);
  }
});
