/** The numbers that figures are given: typed arrays, gaps, and what a logarithmic axis leaves out. */
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type FigureOptions, lossCurve, plot } from "../../src/show";
import { encodePng, PixelContext } from "../../src/show/canvas";
import { pointAt, walkOf } from "../../src/show/path-length";
import type { History } from "../../src/training";
import { bundleOf, pageOf, pictureOf, textsOf } from "./parts";

const words = async (figure: ReturnType<typeof plot>) =>
  textsOf(pictureOf(await pageOf(figure)))
    .map(({ text }) => text)
    .join(" ");

describe("typed arrays are numbers", () => {
  const f = (...numbers: number[]) => Float64Array.from(numbers);

  test.each<[string, Omit<FigureOptions, "alt">, Omit<FigureOptions, "alt">]>([
    ["bars", { data: [{ type: "bar", y: f(1, 3) }] }, { data: [{ type: "bar", y: [1, 3] }] }],
    [
      "a histogram",
      { data: [{ type: "histogram", x: Float32Array.of(1, 1, 2) }] },
      { data: [{ type: "histogram", x: [1, 1, 2] }] },
    ],
    [
      "rows of a heat map",
      { data: [{ type: "heatmap", z: [f(1, 2), Uint8Array.of(3, 4)] }] },
      {
        data: [
          {
            type: "heatmap",
            z: [
              [1, 2],
              [3, 4],
            ],
          },
        ],
      },
    ],
    [
      "error bars, sizes and colours",
      {
        data: [
          {
            y: f(1, 2),
            mode: "markers",
            error_y: { array: f(1, 2), arrayminus: f(0, 1) },
            marker: { size: Int32Array.of(10, 30), color: f(0, 1), line: { width: f(1, 2) } },
            customdata: [f(1), f(2)],
          },
        ],
      },
      {
        data: [
          {
            y: [1, 2],
            mode: "markers",
            error_y: { array: [1, 2], arrayminus: [0, 1] },
            marker: { size: [10, 30], color: [0, 1], line: { width: [1, 2] } },
            customdata: [[1], [2]],
          },
        ],
      },
    ],
    [
      "dimensions",
      {
        data: [
          { type: "parcoords", dimensions: [{ label: "a", values: f(1, 2), range: f(0, 3) }] },
        ],
      },
      {
        data: [{ type: "parcoords", dimensions: [{ label: "a", values: [1, 2], range: [0, 3] }] }],
      },
    ],
    [
      "nodes and links",
      {
        data: [
          {
            type: "sankey",
            node: { x: f(0.1, 0.9) },
            link: { source: Uint8Array.of(0), target: [1], value: f(2) },
          },
        ],
      },
      {
        data: [
          {
            type: "sankey",
            node: { x: [0.1, 0.9] },
            link: { source: [0], target: [1], value: [2] },
          },
        ],
      },
    ],
    [
      "the layout, and frames",
      {
        data: [{ y: [1, 2] }],
        layout: {
          xaxis: { range: f(-1, 2), tickvals: f(0, 1) },
          shapes: [{ type: "rect", x0: 0, x1: 1, y0: 1, y1: 2 }],
          sliders: [{ steps: [{ args: [f(1)] }] }],
        },
        frames: [{ name: "next", data: [{ y: f(2, 1) }] }],
      },
      {
        data: [{ y: [1, 2] }],
        layout: {
          xaxis: { range: [-1, 2], tickvals: [0, 1] },
          shapes: [{ type: "rect", x0: 0, x1: 1, y0: 1, y1: 2 }],
          sliders: [{ steps: [{ args: [[1]] }] }],
        },
        frames: [{ name: "next", data: [{ y: [2, 1] }] }],
      },
    ],
  ])("in %s: the figure and the picture are those of lists", async (_, typed, listed) => {
    const [one, other] = [typed, listed].map((options) => plot({ ...options, alt: "Numbers." }));
    expect(one.figure).toEqual(other.figure);
    expect(await one.html()).toBe(await other.html());
  });

  test("in sets, too; Plotly's own base64 stays as it is", () => {
    const y = { dtype: "f8", bdata: "AAAAAAAA8D8AAAAAAAAAQA==" };
    const [one, other] = plot({ data: [{ y: new Set([1, 2]) }, { y }], alt: "" }).figure.data;
    expect(one.y).toEqual([1, 2]);
    expect(other.y).toEqual(y);
  });

  test.each<[string, unknown, RegExp]>([
    ["bigints", { y: BigInt64Array.of(1n) }, /^data\[0\]\.y\[0\] is 1n, a bigint.*Number\(…\)/],
    [
      "bytes",
      { marker: { size: new ArrayBuffer(8) }, y: [1] },
      /data\[0\]\.marker\.size.*ArrayBuffer/,
    ],
    ["a view of bytes", { y: new DataView(new ArrayBuffer(8)) }, /data\[0\]\.y.*DataView/],
    ["a promise", { y: Promise.resolve([1]) }, /data\[0\]\.y.*Promise/],
    ["a map", { y: new Map([[1, 2]]) }, /data\[0\]\.y.*Map/],
    ["a function", { y: [1], name: () => "me" }, /data\[0\]\.name is a function/],
  ])("%s are refused by name", (_, trace, message) => {
    expect(() => plot({ data: [trace as object], alt: "" })).toThrow(message);
  });

  test("what contains itself is refused", () => {
    const trace: Record<string, unknown> = { y: [1, 2] };
    trace.meta = { trace };
    expect(() => plot({ data: [trace], alt: "" })).toThrow("data[0].meta.trace contains itself");
  });
});

