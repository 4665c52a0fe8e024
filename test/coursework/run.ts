/**
 * `npm run test:course`: the coursework by nbgrader itself, in parts, three at a time. One part alone:
 * `npm run test:course -- course` (every solution and every untouched release, with numbers of each student's own), `submissions` (the table of
 * submissions and marks for one assignment; with a 1 or a 2 behind it, half of it), `editors` (the same as editors and accidents leave them), `others` (the
 * same kinds for the other assignments), `builder` (mutilated submissions, without a kernel), `gradebook` (marks for learning platforms, the class
 * at a glance), `show` (what a browser is shown), `road` (the instructor's page, followed), `hub` (a JupyterHub) or `many` (a hundred at once, or as many as a
 * number behind it says, killed half-way and run again).
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeClass } from "../../src/coursework/class";
import { runCommand, Trouble } from "../../src/jupyter/command";
import { kernelFolder, writeKernelspec } from "../../src/jupyter/kernelspec";
import { ask, environmentPython, pipInstall } from "../../src/jupyter/python";
import { environmentFolder, jupyterFolder, projectJupyter } from "../../src/jupyter/start";
import { projectRoot } from "../../src/kernel/node/argv";
import type { NotebookFile } from "../../src/site/notebook-file";
import { solutionsOf, submissionText } from "../../src/site/submission-file";
import { check, tellOutcome, threeAtATime } from "../browser/browser";
import { tryBuilder, tryIdentifiers } from "./builder";
import { tryGradebook } from "./gradebook";
import { noHubBecause, tryHub } from "./hub";
import { inPage } from "./in-page";
import { startLogged, tryMany } from "./many";
import { followRoad } from "./road";
import { tryShowing } from "./show";
import { assignmentNames, cellsOf, type SourceCell, solvedNotebook } from "./source";
import {
  deltasSubmissions,
  editedSubmissions,
  type Submission,
  type SubmittedCell,
  submissionsFor,
} from "./submissions";

const coursework = join(projectRoot, "notebooks", "coursework");
/** Of a class in which some tasks have numbers of each student's own; in all others they are the same. */
const word = "autumn-2027";
const escaped = "/tmp/backprop-escaped";
const parts = [
  "builder",
  "gradebook",
  "show",
  "many",
  "course",
  "road",
  "hub",
  "others",
  "editors",
  "submissions 2",
  "submissions 1",
];

