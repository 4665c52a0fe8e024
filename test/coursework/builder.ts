/**
 * What is graded, built from submissions of every kind without a kernel: right submissions that were mutilated at
 * random, files that are none, and what is left of HTML and Markdown of a student's.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { JSDOM } from "jsdom";
import * as explore from "../../src/explore";
import { environmentPython } from "../../src/jupyter/python";
import { environmentFolder } from "../../src/jupyter/start";
import { display, table } from "../../src/show";
import { fileFromPage } from "./in-page";
import { solvedNotebook } from "./source";
import { deltasSubmissions, editedSubmissions } from "./submissions";

// biome-ignore lint/suspicious/noExplicitAny: notebooks that may hold anything
type Json = any;

/** A process of Python that builds what it is sent. */
interface Builder {
  /** Of each cell that nbgrader knows, its source with the hidden tests. */
  recorded: Record<string, [source: string, checksum: string]>;
  points: Record<string, number>;
  ask(question: object): Promise<Json>;
  build(notebook: Json, student?: string): Promise<{ notebook: Json; notes: string[] }>;
  end(): void;
}

async function startBuilder(
  folder: string,
  assignment: string,
  env: NodeJS.ProcessEnv,
): Promise<Builder> {
  const script = join(__dirname, "builder.py");
  const child = spawn(environmentPython(environmentFolder), [script, folder, assignment], {
    stdio: ["pipe", "pipe", "inherit"],
    env,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("The builder has ended.");
    return JSON.parse(value);
  };
  const ask = async (question: object) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    return next();
  };
  const { recorded, points } = await next();
  return {
    recorded,
    points,
    ask,
    build: (notebook, student) =>
      ask({ raw: Buffer.from(JSON.stringify(notebook)).toString("base64"), student }),
    end: () => child.stdin.end(),
  };
}

/** A cell of a submission, and what was done to it. */
interface Handled {
  cell: Json;
  /** The name of the released cell that it was. */
  origin: string;
  /** Whether its source is as the student wrote it. */
  intact: boolean;
}

type Mutilation = (cells: Handled[], at: number, other: number) => Handled[];

const changing =
  (change: (handled: Handled, other: Handled) => Partial<Handled>): Mutilation =>
  (cells, at, other) =>
    cells.map((one, n) => (n === at ? { ...one, ...change(one, cells[other]) } : one));
const changingCell = (change: (cell: Json, other: Json) => Json) =>
  changing(({ cell }, other) => ({ cell: { ...cell, ...change(cell, other.cell) } }));
const textOf = ({ source }: Json): string =>
  Array.isArray(source) ? source.join("") : typeof source === "string" ? source : "";
const moved: Mutilation = (cells, at, other) => {
  const left = cells.filter((_, n) => n !== at);
  return [...left.slice(0, other), cells[at], ...left.slice(other)];
};
const marked = (marks: (own: Json, other: Json) => Json) =>
  changingCell(({ metadata }, other) => ({
    metadata: { ...metadata, nbgrader: marks(metadata?.nbgrader, other.metadata?.nbgrader) },
  }));

