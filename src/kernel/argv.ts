import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder: the kernel's working directory, and where notebooks' imports start. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The command that starts the kernel, as a kernelspec's `argv` wants it.
 *
 * @param connectionFile path of Jupyter's connection file; by default the placeholder that Jupyter
 *   itself replaces.
 */
export function kernelArgv(connectionFile = "{connection_file}"): string[] {
  const tsx = createRequire(import.meta.url).resolve("tsx/cjs");
  const main = join(projectRoot, "src", "kernel", "main.ts");
  return [process.execPath, "--require", tsx, main, connectionFile];
}
