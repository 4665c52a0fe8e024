/** The kernel for pages, as scripts: its worker, the language's declarations, and the sources that cells import. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import type { SourceFile, TransformerFactory } from "@tslab/typescript-for-tslab";
import { build, type Plugin } from "esbuild";
import { compile } from "../kernel/compile.cjs";
import { projectRoot } from "../kernel/node/argv";
import { isSource, library, root } from "../kernel/page/files";
import { type Parcel, scriptName, unpack } from "../kernel/page/kernel";
import type { Shipment } from "../kernel/page/messages";
import { declarations as ofNode } from "../kernel/page/node-only";
import { compileOptions } from "../kernel/page/stoppable";

const { resolve } = createRequire(import.meta.url);
const compiler = resolve("@tslab/typescript-for-tslab");
const ts: typeof import("@tslab/typescript-for-tslab") = createRequire(import.meta.url)(compiler);
const kernel = join(projectRoot, "src", "kernel");

/** What a page takes in place of files that only Node can run. */
const instead: Record<string, string> = { "src/show/still.ts": "src/show/no-still.ts" };

/** The rooms that most notebooks import: they come with the kernel, and all others when a cell imports them. */
const atOnce = ["arithmetic", "data", "nn", "show", "training"];

/** How many scripts hold what comes at once: a page shows how many it has. */
const parts = 8;

/** Making them takes some seconds: once for all folders that a process writes. */
let made: Promise<Map<string, string>> | undefined;

/** Writes the scripts into a folder that is there. */
export async function writePageKernel(folder: string): Promise<void> {
  made ??= kernelScripts();
  for (const [name, text] of await made) writeFileSync(join(folder, name), text);
}

async function kernelScripts(): Promise<Map<string, string>> {
  const files = workerFiles();
  const rooms = roomsLater();
  const ofRooms = new Set(Object.values(rooms).flat());
  const atFirst = Object.keys(files).filter((path) => !ofRooms.has(path));
  const parcel: Parcel = { worker: await worker(), ...shipment(files, atFirst), rooms };
  const scripts = new Map(scriptsOf(scriptName, cutUp(JSON.stringify(parcel), parts)));
  for (const [room, paths] of Object.entries(rooms)) {
    const texts = cutUp(JSON.stringify(shipment(files, paths)), 1);
    for (const [name, text] of scriptsOf(() => scriptName(room), texts)) scripts.set(name, text);
  }
  return scripts;
}

function scriptsOf(nameOf: (part: number) => string, texts: string[]): [string, string][] {
  return texts.map((text, part) => [
    nameOf(part),
    `${unpack}(${part}, ${texts.length}, String.raw\`${text}\`);\n`,
  ]);
}

function shipment(all: Record<string, string>, paths: readonly string[]): Shipment {
  const files = Object.fromEntries(paths.map((path) => [path, all[path]]));
  const compiled: Shipment["compiled"] = {};
  for (const path of paths.filter(isSource)) {
    const before = [...compileOptions(path).before, withoutDocs];
    const { outputText: code, sourceMapText } = compile(ts, path, all[path], { before });
    compiled[path] = { code, mappings: JSON.parse(sourceMapText).mappings };
  }
  return { files, compiled };
}

/** Leaves out what stands before functions: it is in the source. What is written in them may be shown as their text. */
const withoutDocs: TransformerFactory<SourceFile> = () => (file) => {
  for (const statement of file.statements)
    ts.setEmitFlags(statement, ts.EmitFlags.NoLeadingComments);
  return file;
};

/** The files that the worker knows, by path: the language's declarations, the page's own, and sources. */
export function workerFiles(): Record<string, string> {
  const read = (...path: string[]) => readFileSync(join(kernel, ...path), "utf8");
  return {
    ...libraryFiles(),
    [`${root}/src/kernel/globals.d.ts`]: `${read("page", "globals.d.ts")}\n${ofNode}\n`,
    [`${root}/src/kernel/dialogs.d.ts`]: read("dialogs.d.ts"),
    ...sourcesOfCells(),
  };
}