runCommand(async () => {
  const [only] = process.argv.slice(2);
  await projectJupyter();
  await installNbgrader();
  if (only === undefined) return runAll();
  mkdirSync(jupyterFolder, { recursive: true });
  const home = mkdtempSync(join(jupyterFolder, "course-"));
  writeKernelspec(kernelFolder(join(home, "data")));
  try {
    await runPart(only, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  tellOutcome();
});

/** Each part in a process of its own, three at a time: submissions that are too slow wait. What one prints is shown when it has ended. */
async function runAll(): Promise<void> {
  // What many submissions cost is measured when it is asked for, and on CI tried with few.
  const longestFirst = [...parts].reverse().filter((part) => part !== "many" || process.env.CI);
  await threeAtATime(longestFirst, async (part) => {
    const file = fileURLToPath(import.meta.url);
    const command = [process.execPath, "--import", "tsx", file, ...part.split(" ")];
    const { code, output } = await ask(command, { folder: projectRoot, seconds: 1800 });
    console.log(output.trimEnd());
    if (code !== 0) process.exitCode = 1;
  });
}

async function runPart(part: string, home: string): Promise<void> {
  const folder = join(home, "class");
  makeClass(coursework, folder, part === "course" ? word : undefined);
  switch (part) {
    case "builder":
      await nbgrader({ home, folder }, "generate_assignment", "deltas");
      return check("what is graded, built from mutilated submissions", () =>
        tryBuilder(folder, "deltas", commandOf(home, []).environment),
      );
    case "gradebook": {
      const { command, environment } = commandOf(home, []);
      return check(
        "marks into the gradebooks of Moodle and Canvas, and the class at a glance",
        () =>
          tryGradebook({
            folder,
            python: command[0],
            environment,
            nbgrader: (fails, ...args) => nbgrader({ home, folder, fails }, ...args),
          }),
      );
    }
    case "show":
      return check("Formgrader and feedback in a browser: nothing of a student's acts", () =>
        tryShowing(home, folder, (...args) => nbgrader({ home, folder }, ...args)),
      );
    case "many": {
      const count = Number(process.argv[3] ?? (process.env.CI ? 10 : 100));
      const start = (log: string, ...args: string[]) => {
        const { command, environment } = commandOf(home, args);
        return startLogged(command, { folder, env: environment, log });
      };
      return check("many submissions, with a kill and a second run", () =>
        tryMany({
          folder,
          count,
          start,
          holdGradebook: (seconds) =>
            ask(
              [
                environmentPython(environmentFolder),
                "-c",
                `import sqlite3, time; sqlite3.connect("gradebook.db").execute("BEGIN IMMEDIATE"); time.sleep(${seconds})`,
              ],
              { folder, seconds: 60 },
            ),
          nbgrader: (fails, ...args) => nbgrader({ home, folder, fails }, ...args),
          marks: () => marksOf(home, folder),
        }),
      );
    }
    case "course":
      return check(
        "every solution of one's own numbers scores full marks, every untouched release none",
        () => gradeWholeCourse(home, folder),
      );
    case "submissions": {
      rmSync(escaped, { force: true });
      const half = process.argv[3];
      const rows = deltasSubmissions.filter((_, n) => !half || n % 2 === Number(half) - 1);
      return check(`submissions and marks (deltas${half ? `, half ${half} of them` : ""})`, () =>
        gradeSubmissions(home, folder, "deltas", rows, ["right", "sign", "untouched"]),
      );
    }
    case "editors":
      return check("submissions and marks (deltas, as editors and accidents leave them)", () =>
        gradeSubmissions(home, folder, "deltas", editedSubmissions),
      );
    case "others": {
      rmSync(escaped, { force: true });
      const others = assignmentNames.filter((name) => name !== "deltas");
      const all = submissionsFor(new Map(others.map((name) => [name, cellsOf(name)])));
      for (const [name, submissions] of all)
        await check(`submissions and marks (${name})`, () =>
          gradeSubmissions(home, folder, name, submissions),
        );
      return;
    }
    case "road":
      mkdirSync(join(home, "road"));
      return check("the instructor's page, followed from beginning to end", () =>
        followRoad(join(home, "road")),
      );
    case "hub": {
      const reason = noHubBecause();
      if (reason) return console.log(`      no JupyterHub tried: ${reason}`);
      return check("JupyterHub: three students and an instructor", tryHub);
    }
    default:
      throw new Trouble(`There is no part "${part}": ${parts.join(", ")}.`);
  }
}

async function installNbgrader(): Promise<void> {
  const python = environmentPython(environmentFolder);
  if ((await ask([python, "-c", "import nbgrader"])).code === 0) return;
  console.log("Installing nbgrader into .venv …");
  const { code, output } = await ask(
    [python, ...pipInstall, "--requirement", join(coursework, "requirements.txt")],
    { seconds: 300 },
  );
  if (code !== 0) throw new Trouble(`nbgrader could not be installed:\n${output}`);
}

/** A command of nbgrader's, with settings and kernels of its own. */
function commandOf(home: string, args: readonly string[]) {
  const python = environmentPython(environmentFolder);
  return {
    command: [python, "-m", "nbgrader", ...args],
    environment: {
      ...process.env,
      // nbgrader itself calls programs that pip has put beside Python.
      PATH: `${dirname(python)}${delimiter}${process.env.PATH}`,
      HOME: home,
      JUPYTER_CONFIG_DIR: join(home, "config"),
      JUPYTER_DATA_DIR: join(home, "own"),
      JUPYTER_PATH: join(home, "data"),
    },
  };
}

/** Runs a command of nbgrader's in the folder of a class; `fails` if it is to say that something went wrong. */
async function nbgrader(
  { home, folder, fails = false }: { home: string; folder: string; fails?: boolean },
  ...args: string[]
): Promise<string> {
  const { command, environment } = commandOf(home, args);
  const { code, output } = await ask(command, { environment, folder, seconds: 3000 });
  if ((code !== 0) !== fails)
    throw new Error(`nbgrader ${args.join(" ")} ended with ${code}:\n${output.slice(-3000)}`);
  return output;
}

/** Marks by "assignment student", as nbgrader exports them. */
async function marksOf(
  home: string,
  folder: string,
): Promise<Map<string, { score: number | "none"; state: string }>> {
  const file = join(folder, "marks.csv");
  await nbgrader({ home, folder }, "export", "--to", file);
  const [head, ...rows] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const columns = head.split(",");
  const value = (cells: string[], name: string) => cells[columns.indexOf(name)];
  return new Map(
    rows.map((row) => {
      const cells = row.split(",");
      const score = value(cells, "score");
      return [
        `${value(cells, "assignment")} ${value(cells, "student_id")}`,
        { score: score === "" ? "none" : Number(score), state: value(cells, "state") },
      ];
    }),
  );
}

function write(folder: string, student: string, assignment: string, notebook: object): void {
  const place = join(folder, "submitted", student, assignment);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `${assignment}.ipynb`), JSON.stringify(notebook));
}

