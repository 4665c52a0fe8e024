/** Notebook files as Jupyter writes them, wherever they are written: in Node, or in a page. */

/** A notebook as its file holds it. */
export interface NotebookFile {
  cells: NotebookCell[];
  metadata?: object;
  nbformat?: number;
  nbformat_minor?: number;
}

export interface NotebookCell {
  cell_type: string;
  id: string;
  source: string | string[];
  metadata: {
    jupyter?: { source_hidden?: boolean };
    tags?: string[];
    /** When a cell ran, as front ends record it on request. */
    execution?: Record<string, string>;
    /** What nbgrader keeps of a cell of coursework: see submission-file.ts. */
    nbgrader?: object;
  };
  execution_count?: number | null;
  outputs?: NotebookOutput[];
}

export interface NotebookOutput {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
  metadata?: object;
  execution_count?: number | null;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

/** What a page knows of one code cell: the reader's code, and the outputs that stand there now. */
export interface LiveCell {
  source: string;
  /** If missing, those of the file stand. */
  outputs?: readonly NotebookOutput[];
  executionCount?: number | null;
}

/** A notebook's text as Jupyter itself writes it. */
export function notebookText(notebook: NotebookFile): string {
  return `${JSON.stringify(notebook, inOrder, 1)}\n`;
}

/** Keys go by their names, as nbformat writes them. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What breaks lines: all that Python's `splitlines` takes for it. */
const breaks = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const afterBreak = new RegExp(`(?<=[${breaks}])(?<!\\r(?=\\n))`, "u");

/** A text as files hold it: lines, each with its break. */
export function linesOf(text: string): string[] {
  return text.split(afterBreak).filter(Boolean);
}

/** The text that a file holds in one piece or in lines. */
export function textOf(text: unknown): string {
  if (Array.isArray(text)) return text.join("");
  return typeof text === "string" ? text : "";
}

/** The notebook with the reader's code and outputs in, and everything else as it was. */
export function withLiveCells(
  notebook: NotebookFile,
  live: ReadonlyMap<string, LiveCell>,
): NotebookFile {
  const cells = notebook.cells.map((cell) => {
    const mine = cell.cell_type === "code" ? live.get(cell.id) : undefined;
    if (!mine) return cell;
    const { outputs, executionCount } = mine;
    return {
      ...cell,
      source: linesOf(mine.source),
      ...(outputs
        ? { outputs: outputs.map(asStored), execution_count: executionCount ?? null }
        : {}),
    };
  });
  return { ...notebook, cells };
}

/** An output as files hold it. */
function asStored(output: NotebookOutput): NotebookOutput {
  const { output_type, name, text, data, metadata, execution_count, ename, evalue, traceback } =
    output;
  if (output_type === "stream")
    return { name: name ?? "stdout", output_type, text: linesOf(textOf(text)) };
  if (output_type === "error")
    return { ename, evalue, output_type, traceback: (traceback ?? []).map(String) };
  const stored = Object.entries(data ?? {}).map(([type, value]) => [
    type,
    typeof value === "string" && !/^application\/(?:.*\+)?json$/.test(type)
      ? linesOf(value)
      : value,
  ]);
  return {
    data: Object.fromEntries(stored),
    ...(output_type === "execute_result" ? { execution_count: execution_count ?? null } : {}),
    metadata: metadata ?? {},
    output_type,
  };
}

/** What a reader's notebook file holds for a page. */
export interface ReadBack {
  cells: Map<string, LiveCell>;
  /** Code cells that the page does not have: they were added in Jupyter. */
  added: number;
  /** Cells of the page that the file does not have. */
  missing: number;
}

/** A page by its name, and the ids of its code cells. */
export interface PageIds {
  name: string;
  title: string;
  ids: readonly string[];
}

/**
 * Reads a notebook file, which may come from anywhere.
 *
 * @throws SyntaxError if the text is no notebook, in words for its reader
 */
export function parseNotebook(text: string): NotebookFile {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw new SyntaxError("This file is no notebook: it is not JSON, as .ipynb files are.");
  }
  const { cells, nbformat } = Object(found) as Partial<NotebookFile>;
  if (!Array.isArray(cells))
    throw new SyntaxError(
      nbformat !== undefined && nbformat < 4
        ? `This notebook is written in format ${nbformat}, from before 2015: open it in Jupyter and save it.`
        : "This file is no notebook: it holds no list of cells.",
    );
  const isCell = (cell: unknown) => {
    const { cell_type, source } = Object(cell) as Partial<NotebookCell>;
    const isText = Array.isArray(source)
      ? source.every((line) => typeof line === "string")
      : typeof source === "string";
    return typeof cell_type === "string" && isText;
  };
  const wrong = cells.findIndex((cell) => !isCell(cell));
  if (wrong >= 0)
    throw new SyntaxError(`This notebook is damaged: its cell ${wrong + 1} has no source.`);
  return found as NotebookFile;
}

/**
 * The page to which a notebook belongs, by the ids of its cells; undefined if to none. Ids such as `imports` stand in
 * many notebooks: so the page counts that has most of them.
 */
export function pageOf(notebook: NotebookFile, pages: readonly PageIds[]): PageIds | undefined {
  const ids = new Set(codeCells(notebook).map(({ id }) => id));
  const shares = pages.map((page) => {
    const common = page.ids.filter((id) => ids.has(id)).length;
    return common / Math.max(page.ids.length, 1);
  });
  const best = shares.indexOf(Math.max(...shares));
  return shares[best] >= 0.5 ? pages[best] : undefined;
}

/** What a notebook holds for the page with these code cells. */
export function readBack(notebook: NotebookFile, ids: readonly string[]): ReadBack {
  const cells = new Map<string, LiveCell>();
  let added = 0;
  for (const cell of codeCells(notebook)) {
    if (!ids.includes(cell.id) || cells.has(cell.id)) added++;
    else {
      const outputs = Array.isArray(cell.outputs) ? cell.outputs : [];
      cells.set(cell.id, {
        source: textOf(cell.source),
        outputs,
        executionCount: cell.execution_count,
      });
    }
  }
  return { cells, added, missing: ids.filter((id) => !cells.has(id)).length };
}

function codeCells({ cells }: NotebookFile): NotebookCell[] {
  return cells.filter(({ cell_type }) => cell_type === "code");
}
