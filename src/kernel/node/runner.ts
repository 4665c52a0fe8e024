/** Runs cells by tslab, in this process. */
import { createExecutor } from "tslab/dist/executor";
import { moduleImport, variableBox } from "../boxed";
import type { CellConverter, Converted, Runner } from "../cells";
import { Interruption } from "../interrupt";
import { createVariables } from "../variables";
import { projectRoot } from "./argv";
import { createModules, type Modules } from "./modules";

export function runHere(converter: CellConverter, failed: (thrown: unknown) => void): Runner {
  let converted: Converted = { diagnostics: [] };
  const given = { ...converter, convert: () => converted };
  const { execute, interrupt } = createExecutor(
    projectRoot,
    { node: given, browser: given, close: () => {} },
    { log: () => {}, error: failed },
  );
  const { box, values } = createVariables();
  // tslab hands these to cells.
  const { __tslab__: handed } = globalThis as never as { __tslab__: Pick<Modules, "require"> };
  const modules = createModules(handed.require);
  handed.require = modules.require;
  for (const [name, value] of [
    [variableBox, box],
    [moduleImport, modules.import],
  ] as const) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  let stop = () => {};
  return {
    locals: values,
    async execute(code) {
      converted = converter.convert("", code);
      const stopped = new Promise<never>((_, reject) => {
        stop = () => reject(new Interruption("The cell was stopped."));
      });
      await Promise.race([modules.prepare(converted.imports ?? []), stopped]);
      return execute(code);
    },
    interrupt() {
      stop();
      interrupt();
    },
  };
}
