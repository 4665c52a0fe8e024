import { expect, test } from "vitest";
import { keepRecent } from "../../src/engines/recent";

test("what was asked for lately is kept, and no more than so much", () => {
  const recent = keepRecent<string>(2);
  let made = "";
  const ask = (key: string) =>
    recent(key, () => {
      made += key;
      return key.toUpperCase();
    });
  expect(["a", "b", "a", "c", "a", "b"].map(ask)).toEqual(["A", "B", "A", "C", "A", "B"]);
  // c drove out b, which had not been asked for as lately as a.
  expect(made).toBe("abcb");
});
