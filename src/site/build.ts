/** The web edition: notebooks as static pages. Prose, code and outputs come from the notebooks alone. */
import { byParts } from "../notebooks";
import { escapeHtml } from "../show";
import { type Heights, withHeight } from "./heights";
import { classMain, homeMain } from "./home";
import type { Asked } from "./identifier";
import type { Dependencies } from "./live/follow";
import { pageKey } from "./live/keep";
import type { PageData } from "./live/page-data";
import { type NotebookCell, type NotebookFile, textOf } from "./notebook-file";
import { outputHtml } from "./output-html";
import { type Heading, highlighted, inlineHtml, plainText, proseHtml, setMath } from "./prose";
import type { Section } from "./search";
import { assets, page } from "./shell";
import { isFixed, isInWords } from "./submission-file";

export { assets } from "./shell";

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
  /** How high its explorables are, by the ids of their cells: see heights.ts. */
  heights?: Heights;
}

/** What makes pages those of a class's coursework. */
export interface Coursework {
  /** How students say who they are. */
  identifier: Asked;
  /** Tells the class from others: what a page keeps is under it. */
  key: string;
}

/** A notebook's page, and what other pages have to know of it. */
export interface Built extends Head {
  name: string;
  /** Its cells as HTML. */
  body: string;
  headings: Heading[];
}

/** What a notebook's first cell says: what it is called, what it asks, and how long it takes. */
export interface Head {
  title: string;
  question: string;
  minutes?: string;
}

/**
 * The site's pages by their file names: one for each notebook, in the order given, and an index.
 *
 * @param title of the whole
 * @param options heights of the explorables of the front door, by their kinds; and what makes it a class's
 * @throws katex.ParseError if a formula cannot be set
 */
export function buildPages(
  notebooks: readonly Named[],
  title: string,
  { heights = {}, coursework }: { heights?: Heights; coursework?: Coursework } = {},
): Map<string, string> {
  const pages = new Map<string, string>();
  const built = notebooks.map(({ name, notebook, heights = {} }): Built => {
    const headings: Heading[] = [];
    const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
    const [head, ...cells] = notebook.cells.map((cell) =>
      withHeight(cellHtml(cell, code.indexOf(cell) + 1, headings), heights[cell.id]),
    );
    // The question below the title leads into the page; after it stands what can be done with the whole.
    const lead = head.replace(/<p>(?=<em>)/, '<p class="lead">');
    const body = [lead, '<div class="page-bar-place"></div>', ...cells].join("\n");
    return { name, ...headOf(notebook), body, headings };
  });
  built.forEach((one, n) => {
    const { name, body, headings } = one;
    const kept = keptName(name, coursework !== undefined);
    const main = `<div class="page"><div class="notebook">${contents(one)}<main id="main">${body}</main>${ways(built[n - 1], built[n + 1], coursework && "All assignments")}</div></div>${liveParts(pageData(notebooks[n], coursework))}`;
    const sections = sectionsOf(headings).map(({ id }) => id);
    pages.set(
      `${name}.html`,
      page({
        site: title,
        title: one.title,
        description: one.question,
        main: (coursework ? unpackFirst : "") + main,
        script: settingsScript(kept) + laterScript(body),
        reading: { name: kept, sections },
      }),
    );
  });
  const main = coursework
    ? unpackFirst + classMain(title, built)
    : homeMain(title, byParts(built), heights);
  pages.set("index.html", page({ site: title, title, description: title, main, isHome: true }));
  return pages;
}

/** The parts of a page that its contents name. */
export function sectionsOf(headings: readonly Heading[]): Heading[] {
  return headings.filter(({ level }) => level === 2);
}

/** Under which name a browser keeps how far a page was read: assignments are called as notebooks of the course are. */
export function keptName(name: string, isAssignment: boolean): string {
  return isAssignment ? `coursework/${name}` : name;
}

/** Who opens a page within an archive has none of the files beside it: then no style sheet hides this. */
const unpackFirst =
  '<p class="unpack-first">If this page looks bare, it was opened inside its archive: unpack the whole archive, and open the page there.</p>';

