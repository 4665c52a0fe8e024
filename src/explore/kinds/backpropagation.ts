/** Backpropagation one step at a time: what a reader with a pencil would do, in that order. */

import {
  type DeltaStep,
  deltaStep,
  forwardStep,
  weightIndex,
  weightNames,
  weightStep,
} from "../../names";
import { backward, forward, type Network, sampleLoss } from "../../nn";
import {
  type CellValue,
  type Drawing,
  deltaLines,
  drawNetwork,
  formatNumber,
  forwardLines,
  latexFactor,
  latexNumber,
  type Picture,
  updateLines,
} from "../../show";
import { createExplorable, defineKind, type Explorable, type View } from "../explorable";
import {
  checkChoice,
  checkCount,
  checkRange,
  checkSmallNetwork,
  dataSet,
  type SmallNetworkSettings,
  smallNetwork,
  textNetwork,
} from "../settings";

export interface BackpropagationSettings extends SmallNetworkSettings {
  sample: number;
  /**
   * "gradient": δ = ∂L/∂z, and the step goes downhill. "text": the text's δ = y − h at the output, the opposite
   * sign, with the same update: the step climbs.
   */
  sign: "gradient" | "text";
  /** How many steps have been taken. */
  step: number;
}

/**
 * Backpropagation through the text's network, one unit, one weight at a time.
 *
 * @throws RangeError for settings that make no sense
 */
export function backpropagation(
  options: Partial<BackpropagationSettings> = {},
): Explorable<BackpropagationSettings> {
  return createExplorable(kind, options);
}

/** One step: what it computes, from what, and what the text has for it. */
export interface BackpropagationStep {
  phase: "forward" | "loss" | "backward" | "update" | "second forward";
  /** The unit or weight it is about. */
  about: string;
  /** What it computes: "a of Z1", "V01". */
  quantity: string;
  /** The formula with its numbers, in the small LaTeX that `formulaHtml` reads. */
  lines: string[];
  value: number;
  /** The number before, for a weight. */
  before?: number;
  /** The text's number, where the settings are the text's and it has one. */
  text?: number;
  /** What is to be said where the text differs or needs a word. */
  remark?: string;
  /** Units and weights that light up. */
  lit: string[];
}

export interface BackpropagationSteps {
  network: Network;
  /** The network after the update. */
  updated: Network;
  steps: BackpropagationStep[];
}

