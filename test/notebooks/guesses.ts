/** What cards say to readers' answers: the right one, as worked out by hand, and likely mistakes by their names. */

/** What a reader types or chooses, and what the card says. */
export type Guesses = readonly (readonly [guess: string, says: RegExp])[];

const right = /^✓/;

/** By notebook and cell. */
export const guesses: Record<string, Record<string, Guesses>> = {
  "start-here": {
    "question-1": [
      ["7", right],
      ["4", /a link from X0/],
    ],
    "question-2": [
      ["6", right],
      ["2", /in which they stand/],
    ],
  },
  "activation-functions": {
    "question-1": [
      ["0.64", right],
      ["0.4", /square is missing/],
      ["0.24", /sigmoid's rule/],
      ["0.712", /the activation/],
    ],
    "question-2": [
      ["0", right],
      ["10", /the identity/],
    ],
    "question-3": [
      ["1 / 256", right],
      ["0.25", /one layer/],
    ],
    "question-4": [
      ["sigmoid", right],
      ["tanh", /negative/],
    ],
    "question-5": [
      ["12", right],
      ["10", /a bias/],
      ["6", /one output/],
    ],
  },
  "forward-pass": {
    "question-1": [
      ["6", right],
      ["5", /always 1/],
    ],
    "question-2": [
      ["101770", right],
      ["101632", /biases are missing/],
    ],
    "question-3": [
      ["0", right],
      ["1", /no longer counts/],
    ],
    "question-4": [
      ["-1.5", right],
      ["-0.5", /That is OR/],
    ],
  },
  "one-number-at-a-time": {
    slope: [
      ["6", right],
      ["3", /^✗/],
    ],
    "chain-z": [
      ["1.45", right],
      ["1.85", /^✗/],
    ],
    "chain-w": [
      ["0.427", right],
      ["0.924", /^✗/],
    ],
    "paths-prediction": [
      ["12", right],
      ["6", /^✗/],
    ],
    "break-assign": [
      ["6", right],
      ["12", /^✗/],
    ],
    "break-keep": [
      ["24", right],
      ["12", /^✗/],
    ],
    "question-1": [
      ["-15", right],
      ["10", /the other factor/],
      ["15", /sign/],
      ["-3", /multiplied by the slope/],
    ],
    "question-2": [
      ["12", right],
      ["4", /one path/],
      ["8", /f itself/],
    ],
    "question-3": [
      ["30", right],
      ["24", /computed anew/],
      ["12", /nothing was set to zero/],
    ],
    "question-4": [
      ["numbers: slopes of single steps at these values, multiplied and added", right],
      ["a formula for the derivative, which is then evaluated", /No formula/],
      ["an approximation, from two runs that lie close together", /nudging/],
    ],
  },
  deltas: {
    "question-1": [
      ["10", right],
      ["-10", /the text's sign/],
    ],
    "question-2": [
      ["10", right],
      ["0", /X1 is 1/],
    ],
    "question-3": [
      ["next to nothing", right],
      ["about 1000", /were not so close/],
      ["about 1", /tanh itself/],
    ],
    "question-4": [
      ["203540", right],
      ["101770", /nudged up and down/],
    ],
  },
  "weight-updates": {
    "question-1": [
      ["0", right],
      ["0.6", /What is h for \(1, 1\)/],
      ["2", /uphill/],
    ],
    "question-2": [
      ["-2", right],
      ["0", /not 1 here/],
    ],
    "question-3": [
      ["0", right],
      ["10", /before the step/],
    ],
    "question-4": [
      ["0.25", right],
      ["1 / 3", /smaller α/],
    ],
  },
  "which-loss": {
    "delta-squared": [
      ["0.0173", right],
      ["0.98", /^✗/],
    ],
    "delta-logistic": [
      ["0.982", right],
      ["0.0173", /^✗/],
    ],
    infinite: [
      ["up to 36", right],
      ["up to 40", /^✗/],
    ],
    "stuck-prediction": [
      ["469", right],
      ["50", /^✗/],
    ],
    "nudge-prediction": [
      ["1e-5", right],
      ["1e-16", /^✗/],
    ],
    "question-1": [
      ["-0.953", right],
      ["0.953", /sign/],
      ["0.0474", /That is a\./],
      ["-0.043", /half the squared error/],
    ],
    "question-2": [
      ["100", right],
      ["0", /target of 0/],
      ["1", /probability/],
      ["0.5", /squared error/],
    ],
    "question-3": [
      ["nothing, without the loss and the activation", right],
      ["it is nearly right", /as well/],
      ["it is certain and wrong", /nearly 1 or −1/],
    ],
    "question-4": [
      ["57", right],
      ["9.4", /the steps in all/],
      ["0.0177", /other way round/],
    ],
  },
  training: {
    "question-1": [
      ["400", right],
      ["100", /one step an epoch/],
    ],
    "question-2": [
      ["4", right],
      ["5", /not the only one/],
    ],
    "question-3": [
      ["yes", right],
      ["no", /Equal activations/],
    ],
    "question-4": [["100", /three hidden units/]],
  },
  "build-it-yourself": {
    read: [
      ["386", right],
      ["100", /^✗/],
    ],
    "by-hand": [
      ["hidden 1", right],
      ["hidden 0", /^✗/],
    ],
    "broken-prediction": [
      ["about 370", right],
      ["about 40, as by chance", /^✗/],
    ],
    "question-1": [
      ["2410", right],
      ["2368", /biases are missing/],
      ["20480", /add up/],
    ],
    "question-2": [
      ["880", right],
      ["870", /smaller/],
      ["13970", /for each sample/],
      ["10", /for each epoch/],
    ],
    "question-3": [
      ["4820", right],
      ["2410", /up and down/],
      ["2", /one weight/],
    ],
    "question-4": [
      ["where a delta goes from a layer to the one before", right],
      ["in the delta of the output", /wrong as well/],
      ["in the forward pass", /another network/],
      ["in the learning rate", /No gradient/],
    ],
  },
  "find-the-bug": {
    "answer-2": [
      ["slope at a", right],
      ["sign", /positive/],
    ],
    "answer-3": [
      ["shifted index", right],
      ["weight left out", /1 \/ V0j: compare/],
    ],
    "answer-4": [
      ["weight left out", right],
      ["sign", /none is −1/],
    ],
    "answer-5": [
      ["updated weights", right],
      ["shifted index", /one weight over another/],
    ],
    "answer-6": [
      ["sign", right],
      ["slope at a", /ratio of −1/],
    ],
    "question-1": [
      ["6", right],
      ["0", /always 1/],
    ],
    "question-2": [
      ["4", right],
      ["5", /two bugs/],
    ],
  },
  "checking-the-text": {
    "still-guess": [
      ["0.5", right],
      ["0", /^✗/],
    ],
    "question-1": [
      ["7.28", right],
      ["3.28", /moved/],
    ],
    "question-2": [
      ["wrong sign", right],
      ["wrong number", /without its sign/],
    ],
    "question-3": [
      ["6", right],
      ["7", /that move/],
    ],
  },
  "why-backpropagation": {
    "question-1": [
      ["2000", right],
      ["1000", /up, and down/],
      ["3", /backpropagation takes/],
    ],
    "question-2": [
      ["7/8", right],
      ["8", /one pass/],
      ["1", /every layer of a segment/],
      ["0.125", /not run again/],
      ["0.9", /segments of ten/],
    ],
  },
  history: {
    "weights-guess": [
      ["0", right],
      ["7", /^✗/],
    ],
    "weights-out": [
      ["below 0", right],
      ["above 0", /switch both units on/],
    ],
    "valley-rates-guess": [
      ["plain descent", right],
      ["momentum", /steeper valley/],
    ],
    "question-1": [
      ["5", right],
      ["0.8", /carried over/],
      ["1.8", /goes on/],
    ],
    "question-2": [
      ["-0.5", right],
      ["0", /bias/],
    ],
    "question-3": [
      ["3.5", right],
      ["4", /bias/],
      ["-4.5", /first weight/],
    ],
    "question-4": [
      ["no", right],
      ["yes", /Try 1 1 0/],
    ],
  },
  depth: {
    "predicted-table": [
      ["9", right],
      ["3", /^✗/],
    ],
    "signal-guess": [
      ["less than a thousandth", right],
      ["most of it", /differs less behind it/],
    ],
    "explode-guess": [
      ["much less", right],
      ["as much", /throughout/],
      ["they vanish", /not as fast/],
    ],
    "try-guess": [
      ["20", right],
      ["4", /at 0 only/],
      ["2", /three quarters/],
    ],
    "residual-guess": [
      ["they arrive, about as large", right],
      ["they explode, a thousandfold", /only a little/],
    ],
    "question-1": [
      ["1 / 1024", right],
      ["1 / 20", /factors/],
      ["1 / 512", /nine/],
    ],
    "question-2": [
      ["0.75", right],
      ["0.5", /as many above/],
    ],
    "question-3": [
      ["1", right],
      ["0.02", /variance/],
    ],
  },
  optimisers: {
    "search-guess": [
      ["rmsProp", right],
      ["gradientDescent", /^✗/],
    ],
    "compare-table": [
      ["gradientDescent", right],
      ["adam", /^✗/],
    ],
    "decay-table": [
      ["It lowers it, up to a point", right],
      ["It lowers it, the more the better", /no weights left/],
    ],
    "question-1": [
      ["0.01", right],
      ["0.00001", /gradient descent/],
    ],
    "question-2": [
      ["2000", right],
      ["1000", /momentum/],
    ],
    "question-3": [
      ["0.95", right],
      ["0.05", /what is left/],
    ],
  },
  digits: {
    "confusion-guess": [
      ["8", right],
      ["1", /^✗/],
    ],
    "write-guess": [
      ["3", right],
      ["10", /^✗/],
    ],
    "cures-guess": [
      ["more samples", right],
      ["early stopping", /learned by heart/],
    ],
    "question-1": [
      ["2.303", right],
      ["0.1", /probability/],
    ],
    "question-2": [
      ["-0.3", right],
      ["0.3", /sign/],
      ["0.7", /That is p/],
    ],
    "question-3": [
      ["no, it is too high", right],
      ["yes, as it is", /luckiest/],
    ],
  },
  jacobians: {
    "broken-guess": [
      ["for 2 × 3 alone", right],
      ["in both", /same shape/],
    ],
    "network-guess": [
      ["it falls again, elsewhere", right],
      ["it climbs without end", /parabola/],
    ],
    "question-size": [
      ["256", right],
      ["0.008", /the weights themselves/],
      ["8", /one sample/],
    ],
    "question-mode": [
      ["1000000", right],
      ["1", /reverse mode/],
    ],
    "question-1": [
      ["1", right],
      ["-3", /forward mode/],
    ],
    "question-2": [
      ["32", right],
      ["0.5", /every sample/],
    ],
    "question-3": [
      ["0.04", right],
      ["0.02", /twice that/],
    ],
  },
  "many-places": {
    "explore-says": [
      ["the slopes around the dot, turned by half a turn", right],
      ["the slopes around the dot, as they stand", /a corner/],
    ],
    "broken-guess": [
      ["-2", right],
      ["0", /^✗/],
    ],
    "work-guess": [
      ["16", right],
      ["1", /^✗/],
    ],
    "question-1": [
      ["64", right],
      ["1", /every place/],
      ["49", /border of zeros/],
    ],
    "question-2": [
      ["16", right],
      ["32", /one of four/],
    ],
    "question-3": [
      ["0.5", right],
      ["5", /the step is 0.1/],
    ],
  },
  "through-time": {
    "predict-hand": [["0.25", right]],
    "predict-gate": [
      ["less", right],
      ["a millionth", /twenty steps/],
    ],
    "predict-lstm": [["with 3 only", right]],
    "question-1": [
      ["4", right],
      ["2", /used again/],
      ["5", /h₃ itself/],
    ],
    "question-2": [
      ["3 / 5", right],
      ["1", /each number by itself/],
      ["3 / 7", /not the sum/],
    ],
    "question-3": [
      ["0.13", right],
      ["-1", /multiplied/],
    ],
    "question-4": [
      ["yes, but it is not taught to", right],
      ["no, the state is cleared", /the state goes on/],
    ],
  },
  "who-looks-at-whom": {
    "looks-share": [["96", right]],
    "parts-guess": [
      ["with both left out in turn it answers them all", right],
      ["without either", /many layers/],
    ],
    "predict-hand": [["0.59", right]],
    "predict-norm": [["0", right]],
    "question-1": [
      ["0", right],
      ["1", /constants/],
      ["0.5", /third term/],
    ],
    "question-2": [
      ["2", right],
      ["6", /knows nothing of the 3/],
    ],
    "question-3": [
      ["0.75", right],
      ["4", /softmax is still to come/],
      ["1", /answer o itself/],
    ],
    "question-4": [
      ["10", right],
      ["100", /variance/],
    ],
    "question-5": [
      ["the same", right],
      ["the opposite", /stands first/],
    ],
  },
  "fast-code": {
    "same-guess": [["2-3-1, tanh", /^✗/]],
    "step-guess": [
      ["1", right],
      ["0.99", /^✗/],
    ],
    "xor-half-guess": [
      ["more than twice as high", right],
      ["not a number", /65,504/],
    ],
    "scaling-guess": [
      ["2¹⁵", right],
      ["2²⁵", /infinite/],
    ],
    "question-1": [
      ["18 / 9", right],
      ["18", /divide/],
    ],
    "question-2": [
      ["2 * 16", right],
      ["16", /how many times/],
    ],
    "question-3": [
      ["nearly", right],
      ["to the last bit", /another order/],
    ],
    "question-4": [
      ["2 ** 12", right],
      ["2", /has one digit/],
      ["2048", /Nearly/],
      ["12", /the exponent/],
    ],
  },
  playground: {
    "question-1": [
      ["105", right],
      ["88", /between the units/],
    ],
    "question-2": [
      ["7 * 50", right],
      ["7000", /for each sample/],
    ],
    "question-3": [
      ["yes", right],
      ["no", /What does this data set need/],
    ],
  },
};
