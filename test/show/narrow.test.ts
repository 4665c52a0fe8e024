/** Figures where there is less room than their stills have: on a phone. */
import { describe, expect, test } from "vitest";
import { lossGraph } from "../../src/graph";
import { backward, createNetwork, forward, tanh } from "../../src/nn";
import {
  activationPlot,
  confusionMatrix,
  type Displayable,
  graphDiagram,
  imageGrid,
  networkDiagram,
  plot,
} from "../../src/show";
import { narrowWidth as phoneWidth } from "../../src/show/display";
import { narrowedLayout, narrowedTraces, stillWidth } from "../../src/show/style";
import { textWidth } from "../../src/show/text-width";
import { constant, matmul, multiply, type Tensor, tensor } from "../../src/tensors";
import { pageOf, svgOf, textsOf } from "./parts";

const { figure } = plot({
  data: [1, 2, 3].map((k) => ({ x: [1, 2], y: [k, -k], name: `a curve with the name ${k}` })),
  title: "A title that is longer than a phone is wide, and has to be broken",
  xTitle: "the number of passes over all samples of the training set",
  note: "Of 2,000 points 1,500 are left out; what is beyond 10 is cut off at the edge.",
  alt: "Three curves.",
});
const { layout } = figure;

describe("on a phone", () => {
  const narrow = narrowedLayout(figure, 320);
  const plotHeight = ({ height, margin }: typeof layout) => height - margin.t - margin.b;

  test("the plot keeps its height", () => {
    expect(narrow.height).toBeGreaterThan(layout.height);
    expect(plotHeight(narrow)).toBe(plotHeight(layout));
  });

  test("title, axis title and note are whole, in lines that fit", () => {
    const lines = (text: string) => text.split("<br>");
    const pairs = [
      [narrow.title.text, layout.title.text, 15],
      [narrow.xaxis.title.text, layout.xaxis.title.text, 16],
      [narrow.annotations[0].text, layout.annotations[0].text, 11],
    ];
    for (const [broken, before, size] of pairs) {
      expect(lines(broken).length).toBeGreaterThan(lines(before).length);
      expect(lines(broken).join(" ")).toBe(lines(before).join(" "));
      for (const line of lines(broken)) expect(textWidth(line, size)).toBeLessThanOrEqual(320);
    }
  });

  test("the legend has a line for each name that needs one", () => {
    const title = (narrow.title.text.match(/<br>/g)?.length ?? 0) * 20;
    expect(narrow.margin.t - layout.margin.t - title).toBeGreaterThanOrEqual(22);
  });
});

test("a name that is longer than the legend has room is broken, and each of its lines counts", () => {
  const long = "backpropagation: counted 1.01, timed 0.93 on this machine";
  const names = [long, "b"].map((name) => ({ x: [1], y: [1], name }));
  const { figure } = plot({ data: names, alt: "" });
  const [broken, kept] = narrowedTraces(figure, 320);
  const lines = String(broken.name).split("<br>");
  expect(lines.join(" ")).toBe(long);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines)
    expect(textWidth(line, 13)).toBeLessThanOrEqual(320 - figure.layout.margin.l - 50);
  expect(kept.name).toBe("b");
  const more = narrowedLayout(figure, 320).margin.t - figure.layout.margin.t;
  // Two names below one another, and the lines more of the first.
  expect(more).toBe(22 * lines.length);
  expect(narrowedTraces(figure, stillWidth)).toBe(figure.data);
});

test("the legend stands over the plot alone: beside a bar of colours it needs more lines", () => {
  const names = ["a = 0.5", "target 0", "target 1"].map((name) => ({ x: [1], y: [1], name }));
  const [bare, coloured] = [24, 110].map((r) => {
    const margin = { l: 70, r, t: 68, b: 64 };
    const { figure } = plot({ data: names, layout: { margin }, alt: "" });
    return narrowedLayout(figure, 362).margin.t - 68;
  });
  // 268 pixels hold two of the three names beside each other, 182 hold one.
  expect([bare, coloured]).toEqual([22, 44]);
});

test("two plots side by side stand one below the other on a phone, as high as they were", () => {
  const { figure } = activationPlot(tanh);
  const heights = ({ height, margin, ...axes }: typeof layout) =>
    [axes.yaxis, axes.yaxis2].map(
      ({ domain: [from, to] = [0, 1] }) => (to - from) * (height - margin.t - margin.b),
    );
  const narrow = narrowedLayout(figure, 320);
  for (const height of heights(narrow)) expect(height).toBeCloseTo(heights(figure.layout)[0], 9);
  expect([narrow.xaxis.domain, narrow.xaxis2.domain]).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const [above] = narrow.yaxis.domain;
  const [, below] = narrow.yaxis2.domain;
  const between = (above - below) * (narrow.height - narrow.margin.t - narrow.margin.b);
  // Room for the upper one's numbers and the title of its axis.
  expect(between).toBeGreaterThanOrEqual(60);
});

test("where there is room nothing changes", () => {
  expect(narrowedLayout(figure, stillWidth)).toBe(layout);
});

test("a figure without title, legend or notes is not broken", () => {
  const bare = plot({ data: [{ y: [1, 2] }], alt: "" }).figure;
  expect(narrowedLayout(bare, 320)).toEqual(bare.layout);
});

