/** Figures that have no still picture, as far as that is known before drawing. */
import { kinds, type PlotlyFigure, type Trace } from "./plotly";

/** A picture, or the reason why there is none, as it follows "because". */
export type Still = { svg: string } | { reason: string };

/** Most marks, each an element of its own: more take long, and make a file of megabytes. */
const mostMarks = 20_000;

/** Why a figure has no still picture, as it follows "because". */
export function obstacleTo(figure: PlotlyFigure): string | undefined {
  return [...figure.data.map(obstacle), loading(figure)].find((one) => one !== undefined);
}

function obstacle(trace: Trace): string | undefined {
  const kind = trace.type ?? "scatter";
  const reason = kinds.get(kind);
  if (reason) return reason;
  if (kind === "image" && trace.source) return "only a browser reads the pixels of its picture";
  const isLines =
    /^scatter/.test(kind) && !/markers|text/.test(trace.mode ?? "markers") && !trace.error_y;
  const isPart = /^(?:histogram|contour|heatmap|image|violin|box)/.test(kind);
  const marks = isLines || isPart ? 0 : Math.max(0, ...Object.values(trace).map(lengthOf));
  return marks > mostMarks ? `it has ${marks.toLocaleString("en")} marks` : undefined;
}

/** Plotly would wait for pictures in the background that have to be loaded. */
function loading({ layout }: PlotlyFigure): string | undefined {
  const addresses = (layout.images ?? []).map(({ source }: { source?: string }) => source ?? "");
  const far = addresses.find((address: string) => !/^(?:data:|$)/.test(address));
  return far && `a picture in it would have to be loaded from ${far.slice(0, 60)}`;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
