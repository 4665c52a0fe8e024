/** Lines of equal cost in a valley of two weights, to draw paths over. */
import { cos, sin } from "../arithmetic";
import type { Trace } from "./plotly";

/**
 * Traces of lines on which C = ½ (w₁² + s w₂²) is equal: ellipses, grey and thin, with one entry in the legend.
 *
 * @param steep s, how many times as steep the valley is across as along
 * @param costs the cost of each line, above 0
 */
export function equalCosts(steep: number, costs: readonly number[]): Trace[] {
  const angles = Array.from({ length: 61 }, (_, n) => (2 * Math.PI * n) / 60);
  const along = (radius: number, by: (angle: number) => number) =>
    angles.map((angle) => Number((radius * by(angle)).toPrecision(3)));
  return costs.map((cost, n) => ({
    name: "equal cost",
    x: along(Math.sqrt(2 * cost), cos),
    y: along(Math.sqrt((2 * cost) / steep), sin),
    showlegend: n === 0,
    line: { color: "#999", dash: "solid", width: 1 },
    hoverinfo: "skip",
  }));
}