const mutilations: Record<string, Mutilation> = {
  removed: (cells, at) => (cells.length > 1 ? cells.filter((_, n) => n !== at) : cells),
  moved,
  repeated: (cells, at, other) =>
    moved([...cells, structuredClone(cells[at])], cells.length, other),
  pasted: (cells, at, other) => {
    const copy = structuredClone(cells[at]);
    copy.cell.id = `pasted-${cells.length}-${other}`;
    return moved([...cells, copy], cells.length, other);
  },
  "made text": changingCell(() => ({ cell_type: "markdown" })),
  "made raw": changingCell(() => ({ cell_type: "raw" })),
  "made something else": changingCell(() => ({ cell_type: { of: "no kind" } })),
  "metadata lost": changingCell(() => ({ metadata: {} })),
  "metadata a string": changingCell(() => ({ metadata: "none" })),
  "metadata none at all": changingCell(() => ({ metadata: undefined })),
  tagged: changingCell(({ metadata }) => ({
    metadata: { ...metadata, tags: ["skip-execution", "hide-input"], editable: true },
  })),
  "points forged": marked((marks) => ({ ...marks, points: 1000, grade: true, locked: false })),
  "made a solution": marked((marks) => ({ ...marks, solution: true, grade: false, task: true })),
  "schema from elsewhere": marked((marks) => ({ ...marks, schema_version: 99 })),
  "marks a number": marked(() => 3),
  "another's name": marked((marks, other) => ({ ...marks, grade_id: other?.grade_id ?? "none" })),
  "another's id": changingCell((_, { id }) => ({ id })),
  "another id": changingCell(({ id }) => ({ id: `${id}-2` })),
  "id lost": changingCell(() => ({ id: undefined })),
  "id a list": changingCell(({ id }) => ({ id: [id] })),
  "id as Colab keeps it": changingCell(({ id, metadata }) => ({
    id: undefined,
    metadata: typeof metadata === "object" ? { ...metadata, id } : { id },
  })),
  "lines of Windows": changingCell((cell) => ({ source: textOf(cell).replace(/\r?\n/g, "\r\n") })),
  "source in lines": changingCell((cell) => ({ source: textOf(cell).split(/(?<=\n)/) })),
  "outputs and attachments": changingCell(() => ({
    outputs: [{ output_type: "execute_result", data: { "text/plain": "25" }, metadata: {} }],
    attachments: { "x.svg": { "image/svg+xml": "PHN2Zz4=" } },
    execution_count: "many",
  })),
  overwritten: changing(({ cell }) => ({ intact: false, cell: { ...cell, source: "3;" } })),
  emptied: changing(({ cell }) => ({ intact: false, cell: { ...cell, source: "" } })),
  "no source": changing(({ cell }) => ({ intact: false, cell: { ...cell, source: { a: 1 } } })),
};

/** What may happen to the file as a whole. */
const wrappings: Record<string, (notebook: Json) => Json> = {
  "as it was": (notebook) => notebook,
  "an older version": (notebook) => ({ ...notebook, nbformat_minor: 0 }),
  "a future version": (notebook) => ({ ...notebook, nbformat: 5, nbformat_minor: 9 }),
  "version 3": ({ cells, ...rest }) => ({
    ...rest,
    nbformat: 3,
    worksheets: [
      {
        cells: cells.map(({ source, ...cell }: Json) =>
          cell.cell_type === "code" ? { ...cell, input: source } : { ...cell, source },
        ),
      },
    ],
  }),
  "another kernel": (notebook) => ({
    ...notebook,
    metadata: { kernelspec: { name: "python3", display_name: "x" }, graded: true, widgets: {} },
  }),
  "metadata a list": (notebook) => ({ ...notebook, metadata: [], nbformat: "four" }),
};

/** @returns how many submissions were mutilated and built */
export async function tryBuilder(
  folder: string,
  assignment: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const builder = await startBuilder(folder, assignment, env);
  try {
    const path = join(folder, "release", assignment, `${assignment}.ipynb`);
    const released = JSON.parse(readFileSync(path, "utf8"));
    const right = solvedNotebook(folder, assignment);
    const runs = 400;
    const index = fc.nat({ max: 60 });
    const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(mutilations)), index, index), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.constantFrom(...Object.keys(wrappings)),
        async (chosen, wrapping) => {
          let cells: Handled[] = structuredClone(right.cells).map((cell: Json) => ({
            cell,
            origin: cell.id,
            intact: true,
          }));
          for (const [name, at, other] of chosen)
            cells = mutilations[name](cells, at % cells.length, other % cells.length);
          if (cells.every(({ cell }) => !textOf(cell).trim())) return;
          const wrapped = wrappings[wrapping]({ ...right, cells: cells.map(({ cell }) => cell) });
          const { notebook } = await builder.build(wrapped);
          assertWhole(notebook, released, builder);
          assertKept(notebook, right, cells);
        },
      ),
      { numRuns: runs, seed: 1986 },
    );
    await tryFiles(builder, right);
    await tryCleaning(builder);
    const inPage = await tryPages(builder, released, right, assignment);
    return `${runs} right submissions mutilated at random; ${inPage} from the page; files, HTML and Markdown of every kind`;
  } finally {
    builder.end();
  }
}

