// Lets Node load the kernel's TypeScript: compiled by tslab's compiler, which the kernel holds anyway, and kept in
// .jupyter/compiled. (tsx does the same for all other scripts; to a kernel, of which a class runs dozens on one
// machine, it adds 25 MB and a sixth of a second.) Plain JavaScript, as it runs before anything is compiled.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, relative } = require("node:path");
const { isMainThread } = require("node:worker_threads");

const root = dirname(dirname(__dirname));
const folder = join(root, ".jupyter", "compiled");

/** @returns {typeof import("@tslab/typescript-for-tslab")} */
const load = () => require("@tslab/typescript-for-tslab");
// Taken here, before typescript.ts hands tslab a changed one. Other threads find their few files compiled.
const compiler = isMainThread ? load() : undefined;
const { version } = require("@tslab/typescript-for-tslab/package.json");

/**
 * A source file as CommonJS without its types: from the folder, if the same text was compiled before by the same
 * compiler on the same Node; and kept there, where that folder can be written.
 *
 * @param {string} path
 * @param {string} text
 * @returns {{ outputText: string, sourceMapText: string }}
 */
function compiled(path, text) {
  const from = createHash("sha256")
    .update(`${version} ${process.versions.node}\n${text}`)
    .digest("hex");
  const name = relative(root, path).replace(/[^\w.-]/g, "_");
  const place = join(folder, `${name}.json`);
  try {
    const found = JSON.parse(readFileSync(place, "utf8"));
    if (found.from === from) return found;
  } catch {
    // Not there yet, or not whole: it is made now.
  }
  const made = compile(path, text);
  try {
    mkdirSync(folder, { recursive: true });
    // Another kernel may be reading: a file is there whole, or not at all.
    const own = `${place}.${process.pid}`;
    writeFileSync(own, JSON.stringify({ from, ...made }));
    renameSync(own, place);
  } catch {
    // A folder that cannot be written: every kernel compiles for itself.
  }
  return made;
}

/**
 * @param {string} fileName
 * @param {string} text
 */
function compile(fileName, text) {
  const ts = compiler ?? load();
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
    noImplicitUseStrict: true,
    newLine: ts.NewLineKind.LineFeed,
    sourceMap: true,
    target: ts.ScriptTarget.ES2022,
  };
  const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
    fileName,
    compilerOptions,
  });
  return { outputText: outputText.replace(/\/\/# sourceMappingURL=\S*\s*$/, ""), sourceMapText };
}

require.extensions[".ts"] = (module, path) => {
  const { outputText } = compiled(path, readFileSync(path, "utf8"));
  /** @type {any} */ (module)._compile(outputText, path);
};

module.exports = { compiled };
