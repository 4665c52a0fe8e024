/** The front door: what the course is, a figure that shows it, and all its notebooks by their parts. */
import { backpropagation } from "../explore";
import { backpropagationSteps, kind } from "../explore/kinds/backpropagation";
import type { Part } from "../notebooks";
import { escapeHtml } from "../show";
import { type Built, keptName, sectionsOf } from "./build";
import { type Heights, withHeight } from "./heights";
import { inlineHtml } from "./prose";

/** How many steps the figure has gone when it is first seen: it has come to the first delta. */
const firstDelta =
  1 + backpropagationSteps(kind.defaults).steps.findIndex(({ phase }) => phase === "backward");

export function homeMain(
  title: string,
  parts: readonly { part: Part; notebooks: readonly Built[] }[],
  heights: Heights,
): string {
  const all = parts.flatMap(({ notebooks }) => notebooks);
  const first = all[0];
  const figure = backpropagation({ step: firstDelta }).html({ bare: true });
  const start = first
    ? `<p class="row"><a class="button main" id="go-on" href="${first.name}.html">Begin with ${escapeHtml(first.title)}</a> <a class="button" href="#parts">All notebooks</a></p>`
    : "";
  return (
    `<main id="main" class="page home"><h1>${escapeHtml(title)}</h1>` +
    '<p class="lead">Press Next: the slopes of a network’s loss, one unit at a time.</p>' +
    `<div class="hero">${withHeight(figure, heights[kind.name])}</div>` +
    '<div class="door"><div class="prose"><p>This is a course in backpropagation for those who want every number worked out, and who know school calculus and a little programming. It follows one small network through the forward pass, the deltas, the weight updates and the training, and goes on from there until it reads handwritten digits. Each of its notebooks runs in its page, with nothing to install: change a cell, and the results below it follow.</p>' +
    `${start}</div>` +
    `<div class="stack ui" id="progress"><p class="soft">What you read and write is kept in this browser only; a page can be downloaded as a Jupyter notebook, to go on there.</p>` +
    '<p class="far" role="status"></p><span class="meter" aria-hidden="true" hidden><i></i></span></div></div>' +
    `<div id="parts">${parts.map(partHtml).join("")}</div>` +
    '<section class="part"><div><h2>On your own machine</h2><p class="ui soft">The same pages, and the same notebooks in Jupyter.</p></div><div class="prose"><p>These pages work without a network: keep their folder. To have the notebooks in Jupyter you need git, Node.js and Python 3.10 or newer; then, in the cloned folder:</p><pre tabindex="0" role="group" aria-label="Commands"><code>npm start          <span class="hljs-comment"># the notebooks, in Jupyter</span>\nnpm run site       <span class="hljs-comment"># these pages: open site/index.html</span></code></pre></div></section></main>'
  );
}

/** The front door of a class: its assignments, and what becomes of what is written in them. */
export function classMain(title: string, assignments: readonly Built[]): string {
  return (
    `<main id="main" class="page home"><h1>${escapeHtml(title)}</h1>` +
    '<div class="prose"><p>Each assignment is a page in which you write and run your answers; nothing is to be installed, and nothing is sent anywhere. What you write stays in this browser until you download it: that file is what you hand in, and it opens in its page again, on another machine too.</p></div>' +
    `<section class="part"><div><h2>Assignments</h2></div><ol class="books" role="list">${assignments.map((one) => bookHtml(one, keptName(one.name, true))).join("")}</ol></section></main>`
  );
}

function partHtml({ part, notebooks }: { part: Part; notebooks: readonly Built[] }): string {
  const minutes = notebooks.reduce((sum, { minutes }) => sum + Number(minutes ?? 0), 0);
  const count = `${notebooks.length} ${notebooks.length === 1 ? "notebook" : "notebooks"}`;
  const hours = `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  return (
    `<section class="part"><div><h2>${escapeHtml(part.title)}</h2><p class="ui soft">${escapeHtml(part.about)}</p>` +
    `<p class="ui soft">${count}${minutes > 0 ? `, ${hours}` : ""}</p></div><ol class="books" role="list">${notebooks.map((one) => bookHtml(one, one.name)).join("")}</ol></section>`
  );
}

/** @param kept under which name a browser keeps how far it was read */
function bookHtml({ name, title, question, minutes, headings }: Built, kept: string): string {
  const [, number = "", words] = /^(?:(\d+) · )?(.*)$/.exec(title) ?? [];
  const sections = sectionsOf(headings).map(({ id }) => id);
  return (
    `<li data-book="${kept}" data-sections="${sections.join(" ")}"><span class="ui">${number}</span>` +
    `<div><a href="${name}.html">${escapeHtml(words)}</a><p>${inlineHtml(question)}</p></div>` +
    `<span class="ui far">${minutes ? `<span class="minutes">${minutes} minutes</span>` : ""}</span></li>`
  );
}
