/** Operations made of products of matrices: matmul and convolution; and pooling, which goes with the latter. */
import type { ConvolutionOptions } from "../arrays";
import { meetings, multiplied, multiply, put, take, windows } from "../arrays";
import { matrixProduct } from "../engines";
import { largest } from "./axes";
import { operationOf } from "./backward";
import { type Operand, operand, type Tensor } from "./tensor";

/**
 * The product of matrices, Y = A B: A is … × n × k, B … × k × m, Y … × n × m. Axes before the last two count the
 * matrices and stretch (broadcasting): a matrix that is used for many has the sum of their slopes.
 *
 *   ∂L/∂A = G Bᵀ,  ∂L/∂B = Aᵀ G  with G = ∂L/∂Y
 *
 * @throws RangeError for tensors of fewer than two axes, and for shapes that do not fit
 */
export function matmul(a: Operand, b: Operand): Tensor {
  const [A, B] = [operand(a, "matmul"), operand(b, "matmul")];
  const { shape, n, k, m, ofA, ofB, ofY } = multiplied(A.shape, B.shape);
  return operationOf(
    "matmul",
    shape,
    [A, B],
    (y) => multiply([n, k, m], [A.data, ofA], [B.data, ofB], [y, ofY], { add: false }),
    (g, dA) => multiply([n, m, k], [g, ofY], [B.data, ofB], [dA, ofA], { transposed: "Q" }),
    (g, dB) => multiply([k, n, m], [A.data, ofA], [g, ofY], [dB, ofB], { transposed: "P" }),
  );
}

/**
 * Convolution is a product of matrices for each sample (Chellapilla, Puri & Simard, 2006): x[X] is what each entry of a
 * kernel meets at each spot, K has the kernels as its rows, and G = ∂L/∂Y. An entry is used at every spot of every
 * sample: its slope is the sum over these.
 */
const convolution = (name: string, axes: 1 | 2) => {
  return (a: Operand, kernel: Operand, options: ConvolutionOptions = {}): Tensor => {
    const [x, K] = [operand(a, name), operand(kernel, name)];
    const meeting = meetings(name, axes, x.shape, K.shape, options);
    const { shape, samples, O, entries, spots, X, XT } = meeting;
    const [one, whole] = [x.data.length / samples, O * spots]; // numbers of a sample, and of its result
    return operationOf(
      name,
      shape,
      [x, K],
      (y) => {
        // Y = K x[X]
        const product = matrixProduct(O, entries, spots, { add: false });
        product.P.set(K.data);
        for (let s = 0; s < samples; s++) {
          take(product.Q, x.data, X, s * one);
          product.run();
          y.set(product.out, s * whole);
        }
      },
      (g, dx) => {
        // ∂L/∂x[X] = Kᵀ G
        const product = matrixProduct(entries, O, spots, { add: false, transposed: true });
        product.P.set(K.data);
        for (let s = 0; s < samples; s++) {
          product.Q.set(g.subarray(s * whole, (s + 1) * whole));
          product.run();
          put(dx, product.out, X, s * one);
        }
      },
      (g, dK) => {
        // ∂L/∂K = Σ G x[X]ᵀ
        const product = matrixProduct(O, spots, entries);
        product.out.set(dK);
        for (let s = 0; s < samples; s++) {
          product.P.set(g.subarray(s * whole, (s + 1) * whole));
          take(product.Q, x.data, XT, s * one);
          product.run();
        }
        dK.set(product.out);
      },
    );
  };
};

/**
 * Convolution over two axes, as deep learning calls it: the kernel is not flipped. At every place each of O kernels is
 * multiplied with what is under it, C channels of height × width, and summed. Takes samples × C × H × W and a kernel of
 * O × C × height × width; gives samples × O × places down × places across.
 *
 * @throws RangeError for shapes that do not fit, and a stride or padding that makes no sense
 */
export const conv2d = convolution("conv2d", 2);

/** Convolution along one axis: as `conv2d`, of samples × C × length with O × C × length of the kernel. @throws as `conv2d` */
export const conv1d = convolution("conv1d", 1);

const pooling = (name: string, axes: 1 | 2) => {
  return (a: Operand, size: number, stride = size): Tensor => {
    const x = operand(a, name);
    return largest(name, x, windows(name, axes, x.shape, size, stride));
  };
};

/**
 * The largest number of each window of size × size, over the last two axes. Among several that are equal, the first
 * gets the slope. Windows are a stride apart; by default their size, so that none overlap.
 *
 * @throws RangeError for fewer axes than two, and a size or stride that makes no sense
 */
export const maxPool2d = pooling("maxPool2d", 2);

/** The largest number of each window along the last axis. @throws as `maxPool2d` */
export const maxPool1d = pooling("maxPool1d", 1);
