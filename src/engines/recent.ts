/** What takes time to make, kept for the next call. */

/**
 * Returns what was made for a key before, or makes it now. Only the values of the `most` keys used last are kept.
 */
export function keepRecent<T>(most: number): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    const value = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, value); // at the end: the first is the one not asked for longest
    if (kept.size > most) kept.delete(kept.keys().next().value as string);
    return value;
  };
}
