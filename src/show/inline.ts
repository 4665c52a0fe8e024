/**
 * Explorables and cards where a page may run scripts within its outputs, but load none: in VS Code, and in a notebook exported
 * as HTML. There the script that brings them to life stands in an output itself.
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

/** The scripts that can stand in an output, and what each is made from. (Figures would need all of Plotly.) */
const entries: Record<string, string> = {
  "explore.js": "../explore/page/main.tsx",
  "cards.js": "../cards/page/main.tsx",
};
const made = new Map<string, string>();

/** The script element that does once for a page what the file does, if there can be one. That of explorables has 150 KB. */
export function inlineScript(file: string): string {
  const entry = entries[file];
  if (entry === undefined) return "";
  let script = made.get(file);
  if (script === undefined) {
    const { buildSync } = require("esbuild") as Esbuild;
    const { outputFiles } = buildSync({ ...pageBundle, entryPoints: [require.resolve(entry)] });
    // What would end the element, or begin a comment in it, stands in texts only.
    const code = outputFiles[0].text.trim().replace(/<(?=\/script|!--)/gi, "\\x3C");
    // Outputs wait for the event where they could load nothing.
    script =
      `<script>if(!(window.backpropInline??={})["${file}"]){${code}backpropInline["${file}"]=1;` +
      `(window.backpropFiles??={})["${file}"]??=Promise.resolve();dispatchEvent(new Event("backprop:${file}"))}</script>`;
    made.set(file, script);
  }
  return script;
}

/**
 * Makes all explorables and cards of a notebook live, those above and below, where scripts may only stand in outputs: as a
 * cell's last expression, before the notebook is exported as HTML.
 */
export function liveOutputs(): Displayable {
  const words =
    "Explorables and cards are live in this notebook wherever scripts run, in an exported page too.";
  const scripts = () => Object.keys(entries).map(inlineScript).join("");
  return {
    [display]: () => ({ "text/html": `<p>${words}</p>${scripts()}`, "text/plain": words }),
  };
}

/** Whether VS Code has started this kernel: its outputs can load no script. (plotly.py looks for the same variable.) */
export function isInVsCode(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  try {
    return process?.env?.VSCODE_PID !== undefined;
  } catch {
    return false; // the kernel of a page has no environment, and says so
  }
}
