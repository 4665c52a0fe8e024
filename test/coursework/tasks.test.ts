/** The tasks, in Node alone: solutions earn all, releases nothing, each known mistake is known by name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../src/arithmetic";
import { check, numericalGradient, type Outcome, score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";
import { same, written } from "../../src/exercise/compare";
import { display } from "../../src/show";
import {
  assignmentNames,
  cellsOf,
  functionsIn,
  released,
  solutionCells,
  sourceFolder,
} from "./source";

const seeds = [1, 77, 4000000];
/** What a check says of a right answer. */
const said = { function: /^✓ Right so far/, paper: /^✓ Right: all/, prediction: /is noted/ };

const instructorsPage = readFileSync(join(sourceFolder, "..", "README.md"), "utf8");
/** The cells of the rows of the instructor's table, by assignment. */
const listed = new Map(
  [...instructorsPage.matchAll(/^\| `([\w-]+)` \|(.*)\|$/gm)].map(([, name, row]) => [
    name,
    row.split("|").map((cell) => cell.trim()),
  ]),
);

test("each assignment has its tasks, its notebook, and its row on the instructor's page, in the same order", () => {
  const names = assignments.map(({ name }) => name);
  expect([...listed.keys()]).toEqual(names);
  expect([...names].sort()).toEqual(assignmentNames);
  expect(names.length).toBeGreaterThanOrEqual(9);
});

const textOf = (outcome: Outcome) => (outcome[display]() as Record<string, string>)["text/plain"];

