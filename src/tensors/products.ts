/** Operations made of products of matrices: matmul and convolution; and pooling, which goes with the latter. */
import { checkWhole } from "../arithmetic";
import { keepRecent, matrixProduct } from "../engines";
import { largest } from "./axes";
import { broadcastShape, type Places, places, stretched } from "./places";
import { checkGiven, type Operand, operand, operation, shown, sizeOf, type Tensor } from "./tensor";

/** Matrices of one shape, one after the other, and which of them take part, in turn. */
type Stack = readonly [numbers: Float64Array, which: Places];

/** Y += P Q, for matrices in turn; or, in place of a factor, its transpose; or without what is in Y. */
function multiply(
  [rows, inner, columns]: readonly [number, number, number],
  [P, ofP]: Stack,
  [Q, ofQ]: Stack,
  [Y, ofY]: Stack,
  { add = true, transposed }: { add?: boolean; transposed?: "P" | "Q" } = {},
): void {
  const product = matrixProduct(rows, inner, columns, {
    ...{ add, transposed: transposed === "P" },
    room: [P.length / rows / inner, Q.length / inner / columns, Y.length / rows / columns],
  });
  product.P.set(P);
  if (transposed === "Q") transpose(product.Q, Q, inner, columns);
  else product.Q.set(Q);
  if (add) product.out.set(Y);
  for (let s = 0; s < ofY.length; s++) product.run(ofP[s], ofQ[s], ofY[s]);
  Y.set(product.out);
}

/** Matrices of rows × columns, from others of columns × rows. */
function transpose(to: Float64Array, from: Float64Array, rows: number, columns: number): void {
  for (let start = 0, t = 0; start < to.length; start += rows * columns) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0, f = start + r; c < columns; c++, f += rows) to[t++] = from[f];
    }
  }
}

/** How many rows, terms and columns a product has, which matrices meet in it, and the result's shape. */
interface Plan {
  readonly shape: readonly number[];
  readonly sizes: readonly [n: number, k: number, m: number];
  readonly which: readonly [ofA: Places, ofB: Places, ofY: Places];
}

const recentPlans = keepRecent<Plan>(128);

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
  const plan = recentPlans(`${A.shape} ${B.shape}`, () => planOf(A.shape, B.shape));
  const [[n, k, m], [ofA, ofB, ofY]] = [plan.sizes, plan.which];
  return operation(
    "matmul",
    plan.shape,
    [A, B],
    (y) => multiply([n, k, m], [A.data, ofA], [B.data, ofB], [y, ofY], { add: false }),
    (g, dA, dB) => {
      if (dA) multiply([n, m, k], [g, ofY], [B.data, ofB], [dA, ofA], { transposed: "Q" });
      if (dB) multiply([k, n, m], [A.data, ofA], [g, ofY], [dB, ofB], { transposed: "P" });
    },
  );
}

function planOf(a: readonly number[], b: readonly number[]): Plan {
  const both = `the shapes ${shown(a)} and ${shown(b)}`;
  if (a.length < 2 || b.length < 2) {
    throw new RangeError(
      `matmul: ${both} need two axes each, rows and columns. Make a vector one row or one column by reshape.`,
    );
  }
  const [n, inner] = a.slice(-2);
  const [k, m] = b.slice(-2);
  if (inner !== k) {
    throw new RangeError(
      `matmul: ${both} do not fit. The columns of the first have to be as many as the rows of the second, but here are ${inner} and ${k}.`,
    );
  }
  const [stackA, stackB] = [a.slice(0, -2), b.slice(0, -2)];
  const stack = broadcastShape("matmul", stackA, stackB);
  const shape = [...stack, n, m];
  if (sizeOf(stackB) === 1 && sizeOf(stackA) === sizeOf(stack)) {
    // One B for all A is one product, of all their rows.
    const one = Int32Array.of(0);
    return { shape, sizes: [n * sizeOf(stack), k, m], which: [one, one, one] };
  }
  const [ofA, ofB, ofY] = [stackA, stackB, stack].map((one) =>
    places(stack, stretched(one, stack)),
  );
  return { shape, sizes: [n, k, m], which: [ofA, ofB, ofY] };
}

