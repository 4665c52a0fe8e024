/** Networks, in the order of the explanation. Imports no package and nothing of Node: runs anywhere. */
export { createRandom, normal, type Random, shuffle } from "./arithmetic";
export * from "./nn/activations";
export {
  type BackwardPass,
  backward,
  type ForwardPass,
  forward,
  update,
} from "./nn/backpropagation";
export { cost, costGradient, predict, type Reduction, sampleLoss } from "./nn/batch";
export { checkSample, type Samples } from "./nn/checks";
export type { EngineKind } from "./nn/engine";
export * from "./nn/gradient-check";
export { History } from "./nn/history";
export * from "./nn/losses";
export * from "./nn/names";
export {
  copyNetwork,
  createNetwork,
  type Initialisation,
  layerViews,
  type Network,
  type NetworkOptions,
} from "./nn/network";
export * from "./nn/optimisers";
export * from "./nn/schedules";
export * from "./nn/steps";
export { straightLineSource } from "./nn/straight-line";
export { DivergenceError, type Ending, Training, type TrainingOptions, train } from "./nn/training";
