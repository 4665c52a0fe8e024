/** Formulas with the numbers filled in. */
import type { DeltaStep, ForwardStep, Term, WeightStep } from "../nn";
import { type Displayable, display } from "./display";
import { formatNumber } from "./numbers";

/** A formula in LaTeX that shows itself set. */
export function formula(latex: string): Displayable {
  return { [display]: () => ({ "text/latex": `$$${latex}$$`, "text/plain": latex }) };
}

/** z and a of units: the sum in symbols, with the numbers, and its value. */
export function showForward(steps: ForwardStep | readonly ForwardStep[]): Displayable {
  return aligned(
    listOf(steps).flatMap(({ unit, terms, z, a }) => [
      `z_{${name(unit)}} &= ${symbols(terms)}`,
      `&= ${numbers(terms)} = ${number(z)}`,
      `a_{${name(unit)}} &= f(${number(z)}) = ${number(a)}`,
    ]),
  );
}

/** δ of hidden units: slope times the weighted sum of the deltas they feed. Output units show their value. */
export function showDelta(steps: DeltaStep | readonly DeltaStep[]): Displayable {
  return aligned(
    listOf(steps).flatMap(({ unit, terms, slope, delta }) => {
      const left = `\\delta_{${name(unit)}}`;
      if (terms.length === 0 || slope === undefined) return [`${left} &= ${number(delta)}`];
      const deltas = terms.map((term) => `${name(term.weightName)}\\,\\delta_{${name(term.unit)}}`);
      const sum =
        terms.length > 1
          ? [`\\bigl(${deltas.join(" + ")}\\bigr)`, `\\bigl(${numbers(terms)}\\bigr)`]
          : [deltas[0], numbers(terms)];
      return [
        `${left} &= f'(z_{${name(unit)}})\\,${sum[0]}`,
        `&= ${factor(slope)} \\cdot ${sum[1]} = ${number(delta)}`,
      ];
    }),
  );
}

/** The step of weights, w ← w − α · δ · a. */
export function showUpdate(
  steps: WeightStep | readonly WeightStep[],
  learningRate: number,
): Displayable {
  return aligned(
    listOf(steps).flatMap(({ weightName, weight, from, a, to, delta, gradient }) => [
      `${name(weightName)} &\\leftarrow ${name(weightName)} - \\alpha\\,\\delta_{${name(to)}}\\,${isBias(from) || from.startsWith("X") ? name(from) : `a_{${name(from)}}`}`,
      `&= ${number(weight)} - ${number(learningRate)} \\cdot ${factor(delta)} \\cdot ${factor(a)} = ${number(weight - learningRate * gradient)}`,
    ]),
  );
}

function aligned(lines: string[]): Displayable {
  return formula(`\\begin{aligned}${lines.join(" \\\\ ")}\\end{aligned}`);
}

function symbols(terms: readonly Term[]): string {
  return terms
    .map(
      ({ weightName, unit }) =>
        `${name(weightName)}\\,${unit.startsWith("X") || isBias(unit) ? name(unit) : `a_{${name(unit)}}`}`,
    )
    .join(" + ");
}

function numbers(terms: readonly Term[]): string {
  return terms.map(({ weight, value }) => `${factor(weight)} \\cdot ${factor(value)}`).join(" + ");
}

/** A bias unit is a constant: it stands for its own value, 1. */
function isBias(unit: string): boolean {
  return /(?:^[XZ]|\.)0$/.test(unit);
}

/** W12 → W_{12} */
function name(plain: string): string {
  return plain.replace(/^([A-Z])(.+)$/, "$1_{$2}");
}

function factor(value: number): string {
  return value < 0 ? `(${number(value)})` : number(value);
}

function number(value: number): string {
  const text = formatNumber(value).replace(/−/g, "-");
  return text.replace(/^(.*)e(-?\d+)$/, "$1 \\cdot 10^{$2}");
}

function listOf<T>(steps: T | readonly T[]): readonly T[] {
  return Array.isArray(steps) ? steps : [steps as T];
}
