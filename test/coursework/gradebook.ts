/**
 * `npm run test:course gradebook`: marks into the gradebooks of Moodle and Canvas, and the class at a glance. The class is
 * made up: its gradebook by nbgrader's interface, its graded notebooks by the scores of real answers; nothing is graded here.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { score } from "../../src/coursework";
import { assignments } from "../../src/coursework/assignments";
import { writeSources } from "../../src/coursework/sources";
import { jupyterFolder } from "../../src/jupyter/start";
import { display } from "../../src/show/display";
import { launch, watchedPage } from "../browser/browser";
import { axeViolations } from "../browser/reader";
import { cellsOf, functionsIn, released, type SourceCell, solutionCells } from "./source";

/** Runs a command of nbgrader's in the class's folder; returns what it said. */
type Nbgrader = (fails: boolean, ...args: string[]) => Promise<string>;
export interface MadeUp {
  folder: string;
  python: string;
  environment: NodeJS.ProcessEnv;
  nbgrader: Nbgrader;
}

/** What a student did with the tasks: the mistake by its number, or right, untouched, an error, or a value that is merely wrong. */
type Done = "right" | "untouched" | "throws" | "odd" | number;
interface Student {
  id: string;
  /** What nbgrader knows of them. */
  known?: { first_name?: string; last_name?: string; email?: string };
  /** Of the tasks that are not as the rest. */
  done: Record<string, Done>;
  words?: number | null;
  /** Days after the release. */
  after: number;
  penalty?: number;
}

const tasks = assignments.find(({ name }) => name === "deltas")?.tasks ?? [];
const cells = cellsOf("deltas");
const tests = cells.filter((cell) => cell.nbgrader?.grade && cell.cell_type === "code");
const taskOf = (cell: SourceCell) => /score\("deltas\/(\w+)"/.exec(cell.source)?.[1] ?? "";
const release = new Date("2027-01-10T09:00:00Z");

const students: Student[] = [
  { id: "Zoë O’Hara", done: {}, words: 3, after: 0.5 },
  { id: "4711", done: { outputDelta: 0, mendedGradient: 0 }, words: 5, after: 2.3, penalty: 2.5 },
  { id: "grace@example.edu", done: { outputDelta: 0, backwardPass: "throws" }, after: 3 },
  {
    id: "kurt",
    known: { email: "Kurt.Goedel@example.edu" },
    done: { outputDelta: 1, hiddenDelta: "odd" },
    words: null,
    after: 3.5,
  },
  {
    id: "hub-17",
    known: { first_name: "Emmy", last_name: "Noether" },
    done: Object.fromEntries(tasks.map(({ name }) => [name, "untouched" as const])),
    words: 0,
    after: 30,
  },
  { id: "Anna Maria", done: {}, words: 5, after: 1 },
  { id: "<b>nobody", done: { outputDelta: 0 }, words: 5, after: 1 },
];

export async function tryGradebook(made: MadeUp): Promise<string> {
  await makeUp(made, students);
  await intoMoodle(made);
  await intoCanvas(made);
  await badRosters(made);
  const page = await atAGlance(made);
  inSources(made);
  return `Moodle, Canvas, ${page}`;
}

/** Makes up a class's releases, graded notebooks and gradebook. */
export async function makeUp(
  { folder, python, environment }: MadeUp,
  students: readonly Student[],
): Promise<void> {
  put(folder, "release", "deltas", {
    cells: cells.map((cell) => ({ ...notebookCell(cell), source: asHandedOut(cell) })),
  });
  const submissions: object[] = [];
  for (const student of students) {
    const { id, done, words = 4, after, penalty } = student;
    const grades: Record<string, number | null> = { words };
    const graded = [];
    let heading = "";
    for (const cell of cells) {
      heading = /^##? (.+)$/m.exec(cell.source)?.[1] ?? heading;
      const built = notebookCell(cell, heading);
      if (tests.includes(cell)) {
        const name = taskOf(cell);
        const { points = 0, [display]: show } = await score(
          `deltas/${name}`,
          answerTo(name, done[name]),
          5,
        );
        grades[cell.id] = points;
        built.outputs = [
          { output_type: "execute_result", data: show(), metadata: {}, execution_count: 1 },
        ];
      }
      if (cell.nbgrader?.solution) {
        const test = tests.find(({ id }) => id === `${cell.id}-test`);
        const isUntouched = test ? done[taskOf(test)] === "untouched" : words === 0;
        if (isUntouched) built.source = asHandedOut(cell);
      }
      graded.push(built);
    }
    put(folder, `autograded/${id}`, "deltas", {
      cells: graded,
      metadata: { graded: true, submission: "" },
    });
    put(folder, `autograded/${id}`, "forward-pass", {
      cells: [],
      metadata: { graded: id !== "kurt", submission: "" },
    });
    const timestamp = new Date(release.getTime() + after * 86_400_000).toISOString();
    submissions.push({ assignment: "deltas", student: id, timestamp, grades, penalty });
    submissions.push({ assignment: "forward-pass", student: id, grades: { one: 7.125 } });
  }
  const cellsToGrade = cells.filter((cell) => cell.nbgrader?.grade);
  const told = {
    assignments: [
      {
        name: "deltas",
        duedate: "2027-01-20 18:00 UTC",
        cells: cellsToGrade.map(({ id, cell_type: type, nbgrader }) => {
          return { name: id, points: nbgrader?.points, type };
        }),
      },
      { name: "forward-pass", cells: [{ name: "one", points: 22, type: "code" }] },
    ],
    students: students.map(({ id, known }) => ({ id, ...known })),
    submissions,
  };
  execFileSync(python, [join(import.meta.dirname, "gradebook.py"), "make"], {
    cwd: folder,
    env: environment,
    input: JSON.stringify(told),
    stdio: ["pipe", "ignore", "pipe"],
  });
}

/** What students are given of a cell: in place of an answer in words a line of nbgrader's. */
function asHandedOut({ cell_type, nbgrader, source }: SourceCell): string {
  const isWords = cell_type === "markdown" && nbgrader?.solution;
  return isWords ? "*Your answer here.*" : released(source);
}

// biome-ignore lint/suspicious/noExplicitAny: notebooks as JSON
function notebookCell({ id, cell_type, source, nbgrader }: SourceCell, task_name?: string): any {
  return { id, cell_type, source, metadata: nbgrader ? { nbgrader, task_name } : {}, outputs: [] };
}

function put(folder: string, part: string, assignment: string, notebook: object): void {
  const place = join(folder, part, assignment);
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, `${assignment}.ipynb`),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, ...notebook }),
  );
}

