/** Long lists of numbers in a figure as Plotly's typed arrays: in a notebook's file every number of a list takes a line. */
import type { PlotlyFigure, Trace } from "./plotly";

/** Shorter lists are easier to read as they are. */
const shortest = 12;

/** The figure with the long lists of numbers along its axes in base64, as Plotly takes them from 2.28 on. */
export function packed({ data, layout }: PlotlyFigure): object {
  return { data: data.map(packedTrace), layout };
}

function packedTrace(trace: Trace): Trace {
  // The z of an image are rows of pixels, and a pixel is a list.
  if (trace.type === "image") return trace;
  const packed = ["x", "y", "z"].filter((key) => Array.isArray(trace[key]));
  return { ...trace, ...Object.fromEntries(packed.map((key) => [key, packedList(trace[key])])) };
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
