/**
 * The kernel's process: Jupyter starts it with the path of a connection file. With `--grading=` and a file of
 * settings after it, the kernel grades: see grading/cells.ts.
 */
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { projectRoot } from "./argv";

async function main(): Promise<void> {
  // Whoever started the kernel may be killed without a word, even now; then nobody is left to answer.
  const parent = process.ppid;
  const file = process.argv[2];
  if (!file)
    throw new Error("The kernel is started by Jupyter, with the path of a connection file.");
  const connection = JSON.parse(readFileSync(file, "utf8"));
  const settings = process.argv.find((argument) => argument.startsWith("--grading="));
  // nbgrader works through a submission in a folder that bears the assignment's name, in one that bears the student's.
  const folder = process.cwd();
  const grading = settings
    ? {
        settings: settings.slice("--grading=".length),
        assignment: basename(folder),
        student: basename(dirname(folder)),
      }
    : undefined;
  // Notebooks import "./src/…", wherever they lie. tslab reads the folder when it is loaded: so, before.
  process.chdir(projectRoot);
  require("./platform"); // before tslab's own modules load theirs
  const { serve } = require("./server") as typeof import("./server");
  await serve(connection, grading);

  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 1000).unref();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
