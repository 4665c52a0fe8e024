import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  copyNetwork,
  cost,
  costGradient,
  createNetwork,
  type NetworkOptions,
  update,
} from "../../src/nn";
import {
  DivergenceError,
  History,
  Training,
  type TrainingOptions,
  train,
} from "../../src/training";

const options: NetworkOptions = { sizes: [2, 3, 1], hidden: "tanh", weights: "uniform", seed: 7 };
const identity: NetworkOptions = { sizes: [2, 3, 1], hidden: "identity", weights: 1 };

function trained(how: TrainingOptions, network = createNetwork(options)): number[] {
  train(network, xor, how);
  return Array.from(network.weights);
}

describe("one epoch", () => {
  test("on all samples is one step against the gradient of the mean cost", () => {
    const stepped = createNetwork(options);
    update(stepped, costGradient(stepped, xor), 0.2);
    const weights = trained({ learningRate: 0.2, epochs: 1 });
    weights.forEach((w, i) => {
      expect(w).toBeCloseTo(stepped.weights[i], 14);
    });
  });

  test("summed is four times as far", () => {
    expect(trained({ learningRate: 0.05, epochs: 1, reduction: "sum" })).toEqual(
      trained({ learningRate: 0.2, epochs: 1 }),
    );
  });

  test.each([1, 2, 3])("in batches of %i, in order, is a step for each batch", (batchSize) => {
    const stepped = createNetwork(options);
    for (let from = 0; from < 4; from += batchSize) {
      const to = from + batchSize;
      const batch = { inputs: xor.inputs.slice(from, to), targets: xor.targets.slice(from, to) };
      update(stepped, costGradient(stepped, batch), 0.2);
    }
    const weights = trained({ learningRate: 0.2, epochs: 1, batchSize, shuffle: false });
    weights.forEach((w, i) => {
      expect(w).toBeCloseTo(stepped.weights[i], 14);
    });
  });
});

describe("seeds", () => {
  const how = { learningRate: 0.1, epochs: 50, batchSize: 1 };
  test("the same seed gives the same weights to the last bit, another seed others", () => {
    expect(trained({ ...how, seed: 3 })).toEqual(trained({ ...how, seed: 3 }));
    expect(trained({ ...how, seed: 3 })).not.toEqual(trained({ ...how, seed: 4 }));
  });

  test("the order plays no part where all samples make one step", () => {
    const batch = { learningRate: 0.1, epochs: 5 };
    expect(trained({ ...batch, seed: 3 })).toEqual(trained({ ...batch, seed: 4 }));
  });
});

