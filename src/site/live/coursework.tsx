/// <reference lib="dom" />
/** The script of an assignment's page: asks once who works here, keeps their answers, and hands them the file to hand in. */
import { render } from "preact";
import { useState } from "preact/hooks";
import { type Asked, tidy, whyNoIdentifier } from "../identifier";
import type { NotebookFile } from "../notebook-file";
import {
  type Handed,
  readSubmission,
  signature,
  solutionsOf,
  submissionName,
  submissionText,
  unfilled,
  type Work,
} from "../submission-file";
import { WordsField } from "./answer";
import { Button, type LiveCell } from "./live-cell";
import { barPlace, save, startNotebook } from "./notebook";
import { FileButton, Sure } from "./page-bar";
import { type CourseworkData, type PageData, readPageData } from "./page-data";
import { loadScript, parts } from "./scripts";
import { count } from "./words";
import { createKeptWork, type KeptWork } from "./work";

const data = readPageData(document);
if (data?.coursework) start(data, data.coursework);

function start(data: PageData, coursework: CourseworkData): void {
  const { assignment, identifier, key } = coursework;
  const kept = createKeptWork(() => localStorage, key);
  const bar = barPlace();

  function begin(student: string, opened?: Opened): void {
    kept.keepStudent(student);
    released().then(
      (file) => work(data, file, kept, { student, assignment }, opened),
      (error) => ask(error.message),
    );
  }

  async function released(): Promise<NotebookFile> {
    await loadScript(`notebooks/${data.name}.js`);
    const file = parts().notebookFile;
    if (!file) throw new Error("The assignment's file is damaged: load the page again.");
    return file;
  }

  /** Takes who it is from a file of theirs: on another machine nobody has said it yet. */
  async function open(file: File): Promise<void> {
    const handed = readSubmission(await file.text(), await released(), assignment);
    const { student } = handed;
    if (student === undefined || whyNoIdentifier(student, identifier))
      throw new Error(`${file.name} does not say whose it is: enter it here, then open the file.`);
    begin(student, { name: file.name, handed });
  }

  function ask(trouble = ""): void {
    render(
      <WhoAreYou
        asked={identifier}
        trouble={trouble}
        take={(student) => begin(student)}
        open={(file) => open(file).catch((error) => ask(error.message))}
      />,
      bar,
    );
  }

  const student = kept.student();
  if (student !== undefined && !whyNoIdentifier(student, identifier)) begin(student);
  else ask();
}

function WhoAreYou(props: {
  asked: Asked;
  /** What went wrong before. */
  trouble: string;
  take: (student: string) => void;
  open: (file: File) => void;
}) {
  const { asked, take, open } = props;
  const [why, say] = useState("");
  const trouble = why || props.trouble;
  return (
    <form
      class="who ui"
      aria-label="Who works here"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem("student") as HTMLInputElement;
        const student = tidy(field.value);
        const reason = whyNoIdentifier(student, asked);
        say(reason ?? "");
        if (reason) field.focus();
        else take(student);
      }}
    >
      <label for="student">To write and run here, enter {asked.asksFor}:</label>
      <div class="bar">
        <input
          id="student"
          name="student"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={why !== ""}
          aria-describedby="student-why"
        />
        <button type="submit" class="main">
          Begin
        </button>
        <FileButton accept=".ipynb,application/json" take={open}>
          Open a file of mine
        </FileButton>
      </div>
      <p id="student-why" role="alert">
        {trouble && (
          <>
            <strong>⚠ </strong>
            {trouble}
          </>
        )}
      </p>
      <p class="soft">
        It becomes part of your file's name, so that your work is known as yours. It stays in this
        browser, and is sent nowhere.
      </p>
    </form>
  );
}

/** A file of the student's, by its name. */
interface Opened {
  name: string;
  handed: Handed;
}

