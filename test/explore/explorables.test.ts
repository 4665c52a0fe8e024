/** What every explorable leaves behind: a picture, its numbers, few bytes, and code that gives it back. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as data from "../../src/data";
import * as explore from "../../src/explore";
import { type Chart, type Curve, drawCharts, scaleOf, ticks } from "../../src/explore/chart";
import type { ActivationView } from "../../src/explore/kinds/activation";
import { type AttentionView, kind as attention } from "../../src/explore/kinds/attention";
import { backpropagationSteps, kind as stepper } from "../../src/explore/kinds/backpropagation";
import { kind as convolution } from "../../src/explore/kinds/convolution";
import {
  middleOf,
  PlaygroundRun,
  kind as playground,
  runJson,
  tellWeight,
  trainingCode,
} from "../../src/explore/kinds/playground";
import { type SlopeView, kind as slope } from "../../src/explore/kinds/slope";
import { exampleDigits, fitted, pixelsOf } from "../../src/explore/strokes";
import * as names from "../../src/names";
import * as nn from "../../src/nn";
import { cost, costGradient } from "../../src/nn";
import { display, formatNumber } from "../../src/show";
import * as tensors from "../../src/tensors";
import * as training from "../../src/training";
import { documentOf, pictureOf, svgOf, textsOf } from "../show/parts";
import { drawn, everySample, reader } from "./kinds";

const images = data.digits();
describe.each(everySample)("%s", (_, make) => {
  const one = make();
  const html = one.html();
  const document = documentOf(html);
  for (const script of document.querySelectorAll("script")) script.remove();

  test("takes at most 80 KB in a notebook", () => {
    expect(html.length).toBeLessThan(80_000);
  });

  test("without scripts leaves a picture with alt text, tables of numbers, and how to make it live", () => {
    const image = document.querySelector("img");
    expect(pictureOf(document).querySelector("text")).not.toBeNull();
    expect(image?.getAttribute("alt")?.length).toBeGreaterThan(40);
    expect(document.querySelectorAll("table").length).toBeGreaterThan(0);
    expect(document.body.textContent).toMatch(/run this cell and it comes alive/);
    expect(document.body.textContent).not.toMatch(/[{}]|function|=>/);
    expect(document.querySelector("svg")).toBeNull();
  });

  test("has the same words as plain text", () => {
    const plain = (one[display]() as Record<string, string>)["text/plain"];
    expect(plain).toContain(one.view.alt);
    for (const { caption } of one.view.tables) expect(plain).toContain(caption);
  });

  test("its settings as code give it back", () => {
    const back = run(`return ${one.code}`, { explore, network: reader(1) }) as typeof one;
    expect(back.settings).toEqual(one.settings);
    expect(back.html()).toBe(html);
  });

  test("is the same bytes each time", () => {
    expect(make().html()).toBe(html);
  });
});

test("all kinds say what is wrong with their settings", () => {
  expect(() => explore.activation({ functions: ["tangent"] })).toThrow(/"tangent" was given/);
  expect(() => explore.activation({ functions: ["softmax"] })).toThrow(/is one of identity/);
  expect(() => explore.backpropagation({ sample: 4 })).toThrow(/from 0 to 3, but 4/);
  expect(() => explore.backpropagation({ speed: 1 } as never)).toThrow(/no setting "speed"/);
  expect(() => explore.backpropagation({ loss: "crossEntropy" })).toThrow(/binaryCrossEntropy/);
  expect(() => explore.slope({ weight: "V09" })).toThrow(/"V09" was given/);
  expect(() => explore.slope({ second: "V01" })).toThrow(/both are V01/);
  expect(() => explore.slope({ sample: 0.5 })).toThrow(/sample is a whole number, but 0.5/);
  expect(() => explore.playground({ layers: [0] })).toThrow(/hidden layer 1/);
  expect(() => explore.playground({ data: "moons", samples: 5000, layers: [64, 64] })).toThrow(
    /4417 weights: with 5000 samples one epoch would hold the page up/,
  );
  const small = nn.createNetwork({ sizes: [64, 10], output: "sigmoid" });
  expect(() => explore.digits(small)).toThrow(
    /ten softmax outputs; this one is 64-10 with sigmoid/,
  );
  const draw = (...strokes: number[][]) => explore.digits(reader(1), { strokes });
  expect(() => draw([1, 2, 3])).toThrow(/x and y of each of its points.*\[1,2,3\]/);
  expect(() => draw(1 as never)).toThrow(/x and y of each of its points.*got 1/);
  expect(() => explore.digits(reader(1), { fit: "no" as never })).toThrow(
    /true or false, but "no"/,
  );
  const own = { ...nn.relu, f: (z: number) => -z };
  const sizes = [64, 4, 10];
  const special = nn.createNetwork({ sizes, hidden: own, output: "softmax", loss: "crossEntropy" });
  expect(() => explore.digits(special)).toThrow(/"relu" here is not one of them/);
  expect(() => draw([1, 33])).toThrow(/from 0 to 32, but 33/);
  expect(() => draw(new Array(10_002).fill(1))).toThrow(/at most 5000 points, but 5001/);
  expect(() => explore.digits(reader(1), { ink: 1 } as never)).toThrow(/no setting "ink"/);
  expect(() => explore.convolution({ image: [1, 2] })).toThrow(/6 × 6 numbers.*36, but it has 2/);
  expect(() => explore.convolution({ slopes: 1 as never })).toThrow(/slopes is a list.*but 1 was/);
  expect(() => explore.convolution({ kernel: Array(9).fill("1") })).toThrow(/kernel is a number/);
  expect(() => explore.convolution({ place: 16 })).toThrow(
    /place is a number from 0 to 15, but 16/,
  );
  expect(() => explore.convolution({ uses: [1, 1] })).toThrow(/used once, but uses is \[1, 1\]/);
  expect(() => explore.convolution({ uses: [0.5] })).toThrow(/whole number, but 0.5/);
  expect(() => explore.convolution({ weight: "K14" })).toThrow(/K11, .*"K14" was given/);
  expect(() => explore.attention({ query: [4, 0] })).toThrow(
    /query is a number from -3 to 3, but 4/,
  );
  expect(() => explore.attention({ query: [1] as never })).toThrow(/two numbers, but a list of 1/);
  expect(() => explore.attention({ keys: [[1, 0]] })).toThrow(/two or three keys, but a list of 1/);
  expect(() => explore.attention({ values: [1, 2] })).toThrow(
    /3 keys has a value, but a list of 2/,
  );
  expect(() => explore.attention({ values: [1, 2, Number.NaN] })).toThrow(/Value 3 .*but NaN/);
  expect(() => explore.attention({ scaled: 1 as never })).toThrow(/true or false, but 1/);
});

describe("activation", () => {
  test("z, a and f′ are the library's", () => {
    const { tables } = explore.activation({
      functions: ["tanh", "gelu"],
      inputs: [0.5, -1],
      weights: [-0.5, 2, 1],
    }).view;
    const z = -0.5 + 2 * 0.5 + 1 * -1;
    expect(tables[0].rows[0].z).toBe(z);
    for (const [n, f] of [nn.tanh, nn.gelu].entries()) {
      expect(tables[1].rows[n]).toMatchObject({ z, "a = f(z)": f.f(z), "f′(z)": f.derivative(z) });
    }
  });

  test.each([-1.7, 0.4])("the point and the tangent are at z = %d, on the curve", (z) => {
    const { charts } = explore.activation({
      functions: ["tanh"],
      inputs: [0, 0],
      weights: [z, 0, 0],
    }).view as ActivationView;
    const [[curve, tangent], [slopes]] = charts.map(({ curves }) => curves as Curve[]);
    expectLine(tangent, [z, nn.tanh.f(z)], nn.tanh.derivative(z));
    expect(charts.map(({ marks }) => marks)).toEqual([
      [expect.objectContaining({ x: z, y: nn.tanh.f(z) })],
      [expect.objectContaining({ x: z, y: nn.tanh.derivative(z) })],
    ]);
    expect(curve.y).toEqual(curve.x.map((x) => nn.tanh.f(x)));
    expect(slopes.y).toEqual(slopes.x.map((x) => nn.tanh.derivative(x)));
  });

  test("saturated is where the slope is at most a twentieth of the steepest", () => {
    const at = (bias: number) =>
      explore.activation({ inputs: [0, 0], weights: [bias, 0, 0] }).view.tables[1].rows[0]
        .saturated;
    // 1 − tanh² z = 0.05 at z = artanh √0.95
    const edge = Math.atanh(Math.sqrt(0.95));
    expect(at(edge - 0.01)).toBe("no");
    expect(at(edge + 0.01)).toBe("yes");
    expect(explore.activation().settings.functions).toEqual(["tanh"]);
  });
});

describe("slope", () => {
  test.each([
    { weight: "V01", second: "" },
    { weight: "W12", second: "V03" },
  ])("cost, slope and step of $weight $second are the library's", (which) => {
    const settings = {
      ...slope.defaults,
      ...which,
      hidden: "tanh",
      weights: drawn,
      sample: "all" as const,
    };
    const { moving, next, tables } = explore.slope(settings).view as SlopeView;
    const network = nn.createNetwork({ sizes: [2, 3, 1], hidden: "tanh", weights: drawn });
    const gradient = costGradient(network, data.xor);
    const rows = tables[0].rows;
    expect(rows[rows.length - 1].now).toBe(cost(network, data.xor));
    for (const { name, slope } of moving)
      expect(slope).toBe(gradient[names.weightIndex(network, name)]);
    network.weights.set(next);
    expect(rows[rows.length - 1].after).toBe(cost(network, data.xor));
    const moved = next.flatMap((weight, w) =>
      weight === drawn[w] ? [] : [nn.weightName(network, w)],
    );
    expect(moved.sort()).toEqual([which.weight, which.second].filter(Boolean).sort());
  });

  test("the curve is the cost, touched by the tangent at the weight; the arrow goes to the step", () => {
    const settings = { hidden: "tanh", weights: drawn, sample: "all", weight: "W21" } as const;
    const { chart, moving } = explore.slope(settings).view as SlopeView;
    const [{ name, value, slope, next }] = moving;
    const network = nn.createNetwork({ sizes: [2, 3, 1], hidden: "tanh", weights: drawn });
    const costAt = (weight: number) => {
      network.weights[names.weightIndex(network, name)] = weight;
      return cost(network, data.xor);
    };
    const [now, after] = [
      [value, costAt(value)],
      [next, costAt(next)],
    ];
    const [curve, tangent] = chart.curves as Curve[];
    expect(curve.y).toEqual(curve.x.map(costAt));
    expectLine(tangent, [value, costAt(value)], slope);
    expect(chart.arrows).toEqual([{ from: now, to: after }]);
    expect(chart.marks?.map(({ x, y, label }) => [label, [x, y]])).toEqual([
      ["after the step", after],
      ["now", now],
    ]);
  });

  test("on the surface the arrow goes from both weights to their steps", () => {
    const settings = { hidden: "tanh", weights: drawn, weight: "W12", second: "V03" };
    const { chart, moving } = explore.slope(settings).view as SlopeView;
    const [from, to] = [moving.map(({ value }) => value), moving.map(({ next }) => next)];
    expect(chart.arrows).toEqual([{ from, to }]);
    expect(chart.marks?.map(({ x, y, label }) => [label, [x, y]])).toEqual([
      ["after the step", to],
      ["now", from],
    ]);
  });
});

describe("slope's window", () => {
  const viewOf = (part: Partial<explore.SlopeSettings>) =>
    slope.view({ ...slope.defaults, ...part }) as SlopeView;

  test("the text's: the bottom at V01 = −3 is in it, and the curve falls to it and rises again", () => {
    const { chart } = viewOf({});
    expect(chart.x.from).toBeLessThan(-3);
    const [{ x, y }] = chart.curves as Curve[];
    const lowest = (y as number[]).indexOf(Math.min(...(y as number[])));
    expect(x[lowest]).toBeCloseTo(-3, 1);
    expect(lowest).toBeGreaterThan(0);
    expect(lowest).toBeLessThan(x.length - 1);
  });

  const anyWeights = fc.record({
    hidden: fc.constantFrom("identity", "tanh", "relu", "sigmoid"),
    weights: fc.constantFrom<nn.Initialisation>("uniform", "xavier", "he"),
    seed: fc.nat(1000),
    sample: fc.constantFrom<number | "all">(0, 1, 2, 3, "all"),
    weight: fc.constantFrom("W10", "W12", "V00", "V03"),
    learningRate: fc.constantFrom(0.01, 0.1, 1),
  });

  test("holds the point, and a bottom wherever there is one on a hundred units to both sides", () => {
    fc.assert(
      fc.property(anyWeights, (part) => {
        const { chart, moving } = viewOf(part);
        const [{ name, value }] = moving;
        const { from, to } = chart.x;
        expect(value).toBeGreaterThanOrEqual(from);
        expect(value).toBeLessThanOrEqual(to);
        const network = nn.createNetwork({
          sizes: [2, 3, 1],
          hidden: part.hidden as "tanh",
          weights: part.weights,
          seed: part.seed,
        });
        const one = part.sample;
        const samples =
          one === "all"
            ? data.xor
            : { inputs: [data.xor.inputs[one]], targets: [data.xor.targets[one]] };
        const costAt = (weight: number) => {
          network.weights[names.weightIndex(network, name)] = weight;
          return cost(network, samples);
        };
        const places = Array.from({ length: 401 }, (_, n) => (n - 200) / 2);
        const costs = places.map(costAt);
        const lowest = costs.indexOf(Math.min(...costs));
        const isBottom =
          costs[0] > costs[lowest] + 1e-6 && (costs.at(-1) as number) > costs[lowest] + 1e-6;
        if (!isBottom || Math.abs(places[lowest]) > 20) return;
        const within = costs.filter((_, n) => places[n] >= from - 0.5 && places[n] <= to + 0.5);
        expect(Math.min(...within)).toBe(costs[lowest]);
      }),
      { numRuns: 200 },
    );
  });

  test("stands still wherever in it the weight is, and whatever happens while it is held", () => {
    const { chart } = viewOf({});
    const weights = Array<number>(13).fill(1);
    const at = (value: number) => ({
      ...slope.defaults,
      weights: weights.map((w, n) => (n === 10 ? value : w)),
    });
    expect(names.weightIndex(nn.createNetwork({ sizes: [2, 3, 1] }), "V01")).toBe(10);
    for (const value of [-3.9, -1, 2.5, 3.9])
      expect(slope.view(at(value)).chart.x).toEqual(chart.x);
    const far = slope.view(at(30));
    expect(far.chart.x.to).toBeGreaterThan(30);
    for (const value of [25, 3, -4])
      expect(slope.view(at(value), far).chart.x).toEqual(far.chart.x);
  });

  test("a cost that exists on one side only leaves a gap, and says so of a step into it", () => {
    const part = {
      output: "identity",
      loss: "binaryCrossEntropy",
      weights: Array.from({ length: 13 }, (_, n) => (n === 9 ? 0.5 : 0)),
      weight: "V00",
      learningRate: 0.5,
    };
    const { chart, picture, tables } = viewOf(part);
    const [{ x, y }] = chart.curves as Curve[];
    expect(x.filter((_, n) => y[n] !== null).every((at) => at >= 0 && at < 1)).toBe(true);
    expect(picture.svg).not.toContain("NaN");
    expect(tables[0].caption).toContain("to where there is no cost");
  });
});

test.each([
  ["a small step", { weights: drawn, learningRate: 0.001 }],
  ["a step of no length", { weights: 0, learningRate: 0.1 }],
  ["the text's", {}],
  ["a far step", { learningRate: 60 }],
  [
    "at the right end",
    { weights: drawn.map((w, n) => (n === 10 ? 4 : w)), sample: "all" as const },
  ],
  [
    "at the left end",
    { weights: drawn.map((w, n) => (n === 10 ? -4 : w)), sample: "all" as const },
  ],
  ["a surface", { second: "V02", learningRate: 0.001 }],
  ["huge costs", { weights: 90, learningRate: 0.0001 }],
])("slope: no text touches another or leaves the picture: %s", (_, part) => {
  const { picture } = slope.view({ ...slope.defaults, ...part });
  const texts = textsOf(svgOf(picture.svg));
  expect(texts.length).toBeGreaterThan(6);
  for (const [n, one] of texts.entries()) {
    expect(one.left, one.text).toBeGreaterThanOrEqual(0);
    expect(one.right, one.text).toBeLessThanOrEqual(picture.width);
    for (const other of texts.slice(n + 1)) {
      const apart =
        one.right <= other.left ||
        other.right <= one.left ||
        one.bottom <= other.top ||
        other.bottom <= one.top;
      expect(apart, `${one.text} and ${other.text}`).toBe(true);
    }
  }
});

test("the stepper's narrow picture: letters of ten pixels on a page 360 wide, labels on lit links alone", () => {
  const { steps } = backpropagationSteps(stepper.defaults);
  for (let step = 0; step <= steps.length; step++) {
    const { width, svg } = stepper.view({ ...stepper.defaults, step }).compact();
    const document = svgOf(svg);
    // The page leaves 310 pixels to it.
    for (const one of document.querySelectorAll("[font-size]"))
      expect((Number(one.getAttribute("font-size")) * 310) / width).toBeGreaterThanOrEqual(10);
    const labels = Array.from(
      document.querySelectorAll("g[font-size] text"),
      (text) => text.textContent?.split(" ")[0],
    );
    const lit = steps[step - 1]?.lit.filter((name) => /^[WV]\d/.test(name)) ?? [];
    expect(labels.sort()).toEqual(lit.sort());
  }
});

/** That a line's ends are as far from the point, one on each side, and it passes through it with this slope. */
function expectLine({ x, y }: Curve, [atX, atY]: readonly number[], slope: number): void {
  const [rise, run] = [(y[1] as number) - (y[0] as number), x[1] - x[0]];
  expect(x).toHaveLength(2);
  expect(run).toBeGreaterThan(0.1);
  expect((x[0] + x[1]) / 2).toBeCloseTo(atX, 12);
  expect(((y[0] as number) + (y[1] as number)) / 2).toBeCloseTo(atY, 12);
  expect(rise / run).toBeCloseTo(slope, 12);
}

