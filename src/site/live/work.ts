/** What a class's page keeps in the browser: who the student is, and their answers, apart from those of others at the same machine and of other classes. */
import type { Work } from "../submission-file";
import { asTexts, createShelf, type Store } from "./keep";

export interface KeptWork {
  /** Who works here; undefined if nobody has said it. */
  student(): string | undefined;
  keepStudent(student: string | undefined): void;
  /** The sources that are not as they were released, by the ids of their cells. */
  answers(work: Work): Record<string, string>;
  /** Keeps one of them, and leaves the others as another window may have them; undefined for one that is as it was. */
  keepAnswer(work: Work, id: string, source: string | undefined): void;
  keepAnswers(work: Work, answers: Record<string, string>): void;
  /** Why nothing is kept; undefined as long as it works. */
  readonly failure: string | undefined;
}

/**
 * @param store the browser's `localStorage`; asking for it may itself be refused
 * @param key of the class: pages of several may lie in one place, whose store they share
 */
export function createKeptWork(store: () => Store, key: string): KeptWork {
  const studentKey = `backprop:student:${key}`;
  const answersKey = ({ student, assignment }: Work) =>
    `backprop:work:${JSON.stringify([key, student, assignment])}`;
  const shelf = createShelf(store);
  const kept: KeptWork = {
    student() {
      const student = shelf.read(studentKey);
      return typeof student === "string" && student !== "" ? student : undefined;
    },
    keepStudent: (student) => void shelf.write(studentKey, student),
    answers: (work) => asTexts(shelf.read(answersKey(work))),
    keepAnswer(work, id, source) {
      const { [id]: _, ...others } = kept.answers(work);
      kept.keepAnswers(work, source === undefined ? others : { ...others, [id]: source });
    },
    keepAnswers(work, answers) {
      const isEmpty = Object.keys(answers).length === 0;
      shelf.write(answersKey(work), isEmpty ? undefined : answers);
    },
    get failure() {
      return shelf.failure;
    },
  };
  return kept;
}
