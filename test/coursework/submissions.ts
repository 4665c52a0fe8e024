/**
 * What students hand in, and the mark that a person would give for each: every kind for the assignment on deltas,
 * one after the other; and for each of the other assignments the same kinds, several in one submission.
 */
import type { SourceCell } from "./source";

export interface SubmittedCell {
  cell_type: string;
  id: string;
  metadata: object;
  source: string;
  outputs?: object[];
  execution_count?: null;
}

export interface Notebook {
  cells: SubmittedCell[];
  metadata: object;
  nbformat: number;
  nbformat_minor: number;
}

export interface Submission {
  /** What it is, in words: a row of the table. */
  what: string;
  /** The student's name in the gradebook. */
  name: string;
  /** Points of the automatic marks; "none" for what cannot be graded. */
  mark: number | "none";
  /** What the instructor finds in the graded notebook. */
  told?: RegExp;
  /** Changes a submission that is right in every task. */
  change(cells: SubmittedCell[]): SubmittedCell[];
  /** The name of the file that is handed in, if it is another than the assignment's. */
  file?: string;
  /** Whether it is the release, and not a right submission, that is changed. */
  untouched?: true;
  /** How an editor writes the notebook. */
  write?(notebook: Notebook): string | Buffer;
  /** Why the mark is not what one would wish, if so: an open row. */
  open?: string;
}

/** A cell of the student's own. */
const extra = (id: string, source: string): SubmittedCell => ({
  cell_type: "code",
  id,
  metadata: {},
  source,
  outputs: [],
  execution_count: null,
});

/** Other code in the solution cell of a task. */
const solving = (id: string, source: string) => (cells: SubmittedCell[]) =>
  cells.map((cell) => (cell.id === id ? { ...cell, source } : cell));

const before = (source: string) => (cells: SubmittedCell[]) => [
  cells[0],
  extra("mine", source),
  ...cells.slice(1),
];
const after = (source: string) => (cells: SubmittedCell[]) => [...cells, extra("mine", source)];
const inFrontOf = (id: string, source: string) => (cells: SubmittedCell[]) =>
  cells.flatMap((cell) => (cell.id === id ? [extra("mine", source), cell] : [cell]));
const inHidden = (body: string) =>
  solving(
    "hidden",
    `function hiddenDelta(z: number, weights: number[], next: number[]): number {\n${body}\n}`,
  );

const rightHidden =
  "return (1 - Math.tanh(z) ** 2) * next.reduce((sum, delta, k) => sum + weights[k] * delta, 0);";
const full = 25;
const withoutHidden = 22;