describe("a chart", () => {
  const chart: Chart = {
    width: 400,
    height: 300,
    title: "A < B",
    x: { title: "across", from: -2, to: 6 },
    y: { title: "up", from: 10, to: 50 },
    curves: [
      { name: "one", x: [-2, 0, 2, 4, 6], y: [10, 30, null, 50, 20], color: "#111", dash: "8 4" },
    ],
    marks: [{ x: 4, y: 20, color: "#222", symbol: "circle", label: "here" }],
    arrows: [{ from: [0, 20], to: [4, 40] }],
    bands: [{ from: -5, to: 1 }],
  };
  const scale = scaleOf(chart);
  const svg = svgOf(drawCharts([chart]).svg);
  const numbers = (text: string | null | undefined) => (text?.match(/-?[\d.]+/g) ?? []).map(Number);
  const pixel = ([x, y]: readonly number[]) => [scale.px(x), scale.py(y)];
  /** To the tenth of a pixel that a picture's numbers are rounded to. */
  const near = (...points: number[][]) => points.flat().map((at) => expect.closeTo(at, 0.9));

  test("has its corners where its axes end, y upwards, and finds the numbers at a pixel", () => {
    const { left, top, width, height } = scale;
    expect(pixel([-2, 50])).toEqual([left, top]);
    expect(pixel([6, 10])).toEqual([left + width, top + height]);
    expect(scale.atX(scale.px(1.25))).toBeCloseTo(1.25, 12);
    expect(scale.atY(scale.py(12.5))).toBeCloseTo(12.5, 12);
    expect(left + width).toBeLessThanOrEqual(400);
    expect(top + height).toBeLessThanOrEqual(300);
  });

  test("draws curve, gap, mark, arrow and band where the scale has their numbers", () => {
    const curve = svg.querySelector("g[clip-path] path");
    const [before, after] = curve?.getAttribute("d")?.slice(1).split("M") ?? [];
    expect(numbers(before)).toEqual(near(pixel([-2, 10]), pixel([0, 30])));
    expect(numbers(after)).toEqual(near(pixel([4, 50]), pixel([6, 20])));
    expect(curve?.getAttribute("stroke-dasharray")).toBe("8 4");
    const mark = svg.querySelector("circle[fill='#222']");
    expect([mark?.getAttribute("cx"), mark?.getAttribute("cy")].map(Number)).toEqual(
      near(pixel([4, 20])),
    );
    const [shaft, head] = svg.querySelectorAll("path[stroke='#B3261E'], path[fill='#B3261E']");
    expect(numbers(shaft.getAttribute("d")).slice(0, 2)).toEqual(near(pixel([0, 20])));
    expect(numbers(head.getAttribute("d")).slice(0, 2)).toEqual(near(pixel([4, 40])));
    const band = svg.querySelector("rect[fill='#ECECEC']");
    const [from, wide] = ["x", "width"].map((name) => Number(band?.getAttribute(name)));
    expect([from, from + wide]).toEqual(near([scale.left, scale.px(1)]));
  });

  test("writes each tick's number at its place, and all titles", () => {
    const texts = Array.from(svg.querySelectorAll("text"));
    for (const text of ["A < B", "across", "up", "one", "here"]) {
      expect(texts.map(({ textContent }) => textContent)).toContain(text);
    }
    const placed = (anchor: string, size: string, place: string) =>
      texts
        .filter((text) => text.getAttribute("text-anchor") === anchor)
        .filter((text) => text.getAttribute("font-size") === size)
        .map((text) => [
          Number(text.textContent?.replace("−", "-")),
          Number(text.getAttribute(place)),
        ]);
    expect(placed("middle", "12", "x")).toEqual(
      [-2, 0, 2, 4, 6].map((at) => [at, expect.closeTo(scale.px(at), 0.9)]),
    );
    expect(placed("end", "12", "y")).toEqual(
      [10, 20, 30, 40, 50].map((at) => [at, expect.closeTo(scale.py(at) + 4, 0.9)]),
    );
  });

  test("its ticks are all multiples of 1, 2 or 5 times a power of ten within the axis: two to six", () => {
    const lengths = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const places = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(lengths, places, (length, place) => {
        const from = place * length;
        const to = from + length;
        const marks = ticks({ from, to });
        expect(marks.length).toBeGreaterThanOrEqual(2);
        expect(marks.length).toBeLessThanOrEqual(6);
        const step = marks[1] - marks[0];
        const leading = Number(step.toExponential(4).split("e")[0]);
        expect([1, 2, 5]).toContain(leading);
        const rounding = 1e-6 * step;
        marks.forEach((mark, n) => {
          expect(mark / step).toBeCloseTo(Math.round(marks[0] / step) + n, 6);
        });
        expect(marks[0]).toBeGreaterThanOrEqual(from - rounding);
        expect(marks[0] - step).toBeLessThan(from);
        expect(marks[marks.length - 1]).toBeLessThanOrEqual(to + rounding);
        expect(marks[marks.length - 1] + step).toBeGreaterThan(to);
      }),
    );
  });
});

