import { checkWhole, said } from "../arithmetic";

/**
 * A number as the notebooks print it: at most six significant digits, with a real minus sign. What is
 * nearer to 0 than 1e−12 is rounding error here, different on another processor: it is printed as ≈ 0.
 *
 * @param digits significant digits, from 1 on; more than 6 are not written
 * @throws TypeError for anything that is not a number
 * @throws RangeError for digits that are not a whole number from 1 on
 */
export function formatNumber(value: number, digits = 6): string {
  if (typeof value !== "number")
    throw new TypeError(`formatNumber writes a number, but got ${said(value)}.`);
  checkWhole(digits, "The number of significant digits");
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const rounded = Number(value.toPrecision(Math.min(digits, 6)));
  const size = Math.abs(rounded);
  if (size > 0 && size < 1e-12) return "≈ 0";
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e7)
      ? rounded.toExponential().replace("e+", "e")
      : String(rounded);
  return text.replace(/-/g, "−");
}