describe("gaps", () => {
  test("what is not finite is a gap, and counted below the picture and behind the alt text", async () => {
    const z = [Float64Array.of(1, Number.NaN), [Number.POSITIVE_INFINITY, 4]];
    const figure = plot({ data: [{ type: "heatmap", z }], alt: "Warm" });
    expect(figure.figure.data[0].z).toEqual([
      [1, null],
      [null, 4],
    ]);
    const note = "2 values are left out: they are not finite numbers.";
    expect(await words(figure)).toContain(note);
    expect((await bundleOf(figure))["text/plain"]).toBe(`Warm. ${note}`);
  });

  test("null is a gap that is meant", () => {
    expect(plot({ data: [{ y: [1, null, 2] }], alt: "A." }).alt).toBe("A.");
  });

  test("a layout has none", () => {
    const range = [Number.NaN, 1];
    expect(() => plot({ data: [{ y: [1] }], layout: { xaxis: { range } }, alt: "" })).toThrow(
      "layout.xaxis.range[0] is NaN",
    );
  });
});

test("names and dates stay as they are, and numbers that are close keep the digits that tell them apart", () => {
  const { data } = plot({
    data: [
      { x: ["a", "b"], y: [1 / 3, 2] },
      { x: [new Date(0), new Date(86_400_000)], y: [1_000_001, 1_000_002] },
    ],
    alt: "",
  }).figure;
  expect(data[0]).toMatchObject({ x: ["a", "b"], y: [0.333333, 2] });
  expect(data[1]).toMatchObject({
    x: ["1970-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z"],
    y: [1_000_001, 1_000_002],
  });
});

describe("a logarithmic axis", () => {
  const run = (costs: number[]) => ({
    history: { costs, epochs: costs.map((_, i) => i) } as unknown as History,
  });
  const none = "a logarithmic axis has no place for 0 or less.";

  test("says how many costs it leaves out", async () => {
    const figure = lossCurve(run([1, 0.5, 0, 0]), { log: true });
    expect(figure.figure.data[0].y).toEqual([1, 0.5]);
    expect(figure.alt).toContain(`2 of 4 costs are left out: ${none}`);
    expect(await words(figure)).toContain(`2 of 4 costs are left out: ${none}`);
    expect(lossCurve(run([1, 0.5, 0, 0])).alt).not.toContain("left out");
  });

  test("is linear, and says so, if no cost is above 0", async () => {
    const figure = lossCurve(run([0, 0, 0]), { log: true });
    expect(figure.figure.data[0].y).toEqual([0, 0, 0]);
    expect(figure.figure.layout.yaxis.type).toBeUndefined();
    expect(await words(figure)).toContain("No cost is above 0, so the axis is not logarithmic");
  });

  test("says where it cuts costs off, and which epoch it leaves out", () => {
    const figure = lossCurve(run([1, 1e-3, 1e-14]), { log: true, logEpochs: true });
    expect(figure.figure.data[0].y).toEqual([1e-3, 1e-12]);
    expect(figure.alt).toContain(
      "Costs below 1e−12 are drawn as 1e−12: there the curve goes on below.",
    );
    expect(figure.alt).toContain("Epoch 0 is left out");
    expect(lossCurve(run([1, 1e-12]), { log: true }).alt).not.toContain("below");
  });

  test.each<[string, Omit<FigureOptions, "alt">, string]>([
    [
      "bars",
      {
        data: [{ type: "bar", x: ["a", "b", "c"], y: [0, 1, -2] }],
        layout: { yaxis: { type: "log" } },
      },
      "2 of 3 points are",
    ],
    [
      "lying bars",
      {
        data: [{ type: "bar", orientation: "h", x: [0, 1], y: ["a", "b"] }],
        layout: { xaxis: { type: "log" } },
      },
      "1 of 2 points is",
    ],
    [
      "points counted from 0",
      { data: [{ y: [1, 2, 3] }], layout: { xaxis: { type: "log" } } },
      "1 of 3 points is",
    ],
    [
      "both axes",
      {
        data: [{ x: [0, 1, 2], y: [1, 0, 3] }],
        layout: { xaxis: { type: "log" }, yaxis: { type: "log" } },
      },
      "2 of 3 points are",
    ],
    [
      "another axis",
      { data: [{ y: [0, 1] }, { y: [0, 5], yaxis: "y2" }], layout: { yaxis2: { type: "log" } } },
      "1 of 2 points is",
    ],
    [
      "candles",
      {
        data: [
          {
            type: "candlestick",
            x: [1, 2],
            open: [1, 2],
            high: [3, 4],
            low: [0, 1],
            close: [2, 3],
          },
        ],
        layout: { yaxis: { type: "log" } },
      },
      "1 of 2 points is",
    ],
    [
      "a scene",
      {
        data: [{ type: "scatter3d", x: [1, 2], y: [1, 2], z: [0, 2] }],
        layout: { scene: { zaxis: { type: "log" } } },
      },
      "1 of 2 points is",
    ],
    [
      "a polar plot",
      {
        data: [{ type: "scatterpolar", r: [0, 2], theta: [1, 2] }],
        layout: { polar: { radialaxis: { type: "log" } } },
      },
      "1 of 2 points is",
    ],
  ])("of %s counts what it leaves out", async (_, options, said) => {
    const { alt } = plot({ ...options, alt: "A." });
    expect(alt).toBe(`A. ${said} left out: ${none}`);
  });

  test("names the traces of which nothing is left", async () => {
    const figure = plot({
      data: [
        { name: "a", y: [1, 2] },
        { name: "b <c>", y: [0, -1] },
      ],
      layout: { yaxis: { type: "log" } },
      alt: "A.",
    });
    expect(figure.alt).toContain('Nothing is left of "b <c>".');
    expect(await words(figure)).toMatch(/Nothing is left of .b <c>.\./);
  });

  test("of plot is linear, and says so, if nothing on it is above 0", () => {
    const { figure, alt } = plot({
      data: [{ type: "bar", y: [0, 0] }],
      layout: { yaxis: { type: "log" } },
      alt: "A.",
    });
    expect(figure.layout.yaxis.type).toBeUndefined();
    expect(alt).toContain("Nothing on the y axis is above 0, so the axis is not logarithmic");
  });
});

