/** A network's loss as a graph of scalar values: the same numbers as `nn`, by another road. */
import { activations, checkSample, losses, type Network } from "../nn";
import { add, divide, exp, log, multiply, power, relu, subtract, tanh, Value } from "./value";

/** Each activation of `nn` in operations of the graph, for one layer. */
const layerActivations: Record<string, (z: Value[]) => Value[]> = {
  identity: (z) => z,
  tanh: (z) => z.map((one) => tanh(one)),
  relu: (z) => z.map((one) => relu(one)),
  leakyRelu: (z) => z.map((one) => subtract(relu(one), multiply(0.01, relu(multiply(-1, one))))),
  elu: (z) => z.map((one) => add(relu(one), exp(multiply(-1, relu(multiply(-1, one)))), -1)),
  sigmoid: (z) => z.map(sigmoid),
  silu: (z) => z.map((one) => multiply(one, sigmoid(one))),
  softplus: (z) => z.map((one) => log(add(1, exp(one)))),
  softmax(z) {
    const powers = z.map((one) => exp(one));
    const sum = add(...powers);
    return powers.map((one) => divide(one, sum));
  },
};

const sigmoid = (z: Value): Value => divide(1, add(1, exp(multiply(-1, z))));

/** Each loss of `nn`, as the sum of one term for each output. */
const lossTerms: Record<string, (a: Value, y: number) => Value> = {
  halfSquaredError: (a, y) => multiply(0.5, power(subtract(a, y), 2)),
  binaryCrossEntropy: (a, y) =>
    subtract(multiply(-y, log(a)), multiply(1 - y, log(subtract(1, a)))),
  crossEntropy: (a, y) => multiply(-y, log(a)),
};

/** The parts of a network's graph that have a name there: laid out as in `nn`. */
export interface NetworkGraph {
  loss: Value;
  /** One value for each weight, in the order of the network's `weights`. */
  weights: Value[];
  /** Pre-activations and activations by layer and unit; layer 0 of `a` is the inputs. */
  z: Value[][];
  a: Value[][];
}

/**
 * Builds the graph of one sample's loss. After `backward(graph.loss)` the weights' slopes are the gradient, and
 * those of z the deltas.
 *
 * @throws RangeError for a sample that does not fit, for an activation or a loss that the graph has no operations for
 *   (one of the reader's own, say), and as operations do
 */
export function lossGraph(
  network: Network,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): NetworkGraph {
  checkSample(network, x, y);
  const weights = Array.from(network.weights, (w) => new Value(w));
  const z: Value[][] = [[]];
  const a: Value[][] = [Array.from(x, (one) => new Value(one))];
  let next = 0;
  for (let l = 1; l < network.sizes.length; l++) {
    const inputs = a[l - 1];
    z[l] = Array.from({ length: network.sizes[l] }, () => {
      const bias = weights[next++];
      return add(bias, ...inputs.map((input) => multiply(weights[next++], input)));
    });
    a[l] = termsOf(layerActivations, activations, network.activations[l], "activation")(z[l]);
  }
  const term = termsOf(lossTerms, losses, network.loss, "loss");
  const terms = a[a.length - 1].map((output, k) => term(output, y[k]));
  return { loss: terms.length === 1 ? terms[0] : add(...terms), weights, z, a };
}

/** The operations for a function of `nn`: for that one itself, as one of the reader's own may carry any name. */
function termsOf<T>(
  table: Record<string, T>,
  known: Record<string, object>,
  one: { readonly name: string },
  what: string,
): T {
  if (Object.hasOwn(table, one.name) && known[one.name] === one) return table[one.name];
  throw new RangeError(
    `The graph has no operations for the ${what} "${one.name}". It has those of the library's own ${Object.keys(table).join(", ")}.`,
  );
}
