// `npm run course:similar -- folder`: the pairs of answers that are most alike, task by task, by Dolos
// (https://dolos.ugent.be). The folder is what `npm run course:sources` has written. Nothing leaves this machine.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";

const here = import.meta.dirname;
/** Pairs that are printed for each task. */
const most = 10;
/** Below this share in common, a pair says nothing. */
const least = 0.5;

const [place] = process.argv.slice(2);
const folder = resolve(process.env.INIT_CWD ?? ".", place ?? ".");
if (place === undefined || !existsSync(join(folder, "given.ts"))) {
  console.error(
    `${place === undefined ? "No folder was named" : `${folder} holds no answers`}: npm run course:sources writes them, and says how to go on.`,
  );
  process.exit(1);
}
install();
const { Dolos } = await import("@dodona/dolos-lib");

for (const task of readdirSync(folder, { withFileTypes: true })) {
  if (!task.isDirectory()) continue;
  const files = readdirSync(join(folder, task.name)).sort();
  const paths = files.map((file) => join(folder, task.name, file));
  if (paths.length < 2) {
    console.log(`\n${task.name}: ${paths.length} answer, nothing to compare.`);
    continue;
  }
  const report = await new Dolos({ language: "typescript" }).analyzePaths(
    paths,
    join(folder, "given.ts"),
  );
  const pairs = report
    .allPairs()
    .map(({ leftFile, rightFile, similarity, longest }) => ({
      names: [leftFile, rightFile].map(({ path }) => basename(path, ".ts")).sort(),
      similarity: Number.isFinite(similarity) ? similarity : 0, // nothing is left but what was given
      longest,
    }))
    .filter(({ similarity }) => similarity >= least)
    .sort((a, b) => b.similarity - a.similarity || b.longest - a.longest);
  const all = (paths.length * (paths.length - 1)) / 2;
  console.log(
    `\n${task.name}, ${paths.length} answers: ${pairs.length} of ${all} pairs have half or more in common.`,
  );
  if (pairs.length > all / 2) {
    console.log("  Most are alike: the task leaves little choice, and this says nothing.");
    continue;
  }
  for (const { names, similarity, longest } of pairs.slice(0, most))
    console.log(`  ${similarity.toFixed(2)}  ${names.join(" and ")}, ${longest} in a row`);
  if (pairs.length > most) console.log(`  and ${pairs.length - most} more`);
}

function install() {
  if (existsSync(join(here, "node_modules", "@dodona", "dolos-lib"))) return;
  console.log(
    "Installing Dolos into notebooks/coursework/similarity: it is compiled, for some minutes …",
  );
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts=false"], {
    cwd: here,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  console.error(
    "Dolos could not be installed: it needs a compiler for C++ (Debian: apt install g++ make) and Python 3.",
  );
  process.exit(1);
}
