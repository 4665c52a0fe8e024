/**
 * `npm run course:new -- folder`: makes the folder of a class, with hidden cases of its own; with `--renew`, puts the
 * project's present assignments into the folder of a class that is there.
 */
import { join } from "node:path";
import { makeClass, renewClass } from "../../coursework/class";
import { projectRoot } from "../../kernel/node/argv";
import { pathFromCaller, runCommand, Trouble } from "../command";

runCommand(async () => {
  const names = process.argv.slice(2).filter((argument) => argument !== "--renew");
  const renews = process.argv.includes("--renew");
  if (names.length !== 1)
    throw new Trouble("Name the folder of the class: npm run course:new -- ../my-class");
  const original = join(projectRoot, "notebooks", "coursework");
  const place = pathFromCaller(names[0]);
  try {
    const { folder, assignments, secret, advice } = (renews ? renewClass : makeClass)(
      original,
      place,
    );
    console.log(`${assignments.length} assignments are in ${folder}: ${assignments.join(", ")}.`);
    console.log(`Their hidden cases follow from the secret in ${secret}: keep it to yourself.`);
    if (renews)
      console.log(
        "Run nbgrader generate_assignment --force to change what is handed out and graded.",
      );
    if (advice) console.log(advice);
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
});