describe("ending", () => {
  test("after its epochs; advanced in parts it does the same as in one go", () => {
    const network = createNetwork(options);
    const training = new Training(network, xor, { learningRate: 0.3, epochs: 100 });
    expect(training.advance(30)).toBe(true);
    expect(training.epoch).toBe(30);
    while (training.advance(30));
    expect(training).toMatchObject({ epoch: 100, ending: "all epochs done" });
    expect(Array.from(network.weights)).toEqual(trained({ learningRate: 0.3, epochs: 100 }));
  });

  test("at once if there are no epochs to do", () => {
    const run = train(createNetwork(options), xor, { learningRate: 0.3, epochs: 0 });
    expect(run).toMatchObject({ epoch: 0, ending: "all epochs done" });
    expect(run.history.epochs).toEqual([0]);
  });

  test.each([511, 512, 513, 1001, 1025])(
    "after %i epochs, whether or not the history keeps the last",
    (epochs) => {
      const run = train(createNetwork(options), xor, { learningRate: 0.1, epochs });
      expect(run).toMatchObject({ epoch: epochs, ending: "all epochs done" });
      const { history, network } = run;
      expect(history.epochs.at(-1)).toBe(epochs);
      expect(history.costs.at(-1)).toBe(cost(network, xor));
    },
  );

  test.each([0.3, 0.1])(
    "at the target cost, in the first epoch that reaches it (α = %d)",
    (rate) => {
      const how = { learningRate: rate, epochs: 5000 };
      const network = createNetwork(options);
      const run = train(network, xor, { ...how, targetCost: 0.01 });
      expect(run.ending).toBe("target cost reached");
      expect(cost(network, xor)).toBeLessThanOrEqual(0.01);
      const before = createNetwork(options);
      train(before, xor, { ...how, epochs: run.epoch - 1 });
      expect(cost(before, xor)).toBeGreaterThan(0.01);
      // Each cost is asked, and of these the history keeps what it always does, and the last.
      const { epochs } = run.history;
      expect(epochs.slice(0, -1).filter((epoch) => !run.history.isDue(epoch))).toEqual([]);
      if (rate === 0.1) expect(run.history.isDue(run.epoch)).toBe(false);
    },
  );

  test("at the target cost, where a cost is that number exactly", () => {
    const how = { learningRate: 0.1, epochs: 20 };
    const { costs } = train(createNetwork(options), xor, how).history;
    const run = train(createNetwork(options), xor, { ...how, targetCost: costs[7] });
    expect(run).toMatchObject({ epoch: 7, ending: "target cost reached" });
  });

  test("at the target cost before the first step, if it is reached already", () => {
    const network = createNetwork(options);
    const weights = Array.from(network.weights);
    const run = train(network, xor, { learningRate: 0.3, epochs: 10, targetCost: 10 });
    expect(run).toMatchObject({ epoch: 0, ending: "target cost reached" });
    expect(Array.from(network.weights)).toEqual(weights);
  });

  test("by the signal", () => {
    const stop = new AbortController();
    const training = new Training(createNetwork(options), xor, {
      learningRate: 0.3,
      epochs: 100,
      signal: stop.signal,
    });
    training.advance(10);
    stop.abort();
    expect(training.advance(10)).toBe(false);
    expect(training).toMatchObject({ epoch: 10, ending: "stopped by the signal" });
  });

  test.each([true, false])(
    "by a signal that is asked again and again (compiled: %s)",
    (compiled) => {
      let asked = 0;
      const signal = {
        get aborted() {
          return ++asked > 200;
        },
      };
      const how = { learningRate: 0.1, epochs: 1_000_000, signal, compiled };
      const { epoch, ending } = train(createNetwork(options), xor, how);
      expect(ending).toBe("stopped by the signal");
      expect(epoch).toBeGreaterThanOrEqual(200);
      expect(epoch).toBeLessThanOrEqual(20_000);
    },
  );

  test.each([true, false])(
    "by a signal that is asked within a hundred epochs, however late in a run (compiled: %s)",
    (compiled) => {
      const askedAt: number[] = [];
      const signal = {
        get aborted() {
          askedAt.push(training.epoch);
          return false;
        },
      };
      const epochs = 2 ** 19; // costs are kept every thousand epochs by then
      const how = { learningRate: 0.1, epochs: epochs + 4000, signal, compiled };
      const training = new Training(createNetwork({ sizes: [2, 1] }), xor, how);
      training.epoch = epochs;
      training.advance(4000);
      expect(training.epoch).toBe(epochs + 4000);
      const gaps = askedAt.map((epoch, n) => epoch - (askedAt[n - 1] ?? epochs));
      expect(Math.max(...gaps)).toBe(compiled ? 100 : 1);
    },
  );

  test("by a signal that is asked once an epoch, of however many batches", () => {
    const askedAt: number[] = [];
    const signal = {
      get aborted() {
        askedAt.push(training.epoch);
        return false;
      },
    };
    const how = { learningRate: 0.1, epochs: 5, batchSize: 1, signal };
    const training = new Training(createNetwork(options), xor, how);
    training.advance(5);
    expect(askedAt).toEqual([0, 1, 2, 3, 4]);
  });

  test("what is changed in the options after the start changes nothing", () => {
    const how: TrainingOptions = { learningRate: 0.1, epochs: 20, batchSize: 2 };
    const network = createNetwork({ ...options, sizes: [2, 20, 20, 1] });
    const training = new Training(network, xor, how);
    training.advance(2);
    Object.assign(how, { batchSize: 4, learningRate: 1, schedule: () => 0.5, epochs: 3 });
    training.advance(18);
    const alike = createNetwork({ ...options, sizes: [2, 20, 20, 1] });
    train(alike, xor, { learningRate: 0.1, epochs: 20, batchSize: 2 });
    expect(network.weights).toEqual(alike.weights);
    expect(() => {
      (training.options as TrainingOptions).batchSize = 1;
    }).toThrow(TypeError);
  });
});

