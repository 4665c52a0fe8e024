/** The compiler's view of the files in memory. To be imported before anything that uses the compiler. */
import * as ts from "@tslab/typescript-for-tslab";
import * as files from "./files";

const nothing = () => {};

/** Says what it is missing, where Node's would go to the disk. */
const system: ts.System & { getEnvironmentVariable(): string } = {
  getEnvironmentVariable: () => "",
  args: [],
  newLine: "\n",
  useCaseSensitiveFileNames: true,
  write: nothing,
  readFile: files.read,
  writeFile(path) {
    throw new Error(`The compiler wrote ${path}, where nothing is kept.`);
  },
  resolvePath: (path) => path,
  fileExists: files.exists,
  directoryExists: files.folderExists,
  createDirectory: nothing,
  getExecutingFilePath: () => `${files.library}/typescript.js`,
  getCurrentDirectory: () => files.root,
  getDirectories: files.foldersIn,
  readDirectory: () => [],
  getModifiedTime: (path) => new Date(files.modifiedAt(path)),
  exit: nothing,
  realpath: (path) => path,
  watchFile: () => ({ close: nothing }),
  watchDirectory: () => ({ close: nothing }),
  setTimeout,
  clearTimeout,
};

(ts as unknown as { setSys(system: ts.System): void }).setSys(system);
