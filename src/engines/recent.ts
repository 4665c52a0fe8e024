/** What takes time to make, kept for the next call. */

/**
 * Returns what was made for a key before, or makes it now. Kept are at most the values of `most` keys, and at least
 * those of the half as many that were used last.
 */
export function keepRecent<T>(most: number): (key: string, make: () => T) => T {
  // In two halves: what is found in the newer one is only looked up, as noting each use takes longer than that.
  let newer = new Map<string, T>();
  let older = newer;
  return (key, make) => {
    const found = newer.get(key);
    if (found !== undefined) return found;
    const value = older.get(key) ?? make();
    if (newer.size >= most / 2) {
      older = newer;
      newer = new Map();
    }
    newer.set(key, value);
    return value;
  };
}
