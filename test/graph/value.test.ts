import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  backward,
  divide,
  exp,
  inOrder,
  log,
  lossGraph,
  multiply,
  type Operand,
  power,
  relu,
  sigmoid,
  subtract,
  tanh,
  Value,
} from "../../src/graph";
import {
  type ActivationName,
  activations,
  backward as backwardPass,
  createNetwork,
  forward,
  type LossName,
  losses,
  type Network,
  sampleLoss,
} from "../../src/nn";

test("the README of Karpathy's micrograd prints three numbers for this expression", () => {
  // https://github.com/karpathy/micrograd, «Example usage»: 24.7041, 138.8338 and 645.5773.
  const a = new Value(-4);
  const b = new Value(2);
  let c = add(a, b);
  let d = add(multiply(a, b), power(b, 3));
  c = add(c, c, 1);
  c = add(c, 1, c, multiply(-1, a));
  d = add(d, multiply(d, 2), relu(add(b, a)));
  d = add(d, multiply(3, d), relu(subtract(b, a)));
  const e = subtract(c, d);
  const f = power(e, 2);
  const g = add(divide(f, 2), divide(10, f));
  backward(g);
  expect(g.value.toFixed(4)).toBe("24.7041");
  expect(a.slope.toFixed(4)).toBe("138.8338");
  expect(b.slope.toFixed(4)).toBe("645.5773");
});

describe("every operation has the derivative that stands beside it", () => {
  const cases: [string, (...x: Operand[]) => Value, number[], number][] = [
    ["+", add, [1.5, -2, 0.3], -0.2],
    ["−", subtract, [1.5, -2], 3.5],
    ["×", multiply, [1.5, -2], -3],
    ["÷", divide, [1.5, -2], -0.75],
    ["power 3", (x) => power(x, 3), [-1.5], -3.375],
    ["power -2", (x) => power(x, -2), [2], 0.25],
    ["exp", exp, [Math.LN2], 2],
    ["log", log, [4], 2 * Math.LN2],
    ["tanh", tanh, [Math.LN2], 0.6],
    ["sigmoid", sigmoid, [Math.LN2], 2 / 3],
    ["relu", relu, [0.7], 0.7],
    ["relu", relu, [-0.7], 0],
  ];
  test.each(cases)("%s", (name, apply, at, result) => {
    const operands = at.map((x) => new Value(x));
    const output = apply(...operands);
    expect(output.operation).toBe(name);
    expect(output.from).toEqual(operands);
    expect(output.value).toBeCloseTo(result, 14);
    backward(output);
    expect(output.slope).toBe(1);
    const h = 1e-6;
    at.forEach((_, i) => {
      const nudged = (by: number) => apply(...at.map((x, k) => (k === i ? x + by : x))).value;
      expect(operands[i].slope).toBeCloseTo((nudged(h) - nudged(-h)) / (2 * h), 8);
    });
  });
});

test("at 0, relu's slope is that from the left", () => {
  const x = new Value(0);
  const y = relu(x);
  backward(y);
  expect([y.value, x.slope]).toEqual([0, 0]);
});

test("in order, each value stands once, after those it was computed from, and the output last", () => {
  const numbers = fc.array(fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(numbers, (sources) => {
      const all = [new Value(1), new Value(2)];
      for (const places of sources) all.push(add(...places.map((at) => all[at % all.length])));
      const output = all[all.length - 1];
      const order = inOrder(output);
      expect(order[order.length - 1]).toBe(output);
      expect(new Set(order).size).toBe(order.length);
      order.forEach((one, n) => {
        for (const source of one.from) expect(order.indexOf(source)).toBeLessThan(n);
        for (const source of one.from) expect(order).toContain(source);
      });
    }),
    { seed: 1970, numRuns: 50 },
  );
});

test("a value that is used twice adds up both slopes, and a second backward pass does not add to the first", () => {
  const x = new Value(3);
  const y = multiply(x, x);
  backward(y);
  backward(y);
  expect(x.slope).toBe(6);
});

test("a graph of 100,000 operations is differentiated without running out of stack", () => {
  const x = new Value(1);
  let sum: Value = x;
  for (let i = 0; i < 100_000; i++) sum = add(sum, x);
  backward(sum);
  expect(x.slope).toBe(100_001);
});

