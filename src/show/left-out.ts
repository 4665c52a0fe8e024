/** What has no place on a logarithmic axis: counted, so that the figure can say it. */
import type { Layout, Trace } from "./plotly";

const nowhere = "a logarithmic axis has no place for 0 or less";

/** "1 value is", "3 values are" */
export function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** How many of what are left out, in a sentence. */
export function leftOutNote(out: number, all: number, one: string, many: string): string {
  return `${out.toLocaleString("en")} of ${count(all, one, many)} ${out === 1 ? "is" : "are"} left out: ${nowhere}.`;
}

/** How many are left out because they are NaN or infinite, in a sentence. */
export function gapsNote(gaps: number, one: string, many: string): string {
  return `${count(gaps, `${one} is left out: it is not a finite number`, `${many} are left out: they are not finite numbers`)}.`;
}

/** Why an axis that was to be logarithmic is linear, in a sentence. */
export function linearNote(what: string): string {
  return `${what}, so the axis is not logarithmic: it has no place for 0 or less.`;
}

/** A layout in which no logarithmic axis is left without anything to show: such an axis becomes linear. */
export function onShownAxes(
  data: readonly Trace[],
  layout: Layout,
): { layout: Layout; notes: string[] } {
  const shown = { ...layout };
  const notes: string[] = [];
  for (const { path, letter, has } of logAxes(layout)) {
    const values = data.filter(has).flatMap((trace) => coordinates(trace, letter).flat());
    if (values.length === 0 || values.some((value) => value > 0)) continue;
    const [first, second] = path;
    const {
      type: _,
      range: __,
      dtick: ___,
      ...axis
    } = second ? shown[first][second] : shown[first];
    shown[first] = second ? { ...shown[first], [second]: axis } : axis;
    notes.push(linearNote(`Nothing on the ${path.join(" ").replace("axis", " axis")} is above 0`));
  }
  return { layout: shown, notes };
}

/** How many points of the traces are left out, and of which traces nothing is left. */
export function leftOut(data: readonly Trace[], layout: Layout): string[] {
  const axes = logAxes(layout);
  let [out, all] = [0, 0];
  const lost: string[] = [];
  for (const trace of data) {
    const lists = axes
      .filter(({ has }) => has(trace))
      .flatMap(({ letter }) => coordinates(trace, letter));
    const length = Math.max(0, ...lists.map((list) => list.length));
    let own = 0;
    for (let i = 0; i < length; i++) if (lists.some((list) => list[i] <= 0)) own++;
    if (own > 0 && own === length && trace.name) lost.push(`"${trace.name}"`);
    out += own;
    all += length;
  }
  if (out === 0) return [];
  const note = leftOutNote(out, all, "point", "points");
  return lost.length > 0 && data.length > 1
    ? [note, `Nothing is left of ${lost.join(", ")}.`]
    : [note];
}

interface Axis {
  /** Where it stands in the layout: xaxis2, or scene and zaxis. */
  path: string[];
  letter: string;
  has(trace: Trace): boolean;
}

function logAxes(layout: Layout): Axis[] {
  return Object.entries(layout).flatMap(([key, value]): Axis[] => {
    const [, letter, number = ""] = /^([xy])axis(\d*)$/.exec(key) ?? [];
    if (letter) {
      const has = (trace: Trace) =>
        !trace.scene && (trace[`${letter}axis`] ?? letter) === letter + number;
      return value?.type === "log" ? [{ path: [key], letter, has }] : [];
    }
    const [, place] = /^(scene|polar)\d*$/.exec(key) ?? [];
    if (!place) return [];
    const names = place === "scene" ? ["xaxis", "yaxis", "zaxis"] : ["radialaxis"];
    return names
      .filter((name) => value?.[name]?.type === "log")
      .map((name) => ({
        path: [key, name],
        letter: name[0],
        has: (trace) => (trace[place === "scene" ? "scene" : "subplot"] ?? place) === key,
      }));
  });
}

/** What a trace puts on an axis, as numbers; what is none, a name or a gap, is NaN. */
function coordinates(trace: Trace, letter: string): number[][] {
  const isValues = letter === (trace.orientation === "h" ? "x" : "y");
  const keys = isValues ? [letter, "open", "high", "low", "close", "q1", "median", "q3"] : [letter];
  const lists = keys.map((key) => trace[key]).filter(Array.isArray);
  if (lists.length > 0)
    return lists.map((list) => list.flat().map((one) => (one === null ? Number.NaN : Number(one))));
  // Plotly counts the points of a line or of bars from 0 on, unless told otherwise.
  const other = trace[letter === "x" ? "y" : "x"];
  if (!/^(?:scatter(?:gl)?|bar)$/.test(trace.type ?? "scatter") || !Array.isArray(other)) return [];
  const { [`${letter}0`]: start = 0, [`d${letter}`]: step = 1 } = trace;
  return [other.map((_, i) => start + i * step)];
}
