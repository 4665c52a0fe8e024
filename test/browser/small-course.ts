/** A course of two small notebooks in plain JavaScript, as the fake kernel runs it, for tests of the page. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { projectRoot } from "../../src/kernel/node/argv";
import { plot } from "../../src/show";
import { figureHtml, lineHtml } from "../../src/show/figure";
import type { NotebookCell, NotebookFile } from "../../src/site/notebook-file";
import { writeSite } from "../../src/site/write";

const text = (value: string) => [
  {
    output_type: "execute_result",
    execution_count: 1,
    data: { "text/plain": [value] },
    metadata: {},
  },
];

const { figure } = plot({
  data: [{ x: [1, 2, 3], y: [2, 4, 8], name: "cost (a) }).catch( ,u)" }],
  title: "A figure",
  xTitle: "epoch",
  yTitle: "cost",
  alt: "A curve that rises from 2 to 8.",
});
const live = figureHtml(figure, lineHtml("A figure: epoch 3 of 3"));

const code = (
  id: string,
  source: string,
  outputs: NotebookCell["outputs"] = [],
  metadata: NotebookCell["metadata"] = {},
): NotebookCell => ({
  cell_type: "code",
  id,
  source: source.split(/(?<=\n)/),
  metadata,
  outputs,
  execution_count: 1,
});

const prose = (id: string, source: string): NotebookCell => ({
  cell_type: "markdown",
  id,
  source: source.split(/(?<=\n)/),
  metadata: {},
});

const cells = [
  prose(
    "title",
    "# A small notebook\n\n*Does it run here?*\n\nAbout 5 minutes. Read `src/nn/backpropagation.ts`.",
  ),
  code("imports", 'import { factor } from "./src/nn";'),
  code("try-it", "// TRY IT\nconst rate = 2;\nconst units = 3;", [], { tags: ["try-it"] }),
  code("product", "const product = factor * rate * units;\nproduct;", text("6")),
  code("report", 'print("the product is " + product + "\\n");', [
    { output_type: "stream", name: "stdout", text: ["the product is 6\n"] },
  ]),
  code("alone", "1 + 1;", text("2")),
  code("slow", "await wait(150);\nconst slow = rate;"),
  code("uses-slow", "slow * 10;", text("20")),
  code("fails", 'throw new Error("on purpose " + rate);', [], { tags: ["raises-exception"] }),
  code("fails-too", "missing + rate;"),
  code("after-it", "const unmade = missing;\nunmade;"),
  code("uses-unmade", "unmade + 1;"),
  code("endless", "await wait(60000);\nrate;"),
  code(
    "flood",
    'for (let i = 0; i < 20000; i++) print("line " + i + "\\n");\nfor (let i = 0; i < 300; i++) display({ "text/plain": "shown " + i });',
  ),
  code(
    "scripts",
    "window.order = [];\n" +
      'display({ "text/html": "<p id=made></p><script>order.push(1)</script><script>order.push(2)</script>" });',
  ),
  code("latex", 'display({ "text/latex": "$$c^2$$", "text/plain": "c" });'),
  code(
    "updated",
    'display({ "text/plain": "one" }, "d");\nawait wait(100);\ndisplay({ "text/plain": "two" }, "d", true);\nawait wait(100);\nprint("cleared");\nclear(true);\nprint("last");',
  ),
  code("figure", `display({ "text/html": ${JSON.stringify(live)}, "text/plain": "A curve" });`),
  code("check", "product === 6;", text("true"), { jupyter: { source_hidden: true } }),
];

export const smallNotebook: NotebookFile = {
  cells,
  metadata: { kernelspec: { name: "backprop" }, language_info: { name: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
};

const otherNotebook: NotebookFile = {
  ...smallNotebook,
  cells: [
    prose("title", "# Another notebook\n\n*And this?*"),
    code("imports", 'import { factor } from "./src/nn";'),
    code("other-1", "1;", text("1")),
    code("other-2", "2;", text("2")),
  ],
};

/** Writes the pages with the fake kernel into a folder. */
export async function writeSmallCourse(folder: string): Promise<void> {
  await writeSite(folder, "A small course", [
    { name: "small", file: "01-small.ipynb", notebook: smallNotebook, seconds: { slow: 12 } },
    { name: "other", file: "02-other.ipynb", notebook: otherNotebook },
  ]);
  const { outputFiles } = buildSync({
    entryPoints: [join(projectRoot, "test", "browser", "fake-kernel.ts")],
    bundle: true,
    write: false,
    format: "iife",
  });
  writeFileSync(join(folder, "assets", "page-kernel.js"), outputFiles[0].contents);
}
