// @vitest-environment jsdom
/// <reference lib="dom" />
/** Cards in a document: what stands there without a script, what they say, what they keep. */
import { beforeEach, describe, expect, test } from "vitest";
import { type PredictOptions, predict, type QuestionOptions, question } from "../../src/cards";
import { phraseHtml } from "../../src/cards/markup";
import { readCards } from "../../src/cards/page/kept";
import { type Displayable, display, formula, table } from "../../src/show";
import { drawn, mount } from "./driver";

const htmlOf = async (card: Displayable) => (await card[display]())["text/html"];
const textOf = async (card: Displayable) => (await card[display]())["text/plain"];
const mounted = async (card: Displayable) => mount(await htmlOf(card));

/** A page of the web edition, as its script knows it. */
beforeEach(() => {
  localStorage.clear();
  document.documentElement.dataset.notebook = "try";
});
const kept = () => Object.values(readCards("try"))[0];

const xor = question("How many samples has **XOR**?", {
  answer: 4,
  unit: "samples",
  mistakes: [[2, "That is the number of *inputs*."]],
  way: "Each of two inputs is 0 or 1: $2^2$.",
});
const which = question("Which is steeper at 0?", {
  answer: "tanh",
  choices: [
    ["tanh", "Its slope is 1."],
    ["`sigmoid`", "Its slope is ¼."],
  ],
});

describe("without a script", () => {
  test("a question stands with its answer in a closed part", async () => {
    document.body.innerHTML = await htmlOf(xor);
    expect(document.body.querySelector("strong")?.textContent).toBe("XOR");
    const details = document.querySelector("details");
    expect(details?.open).toBe(false);
    expect(details?.textContent).toBe("The answer4 samplesEach of two inputs is 0 or 1: 22.");
    expect(await textOf(xor)).toBe(
      "How many samples has XOR?\n\nThe answer: 4 samples\nEach of two inputs is 0 or 1: 2^2.",
    );
  });

  test("choices are a list, and each is explained with the answer", async () => {
    document.body.innerHTML = await htmlOf(which);
    const items = (from: string) =>
      Array.from(document.querySelectorAll(`${from} li`), (item) => item.textContent);
    expect(items('[data-part="choices"]')).toEqual(["tanh", "sigmoid"]);
    expect(items("details")).toEqual(["✓ tanh: Its slope is 1.", "✗ sigmoid: Its slope is ¼."]);
  });

  test("a prediction closes whatever its result shows", async () => {
    const result = () => [
      table([{ a: 1 }]),
      formula("\\begin{aligned}z &= 1 \\\\ a &= f(z)\\end{aligned}"),
      "text <b>",
      0.5,
      [true],
    ];
    document.body.innerHTML = await htmlOf(predict("What comes?", result));
    const parts = Array.from(document.querySelectorAll("details > *"), (part) => part.textContent);
    expect(parts).toEqual(["Just show me", "a1", "z = 1", "a = f(z)", "text <b>", "0.5", "true"]);
  });

  test("what there is to say of a prediction's result opens with it", async () => {
    const card = predict("What comes?", () => 0.5, { says: "A *half*: $\\frac12$.\n\nNo more." });
    document.body.innerHTML = await htmlOf(card);
    const outside = document.querySelector('[data-part="question"]')?.parentElement;
    const details = document.querySelector("details");
    const parts = Array.from(document.querySelectorAll("details > *"), (part) => part.textContent);
    expect(parts).toEqual(["Just show me", "0.5", "A half: 1/2.", "No more."]);
    expect(await textOf(card)).toBe("What comes?\n\nJust show me: 0.5\n\nA half: 1/2.\nNo more.");
    details?.remove();
    expect(outside?.textContent).not.toContain("half");
  });

  test("nothing in it has an id, so that a cell run twice collides with nothing", async () => {
    document.body.innerHTML = (await htmlOf(xor)) + (await htmlOf(xor)) + (await htmlOf(which));
    expect(document.body.querySelectorAll("[id], [name], [for]")).toHaveLength(0);
  });

  test("what would end the script is told to it all the same", async () => {
    const html = await htmlOf(
      question("Which?", {
        answer: "</script>",
        choices: [
          ["</script>", "<!-- & -->"],
          ["other", "no"],
        ],
      }),
    );
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(mount(html).root.textContent).toContain("</script>");
  });
});

