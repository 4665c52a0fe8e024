/** The web edition's pages, without a browser: whole, linked, quiet and small. */
import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { assets, buildPages, headOf, type Named, type NotebookFile } from "../../src/site/build";
import { committedNotebook, notebookPaths } from "../notebooks/notebook";

const notebooks: Named[] = notebookPaths().map((path) => ({
  name: path.replace(/^notebooks\/|\.ipynb$/g, ""),
  notebook: committedNotebook(path) as unknown as NotebookFile,
}));
const pages = buildPages(notebooks, "The course");
const documents = new Map(
  [...pages].map(([name, html]) => [name, new JSDOM(html).window.document]),
);

test("there is a page for every notebook, and an index that leads to each", () => {
  expect([...pages.keys()].sort()).toEqual(
    [...notebooks.map(({ name }) => `${name}.html`), "index.html"].sort(),
  );
  const links = Array.from(documents.get("index.html")?.querySelectorAll("main a") ?? [], (link) =>
    link.getAttribute("href"),
  );
  expect(links).toEqual(notebooks.map(({ name }) => `${name}.html`));
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

test("pages are linked one to the next and back", () => {
  notebooks.forEach(({ name }, n) => {
    const hrefs = Array.from(
      documents.get(`${name}.html`)?.querySelectorAll("header nav a") ?? [],
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
    const shown = Array.from(
      new JSDOM(pages.get(`${name}.html`)).window.document.querySelectorAll(".cell .code"),
      (pre) => pre.textContent,
    );
    expect(shown).toEqual(code.map(({ source }) => [source].flat().join("")));
    expect(document.querySelectorAll("[data-explore]")).toHaveLength(
      JSON.stringify(notebook).split("<div data-explore=").length - 1,
    );
  }
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
