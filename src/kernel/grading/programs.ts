/** The scripts of the submission's process, bundled when grading starts: it may read no file. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import * as ts from "@tslab/typescript-for-tslab";
import type { Platform, Plugin } from "esbuild";
import { isFree, nameOf, whyNoModule } from "../../coursework/offered";
import { projectRoot } from "../node/argv";
import { platform } from "../platform";

export interface Programs {
  /** What the process is started with; all else comes through its pipe. */
  child: string;
  /** What lives with the student's code, and the modules that cells may import. */
  inside: string;
  library: string;
  /** What of the library answers may use. */
  allowed: readonly string[];
}

/**
 * Made again only when a source has changed: a class is graded in many processes.
 *
 * @param allowed what of the library answers may use
 */
export async function bundle(allowed: readonly string[]): Promise<Programs> {
  const src = readdirSync(join(projectRoot, "src"), { recursive: true, encoding: "utf8" });
  const files = src.filter((file) => /\.tsx?$/.test(file)).map((file) => join("src", file));
  // package.json has the versions of what is bundled, and of what bundles.
  const texts = ["package.json", ...files].map((file) => readFileSync(join(projectRoot, file)));
  const from = [...files, ...texts].join("\n");
  const kept = platform.kept<Omit<Programs, "allowed">>("grading", from);
  return { ...(kept ?? platform.keep("grading", from, await scripts(files))), allowed };
}

async function scripts(files: readonly string[]) {
  const names = files.filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
  const modules = names.map((n) => `./${n.split(sep).join("/")}`).filter((n) => !whyNoModule(n));
  // Each is loaded when it is asked for: some of the inner files are made for a page.
  const entries = modules.map((name) => `get "${name}"() { return require("${name}"); }`);
  const [child, inside, library] = await Promise.all([
    script('import "./src/kernel/grading/child";', "node"),
    script('export { start } from "./src/kernel/grading/inside";', "neutral"),
    script(`export const modules = { ${entries.join(", ")} };`, "neutral", [forSubmissions]),
  ]);
  return {
    child,
    inside: `(outside, library, allowed) => { ${inside}; return program.start(outside, library, allowed); }`,
    library: `function (${ask}) { ${library}; return program.modules; }`,
  };
}

/** One script, which sets the variable `program` to what the entry exports. */
async function script(entry: string, platform: Platform, plugins?: Plugin[]): Promise<string> {
  const { build } = await import("esbuild"); // which most kernels do not need
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: projectRoot },
    platform,
    bundle: true,
    write: false,
    format: "iife",
    globalName: "program",
    target: "es2022",
    keepNames: true,
    external: ["esbuild"], // for scripts of pages, which no submission makes
    plugins,
  });
  return `"use strict"; ${outputFiles[0].text}`;
}

/** What of the library is another one for a submission. */
const forSubmissions: Plugin = {
  name: "for submissions",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      resolveDir: dirname(path),
      contents: contentsFor(path),
    }));
  },
};

function contentsFor(path: string): string {
  if (/[\\/]show[\\/](?:still|document|canvas)\.ts$/.test(path)) return withoutPictures;
  if (/[\\/]src[\\/]coursework\.ts$/.test(path)) return withoutAnswers;
  const code = readFileSync(path, "utf8");
  return isFree(path) ? code : withQuestions(path, code);
}

/** Pictures are drawn by packages that need all of Node: elsewhere (pictures.ts), from what stands in their place. */
const withoutPictures = `
  export const drawStill = async (figure: unknown, width: number, height: number) => ({ svg:
    '<svg xmlns="http://www.w3.org/2000/svg"><desc>figure:' +
    encodeURIComponent(JSON.stringify({ figure, width, height })) +
    '</desc><text y="20">This figure was not drawn.</text></svg>' });`;

/** The right values of all tasks stay with the tests. */
const withoutAnswers = `
  export { numericalGradient } from "./coursework/numerical-gradient";
  export const check = async () => "Checks are for you: grading runs its own.";
  export const score = check;
  export const ownNumbers = () => "Your own numbers are for you: grading has its own.";
  export const ownResult = ownNumbers;`;

/** What the library's functions call, with their names, before they do anything. */
const ask = "__ask__";

/**
 * While a test asks, the library asks for leave in each of its functions, the inner ones, methods and getters too: so
 * whatever way to it an answer finds (an object that holds it, a given function that calls it), nothing answers.
 */
function withQuestions(path: string, code: string): string {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.Latest, true);
  const inserted: { at: number; text: string }[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    const body = ts.isFunctionLike(node) && "body" in node ? node.body : undefined;
    const question = `${ask}(${JSON.stringify(owner)})`;
    if (body && ts.isBlock(body)) inserted.push({ at: body.getStart() + 1, text: `${question};` });
    else if (body) {
      inserted.push({ at: body.getStart(), text: `(${question}, ` }, { at: body.end, text: ")" });
    }
    ts.forEachChild(node, (child) => visit(child, owner));
  };
  for (const statement of file.statements) {
    const declared = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement];
    for (const one of declared) {
      const name = (one as { name?: ts.Node }).name?.getText() ?? basename(path, ".ts");
      visit(one, nameOf(path, name));
    }
  }
  return inserted
    .sort((one, other) => other.at - one.at)
    .reduce((text, { at, text: more }) => text.slice(0, at) + more + text.slice(at), code);
}
