/** What a reader is told about an answer; test/notebooks/answers.ts tries every check of the notebooks. */
import { describe, expect, test } from "vitest";
import { checkAnswer, checkFormula } from "../../src/exercise";
import { same, written } from "../../src/exercise/compare";
import { display, type MimeBundle } from "../../src/show";

describe("checkAnswer", () => {
  test("numbers: fractions to three digits, whole numbers exactly", () => {
    expect(checkAnswer(0.3333, 1 / 3).right).toBe(true);
    expect(checkAnswer(0.34, 1 / 3).right).toBe(false);
    expect(checkAnswer(1000.4, 1000).right).toBe(false);
  });

  test("infinity is right for infinity alone", () => {
    for (const wrong of [Infinity, -Infinity, Number.NaN]) {
      expect(checkAnswer(wrong, 3).right).toBe(false);
    }
    expect(checkAnswer(3, Infinity).right).toBe(false);
    expect(checkAnswer(-Infinity, Infinity).right).toBe(false);
    expect(checkAnswer(Infinity, Infinity).right).toBe(true);
    const cases = [[1], [2]] as [number][];
    const formula = { yours: (z: number) => z / 0, expected: (z: number) => z * z, cases };
    expect(checkFormula(formula).right).toBe(false);
  });

  test("words: in capitals or not", () => {
    expect(checkAnswer(" Too high", "too high").right).toBe(true);
    expect(checkAnswer("As it is", "too high", [["as it is", "Think again."]]).message).toBe(
      "✗ Not As it is. Think again.",
    );
  });

  test("an answer of another kind is told which kind is wanted", () => {
    expect(checkAnswer("1/1024", 1 / 1024).message).toBe(
      "✗ Not 1/1024: the answer is a number, without quotes.",
    );
    expect(checkAnswer(2, "nearly").message).toMatch(/a word or two, in quotes/);
    expect(checkAnswer("true", true)).toMatchObject({
      right: false,
      message: "✗ Not true: the answer is true or false, without quotes.",
    });
  });

  test("what is not answered is neither right nor wrong", () => {
    expect(checkAnswer(undefined, 1).right).toBeUndefined();
  });
});

describe("checkFormula", () => {
  const cases: [number, number[]][] = [
    [1, [1, 2]],
    [2, [3, -4]],
    [-3, [0.5, 0]],
  ];
  const check = {
    expected: (factor: number, list: number[]) => list.map((x) => factor * x),
    cases,
    mistakes: {
      "the factor is left out.": (_: number, list: number[]) => list,
      "it is added.": (factor: number, list: number[]) => list.map((x) => factor + x),
    },
  };
  const said = (verdict: ReturnType<typeof checkFormula>) =>
    String((verdict[display]() as MimeBundle)["text/plain"]);

  test("right: every case, by the same numbers to a millionth", () => {
    const close = checkFormula({
      ...check,
      yours: (factor, list) => list.map((x) => factor * x * (1 + 0.9e-6)),
    });
    expect(close).toMatchObject({ right: true, message: "✓ Right: all 3 cases agree." });
    const far = (tolerance?: number) =>
      checkFormula({
        ...check,
        yours: (f, list) => list.map((x) => f * x * (1 + 1e-5)),
        tolerance,
      });
    expect(far().right).toBe(false);
    expect(far(1e-4).right).toBe(true);
  });

  test("wrong: how many cases differ, and the mistake whose numbers they all are", () => {
    const added = checkFormula({ ...check, yours: (factor, list) => list.map((x) => factor + x) });
    expect(added.right).toBe(false);
    expect(added.message).toBe(
      "✗ Not yet: 3 of 3 cases differ. Your numbers match a known mistake: it is added.",
    );
    // The first case is right by accident, and does not hide the mistake.
    const left = checkFormula({ ...check, yours: (_, list) => list });
    expect(left.message).toMatch(/^✗ Not yet: 2 of 3 .* mistake: the factor is left out\.$/);
    const other = checkFormula({ ...check, yours: (factor) => [factor, 7] });
    expect(other.message).toBe("✗ Not yet: 3 of 3 cases differ.");
    // A list of another length, or a number in place of a list, is another result.
    for (const yours of [() => [1], () => 1, () => [1, 2, 3]]) {
      expect(checkFormula({ ...check, yours }).message).toBe("✗ Not yet: 3 of 3 cases differ.");
    }
  });

  test("shows case, expected value and the reader's own", () => {
    const text = said(checkFormula({ ...check, yours: (_, list) => list }));
    const [caption, , head, ...rows] = text.split("\n").filter((line) => line.trim());
    expect(caption).toContain("2 of 3 cases differ");
    expect(head ?? "").not.toBe("");
    expect(text).toMatch(/1, \[1, 2\].*\[1, 2\].*\[1, 2\].*✓ agrees/);
    expect(text).toMatch(/2, \[3, −4\].*\[6, −8\].*\[3, −4\].*✗ differs/);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    const label = (factor: number) => `factor ${factor}`;
    expect(said(checkFormula({ ...check, label, yours: (_, list) => list }))).toMatch(
      /factor 2.*✗ differs/,
    );
  });

  test("an error of the reader's formula is shown, and agrees with nothing", () => {
    const thrown = checkFormula({
      ...check,
      yours: () => {
        throw new TypeError("no such list");
      },
    });
    expect(thrown.message).toBe("✗ Not yet: 3 of 3 cases differ.");
    expect(said(thrown)).toContain("TypeError: no such list");
    const odd = checkFormula({
      ...check,
      yours: () => {
        throw "a word";
      },
    });
    expect(said(odd)).toContain("Error: a word");
  });

  test("not filled in: neither right nor wrong; filled in for some cases, wrong", () => {
    const nothing = checkFormula({ ...check, yours: () => undefined });
    expect(nothing.right).toBeUndefined();
    expect(nothing.message).toMatch(/^Not filled in yet: write your formula in the cell above/);
    const some = checkFormula({ ...check, yours: (f) => (f > 1 ? undefined : [1, 2]) });
    expect(some).toMatchObject({ right: false, message: "✗ Not yet: 2 of 3 cases differ." });
    expect(said(some)).toContain("nothing yet");
  });
});

