/** Schedules: what the learning rate is multiplied by as training goes on. Each is its formula. */
import { cos, pow } from "../arithmetic";

/**
 * @param share how much of the training is done, from 0 at the first epoch to below 1 at the last
 * @returns the factor for the learning rate, above 0
 */
export type Schedule = (share: number) => number;

/** 1 throughout. */
export const constant: Schedule = () => 1;

/** Half a cosine wave, from 1 down towards 0: (1 + cos πs) / 2 (Loshchilov & Hutter, 2017). */
export const cosine: Schedule = (share) => (1 + cos(Math.PI * share)) / 2;

/**
 * Stairs: after each part of the training the rate is multiplied by a factor once more.
 *
 * @param factor above 0, usually below 1. Default 0.1
 * @param parts a whole number, at least 1. Default 3
 * @throws RangeError for any other
 */
export function stairs(factor = 0.1, parts = 3): Schedule {
  if (!(factor > 0 && Number.isFinite(factor)))
    throw new RangeError(`Stairs multiply the rate by a positive factor, but it is ${factor}.`);
  if (!(Number.isInteger(parts) && parts >= 1))
    throw new RangeError(`Stairs need a whole number of parts, 1 or more, but got ${parts}.`);
  return (share) => pow(factor, Math.floor(parts * share));
}

/**
 * Grows in a straight line over the first part of the training, then does as another schedule says (Goyal and
 * others, 2017).
 *
 * @param part of the training, above 0 and below 1. Default 0.1
 * @throws RangeError for any other
 */
export function warmUp(part = 0.1, then: Schedule = constant): Schedule {
  if (!(part > 0 && part < 1))
    throw new RangeError(`The part of a warm-up has to be above 0 and below 1, but it is ${part}.`);
  // A tenth at the start: a rate of 0 would be no step at all.
  return (share) => (share < part ? 0.1 + (0.9 * share) / part : then((share - part) / (1 - part)));
}
