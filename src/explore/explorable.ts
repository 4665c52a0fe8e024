/** What all explorables are: a still picture with its numbers, and a script that brings them to life. */
import {
  type CellValue,
  type Displayable,
  display,
  escapeHtml,
  type Picture,
  pageScript,
  pictureHtml,
  table,
} from "../show";
import { checkNames, settingsCode } from "./settings";

/** What an explorable shows for its settings, wherever it is shown. */
export interface View {
  title: string;
  picture: Picture;
  /** What the picture shows, for those who do not see it. */
  alt: string;
  tables: { caption: string; rows: Record<string, CellValue>[]; digits?: number }[];
}

export interface Explorable<S> extends Displayable {
  readonly kind: string;
  /** All settings, those of the defaults too. */
  readonly settings: S;
  readonly view: View;
  /** The call that gives it back. */
  readonly code: string;
  /** With `bare` its settings are not shown: for where it stands as a picture. */
  html(options?: { bare?: boolean }): string;
}

/** What a kind of explorable is made of. Its page is found by its name (src/explore.ts says where). */
interface KindParts<S extends object, V extends View> {
  /** As the function of `explore` is called, and its files. */
  readonly name: string;
  /** What stands above it in a page. */
  readonly heading: string;
  readonly defaults: S;
  /** What the function takes before the settings, as code: "network". */
  readonly given?: string;
  /** Settings that come from there: links and code leave them out. */
  readonly fromCell?: readonly (keyof S & string)[];
  /** @throws RangeError for settings that make no sense, with the value and what to do */
  check(settings: S): void;
  /** `held` is what was seen when a pointer took hold of it: its axes stay. */
  view(settings: S, held?: V): V;
}

export interface Kind<S extends object, V extends View = View> extends KindParts<S, V> {
  /** The settings that links and code tell. */
  told(settings: S): Partial<S>;
  /** The call that gives the settings back: what a reader pastes into a cell. */
  code(settings: S): string;
}

/** A kind, which checks the names of its settings too, and writes them as code. */
export function defineKind<S extends object, V extends View = View>(
  parts: KindParts<S, V>,
): Kind<S, V> {
  const { name, defaults, given, fromCell = [] } = parts;
  const told = (settings: S) =>
    Object.fromEntries(
      Object.entries(settings).filter(([one]) => !(fromCell as readonly string[]).includes(one)),
    ) as Partial<S>;
  return {
    ...parts,
    check(settings) {
      checkNames(settings, defaults);
      parts.check(settings);
    },
    told,
    code(settings) {
      const takes = [given, settingsCode(told(settings), defaults)].filter(Boolean);
      return `explore.${name}(${takes.join(", ")});`;
    },
  };
}

export function createExplorable<S extends object>(
  kind: Kind<S>,
  options: Partial<S>,
): Explorable<S> {
  const settings = { ...kind.defaults, ...options };
  kind.check(settings);
  const view = kind.view(settings);
  const html = ({ bare = false } = {}) => {
    const { svg, width, height } = view.picture;
    const still =
      `<p><strong>${escapeHtml(view.title)}</strong></p>${pictureHtml(svg, view.alt, width, height)}${tablesHtml(view)}` +
      "<p>This is a still picture of the start. In JupyterLab or VS Code, run this cell and it comes alive; in the web edition (<code>npm run site</code>) it is alive at once.</p>";
    const call = `backprop.explore(p,${JSON.stringify(kind.name)},${json(settings)}${bare ? ",true" : ""})`;
    return `<div data-explore="${kind.name}"><div>${still}</div>${pageScript("explore.js", call)}</div>`;
  };
  return {
    kind: kind.name,
    settings,
    view,
    code: kind.code(settings),
    html,
    [display]: () => ({ "text/html": html(), "text/plain": plainText(view) }),
  };
}

/** The tables of a view, each as an element of its own. */
export function tablesHtml({ tables }: View): string {
  return tables
    .map(({ caption, rows, digits }) => bundleOf(table(rows, { caption, digits }))["text/html"])
    .join("");
}

function plainText(view: View): string {
  const tables = view.tables.map(
    ({ caption, rows, digits }) => bundleOf(table(rows, { caption, digits }))["text/plain"],
  );
  return [view.title, view.alt, ...tables].join("\n\n");
}

function bundleOf(value: Displayable): Record<string, string> {
  return value[display]() as Record<string, string>;
}

function json(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
