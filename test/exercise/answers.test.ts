/** What a reader is told about an answer; test/notebooks/answers.ts tries every check of the notebooks. */
import { describe, expect, test } from "vitest";
import { checkAnswer, checkFormula } from "../../src/exercise";

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
