/** What a number is made of: ±m · 2^k, its 64 bits seen as two words (IEEE 754, binary64). */

const number = new Float64Array([1]);
const words = new Int32Array(number.buffer);
const HIGH = words[1] === 0 ? 0 : 1; // 1 has all its bits that are not 0 in the high word

/** Sign, exponent and the first 20 digits of m. */
export function highWord(x: number): number {
  number[0] = x;
  return words[HIGH];
}

/** powers[1024 + k] = 2^k, from k = −1024 to 1023. By doubling and halving, which loses nothing. */
export const powers = new Float64Array(2048);
powers[1024] = 1;
for (let k = 1025; k < 2048; k++) powers[k] = 2 * powers[k - 1];
for (let k = 1023; k >= 0; k--) powers[k] = powers[k + 1] / 2;

/** Added and taken off again, it rounds a number below 2^51 to a whole one: so large, a number's last place is 1. */
export const WHOLE = 6755399441055744; // 1.5 · 2^52
