/** What the commands of package.json share. */
import { resolve } from "node:path";

/** Something outside the program that is missing or wrong: its message tells the user all there is to say. */
export class Trouble extends Error {}

/** Runs a command: trouble is told in its own words, without a stack, and ends it with code 1. */
export async function runCommand(main: () => Promise<void> | void): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error);
    process.exitCode = 1;
  }
}

/** A path as whoever called the command means it: npm runs commands in the project's folder. */
export function pathFromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? ".", path);
}

/** Whether a thrown value is one of Node's own errors with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** Turns a failure to write into the project into a sentence; other errors stay as they are. */
export function explainWriting(error: unknown, folder: string): unknown {
  if (hasCode(error, "EACCES", "EROFS", "EPERM"))
    return new Trouble(
      `${folder} cannot be written: make the folder writable, or clone the project into one that is.`,
    );
  if (hasCode(error, "ENOSPC"))
    return new Trouble(`${folder} cannot be written: the disk is full.`);
  return error;
}

/** Resolves once the signal is aborted; never without a signal. */
export function aborted(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
