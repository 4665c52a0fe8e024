/**
 * `npm run test:bits`: the same training runs in every engine there is, and whether they end at the same bits: this
 * Node and the other ones of the README, Chromium, and, where they are installed, Firefox and WebKit (Debian's
 * firefox-esr, and webkit2gtk-driver with xvfb).
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { runCommand } from "../../src/jupyter/command";
import { otherNode } from "../other-node";
import { type bits, control } from "./bits-runs";
import { browsers } from "./engines";

type Bits = ReturnType<typeof bits>;

/** An expression whose value is the text of all hashes. */
const code = (() => {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, "bits-runs.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "runs",
    target: "es2022",
  });
  return `(() => { ${outputFiles[0].text}\nreturn JSON.stringify(runs.bits()); })()`;
})();

const inNode = (node: string) => async (): Promise<string> => {
  const input = `console.log(${code})`;
  const { status, stdout, stderr } = spawnSync(node, ["-"], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

const inBrowser = (name: string) => async (): Promise<string> => {
  const driver = await browsers[name].open();
  try {
    return (await driver.evaluate(code)) as string;
  } finally {
    await driver.close();
  }
};

runCommand(async () => {
  const engines: Record<string, () => Promise<string>> = {};
  for (const major of ["20", "22", "24"]) {
    const isThis = process.version.startsWith(`v${major}.`);
    engines[`Node ${major}`] = inNode(isThis ? process.execPath : otherNode(major));
  }
  const missing: string[] = [];
  for (const [name, { missing: what }] of Object.entries(browsers)) {
    if (what) missing.push(`${name} (${what})`);
    else engines[name] = inBrowser(name);
  }

  const found: Record<string, Bits> = {};
  for (const [engine, run] of Object.entries(engines)) found[engine] = JSON.parse(await run());

  const names = Object.keys(engines);
  const [first] = names;
  const rows = Object.keys(found[first]);
  const width = Math.max(...rows.map((row) => row.length));
  console.log(["".padEnd(width), ...names.map((name) => name.padEnd(16))].join("  "));
  let differing = 0;
  for (const row of rows) {
    const hashes = names.map((name) => found[name][row].hash);
    const same = hashes.every((hash) => hash === hashes[0]);
    if (!same && row !== control) differing++;
    console.log([row.padEnd(width), ...hashes, same ? "same" : "DIFFERENT"].join("  "));
    for (const name of names) {
      const { engine } = found[name][row];
      if (engine !== found[first][row].engine) console.log(`  in ${name} run as ${engine}`);
    }
  }
  for (const name of missing) console.log(`Missing, and not compared: ${name}`);
  console.log(
    differing === 0
      ? `All ${rows.length - 1} are the same to the bit in ${names.length} engines.`
      : `${differing} of ${rows.length} differ.`,
  );
  if (differing > 0) process.exitCode = 1;
});
