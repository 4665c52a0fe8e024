/** Explorables: figures that react. Each is one value in a cell; its script runs the same `src` in the page. */
import { type ActivationSettings, activation as activationKind } from "./explore/activation";
import {
  type DigitsSettings,
  type DrawingSettings,
  digits as digitsKind,
  settingsOf,
} from "./explore/digits";
import { createExplorable, type Explorable } from "./explore/explorable";
import { type PlaygroundSettings, playground as playgroundKind } from "./explore/playground";
import { type SlopeSettings, slope as slopeKind } from "./explore/slope";
import { type WalkSettings, walking } from "./explore/walk";
import type { Network } from "./nn";

export type {
  ActivationSettings,
  DigitsSettings,
  DrawingSettings,
  Explorable,
  PlaygroundSettings,
  SlopeSettings,
  WalkSettings,
};

/**
 * A unit's activation and slope, with inputs, weights and bias to move.
 *
 * @throws RangeError for settings that make no sense
 */
export function activation(
  options: Partial<ActivationSettings> = {},
): Explorable<ActivationSettings> {
  return createExplorable(activationKind, options);
}

/**
 * Backpropagation through the text's network, one unit, one weight at a time.
 *
 * @throws RangeError for settings that make no sense
 */
export function backpropagation(options: Partial<WalkSettings> = {}): Explorable<WalkSettings> {
  return createExplorable(walking, options);
}

/**
 * The cost as one weight moves, or two, and the step of gradient descent on it.
 *
 * @throws RangeError for settings that make no sense
 */
export function slope(options: Partial<SlopeSettings> = {}): Explorable<SlopeSettings> {
  return createExplorable(slopeKind, options);
}

/**
 * A network that trains while you watch.
 *
 * @throws RangeError for settings that make no sense, or too large for a page
 */
export function playground(
  options: Partial<PlaygroundSettings> = {},
): Explorable<PlaygroundSettings> {
  return createExplorable(playgroundKind, options);
}

/**
 * A pad to draw a digit on, read by a network of 64 inputs (8 × 8 pixels) and ten softmax outputs.
 *
 * @throws RangeError for another network, or settings that make no sense
 */
export function digits(
  network: Network,
  options: Partial<DrawingSettings> = {},
): Explorable<DigitsSettings> {
  return createExplorable(digitsKind, { ...options, ...settingsOf(network) });
}