const right = functionsIn(...solutionCells("deltas").map(({ source }) => source));
function answerTo(name: string, done: Done = "right"): (...args: never[]) => unknown {
  if (done === "right") return right[name];
  if (done === "untouched") return () => undefined;
  if (done === "odd") return () => 0.123;
  if (done === "throws")
    return () => {
      throw new TypeError("<img src=x onerror=alert(1)> says Grace");
    };
  return Object.values(tasks.find((task) => task.name === name)?.mistakes ?? {})[done];
}

/** The marks by the rules of nbgrader: tests, words, less the penalty. */
function deltasOf(id: string): number {
  const { done, words = 4, penalty = 0 } = students.find((student) => student.id === id) as Student;
  let sum = words ?? 0;
  for (const { name, points } of tasks) {
    // Half of a backward pass is none: these answers throw, or are wrong in every case.
    if ((done[name] ?? "right") === "right") sum += points;
  }
  return sum - penalty;
}

function readTable(
  { python, environment, folder }: MadeUp,
  file: string,
  delimiter: string,
): string[][] {
  const script = join(import.meta.dirname, "gradebook.py");
  const options = { cwd: folder, env: environment, encoding: "utf8" } as const;
  return JSON.parse(execFileSync(python, [script, "read", file, delimiter], options));
}

/**
 * What Moodle takes from a file: grade/import/csv/classes/load_data.php. A student by one column; an empty cell or a dash
 * is no grade; a student it does not know ends the whole import, and a line without one would be the student before.
 */
function asMoodle(rows: string[][], mapFrom: string, known: readonly string[]) {
  const [header, ...lines] = rows;
  const grades = new Map<string, Record<string, number | null>>();
  for (const line of lines) {
    assert.equal(line.length, header.length, `${line}`);
    const user = line[header.indexOf(mapFrom)];
    assert.ok(known.includes(user), `Moodle knows no ${user}: nothing would be imported`);
    const own: Record<string, number | null> = {};
    for (const name of ["deltas", "forward-pass"]) {
      const value = line[header.indexOf(name)];
      own[name] = value === "" || value === "-" ? null : Number(value);
      assert.ok(!Number.isNaN(own[name]), `${value} is no grade`);
    }
    grades.set(user, own);
  }
  return grades;
}

