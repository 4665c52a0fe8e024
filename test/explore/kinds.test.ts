/** What a new kind of explorable takes: its two files, a line in src/explore.ts, and the tests' own list. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { JSDOM, VirtualConsole } from "jsdom";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as explore from "../../src/explore";
import type { Kind } from "../../src/explore/explorable";
import { projectRoot } from "../../src/kernel/node/argv";
import { notebookFiles, notebookName } from "../../src/notebooks";
import { writePageScripts } from "../../src/page-scripts";
import { everySample, kinds } from "./kinds";

const names = Object.keys(explore);
const folder = join(projectRoot, "src", "explore", "kinds");
const kindOf = async (name: string): Promise<Kind<object>> =>
  (await import(join(folder, `${name}.ts`))).kind;

test("every kind that cells can make has its two files, and every file is such a kind's", () => {
  expect(readdirSync(folder).sort()).toEqual(
    names.flatMap((name) => [`${name}.page.tsx`, `${name}.ts`]).sort(),
  );
});

test("every kind is in the tests' list, with a notebook that has one", () => {
  expect(Object.keys(kinds).sort()).toEqual([...names].sort());
  const files = new Map(notebookFiles().map((file) => [notebookName(file), file]));
  for (const [name, { notebook }] of Object.entries(kinds)) {
    const text = readFileSync(files.get(notebook) ?? "", "utf8");
    expect(text, `${notebook} has no ${name}`).toContain(`data-explore=\\"${name}\\"`);
  }
});

test.each(names)(
  "%s goes by one name, has a heading, and knows its settings' names",
  async (name) => {
    const kind = await kindOf(name);
    expect(kind.name).toBe(name);
    expect(kind.heading).toMatch(/^\w+: /);
    const { settings } = everySample.filter(([, , other]) => other === name)[0][1]();
    expect(Object.keys(settings).sort()).toEqual(Object.keys(kind.defaults).sort());
    expect(Object.keys(kind.defaults)).toEqual(expect.arrayContaining([...(kind.fromCell ?? [])]));
    expect(() => kind.check({ ...settings, nonsense: 1 })).toThrow(
      `There is no setting "nonsense". The settings are ${Object.keys(kind.defaults).join(", ")}.`,
    );
  },
);

describe("in a page of the web edition", () => {
  let scripts: string;
  beforeAll(() => {
    scripts = mkdtempSync(join(tmpdir(), "page-"));
    writePageScripts(scripts);
  });
  afterAll(() => rmSync(scripts, { recursive: true, force: true }));

  async function opened(html: string, link = "") {
    const errors: unknown[] = [];
    const { window } = new JSDOM(
      `<!doctype html><html data-backprop="${pathToFileURL(scripts)}/"><body>${html}</body></html>`,
      {
        url: `${pathToFileURL(join(scripts, "page.html"))}${link}`,
        runScripts: "dangerously",
        resources: "usable",
        virtualConsole: new VirtualConsole().on("jsdomError", (error) => errors.push(error)),
        beforeParse(window) {
          const { HTMLElement, HTMLCanvasElement } = window;
          // What jsdom has not: pictures of its own, and anything to scroll.
          HTMLCanvasElement.prototype.getContext = () => null;
          HTMLElement.prototype.scrollIntoView = () => {};
          Object.assign(window, {
            ResizeObserver: class {
              observe() {}
              disconnect() {}
            },
          });
        },
      },
    );
    const container = window.document.querySelector("[data-explore]") as HTMLElement;
    await expect
      .poll(() => container.lastElementChild?.shadowRoot?.querySelector("section"), {
        timeout: 20_000,
      })
      .toBeTruthy();
    const root = container.lastElementChild?.shadowRoot as ShadowRoot;
    return { errors, still: container.firstElementChild as HTMLElement, root };
  }
  const texts = (root: ShadowRoot, selector: string) =>
    Array.from(root.querySelectorAll(selector), ({ textContent }) => textContent);

  test.each(everySample)("%s comes alive, as the cell made it", async (_, make, name) => {
    const one = make();
    const { errors, still, root } = await opened(one.html());
    expect(errors).toEqual([]);
    expect(still.style.display).toBe("none");
    const { heading } = await kindOf(name);
    expect(texts(root, ".title")).toEqual([heading]);
    expect(root.querySelector("section")?.getAttribute("aria-label")).toBe(heading);
    expect(texts(root, ".problem")).toEqual([]);
    const fields = root.querySelectorAll<HTMLInputElement>("input, select");
    expect(fields.length).toBeGreaterThan(1);
    for (const { labels } of fields) expect(labels?.[0]?.textContent).toMatch(/\w/);
    expect(root.querySelectorAll("[role=img] svg, .picture svg").length).toBeGreaterThan(0);
    for (const { caption } of one.view.tables) expect(texts(root, "caption")).toContain(caption);
    expect(texts(root, "pre").join()).toContain(one.code);
  });

  /** What a reader may leave in a field, beside what is meant. */
  const typed: Record<string, string[]> = {
    number: ["", "-1", "0", "0.5", "1e9", "-1e300"],
    textarea: ["", "x", "1, 2", "1, 2, 3, 4", "0, 0, 0", "a, b, 1", "1,1,a\n2,2,b\n3,3,c\n4,4,d"],
  };

  // One of a kind: the slope with two weights has all fields, and the small playground is quicker.
  test.each(everySample.filter(([label]) => !/curve|spiral/.test(label)))(
    "%s keeps its picture whatever stands in a field, and says in words what is wrong",
    async (_, make) => {
      const { errors, root } = await opened(make().html());
      const { HTMLSelectElement, Event } = root.ownerDocument
        .defaultView as typeof globalThis.window & typeof globalThis;
      const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
      const all = () =>
        root.querySelectorAll<HTMLInputElement>("input, select, textarea:not([readonly])");
      const complaints: string[] = [];
      for (let n = 0; n < all().length; n++) {
        const kindOfField = all()[n].type;
        const values =
          all()[n] instanceof HTMLSelectElement
            ? Array.from(all()[n].querySelectorAll("option"), ({ value }) => value).slice(0, 5)
            : (typed[kindOfField] ?? []);
        const before = all()[n].value;
        for (const value of [...values, before]) {
          const field = all()[n];
          if (!field || field.type !== kindOfField) break; // another choice has other fields
          field.value = value;
          for (const type of ["input", "change"])
            field.dispatchEvent(new Event(type, { bubbles: true }));
          await settle();
          const about = `${field.labels?.[0]?.textContent} = ${value}`;
          expect(root.querySelectorAll(".picture svg").length, about).toBeGreaterThan(0);
          expect(root.querySelectorAll("table, .units").length, about).toBeGreaterThan(0);
          expect(root.querySelector(".picture")?.innerHTML, about).not.toMatch(/NaN|undefined/);
          for (const problem of texts(root, ".problem")) complaints.push(problem ?? "");
        }
        expect(errors).toEqual([]);
      }
      for (const complaint of complaints) {
        expect(complaint).toMatch(/^This does not work: [A-Z“].*[.)…]/);
        expect(complaint).not.toMatch(/\b[a-z]+[A-Z]|NaN|undefined|\[object/);
      }
    },
  );

  test.each(names)("%s takes no settings from a link that it does not know", async (name) => {
    const [, make] = everySample.find(([, , other]) => other === name) ?? [];
    const link = `#${name}=${encodeURIComponent(JSON.stringify({ nonsense: 1 }))}`;
    const { root } = await opened(make?.().html() ?? "", link);
    expect(texts(root, ".problem").join()).toMatch(/the link's settings.*no setting "nonsense"/);
    expect(texts(root, "pre").join()).toContain(make?.().code);
  });
});