describe("a question", () => {
  test("says which mistake an answer looks like, and opens the way when it is right", async () => {
    const card = await mounted(xor);
    expect(card.offers).toBe(false);
    expect(await card.answer("2")).toBe("✗ Not yet. That is the number of inputs.");
    expect(card.offers).toBe(true);
    expect(card.details.open).toBe(false);
    expect(card.summary).toBe("Show me the answer and the way");
    expect(kept()).toEqual({ guess: "2", first: "wrong", last: "wrong", type: "question" });
    expect(await card.answer("2^2")).toMatch("✓ Right: 4 samples.");
    expect(card.details.open).toBe(true);
    expect(card.summary).toBe("The way");
    // The first attempt is what counts later.
    expect(kept()).toEqual({ guess: "2^2", first: "wrong", last: "right", type: "question" });
  });

  test("counts as shown, if the way is opened before the answer is right", async () => {
    const card = await mounted(which);
    await card.answer("sigmoid");
    await card.toggle();
    expect(kept()).toMatchObject({ guess: [1], first: "wrong", last: "shown" });
  });

  test("is what it was when the page is loaded again", async () => {
    const card = await mounted(xor);
    await card.answer("2");
    await card.toggle();
    card.start();
    await drawn();
    expect(card.root.querySelector("input")?.value).toBe("2");
    expect(card.says).toMatch(/inputs/);
    expect(card.offers).toBe(true);
    expect(card.container.querySelectorAll('[data-part="card"]')).toHaveLength(1);
  });

  test("is judged anew by another run of its cell, whose numbers differ", async () => {
    await (await mounted(question("How many?", { answer: 4, name: "n" }))).answer("4");
    const again = await mounted(question("How many?", { answer: 5, name: "n" }));
    expect(again.says).toMatch(/^✗/);
    expect(again.details.open).toBe(false);
  });

  test("with several right choices wants them all", async () => {
    const card = await mounted(
      question("Which are even?", {
        answer: ["2", "4"],
        choices: [
          ["2", "2 = 2 · 1."],
          ["3", "3 is odd."],
          ["4", "4 = 2 · 2."],
        ],
      }),
    );
    expect(await card.answer("2")).toMatch(/one is missing/);
    expect(await card.answer("2", "3")).toMatch(/3 is odd/);
    expect(await card.answer("2", "4")).toMatch(/^✓/);
  });
});

describe("a prediction", () => {
  test("of a number opens with the guess, right or wrong", async () => {
    const card = await mounted(predict("How large?", () => Math.PI));
    expect(card.offers).toBe(true);
    expect(card.summary).toBe("Just show me");
    expect(await card.answer("2")).toBe("✗ You guessed 2; it is 3.142. ");
    expect(card.details.open).toBe(true);
    expect(kept()).toEqual({ guess: "2", first: "wrong", last: "wrong", type: "prediction" });
    expect(await card.answer("3.1")).toMatch("✓ You guessed 3.1, and so it is.");
  });

  test("can be shown without a guess, and is no attempt then", async () => {
    const card = await mounted(predict("How large?", () => Math.PI));
    await card.toggle();
    expect(kept()).toEqual({ first: "shown", last: "shown", type: "prediction" });
  });

  test.each([
    ["words", {}],
    ["open choice", { choices: ["a", "b"] }],
    ["choice", { choices: ["a", "b"], answer: "b" }],
    ["several", { choices: ["a", "b"], answer: ["a", "b"] }],
    ["number", { answer: 3 }],
    ["curve", { curve: { x: [0, 1], y: [0, 1], of: [0, 1] } }],
  ] as [string, PredictOptions][])("asks for %s", async (kind, options) => {
    expect((await mounted(predict("What?", () => "text", options))).data.asked.kind).toBe(kind);
  });

  test("of several choices has «none of them», for values at which none is right", async () => {
    const choices = { choices: ["a", "b"], answer: [] };
    const card = await mounted(predict("Which?", () => "text", choices));
    expect(await card.answer("a")).toMatch(/^✗.*it is none of them/);
    expect(await card.answer("none of them")).toMatch(/^✓/);
  });

  test("waits for what is still being computed", async () => {
    const card = await mounted(predict("How large?", async () => 7));
    expect(card.data.asked).toMatchObject({ kind: "number", answer: 7 });
  });

  test("of a curve is drawn by keyboard, and shown with the right one", async () => {
    const of = Array.from({ length: 1000 }, (_, n) => 1 - n / 999);
    const options: PredictOptions = {
      curve: { x: [0, 100], y: [0, 1], of, xTitle: "epoch", yTitle: "cost" },
    };
    const card = await mounted(predict("Draw", () => "text", options));
    const pad = () => card.root.querySelector('[role="slider"]') as HTMLElement;
    expect(await card.answer()).toMatch(/Draw the curve first/);
    const press = async (...keys: string[]) => {
      for (const key of keys) {
        pad().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        await drawn();
      }
    };
    expect(pad().getAttribute("aria-valuetext")).toBe("epoch 0: nothing drawn");
    await press("ArrowUp", "ArrowUp", "End", "ArrowDown");
    expect(pad().getAttribute("aria-valuetext")).toBe("epoch 100: cost 0.525");
    expect(pad().innerHTML).not.toContain("what came out");
    expect(await card.answer()).toMatch(/Dashed what you drew/);
    expect(pad().innerHTML).toContain("what came out");
    expect(pad().innerHTML).toContain("your guess");
    expect(kept()).toMatchObject({ first: "guessed" });
    const guess = kept().guess as number[];
    expect(guess).toHaveLength(25);
    expect(guess[24]).toBeCloseTo(0.525, 10);
  });
});