/** The work of one student handed in by another, and work that a student whose identifier is a mail address did in a page. */
function handInOthers(folder: string, released: NotebookFile): void {
  write(folder, "other", "deltas", solvedNotebook(folder, "deltas", { word, student: "right" }));
  const student = "page@example.edu";
  const solved = solvedNotebook(folder, "deltas", { word, student });
  const answers = Object.fromEntries(
    solutionsOf(released).map(({ id }) => [
      id,
      solved.cells.find((cell: { id: string }) => cell.id === id).source,
    ]),
  );
  const text = submissionText(released, answers, { student, assignment: "deltas" });
  write(folder, student, "deltas", JSON.parse(text));
}

async function gradeWholeCourse(home: string, folder: string): Promise<string> {
  const automatic = new Map<string, number>();
  for (const assignment of assignmentNames) {
    await nbgrader({ home, folder }, "generate_assignment", assignment);
    const released = join(folder, "release", assignment, `${assignment}.ipynb`);
    const text = readFileSync(released, "utf8");
    assert.doesNotMatch(
      text,
      /BEGIN|SOLUTION|HIDDEN|MARK SCHEME|Marked by hand|await score/,
      "a release holds what students are not to see",
    );
    write(
      folder,
      "right",
      assignment,
      solvedNotebook(folder, assignment, { word, student: "right" }),
    );
    write(folder, "untouched", assignment, JSON.parse(text));
    if (assignment === "deltas") {
      await tryIdentifiers(folder, assignment, commandOf(home, []).environment);
      handInOthers(folder, JSON.parse(text));
    }
    const said = await nbgrader({ home, folder }, "autograde", assignment);
    if (assignment === "deltas")
      assert.match(
        said,
        /other: `identifier` says «right», and .* are graded with those of «other»/,
      );
    assert.doesNotMatch(said, /(?:right|page@example\.edu): `identifier`/);
    const graded = cellsOf(assignment).filter((cell) => cell.cell_type === "code");
    automatic.set(
      assignment,
      graded.reduce((sum, cell) => sum + (cell.nbgrader?.points ?? 0), 0),
    );
  }
  const marks = await marksOf(home, folder);
  for (const assignment of assignmentNames) {
    assert.equal(
      marks.get(`${assignment} right`)?.score,
      automatic.get(assignment),
      `${assignment}, solution: ${saidByTests(folder, "right", assignment)}`,
    );
    assert.equal(marks.get(`${assignment} untouched`)?.score, 0, `${assignment}, untouched`);
  }
  // Of deltas: one bug and one prediction have numbers of their own.
  assert.equal(marks.get("deltas page@example.edu")?.score, automatic.get("deltas"), "by a page");
  assert.equal(marks.get("deltas other")?.score, Number(automatic.get("deltas")) - 5, "by another");
  assert.match(gradedText(folder, "other", "deltas"), /For «other»:/);
  await nbgrader(
    { home, folder },
    "export",
    "--exporter=grading.glance.Glance",
    "--to=glance.html",
  );
  assert.match(
    readFileSync(join(folder, "glance.html"), "utf8"),
    /2 submissions do not name the student/,
  );
  return assignmentNames.map((name) => `${name} ${automatic.get(name)}`).join(", ");
}

