/**
 * Compiles a source file of the project for whoever runs it: the kernel's own files in Node, and what cells import,
 * there and in a page. Plain JavaScript, as it runs before anything is compiled.
 *
 * @param {typeof import("@tslab/typescript-for-tslab")} ts
 * @param {string} fileName
 * @param {string} text
 * @param {object} [options]
 * @param {boolean} [options.removeComments]
 * @param {import("@tslab/typescript-for-tslab").TransformerFactory<import("@tslab/typescript-for-tslab").SourceFile>[]} [options.before]
 *   what changes the source before its types go
 * @returns {{ outputText: string, sourceMapText: string }} CommonJS without types
 */
exports.compile = (ts, fileName, text, { removeComments = false, before } = {}) => {
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
    transformers: { before },
  });
  return { outputText: outputText.replace(/\/\/# sourceMappingURL=\S*\s*$/, ""), sourceMapText };
};
