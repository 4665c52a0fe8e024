/** What we use of Plotly's figures: https://plotly.com/javascript/reference/ */
export interface PlotlyFigure {
  data: Trace[];
  layout: Layout;
}

// biome-ignore lint/suspicious/noExplicitAny: Plotly's own types take long to check in every cell
export type Trace = Record<string, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Layout = Record<string, any>;
