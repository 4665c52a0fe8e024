/** What a page keeps in the browser: all keys, and the file that takes everything elsewhere. */
import { asCards, cardsKey, type KeptCards, notebooksOf } from "../../cards/page/kept";

/** Where texts are kept: the browser's, or one in a test. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** What a reader has made of one page. */
export interface KeptPage {
  /** The code of cells that are not as they came, by their ids. */
  cells: Record<string, string>;
  /** The settings of explorables, by the ids of their cells: those the cell gave, and those they have now. */
  settings?: Record<string, { given: object; now: object }>;
  /** The ids of the sections that were read to their end. */
  read?: string[];
}

/** What stands in an exported file. */
interface KeptFile {
  kind: "backpropagation course: what I made";
  version: 1;
  pages: Record<string, KeptPage>;
  /** Sources of the library that are not as they came, by their paths. */
  sources: Record<string, string>;
  /** Guesses and answers of cards, by pages; files of earlier editions have none. */
  cards?: Record<string, KeptCards>;
}

const kind = "backpropagation course: what I made";

/** A page is kept under its notebook's name, which has no number; its explorables look there before all else. */
export const pageKey = (name: string) => `backprop:page:${name}`;
const sourcesKey = "backprop:sources";
const followKey = "backprop:follow";
const lastKey = "backprop:last";

export interface Keep {
  page(name: string): KeptPage;
  /** @returns whether it could be kept */
  keepPage(name: string, page: KeptPage): boolean;
  sources(): Record<string, string>;
  keepSources(sources: Record<string, string>): boolean;
  /** Guesses and answers of the page's cards are forgotten; the cards themselves keep them. */
  forgetCards(name: string): void;
  /** Whether outputs follow what is typed; yes, unless switched off. */
  follows(): boolean;
  keepFollows(on: boolean): void;
  /** The notebook that was open last. */
  last(): string | undefined;
  keepLast(name: string): void;
  /** Everything that is kept, as the text of a file. */
  exported(): string;
  /**
   * Takes over what such a file holds; pages and sources that it does not name stay.
   *
   * @returns the names of pages and the number of sources that it held
   * @throws SyntaxError for another file, in words for its reader
   */
  imported(text: string): { pages: string[]; sources: number };
  resetAll(): void;
  /** Why nothing is kept; undefined as long as it works. */
  readonly failure: string | undefined;
}

/** Values under keys, as JSON. A browser that refuses is no error: `failure` says it. */
export interface Shelf {
  read(key: string): unknown;
  /** @returns whether it could be kept; undefined is not, it is taken away */
  write(key: string, value: unknown): boolean;
  keys(): string[];
  /** Why nothing is kept; undefined as long as it works. */
  readonly failure: string | undefined;
}

/** @param store the browser's `localStorage`; asking for it may itself be refused */
export function createShelf(store: () => Store): Shelf {
  let failure: string | undefined;

  function refuse(error: unknown): void {
    failure = /quota/i.test(String((error as Error).name))
      ? "The browser has no room left for what you write here: download the notebook to keep it."
      : "This browser keeps nothing of what you write here (a private window, or kept off by its settings): download the notebook to keep it.";
  }

  const shelf: Shelf = {
    read(key) {
      try {
        return JSON.parse(store().getItem(key) ?? "null");
      } catch (error) {
        // What somebody else wrote there is no reason to keep nothing.
        if (!(error instanceof SyntaxError)) refuse(error);
        return null;
      }
    },
    write(key, value) {
      try {
        if (value === undefined) store().removeItem(key);
        else store().setItem(key, JSON.stringify(value));
        failure = undefined;
        return true;
      } catch (error) {
        refuse(error);
        return false;
      }
    },
    keys() {
      try {
        const all = store();
        return Array.from({ length: all.length }, (_, n) => all.key(n) ?? "");
      } catch (error) {
        refuse(error);
        return [];
      }
    },
    get failure() {
      return failure;
    },
  };
  // Whether anything can be kept is found out before somebody relies on it.
  shelf.write("backprop:try", 1);
  if (!failure) shelf.write("backprop:try", undefined);
  return shelf;
}

