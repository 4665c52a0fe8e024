import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { display, plot } from "../../src/show";
import { createWindow } from "../../src/show/document";
import { kinds } from "../../src/show/plotly";
import { drawStill } from "../../src/show/still";
import { markColour, sampleOf, samples } from "./kinds";
import { bundleOf, pageOf, pictureOf, textsOf } from "./parts";

const slow = 60_000;

test("every kind of trace that Plotly knows is known here, and has a sample", {
  timeout: slow,
}, () => {
  const { window } = createWindow();
  const plotly = createRequire(import.meta.url).resolve("plotly.js-dist-min");
  window.eval(readFileSync(plotly, "utf8"));
  const { traces } = window.Plotly.PlotSchema.get();
  expect([...kinds.keys()].sort()).toEqual(Object.keys(traces).sort());
  expect(Object.keys(samples).sort()).toEqual(Object.keys(traces).sort());
  // Plotly's own categories say what needs WebGL or a map.
  for (const [kind, { categories }] of Object.entries<{ categories: string[] }>(traces)) {
    const needsMore = ["gl3d", "gl", "geo", "map"].some((one) => categories.includes(one));
    const isAlike = ["scattergl", "scatterpolargl"].includes(kind);
    expect(kinds.get(kind) !== undefined, kind).toBe(needsMore && !isAlike);
  }
});

describe.each([...kinds])("%s", (kind, reason) => {
  const figure = plot({
    data: sampleOf(kind),
    title: `A ${kind} of two`,
    xTitle: "width (cm)",
    yTitle: "height (cm)",
    alt: `Two things as a ${kind}.`,
  });

  test(reason ? "is live, and says in words what it shows" : "is live, and drawn", {
    timeout: slow,
  }, async () => {
    const bundle = await bundleOf(figure);
    expect(bundle["text/html"]).toContain(`"type":"${kind}"`);
    const page = await pageOf(bundle);
    const picture = pictureOf(page);
    const words = textsOf(picture).map(({ text }) => text);
    expect(words).toContain(`A ${kind} of two`);
    const source = picture.documentElement.outerHTML;
    expect(source).not.toMatch(/NaN|undefined/);
    if (reason) {
      const all = words.join(" ");
      expect(all).toContain(reason);
      expect(all).toContain(`Two things as a ${kind}.`);
      expect(all).toMatch(new RegExp(`${kind} of [a-z]+`));
      expect(bundle["text/plain"]).toContain(reason);
      expect(page.querySelector("img")?.getAttribute("alt")).toContain(reason);
    } else {
      expect(bundle["text/plain"]).toBe(`Two things as a ${kind}.`);
      const isPixels = ["heatmap", "histogram2d", "image"].includes(kind);
      expect(source).toContain(isPixels ? "data:image/png;base64," : markColour);
    }
    const height = Number(page.querySelector("img")?.getAttribute("height"));
    const cut = textsOf(picture).filter(
      ({ text, left, right, top, bottom }) =>
        text && (left < 0 || right > 640 || top < 0 || bottom > height),
    );
    expect(cut).toEqual([]);
  });
});

test("a card says the kinds, the ranges and the axes, in lines that fit", async () => {
  const figure = plot({
    data: [
      {
        type: "scatter3d",
        name: "weights",
        x: Float64Array.of(-1, 0.5),
        y: [2, 3],
        z: [0, Number.NaN],
        marker: { size: [1, 5] },
      },
      { type: "surface", z: [[1, 2, 3], Float32Array.of(4, 5, 6)] },
    ],
    layout: { scene: { zaxis: { title: { text: "cost" }, type: "log" } } },
    title: "Descent",
    xTitle: "W10",
    alt: "The way down.",
  });
  const { picture, words } = await cardOf(figure);
  expect(words).toContain(
    "weights: scatter3d of x, 2 numbers from −1 to 0.5; y, 2 numbers from 2 to 3",
  );
  expect(words).toContain("marker.size, 2 numbers from 1 to 5");
  expect(words).toContain("trace 2: surface of z, 2 × 3 numbers from 1 to 6.");
  expect(words).toContain("Axes: x, W10; z, cost (logarithmic).");
  expect(words).toContain("1 value is left out: it is not a finite number.");
  expect(Math.max(...textsOf(picture).map(({ right }) => right))).toBeLessThan(628);
});