async function intoMoodle(made: MadeUp): Promise<void> {
  const { folder, nbgrader } = made;
  // As Moodle writes the list of participants: a mark of its encoding, umlauts, quotes; here with a semicolon and CRLF.
  const roster = [
    "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen",
    'Zoë;"O’Hara";4001;zoe@example.edu;"A; B"',
    "Ada;King;4711;ada@example.edu;A",
    "Grace;Hopper;;grace@example.edu;",
    "Kurt;Gödel;4003;kurt.goedel@example.edu;",
    "Noether;Emmy;4004;emmy@example.edu;",
    "Anna;Maria;4005;anna1@example.edu;",
    "Anna Maria;;4006;anna2@example.edu;",
    '"=HYPERLINK(""http://x"";""y"")";+1+1;4007;idle@example.edu;"@SUM(A1)"',
    "Ada;King;4711;ada@example.edu;B",
  ].join("\r\n");
  writeFileSync(join(folder, "roster.csv"), `\ufeff${roster}\r\n`);
  const said = await nbgrader(true, "export", "--exporter=grading.gradebook.Moodle");
  const lost = said.split("\n").filter((line) => line.includes("Not in the file"));
  assert.equal(lost.length, 2, said);
  const deltas = (id: string) => `forward-pass 7.12, deltas ${deltasOf(id)}`;
  assert.ok(
    said.includes(
      `<b>nobody is in the gradebook and not in roster.csv. Not in the file: ${deltas("<b>nobody")}`,
    ),
    said,
  );
  assert.match(said, /Anna Maria is in roster\.csv more than once: line 7 .*; line 8/);
  assert.ok(said.includes(`Not in the file: ${deltas("Anna Maria")}`), said);
  assert.match(said, /line 10 .* is the same student as line 3/);
  assert.match(said, /kurt: to be marked by hand/);
  assert.match(said, /maxima: forward-pass 22, deltas 30/);

  const raw = readFileSync(join(folder, "moodle.csv"), "utf8");
  assert.ok(raw.startsWith("\ufeff") && raw.endsWith("\r\n") && !/[^\r]\n/.test(raw));
  const rows = readTable(made, "moodle.csv", ";");
  // The column of numbers is not there for everyone: Moodle would take Grace for Ada.
  assert.deepEqual(rows[0], ["Vorname", "Nachname", "E-Mail-Adresse", "forward-pass", "deltas"]);
  assert.deepEqual(rows.at(-1), [
    '\'=HYPERLINK("http://x";"y")',
    "'+1+1",
    "idle@example.edu",
    "",
    "",
  ]);
  const known = ["zoe", "ada", "grace", "kurt.goedel", "emmy", "anna1", "anna2", "idle"];
  const grades = asMoodle(
    rows,
    "E-Mail-Adresse",
    known.map((name) => `${name}@example.edu`),
  );
  const none = { deltas: null, "forward-pass": null };
  assert.deepEqual(Object.fromEntries(grades), {
    "zoe@example.edu": { deltas: deltasOf("Zoë O’Hara"), "forward-pass": 7.12 },
    "ada@example.edu": { deltas: deltasOf("4711"), "forward-pass": 7.12 },
    "grace@example.edu": { deltas: deltasOf("grace@example.edu"), "forward-pass": 7.12 },
    "kurt.goedel@example.edu": { deltas: deltasOf("kurt"), "forward-pass": null },
    "emmy@example.edu": { deltas: 0, "forward-pass": 7.12 },
    "anna1@example.edu": none,
    "anna2@example.edu": none,
    "idle@example.edu": none,
  });
  assert.equal(deltasOf("Zoë O’Hara"), 28);
  assert.equal(deltasOf("4711"), 30 - 2 - 4 - 2.5);
}

/** What Canvas takes from a file: lib/gradebook_importer.rb. Students by their number, assignments by theirs or their title. */
function asCanvas([header, ...lines]: string[][], known: readonly string[]) {
  assert.ok(header[0].includes("Student") && header[1].includes("ID"), `${header}`);
  const hasSis = /SIS\s+User\s+ID/.test(header[2]) && /SIS\s+Login\s+ID/.test(header[3]);
  const columns = hasSis ? 5 : 3;
  assert.ok(header[columns - 1].includes("Section"), `${header}`);
  const points: Record<string, number> = {};
  const grades = new Map<string, Record<string, string>>();
  for (const line of lines) {
    const own = Object.fromEntries(
      header.slice(columns).map((name, n) => [name, line[columns + n]]),
    );
    if (line[0].includes("Points Possible")) {
      for (const [name, value] of Object.entries(own)) points[name] = Number(value);
      continue;
    }
    assert.ok(known.includes(line[1]), `Canvas knows no student ${line[1]}`);
    grades.set(line[1], own);
  }
  return { points, grades };
}

