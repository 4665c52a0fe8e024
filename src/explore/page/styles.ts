/** The look of explorables: on white, like the figures, in light pages and dark ones. */
export const styles = `
:host { display: block; color-scheme: light; }
section { box-sizing: border-box; max-width: 1040px; margin: 4px 0; padding: 10px 14px; background: #fff; color: #222;
  border: 1px solid #bbb; border-radius: 8px; font: 14px/1.45 system-ui, sans-serif; }
section section { border: 0; padding: 0; margin: 0; }
.title { margin: 0 0 8px; font-weight: 600; font-size: 16px; }
.controls { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 0 0 8px; padding: 4px 10px 8px; border: 1px solid #ccc; border-radius: 6px; min-width: 0; }
legend { padding: 0 4px; font-size: 13px; color: #444; }
.control { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; }
.control label { color: #333; }
input[type=number] { width: 6.5em; }
input[type=range] { width: 130px; margin: 0; accent-color: #0B5CAD; }
input, select, button { font: inherit; color: #111; background: #fff; border: 1px solid #767676; border-radius: 4px; padding: 2px 6px; }
input[type=range] { padding: 0; border: 0; }
output { min-width: 3.2em; font-variant-numeric: tabular-nums; }
button { padding: 4px 12px; background: #EEF4FA; cursor: pointer; }
button:hover { background: #DCE9F5; }
button[aria-disabled=true] { background: #f3f3f3; color: #6b6b6b; border-color: #ccc; cursor: default; }
:focus-visible { outline: 3px solid #0B5CAD; outline-offset: 2px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
.each { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 4px 12px; flex-basis: 100%; }
.picture svg { display: block; width: 100%; height: auto; }
.draggable { cursor: grab; touch-action: none; }
.draggable:active { cursor: grabbing; }
.pad { position: relative; max-width: 650px; }
.pad .draggable { cursor: crosshair; }
.pen { position: absolute; width: 14px; height: 14px; margin: -9px 0 0 -9px; border: 2px dashed #B3261E; border-radius: 50%; pointer-events: none; }
.pen.down { border-style: solid; background: #B3261E66; }
.surface { position: relative; flex: 1 1 300px; }
.surface .picture { position: relative; }
.panes { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: flex-start; }
.panes > .picture { flex: 1 1 300px; }
.units { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0; }
.units figure { margin: 0; text-align: center; font-size: 12px; }
.units canvas { width: 66px; height: 66px; border: 1px solid #888; display: block; }
.backpropagation { display: grid; gap: 8px 16px; grid-template: "step picture" auto "numbers picture" 1fr / minmax(270px, 2fr) 3fr; align-items: start; }
.backpropagation .picture { grid-area: picture; }
.backpropagation .numbers { grid-area: numbers; }
.step { grid-area: step; min-height: 11em; padding: 8px 12px; background: #FFFBEA; border-left: 4px solid #C99700; border-radius: 4px; }
@media (max-width: 760px) { .backpropagation { grid-template: "step" auto "picture" auto "numbers" auto / minmax(0, 1fr); } }
.formula { margin: 6px 0; font: 16px/1.5 "STIX Two Text", "Cambria Math", Cambria, Georgia, serif; }
.formula sub { font-size: 72%; line-height: 1; }
.remark { margin: 8px 0 0; }
.numbers { overflow-x: auto; }
.numbers table { font-size: 13px; font-variant-numeric: tabular-nums; }
.numbers tbody tr:nth-child(odd) { background: #f6f6f6; }
.numbers > div { display: flex; flex-wrap: wrap; gap: 4px 28px; align-items: flex-start; }
.hint { margin: 4px 0 8px; color: #444; font-size: 13px; }
.problem { padding: 6px 10px; background: #FDECEA; border-left: 4px solid #B3261E; border-radius: 4px; }
.found, .more { margin: 8px 0 4px; }
summary { cursor: pointer; }
pre { overflow-x: auto; padding: 8px 10px; background: #f5f5f5; border-radius: 4px; font: 13px/1.4 ui-monospace, Menlo, Consolas, monospace; }
.more .controls { margin-top: 8px; }
`;