/** All steps: forward through every unit, the loss, back through every unit, every weight, and forward again. */
export function backpropagationSteps(settings: BackpropagationSettings): BackpropagationSteps {
  const { data, sample, learningRate, sign } = settings;
  const network = smallNetwork(settings);
  const { inputs, targets } = dataSet(data);
  const [x, y] = [inputs[sample], targets[sample]];
  const pass = forward(network, x);
  const back = backward(network, pass, y);
  const turned = sign === "text" ? -1 : 1;
  const units = Array.from({ length: settings.units }, (_, j) => `Z${j + 1}`);
  const steps: BackpropagationStep[] = [];
  const says = textSays(settings);
  const add = (
    step: Omit<BackpropagationStep, "text" | "remark"> & { remark?: string },
    printed?: number,
  ) => {
    const text = says ? printed : undefined;
    const differs = text !== undefined && Math.abs(text - step.value) > 1e-9;
    const remark = differs
      ? `The text has ${formatNumber(text)} here.${step.remark ? ` ${step.remark}` : ""}`
      : step.remark;
    steps.push({ ...step, text, ...(remark ? { remark } : {}) });
  };

  const forwardThrough = (
    through: Network,
    phase: "forward" | "second forward",
    printed?: Record<string, number>,
  ) => {
    const now = forward(through, x);
    for (const unit of [...units, "D0"]) {
      const step = forwardStep(through, now, unit);
      add(
        {
          phase,
          about: unit,
          quantity: `a of ${unit}`,
          lines: forwardLines(step),
          value: step.a,
          lit: [unit, ...step.terms.map(({ weightName }) => weightName)],
          remark:
            phase === "forward" && unit === "D0" && says
              ? "The text has 4 here too, but says further on that the model projected «1», and that it gave 4 «instead of 1»; the target is 0."
              : undefined,
        },
        printed?.[unit],
      );
    }
    return now;
  };

  forwardThrough(network, "forward", { Z1: 1, Z2: 1, Z3: 1, D0: 4 });
  const lossValue = sampleLoss(network, pass, y);
  const h = pass.a[2][0];
  const error = y[0] - h;
  if (sign === "text") {
    add(
      {
        phase: "loss",
        about: "D0",
        quantity: "y − h",
        lines: [`y - h &= ${latexNumber(y[0])} - ${latexFactor(h)} = ${latexNumber(error)}`],
        value: error,
        lit: ["D0"],
        remark: `The text calls this signed error the loss, and the cost. As a loss it has no minimum; the loss of these settings, ${settings.loss}, is ${formatNumber(lossValue)}.`,
      },
      -4,
    );
  } else {
    add(
      {
        phase: "loss",
        about: "D0",
        quantity: "L",
        lines: [`L &= ${latexNumber(lossValue)}`],
        value: lossValue,
        lit: ["D0"],
        ...(says
          ? { remark: "The text takes the signed error y − h = −4 as its loss, and so as δ." }
          : {}),
      },
      undefined,
    );
  }

  const delta = (unit: string): DeltaStep => {
    const step = deltaStep(network, pass, back, unit);
    const terms = step.terms.map((term) => ({
      ...term,
      value: turned * term.value,
      product: turned * term.product,
    }));
    return { ...step, terms, delta: turned * step.delta };
  };
  for (const unit of ["D0", ...units]) {
    const step = delta(unit);
    const lines =
      unit === "D0" ? outputDeltaLines(network, settings, h, y[0], step) : deltaLines(step);
    add(
      {
        phase: "backward",
        about: unit,
        quantity: `δ of ${unit}`,
        lines,
        value: step.delta,
        lit: [unit, ...step.terms.map(({ weightName }) => weightName)],
        remark:
          unit === "D0" && sign === "text"
            ? "The opposite of ∂L/∂z: the update, which subtracts, will climb."
            : unit === "D0" && says
              ? "It takes y − h, of the opposite sign."
              : unit === "Z1" && says
                ? "The text also works out a δ for the bias unit Z0, −4. Nothing uses it: no weight leads to Z0."
                : undefined,
      },
      -4,
    );
  }

  const updated = smallNetwork(settings);
  for (const name of weightNames(network)) {
    const plain = weightStep(network, pass, back, name);
    const step = { ...plain, delta: turned * plain.delta, gradient: turned * plain.gradient };
    const after = step.weight - learningRate * step.gradient;
    updated.weights[weightIndex(network, name)] = after;
    add(
      {
        phase: "update",
        about: name,
        quantity: name,
        lines: updateLines(step, learningRate),
        value: after,
        before: step.weight,
        lit: [name, step.from, step.to],
        ...(says && step.a === 0
          ? { remark: `By its own formula ${step.from} = 0 leaves ${name} where it was.` }
          : {}),
      },
      1.4,
    );
  }
  if (updated.weights.every(Number.isFinite)) {
    const again = forwardThrough(updated, "second forward");
    const last = steps[steps.length - 1];
    const lossAfter = sampleLoss(updated, again, y);
    last.remark =
      `The output has gone from ${formatNumber(h)} to ${formatNumber(again.a[2][0])} (target ${y[0]}), the loss from ` +
      `${formatNumber(lossValue)} to ${formatNumber(lossAfter)}: the step went ${lossAfter > lossValue ? "uphill" : lossAfter < lossValue ? "downhill" : "nowhere"}.`;
  }
  return { network, updated, steps };
}

/** Whether the settings are the text's, so that its printed numbers can be held against ours. */
function textSays(settings: BackpropagationSettings): boolean {
  return Object.entries(kind.defaults).every(
    ([name, value]) =>
      name === "sign" ||
      name === "step" ||
      settings[name as keyof BackpropagationSettings] === value,
  );
}

/** δ at the output: from the loss, in the words of the sign that is chosen. */
function outputDeltaLines(
  network: Network,
  { sign, loss, output }: BackpropagationSettings,
  h: number,
  y: number,
  { delta, slope = 1 }: DeltaStep,
): string[] {
  const left = "\\delta_{D_{0}}";
  const paired = network.loss.pairedWith === network.activations[2];
  const plain = paired || (loss === "halfSquaredError" && output === "identity");
  const [first, second, one, two] =
    sign === "text" ? ["y", "a_{D_{0}}", y, h] : ["a_{D_{0}}", "y", h, y];
  if (plain) {
    return [
      `${left} &= ${first} - ${second} = ${latexNumber(one)} - ${latexFactor(two)} = ${latexNumber(delta)}`,
    ];
  }
  const minus = sign === "text" ? "-" : "";
  const ofLoss = new Float64Array(1);
  network.loss.gradient(Float64Array.of(h), [y], ofLoss);
  return [
    `${left} &= ${minus}f'(z_{D_{0}})\\,\\partial L / \\partial a_{D_{0}}`,
    `&= ${minus}${latexFactor(slope)} \\cdot ${latexFactor(ofLoss[0])} = ${latexNumber(delta)}`,
  ];
}

