/** The web edition's pages, without a browser: whole, linked, quiet and small. */
import { describe, expect, test } from "vitest";
import { byParts, notebookName, parts } from "../../src/notebooks";
import {
  assets,
  buildPages,
  headOf,
  type Named,
  notebookScripts,
  searchSections,
} from "../../src/site/build";
import type { NotebookFile } from "../../src/site/notebook-file";
import { committedNotebook, notebookPaths } from "../notebooks/notebook";
import { documentOf } from "../show/parts";

const notebooks: Named[] = notebookPaths().map((path) => ({
  name: notebookName(path),
  notebook: committedNotebook(path) as unknown as NotebookFile,
}));
const pages = buildPages(notebooks, "The course");
const documents = new Map([...pages].map(([name, html]) => [name, documentOf(html)]));
/** The code of each page's cells, taken before a test takes it out. */
const codeShown = new Map(
  Array.from(documents, ([name, document]) => [
    name,
    Array.from(document.querySelectorAll(".cell .code"), (pre) => pre.textContent),
  ]),
);

test("there is a page for every notebook, and an index that leads to each", () => {
  expect([...pages.keys()].sort()).toEqual(
    [...notebooks.map(({ name }) => `${name}.html`), "index.html"].sort(),
  );
  const links = Array.from(
    documents.get("index.html")?.querySelectorAll(".books a") ?? [],
    (link) => link.getAttribute("href"),
  );
  expect(links).toEqual(notebooks.map(({ name }) => `${name}.html`));
});

test("imports are folded and say what they import; other code is seen", () => {
  for (const { name, notebook } of notebooks) {
    const cells = new Map(
      Array.from(
        documents.get(`${name}.html`)?.querySelectorAll("[data-cell]") ?? [],
        (cell) => [cell.getAttribute("data-cell"), cell] as const,
      ),
    );
    for (const { cell_type, id, source, metadata } of notebook.cells) {
      if (cell_type !== "code") continue;
      const code = [source].flat().join("");
      const fold = cells.get(id ?? "")?.querySelector(":scope > details.fold");
      const statements = code
        .replace(/^\s*\/\/.*$/gm, "")
        .split(";")
        .filter((statement) => statement.trim());
      const isImports =
        statements.length > 0 && statements.every((statement) => /^\s*import\b/.test(statement));
      expect(Boolean(fold), `${name}: ${id}`).toBe(
        isImports || metadata.jupyter?.source_hidden === true,
      );
      if (!isImports) continue;
      const said = fold?.querySelector("summary code")?.textContent ?? "";
      expect(said).toMatch(/^\w+(?:, \w+)*$/);
      for (const imported of said.split(", ")) expect(code).toContain(imported);
    }
  }
});

test.each([...pages])("%s", (name, html) => {
  const document = documents.get(name) as Document;
  // Its own links lead to pages that are there; its files lie in the folder beside it.
  for (const link of document.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("#") || href.startsWith("https:")) continue;
    expect([...pages.keys()], `${name} links to ${href}`).toContain(href.replace(/#.*/, ""));
  }
  for (const part of document.querySelectorAll("[src], link[href]")) {
    const address = part.getAttribute("src") ?? part.getAttribute("href") ?? "";
    expect(address.startsWith("data:") || address.startsWith(assets), address.slice(0, 80)).toBe(
      true,
    );
  }
  expect(document.documentElement.lang).toBe("en");
  expect(document.querySelectorAll("h1")).toHaveLength(1);
  expect(document.querySelector("main")).not.toBeNull();
  for (const image of document.querySelectorAll("img")) expect(image.alt).not.toBe("");
  // Mathematics is set: no formula is left as text outside of code.
  for (const rest of document.querySelectorAll("pre, code, script, annotation")) rest.remove();
  expect(document.body.textContent).not.toMatch(/\$[^$]+\$|\\(?:frac|delta|partial|begin)/);
  expect(html.length).toBeLessThan(1_000_000);
});

test("each part begins with a notebook that is there, and has all up to the next part", () => {
  const found = byParts(notebooks);
  expect(found.map(({ part }) => part)).toEqual(parts);
  expect(found.flatMap((one) => one.notebooks)).toEqual(notebooks);
  const heads = Array.from(documents.get("index.html")?.querySelectorAll(".part") ?? [], (part) => [
    part.querySelector("h2")?.textContent,
    part.querySelectorAll(".books li").length,
  ]);
  expect(heads.slice(0, parts.length)).toEqual(
    found.map(({ part, notebooks }) => [part.title, notebooks.length]),
  );
});

test("the front door opens with the stepper at the first delta", () => {
  const index = documentOf(pages.get("index.html") as string);
  const figure = index.querySelector(".hero [data-explore=backpropagation]");
  expect(figure?.querySelector("img")?.alt).toMatch(/D0/);
  expect(figure?.querySelector("script")?.textContent).toContain('"step":6');
});

test("contents lead to every section of a page, and headings to themselves", () => {
  for (const { name } of notebooks) {
    const document = documents.get(`${name}.html`) as Document;
    const entries = Array.from(document.querySelectorAll<HTMLAnchorElement>(".toc a"));
    const heads = Array.from(document.querySelectorAll("main h2"));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.map(({ hash }) => hash)).toEqual(heads.map(({ id }) => `#${id}`));
    for (const head of document.querySelectorAll("main :is(h2, h3)"))
      expect(head.querySelector("a.anchor")?.getAttribute("href")).toBe(`#${head.id}`);
    const ids = Array.from(document.querySelectorAll("[id]"), ({ id }) => id);
    expect(new Set(ids).size, `ids of ${name}`).toBe(ids.length);
  }
});

