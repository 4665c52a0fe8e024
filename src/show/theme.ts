/** Whether a page is light or dark: the web edition, JupyterLab and VS Code say it each in their own way. */

/** Every colour of our pictures and figures that does not do on a dark ground, and what it is there. */
export const darkColours: Readonly<Record<string, string>> = {
  // Grounds, letters and lines.
  "#fff": "#15181c",
  "#222": "#e4e5e1",
  "#444": "#c3c8cc",
  "#555": "#a9b0b7",
  "#bbb": "#5b636b",
  "#ddd": "#30363d",
  "#e3e3e3": "#30363d",
  "#ECECEC": "#262b31",
  "#f2f2f2": "#262b31",
  "#eef4fa": "#1d2a38",
  "#F1F1F1": "#262b31",
  "#FFF3C4": "#4a3d00",
  "#888": "#868e97",
  "#ccc": "#454c54",
  // Curves, links and what is pointed out.
  "#0072B2": "#4aa3e0",
  "#D55E00": "#f2924a",
  "#009E73": "#4fcfa4",
  "#CC79A7": "#e3a1c6",
  "#8A6D00": "#d6b649",
  "#3C8FC4": "#a5d4f5",
  "#000000": "#ffffff",
  "#B3261E": "#ff8a80",
  "#33658A": "#86bdf0",
  "#4A78A8": "#86bdf0",
  "#B85C00": "#f2a06a",
};

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
