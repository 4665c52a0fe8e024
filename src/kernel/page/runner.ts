/** Runs cells in a worker: their code by `eval`, and the project's sources as modules. */
import { moduleImport, variableBox } from "../boxed";
import type { CellConverter, Runner } from "../cells";
import { Interruption } from "../interrupt";
import { createVariables } from "../variables";
import { evaluate } from "./evaluate";
import { root } from "./files";
import { isOfNode, nodeModule } from "./node-only";
import { dirname, join } from "./path";

interface Module {
  exports: Record<string, unknown>;
}

export function createRunner(converter: CellConverter, failed: (thrown: unknown) => void): Runner {
  const { box, values } = createVariables();
  /** The compiled sources that cells import, by path. */
  const sources = new Map<string, string>();
  const modules = new Map<string, Module>();

  function load(path: string): Record<string, unknown> {
    const known = modules.get(path);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    // Before it runs: modules may import each other.
    modules.set(path, module);
    try {
      // On the first line: so lines are those of the compiled source.
      const code = `(function (exports, require, module) {${sources.get(path)}\n})`;
      const run = evaluate(code, path) as (...given: unknown[]) => void;
      run(module.exports, requireFrom(dirname(path)), module);
    } catch (thrown) {
      modules.delete(path);
      throw thrown;
    }
    return module.exports;
  }

  const requireFrom = (folder: string) => (name: string) => {
    if (isOfNode(name)) return nodeModule(name);
    const path = join(folder, name);
    const file = [path, `${path}.js`].find((one) => sources.has(one));
    if (name.startsWith(".") && file) return load(file);
    throw new Error(
      `"${name}" cannot be imported in a web page: only the project's own sources can, such as "./src/nn".`,
    );
  };
  const requireHere = requireFrom(root);
  const importHere = async (name: string) => {
    const module = requireHere(String(name));
    return module.__esModule ? module : { ...module, default: module };
  };
  const meta = Object.assign(Object.create(null), { url: `file://${root}/cell.ts` });
  for (const [name, value] of [
    [variableBox, box],
    [moduleImport, Object.assign(importHere, { meta })],
  ] as const) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }

  let stop = () => {};
  return {
    locals: values,
    interrupt: () => stop(),
    async execute(code) {
      const {
        sideOutputs = [],
        diagnostics,
        output,
        hasToplevelAwait,
      } = converter.convert("", code);
      for (const { path, data } of sideOutputs) {
        modules.delete(path);
        sources.set(path, data);
      }
      if (diagnostics.length > 0 || !output) return diagnostics.length === 0;
      try {
        // One line before the cell's own, as tslab has it.
        const kind = hasToplevelAwait ? "async function" : "function";
        const run = evaluate(`(${kind} (exports, require) { ${output}\n})`, nameOf(output));
        const running = (run as (...given: unknown[]) => unknown)({}, requireHere);
        if (!hasToplevelAwait) return true;
        const stopped = new Promise<never>((_, reject) => {
          stop = () => reject(new Interruption("The cell was stopped."));
        });
        await Promise.race([running, stopped]);
        return true;
      } catch (thrown) {
        failed(thrown);
        return false;
      }
    },
  };
}

/** The name of a cell's script, which the converter has written below it. */
function nameOf(output: string): string {
  return /\/\/# sourceURL=(\S+)\s*$/.exec(output)?.[1] ?? "cell";
}
