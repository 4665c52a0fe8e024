/** The web edition: notebooks as static pages. Prose, code and outputs come from the notebooks alone. */
import markdownMath from "@vscode/markdown-it-katex";
import highlighter from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import katex from "katex";
import MarkdownIt from "markdown-it";
import { notebookName } from "../notebooks";
import { escapeHtml } from "../show";
import type { Dependencies } from "./live/follow";
import { pageKey } from "./live/keep";
import type { PageData } from "./live/page-data";
import { type NotebookCell, type NotebookFile, textOf } from "./notebook-file";
import { inBoxes, outputHtml } from "./output-html";

/** A notebook by its name, without a number. */
export interface Named {
  name: string;
  notebook: NotebookFile;
  /** The name of its file; by default the name with its ending. */
  file?: string;
  /** What each code cell declares and uses, in order, if it is known before the page is. */
  dependencies?: readonly Dependencies[];
  /** How long its cells took, in seconds, by their ids: those that take a while. */
  seconds?: Readonly<Record<string, number>>;
}

/** The folder, beside the pages, with what they share. */
export const assets = "assets/";

highlighter.registerLanguage("typescript", typescript);
const markdown = new MarkdownIt({
  html: false,
  linkify: false,
  highlight: (code) => highlighter.highlight(code, { language: "typescript" }).value,
}).use(markdownMath, { katex, throwOnError: true });

// A notebook links to notebooks, a page to pages.
const plainLink = markdown.renderer.rules.link_open;
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  const href = String(tokens[index].attrGet("href") ?? "");
  const [, file, part = ""] = /^([\w.-]+\.ipynb)(#.*)?$/.exec(href) ?? [];
  tokens[index].attrSet("href", file ? `${notebookName(file)}.html${part}` : href);
  return plainLink
    ? plainLink(tokens, index, options, env, self)
    : self.renderToken(tokens, index, options);
};

/**
 * The site's pages by their file names: one for each notebook, in the order given, and an index.
 *
 * @param title of the whole, for the index
 * @throws katex.ParseError if a formula cannot be set
 */
export function buildPages(notebooks: readonly Named[], title: string): Map<string, string> {
  const pages = new Map<string, string>();
  const heads = notebooks.map(({ notebook }) => headOf(notebook));
  notebooks.forEach((named, n) => {
    const { name, notebook } = named;
    const link = (at: number, text: string) =>
      heads[at]
        ? `<a href="${notebooks[at].name}.html">${text.replace("%", () => escapeHtml(heads[at].title))}</a>`
        : "<span></span>";
    const ways = `${link(n - 1, "← %")}<a href="index.html">All notebooks</a>${link(n + 1, "% →")}`;
    const body = notebook.cells.map(cellHtml).join("\n");
    pages.set(
      `${name}.html`,
      page(
        heads[n].title,
        heads[n].question,
        `<main id="main">${body}</main>${liveParts(pageData(named))}`,
        ways,
        settingsScript(name),
      ),
    );
  });
  const rows = notebooks.map(
    ({ name }, n) =>
      `<li><a href="${name}.html">${escapeHtml(heads[n].title)}</a>${heads[n].minutes ? ` <span class="minutes">${heads[n].minutes} minutes</span>` : ""}<br>${markdown.renderInline(heads[n].question)}</li>`,
  );
  const index = `<main id="main"><h1>${escapeHtml(title)}</h1><p>Every page is a Jupyter notebook with its code and results. Figures can be zoomed, explorables changed, and every cell of code edited and run, here in the browser: nothing is to be installed. What you write stays in this browser; a page can be downloaded as a notebook, to go on in Jupyter.</p><ul class="index">${rows.join("")}</ul></main>`;
  pages.set("index.html", page(title, title, index, ""));
  return pages;
}

/**
 * Scripts that a page loads when a reader takes a notebook along, or brings one back, by their names: each notebook's
 * file, and which page has which cells. They are scripts, as a page that lies on a disk can load nothing else.
 */
