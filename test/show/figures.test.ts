import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { JSDOM } from "jsdom";
import { beforeAll, describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import { activations, createNetwork, type Elementwise } from "../../src/nn";
import {
  activationPlot,
  decisionSurface,
  type Figure,
  lossCurve,
  type MimeBundle,
  plot,
} from "../../src/show";
import type { Trace } from "../../src/show/plotly";
import { drawStill } from "../../src/show/still";
import { History } from "../../src/training";
import { bundleOf, documentOf, pageOf, pictureOf, textsOf } from "./parts";
import { figures, millionEpochs, trainedXor } from "./samples";

const slow = 60_000;
const all = figures();
const again = figures();
const bundles: Record<string, MimeBundle> = {};
beforeAll(async () => {
  for (const [name, figure] of Object.entries(all)) bundles[name] = await bundleOf(figure);
}, slow);

describe.each(Object.keys(all))("a figure: %s", (name) => {
  test("takes at most 60 KB in a notebook file", () => {
    expect(Buffer.byteLength(JSON.stringify(bundles[name]))).toBeLessThanOrEqual(60_000);
  });

  test("is the same bytes when drawn again", async () => {
    expect(await bundleOf(again[name])).toEqual(bundles[name]);
  });

  test("keeps a picture with alt text and size when scripts are taken out", async () => {
    const page = await pageOf(bundles[name]);
    const [image, ...others] = page.querySelectorAll("[data-figure=plotly] > img");
    expect(others).toEqual([]);
    expect(image.getAttribute("alt")).toBe(all[name].alt);
    expect(bundles[name]["text/plain"]).toBe(all[name].alt);
    expect(Number(image.getAttribute("width"))).toBe(640);
    expect(image.getAttribute("style")).toContain("max-width:100%");
    const root = pictureOf(page).documentElement;
    expect(root.tagName).toBe("svg");
    expect(root.querySelectorAll("path").length).toBeGreaterThan(5);
    expect(root.querySelector("script, foreignObject, image")).toBeNull();
  });

  test("cuts no text off", async () => {
    const page = await pageOf(bundles[name]);
    const height = Number(page.querySelector("img")?.getAttribute("height"));
    const texts = textsOf(pictureOf(page));
    expect(texts.length).toBeGreaterThan(5);
    const out = texts.filter(
      ({ left, right, top, bottom }) => left < 0 || right > 640 || top < 0 || bottom > height,
    );
    expect(out).toEqual([]);
  });
});

test("figures are the same bytes in another process and another order", {
  timeout: slow,
}, async () => {
  const tsx = createRequire(import.meta.url).resolve("tsx/cjs");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", tsx, join(__dirname, "draw-backwards.ts")],
    { maxBuffer: 1e8 },
  );
  expect(JSON.parse(stdout)).toEqual(bundles);
});

test("text in a figure's data cannot end its script", async () => {
  const figure = plot({
    data: [{ x: [0, 1], y: [0, 1], name: "</script><img src=x onerror=alert(1)>" }],
    title: "<!-- <script>",
    alt: 'A "quoted" <alt> & more',
  });
  const page = documentOf((await bundleOf(figure))["text/html"]);
  expect(page.querySelectorAll("img")).toHaveLength(1);
  expect(page.querySelectorAll("script")).toHaveLength(1);
  expect(page.body.textContent).toBe(page.querySelector("script")?.textContent);
  expect(page.querySelector("img")?.getAttribute("alt")).toBe('A "quoted" <alt> & more');
});

// A curve with steps, one whose x are not even, and a table of heights: what is packed in every way.
test.each(["every activation", "one run", "a surface"])(
  "%s: what VS Code draws, where long lists of numbers are packed, is the same picture",
  async (name) => {
    const packed = bundles[name]["application/vnd.plotly.v1+json"];
    expect(JSON.stringify(packed)).not.toMatch(/(?:-?[\d.]+,){30}/);
    const { height } = packed.layout;
    const [one, other] = await Promise.all(
      [all[name].figure, packed].map((figure) => drawStill(figure, 640, height)),
    );
    const numbers = (still: object) =>
      "svg" in still ? (String(still.svg).match(/-?\d+\.?\d*/g) ?? []).map(Number) : [];
    const [expected, drawn] = [numbers(one), numbers(other)];
    expect(drawn.length).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(50);
    // In pixels.
    for (const [n, at] of drawn.entries()) expect(Math.abs(at - expected[n])).toBeLessThan(0.2);
  },
  slow,
);