describe.each(assignments.map((one) => [one.name, one] as const))("%s", (name, assignment) => {
  const cells = cellsOf(name);
  const solutions = solutionCells(name);
  const right = functionsIn(...solutions.map(({ source }) => source));
  const untouched = functionsIn(...solutions.map(({ source }) => released(source)));

  test("its tests are those of the tasks, with their points", () => {
    const tests = cells.filter((cell) => cell.cell_type === "code" && cell.nbgrader?.grade);
    expect(
      tests.map(({ source, nbgrader }) => [
        /check\("[\w-]+\/(\w+)"/.exec(source)?.[1],
        nbgrader?.points,
      ]),
    ).toEqual(assignment.tasks.map((task) => [task.name, task.points]));
    for (const { source } of tests) {
      const [, label, fn] = /check\("([\w/-]+)", (\w+)\)/.exec(source) ?? [];
      expect(source).toMatch(
        new RegExp(`await score\\("${label}", ${fn}, \\d+\\);\\n// END HIDDEN TESTS$`),
      );
    }
  });

  test("points stand in the tasks: notebook, titles and the instructor's page say the same", () => {
    const byMachine = assignment.tasks.reduce((sum, { points }) => sum + points, 0);
    const byHand = cells.find(({ id }) => id === "words")?.nbgrader?.points ?? 0;
    for (const task of assignment.tasks) {
      const said = cells.find(({ source }) =>
        source.includes(`await score("${name}/${task.name}"`),
      );
      expect(said?.source).toMatch(new RegExp(`^// ${task.points} points?\\.`));
      expect(said?.nbgrader?.points).toBe(task.points);
    }
    expect(cells[0].source).toContain(`**${byMachine + byHand} points**`);
    const rubric = /Marked by hand, (\d+) points/.exec(
      cells.map(({ source }) => source).join("\n"),
    );
    expect(Number(rubric?.[1])).toBe(byHand);
    const [, points, marked, minutes] = listed.get(name) ?? [];
    expect([points, marked].map(Number)).toEqual([byMachine + byHand, byHand]);
    expect(cells[0].source).toContain(`About ${minutes} minutes`);
  });

  test.each([Infinity, -Infinity, Number.NaN])(
    "results of the right shape, all %f, earn nothing",
    async (wrong) => {
      const spoilt = (result: unknown): unknown =>
        Array.isArray(result) ? result.map(spoilt) : typeof result === "string" ? "" : wrong;
      for (const task of assignment.tasks) {
        const answer = (...args: unknown[]) => spoilt(right[task.name](...args));
        expect([task.name, (await score(`${name}/${task.name}`, answer, 1)).points]).toEqual([
          task.name,
          0,
        ]);
      }
    },
  );

  test("it has four to eight tasks to do, a bug, a prediction before its cell, words with a rubric, a gradient check", () => {
    expect(
      assignment.tasks.filter(({ kind }) => kind === "function").length,
    ).toBeGreaterThanOrEqual(4);
    expect(assignment.tasks.length).toBeLessThanOrEqual(8);
    const ids = cells.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["broken", "mended", "words", "gradient-check"]));
    expect(ids.indexOf("predict-test")).toBeLessThan(ids.indexOf("predict-show"));
    // Whoever runs all cells has not guessed yet: until then the result stays closed.
    const guess = /function (\w+)/.exec(
      cells.find(({ id }) => id === "predict")?.source ?? "",
    )?.[1];
    const show = cells.find(({ id }) => id === "predict-show")?.source;
    expect(show).toMatch(new RegExp(`^${guess}\\(\\) === undefined\\s+\\? "`, "m"));
    const words = cells.find(({ id }) => id === "words");
    expect(words?.nbgrader).toMatchObject({ grade: true, solution: true });
    const rubric = cells.find(({ id }) => id === "words-question")?.source ?? "";
    const marks = [...rubric.matchAll(/^- (\d):/gm)].map(([, points]) => Number(points));
    expect(marks.reduce((sum, mark) => sum + mark, 0)).toBe(words?.nbgrader?.points);
    const points = cells.reduce((sum, cell) => sum + (cell.nbgrader?.points ?? 0), 0);
    expect(cells[0].source).toContain(`**${points} points**`);
    expect(cells[0].source).toMatch(/Builds on \w+ .*About \d+ minutes/);
  });

  test.each(assignment.tasks.map((task) => [task.name, task] as const))(
    "%s: the solution earns all points, for every seed, and its check agrees",
    async (fn, task) => {
      for (const seed of seeds)
        expect((await score(`${name}/${fn}`, right[fn], seed)).points).toBe(task.points);
      const { message } = await check(`${name}/${fn}`, right[fn]);
      expect(message).toMatch(said[task.kind]);
      expect(task.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    },
  );

  test.each(assignment.tasks.map((task) => task.name))(
    "%s: untouched it earns nothing",
    async (fn) => {
      expect((await score(`${name}/${fn}`, untouched[fn], 1)).points).toBe(0);
      expect((await check(`${name}/${fn}`, untouched[fn])).message).toMatch(/^Not filled in yet/);
    },
  );

  const mistakes = assignment.tasks.flatMap((task) =>
    Object.entries(task.mistakes).map(
      ([hint, make]) => [task.name, hint, make as never, task] as const,
    ),
  );
  test.each(mistakes)("%s, recognised: %s", async (fn, hint, make, task) => {
    const outcome = await check(`${name}/${fn}`, make);
    if (task.kind !== "prediction") expect(outcome.message).toContain(hint);
    const scored = await score(`${name}/${fn}`, make, 5);
    expect(scored.points).toBeLessThan(task.points);
    expect(scored.message).toContain(hint);
  });

  test.each(
    assignment.tasks
      .filter(({ kind }) => kind === "function")
      .map((task) => [task.name, task] as const),
  )("%s: what was right on the visible cases alone earns nothing", async (fn, task) => {
    // A special case for each case that the student sees.
    const memorised = (...args: never[]) => {
      const seen = task.visible.find((one) => same(one, args, 1e-9));
      return seen ? task.expected(...(seen as never[])) : undefined;
    };
    expect((await check(`${name}/${fn}`, memorised)).message).toMatch(/^✓ Right so far/);
    expect((await score(`${name}/${fn}`, memorised, 3)).points).toBe(0);
    const constant = task.expected(...(task.visible[0] as never[]));
    expect((await score(`${name}/${fn}`, () => constant, 3)).points).toBe(0);
  });

  test("checks and hints never print a solution", async () => {
    const lines = solutions.flatMap(({ source }) =>
      (/BEGIN SOLUTION\n([\s\S]*)\/\/ END/.exec(source)?.[1] ?? "")
        .split("\n")
        .map((line) => line.trim()),
    );
    const long = lines.filter((line) => line.length > 24);
    for (const task of assignment.tasks) {
      const said = [
        ...Object.keys(task.mistakes),
        (await check(`${name}/${task.name}`, untouched[task.name])).message,
      ].join("\n");
      for (const line of long) expect(said).not.toContain(line);
    }
  });
});

test("half of a task earns its part: a sigmoid that overflows, a gradient of one layer", async () => {
  const overflows = (z: number) => Math.exp(z) / (1 + Math.exp(z));
  expect((await score("activation-functions/sigmoid", overflows, 1)).points).toBe(1);
  const { gradientXor } = functionsIn(...solutionCells("repair-xor").map(({ source }) => source));
  const half = (...args: unknown[]) => [[], (gradientXor(...args) as unknown[])[1]];
  expect((await score("repair-xor/gradientXor", half, 1)).points).toBe(2);
});

