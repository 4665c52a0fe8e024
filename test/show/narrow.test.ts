/** Figures where there is less room than their stills have: on a phone. */
import { describe, expect, test } from "vitest";
import { tanh } from "../../src/nn";
import { activationPlot, plot } from "../../src/show";
import { narrowed, stillWidth } from "../../src/show/style";
import { textWidth } from "../../src/show/text-width";

const { figure } = plot({
  data: [1, 2, 3].map((k) => ({ x: [1, 2], y: [k, -k], name: `a curve with the name ${k}` })),
  title: "A title that is longer than a phone is wide, and has to be broken",
  xTitle: "the number of passes over all samples of the training set",
  note: "Of 2,000 points 1,500 are left out; what is beyond 10 is cut off at the edge.",
  alt: "Three curves.",
});
const { layout } = figure;

describe("on a phone", () => {
  const narrow = narrowed(figure, 320).layout;
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
  const [broken, kept] = narrowed(figure, 320).data;
  const lines = String(broken.name).split("<br>");
  expect(lines.join(" ")).toBe(long);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines)
    expect(textWidth(line, 13)).toBeLessThanOrEqual(320 - figure.layout.margin.l - 50);
  expect(kept.name).toBe("b");
  const more = narrowed(figure, 320).layout.margin.t - figure.layout.margin.t;
  // Two names below one another, and the lines more of the first.
  expect(more).toBe(22 * lines.length);
  expect(narrowed(figure, stillWidth).data).toBe(figure.data);
});

test("the legend stands over the plot alone: beside a bar of colours it needs more lines", () => {
  const names = ["a = 0.5", "target 0", "target 1"].map((name) => ({ x: [1], y: [1], name }));
  const [bare, coloured] = [24, 110].map((r) => {
    const margin = { l: 70, r, t: 68, b: 64 };
    const { figure } = plot({ data: names, layout: { margin }, alt: "" });
    return narrowed(figure, 362).layout.margin.t - 68;
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
  const narrow = narrowed(figure, 320).layout;
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
  expect(narrowed(figure, stillWidth).layout).toBe(layout);
});

test("a figure without title, legend or notes is not broken", () => {
  const bare = plot({ data: [{ y: [1, 2] }], alt: "" }).figure;
  expect(narrowed(bare, 320).layout).toEqual(bare.layout);
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
