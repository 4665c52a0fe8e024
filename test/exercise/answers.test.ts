/** What a reader is told about an answer; test/notebooks/answers.ts tries every check of the notebooks. */
import { afterEach, describe, expect, test } from "vitest";
import { checkFormula } from "../../src/exercise";
import { same, written } from "../../src/exercise/compare";
import { display, type MimeBundle } from "../../src/show";

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
  const nothing = checkFormula({ yours: () => undefined, expected: () => 1, cases: [[]] });
  expect(nothing[display]()).toEqual({
    "text/plain": nothing.message,
    "text/html": `<p><strong>${nothing.message}</strong></p>`,
  });
  const odd = checkFormula({
    yours: () => 2,
    expected: () => 1,
    cases: [[]],
    mistakes: { "<b> & co": () => 2 },
  });
  const html = (odd[display]() as MimeBundle)["text/html"];
  expect(html).toContain("&lt;b&gt; &amp; co");
});

test("infinity is right for infinity alone", () => {
  const cases = [[1], [2]] as [number][];
  const formula = { yours: (z: number) => z / 0, expected: (z: number) => z * z, cases };
  expect(checkFormula(formula).right).toBe(false);
});

describe("what a formula does to its arguments", () => {
  const cases: [number[], Float64Array, { W: Float64Array[] }][] = [1, 2].map((n) => {
    const all = Float64Array.of(n, 2, 3);
    return [[n, 5], all, { W: [all.subarray(0, 2), all.subarray(2)] }];
  });
  const right = (a: number[], b: Float64Array, _?: unknown) => [a[0] + b[0], a[1] * b[2]];
  const check = { expected: right, cases };
  /** Adds to the first entry, in place. */
  function add(list: number[] | Float64Array, by: number): number {
    list[0] += by;
    return list[0];
  }
  const held = JSON.stringify(cases);

  test.each<[string, (a: number[], b: Float64Array, c: { W: Float64Array[] }) => number[]]>([
    ["an entry set", (a, b) => [add(a, b[0]), a[1] * b[2]]],
    ["a list made longer", (a, b) => right(a, b).slice(0, a.push(7) - 1)],
    ["a list made shorter", (a, b) => [a[0] + b[0], (a.pop() ?? 0) * b[2]]],
    ["turned round twice is as it was", (a, b) => right(a.reverse().reverse(), b)],
    ["sorted", (a, b) => [b[0] + a[0], a.sort((x, y) => y - x)[0] * b[2]]],
    ["a typed array", (a, b) => [add(b, a[0]), a[1] * b[2]]],
    ["through a view of it", (a, _, { W }) => [add(W[0], a[0]), a[1] * W[1][0]]],
    ["in one case only", (a, b) => [b[0] === 2 ? add(a, b[0]) : a[0] + b[0], a[1] * b[2]]],
    [
      "and handed back itself",
      (a, b) => {
        a[0] += b[0];
        a[1] *= b[2];
        return a;
      },
    ],
  ])("%s", (name, yours) => {
    const verdict = checkFormula({ ...check, yours });
    if (name.includes("as it was")) expect(verdict.right).toBe(true);
    else {
      expect(verdict).toMatchObject({ right: false });
      expect(verdict.message).toMatch(/^✗ Nearly: all 2 cases agree\. It changes the lists/);
    }
    expect(JSON.stringify(cases), "each case is put back").toBe(held);
  });

  test("an argument may be of any kind, and hold itself: lists are found at any depth in it", () => {
    const ring: { within: { list: number[] }; self?: unknown } = { within: { list: [3] } };
    ring.self = ring;
    const cases: [unknown, unknown, unknown, unknown, typeof ring][] = [
      [undefined, null, "text", Math.abs, ring],
    ];
    const count = (...given: unknown[]) => given.length;
    expect(checkFormula({ yours: count, expected: count, cases }).right).toBe(true);
    const yours = (...given: (typeof cases)[0]) => given[4].within.list.push(7) && given.length;
    expect(checkFormula({ yours, expected: count, cases }).message).toMatch(/^✗ Nearly/);
    expect(ring.within.list).toEqual([3]);
  });

  test("a list that it makes itself is its own", () => {
    const yours = (a: number[], b: Float64Array, _: unknown) => {
      const copy = [...a];
      copy[0] += b[0];
      copy[1] *= b[2];
      return copy;
    };
    expect(checkFormula({ ...check, yours }).right).toBe(true);
  });
});

