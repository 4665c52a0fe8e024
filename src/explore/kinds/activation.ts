/** Activation functions: from inputs and weights to z, and from z to a and its slope. */
import { activations, createNetwork, type Elementwise, forward } from "../../nn";
import { formatNumber, palette } from "../../show";
import { axisAround, type Chart, drawCharts } from "../chart";
import { createExplorable, defineKind, type Explorable, type View } from "../explorable";
import { checkChoice, checkRange, elementwiseNames } from "../settings";

export interface ActivationSettings {
  /** Names of activation functions; the point moves on the first. */
  functions: readonly string[];
  /** The two inputs of the unit. */
  inputs: readonly [number, number];
  /** Its bias, then a weight for each input. */
  weights: readonly [number, number, number];
}

/**
 * A unit's activation and slope, with inputs, weights and bias to move.
 *
 * @throws RangeError for settings that make no sense
 */
export function activation(
  options: Partial<ActivationSettings> = {},
): Explorable<ActivationSettings> {
  return createExplorable(kind, options);
}

/** What the page needs beyond the numbers: the charts, to find the point under the pointer. */
export interface ActivationView extends View {
  charts: [Chart, Chart];
  z: number;
}

/** Saturated: where the slope is at most this share of the steepest. */
const flat = 0.05;
const dashPatterns = ["", "8 4", "2 3", "8 3 2 3", "14 4"];
const points = 241;

export const kind = defineKind<ActivationSettings, ActivationView>({
  name: "activation",
  heading: "Explore: an activation function and its slope",
  defaults: { functions: ["tanh"], inputs: [1, 0.5], weights: [0.5, 1, -1] },
  check({ functions, inputs, weights }) {
    if (functions.length < 1 || functions.length > dashPatterns.length) {
      throw new RangeError(
        `functions names 1 to ${dashPatterns.length} activation functions, but has ${functions.length}.`,
      );
    }
    for (const name of functions) checkChoice("An activation function", name, elementwiseNames);
    for (const value of inputs) checkRange("An input", value, -100, 100);
    for (const value of weights) checkRange("A weight", value, -100, 100);
    if (inputs.length !== 2 || weights.length !== 3) {
      throw new RangeError(
        `The unit has 2 inputs and 3 weights, the bias first; ${inputs.length} and ${weights.length} were given.`,
      );
    }
  },
  view({ functions, inputs, weights }, held) {
    const unit = createNetwork({ sizes: [2, 1], weights, output: "identity" });
    const z = forward(unit, inputs).z[1][0];
    const list = functions.map((name) => activations[name as "tanh"] as Elementwise);
    const [first] = list;
    const [a, slope] = [first.f(z), first.derivative(z)];

    const reach = held?.charts[0].x.to ?? Math.max(6, Math.ceil(Math.abs(z) - 0.01));
    const xs = Array.from({ length: points }, (_, n) => reach * ((2 * n) / (points - 1) - 1));
    const sampled = (f: (z: number) => number, kinks: readonly number[]) =>
      // Just left of a kink, so that a jump shows as one.
      xs.map((x) => f(kinks.includes(x) ? x - 1e-9 : x));
    const slopes = sampled((x) => first.derivative(x), first.kinks);
    const steepest = Math.max(...slopes.map(Math.abs));
    const saturated = (derivative: number) => Math.abs(derivative) <= flat * steepest;
    const bands = xs.flatMap((x, n) =>
      saturated(slopes[n]) ? [{ from: x, to: xs[n + 1] ?? x }] : [],
    );
    const joined = bands.reduce<{ from: number; to: number }[]>((all, band) => {
      const last = all[all.length - 1];
      if (last && last.to === band.from) last.to = band.to;
      else all.push({ ...band });
      return all;
    }, []);

    const style = (n: number) => ({ color: palette[n], dash: dashPatterns[n] });
    const values = list.map(({ f, kinks }) => sampled(f, kinks));
    const ofSlopes = list.map(({ derivative, kinks }) => sampled((x) => derivative(x), kinks));
    const tangent = [z - reach / 4, z + reach / 4];
    const x = { title: "pre-activation z", from: -reach, to: reach };
    const size = { width: 360, height: 300, x, bands: joined };
    const charts: [Chart, Chart] = [
      {
        ...size,
        title: "activation a = f(z)",
        y: axisAround("a", [...values.flat(), a]),
        curves: [
          ...list.map(({ name }, n) => ({ name, x: xs, y: values[n], ...style(n) })),
          {
            x: tangent,
            y: tangent.map((at) => a + slope * (at - z)),
            color: "#B3261E",
            width: 2.5,
          },
        ],
        marks: [{ x: z, y: a, color: "#FFD54A", symbol: "circle" }],
      },
      {
        ...size,
        title: "slope f′(z)",
        y: axisAround("f′", [...ofSlopes.flat(), 0]),
        curves: list.map(({ name }, n) => ({ name, x: xs, y: ofSlopes[n], ...style(n) })),
        marks: [{ x: z, y: slope, color: "#FFD54A", symbol: "circle" }],
      },
    ];
    const [w0, w1, w2] = weights;
    const [x1, x2] = inputs;
    const said = formatNumber;
    return {
      title: `One unit: ${functions.join(", ")}`,
      charts,
      z,
      picture: drawCharts(charts),
      alt:
        `At z = ${said(z, 4)} the activation of ${first.name} is ${said(a, 4)} and its slope ${said(slope, 4)}; the tangent is drawn there. ` +
        `Grey: where ${first.name} is saturated, its slope at most ${100 * flat} % of the steepest.`,
      tables: [
        {
          caption: "From the inputs to z",
          rows: [
            {
              "bias W0": w0,
              "W1 · X1": `${said(w1)} · ${said(x1)}`,
              "W2 · X2": `${said(w2)} · ${said(x2)}`,
              z,
            },
          ],
        },
        {
          caption: "From z to a",
          rows: list.map(({ name, f, derivative, kinks }, n) => ({
            f: name,
            z,
            "a = f(z)": f(z),
            "f′(z)": kinks.includes(z)
              ? `${said(derivative(z))} (a kink: from the left)`
              : derivative(z),
            saturated:
              Math.abs(derivative(z)) <= flat * Math.max(...ofSlopes[n].map(Math.abs))
                ? "yes"
                : "no",
          })),
        },
      ],
    };
  },
});
