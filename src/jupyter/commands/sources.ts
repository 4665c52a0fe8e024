/**
 * `npm run course:sources -- folder assignment`: the answers of a class as files of TypeScript, one for each task and student.
 */
import { writeSources } from "../../coursework/sources";
import { pathFromCaller, runCommand, Trouble } from "../command";

runCommand(() => {
  const names = process.argv.slice(2);
  if (names.length !== 2)
    throw new Trouble(
      "Name the folder of the class, and an assignment: npm run course:sources -- ../my-class deltas",
    );
  const [place, assignment] = names;
  try {
    const { folder, tasks } = writeSources(pathFromCaller(place), assignment);
    const written = [...tasks].map(([task, answers]) => `${task} ${answers}`).join(", ");
    console.log(`${folder} has the answers to ${tasks.size} tasks: ${written}.`);
    console.log(`Which of them are alike: npm run course:similar -- ${folder}`);
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
});