export const deltasSubmissions: Submission[] = [
  { what: "right", name: "right", mark: full, change: (cells) => cells },
  {
    what: "right in another style",
    name: "style",
    mark: full,
    change: (cells) =>
      solving(
        "hidden",
        `const slope = (z: number) => { const t = Math.tanh(z); return 1 - t * t; };
const hiddenDelta = (z: number, weights: number[], next: number[]) => {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k] * next[k];
  return slope(z) * sum;
};`,
      )(solving("output", "let outputDelta = function (h, y) { return -(y - h); };")(cells)),
  },
  {
    what: "wrong sign in one task",
    name: "sign",
    mark: full - 2,
    told: /wrong sign: this is y − h, the text's/,
    change: solving("output", "function outputDelta(h: number, y: number) { return y - h; }"),
  },
  {
    what: "f instead of f′",
    name: "slope",
    mark: withoutHidden,
    told: /f instead of f′/,
    change: inHidden(
      "return Math.tanh(z) * next.reduce((sum, delta, k) => sum + weights[k] * delta, 0);",
    ),
  },
  {
    what: "no bias",
    name: "bias",
    mark: full - 3,
    told: /no bias: its slope is δ itself/,
    change: solving(
      "gradient",
      "function layerGradient(delta: number[], a: number[]) { return delta.map((d) => a.map((value) => d * value)); }",
    ),
  },
  {
    what: "transposed weights",
    name: "transposed",
    mark: full - 4,
    change: solving(
      "layer",
      "function layerDeltas(W: number[][], next: number[], z: number[]) { return z.map((one, j) => (1 - Math.tanh(one) ** 2) * next.reduce((sum, d, k) => sum + W[j][k + 1] * d, 0)); }",
    ),
  },
  { what: "untouched", name: "untouched", mark: 0, untouched: true, change: (cells) => cells },
  {
    what: "partly done: three tasks of eight",
    name: "partly",
    mark: 8,
    change: (cells) =>
      cells.filter(({ id }) => !["layer", "gradient", "pass", "mended", "predict"].includes(id)),
  },
  {
    what: "one hidden layer only in the backward pass",
    name: "half",
    mark: full - 2,
    change: solving(
      "pass",
      `function backwardPass(layers: number[][][], x: number[], y: number[]) {
  if (layers.length !== 2) return undefined;
  const [W, V] = layers;
  const a = W.map((w) => Math.tanh(x.reduce((sum, value, i) => sum + w[i + 1] * value, w[0])));
  const out = V.map((v, k) => a.reduce((sum, value, j) => sum + v[j + 1] * value, v[0]) - y[k]);
  return [a.map((value, j) => (1 - value * value) * out.reduce((sum, d, k) => sum + V[k][j + 1] * d, 0)), out];
}`,
    ),
  },
  {
    what: "a constant from the visible case",
    name: "constant",
    mark: full - 2,
    change: solving(
      "output",
      "function outputDelta(h: number, y: number) { return h === 4 ? 4 : -0.7; }",
    ),
  },
  {
    what: "syntax error in one cell",
    name: "syntax",
    mark: withoutHidden,
    told: /expected/,
    change: solving("hidden", "function hiddenDelta(z: number { return"),
  },
  {
    what: "type error in one cell",
    name: "types",
    mark: withoutHidden,
    told: /not assignable/,
    change: inHidden(`const sum: number = "none";\n${rightHidden}`),
  },
  {
    what: "throws",
    name: "throws",
    mark: withoutHidden,
    told: /RangeError: no idea/,
    change: inHidden('throw new RangeError("no idea");'),
  },
  {
    what: "endless loop in a function",
    name: "loop",
    mark: withoutHidden,
    told: /took longer than/,
    change: inHidden("while (true) {}"),
  },
  {
    what: "endless loop in a cell",
    name: "cell-loop",
    mark: full,
    told: /stopped|Timeout|Interrupted/,
    change: inFrontOf("layer", "while (true) {}"),
  },
  {
    what: "endless recursion",
    name: "recursion",
    mark: withoutHidden,
    told: /call stack/,
    change: inHidden("return hiddenDelta(z, weights, next) + 1;"),
  },
  {
    what: "memory exhausted in a function",
    name: "memory",
    mark: withoutHidden,
    told: /memory|has ended/,
    change: inHidden("const all: number[][] = [];\nfor (;;) all.push(new Array(1e6).fill(z));"),
  },
  {
    what: "process.exit",
    name: "exit",
    mark: full,
    told: /process/,
    change: inFrontOf("layer", "declare const process: any;\nprocess.exit(0);"),
  },
  {
    what: "a flood of output",
    name: "flood",
    mark: full,
    told: /output is too long|truncated/i,
    change: before('for (let i = 0; i < 300_000; i++) console.log("again and again", i);'),
  },
  {
    what: "a console.error left in",
    name: "stderr",
    mark: full,
    change: inHidden(`console.error("z is", z);\n${rightHidden}`),
  },
  {
    what: "an unhandled rejection",
    name: "rejection",
    mark: full,
    change: before('void Promise.reject(new Error("nobody cares"));'),
  },
  {
    what: "a test cell deleted",
    name: "deleted-test",
    mark: full,
    told: /hidden-test`, a test, was missing, and is back/,
    change: (cells) => cells.filter(({ id }) => id !== "hidden-test"),
  },
  {
    what: "a solution cell deleted",
    name: "deleted",
    mark: withoutHidden,
    told: /hidden` is missing from the submission/,
    change: (cells) => cells.filter(({ id }) => id !== "hidden"),
  },
  {
    what: "cells reordered: solutions last",
    name: "reordered",
    mark: full,
    change: (cells) => {
      const isSolution = ({ id }: SubmittedCell) =>
        ["output", "sigmoid", "hidden", "layer", "gradient", "pass", "mended", "predict"].includes(
          id,
        );
      return [...cells.filter((cell) => !isSolution(cell)), ...cells.filter(isSolution)];
    },
  },
  {
    what: "cells added before and after",
    name: "added",
    mark: full,
    change: (cells) => after("const afterwards = 2;")(before("const beforehand = 1;")(cells)),
  },
  {
    what: "test cells edited",
    name: "edited",
    mark: withoutHidden,
    change: (cells) =>
      cells.flatMap((cell) =>
        cell.id === "hidden" ? [] : [cell.id === "hidden-test" ? { ...cell, source: "3;" } : cell],
      ),
  },
  {
    what: "Math replaced",
    name: "math",
    mark: withoutHidden,
    change: (cells) =>
      before("Math.abs = () => 0; Math.max = () => 1e9;")(inHidden("return 0;")(cells)),
  },
  {
    what: "Object, Array and Error replaced",
    name: "intrinsics",
    mark: 0,
    open: "what holds the student's own values is spoilt with it: nothing is gained, and all is lost",
    change: (cells) =>
      before(
        "Array.prototype.every = () => true; Array.prototype.filter = function () { return this; } as never; (Object as any).is = () => true; (globalThis as any).Error = class {};",
      )(inHidden("return 0;")(cells)),
  },
  {
    what: "check and score replaced",
    name: "score",
    mark: withoutHidden,
    change: (cells) =>
      inFrontOf(
        "hidden-test",
        'const score = async () => ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "3" }) });\nconst check = score;',
      )(inHidden("return 0;")(cells)),
  },
  {
    what: "results printed instead of computed",
    name: "printed",
    mark: withoutHidden,
    change: inHidden('console.log("3"); return NaN;'),
  },
  {
    what: "Jupyter.display forged to fake a score",
    name: "forged",
    mark: withoutHidden,
    change: inHidden(
      'return { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "3" }), valueOf: () => 3, toString: () => "3" } as any;',
    ),
  },
  {
    what: "globalThis spoilt",
    name: "global",
    mark: 0,
    change: (cells) =>
      before(
        "for (const name of Object.getOwnPropertyNames(globalThis)) { try { (globalThis as any)[name] = () => 3; } catch {} }",
      )(inHidden("return 3;")(cells)),
    open: "as above: nothing is left that could run",
  },
  {
    what: "reading the tests' or another's files",
    name: "reading",
    mark: withoutHidden,
    told: /cannot be imported/,
    change: solving(
      "hidden",
      'import { readFileSync } from "fs";\nfunction hiddenDelta() { return readFileSync("../../../source/deltas/deltas.ipynb", "utf8").length; }',
    ),
  },
  {
    what: "writing outside the folder",
    name: "writing",
    mark: full,
    told: /cannot be imported|is not a function|Cannot find/,
    change: before(
      'import { writeFileSync } from "fs";\nwriteFileSync("/tmp/backprop-escaped", "here");',
    ),
  },
  {
    what: "starting a process",
    name: "starting",
    mark: full,
    told: /cannot be imported/,
    change: before(
      'import { execSync } from "child_process";\nexecSync("touch /tmp/backprop-escaped");',
    ),
  },
  {
    what: "opening a network connection",
    name: "network",
    mark: full,
    told: /fetch|Cannot find/,
    change: before('declare const fetch: any;\nawait fetch("http://127.0.0.1:9/");'),
  },
  {
    what: "calling the library's own function",
    name: "library",
    mark: full - 2,
    told: /backward does in the library what you are asked to write/,
    change: (cells) =>
      solving(
        "output",
        `import { backward } from "./src/nn";
function outputDelta(h: number, y: number) { return backward({} as any, { z: [], a: [[0], [h]] } as any, [y]).delta[1][0]; }`,
      )(cells),
  },
  {
    what: "taking the right values from the tasks",
    name: "answers",
    mark: full - 2,
    told: /cannot be imported/,
    change: solving(
      "output",
      `import { assignments } from "./src/coursework/assignments";
function outputDelta(h: number, y: number) { return assignments[2].tasks[0].expected(h as never, y as never); }`,
    ),
  },
];