describe("mistakes that are made anywhere", () => {
  const cases = [[2], [3], [-1.5]] as [number][];
  const expected = (x: number) => [x * x, x];
  test.each<[string, (x: number) => number[], RegExp | undefined]>([
    ["twice", (x) => [2 * x * x, 2 * x], /twice/],
    ["half", (x) => [(x * x) / 2, x / 2], /half/],
    ["the other sign", (x) => [-x * x, -x], /sign/],
    ["not a number", (x) => [x * x, [x][1]], /NaN|not there/],
    ["one of both", (x) => [2 * x * x, x], undefined],
    ["twice, and one more", (x) => [2 * x * x, 2 * x, ...(x < 0 ? [0] : [])], undefined],
    ["twice, and one is missing", (x) => [2 * x * x], undefined],
  ])("%s", (_, yours, hint) => {
    const { right, message } = checkFormula({
      cases,
      expected,
      yours: (x) => yours(x).map((y) => 1 * y),
    });
    expect(right).toBe(false);
    if (hint) expect(message).toMatch(hint);
    else expect(message).toBe("✗ Not yet: 3 of 3 cases differ.");
  });

  test("0 is twice, half and the negative of 0: a result of zeros tells none of these, others do beside a 0", () => {
    const nested = (_: number) => [[0, 0]] as never;
    const zeros = checkFormula({ cases, expected: (_: number) => [0, 0], yours: nested });
    expect(zeros.message).toBe("✗ Not yet: 3 of 3 cases differ.");
    const twice = checkFormula({ cases, expected: (x) => [x, 0], yours: (x) => [2 * x, 0] });
    expect(twice.message).toMatch(/twice/);
  });

  test("a check's own words come first", () => {
    const mistakes = { "the ½ of the loss is missing.": (x: number) => [2 * x * x, 2 * x] };
    const yours = (x: number) => [2 * x * x, 2 * x];
    expect(checkFormula({ cases, expected, yours, mistakes }).message).toMatch(/the ½ of the loss/);
  });

  describe("seen in the reader's code, where a kernel tells it", () => {
    const place = globalThis as Record<symbol, unknown>;
    const kernel = Symbol.for("Jupyter.host");
    const told = (code: string, failed = false) => {
      place[kernel] = {
        cellOf: (name: string) => (name === "mine" ? { label: "cell 7", code, failed } : undefined),
      };
    };
    afterEach(() => delete place[kernel]);
    const mine = (x: number): number[] => [x ^ 2, x];

    test.each<[string, boolean]>([
      ["(x) => [x ^ 2, x]", true],
      ["(x) => [x^2, x]", true],
      ["(x) => [(x + 1)  ^  2, x]", true],
      ["(x) => [x[0] ^ (1 + 1), x]", true],
      ["(x) => [x ** 2, x]", false],
      ["(x) => /^2/.test(x) || /[^x]/.test(x)", false],
    ])("^ for a power in %s: %s", (code, isTold) => {
      told(`const mine = ${code}`);
      const { message } = checkFormula({ cases, expected, yours: (x) => mine(x) });
      expect(message.includes("write x ** 2.")).toBe(isTold);
    });

    const none = [Number.NaN, Number.NaN];
    test.each<[string, RegExp]>([
      ["net.weights.map((w) => [w, w])", /take Array\.from\(list/],
      ["pass.a.map((a) => [a, a])", /take Array\.from\(list/],
      ["network.W[1].map(String)", /take Array\.from\(list/],
      ["back.delta[1].map(String)", /take Array\.from\(list/],
      ["list.map((x) => x.length)", /something that is not there/],
      ["points.map(({ x }) => x.anything)", /something that is not there/],
      ["pass.a[1][9]", /something that is not there/],
    ])("where NaN comes of %s", (code, hint) => {
      told(`const mine = (x) => ${code}`);
      const yours = (x: number) => (mine(x) ? none : none);
      expect(checkFormula({ cases, expected, yours }).message).toMatch(hint);
    });

    test("NaN is no clue where a right number is not finite either", () => {
      told("const mine = (x) => [x / 0, x]");
      const wanted = (x: number) => [x === 2 ? Infinity : x, x];
      const yours = (x: number) => (mine(x) ? none : none);
      const { message } = checkFormula({ cases, expected: wanted, yours });
      expect(message).toBe("✗ Not yet: 3 of 3 cases differ.");
    });

    test("a cell that failed is not judged by what an earlier one made", () => {
      told("function mine(", true);
      const verdict = checkFormula({ cases, expected, yours: (x) => mine(x) });
      expect(verdict.right).toBeUndefined();
      expect(verdict.message).toMatch(/^Your newest mine did not run: cell 7 failed/);
    });
  });
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
    expect(same(0, -0, 0.1, 0)).toBe(true);
  });

  test("results are written as the notebooks print them", () => {
    expect(written([1, Float64Array.of(-0.5), "word", undefined, true])).toBe(
      "[1, [−0.5], word, nothing yet, true]",
    );
  });
});
