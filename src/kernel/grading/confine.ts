/**
 * What holds the submission's process: Node's permission model with no permission at all (no file, process, worker or
 * addon), no code from strings, an empty environment, limits to memory and processor time, and, where the system has
 * it, a network of its own with nobody in it. The scripts that run in it are given in its arguments and its input, so
 * that it needs no file.
 *
 * The network is the one thing that Node before 25 cannot forbid. Without the system's help (macOS, Windows, Linux
 * without user namespaces) what keeps a submission from it is that it never gets hold of a function of Node's (child.ts).
 */
import { spawnSync } from "node:child_process";

/** Seconds of processor time: for a process that nobody is left to end. */
const processorSeconds = 1800;
/** What Node needs beside the memory for values, in megabytes. */
const ownMegabytes = 1024;

/** The program, and its arguments, that run `code` confined. */
export function confined(code: string, megabytes: number): [program: string, ...args: string[]] {
  const { allowedNodeEnvironmentFlags: flags, execPath, platform } = process;
  const node = [
    execPath,
    flags.has("--permission") ? "--permission" : "--experimental-permission",
    "--disallow-code-generation-from-strings",
    "--frozen-intrinsics",
    `--max-old-space-size=${megabytes}`,
    "--eval",
    code,
  ] as const;
  if (platform === "win32") return [...node];
  // --max-old-space-size does not count typed arrays; the system does.
  const limits = ["-c 0", `-t ${processorSeconds}`, `-d ${(megabytes + ownMegabytes) * 1024}`];
  const script = `${limits.map((limit) => `ulimit ${limit} 2>/dev/null`).join("; ")}; exec "$@"`;
  return ["sh", "-c", script, "sh", ...(canUnshare() ? unshare : []), ...node];
}
const unshare = ["unshare", "--map-root-user", "--net"];

/** Whether the system can give a process a network of its own. */
export function canUnshare(): boolean {
  return spawnSync(unshare[0], [...unshare.slice(1), "true"]).status === 0;
}