test("a card too small for its words ends with an ellipsis", async () => {
  const alt = "A cloud of points that goes up. ".repeat(20);
  const { picture, words } = await cardOf(
    plot({ data: [{ type: "mesh3d", x: [1], y: [1], z: [1] }], alt, height: 150 }),
  );
  expect(words).toMatch(/…$/);
  expect(Math.max(...textsOf(picture).map(({ bottom }) => bottom))).toBeLessThan(150);
});

async function cardOf(figure: ReturnType<typeof plot>) {
  const picture = pictureOf(await pageOf(figure));
  const words = textsOf(picture)
    .map(({ text }) => text)
    .join(" ");
  return { picture, words };
}

describe("what cannot be drawn for another reason has words, and the next figure is drawn", () => {
  const line = { data: [{ type: "scatter", y: [1, 2] }], layout: {} };

  test.each([
    [
      "a picture to read",
      { data: [{ type: "image", source: "data:image/png;base64," }], layout: {} },
      "only a browser reads the pixels",
    ],
    [
      "a picture to load",
      { ...line, layout: { images: [{ source: "https://example.org/a.png" }] } },
      "loaded from https://example.org/a.png",
    ],
    [
      "very many marks",
      { data: [{ type: "scatter", mode: "markers", y: new Array(30_000).fill(1) }], layout: {} },
      "30,000 marks",
    ],
    [
      "points without a place",
      { data: [{ type: "carpet", a: [4, 4, 5, 5], b: [1, 2, 1, 2], y: [2, 3, 4, 5] }], layout: {} },
      "no place for some of its points",
    ],
    [
      "a layout that Plotly fails at",
      { ...line, layout: { shapes: [{ type: "path", path: 5, x0: {} }], annotations: 5 } },
      "",
    ],
  ])("%s", async (_, figure, reason) => {
    const still = await drawStill(figure, 640, 380);
    if (reason) expect(still).toEqual({ reason: expect.stringContaining(reason) });
    expect(await drawStill(line, 640, 380)).toEqual({ svg: expect.stringContaining("<path") });
  });

  test("a drawing that takes too long", { timeout: slow }, async () => {
    const y = Array.from({ length: 15_000 }, (_, i) => i % 7);
    const figure = { data: [{ type: "scatter", mode: "markers", y }], layout: {} };
    await drawStill(line, 640, 380); // Plotly is loaded
    const start = process.cpuUsage(); // a clock would count what else the machine does
    expect(await drawStill(figure, 640, 380, 50)).toEqual({ reason: "drawing it takes too long" });
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000);
    expect(await drawStill(line, 640, 380)).toEqual({ svg: expect.stringContaining("<path") });
  });
});

test("a million points of a line are drawn", { timeout: slow }, async () => {
  const y = Float64Array.from({ length: 1e6 }, (_, i) => Math.sin(i / 1e5));
  const figure = plot({ data: [{ y }], alt: "A wave." });
  expect((await figure[display]())["text/plain"]).toBe("A wave.");
});

test("pictures that come from pixels are the same bytes each time", async () => {
  const draw = () =>
    plot({
      data: [
        {
          type: "heatmap",
          z: [
            [1, 2, 3],
            [3, 4, 0],
            [0, 1, 5],
          ],
          zsmooth: "best",
        },
        {
          type: "contour",
          z: [
            [1, 2],
            [3, 4],
          ],
          contours: { coloring: "heatmap", showlabels: true },
        },
      ],
      alt: "Warm.",
    }).html();
  expect(await draw()).toBe(await draw());
});
