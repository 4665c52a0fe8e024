/** Arrays of any rank, differentiated in reverse: each operation beside its vector-Jacobian product. */
export { type Axes, argmax, layerNorm, logSoftmax, max, mean, softmax, sum } from "./tensors/axes";
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
export {
  type ConvolutionOptions,
  conv1d,
  conv2d,
  matmul,
  maxPool1d,
  maxPool2d,
} from "./tensors/products";
export {
  backward,
  constant,
  inOrder,
  type Nested,
  type Operand,
  operation,
  Tensor,
  tensor,
  tidy,
  type VectorJacobianProduct,
} from "./tensors/tensor";