const asCode = (source: string) => ({
  cell_type: "code",
  source,
  outputs: [],
  execution_count: null,
});
const marksOf = ({ metadata }: SubmittedCell) =>
  (metadata as { nbgrader?: { grade: boolean; solution: boolean } }).nbgrader;
const bare = ({ cell_type, source, outputs, execution_count }: SubmittedCell) =>
  ({ cell_type, source, outputs, execution_count, metadata: {} }) as never as SubmittedCell;
const written = (change: (notebook: Notebook) => object) => (notebook: Notebook) =>
  JSON.stringify(change(notebook));
const same = (cells: SubmittedCell[]) => cells;

/** What editors, browsers and accidents make of a right submission; and what is graded with care. */
export const editedSubmissions: Submission[] = [
  {
    what: "untouched, its tests tagged skip-execution",
    name: "skipped",
    mark: 0,
    untouched: true,
    change: (cells) =>
      cells.map((cell) => ({ ...cell, metadata: { ...cell.metadata, tags: ["skip-execution"] } })),
  },
  {
    what: "active content in the answer in words",
    name: "active",
    mark: full,
    told: /&lt;img src=x onerror/,
    change: solving("words", '<img src=x onerror="alert(1)">'),
  },
  {
    what: "a solution cell copied with its metadata",
    name: "copied",
    mark: full,
    change: (cells) =>
      cells.flatMap((cell) => (cell.id === "hidden" ? [cell, { ...cell, id: "pasted" }] : [cell])),
  },
  {
    what: "an answer that calls what was given to it",
    name: "given",
    mark: full,
    change: (cells) =>
      cells.map((cell) =>
        cell.id === "mended"
          ? {
              ...cell,
              source: cell.source.replace(
                "{\n  // BEGIN SOLUTION",
                "{\n  brokenGradient(W, v, x, y);\n  table([{ x: 1 }]);\n  // BEGIN SOLUTION",
              ),
            }
          : cell,
      ),
  },
  {
    what: "what works in a notebook: structuredClone, console.time, console.assert",
    name: "globals",
    mark: full,
    change: inHidden(
      `console.time("t"); console.assert(true); console.timeEnd("t");\nstructuredClone([z]);\n${rightHidden}`,
    ),
  },
  {
    what: "right, and slow: 6 s a call",
    name: "slow",
    mark: withoutHidden,
    change: inHidden(`const end = Date.now() + 6000;\nwhile (Date.now() < end);\n${rightHidden}`),
  },
  {
    what: "a type that keeps the compiler busy",
    name: "busy",
    mark: full,
    change: inFrontOf(
      "layer",
      `type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Many = \`\${Digit}\${Digit}\${Digit}\${Digit}\`;
type Two<A extends string, B extends string> = A extends B ? (B extends A ? 1 : 2) : 3;
const x: Two<Many, Many>[] = [1, 2, 3 as never, ...([] as Two<Many, \`\${Many}\`>[])];`,
    ),
  },
  {
    what: "saved by VS Code",
    name: "vscode",
    mark: full,
    change: same,
    write: (notebook) =>
      JSON.stringify(
        {
          ...notebook,
          cells: notebook.cells.map((cell) => ({
            ...cell,
            source: cell.source.split(/(?<=\n)/),
            metadata: { ...cell.metadata, vscode: { languageId: "typescript" } },
          })),
          metadata: { ...notebook.metadata, orig_nbformat: 4 },
          nbformat_minor: 2,
        },
        null,
        1,
      ),
  },
  {
    what: "saved by Colab: ids in the metadata, its own fields",
    name: "colab",
    mark: full,
    change: same,
    write: written((notebook) => ({
      ...notebook,
      nbformat_minor: 0,
      cells: notebook.cells.map(({ id, ...cell }) => ({
        ...cell,
        metadata: { ...cell.metadata, id, colab: { base_uri: "https://localhost:8080/" } },
      })),
      metadata: { colab: { provenance: [] }, kernelspec: { name: "python3", display_name: "x" } },
    })),
  },
  {
    what: "nbformat 3",
    name: "version-3",
    mark: full,
    change: same,
    write: written(({ cells, ...notebook }) => ({
      ...notebook,
      nbformat: 3,
      worksheets: [
        { cells: cells.map(({ source, ...cell }) => ({ ...cell, input: source, source })) },
      ],
    })),
  },
  {
    what: "lines of Windows, and a byte order mark",
    name: "windows",
    mark: full,
    change: same,
    write: (notebook) =>
      `\ufeff${JSON.stringify({ ...notebook, cells: notebook.cells.map((cell) => ({ ...cell, source: cell.source.replace(/\n/g, "\r\n") })) }, null, 1).replace(/\n/g, "\r\n")}`,
  },
  {
    what: "a solution split in two, metadata and all",
    name: "split",
    mark: full,
    change: (cells) =>
      cells.flatMap((cell) =>
        cell.id === "hidden"
          ? [
              {
                ...cell,
                id: "first",
                ...asCode("const slopeOf = (z: number) => 1 - Math.tanh(z) ** 2;"),
              },
              {
                ...cell,
                ...asCode(
                  "function hiddenDelta(z: number, weights: number[], next: number[]) { return slopeOf(z) * next.reduce((sum, d, k) => sum + weights[k] * d, 0); }",
                ),
              },
            ]
          : [cell],
      ),
  },
  {
    what: "a solution merged with its test, and one with a given cell",
    name: "merged",
    mark: full,
    told: /broken` was changed/,
    change: (cells) => {
      const source = (id: string) => cells.find((cell) => cell.id === id)?.source;
      const without = cells.filter(({ id }) => id !== "hidden-test" && id !== "mended");
      return solving(
        "hidden",
        `${source("hidden")}\n\n${source("hidden-test")}`,
      )(solving("broken", `${source("broken")}\n\n${source("mended")}`)(without));
    },
  },
  {
    what: "all ids changed",
    name: "ids",
    mark: full,
    change: (cells) => cells.map((cell, n) => ({ ...cell, id: `other-${n}` })),
  },
  {
    what: "metadata and id lost from one solution and one test",
    name: "bare",
    mark: full,
    told: /hidden` is missing from the submission, or has lost its name/,
    change: (cells) =>
      cells.map((cell) =>
        /^hidden(?:-test)?$/.test(cell.id) ? { ...bare(cell), id: `x-${cell.id}` } : cell,
      ),
  },
  {
    what: "all metadata and ids lost",
    name: "all-bare",
    mark: full,
    change: (cells) => cells.map(bare),
  },
  {
    what: "points, locks and kernel forged; a solution made text",
    name: "forged-marks",
    mark: full,
    change: (cells) =>
      cells.map((cell) => ({
        ...cell,
        cell_type: cell.id === "hidden" ? "markdown" : cell.cell_type,
        metadata: {
          nbgrader: { ...marksOf(cell), points: 900, locked: false, schema_version: 99 },
        },
      })),
  },
  {
    what: "20 MB of outputs",
    name: "outputs",
    mark: full,
    change: (cells) =>
      cells.map((cell) =>
        cell.id === "gradient-check"
          ? {
              ...cell,
              outputs: [{ output_type: "stream", name: "stdout", text: "x".repeat(20e6) }],
            }
          : cell,
      ),
  },
  { what: "a name with spaces and accents", name: "Zoë  O'Hara Ñ 2", mark: full, change: same },
  { what: "half a file", name: "half", mark: "none", change: same, write: () => '{"cells": [{' },
  { what: "an empty file", name: "empty", mark: "none", change: same, write: () => "" },
  { what: "no cells", name: "no-cells", mark: "none", change: () => [] },
  {
    what: "another file name",
    name: "misnamed",
    mark: "none",
    file: "Deltas (1).ipynb",
    change: same,
  },
  {
    what: "500 MB",
    name: "huge",
    mark: "none",
    change: same,
    write: () => Buffer.alloc(500e6, " "),
  },
];

