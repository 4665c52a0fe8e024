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

/** The commands of LaTeX that `formulaHtml` knows, beside fractions and roots; a blank keeps a sign apart from what follows. */
const signs: Record<string, string> = {
  ...{
    ",": "\u2009",
    quad: "\u2003",
    bigl: "",
    bigr: "",
    left: "",
    right: "",
    mathrm: "",
    mathbf: "",
    boldsymbol: "",
    text: "",
  },
  ...{ cdot: "· ", times: "× ", pm: "± ", leftarrow: "← ", to: "→ ", rightarrow: "→ " },
  ...{ le: "≤ ", ge: "≥ ", ne: "≠ ", approx: "≈ ", ll: "≪ ", gg: "≫ ", infty: "∞", dots: "…" },
  ...{ partial: "∂", sum: "∑", prod: "∏", odot: "⊙ ", top: "⊤", nabla: "∇" },
  ...{ alpha: "α", beta: "β", gamma: "γ", delta: "δ", varepsilon: "ε", eta: "η", lambda: "λ" },
  ...{ mu: "μ", pi: "π", rho: "ρ", sigma: "σ", theta: "θ", Delta: "Δ" },
};
/** Names of functions stand upright; single letters are slanted. */
const functions = /^(?:tanh|ln|log|exp|max|min|sin|cos)$/;

/**
 * Simple LaTeX as HTML, for where nothing sets mathematics: pages that change with a slider, a repository's web view, and
 * text in a card. It knows `\\frac`, `\\sqrt`, sub- and superscripts and the commands above; others stay as they are.
 */
export function formulaHtml(line: string): string {
  let html = line
    .replace(/&/g, "")
    // The commands that take something, which may stand without braces: \frac12.
    .replace(/\\[td]?frac *([^\s{\\])/g, "\\frac{$1}")
    .replace(/\\[td]?frac/g, "\ue001")
    .replace(/(\ue001\{[^{}]*\}) *([^\s{\\])/g, "$1{$2}")
    .replace(/\\sqrt *([^\s{\\])/g, "\\sqrt{$1}")
    .replace(/\\sqrt/g, "\ue002")
    .replace(/([_^]) *([^\s{\\])/g, "$1{$2}")
    .replace(/[<>"]|\\(?:,|[A-Za-z]+) ?|\p{L}/gu, (part) => {
      const command = part.slice(1).trim();
      if (functions.test(command)) return `${command}\u2009`;
      const text = Object.hasOwn(signs, command) ? signs[command] : part;
      return /^\p{L}$/u.test(text) ? `<i>${text}</i>` : part.length > 1 ? text : escapeHtml(text);
    })
    .replace(/'/g, "′")
    .replace(/-/g, "−");
  for (let before = ""; before !== html; ) {
    before = html;
    html = html
      .replace(/_\{([^{}]*)\}/g, "<sub>$1</sub>")
      .replace(/\^\{([^{}]*)\}/g, "<sup>$1</sup>")
      .replace(/\ue002\{([^{}]*)\}/g, (_, under) => `√${inBrackets(under)}`)
      .replace(
        /\ue001\{([^{}]*)\}\{([^{}]*)\}/g,
        (_, above, below) => `${inBrackets(above)}/${inBrackets(below)}`,
      );
  }
  return html
    .replace(/[{}]/g, "")
    .replace(/\u2009(?=<su[bp]>)/g, "")
    .replace(/ *(=|≤|≥|≠|≈|≪|≫|·|×|←|→|±) */g, " $1 ")
    .trim();
}

/** A part of a fraction or a root, in brackets if it is a sum or a product. */
function inBrackets(html: string): string {
  return /[+−·×/ ]/.test(html.replace(/<[^>]*>/g, "").trim()) ? `(${html.trim()})` : html;
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
