/**
 * What a network is, its passes, gradients and their check. Imports `arithmetic` alone and nothing of Node: runs anywhere.
 * src/nn/README.md says in which order to read.
 */
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
export * from "./nn/gradient-check";
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