function contents({ title, headings }: Built): string {
  const entries = sectionsOf(headings).map(
    ({ id, html }) => `<li><a href="#${id}"><span>${html}</span></a></li>`,
  );
  if (entries.length === 0) return '<details class="toc"></details>';
  return (
    `<details class="toc"><summary><b>${escapeHtml(title)}</b><span class="soft here">On this page</span></summary>` +
    `<span class="meter" aria-hidden="true"><i></i></span>` +
    `<nav aria-label="On this page"><ol>${entries.join("")}</ol><p class="done"></p></nav></details>` +
    // Before anything is drawn: beside the text it is open, as a bar it is closed.
    '<script>{const t=document.querySelector(".toc"),w=matchMedia("(min-width: 72rem)"),f=()=>{const b=!w.matches||root.classList.contains("with-sources");t.open=!b;t.classList.toggle("is-bar",b)};w.onchange=f;t.addEventListener("fit",f);f()}</script>'
  );
}

function ways(before: Built | undefined, next: Built | undefined, all = "All notebooks"): string {
  const link = (one: Built | undefined, kind: string, words: string) =>
    one
      ? `<a class="${kind}" href="${one.name}.html"><span class="soft">${words}</span><b>${escapeHtml(one.title)}</b>${kind === "next" ? `<span class="soft">${inlineHtml(one.question)}</span>` : ""}</a>`
      : "";
  return `<footer><nav class="ways" aria-label="Notebooks">${link(before, "before", "← Before")}<a href="index.html" class="all">${all}</a>${link(next, "next", "Next →")}</nav></footer>`;
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
  return scripts
    .set("notebooks.js", script("pageIds", ids))
    .set("sections.js", script("sections", searchSections(notebooks)));
}

