/**
 * Explorables where a page may run scripts within its outputs, but load none: in VS Code, and in a notebook exported as HTML.
 * There the script that brings them to life stands in an output itself.
 */
import { type Displayable, display } from "./display";

/** What we use of esbuild, whose own types cells need not check. */
interface Esbuild {
  buildSync(options: object): { outputFiles: { text: string }[] };
}
interface BundleOptions {
  bundle: boolean;
  minify: boolean;
  write: false;
  format: "iife";
  target: string;
  legalComments: "none";
  external: string[];
}

/** How scripts are made for pages, from a file and all that it imports. */
export const pageBundle: BundleOptions = {
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: "es2020",
  legalComments: "none",
  // What is called in Node alone.
  external: ["jsdom", "plotly.js-dist-min", "esbuild", "node:*"],
};

let made: string | undefined;

/** The script element that makes explorables live, once for a page: of about 145 KB. */
export function inlineScript(): string {
  if (made === undefined) {
    const { buildSync } = require("esbuild") as Esbuild;
    const entry = require.resolve("../explore/page/main.tsx");
    const { outputFiles } = buildSync({ ...pageBundle, entryPoints: [entry] });
    // What would end the element, or begin a comment in it, stands in texts only.
    const code = outputFiles[0].text.trim().replace(/<(?=\/script|!--)/gi, "\\x3C");
    made = `<script>if(!window.backprop?.explore){${code}}</script>`;
  }
  return made;
}

/**
 * Makes all explorables of a notebook live, those above and below, where scripts may only stand in outputs: as a cell's
 * last expression, before the notebook is exported as HTML.
 */
export function liveExplorables(): Displayable {
  const words =
    "Explorables are live in this notebook wherever scripts run, in an exported page too.";
  return {
    [display]: () => ({ "text/html": `<p>${words}</p>${inlineScript()}`, "text/plain": words }),
  };
}

/** Whether VS Code has started this kernel: its outputs can load no script. (plotly.py looks for the same variable.) */
export function isInVsCode(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.VSCODE_PID !== undefined;
}
