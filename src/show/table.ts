import { checkWhole, isList, said } from "../arithmetic";
import { type Displayable, display, escapeHtml } from "./display";
import { formatNumber } from "./numbers";

/** What a table can hold; null and undefined show as a dash. */
export type CellValue = number | string | boolean | null | undefined;

export interface TableOptions {
  /** What the table shows, in a sentence above it. */
  caption?: string;
  /** The columns to show, in order. Default: those of the rows, as they first appear. */
  columns?: readonly string[];
  /** Significant digits of numbers, from 1 to 6; whole numbers up to a billion stay whole. Default 6. */
  digits?: number;
  /** More rows, of these columns or others, in a closed part below, under what it says: a wall of numbers that few need. */
  folded?: { readonly says: string; readonly rows: readonly Record<string, CellValue>[] };
}

/** More rows than a browser can show at once, or anyone read, are left out in the middle. */
const mostRows = 500;
/** Entries of a list that a cell shows. */
const mostEntries = 8;
/** Wider columns are broken into lines; in plain text they stay as they are. */
const widest = 80;

/**
 * A table with a row for each object and a column for each of its properties. Of more than 500 rows it shows the
 * first 250 and the last 250, and says how many it left out; of no rows it says that there are none.
 *
 * @throws TypeError for anything that is not a list of rows, and for a value that no cell can show
 * @throws RangeError for columns that no row has, and for digits that are not a whole number from 1 on
 */
export function table(
  rows: readonly Record<string, CellValue>[],
  options: TableOptions = {},
): Displayable {
  const { folded, digits } = options;
  const open = partOf(rows, options);
  if (!folded) return displayable(open);
  const { says } = folded;
  const closed = partOf(folded.rows, { digits });
  return displayable({
    html: () =>
      `${open.html()}<details><summary style="cursor:pointer;padding:12px 0">${escapeHtml(says)}</summary>${closed.html()}</details>`,
    plain: () => `${open.plain()}\n\n${says}\n${closed.plain()}`,
  });
}

/** What a table is shown as, made when it is shown. */
interface Part {
  html(): string;
  plain(): string;
}

function displayable({ html, plain }: Part): Displayable {
  return { [display]: () => ({ "text/html": html(), "text/plain": plain() }) };
}

/** A table of rows as HTML and as text. @throws as `table` */
function partOf(rows: readonly Record<string, CellValue>[], options: TableOptions): Part {
  const { caption, digits = 6 } = options;
  checkWhole(digits, "digits, the significant digits of numbers,");
  checkRows(rows, options.columns);
  const columns = options.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isNumeric = columns.map((column) => {
    const cells = rows.map((row) => row[column]);
    return cells.some((cell) => typeof cell === "number") || cells.every(isWrittenNumber);
  });
  const hasHeads = rows.every((row) => typeof row[columns[0]] === "string");
  const leftOut = Math.max(0, rows.length - mostRows);
  const shown = leftOut ? [...rows.slice(0, mostRows / 2), ...rows.slice(-mostRows / 2)] : rows;
  const text = shown.map((row) => columns.map((column) => written(row[column], digits, column)));
  const gap = `… ${leftOut.toLocaleString("en")} more ${leftOut === 1 ? "row" : "rows"} …`;
  const isWide = columns.map((_, c) => text.some((cells) => cells[c].length > widest));
  const align = (c: number) =>
    `text-align:${isNumeric[c] ? "right" : "left"};padding:3px 12px${isWide[c] ? ";max-width:36em;overflow-wrap:anywhere" : ""}`;

  const html = () => {
    const head = columns
      .map((column, c) => `<th scope="col" style="${align(c)}">${escapeHtml(column)}</th>`)
      .join("");
    const body = text.map((cells) => {
      const data = cells.map((cell, c) =>
        c === 0 && hasHeads
          ? `<th scope="row" style="${align(c)};font-weight:normal">${escapeHtml(cell)}</th>`
          : `<td style="${align(c)}">${escapeHtml(cell)}</td>`,
      );
      return `<tr>${data.join("")}</tr>`;
    });
    if (leftOut)
      body.splice(
        mostRows / 2,
        0,
        `<tr><td colspan="${columns.length}" style="padding:3px 12px">${gap}</td></tr>`,
      );
    if (rows.length === 0)
      body.push(`<tr><td colspan="${Math.max(1, columns.length)}">${none}</td></tr>`);
    const title = caption
      ? `<caption style="text-align:left;font-weight:bold;padding:4px 12px;caption-side:top;color:inherit">${escapeHtml(caption)}</caption>`
      : "";
    return `<table style="border-collapse:collapse;margin:4px 0">${title}<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
  };

  const plain = () => {
    const widths = columns.map((column, c) =>
      isWide[c] ? 0 : Math.max(column.length, ...text.map((cells) => cells[c].length)),
    );
    const line = (cells: readonly string[]) =>
      cells
        .map((cell) => cell.replace(/\s*\n\s*/g, " "))
        .map((cell, c) => (isNumeric[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
        .join("  ")
        .trimEnd();
    const body = text.map(line);
    if (leftOut) body.splice(mostRows / 2, 0, gap);
    if (rows.length === 0) body.push(none);
    const head = columns.length > 0 ? [line(columns)] : [];
    return [...(caption ? [caption] : []), ...head, ...body].join("\n");
  };

  return { html, plain };
}

const none = "(no rows)";

function checkRows(rows: readonly unknown[], columns: readonly string[] | undefined): void {
  if (!Array.isArray(rows))
    throw new TypeError(`table takes a list of rows, such as [{ z: 1 }], but got ${said(rows)}.`);
  const wrong = rows.findIndex((row) => typeof row !== "object" || row === null);
  if (wrong >= 0)
    throw new TypeError(
      `Row ${wrong} is ${said(rows[wrong])}: a row is an object with an entry for each column, such as { z: 1 }.`,
    );
  if (rows.length > 0 && rows.every((row) => Object.keys(row as object).length === 0))
    throw new RangeError("There is nothing to show: the rows are objects without entries.");
  if (columns === undefined) return;
  if (!Array.isArray(columns) || columns.length === 0)
    throw new RangeError(`columns has to name the columns to show, but it is ${said(columns)}.`);
  const unknown = columns.find((column) => !rows.some((row) => column in (row as object)));
  if (unknown !== undefined && rows.length > 0)
    throw new RangeError(
      `No row has the column ${said(unknown)}; the first has ${said(Object.keys(rows[0] as object))}.`,
    );
}

/** A number that a cell has written itself: 98 %, 6e−17, ∞; or none. */
function isWrittenNumber(value: CellValue): boolean {
  const number = /^(?:[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[−-]?\d+)?(?: %)?|∞)$/;
  return value === null || value === undefined || number.test(String(value));
}

function written(value: unknown, digits: number, column: string): string {
  if (value === null || value === undefined) return "–";
  if (isList(value)) {
    const first = Array.from({ length: Math.min(value.length, mostEntries) }, (_, i) =>
      written(value[i], digits, column),
    );
    return `[${[...first, ...(value.length > mostEntries ? ["…"] : [])].join(", ")}]`;
  }
  if (typeof value === "object" || typeof value === "function" || typeof value === "symbol")
    throw new TypeError(
      `A cell of the column "${column}" is ${said(value)}: it can hold a number, a text, true or false. Pick from it what you want to show.`,
    );
  if (typeof value !== "number") return String(value);
  // What is counted is exact.
  const isCount = Number.isInteger(value) && Math.abs(value) <= 1e9;
  return isCount ? String(value).replace("-", "−") : formatNumber(value, digits);
}
