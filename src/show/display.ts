/** How values show themselves in a notebook, and how they reach the notebook while a cell still runs. */

/** The same content in several types, by MIME type, for the front end to choose from: text, or what is JSON. */
// biome-ignore lint/suspicious/noExplicitAny: whoever asks for a type knows which of the two it is
export type MimeBundle = Record<string, any>;

/** The method by which a value says what it shows as: a convention of Deno's Jupyter kernel, and of ours. */
export const display: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself when it is a cell's last expression. */
export interface Displayable {
  [display](): MimeBundle | Promise<MimeBundle>;
}

/** A cell that a variable comes from. */
export interface CellOf {
  /** What errors call it: "cell 3". */
  readonly label: string;
  /** As the reader wrote it. */
  readonly code: string;
  /** It failed before it had set the variable, which is as it was before. */
  readonly failed: boolean;
}

/** What a kernel offers to a cell that runs; absent outside a notebook. */
export interface Host {
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  /** Aborted when the reader interrupts the cell, which then has a moment to end by itself. */
  readonly signal?: {
    readonly aborted: boolean;
    addEventListener?(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  };
  /** The newest cell that declares a variable, or was to declare it and failed. */
  cellOf?(name: string): CellOf | undefined;
  /** Keeps the cell from ending before this has settled; its own code may have ended by then. */
  waitUntil?(work: Promise<unknown>): void;
}

/**
 * Lets the notebook breathe: what waits for its turn gets it, an interrupt too. Whatever is to be kept through an
 * interrupt begins with it: before a cell's first `await`, Node ends the cell's code wherever it is.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Waits for some work, but no longer than until the signal is aborted. */
export async function orAborted(work: Promise<unknown>, signal: Host["signal"]): Promise<void> {
  if (signal?.aborted) return;
  const aborted = new Promise<void>((resolve) =>
    signal?.addEventListener?.("abort", () => resolve(), { once: true }),
  );
  await Promise.race([work, aborted]);
}

export function host(): Host | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.host")] as Host | undefined;
}

export function escapeHtml(text: string): string {
  // Readers use numbers as names and captions too.
  return String(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/** An SVG picture as an `<img>`: the one way that a repository's web view and an untrusted notebook keep. */
export function pictureHtml(svg: string, alt: string, width: number, height: number): string {
  // A picture much wider than a page keeps its size and scrolls: made smaller, its letters could not be read.
  const most = width > 950 ? "none" : "100%";
  return (
    `<img src="data:image/svg+xml,${pictureSource(svg)}" alt="${escapeHtml(alt)}" width="${width}" height="${height}" ` +
    `style="max-width:${most};height:auto;background:#fff;border-radius:6px">`
  );
}

/** An SVG as it stands in the address of a picture. */
export function pictureSource(svg: string): string {
  return svg
    .replace(/\s+/g, " ")
    .replace(/"/g, "'")
    .replace(/[%#<>&]/g, encodeURIComponent);
}
