/** What a reader may write where a notebook asks for more than a formula: right, and with the usual mistakes. */

/** The engine of one-number-at-a-time: the way back, by default the right one. */
export function wayBack({
  zero = "for (const one of list) one.slope = 0;",
  end = "end.slope = 1;",
  share = "source.slope += one.slope * one.steps[i]",
} = {}): string {
  return `const list: Num[] = [];
  function visit(one: Num) {
    if (list.includes(one)) return;
    one.from.forEach(visit);
    list.push(one);
  }
  visit(end);
  ${zero}
  ${end}
  for (const one of [...list].reverse()) {
    one.from.forEach((source, i) => (${share}));
  }
  return list;`;
}

export const product = "return num(a.value * b.value, [a, b], [b.value, a.value]);";
export const tanhOf = `const value = Math.tanh(a.value);
  return num(value, [a], [1 - value * value]);`;

/** Build-it-yourself's six functions: the bodies, by the ids of their cells. */
export const sixFunctions = {
  "forward-pass": `const a = [x];
  for (let l = 1; l < W.length; l++) {
    const f = l === W.length - 1 ? sigmoid : Math.tanh;
    a[l] = W[l].map((row) => f(a[l - 1].reduce((z, value, i) => z + row[1 + i] * value, row[0])));
  }
  return a;`,
  "backward-pass": `const gradient: Weights = W.map(() => []);
  let delta = a[W.length - 1].map((h, k) => h - y[k]);
  for (let l = W.length - 1; l > 0; l--) {
    const [layer, after] = [a[l - 1], delta];
    gradient[l] = after.map((d) => [d, ...layer.map((value) => d * value)]);
    if (l === 1) break;
    delta = layer.map(
      (value, j) => (1 - value * value) * W[l].reduce((sum, row, k) => sum + row[1 + j] * after[k], 0),
    );
  }
  return gradient;`,
  updated: `return W.map((layer, l) =>
    layer.map((row, j) => row.map((w, i) => w - learningRate * gradient[l][j][i])),
  );`,
  "batch-gradient": `const mean = W.map((layer) => layer.map((row) => row.map(() => 0)));
  for (let n = 0; n < inputs.length; n++) {
    const gradient = backwardPass(W, forwardPass(W, inputs[n]), targets[n]);
    for (let l = 1; l < W.length; l++) {
      for (let j = 0; j < W[l].length; j++) {
        for (let i = 0; i < W[l][j].length; i++) mean[l][j][i] += gradient[l][j][i] / inputs.length;
      }
    }
  }
  return mean;`,
  "nudged-gradient": `const epsilon = 1e-5;
  return W.map((layer) =>
    layer.map((row) =>
      row.map((w, i) => {
        row[i] = w + epsilon;
        const above = cost(W, inputs, targets);
        row[i] = w - epsilon;
        const below = cost(W, inputs, targets);
        row[i] = w;
        return (above - below) / (2 * epsilon);
      }),
    ),
  );`,
  trained: `for (let epoch = 0; epoch < epochs; epoch++) {
    const order = nextOrder();
    for (let first = 0; first < order.length; first += batchSize) {
      const batch = order.slice(first, first + batchSize);
      const gradient = batchGradient(W, batch.map((n) => inputs[n]), batch.map((n) => targets[n]));
      W = updated(W, gradient, learningRate);
    }
  }
  return W;`,
} as const;

type Six = keyof typeof sixFunctions;

/** One of the six with a mistake: a piece of it replaced by another. @throws RangeError if the piece is not there */
export function mistaken(name: Six, piece: string, by: string): string {
  const right = sixFunctions[name];
  if (!right.includes(piece)) throw new RangeError(`${name} has no ${piece} in it.`);
  return right.replace(piece, () => by);
}
