/** What a reader sees where nothing runs: a repository's web view, an untrusted notebook, a plain text diff. */
import { describe, expect, test } from "vitest";
import { documentOf, pictureOf } from "../show/parts";
import { committedNotebook, notebookPaths } from "./notebook";

/** Tags that GitHub and an untrusted JupyterLab take out, with all that is in them. */
const stripped = "script, style, svg, iframe, object, link, canvas, math";
/** Code that is shown to be read, as a figure's picture is shown to be looked at. */
const shownCode = "pre";

describe.each(notebookPaths())("%s", (path) => {
  const outputs = committedNotebook(path).cells.flatMap(({ id, outputs = [] }) =>
    outputs.map((output) => ({ id, output })),
  );
  const textOf = (value: unknown) => [value ?? ""].flat().join("");
  let parsed: { id: string; document: Document }[] | undefined;
  /** The outputs that are HTML. To parse them takes longer than what is asked of them: tests that change one take a copy. */
  const pages = () =>
    (parsed ??= outputs.flatMap(({ id, output }) => {
      const html = textOf(output.data?.["text/html"]);
      return html ? [{ id, document: documentOf(html) }] : [];
    }));

  test("no output is empty, and each has plain text for a diff", () => {
    for (const { id, output } of outputs) {
      if (output.output_type === "stream") expect(textOf(output.text).trim(), id).not.toBe("");
      else if (output.output_type === "error") expect(output.evalue, id).not.toBe("");
      else {
        const plain = textOf(output.data?.["text/plain"]);
        expect(plain.trim(), id).not.toBe("");
        expect(plain, id).not.toMatch(/^\s*[[{]\s*"|<[a-z]+[ >]|\[object Object\]/);
      }
    }
  });

  test("no output is a wall of text: whatever shows itself as text alone is a few lines", () => {
    for (const { id, output } of outputs) {
      if (output.output_type === "stream" || output.output_type === "error") continue;
      if (Object.keys(output.data ?? {}).join() !== "text/plain") continue;
      expect(textOf(output.data?.["text/plain"]).split("\n").length, id).toBeLessThanOrEqual(20);
    }
  });

  test("no table in the open is higher than a phone", () => {
    for (const { id, document } of pages()) {
      // Of explorables the table is folded, or scrolls, once they are live.
      for (const table of document.querySelectorAll("table"))
        if (!table.closest("details, [data-explore]"))
          expect(table.querySelectorAll("tbody tr").length, id).toBeLessThanOrEqual(10);
    }
  });

  test("with scripts stripped, figures and explorables leave a picture and numbers, tables stay tables", () => {
    for (const { id, document: page } of pages()) {
      const document = page.cloneNode(true) as Document;
      const [isFigure, isExplorable] = ["figure", "explore"].map(
        (kind) => document.querySelector(`[data-${kind}]`) !== null,
      );
      for (const gone of document.querySelectorAll(stripped)) gone.remove();
      for (const element of document.querySelectorAll("*")) {
        for (const { name } of Array.from(element.attributes)) {
          if (name.startsWith("data-") || name.startsWith("on")) element.removeAttribute(name);
        }
      }
      const prose = document.body.cloneNode(true) as HTMLElement;
      for (const code of prose.querySelectorAll(shownCode)) code.remove();
      expect(prose.textContent, id).not.toMatch(/function\s*\(|=>|\{"/);
      const images = Array.from(document.querySelectorAll("img"));
      if (isFigure || isExplorable) {
        expect(images, id).toHaveLength(1);
        expect(pictureOf(document).querySelector("text"), id).not.toBeNull();
        expect(images[0].alt, id).toMatch(/\d/); // the numbers are in the words
      }
      if (isExplorable) expect(document.querySelectorAll("table td").length, id).toBeGreaterThan(0);
      if (!isFigure && !isExplorable) {
        expect(document.querySelectorAll("table, p, em, strong, span").length, id).toBeGreaterThan(
          0,
        );
      }
    }
  });
});
