/** Whether a page is light or dark: the web edition, JupyterLab and VS Code say it each in their own way. */

/** As much of a page as this needs: cells are compiled without a browser's types. */
interface PageElement {
  dataset: Record<string, string | undefined>;
}
interface PageWindow<E extends PageElement> {
  document: { documentElement: E; body: E | null };
  matchMedia?(query: string): {
    matches: boolean;
    addEventListener?(type: "change", listener: () => void): void;
  };
  MutationObserver: new (listener: () => void) => { observe(element: E, options: object): void };
}

/** Whether the page of a window is dark; where nothing in the page says so, as the reader's system is. */
export function isDark<E extends PageElement>(window: PageWindow<E>): boolean {
  const { documentElement: root, body } = window.document;
  const { theme } = root.dataset;
  if (theme === "light" || theme === "dark") return theme === "dark";
  const { jpThemeLight, vscodeThemeKind } = body?.dataset ?? {};
  if (jpThemeLight !== undefined) return jpThemeLight === "false";
  if (vscodeThemeKind !== undefined) return !vscodeThemeKind.endsWith("light");
  return window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
}

/** Tells a listener now, and whenever the page has become light or dark. */
export function watchTheme<E extends PageElement>(
  window: PageWindow<E>,
  listener: (isDark: boolean) => void,
): void {
  let told: boolean | undefined;
  const tell = () => {
    const dark = isDark(window);
    if (dark === told) return;
    told = dark;
    listener(dark);
  };
  const attributeFilter = ["data-theme", "data-jp-theme-light", "data-vscode-theme-kind"];
  const observer = new window.MutationObserver(tell);
  const { documentElement, body } = window.document;
  observer.observe(documentElement, { attributeFilter });
  if (body) observer.observe(body, { attributeFilter });
  window.matchMedia?.("(prefers-color-scheme: dark)").addEventListener?.("change", tell);
  tell();
}
