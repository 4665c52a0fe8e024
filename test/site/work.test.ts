/** What an assignment's page keeps: for each student at a machine their own, and nothing where the browser refuses. */
import { expect, test } from "vitest";
import { createKeptWork } from "../../src/site/live/work";
import { memory } from "./memory";

const ada = { student: "ada", assignment: "deltas" };

test("each student's answers to each assignment are apart, and there again", () => {
  const store = memory();
  const kept = createKeptWork(() => store, "monday");
  expect(kept.student()).toBeUndefined();
  kept.keepStudent("ada");
  kept.keepAnswer(ada, "output", "one");
  kept.keepAnswer({ ...ada, student: "bob" }, "output", "two");
  kept.keepAnswer({ ...ada, assignment: "training" }, "cost", "three");
  const again = createKeptWork(() => store, "monday");
  expect(again.student()).toBe("ada");
  expect(again.answers(ada)).toEqual({ output: "one" });
  expect(again.answers({ ...ada, student: "bob" })).toEqual({ output: "two" });
  expect(again.answers({ ...ada, student: "cee" })).toEqual({});
});

test("pages of another class in the same place know nothing of it", () => {
  const store = memory();
  const [monday, tuesday] = ["monday", "tuesday"].map((key) => createKeptWork(() => store, key));
  monday.keepStudent("ada");
  monday.keepAnswer(ada, "output", "one");
  expect(tuesday.student()).toBeUndefined();
  expect(tuesday.answers(ada)).toEqual({});
  tuesday.keepAnswer(ada, "output", "two");
  expect(monday.answers(ada)).toEqual({ output: "one" });
});

test("an answer leaves the others as another window has them; one that is as it was is gone", () => {
  const store = memory();
  const [one, other] = [
    createKeptWork(() => store, "monday"),
    createKeptWork(() => store, "monday"),
  ];
  one.keepAnswer(ada, "output", "1");
  other.keepAnswer(ada, "hidden", "2");
  expect(one.answers(ada)).toEqual({ output: "1", hidden: "2" });
  one.keepAnswer(ada, "output", undefined);
  one.keepAnswer(ada, "hidden", undefined);
  expect(store.length).toBe(0);
});

test("what somebody else wrote there is no answer", () => {
  const key = 'backprop:work:["monday","ada","deltas"]';
  const store = memory({ "backprop:student:monday": "7", [key]: '{"output":3,"hidden":"h"}' });
  const kept = createKeptWork(() => store, "monday");
  expect(kept.student()).toBeUndefined();
  expect(kept.answers(ada)).toEqual({ hidden: "h" });
});

test.each([
  ["SecurityError", /private window/],
  ["QuotaExceededError", /no room left/],
])("a refusal (%s) is no error, and is told", (name, words) => {
  const kept = createKeptWork(() => {
    throw Object.assign(new Error("no"), { name });
  }, "monday");
  kept.keepStudent("ada");
  kept.keepAnswer(ada, "output", "1");
  expect(kept.student()).toBeUndefined();
  expect(kept.answers(ada)).toEqual({});
  expect(kept.failure).toMatch(words);
});