test("what is not a number is refused, with the operation and its operands", () => {
  expect(() => log(-3)).toThrow(
    /^log of -3 is NaN, with the slope -0\.33\d+; it and its slopes have to be finite numbers\.$/,
  );
  expect(() => divide(1, 0)).toThrow(/^÷ of 1, 0 is Infinity/);
  expect(() => new Value(Number.NaN)).toThrow(/^A value of a graph is NaN; it and its slopes/);
  expect(() => multiply(1e200, new Value(-1e200))).toThrow(/^× of 1e\+200, -1e\+200 is -Infinity/);
  // The value can be had, but its slope −1/b² cannot.
  expect(() => divide(1, 1e-200)).toThrow(
    /^÷ of 1, 1e-200 is 1e\+200, with the slope 1e\+200, -Infinity; it/,
  );
});

describe("a network's graph gives what the layer equations give", () => {
  const hidden = (Object.keys(activations) as ActivationName[]).filter((one) => one !== "softmax");
  const outputs: [ActivationName, LossName][] = [
    ["identity", "halfSquaredError"],
    ["sigmoid", "binaryCrossEntropy"],
    ["softmax", "crossEntropy"],
    ["softmax", "halfSquaredError"],
    ["sigmoid", "crossEntropy"],
  ];
  test.each(hidden.flatMap((one) => outputs.map(([output, loss]) => [one, output, loss] as const)))(
    "%s, %s, %s",
    (hidden, output, loss) => {
      for (const sizes of [
        [2, 3, 2],
        [3, 4, 3, 2],
      ]) {
        const network = createNetwork({ sizes, hidden, output, loss, weights: "uniform", seed: 7 });
        const x = [0.7, -1.3, 0.4].slice(0, sizes[0]);
        const y = [1, 0];
        const pass = forward(network, x);
        const { gradient, delta } = backwardPass(network, pass, y);
        const graph = lossGraph(network, x, y);
        backward(graph.loss);
        expect(graph.loss.value).toBeCloseTo(sampleLoss(network, pass, y), 12);
        const largest = Math.max(...gradient.map(Math.abs));
        expect(largest).toBeGreaterThan(1e-3);
        graph.weights.forEach((weight, w) => {
          expect(Math.abs(weight.slope - gradient[w]) / largest).toBeLessThan(1e-13);
        });
        delta.forEach((layer, l) => {
          layer.forEach((one, j) => {
            // With the identity a unit's z and a are one value; softmax's z is divided up among several.
            expect(Math.abs(graph.z[l][j].slope - one) / largest).toBeLessThan(1e-12);
          });
        });
      }
    },
  );
  test("a sample that does not fit is refused", () => {
    const network = createNetwork({ sizes: [2, 3, 1], seed: 1 });
    expect(() => lossGraph(network, [1], [0])).toThrow(/length 2.*is 1/);
    expect(() => lossGraph(network, [1, 2], [0, 5])).toThrow(/length 1.*is 2/);
  });
});

describe("every activation and loss of nn, at sums of any size", () => {
  const own = {
    ...activations.elu,
    name: "own",
    f: (z: number) => z * Math.abs(z),
    derivative: (z: number) => 2 * Math.abs(z),
  };
  const ownLoss = {
    ...losses.halfSquaredError,
    name: "fourth power",
    value: (a: Float64Array, y: ArrayLike<number>) =>
      a.reduce((sum, one, k) => sum + (one - y[k]) ** 4 / 4, 0),
    gradient: (a: Float64Array, y: ArrayLike<number>, out: Float64Array) =>
      a.forEach((one, k) => {
        out[k] = (one - y[k]) ** 3;
      }),
  };
  const everyActivation = [...Object.values(activations), own];
  const pairs = everyActivation.flatMap((activation) =>
    [...Object.values(losses), ownLoss].map((loss) => ({ activation, loss })),
  );
  const sums = [0, 0.3, -0.7, 40, -40, 710, -710, 800, -800, 1e308, -1e308];

  /** The loss and the gradient, or that there is none. */
  function attempt(compute: () => { loss: number; gradient: number[] }) {
    try {
      return compute();
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return undefined;
    }
  }

  /** How many of the cases have a loss and a gradient. */
  function compared(network: Network): number {
    let found = 0;
    for (const y of [
      [1, 0],
      [0, 1],
      [0.25, 0.75],
    ]) {
      const byLayers = attempt(() => {
        const pass = forward(network, [0.5]);
        const { gradient } = backwardPass(network, pass, y);
        return { loss: sampleLoss(network, pass, y), gradient: [...gradient] };
      });
      const byGraph = attempt(() => {
        const graph = lossGraph(network, [0.5], y);
        backward(graph.loss);
        return { loss: graph.loss.value, gradient: graph.weights.map(({ slope }) => slope) };
      });
      expect(byGraph === undefined).toBe(byLayers === undefined);
      if (!byLayers || !byGraph) continue;
      found++;
      // Softmax's derivative is a difference of slopes that may be nearly equal: known to their last digit.
      const isSoftmax = network.activations[network.activations.length - 1].name === "softmax";
      const known = isSoftmax ? 4 * Number.EPSILON : 0;
      const near = (a: number, b: number) => Math.abs(a - b) <= 1e-12 * Math.abs(b) + known;
      expect(near(byGraph.loss, byLayers.loss)).toBe(true);
      byGraph.gradient.forEach((slope, w) => {
        expect([slope, near(slope, byLayers.gradient[w])]).toEqual([slope, true]);
      });
    }
    return found;
  }

  test.each(pairs)("$activation.name and $loss.name at the outputs", ({ activation, loss }) => {
    let found = 0;
    for (const first of sums) {
      for (const second of sums) {
        const weights = [first, 0.5, second, -0.25];
        found += compared(createNetwork({ sizes: [1, 2], output: activation, loss, weights }));
      }
    }
    expect(found).toBeGreaterThan(0);
  });

  test.each(everyActivation.filter((one) => one.name !== "softmax"))("$name inside", (hidden) => {
    for (const sum of sums) {
      const weights = [sum, 0.5, 0.1, 0.3, -0.2, -0.6];
      for (const [output, loss] of [
        ["identity", "halfSquaredError"],
        ["softmax", "crossEntropy"],
      ] as const) {
        const found = compared(createNetwork({ sizes: [1, 1, 2], hidden, output, loss, weights }));
        if (Math.abs(sum) <= 800) expect(found).toBe(3);
      }
    }
  });

  test("softmax at 710 and −800, sigmoid with cross-entropy at 40", () => {
    const at = (output: ActivationName, weights: number[]) =>
      compared(createNetwork({ sizes: [1, 2], output, loss: "crossEntropy", weights }));
    expect(at("softmax", [710, 0, -800, 0])).toBe(3);
    expect(at("sigmoid", [40, 0, 40, 0])).toBe(3);
  });
});

