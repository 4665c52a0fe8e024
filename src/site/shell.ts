/** What all pages of the web edition share. */
import { escapeHtml } from "../show";
import type { PageReading } from "./live/page-data";

/** The folder, beside the pages, with what they share. */
export const assets = "assets/";

export interface PageParts {
  /** The title of the whole. */
  site: string;
  title: string;
  /** In Markdown; it is told in plain words. */
  description: string;
  /** What stands between the head and the end. */
  main: string;
  /** What runs before anything is drawn. */
  script?: string;
  /** What the page's script follows the reader by; missing where there is no notebook. */
  reading?: PageReading;
  isHome?: boolean;
}

/** The theme is chosen before anything is drawn; a browser that keeps nothing follows the system. */
const themeScript =
  'const root=document.documentElement;root.classList.add("scripted");const kept=k=>{try{return localStorage.getItem("theme")}catch{}};' +
  "const theme=t=>{root.dataset.theme=t};theme(kept()??(matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'));" +
  "const toggle=()=>{const t=root.dataset.theme==='dark'?'light':'dark';theme(t);try{localStorage.setItem('theme',t)}catch{}};";

/** A field with what it finds below it: see live/search-field.ts. */
export function searchField(id: string): string {
  return (
    `<form class="search" role="search" onsubmit="return false"><label class="heard" for="${id}">Search the course</label>` +
    `<input type="search" id="${id}" placeholder="Search" autocomplete="off" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="Control+K Meta+K" title="Search (Ctrl+K)">` +
    `<div class="hits" hidden><p role="status"></p><ol></ol></div></form>`
  );
}

export function page(parts: PageParts): string {
  const { site, title, description, main, script = "", reading, isHome = false } = parts;
  const plain = escapeHtml(description.replace(/[$*`]/g, ""));
  const [name, ...more] = site.split(/(?=,)/);
  const mark = isHome
    ? '<span class="mark"></span>'
    : `<a class="mark" href="index.html">${escapeHtml(name)}<span>${escapeHtml(more.join(""))}</span></a>`;
  const data = reading
    ? `<script type="application/json" id="reading">${JSON.stringify(reading).replace(/</g, "\\u003c")}</script>`
    : "";
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
<header class="top${isHome ? " home" : ""}">${mark}${searchField("search")}<button type="button" class="quiet" onclick="toggle()"><span aria-hidden="true">◐</span> <span>Light or dark</span></button></header>
${main}
${data}<script src="${assets}reading.js"></script>
</body>
</html>
`;
}