describe("what makes no card", () => {
  const ask = (options: object) => () => question("What?", options as QuestionOptions);
  test.each([
    [ask({ answer: "words" }), /has to be a number, but it is "words"/],
    [ask({ answer: Number.NaN }), /has to be a number/],
    [ask({ answer: undefined }), /has to be a number/],
    [ask({ answer: 1, digits: 0 }), /digits has to be a whole number from 1 to 15, but it is 0/],
    [
      ask({
        answer: "c",
        choices: [
          ["a", "x"],
          ["b", "y"],
        ],
      }),
      /"c" is none of the choices: a, b/,
    ],
    [
      ask({
        answer: "a",
        choices: [
          ["a", "x"],
          ["b", ""],
        ],
      }),
      /"b" has none/,
    ],
    [ask({ answer: "a", choices: [["a", "x"]] }), /at least two/],
    [
      ask({
        answer: "a",
        choices: [
          ["a", "x"],
          ["a", "y"],
        ],
      }),
      /"a" is there twice/,
    ],
    [
      ask({
        answer: [],
        choices: [
          ["a", "x"],
          ["b", "y"],
        ],
      }),
      /empty list/,
    ],
    [() => question("", { answer: 1 }), /A question is a text/],
    [() => question("What?", undefined as never), /takes \{ answer/],
    [() => predict("What?", 4 as never), /takes a function/],
    [() => predict("What?", () => 4, { says: "$\\oint f$" }), /oint, which a card cannot show/],
    [() => predict("What?", () => 4, { choices: ["a", "b"], answer: "c" }), /none of the choices/],
    [() => predict("What?", () => 4, { curve: { x: [1, 0], y: [0, 1], of: [1, 2] } }), /curve\.x/],
    [() => predict("What?", () => 4, { curve: { x: [0, 1], y: [0, 1], of: [1] } }), /curve\.of/],
  ])("%s", (make, message) => expect(make).toThrow(message));

  test("a result that nothing shows is told", async () => {
    await expect(htmlOf(predict("What?", () => ({}) as never))).rejects.toThrow(/shows itself/);
  });

  test("a formula that cannot be shown is told", async () => {
    expect(() => question("What is $\\oint x$?", { answer: 1 })).toThrow(/\\oint/);
  });
});

test("the cards' Markdown", () => {
  expect(phraseHtml("a **b *c*** `<d>` 2 * 3 \\* \\$4 & <e>")).toBe(
    "a <strong>b <em>c</em></strong> <code>&lt;d&gt;</code> 2 * 3 * $4 &amp; &lt;e&gt;",
  );
  expect(phraseHtml("$\\delta_{Z_2}$")).toContain("<i>δ</i><sub><i>Z</i><sub>2</sub></sub>");
});