export interface ConvolutionOptions {
  /** How far the kernel moves from one place to the next. Default 1. */
  stride?: number;
  /** How many zeros are put around the input at each end. Default 0; 1 keeps the size with a kernel of 3. */
  padding?: number;
}

/**
 * Convolution over two axes, as deep learning calls it: the kernel is not flipped. At every place each of O kernels is
 * multiplied with what is under it, C channels of height × width, and summed.
 *
 * @param a samples × C × H × W
 * @param kernel O × C × height × width
 * @returns samples × O × places down × places across
 * @throws RangeError for shapes that do not fit, and a stride or padding that makes no sense
 */
export function conv2d(a: Operand, kernel: Operand, options: ConvolutionOptions = {}): Tensor {
  const [x, K] = [operand(a, "conv2d"), operand(kernel, "conv2d")];
  return convolution("conv2d", 2, x, K, options);
}

/**
 * Convolution along one axis: as `conv2d`, of samples × C × length with O × C × length of the kernel.
 *
 * @throws as `conv2d`
 */
export function conv1d(a: Operand, kernel: Operand, options: ConvolutionOptions = {}): Tensor {
  const [x, K] = [operand(a, "conv1d"), operand(kernel, "conv1d")];
  return convolution("conv1d", 1, x, K, options);
}

/** Height and width of what is one, or a line: of height 1. */
const sides = ({ shape }: Tensor) => (shape.length === 4 ? shape.slice(2) : [1, shape[2]]);

/**
 * For each entry of a kernel and each spot that it is put at, the number of the sample that it meets, or −1 for
 * padding: (channels · height · width) × (down · across). With this table, convolution is a product of matrices
 * (Chellapilla, Puri & Simard, 2006).
 */
const meetings = keepRecent<Places>(64);

function convolution(
  name: string,
  axes: 1 | 2,
  x: Tensor,
  K: Tensor,
  options: ConvolutionOptions,
): Tensor {
  checkGiven(
    typeof (options ?? 0) === "object",
    `${name} takes options, as { stride: 2 }`,
    options,
  );
  const { stride = 1, padding = 0 } = options;
  checkConvolution(name, axes, x, K, stride, padding);
  const [[samples, C], O] = [x.shape, K.shape[0]];
  const [[H, W], [height, width]] = [sides(x), sides(K)];
  const [padY, padX] = axes === 2 ? [padding, padding] : [0, padding];
  const [high, wide] = [H + 2 * padY, W + 2 * padX];
  const down = Math.floor((high - height) / stride) + 1;
  const across = Math.floor((wide - width) / stride) + 1;
  const [entries, spots] = [C * height * width, down * across];
  const X = meetings([C, H, W, height, width, stride, padY, padX].join(), () => {
    const steps = [high * wide, wide, 1, stride * wide, stride];
    return places([C, height, width, down, across], steps).map((place) => {
      const column = (place % wide) - padX;
      const line = (Math.floor(place / wide) % high) - padY;
      const inside = column >= 0 && column < W && line >= 0 && line < H;
      return inside ? (Math.floor(place / wide / high) * H + line) * W + column : -1;
    });
  });
  const [one, whole] = [C * H * W, O * spots]; // numbers of a sample, and of its result
  const shape = axes === 2 ? [samples, O, down, across] : [samples, O, across];
  return operation(
    name,
    shape,
    [x, K],
    (y) => {
      const product = matrixProduct(O, entries, spots, { add: false });
      product.P.set(K.data);
      for (let s = 0; s < samples; s++) {
        for (let i = 0; i < X.length; i++) product.Q[i] = X[i] < 0 ? 0 : x.data[s * one + X[i]];
        product.run();
        y.set(product.out, s * whole);
      }
    },
    (g, dx, dK) => {
      if (dK) {
        // Each entry of a kernel is used at every spot of every sample: its slope is the sum over these.
        const product = matrixProduct(O, spots, entries);
        product.out.set(dK);
        for (let s = 0; s < samples; s++) {
          product.P.set(g.subarray(s * whole, (s + 1) * whole));
          for (let e = 0, i = 0; e < entries; e++) {
            for (let q = e; q < product.Q.length; q += entries, i++) {
              product.Q[q] = X[i] < 0 ? 0 : x.data[s * one + X[i]];
            }
          }
          product.run();
        }
        dK.set(product.out);
      }
      if (dx) {
        const product = matrixProduct(entries, O, spots, { add: false, transposed: true });
        product.P.set(K.data);
        for (let s = 0; s < samples; s++) {
          product.Q.set(g.subarray(s * whole, (s + 1) * whole));
          product.run();
          for (let i = 0; i < X.length; i++) if (X[i] >= 0) dx[s * one + X[i]] += product.out[i];
        }
      }
    },
  );
}

