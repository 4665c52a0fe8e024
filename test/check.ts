/**
 * `npm run check`: types, as the project and as the notebooks' kernel see them; lint and format, of sources
 * and of notebook cells. `npm run format` mends lint and format, and looks at no types.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createConverter } from "tslab/dist/converter";
import { identifierCell } from "../src/coursework/identifier-cell";
import { projectRoot } from "../src/kernel/node/argv";
import { notebookFiles, notebookName } from "../src/notebooks";
import { ownNotebook } from "./coursework/source";
import { type Notebook, notebookText, readNotebook } from "./notebooks/notebook";

process.chdir(projectRoot);
const write = process.argv.includes("--write");
const notebooks = [
  ...notebookFiles().map((path) => ({ name: notebookName(path), path, assignment: "" })),
  ...readdirSync("notebooks/coursework/source").map((assignment) => ({
    name: `coursework-${assignment}`,
    path: `notebooks/coursework/source/${assignment}/${assignment}.ipynb`,
    assignment,
  })),
].map((one) => ({ ...one, notebook: readNotebook(one.path) }));
/** Cells for classes with numbers of each student's own: they are no notebooks by themselves. */
const ownCells = readdirSync("notebooks/coursework/own").map((file) => {
  const path = `notebooks/coursework/own/${file}`;
  return { name: `coursework-own-${basename(file, ".ipynb")}`, path, notebook: readNotebook(path) };
});

const checks = [
  ...(write
    ? []
    : [() => run("Types, strict", "typescript/bin/tsc", ["-p", "."]), checkAsTheKernel]),
  () => run("Sources", "@biomejs/biome/bin/biome", ["check", ...(write ? ["--write"] : []), "."]),
  checkCells,
];
const faults = checks.filter((isWell) => !isWell()).length;
const well = write ? "Lint and format are well." : "All is well.";
console.log(faults === 0 ? well : `${faults} of ${checks.length} checks found something.`);
process.exitCode = faults === 0 ? 0 : 1;

function run(what: string, script: string, args: string[], cwd = projectRoot): boolean {
  console.log(`${what} …`);
  const program = join(projectRoot, "node_modules", script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: "utf8",
  });
  if (status !== 0) console.log(stdout + stderr);
  return status === 0;
}

/** Every front door, and the cells of each notebook one after the other, by tslab's own compiler and settings. */
function checkAsTheKernel(): boolean {
  console.log("Types, as the kernel sees them …");
  const converter = createConverter({ isJS: false, isBrowser: false });
  let isWell = true;
  const check = (
    declarations: string,
    code: string,
    place: string,
    tags: string[] = [],
  ): string => {
    const { diagnostics, declOutput = declarations } = converter.convert(declarations, code);
    if (tags.includes("raises-exception")) return declOutput;
    for (const { start, messageText, fileName } of diagnostics) {
      isWell = false;
      console.log(`${fileName ?? place}:${start.line + 1}:${start.character + 1} ${messageText}`);
    }
    return declOutput;
  };
  for (const file of readdirSync("src").filter((name) => name.endsWith(".ts"))) {
    check("", `import * as room from "./src/${basename(file, ".ts")}";\nroom;`, `src/${file}`);
  }
  for (const { path, notebook, assignment } of notebooks) {
    console.log(`  ${path}`);
    let declarations = "";
    for (const { cell_type, id, source, metadata } of notebook.cells) {
      if (cell_type !== "code") continue;
      declarations = check(declarations, source.join(""), `${path} [${id}]`, metadata.tags);
    }
    for (const { id, source } of assignment ? solvedInClass(assignment, notebook) : [])
      declarations = check(declarations, source.join(""), `${assignment}, own numbers [${id}]`);
  }
  converter.close();
  return isWell;
}

/** The solutions that are others in a class with numbers of each student's own; what is given is the same in all assignments. */
function solvedInClass(assignment: string, { cells }: Notebook) {
  const before = new Set(cells.map(({ source }) => source.join("")));
  return ownNotebook(assignment, "word").cells.filter(({ id, source }) => {
    const code = source.join("");
    return id !== identifierCell && code.includes("// BEGIN SOLUTION") && !before.has(code);
  });
}

/** Biome reads no notebooks: each cell becomes a file of its own, and comes back if it was mended. */
function checkCells(): boolean {
  const folder = join(projectRoot, ".jupyter", "cells");
  const all = [...notebooks, ...ownCells];
  rmSync(folder, { recursive: true, force: true });
  for (const { name, notebook } of all) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const { id, text } of codeCells(notebook))
      writeFileSync(join(folder, name, `${id}.ts`), `${text}\n`);
  }
  writeFileSync(join(folder, "biome.json"), JSON.stringify(cellRules()));
  const isWell = run(
    "Notebook cells",
    "@biomejs/biome/bin/biome",
    ["check", ...(write ? ["--write"] : []), ...all.map(({ name }) => name)],
    folder,
  );
  if (write) {
    for (const { name, path, notebook } of all) {
      const cells = notebook.cells.map((cell) => {
        if (cell.cell_type !== "code") return cell;
        const text = readFileSync(join(folder, name, `${cell.id}.ts`), "utf8").replace(/\n$/, "");
        return { ...cell, source: text === "" ? [] : text.split(/(?<=\n)/) };
      });
      const before = notebookText(notebook);
      const after = notebookText({ ...notebook, cells });
      if (after === before) continue;
      writeFileSync(path, after);
      const mended = cells.filter(
        (cell, n) => cell.source.join("") !== notebook.cells[n].source.join(""),
      );
      console.log(`  mended: ${path} ${mended.map(({ id }) => `[${id}]`).join(" ")}`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return isWell;
}

function codeCells({ cells }: Notebook): { id: string; text: string }[] {
  return cells
    .filter((cell) => cell.cell_type === "code")
    .map(({ id, source }) => ({ id, text: source.join("") }));
}

/** A cell is a piece of a whole: what it does not use itself, a later one may, and its last value is shown. */
function cellRules(): object {
  const { formatter } = JSON.parse(readFileSync("biome.json", "utf8"));
  return {
    root: true,
    formatter: { ...formatter, lineWidth: 96 },
    assist: { enabled: false },
    linter: {
      rules: {
        preset: "recommended",
        correctness: {
          noUnusedVariables: "off",
          noUnusedImports: "off",
          noUnusedFunctionParameters: "off",
        },
        style: { useConst: "off" },
        suspicious: { useIterableCallbackReturn: "off" },
      },
    },
  };
}