const onPaper = assignments.flatMap((assignment) =>
  assignment.tasks
    .filter(({ kind }) => kind === "paper")
    .map((task) => [`${assignment.name}/${task.name}`, task] as const),
);
describe.each(onPaper)("%s, worked out on paper", (name, task) => {
  const right = task.expected();
  const changed = (result: unknown, change: (value: number) => unknown): unknown =>
    Array.isArray(result) ? result.map((one) => changed(one, change)) : change(result as number);

  test("three digits are enough, and two are not", async () => {
    const rounded = changed(right, (value) => Number(value.toPrecision(3)));
    expect((await score(name, () => rounded, 1)).points).toBe(task.points);
    expect((await check(name, () => rounded)).message).toMatch(said.paper);
    const coarse = changed(right, (value) => value * 1.01);
    expect((await score(name, () => coarse, 1)).points).toBe(0);
  });

  test("a part that is right earns its share, and the check says which it is", async () => {
    for (const [n, part] of task.parts.entries()) {
      const half = (right as unknown[]).map((one, m) =>
        m === n ? one : changed(one, (value) => value + 0.321),
      );
      const { points, message } = await score(name, () => half, 1);
      expect(points).toBeCloseTo(part.share * task.points, 2);
      expect(message).toContain("match no known mistake");
      const checked = await check(name, () => half);
      expect(checked.message).toBe("✗ Not yet: 1 of 2 parts differ.");
      const rows = textOf(checked).split("\n");
      for (const { name: other } of task.parts)
        expect(rows.find((row) => row.includes(other))).toContain(
          other === part.name ? "✓ agrees" : "✗ differs",
        );
    }
  });

  test("the check keeps the right numbers to itself", async () => {
    const answers = [() => changed(right, () => 0.123), () => undefined, () => "?", () => []];
    const values = [right].flat(9).map((value) => written(value));
    // One that is not there by itself: in «3 points», say.
    const telling = values.filter((value) => /\d{2}|[.]/.test(value) || Number(value) > 5);
    expect(telling.length).toBeGreaterThan(0);
    for (const answer of answers)
      for (const value of telling)
        expect(textOf(await check(name, answer)).split(/[\s,[\]]+/)).not.toContain(value);
  });

  test("what throws, or is of another shape, earns nothing and is told", async () => {
    const bad = [
      () => {
        throw new RangeError("oh");
      },
      () => null,
      () => 4,
      () => [[], []],
    ];
    for (const one of bad) expect((await score(name, one, 2)).points).toBe(0);
    expect(textOf(await check(name, bad[0]))).toContain("RangeError: oh");
  });
});

test.each([["rise"], ["Rise"], [" RISE\n"], ['"rise"'], ["«rise».", "ri se"]])(
  "a prediction in words is right however it is written: %j",
  async (...words) => {
    for (const word of words)
      expect((await score("weight-updates/lossWill", () => word, 1)).points).toBe(1);
  },
);
test("another word is another prediction, and an accent none", async () => {
  expect((await score("activation-functions/steepest", () => "ReLU", 1)).points).toBe(1);
  expect((await score("activation-functions/steepest", () => "rélu", 1)).points).toBe(1);
  for (const wrong of ["fall", "rises", "", "ris", 1, ["rise"]])
    expect((await score("weight-updates/lossWill", () => wrong, 1)).points).toBe(0);
});

test("an unknown mistake is counted, and a case of it shown where that is allowed", async () => {
  const odd = (h: number, y: number) => h * y + 0.123;
  expect((await score("deltas/outputDelta", odd, 1)).message).toMatch(/12 of 12 cases differ/);
  const host = Symbol.for("Jupyter.host");
  Object.assign(globalThis, { [host]: { showCase: true } });
  try {
    expect((await score("deltas/outputDelta", odd, 1)).message).toMatch(
      /: for \(−?[\d.]+; −?[\d.]+\) −?[\d.]+ was expected, but the answer was −?[\d.]+\.$/,
    );
  } finally {
    Reflect.deleteProperty(globalThis, host);
  }
});

test("a function that throws, or gives nonsense, earns nothing and is told", async () => {
  const bad = [
    () => {
      throw new RangeError("oh");
    },
    () => Number.NaN,
    () => Infinity,
    () => -Infinity,
    () => "4",
    () => [Number.NaN],
    () => ({ valueOf: () => 1 }),
  ];
  for (const one of bad) expect((await score("deltas/outputDelta", one, 2)).points).toBe(0);
  expect((await check("deltas/outputDelta", bad[0])).message).toMatch(/2 of 2 cases differ/);
  const same = { valueOf: () => 4, [Symbol.toPrimitive]: () => 4 };
  expect((await score("deltas/outputDelta", () => same, 2)).points).toBe(0);
});

test("arguments are copies: a function that changes them changes no case", async () => {
  const { weightedSum } = functionsIn(...solutionCells("forward-pass").map(({ source }) => source));
  const spoils = (w: number[], x: number[]) => {
    const sum = weightedSum(w, x);
    w.fill(0);
    x.fill(0);
    return sum;
  };
  expect((await score("forward-pass/weightedSum", spoils, 2)).points).toBe(2);
});

test("the same seed draws the same cases, another seed others", () => {
  const [task] = assignments[0].tasks;
  const draw = (seed: number) => {
    const random = createRandom(seed);
    return Array.from({ length: 5 }, () => task.parts[0].draw(random));
  };
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
});

test("numericalGradient finds slopes by nudging", () => {
  const [dx, dy] = numericalGradient(([x, y]) => x * x * y, [3, 2]);
  expect(dx).toBeCloseTo(12, 8);
  expect(dy).toBeCloseTo(9, 8);
});

test("an unknown task is refused", () => {
  expect(() => check("deltas/nothing", () => 1)).toThrow(/no task "deltas\/nothing"/);
});
