import { describe, expect, test } from "vitest";
import { deltaStep, forwardStep, weightStep } from "../../src/names";
import { backward, createNetwork, forward, type Network } from "../../src/nn";
import {
  type Displayable,
  formatNumber,
  formula,
  showDelta,
  showForward,
  showUpdate,
  table,
  weightTable,
} from "../../src/show";
import { bundleOf, documentOf } from "./parts";

test.each([
  [0, "0"],
  [-0, "0"],
  [1, "1"],
  [-4, "−4"],
  [2 / 3, "0.666667"],
  [0.1 + 0.2, "0.3"],
  [1234567.8, "1234570"],
  [12345678, "1.23457e7"],
  [0.000123456789, "0.000123457"],
  [-0.00001, "−1e−5"],
  [1e-13, "≈ 0"],
  [Infinity, "∞"],
  [-Infinity, "−∞"],
  [NaN, "not a number"],
])("formatNumber(%d) is %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("formatNumber gives as many digits as asked for, and never more than six", () => {
  expect(formatNumber(Math.PI, 3)).toBe("3.14");
  expect(formatNumber(Math.PI, 12)).toBe("3.14159");
});

describe("a table of weights", () => {
  const heads = async (shown: Displayable) => {
    const page = documentOf((await bundleOf(shown))["text/html"]);
    return [":scope > table", "details"].map((part) =>
      Array.from(page.body.querySelectorAll(`${part} th[scope=row]`), (th) => th.textContent),
    );
  };

  // The text's network: W for Z1, Z2, Z3, then V for D0.
  test("of thirteen shows those of the first unit in each layer, the others are closed", async () => {
    const network = createNetwork({ sizes: [2, 3, 1], weights: 1 });
    const shown = weightTable(network, (name, w) => ({ place: w, own: name }), { caption: "All" });
    expect(await heads(shown)).toEqual([
      ["W10", "W11", "W12", "V00", "V01", "V02", "V03"],
      ["W20", "W21", "W22", "W30", "W31", "W32"],
    ]);
    const { "text/plain": plain } = await bundleOf(shown);
    expect(plain).toMatch(/\nThe other 6, which lead to Z2 and Z3\n/);
    expect(plain).toMatch(/V03 +12 +V03\n/);
  });

  test("of ten or fewer shows all, and so where each layer has one unit", async () => {
    const [few, one] = [
      [2, 2, 1],
      [12, 1],
    ].map((sizes) => createNetwork({ sizes }));
    expect(await heads(weightTable(few, (_, w) => ({ w })))).toEqual([
      ["W10", "W11", "W12", "W20", "W21", "W22", "V00", "V01", "V02"],
      [],
    ]);
    const [shown, closed] = await heads(weightTable(one, (_, w) => ({ w })));
    expect([shown.length, closed.length]).toEqual([13, 0]);
  });

  test("wants a network", () => {
    expect(() => weightTable([] as unknown as Network, () => ({}))).toThrow(TypeError);
  });
});

