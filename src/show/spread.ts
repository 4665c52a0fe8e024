/** Many runs of a few methods in one picture: for each the median, over a band of those in the middle. */
import { quantile } from "../arithmetic";
import type { Trace } from "./plotly";
import { dashes, palette } from "./style";

/**
 * Traces of the medians by name, each over a shaded band that leaves out the lowest and the highest tenth of its runs.
 *
 * @param x where the runs were looked at
 * @param runs by name, a list of runs: for each its values at every x
 * @throws RangeError for a name without runs, and a run of another length than x
 */
export function spread(
  x: ArrayLike<number>,
  runs: Record<string, readonly ArrayLike<number>[]>,
): Trace[] {
  const xs = Array.from(x);
  return Object.entries(runs).flatMap(([name, own], n) => {
    if (own.length === 0) throw new RangeError(`There is no run of «${name}»: its list is empty.`);
    const other = own.find(({ length }) => length !== xs.length);
    if (other)
      throw new RangeError(
        `A run of «${name}» has ${other.length} values for ${xs.length} of x: it needs one for each.`,
      );
    const [low, median, high] = [0.1, 0.5, 0.9].map((q) =>
      xs.map((_, m) =>
        quantile(
          own.map((run) => run[m]),
          q,
        ),
      ),
    );
    const color = palette[n % palette.length];
    return [
      {
        x: [...xs, ...[...xs].reverse()],
        y: [...high, ...low.reverse()],
        fill: "toself",
        fillcolor: `${color}22`,
        line: { width: 0 },
        hoverinfo: "skip",
        showlegend: false,
      },
      { name, x: xs, y: median, line: { color, dash: dashes[n % dashes.length] } },
    ];
  });
}