test("what can be scrolled to says what it is", () => {
  const regions = [...documents.values()].flatMap((document) =>
    Array.from(
      document.querySelectorAll("[role=region]"),
      (region) => region.ariaLabel ?? region.getAttribute("aria-label"),
    ),
  );
  expect(regions.length).toBeGreaterThan(100);
  for (const region of regions) expect(region).toMatch(/^Table(?:: | of )\S/);
});

test("pages are linked one to the next and back", () => {
  notebooks.forEach(({ name }, n) => {
    const hrefs = Array.from(
      documents.get(`${name}.html`)?.querySelectorAll("footer nav a") ?? [],
      (link) => link.getAttribute("href"),
    );
    const wanted = [notebooks[n - 1], undefined, notebooks[n + 1]].map((one, place) =>
      place === 1 ? "index.html" : one && `${one.name}.html`,
    );
    expect(hrefs).toEqual(wanted.filter(Boolean));
  });
});

test("every cell's prose, code and outputs are there", () => {
  for (const { name, notebook } of notebooks) {
    const document = documents.get(`${name}.html`) as Document;
    const code = notebook.cells.filter((cell) => cell.cell_type === "code");
    expect(codeShown.get(`${name}.html`)).toEqual(
      code.map(({ source }) => [source].flat().join("")),
    );
    expect(document.querySelectorAll("[data-explore]")).toHaveLength(
      JSON.stringify(notebook).split("<div data-explore=").length - 1,
    );
  }
});