/** The page from the moment when it is known whose work it is. */
function work(
  data: PageData,
  released: NotebookFile,
  kept: KeptWork,
  whose: Work,
  opened?: Opened,
): void {
  const bar = barPlace();
  const file = submissionName(whose);
  /** The sources that are not as they were released, by the ids of their cells. */
  let answers = kept.answers(whose);
  /** Whether something was written since it was last downloaded or opened. */
  let isUnsaved = false;
  let hasToldFailure = false;
  /** A file that is to take the place of what was written here, if the student says so. */
  let waiting: Opened | undefined;

  // Given cells are taken as they stand: so it is written before they are.
  for (const [id, source] of Object.entries(signature(released, whose.student))) {
    const code = document.querySelector(`[data-cell="${CSS.escape(id)}"] .code code`);
    if (code) code.textContent = source;
  }
  const notebook = startNotebook({
    data,
    kept: answers,
    sources: {},
    keepCell: ({ session: { id, isEdited, source } }: LiveCell) =>
      keepAnswer(id, isEdited ? source : undefined),
    follows: { get: () => false, set: () => {} },
    draw: () =>
      render(
        <WorkBar
          whose={whose}
          file={file}
          left={unfilled(released, answers).map(({ id }) => places.get(id) as Place)}
          all={places.size}
          waiting={waiting?.name}
          actions={actions}
        />,
        bar,
      ),
  });
  const { cells, session, page, redraw, may } = notebook;

  function keepAnswer(id: string, source: string | undefined): void {
    if (answers[id] === source) return;
    const { [id]: _, ...others } = answers;
    answers = source === undefined ? others : { ...others, [id]: source };
    isUnsaved = true;
    kept.keepAnswer(whose, id, source);
    tellFailure();
    redraw();
  }

  function tellFailure(): void {
    if (!kept.failure || hasToldFailure) return;
    hasToldFailure = true;
    session.tell(kept.failure, true);
  }

  const places = new Map(
    solutionsOf(released).map(({ id }) => {
      const element = document.querySelector<HTMLElement>(
        `[data-cell="${CSS.escape(id)}"], [data-answer="${CSS.escape(id)}"]`,
      ) as HTMLElement;
      return [id, { element, title: headingAbove(element) }];
    }),
  );
  const words = Array.from(document.querySelectorAll<HTMLElement>("[data-answer]"), (element) => {
    const id = element.dataset.answer ?? "";
    const title = places.get(id)?.title ?? "";
    return new WordsField(element, title, answers[id] ?? "", (id, text) =>
      keepAnswer(id, text.trim() === "" ? undefined : text),
    );
  });

  function put(given: Readonly<Record<string, string>>): void {
    for (const cell of cells) {
      if (cell.isGiven) continue;
      cell.set(given[cell.session.id] ?? cell.session.original);
    }
    for (const field of words) field.set(given[field.id] ?? "");
    for (const cell of cells) {
      cell.outputs.restore();
      session.stored(cell.index, "course");
    }
  }

  function putFile({ name, handed: { answers: given, added, missing } }: Opened): void {
    put(given);
    isUnsaved = false;
    const notes = [
      `${name} is open: ${count(Object.keys(given).length, "cell")} of yours.`,
      ...(missing > 0 ? [`It does not have ${count(missing, "cell")} of this assignment.`] : []),
      ...(added > 0
        ? [
            `${count(added, "cell")} that you have added in Jupyter ${added === 1 ? "is" : "are"} not here, and would be missing in what you download here: put into your answers what they need from there.`,
          ]
        : []),
    ];
    session.tell(notes.join(" "), added + missing > 0);
  }

  async function open(chosen: File): Promise<void> {
    const handed = readSubmission(await chosen.text(), released, whose.assignment);
    if (handed.student !== undefined && handed.student !== whose.student)
      throw new Error(
        `${chosen.name} is the work of «${handed.student}», and you are «${whose.student}» here. If that is you, choose «I am not ${whose.student}» first.`,
      );
    offer({ name: chosen.name, handed });
  }

  /** What the file does not have is not overwritten unasked. */
  function offer(file: Opened): void {
    const isLost = Object.keys(answers).some((id) => answers[id] !== file.handed.answers[id]);
    if (isLost) waiting = file;
    else putFile(file);
    redraw();
  }

  const actions: WorkActions = {
    runAll: notebook.runAll,
    download: may(() => {
      save(file, submissionText(released, answers, whose), "application/x-ipynb+json");
      isUnsaved = false;
      const left = unfilled(released, answers).map(({ id }) => places.get(id)?.title);
      if (left.length === 0)
        session.tell(
          `${file} is downloaded, with everything filled in. Hand in that file, under that name.`,
        );
      else if (left.length === places.size)
        session.tell(`${file} is downloaded, and nothing in it is filled in yet.`, true);
      else session.tell(`${file} is downloaded. Not filled in yet: ${left.join("; ")}.`, true);
    }),
    open: (chosen) => void may(() => open(chosen))(),
    replace(isSure) {
      if (isSure && waiting) putFile(waiting);
      waiting = undefined;
      redraw();
    },
    reset: () => {
      put({});
      session.tell("This page is as it was handed out.");
    },
    restart: may(() => session.restart()),
    leave() {
      kept.keepStudent(undefined);
      location.reload();
    },
  };

  // What no browser keeps is lost with the page: it asks before.
  addEventListener("beforeunload", (event) => {
    if (kept.failure && isUnsaved) event.preventDefault();
  });
  for (const cell of cells) cell.join(page);
  redraw();
  tellFailure();
  if (opened) offer(opened);
}

