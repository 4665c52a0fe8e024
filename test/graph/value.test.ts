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
  subtract,
  tanh,
  Value,
} from "../../src/graph";
import {
  type ActivationName,
  backward as backwardPass,
  createNetwork,
  forward,
  halfSquaredError,
  type LossName,
  leakyRelu,
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
  expect(() => log(-3)).toThrow(/^log of -3 is NaN; it and its slopes have to be finite/);
  expect(() => divide(1, 0)).toThrow(/^÷ of 1, 0 is Infinity/);
  expect(() => new Value(Number.NaN)).toThrow(/^A value of a graph is NaN/);
  expect(() => multiply(1e200, new Value(-1e200))).toThrow(/^× of 1e\+200, -1e\+200 is -Infinity/);
  // The value can be had, but its slope −1/b² cannot.
  expect(() => divide(1, 1e-200)).toThrow(/^÷ of 1, 1e-200 is 1e\+200; it and its slopes/);
});

describe("a network's graph gives what the layer equations give", () => {
  const hidden: ActivationName[] = [
    "identity",
    "sigmoid",
    "tanh",
    "relu",
    "leakyRelu",
    "elu",
    "softplus",
    "silu",
  ];
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
  test("an activation without operations is named", () => {
    const network = createNetwork({ sizes: [1, 1], output: "gelu" });
    expect(() => lossGraph(network, [1], [1])).toThrow(/no operations for the activation "gelu"/);
    const own = { ...leakyRelu, f: (z: number) => (z > 0 ? z : 0.2 * z) };
    const ofOwn = createNetwork({ sizes: [1, 2, 1], hidden: own });
    expect(() => lossGraph(ofOwn, [1], [1])).toThrow(
      /no operations for the activation "leakyRelu"/,
    );
  });

  test("a loss of the reader's own is named, with those that there are", () => {
    for (const name of ["absolute", "halfSquaredError"]) {
      const loss = { ...halfSquaredError, name };
      const ofOwn = createNetwork({ sizes: [1, 1], loss });
      expect(() => lossGraph(ofOwn, [1], [1])).toThrow(
        `no operations for the loss "${name}". It has those of the library's own halfSquaredError, binaryCrossEntropy, crossEntropy.`,
      );
    }
  });

  test("a sample that does not fit is refused", () => {
    const network = createNetwork({ sizes: [2, 3, 1], seed: 1 });
    expect(() => lossGraph(network, [1], [0])).toThrow(/length 2.*is 1/);
    expect(() => lossGraph(network, [1, 2], [0, 5])).toThrow(/length 1.*is 2/);
  });
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
