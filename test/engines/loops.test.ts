/** Loops made from text: what a plain loop gives, over any paths, and where text may not become code. */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createRandom } from "../../src/arithmetic";
import { createLoop, type Path, type Walked } from "../../src/engines";

afterEach(() => vi.unstubAllGlobals());

/** Lines of an array of 100 numbers, some of which meet, go backwards or stay where they are. */
const paths = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 11 }))
  .chain(([lines, length]) => {
    const path = fc.record<Path>({
      starts: fc
        .array(fc.integer({ min: 11, max: 60 }), { minLength: lines, maxLength: lines })
        .map((starts) => Int32Array.from(starts)),
      length: fc.constant(length),
      step: fc.constantFrom(1, 1, 0, 3, -1),
    });
    return fc.tuple(path, path, path);
  });

const numbers = (seed: number) => {
  const random = createRandom(seed);
  return Float64Array.from({ length: 100 }, () => 2 * random() - 1);
};

/** Number by number: the place of each, in turn. */
const placesOf = ({ starts, length, step }: Path) =>
  Array.from(starts).flatMap((start) => Array.from({ length }, (_, n) => start + n * step));

describe.each([
  ["made from text", false],
  ["where a page's policy refuses code from text", true],
])("%s", (_name, refused) => {
  test.each(["=", "+="] as const)("to %s f(a, b)", (how) => {
    if (refused) {
      vi.stubGlobal(
        "Function",
        class {
          constructor() {
            throw new EvalError("Refused to evaluate a string as JavaScript");
          }
        },
      );
    }
    const minus = createLoop("minus", (a, b) => a - 3 * b, how);
    const negative = createLoop("negative", (a) => -a, how);
    const property = fc.property(paths, ([T, A, B]) => {
      const [a, b]: Walked[] = [
        [numbers(2), A],
        [numbers(3), B],
      ];
      const [found, wanted] = [numbers(1), numbers(1)];
      minus([found, T], a, b);
      negative([found, T], b);
      const [to, from, other] = [T, A, B].map(placesOf);
      const put = (t: number, value: number) => {
        wanted[t] = how === "=" ? value : wanted[t] + value;
      };
      to.forEach((t, n) => {
        put(t, a[0][from[n]] - 3 * b[0][other[n]]);
      });
      to.forEach((t, n) => {
        put(t, -b[0][other[n]]);
      });
      expect(found).toEqual(wanted);
    });
    fc.assert(property, { numRuns: 60, seed: 5 });
  });
});
