/** Many submissions in one go: a run that is killed at a random place, and two runs side by side that end it. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createRandom } from "../../src/arithmetic";
import { solvedNotebook } from "./source";
import { deltasSubmissions, type SubmittedCell } from "./submissions";

export interface Many {
  folder: string;
  /** How many submissions. */
  count: number;
  /** Runs a command of nbgrader's to its end; says whether it may fail. */
  nbgrader(fails: boolean, ...args: string[]): Promise<string>;
  /** Starts `nbgrader …`, which may be killed; what it says goes to the file `log`. */
  start(log: string, ...args: string[]): ChildProcess;
  /** Keeps others from writing to the gradebook for some seconds. */
  holdGradebook(seconds: number): Promise<unknown>;
  marks(): Promise<Map<string, { score: number | "none"; state: string }>>;
}

/** @returns time and memory */
export async function tryMany({
  folder,
  count,
  nbgrader,
  start,
  holdGradebook,
  marks,
}: Many): Promise<string> {
  await nbgrader(false, "generate_assignment", "deltas");
  const right = solvedNotebook(folder, "deltas");
  const kinds = ["right", "sign", "partly", "deleted-test", "deleted"].map(
    (name) => deltasSubmissions.find((one) => one.name === name) as (typeof deltasSubmissions)[0],
  );
  const expected = new Map<string, number | "none">();
  for (let n = 0; n < count; n++) {
    const student = `${n % 2 ? "a" : "b"}${String(n).padStart(3, "0")}`;
    const place = join(folder, "submitted", student, "deltas");
    mkdirSync(place, { recursive: true });
    const isDamaged = n % 10 === 9;
    const { mark, change } = kinds[n % kinds.length];
    const cells: SubmittedCell[] = change(right.cells);
    const text = JSON.stringify({ ...right, cells });
    writeFileSync(join(place, "deltas.ipynb"), isDamaged ? text.slice(0, 1000) : text);
    expected.set(student, isDamaged ? "none" : mark);
  }

  // Killed while some submission is at work, somewhere in the first half.
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  const random = createRandom(seed);
  const after = Math.floor((random() * count) / 2);
  const autograded = join(folder, "autograded");
  const logOf = (name: string) => join(folder, "..", `${name}.log`);
  const killed = start(logOf("killed"), "autograde", "deltas");
  const isDead = ended(killed);
  const folders = () => (existsSync(autograded) ? readdirSync(autograded).length : 0);
  while (folders() <= after && killed.exitCode === null) await pause(100);
  await pause(6000 * random());
  killed.kill("SIGKILL");
  await isDead;
  const reached = folders();
  for (const [student, { score }] of await marksByStudent())
    assert.ok(
      score === "none" || score === expected.get(student),
      `${student} has ${score} after a run was killed (SEED=${seed})`,
    );

  const left = [...(await marksByStudent()).values()].filter(
    ({ state }) => state === "not graded",
  ).length;
  const began = Date.now();
  const runs = ["a", "b"].map((first) =>
    start(logOf(first), "autograde", "deltas", `--student=${first}*`),
  );
  const allEnded = Promise.all(runs.map(ended));
  await holdGradebook(8);
  let largest = 0;
  const watch = setInterval(() => {
    largest = Math.max(largest, ...runs.map(({ pid }) => residentMegabytes(pid)));
  }, 1000);
  await allEnded;
  clearInterval(watch);
  const seconds = (Date.now() - began) / 1000;
  const found = await marksByStudent();
  for (const [student, mark] of expected) {
    const said = readFileSync(logOf(student[0]), "utf8").split("\n");
    const errors = said.filter((line) => /error|exception/i.test(line)).join("\n");
    assert.equal(found.get(student)?.score, mark, `${student} (SEED=${seed})\n${errors}`);
  }

  // A third run has nothing to do but to say again what cannot be graded.
  const again = await nbgrader(count > 9, "autograde", "deltas");
  assert.doesNotMatch(again, /is graded again/);
  assert.equal(
    (again.match(/Not graded, and without a mark/g) ?? []).length,
    Math.floor(count / 10),
  );
  return `${count} submissions; killed at the ${reached}th (SEED=${seed}); two runs side by side graded ${left} more in ${Math.round(seconds)} s, ${(seconds / left).toFixed(1)} s each; the larger held ${largest} MB`;

  async function marksByStudent() {
    return new Map([...(await marks())].map(([name, one]) => [name.replace("deltas ", ""), one]));
  }
}

/** To be asked for as soon as a process has started: one that had little to do may have ended when it is waited for. */
const ended = (child: ChildProcess) => new Promise((resolve) => child.once("close", resolve));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function residentMegabytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0; // it has ended, or this is not Linux
  }
}

/** For a run of nbgrader that may be killed: what it says goes to a file. */
export function startLogged(
  command: string[],
  { folder, env, log }: { folder: string; env: NodeJS.ProcessEnv; log: string },
): ChildProcess {
  const file = openSync(log, "a");
  const stdio = ["ignore" as const, file, file];
  const child = spawn(command[0], command.slice(1), { cwd: folder, env, stdio });
  closeSync(file);
  return child;
}
