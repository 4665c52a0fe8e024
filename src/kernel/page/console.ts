/** `console` as Node has it: text to stdout and stderr, formatted as Node formats it. */
import { format, inspect } from "node-inspect-extracted";
import type { StreamName } from "../output";

type Write = (name: StreamName, text: string) => void;

export function createConsole(write: Write) {
  const now = performance.now.bind(performance);
  let indent = "";
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();

  const print = (name: StreamName, text: string) =>
    write(name, `${indent}${text.replace(/\n/g, `\n${indent}`)}\n`);
  const to =
    (name: StreamName) =>
    (...data: unknown[]) =>
      print(name, format(...data));
  const [log, warn] = [to("stdout"), to("stderr")];

  function sinceStart(label: string, ...data: unknown[]): void {
    const start = timers.get(label);
    if (start === undefined) {
      warn(`No such label '${label}' for console.time()`);
      return;
    }
    const milliseconds = now() - start;
    const text =
      milliseconds >= 1000
        ? `${(milliseconds / 1000).toFixed(3)}s`
        : `${milliseconds.toFixed(3)}ms`;
    log(`${label}: ${text}`, ...data);
  }

  return {
    log,
    info: log,
    debug: log,
    dirxml: log,
    warn,
    error: warn,
    trace(...data: unknown[]) {
      const text = format(...data);
      print("stderr", `Trace${text && ": "}${text}`);
    },
    assert(condition?: unknown, ...data: unknown[]) {
      if (condition) return;
      const [first, ...rest] = data;
      // As the console's standard has it (https://console.spec.whatwg.org): only a text is joined to the words.
      if (typeof first === "string") warn(`Assertion failed: ${first}`, ...rest);
      else warn("Assertion failed", ...data);
    },
    dir: (value: unknown, options?: object) =>
      print("stdout", inspect(value, { customInspect: false, ...options })),
    table(data: unknown, columns?: readonly string[]) {
      const text = tableOf(data, columns);
      if (text === undefined) log(data);
      else print("stdout", text);
    },
    group(...data: unknown[]) {
      if (data.length > 0) log(...data);
      indent += "  ";
    },
    groupCollapsed(...data: unknown[]) {
      if (data.length > 0) log(...data);
      indent += "  ";
    },
    groupEnd() {
      indent = indent.slice(2);
    },
    count(label = "default") {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      log(`${label}: ${count}`);
    },
    countReset: (label = "default") => void counts.delete(label),
    time: (label = "default") => void timers.set(label, now()),
    timeLog: (label = "default", ...data: unknown[]) => sinceStart(label, ...data),
    timeEnd(label = "default") {
      sinceStart(label);
      timers.delete(label);
    },
    clear() {},
  };
}

/** Rows and columns in boxes; undefined for what has none. */
function tableOf(data: unknown, columns?: readonly string[]): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const show = (value: unknown) =>
    inspect(value, {
      maxArrayLength: 3,
      breakLength: Number.POSITIVE_INFINITY,
      depth: typeof value === "object" ? 0 : 1,
    });
  const [indexName, entries]: [string, [unknown, unknown][]] =
    data instanceof Map
      ? [
          "(iteration index)",
          [...data.entries()].map(([key, value], i) => [i, { Key: key, Values: value }]),
        ]
      : data instanceof Set
        ? ["(iteration index)", [...data].map((value, i) => [i, value])]
        : ["(index)", Object.entries(data)];
  const names = new Set<string>(columns);
  let hasValues = false;
  const rows = entries.map(([index, row]) => {
    const isRow = typeof row === "object" && row !== null;
    if (!isRow) hasValues = true;
    const fields = isRow ? (row as Record<string, unknown>) : {};
    if (!columns) for (const name of Object.keys(fields)) names.add(name);
    return { index: String(index), isRow, row, fields };
  });
  const head = [indexName, ...names, ...(hasValues ? ["Values"] : [])];
  const body = rows.map(({ index, isRow, row, fields }) => [
    index,
    ...[...names].map((name) => (Object.hasOwn(fields, name) ? show(fields[name]) : "")),
    ...(hasValues ? [isRow ? "" : show(row)] : []),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((row) => row[i].length)) + 2);
  const line = (row: string[]) =>
    `│${row.map((cell, i) => ` ${cell}`.padEnd(widths[i])).join("│")}│`;
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  return [
    rule("┌", "┬", "┐"),
    line(head),
    rule("├", "┼", "┤"),
    ...body.map(line),
    rule("└", "┴", "┘"),
  ].join("\n");
}
