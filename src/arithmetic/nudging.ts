/** The slope of a function that only gives values: differences on both sides, and how far rounding and bends may throw them. */

/** What is known of a slope: it lies within `error` of `slope`. */
export interface NudgedSlope {
  readonly slope: number;
  readonly error: number;
  /** Whether the slopes from the left and from the right differ: there is a kink at z, or within the smallest nudge. */
  readonly kink: boolean;
}

/** A nudge is at least this share of z: what it does has to show in the digits that are left. */
const leastShare = 2 ** -48;
/** Nor is it so small that its products underflow. */
const leastNudge = 1e-150;
/** An extrapolation goes through so many nudges at most: with more, rounding grows and nothing is gained. */
const mostNudges = 9;

/**
 * What an activation does it does within about 1 of z, or, if it is made of straight lines, at any distance alike; of a
 * very large z, this share is as near as one can look.
 */
const [reach, reachShare] = [1, 2 ** -30];

/** A difference quotient, or what several were extrapolated to, and how much of it may be rounding. */
interface Quotient {
  /** The largest nudge that took part. */
  readonly nudge: number;
  readonly slope: number;
  readonly noise: number;
}

/**
 * The slope of f at z from nudges to both sides, small and large. Each side by itself gives the slope although another
 * derivative may jump at z; both together give it more sharply, where none does; and if they disagree there is a kink.
 *
 * @param nudge the smallest nudge, as a share of |z| where that is below 1; each further one is twice the one before
 * @param noiseAt how far f's value at a z may be off, over and above the rounding of its last digit
 * @throws as f does at the smallest nudge: further off, f need not exist
 */
export function nudgedSlope(
  f: (z: number) => number,
  z: number,
  nudge: number,
  noiseAt: (z: number) => number = () => 0,
): NudgedSlope {
  const size = Math.abs(z);
  const smallest =
    size === 0 ? nudge : Math.max(nudge * Math.min(1, size), size * leastShare, leastNudge);
  const largest = Math.max(1, size) / 2;
  const near = Math.max(reach, size * reachShare);
  const here = f(z);
  const noise = (value: number, at: number) =>
    Number.isFinite(value) ? 2 * Number.EPSILON * Math.abs(value) + noiseAt(at) : Infinity;
  const noiseHere = noise(here, z);
  const sides: [left: Quotient[], right: Quotient[], both: Quotient[]] = [[], [], []];
  for (let h = smallest; h <= largest; h *= 2) {
    const [below, above] = [z - h, z + h]; // not quite h away: a sum is rounded
    const [left, right] = [below, above].map((there) => valueOr(f, there, h === smallest));
    const [noiseLeft, noiseRight] = [noise(left, below), noise(right, above)];
    add(sides[0], left - here, below - z, noiseLeft + noiseHere);
    add(sides[1], right - here, above - z, noiseRight + noiseHere);
    add(sides[2], right - left, above - below, noiseLeft + noiseRight);
  }
  const [left, right, both] = sides.map((quotients, n) =>
    extrapolated(quotients, n < 2 ? 2 : 4, near),
  );
  if (Math.abs(left.slope - right.slope) <= left.error + right.error) {
    const sharpest = [left, right, both].reduce((a, b) => (b.error < a.error ? b : a));
    return { ...sharpest, kink: false };
  }
  const low = Math.min(left.slope - left.error, right.slope - right.error);
  const high = Math.max(left.slope + left.error, right.slope + right.error);
  return { slope: (low + high) / 2, error: (high - low) / 2, kink: true };
}

function add(quotients: Quotient[], change: number, step: number, rounding: number): void {
  const nudge = Math.abs(step);
  quotients.push({ nudge, slope: change / step, noise: rounding / nudge });
}

/**
 * Difference quotients for nudges h, 2h, 4h …, extrapolated to a nudge of 0 by Neville's scheme, in every way that
 * neighbours allow. Small nudges suffer from rounding, large ones from whatever f does further off; the best result is
 * the one that differs least from those it was made of, rounding included (Ridders, Advances in Engineering Software 4,
 * 1982; Press et al., Numerical Recipes, 3rd ed., section 5.7).
 *
 * @param factor what a term of the error grows by when the nudge doubles: 2 for nudges to one side, 4 for both
 * @param near how large a nudge may be for its result to count by itself
 */
