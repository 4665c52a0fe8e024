/// <reference lib="dom" />
/**
 * A kernel for tests of the page alone: it runs plain JavaScript in the page itself, at once. Top-level names live in
 * one object; what a cell declares and uses is read off its text. It counts what is asked of it.
 */
import type { CellOutput, PageKernel } from "../../src/kernel/page/kernel";
import { parts } from "../../src/site/live/scripts";

interface Spy {
  executed: string[];
  starts: number;
  /** How an interrupt ends. */
  leaves: "kept" | "lost";
}

const spy: Spy = { executed: [], starts: 0, leaves: "kept" };
Object.assign(window, { spy });

const declaration = /^(?:const|let|function)\s+(\w+)|^import \{ (\w+) \}/gm;

function createFake(): PageKernel {
  let scope: Record<string, unknown> = {};
  let count = 0;
  let stop: ((left: "kept" | "lost") => void) | undefined;
  const library: Record<string, string> = {
    "src/nn/backpropagation.ts": "export const factor = 1;\n",
    "src/data/truth-tables.ts": "export const xor = [0, 1, 1, 0];\n",
  };
  let edited: Record<string, string> = {};
  const read = (path: string) => edited[path] ?? library[path];

  async function run(source: string, show: (output: CellOutput) => void): Promise<unknown> {
    const display = (data: object, id?: string, update = false) =>
      show({
        output_type: update ? "update_display_data" : "display_data",
        data,
        transient: { display_id: id },
      } as CellOutput);
    const tools = {
      print: (text: string) => show({ output_type: "stream", name: "stdout", text }),
      display,
      clear: (wait: boolean) => show({ output_type: "clear_output", wait }),
      wait: (ms: number) =>
        new Promise((resolve, reject) => {
          setTimeout(resolve, ms);
          stop = (left) => {
            reject(Object.assign(new Error("The cell was stopped."), { name: "Interrupted" }));
            if (left === "lost") scope = {};
          };
        }),
      factor: Number(/factor = (\S+);/.exec(read("src/nn/backpropagation.ts"))?.[1]),
    };
    const code = source
      .replace(/^import \{ (\w+) \} from .*;$/gm, "scope.$1 = tools.$1;")
      .replace(/^(?:const|let)\s+(\w+) =/gm, "scope.$1 =")
      .replace(/^function (\w+)/gm, "scope.$1 = function $1")
      .replace(/^.*$/gm, (line, at, all) => {
        // The value of the last line is shown, if it has one.
        const hasValue = at + line.length === all.length && !/^(?:scope|throw|for|\/)/.test(line);
        return hasValue ? `return ${line}` : line;
      });
    const body = `return (async () => { with (tools) with (scope) { ${code}\n} })()`;
    return new Function("scope", "tools", body)(scope, tools);
  }

  return {
    async start(progress) {
      spy.starts++;
      progress(0.5, "Loading the fake");
      await new Promise((resolve) => setTimeout(resolve, 50));
      progress(1, "Ready");
    },
    async execute(source, show) {
      spy.executed.push(source);
      count++;
      try {
        const value = await run(source, show);
        if (value !== undefined) {
          const data = typeof value === "object" ? value : { "text/plain": String(value) };
          show({ output_type: "execute_result", execution_count: count, data: data as never });
        }
        return { status: "ok", executionCount: count };
      } catch (error) {
        const { name, message } = error as Error;
        const traceback = [`\u001b[31m${name}\u001b[0m: ${message}`];
        show({ output_type: "error", ename: name, evalue: message, traceback });
        return { status: "error", executionCount: count, ename: name };
      }
    },
    async interrupt() {
      stop?.(spy.leaves);
      return spy.leaves;
    },
    async restart() {
      scope = {};
    },
    async complete(source, cursor) {
      const word = /\w*$/.exec(source.slice(0, cursor))?.[0] ?? "";
      const matches = ["hiddenUnits", "hiddenSize"].filter((one) => one.startsWith(word));
      return { matches, from: cursor - word.length, to: cursor };
    },
    inspect: async () => "const hiddenUnits: number",
    async dependencies(sources) {
      return sources.map((source) => {
        const declares = Array.from(source.matchAll(declaration), ([, a, b]) => a ?? b);
        const words = source.replace(/"[^"]*"/g, "").match(/[A-Za-z_]\w*/g) ?? [];
        return { declares, uses: [...new Set(words)].filter((word) => !declares.includes(word)) };
      });
    },
    sources: async () => Object.keys(library),
    readSource: async (path) => read(path),
    async writeSource(path, text) {
      edited[path] = text;
    },
    async resetSource(path) {
      if (path === undefined) edited = {};
      else delete edited[path];
    },
  };
}

parts().createPageKernel = createFake;