const phaseTitles = {
  forward: "Forward",
  loss: "The loss",
  backward: "Back",
  update: "Update",
  "second forward": "Forward again, with the new weights",
};

/** The words for a step: "Forward: a of Z1". */
export function stepTitle(step: BackpropagationStep | undefined): string {
  return step ? `${phaseTitles[step.phase]}: ${step.quantity}` : "Before the first step";
}

export interface BackpropagationView extends View {
  steps: readonly BackpropagationStep[];
  /** All weights after the update. */
  updated: readonly number[];
  /** The picture for a narrow page. */
  compact(): Picture;
}

export const kind = defineKind<BackpropagationSettings, BackpropagationView>({
  name: "backpropagation",
  heading: "Explore: backpropagation, step by step",
  defaults: { ...textNetwork, learningRate: 0.1, sign: "gradient", step: 0 },
  check(settings) {
    const { weights, sign, step } = settings;
    checkChoice("sign", sign, ["gradient", "text"]);
    checkSmallNetwork(settings);
    checkCount("step", step, 0, 1000);
    if (typeof weights === "number") checkRange("weights", weights, -100, 100);
  },
  view(settings) {
    const { network, updated, steps } = backpropagationSteps(settings);
    const done = steps.slice(0, settings.step);
    const now = done[done.length - 1];
    const { inputs, targets } = dataSet(settings.data);
    const [x, y] = [inputs[settings.sample], targets[settings.sample]];
    const title = `${settings.data.toUpperCase()}, sample (${x.join(", ")}) with target ${y[0]}`;
    const updateOf = (name: string) =>
      done.find(({ phase, about }) => phase === "update" && about === name);
    const drawing: Drawing = {
      title: `${stepTitle(now)} (step ${done.length} of ${steps.length})`,
      room: 3,
      lit: new Set(now?.lit),
      linesOf: (unit) => unitLines(unit, done, x),
      labelOf: (name, weight) => {
        const step = updateOf(name);
        const words = (value: number) => formatNumber(value, 3);
        return `${name}: ${words(weight)}${step ? ` → ${words(step.value)}` : ""}`;
      },
    };
    return {
      title,
      steps,
      updated: Array.from(updated.weights),
      picture: drawNetwork(network, drawing),
      compact: () =>
        drawNetwork(network, {
          ...drawing,
          compact: true,
          labelOf: (name, weight) => `${name} ${formatNumber(updateOf(name)?.value ?? weight, 2)}`,
        }),
      alt: `The ${network.sizes.join("-")} network, ${title}. ${stepTitle(now)}${now ? ` = ${formatNumber(now.value)}` : ""}. The table lists all values so far.`,
      tables: [{ caption: "All values so far", rows: valuesSoFar(done, x) }],
    };
  },
});

/** The lines of a unit's box: what is known of it by now. */
function unitLines(
  unit: string,
  done: readonly BackpropagationStep[],
  x: readonly number[],
): string[] {
  if (unit === "X0" || unit === "Z0") return ["1"];
  if (unit.startsWith("X")) return [formatNumber(x[Number(unit.slice(1)) - 1], 3)];
  const lines: string[] = [];
  for (const { about, phase, value } of done) {
    if (about !== unit) continue;
    if (phase === "forward") lines.push(`a = ${formatNumber(value, 3)}`);
    if (phase === "backward") lines.push(`δ = ${formatNumber(value, 3)}`);
    if (phase === "second forward") lines.push(`then ${formatNumber(value, 3)}`);
  }
  return lines;
}

/** The table that grows: a row for each step, the text's number beside ours where there is one. */
export function valuesSoFar(
  done: readonly BackpropagationStep[],
  x: readonly number[],
): Record<string, CellValue>[] {
  const hasText = done.some(({ text }) => text !== undefined);
  const rows: Record<string, CellValue>[] = [
    { step: "given", quantity: "X1", value: x[0], ...(hasText ? { "the text": x[0] } : {}) },
    { step: "given", quantity: "X2", value: x[1], ...(hasText ? { "the text": x[1] } : {}) },
  ];
  for (const [n, { phase, quantity, value, before, text }] of done.entries()) {
    rows.push({
      step: `${n + 1} ${phase === "second forward" ? "again" : phase}`,
      quantity,
      value: before === undefined ? value : `${formatNumber(before)} → ${formatNumber(value)}`,
      ...(hasText
        ? {
            "the text":
              text === undefined
                ? null
                : Math.abs(text - value) > 1e-9
                  ? `≠ ${formatNumber(text)}`
                  : `✓ ${formatNumber(text)}`,
          }
        : {}),
    });
  }
  return rows;
}
