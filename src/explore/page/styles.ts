/** The look of explorables, in light pages and dark ones. */
import { darkPictures, lightPictures } from "./theme";

/** At least this large is what a finger has to hit (WCAG 2.5.5), in pixels. */
const target = 44;

export const styles = `
:host { display: block; color-scheme: light; --paper: #fff; --ink: #222; --soft: #4c4f52; --wash: #f4f4f1; --edge: #767676;
  --line: #c9c9c6; --press: #EEF4FA; --over: #DCE9F5; --strong: #0B5CAD; --lit: #FFFBEA; --lit-edge: #C99700; --wrong: #FDECEA; --wrong-edge: #B3261E; }
@media not print { :host([data-theme=dark]) { color-scheme: dark; --paper: #15181c; --ink: #e4e5e1; --soft: #a9b0b7; --wash: #1e2227; --edge: #868e97;
  --line: #454c54; --press: #20303f; --over: #2b4056; --strong: #86bdf0; --lit: #2b2716; --lit-edge: #e0b24d; --wrong: #3a1d1b; --wrong-edge: #ff8a80;
  ${darkPictures}; } }
@media print { :host { break-inside: avoid; } .controls, .control, .buttons, .more, .found, .hint { display: none !important; } }
section { box-sizing: border-box; max-width: var(--widest, 1040px); margin: 4px 0; padding: 10px 14px; background: var(--paper); color: var(--ink);
  border: 1px solid var(--line); border-radius: 8px; font: 15px/1.45 system-ui, sans-serif; }
section section { border: 0; padding: 0; margin: 0; }
.title { margin: 0 0 8px; font-weight: 600; font-size: 16px; }
.controls { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 8px 0; padding: 4px 10px 8px; border: 1px solid var(--line); border-radius: 6px; min-width: 0; }
legend { padding: 0 4px; font-size: 14px; color: var(--soft); }
.narrow .control input[type=range] { flex: 1 1 90px; }
.narrow section, section:has(.narrow) { padding: 8px 6px; }
.control { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; min-width: 0; }
input[type=number] { width: 7.5em; }
input[type=range] { width: 150px; max-width: 100%; margin: 0; accent-color: var(--strong); }
input, select, button, textarea { box-sizing: border-box; max-width: 100%; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: 4px; padding: 2px 8px; }
input, select, button, summary { min-height: ${target}px; }
input[type=range] { padding: 0; border: 0; }
textarea { width: 100%; font: 14px/1.4 ui-monospace, Menlo, Consolas, monospace; padding: 8px; }
output { min-width: 3.2em; font-variant-numeric: tabular-nums; }
button { min-width: ${target}px; padding: 4px 12px; background: var(--press); cursor: pointer; }
button:hover { background: var(--over); }
button.main { background: var(--strong); color: var(--paper); border-color: var(--strong); }
button.main:hover { background: color-mix(in srgb, var(--strong) 85%, var(--ink)); }
button[aria-disabled=true], button.main[aria-disabled=true] { background: var(--wash); color: var(--soft); border-color: var(--line); cursor: default; }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
a { color: var(--strong); display: inline-flex; align-items: center; min-height: ${target}px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
.control.wide { flex: 1 1 300px; }
.each { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 4px 12px; flex-basis: 100%; }
.picture svg { display: block; width: 100%; height: auto; }
.on-image { ${lightPictures}; }
.draggable { cursor: grab; touch-action: pan-y; }
.draggable circle, .drawn .draggable, .drawn .draggable * { touch-action: none; }
.draggable:active { cursor: grabbing; }
.pad { position: relative; max-width: 650px; }
.pad .draggable, .drawn .draggable { cursor: crosshair; }
.pen { position: absolute; width: 14px; height: 14px; margin: -9px 0 0 -9px; border: 2px dashed var(--wrong-edge); border-radius: 50%; pointer-events: none; }
.pen.down { border-style: solid; background: #B3261E66; }
.surface { position: relative; flex: 1 1 300px; }
.surface .picture { position: relative; }
.panes { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: flex-start; }
.panes > * { min-width: 0; }
.panes > .picture, .panes > .weights { flex: 1 1 300px; }
.weights .wide { overflow-x: auto; }
.units { display: flex; flex-wrap: wrap; gap: 8px; margin: 6px 0; }
.units figure { margin: 0; text-align: center; font-size: 12px; }
.units canvas { width: 66px; height: 66px; border: 1px solid var(--edge); display: block; }
.stepper { display: grid; gap: 0 16px; grid-template: "buttons picture" auto "guess picture" auto "step picture" auto "numbers picture" 1fr / minmax(270px, 1fr) minmax(0, 640px); align-items: start; }
.stepper > .picture { grid-area: picture; }
.stepper > .numbers { grid-area: numbers; }
.stepper > .buttons { grid-area: buttons; }
.stepper > .control { grid-area: guess; margin-bottom: 8px; }
.step { grid-area: step; min-height: 11em; padding: 8px 12px; background: var(--lit); border-left: 4px solid var(--lit-edge); border-radius: 4px; }
.narrow .stepper, .column .stepper { grid-template: "picture" auto "buttons" auto "guess" auto "step" auto "numbers" auto / minmax(0, 1fr); }
.formula { margin: 6px 0; font: 16px/1.5 "STIX Two Text", "Cambria Math", Cambria, Georgia, serif; }
.formula sub { font-size: 72%; line-height: 1; }
.remark { margin: 8px 0 0; }
.numbers { overflow-x: auto; }
.numbers table { font-size: 14px; font-variant-numeric: tabular-nums; }
.narrow .numbers :is(td, th) { padding-inline: 4px !important; }
.narrow .numbers tbody :is(td, th) { white-space: nowrap; }
.numbers tbody tr:nth-child(odd) { background: var(--wash); }
.numbers > div { display: flex; flex-wrap: wrap; gap: 4px 28px; align-items: flex-start; }
.hint { margin: 4px 0 8px; color: var(--soft); font-size: 14px; }
.problem { padding: 6px 10px; background: var(--wrong); border-left: 4px solid var(--wrong-edge); border-radius: 4px; }
.found, .more { margin: 8px 0 4px; }
summary { cursor: pointer; align-content: center; }
pre { max-height: 24em; overflow: auto; padding: 8px 10px; background: var(--wash); border-radius: 4px; font: 13px/1.4 ui-monospace, Menlo, Consolas, monospace; }
.more .controls { margin-top: 8px; }
`;