describe("a page holds whatever a notebook can", () => {
  const say = "\u001b[31mRangeError\u001b[0m: no \u001b[1;38;5;9mway\u001b[39m <b>";
  const built = buildPages(
    [
      {
        name: "all-kinds",
        notebook: {
          cells: [
            {
              cell_type: "markdown",
              id: "head",
              source: "# Tags <i> & such\n\n*Is $x$ **bold**?*\n\nAbout 25 minutes.",
              metadata: {},
            },
            {
              cell_type: "markdown",
              id: "prose",
              source: [
                "It is 7<!--= after[0] -->. <!-- two\n",
                "lines --> [On](02-on.ipynb#part), [out](https://example.org/a.ipynb), $a^2$.\n\n",
                "$$b^2$$\n\n| one |\n| - |\n| two |",
              ],
              metadata: {},
            },
            {
              cell_type: "code",
              id: "outputs",
              source: ["const a = 1;\n", "a < 2;"],
              metadata: {},
              outputs: [
                { output_type: "stream", text: ["printed <1>\n", "and 2\n"] },
                { output_type: "stream", text: `warned ${say}` },
                { output_type: "execute_result", data: { "text/plain": ["plain ", `<3> ${say}`] } },
                {
                  output_type: "display_data",
                  data: { "text/latex": ["$$", "c^2$$"], "text/plain": "not shown: c" },
                },
                {
                  output_type: "display_data",
                  data: {
                    "text/html": ["<table id='t'>", "</table>"],
                    "text/latex": "not shown: t",
                    "text/plain": "not shown: t",
                  },
                },
                { output_type: "error", ename: "Name", evalue: "value", traceback: [say, "at 4"] },
                { output_type: "error", ename: "Odd", evalue: `only ${say}` },
              ],
            },
            {
              cell_type: "code",
              id: "hidden",
              source: "checkAnswer();",
              metadata: { jupyter: { source_hidden: true } },
            },
          ],
        },
      },
    ],
    "The <course>",
  );
  const document = documentOf(built.get("all-kinds.html") ?? "");
  const index = documentOf(built.get("index.html") ?? "");
  const main = document.querySelector("main") as Element;
  const plainSay = "RangeError: no way <b>";

  test("every output once, in its order and in its best form", () => {
    const outputs = Array.from(main.querySelectorAll(".output"), (output) => {
      const math = output.querySelector("annotation");
      return [output.tagName, output.className, math?.textContent ?? output.textContent];
    });
    expect(outputs).toEqual([
      ["PRE", "output", "printed <1>\nand 2\n"],
      ["PRE", "output", `warned ${plainSay}`],
      ["PRE", "output", `plain <3> ${plainSay}`],
      ["DIV", "output math", "c^2"],
      ["DIV", "output", ""],
      ["PRE", "output error", `Error\n${plainSay}\nat 4`],
      ["PRE", "output error", `Error\nOdd: only ${plainSay}`],
    ]);
    expect(main.querySelector(".output.math .katex-display")).not.toBeNull();
    expect(main.querySelector(".output .wide[tabindex='0'] > #t")).not.toBeNull();
    expect(main.innerHTML).not.toContain("not shown");
  });

  test("prose without its comments, its formulas set, its table in a box that scrolls", () => {
    const [, prose] = main.querySelectorAll(".prose");
    expect(prose.querySelector("p")?.textContent).toMatch(/^It is 7\.\s+On, out, /);
    expect(prose.innerHTML).not.toMatch(/after|lines|--/);
    expect(
      Array.from(prose.querySelectorAll("annotation"), ({ textContent }) => textContent?.trim()),
    ).toEqual(["a^2", "b^2"]);
    expect(prose.querySelector(".katex-block")?.getAttribute("tabindex")).toBe("0");
    expect(prose.querySelector(".wide[role='region'] > table td")?.textContent).toBe("two");
  });

  test("links to notebooks lead to their pages, and others where they led", () => {
    const links = main.querySelectorAll(".prose a");
    expect(Array.from(links, (link) => link.getAttribute("href"))).toEqual([
      "on.html#part",
      "https://example.org/a.ipynb",
    ]);
  });

  test("code as it is, coloured; that of a check behind a summary", () => {
    const [code, hidden] = main.querySelectorAll(".code");
    expect(code.textContent).toBe("const a = 1;\na < 2;");
    expect(code.querySelector(".hljs-keyword")?.textContent).toBe("const");
    expect(code.closest("details")).toBeNull();
    expect(hidden.textContent).toBe("checkAnswer();");
    expect(hidden.closest("details")?.open).toBe(false);
  });

  test("a title, a description in plain words, and in the index the minutes", () => {
    expect(document.title).toBe("Tags <i> & such");
    const description = document.querySelector("meta[name=description]")?.getAttribute("content");
    expect(description).toBe("Is x bold?");
    expect(index.title).toBe("The <course>");
    expect(index.querySelector("h1")?.textContent).toBe("The <course>");
    const row = index.querySelector(".books li");
    expect(row?.querySelector("a")?.textContent).toBe("Tags <i> & such");
    expect(row?.querySelector(".minutes")?.textContent).toBe("25 minutes");
    expect(row?.querySelector("strong")?.textContent).toBe("bold");
    expect(row?.querySelector(".katex")).not.toBeNull();
  });
});

test("a page tells its script of its code cells, and their files come as scripts", () => {
  const { name, notebook } = notebooks[0];
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const dependencies = code.map(() => ({ declares: ["</script>"], uses: [] }));
  const named = { name, notebook, file: "00-a.ipynb", dependencies, seconds: { [code[1].id]: 7 } };
  const page = documentOf(buildPages([named], "A course").get(`${name}.html`) ?? "");
  const data = JSON.parse(page.getElementById("notebook")?.textContent ?? "");
  expect(data.name).toBe(name);
  expect(data.file).toBe("00-a.ipynb");
  expect(data.cells.map(({ id }: { id: string }) => id)).toEqual(code.map(({ id }) => id));
  expect(data.cells[1].seconds).toBe(7);
  expect(data.cells[0].seconds).toBeUndefined();
  expect(data.cells[0].dependencies).toEqual(dependencies[0]);
  const ids = Array.from(page.querySelectorAll<HTMLElement>(".cell"), (cell) => cell.dataset.cell);
  expect(ids).toEqual(code.map(({ id }) => id));
  const window: Record<string, unknown> = {};
  for (const script of notebookScripts([named]).values()) new Function("window", script)(window);
  expect(window.backpropLive).toEqual({
    notebookFile: notebook,
    pageIds: [{ name, title: headOf(notebook).title, ids }],
    sections: searchSections([named]),
  });
});

test("a notebook without a title or a question is refused, with what it wants", () => {
  const cells = [
    { cell_type: "markdown" as const, id: "a", source: "# Only a title", metadata: {} },
  ];
  expect(() => headOf({ cells })).toThrow(/the question it answers/);
});

test("the same notebooks give the same pages", () => {
  expect(buildPages(notebooks, "The course")).toEqual(pages);
});
