/** The length of an SVG path and the points along it, which jsdom does not know: Plotly places contour labels by them. */

export interface Point {
  x: number;
  y: number;
}

/** Straight pieces that stand for a curve. */
const pieces = 16;

/** A path as corners joined by straight lines, with the length walked up to each. */
export interface Walk {
  readonly corners: readonly Point[];
  /** The length up to each corner; a jump to a new start adds nothing. */
  readonly lengths: readonly number[];
}

/**
 * @param d a path of absolute M, L, H, V, Q, C and Z, which are the commands that Plotly writes
 * @throws RangeError for other commands
 */
export function walkOf(d: string): Walk {
  const corners: Point[] = [];
  const lengths: number[] = [];
  let start: Point = { x: 0, y: 0 };
  let at = start;
  const go = (to: Point, draws = true) => {
    const before = lengths[lengths.length - 1] ?? 0;
    lengths.push(before + (draws ? Math.hypot(to.x - at.x, to.y - at.y) : 0));
    corners.push(to);
    at = to;
  };
  for (const [, command, rest] of d.matchAll(/([a-df-z])([^a-df-z]*)/gi)) {
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []).map(Number);
    const step = { M: 2, L: 2, H: 1, V: 1, Q: 4, C: 6, Z: 0 }[command];
    if (step === undefined)
      throw new RangeError(`The length of a path with ${command} is not known.`);
    if (step === 0) go(start);
    for (let n = 0; step > 0 && n < numbers.length; n += step) {
      const points = [at];
      if (command === "H") points.push({ x: numbers[n], y: at.y });
      else if (command === "V") points.push({ x: at.x, y: numbers[n] });
      else for (let i = n; i < n + step; i += 2) points.push({ x: numbers[i], y: numbers[i + 1] });
      if (command === "M" && n === 0) {
        go(points[1], false);
        start = at;
      } else if (points.length === 2) go(points[1]);
      else for (let k = 1; k <= pieces; k++) go(between(points, k / pieces));
    }
  }
  return { corners, lengths };
}

/** The point at a length along the path, as SVG's `getPointAtLength` has it: ends stand for what lies beyond them. */
export function pointAt({ corners, lengths }: Walk, length: number): Point {
  if (corners.length === 0) return { x: 0, y: 0 };
  const after = lengths.findIndex((one) => one >= length);
  if (after < 0) return corners[corners.length - 1];
  if (after === 0) return corners[0];
  const [from, to] = [corners[after - 1], corners[after]];
  return between([from, to], (length - lengths[after - 1]) / (lengths[after] - lengths[after - 1]));
}

/** A point of a Bézier curve, by de Casteljau's algorithm: between the points between its points. */
function between(points: readonly Point[], share: number): Point {
  if (points.length === 1) return points[0];
  const nearer = points.slice(1).map((to, i) => ({
    x: points[i].x + share * (to.x - points[i].x),
    y: points[i].y + share * (to.y - points[i].y),
  }));
  return between(nearer, share);
}
