/**
 * `npm run course:new -- folder`: makes the folder of a class, with hidden cases of its own, and with `--word` with numbers of each
 * student's own; with `--renew`, puts the project's present assignments into the folder of a class that is there.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeClass, renewClass } from "../../coursework/class";
import { projectRoot } from "../../kernel/node/argv";
import { pathFromCaller, runCommand, Trouble } from "../command";

runCommand(async () => {
  const { values, positionals } = parseArguments();
  const { renew: renews, word } = values;
  if (positionals.length !== 1)
    throw new Trouble("Name the folder of the class: npm run course:new -- ../my-class");
  const original = join(projectRoot, "notebooks", "coursework");
  const place = pathFromCaller(positionals[0]);
  if (renews && word !== undefined)
    throw new Trouble(
      `A class that is there has its word in ${join(place, "nbgrader_config.py")}: set c.OwnNumbers.word, and run the command without --word.`,
    );
  try {
    const { folder, assignments, secret, advice } = renews
      ? renewClass(original, place)
      : makeClass(original, place, word);
    console.log(`${assignments.length} assignments are in ${folder}: ${assignments.join(", ")}.`);
    console.log(`Their hidden cases follow from the secret in ${secret}: keep it to yourself.`);
    if (word)
      console.log(`Some tasks have numbers of each student's own, which follow from «${word}».`);
    if (renews)
      console.log(
        "Run nbgrader generate_assignment --force to change what is handed out and graded.",
      );
    if (advice) console.log(advice);
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
});

function parseArguments() {
  try {
    return parseArgs({
      options: { renew: { type: "boolean" }, word: { type: "string" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
}
