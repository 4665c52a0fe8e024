import { join } from "node:path";

/** The project's root folder: what notebooks import from, and where the kernel works. */
export const projectRoot = join(__dirname, "..", "..");

/** The command that starts the kernel, for a kernelspec or a test; the last word is the connection file's path. */
export function kernelArgv(connectionFile: string): string[] {
  const main = join(projectRoot, "src", "kernel", "main.ts");
  return [process.execPath, "--require", require.resolve("tsx/cjs"), main, connectionFile];
}
