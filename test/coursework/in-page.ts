/** Submissions as they are made in a page: of those that students make in Jupyter, the ones that a page can produce. */
import type { NotebookFile } from "../../src/site/notebook-file";
import { isGiven, isInWords, submissionText } from "../../src/site/submission-file";
import type { Notebook, Submission, SubmittedCell } from "./submissions";

const textOf = ({ source }: { source: string | string[] }) => [source].flat().join("");

/**
 * What a student has written who hands in these cells: other sources where a page has a field for them. Undefined if
 * they have done what no page lets them do: cells added, taken away, moved or made something else, or given ones changed.
 */
export function writtenInPage(
  released: NotebookFile,
  cells: readonly SubmittedCell[],
): Record<string, string> | undefined {
  const answers: Record<string, string> = {};
  if (cells.length !== released.cells.length) return undefined;
  for (const [n, cell] of released.cells.entries()) {
    const { id, cell_type, metadata } = cells[n];
    const isSame =
      id === cell.id &&
      cell_type === cell.cell_type &&
      JSON.stringify(metadata) === JSON.stringify(cell.metadata);
    if (!isSame) return undefined;
    const text = textOf(cells[n]);
    if (text === textOf(cell)) continue;
    const isOpen = cell_type === "code" ? !isGiven(cell) : isInWords(cell);
    if (!isOpen) return undefined;
    answers[id] = text;
  }
  return answers;
}

/** The file that a page hands out to a student who writes in it what a submission holds; undefined if none can be written. */
export function fileFromPage(
  released: NotebookFile,
  complete: readonly SubmittedCell[],
  { name, change, untouched, write }: Submission,
  assignment: string,
): string | undefined {
  if (write) return undefined; // an editor's own way of writing
  const cells = change(untouched ? (released.cells as SubmittedCell[]) : [...complete]);
  const answers = writtenInPage(released, cells);
  return answers && submissionText(released, answers, { student: name, assignment });
}

/** The same submission made in the page, under another student's name. */
export function inPage(
  released: NotebookFile,
  submission: Submission,
  assignment: string,
): Submission {
  const student = `page-${submission.name}`;
  const write = ({ cells }: Notebook): string => {
    const answers = writtenInPage(released, cells);
    if (!answers) throw new Error(`${submission.what}: no page can produce it.`);
    return submissionText(released, answers, { student, assignment });
  };
  return { ...submission, what: `${submission.what}, in the page`, name: student, write };
}
