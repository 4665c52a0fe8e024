/** Figures, diagrams, tables and formulas as values: as a cell's last expression they show themselves. */
export {
  type ActivationPlotOptions,
  activationPlot,
  type LossCurveOptions,
  lossCurve,
  type Run,
} from "./show/curves";
export {
  type DiagramOptions,
  type Drawing,
  drawNetwork,
  networkDiagram,
  type Picture,
} from "./show/diagram";
export {
  type CellOf,
  type Displayable,
  display,
  escapeHtml,
  host,
  type MimeBundle,
  pictureHtml,
} from "./show/display";
export { type Figure, type FigureOptions, pageScript, plot } from "./show/figure";
export {
  deltaLines,
  formula,
  formulaHtml,
  forwardLines,
  latexFactor,
  latexNumber,
  showDelta,
  showForward,
  showUpdate,
  updateLines,
} from "./show/formula";
export { type GraphOptions, graphDiagram } from "./show/graph";
export { confusionMatrix, type ImagesOptions, imageGrid, type MatrixOptions } from "./show/grid";
export { liveOutputs } from "./show/inline";
export { type LiveOptions, trainLive } from "./show/live";
export { formatNumber } from "./show/numbers";
export { collect } from "./show/progress";
export { spread } from "./show/spread";
export { dashes, palette } from "./show/style";
export { type DecisionSurfaceOptions, decisionSurface } from "./show/surface";
export { type CellValue, type TableOptions, table } from "./show/table";
export { textWidth, wrapped } from "./show/text-width";
export { darkColours, isDark, watchTheme } from "./show/theme";
export { unfinished } from "./show/unfinished";
export { equalCosts } from "./show/valley";
export { weightTable } from "./show/weight-table";