function checkConvolution(
  name: string,
  axes: 1 | 2,
  x: Tensor,
  K: Tensor,
  stride: number,
  padding: number,
): void {
  checkWhole(stride, `The stride of ${name}`);
  checkWhole(padding, `The padding of ${name}`, 0);
  const both = `${name}: the shapes ${shown(x.shape)} and ${shown(K.shape)}`;
  const sides = axes === 2 ? "height × width" : "length";
  if (x.shape.length !== 2 + axes || K.shape.length !== 2 + axes) {
    throw new RangeError(
      `${both} have to be samples × channels × ${sides} and kernels × channels × ${sides}, ${2 + axes} axes each.`,
    );
  }
  if (x.shape[1] !== K.shape[1]) {
    throw new RangeError(
      `${both} do not fit: the input has ${x.shape[1]} channels, the kernels ${K.shape[1]}.`,
    );
  }
  for (let axis = 2; axis < 2 + axes; axis++) {
    if (K.shape[axis] <= x.shape[axis] + 2 * padding) continue;
    throw new RangeError(
      `${both} do not fit: the kernel is longer than the input along axis ${axis}, even with a padding of ${padding}.`,
    );
  }
}

/**
 * The largest number of each window of size × size, over the last two axes. Among several that are equal, the first
 * gets the slope.
 *
 * @param stride how far windows are apart. Default: their size, so that none overlap
 * @throws RangeError for fewer axes than two, and a size or stride that makes no sense
 */
export function maxPool2d(a: Operand, size: number, stride = size): Tensor {
  return pooling("maxPool2d", operand(a, "maxPool2d"), 2, size, stride);
}

/** The largest number of each window along the last axis. @throws as `maxPool2d` */
export function maxPool1d(a: Operand, size: number, stride = size): Tensor {
  return pooling("maxPool1d", operand(a, "maxPool1d"), 1, size, stride);
}

function pooling(name: string, x: Tensor, over: number, size: number, stride: number): Tensor {
  checkWhole(size, `The size of ${name}`);
  checkWhole(stride, `The stride of ${name}`);
  const lengths = x.shape.slice(-over);
  if (x.shape.length < over || lengths.some((length) => length < size)) {
    throw new RangeError(
      `${name}: a window of ${new Array(over).fill(size).join(" × ")} does not fit into the last ${over === 1 ? "axis" : "two axes"} of the shape ${shown(x.shape)}.`,
    );
  }
  const stack = x.shape.slice(0, -over);
  const shape = [...stack, ...lengths.map((length) => Math.floor((length - size) / stride) + 1)];
  const steps = over === 1 ? [1] : [lengths[1], 1];
  const windows = places(
    [sizeOf(stack), ...shape.slice(-over), ...new Array<number>(over).fill(size)],
    [sizeOf(lengths), ...steps.map((step) => step * stride), ...steps],
  );
  return largest(name, x, shape, windows);
}
