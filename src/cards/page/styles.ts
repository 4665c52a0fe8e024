/** The look of cards. Colours are those of the page around, light or dark; only a drawn curve stands on white. */
export const styles = `
:host { display: block; margin: 4px 0 8px; font: inherit; color: inherit; }
* { box-sizing: border-box; }
/* At least this large is what a finger has to hit (WCAG 2.5.5). */
button, input:not([type=radio], [type=checkbox]), summary, .choice { min-height: 44px; }
summary { align-content: center; cursor: pointer; }
form { margin: 0; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; margin: 6px 0; }
.choice { display: flex; gap: 8px; align-items: center; padding: 5px 8px; border-radius: 6px; cursor: pointer; max-width: 44rem; }
.choice:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
.choice input { flex: none; margin: 0; width: 1.05em; height: 1.05em; accent-color: #0B5CAD; }
input[type=text] { font: inherit; color: inherit; background: color-mix(in srgb, currentColor 4%, transparent); border: 1px solid currentColor; border-radius: 6px; padding: 5px 9px; width: min(11em, 45%); }
input.words { width: min(30em, 100%); }
button { font: inherit; color: inherit; background: color-mix(in srgb, currentColor 8%, transparent); border: 1px solid currentColor; border-radius: 6px; padding: 5px 14px; cursor: pointer; }
button:hover { background: color-mix(in srgb, currentColor 16%, transparent); }
/* White on this blue reads on light pages and on dark ones. */
button[type=submit] { background: #0B5CAD; color: #fff; border-color: #0B5CAD; }
button[type=submit]:hover { background: #084a8c; }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
.verdict { margin: 6px 0; padding: 4px 12px; border-left: 4px solid; max-width: 44rem; }
.verdict:empty { display: none; }
.verdict.right { border-left-style: double; border-left-width: 6px; }
.small { font-size: 0.9em; margin: 2px 0; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.95em; }
table { border-collapse: collapse; margin: 8px 0; font-size: 0.95em; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding: 4px 0; }
th, td { padding: 3px 16px 3px 0; text-align: right; border-bottom: 1px solid #888; font-weight: normal; }
th:first-child { text-align: left; }
.pad { position: relative; max-width: 560px; border-radius: 6px; overflow: hidden; background: #fff; cursor: crosshair; touch-action: none; }
.pad.done { cursor: default; touch-action: auto; }
.pad svg { display: block; width: 100%; height: auto; }
`;
