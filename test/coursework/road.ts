/** The instructor's page, followed: its commands are run one after the other, in a clone and with a home of their own. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { renewClass } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/argv";

/** The page's blocks of commands, in order, each with the folder it is for: setup, everyone, class or student. */
function blocksOf(page: string): { place: string; commands: string }[] {
  return [...page.matchAll(/^```sh (\w+)\n([\s\S]*?)^```$/gm)].map(([, place, commands]) => ({
    place,
    commands,
  }));
}

/**
 * Follows the page from set up to the marks.
 *
 * @param home an empty folder
 * @returns what the one student got
 */
export async function followRoad(home: string): Promise<string> {
  const project = join(home, "project");
  const folders: Record<string, string> = {
    setup: project,
    everyone: home,
    class: join(home, "my-class"),
    student: join(home, "student"),
  };
  mkdirSync(folders.student, { recursive: true });
  execFileSync("git", ["clone", "--quiet", projectRoot, project]);
  // What npm ci would fetch, and what lies in the working folder and is not committed yet.
  symlinkSync(join(projectRoot, "node_modules"), join(project, "node_modules"));
  for (const part of ["src", "notebooks/coursework", "package.json"]) {
    cpSync(join(projectRoot, part), join(project, part), { recursive: true });
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
  assert.deepEqual(
    [...new Set(blocks.map(({ place }) => place))],
    ["setup", "everyone", "class", "student"],
  );
  const everyone = blocks.find(({ place }) => place === "everyone")?.commands ?? "";
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

  for (const { place, commands } of blocks) {
    if (place === "everyone") continue;
    for (const command of commands.trim().split("\n")) {
      run(command, folders[place]);
      if (command.includes("fetch_assignment")) doTheWork(folders);
      if (command.includes("autograde")) gradeByHand(run, folders.class);
    }
  }

  const marksIn = (name: string) => {
    const lines = readFileSync(join(folders.class, name), "utf8").trim().split(/\r?\n/);
    const [head, row] = lines.map((line) => line.split(","));
    return { score: Number(row[head.indexOf("score")]), student: row[head.indexOf("student_id")] };
  };
  const { score, student } = marksIn("marks.csv");
  assert.equal(score, 28, "25 by tests and 3 by hand");
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
  return `28 of 30 points; feedback of ${Math.round(feedback.length / 1000)} KB`;
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
