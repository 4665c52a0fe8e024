/**
 * Numbers that are the same in every engine. ECMAScript leaves `Math.exp`, `Math.log`, `Math.tanh`, `Math.sin` and
 * `**` to each engine, whose last bits differ; sums, products, quotients and `Math.sqrt` it fixes to the bit
 * (IEEE 754). Here the others are made of these. Below all other rooms; imports nothing.
 *
 * Every function takes any number and gives what `Math`'s gives for ±0, ±∞ and NaN. No result is further from the
 * true one than 0.8 units in the last place, of `tanh` than 1.2; test/arithmetic measures it.
 */
export { cos, sin } from "./arithmetic/angles";
export {
  allFinite,
  checkFinite,
  checkGiven,
  checkLearningRate,
  checkLength,
  checkWhole,
  faultIn,
  find,
  isList,
  said,
  throwFault,
} from "./arithmetic/checks";
export { exp, expm1 } from "./arithmetic/exponentials";
export { tanh } from "./arithmetic/hyperbolic";
export { expCode, inlineTables, tanhCode } from "./arithmetic/inline";
export { log, log1p } from "./arithmetic/logarithms";
export { normalCdf } from "./arithmetic/normal";
export {
  judgeSlope,
  type NudgedSlope,
  nudgedSlope,
  passedOn,
  type SlopeJudgement,
  type SlopeVerdict,
} from "./arithmetic/nudging";
export { norm, pow } from "./arithmetic/powers";
export { quantile } from "./arithmetic/quantiles";
export { createRandom, normal, type Random, shuffle } from "./arithmetic/random";
export { growthExponent } from "./arithmetic/scaling";
export { checkSingle, type Numbers } from "./arithmetic/single";
