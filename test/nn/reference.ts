/**
 * `npm run test:reference`: computes the reference values anew with JAX, in an environment of its own, and fails
 * if reference.json differs from them by more than rounding. With `--write` it writes the file instead.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runCommand } from "../../src/jupyter/command";
import { jaxPython } from "./jax";

const here = import.meta.dirname;

runCommand(async () => {
  const python = await jaxPython();
  const how = process.argv.includes("--write") ? [] : ["--check"];
  const files = [join(here, "reference.py"), join(here, "reference.json")];
  const { status } = spawnSync(python, [...files, ...how], { stdio: "inherit" });
  process.exitCode = status ?? 1;
});
