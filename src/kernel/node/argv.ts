import { dirname, join } from "node:path";

/** The project's root folder: the kernel's working directory, and where notebooks' imports start. */
export const projectRoot: string = dirname(dirname(dirname(__dirname)));

/**
 * A class runs dozens of kernels on one machine. Eight megabytes, in place of 16, for what lives briefly make each 15 MB
 * smaller and none slower; with four, a step of a network through time does not fit, and takes twice as long. One helper
 * thread in place of four makes it smaller again.
 */
const memory = ["--max-semi-space-size=8", "--v8-pool-size=1"];

/**
 * The command that starts the kernel, as a kernelspec's `argv` wants it.
 *
 * @param connectionFile path of Jupyter's connection file; by default the placeholder that Jupyter
 *   itself replaces.
 */
export function kernelArgv(connectionFile = "{connection_file}"): string[] {
  const [load, main] = ["load.cjs", "main.ts"].map((file) => join(__dirname, file));
  return [process.execPath, ...memory, "--require", load, main, connectionFile];
}
