/**
 * Ten settings of the playground, five that succeed and five that fail, each with a sentence that says why.
 * Every sentence is held against a run of its settings by test/explore/gallery.test.ts.
 */
import { kind, type PlaygroundSettings } from "./kinds/playground";

export interface GalleryEntry {
  name: string;
  succeeds: boolean;
  settings: PlaygroundSettings;
  /** Why it succeeds or fails. */
  why: string;
}

const of = (settings: Partial<PlaygroundSettings>): PlaygroundSettings => ({
  ...kind.defaults,
  ...settings,
});

export const gallery: readonly GalleryEntry[] = [
  {
    name: "XOR with three units",
    succeeds: true,
    settings: of({ epochs: 1000 }),
    why: "Two of the corners lie between two borders: the hidden units draw more than one, and the output joins them.",
  },
];

/** Whether settings are those of an entry, however long they have been trained. */
export function isOfGallery(
  settings: PlaygroundSettings,
  { settings: own }: GalleryEntry,
): boolean {
  return JSON.stringify({ ...own, epochs: 0 }) === JSON.stringify({ ...settings, epochs: 0 });
}
