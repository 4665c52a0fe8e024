/** Outputs as HTML: of a notebook's file when pages are built, and of a run when a page is live. */
import { escapeHtml } from "../show/display";
import { type NotebookOutput, textOf } from "./notebook-file";

/** @param setMath gives a displayed formula's HTML */
export function outputHtml(
  { output_type, text, data = {}, ename, evalue, traceback = [] }: NotebookOutput,
  setMath: (latex: string) => string,
): string {
  if (output_type === "stream") return `<pre class="output" tabindex="0">${plainText(text)}</pre>`;
  if (output_type === "error") {
    const lines = traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`;
    return `<pre class="output error" tabindex="0"><strong>Error</strong>\n${plainText(lines)}</pre>`;
  }
  if (data["text/html"]) return `<div class="output">${inBoxes(textOf(data["text/html"]))}</div>`;
  if (data["text/latex"]) {
    const latex = textOf(data["text/latex"]).replace(/^\$\$|\$\$$/g, "");
    return `<div class="output math" tabindex="0">${setMath(latex)}</div>`;
  }
  return `<pre class="output" tabindex="0">${plainText(data["text/plain"])}</pre>`;
}

/** A wide table or formula scrolls in a box of its own, by keyboard too; and a figure has its room before it is drawn. */
export function inBoxes(html: string): string {
  return html
    .replace(
      /<p class="katex-block">/g,
      '<p class="katex-block" tabindex="0" role="group" aria-label="Formula">',
    )
    .replace(
      /<table.*?<\/table>/gs,
      (table) =>
        `<div class="wide" tabindex="0" role="region" aria-label="${tableName(table)}">${table}</div>`,
    )
    .replace(
      /<div data-figure="plotly">(?=<img [^>]*? height="(\d+)")/g,
      '<div data-figure="plotly" style="min-height:$1px">',
    )
    .replace(
      /(<div data-figure="still"><img [^>]*? width="(\d+)"[^>]*? style=")max-width:100%;/g,
      (_, before, width) => `${before}min-width:${Math.ceil(width * leastScale)}px;`,
    );
}

/** Pictures that cannot be drawn again for a narrow page do not get smaller than this: their letters could not be read. */
const leastScale = 0.93;

/** What a table's region is called: by its caption, or by its columns. */
function tableName(table: string): string {
  const textIn = (html = "") =>
    html
      .replace(/<math.*?<\/math>|<[^>]+>/gs, "")
      .replace(/\s+/g, " ")
      .trim();
  const caption = textIn(/<caption[^>]*>(.*?)<\/caption>/s.exec(table)?.[1]);
  if (caption) return `Table: ${caption}`;
  const columns = Array.from(
    table.matchAll(/<th[ >][^>]*?scope="col".*?<\/th>|<th>.*?<\/th>/gs),
    ([cell]) => textIn(cell),
  );
  const named = columns.filter(Boolean).slice(0, 4);
  return named.length > 0 ? `Table of ${named.join(", ")}` : "Table";
}

/** What was written for a terminal, as HTML and without a terminal's colours. */
function plainText(text: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours' codes begin with one
  return escapeHtml(textOf(text).replace(/\u001b\[[\d;]*m/g, ""));
}