describe("digits", () => {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;

  test("a pixel is the share of ink among its sixteen dots", () => {
    // The pen is 5.5 wide: level with y = 2, it covers all dots above, and those with centres up to 4.75.
    const across = pixelsOf([[-10, 2, 42, 2]]);
    expect(across.slice(0, 8)).toEqual(Array(8).fill(1));
    expect(across.slice(8, 16)).toEqual(Array(8).fill(0.25));
    expect(across.slice(16)).toEqual(Array(48).fill(0));
    expect(pixelsOf([])).toEqual(Array(64).fill(0));
  });

  test("what crosses a dot twice inks it once", () => {
    const [one, other] = [
      [4, 4, 28, 28],
      [28, 4, 4, 28],
    ];
    const both = pixelsOf([one, other]);
    const [first, second] = [pixelsOf([one]), pixelsOf([other])];
    for (const [n, ink] of both.entries()) {
      expect(ink).toBeLessThanOrEqual(1);
      expect(ink).toBeGreaterThanOrEqual(Math.max(first[n], second[n]));
      expect(ink).toBeLessThanOrEqual(first[n] + second[n]);
    }
  });

  test("fitted, a drawing does not depend on where and how large it was drawn", () => {
    const moved = exampleDigits[5].map((stroke) => stroke.map((x, n) => x / 2 + 3 + (n % 2)));
    const [one, other] = [fitted(exampleDigits[5]), fitted(moved)].map((all) => all.flat());
    for (const [n, x] of one.entries()) expect(other[n]).toBeCloseTo(x, 10);
    expect(fitted([[3, 5]])).toEqual([[16, 16]]);
  });

  test("fitted, a drawing is as high and as wide as the data's images", () => {
    const extent = (image: readonly number[], part: (i: number) => number) => {
      const places = image.flatMap((ink, i) => (ink > 0.25 ? [part(i)] : []));
      return 1 + Math.max(...places) - Math.min(...places);
    };
    const [row, column] = [(i: number) => Math.floor(i / 8), (i: number) => i % 8];
    expect(images.inputs.every((image) => extent(image, row) === 8)).toBe(true);
    const narrow = images.inputs.filter((image) => extent(image, column) <= 6).length;
    expect(Math.round((100 * narrow) / images.inputs.length)).toBe(98);

    const circle = Array.from({ length: 25 }, (_, n) => (2 * Math.PI * n) / 24).flatMap((angle) => [
      16 + 5 * Math.cos(angle),
      16 + 5 * Math.sin(angle),
    ]);
    for (const strokes of [[circle], ...exampleDigits]) {
      const image = pixelsOf(fitted(strokes));
      expect(extent(image, row)).toBe(8);
      expect(extent(image, column)).toBeLessThanOrEqual(6);
    }
  });

  test("the pen is as wide as in the data: as much ink on average", () => {
    const drawn = mean(exampleDigits.map((strokes) => mean(pixelsOf(fitted(strokes)))));
    const given = mean(images.inputs.map(mean));
    expect(Math.abs(drawn / given - 1)).toBeLessThan(0.05);
  });

  test("networks trained on the data read the ten examples, but not as drawn", () => {
    for (const seed of [1, 2, 3]) {
      const network = reader(seed);
      const [inputs, targets] = [images.inputs.slice(0, 1097), images.targets.slice(0, 1097)];
      training.train(
        network,
        { inputs, targets },
        { learningRate: 0.1, batchSize: 32, epochs: 30, seed },
      );
      const read = (fit: boolean) =>
        exampleDigits.map((strokes) => {
          const rows = explore.digits(network, { strokes, fit }).view.tables[0].rows;
          const p = rows.map((row) => Number(row.p));
          expect(p.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
          return p.indexOf(Math.max(...p));
        });
      const right = read(true).filter((digit, k) => digit === k);
      expect(right.length).toBeGreaterThanOrEqual(9);
      // As the notebook on digits says: small and in the middle, most are taken for a 1 or a 4.
      expect(read(false).filter((digit) => digit === 1 || digit === 4).length).toBeGreaterThan(5);
    }
  });

  test("its numbers are the network's, but for weights told to four digits", () => {
    const network = reader(7);
    const rows = explore.digits(network).view.tables[0].rows;
    const p = nn.predict(network, pixelsOf(fitted(exampleDigits[3])));
    for (const [k, row] of rows.entries()) expect(Number(row.p)).toBeCloseTo(p[k], 3);
  });
});

describe("convolution", () => {
  const image = Array.from({ length: 36 }, (_, n) => ((7 * n) % 11) - 4);
  const kernel = [2, -1, 0.5, 0, 3, -2, 1, 4, -0.5];
  const slopes = Array.from({ length: 16 }, (_, n) => ((5 * n) % 7) - 3);
  const viewOf = (part: Partial<explore.ConvolutionSettings>) =>
    convolution.view({ ...convolution.defaults, image, kernel, slopes, ...part });
  /** By the definition alone: output (i, j) is the sum of K[a][b] · x[i + a][j + b]. */
  const byHand = (uses: readonly number[]) => {
    const [k, x] = [Array<number>(9).fill(0), Array<number>(36).fill(0)];
    for (const use of uses)
      for (let w = 0; w < 9; w++) {
        const met = 6 * (Math.floor(use / 4) + Math.floor(w / 3)) + (use % 4) + (w % 3);
        k[w] += slopes[use] * image[met];
        x[met] += slopes[use] * kernel[w];
      }
    return { k, x };
  };
  const numbersIn = (svg: string, title: RegExp, count: number) => {
    const texts = Array.from(svgOf(svg).querySelectorAll("text"), (one) => one.textContent ?? "");
    const at = texts.findIndex((text) => title.test(text));
    return texts.slice(at + 1, at + 1 + count).map((text) => Number(text.replace("−", "-")));
  };
  const all = Array.from({ length: 16 }, (_, n) => n);

  test.each([
    ["the first use", { place: 0, uses: [] }, [0]],
    ["three uses", { place: 9, uses: [3, 14] }, [3, 14, 9]],
    ["a use come back to", { place: 3, uses: [3, 14] }, [3, 14]],
    ["all", { place: 15, uses: all }, all],
  ])("slopes of weights and pixels are sums over the uses: %s", (_, part, added) => {
    const { picture, compact, added: seen } = viewOf(part);
    expect(seen).toEqual(added);
    const [total, here] = [byHand(added), byHand([part.place])];
    for (const { svg } of [picture, compact()]) {
      expect(numbersIn(svg, /^∂L\/∂K/, 9)).toEqual(total.k);
      expect(numbersIn(svg, /^∂L\/∂x/, 36)).toEqual(total.x);
      expect(numbersIn(svg, /^this use/, 9)).toEqual(here.k.map((value) => value + 0));
    }
  });

  test("with all uses it is the backward pass of a conv2d, in whatever order they are added", () => {
    const order = all.map((n) => (7 * n) % 16);
    const [x, k] = [tensors.tensor(image, [1, 1, 6, 6]), tensors.tensor(kernel, [1, 1, 3, 3])];
    const y = tensors.conv2d(x, k);
    tensors.backward(y, tensors.tensor(slopes, [1, 1, 4, 4]));
    const { tables, picture, said } = viewOf({ uses: order, place: 2, weight: "K31" });
    expect(numbersIn(picture.svg, /^∂L\/∂K/, 9)).toEqual(Array.from(k.slope as Float64Array));
    expect(numbersIn(picture.svg, /^∂L\/∂x/, 36)).toEqual(Array.from(x.slope as Float64Array));
    expect(numbersIn(picture.svg, /^y = x/, 16)).toEqual(Array.from(y.data));
    const { rows } = tables[0];
    expect(rows).toHaveLength(16);
    let sum = 0;
    rows.forEach((row, n) => {
      const [place, met] = [order[n], 6 * (Math.floor(order[n] / 4) + 2) + (order[n] % 4)];
      sum += slopes[place] * image[met];
      expect(Object.values(row)).toEqual([
        `row ${Math.floor(place / 4) + 1}, column ${(place % 4) + 1}`,
        slopes[place],
        image[met],
        slopes[place] * image[met] + 0, // not −0
        sum,
      ]);
    });
    expect(sum).toBe((k.slope as Float64Array)[6]);
    expect(said).toContain(`K31 meets the pixel ${formatNumber(image[14])}`);
    expect(said).toContain(`is ${formatNumber(sum)} with all uses added`);
  });

  test("a pointer finds what is drawn under it, in both pictures", () => {
    const view = viewOf({ place: 6 });
    for (const isCompact of [false, true]) {
      const { svg } = isCompact ? view.compact() : view.picture;
      const cells = Array.from(svgOf(svg).querySelectorAll("text[text-anchor=middle]"), (text) => ({
        x: Number(text.getAttribute("x")),
        y: Number(text.getAttribute("y")) - 4,
      }));
      const found = cells.map(({ x, y }) => view.find(x, y, isCompact));
      const inOrder = (side: number, shift: number) =>
        Array.from({ length: side * side }, (_, n) => {
          const inside = (at: number) => Math.max(0, Math.min(3, at - shift));
          return { place: 4 * inside(Math.floor(n / side)) + inside(n % side) };
        });
      const weights = Array.from({ length: 9 }, (_, w) => ({
        weight: `K${Math.floor(w / 3) + 1}${(w % 3) + 1}`,
      }));
      expect(found).toEqual([
        ...inOrder(6, 1),
        ...weights,
        ...inOrder(4, 0),
        ...inOrder(4, 0),
        ...weights,
        ...weights,
        ...inOrder(6, 1),
      ]);
      expect(view.find(1, 1, isCompact)).toBeUndefined();
    }
  });
});

describe("attention", () => {
  const tablesOf = (part: Partial<explore.AttentionSettings>) =>
    explore.attention(part).view.tables.map(({ rows }) => rows);
  const pairIn = (text: unknown) =>
    (
      String(text)
        .replace(/−/g, "-")
        .match(/-?[\d.]+/g) ?? []
    ).map(Number);

  test("the example that is done by hand: q = 1, k = (1, 0), v = (2, −1)", () => {
    const [keys, [query]] = tablesOf({
      query: [1, 0],
      keys: [
        [1, 0],
        [0, 0],
      ],
      values: [2, -1],
      scaled: false,
    });
    const share = 1 / (1 + Math.exp(-1));
    expect(keys.map((row) => row["share p"])).toEqual([
      expect.closeTo(share, 14),
      expect.closeTo(1 - share, 14),
    ]);
    expect(keys.map((row) => row["∂L/∂v"])).toEqual(keys.map((row) => row["share p"]));
    expect(query["output o"]).toBeCloseTo(3 * share - 1, 14);
    const slope = 3 * share * (1 - share);
    expect(keys.map((row) => row["∂L/∂s"])).toEqual([
      expect.closeTo(slope, 14),
      expect.closeTo(-slope, 14),
    ]);
    expect(pairIn(query["∂L/∂q"])).toEqual([0.5898, 0]);
    expect(keys.map((row) => pairIn(row["∂L/∂k"]))).toEqual([
      [0.5898, 0],
      [-0.5898, 0],
    ]);
  });

  test("shares are a softmax of scores over √2, the output a mean, and slopes those of a nudge", () => {
    const settings = { ...attention.defaults, slope: -1.5 };
    const { query, keys, values, slope } = settings;
    const output = (
      q: readonly number[],
      k: readonly (readonly number[])[],
      v: readonly number[],
    ) => {
      const powers = k.map(([x, y]) => Math.exp((q[0] * x + q[1] * y) / Math.SQRT2));
      const total = powers.reduce((sum, one) => sum + one, 0);
      return powers.reduce((sum, one, i) => sum + (one / total) * v[i], 0);
    };
    /** ∂L/∂(one number), by a nudge of it. */
    const nudged = (at: (by: number) => number) => (slope * (at(1e-5) - at(-1e-5))) / 2e-5;
    const plus = (list: readonly number[], n: number, by: number) =>
      list.map((one, i) => (i === n ? one + by : one));
    const [rows, [told]] = tablesOf(settings);
    expect(told["output o"]).toBeCloseTo(output(query, keys, values), 12);
    const near = (value: number) => expect.closeTo(value, 3);
    expect(pairIn(told["∂L/∂q"])).toEqual(
      [0, 1].map((n) => near(nudged((by) => output(plus(query, n, by), keys, values)))),
    );
    rows.forEach((row, i) => {
      expect(row["∂L/∂v"]).toBeCloseTo(
        nudged((by) => output(query, keys, plus(values, i, by))),
        8,
      );
      expect(pairIn(row["∂L/∂k"])).toEqual(
        [0, 1].map((n) =>
          near(
            nudged((by) =>
              output(
                query,
                keys.map((key, j) => (j === i ? plus(key, n, by) : key)),
                values,
              ),
            ),
          ),
        ),
      );
    });
    const sumOf = (column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0);
    expect(sumOf("share p")).toBeCloseTo(1, 14);
    expect(sumOf("∂L/∂s")).toBeCloseTo(0, 14);
  });

  test("the picture has the query and the keys where they are, lines as wide as shares, slopes as arrows", () => {
    const view = explore.attention().view as AttentionView;
    const { query, keys } = attention.defaults;
    const { marks, curves, arrows } = view.chart;
    expect(marks?.map(({ x, y }) => [x, y])).toEqual([...keys, query]);
    const [rows, [told]] = view.tables.map(({ rows }) => rows);
    const shares = rows.map((row) => Number(row["share p"]));
    expect(curves?.map(({ width = 0 }) => width / 14)).toEqual(
      shares.map((share) => expect.closeTo(Math.max(share, 0.5 / 14), 12)),
    );
    const lengths = arrows?.map(({ from, to }) => [to[0] - from[0], to[1] - from[1]]);
    expect(lengths).toEqual(
      [told["∂L/∂q"], ...rows.map((row) => row["∂L/∂k"])].map((text) =>
        pairIn(text).map((value) => expect.closeTo(value, 3)),
      ),
    );
    const far = explore.attention({
      keys: [
        [9, 0],
        [0, 1],
      ],
      values: [1, 2],
    }).view as AttentionView;
    expect(far.chart.marks?.map(({ label }) => label)).toEqual([
      expect.stringMatching(/^k2, v = 2: \d+ %$/),
      "q",
    ]);
  });
});

describe("playground", () => {
  const settings = {
    ...playground.defaults,
    data: "moons",
    samples: 60,
    noise: 0.1,
    testShare: 0.25,
    layers: [4, 3],
  };

  test.each([0, 7])("trains as train does, weight for weight, in batches of %i", (batchSize) => {
    const run = new PlaygroundRun({ ...settings, batchSize });
    run.advance(3);
    run.advanceWithin(20, performance.now() + 60_000);
    while (run.epoch < 25) run.step();
    const network = trainedBy(trainingCode(run));
    expect(run.epoch).toBe(25);
    expect(Array.from(network.weights)).toEqual(Array.from(run.network.weights));
  });

  test.each([
    ["at once", (run: PlaygroundRun) => run.advance(400)],
    ["in chunks", (run: PlaygroundRun) => run.advanceWithin(400, Infinity)],
  ])(
    "the test cost is noted all along, %s: each is what train's network has then",
    (_, advance) => {
      const run = new PlaygroundRun(settings);
      advance(run);
      const { epochs, costs } = run.testHistory;
      expect(run.epoch).toBe(400);
      expect(epochs[0]).toBe(0);
      for (let n = 1; n < epochs.length; n++)
        expect(epochs[n] - epochs[n - 1]).toBeLessThanOrEqual(Math.max(1, 0.01 * epochs[n] + 1));
      expect(epochs[epochs.length - 1]).toBeGreaterThan(395);
      const early = new PlaygroundRun(settings);
      early.advance(7);
      expect(costs[epochs.indexOf(7)]).toBe(cost(early.network, early.test));
    },
  );

  test("three classes: an output each, and its code and JSON give the network back", () => {
    const run = new PlaygroundRun({
      ...settings,
      data: "arms",
      layers: [5, 4],
      hidden: ["tanh", "relu"],
      output: "softmax",
      loss: "crossEntropy",
    });
    run.advance(30);
    expect(run.network.sizes).toEqual([2, 5, 4, 3]);
    expect(run.network.activations.map(({ name }) => name)).toEqual([
      "identity",
      "tanh",
      "relu",
      "softmax",
    ]);
    expectBack(run);
  });

  test("own points: what they are is what is trained on, and code and JSON give it back", () => {
    const points = [
      [0, 0, 0],
      [1, 1, 0],
      [0.5, -1, 1],
      [-1, 0.25, 1],
    ];
    const run = new PlaygroundRun({ ...settings, data: "own", points, testShare: 0 });
    run.advance(12);
    expect(run.train.inputs).toEqual(points.map(([x1, x2]) => [x1, x2]));
    expect(run.train.targets).toEqual([[0], [0], [1], [1]]);
    expectBack(run);
    const three = new PlaygroundRun({
      ...settings,
      data: "own",
      points: [...points, [2, 2, 2]],
      testShare: 0,
      output: "softmax",
      loss: "crossEntropy",
    });
    three.advance(12);
    expect(three.train.targets[4]).toEqual([0, 0, 1]);
    expectBack(three);
  });

  function expectBack(run: PlaygroundRun) {
    const weights = Array.from(run.network.weights);
    expect(Array.from(trainedBy(trainingCode(run)).weights)).toEqual(weights);
    const saved = JSON.parse(runJson(run));
    const network = nn.createNetwork(saved.network);
    expect(Array.from(nn.predict(network, [0.3, -0.2]))).toEqual(
      Array.from(nn.predict(run.network, [0.3, -0.2])),
    );
    const again = explore.playground(saved.settings);
    expect(again.settings).toEqual({ ...run.settings, epochs: run.epoch });
  }

  test("a weight is told with its units, its value and the slope of the cost", () => {
    const run = new PlaygroundRun(settings);
    run.advance(3);
    const gradient = costGradient(run.network, run.train);
    for (const [name, from, to] of [
      ["W1.12", "X2", "Z1.1"],
      ["W2.20", "the bias", "Z2.2"],
      ["V03", "Z2.3", "D0"],
    ]) {
      const index = names.weightIndex(run.network, name);
      const [value, slope] = [run.network.weights[index], gradient[index]];
      expect(tellWeight(run, index)).toBe(
        `${name}, from ${from} to ${to}: ${formatNumber(value, 4)}. Slope of the cost: ${formatNumber(slope, 3)}.`,
      );
    }
  });

  test("says what is wrong with layers, classes and points", () => {
    const make = (part: object) => () => explore.playground({ ...settings, ...part });
    expect(make({ hidden: ["tanh"] })).toThrow(/there are 2 layers, but 1 activations/);
    expect(make({ hidden: ["tanh", "softmax"] })).toThrow(/hidden is one of identity/);
    expect(make({ data: "clouds", loss: "none" })).toThrow(/loss is one of .*"none" was given/);
    expect(make({ output: "softmax" })).toThrow(/output is one of identity/);
    expect(make({ data: "own" })).toThrow(/no points yet/);
    expect(make({ data: "moon" })).toThrow(/data is one of xor, .*own, but "moon"/);
  });

  test("keeps its histories small however long it runs", () => {
    const run = new PlaygroundRun({ ...settings, samples: 6, layers: [1] });
    run.advance(2000);
    for (let n = 0; n < 3000; n++) run.advance(1);
    expect(run.testHistory.epochs.length).toBeLessThan(900);
  });

  test("a run that diverges ends, and says why", () => {
    const run = new PlaygroundRun({
      ...settings,
      hidden: "identity",
      output: "identity",
      loss: "halfSquaredError",
      learningRate: 100,
    });
    run.advance(1000);
    expect(run.fault).toMatch(/Training diverged in epoch \d+/);
    expect(Array.from(run.network.weights).every(Number.isFinite)).toBe(true);
    run.advance(1);
  });

  test("colours change at the middle of what a unit can give: of the output at 0.5", () => {
    for (const [hidden, middle] of [
      ["tanh", 0],
      ["sigmoid", 0.5],
      ["step", 0.5],
      ["relu", 0],
      ["identity", 0],
    ] as const) {
      const run = new PlaygroundRun({ ...settings, hidden, output: "tanh" });
      expect(middleOf(run, "Z1.2"), hidden).toBe(middle);
      expect(middleOf(run, "D0")).toBe(0.5);
    }
  });

  test("every optimiser of the library is a choice, and learns XOR", () => {
    for (const optimiser of Object.keys(training.optimisers)) {
      const { view } = explore.playground({
        optimiser,
        epochs: 3000,
        learningRate: optimiser === "gradientDescent" ? 0.3 : 0.05,
      });
      const truth = view.tables.find(({ caption }) => caption === "Truth table");
      expect(truth?.rows.map((row) => row[""])).toEqual(Array(4).fill("✓ right"));
    }
  });
});

/** Runs code with modules in place of its imports. */
function run(code: string, modules: object): unknown {
  return new Function(...Object.keys(modules), code)(...Object.values(modules));
}

/** The network that the code of a run trains. */
function trainedBy(code: string): nn.Network {
  const body = code.replace(/^import .*$/gm, "");
  return run(`${body}; return network;`, { ...data, ...nn, ...training, ...names }) as nn.Network;
}
