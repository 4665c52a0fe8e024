/** The whole numbers from 0 to one less than `length`: what code for a shape is written along. */
export function count(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