test("what the graph shows of a network: its operations by their names, its constants as they are", () => {
  const parts = (output: ActivationName, loss: LossName) => {
    const network = createNetwork({ sizes: [1, 2, 2], hidden: "gelu", output, loss });
    const graph = lossGraph(network, [0.5], [0, 1]);
    const names = [...graph.z, ...graph.a].map((layer) => layer.map(({ operation }) => operation));
    return { names, loss: graph.loss.operation, from: graph.loss.from, graph };
  };
  const softmax = parts("softmax", "crossEntropy");
  expect(softmax.names).toEqual([
    ...[[], ["+", "+"], ["+", "+"]],
    ...[[""], ["gelu", "gelu"], ["softmax", "softmax"]],
  ]);
  expect(softmax.loss).toBe("crossEntropy");
  expect(softmax.from).toEqual(softmax.graph.z[2]); // from z in one go, as nn does
  const crossed = parts("sigmoid", "crossEntropy");
  expect(crossed.names[5]).toEqual(["sigmoid", "sigmoid"]);
  expect(crossed.loss).toBe("crossEntropy");
  expect(crossed.from).toEqual(crossed.graph.a[2]);
  const squares = parts("identity", "halfSquaredError");
  expect(squares.graph.a[2]).toEqual(squares.graph.z[2]);
  expect([squares.loss, squares.from.map(({ operation }) => operation)]).toEqual(["+", ["×", "×"]]);
});

test("a slope that overflows is told", () => {
  const y = new Value(1e-200);
  const product = multiply(1e200, multiply(1e200, y));
  expect(() => backward(product)).toThrow(/slope of 1e-200 is Infinity.*finite/);
  const sum = add(y, 0, 1e-200);
  expect(() => backward(multiply(1e200, multiply(1e200, sum)))).toThrow(
    /^The slope of \+ of 1e-200, 0, 1e-200 is Infinity: it has to be a finite number\. Smaller numbers in the graph, such as weights, keep it finite\.$/,
  );
});

test("the text's network, and its gradient", () => {
  const network = createNetwork({ sizes: [2, 3, 1], hidden: "identity", weights: 1 });
  const { loss, weights, z, a } = lossGraph(network, [0, 0], [0]);
  backward(loss);
  expect(loss.value).toBe(8);
  expect(weights.map((w) => w.slope)).toEqual([4, 0, 0, 4, 0, 0, 4, 0, 0, 4, 4, 4, 4]);
  const values = (layers: Value[][]) => layers.map((layer) => layer.map(({ value }) => value));
  expect(values(z)).toEqual([[], [1, 1, 1], [4]]);
  expect(values(a)).toEqual([[0, 0], [1, 1, 1], [4]]);
  expect(loss.operation).toBe("×"); // ½ · (a − y)²: of one term no sum is made
});
