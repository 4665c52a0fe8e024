/**
 * Nine backward passes with a mistake in each, for the notebook «Find the bug»: there their code opens when the mistake has been
 * found. Do not read on before you have found it.
 */
import type { ForwardPass, Network } from "./nn";

/** From a network, its forward pass, the targets and the learning rate to the slope of every weight, in their order. */
export type Backward = (
  net: Network,
  pass: ForwardPass,
  y: number[],
  learningRate: number,
) => number[];

const tanhSlope = (z: number) => 1 - Math.tanh(z) ** 2;

export const suspect1: Backward = (net, pass, y) => {
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const V = net.W[2];
  const deltaD = pass.a[2][0] - y[0];
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(z[j]) * V[j + 1] * deltaD);
  const dW = deltaZ.flatMap((delta) => [0, delta * x[0], delta * x[1]]);
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  return [...dW, ...dV];
};

export const suspect2: Backward = (net, pass, y) => {
  const [x, a] = [pass.a[0], pass.a[1]];
  const V = net.W[2];
  const deltaD = pass.a[2][0] - y[0];
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(a[j]) * V[j + 1] * deltaD);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  return [...dW, ...dV];
};

export const suspect3: Backward = (net, pass, y) => {
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const V = net.W[2];
  const deltaD = pass.a[2][0] - y[0];
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(z[j]) * V[j] * deltaD);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  return [...dW, ...dV];
};

export const suspect4: Backward = (_net, pass, y) => {
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const deltaD = pass.a[2][0] - y[0];
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(z[j]) * deltaD);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  return [...dW, ...dV];
};

export const suspect5: Backward = (net, pass, y, learningRate) => {
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const deltaD = pass.a[2][0] - y[0];
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  const V = dV.map((slope, k) => net.W[2][k] - learningRate * slope);
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(z[j]) * V[j + 1] * deltaD);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  return [...dW, ...dV];
};

export const suspect6: Backward = (net, pass, y) => {
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const V = net.W[2];
  const deltaD = pass.a[2][0] - y[0];
  const deltaZ = [0, 1, 2].map((j) => -tanhSlope(z[j]) * V[j + 1] * deltaD);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  return [...dW, ...dV];
};

export const suspect7: Backward = (net, pass, y) => {
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const V = net.W[2]; // V00 … V03, then V10 … V13
  const deltaD = [0, 1].map((k) => pass.a[2][k] - y[k]);
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(z[j]) * V[j + 1] * deltaD[0]);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  const dV = deltaD.flatMap((delta) => [delta, delta * a[0], delta * a[1], delta * a[2]]);
  return [...dW, ...dV];
};

const slopesOf = new Map<Network, number[]>(); // each network has its list of slopes
export const suspect8: Backward = (net, pass, y) => {
  const slopes = slopesOf.get(net) ?? new Array(net.weights.length).fill(0);
  slopesOf.set(net, slopes);
  const [x, z, a] = [pass.a[0], pass.z[1], pass.a[1]];
  const V = net.W[2];
  const deltaD = pass.a[2][0] - y[0];
  const deltaZ = [0, 1, 2].map((j) => tanhSlope(z[j]) * V[j + 1] * deltaD);
  const dW = deltaZ.flatMap((delta) => [delta, delta * x[0], delta * x[1]]);
  const dV = [deltaD, deltaD * a[0], deltaD * a[1], deltaD * a[2]];
  [...dW, ...dV].forEach((slope, w) => {
    slopes[w] += slope;
  });
  return [...slopes];
};

export const suspect9: Backward = (net, pass, y) => {
  const [W, V] = [net.W[2], net.W[3]]; // W: 3 × (1 + 3), row by row
  const delta3 = pass.a[3][0] - y[0];
  const delta2 = [0, 1, 2].map((k) => tanhSlope(pass.z[2][k]) * V[k + 1] * delta3);
  const back = [0, 1, 2].map((j) =>
    [0, 1, 2].reduce((sum, k) => sum + W[4 * j + 1 + k] * delta2[k], 0),
  );
  const delta1 = back.map((sum, j) => tanhSlope(pass.z[1][j]) * sum);
  const slopes = (deltas: number[], a: Float64Array) =>
    deltas.flatMap((delta) => [delta, ...Array.from(a, (value) => delta * value)]);
  return [delta1, delta2, [delta3]].flatMap((deltas, l) => slopes(deltas, pass.a[l]));
};
