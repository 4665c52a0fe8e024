import { afterEach, describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import { createNetwork } from "../../src/nn";
import { lossCurve, type MimeBundle, trainLive } from "../../src/show";
import { DivergenceError, train } from "../../src/training";

const hostKey = Symbol.for("Jupyter.host");
const globals = globalThis as Record<symbol, unknown>;
afterEach(() => {
  delete globals[hostKey];
});

interface Shown {
  bundle: MimeBundle;
  id?: string;
  update?: boolean;
}

/** A notebook that writes down what it is shown, and may interrupt the cell at a frame. */
function notebook(interruptAt = Number.POSITIVE_INFINITY): { shown: Shown[] } {
  const shown: Shown[] = [];
  const control = new AbortController();
  globals[hostKey] = {
    display(bundle: MimeBundle, how: { id?: string; update?: boolean }) {
      shown.push({ bundle, ...how });
      if (shown.length === interruptAt) control.abort();
    },
    get signal() {
      return control.signal;
    },
  };
  return { shown };
}

const fresh = () => createNetwork({ sizes: [2, 3, 1], output: "sigmoid", seed: 3 });
const how = { learningRate: 0.5, epochs: 3000, batchSize: 2, seed: 5 };
const endless = { learningRate: 0.5, epochs: 1e12 };

describe("trainLive", () => {
  test("trains as train does, weight for weight, in a notebook and outside", async () => {
    const expected = fresh();
    const { history } = train(expected, xor, how);
    for (const inNotebook of [false, true]) {
      if (inNotebook) notebook();
      const network = fresh();
      const training = await trainLive(network, xor, how);
      expect(network.weights).toEqual(expected.weights);
      expect(training.history).toEqual(history);
      expect(training.ending).toBe("all epochs done");
    }
  });

  test("shows one display that is updated, and at last the loss curve with its still", async () => {
    const { shown } = notebook();
    const training = await trainLive(fresh(), xor, { ...how, title: "XOR" });
    expect(shown.length).toBeGreaterThanOrEqual(2);
    expect(shown.map(({ update }) => update)).toEqual(shown.map((_, n) => n > 0));
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
    expect(shown[0].id).toBeTruthy();
    const last = shown[shown.length - 1].bundle;
    expect(last["text/plain"]).toBe(lossCurve(training, { title: "XOR" }).alt);
    expect(last["text/html"]).toContain('<img src="data:image/svg+xml,');
  });

  test("frames say the epoch and the cost in one line, and hold no still", async () => {
    const { shown } = notebook();
    await trainLive(fresh(), xor, how);
    const [{ bundle }] = shown;
    expect(bundle["text/plain"]).toMatch(/^epoch 0 of 3000, cost 0\.\d+$/);
    expect(bundle["text/html"]).not.toContain("<img");
  });

  test("lets timers run while it trains", async () => {
    notebook(3);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await trainLive(fresh(), xor, endless);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
  });

  test("ends at an interrupt with model, history and curve kept", async () => {
    const { shown } = notebook(2);
    const network = fresh();
    const training = await trainLive(network, xor, endless);
    expect(training.ending).toBe("stopped by the signal");
    expect(training.epoch).toBeGreaterThan(0);
    expect(training.history.epochs.at(-1)).toBe(training.epoch);
    const again = fresh();
    train(again, xor, { ...endless, epochs: training.epoch });
    expect(network.weights).toEqual(again.weights);
    expect(shown.at(-1)?.bundle["text/html"]).toContain("<img");
  });

  test("keeps the curve of a run that diverges, and throws", async () => {
    const { shown } = notebook();
    const climbing = createNetwork({ sizes: [2, 3, 1], hidden: "identity", weights: 1 });
    const run = trainLive(climbing, xor, { learningRate: 1, epochs: 1000 });
    await expect(run).rejects.toThrow(DivergenceError);
    expect(shown.at(-1)?.bundle["text/html"]).toContain("<img");
    expect(climbing.weights.every(Number.isFinite)).toBe(true);
  });

  test("shows nothing when the options make no sense", async () => {
    const { shown } = notebook();
    await expect(trainLive(fresh(), xor, { ...how, learningRate: -1 })).rejects.toThrow("-1");
    expect(shown).toEqual([]);
  });
});
