/** Wrong and extreme arguments of everything that shows something: an error that names them, or a right picture. */
import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import { activations, backward, createNetwork, type Elementwise, forward } from "../../src/nn";
import {
  activationPlot,
  collect,
  confusionMatrix,
  type Displayable,
  decisionSurface,
  formatNumber,
  formula,
  graphDiagram,
  imageGrid,
  lossCurve,
  networkDiagram,
  plot,
  showForward,
  showUpdate,
  table,
  trainLive,
} from "../../src/show";
import { History } from "../../src/training";
import { bundleOf, pageOf, pictureOf, textsOf } from "./parts";

const network = createNetwork({ sizes: [2, 3, 1], seed: 4 });
const larger = createNetwork({ sizes: [2, 4, 1], seed: 4 });
const pass = forward(network, [0, 1]);
const run = (costs: number[]) => {
  const history = new History();
  costs.forEach((cost, epoch) => {
    history.add(epoch, cost);
  });
  return history;
};
const rows = { rowTitle: "is", columnTitle: "said" };

/** What a reader in a hurry, or JavaScript, may pass whatever the types say. */
// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
const any = (value: unknown) => value as any;

test.each<[string, () => unknown, RegExp]>([
  ["plot of nothing", () => plot(any(undefined)), /plot takes \{ data.* got undefined/],
  [
    "data that is no list",
    () => plot({ data: any({ y: [1] }), alt: "" }),
    /data has to be a list of traces.*\{ y \}/,
  ],
  ["no trace", () => plot({ data: [], alt: "" }), /nothing to plot: data is an empty list/],
  [
    "empty lists",
    () => plot({ data: [{ x: [], y: [] }], alt: "" }),
    /nothing to plot: every list in data is empty/,
  ],
  ["a trace that is none", () => plot({ data: any([[1, 2]]), alt: "" }), /data\[0\] is \[1, 2\]/],
  [
    "no list in a trace",
    () => plot({ data: [{ y: 5 }, { y: [1] }], alt: "" }),
    /data\[0\]\.y is 5/,
  ],
  ["neither x nor y", () => plot({ data: [{ z: [1] }], alt: "" }), /data\[0\] has neither x nor y/],
  [
    "x and y of different lengths",
    () => plot({ data: [{ x: [1, 2, 3], y: [1, 2] }], alt: "" }),
    /data\[0\] has 3 values of x and 2 of y/,
  ],
  [
    "an unknown kind",
    () => plot({ data: [{ type: "heatmp", z: [[1]] }], alt: "" }),
    /data\[0\]\.type is "heatmp".*It knows scatter, bar/,
  ],
  [
    "no alt text",
    () => plot(any({ data: [{ y: [1] }] })),
    /alt has to say in words what the picture shows, but it is undefined/,
  ],
  [
    "no height",
    () => plot({ data: [{ y: [1] }], alt: "", height: 0 }),
    /100 to 5000 pixels high, but height is 0/,
  ],
  [
    "a layout without a height",
    () => plot({ data: [{ y: [1] }], alt: "", layout: { height: "tall" } }),
    /height is "tall"/,
  ],
  [
    "no runs",
    () => lossCurve({}),
    /no run to plot.*takes a training, its history, or several by their names/,
  ],
  ["no run", () => lossCurve(any(undefined)), /takes a training.*the argument is undefined/],
  ["a number for a run", () => lossCurve({ a: run([1]), b: any(5) }), /"b" is 5/],
  ["a network for a run", () => lossCurve(any(network)), /takes a training.*"sizes" is \[/],
  ["an empty history", () => lossCurve(new History()), /"cost" has no costs to plot/],
  [
    "costs without epochs",
    () => lossCurve(any({ epochs: [0], costs: [1, 2] })),
    /1 epochs and 2 costs/,
  ],
  [
    "costs that are words",
    () => lossCurve(any({ epochs: [0], costs: ["1"] })),
    /Cost 0 of "cost" is "1"/,
  ],
  [
    "no finite cost",
    () => lossCurve(any({ epochs: [0], costs: [Number.NaN] })),
    /"cost" has no finite cost to plot: all are NaN/,
  ],
  ["a top that is none", () => lossCurve(run([1]), { top: Number.NaN }), /top is NaN/],
  [
    "a top at 0 on a logarithmic axis",
    () => lossCurve(run([1]), { log: true, top: 0 }),
    /above 0, but top is 0/,
  ],
  [
    "a function by its name",
    () => activationPlot(any("tanh")),
    /such as activations\.tanh, but got "tanh"/,
  ],
  ["softmax", () => activationPlot(any(activations.softmax)), /functions of single numbers/],
  ["no function", () => activationPlot([]), /no function to plot/],
  [
    "a mark on two functions",
    () => activationPlot([activations.tanh, activations.sigmoid], { at: 0 }),
    /at marks a point of one function, but 2 functions were given/,
  ],
  [
    "a mark out of sight",
    () => activationPlot(activations.tanh, { at: 9 }),
    /between -5 and 5, but at is 9/,
  ],
  [
    "a surface of nothing",
    () => decisionSurface(any(undefined), xor),
    /takes a network.*but got undefined/,
  ],
  [
    "a surface without samples",
    () => decisionSurface(network, any(undefined)),
    /takes samples.*but got undefined/,
  ],
  [
    "no samples",
    () => decisionSurface(network, { inputs: [], targets: [] }),
    /inputs is an empty list/,
  ],
  [
    "a sample of three inputs",
    () => decisionSurface(network, { inputs: [[1, 2, 3]], targets: [[1]] }),
    /Sample 0 has to have 2 finite inputs, but has \[1, 2, 3\]/,
  ],
  [
    "a sample that is not finite",
    () => decisionSurface(network, { inputs: [[1, Number.NaN]], targets: [[1]] }),
    /Sample 0 .* has \[1, NaN\]/,
  ],
  [
    "a sample without a target",
    () => decisionSurface(network, { inputs: [[1, 2]], targets: [] }),
    /finite target 0, but its targets are undefined/,
  ],
  [
    "a margin below 0",
    () => decisionSurface(network, xor, { margin: -1 }),
    /0 or more, but it is -1/,
  ],
  ["a diagram of nothing", () => networkDiagram(any(undefined)), /takes a network.*undefined/],
  [
    "another network's pass",
    () => networkDiagram(network, { pass: forward(larger, [0, 1]) }),
    /pass has layers of 2, 4, 1 units.*this 2-3-1 one/,
  ],
  [
    "another network's deltas",
    () => networkDiagram(network, { back: backward(larger, forward(larger, [0, 1]), [1]) }),
    /back has layers of 4, 1 units/,
  ],
  [
    "an update by no rate",
    () =>
      networkDiagram(network, {
        back: backward(network, pass, [1]),
        update: { learningRate: Number.NaN },
      }),
    /learning rate of the update has to be a finite number, but it is NaN/,
  ],
  [
    "very many layers",
    () => networkDiagram(createNetwork({ sizes: new Array(25).fill(2), seed: 1 })),
    /25 layers is too deep/,
  ],
  [
    "a graph of nothing",
    () => graphDiagram(any(5)),
    /takes a value or a tensor that was computed, but got 5/,
  ],
  ["no formula", () => formula(any(undefined)), /takes LaTeX.*undefined/],
  ["an empty formula", () => formula(" "), /takes LaTeX/],
  ["no steps", () => showForward([]), /nothing to show.*forwardStep.*got \[\]/],
  [
    "an update without a rate",
    () => showUpdate([], any(undefined)),
    /learning rate has to be a finite number, but it is undefined/,
  ],
  ["no images", () => imageGrid([]), /no images to show/],
  ["one image alone", () => imageGrid(any([0, 1, 1, 0])), /Image 0 is 0.*\[image\]/],
  [
    "an image of rows",
    () =>
      imageGrid(
        any([
          [
            [0, 1],
            [1, 0],
          ],
        ]),
      ),
    /list of rows.*image\.flat\(\)/,
  ],
  ["an image without pixels", () => imageGrid([[1], []]), /Image 1 has no pixels/],
  ["no columns", () => imageGrid([[1]], { columns: 0 }), /columns.* of at least 1, but it is 0/],
  ["half a column", () => imageGrid([[1]], { columns: 1.5 }), /but it is 1\.5/],
  [
    "a million pixels",
    () => imageGrid([new Float64Array(1e6)]),
    /more than 250,000 pixels.*heatmap/,
  ],
  [
    "a matrix without titles",
    () => confusionMatrix([[1]], any(undefined)),
    /what its rows and columns are, \{ rowTitle.*got undefined/,
  ],
  [
    "no matrix",
    () => confusionMatrix(any([1, 2]), rows),
    /list of rows of counts, but it is \[1, 2\]/,
  ],
  [
    "a count below 0",
    () =>
      confusionMatrix(
        [
          [1, -1],
          [0, 1],
        ],
        rows,
      ),
    /Row 0, column 1 of the matrix is -1/,
  ],
  [
    "a count that is none",
    () => confusionMatrix([[Number.NaN]], rows),
    /Row 0, column 0 of the matrix is NaN/,
  ],
  [
    "too few names",
    () =>
      confusionMatrix(
        [
          [1, 0],
          [0, 1],
        ],
        { ...rows, names: ["a"] },
      ),
    /2 rows needs 2 names, but got \["a"\]/,
  ],
  [
    "a large matrix",
    () => confusionMatrix(new Array(41).fill(new Array(41).fill(0)), rows),
    /41 rows is too large.*heatmap/,
  ],
  ["a table of nothing", () => table(any(undefined)), /takes a list of rows.*undefined/],
  ["a row that is none", () => table(any([{ a: 1 }, null])), /Row 1 is null/],
  ["rows without entries", () => table([{}, {}]), /objects without entries/],
  [
    "a column that no row has",
    () => table([{ a: 1 }], { columns: ["b"] }),
    /No row has the column "b"; the first has \["a"\]/,
  ],
  [
    "no columns to show",
    () => table([{ a: 1 }], { columns: [] }),
    /columns has to name the columns/,
  ],
  ["an object in a cell", () => table(any([{ a: { b: 1 } }])), /column "a" is \{ b \}/],
  ["0 digits", () => table([{ a: 1.5 }], { digits: 0 }), /digits.* of at least 1, but it is 0/],
  ["digits below 0", () => table([{ a: 1.5 }], { digits: -2 }), /but it is -2/],
  ["half a digit", () => table([{ a: 1.5 }], { digits: 1.5 }), /but it is 1\.5/],
  ["digits that are NaN", () => table([], { digits: Number.NaN }), /but it is NaN/],
  ["a word as a number", () => formatNumber(any("5")), /writes a number, but got "5"/],
  ["a number to 0 digits", () => formatNumber(1, 0), /of at least 1, but it is 0/],
])("%s: an error that says so", (_, show, message) => {
  expect(show).toThrow(message);
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    "trainLive without a network",
    () => trainLive(any(undefined), xor, any({})),
    /takes a network.*undefined/,
  ],
  [
    "trainLive without samples",
    () => trainLive(network, any(undefined), any({})),
    /takes samples.*undefined/,
  ],
  [
    "trainLive without options",
    () => trainLive(network, xor, any(undefined)),
    /at least \{ learningRate, epochs \}, but got undefined/,
  ],
  [
    "trainLive without epochs",
    () => trainLive(network, xor, any({ learningRate: 1 })),
    /number of epochs.*undefined/,
  ],
  [
    "collect of a number",
    () => collect(any(5), () => 1),
    /takes a list of items and the work.*got 5/,
  ],
  ["collect without work", () => collect([1], any(undefined)), /got \[1\] and undefined/],
])("%s: an error that says so", async (_, show, message) => {
  await expect(show()).rejects.toThrow(message);
});

describe("a right picture", () => {
  async function seen(value: Displayable) {
    const page = await pageOf(value);
    const picture = pictureOf(page);
    const size = (name: string) => Number(page.querySelector("img")?.getAttribute(name));
    const [width, height] = [size("width"), size("height")];
    const texts = textsOf(picture);
    const out = texts.filter(
      ({ left, right, top, bottom }) => left < 0 || right > width || top < 0 || bottom > height,
    );
    expect(out).toEqual([]);
    expect(picture.documentElement.outerHTML).not.toMatch(/NaN|undefined|Infinity/);
    return { picture, texts, width, height, words: texts.map(({ text }) => text) };
  }

  test("of tall images: each below the other, clear of the captions", async () => {
    const tall = Array.from({ length: 8 * 20 }, (_, i) => i % 7);
    const { picture, texts, height } = await seen(
      imageGrid([tall, tall], { width: 8, columns: 1, captions: ["first", "second"] }),
    );
    const [first, second] = [...picture.querySelectorAll("rect[stroke]")];
    expect([first, second].map((frame) => Number(frame.getAttribute("height")))).toEqual([
      275, 275,
    ]);
    const starts = [...picture.querySelectorAll("g[transform^=translate]")].map((group) =>
      Number(/ (\d+)\)/.exec(group.getAttribute("transform") ?? "")?.[1]),
    );
    const captions = texts.filter(({ text }) => ["first", "second"].includes(text));
    expect(captions[0].top).toBeGreaterThan(starts[0] + 275);
    expect(starts[1]).toBeGreaterThan(captions[0].bottom);
    expect(height).toBeGreaterThan(captions[1].bottom);
  });

  test.each<[string, number, number]>([
    ["a row", 300, 300],
    ["a column", 1, 300],
    ["a single pixel", 1, 1],
  ])("of an image that is %s: no line too thin to be seen", async (_, width, pixels) => {
    const { picture, height } = await seen(imageGrid([new Array(pixels).fill(1)], { width }));
    const frame = picture.querySelector("rect[stroke]");
    for (const side of ["width", "height"]) {
      expect(Number(frame?.getAttribute(side))).toBeGreaterThanOrEqual(12);
    }
    expect(height).toBeLessThan(400);
  });

  test("of images of several sizes, with long captions", async () => {
    const { words } = await seen(
      imageGrid(
        [
          [1, 2, 3, 4],
          [1, 2, 3, 4, 5, 6, 7, 8, 9],
        ],
        {
          captions: ["a caption that is far longer than its image", "b"],
        },
      ),
    );
    expect(words).toContainEqual(expect.stringMatching(/^a caption.*…$/));
  });

  test("of very many images side by side", async () => {
    const { picture } = await seen(imageGrid(new Array(100).fill([1]), { columns: 100 }));
    expect(Number(picture.querySelector("rect[stroke]")?.getAttribute("width"))).toBeGreaterThan(5);
  });

  test("of a matrix with long names, titles and counts, given as typed arrays", async () => {
    const names = ["T-shirt and more", "trousers", "coat"];
    const { words } = await seen(
      confusionMatrix([Float64Array.of(5, 1, 0), Uint8Array.of(0, 4, 1), [1234567, 2, 1 / 3]], {
        rowTitle: "what it is, as the label says",
        columnTitle: "what the network said that it was",
        names,
        title: "A confusion matrix with a title that is wider",
      }),
    );
    expect(words).toEqual(expect.arrayContaining([...names, "1234567", "0.33"]));
  });

  test("of a matrix of forty classes, whose alt text names the largest mistakes", async () => {
    const counts = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 40 }, (_, j) => i * j),
    );
    const matrix = confusionMatrix(counts, rows);
    await seen(matrix);
    const text = (await bundleOf(matrix))["text/plain"];
    expect(text).toMatch(
      /diagonal\. (?:38 as 39|39 as 38): 1482, .*and 1422 others, none of them larger\.$/,
    );
  });

  test("of a deep network: boxes apart", async () => {
    const { picture } = await seen(
      networkDiagram(createNetwork({ sizes: new Array(12).fill(2), seed: 1 })),
    );
    const lefts = [...picture.querySelectorAll("rect[rx]")].map((box) =>
      Number(box.getAttribute("x")),
    );
    const columns = [...new Set(lefts)].sort((a, b) => a - b);
    expect(columns).toHaveLength(12);
    const gaps = columns.slice(1).map((left, i) => left - columns[i]);
    expect(Math.min(...gaps)).toBeGreaterThan(78);
  });

  test("of a network whose weights are not finite", async () => {
    const broken = createNetwork({ sizes: [1, 1], weights: [1, 2] });
    broken.weights.set([Number.NaN, Number.POSITIVE_INFINITY]);
    const page = await pageOf(networkDiagram(broken));
    const picture = pictureOf(page);
    expect(textsOf(picture).map(({ text }) => text)).toEqual(
      expect.arrayContaining(["V00: not a number", "V01: ∞"]),
    );
    for (const link of picture.querySelectorAll("path[stroke-width]"))
      expect(Number(link.getAttribute("stroke-width"))).toBeGreaterThan(0);
  });

  test("of a title that is too long for a line", async () => {
    const title =
      "A title that goes on and on, for longer than a line of the picture could be, and has no end";
    const { words } = await seen(plot({ data: [{ y: [1, 2] }], title, alt: "A." }));
    expect(words.filter((line) => title.includes(line)).join(" ")).toBe(title);
    const { words: drawn } = await seen(networkDiagram(network, { title: title.repeat(2) }));
    expect(drawn).toContainEqual(expect.stringMatching(/^A title.*…$/));
  });

  test("of titles given as texts, and beside an axis of the reader's own", () => {
    const layout = { title: "Mine", xaxis: { title: "width" }, yaxis: { type: "log" } };
    const { figure } = plot({ data: [{ y: [1, 2] }], layout, yTitle: "height", alt: "" });
    expect(figure.layout.title.text).toBe("Mine");
    expect(figure.layout.xaxis.title).toEqual({ text: "width" });
    expect(figure.layout.yaxis).toMatchObject({ title: { text: "height" }, type: "log" });
  });

  test("of a run that is above the top throughout: it says so", async () => {
    for (const log of [false, true]) {
      const figure = lossCurve({ low: run([0.1, 0.2]), high: run([3, 7]) }, { log, top: 1 });
      await seen(figure);
      expect(figure.alt).toContain('"high" is not in sight: it stays above 1.');
      const [from, to] = figure.figure.layout.yaxis.range;
      expect(from).toBeLessThan(to);
    }
  });

  test("of a function with gaps: they are counted", () => {
    const log = { name: "log", f: Math.log, derivative: (z: number) => 1 / z, kinks: [] };
    const { alt } = activationPlot(log as unknown as Elementwise, { derivative: false });
    expect(alt).toContain("51 values are left out"); // −5 to 0 in steps of 0.1
  });
});

