/**
 * e^x and tanh x as text, for code that is made while the program runs: calls in its inner loop would cost half its
 * speed. Statement for statement what exponentials.ts and hyperbolic.ts say, and test/arithmetic compares the bits.
 * The variables `x` and `to` have names of more than one letter: those of one are the statements' own.
 */
import { powers, WHOLE } from "./doubles";
import { exp, fractions, fractionTails, STEP, STEP_REST, STEPS } from "./exponentials";
import { FAR, FAR_ENTRY, tanhs, tanhTails } from "./hyperbolic";

/** What the statements below name: to be in scope where they stand. */
export const inlineTables = { exp, powers, fractions, fractionTails, tanhs, tanhTails };

/** Statements that declare `to` = e^x. */
export function expCode(x: string, to: string): string[] {
  return [
    `let ${to} = 0;`,
    `if (${x} <= 709 && ${x} >= -708) {`,
    `const k = ${x} * ${STEPS} + ${WHOLE} - ${WHOLE};`,
    "const i = k | 0;",
    "const s = fractions[i & 127] * powers[(i >> 7) + 1024];",
    `const r = ${x} - k * ${STEP} - k * ${STEP_REST};`,
    `const p = fractionTails[i & 127] + r + r * r * (0.5 + r * ${1 / 6} + r * r * (${1 / 24} + r * ${1 / 120}));`,
    `${to} = s + s * p;`,
    `} else ${to} = exp(${x});`,
  ];
}

/** Statements that declare `to` = tanh x. */
export function tanhCode(x: string, to: string): string[] {
  return [
    `let ${to} = Math.abs(${x});`,
    `if (${to} > 0 && ${to} <= ${FAR}) {`,
    `const k = ${x} * 64 + ${WHOLE} - ${WHOLE};`,
    `const i = (k | 0) + ${FAR_ENTRY};`,
    "const T = tanhs[i];",
    `const d = ${x} - k * ${1 / 64};`,
    "const y = d * d;",
    `const u = d + d * y * (${-1 / 3} + y * (${2 / 15} + y * ${-17 / 315}));`,
    "const w = T * u;",
    `${to} = T + (tanhTails[i] + (u - u * (T * T + w) / (1 + w)));`,
    `} else ${to} = ${x} > ${FAR} ? 1 : ${x} < -${FAR} ? -1 : ${x};`,
  ];
}
