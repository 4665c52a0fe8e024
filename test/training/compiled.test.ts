/** Training where code made for the network's shape works out the gradients: every option does what it does without. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { createRandom } from "../../src/arithmetic";
import { xor } from "../../src/data";
import { createEngine } from "../../src/engines/create";
import type { Precision } from "../../src/engines/engine";
import { activations, createNetwork, type Elementwise, type Samples } from "../../src/nn";
import { DivergenceError, Training, type TrainingOptions, train } from "../../src/training";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Circles of two radii. */
const rings: Samples = (() => {
  const random = createRandom(3);
  const inputs = Array.from({ length: 50 }, (_, i) => {
    const angle = 2 * Math.PI * random();
    const radius = i % 2 === 0 ? 0.5 : 1.2;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { inputs, targets: inputs.map((_, i) => [i % 2]) };
})();

const begin = (sizes: readonly number[], hidden: "relu" | "identity") =>
  createNetwork({ sizes, hidden, output: "identity", seed: 4 });

describe("compiled or not", () => {
  const runs: [string, Partial<TrainingOptions>][] = [
    ["all samples at once", {}],
    ["the sum of the losses", { reduction: "sum", learningRate: 0.01 }],
    ["batches that do not divide the samples", { batchSize: 8 }],
    ["one sample at a time, shuffled", { batchSize: 1 }],
    ["all samples, shuffled", { shuffle: true }],
    ["momentum", { optimiser: "momentum" }],
    ["Adam", { optimiser: "adam", learningRate: 0.01, batchSize: 20 }],
    ["a schedule", { schedule: (share: number) => 1 - share / 2 }],
    ["a target", { targetCost: 0.074 }],
  ];
  const sizes = [
    ["straight-line", [2, 6, 1], "double"],
    ["blocked", [2, 20, 20, 1], "double"],
    ["blocked", [2, 20, 20, 1], "single"],
  ] as const;
  for (const [kind, layers, precision] of sizes) {
    // Options have nothing to do with precision: for it, the first few and Adam will do.
    const tried = precision === "double" ? runs : [...runs.slice(0, 3), runs[6]];
    test.each(tried)(`${kind}, ${precision}: %s`, (_, options) => {
      const [plain, compiled] = [false, true].map((how) => {
        const network = begin(layers, "relu");
        const training = train(network, rings, {
          ...{ learningRate: 0.05, epochs: 700, ...options },
          ...{ compiled: how, precision },
        });
        return { network, training };
      });
      expect(plain.training.engine).toBe("readable");
      expect(compiled.training.engine).toBe(kind);
      const { costs } = plain.training.history;
      expect(costs[0]).toBeGreaterThan(1.5 * costs[costs.length - 1]);
      expect(compiled.network.weights).toEqual(plain.network.weights);
      expect(compiled.training.history).toEqual(plain.training.history);
      expect(compiled.training.ending).toBe(plain.training.ending);
    });

    test(`${kind}, ${precision}: advanced in odd portions, with single steps and changed weights in between`, () => {
      const [plain, compiled] = [false, true].map((how) => {
        const network = begin(layers, "relu");
        const options = { learningRate: 0.05, epochs: 3000, batchSize: how ? 50 : undefined };
        const training = new Training(network, rings, { ...options, compiled: how, precision });
        for (const portion of [1, 600, 7, 1100]) {
          training.advance(portion);
          training.step();
          network.weights[3] += 0.125;
        }
        return { network, training };
      });
      expect(compiled.training.epoch).toBe(1712);
      expect(compiled.network.weights).toEqual(plain.network.weights);
      expect(compiled.training.history).toEqual(plain.training.history);
    });

    test(`${kind}, ${precision}: diverges in the same epoch and is taken back to the same weights`, () => {
      const [plain, compiled] = [false, true].map((how) => {
        const network = begin(layers, "identity");
        const training = new Training(network, rings, {
          learningRate: 0.001,
          epochs: 5000,
          compiled: how,
          precision,
        });
        training.advance(1501);
        network.weights[0] = 1e12;
        try {
          training.advance(3000);
        } catch (error) {
          return { network, error };
        }
        throw new Error("It did not diverge.");
      });
      expect(plain.error).toBeInstanceOf(DivergenceError);
      expect(compiled.error).toEqual(plain.error);
      expect(compiled.network.weights).toEqual(plain.network.weights);
    });

    test(`${kind}, ${precision}: two runs of one shape, in turns, do not disturb each other`, () => {
      const run = (turns: boolean) => {
        const trainings = [4, 5].map((seed) => {
          const network = createNetwork({
            sizes: layers,
            hidden: "relu",
            output: "identity",
            seed,
          });
          const how = { learningRate: 0.05, epochs: 60, compiled: true, precision };
          return new Training(network, rings, how);
        });
        if (turns)
          for (let n = 0; n < 60; n++) for (const training of trainings) training.advance();
        else for (const training of trainings) training.advance(60);
        return trainings.map(({ network }) => network.weights);
      };
      expect(run(true)).toEqual(run(false));
    });
  }

  test("a function of the reader's own is called, whatever its name", () => {
    const own = { ...activations.relu, f: (z: number) => 3 * z, derivative: () => 3 };
    const [plain, compiled] = [false, true].map((how) => {
      for (const hidden of ["relu", own] as const) {
        const network = createNetwork({ sizes: [2, 3, 1], hidden, seed: 2 });
        const { engine } = train(network, xor, { learningRate: 0.01, epochs: 50, compiled: how });
        if (hidden === own) return { weights: network.weights, engine };
      }
      throw new Error("unreachable");
    });
    expect(compiled.engine).toBe("straight-line");
    expect(compiled.weights).toEqual(plain.weights);
  });

  test("a function of the reader's own keeps its object", () => {
    class Scaled implements Elementwise {
      readonly name = "scaled";
      readonly formula = "";
      readonly derivativeFormula = "";
      readonly range = [-Infinity, Infinity] as const;
      readonly kinks = [];
      constructor(readonly factor: number) {}
      f(z: number) {
        return this.factor * z;
      }
      derivative() {
        return this.factor;
      }
    }
    const hidden = new Scaled(0.5);
    for (const layers of [
      [2, 3, 1],
      [2, 20, 20, 1],
    ]) {
      const [plain, compiled] = [false, true].map((how) => {
        const network = createNetwork({ sizes: layers, hidden, seed: 2 });
        train(network, rings, { learningRate: 0.01, epochs: 50, compiled: how });
        return network.weights;
      });
      expect(compiled).toEqual(plain);
    }
  });

  test("a run is none of another's business: not what an earlier one left, nor one that begins in the middle", () => {
    const huge = { inputs: rings.inputs.map(() => [1e300, -1e300]), targets: rings.targets };
    const [plain, compiled] = [false, true].map((how) => {
      const options = { learningRate: 0.01, epochs: 30, batchSize: 33, compiled: how };
      const make = (seed: number) =>
        createNetwork({ sizes: [2, 20, 20, 1], hidden: "relu", output: "identity", seed });
      const network = make(1);
      const training = new Training(network, rings, {
        ...options,
        schedule(share) {
          const other = make(2);
          train(other, rings, { ...options, epochs: 2 });
          return 1 - share + Math.abs(other.weights[0]);
        },
      });
      for (let n = 0; n < 20; n++) {
        training.step();
        expect(() => new Training(make(3), huge, options)).toThrow(/finite/);
      }
      return network.weights;
    });
    expect(compiled).toEqual(plain);
  });

  test("where code from text or WebAssembly is refused, the readable functions train", () => {
    vi.stubGlobal(
      "Function",
      class {
        constructor() {
          throw new EvalError("Refused to evaluate a string as JavaScript");
        }
      },
    );
    vi.stubGlobal("WebAssembly", undefined);
    for (const layers of [
      [2, 5, 5, 1],
      [2, 33, 33, 1],
    ]) {
      const network = createNetwork({ sizes: layers, seed: 2 });
      const training = train(network, rings, { learningRate: 0.01, epochs: 20, compiled: true });
      expect(training.engine).toBe("readable");
      expect(training.epoch).toBe(20);
    }
  });

  test("by default it is on where it pays", () => {
    const engineFor = (layers: number[], batchSize?: number) => {
      const network = createNetwork({ sizes: layers });
      return new Training(network, rings, { learningRate: 0.1, epochs: 1, batchSize }).engine;
    };
    expect(engineFor([2, 3, 1])).toBe("straight-line");
    expect(engineFor([2, 30, 30, 1])).toBe("blocked");
    expect(engineFor([2, 30, 30, 1], 1)).toBe("readable");
  });
});

describe("single precision", () => {
  /** One unit without a bend: b, w₁, w₂. */
  const unit = (...weights: number[]) => createNetwork({ sizes: [2, 1], weights });
  const once = { inputs: [[1, 1]], targets: [[0]] };
  const how = { learningRate: 0.5, epochs: 1, precision: "single" } as const;

  test.each([true, false])("rounds each sum to 24 binary digits (compiled: %s)", (compiled) => {
    // 1 + 2⁻²⁴ lies in the middle between 1 and the next number, and goes to the even one; so does the second sum.
    const network = unit(1, 2 ** -24, 2 ** -24);
    const { history } = train(network, once, { ...how, compiled });
    expect(history.costs[0]).toBe(0.5);
    // δ = 1 for all three; 2⁻²⁴ − ½ has 23 digits, and stays.
    expect(Array.from(network.weights)).toEqual([0.5, 2 ** -24 - 0.5, 2 ** -24 - 0.5]);
    const double = train(unit(1, 2 ** -24, 2 ** -24), once, {
      ...how,
      precision: "double",
      compiled,
    });
    expect(double.history.costs[0]).toBe((1 + 2 ** -23) ** 2 / 2);
  });

  test.each([true, false])("rounds each product before it is added (compiled: %s)", (compiled) => {
    // (1 + 2⁻¹²)² = 1 + 2⁻¹¹ + 2⁻²⁴ loses its last term, and minus 1 − 2⁻¹¹ nothing is left of it.
    const x = 1 + 2 ** -12;
    const { history } = train(
      unit(-1 - 2 ** -11, x, 0),
      { inputs: [[x, 1]], targets: [[0]] },
      { ...how, compiled },
    );
    // The sum begins with the bias: the product was rounded by itself.
    expect(history.costs[0]).toBe(0);
  });

  test.each([true, false])(
    "a step too small for a weight leaves it as it is (compiled: %s)",
    (compiled) => {
      const network = unit(1, 1, 1);
      train(network, once, { ...how, learningRate: 5e-9, compiled });
      expect(Array.from(network.weights)).toEqual([1, 1, 1]); // δ = 3, and 1.5e-8 is about a quarter of 2⁻²⁴
      train(network, once, { ...how, learningRate: 5e-9, precision: "double", compiled });
      expect(network.weights[0]).toBeCloseTo(1 - 1.5e-8, 15);
    },
  );

  test("ends near where double precision ends, in numbers of 32 bits", () => {
    const run = (precision: Precision) => {
      const network = createNetwork({ sizes: [2, 20, 20, 1], hidden: "tanh", seed: 4 });
      train(network, rings, { learningRate: 0.05, epochs: 200, batchSize: 8, precision });
      return network.weights;
    };
    const [single, double] = [run("single"), run("double")];
    expect(Array.from(single)).toEqual(Array.from(Float32Array.from(single)));
    expect(single).not.toEqual(double);
    single.forEach((w, i) => {
      expect(Math.abs(w - double[i])).toBeLessThan(1e-4);
    });
  });

  test("which engine: blocks where they pay, and no straight line", () => {
    const kind = (sizes: number[], batchSize: number, compiled?: boolean) =>
      createEngine(createNetwork({ sizes }), rings, batchSize, { precision: "single", compiled })
        .kind;
    expect(kind([2, 30, 30, 1], 50)).toBe("blocked");
    expect(kind([2, 3, 1], 50)).toBe("blocked");
    expect(kind([2, 30, 30, 1], 1)).toBe("readable");
    expect(kind([2, 30, 30, 1], 1, true)).toBe("blocked");
    expect(kind([2, 30, 30, 1], 50, false)).toBe("readable");
  });

  test("where WebAssembly is missing, the readable loops give the same bits", () => {
    const run = () => {
      // A shape of its own: code for it is not there yet.
      const network = createNetwork({ sizes: [2, 21, 19, 1], seed: 4 });
      const options = { learningRate: 0.05, epochs: 20, precision: "single" } as const;
      const { engine } = train(network, rings, options);
      return { engine, weights: network.weights };
    };
    vi.stubGlobal("WebAssembly", undefined);
    const readable = run();
    vi.unstubAllGlobals();
    expect(run()).toEqual({ ...readable, engine: "blocked" });
    expect(readable.engine).toBe("readable");
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      "an input",
      () =>
        train(
          unit(1, 1, 1),
          {
            inputs: [
              [1, 1],
              [0, -1e39],
            ],
            targets: [[0], [0]],
          },
          how,
        ),
      /^An input of sample 1 is -1e\+39 \(number 1, .*no number beyond 3\.4e\+38/,
    ],
    [
      "a target",
      () => train(unit(1, 1, 1), { inputs: [[1, 1]], targets: [[3.5e38]] }, how),
      /^A target of sample 0 is 3\.5e\+38/,
    ],
    ["a weight", () => train(unit(1, 1e300, 1), once, how), /^A weight is 1e\+300 \(V01\)/],
    [
      "a learning rate that is 0 there",
      () => train(unit(1, 1, 1), once, { ...how, learningRate: 1e-50 }),
      /^The learning rate 1e-50 is 0 in single precision, .* no weight would ever move\. Choose a larger one\.$/,
    ],
    [
      "a learning rate that a batch makes 0",
      () => train(unit(1, 1, 1), xor, { ...how, learningRate: 2e-45 }),
      /^The learning rate 2e-45, divided by 4 samples, is 0/,
    ],
    [
      "a learning rate that is not finite there",
      () => train(unit(1, 1, 1), once, { ...how, learningRate: 1e39 }),
      /^The learning rate is 1e\+39 \(what a step multiplies the gradient by\)/,
    ],
    [
      "another precision",
      () => train(unit(1, 1, 1), once, { ...how, precision: "half" as Precision }),
      /no precision called "half".*double, single/,
    ],
  ])("says what it cannot hold: %s", (_, run, message) => {
    expect(run).toThrow(message);
  });

  test("a learning rate that single precision cannot hold is one in double precision", () => {
    const double = { ...how, precision: "double", learningRate: 1e-50 } as const;
    const { ending } = train(unit(1, 1, 1), once, double);
    expect(ending).toBe("all epochs done");
  });

  test("a weight that grows too large while it trains is a divergence, as in double precision", () => {
    for (const compiled of [true, false]) {
      const network = unit(0, 1e30, 1e30);
      const training = new Training(network, once, {
        ...how,
        epochs: 10,
        learningRate: 1e10,
        compiled,
      });
      expect(() => training.advance(10)).toThrow(DivergenceError);
      expect(Array.from(network.weights)).toEqual([0, 1e30, 1e30]);
    }
  });
});