describe("a right table", () => {
  const plain = async (...given: Parameters<typeof table>) =>
    (await bundleOf(table(...given)))["text/plain"];

  test("of no rows says so", async () => {
    expect(await plain([])).toBe("(no rows)");
    expect(await plain([], { columns: ["a"], caption: "Found" })).toBe("Found\na\n(no rows)");
    expect((await bundleOf(table([])))["text/html"]).toContain("(no rows)");
  });

  test("of ragged rows and missing values shows dashes", async () => {
    expect(await plain([{ a: 1 }, { b: null }, {}])).toBe("a  b\n1  –\n–  –\n–  –");
  });

  test("of lists shows their first entries", async () => {
    expect(await plain(any([{ a: Float64Array.of(1, 2.5) }]))).toBe("a\n[1, 2.5]");
    expect(await plain(any([{ a: new Array(20).fill(0) }]))).toMatch(/^a\n\[(?:0, ){8}…\]$/);
  });

  test("of very long texts breaks them, and fills no other row up", async () => {
    const rows = [
      { a: "x".repeat(10_000), b: 1 },
      { a: "y", b: 2 },
    ];
    expect((await plain(rows)).split("\n")[2]).toBe("y  2");
    expect((await bundleOf(table(rows)))["text/html"]).toContain("overflow-wrap:anywhere");
  });

  test("of more digits than are written has six", async () => {
    expect(await plain([{ a: Math.PI }], { digits: 101 })).toContain("3.14159");
  });

  test("of lines of text keeps to its lines", async () => {
    expect(await plain([{ a: "one\ntwo" }])).toBe("a\none two");
  });
});

test("collect waits for work that takes its time", async () => {
  expect(await collect([1, 2], async (n) => n * n)).toEqual([1, 4]);
});
