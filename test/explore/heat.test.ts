import { describe, expect, it } from "vitest";
import { classColours, depthColours, gridValues, heatColours } from "../../src/explore/heat";

const size = 40;
const square = { from: -1, to: 1 };

/** Of how many pieces a line is that hangs together by the sides of its places. */
function pieces(isBlack: (n: number) => boolean): number {
  const left = new Set(Array.from({ length: size * size }, (_, n) => n).filter(isBlack));
  let count = 0;
  for (const first of left) {
    count++;
    const around = [first];
    for (let n = around.pop(); n !== undefined; n = around.pop()) {
      if (!left.delete(n)) continue;
      if (n % size > 0) around.push(n - 1);
      if (n % size < size - 1) around.push(n + 1);
      around.push(n - size, n + size);
    }
  }
  return count;
}

describe("the line between two sides", () => {
  const angles = Array.from({ length: 36 }, (_, n) => (n * 10 + 3) * (Math.PI / 180));
  it.each(angles)("is in one piece at the angle %f", (angle) => {
    const [u, v] = [Math.cos(angle), Math.sin(angle)];
    const values = gridValues(size, square, square, (x, y) => u * x + v * y - 0.1);
    const heat = heatColours(values, size, 0, 1);
    expect(pieces((n) => heat[4 * n] + heat[4 * n + 1] + heat[4 * n + 2] === 0)).toBe(1);
    const classes = classColours([values, values.map((value) => -value)], size);
    expect(pieces((n) => classes[4 * n] + classes[4 * n + 1] + classes[4 * n + 2] === 0)).toBe(1);
  });

  it("is in one piece around a bowl, for each of its heights", () => {
    const values = gridValues(size, square, square, (x, y) => (x * x + y * y < 0.3 ? 0 : 1));
    const colours = depthColours(values, size);
    const isDark = (n: number) => ![250, 60].includes(colours[4 * n]);
    expect(pieces(isDark)).toBe(1);
  });
});