test("a verdict shows itself as text, and as HTML that its words cannot break", () => {
  const verdict = checkAnswer("<b> & co", "other", [["<b> & co", "Not <that> & not this."]]);
  expect(verdict[display]()).toEqual({
    "text/plain": "✗ Not <b> & co. Not <that> & not this.",
    "text/html": "<p><strong>✗ Not &lt;b> &amp; co. Not &lt;that> &amp; not this.</strong></p>",
  });
  expect(checkAnswer(3, 3).message).toBe("✓ Right: 3.");
  expect(checkAnswer(4, 3).message).toBe(
    "✗ Not 4. Have another look, and run something to find out.",
  );
  expect(checkAnswer(undefined, 1).message).toMatch(/^Not answered yet: put your answer in place/);
});

describe("two results agree", () => {
  test.each<[unknown, unknown, boolean]>([
    [1, 1 + 0.9e-3, true],
    [1, 1 + 1.1e-3, false],
    [1000, 1000.9, true], // as a share of the larger
    [1000, 1001.1, false],
    [0, 0.9e-3, true], // of 1, where both are smaller
    [1e-9, -1e-9, true],
    [Number.NaN, Number.NaN, true],
    [Number.NaN, 1, false],
    [Infinity, Infinity, true],
    [Infinity, 1e308, false],
    [1, "1", false],
    ["a", "a", true],
    [undefined, 0, false],
    [[1, [2, 3]], [1, [2, 3.001]], true],
    [[1, [2, 3]], [1, [2, 3.1]], false],
    [[1, 2], [1, 2, 3], false],
    [[], [], true],
    [Float64Array.of(1, 2), [1, 2], true],
    [[1], 1, false],
  ])("%j and %j: %s", (a, b, agree) => {
    expect(same(a, b, 1e-3)).toBe(agree);
    expect(same(b, a, 1e-3)).toBe(agree);
  });

  test("below the floor, differences are shares of the floor", () => {
    expect(same(1e-6, 2e-6, 0.1, 0)).toBe(false);
    expect(same(1e-6, 1.05e-6, 0.1, 0)).toBe(true);
  });

  test("results are written as the notebooks print them", () => {
    expect(written([1, Float64Array.of(-0.5), "word", undefined, true])).toBe(
      "[1, [−0.5], word, nothing yet, true]",
    );
  });
});
