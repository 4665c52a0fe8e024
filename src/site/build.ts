/** The web edition: notebooks as static pages. Prose, code and outputs come from the notebooks alone. */
import markdownMath from "@vscode/markdown-it-katex";
import highlighter from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import katex from "katex";
import MarkdownIt from "markdown-it";
import { notebookName } from "../notebooks";
import { escapeHtml } from "../show";

/** What a page is made of: a notebook file, as Jupyter writes it. */
export interface NotebookFile {
  cells: {
    cell_type: "markdown" | "code";
    id: string;
    source: string | string[];
    metadata: { jupyter?: { source_hidden?: boolean } };
    outputs?: NotebookOutput[];
  }[];
}

interface NotebookOutput {
  output_type: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** A notebook by its name, without a number. */
export interface Named {
  name: string;
  notebook: NotebookFile;
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
  notebooks.forEach(({ name, notebook }, n) => {
    const link = (at: number, text: string) =>
      heads[at]
        ? `<a href="${notebooks[at].name}.html">${text.replace("%", () => escapeHtml(heads[at].title))}</a>`
        : "<span></span>";
    const ways = `${link(n - 1, "← %")}<a href="index.html">All notebooks</a>${link(n + 1, "% →")}`;
    const body = notebook.cells.map(cellHtml).join("\n");
    pages.set(
      `${name}.html`,
      page(heads[n].title, heads[n].question, `<main id="main">${body}</main>`, ways),
    );
  });
  const rows = notebooks.map(
    ({ name }, n) =>
      `<li><a href="${name}.html">${escapeHtml(heads[n].title)}</a>${heads[n].minutes ? ` <span class="minutes">${heads[n].minutes} minutes</span>` : ""}<br>${markdown.renderInline(heads[n].question)}</li>`,
  );
  const index = `<main id="main"><h1>${escapeHtml(title)}</h1><p>Every page is a Jupyter notebook with its code and results. Figures can be zoomed, explorables changed; to change the code too, open the notebooks in Jupyter.</p><ul class="index">${rows.join("")}</ul></main>`;
  pages.set("index.html", page(title, title, index, ""));
  return pages;
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

function cellHtml({
  cell_type,
  source,
  metadata,
  outputs = [],
}: NotebookFile["cells"][number]): string {
  const text = textOf(source);
  if (cell_type === "markdown") {
    const visible = text.replace(/<!--.*?-->/gs, ""); // what Jupyter and GitHub leave out, too
    return `<div class="prose">${inBoxes(markdown.render(visible))}</div>`;
  }
  const code = `<pre class="code" tabindex="0" aria-label="Code"><code>${highlighter.highlight(text, { language: "typescript" }).value}</code></pre>`;
  const shown = metadata.jupyter?.source_hidden
    ? `<details><summary>The code of this check</summary>${code}</details>`
    : code;
  return `<div class="cell">${shown}${outputs.map(outputHtml).join("")}</div>`;
}

function outputHtml({
  output_type,
  text,
  data = {},
  ename,
  evalue,
  traceback = [],
}: NotebookOutput): string {
  if (output_type === "stream") return `<pre class="output" tabindex="0">${plainText(text)}</pre>`;
  if (output_type === "error") {
    const lines = traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`;
    return `<pre class="output error" tabindex="0"><strong>Error</strong>\n${plainText(lines)}</pre>`;
  }
  if (data["text/html"]) return `<div class="output">${inBoxes(textOf(data["text/html"]))}</div>`;
  if (data["text/latex"]) {
    const latex = textOf(data["text/latex"]).replace(/^\$\$|\$\$$/g, "");
    return `<div class="output math" tabindex="0">${katex.renderToString(latex, { displayMode: true })}</div>`;
  }
  return `<pre class="output" tabindex="0">${plainText(data["text/plain"])}</pre>`;
}

/** A wide table or formula scrolls in a box of its own, by keyboard too. */
function inBoxes(html: string): string {
  return html
    .replace(/<p class="katex-block">/g, '<p class="katex-block" tabindex="0">')
    .replace(/<table/g, '<div class="wide" tabindex="0" role="region" aria-label="Table"><table')
    .replace(/<\/table>/g, "</table></div>");
}

/** What was written for a terminal, as HTML and without a terminal's colours. */
function plainText(text: string | string[] | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours' codes begin with one
  return escapeHtml(textOf(text).replace(/\u001b\[[\d;]*m/g, ""));
}

function textOf(text: string | string[] | undefined): string {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}

/** The theme is chosen before anything is drawn; a browser that keeps nothing follows the system. */
const themeScript =
  'const root=document.documentElement,kept=k=>{try{return localStorage.getItem("theme")}catch{}};' +
  "const theme=t=>{root.dataset.theme=t};theme(kept()??(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'));" +
  "const toggle=()=>{const t=root.dataset.theme==='dark'?'light':'dark';theme(t);try{localStorage.setItem('theme',t)}catch{}}";

function page(title: string, description: string, main: string, ways: string): string {
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
<script>${themeScript}</script>
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
