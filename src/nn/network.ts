/**
 * A feed-forward network is a list of layer sizes, an activation for each layer, a loss, and weights.
 *
 * Layers are counted as in the equations: layer 0 is the inputs, layers 1 … L have weights. So
 * `W[l]`, `z[l]`, `a[l]` and `delta[l]` belong to layer l, and `W[0]` is empty.
 */
import { createRandom, find, type Numbers, normal } from "../arithmetic";
import {
  type Activation,
  type ActivationName,
  activations as activationsByName,
  identity,
} from "./activations";
import { checkNetwork } from "./checks";
import { type Loss, type LossName, losses } from "./losses";

export interface Network {
  /** Units in each layer, inputs first: [2, 3, 1]. L = sizes.length − 1. */
  readonly sizes: readonly number[];
  /** The activation of each layer; layer 0, the inputs, passes its values on (identity). */
  readonly activations: readonly Activation[];
  readonly loss: Loss;
  /** All weights, layer after layer, in one array: what an update or a nudge runs over. */
  readonly weights: Float64Array;
  /**
   * W[l], the weights into layer l: units × (1 + inputs), row by row, column 0 the bias.
   * The weight from unit i to unit j (both from 0) is W[l][j * (1 + inputs) + 1 + i].
   * A view of `weights`: a change in one is a change in the other.
   */
  readonly W: readonly Float64Array[];
}

/**
 * How the weights start, where n is the layer's inputs and m its units:
 * "uniform": all, biases too, uniform in ±1/√n; "xavier": uniform in ±√(6/(n + m)), biases 0
 * (Glorot & Bengio, 2010); "he": normal with variance 2/n, biases 0 (He et al., 2015).
 */
export type Initialisation = "uniform" | "xavier" | "he";

export interface NetworkOptions {
  /** Units in each layer, inputs first: [2, 3, 1] is the text's network. */
  sizes: readonly number[];
  /** The activation of every hidden layer, or a list with one for each. Default "tanh". */
  hidden?: ActivationName | Activation | readonly (ActivationName | Activation)[];
  /** The activation of the output layer. Default "identity". */
  output?: ActivationName | Activation;
  /** Default "halfSquaredError". */
  loss?: LossName | Loss;
  /** One number for all weights, every weight in the order of `weights`, or a way of drawing them. Default "xavier". */
  weights?: number | ArrayLike<number> | Initialisation;
  /** Seed of the drawing, a whole number. Default 1. */
  seed?: number;
}

/**
 * Builds a network.
 *
 * @throws RangeError for sizes, weights or a seed that make no sense, an unknown name, or softmax in a hidden layer
 */
export function createNetwork(options: NetworkOptions): Network {
  if (!options) throw new TypeError("createNetwork takes options, such as { sizes: [2, 3, 1] }.");
  const { hidden = "tanh", output = "identity", loss = "halfSquaredError" } = options;
  const sizes = Array.from(options.sizes ?? []);
  if (sizes.length < 2 || !sizes.every((size) => Number.isInteger(size) && size >= 1)) {
    throw new RangeError(
      `sizes lists the units of each layer, inputs first, such as [2, 3, 1], but got [${sizes.join(", ")}].`,
    );
  }
  const hiddenLayers = sizes.length - 2;
  const hiddenList = Array.isArray(hidden) ? hidden : new Array(hiddenLayers).fill(hidden);
  if (hiddenList.length !== hiddenLayers) {
    throw new RangeError(
      `sizes has ${hiddenLayers} hidden layers, but hidden lists ${hiddenList.length} activations.`,
    );
  }
  const activations = [identity, ...hiddenList, output].map((choice) =>
    find<Activation>(choice, activationsByName, "activation"),
  );
  if (activations.slice(0, -1).some((activation) => activation.name === "softmax")) {
    throw new RangeError(
      'Softmax turns a whole layer into probabilities, so it belongs in the output layer: output: "softmax".',
    );
  }

  const weights = new Float64Array(sizes.reduce((sum, _, l) => sum + weightCount(sizes, l), 0));
  const W = layerViews({ sizes }, weights);
  const network = { sizes, activations, loss: find<Loss>(loss, losses, "loss"), weights, W };
  initialise(network, options.weights ?? "xavier", options.seed ?? 1);
  return network;
}

/** A network of the same shape, activations and loss, with its own copy of the weights. */
export function copyNetwork(network: Network): Network {
  checkNetwork(network);
  const { sizes, activations, loss, weights } = network;
  return createNetwork({
    sizes,
    hidden: activations.slice(1, -1),
    output: activations[activations.length - 1],
    loss,
    weights,
  });
}

/** Made once: an array takes as long to make for no numbers as for many, and half of a small network's pass would be that. */
const none = new Float64Array(0);

/** For each layer, an array with one number for each unit. Layer 0 has `inputs` numbers. */
export function unitArrays(network: Network, inputs = network.sizes[0]): Float64Array[] {
  const room = (size: number) => (size === 0 ? none : new Float64Array(size));
  return network.sizes.map((size, l) => room(l === 0 ? inputs : size));
}

/** Views of an array laid out as `weights`, one for each layer, shaped as `W`. */
export function layerViews<Flat extends Numbers>(
  { sizes }: Pick<Network, "sizes">,
  flat: Flat,
): Flat[] {
  let end = 0;
  return sizes.map((_, l) => {
    const start = end;
    end += weightCount(sizes, l);
    return flat.subarray(start, end) as Flat;
  });
}

function weightCount(sizes: readonly number[], l: number): number {
  return l === 0 ? 0 : sizes[l] * (1 + sizes[l - 1]);
}

function initialise(
  network: Network,
  weights: number | ArrayLike<number> | Initialisation,
  seed: number,
): void {
  const { sizes, W } = network;
  if (typeof weights === "number") {
    network.weights.fill(weights);
  } else if (typeof weights !== "string") {
    if (weights.length !== network.weights.length) {
      throw new RangeError(
        `A ${sizes.join("-")} network has ${network.weights.length} weights, but ${weights.length} were given.`,
      );
    }
    network.weights.set(weights);
  } else {
    const random = createRandom(seed);
    for (let l = 1; l < sizes.length; l++) {
      const draw = drawer(weights, sizes[l - 1], sizes[l], random);
      for (let k = 0; k < W[l].length; k++) {
        const isBias = k % (1 + sizes[l - 1]) === 0;
        W[l][k] = isBias && weights !== "uniform" ? 0 : draw();
      }
    }
  }
  const bad = network.weights.findIndex((w) => !Number.isFinite(w));
  if (bad >= 0) {
    throw new RangeError(
      `Weight ${bad} is ${network.weights[bad]}; every weight has to be finite.`,
    );
  }
}

function drawer(how: Initialisation, inputs: number, units: number, random: () => number) {
  const uniform = (limit: number) => () => (2 * random() - 1) * limit;
  if (how === "uniform") return uniform(1 / Math.sqrt(inputs));
  if (how === "xavier") return uniform(Math.sqrt(6 / (inputs + units)));
  if (how === "he") return () => Math.sqrt(2 / inputs) * normal(random);
  throw new RangeError(`Weights start "uniform", "xavier" or "he", but got "${how}".`);
}
