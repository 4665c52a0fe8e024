/** For scripts that write files: they are left as the formatter has them. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../src/kernel/node/argv";

/** @param paths from the project's folder */
export function format(...paths: string[]): void {
  const biome = join(projectRoot, "node_modules", "@biomejs", "biome", "bin", "biome");
  execFileSync(process.execPath, [biome, "format", "--write", ...paths], { cwd: projectRoot });
}
