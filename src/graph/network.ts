/** A network's loss as a graph of scalar values: the same numbers as `nn`, by another route. */
import { exp } from "../arithmetic";
import {
  type Activation,
  checkSample,
  type Elementwise,
  halfSquaredError,
  identity,
  type Loss,
  type Network,
  activations as named,
} from "../nn";
import { add, multiply, operation, power, relu, sigmoid, subtract, tanh, Value } from "./value";

/** Those for which the graph has operations of its own. */
const ownOperations = new Map<Elementwise, (z: Value) => Value>([
  [identity, (z) => z],
  [named.sigmoid, sigmoid],
  [named.tanh, tanh],
  [named.relu, relu],
]);

/** a = f(z), for one layer. Any activation is an operation: its f the value, and beside it its f′ the derivative. */
function activated(activation: Activation, z: Value[]): Value[] {
  if (!("f" in activation)) return softmax(z);
  const mirrored = operation(activation.name, (x) => {
    const a = activation.f(x);
    return [a, [activation.derivative(x, a)]];
  });
  const f = ownOperations.get(activation) ?? mirrored;
  return z.map((one) => f(one));
}

/** e^z over the sum of all, each an operation on all z. The largest is taken out: it changes nothing, and nothing overflows. */
function softmax(z: Value[]): Value[] {
  const largest = Math.max(...z.map((one) => one.value));
  const powers = z.map((one) => exp(one.value - largest));
  const sum = powers.reduce((sum, one) => sum + one);
  const a = powers.map((one) => one / sum);
  return a.map((aj, j) =>
    operation("softmax", () => [aj, a.map((ak, k) => aj * ((j === k ? 1 : 0) - ak))])(...z),
  );
}

/**
 * The loss of the outputs. Half the squared error is composed of operations; any other is one operation, with
 * the loss's own value and gradient, and from z in one go where it is paired with the outputs' activation.
 */
function lossOf(loss: Loss, activation: Activation, z: Value[], a: Value[], y: number[]): Value {
  if (loss === halfSquaredError) {
    const terms = a.map((one, k) => multiply(0.5, power(subtract(one, y[k]), 2)));
    return terms.length === 1 ? terms[0] : add(...terms);
  }
  const { valueFromZ } = loss;
  if (loss.pairedWith === activation && valueFromZ) {
    const delta = a.map((one, k) => one.value - y[k]);
    return operation(loss.name, (...x) => [valueFromZ(Float64Array.from(x), y), delta])(...z);
  }
  return operation(loss.name, (...x) => {
    const [outputs, slopes] = [Float64Array.from(x), new Float64Array(x.length)];
    loss.gradient(outputs, y, slopes);
    return [loss.value(outputs, y), [...slopes]];
  })(...a);
}

/** The parts of a network's graph that have a name there: laid out as in `nn`. */
export interface NetworkGraph {
  loss: Value;
  /** One value for each weight, in the order of the network's `weights`. */
  weights: Value[];
  /**
   * Pre-activations and activations by layer and unit; layer 0 of `a` is the inputs. A loss that is computed from the
   * outputs' z (cross-entropy with the activation it is paired with) does not go through their a.
   */
  z: Value[][];
  a: Value[][];
}

/**
 * Builds the graph of one sample's loss. After `backward(graph.loss)` the weights' slopes are the gradient, and
 * those of z the deltas.
 *
 * @throws RangeError for a sample that does not fit, and as operations and losses do
 */
export function lossGraph(
  network: Network,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): NetworkGraph {
  checkSample(network, x, y);
  const { sizes, activations, loss } = network;
  const L = sizes.length - 1;
  const weights = Array.from(network.weights, (w) => new Value(w));
  const z: Value[][] = [[]];
  const a: Value[][] = [Array.from(x, (one) => new Value(one))];
  let next = 0;
  for (let l = 1; l <= L; l++) {
    const inputs = a[l - 1];
    z[l] = Array.from({ length: sizes[l] }, () => {
      const bias = weights[next++];
      return add(bias, ...inputs.map((input) => multiply(weights[next++], input)));
    });
    a[l] = activated(activations[l], z[l]);
  }
  return { loss: lossOf(loss, activations[L], z[L], a[L], Array.from(y)), weights, z, a };
}
