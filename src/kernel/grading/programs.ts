/** The scripts of the submission's process, bundled when grading starts: it may read no file. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { projectRoot } from "../argv";
import type { Beginning } from "./child";

export interface Programs extends Beginning {
  /** The script that the process is started with. */
  child: string;
}

/**
 * @param doors the modules that cells may import, as they name them: "./src/nn"
 * @param forbidden what "./src/nn" is not to offer
 */
export async function bundle(
  doors: readonly string[],
  forbidden: readonly string[] = [],
): Promise<Programs> {
  const present = doors.filter((door) => existsSync(join(projectRoot, `${door}.ts`)));
  const imports = present.map((door, i) => `import * as door${i} from ${JSON.stringify(door)};`);
  const entries = present.map((door, i) => `${JSON.stringify(door)}: door${i}`);
  const folder = "./src/kernel/grading";
  const [child, inside, library] = await Promise.all([
    script(`import "${folder}/child";`, "node"),
    script(`export { start } from "${folder}/inside";`, "neutral"),
    script(`${imports.join("\n")}\nexport const modules = { ${entries.join(", ")} };`, "neutral"),
  ]);
  return {
    child,
    inside: `(outside, library, forbidden) => { ${inside}; return program.start(outside, library, forbidden); }`,
    forbidden,
    library: `function () { ${library}; return program.modules; }`,
  };
}

/** One script, which sets the variable `program` to what the entry exports. */
async function script(entry: string, platform: "node" | "neutral"): Promise<string> {
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
    plugins: [withoutPictures, withoutAnswers],
  });
  return `"use strict"; ${outputFiles[0].text}`;
}

/** Pictures are drawn by packages that need all of Node. */
const withoutPictures: Plugin = {
  name: "without pictures",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]show[\\/]still\.ts$/ }, () => ({
      contents: `
        export const drawStill = async () =>
          '<svg xmlns="http://www.w3.org/2000/svg"><text y="20">No picture is drawn while grading.</text></svg>';`,
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