/** @param store as for `createShelf` */
export function createKeep(store: () => Store): Keep {
  const shelf = createShelf(store);
  const { read, write } = shelf;
  const keys = () =>
    shelf
      .keys()
      .filter(
        (key) =>
          key.startsWith(pageKey("")) ||
          key.startsWith(cardsKey("")) ||
          [sourcesKey, followKey, lastKey].includes(key),
      );

  const keep: Keep = {
    page: (name) => asPage(read(pageKey(name))),
    keepPage: (name, page) => write(pageKey(name), isEmpty(page) ? undefined : page),
    sources: () => asTexts(read(sourcesKey)),
    keepSources: (sources) =>
      write(sourcesKey, Object.keys(sources).length > 0 ? sources : undefined),
    forgetCards: (name) => void write(cardsKey(name), undefined),
    follows: () => read(followKey) !== false,
    keepFollows: (on) => void write(followKey, on ? undefined : false),
    last() {
      const name = read(lastKey);
      return typeof name === "string" ? name : undefined;
    },
    keepLast: (name) => void write(lastKey, name),
    exported() {
      const pages = keys().filter((key) => key.startsWith(pageKey("")));
      const file: KeptFile = {
        kind,
        version: 1,
        pages: Object.fromEntries(
          pages.sort().map((key) => [key.slice(pageKey("").length), asPage(read(key))]),
        ),
        sources: keep.sources(),
        cards: Object.fromEntries(
          notebooksOf(keys())
            .sort()
            .map((name) => [name, answered(asCards(read(cardsKey(name))))] as const)
            .filter(([, cards]) => Object.keys(cards).length > 0),
        ),
      };
      return `${JSON.stringify(file, null, 1)}\n`;
    },
    imported(text) {
      let file: Partial<KeptFile>;
      try {
        file = Object(JSON.parse(text));
      } catch {
        throw new SyntaxError("This file holds nothing of this course: it is not JSON.");
      }
      if (file.kind !== kind)
        throw new SyntaxError(
          "This file was not exported here. To bring back a notebook, choose «Open mine».",
        );
      if (file.version !== 1)
        throw new SyntaxError(
          `This file is of version ${file.version}, and this page reads version 1: open it in a newer edition of the course.`,
        );
      const names = Object.keys(Object(file.pages));
      for (const name of names) keep.keepPage(name, asPage(Object(file.pages)[name]));
      const sources = asTexts(file.sources);
      if (Object.keys(sources).length > 0) keep.keepSources({ ...keep.sources(), ...sources });
      const withCards = Object.keys(Object(file.cards));
      for (const name of withCards) {
        const cards = asCards(Object(file.cards)[name]);
        write(cardsKey(name), { ...asCards(read(cardsKey(name))), ...cards });
      }
      return {
        pages: [...new Set([...names, ...withCards])],
        sources: Object.keys(sources).length,
      };
    },
    resetAll() {
      for (const key of keys()) write(key, undefined);
    },
    get failure() {
      return shelf.failure;
    },
  };
  return keep;
}

/** A card that was only seen is nothing that its reader made. */
function answered(cards: KeptCards): KeptCards {
  return Object.fromEntries(Object.entries(cards).filter(([, { first }]) => first));
}

function isEmpty({ cells, settings = {}, read = [] }: KeptPage): boolean {
  return Object.keys(cells).length + Object.keys(settings).length + read.length === 0;
}

/** What is read may be anybody's: only texts by names are taken. */
export function asTexts(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter(([, text]) => typeof text === "string"));
}

function asPage(value: unknown): KeptPage {
  const { cells, settings, read } = Object(value) as Partial<KeptPage>;
  const objects = Object.entries(Object(settings)).filter(
    ([, one]) => typeof one === "object" && one !== null,
  );
  return {
    cells: asTexts(cells),
    ...(objects.length > 0 ? { settings: Object.fromEntries(objects) as never } : {}),
    ...(Array.isArray(read) ? { read: read.filter((id) => typeof id === "string") } : {}),
  };
}