/** What can be searched: the parts of all pages, in order, from each heading to the next. */
export function searchSections(notebooks: readonly Named[]): Section[] {
  return notebooks.flatMap(({ name, notebook }) => {
    const { title } = headOf(notebook);
    const sections: Section[] = [
      { href: `${name}.html`, page: title, heading: title, terms: "", text: "", code: "" },
    ];
    const headings: Heading[] = [];
    for (const { cell_type, source } of notebook.cells) {
      const text = textOf(source);
      if (cell_type === "code") {
        sections[sections.length - 1].code += `${text}\n`;
        continue;
      }
      const known = headings.length;
      proseHtml(text, headings); // gives each heading the id that it has on its page
      const [before, ...pieces] = text.split(/^#{2,} (?=.)/m);
      const last = sections[sections.length - 1];
      last.terms += termsOf(before);
      last.text += `${plainText(before.replace(/^# .*/m, ""))} `;
      pieces.forEach((piece, n) => {
        const [heading, ...lines] = piece.split("\n");
        const { id } = headings[known + n];
        sections.push({
          href: `${name}.html#${id}`,
          page: title,
          heading: plainText(heading),
          terms: termsOf(piece),
          text: `${plainText(lines.join("\n"))} `,
          code: "",
        });
      });
    }
    return sections;
  });
}

/** What a part introduces stands in bold; what is bold at the head of a quotation says whose it is. */
function termsOf(markdown: string): string {
  return Array.from(markdown.matchAll(/(?<!^> ?)\*\*(.+?)\*\*/gm), ([, term]) => `${term} `).join(
    "",
  );
}

/** @throws Error for a notebook whose first cell does not say it */
export function headOf({ cells }: NotebookFile): Head {
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

/** Above this, a line of code does not fit under the prose. */
const columns = 68;

function cellHtml(cell: NotebookCell, place: number, headings: Heading[]): string {
  const { cell_type, id, source, metadata, outputs = [] } = cell;
  const text = textOf(source);
  if (isInWords(cell))
    return `<div class="answer" data-answer="${escapeHtml(id)}"><div class="prose">${proseHtml(text)}</div></div>`;
  if (cell_type === "markdown") return `<div class="prose">${proseHtml(text, headings)}</div>`;
  const code = `<pre class="code" tabindex="0" role="group" aria-label="Code of cell ${place}"><code>${highlighted(text)}</code></pre>`;
  const fold = foldOf(text, metadata);
  const shown = fold ? `<details class="fold"><summary>${fold}</summary>${code}</details>` : code;
  const isLong = text.split("\n").some((line) => line.length > columns);
  const looks = [
    "cell",
    ...(isLong ? ["long"] : []),
    ...(metadata.tags?.includes("try-it") ? ["try"] : []),
    ...(isFixed(cell) ? ["given"] : []),
  ];
  const all = outputs.map((output) => outputHtml(output, setMath)).join("");
  return `<div class="${looks.join(" ")}" data-cell="${escapeHtml(id)}">${shown}<div class="bar"></div><div class="outputs">${all}</div></div>`;
}

/** What stands in place of code that is folded, as HTML: imports, and what a notebook hides itself. */
function foldOf(code: string, { jupyter }: NotebookCell["metadata"]): string | undefined {
  const bare = code.replace(/^\s*\/\/.*$/gm, "");
  if (!/^(?:\s*import\b[^;]*;)+\s*$/.test(bare))
    return jupyter?.source_hidden ? "The code of this cell" : undefined;
  const names = Array.from(bare.matchAll(/\bimport\b([^;]*?)\bfrom\b/g), ([, clause]) =>
    clause.match(/[\w$]+(?=\s*(?:,|\}|$))/g),
  ).flat();
  return `Imports <code>${escapeHtml(names.join(", "))}</code>`;
}

/** What the page's script has to know of the notebook beyond what the page shows. */
function pageData(
  { name, notebook, file, dependencies, seconds = {} }: Named,
  coursework?: Coursework,
): PageData {
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  return {
    name,
    file: file ?? `${name}.ipynb`,
    cells: code.map((cell, n) => ({
      id: cell.id,
      ...(cell.metadata.tags?.length ? { tags: cell.metadata.tags } : {}),
      ...(seconds[cell.id] === undefined ? {} : { seconds: seconds[cell.id] }),
      ...(dependencies ? { dependencies: dependencies[n] } : {}),
      ...(isFixed(cell) ? { isGiven: true } : {}),
    })),
    ...(coursework ? { coursework: { assignment: name, ...coursework } } : {}),
  };
}

function liveParts(data: PageData): string {
  const json = JSON.stringify(data).replace(/</g, "\\u003c");
  const script = data.coursework ? "coursework.js" : "live.js";
  return `<script type="application/json" id="notebook">${json}</script><script src="${assets}${script}"></script>`;
}

/**
 * Explorables begin with the settings that were kept for them, cards with the answers that were kept for this notebook; both
 * may come alive before the page's own script, and before the end of the page is there.
 */
function settingsScript(name: string): string {
  const key = JSON.stringify(pageKey(name));
  return `root.dataset.notebook=${JSON.stringify(name)};try{window.backpropSettings=JSON.parse(localStorage.getItem(${key})).settings}catch{}`;
}

/**
 * What makes figures and explorables live is loaded when the reader first does something, since it is more than all the
 * rest of a page's scripts: until then their stills say the same. See pageScript of src/show, which looks here first. A link
 * that brings settings along is something done.
 */
function laterScript(body: string): string {
  const files = [
    ...(body.includes("data-explore=") ? ["explore.js"] : []),
    ...(body.includes('data-figure="plotly"') ? ["figures.js"] : []),
    ...(body.includes("data-card=") ? ["cards.js"] : []),
  ];
  if (files.length === 0) return "";
  return (
    ";{const touch=new Promise(y=>{if(location.hash.includes('='))y();" +
    "for(const t of ['pointermove','pointerdown','touchstart','wheel','scroll','keydown','focusin'])addEventListener(t,y,{once:true,passive:true,capture:true})});" +
    `const load=f=>touch.then(()=>new Promise((y,n)=>{const s=document.createElement("script");s.src="${assets}"+f;s.onload=y;s.onerror=n;document.head.append(s)}));` +
    `const files=${JSON.stringify(files)}.map(f=>[f,load(f)]);` +
    // Cards grow. A browser keeps what is read in its place, but not if that changes within the same frame.
    'const drawn=()=>new Promise(y=>requestAnimationFrame(()=>requestAnimationFrame(y)));const grown=files.find(([f])=>f==="cards.js")?.[1].then(drawn,drawn);' +
    'window.backpropFiles=Object.fromEntries(files.map(([f,p])=>[f,f==="cards.js"?p:p.then(()=>grown)]));}'
  );
}
