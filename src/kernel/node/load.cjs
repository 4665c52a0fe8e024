// Lets Node load the kernel's TypeScript: compiled by tslab's compiler, which the kernel holds anyway, and kept in
// .jupyter/compiled. (tsx does the same for all other scripts; to a kernel, of which a class runs dozens on one
// machine, it adds 25 MB and a sixth of a second.) Plain JavaScript, as it runs before anything is compiled.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const { dirname, join, relative } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");
const { isMainThread, threadId, workerData } = require("node:worker_threads");
const { compile } = require("../compile.cjs");

require("./budget.cjs");

const root = dirname(dirname(dirname(__dirname)));
const folder = join(root, ".jupyter", "compiled");
const { version } = require("@tslab/typescript-for-tslab/package.json");

/** To be called once the compiler has compiled something: then its code holds what that took. */
let keepCode = () => {};

/**
 * The compiler. What the engine makes of its eight megabytes of text is kept, too: a fifth less until the first cell.
 *
 * @returns {typeof import("@tslab/typescript-for-tslab")}
 */
function load() {
  const compiler = require.resolve("@tslab/typescript-for-tslab");
  const usual = require.extensions[".js"];
  require.extensions[".js"] = (module, path) =>
    path === compiler ? loadQuickly(module, path) : usual(module, path);
  try {
    return require(compiler);
  } finally {
    require.extensions[".js"] = usual;
  }
}

/** @type {NonNullable<NodeJS.RequireExtensions[".js"]>} */
function loadQuickly(module, path) {
  // The tag follows from the engine, its options and the processor: what was made for others is refused.
  const place = join(folder, `compiler-${version}-${cachedDataVersionTag()}.bin`);
  let cachedData;
  try {
    cachedData = readFileSync(place);
  } catch {
    // No kernel has compiled anything here yet.
  }
  const script = new Script(wrap(readFileSync(path, "utf8")), { filename: path, cachedData });
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, createRequire(path), module, path, dirname(path));
  if (cachedData && !script.cachedDataRejected) return;
  keepCode = () => {
    keepCode = () => {};
    write(place, () => script.createCachedData());
  };
}

// Taken here, before typescript.ts hands tslab a changed one: by threads that compile cells, too. Others find their few
// files compiled.
const compiler = isMainThread || workerData?.student ? load() : undefined;
/**
 * What a kernel before this one found out and kept under a name, if it is still true.
 *
 * @param {string} name
 * @param {string} from what it was found out from: another text, and it is not true any more
 */
function kept(name, from) {
  try {
    const found = JSON.parse(readFileSync(placeOf(name), "utf8"));
    if (found.from === stamp(from)) return found.value;
  } catch {
    // Not there yet, or not whole.
  }
}

/**
 * Keeps a value, where the folder can be written; elsewhere every kernel works it out for itself.
 *
 * @template T
 * @param {string} name
 * @param {string} from
 * @param {T} value
 * @param {{ isPrivate?: boolean }} [how] whether no other user of this machine may read it
 */
function keep(name, from, value, { isPrivate = false } = {}) {
  const mode = isPrivate ? 0o600 : 0o666;
  write(placeOf(name), () => JSON.stringify({ from: stamp(from), value }), mode);
  if (isPrivate) keepCode(); // it is a cell's: for one, the compiler does all that it does
  return value;
}

/** @param {string} place @param {() => string | Buffer} make @param {number} [mode] */
function write(place, make, mode) {
  try {
    mkdirSync(folder, { recursive: true });
    // Another kernel may be reading: a file is there whole, or not at all.
    const own = `${place}.${process.pid}-${threadId}`;
    writeFileSync(own, "", { mode }); // refused before anything is made
    writeFileSync(own, make());
    renameSync(own, place);
  } catch {
    // See above.
  }
}

/** @param {string} name */
const placeOf = (name) => join(folder, `${name.replace(/[^\w.-]/g, "_")}.json`);

const how = [__filename, require.resolve("../compile.cjs")]
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

/** The same only for the same text, compiler, Node, and way to compile. @param {string} text */
function stamp(text) {
  return createHash("sha256")
    .update([version, process.versions.node, how, text].join("\n"))
    .digest("hex");
}

/**
 * A source file as CommonJS without its types, if need be from the folder.
 *
 * @param {string} path
 * @param {string} text
 * @returns {{ outputText: string, sourceMapText: string }}
 */
function compiled(path, text) {
  const name = relative(root, path);
  return kept(name, text) ?? keep(name, text, compile(compiler ?? load(), path, text));
}

require.extensions[".ts"] = (module, path) => {
  const { outputText } = compiled(path, readFileSync(path, "utf8"));
  /** @type {any} */ (module)._compile(outputText, path);
};

/** Here because compiled code has no `import()` of its own. @param {string} address */
const importModule = (address) => import(address);

module.exports = { compiled, importModule, kept, keep };