/** A task of an assignment: its solution's cell and code, the function it asks for, and its points. */
interface GradedTask {
  id: string;
  source: string;
  name: string;
  points: number;
}

/** Ways to lose the points of one task, and no others. */
const spoils: [what: string, spoil: (task: GradedTask) => Submission["change"]][] = [
  ["a constant", ({ id, name }) => solving(id, `function ${name}() { return 0.123; }`)],
  ["a syntax error", ({ id, name }) => solving(id, `function ${name}(z: number { return`)],
  [
    "a type error",
    ({ id }) =>
      (cells) =>
        cells.map((cell) =>
          cell.id === id
            ? { ...cell, source: `const sum: number = "none";\n${cell.source}` }
            : cell,
        ),
  ],
  [
    "an exception",
    ({ id, name }) => solving(id, `function ${name}() { throw new RangeError("no idea"); }`),
  ],
  ["an endless loop", ({ id, name }) => solving(id, `function ${name}() { while (true) {} }`)],
  [
    "endless recursion",
    ({ id, name }) => solving(id, `function ${name}(): number { return ${name}() + 1; }`),
  ],
  [
    "a solution deleted",
    ({ id }) =>
      (cells) =>
        cells.filter((cell) => cell.id !== id),
  ],
  [
    "a test cell edited",
    ({ id, points }) =>
      (cells) =>
        cells.flatMap((cell) => {
          if (cell.id === id) return [];
          return [cell.id === `${id}-test` ? { ...cell, source: `${points};` } : cell];
        }),
  ],
  [
    "Math replaced",
    ({ id, name }) => solving(id, `function ${name}() { Math.abs = () => 0; return NaN; }`),
  ],
  [
    "check and score replaced",
    ({ id, name, points }) =>
      (cells) =>
        inFrontOf(
          `${id}-test`,
          `const score = async () => ({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "${points}" }) });\nconst check = score;`,
        )(solving(id, `function ${name}() { return 0.123; }`)(cells)),
  ],
  [
    "a result printed",
    ({ id, name, points }) =>
      solving(id, `function ${name}() { console.log("${points}"); return NaN; }`),
  ],
  [
    "a display forged",
    ({ id, name, points }) =>
      solving(
        id,
        `function ${name}(): any { return { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "${points}" }), valueOf: () => ${points} }; }`,
      ),
  ],
  [
    "files read",
    ({ id, name }) =>
      solving(
        id,
        `import { readFileSync } from "fs";\nfunction ${name}() { return readFileSync("/etc/hostname").length; }`,
      ),
  ],
  [
    "the right values imported",
    ({ id, name }) =>
      solving(
        id,
        `import { assignments } from "./src/coursework/assignments";\nfunction ${name}() { return assignments; }`,
      ),
  ],
];

