/** The gallery's sentences are true: each of its settings is trained, and what the sentence says is seen. */
import { describe, expect, test } from "vitest";
import { norm } from "../../src/arithmetic";
import { type GalleryEntry, gallery, isOfGallery } from "../../src/explore/gallery";
import {
  accuracy,
  classOf,
  extent,
  kind,
  PlaygroundRun,
  type PlaygroundSettings,
} from "../../src/explore/kinds/playground";
import { costGradient, forward, layerViews, predict } from "../../src/nn";

const entry = (name: string) => gallery.find((one) => one.name === name) as GalleryEntry;

function trained(settings: PlaygroundSettings): PlaygroundRun {
  kind.check(settings);
  const run = new PlaygroundRun(settings);
  run.advance(settings.epochs);
  return run;
}
const run = (name: string, part: Partial<PlaygroundSettings> = {}) =>
  trained({ ...entry(name).settings, ...part });
const last = (list: readonly number[]) => list[list.length - 1];
const costOf = ({ training }: PlaygroundRun) => last(training.history.costs);

/** The largest share by which the output's z bends within a straight line through the picture. */
const bends = (one: PlaygroundRun) => {
  const { x, y } = extent(one);
  const z = Array.from({ length: 401 }, (_, n) => {
    const [x1, x2] = [x, y].map(({ from, to }) => from + (n / 400) * (to - from));
    return forward(one.network, [x1, x2]).z.at(-1)?.[0] as number;
  });
  const size = Math.max(...z) - Math.min(...z);
  return z.slice(1, -1).map((at, n) => Math.abs(z[n] - 2 * at + z[n + 2]) / size);
};

test("five succeed and five fail, each under a name and with a sentence of its own", () => {
  expect(gallery.filter(({ succeeds }) => succeeds)).toHaveLength(5);
  expect(gallery.filter(({ succeeds }) => !succeeds)).toHaveLength(5);
  for (const part of ["name", "why"] as const)
    expect(new Set(gallery.map((one) => one[part])).size).toBe(10);
  for (const one of gallery) {
    expect(one.why).toMatch(/^[A-Z].*\.$/);
    expect(gallery.filter((other) => isOfGallery({ ...one.settings, epochs: 7 }, other))).toEqual([
      one,
    ]);
  }
});

test.each(gallery)("$name: what succeeds is right nearly everywhere, what fails is not", (one) => {
  const { network, train, test, fault } = trained(one.settings);
  const right = test.inputs.length > 0 ? accuracy(network, test) : accuracy(network, train);
  if (one.succeeds) {
    expect(fault).toBeUndefined();
    expect(right).toBeGreaterThan(0.95);
  } else expect(right).toBeLessThan(0.8);
});

describe("the sentences", () => {
  test("XOR with three units: one unit's single border is not enough", () => {
    expect(accuracy(run("XOR with three units").network, run("XOR with three units").train)).toBe(
      1,
    );
    for (const seed of [1, 2, 3, 4]) {
      const one = run("XOR with three units", { layers: [1], seed });
      expect(accuracy(one.network, one.train)).toBeLessThan(1);
    }
  });

  test("circle: four units close the border, and two leave it open", () => {
    const outside = (one: PlaygroundRun) => {
      const { x, y } = extent(one);
      return Array.from({ length: 200 }, (_, n) => {
        const angle = (2 * Math.PI * n) / 200;
        return classOf(predict(one.network, [x.to * Math.cos(angle), y.to * Math.sin(angle)]));
      });
    };
    const closed = run("circle with four units");
    expect(classOf(predict(closed.network, [0, 0]))).toBe(0);
    expect(outside(closed)).toEqual(Array(200).fill(1));
    for (const seed of [1, 2, 3])
      expect(outside(run("circle with four units", { layers: [2], seed }))).toContain(0);
  });

  test("moons: along a line the output bends at one to eight kinks, and nowhere else", () => {
    // A kink between two points bends at both.
    const kinks = bends(run("moons with eight ReLU units")).filter((bend) => bend > 1e-9);
    expect(kinks.length).toBeGreaterThan(0);
    expect(kinks.length).toBeLessThanOrEqual(16);
  });

  test("spiral: gradient descent is more than a hundred times behind", () => {
    const slow = run("spiral with Adam", { optimiser: "gradientDescent" });
    expect(costOf(slow) / costOf(run("spiral with Adam"))).toBeGreaterThan(100);
  });

  test("clouds: between two of the outputs the border is straight", () => {
    const { network } = run("three clouds without a hidden layer");
    const lead = (x: number[]) => {
      const z = forward(network, x).z[1];
      return z[0] - z[1];
    };
    const [p, q] = [
      [-0.7, 0.4],
      [0.9, -0.3],
    ];
    const middle = p.map((x, n) => (x + q[n]) / 2);
    expect(lead(middle)).toBeCloseTo((lead(p) + lead(q)) / 2, 12);
  });

  test("XOR with one unit: the output is the same all along its border", () => {
    const { network } = run("XOR with one unit");
    const [, w1, w2] = network.W[1];
    const [here, along] = [
      [0.3, 0.6],
      [0.3 - w2, 0.6 + w1],
    ];
    expect(predict(network, along)[0]).toBeCloseTo(predict(network, here)[0], 12);
    // Of all that one border can part, XOR's corners keep one on the wrong side: 3 of 4 at the most.
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const one = run("XOR with one unit", { seed });
      expect(accuracy(one.network, one.train)).toBeLessThanOrEqual(0.75);
    }
  });

  test("identity: the output does not bend at all", () => {
    // Later it is all but the same everywhere, and what is left is rounding.
    const early = run("XOR with identity activations", { epochs: 20 });
    expect(Math.max(...bends(early))).toBeLessThan(1e-9);
  });

  test("too large a rate: the cost grows with every epoch, until it is no number", () => {
    const one = run("too large a learning rate");
    expect(one.fault).toMatch(/no longer a finite number/);
    const late = one.training.history.costs.slice(50);
    expect(late.length).toBeGreaterThan(100);
    for (let n = 1; n < late.length; n++) expect(late[n]).toBeGreaterThan(late[n - 1]);
    // It lands on the other side each time: the errors of one sample change their sign.
    const again = new PlaygroundRun({ ...entry("too large a learning rate").settings, epochs: 0 });
    again.advance(60);
    const errors = Array.from({ length: 6 }, () => {
      again.advance(1);
      return predict(again.network, again.train.inputs[0])[0] - again.train.targets[0][0];
    });
    for (let n = 1; n < errors.length; n++) expect(errors[n] * errors[n - 1]).toBeLessThan(0);
  });

  test("sigmoids: at the start the first layer's slopes are a hundred times smaller than the last's", () => {
    const { network, train } = new PlaygroundRun(entry("five layers of sigmoids").settings);
    const layers = layerViews(network, costGradient(network, train)).slice(1).map(norm);
    expect(last(layers) / layers[0]).toBeGreaterThan(100);
    // And with tanh in their place the same network learns.
    const other = run("five layers of sigmoids", { hidden: "tanh" });
    expect(accuracy(other.network, other.train)).toBeGreaterThan(0.9);
  });

  test("by heart: all training samples right, the test cost four times its lowest", () => {
    const one = run("learned by heart");
    expect(accuracy(one.network, one.train)).toBe(1);
    const { costs } = one.testHistory;
    expect(last(costs) / Math.min(...costs)).toBeGreaterThan(4);
  });
});