/**
 * What is graded of a submission from the page is, cell by cell, what is graded of the same from Jupyter.
 *
 * @returns of how many
 */
async function tryPages(
  builder: Builder,
  released: Json,
  right: Json,
  assignment: string,
): Promise<number> {
  let tried = 0;
  for (const row of [...deltasSubmissions, ...editedSubmissions]) {
    const file = fileFromPage(released, right.cells, row, assignment);
    if (file === undefined) continue;
    const cells = row.change(row.untouched ? released.cells : right.cells);
    const fromJupyter = await builder.build({ ...released, cells });
    const fromPage = await builder.build(JSON.parse(file), row.name);
    assert.deepEqual(fromPage.notebook.cells, fromJupyter.notebook.cells, row.what);
    assert.deepEqual(fromPage.notes, fromJupyter.notes, row.what);
    tried++;
  }
  assert.ok(tried > 20, `${tried} rows of the table can be made in a page`);
  // A file that somebody else has downloaded is told, in letters that do nothing.
  const metadata = { ...released.metadata, coursework: { student: '<img onerror="1">ada' } };
  const { notes } = await builder.build({ ...released, metadata }, "bob");
  assert.match(notes.join(), /from its page by «\?img onerror\?\?1\?\?ada»/);
  return tried;
}

/**
 * Who a submission says it is of, in whatever way it is written, and what the instructor is told: in a class with numbers of
 * each student's own.
 */