async function intoCanvas(made: MadeUp): Promise<void> {
  const { folder, nbgrader } = made;
  const roster = [
    "Student,ID,SIS User ID,SIS Login ID,Section,deltas (901),Final Score",
    ",,,,,Manual Posting,",
    "    Points Possible,,,,,25.00,(read only)",
    '"O’Hara, Zoë",11,S1,zoe,"Monday, early",3.00,50',
    '"King, Ada",12,4711,ada,Monday,,50',
    '"Hopper, Grace",13,S3,grace@example.edu,Monday,,50',
    '"Gödel, Kurt",14,S4,kurt.goedel@example.edu,Monday,,50',
    '"Noether, Emmy",15,S5,hub-17,Monday,,50',
    '"Maria, Anna",16,S6,anna,Monday,,50',
    '"Idle, =1+1",17,S7,idle,Monday,,50',
    "=cmd|x,18,S8,formula,Monday,,50",
    '"Student, Test",19,,xyz,Monday,,',
  ].join("\n");
  writeFileSync(join(folder, "canvas-export.csv"), `${roster}\n`);
  const said = await nbgrader(
    true,
    "export",
    "--exporter=grading.gradebook.Canvas",
    "--Canvas.roster=canvas-export.csv",
    "--to=canvas.csv",
  );
  assert.match(said, /deltas \(901\) has 25\.00 points in Canvas, and 30 here/);
  assert.equal(said.split("\n").filter((line) => line.includes("Not in the file")).length, 1, said);
  const raw = readFileSync(join(folder, "canvas.csv"), "utf8");
  assert.ok(raw.startsWith("Student,ID,") && !raw.includes("\r"));
  const rows = readTable(made, "canvas.csv", ",");
  const known = Array.from({ length: 9 }, (_, n) => String(11 + n));
  const { points, grades } = asCanvas(rows, known);
  assert.deepEqual(points, { "deltas (901)": 30, "forward-pass": 22 });
  const of = (id: string, forward = "7.12") => ({
    "deltas (901)": String(deltasOf(id)),
    "forward-pass": forward,
  });
  const none = { "deltas (901)": "", "forward-pass": "" };
  assert.deepEqual(Object.fromEntries(grades), {
    11: of("Zoë O’Hara"),
    12: of("4711"),
    13: of("grace@example.edu"),
    14: of("kurt", ""),
    15: of("hub-17"),
    16: of("Anna Maria"),
    17: none,
    18: none,
    19: none,
  });
  assert.equal(rows.find((row) => row[1] === "18")?.[0], "'=cmd|x");
  assert.equal(rows.find((row) => row[1] === "11")?.[4], "Monday, early");
}

