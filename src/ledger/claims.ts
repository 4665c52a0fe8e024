/** What the text claims: in our own words, with its numbers, and where it stands. No sentence is the text's. */

/** Numbers, or true and false for a sentence that holds or does not. */
export type Finding = number | boolean | readonly number[];

/** A claim as a text makes it, before anything is found. */
export interface StatedClaim {
  /** The heading that it stands under. */
  where: string;
  /** The claim in our own words. */
  says: string;
  /** The text's numbers, or true for a sentence. Missing for what code cannot check. */
  claimed?: Finding;
  /** For what a source settles: what it says, and which it is. */
  finds?: string;
  source?: string;
  /** Why neither code nor a source settles it. */
  because?: string;
}

/**
 * The claims of «Backpropagation for Deep Learning» by Learnbay, by the heading they stand under. Where neither a
 * computation nor a source can decide, `because` says why.
 */
export const textClaims = {
  D1: {
    where: "Activation functions",
    says: "An activation function turns a unit's weighted sum into its output",
    claimed: true,
  },
  D2: {
    where: "Activation functions",
    says: "Numerous activation functions are nonlinear",
    claimed: true,
  },
  D3: {
    where: "Activation functions",
    says: "Activation functions are often differentiable",
    claimed: true,
  },
  D4: {
    where: "Activation functions",
    says: "The choice of the function has a great effect on what a network can do",
    claimed: true,
  },
  D5: {
    where: "Activation functions",
    says: "Backpropagation needs the derivative of the activation",
    claimed: true,
  },
  D6: {
    where: "Activation functions",
    says: "Different parts of a model may use different functions",
    claimed: true,
  },
  D7: {
    where: "Activation functions",
    says: "All units of a layer, and all hidden layers, usually share a function",
    because: "a habit of the field; no equation asks for it",
  },
  F1: {
    where: "What is the purpose of Backprop? The model's components",
    says: "XOR's outputs",
    claimed: [0, 1, 1, 0],
  },
  F2: { where: "Artificial Neural Network", says: "Links with a weight", claimed: 13 },
  F3: {
    where: "We are now forward-propagating",
    says: "Weighted sums of Z1, Z2, Z3",
    claimed: [1, 1, 1],
  },
  F4: {
    where: "We are now forward-propagating",
    says: "Activations of Z1, Z2, Z3",
    claimed: [1, 1, 1],
  },
  F5: {
    where: "We are now forward-propagating",
    says: "Weighted sum and activation of D0",
    claimed: [4, 4],
  },
  L1: {
    where: "We are now forward-propagating",
    says: "The model's result for (0, 0)",
    claimed: 1,
  },
  L2: {
    where: "We are now forward-propagating",
    says: "The result that the model should have given",
    claimed: 1,
  },
  F6: {
    where: "What is the purpose of Backprop? The model's components",
    says: "The output, with h(X) = σ(W·X)",
    claimed: 4,
  },
  F7: {
    where: "What is the purpose of Backprop? The model's components",
    says: "It is a deep network: hidden layers, at least",
    claimed: 2,
  },
  F8: {
    where: "We are now forward-propagating",
    says: "h is the weighted sum and the output, both",
    claimed: true,
  },
  F9: {
    where: "Calculating the deltas",
    says: "The slope that a delta needs is f′(z), in the text's letters f′ at the activation",
    claimed: true,
  },
  F10: { where: "We are now forward-propagating", says: "f′(a) in the backward pass", claimed: 1 },
  L4: {
    where: "What is the purpose of Backprop? The model's components",
    says: "The loss is the logistic cost",
    claimed: true,
  },
  L5: { where: "We are now forward-propagating", says: "Actual minus predicted", claimed: -4 },
  L3: {
    where: "We are now forward-propagating",
    says: "This −4 is a cost, which training brings to its least",
    claimed: true,
  },
  L7: {
    where: "Calculating the deltas: the weights are updated",
    says: "V01, V02, V03 after a step against the slope of that cost",
    claimed: [1.4, 1.4, 1.4],
  },
  L6: {
    where: "We are now forward-propagating",
    says: "The forecasts are poor because the weights are not calibrated yet",
    claimed: true,
  },
  E2: { where: "Calculating the deltas", says: "δ of D0", claimed: -4 },
  E3: { where: "Calculating the deltas", says: "δ of Z1, Z2, Z3", claimed: [-4, -4, -4] },
  E1: {
    where: "Calculating the deltas",
    says: "D0's loss is the sum of all the units' losses: the sum of those of Z0 to Z3",
    claimed: -4,
  },
  E5: {
    where: "Calculating the deltas",
    says: "D0's delta is the loss of the whole model",
    claimed: true,
  },
  E6: {
    where: "Calculating the deltas",
    says: "Deltas that the updates need, the bias unit Z0's among them",
    claimed: 5,
  },
  E7: { where: "Calculating the deltas", says: "f(z) at D0", claimed: 1 },
  E8: { where: "Calculating the deltas", says: "Inputs control nothing: ∂L/∂X1", claimed: 0 },
  E9: {
    where: "Calculating the deltas",
    says: "The deltas tell which unit is responsible for most of the loss",
    claimed: true,
  },
  E4: {
    where: "Calculating the deltas",
    says: "A unit's delta is weight × next delta × f′",
    claimed: true,
  },
  U1: {
    where: "Calculating the deltas: the weights are updated",
    says: "J′(W) = Z · delta, for V00 to V03",
    claimed: [-4, -4, -4, -4],
  },
  U2: {
    where: "Calculating the deltas: the weights are updated",
    says: "W10, W20, W30 and V00 to V03 after the step",
    claimed: [1.4, 1.4, 1.4, 1.4, 1.4, 1.4, 1.4],
  },
  U5: {
    where: "Calculating the deltas: the weights are updated",
    says: "W11, W21, W31, W12, W22, W32 after the step",
    claimed: [1.4, 1.4, 1.4, 1.4, 1.4, 1.4],
  },
  U6: {
    where: "Calculating the deltas: the weights are updated",
    says: "Z of X0, X1, X2",
    claimed: [1, 0, 0],
  },
  U4: {
    where: "Calculating the deltas: the weights are updated",
    says: "The step leads to a smaller loss",
    claimed: true,
  },
  U7: {
    where: "Calculating the deltas",
    says: "Units are penalised by lower weights",
    claimed: true,
  },
  U3: {
    where: "Calculating the deltas: the weights are updated",
    says: "Any order of the updates gives the same: δ of Z1",
    claimed: 4,
  },
  U8: {
    where: "Calculating the deltas: the weights are updated",
    says: "This is batch gradient descent: ∂/∂V00 of the batch",
    claimed: 4,
  },
  C1: {
    where: "Calculating the deltas: the weights are updated, the last two paragraphs",
    says: "With more samples the model becomes more accurate",
    claimed: true,
  },
  C2: {
    where: "Calculating the deltas: the weights are updated, the last two paragraphs",
    says: "Training on different samples gives nodes with different weights",
    claimed: true,
  },
  C3: {
    where: "Calculating the deltas: the weights are updated, the last two paragraphs",
    says: "The weights do not all stay the same",
    claimed: true,
  },
  P1: {
    where: "What is the purpose of Backprop?",
    says: "«This» cannot be done in a deep network, owing to gradient descent",
    because: "nothing before it says what «this» is",
  },
  P2: {
    where: "What is the purpose of Backprop?",
    says: "Not all can be updated at once",
    claimed: true,
  },
  P3: {
    where: "What is the purpose of Backprop?",
    says: "The weight update is what takes long",
    claimed: true,
  },
  P4: {
    where: "What is the purpose of Backprop?",
    says: "Nothing has to be remembered for each layer",
    claimed: true,
  },
  H1: {
    where: "Backpropagation",
    says: "The name means the backward propagation of errors",
    finds: "Rosenblatt speaks of back-propagating error correction, for another procedure",
    source: "Rosenblatt, Principles of Neurodynamics, 1962, chapter 13",
  },
  H2: {
    where: "History",
    says: "It was first developed in the 1970s",
    finds:
      "Reverse-mode differentiation is Linnainmaa's of 1970, Werbos wrote of it in 1974; control theory had the backward chain rule from 1960 on",
    source: "Schmidhuber, Neural Networks 61, 2015, section 5.5",
  },
  H3: {
    where: "History",
    says: "Its significance was seen with Rumelhart, Hinton and Williams in 1986",
    finds:
      "Their paper made it known; Werbos (1982), Parker and LeCun (1985) had it for networks before",
    source: "Schmidhuber, Neural Networks 61, 2015, section 5.5",
  },
  H4: {
    where: "History",
    says: "Deep networks rely on it today",
    finds: "So the field's own survey says",
    source: "LeCun, Bengio & Hinton, Nature 521, 2015",
  },
  H5: {
    where: "We are now forward-propagating",
    says: "Feeding the loss back to tune the weights is called backpropagation",
    finds: "Strictly it is the computing of the gradient alone; the tuning is gradient descent",
    source: "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.5",
  },
  H6: {
    where: "History",
    says: "No other technique is likely to replace it",
    because: "a forecast; notebook 10 has other ways, on one small task",
  },
  H7: {
    where: "History",
    says: "It may not lead to general intelligence, but is the best there is",
    because: "an opinion",
  },
} satisfies Record<string, StatedClaim>;