export async function tryIdentifiers(
  folder: string,
  assignment: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const builder = await startBuilder(folder, assignment, environment);
  const release = join(folder, "release", assignment, `${assignment}.ipynb`);
  const released = JSON.parse(readFileSync(release, "utf8"));
  const noteFor = async (source: string | undefined, student: string) => {
    const cells = released.cells.flatMap((cell: Json) => {
      if (cell.id !== "identifier") return [cell];
      return source === undefined ? [] : [{ ...cell, source }];
    });
    const { notes } = await builder.build({ ...released, cells }, student);
    return notes.filter((note) => note.startsWith("`identifier` says ")).join("; ");
  };
  const says = (value: string) => `function identifier() {\n  return ${value};\n}`;
  const agreed: [source: string, student: string][] = [
    [says('"ada"'), "ada"],
    [says("' Ada '"), "ada"],
    [says("`ADA`"), "ada"],
    [says('"Zoe\u0308"'), "zo\u00eb"],
    [says('"ada@example.edu"'), "ada@example.edu"],
    [says('/* return "bob"; */ ("ada") // return "cee";'), "ada"],
    [`const identifier = (): string => { return "ada" }`, "Ada"],
  ];
  const others: [source: string | undefined, told: RegExp][] = [
    [says('"bob"'), /says «bob», and the submission is another student's: .* of «ada»\.$/],
    [says('"<b onclick=1>*ada"'), /says «\?b onclick\?1\?\?ada»/],
    [says('""'), /says «»/],
    [says('"ad" + "a"'), /says «ad»/],
    [says('Math.random() < 0.5 ? "ada" : "bob"'), /says nobody by one plain text/],
    [`${says('"ada"')}\n${says('"bob"')}`, /says nobody by one plain text/],
    ["", /says nobody/],
    [textOf(released.cells.find(({ id }: Json) => id === "identifier")), /says nobody: /],
    [undefined, /says nobody: /],
  ];
  try {
    for (const [source, student] of agreed)
      assert.equal(await noteFor(source, student), "", `${source} of ${student}`);
    for (const [source, told] of others)
      assert.match(await noteFor(source, "ada"), told, `${source}`);
  } finally {
    builder.end();
  }
}

/** Every cell of the instructor's once, in order and as it was; nothing else counts for anything. */
function assertWhole(notebook: Json, released: Json, { recorded, points }: Builder): void {
  const marksOf = (cell: Json) => cell.metadata.nbgrader;
  const known = notebook.cells.filter(marksOf);
  assert.deepEqual(
    known.map((cell: Json) => marksOf(cell).grade_id),
    released.cells.filter(marksOf).map((cell: Json) => marksOf(cell).grade_id),
  );
  for (const cell of known) {
    const marks = marksOf(cell);
    const original = released.cells.find(({ id }: Json) => id === marks.grade_id);
    const [source, checksum] = recorded[marks.grade_id];
    assert.deepEqual(marks, { ...marksOf(original), checksum });
    if (marks.grade) assert.equal(marks.points, points[marks.grade_id]);
    assert.equal(cell.cell_type, original.cell_type);
    if (!marks.solution) assert.equal(cell.source, source);
  }
  for (const cell of notebook.cells) {
    const allowed = marksOf(cell)
      ? ["deletable", "editable", "nbgrader", "task_name"]
      : ["deletable", "editable"];
    for (const key of Object.keys(cell.metadata)) assert.ok(allowed.includes(key), key);
    assert.equal(cell.attachments, undefined);
    if (cell.cell_type === "code") assert.deepEqual(cell.outputs, []);
    else assert.equal(cell.cell_type, "markdown");
  }
  const ids = notebook.cells.map(({ id }: Json) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(notebook.metadata.kernelspec.name, "backprop");
  assert.equal(notebook.metadata.graded, undefined);
}

/** What a student wrote, and no one changed, is in its place; or, if nothing tells its place, it runs where it stood. */
function assertKept(notebook: Json, right: Json, cells: Handled[]): void {
  const idOf = ({ cell }: Handled) => cell.id ?? cell.metadata?.id;
  const nameOf = ({ cell }: Handled) => cell.metadata?.nbgrader?.grade_id;
  const known = new Set(right.cells.map(({ id }: Json) => id));
  // Two names contradict each other, and tell nothing.
  const namesOf = (one: Handled) =>
    new Set([idOf(one), nameOf(one)].filter((name) => known.has(name)));
  for (const solution of right.cells) {
    const marks = solution.metadata.nbgrader;
    if (!marks?.solution || solution.cell_type !== "code") continue;
    const name = marks.grade_id;
    const isRight = ({ origin, intact }: Handled) => origin === name && intact;
    const whole = cells.filter((one) => idOf(one) === name && nameOf(one) === name);
    const named = cells.filter((one) => namesOf(one).size === 1 && namesOf(one).has(name));
    const deciding = whole.length > 0 ? whole : named;
    if (deciding.length === 0 || !deciding.every(isRight)) continue;
    const built = notebook.cells.find((cell: Json) => cell.metadata.nbgrader?.grade_id === name);
    assert.equal(built.source, textOf(solution), name);
  }
  const sources = new Set(notebook.cells.map((cell: Json) => cell.source));
  for (const { cell, origin, intact } of cells) {
    const { metadata } = right.cells.find(({ id }: Json) => id === origin);
    if (!intact || cell.cell_type !== "code" || !metadata.nbgrader?.solution) continue;
    assert.ok(sources.has(textOf(cell).replace(/\r\n/g, "\n")), `${origin} runs nowhere`);
  }
}

/** Files as they come: with marks of editors, damaged, or too large. */
async function tryFiles(builder: Builder, right: Json): Promise<void> {
  const text = JSON.stringify(right);
  const send = (bytes: Buffer | string) =>
    builder.ask({ raw: Buffer.from(bytes as string).toString("base64") });
  const first = right.cells.find(({ metadata }: Json) => metadata.nbgrader?.solution);
  const outputs = (size: number) => ({
    ...right,
    cells: right.cells.map((cell: Json) =>
      cell === first
        ? { ...cell, outputs: [{ output_type: "stream", name: "stdout", text: "x".repeat(size) }] }
        : cell,
    ),
  });
  const readable: Record<string, Buffer | string> = {
    "a byte order mark": `\ufeff${text}`,
    "UTF-16": Buffer.from(`\ufeff${text}`, "utf16le"),
    "lines of Windows": JSON.stringify(right, null, 1).replace(/\n/g, "\r\n"),
    "a lone surrogate and NUL": text.replace('"source":"', '"source":"\\ud800\\u0000'),
    "20 MB of outputs": JSON.stringify(outputs(20e6)),
    "numbers without end": text.replace('"outputs":[]', `"outputs":[${"9".repeat(10_000)}]`),
  };
  for (const [what, bytes] of Object.entries(readable)) {
    const { notebook, refused } = await send(bytes);
    assert.equal(refused, undefined, what);
    const built = notebook.cells.find(({ id }: Json) => id === first.id);
    assert.equal(built.source, textOf(first), what);
  }
  const refused: Record<string, [bytes: Buffer | string, reason: RegExp]> = {
    nothing: ["", /empty/],
    "zeros only": [Buffer.alloc(100), /empty/],
    "half of it": [text.slice(0, text.length / 2), /damaged/],
    "no notebook": ["[1, 2, 3]", /damaged, or no notebook/],
    "a page": ["<!doctype html><p>Sign in", /damaged, or no notebook/],
    "an archive": [Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe]), /damaged, or no notebook/],
    "without cells": [JSON.stringify({ ...right, cells: [] }), /the notebook is empty/],
    "brackets without end": ["[".repeat(1_000_000), /damaged, or no notebook/],
    "very many cells": [
      JSON.stringify({ ...right, cells: Array(2000).fill(first) }),
      /2000 cells, and 1000 are read/,
    ],
  };
  for (const [what, [bytes, reason]] of Object.entries(refused))
    assert.match((await send(bytes)).refused, reason, what);
}

