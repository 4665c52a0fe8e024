/** Arrays of any rank, differentiated in reverse: each operation beside its vector-Jacobian product. */
export type { Axes, ConvolutionOptions, Nested, Shape } from "./arrays";
export { argmax, layerNorm, logSoftmax, max, mean, softmax, sum } from "./tensors/axes";
export { backward, inOrder, operation } from "./tensors/backward";
export { checkSlopes, type SlopeCheck, type SlopeCheckRow } from "./tensors/check";
export {
  add,
  divide,
  exp,
  gelu,
  log,
  multiply,
  power,
  relu,
  sigmoid,
  subtract,
  tanh,
} from "./tensors/elementwise";
export {
  type Circumstances,
  createModel,
  type Model,
  type ModelOptions,
  type ParameterOptions,
  type Parameters,
} from "./tensors/model";
export { concatenate, dropout, gather, reshape, slice, transpose } from "./tensors/moving";
export { conv1d, conv2d, matmul, maxPool1d, maxPool2d } from "./tensors/products";
export {
  constant,
  type Operand,
  Tensor,
  tensor,
  tidy,
  type VectorJacobianProduct,
} from "./tensors/tensor";
