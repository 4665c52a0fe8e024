import { type Displayable, display, escapeHtml } from "./display";
import { formatNumber } from "./numbers";

/** What a table can hold; null and undefined show as a dash. */
export type CellValue = number | string | boolean | null | undefined;

export interface TableOptions {
  /** What the table shows, in a sentence above it. */
  caption?: string;
  /** The columns to show, in order. Default: those of the rows, as they first appear. */
  columns?: readonly string[];
  /** Significant digits of numbers, at most 6; whole numbers up to a billion stay whole. Default 6. */
  digits?: number;
}

/** More rows than a browser can show at once, or anyone read, are left out in the middle. */
const mostRows = 500;

/**
 * A table with a row for each object and a column for each of its properties. Of more than 500 rows it shows the
 * first 250 and the last 250, and says how many it left out.
 */
export function table(
  rows: readonly Record<string, CellValue>[],
  options: TableOptions = {},
): Displayable {
  const { caption, digits } = options;
  const columns = options.columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isNumeric = columns.map((column) => {
    const cells = rows.map((row) => row[column]);
    return cells.some((cell) => typeof cell === "number") || cells.every(isWrittenNumber);
  });
  const hasHeads = rows.every((row) => typeof row[columns[0]] === "string");
  const leftOut = Math.max(0, rows.length - mostRows);
  const shown = leftOut ? [...rows.slice(0, mostRows / 2), ...rows.slice(-mostRows / 2)] : rows;
  const text = shown.map((row) => columns.map((column) => written(row[column], digits)));
  const gap = `… ${leftOut.toLocaleString("en")} more ${leftOut === 1 ? "row" : "rows"} …`;
  const align = (c: number) => `text-align:${isNumeric[c] ? "right" : "left"};padding:3px 12px`;

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
    const title = caption
      ? `<caption style="text-align:left;font-weight:bold;padding:4px 12px;caption-side:top;color:inherit">${escapeHtml(caption)}</caption>`
      : "";
    return `<table style="border-collapse:collapse;margin:4px 0">${title}<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
  };

  const plain = () => {
    const widths = columns.map((column, c) =>
      Math.max(column.length, ...text.map((cells) => cells[c].length)),
    );
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, c) => (isNumeric[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
        .join("  ")
        .trimEnd();
    const body = text.map(line);
    if (leftOut) body.splice(mostRows / 2, 0, gap);
    return [...(caption ? [caption] : []), line(columns), ...body].join("\n");
  };

  return { [display]: () => ({ "text/html": html(), "text/plain": plain() }) };
}

/** A number that a cell has written itself: 98 %, 6e−17, ∞; or none. */
function isWrittenNumber(value: CellValue): boolean {
  const number = /^(?:[−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[−-]?\d+)?(?: %)?|∞)$/;
  return value === null || value === undefined || number.test(String(value));
}

function written(value: CellValue, digits?: number): string {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  // What is counted is exact.
  const isCount = Number.isInteger(value) && Math.abs(value) <= 1e9;
  return isCount ? String(value).replace("-", "−") : formatNumber(value, digits);
}
