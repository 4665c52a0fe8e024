/**
 * Explorables: figures that react. Each is one value in a cell; its script runs the same `src` in the page.
 *
 * This is the list of all kinds. What one computes is a file of `explore/kinds` that exports its `kind` and the
 * function below; what stands in the page is the file beside it, `.page.tsx`, which is found by the kind's name.
 */
export type { Explorable } from "./explore/explorable";
export { type ActivationSettings, activation } from "./explore/kinds/activation";
export { type AttentionSettings, attention } from "./explore/kinds/attention";
export { type BackpropagationSettings, backpropagation } from "./explore/kinds/backpropagation";
export { type ConvolutionSettings, convolution } from "./explore/kinds/convolution";
export { type DigitsSettings, type DrawingSettings, digits } from "./explore/kinds/digits";
export { type PlaygroundSettings, playground } from "./explore/kinds/playground";
export { type SlopeSettings, slope } from "./explore/kinds/slope";