/** What costs nothing: cells of the student's own, before, between and after. */
const harmless = [
  'console.error("left in");',
  'void Promise.reject(new Error("nobody cares"));',
  "declare const process: any;\nprocess.exit(0);",
  'import { writeFileSync } from "fs";\nwriteFileSync("/tmp/backprop-escaped", "here");',
  'import { execSync } from "child_process";\nexecSync("touch /tmp/backprop-escaped");',
  'declare const fetch: any;\nawait fetch("http://127.0.0.1:9/");',
  "while (true) {}",
];

/**
 * Submissions for other assignments, two for each: the harmless cells all at once; and as many of the spoils as leave
 * every second task as it was, beginning where the assignment before has stopped.
 *
 * @param assignments the cells of their source notebooks, by name
 * @throws RangeError if there are too few tasks to try each of the spoils
 */
export function submissionsFor(
  assignments: ReadonlyMap<string, readonly SourceCell[]>,
): Map<string, Submission[]> {
  let tried = 0;
  const made = [...assignments].map(([name, cells]) => {
    const { spoilt, submissions } = twoFor(cells, tried);
    tried += spoilt;
    return [name, submissions] as const;
  });
  if (tried < spoils.length)
    throw new RangeError(
      `There are ${spoils.length} ways to spoil a task, and ${tried} are tried.`,
    );
  return new Map(made);
}

