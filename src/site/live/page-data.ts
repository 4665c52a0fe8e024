/** What a page tells its script: all else the script reads from the page itself. */
import type { Asked } from "../identifier";
import type { Dependencies } from "./follow";

export interface PageData {
  /** The notebook's name, without its number. */
  name: string;
  /** Its file's name, as the course has it. */
  file: string;
  /** Its code cells, in order. */
  cells: CellData[];
  /** Of an assignment's page. */
  coursework?: CourseworkData;
}

/** What a page of a class has to know of it. */
export interface CourseworkData {
  assignment: string;
  identifier: Asked;
  /** Tells the class from others whose pages lie in the same place. */
  key: string;
}

export interface CellData {
  id: string;
  tags?: readonly string[];
  /** How long it took when its outputs were stored, if that was a while. */
  seconds?: number;
  dependencies?: Dependencies;
  /** It can be run and not changed. */
  isGiven?: true;
}

/** The element that holds them, as JSON. */
export function readPageData(document: Document): PageData | undefined {
  const text = document.getElementById("notebook")?.textContent;
  return text ? JSON.parse(text) : undefined;
}

/** What a page tells the script that follows its reader. */
export interface PageReading {
  /** The notebook's name, without its number. */
  name: string;
  /** The ids of its sections' headings, in order. */
  sections: string[];
}

export function readReading(document: Document): PageReading | undefined {
  const text = document.getElementById("reading")?.textContent;
  return text ? JSON.parse(text) : undefined;
}
