/** What we use of Plotly's figures: https://plotly.com/javascript/reference/ */
export interface PlotlyFigure {
  data: Trace[];
  layout: Layout;
  /** What a slider or a button steps through, in the live figure. */
  frames?: object[];
}

// biome-ignore lint/suspicious/noExplicitAny: Plotly's own types take long to check in every cell
export type Trace = Record<string, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type Layout = Record<string, any>;

/** Kinds of trace that Plotly draws as SVG, and so without a screen. */
const drawnAsSvg =
  "scatter bar box heatmap histogram histogram2d histogram2dcontour contour scatterternary violin funnel " +
  "waterfall image pie sunburst treemap icicle funnelarea parcats sankey indicator table carpet scattercarpet " +
  "contourcarpet ohlc candlestick scatterpolar barpolar scattersmith quiver";
const drawnInScene = "scatter3d surface isosurface volume mesh3d cone streamtube";
const drawnByWebGl = "splom parcoords scattermap choroplethmap densitymap";
const drawnOnOutlines = "scattergeo choropleth";

/** Kinds that WebGL draws fast, and that look the same drawn as another kind. */
export const alike: Record<string, string> = {
  scattergl: "scatter",
  scatterpolargl: "scatterpolar",
};

/** Every kind of trace, with the reason why it has no still picture; undefined if it has one. */
export const kinds: ReadonlyMap<string, string | undefined> = new Map([
  ...`${drawnAsSvg} ${Object.keys(alike).join(" ")}`
    .split(" ")
    .map((kind) => [kind, undefined] as const),
  ...`${drawnInScene} ${drawnByWebGl}`
    .split(" ")
    .map((kind) => [kind, "a browser draws it by WebGL"] as const),
  ...drawnOnOutlines
    .split(" ")
    .map((kind) => [kind, "Plotly loads the outlines of its map from the internet"] as const),
]);

/** Kinds that have a colour bar unless they say otherwise; their names stand in no legend. */
export const hasColourBar = new Set(
  (
    "heatmap histogram2d histogram2dcontour contour contourcarpet surface isosurface volume cone streamtube " +
    "choropleth choroplethmap densitymap"
  ).split(" "),
);

/** Kinds that stand in three dimensions, with axes of their own. */
export const standsInScene = new Set(drawnInScene.split(" "));

/** Kinds that bring a small second picture of themselves, to slide over. */
export const hasRangeSlider = new Set(["ohlc", "candlestick"]);
