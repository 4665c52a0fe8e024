/** Figures, diagrams, tables and formulas as values: as a cell's last expression they show themselves. */
export {
  type ActivationPlotOptions,
  activationPlot,
  type LossCurveOptions,
  lossCurve,
  type Run,
} from "./show/curves";
export { type DiagramOptions, networkDiagram } from "./show/diagram";
export { type Displayable, display, type MimeBundle } from "./show/display";
export { type Figure, type FigureOptions, plot } from "./show/figure";
export { formula, showDelta, showForward, showUpdate } from "./show/formula";
export { type LiveOptions, trainLive } from "./show/live";
export { formatNumber } from "./show/numbers";
export { type DecisionSurfaceOptions, decisionSurface } from "./show/surface";
export { type CellValue, type TableOptions, table } from "./show/table";
