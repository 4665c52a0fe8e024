/** The scripts of the submission's process, bundled when grading starts: it may read no file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as ts from "@tslab/typescript-for-tslab";
import { build, type Plugin } from "esbuild";
import { isFree, nameOf, rooms, whyNoModule } from "../../coursework/offered";
import { projectRoot } from "../node/argv";
import type { Beginning } from "./child";

export interface Programs extends Beginning {
  /** The script that the process is started with. */
  child: string;
}

/** @param allowed what of the library answers may use */
export async function bundle(allowed: readonly string[]): Promise<Programs> {
  const modules = rooms.flatMap(filesOf).filter((name) => whyNoModule(name) === undefined);
  // Each is loaded when it is asked for: some of the inner files are made for a page.
  const entries = modules
    .map((name) => JSON.stringify(name))
    .map((name) => `get ${name}() { return require(${name}); }`);
  const folder = "./src/kernel/grading";
  const [child, inside, library] = await Promise.all([
    script(`import "${folder}/child";`, "node"),
    script(`export { start } from "${folder}/inside";`, "neutral"),
    script(`export const modules = { ${entries.join(", ")} };`, "neutral", [
      withoutPictures,
      withoutAnswers,
      askingFirst,
    ]),
  ]);
  return {
    child,
    inside: `(outside, library, allowed) => { ${inside}; return program.start(outside, library, allowed); }`,
    allowed,
    library: `function (${ask}) { ${library}; return program.modules; }`,
  };
}

/** A room's front door and what is behind it, as cells import it. */
function filesOf(room: string): string[] {
  const files = (name: string) =>
    existsSync(join(projectRoot, name)) ? readdirSync(join(projectRoot, name)) : [];
  const door = existsSync(join(projectRoot, `${room}.ts`)) ? [room] : [];
  const inner = files(room).filter((file) => file.endsWith(".ts"));
  return [...door, ...inner.map((file) => `${room}/${basename(file, ".ts")}`)];
}

/** One script, which sets the variable `program` to what the entry exports. */
async function script(
  entry: string,
  platform: "node" | "neutral",
  plugins: Plugin[] = [],
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: projectRoot },
    platform,
    bundle: true,
    write: false,
    format: "iife",
    globalName: "program",
    target: "es2022",
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    plugins,
  });
  return `"use strict"; ${outputFiles[0].text}`;
}

/** Pictures are drawn by packages that need all of Node: elsewhere (pictures.ts), from what stands in their place. */
const withoutPictures: Plugin = {
  name: "without pictures",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]show[\\/](?:still|document|canvas)\.ts$/ }, () => ({
      contents: `
        export const drawStill = async (figure, width, height) => ({ svg:
          '<svg xmlns="http://www.w3.org/2000/svg"><desc>figure:' +
          encodeURIComponent(JSON.stringify({ figure, width, height })) +
          '</desc><text y="20">This figure was not drawn.</text></svg>' });`,
    }));
  },
};

/** The right values of all tasks stay with the tests. */
const withoutAnswers: Plugin = {
  name: "without answers",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]coursework\.ts$/ }, ({ path }) => ({
      resolveDir: dirname(path),
      contents: `
        export { numericalGradient } from "./coursework/numerical-gradient";
        export const check = async () => "Checks are for you: grading runs its own.";
        export const score = check;`,
    }));
  },
};

/** What the library's functions call, with their names, before they do anything. */
const ask = "__ask__";

/**
 * The library asks for leave in each of its functions, the inner ones, methods and getters too: so whatever way to
 * it an answer finds (an object that holds it, a function made before), it finds nobody at home.
 */
const askingFirst: Plugin = {
  name: "asking first",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: isFree(path) ? readFileSync(path) : withQuestions(path, readFileSync(path, "utf8")),
    }));
  },
};

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
