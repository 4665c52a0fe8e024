/** Comparing and writing what a reader's function gives. */
import { isList } from "../arithmetic";
import { formatNumber } from "../show";

/**
 * Whether two results agree: finite numbers within `tolerance`, as a share of the larger one or of `floor`; lists
 * entry by entry; anything else, ∞ and NaN too, only if it is the same.
 */
export function same(a: unknown, b: unknown, tolerance: number, floor = 1): boolean {
  if (typeof a === "number" && typeof b === "number") {
    if (Object.is(a, b)) return true;
    // Of ∞ any share is ∞: every number would agree with it.
    if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
    return Math.abs(a - b) <= tolerance * Math.max(floor, Math.abs(a), Math.abs(b));
  }
  if (!isList(a) || !isList(b)) return a === b;
  if (a.length !== b.length) return false;
  return Array.from(a).every((value, i) => same(value, b[i], tolerance, floor));
}

/** A result in words: numbers as the notebooks print them, lists in brackets. */
export function written(value: unknown): string {
  if (value === undefined) return "nothing yet";
  if (typeof value === "number") return formatNumber(value);
  if (isList(value)) return `[${Array.from(value, written).join(", ")}]`;
  return String(value);
}
