/**
 * Compiles a source file of the project for whoever runs it: the kernel's own files in Node, and what cells import,
 * there and in a page. Plain JavaScript, as it runs before anything is compiled.
 *
 * @param {typeof import("@tslab/typescript-for-tslab")} ts
 * @param {string} fileName
 * @param {string} text
 * @param {{ removeComments?: boolean }} [options]
 * @returns {{ outputText: string, sourceMapText: string }} CommonJS without types
 */
exports.compile = (ts, fileName, text, { removeComments = false } = {}) => {
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
    noImplicitUseStrict: true,
    newLine: ts.NewLineKind.LineFeed,
    removeComments,
    sourceMap: true,
    target: ts.ScriptTarget.ES2022,
  };
  const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
    fileName,
    compilerOptions,
  });
  return { outputText: outputText.replace(/\/\/# sourceMappingURL=\S*\s*$/, ""), sourceMapText };
};