function extrapolated(
  quotients: readonly Quotient[],
  factor: 2 | 4,
  near: number,
): { slope: number; error: number } {
  let best = { slope: 0, error: Infinity };
  let row: Quotient[] = []; // the results whose largest nudge is the one before
  for (const quotient of quotients) {
    const next = [quotient];
    for (let m = 1, weight = factor; m <= row.length && m < mostNudges; m++, weight *= factor) {
      const [small, large, share] = [row[m - 1], next[m - 1], 1 / (weight - 1)];
      const slope = small.slope + (small.slope - large.slope) * share;
      const noise = small.noise * (1 + share) + large.noise * share;
      const changes = Math.max(Math.abs(slope - small.slope), Math.abs(slope - large.slope));
      const error = 4 * changes + noise; // 4: the best of many is often so by luck
      next.push({ nudge: quotient.nudge, slope, noise });
      // What is sharp already is not overruled by what is further off, beyond a kink. And very far off all may be
      // flat or straight, whatever it is here: that has to fit, and to be a slope at all.
      const fits = Math.abs(slope - best.slope) <= best.error;
      const counts =
        quotient.nudge <= near ? !isSharp(best) || fits : fits && isSharp({ slope, error });
      if (error < best.error && counts) best = { slope, error };
    }
    row = next;
  }
  // What does not move at all may still move by less than rounding shows.
  return best.slope === 0 ? { slope: 0, error: Math.max(best.error, Number.EPSILON) } : best;
}

function isSharp({ slope, error }: { slope: number; error: number }): boolean {
  return error < 1e-4 * Math.abs(slope);
}

/** f(z); beyond the smallest nudge, NaN where f does not exist. */
function valueOr(f: (z: number) => number, z: number, smallest: boolean): number {
  try {
    return f(z);
  } catch (error) {
    if (smallest || !(error instanceof RangeError)) throw error;
    return Number.NaN;
  }
}

/** "cannot tell": the nudged slope is not sharp enough to tell a right slope from one that is a little off. */
export type SlopeVerdict = "agrees" | "differs" | "cannot tell";

/** What a nudged slope says of a claimed one. */
export interface SlopeJudgement {
  /** How far the nudged slope may be off: by rounding, by bends, by kinks. */
  readonly uncertainty: number;
  /** How far the two are apart, as a share of the larger, or of what makes the uncertainty the tolerance's share. */
  readonly error: number;
  /** Whether the nudged slope is known well enough to agree with anything. */
  readonly isSharp: boolean;
  readonly verdict: SlopeVerdict;
}

/** At a kink the slope of one side stands on the edge of what is possible: rounding is not to push it over. */
const edge = 1 + 1e-9;
/** Below, numbers have fewer digits than elsewhere, and then none. */
const leastKnown = 1e-290;
/** A slope that is known to fewer digits than this many times the tolerance is no judge. */
const roughest = 100;

/**
 * Compares a claimed slope with one found by nudging.
 *
 * @param parts the sum of the sizes of the terms that cancel in the slope: what its rounding is a share of
 */
export function judgeSlope(
  claimed: number,
  { slope, error: left, kink }: NudgedSlope,
  tolerance: number,
  parts: number,
): SlopeJudgement {
  const uncertainty = Math.max(left * edge, leastKnown);
  const size = Math.max(Math.abs(claimed), Math.abs(slope));
  const apart = Math.abs(claimed - slope);
  const error = apart === 0 ? 0 : apart / Math.max(size, uncertainty / tolerance);
  // Both are 0, or rounding of what cancels: as near as numbers come.
  const isZero = !kink && size <= uncertainty && size <= 8 * Number.EPSILON * parts;
  const isSharp = isZero || uncertainty <= roughest * tolerance * size;
  const verdict = error > tolerance ? "differs" : isSharp ? "agrees" : "cannot tell";
  return { uncertainty, error, isSharp, verdict };
}

/** What is known of a change of f(z), if z changes by `change`, of which `error` is not known. */
export function passedOn(
  { slope, error: open }: NudgedSlope,
  change: number,
  error: number,
): { change: number; error: number } {
  if (change === 0 && error === 0) return { change, error };
  const [carried, size] = [slope * change, Math.abs(change)];
  const rounding = 4 * Number.EPSILON * Math.abs(carried);
  return { change: carried, error: Math.abs(slope) * error + open * (size + error) + rounding };
}