describe("the script in a figure's output", () => {
  /** Runs the script in a page as a browser would, and returns the page after its scripts have come or failed. */
  async function run(config: string, load: "load" | "error") {
    const html = (await bundleOf(plot({ data: [{ y: [1, 2] }], alt: "a line" })))["text/html"];
    const { window } = new JSDOM(`${config}<main></main>`, { runScripts: "dangerously" });
    const calls: unknown[][] = [];
    Object.assign(window, {
      backprop: { drawFigure: async (...given: unknown[]) => void calls.push(given) },
    });
    // jsdom does not run what innerHTML brings, as no browser does; Jupyter makes the scripts anew.
    const container = window.document.createElement("div");
    container.innerHTML = html;
    window.document.querySelector("main")?.append(container);
    const old = container.querySelector("script") as HTMLScriptElement;
    const script = window.document.createElement("script");
    script.textContent = old.textContent;
    old.replaceWith(script);
    const asked = [...window.document.head.querySelectorAll<HTMLScriptElement>("script[src]")].map(
      ({ src }) => src,
    );
    for (const one of window.document.head.querySelectorAll("script")) {
      one.dispatchEvent(new window.Event(load));
    }
    await new Promise((resolve) => setTimeout(resolve));
    return { asked, calls, container };
  }
  const lab =
    '<script id="jupyter-config-data" type="application/json">{"baseUrl":"/user/ada/"}</script>';

  test("finds its files under any base URL, in JupyterLab", async () => {
    const { asked, calls, container } = await run(lab, "load");
    expect(asked).toEqual(["/user/ada/kernelspecs/backprop/figures.js"]);
    expect(calls).toHaveLength(1);
    const [place, figure, folder] = calls[0];
    expect(place).toBe(container.querySelector("[data-figure]"));
    expect(figure).toMatchObject({ data: [{ y: [1, 2] }] });
    expect(folder).toBe("/user/ada/kernelspecs/backprop/");
  });

  test("finds its files in the classic notebook", async () => {
    const { asked } = await run("<body data-base-url='/tree/'>", "load");
    expect(asked).toEqual(["/tree/kernelspecs/backprop/figures.js"]);
  });

  test("leaves the still where it is when its files cannot be reached", async () => {
    const { calls, container } = await run(lab, "error");
    expect(calls).toEqual([]);
    expect(container.querySelector("img")?.getAttribute("alt")).toBe("a line");
  });

  test("asks for nothing outside Jupyter", async () => {
    const { asked, container } = await run("", "load");
    expect(asked).toEqual([]);
    expect(container.querySelector("img")).not.toBeNull();
  });
});

