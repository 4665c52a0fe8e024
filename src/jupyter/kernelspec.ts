/** The kernelspec: the folder by which a Jupyter knows the course's kernel. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { kernelArgv, projectRoot } from "../kernel/node/argv";
import { pageScripts, writePageScripts } from "../page-scripts";
import { explainWriting, hasCode, Trouble } from "./command";

/** The kernel's name in Jupyter: notebooks name it in their metadata, and its files are served under it. */
export const kernelName = "backprop";

/** What notebooks say of their kernel in their metadata. */
export const kernelspecMetadata = {
  display_name: "TypeScript (backpropagation)",
  language: "typescript",
  name: kernelName,
};

/** By this entry of a kernel.json's metadata we know our own. */
const mark = "backpropagation-notebooks";
const files = ["kernel.json", ...pageScripts];

/**
 * Writes the kernelspec into a folder, made if it is missing. Beside kernel.json lie the scripts that
 * figures load in the browser, as Jupyter serves the folder's files: Plotly, and what draws with it.
 *
 * @throws Trouble when the folder cannot be written
 */
export function writeKernelspec(folder: string): void {
  const spec = {
    argv: kernelArgv(),
    display_name: kernelspecMetadata.display_name,
    language: kernelspecMetadata.language,
    // By message and not by signal: the kernel stops more loops so, and Windows has no signals.
    interrupt_mode: "message",
    metadata: { debugger: false, [mark]: { root: projectRoot } },
  };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
    writePageScripts(folder);
  } catch (error) {
    throw explainWriting(error, folder);
  }
}

/** The folder in which a user's own Jupyter keeps kernels and other data, by Jupyter's own rules. */
export function userDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.JUPYTER_DATA_DIR) return environment.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32")
    return environment.APPDATA
      ? join(environment.APPDATA, "jupyter")
      : join(home, ".jupyter", "data");
  return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** The folder of our kernelspec in a Jupyter data folder. */
export function kernelFolder(dataFolder: string): string {
  return join(dataFolder, "kernels", kernelName);
}

/** Whose kernelspec lies in a folder: ours (from whichever copy of the project), another's, or none. */
export function ownerOf(folder: string): "ours" | "another" | "none" {
  try {
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
    return spec.metadata?.[mark] ? "ours" : "another";
  } catch (error) {
    if (!hasCode(error, "ENOENT")) return "another";
    return existsSync(folder) ? "another" : "none";
  }
}

/**
 * Puts the kernel into a Jupyter data folder, over an earlier one of ours.
 *
 * @returns the kernelspec's folder
 * @throws Trouble when another kernel has the name, or the folder cannot be written
 */
export function installKernel(dataFolder: string): string {
  const folder = kernelFolder(dataFolder);
  if (ownerOf(folder) === "another")
    throw new Trouble(
      `${folder} holds something else under the kernel's name: move it away and try again.`,
    );
  writeKernelspec(folder);
  return folder;
}

/**
 * Takes the kernel out of a Jupyter data folder: the files that we put there, and no other.
 *
 * @returns the folder, or undefined when no kernel of ours was there
 */
export function uninstallKernel(dataFolder: string): string | undefined {
  const folder = kernelFolder(dataFolder);
  if (ownerOf(folder) !== "ours") return undefined;
  try {
    for (const name of files) rmSync(join(folder, name), { force: true });
    rmdirSync(folder);
  } catch (error) {
    // Something of the user's own lies there too: it stays.
    if (!hasCode(error, "ENOTEMPTY", "EEXIST")) throw explainWriting(error, folder);
  }
  return folder;
}
