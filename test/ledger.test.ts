import { beforeAll, describe, expect, test } from "vitest";
import { type Checked, type Claim, type Entry, judge, Ledger, textClaims } from "../src/ledger";
import { notebookPath } from "../src/notebooks";
import { display } from "../src/show";
import { kernelForTests } from "./kernel/asking";
import { committedNotebook, runCells } from "./notebooks/notebook";

const claim = (checked: Checked): Claim => ({ id: "X1", says: "something", ...checked });

test.each<[Checked, string]>([
  [{ claimed: 4, found: 4 }, "right"],
  [{ claimed: 4, found: 4 + 1e-12 }, "right"],
  [{ claimed: 4, found: 4.0001 }, "wrong number"],
  [{ claimed: -4, found: 4 }, "wrong sign"],
  [{ claimed: [1.4, 1.4], found: [1.4, 1.4] }, "right"],
  [{ claimed: [1.4, 1.4], found: [1.4, 1] }, "wrong number"],
  [{ claimed: [1, -2], found: [-1, 2] }, "wrong sign"],
  [{ claimed: true, found: true }, "right"],
  [{ claimed: true, found: false }, "contradicted"],
  [{ claimed: 4, found: 4, condition: "σ is a sum", otherwise: 0.96 }, "right, with a condition"],
  [{ claimed: true, found: true, condition: "one", otherwise: false }, "right, with a condition"],
])("%o is %s", (checked, judgement) => {
  expect(judge(claim(checked))).toBe(judgement);
});

test("what has no computation says so", () => {
  expect(judge({ id: "H1", says: "first in 1970", source: "a survey", finds: "so" })).toBe(
    "by source",
  );
  expect(judge({ id: "H2", says: "the best", because: "an opinion" })).toBe("cannot be checked");
});

test("what cannot be compared is refused, with the claim's name", () => {
  expect(() => judge(claim({ claimed: 4, found: true }))).toThrow(
    /Claim "X1" claims 4, which cannot be compared with true/,
  );
  expect(() => judge(claim({ claimed: [1, 2], found: [1] }))).toThrow(/2 numbers, but 1/);
  expect(() => judge(claim({ claimed: 4, found: Number.NaN }))).toThrow(/not finite: 4, NaN/);
  expect(() => judge(claim({ claimed: 4, found: 4, condition: "c", otherwise: 4 }))).toThrow(
    /holds without it/,
  );
  expect(() => judge(claim({ claimed: 4, found: 3, condition: "c", otherwise: 4 }))).toThrow(
    /does not hold with it/,
  );
});

const stated = {
  X1: { where: "A", says: "something", claimed: 1 },
  X2: { where: "B", says: "something else", claimed: true },
  H1: { where: "C", says: "first in 1970", source: "a survey", finds: "so" },
};

test("a cell that is run again replaces its claims; a refused one enters nothing", () => {
  const ledger = new Ledger(stated);
  ledger.enter("1", { X1: 1 });
  ledger.enter("1", { X1: { found: 2, finds: "two" } });
  expect(ledger.entries.map(({ judgement }) => judgement)).toEqual(["wrong number"]);
  expect(() => ledger.enter("1", { X1: 1, X2: 1 })).toThrow(/claims true/);
  expect(ledger.counts).toMatchObject({ right: 0, "wrong number": 1 });
});

test("only what is stated can be entered, with a finding where one is needed", () => {
  const ledger = new Ledger(stated);
  expect(() => ledger.enter("1", { X9: 1 })).toThrow(/no claim "X9"/);
  expect(() => ledger.enter("1", {}, ["X1"])).toThrow(/"X1" is judged by what is found/);
  expect(() => ledger.enter("1", { H1: true })).toThrow(/"H1" is not judged .* true/);
  ledger.enter("1", { X2: { found: true, condition: "so", otherwise: false } }, ["H1"]);
  expect(ledger.entries.map(({ where, judgement }) => [where, judgement])).toEqual([
    ["B", "right, with a condition"],
    ["C", "by source"],
  ]);
});

test("the reader's verdicts are compared once they are given, and not before", () => {
  const ledger = new Ledger(stated);
  ledger.enter("1", { X1: 2 });
  const shown = (yours: boolean | undefined) =>
    (ledger.compare({ X1: yours })[display]() as Record<string, string>)["text/plain"];
  expect(shown(undefined)).not.toMatch(/wrong number/);
  expect(shown(false)).toMatch(/1 of the 1 .*agreed/s);
  expect(shown(true)).toMatch(/0 of the 1 .*not agreed/s);
  expect(() => ledger.compare({ X9: true })).toThrow(/no claim "X9"/);
});

describe("the ledger of «Checking the text»", () => {
  const { kernel, run } = kernelForTests();
  let entries: Entry[];
  beforeAll(async () => {
    await runCells(kernel(), committedNotebook(notebookPath("checking-the-text")).cells);
    const { outputs } = await run("console.log(JSON.stringify(ledger.entries))");
    entries = JSON.parse(outputs.map(({ text = "" }) => text).join(""));
  });

  test("every computed verdict flips when what is claimed or what is found is altered", () => {
    const computed = entries.filter(({ claim }) => "claimed" in claim);
    expect(computed.length).toBeGreaterThan(40);
    for (const { claim, judgement } of computed) {
      const { claimed, found, otherwise } = claim as Checked;
      const bare = { id: claim.id, says: claim.says };
      const verdict = (checked: Checked) => judge({ ...bare, ...checked });
      if (judgement.startsWith("right")) {
        const changed = [
          { claimed: altered(claimed), found },
          { claimed, found: altered(found) },
        ];
        for (const one of changed) expect(verdict(one), claim.id).not.toMatch(/^right/);
        if (otherwise !== undefined)
          expect(verdict({ claimed, found: otherwise }), claim.id).not.toMatch(/^right/);
      } else {
        expect(verdict({ claimed: found, found }), claim.id).toBe("right");
        expect(verdict({ claimed, found: claimed }), claim.id).toBe("right");
      }
    }
  });

  test("has every claim that is stated", () => {
    expect(entries.map(({ claim }) => claim.id).sort()).toEqual(Object.keys(textClaims).sort());
  });

  test("every claim of the quiz has a computed verdict, and both kinds are there", async () => {
    const { outputs } = await run("console.log(Object.keys(judged).join())");
    const quiz: string[] = outputs[0].text.trim().split(",");
    expect(quiz).toHaveLength(10);
    const verdicts = quiz.map((id) =>
      entries.find(({ claim }) => claim.id === id)?.judgement.startsWith("right"),
    );
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  });
});

/** Another value of the same kind. */
function altered(value: Checked["claimed"]): Checked["claimed"] {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 0.001;
  return value.map((one, i) => (i === 0 ? one + 0.001 : one));
}
