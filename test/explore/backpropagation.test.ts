/** Every number that the stepper shows, beside what the library computes for the same network and sample. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { xor } from "../../src/data";
import {
  type BackpropagationSettings,
  type BackpropagationStep,
  backpropagationSteps,
  kind,
} from "../../src/explore/kinds/backpropagation";
import { elementwiseNames } from "../../src/explore/settings";
import { unitPlace, weightIndex } from "../../src/names";
import { backward, forward, sampleLoss, update } from "../../src/nn";
import { formulaHtml } from "../../src/show";

const settings = (part: Partial<BackpropagationSettings>): BackpropagationSettings => ({
  ...kind.defaults,
  ...part,
});
const asText = settings({ sign: "text" });

describe("with the text's settings", () => {
  const { steps } = backpropagationSteps(asText);
  const value = (quantity: string, phase: BackpropagationStep["phase"] = "forward") =>
    steps.find((step) => step.quantity === quantity && step.phase === phase)?.value;

  test("the numbers are the text's: 1, 1, 1, 4; y − h = −4; every δ −4", () => {
    expect(["a of Z1", "a of Z2", "a of Z3", "a of D0"].map((name) => value(name))).toEqual([
      1, 1, 1, 4,
    ]);
    expect(value("y − h", "loss")).toBe(-4);
    for (const unit of ["D0", "Z1", "Z2", "Z3"]) expect(value(`δ of ${unit}`, "backward")).toBe(-4);
  });

  test("its own formula gives 1.4 for seven weights and 1 for six, where the text prints 1.4 too", () => {
    const updates = steps.filter(({ phase }) => phase === "update");
    const marked = updates.filter(
      ({ value, text }) => text !== undefined && Math.abs(value - text) > 1e-9,
    );
    expect(updates).toHaveLength(13);
    expect(marked.map(({ about }) => about)).toEqual(["W11", "W12", "W21", "W22", "W31", "W32"]);
    for (const { value, remark } of marked) {
      expect(value).toBe(1);
      expect(remark).toMatch(/^The text has 1\.4 here\./);
    }
    for (const { value } of updates.filter((step) => !marked.includes(step)))
      expect(value).toBeCloseTo(1.4, 14);
  });

  test("the step climbs, from 4 to 7.28, and with the sign of the gradient it descends to 1.68", () => {
    expect(value("a of D0", "second forward")).toBeCloseTo(7.28, 12);
    expect(steps[steps.length - 1].remark).toContain("uphill");
    const right = backpropagationSteps(kind.defaults).steps;
    expect(right[right.length - 1].value).toBeCloseTo(1.68, 12);
    expect(right[right.length - 1].remark).toContain("downhill");
  });

  test("with the sign of the gradient the text's deltas and weights stand beside ours, each marked as different", () => {
    const right = backpropagationSteps(kind.defaults).steps;
    for (const step of right.filter(({ phase }) => phase === "backward"))
      expect([step.value, step.text]).toEqual([4, -4]);
    for (const step of right.filter(({ phase }) => phase === "update")) {
      expect(step.text).toBe(1.4);
      expect(step.remark).toMatch(/^The text has 1\.4 here\./);
    }
  });

  test("with any other setting the text is not quoted", () => {
    for (const part of [
      { weights: 0.5 },
      { sample: 1 },
      { hidden: "tanh" },
      { learningRate: 0.2 },
    ]) {
      const { steps: others } = backpropagationSteps(settings({ ...part, sign: "text" }));
      expect(others.filter(({ text }) => text !== undefined)).toEqual([]);
    }
  });
});

const anySettings = fc
  .record({
    sample: fc.integer({ min: 0, max: 3 }),
    units: fc.integer({ min: 1, max: 6 }),
    hidden: fc.constantFrom(...elementwiseNames),
    outputAndLoss: fc.constantFrom(
      ["identity", "halfSquaredError"],
      ["tanh", "halfSquaredError"],
      ["sigmoid", "binaryCrossEntropy"],
      ["sigmoid", "halfSquaredError"],
    ),
    seed: fc.integer({ min: 0, max: 1e6 }),
    learningRate: fc.double({ min: 0.01, max: 2, noNaN: true }),
    sign: fc.constantFrom<"gradient" | "text">("gradient", "text"),
  })
  .map(({ outputAndLoss: [output, loss], ...rest }) =>
    settings({ ...rest, output, loss, weights: "uniform" }),
  );

test("at every step the value is the library's, for any settings", () => {
  fc.assert(
    fc.property(anySettings, (one) => {
      const { network, updated, steps } = backpropagationSteps(one);
      const [x, y] = [xor.inputs[one.sample], xor.targets[one.sample]];
      const pass = forward(network, x);
      const back = backward(network, pass, y);
      const turned = one.sign === "text" ? -1 : 1;
      const stepped = backpropagationSteps(one).network;
      // The text's sign is a step against the gradient's.
      update(
        stepped,
        back.gradient.map((slope) => turned * slope),
        one.learningRate,
      );
      const again = forward(stepped, x);
      expect(steps).toHaveLength(one.units * 2 + 3 + network.weights.length + one.units + 1);
      for (const { phase, about, value, lines } of steps) {
        if (phase === "update") {
          expect(value).toBe(stepped.weights[weightIndex(network, about)]);
        } else if (phase === "loss") {
          expect(value).toBe(
            one.sign === "text" ? y[0] - pass.a[2][0] : sampleLoss(network, pass, y),
          );
        } else {
          const { layer, unit } = unitPlace(network, about);
          const expected = {
            forward: pass.a[layer][unit],
            backward: turned * back.delta[layer][unit],
            "second forward": again.a[layer][unit],
          }[phase];
          expect(Math.abs(value - expected)).toBeLessThan(1e-15 + 1e-15 * Math.abs(expected));
        }
        expect(lines.length).toBeGreaterThan(0);
        expect(formulaHtml(lines.join(" "))).not.toMatch(/\\|undefined|NaN/);
      }
      expect(Array.from(updated.weights)).toEqual(Array.from(stepped.weights));
    }),
    { numRuns: 60 },
  );
});

test("the table grows by one row a step, and the picture lights up what the step is about", () => {
  const { steps } = backpropagationSteps(asText);
  for (let step = 0; step <= steps.length; step++) {
    const view = kind.view({ ...asText, step });
    expect(view.tables[0].rows).toHaveLength(2 + step);
    expect(view.picture.svg.includes("#FFD54A")).toBe(step > 0);
  }
});

test("a loss that does not exist is said, with the value: the text's logistic cost at 4", () => {
  expect(() => backpropagationSteps(settings({ loss: "binaryCrossEntropy" }))).toThrow(
    /output unit 0 gave 4/,
  );
});
