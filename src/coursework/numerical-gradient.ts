/**
 * The slopes of a function of a list of numbers, by central differences: to check a gradient with. An answer that calls
 * it earns nothing: it is among what no assignment allows (`allowed`, task.ts).
 *
 * @param f a function with one number as its result
 * @param at where: one number for each of f's
 */
export function numericalGradient(
  f: (values: number[]) => number,
  at: readonly number[],
  epsilon = 1e-5,
): number[] {
  return at.map((value, i) => {
    const [left, right] = [value - epsilon, value + epsilon].map((nudged) =>
      f(at.map((other, j) => (j === i ? nudged : other))),
    );
    return (right - left) / (2 * epsilon);
  });
}