/** A cell to be filled in, and what it is about. */
interface Place {
  element: HTMLElement;
  title: string;
}

function headingAbove(element: HTMLElement): string {
  const heads = Array.from(document.querySelectorAll<HTMLElement>("main :is(h1, h2)"));
  const above = heads.filter(
    (head) => head.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const words = above[above.length - 1]?.cloneNode(true) as HTMLElement | undefined;
  for (const part of words?.querySelectorAll(".anchor, .katex-mathml") ?? []) part.remove();
  return words?.textContent?.trim() ?? "";
}

interface WorkActions {
  runAll(): void;
  download(): void;
  open(file: File): void;
  /** Whether a file is to take the place of what was written. */
  replace(isSure: boolean): void;
  reset(): void;
  restart(): void;
  leave(): void;
}

function WorkBar(props: {
  whose: Work;
  file: string;
  /** The cells that are not filled in yet. */
  left: readonly Place[];
  all: number;
  /** The name of a file that waits for an answer. */
  waiting: string | undefined;
  actions: WorkActions;
}) {
  const { whose, file, left, all, waiting, actions } = props;
  return (
    <section class="page-bar ui" aria-label="Your work">
      <p>
        You are <b>{whose.student}</b> here. What you write stays in this browser: download it to
        hand it in, or to go on elsewhere. (There are no cells for trials here, but yours may hold
        anything.)
      </p>
      <div class="bar">
        <button type="button" class="main" onClick={() => actions.download()}>
          Download {file}
        </button>
        <Button press={actions.runAll}>
          <span aria-hidden="true">▶</span> Run all
        </Button>
        <FileButton accept=".ipynb,application/json" take={actions.open}>
          Open mine
        </FileButton>
        <details class="more">
          <summary>More</summary>
          <div class="bar">
            <Sure press={actions.reset} question="Forget what you wrote on this page?">
              Reset this page
            </Sure>
            <Button press={actions.restart}>Restart the kernel</Button>
            <Sure
              press={actions.leave}
              yes="Yes, someone else"
              question={`Shall someone else work here? What ${whose.student} wrote stays in this browser, and is there again when ${whose.student} comes back.`}
            >
              I am not {whose.student}
            </Sure>
          </div>
        </details>
      </div>
      {waiting !== undefined && (
        <fieldset class="sure" aria-label="Replace what stands here?">
          {waiting} is to take the place of what you have written on this page.{" "}
          <button
            type="button"
            ref={(button) => button?.focus()}
            onClick={() => actions.replace(true)}
          >
            Yes, replace it
          </button>{" "}
          <Button press={() => actions.replace(false)}>No</Button>
        </fieldset>
      )}
      {left.length === 0 ? (
        <p class="good">
          <span aria-hidden="true">✓</span> All {all} are filled in.
        </p>
      ) : (
        <details class="left">
          <summary>
            {left.length} of {all} still to be filled in
          </summary>
          <ol>
            {left.map(({ element, title }) => (
              <li key={element.id}>
                <a href={`#${element.id}`}>{title}</a>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  );
}