describe("the pictures' own parts", () => {
  /** The pixels of a PNG whose lines are filtered by 1 (left) or 2 (above), as the specification undoes them. */
  function decode(png: Buffer) {
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    const length = png.readUInt32BE(33);
    expect(png.toString("latin1", 37, 41)).toBe("IDAT");
    const lines = inflateSync(png.subarray(41, 41 + length));
    const pixels = new Uint8Array(4 * width * height);
    for (let row = 0; row < height; row++) {
      const filter = lines[row * (4 * width + 1)];
      expect([1, 2]).toContain(filter);
      for (let i = 0; i < 4 * width; i++) {
        const at = 4 * width * row + i;
        const before =
          filter === 1 ? (i >= 4 ? pixels[at - 4] : 0) : row > 0 ? pixels[at - 4 * width] : 0;
        pixels[at] = (lines[row * (4 * width + 1) + 1 + i] + before) & 255;
      }
    }
    return { width, height, pixels: [...pixels] };
  }

  test("a PNG holds the pixels it was made of", () => {
    const data = Uint8ClampedArray.from({ length: 4 * 5 * 3 }, (_, i) => (i * i * 37) % 256);
    expect(decode(Buffer.from(encodePng({ width: 5, height: 3, data })))).toEqual({
      width: 5,
      height: 3,
      pixels: [...data],
    });
  });

  test("a canvas fills rectangles, as far as they lie on it", () => {
    const context = new PixelContext({ width: 3, height: 2 }, () => [10, 20, 30, 1]);
    context.fillRect(1.4, -1, 5, 2);
    const [, base64] = context.toDataURL().split(",");
    const [clear, full] = [
      [0, 0, 0, 0],
      [10, 20, 30, 255],
    ];
    expect(decode(Buffer.from(base64, "base64")).pixels).toEqual(
      [clear, full, full, clear, clear, clear].flat(),
    );
  });

  test("a path's length and the points along it", () => {
    const walk = walkOf("M10,0H13V4L13,4M0,0l".replace("l", "Z"));
    expect(walk.lengths.at(-1)).toBe(7);
    expect(pointAt(walk, 5)).toEqual({ x: 13, y: 2 });
    expect(pointAt(walk, -1)).toEqual({ x: 10, y: 0 });
    // A quarter of a circle of radius 100 by a cubic curve, whose length is π/2 · 100 within 0.03 %.
    const quarter = walkOf("M100,0C100,55.2285,55.2285,100,0,100");
    expect(quarter.lengths.at(-1)).toBeCloseTo(50 * Math.PI, 0);
    const middle = pointAt(quarter, 25 * Math.PI);
    expect([middle.x, middle.y]).toEqual([expect.closeTo(70.7, 0), expect.closeTo(70.7, 0)]);
    expect(() => walkOf("M0,0A1,1,0,0,0,1,1")).toThrow("a path with A");
  });
});
