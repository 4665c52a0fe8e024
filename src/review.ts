/** What the course asks again: questions of its notebooks, with numbers drawn anew. Each belongs to a card there by its name. */
import { checkWhole, createRandom, log, type Random } from "./arithmetic";
import { type QuestionOptions, type ReviewItem, review } from "./cards";
import { weightIndex } from "./names";
import { backward, createNetwork, forward, predict } from "./nn";
import type { Displayable } from "./show";

/** A question with numbers drawn from `random`. */
type Draw = (random: Random) => readonly [text: string, options: QuestionOptions];

/** A whole number from the first to the last. */
const whole = (random: Random, from: number, to: number) =>
  from + Math.floor((to - from + 1) * random());
const one = <T>(random: Random, list: readonly T[]): T => list[whole(random, 0, list.length - 1)];

/** By notebook and the name of the card there. */
const questions: Record<string, Record<string, Draw>> = {
  "activation-functions": {
    "tanh-slope"(random) {
      const a = one(random, [0.2, 0.3, 0.5, 0.7, 0.8, 0.9]);
      return [
        `A tanh unit has the activation $a = ${a}$. What is its slope $f'(z)$ there?`,
        {
          answer: 1 - a * a,
          digits: 2,
          mistakes: [
            [1 - a, "The square is missing."],
            [a * a, "That is a². What is it taken from?"],
            [a * (1 - a), "That is the sigmoid's rule."],
          ],
          way: `The slope of tanh is $1 - a^2 = 1 - ${a}^2$.`,
        },
      ];
    },
    "sigmoid-layers"(random) {
      const layers = whole(random, 2, 3);
      const rest = 0.25 ** layers;
      return [
        `A signal passes back through ${layers} sigmoid layers, and each multiplies it by the slope. At the very best, what is left of 1?`,
        {
          answer: rest,
          digits: 2,
          mistakes: [
            [1, "Each slope is at most ¼."],
            [layers * 0.25, "Factors are multiplied, not added."],
          ],
          way: `The sigmoid is steepest at 0, with the slope $\\frac14$: $(\\frac14)^{${layers}}$.`,
        },
      ];
    },
    "collapsed-weights"(random) {
      const [inputs, outputs] = [whole(random, 3, 9), whole(random, 2, 6)];
      return [
        `An identity network ${inputs}-40-40-${outputs} does what one layer can do. How many weights would that one need?`,
        {
          answer: outputs * (1 + inputs),
          mistakes: [[outputs * inputs, "And a bias for each output."]],
          way: `One matrix from ${inputs} inputs to ${outputs} outputs, biases included: $${outputs} \\cdot (1 + ${inputs})$.`,
        },
      ];
    },
  },
  "forward-pass": {
    "forward-ones"(random) {
      const hidden = whole(random, 2, 9);
      const network = createNetwork({ sizes: [2, hidden, 1], hidden: "identity", weights: 1 });
      const x = one(random, [
        [0, 1],
        [1, 0],
        [1, 1],
      ]);
      const each = 1 + x[0] + x[1];
      return [
        `With all weights 1 and identity activations, what does a 2-${hidden}-1 network answer to (${x.join(", ")})?`,
        {
          answer: predict(network, x)[0],
          mistakes: [
            [hidden * each, "The output has a bias of its own."],
            [hidden + 1, "That is the answer to (0, 0)."],
          ],
          way: `Each hidden unit gives $1 + ${x[0]} + ${x[1]} = ${each}$, and the output $1 + ${hidden} \\cdot ${each}$.`,
        },
      ];
    },
    "count-weights"(random) {
      const [a, b, c] = [whole(random, 2, 9), whole(random, 3, 9), whole(random, 1, 5)];
      return [
        `How many weights has a ${a}-${b}-${c} network, biases included?`,
        {
          answer: createNetwork({ sizes: [a, b, c] }).weights.length,
          mistakes: [
            [a * b + b * c, "The biases are missing: each layer's matrix is units × (1 + inputs)."],
            [(1 + a) * b + b * c, "The biases of the second layer are missing."],
          ],
          way: `$${b} \\cdot (1 + ${a}) + ${c} \\cdot (1 + ${b})$.`,
        },
      ];
    },
  },
  "one-number-at-a-time": {
    "graph-product"(random) {
      const [slope, a, b] = [whole(random, 2, 6), whole(random, 2, 5), one(random, [-4, -2, 3])];
      return [
        `In a graph, a value of slope ${slope} was computed as $a \\cdot b$ with $a = ${a}$, $b = ${b}$. What does it add to the slope of $a$?`,
        {
          answer: slope * b,
          mistakes: [
            [slope * a, "The factor of a's edge is the derivative with respect to a: b."],
            [
              b,
              "That is the factor of the edge: the slope that comes in is still to be multiplied by it.",
            ],
          ],
          way: `The derivative of $a \\cdot b$ with respect to $a$ is $b$: $${slope} \\cdot (${b})$.`,
        },
      ];
    },
  },
  deltas: {
    "delta-hidden"(random) {
      const [v, y] = [one(random, [-2, -0.5, 0.5, 3]), whole(random, 0, 3)];
      const h = y + one(random, [-4, -2, 2, 5]);
      return [
        `A hidden identity unit feeds only the output $D_0$, by a weight $V = ${v}$. The output is $h = ${h}$, the target ${y}, the loss $\\frac12 (h - y)^2$. What is the unit's delta?`,
        {
          answer: v * (h - y),
          mistakes: [
            [h - y, "That is the output's delta: it comes back through the weight."],
            [v * (y - h), "The sign: ∂L/∂z is positive if raising z raises the loss."],
            [v * h, "That leaves out the target."],
          ],
          way: `At the output $\\delta = h - y = ${h - y}$; back through the weight it is $${v} \\cdot (${h - y})$, and $f' = 1$.`,
        },
      ];
    },
    "slope-of-weight"(random) {
      const x = one(random, [
        [1, 0],
        [1, 1],
      ]);
      const name = one(random, ["W11", "W21", "W31", "V01", "V02"]);
      const network = createNetwork({ sizes: [2, 3, 1], hidden: "identity", weights: 1 });
      const pass = forward(network, x);
      const { gradient } = backward(network, pass, [0]);
      const h = pass.a[2][0];
      return [
        `The text's network (all weights 1, identity), sample (${x.join(", ")}), target 0: the output is $h = ${h}$. What is the slope of $${name[0]}_{${name.slice(1)}}$?`,
        {
          answer: gradient[weightIndex(network, name)],
          mistakes: [
            [0, "That is so for a weight whose input is 0."],
            [-gradient[weightIndex(network, name)], "Look at the sign once more."],
            [h, "That is the delta: what comes in along this weight?"],
          ],
          way: "A weight's slope is the delta of the unit that it leads to, times what comes in.",
        },
      ];
    },
    "nudging-cost"(random) {
      const [a, b, c] = [whole(random, 10, 30), whole(random, 5, 20), whole(random, 2, 9)];
      const weights = createNetwork({ sizes: [a, b, c] }).weights.length;
      return [
        `How many forward passes does the gradient of a ${a}-${b}-${c} network take by nudging, up and down?`,
        {
          answer: 2 * weights,
          mistakes: [
            [weights, "Each weight is nudged up, and down."],
            [1, "One is what backpropagation takes, and one pass back."],
          ],
          way: `Two for each of the $${b} \\cdot ${a + 1} + ${c} \\cdot ${b + 1}$ weights.`,
        },
      ];
    },
  },
  "weight-updates": {
    "new-weight"(random) {
      const [w, delta] = [one(random, [-1, 0.5, 1, 2]), one(random, [-4, -2, 3, 5])];
      const [a, rate] = [one(random, [0.5, 2, 3]), one(random, [0.1, 0.2, 0.01])];
      return [
        `A weight of ${w} leads from a unit with the activation ${a} to one with the delta ${delta}. What is it after a step with $\\alpha = ${rate}$?`,
        {
          answer: w - rate * a * delta,
          mistakes: [
            [w + rate * a * delta, "That is uphill."],
            [w - rate * delta, "The activation where the weight comes from is missing."],
            [w - a * delta, "The learning rate is missing."],
            [-rate * a * delta, "That is the change alone: take it to the old weight."],
          ],
          way: `$w - \\alpha\\,\\delta\\,a = ${w} - ${rate} \\cdot (${delta}) \\cdot ${a}$.`,
        },
      ];
    },
  },
  training: {
    "count-steps"(random) {
      const [samples, size] = one(random, [
        [60, 1],
        [60, 20],
        [100, 10],
        [48, 16],
      ]);
      const epochs = one(random, [10, 50, 200]);
      return [
        `How many updates of the weights do ${epochs} epochs over ${samples} samples make with batches of ${size}?`,
        {
          answer: (epochs * samples) / size,
          mistakes: [
            [epochs, "That is one step an epoch, as with all samples in a batch."],
            [samples / size, "That is one epoch."],
          ],
          way: `${samples / size} in an epoch: $${epochs} \\cdot \\frac{${samples}}{${size}}$.`,
        },
      ];
    },
  },
  "why-backpropagation": {
    "central-differences"(random) {
      const weights = whole(random, 2, 90) * 100;
      return [
        `A network has ${weights} weights. How many forward passes do its slopes take by central differences?`,
        {
          answer: 2 * weights,
          mistakes: [
            [weights, "Each weight is nudged up, and down."],
            [3, "That is what backpropagation takes, a backward pass counted as two."],
          ],
          way: "Two for each weight: one with it nudged up, one with it nudged down.",
        },
      ];
    },
  },
  history: {
    "momentum-sum"(random) {
      const mu = one(random, [0.5, 0.75, 0.9, 0.95]);
      return [
        `Steps of constant slope $g$ with $\\mu = ${mu}$: to how many times $\\alpha g$ do they grow?`,
        {
          answer: 1 / (1 - mu),
          digits: 2,
          mistakes: [
            [mu, "That is what is carried over each time."],
            [1 + mu, "That is after two steps; it goes on."],
            [1 / mu, "That is 1/μ; the sum is 1/(1 − μ)."],
          ],
          way: `$1 + ${mu} + ${mu}^2 + \\dots = \\frac{1}{1 - ${mu}}$.`,
        },
      ];
    },
  },
  depth: {
    "halved-deltas"(random) {
      const [factor, layers] = [one(random, [0.5, 0.1, 2]), whole(random, 3, 6)];
      return [
        `${layers} layers each multiply the length of the deltas by ${factor}. What becomes of 1?`,
        {
          answer: factor ** layers,
          digits: 2,
          mistakes: [[factor * layers, "Factors are multiplied, not added."]],
          way: `$${factor}^{${layers}}$.`,
        },
      ];
    },
  },
  optimisers: {
    "adam-memory"(random) {
      const [name, each] = one(random, [
        ["Adam", 2],
        ["momentum", 1],
        ["RMSProp", 1],
        ["gradient descent", 0],
      ] as const);
      const weights = whole(random, 2, 9) * 1000;
      return [
        `How many numbers does ${name} remember for a network of ${weights} weights (not counting the weights)?`,
        {
          answer: each * weights,
          mistakes: [
            [weights, "That is one number for each weight."],
            [2 * weights, "That is two numbers for each weight, as Adam has."],
            [3 * weights, "The weights themselves are not counted."],
          ],
          way: "Gradient descent remembers nothing, momentum a step, RMSProp a mean square, Adam a mean and a mean square: for each weight.",
        },
      ];
    },
    "decay-factor"(random) {
      const [rate, lambda] = [one(random, [0.1, 0.2, 0.05]), one(random, [0.1, 0.3, 0.4])];
      return [
        `With gradient descent, $\\alpha = ${rate}$, $\\lambda = ${lambda}$ and a slope of 0: by which factor does a weight shrink in a step?`,
        {
          answer: 1 - rate * lambda,
          mistakes: [
            [rate * lambda, "That is the share taken off; what is left?"],
            [1 - rate, "That leaves λ out."],
            [1 - lambda, "That leaves α out."],
          ],
          way: `$1 - \\alpha\\lambda = 1 - ${rate} \\cdot ${lambda}$.`,
        },
      ];
    },
  },
  digits: {
    "uniform-loss"(random) {
      const classes = one(random, [3, 4, 5, 20, 100]);
      return [
        `A network knows nothing and gives each of ${classes} classes the same probability. What is its cross-entropy?`,
        {
          answer: log(classes),
          mistakes: [
            [1 / classes, "That is the probability; the loss is −ln of it."],
            [log(10), "That is for ten classes."],
          ],
          way: `$-\\ln \\frac{1}{${classes}} = \\ln ${classes}$.`,
        },
      ];
    },
    "softmax-delta"(random) {
      const [p, isRight] = [one(random, [0.1, 0.2, 0.6, 0.9]), random() < 0.5];
      return [
        `A softmax network gives ${isRight ? "the right" : "a wrong"} class the probability ${p}. What is the delta of that output unit, with the cross-entropy as loss?`,
        {
          answer: isRight ? p - 1 : p,
          mistakes: [
            [isRight ? 1 - p : -p, "The sign: p − y."],
            [isRight ? p : p - 1, "Mind y: it is 1 for the right class and 0 for all others."],
          ],
          way: `$\\delta = p - y = ${p} - ${isRight ? 1 : 0}$.`,
        },
      ];
    },
  },
  playground: {
    "count-updates"(random) {
      const [size, batches, epochs] = [one(random, [5, 10, 25]), whole(random, 3, 9), 20];
      return [
        `You train on ${size * batches} samples in batches of ${size}, for ${epochs} epochs. How many updates of the weights is that?`,
        {
          answer: batches * epochs,
          mistakes: [
            [epochs, "That would be one update an epoch; each batch makes one."],
            [size * batches * epochs, "That is one update for each sample."],
            [batches, "That is one epoch."],
          ],
          way: `$${batches} \\cdot ${epochs}$.`,
        },
      ];
    },
  },
};

/** The course's questions with other numbers, in the order of its notebooks. */
export function reviewItems(seed: number, variants = 3): ReviewItem[] {
  checkWhole(variants, "The number of variants of a question");
  const random = createRandom(seed);
  return Object.entries(questions).flatMap(([notebook, cards]) =>
    Object.entries(cards).map(([name, draw]) => {
      // Numbers may come again by chance: the same question twice is none with other numbers.
      const drawn = new Map<string, ReturnType<Draw>>();
      for (let tries = 0; drawn.size < variants && tries < 50; tries++) {
        const made = draw(random);
        drawn.set(made[0], made);
      }
      return { notebook, name, variants: [...drawn.values()] };
    }),
  );
}

/**
 * A review of the whole course.
 *
 * @param seed of the numbers in the questions: another seed, other numbers
 */
export function reviewCourse({ seed = 1 }: { seed?: number } = {}): Displayable {
  return review(reviewItems(seed));
}