export function notebookScripts(notebooks: readonly Named[]): Map<string, string> {
  const script = (name: string, value: unknown) =>
    `(window.backpropLive??={}).${name}=${JSON.stringify(value)};\n`;
  const scripts = new Map(
    notebooks.map(({ name, notebook }) => [
      `notebooks/${name}.js`,
      script("notebookFile", notebook),
    ]),
  );
  const ids = notebooks.map(({ name, notebook }) => ({
    name,
    title: headOf(notebook).title,
    ids: notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ id }) => id),
  }));
  return scripts.set("notebooks.js", script("pageIds", ids));
}

/** A notebook's first cell says what it is called, what it asks, and how long it takes. */
export function headOf({ cells }: NotebookFile): {
  title: string;
  question: string;
  minutes?: string;
} {
  const source = textOf(cells[0].source);
  const title = /^# (.+)$/m.exec(source)?.[1];
  const question = /^\*(.+)\*$/m.exec(source)?.[1];
  if (!title || !question) {
    throw new Error(
      "A notebook begins with «# its title» and, in a line of its own, «*the question it answers*».",
    );
  }
  return { title, question, minutes: /About (\d+) minutes/.exec(source)?.[1] };
}

function cellHtml({ cell_type, id, source, metadata, outputs = [] }: NotebookCell): string {
  const text = textOf(source);
  if (cell_type === "markdown") {
    const visible = text.replace(/<!--.*?-->/gs, ""); // what Jupyter and GitHub leave out, too
    return `<div class="prose">${inBoxes(markdown.render(visible))}</div>`;
  }
  const code = `<pre class="code" tabindex="0" aria-label="Code"><code>${highlighter.highlight(text, { language: "typescript" }).value}</code></pre>`;
  const shown = metadata.jupyter?.source_hidden
    ? `<details><summary>The code of this cell</summary>${code}</details>`
    : code;
  const all = outputs.map((output) => outputHtml(output, setMath)).join("");
  return `<div class="cell" data-cell="${escapeHtml(id)}">${shown}<div class="outputs">${all}</div></div>`;
}

function setMath(latex: string): string {
  return katex.renderToString(latex, { displayMode: true });
}

/** What the page's script has to know of the notebook beyond what the page shows. */
function pageData({ name, notebook, file, dependencies, seconds = {} }: Named): PageData {
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  return {
    name,
    file: file ?? `${name}.ipynb`,
    cells: code.map(({ id, metadata }, n) => ({
      id,
      ...(metadata.tags?.length ? { tags: metadata.tags } : {}),
      ...(seconds[id] === undefined ? {} : { seconds: seconds[id] }),
      ...(dependencies ? { dependencies: dependencies[n] } : {}),
    })),
  };
}

function liveParts(data: PageData): string {
  const json = JSON.stringify(data).replace(/</g, "\\u003c");
  return `<script type="application/json" id="notebook">${json}</script><script src="${assets}live.js"></script>`;
}

/** The theme is chosen before anything is drawn; a browser that keeps nothing follows the system. */
const themeScript =
  'const root=document.documentElement,kept=k=>{try{return localStorage.getItem("theme")}catch{}};' +
  "const theme=t=>{root.dataset.theme=t};theme(kept()??(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'));" +
  "const toggle=()=>{const t=root.dataset.theme==='dark'?'light':'dark';theme(t);try{localStorage.setItem('theme',t)}catch{}}";

/**
 * Explorables begin with the settings that were kept for them, cards with the answers that were kept for this notebook; both
 * may come alive before the page's own script, and before the end of the page is there.
 */
function settingsScript(name: string): string {
  const key = JSON.stringify(pageKey(name));
  return `;root.dataset.notebook=${JSON.stringify(name)};try{window.backpropSettings=JSON.parse(localStorage.getItem(${key})).settings}catch{}`;
}

function page(title: string, description: string, main: string, ways: string, script = ""): string {
  const nav = ways ? `<nav aria-label="Notebooks">${ways}</nav>` : "";
  const plain = escapeHtml(description.replace(/[$*`]/g, ""));
  return `<!doctype html>
<html lang="en" data-backprop="${assets}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<meta name="description" content="${plain}">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets}katex.min.css">
<link rel="stylesheet" href="${assets}site.css">
<link rel="stylesheet" href="${assets}live.css">
<script>${themeScript}${script}</script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>${nav}<button type="button" onclick="toggle()">Light or dark</button></header>
${main}
<footer>${nav.replace("Notebooks", "Notebooks, at the end")}</footer>
</body>
</html>
`;
}
