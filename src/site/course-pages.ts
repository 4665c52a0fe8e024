/**
 * `npm run course:pages -- folder [--out folder]`: writes the released assignments of a class as pages, in which students
 * work without an account and without anything installed. They can be opened by double click, or be put on any host.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { assignments } from "../coursework/assignments";
import { classKeyOf, identifierOf } from "../coursework/class";
import { explainWriting, pathFromCaller, runCommand, Trouble } from "../jupyter/command";
import { projectRoot } from "../kernel/node/argv";
import { checkPattern } from "./identifier";
import { releasedAssignments } from "./releases";
import { writeSite } from "./write";

const title = "Backpropagation, coursework";

runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { out: { type: "string" } },
    allowPositionals: true,
  });
  if (positionals.length !== 1)
    throw new Trouble("Name the folder of the class: npm run course:pages -- ../my-class");
  const folder = pathFromCaller(positionals[0]);
  const place = values.out === undefined ? join(folder, "pages") : pathFromCaller(values.out);
  const isForeign =
    existsSync(place) && readdirSync(place).length > 0 && !existsSync(join(place, "assets"));
  if (isForeign) throw new Trouble(`${place} holds something else: name an empty folder by --out.`);
  const { identifier, key, notebooks } = classOf(folder);
  const order = notebooks.map(({ name }) => name);
  try {
    await writeSite(place, title, notebooks, { coursework: { identifier, key } });
  } catch (error) {
    throw explainWriting(error, place);
  }
  console.log(`${place} holds a page for each released assignment: ${order.join(", ")}.`);
  console.log(
    `Open ${join(place, "index.html")}, or put the whole folder where your students find it. They are asked for ${identifier.asksFor}.`,
  );
});

function classOf(folder: string) {
  try {
    const identifier = identifierOf(join(projectRoot, "notebooks", "coursework"), folder);
    checkPattern(identifier.pattern);
    const known = assignments.map(({ name }) => name);
    return { identifier, key: classKeyOf(folder), notebooks: releasedAssignments(folder, known) };
  } catch (error) {
    throw new Trouble((error as Error).message);
  }
}
