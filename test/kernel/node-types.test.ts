/** The kernel reads Node's types only for cells that need them; nothing else may depend on when it does. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "@tslab/typescript-for-tslab";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../src/kernel/node/argv";
import { kernelForTests } from "./asking";
import { withKernel } from "./client";

const globals = join(projectRoot, "src", "kernel", "globals.d.ts");
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
  skipLibCheck: true,
};

/** Reads files as the compiler does, each of them once for all programs here. */
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
const sources = new Map<string, ts.SourceFile | undefined>();
host.getSourceFile = (path, ...how) => {
  const source = sources.has(path) ? sources.get(path) : read(path, ...how);
  sources.set(path, source);
  return source;
};

test("what sources export has the same types without Node's", () => {
  const src = join(projectRoot, "src");
  const doors = readdirSync(src)
    .filter((name) => name.endsWith(".ts") && name !== "page-scripts.ts")
    .map((name) => join(src, name));
  expect(doors.length).toBeGreaterThan(10);
  const declarations = (types: string[], more: string[]) => {
    const emitted = new Map<string, string>();
    const whole = { ...options, types, declaration: true, emitDeclarationOnly: true };
    const program = ts.createProgram([...doors, ...more], whole, host);
    program.emit(undefined, (path, text) => emitted.set(path, text));
    return emitted;
  };
  const under = declarations(["node"], []);
  expect(under.size).toBeGreaterThan(40);
  expect(declarations([], [globals])).toEqual(under);
});

test("the few names that the kernel declares are Node's", () => {
  const place = join(projectRoot, "few.ts");
  const text = readFileSync(globals, "utf8").replace(
    /^declare const (\w+)/gm,
    "declare const few_$1",
  );
  const names = Array.from(text.matchAll(/few_(\w+)/g), ([, name]) => name);
  expect(names).toEqual(["console", "performance"]);
  const code = `${text}\n${names.map((name) => `export const a_${name}: typeof few_${name} = ${name};`).join("\n")}`;
  sources.set(place, ts.createSourceFile(place, code, ts.ScriptTarget.ES2022));
  const program = ts.createProgram([place], { ...options, strict: true, types: ["node"] }, host);
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
});

describe("a kernel that comes to need Node's types", () => {
  const { kernel, run: execute } = kernelForTests();
  const run = async (code: string) => {
    const { outputs } = await execute(code);
    return outputs.map(({ data, text, evalue }) => data?.["text/plain"] ?? text ?? evalue).join("");
  };

  test("keeps variables, types and modules, and knows Node from then on", async () => {
    expect(
      await run(`import { createNetwork } from "./src/nn";
        type Pair = [number, string];
        const pair: Pair = [1, "one"];
        const clock = performance;
        const made = createNetwork;
        console.log(pair)`),
    ).toBe("[ 1, 'one' ]\n");
    expect(await run("const wait: number = setTimeout(() => {}, 0);")).toMatch(
      /Type 'Timeout' is not assignable to type 'number'/,
    );
    expect(
      await run(`import * as nn from "./src/nn";
        import { inspect } from "node:util";
        const again: Pair = [...pair];
        [inspect(again), clock.now() > 0, nn.createNetwork === made, Buffer.from("é").length].join(";")`),
    ).toBe(`"[ 1, 'one' ];true;true;2"`);
    expect(await run("process.version.length.x")).toMatch(
      /Property 'x' does not exist on type 'number'/,
    );
  });

  test("completes Node's names", async () => {
    const code = "process.memoryUs";
    const { matches } = await kernel().request("complete_request", {
      code,
      cursor_pos: code.length,
    });
    expect(matches).toEqual(["memoryUsage"]);
  });
});

test("a fresh kernel completes and explains Node's names at once", async () => {
  await withKernel(async (kernel) => {
    const code = "setTimeo";
    const { matches } = await kernel.request("complete_request", { code, cursor_pos: code.length });
    expect(matches).toContain("setTimeout");
  });
  await withKernel(async (kernel) => {
    const code = "process.version";
    const { found, data } = await kernel.request("inspect_request", {
      code,
      cursor_pos: 10,
      detail_level: 0,
    });
    expect(found).toBe(true);
    expect(data["text/plain"]).toMatch(/version: string/);
  });
});

test("what is compiled for the kernel is kept, and lies in the project's folder", () => {
  expect(
    existsSync(join(projectRoot, ".jupyter", "compiled", "src_kernel_node_main.ts.json")),
  ).toBe(true);
});