describe("table", () => {
  const rows = [
    { unit: "Z1", z: -1.5, ok: "✓" },
    { unit: "<b>", z: null, ok: undefined },
  ];
  async function parsed(...given: Parameters<typeof table>) {
    const bundle = await bundleOf(table(...given));
    return { page: documentOf(bundle["text/html"]), plain: bundle["text/plain"] };
  }

  test("of very many rows shows both ends, and says how many rows are left out", async () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({ i }));
    const { page, plain } = await parsed(many);
    const cells = Array.from(page.querySelectorAll("tbody td"), (cell) => cell.textContent);
    expect(cells).toHaveLength(501);
    expect(cells.slice(249, 252)).toEqual(["249", "… 199,500 more rows …", "199750"]);
    expect(plain).toMatch(/\n +249\n… 199,500 more rows …\n199750\n/);
    const { page: whole } = await parsed(many.slice(0, 500));
    expect(whole.querySelectorAll("tbody td")).toHaveLength(500);
  });

  test("has rows that few need in a closed part, and all of them in the words", async () => {
    const more = [{ unit: "Z<2>", a: 0.5 }];
    const { page, plain } = await parsed(rows, { folded: { says: "More & others", rows: more } });
    expect(page.querySelectorAll("body > table tbody tr")).toHaveLength(2);
    const closed = page.querySelector("details");
    expect(closed?.open).toBe(false);
    expect(closed?.querySelector("summary")?.textContent).toBe("More & others");
    expect(closed?.querySelector("tbody tr")?.textContent).toBe("Z<2>0.5");
    expect(plain).toMatch(/Z1 [\s\S]*\n\nMore & others\nunit +a\nZ<2> +0\.5$/);
  });

  test("is a table with a caption, and headings that say what they head", async () => {
    const { page } = await parsed(rows, { caption: "A & B <i>" });
    expect(page.querySelector("table > caption")?.textContent).toBe("A & B <i>");
    const heads = [...page.querySelectorAll("thead th[scope=col]")];
    expect(heads.map((head) => head.textContent)).toEqual(["unit", "z", "ok"]);
    const sides = [...page.querySelectorAll("tbody th[scope=row]")];
    expect(sides.map((side) => side.textContent)).toEqual(["Z1", "<b>"]);
    expect(page.querySelector("b, i")).toBeNull();
  });

  test("shows what is missing as a dash, numbers with a minus sign and to the right", async () => {
    const { page } = await parsed(rows);
    const cells = [...page.querySelectorAll<HTMLElement>("tbody td")];
    expect(cells.map((cell) => cell.textContent)).toEqual(["−1.5", "✓", "–", "–"]);
    expect(cells.map((cell) => cell.style.textAlign)).toEqual(["right", "left", "right", "left"]);
  });

  test("sets numbers that a cell has written to the right, and heads rows with words and years alike", async () => {
    const shown = documentOf(
      (
        await bundleOf(
          table([
            { year: "1986", share: "98 %", slope: "6e−17", sizes: "2-3-1", when: "1986" },
            { year: "2015", share: "7.5 %", slope: "∞", sizes: "64-10", when: "in 2015" },
          ]),
        )
      )["text/html"],
    );
    const sides = Array.from(
      shown.querySelectorAll("thead th"),
      (th) => (th as HTMLElement).style.textAlign,
    );
    expect(sides).toEqual(["right", "right", "right", "left", "left"]);
    expect(shown.querySelectorAll("th[scope=row]")).toHaveLength(2);
  });

  test("stands in columns as plain text", async () => {
    const { plain } = await parsed(rows, { caption: "Units" });
    expect(plain).toBe("Units\nunit     z  ok\nZ1    −1.5  ✓\n<b>      –  –");
  });

  test("shows what is counted whole, whatever the digits", async () => {
    const { plain } = await parsed([{ reads: 9_206_340, size: 1e10, slope: 2.0046 }], {
      digits: 3,
    });
    expect(plain.split("\n")[1].split(/ +/).filter(Boolean)).toEqual(["9206340", "1e10", "2"]);
  });

  test("shows the columns asked for, in that order, with the digits asked for", async () => {
    const { plain } = await parsed([{ a: 1 / 3, b: 2, c: 3 }], { columns: ["c", "a"], digits: 2 });
    expect(plain).toBe("c     a\n3  0.33");
  });

  test("has a column for every property of any row", async () => {
    const { plain } = await parsed([{ a: 1 }, { b: 2 }]);
    expect(plain).toBe("a  b\n1  –\n–  2");
  });
});