async function tryCleaning(builder: Builder): Promise<void> {
  const cleaned = async (html: string) => (await builder.ask({ html })).html;
  const left: [html: string, left: string][] = [
    ["<script>alert(1)</script><p>text</p>", "<p>text</p>"],
    ['<img src="x" onerror="alert(1)">', "<img>"],
    ['<img src="https://example.org/seen.png" alt="a">', '<img alt="a">'],
    ['<a href="javascript:alert(1)">here</a>', '<a rel="noopener noreferrer nofollow">here</a>'],
    ['<div style="position:fixed;top:0">over all</div>', "<div>over all</div>"],
    ['<div style="margin:-900px 0">over all</div>', "<div>over all</div>"],
    ['<div id="words" class="nbgrader_cell">another</div>', "<div>another</div>"],
    ['<p style="background:url(https://example.org)">p</p>', "<p>p</p>"],
    ["<iframe src='data:text/html,x'></iframe><svg onload='x()'></svg><b>b</b>", "<b>b</b>"],
    ["<template><script>x()</script></template><form><input></form>", ""],
    ["<math><mtext><style><img src=x onerror=y></style></mtext></math>", ""],
  ];
  for (const [html, expected] of left) assert.equal(await cleaned(html), expected, html);

  const shown = table([{ z: 1, a: "two" }], { caption: "c" })[display]() as Record<string, string>;
  const parts = (html: string) =>
    html
      .split(/[<>"; ]+/)
      .filter(Boolean)
      .sort();
  assert.deepEqual(parts(await cleaned(shown["text/html"])), parts(shown["text/html"]));
  const explorable = await cleaned(explore.backpropagation({ step: 3 }).html());
  assert.ok(explorable.includes('src="data:image/svg+xml,'));
  assert.ok(explorable.includes("a of Z3"));
  assert.ok(!explorable.includes("script"));

  const inert = async (words: string) => (await builder.ask({ words })).words;
  const answer =
    "**No.** With $\\delta = f'(z)$:\n\n- one\n- two\n\n```ts\nconst a = 1 < 2;\n\na;\n```";
  const rendered = await inert(answer);
  for (const part of ["<strong>No.</strong>", "<math", "<li>one</li>", "&lt;"])
    assert.ok(rendered.includes(part), `${part} is missing in ${rendered}`);
  // One element on one line is what no renderer of Markdown takes apart.
  assert.match(rendered, /^<div>[^\n$]*<\/div>$/);
  for (const words of activeWords) assertInert(await inert(words), words);
  // What would keep a parser busy ends soon.
  const start = Date.now();
  for (const made of ["[", "`", "*", "$", "\\begin{a}", "> ", "<", "![", "|-\n"])
    await inert(made.repeat(100_000 / made.length));
  assert.ok(Date.now() - start < 60_000, `cleaning took ${Date.now() - start} ms`);
}

const textTags =
  "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split(
    " ",
  );
const mathTags =
  "math semantics annotation mrow mi mo mn mtext mspace mstyle msup msub msubsup mfrac mtable mtr mtd mpadded".split(
    " ",
  );

/** Elements and attributes that only show, and addresses that lead to a page when one clicks. */
function assertInert(html: string, what: string): void {
  const { document } = new JSDOM(html).window;
  for (const element of document.body.querySelectorAll("*")) {
    assert.ok(
      [...textTags, ...mathTags].includes(element.localName),
      `${element.localName}: ${what}`,
    );
    for (const { name, value } of Array.from(element.attributes)) {
      if (name === "href") assert.match(value, /^(?:https?|mailto):/, what);
      else if (name === "style") assert.match(value, /^(?:text-align|color):[\w#]+$/, what);
      else if (name === "class")
        assert.match(value, /^(?:katex|katex-error|highlight|[a-z]{1,2}\d?)$/, what);
      else if (name === "rel") assert.equal(value, "noopener noreferrer nofollow");
      // What KaTeX says of a formula, and how MathML sets it.
      else
        assert.match(
          name,
          /^(?:title|encoding|display|xmlns|stretchy|fence|width|height|mathvariant|mathcolor|scriptlevel|displaystyle|rowspacing|columnalign|columnspacing|separator|lspace|rspace|minsize|maxsize)$/,
          what,
        );
    }
  }
}

/** Markdown that would act if it could. */
export const activeWords = [
  '<img src=x onerror="window.hacked=1">',
  "<script>window.hacked=1</script>",
  '<svg onload="window.hacked=1"></svg>',
  '<a href="javascript:window.hacked=1" id="words">x</a>',
  "[x](javascript:window.hacked=1)",
  "[x](&#106;avascript:window.hacked=1)",
  "[x](java\tscript:window.hacked=1)",
  "[x]\n\n[x]: javascript:window.hacked=1",
  "<javascript:window.hacked=1>",
  "[x](data:text/html,<script>window.hacked=1</script>)",
  "![x](https://example.org/seen.png)",
  "![x](attachment:none.png)",
  '![x](x" onerror="window.hacked=1)',
  "[x](/formgrader/api/grades)",
  "```mermaid\n<img src=x onerror=window.hacked=1>\n```",
  '```"><img src=x onerror=window.hacked=1>\nx\n```',
  "$\\href{javascript:window.hacked=1}{x}$",
  "$$\\includegraphics{https://example.org/seen.png}$$",
  "$$\\htmlData{a=b}{x} \\htmlId{words}{x} \\htmlStyle{position:fixed}{x}$$",
  "$\\text{<img src=x onerror=window.hacked=1>}$",
  "$<img src=x onerror=window.hacked=1>$",
  "\\begin{a}<img src=x onerror=window.hacked=1>\\end{a}",
  '<form action="https://example.org"><button>x</button></form>',
  '<base href="https://example.org/"><meta http-equiv="refresh" content="0;https://example.org">',
  "<style>body{display:none}</style>",
  '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  "# words\n\n<h1 id=words>x</h1>",
  "| a |\n|---|\n| <img src=x onerror=window.hacked=1> |",
  "&lt;img src=x onerror=window.hacked=1&gt;",
];
