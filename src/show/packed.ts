/** Long lists of numbers in a figure as Plotly's typed arrays: shorter, and in a file of JSON not a line for each number. */
import type { PlotlyFigure, Trace } from "./plotly";

/** Shorter lists are easier to read as they are. */
const shortest = 12;

/** The figure with the long lists of numbers along its axes in base64, as Plotly takes them from 2.28 on. */
export function packed(figure: PlotlyFigure): PlotlyFigure {
  return { ...figure, data: figure.data.map(packedTrace) };
}

function packedTrace(trace: Trace): Trace {
  // The z of an image are rows of pixels, and a pixel is a list.
  if (trace.type === "image") return trace;
  const { ...packed } = trace;
  for (const key of ["x", "y", "z"]) {
    if (!Array.isArray(trace[key])) continue;
    const step = hasSteps(trace.type, key) ? stepOf(trace[key]) : undefined;
    if (step !== undefined) {
      delete packed[key];
      Object.assign(packed, { [`${key}0`]: trace[key][0], [`d${key}`]: step });
    } else packed[key] = packedList(trace[key]);
  }
  return packed;
}

/** Whether a kind of trace can be told where it starts along an axis, and by which step it goes on. */
function hasSteps(kind: string | undefined, key: string): boolean {
  if (kind === undefined || kind === "scatter" || kind === "scattergl") return key === "x";
  return (kind === "heatmap" || kind === "contour") && key !== "z";
}

/** The step between each number of a long list and the next, if it is one and the same. */
function stepOf(list: readonly unknown[]): number | undefined {
  if (list.length < shortest || !list.every((one) => typeof one === "number")) return undefined;
  const numbers = list as readonly number[];
  const step = (numbers[numbers.length - 1] - numbers[0]) / (numbers.length - 1);
  // The numbers of a figure are rounded to as many digits as it shows.
  const isEven = numbers.every(
    (one, n) => Math.abs(numbers[0] + n * step - one) <= 1e-3 * Math.abs(step),
  );
  return step !== 0 && isEven ? step : undefined;
}

/** A list, or a table of rows that are equally long. */
function packedList(list: unknown[]): unknown {
  const rows = list as unknown[][];
  const columns = Array.isArray(rows[0]) ? rows[0].length : 0;
  const isTable = columns > 0 && rows.every((row) => Array.isArray(row) && row.length === columns);
  const flat = isTable ? rows.flat() : list;
  if (flat.length < shortest || !flat.every((one) => one === null || typeof one === "number"))
    return list;
  // A gap is no number to Plotly; null has no place in a typed array.
  const numbers = flat.map((one) => (one === null ? Number.NaN : (one as number)));
  return { ...typed(numbers), ...(isTable ? { shape: `${rows.length}, ${columns}` } : {}) };
}

/** In four bytes each where that shows the same, else in eight. */
function typed(numbers: readonly number[]): { dtype: string; bdata: string } {
  const known = numbers.filter(Number.isFinite);
  const span =
    known.reduce((a, b) => Math.max(a, b), -Infinity) -
    known.reduce((a, b) => Math.min(a, b), Infinity);
  const isFine = known.every((value) => Math.abs(Math.fround(value) - value) <= 1e-5 * span);
  const list = isFine ? Float32Array.from(numbers) : Float64Array.from(numbers);
  const bytes = Array.from(new Uint8Array(list.buffer), (byte) => String.fromCharCode(byte));
  return { dtype: isFine ? "f4" : "f8", bdata: btoa(bytes.join("")) };
}