test("labels of a logarithmic axis are of one size: Plotly writes exponents, and 2 and 5, smaller", () => {
  const ticks = (y: number[]) =>
    plot({ data: [{ y }], layout: { yaxis: { type: "log" } }, alt: "" }).figure.layout.yaxis;
  expect(ticks([0.03, 1]).tickformat).toBe("~g");
  expect(ticks([1e-9, 1e-8]).tickformat).toBe("~e");
  // Over many powers of ten there is no 2 and 5, and an exponent is 1.25 · 0.7 of these in size.
  const { tickformat, exponentformat, tickfont } = ticks([1e-9, 1]);
  expect([tickformat, exponentformat]).toEqual([undefined, "power"]);
  expect(1.25 * 0.7 * tickfont.size).toBeGreaterThanOrEqual(10);
});

describe("what no script draws again is drawn for a phone as well", () => {
  const ones = createNetwork({ sizes: [2, 3, 1], hidden: "identity", weights: 1 });
  const drawn = createNetwork({ sizes: [2, 3, 3, 1], weights: "uniform", seed: 2 });
  const pass = forward(ones, [0, 0]);
  const back = backward(ones, pass, [0]);
  const update = { learningRate: 0.1 };
  const { loss } = lossGraph(ones, [0, 0], [0]);
  const w = tensor([[0.5, 1]]);
  let sequence: Tensor = constant([[1, 2]]);
  for (let step = 0; step < 4; step++)
    sequence = matmul(
      multiply(sequence, w),
      constant([
        [1, 0],
        [0, 1],
      ]),
    );
  const images = (count: number) =>
    Array.from({ length: count }, (_, n) => Array.from({ length: 16 }, (_, i) => (i * n) % 5));
  const numbered = (count: number) => Array.from({ length: count }, (_, n) => `channel ${n + 1}`);
  const counts = Array.from({ length: 10 }, (_, i) =>
    Array.from({ length: 10 }, (_, j) => (i === j ? 40 : Number(i + j === 7))),
  );
  const pictures: Record<string, () => Displayable> = {
    "a network and its step": () => networkDiagram(ones, { pass, back, update }),
    "one of four layers": () =>
      networkDiagram(drawn, { title: "Two inputs, three layers more, and a long title" }),
    "one of more units than are drawn": () =>
      networkDiagram(createNetwork({ sizes: [64, 30, 10] })),
    "a graph of values": () => graphDiagram(loss),
    "a graph of tensors, longer than any page is wide": () => graphDiagram(sequence),
    images: () => imageGrid(images(20), { title: "Twenty", captions: numbered(20) }),
    "nine in a row": () => imageGrid(images(9), { columns: 9, captions: numbered(9) }),
    "a matrix": () => confusionMatrix(counts, { rowTitle: "written", columnTitle: "read" }),
  };

  test.each(Object.entries(pictures))("%s", async (_, shown) => {
    const page = await pageOf(shown());
    const source = page.querySelector("[data-figure=still] > source");
    expect(Number(page.querySelector("img")?.getAttribute("width"))).toBeGreaterThan(phoneWidth);
    expect(source?.getAttribute("media")).toMatch(/max-width/);
    expect(Number(source?.getAttribute("width"))).toBeLessThanOrEqual(phoneWidth);
    // An address in srcset ends at a space.
    const address = source?.getAttribute("srcset") ?? "";
    expect(address).not.toMatch(/\s/);
    const picture = svgOf(decodeURIComponent(address.slice("data:image/svg+xml,".length)));
    for (const { text, left, right } of textsOf(picture)) {
      expect(left, text).toBeGreaterThan(-1);
      expect(right, text).toBeLessThan(phoneWidth + 6);
    }
    for (const part of picture.querySelectorAll("[font-size]"))
      expect(Number(part.getAttribute("font-size"))).toBeGreaterThanOrEqual(11.9);
  });

  const narrowTexts = async (shown: Displayable) => {
    const source = (await pageOf(shown)).querySelector("source")?.getAttribute("srcset") ?? "";
    const picture = svgOf(decodeURIComponent(source.slice("data:image/svg+xml,".length)));
    return textsOf(picture).map(({ text }) => text);
  };

  // 1 − 0.1 · 4 · a: what stands on the links of the wide picture.
  test("no weight is lost: it stands in the unit that it leads to", async () => {
    const texts = await narrowTexts(networkDiagram(ones, { pass, back, update }));
    for (const name of ["W10", "W20", "W30", "V00", "V01", "V02", "V03"])
      expect(texts).toContain(`${name}: 1 → 0.6`);
    expect(texts).toContain("W11: 1 → 1");
    expect(texts.filter((text) => text === "δ = 4")).toHaveLength(4);
  });

  test("a graph has all its boxes, and pairs of images stay pairs", async () => {
    const boxes = (await narrowTexts(graphDiagram(loss))).filter((text) => /^slope/.test(text));
    expect(boxes).toHaveLength(33);
    const pairs = imageGrid(images(10), {
      captions: numbered(10).map((_, n) => (n % 2 ? "read as 3" : "8")),
    });
    const source = (await pageOf(pairs)).querySelector("source")?.getAttribute("srcset") ?? "";
    const places = textsOf(svgOf(decodeURIComponent(source.slice("data:image/svg+xml,".length))));
    const tops = places.filter(({ text }) => text !== "Images").map(({ top }) => top);
    for (let n = 0; n < 10; n += 2) expect(tops[n]).toBe(tops[n + 1]);
  });

  test("what is narrow already is drawn once", async () => {
    const page = await pageOf(imageGrid(images(2), { captions: ["a", "b"] }));
    expect(page.querySelector("source")).toBeNull();
  });
});
