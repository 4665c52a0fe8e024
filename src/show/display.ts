/** How values show themselves in a notebook, and how they reach the notebook while a cell still runs. */

/** The same content in several types, by MIME type, for the front end to choose from. */
export type MimeBundle = Record<string, string>;

/** The method by which a value says what it shows as: a convention of Deno's Jupyter kernel, and of ours. */
export const display: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself when it is a cell's last expression. */
export interface Displayable {
  [display](): MimeBundle | Promise<MimeBundle>;
}

/** What a kernel offers to a cell that runs; absent outside a notebook. */
export interface Host {
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  readonly signal?: { readonly aborted: boolean };
}

export function host(): Host | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.host")] as Host | undefined;
}

export function escapeHtml(text: string): string {
  // Readers give numbers as names and captions, too.
  return String(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** An SVG picture as an `<img>`: the one way that a repository's web view and an untrusted notebook keep. */
export function pictureHtml(svg: string, alt: string, width: number, height: number): string {
  const source = svg
    .replace(/\s+/g, " ")
    .replace(/"/g, "'")
    .replace(/[%#<>&]/g, encodeURIComponent);
  return (
    `<img src="data:image/svg+xml,${source}" alt="${escapeHtml(alt)}" width="${width}" height="${height}" ` +
    'style="max-width:100%;height:auto;background:#fff;border-radius:6px">'
  );
}
