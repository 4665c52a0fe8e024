/** The little Markdown that cards are written in, as HTML that stands wherever outputs are shown. */
import { escapeHtml, formulaHtml } from "../show";

/**
 * Text with `code`, **bold**, *slanted* and $formulas$ as HTML, a paragraph for each part between empty lines.
 * A backslash before a sign keeps the sign.
 *
 * @throws RangeError for a formula with a command that `formulaHtml` does not know
 */
export function markupHtml(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${phraseHtml(paragraph)}</p>`)
    .join("");
}

/** The same for one phrase, without a paragraph around it. */
export function phraseHtml(text: string): string {
  const pieces = /`([^`]+)`|\$([^$]+)\$|\*\*(.+?)\*\*(?!\*)|\*(?=\S)([^*]+)\*|\\([`$*\\])/g;
  let html = "";
  let at = 0;
  for (const found of text.matchAll(pieces)) {
    const [all, code, math, bold, slanted, sign] = found;
    html += escapeHtml(text.slice(at, found.index));
    if (code) html += `<code>${escapeHtml(code)}</code>`;
    else if (math) html += mathHtml(math);
    else if (bold) html += `<strong>${phraseHtml(bold)}</strong>`;
    else if (slanted) html += `<em>${phraseHtml(slanted)}</em>`;
    else html += escapeHtml(sign);
    at = (found.index ?? 0) + all.length;
  }
  return html + escapeHtml(text.slice(at));
}

/** What is left of HTML without its tags: for attributes, and for where only text is shown. */
export function textOf(html: string): string {
  return html
    .replace(/<\/(?:p|li|tr|table|caption)>/g, "\n")
    .replace(/<sup>/g, "^")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .trim();
}

function mathHtml(latex: string): string {
  const html = formulaHtml(latex);
  if (html.includes("\\"))
    throw new RangeError(
      `The formula $${latex}$ holds ${/\\[a-zA-Z]*/.exec(html)?.[0]}, which a card cannot show: write it in simpler signs.`,
    );
  return `<span style="font-family:'STIX Two Text','Cambria Math',Cambria,Georgia,serif;white-space:nowrap">${html}</span>`;
}