/** JSON in pieces that can stand between the backticks of `String.raw`, and in ASCII, whatever a server says of it. */
function cutUp(json: string, parts: number): string[] {
  const text = json
    .replace(/`/g, "\\u0060")
    .replace(/\$/g, "\\u0024")
    .replace(/[^\n -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const pieces: string[] = [];
  const length = Math.ceil(text.length / parts);
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + length);
    // What a backslash begins stays in one piece.
    while (text[end - 1] === "\\") end--;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** The language's declarations, by their paths in the worker. */
function libraryFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  const take = (name: string): void => {
    const path = `${library}/${name}`;
    if (path in files) return;
    files[path] = readFileSync(join(dirname(compiler), name), "utf8");
    for (const [, more] of files[path].matchAll(/<reference lib="([^"]+)"/g))
      take(`lib.${more}.d.ts`);
  };
  take("lib.es2022.d.ts");
  return files;
}

/** The front doors that run without Node, and what is behind them, by their paths in the worker. */
function sourcesOfCells(): Record<string, string> {
  return Object.assign({}, ...rooms().map(reachedFrom));
}

/** The files of the rooms that come when a cell imports them: what a room alone has, by its name. */
function roomsLater(): Parcel["rooms"] {
  const reached = new Map(rooms().map((room) => [room, Object.keys(reachedFrom(room))]));
  const later: Parcel["rooms"] = {};
  for (const [room, paths] of reached) {
    const others = new Set([...reached].flatMap(([other, more]) => (other === room ? [] : more)));
    const own = paths.filter((path) => !others.has(path));
    if (own.length > 0 && !atOnce.includes(room)) later[room] = own;
  }
  return later;
}

const rooms = () =>
  readdirSync(join(projectRoot, "src"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => name.slice(0, -3));

/** A room's front door with all that it imports; nothing if any of that is a package, or Node's. */
function reachedFrom(room: string): Record<string, string> {
  const files: Record<string, string> = {};
  const waiting = [`src/${room}.ts`];
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (`${root}/${path}` in files) continue;
    const text = readFileSync(join(projectRoot, instead[path] ?? path), "utf8");
    files[`${root}/${path}`] = text;
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (!fileName.startsWith(".")) return {};
      const file = join(dirname(join(projectRoot, path)), `${fileName}.ts`);
      if (!existsSync(file)) return {};
      waiting.push(relative(projectRoot, file).split(sep).join("/"));
    }
  }
  return files;
}

/** The worker's script. */
async function worker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(kernel, "page", "worker.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "error",
    plugins: [withoutNode],
    // tslab asks for the Node whose language it compiles for: that of ES2022.
    define: {
      "process.version": '"v20.0.0"',
      __dirname: JSON.stringify(`${root}/node_modules/tslab/dist`),
    },
    // The compiler takes these only if it finds itself in Node.
    external: ["fs", "os", "crypto", "inspector", "perf_hooks", "buffer", "source-map-support"],
  });
  return outputFiles[0].text;
}

/** tslab's converter with what it takes from Node and its packages, and with the changed compiler. */
const withoutNode: Plugin = {
  name: "without Node",
  setup({ onResolve, onLoad }) {
    const isTslab = (path: string) => /[\\/]tslab[\\/]dist[\\/]/.test(path);
    onResolve({ filter: /^path$/ }, ({ importer }) =>
      isTslab(importer) ? { path: join(kernel, "page", "path.ts") } : { external: true },
    );
    onResolve({ filter: /^semver$/ }, () => ({ path: "semver", namespace: "page" }));
    onLoad({ filter: /^semver$/, namespace: "page" }, () => ({
      contents: `exports.major = (version) => Number(/\\d+/.exec(version)[0]);`,
    }));
    onResolve({ filter: /^@tslab\/typescript-for-tslab$/ }, ({ importer }) =>
      isTslab(importer) ? { path: "compiler", namespace: "page" } : undefined,
    );
    onLoad({ filter: /^compiler$/, namespace: "page" }, () => ({
      contents: `module.exports = require(${JSON.stringify(join(kernel, "typescript.ts"))}).changedCompiler;`,
      resolveDir: kernel,
    }));
  },
};