describe("lossCurve", () => {
  test("keeps the first, the last, the lowest and the highest cost of a long history", () => {
    const history = millionEpochs();
    const [{ x, y }] = lossCurve(history).figure.data;
    expect(x.length).toBeLessThanOrEqual(240);
    const places = x.map((epoch: number) => history.epochs.indexOf(epoch));
    expect(places).not.toContain(-1);
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(history.epochs.length - 1);
    expect(Math.min(...y)).toBeCloseTo(Math.min(...history.costs), 5);
    expect(Math.max(...y)).toBeCloseTo(Math.max(...history.costs), 5);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  test("shows a single bad epoch among many", () => {
    const history = new History();
    for (let epoch = 0; epoch < 500; epoch++) history.add(epoch, epoch === 333 ? 9 : 1);
    const [{ x, y }] = lossCurve(history).figure.data;
    expect(y[x.indexOf(333)]).toBe(9);
  });

  test("says the costs that matter", () => {
    const history = new History();
    history.add(0, 8);
    history.add(1, 0.123456);
    expect(lossCurve(history).alt).toBe("Loss curve. cost 8 at the start, 0.1235 after 1 epoch.");
    expect(lossCurve({ slow: history, fast: history }, { title: "Two" }).alt).toBe(
      "Two. slow: cost 8 at the start, 0.1235 after 1 epoch; fast: cost 8 at the start, 0.1235 after 1 epoch.",
    );
  });

  test("takes trainings as well as histories, and names curves", () => {
    const training = trainedXor();
    const { data, layout } = lossCurve({ one: training, two: training.history }).figure;
    expect(data.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(data[0].y).toEqual(data[1].y);
    expect([layout.xaxis.title.text, layout.yaxis.title.text]).toEqual(["epoch", "cost"]);
  });

  test("marks 1, 2 and 5 on a logarithmic axis of a few powers of ten, and Plotly's own on others", () => {
    const ticks = (y: number[], axis: object = {}) =>
      plot({
        data: [{ y: [1, 1000], yaxis: "y2" }, { y }],
        layout: { yaxis: { type: "log", ...axis }, yaxis2: { type: "log" } },
        alt: "",
      }).figure.layout.yaxis.dtick;
    expect(ticks([0.03, 1])).toBe("D2");
    expect(ticks([0, 0.03, 1])).toBe("D2");
    expect(ticks([1e-6, 1])).toBeUndefined();
    expect(ticks([0.9, 1])).toBeUndefined();
    expect(ticks([0.03, 1], { dtick: 1 })).toBe(1);
  });

  test("a plot's axes are logarithmic where that is asked for, and keep what the layout says of them", () => {
    const { xaxis, yaxis } = plot({
      data: [{ x: [1, 1e6], y: [1, 2] }],
      xTitle: "weights",
      xLog: true,
      layout: { xaxis: { dtick: 2 } },
      alt: "",
    }).figure.layout;
    expect(xaxis).toMatchObject({ type: "log", title: { text: "weights" }, dtick: 2 });
    expect(yaxis.type).toBeUndefined();
  });

  test("an axis is logarithmic where that is asked for, and says so; the others begin at 0", () => {
    const history = new History();
    [4, 1].forEach((cost, epoch) => {
      history.add(epoch + 1, cost);
    });
    for (const log of [false, true]) {
      for (const logEpochs of [false, true]) {
        const { xaxis, yaxis } = lossCurve(history, { log, logEpochs }).figure.layout;
        expect([xaxis.type, yaxis.type]).toEqual(
          [logEpochs, log].map((is) => (is ? "log" : undefined)),
        );
        expect(xaxis.dtick).toBe(logEpochs ? 1 : undefined); // marks at powers of ten alone
        expect(yaxis.title.text).toBe(log ? "cost (logarithmic)" : "cost");
        expect(yaxis.rangemode).toBe(log ? undefined : "tozero");
      }
    }
  });

  test("leaves costs of 0 and epoch 0 off logarithmic axes", () => {
    const history = new History();
    [4, 0, 1].forEach((cost, epoch) => {
      history.add(epoch, cost);
    });
    const [{ x, y }] = lossCurve(history, { log: true, logEpochs: true }).figure.data;
    expect([x, y]).toEqual([[2], [1]]);
  });

  test("ends the cost axis at the top given, and lets curves leave it there", () => {
    const climbing = new History();
    [0.01, 1, 1e200].forEach((cost, epoch) => {
      climbing.add(epoch, cost);
    });
    const axis = (log: boolean, top: number) =>
      lossCurve(climbing, { log, top }).figure.layout.yaxis;
    expect(axis(false, 10).range).toEqual([0, 10]);
    const [from, to] = axis(true, 10).range; // in powers of ten: −2 with a twentieth of the way below it, to 1
    expect([from, to]).toEqual([expect.closeTo(-2.15), 1]);
    expect(axis(false, 1e201).range).toBeUndefined();
  });

  test("says which run has nothing to plot", () => {
    expect(() => lossCurve({ mine: new History() })).toThrow(
      'The run "mine" has no costs to plot: its history is empty.',
    );
  });
});

describe("activationPlot", () => {
  test("draws f and f′ at the same pre-activations", () => {
    const [f, slope] = activationPlot(activations.sigmoid).figure.data;
    const middle = f.x.indexOf(0);
    expect(f.y[middle]).toBe(0.5);
    expect(slope.y[slope.x.indexOf(0)]).toBe(0.25);
    expect([slope.xaxis, slope.yaxis]).toEqual(["x2", "y2"]);
  });

  test("draws the step with its jump, not with a slope", () => {
    const [{ x, y }] = activationPlot(activations.step, { derivative: false }).figure.data;
    const gap = y.indexOf(null);
    expect([y[gap - 1], y[gap + 1]]).toEqual([0, 1]);
    expect(x[gap + 1] - x[gap - 1]).toBeLessThan(1e-6);
    expect(y.filter((a: number | null) => a !== 0 && a !== 1 && a !== null)).toEqual([]);
  });

  test("marks a point with a tangent of the right slope, through that point", () => {
    const { figure, alt } = activationPlot(activations.tanh, { at: 1 });
    const tangent = figure.data.find(({ name }) => name === "tangent") as Trace;
    const slope = (tangent.y[1] - tangent.y[0]) / (tangent.x[1] - tangent.x[0]);
    expect(slope).toBeCloseTo(1 - Math.tanh(1) ** 2, 4);
    const point = figure.data.find(({ name }) => name === "z = 1") as Trace;
    expect([point.x, point.y]).toEqual([[1], [expect.closeTo(Math.tanh(1), 4)]]);
    expect((tangent.x[0] + tangent.x[1]) / 2).toBeCloseTo(1, 4);
    expect((tangent.y[0] + tangent.y[1]) / 2).toBeCloseTo(Math.tanh(1), 4);
    expect(alt).toContain("At z = 1, a = 0.7616 and the slope is 0.42.");
  });

  test("tells every curve from every other by colour and dash together", () => {
    const list = Object.values(activations).filter((one): one is Elementwise => "f" in one);
    const { data } = activationPlot(list, { derivative: false }).figure;
    expect(new Set(data.map(({ line }) => `${line.color} ${line.dash}`)).size).toBe(list.length);
  });

  test("says that a range is the wrong way round", () => {
    expect(() => activationPlot(activations.tanh, { from: 2, to: -2 })).toThrow(
      "but from 2 to -2 was given",
    );
  });
});

describe("decisionSurface", () => {
  const plane = createNetwork({ sizes: [2, 1], weights: [0, 1, 0] }); // h = X1

  test("has the output at every point of the grid, and the samples by class", () => {
    const { data } = decisionSurface(plane, xor).figure;
    const [fill, boundary, zeros, ones] = data;
    for (const row of fill.z) expect(row).toEqual(fill.x);
    expect(boundary.contours).toMatchObject({ start: 0.5, end: 0.5 });
    expect([zeros.x, zeros.y]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect([ones.x, ones.y]).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(zeros.marker.symbol).not.toBe(ones.marker.symbol);
  });

  test("a target of one half and above is class 1, below it class 0", () => {
    const inputs = [0, 1, 2, 3, 4].map((x) => [x, 0]);
    const targets = [[0.499], [0.5], [0.501], [-1], [7]];
    const [, , zeros, ones] = decisionSurface(plane, { inputs, targets }).figure.data;
    expect([zeros.name, zeros.x]).toEqual(["target 0", [0, 3]]);
    expect([ones.name, ones.x]).toEqual(["target 1", [1, 2, 4]]);
  });

  test("each output's samples are coloured by its own target", () => {
    const two = createNetwork({ sizes: [2, 2], weights: [0, 1, 0, 0, 0, 1] });
    const samples = { inputs: xor.inputs, targets: xor.inputs };
    for (const [n, unit] of ["D0", "D1"].entries()) {
      const { data } = decisionSurface(two, samples, { unit }).figure;
      const ones = n === 0 ? data[3].x : data[3].y;
      expect(ones).toEqual([1, 1]);
    }
  });

  test.each([
    ["an output", undefined, 0.5],
    ["a hidden unit", "Z1", 0],
  ])("white, and the line, are at the middle of the range of %s", (_, unit, middle) => {
    const network = createNetwork({
      sizes: [2, 1, 1],
      hidden: "identity",
      weights: [0, 1, 0, 0, 1],
    });
    const { figure, alt } = decisionSurface(network, xor, { unit, margin: 1 });
    const [fill, boundary] = figure.data;
    const values = fill.z.flat().map((a: number) => Math.abs(a - middle));
    expect(fill.zmax - middle).toBeCloseTo(Math.max(...values), 6);
    expect(middle - fill.zmin).toBeCloseTo(Math.max(...values), 6);
    expect(fill.colorscale[1]).toEqual([0.5, "#FFFFFF"]);
    expect(boundary).toMatchObject({
      name: `a = ${middle}`,
      contours: { start: middle, end: middle },
    });
    expect(alt).toContain(`dashed line is where it is ${middle}.`);
  });

  test("reaches beyond the samples by the margin", () => {
    const [{ x, y }] = decisionSurface(plane, xor, { margin: 0.5 }).figure.data;
    expect([x[0], x.at(-1), y[0], y.at(-1)]).toEqual([-0.5, 1.5, -0.5, 1.5]);
  });

  test("shows a hidden unit by its name", () => {
    const network = createNetwork({
      sizes: [2, 2, 1],
      hidden: "identity",
      weights: [0, 1, 0, 0, 0, 1, 0, 0, 0],
    });
    const [{ x, z }] = decisionSurface(network, xor, { unit: "Z1" }).figure.data;
    expect(z[0]).toEqual(x);
    expect(() => decisionSurface(network, xor, { unit: "Z7" })).toThrow("Z7");
  });

  test("says the outputs at the samples", () => {
    expect(decisionSurface(plane, xor).alt).toContain(
      "0 at (0, 0), 0 at (0, 1), 1 at (1, 0), 1 at (1, 1)",
    );
  });

  test("says that it needs two inputs", () => {
    const three = createNetwork({ sizes: [3, 1] });
    expect(() => decisionSurface(three, xor)).toThrow("2 inputs, but this one has 3");
  });
});

test("figures leave what they are given as it was", async () => {
  const data = [{ x: [0, 1, 2], y: [1, 2, 3], name: "mine" }];
  const before = structuredClone(data);
  const figure: Figure = plot({ data, alt: "mine" });
  await bundleOf(figure);
  expect(data).toEqual(before);
});
