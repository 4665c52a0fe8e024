import { describe, expect, test } from "vitest";
import { backward, createNetwork, forward, type Network } from "../../src/nn";
import { type DiagramOptions, networkDiagram } from "../../src/show";
import { bundleOf, type PlacedText, pageOf, pictureOf, textsOf } from "./parts";

const ones = createNetwork({ sizes: [2, 3, 1], hidden: "identity", weights: 1 });
const pass = forward(ones, [0, 0]);
const back = backward(ones, pass, [0]);
const update = { learningRate: 0.1 };

async function pictured(network: Network, options?: DiagramOptions) {
  const page = await pageOf(networkDiagram(network, options));
  const image = page.querySelector("[data-figure=still] > img");
  const picture = pictureOf(page);
  return {
    alt: image?.getAttribute("alt") ?? "",
    height: Number(image?.getAttribute("height")),
    picture,
    texts: textsOf(picture),
    written: textsOf(picture).map(({ text }) => text),
  };
}

test("names every unit and weight as the text does", async () => {
  const { written } = await pictured(ones);
  expect(written).toEqual(expect.arrayContaining(["X0", "X1", "X2", "Z0", "Z1", "Z2", "Z3", "D0"]));
  const weights = "W10 W11 W12 W20 W21 W22 W30 W31 W32 V00 V01 V02 V03".split(" ");
  expect(written.filter((text) => /^[WV]\d\d: 1$/.test(text)).sort()).toEqual(
    weights.map((name) => `${name}: 1`).sort(),
  );
});

test("sets bias units apart from the others", async () => {
  const { picture } = await pictured(ones);
  const boxes = [...picture.querySelectorAll("rect[rx]")];
  expect(boxes).toHaveLength(8);
  expect(boxes.filter((box) => box.hasAttribute("stroke-dasharray"))).toHaveLength(2);
});

// All weights 1, input (0, 0), target 0: z and a are 1 in the hidden layer and 4 at the output, every δ is 4.
test("shows the numbers of a pass and its deltas on the units", async () => {
  const { written, alt } = await pictured(ones, { pass, back });
  const count = (text: string) => written.filter((one) => one === text).length;
  expect([count("z = 1"), count("a = 1"), count("z = 4"), count("a = 4")]).toEqual([3, 3, 1, 1]);
  expect(count("δ = 4")).toBe(4);
  expect(alt).toContain("Z1 (z = 1, a = 1, δ = 4)");
  expect(alt).toContain("D0 (z = 4, a = 4, δ = 4)");
});

// 1 − 0.1 · 4 · a: a is 1 at bias units and hidden units, 0 at X1 and X2.
test("shows each weight before and after an update", async () => {
  const { written, alt } = await pictured(ones, { pass, back, update });
  for (const name of ["W10", "W20", "W30", "V00", "V01", "V02", "V03"]) {
    expect(written).toContain(`${name}: 1 → 0.6`);
  }
  expect(written).toContain("W11: 1 → 1");
  expect(alt).toContain("V03 = 1 → 0.6");
});

test("says what an update needs", () => {
  expect(() => networkDiagram(ones, { update })).toThrow("pass back as well");
});

test("draws weights below 0 dashed, and larger ones wider", async () => {
  const network = createNetwork({ sizes: [1, 1], weights: [-1, 2] });
  const { picture } = await pictured(network);
  const [bias, weight] = [...picture.querySelectorAll("path")];
  expect(bias.hasAttribute("stroke-dasharray")).toBe(true);
  expect(weight.hasAttribute("stroke-dasharray")).toBe(false);
  expect(Number(weight.getAttribute("stroke-width"))).toBeGreaterThan(
    Number(bias.getAttribute("stroke-width")),
  );
});

describe.each([
  ["2-3-1", [2, 3, 1]],
  ["2-3-2", [2, 3, 2]],
  ["2-4-4-2", [2, 4, 4, 2]],
  ["12-9-10, larger than is drawn", [12, 9, 10]],
])("the texts of %s", (_, sizes) => {
  const network = createNetwork({ sizes, weights: "uniform", seed: 4 });
  const input = sizes[0] === 2 ? [1, -0.123456] : new Array(sizes[0]).fill(-0.123456);
  const somePass = forward(network, input);
  const someBack = backward(network, somePass, new Array(sizes[sizes.length - 1]).fill(1));

  test.each<[string, DiagramOptions]>([
    ["bare", {}],
    ["with a pass and deltas", { pass: somePass, back: someBack }],
    ["with an update", { pass: somePass, back: someBack, update }],
  ])("stand in the picture and clear of one another: %s", async (_name, options) => {
    const { texts, height } = await pictured(network, options);
    expect(texts.length).toBeGreaterThan(sizes.length);
    for (const { text, left, right, top, bottom } of texts) {
      expect([left >= 0, right <= 640, top >= 0, bottom <= height], text).toEqual(
        new Array(4).fill(true),
      );
    }
    expect(collisions(texts)).toEqual([]);
  });
});

test("draws at most eight units of a layer, and counts the others", async () => {
  const { written } = await pictured(createNetwork({ sizes: [12, 3, 9] }));
  expect(written).toContain("X8");
  expect(written).not.toContain("X9");
  expect(written).toEqual(expect.arrayContaining(["… 4 more", "… 1 more"]));
});

test("is the same bytes when drawn again", async () => {
  const draw = () => bundleOf(networkDiagram(ones, { pass, back, update }));
  expect(await draw()).toEqual(await draw());
});

function collisions(texts: PlacedText[]): string[] {
  return texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter(
        (b) => a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom,
      )
      .map((b) => `${a.text} | ${b.text}`),
  );
}
