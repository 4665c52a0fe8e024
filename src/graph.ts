/** Computation graphs of single numbers, differentiated in reverse: backpropagation without layers. */
export { lossGraph, type NetworkGraph } from "./graph/network";
export {
  add,
  backward,
  divide,
  exp,
  inOrder,
  log,
  multiply,
  type Operand,
  operation,
  power,
  relu,
  sigmoid,
  subtract,
  tanh,
  Value,
} from "./graph/value";
