/** The notebooks' Markdown as HTML: formulas set, code coloured, headings that can be linked to. */
import markdownMath from "@vscode/markdown-it-katex";
import highlighter from "highlight.js/lib/core";
import typescript from "highlight.js/lib/languages/typescript";
import katex from "katex";
import MarkdownIt, { type Token } from "markdown-it";
import { notebookName } from "../notebooks";
import { inBoxes } from "./output-html";

/** A heading of a page. */
export interface Heading {
  id: string;
  level: number;
  /** As HTML. */
  html: string;
}

highlighter.registerLanguage("typescript", typescript);
const markdown = new MarkdownIt({ html: false, linkify: false, highlight: highlighted }).use(
  markdownMath,
  { katex, throwOnError: true },
);

// A notebook links to notebooks, a page to pages.
const plainLink = markdown.renderer.rules.link_open;
markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
  const href = String(tokens[index].attrGet("href") ?? "");
  const [, file, part] = /^([\w.-]+\.ipynb)?(?:#(.*))?$/.exec(href) ?? [];
  if (file || part !== undefined) {
    const page = file ? `${notebookName(file)}.html` : "";
    tokens[index].attrSet("href", page + (part ? `#${slug(decodeURIComponent(part))}` : ""));
  }
  return plainLink
    ? plainLink(tokens, index, options, env, self)
    : self.renderToken(tokens, index, options);
};

// What lies outside the notebooks' folder is not on the site: its name stays, and a live page opens the sources that it names.
markdown.core.ruler.push("outside", ({ tokens }) => {
  for (const { children } of tokens) {
    children?.forEach((open, n) => {
      if (open.type !== "link_open" || !String(open.attrGet("href")).startsWith("../")) return;
      const close = children.slice(n).find(({ type }) => type === "link_close");
      for (const end of [open, close]) if (end) Object.assign(end, { type: "text", content: "" });
    });
  }
});

/** What else has an id in a page: see shell.ts. */
const taken = ["main", "notebook", "search"];

// Each heading below the title can be linked to, by its words.
markdown.core.ruler.push("headings", ({ tokens, env, md }) => {
  const headings = env.headings as Heading[];
  tokens.forEach(({ type, tag }, n) => {
    const level = Number(tag.slice(1));
    if (type !== "heading_open" || level < 2) return;
    const inline = tokens[n + 1].children ?? [];
    const name = slug(words(inline)) || "section";
    const ids = [...taken, ...headings.map(({ id }) => id)];
    let id = name;
    for (let again = 2; ids.includes(id); again++) id = `${name}-${again}`;
    tokens[n].attrSet("id", id);
    headings.push({ id, level, html: md.renderer.render(inline, md.options, env) });
  });
});
markdown.renderer.rules.heading_close = (tokens, index, options, _env, self) => {
  const id = tokens[index - 2].attrGet("id"); // opened, its words, closed
  const link = id ? ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a>` : "";
  return link + self.renderToken(tokens, index, options);
};

/**
 * @param headings gains those of the text, each with an id of its own among all of them
 * @throws katex.ParseError if a formula cannot be set
 */
export function proseHtml(text: string, headings: Heading[] = []): string {
  const visible = text.replace(/<!--.*?-->/gs, ""); // what Jupyter and GitHub leave out, too
  return inBoxes(markdown.render(visible, { headings }));
}

/** A line of Markdown as HTML. */
export function inlineHtml(text: string): string {
  return markdown.renderInline(text);
}

export function highlighted(code: string): string {
  return highlighter.highlight(code, { language: "typescript" }).value;
}

export function setMath(latex: string): string {
  return katex.renderToString(latex, { displayMode: true });
}

/** The words of some Markdown, without its formulas. */
export function plainText(text: string): string {
  return words(markdown.parse(text.replace(/<!--.*?-->/gs, ""), { headings: [] }))
    .replace(/\s+/g, " ")
    .trim();
}

function words(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) => {
      if (children) return `${words(children)} `;
      return /^(?:text|code_inline|code_block|fence)$/.test(type)
        ? content
        : type === "softbreak"
          ? " "
          : "";
    })
    .join("");
}

/** Words as they stand in an address: «Two signs» is two-signs. */
export function slug(text: string): string {
  return text
    .normalize("NFC")
    .replace(/['’]/g, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
