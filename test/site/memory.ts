/** A browser's `localStorage`, for tests. */
import type { Store } from "../../src/site/live/keep";

export function memory(start: Record<string, string> = {}): Store {
  const all = new Map(Object.entries(start));
  return {
    get length() {
      return all.size;
    },
    key: (n) => Array.from(all.keys())[n] ?? null,
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => void all.set(key, value),
    removeItem: (key) => void all.delete(key),
  };
}
