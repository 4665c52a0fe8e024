import { describe, expect, test } from "vitest";
import {
  biasName,
  deltaStep,
  forwardStep,
  isBiasUnit,
  unitPlace,
  weightIndex,
  weightNames,
  weightStep,
} from "../src/names";
import { backward, createNetwork, forward, unitName, weightName, weightPlace } from "../src/nn";

const network = (...sizes: number[]) => createNetwork({ sizes });

describe("the text's names", () => {
  const text = network(2, 3, 1);

  test("13 weights, named by where they lead and where they come from", () => {
    expect(weightNames(text)).toEqual(
      "W10 W11 W12 W20 W21 W22 W30 W31 W32 V00 V01 V02 V03".split(" "),
    );
  });

  test("W12 leads from X2 to Z1, V03 from Z3 to D0", () => {
    const pass = forward(text, [0.5, -2]);
    const back = backward(text, pass, [1]);
    const { from, to, a } = weightStep(text, pass, back, "W12");
    expect([from, to, a]).toEqual(["X2", "Z1", -2]);
    const last = weightStep(text, pass, back, "V03");
    expect([last.from, last.to, last.a]).toEqual(["Z3", "D0", pass.a[1][2]]);
  });

  test("units and bias units", () => {
    expect([0, 1].map((j) => unitName(text, 0, j))).toEqual(["X1", "X2"]);
    expect([0, 1, 2].map((j) => unitName(text, 1, j))).toEqual(["Z1", "Z2", "Z3"]);
    expect(unitName(text, 2, 0)).toBe("D0");
    expect([biasName(text, 0), biasName(text, 1)]).toEqual(["X0", "Z0"]);
    expect(unitPlace(text, "Z3")).toEqual({ layer: 1, unit: 2 });
    expect(unitPlace(text, "X1")).toEqual({ layer: 0, unit: 0 });
  });
});

test("without a hidden layer every weight is a V", () => {
  expect(weightNames(network(2, 2))).toEqual("V00 V01 V02 V10 V11 V12".split(" "));
});

test("several hidden layers: the layer stands in front", () => {
  const deep = network(1, 2, 2, 1);
  expect(weightNames(deep)).toEqual(
    "W1.10 W1.11 W1.20 W1.21 W2.10 W2.11 W2.12 W2.20 W2.21 W2.22 V00 V01 V02".split(" "),
  );
  expect(unitName(deep, 2, 0)).toBe("Z2.1");
  expect([0, 1, 2].map((l) => biasName(deep, l))).toEqual(["X0", "Z1.0", "Z2.0"]);
  expect(weightPlace(deep, weightIndex(deep, "W2.12"))).toEqual({ layer: 2, unit: 0, column: 2 });
});

test("from the tenth unit on, a comma keeps the indices apart", () => {
  const wide = network(2, 12, 1);
  const names = weightNames(wide);
  expect(names).toContain("W1,2");
  expect(names).toContain("W12,1");
  expect(names).toContain("V0,12");
  const nine = weightNames(network(9, 9, 1));
  expect(nine.filter((name) => name.includes(","))).toEqual([]);
  expect([nine[89], nine[99]]).toEqual(["W99", "V09"]); // 9 · 10 into the hidden layer, 10 into the output
});

test.each([[[2, 3, 1]], [[1, 1]], [[2, 11, 10, 3]], [[12, 2, 1]]])(
  "in %j no two weights and no two units share a name, and each name finds its place",
  (sizes) => {
    const one = network(...sizes);
    const names = weightNames(one);
    expect(new Set(names).size).toBe(one.weights.length);
    names.forEach((name, w) => {
      expect(weightIndex(one, name)).toBe(w);
      expect(weightName(one, w)).toBe(name);
      const { layer, unit, column } = weightPlace(one, w);
      const kept = one.weights[w];
      one.weights[w] = 123;
      expect(one.W[layer][unit * (1 + sizes[layer - 1]) + column]).toBe(123);
      one.weights[w] = kept;
    });
    sizes.forEach((size, layer) => {
      for (let unit = 0; unit < size; unit++) {
        expect(unitPlace(one, unitName(one, layer, unit))).toEqual({ layer, unit });
      }
    });
  },
);

test("bias units are told from others by their names", () => {
  for (const name of ["X0", "Z0", "Z1.0", "Z12.0"]) expect(isBiasUnit(name)).toBe(true);
  for (const name of ["X1", "X10", "Z20", "Z1.10", "Z2.1", "D0"]) {
    expect(isBiasUnit(name)).toBe(false);
  }
});

test("a name that does not exist is answered with those that do", () => {
  const text = network(2, 3, 1);
  expect(() => weightIndex(text, "W13")).toThrow(
    'A 2-3-1 network has no weight "W13". Its weights are W10, W11, W12, W20, W21, W22, W30, W31, W32, V00, V01, V02, V03.',
  );
  expect(() => unitPlace(text, "Z0")).toThrow(
    'A 2-3-1 network has no unit "Z0". Its units are X1, X2, Z1, Z2, Z3, D0.',
  );
  expect(() => weightName(text, 13)).toThrow("A 2-3-1 network has no weight number 13.");
  expect(() => weightName(text, -1)).toThrow("has no weight number -1.");
  // Forty names are listed, of more the first twenty: 3 · 10 = 40, 1 · 41, and 9 · 9 + 10 = 91 weights.
  expect(() => weightIndex(network(3, 10), "Q")).toThrow(/are V0,0, V0,1, .*, V9,2, V9,3\.$/);
  expect(() => weightIndex(network(40, 1), "Q")).toThrow(/, V0,18, V0,19 and 21 more\.$/);
  expect(() => weightIndex(network(8, 9, 1), "Q")).toThrow(/, W30, W31 and 71 more\.$/);
  const pass = forward(text, [0, 0]);
  const back = backward(text, pass, [0]);
  const given = "X1 is an input: it is given, so it has no weighted sum and no δ.";
  expect(() => forwardStep(text, pass, "X1")).toThrow(given);
  expect(() => deltaStep(text, pass, back, "X1")).toThrow(given);
  expect(() => weightStep(text, pass, back, "X1")).toThrow('has no weight "X1"');
});