describe("formulas", () => {
  const ones = createNetwork({ sizes: [2, 3, 1], hidden: "identity", weights: 1 });
  const pass = forward(ones, [0, 0]);
  const back = backward(ones, pass, [0]);
  const latex = async (value: ReturnType<typeof formula>) => (await bundleOf(value))["text/latex"];

  test("are set as displays, with their source as plain text", async () => {
    expect(await bundleOf(formula("a = b"))).toEqual({
      "text/latex": "$$a = b$$",
      "text/plain": "a = b",
    });
  });

  test("a unit's sum in symbols and in numbers, then its activation", async () => {
    expect(await latex(showForward(forwardStep(ones, pass, "Z1")))).toBe(
      String.raw`$$\begin{aligned}z_{Z_{1}} &= W_{10}\,X_{0} + W_{11}\,X_{1} + W_{12}\,X_{2} \\ &= 1 \cdot 1 + 1 \cdot 0 + 1 \cdot 0 = 1 \\ a_{Z_{1}} &= f(1) = 1\end{aligned}$$`,
    );
  });

  test("hidden units enter by their activations, bias units by their constant", async () => {
    expect(await latex(showForward(forwardStep(ones, pass, "D0")))).toContain(
      String.raw`z_{D_{0}} &= V_{00}\,Z_{0} + V_{01}\,a_{Z_{1}} + V_{02}\,a_{Z_{2}} + V_{03}\,a_{Z_{3}} \\ &= 1 \cdot 1 + 1 \cdot 1 + 1 \cdot 1 + 1 \cdot 1 = 4`,
    );
  });

  test("a delta: slope times weight times the next delta", async () => {
    expect(await latex(showDelta(deltaStep(ones, pass, back, "Z2")))).toBe(
      String.raw`$$\begin{aligned}\delta_{Z_{2}} &= f'(z_{Z_{2}})\,V_{02}\,\delta_{D_{0}} \\ &= 1 \cdot 1 \cdot 4 = 4\end{aligned}$$`,
    );
    expect(await latex(showDelta(deltaStep(ones, pass, back, "D0")))).toBe(
      String.raw`$$\begin{aligned}\delta_{D_{0}} &= 4\end{aligned}$$`,
    );
  });

  test("a delta with two successors: the sum in brackets, negative numbers in parentheses", async () => {
    // W all 0.5, V row 0 all 1 and row 1 all −2; input (0, 0): a of each Z is 0.5, h = (2.5, −5); target (0, 0).
    const two = createNetwork({
      sizes: [2, 3, 2],
      hidden: "identity",
      weights: [...new Array(9).fill(0.5), 1, 1, 1, 1, -2, -2, -2, -2],
    });
    const at = forward(two, [0, 0]);
    const step = deltaStep(two, at, backward(two, at, [0, 0]), "Z1");
    expect(await latex(showDelta(step))).toContain(
      String.raw`\delta_{Z_{1}} &= f'(z_{Z_{1}})\,\bigl(V_{01}\,\delta_{D_{0}} + V_{11}\,\delta_{D_{1}}\bigr) \\ &= 1 \cdot \bigl(1 \cdot 2.5 + (-2) \cdot (-5)\bigr) = 12.5`,
    );
  });

  test("updates of several weights stand aligned in one display", async () => {
    const steps = ["W10", "V03"].map((name) => weightStep(ones, pass, back, name));
    expect(await latex(showUpdate(steps, 0.1))).toBe(
      String.raw`$$\begin{aligned}W_{10} &\leftarrow W_{10} - \alpha\,\delta_{Z_{1}}\,X_{0} \\ &= 1 - 0.1 \cdot 4 \cdot 1 = 0.6 \\ V_{03} &\leftarrow V_{03} - \alpha\,\delta_{D_{0}}\,a_{Z_{3}} \\ &= 1 - 0.1 \cdot 4 \cdot 1 = 0.6\end{aligned}$$`,
    );
  });

  test("very small numbers are written as powers of ten", async () => {
    const tiny = createNetwork({ sizes: [1, 1], weights: [0, 1e-9] });
    expect(await latex(showForward(forwardStep(tiny, forward(tiny, [1]), "D0")))).toContain(
      String.raw`= 1 \cdot 10^{-9}`,
    );
  });
});
