/** `npm run course:new -- folder`: makes the folder of a class, with hidden cases of its own. */
import { join, resolve } from "node:path";
import { makeClass } from "../../coursework/class";
import { projectRoot } from "../../kernel/argv";
import { runCommand, Trouble } from "../command";

runCommand(async () => {
  const [name] = process.argv.slice(2);
  if (!name) throw new Trouble("Name the folder of the class: npm run course:new -- ../my-class");
  const { folder, assignments, secret } = makeClass(
    join(projectRoot, "notebooks", "coursework"),
    resolve(process.env.INIT_CWD ?? ".", name),
  );
  console.log(`${assignments.length} assignments are in ${folder}: ${assignments.join(", ")}.`);
  console.log(`Their hidden cases follow from the secret in ${secret}: keep it to yourself.`);
});
