/** Figures as plain JSON: what a notebook's file holds, Plotly in a page reads, and the still is drawn from. */

interface How {
  /** Called for each number in a list that is not finite, and so a gap; without it such a number is refused. */
  onGap?: () => void;
  /** What the value is inside of: met again, it would go round for ever. */
  within?: readonly object[];
}

/**
 * A copy in which typed arrays, at any depth, are lists of numbers, and what is not finite in a list is null.
 * (Plotly's own form for typed arrays, base64, would be shorter, but not all of its attributes know it.)
 *
 * @param place what the value is called in errors: "data[0]"
 * @throws TypeError for what JSON does not know: functions, bigints, maps, promises, bytes without a type, circles
 * @throws RangeError for a number that is not finite where there can be no gap
 */
export function plain(value: unknown, place: string, how: How = {}): unknown {
  const { within = [] } = how;
  switch (typeof value) {
    case "number":
      if (!Number.isFinite(value))
        throw new RangeError(`${place} is ${value}: it has to be a finite number.`);
      return value;
    case "bigint":
      throw new TypeError(
        `${place} is ${value}n, a bigint, which Plotly does not know: convert it with Number(…).`,
      );
    case "function":
    case "symbol":
      throw new TypeError(`${place} is a ${typeof value}: a figure can only hold values.`);
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (kind === "Date") return Number.isNaN(+value) ? null : (value as Date).toISOString();
  const isList = Symbol.iterator in value && kind !== "Map";
  if (!isList && kind !== "Object")
    throw new TypeError(
      `${place} is of the type ${kind}, which a figure cannot hold: make it a list of numbers, or plain values.`,
    );
  if (within.includes(value)) throw new TypeError(`${place} contains itself.`);
  const inner = { ...how, within: [...within, value] };
  if (isList) {
    return Array.from(value as unknown as Iterable<unknown>, (one, i) => {
      if (typeof one === "number" && how.onGap && !Number.isFinite(one)) {
        how.onGap();
        return null;
      }
      // Almost all are numbers: no name is made for those.
      return typeof one === "number" && Number.isFinite(one)
        ? one
        : plain(one, `${place}[${i}]`, inner);
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, plain(one, `${place}.${key}`, inner)]),
  );
}