/** Whether a step is one, or ends in the error of numbers that are no longer finite. */
function stays(step: () => void): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

describe("divergence", () => {
  test("that shows as a run is stopped takes the network back, too", () => {
    const stop = new AbortController();
    const network = createNetwork(identity);
    const training = new Training(network, xor, {
      ...{ learningRate: 0.01, epochs: 1000, signal: stop.signal },
    });
    training.advance(50);
    const before = network.weights.slice();
    const { epoch } = training;
    network.weights[0] = 1e200;
    training.epoch++;
    stop.abort();
    expect(() => training.advance()).toThrow(DivergenceError);
    expect(network.weights).toEqual(before);
    expect(training).toMatchObject({ epoch, ending: "diverged" });
  });

  test("says when, the last finite cost and what to try, and takes the network back", () => {
    const network = createNetwork(identity);
    const training = new Training(network, xor, {
      learningRate: 0.5,
      epochs: 1000,
      reduction: "sum",
    });
    expect(() => training.advance(1000)).toThrow(DivergenceError);
    expect(training.ending).toBe("diverged");
    expect(network.weights.every(Number.isFinite)).toBe(true);
    const { costs } = training.history;
    expect(cost(network, xor, "sum")).toBe(costs[costs.length - 1]);
    const again = () =>
      train(createNetwork(identity), xor, { learningRate: 0.5, epochs: 1000, reduction: "sum" });
    expect(again).toThrow(
      /diverged in epoch \d+: .* smaller than 0\.5, reduction: "mean" instead of "sum", or smaller starting weights\.$/,
    );
  });

  test("is an error of its own kind, in words that fit the options", () => {
    const { message, name } = new DivergenceError(7, 123.456, 4, { learningRate: 0.5, epochs: 9 });
    expect(name).toBe("DivergenceError");
    expect(message).toBe(
      "Training diverged in epoch 7: the cost or a weight is no longer a finite number. The last finite cost was " +
        "123.5, after epoch 4, and the network is back at the weights it had then. Try a learning rate smaller " +
        "than 0.5, or smaller starting weights.",
    );
  });

  test.each([true, false])(
    "is noticed in the epoch in which it happens, also between those that the history keeps (compiled: %s)",
    (compiled) => {
      const network = createNetwork(identity);
      const how = { learningRate: 0.001, epochs: 5000, compiled };
      const training = new Training(network, xor, how);
      training.advance(1501);
      network.weights[0] = 1e60;
      const byHand = copyNetwork(network);
      const step = () => {
        cost(byHand, xor);
        update(byHand, costGradient(byHand, xor), 0.001);
      };
      let epoch = 1502;
      for (; stays(step) && byHand.weights.every(Number.isFinite); epoch++);
      expect(training.history.isDue(epoch)).toBe(false);
      expect(() => training.advance(3000)).toThrow(`diverged in epoch ${epoch}: `);
    },
  );

  test("in one of many steps is noticed at once", () => {
    const network = createNetwork(identity);
    const how = { learningRate: 0.1, epochs: 9, batchSize: 1, shuffle: false };
    const training = new Training(network, xor, how);
    for (let n = 0; n < 5; n++) training.step();
    network.weights[0] = 1e200;
    expect(() => training.step()).toThrow("diverged in epoch 2: ");
    expect(training).toMatchObject({ epoch: 1, ending: "diverged" });
    expect(training.step()).toEqual([]);
  });

  test("before the first step is told as the cost's", () => {
    const start = () => createNetwork({ sizes: [2, 1], weights: 1e200 });
    expect(() => new Training(start(), xor, { learningRate: 0.1, epochs: 1 })).toThrow(
      /^The cost is Infinity/,
    );
  });

  test("a loss that no longer exists for a prediction takes the network back as well", () => {
    const network = createNetwork({
      sizes: [2, 3, 1],
      hidden: "tanh",
      output: "relu",
      loss: "binaryCrossEntropy",
      weights: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0],
    });
    const training = new Training(network, xor, { learningRate: 3, epochs: 100, batchSize: 1 });
    expect(() => training.advance(100)).toThrow(
      /every prediction has to lie between 0 and 1|infinite/,
    );
    const { costs } = training.history;
    expect(training.ending).toBe("diverged");
    expect(cost(network, xor)).toBe(costs[costs.length - 1]);
  });
});

