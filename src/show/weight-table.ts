/** A table of a network's weights. */
import { weightNames } from "../names";
import { type Network, unitName, weightPlace } from "../nn";
import { checkNetwork } from "./checks";
import type { Displayable } from "./display";
import { type CellValue, type TableOptions, table } from "./table";

/** So many rows can be taken in at once. */
const mostRows = 10;

/**
 * A table with a row for each weight. Of more than ten, those of the first unit in each layer stand in sight; the others are
 * in a closed part below.
 *
 * @param row the other columns of a weight, by its name and its place in the network's `weights`
 * @throws TypeError for anything that is not a network, and as `table`
 */
export function weightTable(
  network: Network,
  row: (weight: string, index: number) => Record<string, CellValue>,
  options: Omit<TableOptions, "folded"> = {},
): Displayable {
  checkNetwork(network, "weightTable");
  const rows = weightNames(network).map((weight, index) => {
    const { layer, unit } = weightPlace(network, index);
    return { cells: { weight, ...row(weight, index) }, layer, unit };
  });
  const cellsOf = (some: typeof rows) => some.map(({ cells }) => cells);
  const others = rows.filter(({ unit }) => unit > 0);
  if (rows.length <= mostRows || others.length === 0) return table(cellsOf(rows), options);
  const units = [...new Set(others.map(({ layer, unit }) => unitName(network, layer, unit)))];
  const named = units.length > 4 ? `${units.length} other units` : list(units);
  return table(cellsOf(rows.filter(({ unit }) => unit === 0)), {
    ...options,
    folded: { says: `The other ${others.length}, which lead to ${named}`, rows: cellsOf(others) },
  });
}

/** "Z2 and Z3" */
function list(names: readonly string[]): string {
  return names.length === 1
    ? names[0]
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