/** A notebook as it was graded; empty if it was not. */
function gradedText(folder: string, student: string, assignment: string): string {
  const path = join(folder, "autograded", student, assignment, `${assignment}.ipynb`);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** What the tests that do not say full marks have put out: a mark that is wrong once in a thousand times has to tell why. */
function saidByTests(folder: string, student: string, assignment: string): string {
  const text = gradedText(folder, student, assignment);
  if (text === "") return "nothing was graded";
  type Graded = {
    cell_type: string;
    outputs: { data?: Record<string, string | string[]> }[];
    metadata: Pick<SourceCell, "nbgrader">;
  };
  const cells: Graded[] = JSON.parse(text).cells;
  return cells
    .filter(({ cell_type, metadata: { nbgrader } }) => {
      return cell_type === "code" && nbgrader?.grade;
    })
    .filter(({ outputs, metadata: { nbgrader } }) => {
      const said = outputs.map(({ data }) => [data?.["text/plain"] ?? ""].flat().join(""));
      return said.join() !== String(nbgrader?.points);
    })
    .map(({ outputs, metadata: { nbgrader } }) => {
      return `${nbgrader?.grade_id}: ${JSON.stringify(outputs).slice(0, 2000)}`;
    })
    .join("\n");
}

/** @param alsoInPage the names of those that are handed in a second time, as a page makes them */
async function gradeSubmissions(
  home: string,
  folder: string,
  assignment: string,
  rows: readonly Submission[],
  alsoInPage: readonly string[] = [],
): Promise<string> {
  await nbgrader({ home, folder }, "generate_assignment", assignment);
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
  const released = read(join(folder, "release", assignment, `${assignment}.ipynb`));
  const again = rows.filter(({ name }) => alsoInPage.includes(name));
  const submissions = [...rows, ...again.map((row) => inPage(released, row, assignment))];
  const complete: SubmittedCell[] = solvedNotebook(folder, assignment).cells;
  for (const {
    name,
    change,
    untouched,
    file = `${assignment}.ipynb`,
    write = JSON.stringify,
  } of submissions) {
    const cells = change(untouched ? released.cells : complete);
    const place = join(folder, "submitted", name, assignment);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, file), write({ ...released, cells }));
  }
  const sources = readFileSync(join(folder, "source", assignment, `${assignment}.ipynb`), "utf8");
  const ungraded = submissions.filter(({ mark }) => mark === "none");
  const said = await nbgrader(
    { home, folder, fails: ungraded.length > 0 },
    "autograde",
    assignment,
  );
  const listed = said.split("\n").filter((line) => line.includes("Not graded, and without a mark"));
  const marks = await marksOf(home, folder);

  const graded = cellsOf(assignment).filter((cell) => cell.cell_type === "code");
  const full = graded.reduce((sum, cell) => sum + (cell.nbgrader?.points ?? 0), 0);
  const faults: string[] = [];
  const lines: string[] = [];
  for (const { what, name, mark, told, open } of submissions) {
    const score = marks.get(`${assignment} ${name}`)?.score;
    if (mark === "none" && !listed.some((line) => line.includes(`: ${name}: `)))
      faults.push(`${what}: it is not listed among what was not graded`);
    if (score !== mark)
      faults.push(`${what}: ${score} instead of ${mark}: ${saidByTests(folder, name, assignment)}`);
    const notebook = gradedText(folder, name, assignment);
    if (told && !told.test(notebook)) faults.push(`${what}: the instructor is not told ${told}`);
    lines.push(
      `${what.padEnd(48)} ${String(score).padStart(5)} of ${full}${open ? `   open: ${open}` : ""}`,
    );
  }
  console.log(lines.join("\n"));
  assert.deepEqual(faults, []);
  assert.equal(existsSync(escaped), false, "a submission has written outside its folder");
  assert.equal(
    readFileSync(join(folder, "source", assignment, `${assignment}.ipynb`), "utf8"),
    sources,
  );
  return `${submissions.length} submissions`;
}
