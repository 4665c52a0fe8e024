import { cos } from "./angles";
import { log } from "./logarithms";

/** A source of random numbers, uniform in [0, 1). */
export type Random = () => number;

/**
 * Random numbers that are the same on every machine for the same seed: xoshiro128** (Blackman and
 * Vigna, "Scrambled linear pseudorandom number generators", 2021), its state filled from the seed
 * by the 32-bit finaliser of MurmurHash3.
 *
 * @param seed a whole number from 0 to 2³² − 1
 * @throws RangeError if the seed is anything else
 */
export function createRandom(seed: number): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(`A seed is a whole number from 0 to 4294967295, but this one is ${seed}.`);
  }
  const state = new Uint32Array(4);
  for (let i = 0; i < 4; i++) state[i] = mix(seed + (i + 1) * 0x9e3779b9);
  return () => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result / 2 ** 32;
  };
}

/** Shuffles in place, every order equally likely (Fisher and Yates). */
export function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

/** A standard normal number from two uniform ones (Box & Muller, 1958); 1 − u keeps the logarithm finite. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * log(1 - random())) * cos(2 * Math.PI * random());
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

function mix(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
