/** In place of still.ts where the live figure is seen at once, and nothing draws in Node: in a page. */
import { obstacleTo, type Still } from "./obstacles";
import type { PlotlyFigure } from "./plotly";

/** An empty picture of the figure's size; what has no still elsewhere has none here, and says why in the same words. */
export async function drawStill(
  figure: PlotlyFigure,
  width: number,
  height: number,
): Promise<Still> {
  const reason = obstacleTo(figure);
  if (reason) return { reason };
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return { svg: `<svg xmlns="http://www.w3.org/2000/svg" ${box}></svg>` };
}
