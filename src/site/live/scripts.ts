/// <reference lib="dom" />
/** Scripts that a page loads when they are needed. From a folder on the disk nothing but scripts can be loaded. */

/** What scripts that are loaded when they are needed hand over, by the names of their files. */
export interface LiveParts {
  /** editor.js */
  createEditor?: typeof import("./editor").createEditor;
  /** page-kernel.js */
  createPageKernel?: typeof import("../../kernel/page/kernel").createPageKernel;
  /** stills.js */
  withStill?: typeof import("./stills").withStill;
  /** answer-html.js */
  answerHtml?: (text: string) => string;
  /** notebooks/<name>.js */
  notebookFile?: import("../notebook-file").NotebookFile;
  /** notebooks.js */
  pageIds?: readonly import("../notebook-file").PageIds[];
  /** search.js */
  search?: (query: string) => import("../search").Hit[];
  excerpt?: typeof import("../search").excerpt;
  /** sections.js */
  sections?: readonly import("../search").Section[];
}

const loading = new Map<string, Promise<void>>();

/** Where such scripts lie, and where they leave what they hand over. */
export function assetsFolder(): string {
  return document.documentElement.dataset.backprop ?? "assets/";
}
export function parts(): LiveParts {
  const page = window as unknown as { backpropLive?: LiveParts };
  page.backpropLive ??= {};
  return page.backpropLive;
}

/** Loads a script once. @throws Error if it cannot be had */
export function loadScript(file: string): Promise<void> {
  const known = loading.get(file);
  if (known) return known;
  const loaded = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = assetsFolder() + file;
    script.onload = () => resolve();
    script.onerror = () => {
      loading.delete(file); // the next try may find the network again
      script.remove();
      reject(new Error(`${file} could not be loaded: is the network there?`));
    };
    document.head.append(script);
  });
  loading.set(file, loaded);
  return loaded;
}
