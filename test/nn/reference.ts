/**
 * `npm run test:reference`: recomputes the reference values with mpmath and JAX, in an environment of their own, and
 * fails if a reference.json differs from them: JAX's by more than rounding. With `--write` it writes the files instead.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runCommand } from "../../src/jupyter/command";
import { format } from "../format";
import { jaxPython } from "./jax";

const here = import.meta.dirname;
const rooms = ["arithmetic", "nn", "tensors"];

runCommand(async () => {
  const python = await jaxPython();
  const how = process.argv.includes("--write") ? [] : ["--check"];
  for (const room of rooms) {
    const folder = join(here, "..", room);
    const files = [join(folder, "reference.py"), join(folder, "reference.json")];
    const { status } = spawnSync(python, [...files, ...how], { stdio: "inherit" });
    if (status !== 0) process.exitCode = status ?? 1;
  }
  if (how.length > 0) return;
  format(...rooms.map((room) => join("test", room, "reference.json")));
});
