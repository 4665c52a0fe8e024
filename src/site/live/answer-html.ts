/// <reference lib="dom" />
/** An answer in words as HTML, formulas set: bundled into a script that a page with such an answer loads. */
import markdownMath from "@vscode/markdown-it-katex";
import MarkdownIt from "markdown-it";
import { parts } from "./scripts";

// What a student writes, or brings in a file, is text: no HTML of it acts, and a formula that is not finished is shown as it stands.
const markdown = new MarkdownIt({ html: false, linkify: false }).use(markdownMath, {
  throwOnError: false, // (the renderer brings KaTeX along)
});
// Nothing is loaded from anywhere: a picture is its words.
markdown.renderer.rules.image = (tokens, index) => markdown.utils.escapeHtml(tokens[index].content);

parts().answerHtml = (text) => markdown.render(text);