test("a history of ten million epochs stays small, and keeps the first ones and fine steps after", () => {
  const history = new History();
  for (let epoch = 0; epoch <= 10_000_000; epoch = history.nextDue(epoch)) history.add(epoch, 1);
  expect(history.epochs.length).toBeLessThan(5000);
  expect(history.epochs.slice(0, 512)).toEqual(Array.from({ length: 512 }, (_, epoch) => epoch));
  for (let n = 513; n < history.epochs.length; n++) {
    const [before, now] = [history.epochs[n - 1], history.epochs[n]];
    expect((now - before) / now).toBeLessThan(1 / 250);
  }
});

test("a history says which epoch is due next, and takes costs in order only", () => {
  const history = new History();
  for (const epoch of [0, 1, 510, 511, 512, 513, 1023, 1024, 1025, 4095, 4096, 1_000_000]) {
    const next = history.nextDue(epoch);
    expect(history.isDue(next)).toBe(true);
    for (let between = epoch + 1; between < next; between++) {
      expect(history.isDue(between)).toBe(false);
    }
  }
  expect([512, 513, 514, 1024, 1026, 1028].map((epoch) => history.isDue(epoch))).toEqual(
    [true, false, true, true, false, true], // every 2nd from 512, every 4th from 1024
  );
  expect(() => history.add(-1, 1)).toThrow("got a cost of 1 at epoch -1 after epoch -1.");
  history.add(0, 3);
  history.add(7, 2);
  expect(() => history.add(7, 1)).toThrow("got a cost of 1 at epoch 7 after epoch 7.");
  expect(() => history.add(Number.NaN, 1)).toThrow(RangeError);
  for (const cost of [Number.NaN, Infinity, -Infinity]) {
    expect(() => history.add(8, cost)).toThrow(`got a cost of ${cost} at epoch 8 after epoch 7.`);
  }
  expect(history).toMatchObject({ epochs: [0, 7], costs: [3, 2] });
});

test("advancing takes a whole number of epochs, 1 or more", () => {
  const training = new Training(createNetwork(options), xor, { learningRate: 0.1, epochs: 10 });
  for (const wrong of [0, -1, 1.5, Number.NaN]) {
    expect(() => training.advance(wrong)).toThrow(
      `The number of epochs to advance has to be a whole number of at least 1, but it is ${wrong}.`,
    );
  }
  expect(training.advance()).toBe(true);
  expect(training.epoch).toBe(1);
});

test.each<[Partial<TrainingOptions>, RegExp]>([
  [{ learningRate: -0.1 }, /learning rate.*-0\.1.*negate the gradient/],
  [{ learningRate: 0 }, /learning rate.*is 0.*no weight would ever move/],
  [{ learningRate: Number.NaN }, /learning rate.*NaN/],
  [{ epochs: 2.5 }, /number of epochs.*whole number.*2\.5/],
  [{ epochs: -1 }, /number of epochs.*-1/],
  [{ batchSize: 0 }, /batch size.*from 1 to 4.*is 0/],
  [{ batchSize: 5 }, /batch size.*from 1 to 4.*is 5/],
  [{ targetCost: Number.NaN }, /target cost.*NaN/],
  [{ seed: 0.5 }, /seed.*whole number.*0\.5/],
  [{ reduction: "average" as never }, /"mean".*"sum".*"average" was given/],
])("%o makes no sense, and is told so", (wrong, says) => {
  const how = { learningRate: 0.1, epochs: 10, ...wrong };
  expect(() => train(createNetwork(options), xor, how)).toThrow(says);
});

test("samples that do not fit are told with their number", () => {
  const network = createNetwork(options);
  const how = { learningRate: 0.1, epochs: 1 };
  const with2 = (input: number[], target: number[]) => ({
    inputs: [[0, 0], input],
    targets: [[0], target],
  });
  expect(() => train(network, with2([1], [1]), how)).toThrow(/Sample 1's inputs.*length 2.*is 1/);
  expect(() => train(network, with2([1, 0], []), how)).toThrow(
    /Sample 1's targets.*length 1.*is 0/,
  );
  expect(() => train(network, with2([1, Number.NaN], [1]), how)).toThrow(
    /input of sample 1 is NaN/,
  );
  expect(() => train(network, { inputs: [], targets: [] }, how)).toThrow(/no samples/);
});
