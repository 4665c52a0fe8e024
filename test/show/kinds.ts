/** A small figure of every kind of trace that Plotly has, with the colour that its marks have. */
import type { Trace } from "../../src/show/plotly";

export const markColour = "#123456";

const marker = { color: markColour };
const line = { color: markColour };
const colorscale = [
  [0, markColour],
  [1, markColour],
];
const increasing = { line };
const corner = { x: [0, 1, 0, 0], y: [0, 0, 1, 0], z: [0, 0, 0, 1] };
const axis = [0, 1, 2];
const cube = {
  x: axis.flatMap((x) => axis.flatMap(() => axis.map(() => x))),
  y: axis.flatMap(() => axis.flatMap((y) => axis.map(() => y))),
  z: axis.flatMap(() => axis.flatMap(() => axis)),
};
const dimensions = [
  { label: "first", values: [1, 2, 3] },
  { label: "second", values: [3, 1, 2] },
];
const tree = {
  labels: ["all", "a", "b"],
  parents: ["", "all", "all"],
  values: [3, 2, 1],
  branchvalues: "total",
  marker: { colors: [markColour, markColour, markColour] },
};
const prices = { x: [1, 2], open: [1, 2], high: [3, 4], low: [0, 1], close: [2, 3], increasing };
const grid = { a: axis.flatMap((a) => [a, a, a]), b: axis.flatMap(() => axis) };
const carpet = {
  type: "carpet",
  carpet: "c",
  ...grid,
  x: grid.a.map((a, i) => a + 0.1 * grid.b[i] ** 2),
  y: grid.b.map((b, i) => b + 0.2 * grid.a[i] ** 2),
};

/** What is in the figure of a kind: one trace, or what it stands on and the trace. */
export const samples: Record<string, Trace | Trace[]> = {
  scatter: { x: [1, 2], y: [1, 3], line },
  bar: { y: [1, 3], marker },
  box: { y: [1, 2, 3, 9], line },
  heatmap: {
    z: [
      [1, 2],
      [3, 4],
    ],
  },
  histogram: { x: [1, 2, 2, 3], marker },
  histogram2d: { x: [1, 2, 2, 3], y: [1, 2, 2, 3] },
  histogram2dcontour: { x: [1, 2, 2, 3], y: [1, 2, 2, 3], colorscale },
  contour: {
    z: [
      [1, 2, 3],
      [3, 4, 1],
      [1, 2, 0],
    ],
    colorscale,
  },
  scatterternary: { a: [1, 2], b: [2, 1], c: [1, 1], line },
  violin: { y: [1, 2, 3, 9], line, box: { visible: true }, meanline: { visible: true } },
  funnel: { x: [3, 2, 1], y: ["a", "b", "c"], marker },
  waterfall: { x: ["a", "b"], y: [3, -1], increasing: { marker } },
  image: {
    z: [
      [
        [255, 0, 0],
        [0, 255, 0],
      ],
    ],
  },
  pie: { values: [1, 2], labels: ["a", "b"], marker: tree.marker },
  sunburst: tree,
  treemap: tree,
  icicle: tree,
  funnelarea: { values: [3, 2], labels: ["a", "b"], marker: tree.marker },
  scatter3d: { x: [1, 2], y: [1, 2], z: [1, 2] },
  surface: {
    z: [
      [1, 2],
      [3, 4],
    ],
  },
  isosurface: { ...cube, value: cube.x },
  volume: { ...cube, value: cube.x },
  mesh3d: corner,
  cone: { x: [1], y: [1], z: [1], u: [1], v: [1], w: [0] },
  streamtube: { ...cube, u: cube.x.map(() => 1), v: cube.y, w: cube.z },
  scattergeo: { lon: [10], lat: [50] },
  choropleth: { locations: ["DEU"], z: [1] },
  scattergl: { x: [1, 2], y: [1, 3], line },
  splom: { dimensions },
  parcoords: { dimensions },
  parcats: { dimensions, line },
  scattermap: { lon: [10], lat: [50] },
  choroplethmap: {
    locations: ["a"],
    z: [1],
    geojson: { type: "FeatureCollection", features: [] },
  },
  densitymap: { lon: [10], lat: [50], z: [1] },
  sankey: {
    node: { label: ["a", "b"], color: markColour },
    link: { source: [0], target: [1], value: [2] },
  },
  indicator: { mode: "number+gauge", value: 5, gauge: { bar: marker } },
  table: {
    header: { values: ["a", "b"], fill: marker },
    cells: {
      values: [
        [1, 2],
        [3, 4],
      ],
    },
  },
  carpet: { ...carpet, color: markColour },
  scattercarpet: [carpet, { carpet: "c", a: [0.5, 1], b: [0.5, 1.5], line }],
  contourcarpet: [
    carpet,
    { carpet: "c", ...grid, z: grid.a.map((a, i) => a * grid.b[i]), colorscale },
  ],
  ohlc: prices,
  candlestick: prices,
  scatterpolar: { r: [1, 2], theta: [0, 90], line },
  scatterpolargl: { r: [1, 2], theta: [0, 90], line },
  barpolar: { r: [1, 2], theta: [0, 90], marker },
  scattersmith: { real: [1, 2], imag: [0, 1], line },
  quiver: { x: [1, 2], y: [1, 2], u: [1, 1], v: [1, -1], marker },
};

export function sampleOf(kind: string): Trace[] {
  const parts = samples[kind];
  const traces = Array.isArray(parts) ? parts : [parts];
  return [...traces.slice(0, -1), { ...traces[traces.length - 1], type: kind }];
}
