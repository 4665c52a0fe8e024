/** Points that readers draw, type, paste or have in a file: X1, X2 and the class of each. */

/** X1, X2 and the class, 0, 1 or 2. */
export type Point = readonly number[];

export const mostPoints = 2000;
export const mostClasses = 3;
/** Coordinates beyond this would have to be scaled before a network can learn from them. */
export const farthest = 1000;

/**
 * Reads lines of X1, X2 and a class, as spreadsheets write them: parted by commas, semicolons (then a comma is a decimal
 * one), tabs or spaces. A first line of names is left out. Classes that are not 0, 1 and 2 are counted in the order
 * in which they come.
 *
 * @throws RangeError that names the line and what is wrong with it
 */
export function readPoints(text: string): Point[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n|\r/);
  const rows = lines.flatMap((line, n) => (line.trim() ? [{ line, n, cells: cellsOf(line) }] : []));
  if (rows.length > 0 && rows[0].cells.slice(0, 2).every((cell) => Number.isNaN(numberOf(cell))))
    rows.shift();
  const labels = rows.map(({ line, n, cells }) => {
    if (cells.length !== 3)
      throw new RangeError(
        `Line ${n + 1}, “${shortened(line)}”, has to hold three things, X1, X2 and the class, but holds ${cells.length}.`,
      );
    return cells[2];
  });
  const asTheyAre = labels.every((label) => /^[012]$/.test(label));
  const known = asTheyAre ? ["0", "1", "2"] : [...new Set(labels)];
  if (known.length > mostClasses)
    throw new RangeError(
      `There are ${known.length} classes, ${known.slice(0, 5).map(shortened).join(", ")} …: three are the most.`,
    );
  return rows.map(({ line, n, cells: [x1, x2, label] }) => {
    const point = [numberOf(x1), numberOf(x2)];
    if (!point.every(Number.isFinite))
      throw new RangeError(
        `Line ${n + 1}, “${shortened(line)}”, has to begin with two numbers, X1 and X2.`,
      );
    return [...point, known.indexOf(label)];
  });
}

/** The points as `readPoints` reads them. */
export function writePoints(points: readonly Point[]): string {
  return points.map((point) => point.map((x) => Number(x.toFixed(4))).join(", ")).join("\n");
}

/** @throws RangeError unless there are points of two or three classes that a network can be trained on */
export function checkPoints(points: readonly Point[]): void {
  if (!Array.isArray(points) || points.length > mostPoints)
    throw new RangeError(`Your own points are a list of at most ${mostPoints}.`);
  points.forEach((point, n) => {
    const [x1, x2, one] = Array.isArray(point) && point.length === 3 ? point : [];
    const isPlace = [x1, x2].every((x) => typeof x === "number" && Math.abs(x) <= farthest);
    if (!isPlace || ![0, 1, 2].includes(one))
      throw new RangeError(
        `Point ${n + 1} has to be X1 and X2, from −${farthest} to ${farthest}, and a class, 0, 1 or 2, but it is ${JSON.stringify(point)}.`,
      );
  });
  const classes = new Set(points.map(([, , one]) => one));
  if (classes.size < 2)
    throw new RangeError(
      `Your own points need at least two classes to tell apart, but there ${points.length === 0 ? "are no points yet" : `is only class ${[...classes][0]}`}.`,
    );
}

/** How many classes the points are of: two, or three if there is a third. */
export function classesOf(points: readonly Point[]): number {
  return points.some(([, , one]) => one === 2) ? 3 : 2;
}

function cellsOf(line: string): string[] {
  const by = line.includes(";")
    ? ";"
    : line.includes("\t")
      ? "\t"
      : line.includes(",")
        ? ","
        : /\s+/;
  const cells = line.trim().split(by);
  return cells.map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

/** A number with a point or a comma, or with a real minus sign; NaN for anything else. */
function numberOf(cell = ""): number {
  const text = cell.replace("−", "-").replace(",", ".");
  return text === "" ? Number.NaN : Number(text);
}

function shortened(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