/** What cannot be read, or would do harm, is refused with the reason, and nothing is written. */
async function badRosters({ folder, python, environment, nbgrader }: MadeUp): Promise<void> {
  const bad: [text: string | Buffer, told: RegExp][] = [
    [Buffer.from("First name,Email address\nZo\xeb,a@b\n", "latin1"), /not in UTF-8 \(line 2\)/],
    ["First name,Last name\nAda,King\n", /none of ID number, Username and Email/],
    ["First name,Email address\nKing, Ada,a@b\n", /line 2 .* has 3 cells, and the first line 2/],
    ['First name,Email address\n"Ada,a@b\n', /line 2 .* cannot be read/],
    ["Email,Email address\na@b,a@c\n", /the column Email twice/],
    [" \n", /is empty/],
  ];
  const files = bad.map(([text], n) => {
    writeFileSync(join(folder, `bad-${n}.csv`), text);
    return `bad-${n}.csv`;
  });
  const script = join(import.meta.dirname, "gradebook.py");
  const said = execFileSync(python, [script, "refused", ...files], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  said
    .trim()
    .split("\n")
    .forEach((line, n) => {
      assert.match(line, bad[n][1]);
    });
  const options = ["--exporter=grading.gradebook.Moodle", "--to=never.csv"];
  assert.match(
    await nbgrader(true, "export", "--Moodle.roster=bad-0.csv", ...options),
    /Nothing was exported: bad-0\.csv is not in UTF-8/,
  );
  assert.match(
    await nbgrader(true, "export", "--assignment=['delta']", ...options),
    /the gradebook has no assignment delta, but forward-pass, deltas/,
  );
  assert.equal(existsSync(join(folder, "never.csv")), false);
}

async function atAGlance({ folder, nbgrader }: MadeUp): Promise<string> {
  const glance = (...args: string[]) =>
    nbgrader(
      false,
      "export",
      "--exporter=grading.glance.Glance",
      "--assignment=['deltas']",
      `--Glance.released={"deltas": "${release.toISOString()}"}`,
      ...args,
    );
  await glance("--to=glance.html");
  await glance("--to=named.html", "--Glance.names=True");
  const anonymous = readFileSync(join(folder, "glance.html"), "utf8");
  for (const { id } of students)
    assert.ok(
      !anonymous.includes(id) && !anonymous.includes("b&gt;nobody"),
      `${id} is on the page`,
    );
  assert.doesNotMatch(anonymous, /says Grace|onerror/);

  const screenshots = join(jupyterFolder, "screenshots-glance");
  mkdirSync(screenshots, { recursive: true });
  const browser = await launch();
  try {
    // axe-core is a script, and the page allows none.
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      bypassCSP: true,
    });
    const { page, faults } = await watchedPage(context);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const name of ["glance", "named"]) {
        await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
        assert.deepEqual(await axeViolations(page), [], `axe-core, ${name}, ${colorScheme}`);
        await page.screenshot({
          path: join(screenshots, `${name}-${colorScheme}.png`),
          fullPage: true,
        });
      }
    }
    const plain = async (place: string) =>
      ((await page.textContent(place)) ?? "").replace(/\s+/g, " ");
    assert.ok((await plain("main")).includes("<b>nobody"), "names are shown as they are");
    assert.equal(await page.locator("main b").count(), 0);

    await page.goto(pathToFileURL(join(folder, "glance.html")).href);
    const rows = await page
      .locator("tbody tr")
      .evaluateAll((all) =>
        all.map((row) =>
          Array.from((row as HTMLTableRowElement).cells, (cell) =>
            (cell.textContent ?? "").replace(/\s+/g, " ").trim(),
          ),
        ),
      );
    const row = (task: string) => rows.find(([first]) => first.startsWith(task)) ?? [];
    const wrong = (task: string) => row(task)[6] ?? "";
    const known = (name: string, n: number) =>
      Object.keys(tasks.find((task) => task.name === name)?.mistakes ?? {})[n];
    assert.deepEqual(row("1. The delta of the output").slice(1, 5), ["2 of 7", "0", "4", "1"]);
    assert.equal(wrong("1. "), `3 × ${known("outputDelta", 0)} 1 × ${known("outputDelta", 1)}`);
    assert.equal(wrong("3. "), "1 × differs, and matches no known mistake");
    assert.equal(wrong("6. "), "1 × an error (TypeError)");
    assert.equal(wrong("7. "), `1 × ${known("mendedGradient", 0)}`);
    assert.equal(row("9. ")[1], "3 of 6");
    assert.equal(wrong("9. "), "Marked by hand: 1 still to be marked.");
    const words = await plain("section");
    assert.match(words, /7 of 7 students have handed in, 7 submissions are graded/);
    assert.match(words, /3 times, in 1\. The delta of the output: wrong sign/);
    assert.match(words, /within 2\.3 days, counted from 10 January 2027, 09:00 UTC/);
    assert.match(words, /1 was late/);
    const days = rows.filter(({ length }) => length === 2);
    assert.deepEqual(days, [
      ["1", "1"],
      ["2", "2"],
      ["3", "1"],
      ["4", "2"],
      ["5 to 30", "0"],
      ["31", "1"],
    ]);
    assert.deepEqual(faults, []);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: join(screenshots, "phone.png"), fullPage: true });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    assert.equal(overflow, false, "the page is wider than a phone");
  } finally {
    await browser.close();
  }
  return `the class at a glance (screenshots in ${screenshots})`;
}

/** Answers as files: what was handed out is not among them. */
function inSources({ folder }: MadeUp): void {
  const { folder: place, tasks: written } = writeSources(folder, "deltas");
  const code = solutionCells("deltas");
  assert.deepEqual(
    [...written.keys()],
    code.map(({ id }) => id),
  );
  // One has not touched anything.
  for (const [task, answers] of written) assert.equal(answers, students.length - 1, task);
  const read = (task: string) => readFileSync(join(place, task, "4711.ts"), "utf8");
  assert.equal(read("output"), `${code[0].source}\n`);
  assert.doesNotMatch(read("mended"), /brokenGradient|import|check\(/);
  assert.match(readFileSync(join(place, "given.ts"), "utf8"), /function brokenGradient/);
}