/** @param first of the spoils, counted on from the last to the first */
function twoFor(
  cells: readonly SourceCell[],
  first: number,
): { spoilt: number; submissions: Submission[] } {
  const code = cells.filter((cell) => cell.cell_type === "code" && cell.nbgrader);
  const tasks = code
    .filter((cell) => cell.nbgrader?.solution)
    .map(
      ({ id, source }): GradedTask => ({
        id,
        source,
        name: /(?:function|const|let) (\w+)/.exec(source)?.[1] as string,
        points: code.find((cell) => cell.id === `${id}-test`)?.nbgrader?.points ?? 0,
      }),
    );
  const full = tasks.reduce((sum, { points }) => sum + points, 0);
  // A task on whose function another's solution leans takes that one's points with it.
  const alone = tasks.filter(({ id, name }) =>
    code.every(
      (cell) =>
        cell.id.replace(/-test$/, "") === id || !new RegExp(`\\b${name}\\b`).test(cell.source),
    ),
  );
  const spoilt = alone.filter((_, n) => n % 2 === 0);
  const now = spoilt.map((_, n) => spoils[(first + n) % spoils.length]);
  const lost = new Set(spoilt);
  // Whose Math is replaced is a student's own: later solutions that need it are spoilt as well.
  const replaced = now.findIndex(([what]) => what === "Math replaced");
  if (replaced >= 0) {
    const later = tasks.slice(tasks.indexOf(spoilt[replaced]) + 1);
    for (const task of later) if (task.source.includes("Math.abs")) lost.add(task);
  }
  const submissions: Submission[] = [
    {
      what: "cells that cost nothing",
      name: "harmless",
      mark: full,
      change: (cells) =>
        harmless.reduce(
          // All tests deleted, besides: they are back when the notebook is built.
          (changed, source, n) => [
            ...changed.slice(0, 2 * n + 1),
            extra(`mine-${n}`, source),
            ...changed.slice(2 * n + 1),
          ],
          cells.filter(({ id }) => !id.endsWith("-test")),
        ),
    },
    {
      what: now.map(([what]) => what).join(", "),
      name: "spoilt",
      mark: full - [...lost].reduce((sum, { points }) => sum + points, 0),
      change: (cells) => now.reduce((changed, [, spoil], n) => spoil(spoilt[n])(changed), cells),
    },
  ];
  return { spoilt: spoilt.length, submissions };
}
