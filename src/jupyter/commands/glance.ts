/**
 * `npm run course:glance -- folder [assignment …] [--names] [--to file]`: the graded work of a class as one page, by an exporter of
 * nbgrader's (notebooks/coursework/grading/glance.py).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { noClass } from "../../coursework/class";
import { pathFromCaller, runCommand, Trouble } from "../command";
import { onPath } from "../find";
import { ask } from "../python";

runCommand(async () => {
  const { values, positionals } = parseArguments();
  const [place, ...assignments] = positionals;
  if (place === undefined)
    throw new Trouble("Name the folder of the class: npm run course:glance -- ../my-class");
  const folder = pathFromCaller(place);
  if (!existsSync(join(folder, "nbgrader_config.py"))) throw new Trouble(noClass(folder));
  if (!existsSync(join(folder, "grading", "glance.py")))
    throw new Trouble(
      `The class in ${folder} was made by an earlier version: npm run course:new -- --renew ${folder}`,
    );
  const [nbgrader] = onPath("nbgrader");
  if (nbgrader === undefined)
    throw new Trouble(
      'nbgrader is not on the path. As the instructor\'s page has it: export PATH="$BACKPROP/../nbgrader-venv/bin:$PATH"',
    );
  const to = values.to === undefined ? join(folder, "glance.html") : pathFromCaller(values.to);
  const options = [
    "--exporter=grading.glance.Glance",
    `--to=${to}`,
    ...(assignments.length > 0 ? [`--assignment=${JSON.stringify(assignments)}`] : []),
    ...(values.names ? ["--Glance.names=True"] : []),
  ];
  const { code, output } = await ask([nbgrader, "export", ...options], { folder, seconds: 600 });
  if (code !== 0) throw new Trouble(output.trim());
  console.log(`${to}: open it in a browser.`);
});

function parseArguments() {
  try {
    return parseArgs({
      options: { names: { type: "boolean" }, to: { type: "string" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
}
