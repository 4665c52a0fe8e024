/** The instructor's page, followed: its commands are run one after the other, in a clone and with a home of their own. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { renewClass } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/node/argv";
import { solvedNotebook } from "./source";

/** A block of commands: the part of the page that it belongs to, and the folder that it is run in. */
interface Block {
  part: string;
  place: string;
  commands: string;
}

/** The page's blocks of commands, in order. In a list they are indented. */
function blocksOf(page: string): Block[] {
  const found = page.matchAll(/^( *)```sh (\w+)(?: (\w+))?\n([\s\S]*?)^ *```$/gm);
  return [...found].map(([, indent, part, place = part, commands]) => ({
    part,
    place,
    commands: commands.replace(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/**
 * Follows the page from set up to the gradebook, by both roads: first the hub's, with its exchange, then, for another
 * student of the same class, the one by a learning platform.
 *
 * @param home an empty folder
 * @returns what the students got
 */
export async function followRoad(home: string): Promise<string> {
  const project = join(home, "project");
  const folders: Record<string, string> = {
    setup: project,
    project,
    class: join(home, "my-class"),
    student: join(home, "student"),
  };
  mkdirSync(folders.student, { recursive: true });
  execFileSync("git", ["clone", "--quiet", projectRoot, project]);
  // What npm ci would fetch, and what lies in the working folder and is not committed yet.
  symlinkSync(join(projectRoot, "node_modules"), join(project, "node_modules"));
  for (const part of ["src", "notebooks/coursework", "package.json"]) {
    cpSync(join(projectRoot, part), join(project, part), {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
  }
  const environment = {
    ...process.env,
    HOME: home,
    USER: "student1",
    BACKPROP: project,
    EXCHANGE: join(home, "exchange"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_CONFIG_DIR: join(home, "config"),
  };
  const page = readFileSync(join(projectRoot, "notebooks", "coursework", "README.md"), "utf8");
  const blocks = blocksOf(page);
  const blockOf = (name: string) => blocks.find(({ part }) => part === name)?.commands ?? "";
  assert.deepEqual(
    [...new Set(blocks.map(({ part, place }) => (part === place ? part : `${part} ${place}`)))],
    [
      "setup",
      "laptop class",
      "laptop project",
      "everyone",
      "hub class",
      "hub student",
      "hub project",
      "late",
    ],
  );
  const everyone = blockOf("everyone");
  const path = `export PATH="${join(home, "nbgrader-venv", "bin")}:$PATH"`;

  const run = (commands: string, cwd: string) => {
    const script = `set -e\n${path}\n${everyone}\n${commands}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
      cwd,
      env: environment,
      encoding: "utf8",
      timeout: 600_000,
    });
    assert.equal(status, 0, `${commands}\n${(stdout + stderr).slice(-3000)}`);
    return stdout + stderr;
  };

  const follow = (road: string, before: Record<string, () => void>) => {
    for (const { part, place, commands } of blocks) {
      if (part !== road) continue;
      for (const command of commands.trim().split("\n")) {
        for (const [words, prepare] of Object.entries(before))
          if (command.includes(words)) prepare();
        run(command, folders[place]);
      }
    }
  };
  const marksIn = (name: string) => {
    const lines = readFileSync(join(folders.class, name), "utf8").trim().split(/\r?\n/);
    const [head, row] = lines.map((line) => line.split(","));
    const of = (name: string) => row[head.indexOf(name)];
    return { score: Number(of("score")), student: of("student_id"), state: of("state") };
  };
  const byHand = () => gradeByHand(run, folders.class);
  follow("setup", {});
  follow("hub", {
    "nbgrader submit": () => doTheWork(folders),
    generate_feedback: byHand,
    Canvas: () => {
      const roster = canvasRoster(marksIn("marks.csv").student);
      writeFileSync(join(folders.class, "roster.csv"), roster);
    },
  });

  const { score, student } = marksIn("marks.csv");
  assert.equal(score, 28, "25 by tests and 3 by hand");
  const canvas = readFileSync(join(folders.class, "canvas.csv"), "utf8").trim().split("\n");
  assert.deepEqual(canvas, [
    "Student,ID,SIS User ID,SIS Login ID,Section,deltas",
    "    Points Possible,,,,,30",
    `"King, Ada",21,S21,ada,Monday,`,
    `"One, Student",22,S22,${student},Monday,28`,
  ]);
  assert.match(
    readFileSync(join(folders.class, "glance.html"), "utf8"),
    /1 submission\s+is graded/,
  );
  const file = join(folders.class, "feedback", student, "deltas", "deltas.html");
  const feedback = readFileSync(file, "utf8");
  assert.match(feedback, /5 of 5 points/);
  assert.match(feedback, /<img[^>]+src="data:image\/svg\+xml/);
  const foreign = [...feedback.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]*)"/g)];
  assert.deepEqual(
    foreign.map(([, address]) => address),
    [],
    "feedback that asks for something elsewhere",
  );
  run("nbgrader fetch_feedback deltas --course backpropagation", folders.student);
  assert.ok(existsSync(join(folders.student, "deltas", "feedback")));
  assert.ok(readdirSync(join(home, "exchange", "backpropagation")).includes("inbound"));

  // With another secret the source's tests are others; nbgrader grades by those that it took note of before.
  writeFileSync(join(folders.class, "secret.txt"), `${"another ".repeat(4)}\n`);
  renewClass(join(projectRoot, "notebooks", "coursework"), folders.class);
  run("nbgrader autograde deltas --force && nbgrader export --to again.csv", folders.class);
  assert.equal(marksIn("again.csv").score, 28, "after a new secret");

  const late = blockOf("late");
  tryLateWork(folders.class, student, late, run, marksIn);
  trySecondSubmission(folders, run, marksIn);

  const collect = blocks
    .flatMap(({ commands }) => commands.split("\n"))
    .find((command) => command.includes("zip_collect"));
  tryArchive(folders.class, collect ?? "", run);
  follow("laptop", {
    zip_collect: () => makeArchive(folders.class, run),
    "grading.gradebook.Moodle": () => {
      byHand();
      writeFileSync(join(folders.class, "roster.csv"), moodleRoster(student));
    },
  });
  // What students work in, by double click.
  for (const page of ["index.html", "deltas.html"])
    assert.ok(existsSync(join(folders.class, "pages", page)), `${page} is missing`);
  const moodle = readFileSync(join(folders.class, "moodle.csv"), "utf8").trim().split("\r\n");
  assert.deepEqual(moodle, [
    "First name,Last name,ID number,Email address,deltas",
    "Zoë,O’Hara,z1,zoe@example.edu,0",
    "Ada,King,ada,ada@example.edu,28",
    `Student,One,${student},one@example.edu,28`,
  ]);
  return `28 of 30 points by both roads; feedback of ${Math.round(feedback.length / 1000)} KB`;
}

type Run = (commands: string, cwd: string) => string;
type MarksIn = (name: string) => { score: number; state: string };

/** One of the choices in a class's nbgrader_config.py. */
function choose(folder: string, before: string, after: string): void {
  const config = join(folder, "nbgrader_config.py");
  const text = readFileSync(config, "utf8");
  assert.ok(text.includes(before), `${config} has no ${before}`);
  writeFileSync(config, text.replace(before, after));
}

/** Archives as Moodle and Canvas make them, with all that names can be; a second time with a newer one. */
function tryArchive(folder: string, commands: string, run: Run): void {
  const place = join(folder, "downloaded", "deltas", "archive");
  mkdirSync(place, { recursive: true });
  const moodle = (account: string, number: number) => `${account}_${number}_assignsubmission_file`;
  const archives: Record<string, string[]> = {
    "Course-Deltas-12": [
      `${moodle("Ada King Lovelace", 4711)}/ada_deltas.ipynb`,
      `${moodle("Zoë O’Hara", 4712)}_/deltas.ipynb`,
      `${moodle("Bo Li", 4713)}_bo_deltas (1).ipynb`,
      `${moodle("Bo Li", 4713)}_bo_deltas.ipynb`,
      `${moodle("Eve", 4714)}/mallory_deltas.ipynb`,
      `${moodle("Mallory", 4715)}/mallory_deltas.ipynb`,
      `${moodle("Tom", 4716)}/tom_training.ipynb`,
      `${moodle("Kim", 4717)}/kim@example.edu_deltas.ipynb`,
      "__MACOSX/._ada_deltas.ipynb",
    ],
    course_2026_11_submissions: [
      "noetheremmy_LATE_88_9901_emmy_deltas-1.ipynb",
      "gaußcarl_89_9902_7654321_deltas.ipynb",
      "leeann_91_9905_ann.lee@example.edu_deltas.ipynb",
      "anon_x1y2z_9903_anna_deltas.ipynb",
    ],
  };
  const script = `
import json, sys, zipfile
for archive, names in json.load(sys.stdin).items():
    with zipfile.ZipFile(f"downloaded/deltas/archive/{archive}.zip", "w") as made:
        for name in names:
            made.writestr(name, json.dumps(name))
`;
  writeFileSync(join(folder, ".archive.py"), script);
  const make = (all: typeof archives) => {
    writeFileSync(join(folder, ".archives.json"), JSON.stringify(all));
    run("python .archive.py < .archives.json", folder);
  };
  const before = readdirSync(join(folder, "submitted"));
  /** The file that became each student's submission. */
  const collected = () =>
    Object.fromEntries(
      readdirSync(join(folder, "submitted"))
        .filter((student) => !before.includes(student))
        .map((student) => {
          const file = join(folder, "submitted", student, "deltas", "deltas.ipynb");
          return [student, JSON.parse(readFileSync(file, "utf8"))];
        }),
    );
  make(archives);
  const said = run(commands, folder);
  const [own, canvas] = Object.values(archives);
  const wanted: Record<string, string> = {
    ada: own[0],
    "Zoë O’Hara": own[1],
    bo: own[2],
    emmy: canvas[0],
    "7654321": canvas[1],
    "ann.lee@example.edu": canvas[2],
    "kim@example.edu": own[7],
    anna: canvas[3],
  };
  assert.deepEqual(collected(), wanted);
  assert.match(
    said,
    /Not collected: «mallory» was handed in from 2 accounts, Eve \(4714\) and Mallory/,
  );
  assert.match(said, /Not collected: .*tom_training\.ipynb/);
  assert.match(said, /«emmy» was late, says Canvas/);
  assert.doesNotMatch(said, /Not collected: .*_ada_/);
  // A newer archive, as Canvas names what was handed in again.
  const newer = "kingada_LATE_90_9904_ada_deltas-2.ipynb";
  rmSync(join(place, "Course-Deltas-12.zip"));
  make({ course_2026_11_submissions: [...canvas, newer] });
  run(`${commands.trim()} --force`, folder);
  assert.deepEqual(collected(), { ...wanted, ada: newer });
  for (const student of Object.keys(wanted))
    rmSync(join(folder, "submitted", student), { recursive: true }); // not graded here
  rmSync(join(folder, "downloaded"), { recursive: true });
}

/** Rosters as the platforms export them. */
const canvasRoster = (student: string) => `Student,ID,SIS User ID,SIS Login ID,Section
"King, Ada",21,S21,ada,Monday
"One, Student",22,S22,${student},Monday
`;
const moodleRoster = (student: string) =>
  `First name,Last name,ID number,Email address\r\nZoë,O’Hara,z1,zoe@example.edu\r\nAda,King,ada,ada@example.edu\r\nStudent,One,${student},one@example.edu\r\n`;

/** An archive as Moodle makes it: one student, known by an account's name, has done nothing, one with an identifier all. */
function makeArchive(folder: string, run: Run): void {
  const place = join(folder, "downloaded", "deltas", "archive");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "solved.json"), JSON.stringify(solvedNotebook(folder, "deltas")));
  const script = `
import zipfile
with zipfile.ZipFile("downloaded/deltas/archive/all.zip", "w") as archive:
    archive.write("release/deltas/deltas.ipynb", "Zoë O’Hara_4711_assignsubmission_file_/deltas.ipynb")
    archive.write("downloaded/deltas/archive/solved.json", "Ada King_4712_assignsubmission_file/ada_deltas.ipynb")
`;
  writeFileSync(join(folder, ".archive.py"), script);
  run("python .archive.py && rm downloaded/deltas/archive/solved.json", folder);
}

/** A day and a half late, at 10 percent of 30 points for each day begun; then with an extension. */
function tryLateWork(
  folder: string,
  student: string,
  commands: string,
  run: Run,
  marksIn: MarksIn,
): void {
  const [due, extend, grade] = commands.trim().split("\n");
  choose(folder, "percent_per_day = 0", "percent_per_day = 10");
  const date = new Date(Date.now() - 36 * 3600_000).toISOString().replace("T", " ").slice(0, 19);
  const dated = due.replace(/"[^"]*"/, `"${date} UTC"`);
  run(`${dated} && ${grade} && nbgrader export --to late.csv`, folder);
  assert.equal(marksIn("late.csv").score, 28 - 6, "two days begun");
  const extended = extend.replace("student1", student);
  run(`${extended} && ${grade} && nbgrader export --to late.csv`, folder);
  assert.equal(marksIn("late.csv").score, 28, "with two days more");
}

/** An empty notebook, handed in after a right one: the last counts, or the better. */
function trySecondSubmission(folders: Record<string, string>, run: Run, marksIn: MarksIn): void {
  const released = join(folders.class, "release", "deltas", "deltas.ipynb");
  cpSync(released, join(folders.student, "deltas", "deltas.ipynb"));
  run("sleep 1 && nbgrader submit deltas --course backpropagation", folders.student);
  run("nbgrader collect deltas --update && nbgrader autograde deltas", folders.class);
  run("nbgrader export --to second.csv", folders.class);
  const last = marksIn("second.csv").score;
  assert.ok(last < 10, `${last} points for an untouched notebook`);
  choose(folders.class, 'counts = "last"', 'counts = "better"');
  run("nbgrader export --to second.csv", folders.class);
  const { score, state } = marksIn("second.csv");
  assert.equal(score, 28);
  assert.match(state, /an earlier submission counts/);
}

/** The student writes the solutions into the notebook that they fetched. */
function doTheWork(folders: Record<string, string>): void {
  const path = join(folders.student, "deltas", "deltas.ipynb");
  const notebook = JSON.parse(readFileSync(path, "utf8"));
  const source = JSON.parse(
    readFileSync(join(folders.class, "source", "deltas", "deltas.ipynb"), "utf8"),
  );
  for (const cell of notebook.cells) {
    if (!cell.metadata.nbgrader?.solution) continue;
    cell.source = source.cells.find(({ id }: { id: string }) => id === cell.id).source;
  }
  writeFileSync(path, JSON.stringify(notebook));
}

/** What the formgrader does with a click: points for the answer in words. */
function gradeByHand(run: (commands: string, cwd: string) => string, folder: string): void {
  const script = `
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as gradebook:
    for submission in gradebook.assignment_submissions("deltas"):
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                if grade.auto_score is None:
                    grade.manual_score = 3
                    grade.needs_manual_grade = False
    gradebook.db.commit()
`;
  writeFileSync(join(folder, ".by-hand.py"), script);
  run("python .by-hand.py", folder);
}
