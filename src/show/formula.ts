/** Formulas with the numbers filled in. */

import { said } from "../arithmetic";
import type { DeltaStep, ForwardStep, Term, WeightStep } from "../names";
import { isBiasUnit } from "../names";
import { checkFinite } from "./checks";
import { type Displayable, display, escapeHtml } from "./display";
import { formatNumber } from "./numbers";

/**
 * A formula in LaTeX that shows itself typeset.
 *
 * @throws TypeError for anything that is not a text, and for an empty one
 */
export function formula(latex: string): Displayable {
  if (typeof latex !== "string" || latex.trim() === "")
    throw new TypeError(`formula takes LaTeX, such as "a = f(z)", but got ${said(latex)}.`);
  return { [display]: () => ({ "text/latex": `$$${latex}$$`, "text/plain": latex }) };
}

/** z and a of units: the sum in symbols, with the numbers, and its value. */
export function showForward(steps: ForwardStep | readonly ForwardStep[]): Displayable {
  return aligned(listOf(steps, "a step of the forward pass, by forwardStep").flatMap(forwardLines));
}

/** δ of hidden units: slope times the weighted sum of the deltas they feed. Output units show their value. */
export function showDelta(steps: DeltaStep | readonly DeltaStep[]): Displayable {
  return aligned(listOf(steps, "a step of the backward pass, by deltaStep").flatMap(deltaLines));
}

/** The step of weights, w ← w − α · δ · a. */
export function showUpdate(
  steps: WeightStep | readonly WeightStep[],
  learningRate: number,
): Displayable {
  checkFinite(learningRate, "The learning rate");
  return aligned(
    listOf(steps, "a step of a weight, by weightStep").flatMap((step) =>
      updateLines(step, learningRate),
    ),
  );
}

/** The lines of `showForward` for one unit, in LaTeX. */
export function forwardLines({ unit, terms, z, a }: ForwardStep): string[] {
  return [
    `z_{${name(unit)}} &= ${symbols(terms)}`,
    `&= ${numbers(terms)} = ${latexNumber(z)}`,
    `a_{${name(unit)}} &= f(${latexNumber(z)}) = ${latexNumber(a)}`,
  ];
}

/** The lines of `showDelta` for one unit, in LaTeX. */
export function deltaLines({ unit, terms, slope, delta }: DeltaStep): string[] {
  const left = `\\delta_{${name(unit)}}`;
  if (terms.length === 0 || slope === undefined) return [`${left} &= ${latexNumber(delta)}`];
  const deltas = terms.map((term) => `${name(term.weightName)}\\,\\delta_{${name(term.unit)}}`);
  const sum =
    terms.length > 1
      ? [`\\bigl(${deltas.join(" + ")}\\bigr)`, `\\bigl(${numbers(terms)}\\bigr)`]
      : [deltas[0], numbers(terms)];
  return [
    `${left} &= f'(z_{${name(unit)}})\\,${sum[0]}`,
    `&= ${latexFactor(slope)} \\cdot ${sum[1]} = ${latexNumber(delta)}`,
  ];
}

/** The lines of `showUpdate` for one weight, in LaTeX. */
export function updateLines(
  { weightName, weight, from, a, to, delta, gradient }: WeightStep,
  learningRate: number,
): string[] {
  const input = isBiasUnit(from) || from.startsWith("X") ? name(from) : `a_{${name(from)}}`;
  return [
    `${name(weightName)} &\\leftarrow ${name(weightName)} - \\alpha\\,\\delta_{${name(to)}}\\,${input}`,
    `&= ${latexNumber(weight)} - ${latexNumber(learningRate)} \\cdot ${latexFactor(delta)} \\cdot ${latexFactor(a)} = ${latexNumber(weight - learningRate * gradient)}`,
  ];
}

/**
 * A line of these formulas as HTML, for pages that change too fast to be set as mathematics. It knows the few
 * commands that the functions above write, and no others.
 */
export function formulaHtml(line: string): string {
  const signs: Record<string, string> = {
    ",": "\u2009",
    cdot: "· ",
    alpha: "α",
    delta: "δ",
    leftarrow: "← ",
    partial: "∂",
    bigl: "",
    bigr: "",
  };
  let html = escapeHtml(line.replace(/&/g, ""))
    .replace(/\\(,|[a-z]+) ?/g, (all, command) => signs[command] ?? all)
    .replace(/'/g, "′")
    .replace(/-/g, "−")
    .replace(/[A-Za-zαδ]/g, "<i>$&</i>");
  for (let before = ""; before !== html; ) {
    before = html;
    html = html
      .replace(/_\{([^{}]*)\}/g, "<sub>$1</sub>")
      .replace(/\^\{([^{}]*)\}/g, "<sup>$1</sup>");
  }
  return html;
}

function aligned(lines: string[]): Displayable {
  return formula(`\\begin{aligned}${lines.join(" \\\\ ")}\\end{aligned}`);
}

function symbols(terms: readonly Term[]): string {
  return terms
    .map(
      ({ weightName, unit }) =>
        `${name(weightName)}\\,${unit.startsWith("X") || isBiasUnit(unit) ? name(unit) : `a_{${name(unit)}}`}`,
    )
    .join(" + ");
}

function numbers(terms: readonly Term[]): string {
  return terms
    .map(({ weight, value }) => `${latexFactor(weight)} \\cdot ${latexFactor(value)}`)
    .join(" + ");
}

/** W12 → W_{12} */
function name(plain: string): string {
  return plain.replace(/^([A-Z])(.+)$/, "$1_{$2}");
}

/** A number as a factor: in brackets if it is below 0. */
export function latexFactor(value: number): string {
  return value < 0 ? `(${latexNumber(value)})` : latexNumber(value);
}

/** A number in LaTeX. */
export function latexNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const text = formatNumber(value).replace(/−/g, "-");
  return text.replace(/^(.*)e(-?\d+)$/, "$1 \\cdot 10^{$2}");
}

function listOf<T>(steps: T | readonly T[], what: string): readonly T[] {
  const list: readonly T[] = Array.isArray(steps) ? steps : [steps as T];
  if (list.length === 0 || list.some((step) => typeof step !== "object" || step === null))
    throw new TypeError(
      `There is nothing to show: pass ${what}, or several, but got ${said(steps)}.`,
    );
  return list;
}
