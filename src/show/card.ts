/** What a figure says in words where it cannot be drawn. */
import { escapeHtml } from "./display";
import { formatNumber } from "./numbers";
import type { PlotlyFigure } from "./plotly";
import { fitted, wrapped } from "./text-width";

/** Of a trace's entries, those that say how it looks and not what it shows. */
const looks = /^(?:colorscale|domain|range|customdata|text|hovertext|hovertemplate|ids|pattern)$/;

/** A sentence for each trace and for the axes: kinds, how many numbers of what range, titles. */
export function inWords({ data, layout }: PlotlyFigure): string[] {
  const traces = data.map((trace, n) => {
    const parts = listsOf(trace);
    const name = trace.name ?? (data.length > 1 ? `trace ${n + 1}` : "");
    return `${name ? `${name}: ` : ""}${trace.type ?? "scatter"}${parts.length > 0 ? ` of ${parts.join("; ")}` : ""}.`;
  });
  const titles = axesOf(layout);
  return [...traces, ...(titles.length > 0 ? [`Axes: ${titles.join("; ")}.`] : [])];
}

/** What each list of a trace holds: "z, 2 × 3 numbers from 1 to 4". */
function listsOf(values: object, before = "", depth = 0): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const name = `${before}${key}`;
    if (looks.test(key) || typeof value !== "object" || value === null) return [];
    if (!Array.isArray(value)) return depth < 2 ? listsOf(value, `${name}.`, depth + 1) : [];
    if (value.length === 0) return [];
    if (!value.some((one) => typeof one === "object" && one !== null && !Array.isArray(one)))
      return [`${name}, ${contents(value)}`];
    // A list of parts, as the dimensions of parallel coordinates are.
    return value.flatMap((one, i) =>
      listsOf(one, `${one.label ?? `${name} ${i + 1}`} `, depth + 1),
    );
  });
}

function contents(list: unknown[]): string {
  const rows = list.filter(Array.isArray);
  const size = rows.length > 0 ? `${list.length} × ${rows[0].length}` : `${list.length}`;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const words = new Set<string>();
  const visit = (one: unknown) => {
    if (Array.isArray(one)) one.forEach(visit);
    else if (typeof one === "number") {
      low = Math.min(low, one);
      high = Math.max(high, one);
    } else if (typeof one === "string" && words.size < 7) words.add(one);
  };
  visit(list);
  const said = Array.from(words);
  if (said.length > 0)
    return said.length > 6 ? `${size} entries, ${said.slice(0, 6).join(", ")} …` : said.join(", ");
  if (low > high) return `${size} entries, none of them a number`;
  const numbers = size === "1" ? "1 number" : `${size} numbers`;
  return low === high
    ? `${numbers}, ${formatNumber(low)}`
    : `${numbers} from ${formatNumber(low)} to ${formatNumber(high)}`;
}

/** The titles of axes, also those within a scene, a polar plot and the like. */
function axesOf(layout: object): string[] {
  return Object.entries(layout).flatMap(([key, value]) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    if (/^(?:scene|polar|ternary|smith)\d*$/.test(key)) return axesOf(value);
    if (!/axis\d*$/.test(key)) return [];
    const title = typeof value.title === "string" ? value.title : value.title?.text;
    const log = value.type === "log" ? " (logarithmic)" : "";
    return title ? [`${key.replace("axis", "")}, ${title}${log}`] : [];
  });
}

/** A picture of words: the title, what it is, and what it shows. What has no room is cut off by an ellipsis. */
export function drawCard(
  title: string,
  lines: readonly string[],
  width: number,
  height: number,
): string {
  const size = 13;
  const all = lines.flatMap((line) => ["", ...wrapped(line, size, width - 60)]).slice(1);
  const room = Math.max(1, Math.floor((height - (title ? 62 : 40)) / 18));
  const shown = all.length > room ? [...all.slice(0, room - 1), `${all[room - 1]} …`] : all;
  const first = title ? 62 : 36;
  const texts = shown.map((line, n) =>
    line ? `<text x="30" y="${first + 18 * n}">${escapeHtml(line)}</text>` : "",
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${size}" fill="#222">` +
    `<rect width="${width}" height="${height}" fill="#fff"/><rect x="12" y="${first - 24}" width="${width - 24}" height="${height - first + 12}" rx="8" fill="#f7f7f7" stroke="#999" stroke-dasharray="4 4"/>` +
    `<text x="13" y="26" font-size="15">${escapeHtml(fitted(title, 15, width - 40))}</text>${texts.join("")}</svg>`
  );
}
